//! What a node of a tree says itself, and how that is shown.

use std::hash::BuildHasher;

use sha2::{Digest, Sha256};

use super::tree::HASHER;
use crate::model::{MASK, Masked, UserNameForm, masked_file, masked_unread_json};
use crate::text::{hex, size};

/// What a node says itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing.
    None,
    /// A text; what looks like a secret in it is not shown.
    Text(Box<str>),
    /// A text of lines.
    Lines(Box<str>),
    /// A text of lines that is JSON and cannot be read, or stands beside one that cannot be: no value in it is shown.
    Unread(Box<str>),
    /// A text that is never shown.
    Secret(Masked),
    /// Bytes that are no text.
    Bytes(Bytes),
}

/// Bytes that are no text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Bytes {
    /// What they are, by how they start.
    kind: &'static str,
    size: usize,
    /// SHA-256, in hexadecimal digits.
    sum: Box<str>,
}

/// How kinds of files start.
const KINDS: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"\0\0\x01\0", "icon"),
    (b"PK\x03\x04", "zip archive"),
    (b"MZ", "program"),
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "Office document"),
];
/// So many digits of a checksum tell it from others.
const DIGITS: usize = 12;

impl Bytes {
    pub(super) fn new(content: &[u8]) -> Self {
        let kind =
            KINDS.iter().find(|(start, _)| content.starts_with(start)).map_or("binary", |(_, kind)| kind);
        let sum = hex(&Sha256::digest(content));
        Self { kind, size: content.len(), sum: sum.into() }
    }

    /// `PNG image, 12 KB, SHA-256 0123456789ab…`
    fn shown(&self) -> String {
        let size = size(self.size as u64);
        format!("{}, {size}, SHA-256 {}…", self.kind, &self.sum[..self.sum.len().min(DIGITS)])
    }
}

impl Value {
    /// A text, or nothing when there is none.
    pub(super) fn text(text: &str) -> Self {
        match text {
            "" => Self::None,
            text if text.contains('\n') => Self::Lines(text.into()),
            text => Self::Text(text.into()),
        }
    }

    /// How it is shown, on one line.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Text(text) => hidden(text),
            Self::Lines(text) | Self::Unread(text) => {
                let count = text.lines().count();
                if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
            }
            Self::Secret(_) => MASK.to_owned(),
            Self::Bytes(bytes) => bytes.shown(),
        }
    }

    /// How a text of lines is masked; it has the same lines then.
    pub(super) fn mask(&self) -> fn(&str) -> String {
        if matches!(self, Self::Unread(_)) { masked_unread_json } else { hidden }
    }

    /// A checksum of what it says.
    pub(super) fn hash(&self) -> u64 {
        match self {
            Self::None => 0,
            Self::Text(text) | Self::Lines(text) | Self::Unread(text) => HASHER.hash_one((1_u8, &**text)),
            Self::Secret(text) => HASHER.hash_one((2_u8, text.reveal())),
            Self::Bytes(bytes) => HASHER.hash_one((3_u8, bytes)),
        }
    }
}

/// A text without its secrets and without names of accounts; it has the same lines.
pub(super) fn hidden(text: &str) -> String {
    if UserNameForm::of(text.trim(), false).is_some() { MASK.to_owned() } else { masked_file(text, "") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_by_what_they_are_and_their_size() {
        let shown = |start: &[u8], size| {
            let mut content = start.to_vec();
            content.resize(size, 0);
            Bytes::new(&content).shown()
        };
        assert!(shown(b"\x89PNG\r\n", 12_345).starts_with("PNG image, 12 KB, SHA-256 "));
        assert!(shown(b"\x01", 123).starts_with("binary, 123 bytes, SHA-256 "));
    }

    #[test]
    fn no_secret_is_shown() {
        assert_eq!(Value::Secret(Masked::new("x")).shown(), MASK);
        assert!(!Value::text("https://h/?sig=abcdefghijklmnop").shown().contains("abc"));
    }
}
