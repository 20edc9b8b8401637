//! Files before and after an edit, as a unified diff. Values and secrets in its lines are masked.

use std::ops::Range;

use similar::{DiffOp, DiffTag};

use super::TextOptions;
use super::page::{Ink, Page, Part, bold, dim, plain};
use crate::author::EditedFile;
use crate::model::masked_file;
use crate::text::edits;

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
        for hunk in similar::group_diff_ops(edits(&old, &new), CONTEXT) {
            page.line(0, &[dim(header(&hunk))]);
            for run in &hunk {
                let (tag, was, is) = run.as_tag_tuple();
                for line in was.map(|at| line(&masked_old, at)) {
                    let part = if tag == DiffTag::Equal {
                        plain(format!(" {line}"))
                    } else {
                        Part::new(Ink::Red, format!("-{line}"))
                    };
                    page.line(0, &[part]);
                }
                if tag != DiffTag::Equal {
                    for line in is.map(|at| line(&masked_new, at)) {
                        page.line(0, &[bold(format!("+{line}"))]);
                    }
                }
            }
        }
    }
    page.finish()
}

/// `@@ -1,3 +1,2 @@`: where the hunk begins on each side, from 1 on, and how many lines it is there if not one. Of no lines it
/// is the line before that counts.
fn header(hunk: &[DiffOp]) -> String {
    let side = |range: fn(&DiffOp) -> Range<usize>| {
        let start = hunk.first().map_or(0, |run| range(run).start);
        match hunk.last().map_or(0, |run| range(run).end) - start {
            0 => format!("{start},0"),
            1 => format!("{}", start + 1),
            lines => format!("{},{lines}", start + 1),
        }
    };
    format!("@@ -{} +{} @@", side(DiffOp::old_range), side(DiffOp::new_range))
}

fn line<'a>(lines: &[&'a str], at: usize) -> &'a str {
    lines.get(at).copied().unwrap_or_default().trim_end_matches(['\r', '\n'])
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
