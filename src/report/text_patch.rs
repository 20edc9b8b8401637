//! Files before and after an edit, as a unified diff. Values and secrets in its lines are masked.

use similar::TextDiff;

use super::TextOptions;
use super::page::{Ink, Page, Part, bold, dim, plain};
use crate::author::EditedFile;
use crate::model::masked_file;

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
        // Compared is what is there, so that a change of what is hidden shows as one; printed are the same lines, masked.
        let masked = [&old, &new].map(|text| masked_file(text, &file.file));
        let [masked_old, masked_new] = [lines(&masked[0]), lines(&masked[1])];
        let [old, new] = [lines(&old), lines(&new)];
        let diff = TextDiff::from_slices(&old, &new);
        for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
            page.line(0, &[dim(hunk.header().to_string())]);
            for change in hunk.iter_changes() {
                let line = match (change.old_index(), change.new_index()) {
                    (Some(at), _) => masked_old.get(at),
                    (None, at) => at.and_then(|at| masked_new.get(at)),
                };
                let line = line.copied().unwrap_or_default().trim_end_matches(['\r', '\n']);
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

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
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
                EditedFile {
                    file: "src/environmentvariablevalues.json".to_owned(),
                    ..file("{ \"value\" : \"hidden\", \"value\":\n\"hidden\" }\n", "")
                },
                file("<defaultvalue>one\ntwo</defaultvalue>\n", "<defaultvalue>one\n2</defaultvalue>\n"),
            ],
            &TextOptions::default(),
        );
        assert_eq!(
            text,
            "--- src/x.xml\n+++ src/x.xml\n@@ -1,3 +1,2 @@\n <a>\n-<defaultvalue>********</defaultvalue>\n </a>\n\
             --- src/environmentvariablevalues.json\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-{ \"value\" : \"********\", \"value\":\n-\"********\" }\n\
             --- src/x.xml\n+++ src/x.xml\n@@ -1,2 +1,2 @@\n <defaultvalue>********\n-********</defaultvalue>\n+********</defaultvalue>\n"
        );
    }
}
