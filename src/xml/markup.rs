//! Comments, processing instructions and the XML declaration, as they have to be written.

use std::ops::Range;

use super::characters::{is_blank, name, shown};
use super::parse::Faulty;
use super::tag::Tag;
use super::{Limits, XmlFault};

/// `<!--…-->` without `--` inside.
pub(super) fn comment(text: &str, range: Range<usize>) -> Result<(), Faulty> {
    let start = range.start + "<!--".len();
    let inside = &text.as_bytes()[start..range.end - "-->".len()];
    match memchr::memmem::find(inside, b"--") {
        Some(at) => Err((start + at, XmlFault::Comment {})),
        None if inside.ends_with(b"-") => Err((start + inside.len() - 1, XmlFault::Comment {})),
        None => Ok(()),
    }
}

/// `<?…?>`, whose target is a name without a colon, and not `xml` in any case.
pub(super) fn instruction(text: &str, range: Range<usize>) -> Result<(), Faulty> {
    let start = range.start + "<?".len();
    let end = range.end - "?>".len();
    let target = match name(text, start, end) {
        Some(name) if name.colon == 0 => &text[start..name.end],
        _ => return Err((start, XmlFault::Name {})),
    };
    if target == "xml" {
        return Err((range.start, XmlFault::MisplacedDeclaration {}));
    }
    if target.eq_ignore_ascii_case("xml") {
        return Err((start, XmlFault::Target {}));
    }
    match text.as_bytes()[start + target.len()..end].first() {
        Some(&byte) if !is_blank(byte) => Err((start + target.len(), XmlFault::Name {})),
        _ => Ok(()),
    }
}

/// Whether the bytes are an XML declaration, and no instruction with a longer target.
pub(super) fn is_declaration(bytes: &[u8]) -> bool {
    bytes
        .strip_prefix(b"<?xml")
        .and_then(|rest| rest.first())
        .is_some_and(|&byte| is_blank(byte) || byte == b'?')
}

/// `<?xml version="1.0" encoding="utf-8"?>`, whose encoding must be UTF-8.
pub(super) fn declaration(text: &str, range: Range<usize>, tag: &mut Tag) -> Result<(), Faulty> {
    let wrong = |at: usize| (at, XmlFault::Declaration {});
    tag.attributes.clear();
    let inside = range.start + "<?xml".len()..range.end - "?>".len();
    tag.read_attributes(text, inside, &Limits::default()).map_err(|(at, _)| wrong(at))?;
    let mut names = ["version", "encoding", "standalone"].into_iter();
    for (at, attribute) in tag.attributes.iter().enumerate() {
        let name = attribute.name.text(text);
        let value = &text[attribute.value.clone()];
        if !names.any(|known| known == name) || (at == 0) != (name == "version") {
            return Err(wrong(attribute.name.start));
        }
        let is_right = match name {
            "version" => value
                .strip_prefix("1.")
                .is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit())),
            "encoding" if !value.eq_ignore_ascii_case("utf-8") => {
                let found = format!("declared as {}", shown(value));
                return Err((attribute.value.start, XmlFault::Encoding { found }));
            }
            "standalone" => matches!(value, "yes" | "no"),
            _ => true,
        };
        if !is_right {
            return Err(wrong(attribute.value.start));
        }
    }
    if tag.attributes.is_empty() { Err(wrong(range.start)) } else { Ok(()) }
}

/// The fault of a text that is not UTF-8: the other encoding, where its declaration names one.
pub(super) fn not_utf8(bytes: &[u8], valid: usize) -> Faulty {
    let text = std::str::from_utf8(&bytes[..valid]).unwrap_or_default();
    if is_declaration(text.as_bytes())
        && let Some(end) = text.find("?>")
        && let Err(fault @ (_, XmlFault::Encoding { .. })) =
            declaration(text, 0..end + 2, &mut Tag::default())
    {
        return fault;
    }
    (valid, XmlFault::NotUtf8 {})
}
