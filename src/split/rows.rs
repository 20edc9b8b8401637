//! An element whose children are rows, taken apart so that rows can go and others come, every other byte as it was.
//!
//! Read [`Rows`] first.

use std::ops::Range;

use crate::json;
use crate::xml::{Document, Element};

/// A section of rows.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    /// What stands in front of the first row, its blanks left out.
    open: Vec<u8>,
    /// The rows in their order.
    pub(super) rows: Vec<Row>,
    /// What stands behind the last row.
    close: Vec<u8>,
    /// How it is written without rows.
    empty: Vec<u8>,
    /// Rows stand apart by a comma.
    is_list: bool,
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// What stands between it and what is in front of it.
    lead: Vec<u8>,
    /// The row itself.
    pub(super) bytes: Vec<u8>,
    /// Its name: that of the element.
    pub(super) name: String,
    /// The unit that it is part of; none for what every part has.
    pub(super) unit: Option<usize>,
    /// It is the whole section.
    is_section: bool,
}

impl Rows {
    /// The children of an element as rows of no unit yet.
    pub(super) fn of(document: &Document, element: Element<'_>) -> Self {
        let bytes = document.bytes();
        let (range, inner) = (element.range(), element.inner_range());
        let whole = bytes[range.clone()].to_vec();
        let children: Vec<Element<'_>> = element.children().collect();
        if children.is_empty() {
            let (open, close) = if element.is_empty_tag() {
                let tag = &whole[..whole.len() - 2];
                let kept = tag.len() - tag.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
                ([&tag[..kept], b">"].concat(), format!("</{}>", element.name()).into_bytes())
            } else {
                (bytes[range.start..inner.start].to_vec(), bytes[inner.end..range.end].to_vec())
            };
            return Self { open, rows: Vec::new(), close, empty: whole, is_list: false };
        }
        let open = bytes[range.start..inner.start].to_vec();
        let mut rows = Vec::with_capacity(children.len());
        let mut at = inner.start;
        for child in children {
            let row = child.range();
            rows.push(Row {
                lead: bytes[at..row.start].to_vec(),
                bytes: bytes[row.clone()].to_vec(),
                name: child.name().to_owned(),
                unit: None,
                is_section: false,
            });
            at = row.end;
        }
        let empty = [&open[..open.len() - 1], b" />"].concat();
        let close = bytes[at..range.end].to_vec();
        Self { open, rows, close, empty, is_list: false }
    }

    /// The rows of the list at `pointer` in a document of JSON, the whole document around it.
    pub(super) fn of_list(document: &json::Document, pointer: &str) -> Option<Self> {
        let bytes = document.bytes();
        let count = document.value().pointer(pointer)?.as_array()?.len();
        let ranges: Option<Vec<Range<usize>>> =
            (0..count).map(|at| document.range(&format!("{pointer}/{at}"))).collect();
        let ranges = ranges.filter(|ranges| !ranges.is_empty())?;
        let mut at = ranges[0].start;
        let mut rows = Vec::with_capacity(count);
        for range in &ranges {
            rows.push(Row {
                lead: bytes[at..range.start].to_vec(),
                bytes: bytes[range.clone()].to_vec(),
                name: String::new(),
                unit: None,
                is_section: false,
            });
            at = range.end;
        }
        Some(Self {
            open: bytes[..ranges[0].start].to_vec(),
            rows,
            close: bytes[at..].to_vec(),
            empty: bytes.to_vec(),
            is_list: true,
        })
    }

    /// An element that is one row, whatever is in it.
    pub(super) fn whole(bytes: Vec<u8>, name: &str, unit: usize) -> Self {
        Self {
            open: Vec::new(),
            rows: vec![Row {
                lead: Vec::new(),
                bytes,
                name: name.to_owned(),
                unit: Some(unit),
                is_section: true,
            }],
            close: Vec::new(),
            empty: Vec::new(),
            is_list: false,
        }
    }

    /// The section around these rows, which may be rows of another section of the same name.
    pub(super) fn write(&self, rows: &[&Row], out: &mut Vec<u8>) {
        if rows.is_empty() {
            out.extend_from_slice(&self.empty);
            return;
        }
        if let Some(section) = rows.iter().find(|row| row.is_section) {
            out.extend_from_slice(&section.bytes);
            return;
        }
        out.extend_from_slice(&self.open);
        for (at, row) in rows.iter().enumerate() {
            match (self.is_list, at) {
                (true, 0) => {}
                (true, _) if !row.lead.contains(&b',') => {
                    out.push(b',');
                    out.extend_from_slice(&row.lead);
                }
                _ => out.extend_from_slice(&row.lead),
            }
            out.extend_from_slice(&row.bytes);
        }
        if self.rows.is_empty() && !self.is_list {
            // The closing tag of a section that was empty stands where that of the others does.
            let lead = String::from_utf8_lossy(&rows[0].lead).into_owned();
            out.extend_from_slice(lead.strip_suffix("  ").unwrap_or(&lead).as_bytes());
            out.extend_from_slice(trimmed(&self.close));
            return;
        }
        out.extend_from_slice(&self.close);
    }
}

impl Row {
    /// Whether both say the same, line ends left aside.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        is_same(&self.bytes, &other.bytes)
    }

    /// What it says, line ends left aside.
    pub(super) fn text(&self) -> Vec<u8> {
        self.bytes.iter().copied().filter(|byte| *byte != b'\r').collect()
    }

    /// A row that is new, behind the blanks in front of `beside`.
    pub(super) fn new(bytes: Vec<u8>, lead: &[u8]) -> Self {
        Self { lead: lead.to_vec(), bytes, name: String::new(), unit: None, is_section: false }
    }

    /// What stands in front of it.
    pub(super) fn lead(&self) -> &[u8] {
        &self.lead
    }
}

/// Whether both are the same text, line ends left aside.
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    one == other || one.iter().filter(|byte| **byte != b'\r').eq(other.iter().filter(|byte| **byte != b'\r'))
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii_start()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Limits;

    fn written(text: &str, kept: &[usize]) -> String {
        let document = Document::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap();
        let rows = Rows::of(&document, document.root());
        let kept: Vec<&Row> = kept.iter().map(|at| &rows.rows[*at]).collect();
        let mut out = Vec::new();
        rows.write(&kept, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn all_rows_are_the_same_bytes_and_fewer_leave_the_rest_alone() {
        let text = "<rows a='1'>\r\n  <!-- one --><row/>\r\n  <row>x</row>\r\n  <row />\r\n</rows>";
        assert_eq!(written(text, &[0, 1, 2]), text);
        assert_eq!(written(text, &[1]), "<rows a='1'>\r\n  <row>x</row>\r\n</rows>");
        assert_eq!(written(text, &[]), "<rows a='1' />");
        assert_eq!(written("<rows ></rows>", &[]), "<rows ></rows>");
    }

    #[test]
    fn an_empty_section_takes_rows() {
        let document = Document::parse(b"<a>\n  <rows/>\n</a>".to_vec(), &Limits::default()).unwrap();
        let rows = Rows::of(&document, document.root().child("rows").unwrap());
        let row = Row::new(b"<row />".to_vec(), b"\n    ");
        let mut out = Vec::new();
        rows.write(&[&row], &mut out);
        assert_eq!(out, b"<rows>\n    <row />\n  </rows>");
    }

    #[test]
    fn a_list_of_json_keeps_its_commas() {
        let text = r#"{"rows":[{"a":1}, {"b":2},{"c":3}]}"#;
        let document = json::Document::parse(text.as_bytes().to_vec()).unwrap();
        let list = Rows::of_list(&document, "/rows").unwrap();
        let write = |kept: &[usize]| {
            let kept: Vec<&Row> = kept.iter().map(|at| &list.rows[*at]).collect();
            let mut out = Vec::new();
            list.write(&kept, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(write(&[0, 1, 2]), text);
        assert_eq!(write(&[1, 2]), r#"{"rows":[{"b":2},{"c":3}]}"#);
        assert_eq!(write(&[2, 0]), r#"{"rows":[{"c":3},{"a":1}]}"#);
        assert!(Rows::of_list(&document, "/none").is_none());
    }
}
