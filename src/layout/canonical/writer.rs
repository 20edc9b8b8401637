//! The serialiser: what it is told, its tags and lines. The walk over a document is in `walk.rs`.

use std::io::Write;

use super::LineEnd;
use super::tag::{RootTag, TagEnd, push_tag};
use crate::layout::LayoutError;
use crate::package::OriginPoint;
use crate::text::PositionWalk;
use crate::xml::{Document, NodeKind, Record};

/// Bytes that are gathered before they are handed on.
const BUFFER_BYTES: usize = 1 << 16;
/// Room at the start: most files are small.
const FIRST_BYTES: usize = 1 << 13;
/// The namespace that the packager declares in each file.
pub(in crate::layout) const XSI_NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Bytes of CRLF, which ends with the other line end.
const LINE_END: usize = 2;
/// A line end and more spaces than most lines begin with.
const LINE: [u8; LINE_END + 64] = {
    let mut line = [b' '; LINE_END + 64];
    (line[0], line[1]) = (b'\r', b'\n');
    line
};

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

    pub(super) fn from(&self, index: u32) -> &[(u32, Edit)] {
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
    pub(super) buffer: Vec<u8>,
    pub(super) line_end: LineEnd,
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
    /// How far each file is read: most elements are written in the order in which they stand.
    walks: Vec<Option<PositionWalk>>,
}

impl<'o> XmlWriter<'o> {
    /// Starts a file: byte order mark, declaration, line end.
    pub(in crate::layout) fn new(out: &'o mut dyn Write, line_end: LineEnd) -> Self {
        let mut buffer = Vec::with_capacity(FIRST_BYTES);
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

    pub(super) fn note(&mut self, document: &Document, record: &Record) {
        if let Some(trace) = &mut self.trace
            && record.kind == NodeKind::Element
        {
            trace.walks.resize(trace.files.len(), None);
            let (bytes, start) = (document.bytes(), record.start as usize);
            let walk = trace.walks[trace.current as usize].get_or_insert_with(|| PositionWalk::new(bytes));
            let position = walk.to(bytes, start).unwrap_or_else(|| document.position(start));
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

    pub(super) fn flush_when_full(&mut self) -> Result<(), LayoutError> {
        if self.buffer.len() >= BUFFER_BYTES { self.flush() } else { Ok(()) }
    }

    /// A line end and the indent of that depth.
    pub(in crate::layout) fn line(&mut self, depth: usize) {
        let start = LINE_END - self.line_end.bytes().len();
        let spaces = 2 * depth;
        let (first, more) = (spaces.min(LINE.len() - LINE_END), spaces.saturating_sub(LINE.len() - LINE_END));
        self.buffer.extend_from_slice(&LINE[start..LINE_END + first]);
        self.buffer.resize(self.buffer.len() + more, b' ');
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
        self.note(document, &document.records()[index as usize]);
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

    pub(super) fn tag(&mut self, document: &Document, index: u32, root: Option<&RootTag>, tag_end: TagEnd) {
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
}

pub(super) fn name<'d>(document: &'d Document, record: &Record) -> &'d [u8] {
    let start = record.start as usize + 1;
    &document.bytes()[start..start + record.name_length as usize]
}
