//! The index over one document.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use super::characters::{is_blank, resolve_text, resolve_value};
use super::{Limits, XmlError, XmlFault, markup, parse};
use crate::text::{LineIndex, Position, mark_length, wide_encoding};

/// A well-formed document: its original bytes and a flat index over them.
#[derive(Debug)]
pub struct Document {
    text: String,
    records: Vec<Record>,
    root: u32,
    lines: OnceLock<LineIndex>,
}

/// What a part of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// An element with all that is in it.
    Element,
    /// Text between other nodes, white space too; references are part of it.
    Text,
    /// `<![CDATA[…]]>`.
    CData,
    /// `<!--…-->`.
    Comment,
    /// `<?…?>`.
    Instruction,
    /// `<?xml …?>`.
    Declaration,
}

/// One row of the flat index: everything but text, which is what lies between. Rows are in document order, all offsets
/// count bytes from the start of the document. 32 bytes: a document of 75 MB has a million of them.
#[derive(Debug, Clone)]
pub struct Record {
    /// What it is; never [`NodeKind::Text`].
    pub kind: NodeKind,
    /// Whether text other than white space, a reference or CDATA is directly inside.
    pub has_text: bool,
    /// Where it starts: the `<`.
    pub start: u32,
    /// Where its start tag ends; for all but elements the same as `end`.
    pub tag_end: u32,
    /// Where its end tag starts; for `<x/>` the same as `end`.
    pub inner_end: u32,
    /// Where it ends.
    pub end: u32,
    /// Bytes of an element's qualified name, which follows the `<`.
    pub name_length: u32,
    /// Index of the element around it; `u32::MAX` for none.
    pub parent: u32,
    /// Index after the last descendant.
    pub next: u32,
}

pub(super) const NO_PARENT: u32 = u32::MAX;

/// One part of an element or document.
#[derive(Debug, Clone)]
pub struct Node<'d> {
    /// What it is.
    pub kind: NodeKind,
    /// Its bytes.
    pub range: Range<usize>,
    /// The element, when it is one.
    pub element: Option<Element<'d>>,
}

impl Document {
    /// Reads `bytes`, which must be UTF-8, with or without a byte order mark.
    pub fn parse(bytes: Vec<u8>, limits: &Limits) -> Result<Self, XmlError> {
        let fault = |bytes: &[u8], (offset, fault)| {
            XmlError::new(LineIndex::new(bytes).position(bytes, offset), fault)
        };
        if let Some(found) = wide_encoding(&bytes) {
            return Err(fault(&bytes, (0, XmlFault::Encoding { found: found.to_owned() })));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            fault(error.as_bytes(), markup::not_utf8(error.as_bytes(), valid))
        })?;
        let records = parse::index(&text, limits).map_err(|error| fault(text.as_bytes(), error))?;
        let root = records.iter().position(|record| record.kind == NodeKind::Element).unwrap_or_default();
        Ok(Self { text, records, root: root as u32, lines: OnceLock::new() })
    }

    /// The parts outside of any element in order, the outermost element among them. A byte order mark is no part.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        let start = mark_length(self.bytes());
        nodes(self, 0, self.records.len() as u32, start..self.text.len())
    }

    /// The flat index, for a reader that walks a whole document without a stack.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The element of that row of [`Document::records`]; none for another kind of row.
    pub fn element(&self, index: u32) -> Option<Element<'_>> {
        let record = self.records.get(index as usize)?;
        (record.kind == NodeKind::Element).then_some(Element { document: self, index })
    }

    /// The one outermost element.
    pub fn root(&self) -> Element<'_> {
        Element { document: self, index: self.root }
    }

    /// The original bytes, a byte order mark included.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        self.lines.get_or_init(|| LineIndex::new(self.bytes())).position(self.bytes(), offset)
    }

    fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
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
    /// The value: references resolved, and each literal tab or line end a blank (XML 1.0 §3.3.3).
    pub fn value(&self) -> Cow<'d, str> {
        resolve_value(self.raw_value)
    }
}

impl<'d> Element<'d> {
    fn record(&self) -> &'d Record {
        &self.document.records[self.index as usize]
    }

    /// Its row of [`Document::records`].
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Whether text other than white space, a reference or CDATA is directly inside.
    pub fn has_text(&self) -> bool {
        self.record().has_text
    }

    /// Qualified name as written.
    pub fn name(&self) -> &'d str {
        let record = self.record();
        let start = record.start as usize + 1;
        self.document.slice(start..start + record.name_length as usize)
    }

    /// Byte offset of the `<` of the start tag.
    pub fn offset(&self) -> usize {
        self.record().start as usize
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
        self.record().tag_end as usize..self.record().inner_end as usize
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
            while index < end {
                let element = Element { document, index };
                index = element.record().next;
                if element.record().kind == NodeKind::Element {
                    return Some(element);
                }
            }
            None
        })
    }

    /// All elements inside, at any depth, in document order.
    pub fn descendants(&self) -> impl Iterator<Item = Element<'d>> + use<'d> {
        let document = self.document;
        (self.index + 1..self.record().next)
            .map(move |index| Element { document, index })
            .filter(|element| element.record().kind == NodeKind::Element)
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
        let mut at = record.start as usize + 1 + record.name_length as usize;
        let end = record.tag_end as usize;
        // The tag was checked when it was read: each piece is there.
        std::iter::from_fn(move || {
            let bytes = &document.bytes()[..end];
            let skip = |from: usize, is_skipped: fn(u8) -> bool| {
                bytes[from..].iter().position(|&byte| !is_skipped(byte)).map(|count| from + count)
            };
            let name_start = skip(at, is_blank)?;
            let name_end = skip(name_start, |byte| byte != b'=' && !is_blank(byte))?;
            let open = skip(name_end, |byte| byte == b'=' || is_blank(byte))?;
            let close = open + 1 + memchr::memchr(bytes[open], &bytes[open + 1..])?;
            at = close + 1;
            Some(Attribute {
                name: document.slice(name_start..name_end),
                raw_value: document.slice(open + 1..close),
                value_offset: open + 1,
            })
        })
    }

    /// The value of the attribute of that qualified name, entities resolved.
    pub fn attribute(&self, name: &str) -> Option<Cow<'d, str>> {
        self.attributes().find(|attribute| attribute.name == name).map(|attribute| attribute.value())
    }

    /// The parts directly inside, in order: text, elements, CDATA, comments and instructions. Together they are the
    /// [`Element::inner_range`].
    pub fn nodes(&self) -> impl Iterator<Item = Node<'d>> + use<'d> {
        nodes(self.document, self.index + 1, self.record().next, self.inner_range())
    }

    /// Whether it is written `<x/>`.
    pub fn is_empty_tag(&self) -> bool {
        self.document.bytes()[self.record().tag_end as usize - 2] == b'/'
            && self.record().tag_end == self.record().end
    }

    /// The text and CDATA directly inside, entities resolved; line ends as they are. Borrowed when it is one plain piece.
    pub fn text(&self) -> Cow<'d, str> {
        if self.record().next == self.index + 1 {
            return resolve_text(self.document.slice(self.inner_range()));
        }
        let mut text = String::new();
        for node in self.nodes() {
            match node.kind {
                NodeKind::Text => text.push_str(&resolve_text(self.document.slice(node.range))),
                NodeKind::CData => {
                    text.push_str(
                        self.document.slice(node.range.start + CDATA_START..node.range.end - CDATA_END),
                    );
                }
                _ => {}
            }
        }
        Cow::Owned(text)
    }
}

/// What a raw piece of text means: references resolved, line ends as they are.
pub fn unescaped(raw: &str) -> Cow<'_, str> {
    resolve_text(raw)
}

const CDATA_START: usize = "<![CDATA[".len();
const CDATA_END: usize = "]]>".len();

fn nodes(document: &Document, first: u32, last: u32, inside: Range<usize>) -> impl Iterator<Item = Node<'_>> {
    let mut index = first;
    let mut at = inside.start;
    std::iter::from_fn(move || {
        let record = (index < last).then(|| &document.records[index as usize]);
        let gap_end = record.map_or(inside.end, |record| record.start as usize);
        if at < gap_end {
            let range = at..gap_end;
            at = gap_end;
            return Some(Node { kind: NodeKind::Text, range, element: None });
        }
        let record = record?;
        let element = (record.kind == NodeKind::Element).then_some(Element { document, index });
        at = record.end as usize;
        index = record.next;
        Some(Node { kind: record.kind, range: record.start as usize..at, element })
    })
}
