//! Characters, names and references, as XML 1.0 (fifth edition) and its namespaces allow them.

use std::borrow::Cow;
use std::ops::Range;

use super::XmlFault;
use super::parse::Faulty;
use crate::text::position_below;

/// No character that XML forbids stands in that range of the text.
pub(super) fn check_all(text: &str, range: Range<usize>) -> Result<(), Faulty> {
    let bytes = &text.as_bytes()[range.clone()];
    let control = position_below(bytes, b' ', [b'\t', b'\n', b'\r']).map(|at| (at, u32::from(bytes[at])));
    // U+FFFE and U+FFFF.
    let last = |at: usize| bytes.get(at + 2).filter(|last| matches!(last, 0xBE | 0xBF));
    let mut found = memchr::memmem::find_iter(bytes, b"\xEF\xBF");
    let wide = found.find_map(|at| Some((at, 0xFFFE + u32::from(last(at)? - 0xBE))));
    match control.into_iter().chain(wide).min() {
        Some((at, code)) => Err((range.start + at, XmlFault::Character { code })),
        None => Ok(()),
    }
}

/// White space as XML counts it.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// At most 100 characters of a text, for messages.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(100).collect()
}

/// A name with at most one colon, and something on both sides of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    pub(super) end: usize,
    /// Offset of the colon; 0, where no name can have it, when there is none.
    pub(super) colon: usize,
}

const START: u8 = 1;
const REST: u8 = 2;
const COLON: u8 = 3;
const WIDE: u8 = 4;

/// What a byte is to a name.
const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        class[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => START,
            b'0'..=b'9' | b'-' | b'.' => REST,
            b':' => COLON,
            0x80.. => WIDE,
            _ => 0,
        };
        byte += 1;
    }
    class
};

/// The qualified name that starts at `start`; none when there is no well-formed one. Not read past `end`.
pub(super) fn name(text: &str, start: usize, end: usize) -> Option<Name> {
    let bytes = &text.as_bytes()[..end];
    let class = |at: usize| bytes.get(at).map_or(0, |&byte| CLASS[byte as usize]);
    // Most names: ASCII, and no colon.
    if class(start) == START {
        let rest = bytes[start + 1..].iter();
        let plain_end =
            start + 1 + rest.take_while(|&&byte| matches!(CLASS[byte as usize], START | REST)).count();
        if !matches!(class(plain_end), COLON | WIDE) {
            return Some(Name { end: plain_end, colon: 0 });
        }
    }
    let mut name = Name { end: start, colon: 0 };
    // At the start and after the colon fewer characters are allowed.
    let mut is_start = true;
    while let Some(&byte) = bytes.get(name.end) {
        let length = match CLASS[byte as usize] {
            START => 1,
            REST if !is_start => 1,
            COLON if !is_start && name.colon == 0 => {
                name.colon = name.end;
                name.end += 1;
                is_start = true;
                continue;
            }
            COLON => return None,
            WIDE => match text.get(name.end..).and_then(|rest| rest.chars().next()) {
                Some(character) if is_name_start(character) || !is_start && is_name_rest(character) => {
                    character.len_utf8()
                }
                _ => break,
            },
            _ => break,
        };
        name.end += length;
        is_start = false;
    }
    (!is_start).then_some(name)
}

fn is_name_start(character: char) -> bool {
    matches!(character,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}' | '\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_rest(character: char) -> bool {
    matches!(character, '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}')
}

/// The five entities that need no declaration.
const ENTITIES: [(&str, char); 5] =
    [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("apos;", '\'')];

/// The reference whose `&` is at `at`: the offset behind its `;`, and the character that it means.
pub(super) fn reference(text: &str, at: usize) -> Result<(usize, char), Faulty> {
    let start = at + 1;
    let rest = &text.as_bytes()[start..];
    if rest.first() == Some(&b'#') {
        return character_reference(rest)
            .map(|(length, character)| (start + length, character))
            .map_err(|fault| (at, fault));
    }
    for (entity, character) in ENTITIES {
        if rest.starts_with(entity.as_bytes()) {
            return Ok((start + entity.len(), character));
        }
    }
    match name(text, start, text.len()) {
        Some(name) if text.as_bytes().get(name.end) == Some(&b';') => {
            Err((at, XmlFault::Entity { name: shown(&text[start..name.end]) }))
        }
        _ => Err((at, XmlFault::Ampersand {})),
    }
}

/// From the `#` on: the length with the `;`, and the character.
fn character_reference(bytes: &[u8]) -> Result<(usize, char), XmlFault> {
    let (digits_start, radix) = if bytes.get(1) == Some(&b'x') { (2, 16) } else { (1, 10) };
    let mut end = digits_start;
    let mut code: u32 = 0;
    while let Some(digit) = bytes.get(end).and_then(|&byte| char::from(byte).to_digit(radix)) {
        code = code.saturating_mul(radix).saturating_add(digit);
        end += 1;
    }
    if end == digits_start || bytes.get(end) != Some(&b';') {
        return Err(XmlFault::Ampersand {});
    }
    let is_allowed = |character: &char| !matches!(character, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}');
    match char::from_u32(code).filter(is_allowed) {
        Some(character) => Ok((end + 1, character)),
        None => Err(XmlFault::CharacterReference { code }),
    }
}

/// The text that checked bytes mean: references resolved, line ends as they are.
pub(super) fn resolve_text(raw: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'&', &raw.as_bytes()[at..]) {
        let ampersand = at + found;
        text.push_str(&raw[at..ampersand]);
        at = push_reference(&mut text, raw, ampersand);
    }
    text.push_str(&raw[at..]);
    Cow::Owned(text)
}

/// The value that checked bytes mean: references resolved, and each literal tab or line end a blank (XML 1.0 §3.3.3).
pub(super) fn resolve_value(raw: &str) -> Cow<'_, str> {
    let next = |at: usize| {
        let is_special = |byte: &u8| matches!(byte, b'&' | b'\t' | b'\n' | b'\r');
        raw.as_bytes()[at..].iter().position(is_special).map(|found| at + found)
    };
    let Some(mut special) = next(0) else { return Cow::Borrowed(raw) };
    let mut value = String::with_capacity(raw.len());
    let mut at = 0;
    loop {
        value.push_str(&raw[at..special]);
        at = if raw.as_bytes()[special] == b'&' {
            push_reference(&mut value, raw, special)
        } else {
            value.push(' ');
            // CR LF is one line end.
            special + if raw[special..].starts_with("\r\n") { 2 } else { 1 }
        };
        match next(at) {
            Some(found) => special = found,
            None => break,
        }
    }
    value.push_str(&raw[at..]);
    Cow::Owned(value)
}

fn push_reference(text: &mut String, raw: &str, at: usize) -> usize {
    // Checked when the document was read; if not so, the `&` stands for itself.
    let (end, character) = reference(raw, at).unwrap_or((at + 1, '&'));
    text.push(character);
    end
}
