//! Which encoding a text is in when it is not UTF-8, told from its first bytes.

/// The UTF-8 byte order mark.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

const UTF_16_BIG: &str = "UTF-16 (big endian)";
const UTF_16_LITTLE: &str = "UTF-16 (little endian)";
const UTF_32_BIG: &str = "UTF-32 (big endian)";
const UTF_32_LITTLE: &str = "UTF-32 (little endian)";

/// Length of the UTF-8 byte order mark that `bytes` start with: 3 or 0.
pub fn mark_length(bytes: &[u8]) -> usize {
    if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }
}

/// The name of the encoding with units of more than one byte that the text is in; none when it can be UTF-8.
///
/// Without a byte order mark the zero bytes tell: XML and JSON start with an ASCII character and have no NUL.
pub fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    match *bytes {
        [0, 0, 0xFE, 0xFF, ..] => Some(UTF_32_BIG),
        [0xFF, 0xFE, 0, 0, ..] => Some(UTF_32_LITTLE),
        [0xFE, 0xFF, ..] => Some(UTF_16_BIG),
        [0xFF, 0xFE, ..] => Some(UTF_16_LITTLE),
        [0, 0, 0, last, ..] if last != 0 => Some(UTF_32_BIG),
        [first, 0, 0, 0, ..] if first != 0 => Some(UTF_32_LITTLE),
        [0, second, ..] if second != 0 => Some(UTF_16_BIG),
        [first, 0, ..] if first != 0 => Some(UTF_16_LITTLE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_encodings_are_told_by_mark_or_by_zeros() {
        for (bytes, expected) in [
            (&b"\xFE\xFF\0<"[..], Some("UTF-16 (big endian)")),
            (b"\xFF\xFE<\0", Some("UTF-16 (little endian)")),
            (b"\0<\0a", Some("UTF-16 (big endian)")),
            (b"{\0}\0", Some("UTF-16 (little endian)")),
            (b"\0\0\xFE\xFF\0\0\0<", Some("UTF-32 (big endian)")),
            (b"\xFF\xFE\0\0<\0\0\0", Some("UTF-32 (little endian)")),
            (b"\0\0\0<", Some("UTF-32 (big endian)")),
            (b"<\0\0\0", Some("UTF-32 (little endian)")),
            (b"\xEF\xBB\xBF<a/>", None),
            (b"<a/>", None),
            (b"", None),
        ] {
            assert_eq!(wide_encoding(bytes), expected, "{bytes:?}");
        }
    }
}
