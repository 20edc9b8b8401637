//! The text of a file that somebody saved: logs come in more encodings than packages do.
//!
//! Read [`decoded`] first.

use crate::model::as_utf8;
use crate::text::mark_length;

/// Bytes at the start of a file among which a declaration ends.
const DECLARATION: usize = 200;

/// What stands in windows-1252 for the bytes 0x80 to 0x9F; the five that it leaves free stand for themselves, as in browsers.
const WINDOWS: [char; 32] = [
    '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2C6}',
    '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}', '\u{90}', '\u{2018}',
    '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2DC}', '\u{2122}', '\u{161}',
    '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}', '\u{178}',
];

/// The text; none of what is neither UTF-8 nor UTF-16 nor declares an encoding of one byte that is known here.
pub(super) fn decoded(bytes: Vec<u8>) -> Option<String> {
    let mut bytes = as_utf8(with_mark(bytes));
    bytes.drain(..mark_length(&bytes));
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let bytes = error.into_bytes();
            is_declared(&bytes).then(|| bytes.into_iter().map(of_windows).collect())
        }
    }
}

/// XML in UTF-16 without its mark is given it: the first sign tells which half of a unit comes first.
fn with_mark(mut bytes: Vec<u8>) -> Vec<u8> {
    let mark = match bytes.get(..4) {
        Some([b'<', 0, second, 0]) if *second != 0 => [0xFF, 0xFE],
        Some([0, b'<', 0, second]) if *second != 0 => [0xFE, 0xFF],
        _ => return bytes,
    };
    bytes.splice(..0, mark);
    bytes
}

/// Whether a declaration names windows-1252, or ISO 8859-1, whose texts are read as such.
fn is_declared(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION)]).to_lowercase();
    let declaration = start.strip_prefix("<?xml").and_then(|inner| inner.split_once("?>"));
    declaration.is_some_and(|(words, _)| {
        ["windows-1252", "iso-8859-1"].iter().any(|encoding| words.contains(encoding))
    })
}

fn of_windows(byte: u8) -> char {
    match byte {
        0x80..=0x9F => WINDOWS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What .NET writes into a text, saved as UTF-8, is called UTF-16 all the same.
    #[test]
    fn a_log_is_read_whatever_its_declaration_says() {
        let log = |encoding: &str| {
            format!(r#"<?xml version="1.0" encoding="{encoding}"?><a errortext="Prüfung – “neu”"/>"#)
        };
        let little: Vec<u8> = log("utf-16").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = log("utf-16").encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [&[0xFF, 0xFE], &little[..]].concat();
        for bytes in [log("utf-16").into_bytes(), little, big, marked] {
            assert_eq!(decoded(bytes), Some(log("utf-16")));
        }
        let text = log("Windows-1252");
        let of_char = |sign: char| match WINDOWS.iter().position(|known| *known == sign) {
            Some(at) => u8::try_from(at).unwrap() + 0x80,
            None => u8::try_from(u32::from(sign)).unwrap(),
        };
        assert_eq!(decoded(text.chars().map(of_char).collect()), Some(text));
        assert_eq!(decoded(b"caf\xE9".to_vec()), None);
    }
}
