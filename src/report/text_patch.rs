//! Files before and after an edit, as a unified diff. Values and secrets in its lines are masked.

use similar::TextDiff;

use super::TextOptions;
use super::page::{Ink, Page, Part, bold, dim, plain};
use crate::author::EditedFile;
use crate::model::{MASK, masked_text};

/// Lines around a change.
const CONTEXT: usize = 2;

/// One block a file. Of a file that is not text only its size is told.
pub fn files(files: &[EditedFile], options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    for file in files {
        let name = |there: bool| if there { file.file.as_str() } else { "/dev/null" };
        page.line(0, &[bold(format!("--- {}", name(file.old.is_some())))]);
        page.line(0, &[bold(format!("+++ {}", name(file.new.is_some())))]);
        let text = |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| String::from_utf8(bytes.clone()));
        let (Ok(old), Ok(new)) = (text(&file.old).transpose(), text(&file.new).transpose()) else {
            page.line(0, &[dim("no text")]);
            continue;
        };
        let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
        let diff = TextDiff::from_lines(&old, &new);
        for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
            page.line(0, &[dim(hunk.header().to_string())]);
            for change in hunk.iter_changes() {
                let line = masked_line(change.value().trim_end_matches(['\r', '\n']));
                let part = match change.tag() {
                    similar::ChangeTag::Delete => Part::new(Ink::Red, format!("-{line}")),
                    similar::ChangeTag::Insert => bold(format!("+{line}")),
                    similar::ChangeTag::Equal => plain(format!(" {line}")),
                };
                page.line(0, &[part]);
            }
        }
    }
    page.finish()
}

/// A line without the value of a variable, wherever one may stand, and without what else looks like a secret.
fn masked_line(line: &str) -> String {
    let mut line = masked_text(line);
    for (start, end) in
        [("<defaultvalue>", "</"), ("<DefaultValue>", "</"), ("\"value\":", ""), ("\"Value\":", "")]
    {
        if let Some(at) = line.find(start) {
            let from = at + start.len();
            let to = line[from..].find(end).filter(|_| !end.is_empty()).map_or(line.len(), |end| from + end);
            let blank = if end.is_empty() { " " } else { "" };
            line.replace_range(from..to, &format!("{blank}{MASK}"));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_shown_and_a_value_is_not() {
        let file = |old: &str, new: &str| EditedFile {
            file: "src/x.xml".to_owned(),
            old: Some(old.as_bytes().to_vec()),
            new: (!new.is_empty()).then(|| new.as_bytes().to_vec()),
        };
        let text = files(
            &[
                file("<a>\r\n<defaultvalue>one</defaultvalue>\r\n</a>\r\n", "<a>\r\n</a>\r\n"),
                file("{ \"value\": \"hidden\" }\n", ""),
            ],
            &TextOptions::default(),
        );
        assert_eq!(
            text,
            "--- src/x.xml\n+++ src/x.xml\n@@ -1,3 +1,2 @@\n <a>\n-<defaultvalue>********</defaultvalue>\n </a>\n\
             --- src/x.xml\n+++ /dev/null\n@@ -1 +0,0 @@\n-{ \"value\": ********\n"
        );
    }
}
