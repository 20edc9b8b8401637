//! One start tag or empty element: its name and its attributes, as they have to be written.

use std::collections::HashSet;
use std::ops::Range;

use super::characters::{Name, is_blank, name, reference, shown};
use super::parse::Faulty;
use super::{Limits, XmlFault};

/// The parts of one tag; kept from tag to tag so that nothing is allocated anew.
#[derive(Debug, Default)]
pub(super) struct Tag {
    pub(super) name: QualifiedName,
    pub(super) attributes: Vec<Attribute>,
    /// Whether namespaces have anything to say: a name has a prefix or is `xmlns`.
    pub(super) has_namespaces: bool,
}

/// Where a name stands.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct QualifiedName {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Offset of the colon, or 0.
    colon: usize,
}

/// Where an attribute stands.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: QualifiedName,
    pub(super) value: Range<usize>,
}

/// Up to so many attributes each is compared with those before it; from there on a set keeps the time linear.
const FEW: usize = 16;

impl QualifiedName {
    fn new(start: usize, name: Name) -> Self {
        Self { start, end: name.end, colon: name.colon }
    }

    pub(super) fn text<'b>(&self, text: &'b str) -> &'b str {
        &text[self.start..self.end]
    }

    /// Prefix and local part; none without a prefix.
    pub(super) fn parts<'b>(&self, text: &'b str) -> Option<(&'b str, &'b str)> {
        (self.colon != 0).then(|| (&text[self.start..self.colon], &text[self.colon + 1..self.end]))
    }
}

impl Tag {
    /// Reads and checks a start tag or an empty element, `<` to `>`; with its name when that was read.
    pub(super) fn read(
        &mut self,
        text: &str,
        tag: Range<usize>,
        read: Option<Name>,
        limits: &Limits,
    ) -> Result<(), Faulty> {
        let bytes = text.as_bytes();
        let inside_end = if bytes[tag.end - 2] == b'/' { tag.end - 2 } else { tag.end - 1 };
        let start = tag.start + 1;
        let name =
            read.or_else(|| name(text, start, inside_end.max(start))).ok_or((start, XmlFault::Name {}))?;
        self.name = QualifiedName::new(start, name);
        self.has_namespaces = name.colon != 0;
        self.attributes.clear();
        if name.end < inside_end {
            self.read_attributes(text, name.end..inside_end, limits)?;
        }
        if tag.len() > limits.token_bytes {
            return Err((tag.start, XmlFault::Token { limit: limits.token_bytes }));
        }
        if self.attributes.len() > 1 { self.check_duplicates(text) } else { Ok(()) }
    }

    /// Reads what stands behind the name, each attribute with white space before it.
    pub(super) fn read_attributes(
        &mut self,
        text: &str,
        inside: Range<usize>,
        limits: &Limits,
    ) -> Result<(), Faulty> {
        let bytes = &text.as_bytes()[..inside.end];
        let expected = |at: usize, expected: &'static str| (at, XmlFault::AttributeSyntax { expected });
        let skip_blanks = |mut at: usize| {
            while bytes.get(at).is_some_and(|&byte| is_blank(byte)) {
                at += 1;
            }
            at
        };
        let mut at = inside.start;
        loop {
            let start = skip_blanks(at);
            if start == bytes.len() {
                return Ok(());
            }
            if start == at {
                return Err(expected(at, "white space"));
            }
            let found = name(text, start, bytes.len()).ok_or((start, XmlFault::Name {}))?;
            let equals = skip_blanks(found.end);
            if bytes.get(equals) != Some(&b'=') {
                return Err(expected(equals, "="));
            }
            let open = skip_blanks(equals + 1);
            let Some(&quote @ (b'"' | b'\'')) = bytes.get(open) else {
                return Err(expected(open, "a quoted value"));
            };
            let close = value_end(text, bytes, open + 1, quote)?;
            if self.attributes.len() == limits.attributes {
                return Err((start, XmlFault::Attributes { limit: limits.attributes }));
            }
            let name = QualifiedName::new(start, found);
            self.has_namespaces |= found.colon != 0 || name.text(text) == "xmlns";
            self.attributes.push(Attribute { name, value: open + 1..close });
            at = close + 1;
        }
    }

    fn check_duplicates(&self, text: &str) -> Result<(), Faulty> {
        let name = |attribute: &Attribute| &text.as_bytes()[attribute.name.start..attribute.name.end];
        let attributes = &self.attributes;
        let twice = if attributes.len() <= FEW {
            (1..attributes.len()).find(|&at| {
                let this = name(&attributes[at]);
                attributes[..at].iter().any(|earlier| name(earlier) == this)
            })
        } else {
            let mut seen = HashSet::with_capacity(attributes.len());
            (0..attributes.len()).find(|&at| !seen.insert(name(&attributes[at])))
        };
        twice.map_or(Ok(()), |at| Err(attributes[at].duplicate(text)))
    }
}

impl Attribute {
    pub(super) fn duplicate(&self, text: &str) -> Faulty {
        (self.name.start, XmlFault::DuplicateAttribute { name: shown(self.name.text(text)) })
    }
}

/// The offset of the closing quote. `bytes` end where the tag does.
fn value_end(text: &str, bytes: &[u8], start: usize, quote: u8) -> Result<usize, Faulty> {
    let mut at = start;
    loop {
        match bytes.get(at) {
            None => {
                let expected = "the closing quote of a value";
                return Err((start, XmlFault::AttributeSyntax { expected }));
            }
            Some(&byte) if byte == quote => return Ok(at),
            Some(b'<') => return Err((at, XmlFault::LessThanInValue {})),
            Some(b'&') => at = reference(text, at)?.0,
            Some(_) => at += 1,
        }
    }
}
