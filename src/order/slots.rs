//! Moves the rows of a text. What lies between rows (indentation, commas, line ends) belongs to the place; what belongs to a
//! row (itself, the comments above it, the comment behind it) moves.

use std::ops::Range;

/// One row of a text, in byte ranges: `lead`, then `value`, then what belongs to the place, then `tail`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// From the first comment above the row to the row.
    pub(super) lead: Range<usize>,
    /// The row.
    pub(super) value: Range<usize>,
    /// The comment behind it on the same line, with the blanks before it.
    pub(super) tail: Range<usize>,
}

/// The text with the rows in another order.
pub(super) fn rearranged(text: &str, pieces: &[Piece], order: &[usize]) -> String {
    let mut written = String::with_capacity(text.len() + 16);
    let mut from = 0;
    for (slot, piece) in pieces.iter().enumerate() {
        let row = &pieces[order[slot]];
        written.push_str(&text[from..piece.lead.start]);
        written.push_str(&text[row.lead.clone()]);
        written.push_str(&text[row.value.clone()]);
        written.push_str(&text[piece.value.end..piece.tail.start]);
        let tail = &text[row.tail.clone()];
        written.push_str(tail);
        from = piece.tail.end;
        // A comment that ends with its line must not swallow what stands behind it here.
        let is_line_comment = tail.trim_start().starts_with('#');
        if is_line_comment && !text[from..].starts_with(['\r', '\n']) && from < text.len() {
            written.push('\n');
        }
    }
    written.push_str(&text[from..]);
    written
}

/// Where the comments of the first row of a text start: what an empty line sets apart from it is about the whole file.
pub(super) fn without_header(text: &str, lead: Range<usize>) -> Range<usize> {
    let mut start = lead.start;
    let mut line_start = lead.start;
    for line in text[lead.clone()].split_inclusive('\n') {
        if line.trim().is_empty() && line_start > lead.start && line.ends_with('\n') {
            let next = line_start + line.len();
            let rest = &text[next..lead.end];
            start = next + (rest.len() - rest.trim_start().len());
        }
        line_start += line.len();
    }
    start.min(lead.end)..lead.end
}
