//! JSON with places: serde_json gives the values, this module says where each stands in the original bytes.
//!
//! Read [`Document`] first.

mod spans;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use serde_json::Value;

use crate::text::{LineIndex, Position, mark_length, wide_encoding};
use spans::Spans;
pub(crate) use spans::string_end;

/// A well-formed JSON text.
#[derive(Debug)]
pub struct Document {
    text: String,
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
    /// Too many objects and arrays inside each other.
    #[error("over the limit of {limit} levels of objects and arrays")]
    Depth {
        /// Where the first one too many starts.
        position: Position,
        /// How many are read.
        limit: usize,
    },
    /// The text ends inside of a value, or has none.
    #[error("ill-formed JSON: the text ends too early")]
    CutOff {
        /// The end of the text.
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
            | Self::Depth { position, .. }
            | Self::CutOff { position }
            | Self::IllFormed { position, .. } => *position,
        }
    }
}

/// That many say enough; a text can be made of nothing else.
const MOST_DUPLICATE_KEYS: usize = 1000;
/// The pointers of many keys inside one with a name of megabytes would not fit into memory.
const MOST_POINTER_BYTES: usize = 1 << 20;

/// Levels of objects and arrays inside each other that serde_json reads.
const MOST_LEVELS: usize = 127;

impl Document {
    /// Reads `bytes`: UTF-8, with or without a byte order mark, which is kept.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, JsonError> {
        let start = Position { offset: 0, line: 1, column: 1 };
        if let Some(found) = wide_encoding(&bytes) {
            return Err(JsonError::Encoding { position: start, found });
        }
        if u32::try_from(bytes.len()).is_err() {
            return Err(JsonError::TooLong { position: start });
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let bytes = error.as_bytes();
            let position = LineIndex::new(bytes).position(bytes, error.utf8_error().valid_up_to());
            JsonError::NotUtf8 { position }
        })?;
        let mark = mark_length(text.as_bytes());
        let value = serde_json::from_str(&text[mark..]).map_err(|error| fault(&text, mark, &error))?;
        let spans = Spans::new(&text, mark);
        let mut document = Self { text, value, spans, lines: OnceLock::new(), duplicate_keys: Vec::new() };
        let mut pointer_bytes = 0;
        document.duplicate_keys = document
            .spans
            .duplicates(&document.text)
            .take(MOST_DUPLICATE_KEYS)
            .take_while(|(pointer, ..)| {
                let is_room = pointer_bytes < MOST_POINTER_BYTES;
                pointer_bytes += pointer.len();
                is_room
            })
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
        self.text.as_bytes()
    }

    /// Where the value at `pointer` (RFC 6901) starts; for a key that stands twice the last.
    pub fn position(&self, pointer: &str) -> Option<Position> {
        self.spans.find(&self.text, pointer).map(|offset| self.at(offset))
    }

    /// The bytes of the value at `pointer`; for a key that stands twice the last.
    pub fn range(&self, pointer: &str) -> Option<std::ops::Range<usize>> {
        let start = self.spans.find(&self.text, pointer)?;
        let mut values =
            serde_json::Deserializer::from_str(&self.text[start..]).into_iter::<serde::de::IgnoredAny>();
        values.next()?.ok()?;
        Some(start..start + values.byte_offset())
    }

    /// Where the key of the member at `pointer` starts, its quote included; none for the root and in an array.
    pub fn position_of_key(&self, pointer: &str) -> Option<Position> {
        self.spans.find_key(&self.text, pointer).map(|offset| self.at(offset))
    }

    fn at(&self, offset: usize) -> Position {
        self.lines.get_or_init(|| LineIndex::new(self.bytes())).position(self.bytes(), offset)
    }

    /// Every key that stands twice in one object, by the place of the second; of very many only the first.
    pub fn duplicate_keys(&self) -> &[DuplicateKey] {
        &self.duplicate_keys
    }
}

fn fault(text: &str, mark: usize, error: &serde_json::Error) -> JsonError {
    let position = |offset| LineIndex::new(text.as_bytes()).position(text.as_bytes(), offset);
    if error.is_eof() {
        return JsonError::CutOff { position: position(text.len()) };
    }
    let position = position(mark + offset_of(&text[mark..], error));
    match reason_of(error) {
        reason if reason == "recursion limit exceeded" => JsonError::Depth { position, limit: MOST_LEVELS },
        reason => JsonError::IllFormed { position, reason },
    }
}

/// serde_json gives line and column of what it read last; its columns count bytes, and are 0 for the line end before.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    text.floor_char_boundary((before + error.column()).saturating_sub(1))
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
