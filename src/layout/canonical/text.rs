//! Text, attribute values, comments and CDATA in the packager's form.
//!
//! Works on the raw bytes of a text that is known to be well-formed; what is in the right form already is copied as a run.

use memchr::{memchr, memchr3};

use super::LineEnd;
use crate::text::position_below;

/// Whether a text between tags is in the form already and has no line end, so that it can be copied.
pub(super) fn is_plain(raw: &[u8]) -> bool {
    // Most texts are so short that a search made for long ones costs more than it saves.
    if raw.len() <= 32 {
        return !raw.iter().any(|byte| matches!(byte, b'&' | b'>' | b'\n' | b'\r'));
    }
    memchr3(b'&', b'>', b'\n', raw).is_none() && memchr(b'\r', raw).is_none()
}

/// White space as XML counts it.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether raw text is white space only and has a line end. References to white space do not count: they were put
/// there on purpose.
pub(super) fn is_blank_with_line_end(raw: &[u8]) -> bool {
    raw.iter().all(|&byte| is_blank(byte)) && raw.iter().any(|byte| matches!(byte, b'\n' | b'\r'))
}

/// Appends text between tags.
pub(super) fn push_text(out: &mut Vec<u8>, raw: &[u8], line_end: LineEnd) {
    if is_plain(raw) {
        out.extend_from_slice(raw);
        return;
    }
    let keep_blanks = only_blank_references(raw);
    let mut start = 0;
    let mut at = 0;
    while let Some(found) = raw[at..].iter().position(|byte| matches!(byte, b'&' | b'>' | b'\n' | b'\r')) {
        at += found;
        let (length, replacement) = match raw[at] {
            b'>' => (1, Replacement::Bytes(b"&gt;")),
            b'&' => reference(&raw[at..], Place::Text { keep_blanks, line_end }),
            _ => line_end_at(&raw[at..], line_end),
        };
        replacement.push(out, &raw[start..at], &raw[at..at + length]);
        at += length;
        start = at;
    }
    out.extend_from_slice(&raw[start..]);
}

/// Appends a comment, CDATA or an instruction, in which only line ends are changed.
pub(super) fn push_lines(out: &mut Vec<u8>, raw: &[u8], line_end: LineEnd) {
    let mut start = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'\n', b'\r', &raw[at..]) {
        at += found;
        let (length, replacement) = line_end_at(&raw[at..], line_end);
        replacement.push(out, &raw[start..at], &raw[at..at + length]);
        at += length;
        start = at;
    }
    out.extend_from_slice(&raw[start..]);
}

/// Whether the raw value between double quotes is in the form already.
pub(super) fn is_canonical_value(raw: &[u8]) -> bool {
    if memchr(b'>', raw).is_some() || position_below(raw, b' ', []).is_some() {
        return false;
    }
    memchr::memchr_iter(b'&', raw)
        .all(|at| matches!(reference(&raw[at..], Place::Attribute), (_, Replacement::Same)))
}

/// Appends the value of an attribute, without quotes.
pub(super) fn push_value(out: &mut Vec<u8>, raw: &[u8]) {
    let mut start = 0;
    let mut at = 0;
    let special = |byte: &u8| matches!(byte, b'&' | b'>' | b'"' | b'\n' | b'\r' | b'\t');
    while let Some(found) = raw[at..].iter().position(special) {
        at += found;
        let (length, replacement) = match raw[at] {
            b'>' => (1, Replacement::Bytes(b"&gt;")),
            b'"' => (1, Replacement::Bytes(b"&quot;")),
            b'&' => reference(&raw[at..], Place::Attribute),
            // A reader of XML makes a space of white space in a value.
            b'\r' if raw.get(at + 1) == Some(&b'\n') => (2, Replacement::Bytes(b" ")),
            _ => (1, Replacement::Bytes(b" ")),
        };
        replacement.push(out, &raw[start..at], &raw[at..at + length]);
        at += length;
        start = at;
    }
    out.extend_from_slice(&raw[start..]);
}

/// Appends plain text, not yet escaped, between tags.
pub(super) fn push_escaped(out: &mut Vec<u8>, text: &str) {
    for &byte in text.as_bytes() {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'\r' => out.extend_from_slice(b"&#xD;"),
            other => out.push(other),
        }
    }
}

/// Appends a plain value, not yet escaped, for between the quotes.
pub(in crate::layout) fn push_escaped_value(out: &mut Vec<u8>, text: &str) {
    for &byte in text.as_bytes() {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'"' => out.extend_from_slice(b"&quot;"),
            b'\r' => out.extend_from_slice(b"&#xD;"),
            b'\n' => out.extend_from_slice(b"&#xA;"),
            b'\t' => out.extend_from_slice(b"&#x9;"),
            other => out.push(other),
        }
    }
}

enum Replacement {
    Same,
    Bytes(&'static [u8]),
    Character(char),
}

impl Replacement {
    fn push(&self, out: &mut Vec<u8>, before: &[u8], original: &[u8]) {
        out.extend_from_slice(before);
        match self {
            Self::Same => out.extend_from_slice(original),
            Self::Bytes(bytes) => out.extend_from_slice(bytes),
            Self::Character(character) => {
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
}

fn line_end_at(raw: &[u8], line_end: LineEnd) -> (usize, Replacement) {
    let length = if raw.starts_with(b"\r\n") { 2 } else { 1 };
    (length, Replacement::Bytes(line_end.bytes()))
}

#[derive(Clone, Copy)]
enum Place {
    Text { keep_blanks: bool, line_end: LineEnd },
    Attribute,
}

/// The reference at the start of `raw`: its length and what stands for it.
fn reference(raw: &[u8], place: Place) -> (usize, Replacement) {
    use Replacement::{Bytes, Character, Same};
    let Some(end) = memchr(b';', raw) else { return (1, Bytes(b"&amp;")) };
    let length = end + 1;
    let original = &raw[..length];
    let character = match &raw[1..end] {
        b"amp" | b"lt" | b"gt" => return (length, Same),
        b"quot" => '"',
        b"apos" => '\'',
        number => match character_of(number) {
            Some(character) => character,
            None => return (length, Same),
        },
    };
    let replacement = match (character, place) {
        ('&', _) => Bytes(b"&amp;"),
        ('<', _) => Bytes(b"&lt;"),
        ('>', _) => Bytes(b"&gt;"),
        ('\r', _) => Bytes(b"&#xD;"),
        ('"', Place::Attribute) => Bytes(b"&quot;"),
        ('\n', Place::Attribute | Place::Text { keep_blanks: true, .. }) => Bytes(b"&#xA;"),
        ('\t', Place::Attribute | Place::Text { keep_blanks: true, .. }) => Bytes(b"&#x9;"),
        (' ', Place::Text { keep_blanks: true, .. }) => Bytes(b"&#x20;"),
        ('\n', Place::Text { line_end, .. }) => Bytes(line_end.bytes()),
        (other, _) => Character(other),
    };
    match replacement {
        Bytes(bytes) if bytes == original => (length, Same),
        other => (length, other),
    }
}

fn character_of(number: &[u8]) -> Option<char> {
    let text = std::str::from_utf8(number).ok()?.strip_prefix('#')?;
    let code = match text.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => text.parse().ok()?,
    };
    char::from_u32(code)
}

/// Whether the text is nothing but white space once its references are resolved: then a reference must stay one, or the
/// white space would be taken for indentation.
fn only_blank_references(raw: &[u8]) -> bool {
    let mut at = 0;
    while at < raw.len() {
        match raw[at] {
            byte if is_blank(byte) => at += 1,
            b'&' => {
                let Some(end) = memchr(b';', &raw[at..]) else { return false };
                let blank = character_of(&raw[at + 1..at + end])
                    .is_some_and(|character| matches!(character, ' ' | '\t' | '\n' | '\r'));
                if !blank {
                    return false;
                }
                at += end + 1;
            }
            _ => return false,
        }
    }
    true
}
