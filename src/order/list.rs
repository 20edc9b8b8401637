//! One unique name or file a line. A line that starts with `#` is a comment, and so is what follows a `#` after a blank.

use super::slots::{Piece, without_header};
use crate::text::mark_length;

/// The rows of a list.
pub(super) fn rows(text: &str) -> Vec<(String, Piece)> {
    let mut rows: Vec<(String, Piece)> = Vec::new();
    let mut lead: Option<usize> = None;
    let mut at = mark_length(text.as_bytes());
    for line in text[at..].split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        let content = line.trim();
        if content.starts_with('#') {
            lead.get_or_insert(start);
        } else if !content.is_empty() {
            let length = content.find(" #").or_else(|| content.find("\t#")).unwrap_or(content.len());
            let name = content[..length].trim_end();
            let value = start..start + name.len();
            let mut lead = lead.take().unwrap_or(start)..start;
            if rows.is_empty() {
                lead = without_header(text, lead);
            }
            let tail = value.end..start + content.len();
            rows.push((name.to_owned(), Piece { lead, value, tail }));
        }
        at += line.len();
    }
    rows
}
