//! JSON with places: serde_json gives the values, this module says where each stands in the original bytes.
//!
//! Read [`Document`] first.

use crate::text::{LineIndex, Position};
use serde_json::Value;

/// A well-formed JSON text.
#[derive(Debug)]
pub struct Document {
    bytes: Vec<u8>,
    value: Value,
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

/// Why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
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
            Self::IllFormed { position, .. } => *position,
        }
    }
}

impl Document {
    /// Reads `bytes`: UTF-8, with or without a byte order mark, which is kept.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, JsonError> {
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let value = serde_json::from_slice(text).map_err(|error| JsonError::IllFormed {
            position: Position { offset: 0, line: error.line() as u32, column: error.column() as u32 },
            reason: error.to_string(),
        })?;
        Ok(Self { bytes, value, duplicate_keys: Vec::new() })
    }

    /// The value; for a duplicate key the last one.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The original bytes, a byte order mark included.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the value at `pointer` (RFC 6901) starts.
    pub fn position(&self, pointer: &str) -> Option<Position> {
        self.value.pointer(pointer)?;
        Some(LineIndex::new(&self.bytes).position(&self.bytes, 0))
    }

    /// Every key that stands twice in one object.
    pub fn duplicate_keys(&self) -> &[DuplicateKey] {
        &self.duplicate_keys
    }
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
