//! The serialiser: one walk over the flat index, without recursion.

use std::io::Write;

use super::tag::{self, RootTag, TagEnd, push_tag};
use super::{LineEnd, text};
use crate::layout::LayoutError;
use crate::package::OriginPoint;
use crate::xml::{Document, NodeKind, Record};

/// Bytes that are gathered before they are handed on.
const BUFFER_BYTES: usize = 1 << 16;
/// The namespace that the packager declares in each file.
pub(in crate::layout) const XSI_NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const SPACES: &[u8; 64] = &[b' '; 64];

/// What is done otherwise with one element of a document.
#[derive(Debug, Clone)]
pub(in crate::layout) enum Edit {
    /// It is left out.
    Cut,
    /// It holds this text and nothing else.
    Text(String),
    /// Its child elements are written in this order; they have no edits of their own.
    Reorder(Vec<u32>),
    /// It is written `<x />`, whatever white space it holds.
    Empty,
    /// What [`Fill`] writes for this number follows its last child.
    Fill(usize),
    /// What [`Fill`] writes for this number comes before it.
    Before(usize),
    /// What [`Fill`] writes for this number stands in its place.
    Replace(usize),
}

/// Edits by the index of their element, in document order.
#[derive(Debug, Clone, Default)]
pub(in crate::layout) struct Edits(Vec<(u32, Edit)>);

impl Edits {
    pub(in crate::layout) fn new(mut edits: Vec<(u32, Edit)>) -> Self {
        edits.sort_by_key(|(index, edit)| (*index, !matches!(edit, Edit::Before(_))));
        Self(edits)
    }

    fn from(&self, index: u32) -> &[(u32, Edit)] {
        &self.0[self.0.partition_point(|(edited, _)| *edited < index)..]
    }
}

/// Writes what is put into a document from elsewhere. Each line starts with [`XmlWriter::line`].
pub(in crate::layout) trait Fill {
    fn fill(&self, writer: &mut XmlWriter<'_>, number: usize, depth: usize) -> Result<(), LayoutError>;
}

/// For documents into which nothing is put.
pub(in crate::layout) struct NoFill;

impl Fill for NoFill {
    fn fill(&self, _: &mut XmlWriter<'_>, _: usize, _: usize) -> Result<(), LayoutError> {
        Ok(())
    }
}

/// Writes XML in the packager's form, piece by piece.
pub(in crate::layout) struct XmlWriter<'o> {
    out: &'o mut dyn Write,
    buffer: Vec<u8>,
    line_end: LineEnd,
    /// Bytes handed on.
    flushed: usize,
    trace: Option<Trace>,
}

/// Which element of which file was written where.
#[derive(Debug, Default)]
pub(in crate::layout) struct Trace {
    /// Paths in the folder.
    pub(in crate::layout) files: Vec<String>,
    pub(in crate::layout) points: Vec<OriginPoint>,
    current: u32,
}

impl<'o> XmlWriter<'o> {
    /// Starts a file: byte order mark, declaration, line end.
    pub(in crate::layout) fn new(out: &'o mut dyn Write, line_end: LineEnd) -> Self {
        let mut buffer = Vec::with_capacity(BUFFER_BYTES + BUFFER_BYTES / 4);
        buffer.extend_from_slice(b"\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?>");
        buffer.extend_from_slice(line_end.bytes());
        Self { out, buffer, line_end, flushed: 0, trace: None }
    }

    /// From here on it is noted from where each element comes; now from this file.
    pub(in crate::layout) fn start_trace(&mut self, file: &str) {
        self.trace = Some(Trace { files: vec![file.to_owned()], ..Trace::default() });
    }

    /// What was noted.
    pub(in crate::layout) fn take_trace(&mut self) -> Option<Trace> {
        self.trace.take()
    }

    /// What follows comes from another file; gives what [`XmlWriter::leave`] takes.
    pub(in crate::layout) fn enter(&mut self, file: &str) -> u32 {
        let Some(trace) = &mut self.trace else { return 0 };
        trace.files.push(file.to_owned());
        std::mem::replace(&mut trace.current, trace.files.len() as u32 - 1)
    }

    /// What follows comes from the file before.
    pub(in crate::layout) fn leave(&mut self, before: u32) {
        if let Some(trace) = &mut self.trace {
            trace.current = before;
        }
    }

    fn note(&mut self, document: &Document, record: &Record) {
        if let Some(trace) = &mut self.trace
            && record.kind == NodeKind::Element
        {
            let position = document.position(record.start as usize);
            trace.points.push(OriginPoint {
                offset: self.flushed + self.buffer.len(),
                file: trace.current,
                line: position.line,
                column: position.column,
            });
        }
    }

    /// Hands on what is left.
    pub(in crate::layout) fn finish(mut self) -> Result<(), LayoutError> {
        self.flush()
    }

    fn flush(&mut self) -> Result<(), LayoutError> {
        self.out.write_all(&self.buffer).map_err(LayoutError::Write)?;
        self.flushed += self.buffer.len();
        self.buffer.clear();
        Ok(())
    }

    fn flush_when_full(&mut self) -> Result<(), LayoutError> {
        if self.buffer.len() >= BUFFER_BYTES { self.flush() } else { Ok(()) }
    }

    /// A line end and the indent of that depth.
    pub(in crate::layout) fn line(&mut self, depth: usize) {
        self.buffer.extend_from_slice(self.line_end.bytes());
        let mut spaces = depth * 2;
        while spaces > SPACES.len() {
            self.buffer.extend_from_slice(SPACES);
            spaces -= SPACES.len();
        }
        self.buffer.extend_from_slice(&SPACES[..spaces]);
    }

    /// Bytes as they are.
    pub(in crate::layout) fn raw(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The start tag of an element of that name, with the declaration that every file has.
    pub(in crate::layout) fn open_named(&mut self, name: &str) {
        self.buffer.push(b'<');
        self.raw(name.as_bytes());
        self.raw(b" xmlns:xsi=\"");
        self.raw(XSI_NAMESPACE.as_bytes());
        self.raw(b"\">");
    }

    /// The start tag of an element of that name, without attributes.
    pub(in crate::layout) fn open_plain(&mut self, name: &str) {
        self.buffer.push(b'<');
        self.raw(name.as_bytes());
        self.buffer.push(b'>');
    }

    /// The end tag of an element of that name.
    pub(in crate::layout) fn close_named(&mut self, name: &str) {
        self.buffer.extend_from_slice(b"</");
        self.raw(name.as_bytes());
        self.buffer.push(b'>');
    }

    /// The start tag of an element, which stays open.
    pub(in crate::layout) fn open_tag(&mut self, document: &Document, index: u32, root: &RootTag) {
        self.tag(document, index, Some(root), TagEnd::Open);
    }

    /// An element with its attributes and nothing in it.
    pub(in crate::layout) fn empty_tag(&mut self, document: &Document, index: u32, root: &RootTag) {
        self.tag(document, index, Some(root), TagEnd::Empty);
    }

    /// The end tag of an element.
    pub(in crate::layout) fn close_tag(&mut self, document: &Document, index: u32) {
        let record = &document.records()[index as usize];
        self.buffer.extend_from_slice(b"</");
        self.buffer.extend_from_slice(name(document, record));
        self.buffer.push(b'>');
    }

    fn tag(&mut self, document: &Document, index: u32, root: Option<&RootTag>, tag_end: TagEnd) {
        let record = &document.records()[index as usize];
        let tag = &document.bytes()[record.start as usize..record.tag_end as usize];
        push_tag(&mut self.buffer, tag, record.name_length as usize, root, tag_end);
    }

    /// Comments and instructions outside of the outermost element, before it, each followed by a line.
    pub(in crate::layout) fn before_root(&mut self, document: &Document, depth: usize) {
        for record in &document.records()[..document.root().index() as usize] {
            if record.kind != NodeKind::Declaration {
                self.leaf_node(document, record);
                self.line(depth);
            }
        }
    }

    /// Comments and instructions behind the outermost element, each on a line.
    pub(in crate::layout) fn after_root(&mut self, document: &Document, depth: usize) {
        let root = document.root().index() as usize;
        for record in &document.records()[document.records()[root].next as usize..] {
            self.line(depth);
            self.leaf_node(document, record);
        }
    }

    /// An element with all that is in it, from its `<`.
    pub(in crate::layout) fn element(
        &mut self,
        document: &Document,
        root: u32,
        depth: usize,
        root_tag: Option<&RootTag>,
        edits: &Edits,
        fill: &dyn Fill,
    ) -> Result<(), LayoutError> {
        let records = document.records();
        let end = records[root as usize].next;
        let mut edits = edits.from(root);
        let mut depth = depth;
        let mut open: Option<u32> = None;
        let mut to_fill: Vec<(u32, usize)> = Vec::new();
        let mut index = root;
        while index < end {
            self.flush_when_full()?;
            let mut edit = None;
            while let Some(((edited, found), rest)) = edits.split_first()
                && *edited == index
            {
                edits = rest;
                match found {
                    Edit::Before(number) => fill.fill(self, *number, depth)?,
                    other => edit = Some(other),
                }
            }
            if index != root && !matches!(edit, Some(Edit::Cut | Edit::Replace(_))) {
                self.line(depth);
            }
            let root_tag = root_tag.filter(|_| index == root);
            if self.node(document, index, depth, root_tag, edit, edits, fill)? == Step::Into {
                if let Some(Edit::Fill(number)) = edit {
                    to_fill.push((index, *number));
                }
                open = Some(index);
                depth += 1;
                index += 1;
            } else {
                index = records[index as usize].next;
                let inside = edits.partition_point(|(edited, _)| *edited < index);
                edits = &edits[inside..];
            }
            while let Some(element) = open
                && records[element as usize].next == index
            {
                if let Some((_, number)) = to_fill.pop_if(|(filled, _)| *filled == element) {
                    fill.fill(self, number, depth)?;
                }
                depth -= 1;
                self.line(depth);
                self.close_tag(document, element);
                open = (element != root).then(|| records[element as usize].parent);
            }
        }
        Ok(())
    }

    /// One node: all of it, or its start tag only.
    #[expect(clippy::too_many_arguments, reason = "one step of the walk needs all that the walk knows")]
    fn node(
        &mut self,
        document: &Document,
        index: u32,
        depth: usize,
        root_tag: Option<&RootTag>,
        edit: Option<&Edit>,
        rest: &[(u32, Edit)],
        fill: &dyn Fill,
    ) -> Result<Step, LayoutError> {
        let records = document.records();
        let record = &records[index as usize];
        self.note(document, record);
        match edit {
            Some(Edit::Cut) => {}
            Some(Edit::Replace(number)) => fill.fill(self, *number, depth)?,
            Some(Edit::Empty) => self.tag(document, index, root_tag, TagEnd::Empty),
            Some(Edit::Text(text)) => {
                self.tag(document, index, root_tag, TagEnd::Open);
                text::push_escaped(&mut self.buffer, text);
                self.close_tag(document, index);
            }
            Some(Edit::Reorder(order)) => {
                self.tag(document, index, root_tag, TagEnd::Open);
                for &child in order {
                    self.line(depth + 1);
                    self.leaf_or_element(document, child, depth + 1)?;
                }
                self.line(depth);
                self.close_tag(document, index);
            }
            _ if record.kind != NodeKind::Element => self.leaf_node(document, record),
            Some(Edit::Fill(number)) if is_emptied(records, index, rest) => {
                self.tag(document, index, root_tag, TagEnd::Open);
                fill.fill(self, *number, depth + 1)?;
                self.line(depth);
                self.close_tag(document, index);
            }
            None if record.next == index + 1 => self.leaf(document, record, root_tag),
            None if is_emptied(records, index, rest) => self.tag(document, index, root_tag, TagEnd::Empty),
            _ => {
                let preserve = self.start_tag(document, record, root_tag);
                if !preserve && !record.has_text {
                    return Ok(Step::Into);
                }
                self.verbatim(document, index)?;
                if let Some(Edit::Fill(number)) = edit {
                    fill.fill(self, *number, depth + 1)?;
                }
                self.close_tag(document, index);
            }
        }
        Ok(Step::Over)
    }

    /// A child that is written out of its order. The walk inside it is the same one, with no edits, so that this goes
    /// one level deep only.
    fn leaf_or_element(&mut self, document: &Document, index: u32, depth: usize) -> Result<(), LayoutError> {
        let record = &document.records()[index as usize];
        if record.kind == NodeKind::Element && record.next == index + 1 {
            self.note(document, record);
            self.leaf(document, record, None);
            return self.flush_when_full();
        }
        self.element(document, index, depth, None, &Edits::default(), &NoFill)
    }

    /// An element that holds no other node: most of all elements.
    fn leaf(&mut self, document: &Document, record: &Record, root_tag: Option<&RootTag>) {
        let bytes = document.bytes();
        let tag = &bytes[record.start as usize..record.tag_end as usize];
        let inner = &bytes[record.tag_end as usize..record.inner_end as usize];
        let look = tag::look(tag, record.name_length as usize);
        let empty_tag = record.tag_end == record.end;
        let end_tag_length = if empty_tag { 0 } else { record.name_length + 3 };
        if root_tag.is_none()
            && look.canonical
            && record.end - record.inner_end == end_tag_length
            && text::is_plain(inner)
        {
            self.buffer.extend_from_slice(&bytes[record.start as usize..record.end as usize]);
            return;
        }
        if empty_tag {
            push_tag(&mut self.buffer, tag, record.name_length as usize, root_tag, TagEnd::Empty);
            return;
        }
        if root_tag.is_none() && look.canonical {
            self.buffer.extend_from_slice(tag);
        } else {
            push_tag(&mut self.buffer, tag, record.name_length as usize, root_tag, TagEnd::Open);
        }
        if record.has_text || look.preserve || !text::is_blank_with_line_end(inner) {
            text::push_text(&mut self.buffer, inner, self.line_end);
        }
        self.buffer.extend_from_slice(b"</");
        self.buffer.extend_from_slice(name(document, record));
        self.buffer.push(b'>');
    }

    /// A start tag that stays open; whether white space inside must be kept.
    fn start_tag(&mut self, document: &Document, record: &Record, root_tag: Option<&RootTag>) -> bool {
        let tag = &document.bytes()[record.start as usize..record.tag_end as usize];
        let look = tag::look(tag, record.name_length as usize);
        if root_tag.is_none() && look.canonical {
            self.buffer.extend_from_slice(tag);
        } else {
            push_tag(&mut self.buffer, tag, record.name_length as usize, root_tag, TagEnd::Open);
        }
        look.preserve
    }

    /// All that is inside an element with text: white space is text there.
    fn verbatim(&mut self, document: &Document, root: u32) -> Result<(), LayoutError> {
        let (records, bytes) = (document.records(), document.bytes());
        let end = records[root as usize].next;
        let mut at = records[root as usize].tag_end as usize;
        let mut open = root;
        let mut index = root + 1;
        loop {
            while records[open as usize].next == index {
                let record = &records[open as usize];
                text::push_text(&mut self.buffer, &bytes[at..record.inner_end as usize], self.line_end);
                at = record.end as usize;
                if open == root {
                    return Ok(());
                }
                self.close_tag(document, open);
                open = record.parent;
            }
            debug_assert!(index < end);
            let record = &records[index as usize];
            text::push_text(&mut self.buffer, &bytes[at..record.start as usize], self.line_end);
            at = record.tag_end as usize;
            index += 1;
            if record.kind != NodeKind::Element {
                self.leaf_node(document, record);
            } else if record.tag_end == record.end {
                let tag = &bytes[record.start as usize..record.tag_end as usize];
                push_tag(&mut self.buffer, tag, record.name_length as usize, None, TagEnd::Empty);
            } else {
                self.start_tag(document, record, None);
                open = index - 1;
            }
            self.flush_when_full()?;
        }
    }

    fn leaf_node(&mut self, document: &Document, record: &Record) {
        let raw = &document.bytes()[record.start as usize..record.end as usize];
        text::push_lines(&mut self.buffer, raw, self.line_end);
    }
}

#[derive(PartialEq, Eq)]
enum Step {
    Into,
    Over,
}

fn name<'d>(document: &'d Document, record: &Record) -> &'d [u8] {
    let start = record.start as usize + 1;
    &document.bytes()[start..start + record.name_length as usize]
}

/// Whether the element held something and all of it is cut, or it never held anything but white space.
fn is_emptied(records: &[Record], index: u32, rest: &[(u32, Edit)]) -> bool {
    let record = &records[index as usize];
    if record.has_text {
        return false;
    }
    let mut cuts = rest.iter();
    let mut child = index + 1;
    while child < record.next {
        match cuts.find(|(edited, _)| *edited >= child) {
            Some((edited, Edit::Cut)) if *edited == child => child = records[child as usize].next,
            _ => return false,
        }
    }
    true
}
