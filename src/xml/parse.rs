//! The one reading of a text: tokens from quick-xml, each checked, into the flat index.

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::Event;

use super::check::{self, Faulty, Namespaces, Tag};
use super::document::{NO_PARENT, NodeKind, Record};
use super::{Limits, XmlFault};

/// Bytes for each record, as real exports have it; only a guess of how much room to set aside.
const BYTES_A_RECORD: usize = 48;

/// Length of the byte order mark that the text starts with.
pub(super) fn mark_length(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
}

/// Reads the text. The first record that is an element is the outermost one.
pub(super) fn index(bytes: &[u8], limits: &Limits) -> Result<Vec<Record>, Faulty> {
    check::text(bytes)?;
    let mark = mark_length(bytes);
    let mut reader = Reader::from_reader(&bytes[mark..]);
    let config = reader.config_mut();
    // Names of ends and comments are checked here, with the place and both names.
    config.check_end_names = false;
    config.check_comments = false;
    config.allow_unmatched_ends = true;
    let mut reading = Reading {
        bytes,
        mark,
        limits,
        records: Vec::with_capacity(bytes.len() / BYTES_A_RECORD),
        open: Vec::new(),
        root_seen: false,
        tag: Tag::default(),
        namespaces: Namespaces::default(),
    };
    loop {
        let start = reader.buffer_position() as usize + mark;
        let event = reader.read_event();
        let end = reader.buffer_position() as usize + mark;
        match event {
            Ok(Event::Eof) => break,
            Ok(event) => reading.take(&event, start, end)?,
            Err(error) => return Err((reader.error_position() as usize + mark, fault_of(&error))),
        }
    }
    reading.finish()
}

fn fault_of(error: &Error) -> XmlFault {
    match error {
        Error::IllFormed(IllFormedError::UnclosedReference) => XmlFault::Reference {},
        other => XmlFault::CutOff { reason: other.to_string() },
    }
}

struct Reading<'b, 'l> {
    bytes: &'b [u8],
    mark: usize,
    limits: &'l Limits,
    records: Vec<Record>,
    open: Vec<u32>,
    root_seen: bool,
    tag: Tag,
    namespaces: Namespaces<'b>,
}

impl Reading<'_, '_> {
    fn take(&mut self, event: &Event<'_>, start: usize, end: usize) -> Result<(), Faulty> {
        match event {
            Event::Start(_) => self.start(start, end, false),
            Event::Empty(_) => self.start(start, end, true),
            Event::End(_) => self.end(start, end),
            Event::Text(_) => self.text(start, end),
            Event::GeneralRef(_) => {
                self.inside(start)?;
                check::references(&self.bytes[start..end], start)
            }
            Event::CData(_) => {
                self.inside(start)?;
                self.leaf(NodeKind::CData, start, end);
                Ok(())
            }
            Event::Comment(_) => {
                let inside = &self.bytes[start + 4..end - 3];
                if memchr::memmem::find(inside, b"--").is_some() || inside.ends_with(b"-") {
                    return Err((start, XmlFault::Comment {}));
                }
                self.leaf(NodeKind::Comment, start, end);
                Ok(())
            }
            Event::Decl(_) if start == self.mark => {
                check::declaration(self.bytes, start, end, &mut self.tag)?;
                self.leaf(NodeKind::Declaration, start, end);
                Ok(())
            }
            Event::Decl(_) => Err((start, XmlFault::Declaration {})),
            Event::PI(_) => {
                check::instruction(self.bytes, start, end)?;
                self.leaf(NodeKind::Instruction, start, end);
                Ok(())
            }
            Event::DocType(_) => Err((start, XmlFault::Doctype {})),
            Event::Eof => Ok(()),
        }
    }

    fn inside(&self, at: usize) -> Result<(), Faulty> {
        if self.open.is_empty() { Err((at, XmlFault::TextOutside {})) } else { Ok(()) }
    }

    fn text(&self, start: usize, end: usize) -> Result<(), Faulty> {
        let text = &self.bytes[start..end];
        if self.open.is_empty()
            && let Some(at) = text.iter().position(|&byte| !check::is_blank(byte))
        {
            return Err((start + at, XmlFault::TextOutside {}));
        }
        match memchr::memmem::find(text, b"]]>") {
            Some(at) => Err((start + at, XmlFault::CDataEnd {})),
            None => Ok(()),
        }
    }

    fn start(&mut self, start: usize, end: usize, empty: bool) -> Result<(), Faulty> {
        if self.open.is_empty() && std::mem::replace(&mut self.root_seen, true) {
            return Err((start, XmlFault::SecondRoot {}));
        }
        let depth = self.open.len();
        if depth >= self.limits.depth {
            return Err((start, XmlFault::Depth { limit: self.limits.depth }));
        }
        self.tag.read(self.bytes, start..end, self.limits)?;
        self.namespaces.open(self.bytes, &self.tag, depth)?;
        let index = self.records.len() as u32;
        self.records.push(Record {
            kind: NodeKind::Element,
            start: start as u32,
            tag_end: end as u32,
            inner_end: end as u32,
            end: end as u32,
            name_length: self.tag.name.len() as u32,
            parent: self.parent(),
            next: index + 1,
        });
        if empty {
            self.namespaces.close(depth);
        } else {
            self.open.push(index);
        }
        Ok(())
    }

    fn end(&mut self, start: usize, end: usize) -> Result<(), Faulty> {
        let written = self.bytes[start + 2..end - 1].trim_ascii_end();
        let words = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(100)]).into_owned();
        let Some(index) = self.open.pop() else {
            return Err((start, XmlFault::EndWithoutStart { found: words(written) }));
        };
        let next = self.records.len() as u32;
        let record = &mut self.records[index as usize];
        let name_start = record.start as usize + 1;
        let name = &self.bytes[name_start..name_start + record.name_length as usize];
        if name != written {
            return Err((start, XmlFault::EndTag { expected: words(name), found: words(written) }));
        }
        record.inner_end = start as u32;
        record.end = end as u32;
        record.next = next;
        self.namespaces.close(self.open.len());
        Ok(())
    }

    fn leaf(&mut self, kind: NodeKind, start: usize, end: usize) {
        let next = self.records.len() as u32 + 1;
        let (start, end) = (start as u32, end as u32);
        let parent = self.parent();
        self.records.push(Record {
            kind,
            start,
            tag_end: end,
            inner_end: end,
            end,
            name_length: 0,
            parent,
            next,
        });
    }

    fn parent(&self) -> u32 {
        self.open.last().copied().unwrap_or(NO_PARENT)
    }

    fn finish(mut self) -> Result<Vec<Record>, Faulty> {
        if let Some(&index) = self.open.last() {
            let record = &self.records[index as usize];
            let name_start = record.start as usize + 1;
            let name = &self.bytes[name_start..name_start + record.name_length as usize];
            let name = String::from_utf8_lossy(name).into_owned();
            return Err((record.start as usize, XmlFault::Unclosed { name }));
        }
        if !self.root_seen {
            return Err((self.bytes.len(), XmlFault::NoRoot {}));
        }
        self.records.shrink_to_fit();
        Ok(self.records)
    }
}
