//! The rules of XML 1.0 and its namespaces that a tokenizer does not check.
//!
//! Faults come with the byte offset at which they are; the caller makes line and column of it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::{Limits, XmlFault};

/// A fault and where it is.
pub(super) type Faulty = (usize, XmlFault);

/// The text is UTF-8, has no character that XML forbids, and is no longer than offsets can say.
pub(super) fn text(bytes: &[u8]) -> Result<(), Faulty> {
    let found = match bytes {
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Some("UTF-16 (big endian)"),
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Some("UTF-16 (little endian)"),
        _ => None,
    };
    if let Some(found) = found {
        return Err((0, XmlFault::Encoding { found: found.to_owned() }));
    }
    if u32::try_from(bytes.len()).is_err() {
        return Err((0, XmlFault::TooLong {}));
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        return Err((error.valid_up_to(), XmlFault::NotUtf8 {}));
    }
    // In blocks, so that the compiler can look at many bytes at once.
    const BLOCK: usize = 4096;
    for (block, start) in bytes.chunks(BLOCK).zip((0..).step_by(BLOCK)) {
        if block.iter().fold(false, |found, &byte| found | is_control(byte)) {
            let at = start + block.iter().position(|&byte| is_control(byte)).unwrap_or_default();
            return Err((at, XmlFault::Character { code: bytes[at].into() }));
        }
    }
    for at in memchr::memmem::find_iter(bytes, b"\xEF\xBF") {
        if let Some(&last @ (0xBE | 0xBF)) = bytes.get(at + 2) {
            return Err((at, XmlFault::Character { code: 0xFFFE + u32::from(last - 0xBE) }));
        }
    }
    Ok(())
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')
}

/// White space as XML counts it.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// `&…;` in the bytes of a text or a value, from its `&`: the length of it when it is a known reference.
fn reference(bytes: &[u8]) -> Option<usize> {
    // The longest is &#x10FFFF; with leading zeros, which may be many: a bound keeps this linear.
    let end = memchr::memchr(b';', &bytes[..bytes.len().min(64)])?;
    let name = std::str::from_utf8(&bytes[1..end]).ok()?;
    let known = match name.strip_prefix('#') {
        None => matches!(name, "amp" | "lt" | "gt" | "quot" | "apos"),
        Some(number) => {
            let (digits, radix) = match number.strip_prefix('x') {
                Some(digits) => (digits, 16),
                None => (number, 10),
            };
            let plain = !digits.is_empty() && !digits.starts_with(['+', '-']);
            let code = u32::from_str_radix(digits, radix).ok().filter(|_| plain)?;
            let allowed = |character: char| match character as u32 {
                0x9 | 0xA | 0xD => true,
                0xFFFE | 0xFFFF => false,
                code => code >= 0x20,
            };
            char::from_u32(code).is_some_and(allowed)
        }
    };
    known.then_some(end + 1)
}

/// Every `&` of the bytes starts a known reference.
pub(super) fn references(bytes: &[u8], offset: usize) -> Result<(), Faulty> {
    for at in memchr::memchr_iter(b'&', bytes) {
        if reference(&bytes[at..]).is_none() {
            return Err((offset + at, XmlFault::Reference {}));
        }
    }
    Ok(())
}

/// The length of the name at the start of the bytes; 0 when there is none.
fn name_length(bytes: &[u8]) -> usize {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'-' | b'.');
    let plain = bytes.iter().position(|&byte| !is_plain(byte)).unwrap_or(bytes.len());
    let starts_well =
        bytes.first().is_some_and(|&byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':'));
    if plain < bytes.len() && !bytes[plain].is_ascii() || plain == 0 {
        return slow_name_length(bytes);
    }
    if starts_well { plain } else { 0 }
}

fn slow_name_length(bytes: &[u8]) -> usize {
    // The whole text is UTF-8; a slice of it that ends before an ASCII byte is too.
    let Ok(text) = std::str::from_utf8(bytes) else { return 0 };
    let mut length = 0;
    for (at, character) in text.char_indices() {
        let allowed = is_name_start(character) || at > 0 && is_name_rest(character);
        if !allowed {
            break;
        }
        length = at + character.len_utf8();
    }
    length
}

fn is_name_start(character: char) -> bool {
    matches!(character,
        ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}' | '\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_rest(character: char) -> bool {
    matches!(character,
        '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}')
}

/// A qualified name has one colon at most, with something on both sides.
fn is_qualified(name: &[u8]) -> bool {
    match memchr::memchr(b':', name) {
        None => true,
        Some(at) => at > 0 && at + 1 < name.len() && memchr::memchr(b':', &name[at + 1..]).is_none(),
    }
}

/// The target of a processing instruction is a name and not `xml` in any case.
pub(super) fn instruction(bytes: &[u8], start: usize, end: usize) -> Result<(), Faulty> {
    let inside = &bytes[start + 2..end.saturating_sub(2).max(start + 2)];
    let length = name_length(inside);
    if length == 0 || inside.get(length).is_some_and(|&byte| !is_blank(byte)) {
        return Err((start, XmlFault::Name {}));
    }
    if inside[..length].eq_ignore_ascii_case(b"xml") {
        return Err((start, XmlFault::Declaration {}));
    }
    Ok(())
}

/// `<?xml version="1.0" encoding="utf-8"?>`, whose encoding must be UTF-8.
pub(super) fn declaration(bytes: &[u8], start: usize, end: usize, scratch: &mut Tag) -> Result<(), Faulty> {
    let wrong = || (start, XmlFault::Declaration {});
    scratch.attributes.clear();
    scan_attributes(bytes, start + 5..end - 2, &Limits::default(), &mut scratch.attributes)
        .map_err(|_| wrong())?;
    let mut names = ["version", "encoding", "standalone"].into_iter();
    for (at, attribute) in scratch.attributes.iter().enumerate() {
        let name = &bytes[attribute.name.clone()];
        let value = &bytes[attribute.value.clone()];
        if !names.any(|known| known.as_bytes() == name) || (at == 0) != (name == b"version") {
            return Err(wrong());
        }
        match name {
            b"version" if !value.starts_with(b"1.") => return Err(wrong()),
            b"encoding" if !value.eq_ignore_ascii_case(b"utf-8") => {
                let found = format!("declared as {}", String::from_utf8_lossy(value));
                return Err((attribute.value.start, XmlFault::Encoding { found }));
            }
            _ => {}
        }
    }
    if scratch.attributes.is_empty() { Err(wrong()) } else { Ok(()) }
}

/// The parts of one tag; kept from tag to tag so that nothing is allocated anew.
#[derive(Debug, Default)]
pub(super) struct Tag {
    pub(super) name: Range<usize>,
    attributes: Vec<AttributeRange>,
}

#[derive(Debug)]
struct AttributeRange {
    name: Range<usize>,
    value: Range<usize>,
}

impl Tag {
    /// Reads and checks a start tag or an empty element, `<` to `>`.
    pub(super) fn read(&mut self, bytes: &[u8], tag: Range<usize>, limits: &Limits) -> Result<(), Faulty> {
        let inside_end = if bytes[tag.end - 2] == b'/' { tag.end - 2 } else { tag.end - 1 };
        let name_start = tag.start + 1;
        let length = name_length(&bytes[name_start..inside_end.max(name_start)]);
        self.name = name_start..name_start + length;
        if length == 0 || !is_qualified(&bytes[self.name.clone()]) {
            return Err((name_start, XmlFault::Name {}));
        }
        self.attributes.clear();
        if self.name.end < inside_end {
            scan_attributes(bytes, self.name.end..inside_end, limits, &mut self.attributes)?;
        }
        if tag.len() > limits.token_bytes {
            return Err((tag.start, XmlFault::Token { limit: limits.token_bytes }));
        }
        self.check_duplicates(bytes)
    }

    fn check_duplicates(&self, bytes: &[u8]) -> Result<(), Faulty> {
        let name = |attribute: &AttributeRange| &bytes[attribute.name.clone()];
        // Few: compare each with those before it. Many: a set, so that the time stays linear.
        let mut seen = HashSet::new();
        for (at, attribute) in self.attributes.iter().enumerate() {
            let twice = if self.attributes.len() <= 16 {
                self.attributes[..at].iter().any(|earlier| name(earlier) == name(attribute))
            } else {
                !seen.insert(name(attribute))
            };
            if twice {
                return Err(duplicate(bytes, attribute));
            }
        }
        Ok(())
    }
}

fn duplicate(bytes: &[u8], attribute: &AttributeRange) -> Faulty {
    let name = String::from_utf8_lossy(&bytes[attribute.name.clone()]).into_owned();
    (attribute.name.start, XmlFault::DuplicateAttribute { name })
}

fn scan_attributes(
    bytes: &[u8],
    inside: Range<usize>,
    limits: &Limits,
    attributes: &mut Vec<AttributeRange>,
) -> Result<(), Faulty> {
    let expected = |at: usize, expected: &'static str| (at, XmlFault::AttributeSyntax { expected });
    let skip_blanks = |mut at: usize| {
        while at < inside.end && is_blank(bytes[at]) {
            at += 1;
        }
        at
    };
    let mut at = inside.start;
    loop {
        let start = skip_blanks(at);
        if start == inside.end {
            return Ok(());
        }
        if start == at {
            return Err(expected(at, "white space"));
        }
        let length = name_length(&bytes[start..inside.end]);
        let name = start..start + length;
        if length == 0 || !is_qualified(&bytes[name.clone()]) {
            return Err((start, XmlFault::Name {}));
        }
        let equals = skip_blanks(name.end);
        if equals == inside.end || bytes[equals] != b'=' {
            return Err(expected(equals, "="));
        }
        let quote = skip_blanks(equals + 1);
        if quote == inside.end || !matches!(bytes[quote], b'"' | b'\'') {
            return Err(expected(quote, "a quoted value"));
        }
        let value_start = quote + 1;
        let Some(length) = memchr::memchr(bytes[quote], &bytes[value_start..inside.end]) else {
            return Err(expected(value_start, "the closing quote of a value"));
        };
        let value = value_start..value_start + length;
        if let Some(at) = memchr::memchr(b'<', &bytes[value.clone()]) {
            return Err((value_start + at, XmlFault::LessThanInValue {}));
        }
        references(&bytes[value.clone()], value_start)?;
        if attributes.len() == limits.attributes {
            return Err((start, XmlFault::Attributes { limit: limits.attributes }));
        }
        at = value.end + 1;
        attributes.push(AttributeRange { name, value });
    }
}

/// The prefixes that are declared around the place that is read.
#[derive(Debug, Default)]
pub(super) struct Namespaces<'b> {
    /// By prefix, the innermost declaration last.
    declared: HashMap<&'b [u8], Vec<&'b [u8]>>,
    /// The prefixes that each open element declares.
    opened: Vec<(usize, &'b [u8])>,
}

const XML_NAMESPACE: &[u8] = b"http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE: &[u8] = b"http://www.w3.org/2000/xmlns/";

impl<'b> Namespaces<'b> {
    /// Declares what the tag declares and looks up what it uses. `depth` is that of the element.
    pub(super) fn open(&mut self, bytes: &'b [u8], tag: &Tag, depth: usize) -> Result<(), Faulty> {
        let name = &bytes[tag.name.clone()];
        let element_has_prefix = memchr::memchr(b':', name).is_some();
        let prefixed =
            |attribute: &&AttributeRange| memchr::memchr(b':', &bytes[attribute.name.clone()]).is_some();
        if !element_has_prefix && !tag.attributes.iter().any(|attribute| prefixed(&attribute)) {
            return self.check_default(bytes, tag);
        }
        self.check_default(bytes, tag)?;
        for attribute in &tag.attributes {
            let Some(prefix) = bytes[attribute.name.clone()].strip_prefix(b"xmlns:") else { continue };
            let uri = &bytes[attribute.value.clone()];
            let reserved = prefix == b"xmlns"
                || uri == XMLNS_NAMESPACE
                || (prefix == b"xml") != (uri == XML_NAMESPACE)
                || uri.is_empty();
            if reserved {
                return Err((attribute.name.start, XmlFault::ReservedPrefix {}));
            }
            self.declared.entry(prefix).or_default().push(uri);
            self.opened.push((depth, prefix));
        }
        self.resolve(bytes, tag.name.clone())?;
        let mut seen: HashSet<(&[u8], &[u8])> = HashSet::new();
        for attribute in tag.attributes.iter().filter(prefixed) {
            if bytes[attribute.name.clone()].starts_with(b"xmlns:") {
                continue;
            }
            let Some(expanded) = self.resolve(bytes, attribute.name.clone())? else { continue };
            if !seen.insert(expanded) {
                return Err(duplicate(bytes, attribute));
            }
        }
        Ok(())
    }

    fn check_default(&self, bytes: &[u8], tag: &Tag) -> Result<(), Faulty> {
        let declares = tag.attributes.iter().find(|attribute| &bytes[attribute.name.clone()] == b"xmlns");
        match declares {
            Some(attribute)
                if [XML_NAMESPACE, XMLNS_NAMESPACE].contains(&&bytes[attribute.value.clone()]) =>
            {
                Err((attribute.name.start, XmlFault::ReservedPrefix {}))
            }
            _ => Ok(()),
        }
    }

    /// Namespace and local part of a name with a prefix.
    fn resolve(&self, bytes: &'b [u8], name: Range<usize>) -> Result<Option<(&'b [u8], &'b [u8])>, Faulty> {
        let text = &bytes[name.clone()];
        let Some(colon) = memchr::memchr(b':', text) else { return Ok(None) };
        let (prefix, local) = (&text[..colon], &text[colon + 1..]);
        if prefix == b"xml" {
            return Ok(Some((XML_NAMESPACE, local)));
        }
        match self.declared.get(prefix).and_then(|uris| uris.last()) {
            Some(uri) => Ok(Some((uri, local))),
            None => {
                let prefix = String::from_utf8_lossy(prefix).into_owned();
                Err((name.start, XmlFault::UndeclaredPrefix { prefix }))
            }
        }
    }

    /// Forgets what the element of that depth declared.
    pub(super) fn close(&mut self, depth: usize) {
        while let Some(&(opened, prefix)) = self.opened.last() {
            if opened < depth {
                break;
            }
            self.opened.pop();
            if let Some(uris) = self.declared.get_mut(prefix) {
                uris.pop();
            }
        }
    }
}
