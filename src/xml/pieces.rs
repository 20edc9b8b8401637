//! A long text, read in pieces on all threads: [`index`].
//!
//! A piece is read without knowing what stands before it, as if it began in the content of some element. Then the pieces are
//! joined in their order. One that does not begin where the one before ended (in a comment, say), or that is not what it has
//! to be, is read again, as the text from its start would have been: what is found, a fault too, does not depend on the pieces.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::Limits;
use super::characters::check_all;
use super::document::{NO_PARENT, Record};
use super::namespaces::Namespaces;
use super::parse::{BYTES_A_RECORD, Faulty, Reading};
use crate::text::mark_length;

/// What a piece tells of the elements around it.
#[derive(Debug, Default)]
pub(super) struct Outer {
    /// Their end tags in order, the innermost element's first, each with the number of records of the piece before it.
    ends: Vec<(Range<usize>, usize)>,
    /// How many of them end before a place where text stands directly inside of one.
    texts: Vec<usize>,
}

impl Outer {
    /// The innermost one that is left holds text.
    pub(super) fn has_text(&mut self) {
        if self.texts.last() != Some(&self.ends.len()) {
            self.texts.push(self.ends.len());
        }
    }

    /// How many of them end.
    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }

    /// The innermost one that is left ends.
    pub(super) fn ends(&mut self, end_tag: Range<usize>, records: usize) {
        self.ends.push((end_tag, records));
    }
}

/// So many pieces for each thread are read before they are joined: what they are read into is used again.
const AT_ONCE: usize = 8;

/// Reads the text in pieces of about so many bytes.
pub(super) fn index(text: &str, limits: &Limits, length: usize) -> Result<Vec<Record>, Faulty> {
    let mark = mark_length(text.as_bytes());
    let ranges = ranges(text.as_bytes(), mark, length);
    let namespaces = of_outermost(text, mark, limits);
    let used = Mutex::new(Vec::new());
    let read = |range: &Range<usize>| {
        check_all(text, range.clone())?;
        let first = range.start == mark;
        let records = used.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        Ok(piece(text, limits, range.clone(), (!first).then_some(&namespaces), records))
    };
    let mut whole = Reading::new(text, limits, mark..mark);
    whole.records.reserve(text.len() / BYTES_A_RECORD);
    for ranges in ranges.chunks(AT_ONCE * rayon::current_num_threads()) {
        let pieces: Vec<Result<_, Faulty>> = ranges.par_iter().map(read).collect();
        // Of several faults the first to be told is that of a character, as if it were looked for first.
        let pieces = pieces.into_iter().collect::<Result<Vec<_>, _>>()?;
        for (range, piece) in ranges.iter().zip(pieces) {
            let joined = piece.filter(|_| whole.at == range.start).and_then(|piece| whole.join(piece));
            match joined {
                Some(records) => used.lock().unwrap_or_else(PoisonError::into_inner).push(records),
                None => whole.read_until(range.end).or_else(|fault| {
                    check_all(text, range.start..text.len())?;
                    Err(fault)
                })?,
            }
        }
    }
    whole.finish()
}

/// Reads one piece, into `records`; of all but the first it is told what holds around it. None when it is to be read again.
fn piece<'b, 'l>(
    text: &'b str,
    limits: &'l Limits,
    range: Range<usize>,
    around: Option<&Namespaces<'b>>,
    mut records: Vec<Record>,
) -> Option<Reading<'b, 'l>> {
    records.clear();
    records.reserve(range.len() / BYTES_A_RECORD);
    let mut piece = Reading::new(text, limits, range);
    piece.records = records;
    if let Some(around) = around {
        piece.outer = Some(Outer::default());
        piece.namespaces = around.clone();
    }
    piece.read().ok()?;
    if around.is_some() {
        // What holds behind it is told by those before it, unless it says something itself.
        let namespaces = std::mem::take(&mut piece.namespaces);
        namespaces.is_closed().then_some(())?;
    }
    Some(piece)
}

/// The pieces of what stands from `start` on, each but the first from a `<` on.
fn ranges(bytes: &[u8], mut start: usize, length: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    while start < bytes.len() {
        let from = bytes.len().min(start + length);
        let end = memchr::memchr(b'<', &bytes[from..]).map_or(bytes.len(), |found| from + found);
        ranges.push(start..end);
        start = end;
    }
    ranges
}

/// What the outermost element declares; nothing where that cannot be told.
fn of_outermost<'b>(text: &'b str, start: usize, limits: &Limits) -> Namespaces<'b> {
    let mut reading = Reading::new(text, limits, start..text.len());
    while !reading.root_seen {
        match reading.step() {
            Ok(true) => {}
            _ => return Namespaces::default(),
        }
    }
    reading.namespaces.inherited()
}

impl Reading<'_, '_> {
    /// Takes over what a piece gave that begins where this reading came to, and gives its records to be used again. None, and
    /// nothing is taken, when the two do not fit: then one of them has a fault, or it cannot be told without reading again.
    fn join(&mut self, mut piece: Self) -> Option<Vec<Record>> {
        let Some(outer) = &piece.outer else {
            // The first one; its records go to where there is room for all.
            std::mem::swap(&mut self.records, &mut piece.records);
            piece.records.extend_from_slice(&self.records);
            let used = std::mem::take(&mut self.records);
            *self = piece;
            return Some(used);
        };
        if !self.fits(&piece, outer) {
            return None;
        }
        for level in &outer.texts {
            let around = self.open[self.open.len() - 1 - level];
            self.records[around as usize].has_text = true;
        }
        let base = self.records.len() as u32;
        let mut taken = 0;
        for (end_tag, records) in &outer.ends {
            self.take(&piece.records[taken..*records], base);
            taken = *records;
            if let Some(index) = self.open.pop() {
                self.close(index, end_tag.clone());
            }
        }
        self.take(&piece.records[taken..], base);
        self.open.extend(piece.open.iter().map(|index| base + index));
        self.at = piece.at;
        Some(piece.records)
    }

    fn fits(&self, piece: &Self, outer: &Outer) -> bool {
        let depth = self.open.len();
        let ends = outer.ends.len();
        // Outside of the outermost element only little may stand.
        let is_inside = ends < depth
            || ends == depth
                && outer.texts.last() != Some(&ends)
                && outer.ends.last().is_some_and(|(_, records)| *records == piece.records.len());
        let mut pairs = outer.ends.iter().zip(self.open.iter().rev());
        is_inside
            && depth + piece.deepest <= self.limits.depth
            && self.namespaces.is_of_outermost()
            && pairs.all(|((end_tag, _), &index)| self.is_end(index, end_tag))
    }

    fn take(&mut self, records: &[Record], base: u32) {
        let around = self.open.last().copied().unwrap_or(NO_PARENT);
        self.records.extend(records.iter().map(|record| Record {
            parent: if record.parent == NO_PARENT { around } else { base + record.parent },
            next: base + record.next,
            ..record.clone()
        }));
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;
    use crate::xml::parse;

    /// Whatever the length of the pieces, the index or the fault is that of the text read as a whole.
    pub(in crate::xml) fn give_the_same(text: &str, limits: &Limits) {
        let whole = format!("{:?}", parse::index(text, limits));
        for length in [1, 2, 3, 5, 8, 13, 21, 34] {
            assert_eq!(format!("{:?}", index(text, limits, length)), whole, "{length} of {text:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::testing::give_the_same;
    use super::*;

    /// What documents are made of, well-formed in most orders that occur.
    const WORDS: [&str; 26] = [
        "<a>",
        "<b>",
        "<b>",
        "</b>",
        "</b>",
        "</a>",
        "</b >",
        "<c/>",
        "<c x='1>'/>",
        "<p:d/>",
        "<c p:x=''/>",
        "<p:d xmlns:p='v'>",
        "</p:d>",
        "text",
        " ",
        "\r\n  ",
        "&lt;",
        "&#65;",
        "é",
        "<!-- <b> -->",
        "<!--",
        "-->",
        "<![CDATA[<b></b>]]>",
        "]]>",
        "<?p <b>?>",
        "\u{1}",
    ];

    proptest! {
        #[test]
        fn pieces_do_not_show(
            start in prop::sample::select(vec!["", "\u{FEFF}<?xml version='1.0'?>", "<!-- -->\n"]),
            root in prop::sample::select(vec!["<a>", "<a xmlns:p='u'>", "<a xmlns:p='u' xmlns:q='u'>"]),
            words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..40),
            end in prop::sample::select(vec!["</a>", "</a>\n", "</b></a>", "</a><!-- -->", "</a>x", "</a><b/>", ""]),
        ) {
            let text = format!("{start}{root}{}{end}", words.concat());
            give_the_same(&text, &Limits::default());
            give_the_same(&text, &Limits { depth: 3, ..Limits::default() });
        }

        #[test]
        fn pieces_of_a_tree_do_not_show(levels in prop::collection::vec(0..4_usize, 0..60)) {
            // Up by so many levels, and down by one.
            let mut text = String::from("<a xmlns:p='u'>");
            let mut depth = 0;
            for up in levels {
                let up = up.min(depth);
                text += &"</p:b>".repeat(up);
                text += ["text", "\n", "", "<p:c/>"][(up + depth) % 4];
                text += "<p:b>";
                depth = depth - up + 1;
            }
            text += &"</p:b>".repeat(depth);
            text += "</a>";
            let index = parse_of(&text);
            prop_assert!(index.is_ok());
            give_the_same(&text, &Limits::default());
        }
    }

    fn parse_of(text: &str) -> Result<Vec<Record>, Faulty> {
        crate::xml::parse::index(text, &Limits::default())
    }

    /// Reading again what does not fit would take as long as reading without pieces.
    #[test]
    fn pieces_of_an_export_fit() {
        let row = "<row xsi:nil='true'><name>x &amp; y</name><empty/></row>\n";
        let text = format!("\u{FEFF}<a xmlns:xsi='u'>\n<rows>\n{}</rows>\n</a>\n", row.repeat(50));
        let limits = Limits::default();
        let mark = mark_length(text.as_bytes());
        let namespaces = of_outermost(&text, mark, &limits);
        let mut whole = Reading::new(&text, &limits, mark..mark);
        let ranges = ranges(text.as_bytes(), mark, 100);
        assert!(ranges.len() > 20);
        for range in ranges {
            assert_eq!(whole.at, range.start);
            let around = (range.start > mark).then_some(&namespaces);
            let piece = piece(&text, &limits, range, around, Vec::new()).expect("well-formed");
            assert!(whole.join(piece).is_some());
        }
        assert_eq!(format!("{:?}", whole.finish()), format!("{:?}", parse_of(&text)));
    }
}
