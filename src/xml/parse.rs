//! The one reading of a text: markup from quick-xml, each piece checked, into the flat index.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::characters::{Name, check_all, is_blank, name, reference, shown};
use super::document::{NO_PARENT, NodeKind, Record};
use super::namespaces::Namespaces;
use super::pieces::{self, Outer};
use super::tag::Tag;
use super::{Limits, XmlFault, markup};
use crate::text::mark_length;

/// A fault and the byte offset where it is; line and column are made of it later.
pub(super) type Faulty = (usize, XmlFault);

/// Bytes for each record, as real exports have it; only a guess of how much room to set aside.
pub(super) const BYTES_A_RECORD: usize = 48;

/// From here on several threads are worth their while.
const LONG: usize = 4 << 20;

/// So much is read at once then: it stays near the processor from one look at it to the next.
const PIECE: usize = 512 << 10;

/// Reads the text. The first record that is an element is the outermost one.
pub(super) fn index(text: &str, limits: &Limits) -> Result<Vec<Record>, Faulty> {
    if u32::try_from(text.len()).is_err() {
        return Err((0, XmlFault::TooLong {}));
    }
    if text.len() >= LONG {
        return pieces::index(text, limits, PIECE);
    }
    check_all(text, 0..text.len())?;
    let mut reading = Reading::new(text, limits, mark_length(text.as_bytes())..text.len());
    reading.records.reserve(text.len() / BYTES_A_RECORD);
    reading.read()?;
    reading.finish()
}

/// The offset behind the `>` of the tag that starts here: the first that is not inside of quotes.
pub(crate) fn tag_end(bytes: &[u8], start: usize) -> Option<usize> {
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

/// A text, or a piece of it, on its way into the index. No character that is forbidden stands in it.
pub(super) struct Reading<'b, 'l> {
    text: &'b str,
    pub(super) limits: &'l Limits,
    /// Where markup is looked for next; in the end, where it starts.
    pub(super) at: usize,
    /// What starts from here on is not read.
    until: usize,
    /// What stands from here on is not looked at.
    end: usize,
    pub(super) records: Vec<Record>,
    pub(super) open: Vec<u32>,
    /// Most elements that were inside each other.
    pub(super) deepest: usize,
    pub(super) root_seen: bool,
    tag: Tag,
    pub(super) namespaces: Namespaces<'b>,
    /// What is told of the elements around a piece; none where the reading began with the text.
    pub(super) outer: Option<Outer>,
}

impl<'b, 'l> Reading<'b, 'l> {
    /// A reading of what stands in the range.
    pub(super) fn new(text: &'b str, limits: &'l Limits, range: Range<usize>) -> Self {
        Self {
            text,
            limits,
            at: range.start,
            until: range.end,
            end: range.end,
            records: Vec::new(),
            open: Vec::new(),
            deepest: 0,
            root_seen: false,
            tag: Tag::default(),
            namespaces: Namespaces::default(),
            outer: None,
        }
    }

    /// Reads all markup in the range.
    pub(super) fn read(&mut self) -> Result<(), Faulty> {
        while self.step()? {}
        Ok(())
    }

    /// Reads on to another offset, or behind it, when markup begins before it and ends after it.
    pub(super) fn read_until(&mut self, until: usize) -> Result<(), Faulty> {
        (self.until, self.end) = (until, self.text.len());
        self.read()
    }

    /// Reads one text and the markup behind it. False where there is none in the range.
    pub(super) fn step(&mut self) -> Result<bool, Faulty> {
        let bytes = &self.text.as_bytes()[..self.end];
        // quick-xml would cut text at each reference, look at every piece again, and not check it: text is read here.
        let start = self.text(self.at)?;
        self.at = start;
        if start >= self.until || start == bytes.len() {
            return Ok(false);
        }
        // Nor is there anything to learn about an end tag that is written as it has to be.
        if let Some(end) = self.plain_end(start) {
            self.at = end;
            return Ok(true);
        }
        // Most markup is start tags with nothing but a name.
        if let Some(name) = name(self.text, start + 1, bytes.len())
            && bytes.get(name.end) == Some(&b'>')
        {
            self.start(start..name.end + 1, Some(name), false)?;
            self.at = name.end + 1;
            return Ok(true);
        }
        // Of the others every byte is looked at below: all that must be known is where they end.
        if !matches!(bytes.get(start + 1), Some(b'/' | b'!' | b'?'))
            && let Some(end) = tag_end(bytes, start)
        {
            self.start(start..end, None, bytes[end - 2] == b'/')?;
            self.at = end;
            return Ok(true);
        }
        // A document type is refused before anything of it is read.
        if bytes[start + 1..].first() == Some(&b'!') && !matches!(bytes.get(start + 2), Some(b'-' | b'[')) {
            return Err((start, bang_fault(&bytes[start..])));
        }
        let mut reader = Reader::from_reader(&bytes[start..]);
        let config = reader.config_mut();
        // Names of ends and comments are checked here, with the place and both names.
        config.check_end_names = false;
        config.check_comments = false;
        config.allow_unmatched_ends = true;
        let event = reader.read_event().map_err(|_| (start, cut_off(&bytes[start..])))?;
        let end = start + reader.buffer_position() as usize;
        self.markup(&event, start..end)?;
        self.at = end;
        Ok(true)
    }

    /// Nothing is open, and nothing is around.
    fn is_outside(&self) -> bool {
        self.open.is_empty() && self.outer.is_none()
    }

    /// Checks the text that starts at `start`, and says where it ends: at a `<`, or at the end of all.
    fn text(&mut self, start: usize) -> Result<usize, Faulty> {
        let bytes = &self.text.as_bytes()[..self.end];
        let blanks = bytes[start..].iter().take_while(|&&byte| is_blank(byte)).count();
        let first = start + blanks;
        if matches!(bytes.get(first), None | Some(b'<')) {
            return Ok(first);
        }
        let mut at = first;
        let mut section_end = None;
        let end = loop {
            let Some(found) = memchr::memchr3(b'<', b'&', b']', &bytes[at..]) else { break bytes.len() };
            at += found;
            match bytes[at] {
                b'<' => break at,
                b']' => {
                    if section_end.is_none() && bytes[at..].starts_with(b"]]>") {
                        section_end = Some(at);
                    }
                    at += 1;
                }
                // Told below with the place of the first character that does not belong there.
                _ if self.is_outside() => break at + 1,
                _ => at = reference(self.text, at)?.0,
            }
        };
        self.has_text(first)?;
        section_end.map_or(Ok(end), |at| Err((at, XmlFault::CDataEnd {})))
    }

    /// The innermost element holds text, which stands there.
    fn has_text(&mut self, at: usize) -> Result<(), Faulty> {
        match (self.open.last(), &mut self.outer) {
            (Some(&index), _) => self.records[index as usize].has_text = true,
            (None, Some(outer)) => outer.has_text(),
            (None, None) => return Err((at, XmlFault::TextOutside {})),
        }
        Ok(())
    }

    fn markup(&mut self, event: &Event<'_>, range: Range<usize>) -> Result<(), Faulty> {
        match event {
            Event::Start(_) => self.start(range, None, false),
            Event::Empty(_) => self.start(range, None, true),
            Event::End(_) => self.end(range),
            Event::CData(_) => {
                self.has_text(range.start)?;
                self.leaf(NodeKind::CData, range)
            }
            Event::Comment(_) => {
                markup::comment(self.text, range.clone())?;
                self.leaf(NodeKind::Comment, range)
            }
            Event::Decl(_) if range.start == mark_length(self.text.as_bytes()) => {
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

    /// A start tag or an empty element; with its name when that is all there is to it.
    fn start(&mut self, range: Range<usize>, name: Option<Name>, is_empty: bool) -> Result<(), Faulty> {
        if self.is_outside() && std::mem::replace(&mut self.root_seen, true) {
            return Err((range.start, XmlFault::SecondRoot {}));
        }
        let depth = self.open.len();
        if depth >= self.limits.depth {
            return Err((range.start, XmlFault::Depth { limit: self.limits.depth }));
        }
        self.deepest = self.deepest.max(depth + 1);
        self.tag.read(self.text, range.clone(), name, self.limits)?;
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
        let rest = self.text.as_bytes()[start..].strip_prefix(b"</")?;
        let name = self.name(index).as_bytes();
        if rest.get(name.len()) != Some(&b'>') || !rest.starts_with(name) {
            return None;
        }
        let end = start + "</".len() + name.len() + ">".len();
        self.open.pop();
        self.close(index, start..end);
        Some(end)
    }

    fn end(&mut self, range: Range<usize>) -> Result<(), Faulty> {
        let written = &self.text[range.start + "</".len()..range.end - ">".len()];
        let Some(index) = self.open.pop() else {
            return match &mut self.outer {
                // More elements than that are not around anything.
                Some(outer) if outer.count() < self.limits.depth => {
                    outer.ends(range, self.records.len());
                    Ok(())
                }
                _ => Err((range.start, XmlFault::EndWithoutStart { found: shown(written) })),
            };
        };
        let name = self.name(index);
        if !is_end_of(name, written) {
            return Err((range.start, XmlFault::EndTag { expected: shown(name), found: shown(written) }));
        }
        self.close(index, range);
        Ok(())
    }

    /// Whether the end tag is that of the element.
    pub(super) fn is_end(&self, index: u32, end_tag: &Range<usize>) -> bool {
        is_end_of(self.name(index), &self.text[end_tag.start + "</".len()..end_tag.end - ">".len()])
    }

    pub(super) fn close(&mut self, index: u32, end_tag: Range<usize>) {
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

    pub(super) fn finish(mut self) -> Result<Vec<Record>, Faulty> {
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

/// Whether an end tag, in which this is written, ends an element of that name.
fn is_end_of(name: &str, written: &str) -> bool {
    name == written || name == written.trim_end_matches([' ', '\t', '\r', '\n'])
}
