//! The one reading of a text: markup from quick-xml, each piece checked, into the flat index.

use std::io::BufRead as _;
use std::iter::Peekable;
use std::ops::Range;

use memchr::memmem::FindIter;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::characters::{check_all, is_blank, reference, shown};
use super::document::{NO_PARENT, NodeKind, Record};
use super::namespaces::Namespaces;
use super::tag::Tag;
use super::{Limits, XmlFault, markup};
use crate::text::mark_length;

/// A fault and the byte offset where it is; line and column are made of it later.
pub(super) type Faulty = (usize, XmlFault);

/// Bytes for each record, as real exports have it; only a guess of how much room to set aside.
const BYTES_A_RECORD: usize = 48;

/// From here on two threads are worth their while.
const LONG: usize = 4 << 20;

/// Reads the text. The first record that is an element is the outermost one.
pub(super) fn index(text: &str, limits: &Limits) -> Result<Vec<Record>, Faulty> {
    if u32::try_from(text.len()).is_err() {
        return Err((0, XmlFault::TooLong {}));
    }
    if text.len() < LONG {
        check_all(text)?;
        return read(text, limits);
    }
    // Of both faults the first to be told is that of a character, as if it were looked for first.
    let (checked, records) = rayon::join(|| check_all(text), || read(text, limits));
    checked.and(records)
}

/// Reads a text in which no character is forbidden.
fn read(text: &str, limits: &Limits) -> Result<Vec<Record>, Faulty> {
    let bytes = text.as_bytes();
    let mark = mark_length(bytes);
    let mut reader = Reader::from_reader(&bytes[mark..]);
    let config = reader.config_mut();
    // Names of ends and comments are checked here, with the place and both names.
    config.check_end_names = false;
    config.check_comments = false;
    config.allow_unmatched_ends = true;
    let mut reading = Reading {
        text,
        mark,
        limits,
        records: Vec::with_capacity(bytes.len() / BYTES_A_RECORD),
        open: Vec::new(),
        root_seen: false,
        tag: Tag::default(),
        namespaces: Namespaces::default(),
        section_ends: memchr::memmem::find_iter(bytes, b"]]>").peekable(),
    };
    loop {
        // quick-xml would cut text at each reference, look at every piece again, and not check it: text is read here.
        let from = reader.buffer_position() as usize + mark;
        let start = reading.text(from)?;
        if start == bytes.len() {
            return reading.finish();
        }
        // Nor is there anything to learn about an end tag that is written as it has to be.
        if let Some(end) = reading.plain_end(start) {
            reader.stream().consume(end - from);
            continue;
        }
        // Most markup is start tags, of which every byte is looked at below: all that must be known is where they end.
        if !matches!(bytes.get(start + 1), Some(b'/' | b'!' | b'?'))
            && let Some(end) = tag_end(bytes, start)
        {
            reading.start(start..end, bytes[end - 2] == b'/')?;
            reader.stream().consume(end - from);
            continue;
        }
        reader.stream().consume(start - from);
        // A document type is refused before anything of it is read.
        if bytes[start + 1..].first() == Some(&b'!') && !matches!(bytes.get(start + 2), Some(b'-' | b'[')) {
            return Err((start, bang_fault(&bytes[start..])));
        }
        let event = reader.read_event();
        let end = reader.buffer_position() as usize + mark;
        match event {
            Ok(event) => reading.markup(&event, start..end)?,
            Err(_) => return Err((start, cut_off(&bytes[start..]))),
        }
    }
}

/// The offset behind the `>` of the tag that starts here: the first that is not inside of quotes.
fn tag_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr3(b'>', b'"', b'\'', &bytes[at..])?;
        match bytes[at] {
            b'>' => return Some(at + 1),
            quote => at += 2 + memchr::memchr(quote, &bytes[at + 1..])?,
        }
    }
}

/// `<!` and then neither a comment nor CDATA.
fn bang_fault(bytes: &[u8]) -> XmlFault {
    const DOCTYPE: &[u8] = b"<!DOCTYPE";
    match bytes.get(..DOCTYPE.len()) {
        Some(start) if start.eq_ignore_ascii_case(DOCTYPE) => XmlFault::Doctype {},
        _ => XmlFault::Name {},
    }
}

/// The tokenizer found no end to what starts here, or it is one of the few things that it refuses by itself.
fn cut_off(bytes: &[u8]) -> XmlFault {
    let what = match bytes {
        [b'<', b'?', b'>', ..] => return XmlFault::Name {},
        [b'<', b'?', ..] => "a processing instruction",
        [b'<', b'!', b'-', b'-', ..] => "a comment",
        _ if bytes.starts_with(b"<![CDATA[") => "CDATA",
        [b'<', b'!', ..] => return XmlFault::Name {},
        _ => "a tag",
    };
    XmlFault::CutOff { what }
}

struct Reading<'b, 'l> {
    text: &'b str,
    mark: usize,
    limits: &'l Limits,
    records: Vec<Record>,
    open: Vec<u32>,
    root_seen: bool,
    tag: Tag,
    namespaces: Namespaces<'b>,
    /// Where `]]>` stands in the whole text: one search instead of one for every piece.
    section_ends: Peekable<FindIter<'b, 'static>>,
}

impl Reading<'_, '_> {
    /// Checks the text that starts at `start`, and says where it ends: at a `<`, or at the end of all.
    fn text(&mut self, start: usize) -> Result<usize, Faulty> {
        let bytes = self.text.as_bytes();
        let mut at = start;
        let end = loop {
            match memchr::memchr2(b'<', b'&', &bytes[at..]) {
                None => break bytes.len(),
                Some(found) if bytes[at + found] == b'<' => break at + found,
                Some(found) if self.open.is_empty() => {
                    // Told below with the place of the first character that does not belong there.
                    break at + found + 1;
                }
                Some(found) => at = reference(self.text, at + found)?.0,
            }
        };
        if start == end {
            return Ok(end);
        }
        if let Some(at) = bytes[start..end].iter().position(|&byte| !is_blank(byte)) {
            match self.open.last() {
                None => return Err((start + at, XmlFault::TextOutside {})),
                Some(&index) => self.records[index as usize].has_text = true,
            }
        }
        while self.section_ends.next_if(|&at| at < start).is_some() {}
        match self.section_ends.peek() {
            Some(&at) if at < end => Err((at, XmlFault::CDataEnd {})),
            _ => Ok(end),
        }
    }

    fn markup(&mut self, event: &Event<'_>, range: Range<usize>) -> Result<(), Faulty> {
        match event {
            Event::Start(_) => self.start(range, false),
            Event::Empty(_) => self.start(range, true),
            Event::End(_) => self.end(range),
            Event::CData(_) if self.open.is_empty() => Err((range.start, XmlFault::TextOutside {})),
            Event::CData(_) => {
                if let Some(&index) = self.open.last() {
                    self.records[index as usize].has_text = true;
                }
                self.leaf(NodeKind::CData, range)
            }
            Event::Comment(_) => {
                markup::comment(self.text, range.clone())?;
                self.leaf(NodeKind::Comment, range)
            }
            Event::Decl(_) if range.start == self.mark => {
                markup::declaration(self.text, range.clone(), &mut self.tag)?;
                self.leaf(NodeKind::Declaration, range)
            }
            Event::Decl(_) | Event::PI(_) => {
                markup::instruction(self.text, range.clone())?;
                self.leaf(NodeKind::Instruction, range)
            }
            // None of these: the reader always stands at a `<`, and a document type has been refused.
            Event::DocType(_) => Err((range.start, XmlFault::Doctype {})),
            Event::Text(_) | Event::GeneralRef(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, range: Range<usize>, is_empty: bool) -> Result<(), Faulty> {
        if self.open.is_empty() && std::mem::replace(&mut self.root_seen, true) {
            return Err((range.start, XmlFault::SecondRoot {}));
        }
        let depth = self.open.len();
        if depth >= self.limits.depth {
            return Err((range.start, XmlFault::Depth { limit: self.limits.depth }));
        }
        self.tag.read(self.text, range.clone(), self.limits)?;
        if self.tag.has_namespaces {
            self.namespaces.open(self.text, &self.tag, depth)?;
        }
        let index = self.records.len() as u32;
        let end = range.end as u32;
        self.records.push(Record {
            kind: NodeKind::Element,
            has_text: false,
            start: range.start as u32,
            tag_end: end,
            inner_end: end,
            end,
            name_length: (self.tag.name.end - self.tag.name.start) as u32,
            parent: self.parent(),
            next: index + 1,
        });
        if is_empty {
            self.namespaces.close(depth);
        } else {
            self.open.push(index);
        }
        Ok(())
    }

    /// Closes the innermost element when its end tag stands here without white space: the offset behind it.
    fn plain_end(&mut self, start: usize) -> Option<usize> {
        let index = *self.open.last()?;
        let name_start = start + "</".len();
        let rest = self.text.as_bytes()[start..].strip_prefix(b"</")?;
        let rest = rest.strip_prefix(self.name(index).as_bytes())?;
        (rest.first() == Some(&b'>')).then(|| {
            let end = name_start + self.name(index).len() + ">".len();
            self.open.pop();
            self.close(index, start..end);
            end
        })
    }

    fn end(&mut self, range: Range<usize>) -> Result<(), Faulty> {
        let written = &self.text[range.start + "</".len()..range.end - ">".len()];
        let Some(index) = self.open.pop() else {
            return Err((range.start, XmlFault::EndWithoutStart { found: shown(written) }));
        };
        let name = self.name(index);
        if name != written && name != written.trim_end_matches([' ', '\t', '\r', '\n']) {
            return Err((range.start, XmlFault::EndTag { expected: shown(name), found: shown(written) }));
        }
        self.close(index, range);
        Ok(())
    }

    fn close(&mut self, index: u32, end_tag: Range<usize>) {
        let next = self.records.len() as u32;
        let record = &mut self.records[index as usize];
        record.inner_end = end_tag.start as u32;
        record.end = end_tag.end as u32;
        record.next = next;
        self.namespaces.close(self.open.len());
    }

    fn name(&self, index: u32) -> &str {
        let record = &self.records[index as usize];
        let start = record.start as usize + 1;
        &self.text[start..start + record.name_length as usize]
    }

    fn leaf(&mut self, kind: NodeKind, range: Range<usize>) -> Result<(), Faulty> {
        let next = self.records.len() as u32 + 1;
        let (start, end) = (range.start as u32, range.end as u32);
        let parent = self.parent();
        self.records.push(Record {
            kind,
            has_text: false,
            start,
            tag_end: end,
            inner_end: end,
            end,
            name_length: 0,
            parent,
            next,
        });
        Ok(())
    }

    fn parent(&self) -> u32 {
        self.open.last().copied().unwrap_or(NO_PARENT)
    }

    fn finish(mut self) -> Result<Vec<Record>, Faulty> {
        if let Some(&index) = self.open.last() {
            let start = self.records[index as usize].start as usize;
            return Err((start, XmlFault::Unclosed { name: shown(self.name(index)) }));
        }
        if !self.root_seen {
            return Err((self.text.len(), XmlFault::NoRoot {}));
        }
        self.records.shrink_to_fit();
        Ok(self.records)
    }
}
