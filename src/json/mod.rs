//! JSON with places: serde_json gives the values, this module says where each stands in the original bytes.
//!
//! Read [`Document`] first.

mod spans;

use std::sync::OnceLock;

use serde_json::Value;

use crate::text::{LineIndex, Position};
use spans::Spans;

/// A well-formed JSON text.
#[derive(Debug)]
pub struct Document {
    bytes: Vec<u8>,
    value: Value,
    spans: Spans,
    lines: OnceLock<LineIndex>,
    duplicate_keys: Vec<DuplicateKey>,
}

/// A key that stands twice in one object; serde_json keeps the last value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateKey {
    /// JSON pointer of the member.
    pub pointer: String,
    /// Where the key stands first.
    pub first: Position,
    /// Where it stands again.
    pub second: Position,
}

/// Why a text is not the JSON that solship reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Another encoding, by its byte order mark.
    #[error("the text is {found}; only UTF-8 is read")]
    Encoding {
        /// Where.
        position: Position,
        /// Which.
        found: &'static str,
    },
    /// Not UTF-8.
    #[error("ill-formed JSON: the bytes are not UTF-8")]
    NotUtf8 {
        /// Where the first wrong byte is.
        position: Position,
    },
    /// Offsets do not reach further.
    #[error("over the limit of 4 GiB of a document")]
    TooLong {
        /// Where.
        position: Position,
    },
    /// serde_json refuses it.
    #[error("ill-formed JSON: {reason}")]
    IllFormed {
        /// Where.
        position: Position,
        /// What is wrong, without the place.
        reason: String,
    },
}

impl JsonError {
    /// Where in the text the fault is.
    pub fn position(&self) -> Position {
        match self {
            Self::Encoding { position, .. }
            | Self::NotUtf8 { position }
            | Self::TooLong { position }
            | Self::IllFormed { position, .. } => *position,
        }
    }
}

impl Document {
    /// Reads `bytes`: UTF-8, with or without a byte order mark, which is kept.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, JsonError> {
        let start = Position { offset: 0, line: 1, column: 1 };
        let found = match bytes[..] {
            [0xFE, 0xFF, ..] => Some("UTF-16 (big endian)"),
            [0xFF, 0xFE, ..] => Some("UTF-16 (little endian)"),
            _ => None,
        };
        if let Some(found) = found {
            return Err(JsonError::Encoding { position: start, found });
        }
        if u32::try_from(bytes.len()).is_err() {
            return Err(JsonError::TooLong { position: start });
        }
        let position = |offset| LineIndex::new(&bytes).position(&bytes, offset);
        let text = std::str::from_utf8(&bytes)
            .map_err(|error| JsonError::NotUtf8 { position: position(error.valid_up_to()) })?;
        let mark = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let value = serde_json::from_str(&text[mark..]).map_err(|error| JsonError::IllFormed {
            position: position(mark + offset_of(&text[mark..], &error)),
            reason: reason_of(&error),
        })?;
        let spans = Spans::new(&bytes, mark);
        let mut document = Self { bytes, value, spans, lines: OnceLock::new(), duplicate_keys: Vec::new() };
        let duplicates = document.spans.duplicates(&document.bytes);
        document.duplicate_keys = duplicates
            .map(|(pointer, first, second)| DuplicateKey {
                pointer,
                first: document.at(first),
                second: document.at(second),
            })
            .collect();
        Ok(document)
    }

    /// The value; for a duplicate key the last one.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The original bytes, a byte order mark included.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the value at `pointer` (RFC 6901) starts; for a key that stands twice the last.
    pub fn position(&self, pointer: &str) -> Option<Position> {
        self.spans.find(&self.bytes, pointer).map(|offset| self.at(offset))
    }

    fn at(&self, offset: usize) -> Position {
        self.lines.get_or_init(|| LineIndex::new(&self.bytes)).position(&self.bytes, offset)
    }

    /// Every key that stands twice in one object.
    pub fn duplicate_keys(&self) -> &[DuplicateKey] {
        &self.duplicate_keys
    }
}

/// serde_json gives line and column; its columns count bytes, from 1, and are 0 before the first byte of a line.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    (before + error.column().saturating_sub(1)).min(text.len())
}

/// What is wrong, without the place that serde_json puts behind it.
fn reason_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

/// One more step of a JSON pointer, escaped as RFC 6901 asks.
pub fn push_pointer(pointer: &mut String, token: &str) {
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::parse(text.as_bytes().to_vec()).expect("well-formed")
    }

    #[test]
    fn a_pointer_leads_to_line_and_column() {
        let document = document("\u{FEFF}{\n  \"a/b\": [1, {\"~\": \"é\"}, true],\n  \"c\": null }");
        let place = |pointer: &str| document.position(pointer).map(|found| (found.line, found.column));
        assert_eq!(place("/a~1b"), Some((2, 10)));
        assert_eq!(place("/a~1b/0"), Some((2, 11)));
        assert_eq!(place("/a~1b/1/~0"), Some((2, 20)));
        assert_eq!(place("/a~1b/2"), Some((2, 26)));
        assert_eq!(place("/c"), Some((3, 8)));
        assert_eq!(place("/d"), None);
        assert_eq!(place("/a~1b/7"), None);
    }

    #[test]
    fn a_key_that_stands_twice_is_named_with_both_places_and_the_last_one_counts() {
        let document = document("{\"x\": [{\"k\": 1, \"\\u006b\": 2}]}");
        let [duplicate] = document.duplicate_keys() else { panic!("one") };
        assert_eq!(duplicate.pointer, "/x/0/k");
        assert_eq!((duplicate.first.column, duplicate.second.column), (9, 17));
        assert_eq!(document.value().pointer("/x/0/k"), Some(&2.into()));
        assert_eq!(document.position("/x/0/k").map(|found| found.column), Some(27));
    }

    #[test]
    fn many_members_are_compared_too() {
        let members: Vec<String> = (0..20).chain([7]).map(|number| format!("\"k{number}\": 0")).collect();
        let document = document(&format!("{{{}}}", members.join(",")));
        assert_eq!(document.duplicate_keys()[0].pointer, "/k7");
    }

    #[test]
    fn values_of_large_objects_and_arrays_are_found() {
        let members: Vec<String> = (0..100).map(|number| format!("\"k{number}\":0")).collect();
        let elements = ["0"; 100].join(",");
        let document =
            document(&format!("{{\"o\":{{{},\"\\u006b7\":1}},\"a\":[{elements}]}}", members.join(",")));
        let at = |pointer: &str| document.position(pointer).map(|found| found.offset);
        // {"o":{ is 6 bytes, "k0":0, is 7 bytes, and so on to k9.
        assert_eq!(at("/o/k3"), Some(6 + 3 * 7 + 5));
        // The last of two counts, here behind 10 short and 90 long members.
        assert_eq!(at("/o/k7"), Some(6 + 10 * 7 + 90 * 8 + 10));
        assert_eq!(at("/a/99").zip(at("/a/0")).map(|(last, first)| last - first), Some(198));
        assert_eq!((at("/o/x"), at("/a/100"), at("/a/x")), (None, None, None));
    }

    #[test]
    fn a_fault_has_its_place_and_no_place_in_its_words() {
        let error = Document::parse(b"\xEF\xBB\xBF{\n \"a\": x}".to_vec()).expect_err("ill-formed");
        assert_eq!((error.position().line, error.position().column), (2, 7));
        assert_eq!(error.to_string(), "ill-formed JSON: expected value");
    }

    #[test]
    fn a_utf_16_text_is_named_as_one() {
        let error = Document::parse(b"\xFF\xFE{\0}\0".to_vec()).expect_err("UTF-16");
        assert_eq!(error.to_string(), "the text is UTF-16 (little endian); only UTF-8 is read");
    }
}
