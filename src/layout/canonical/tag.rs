//! Start tags in the packager's form: one space before each attribute, double quotes, ` />`.

use memchr::memchr;

use super::text::{is_blank, is_canonical_value, push_escaped_value, push_value};

/// What is known of a start tag after one look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// It can be copied.
    pub(super) canonical: bool,
    /// It says `xml:space="preserve"`.
    pub(super) preserve: bool,
}

/// Looks at a whole tag, `<` to `>`, whose name has that length.
pub(super) fn look(tag: &[u8], name_length: usize) -> Look {
    let mut at = 1 + name_length;
    let mut look = Look { canonical: true, preserve: false };
    if tag.len() == at + 1 {
        return look;
    }
    loop {
        match tag[at..] {
            [b'>'] | [b' ', b'/', b'>'] => return look,
            [b' ', first, ..] if !is_blank(first) && first != b'/' => {}
            _ => return reread(tag, name_length),
        }
        let Some(equals) = memchr(b'=', &tag[at..]).map(|found| at + found) else {
            return reread(tag, name_length);
        };
        if is_blank(tag[equals - 1]) || tag.get(equals + 1) != Some(&b'"') {
            return reread(tag, name_length);
        }
        let open = equals + 2;
        let Some(close) = memchr(b'"', &tag[open..]).map(|found| open + found) else {
            return reread(tag, name_length);
        };
        let value = &tag[open..close];
        look.canonical &= is_canonical_value(value);
        look.preserve |= &tag[at + 1..equals] == b"xml:space" && value == b"preserve";
        at = close + 1;
    }
}

fn reread(tag: &[u8], name_length: usize) -> Look {
    let preserve = attributes(tag, name_length)
        .any(|attribute| attribute.name == b"xml:space" && attribute.raw_value == b"preserve");
    Look { canonical: false, preserve }
}

pub(super) struct RawAttribute<'t> {
    pub(super) name: &'t [u8],
    pub(super) raw_value: &'t [u8],
}

/// The attributes of a tag that is known to be well-formed.
pub(super) fn attributes(tag: &[u8], name_length: usize) -> impl Iterator<Item = RawAttribute<'_>> {
    let mut at = 1 + name_length;
    std::iter::from_fn(move || {
        at += tag[at..].iter().position(|&byte| !is_blank(byte))?;
        let equals = at + memchr(b'=', &tag[at..])?;
        let name = tag[at..equals].trim_ascii_end();
        let quote = equals + 1 + tag[equals + 1..].iter().position(|byte| matches!(byte, b'"' | b'\''))?;
        let close = quote + 1 + memchr(tag[quote], &tag[quote + 1..])?;
        at = close + 1;
        Some(RawAttribute { name, raw_value: &tag[quote + 1..close] })
    })
}

/// How the start tag at the root of a file differs from the one in the document.
#[derive(Debug, Clone, Default)]
pub(in crate::layout) struct RootTag {
    /// Attributes that are left out.
    pub(in crate::layout) drop: Vec<String>,
    /// Attributes that are written first.
    pub(in crate::layout) first: Vec<(String, String)>,
    /// Attributes that are written last where the tag does not have them.
    pub(in crate::layout) last: Vec<(String, String)>,
}

/// How a start tag ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagEnd {
    /// `>`
    Open,
    /// ` />`
    Empty,
}

/// Appends a start tag in the form.
pub(super) fn push_tag(
    out: &mut Vec<u8>,
    tag: &[u8],
    name_length: usize,
    root: Option<&RootTag>,
    tag_end: TagEnd,
) {
    out.extend_from_slice(&tag[..1 + name_length]);
    let plain = |out: &mut Vec<u8>, (name, value): &(String, String)| {
        out.push(b' ');
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"=\"");
        push_escaped_value(out, value);
        out.push(b'"');
    };
    root.iter().flat_map(|root| &root.first).for_each(|attribute| plain(out, attribute));
    for attribute in attributes(tag, name_length) {
        if root.is_some_and(|root| root.drop.iter().any(|name| name.as_bytes() == attribute.name)) {
            continue;
        }
        out.push(b' ');
        out.extend_from_slice(attribute.name);
        out.extend_from_slice(b"=\"");
        push_value(out, attribute.raw_value);
        out.push(b'"');
    }
    for last in root.iter().flat_map(|root| &root.last) {
        if !attributes(tag, name_length).any(|attribute| attribute.name == last.0.as_bytes()) {
            plain(out, last);
        }
    }
    out.extend_from_slice(match tag_end {
        TagEnd::Open => b">",
        TagEnd::Empty => b" />",
    });
}
