//! The index over one document.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Limits, XmlError};
use crate::text::{LineIndex, Position};

/// A well-formed document: its original bytes and a flat index over them.
#[derive(Debug)]
pub struct Document {
    bytes: Vec<u8>,
    elements: Vec<Record>,
    lines: OnceLock<LineIndex>,
}

#[derive(Debug, Clone)]
struct Record {
    start_tag: Range<u32>,
    end: u32,
    inner_end: u32,
    name_len: u16,
    parent: u32,
    /// Index after the last descendant.
    next: u32,
}

const NO_PARENT: u32 = u32::MAX;

impl Document {
    /// Reads `bytes`, which must be UTF-8, with or without a byte order mark.
    pub fn parse(bytes: Vec<u8>, _limits: &Limits) -> Result<Self, XmlError> {
        let mut elements: Vec<Record> = Vec::new();
        let mut open: Vec<u32> = Vec::new();
        {
            let bom = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
            let mut reader = Reader::from_reader(&bytes[bom..]);
            loop {
                let start = reader.buffer_position() as usize + bom;
                let event = reader.read_event();
                let end = reader.buffer_position() as usize + bom;
                match event {
                    Ok(Event::Start(tag)) => {
                        let parent = open.last().copied().unwrap_or(NO_PARENT);
                        open.push(elements.len() as u32);
                        elements.push(Record {
                            start_tag: start as u32..end as u32,
                            end: 0,
                            inner_end: 0,
                            name_len: tag.name().as_ref().len() as u16,
                            parent,
                            next: 0,
                        });
                    }
                    Ok(Event::Empty(tag)) => {
                        let parent = open.last().copied().unwrap_or(NO_PARENT);
                        let next = elements.len() as u32 + 1;
                        elements.push(Record {
                            start_tag: start as u32..end as u32,
                            end: end as u32,
                            inner_end: end as u32,
                            name_len: tag.name().as_ref().len() as u16,
                            parent,
                            next,
                        });
                    }
                    Ok(Event::End(_)) => {
                        let index = open.pop().expect("the tokenizer checks end names") as usize;
                        elements[index].inner_end = start as u32;
                        elements[index].end = end as u32;
                        elements[index].next = elements.len() as u32;
                    }
                    Ok(Event::Eof) => break,
                    Ok(_) => {}
                    Err(error) => {
                        let offset = reader.error_position() as usize + bom;
                        let position = LineIndex::new(&bytes).position(&bytes, offset);
                        return Err(XmlError::IllFormed { position, reason: error.to_string() });
                    }
                }
            }
        }
        if elements.is_empty() || !open.is_empty() {
            let position = LineIndex::new(&bytes).position(&bytes, bytes.len());
            return Err(XmlError::IllFormed { position, reason: "the text ends too early".into() });
        }
        Ok(Self { bytes, elements, lines: OnceLock::new() })
    }

    /// The one outermost element.
    pub fn root(&self) -> Element<'_> {
        Element { document: self, index: 0 }
    }

    /// The original bytes, a byte order mark included.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        self.lines.get_or_init(|| LineIndex::new(&self.bytes)).position(&self.bytes, offset)
    }

    fn text(&self, range: Range<usize>) -> &str {
        std::str::from_utf8(&self.bytes[range]).unwrap_or("")
    }
}

/// One element of a [`Document`]; as cheap to copy as a pointer.
#[derive(Debug, Clone, Copy)]
pub struct Element<'d> {
    document: &'d Document,
    index: u32,
}

/// One attribute: its qualified name and its raw text between the quotes.
#[derive(Debug, Clone, Copy)]
pub struct Attribute<'d> {
    /// Qualified name as written.
    pub name: &'d str,
    /// The text between the quotes, entities not resolved.
    pub raw_value: &'d str,
    /// Byte offset of the first character of the value in the document.
    pub value_offset: usize,
}

impl<'d> Attribute<'d> {
    /// The value with entities resolved.
    pub fn value(&self) -> Cow<'d, str> {
        unescape(self.raw_value)
    }
}

impl<'d> Element<'d> {
    fn record(&self) -> &'d Record {
        &self.document.elements[self.index as usize]
    }

    /// Qualified name as written.
    pub fn name(&self) -> &'d str {
        let record = self.record();
        let start = record.start_tag.start as usize + 1;
        self.document.text(start..start + record.name_len as usize)
    }

    /// Byte offset of the `<` of the start tag.
    pub fn offset(&self) -> usize {
        self.record().start_tag.start as usize
    }

    /// Line and column of the start tag.
    pub fn position(&self) -> Position {
        self.document.position(self.offset())
    }

    /// The bytes from the start tag to the end of the end tag.
    pub fn range(&self) -> Range<usize> {
        self.offset()..self.record().end as usize
    }

    /// The bytes between start tag and end tag; empty for `<x />`.
    pub fn inner_range(&self) -> Range<usize> {
        self.record().start_tag.end as usize..self.record().inner_end as usize
    }

    /// The document this element is part of.
    pub fn document(&self) -> &'d Document {
        self.document
    }

    /// The element around this one.
    pub fn parent(&self) -> Option<Element<'d>> {
        let parent = self.record().parent;
        (parent != NO_PARENT).then_some(Element { document: self.document, index: parent })
    }

    /// The elements directly inside, in document order.
    pub fn children(&self) -> impl Iterator<Item = Element<'d>> + use<'d> {
        let document = self.document;
        let end = self.record().next;
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            (index < end).then(|| {
                let element = Element { document, index };
                index = element.record().next;
                element
            })
        })
    }

    /// All elements inside, at any depth, in document order.
    pub fn descendants(&self) -> impl Iterator<Item = Element<'d>> + use<'d> {
        let document = self.document;
        (self.index + 1..self.record().next).map(move |index| Element { document, index })
    }

    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<Element<'d>> {
        self.children().find(|child| child.name() == name)
    }

    /// The text of the first child of that name.
    pub fn child_text(&self, name: &str) -> Option<Cow<'d, str>> {
        self.child(name).map(|child| child.text())
    }

    /// All attributes, in the order of the tag.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'d>> + use<'d> {
        let record = self.record();
        let document = self.document;
        let mut at = record.start_tag.start as usize + 1 + record.name_len as usize;
        let end = record.start_tag.end as usize;
        std::iter::from_fn(move || {
            let bytes = &document.bytes[..end];
            while at < end && bytes[at].is_ascii_whitespace() {
                at += 1;
            }
            let equals = at + memchr::memchr(b'=', &bytes[at..])?;
            let name = document.text(at..equals).trim_end();
            let mut open = equals + 1;
            while bytes[open].is_ascii_whitespace() {
                open += 1;
            }
            let quote = bytes[open];
            let close = open + 1 + memchr::memchr(quote, &bytes[open + 1..])?;
            at = close + 1;
            Some(Attribute { name, raw_value: document.text(open + 1..close), value_offset: open + 1 })
        })
    }

    /// The value of the attribute of that qualified name, entities resolved.
    pub fn attribute(&self, name: &str) -> Option<Cow<'d, str>> {
        self.attributes().find(|attribute| attribute.name == name).map(|attribute| attribute.value())
    }

    /// The text and CDATA directly inside, entities resolved. Borrowed when there is one plain piece.
    pub fn text(&self) -> Cow<'d, str> {
        let raw = self.document.text(self.inner_range());
        unescape(raw)
    }
}

fn unescape(raw: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw))
}
