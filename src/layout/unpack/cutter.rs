//! Cuts the rows of the first list out of a customizations.xml that comes bit by bit: [`Cutter`].
//!
//! Nothing is read: where a row ends is looked for by its end tag, and where the list does.

use std::ops::ControlFlow;

use memchr::memmem;

use super::super::canonical::is_verbatim;
use super::super::rules::{RULES, Shape};
use crate::text::mark_length;
use crate::xml::{Document, tag_end};

/// The longest row that is waited for, in pieces.
const MOST_PIECES: usize = 32;

/// Cuts rows out of a text that is not there yet.
pub(super) struct Cutter {
    /// Bytes of a piece.
    length: usize,
    /// Bytes of rows that are wanted before it is looked for a cut.
    wanted: usize,
    /// The list; none before the text has begun.
    list: Option<List>,
    /// What stands before its first row.
    rest: Vec<u8>,
    /// Up to here there is no end of the list.
    looked_at: usize,
    /// The list has ended.
    is_over: bool,
}

impl Cutter {
    pub(super) fn new(length: usize) -> Self {
        Self { length, wanted: length, list: None, rest: Vec::new(), looked_at: 0, is_over: false }
    }

    /// The next piece, cut out of the text that has come so far. None when more has to come. Break when it cannot be cut.
    pub(super) fn cut(&mut self, text: &mut Vec<u8>) -> ControlFlow<(), Option<Vec<u8>>> {
        if self.is_over {
            return ControlFlow::Continue(None);
        }
        let Some(list) = &self.list else {
            let Some(list) = List::first(text) else { return ControlFlow::Break(()) };
            let rows = text.split_off(list.rows);
            self.rest = std::mem::replace(text, self.begin(&list, &rows));
            self.list = Some(list);
            return self.cut(text);
        };
        let start = list.before.len();
        if let Some(end) = memmem::find(&text[self.looked_at..], list.end_tag()) {
            let end = self.looked_at + end;
            let mut rest = std::mem::take(&mut self.rest);
            rest.extend_from_slice(&text[end..]);
            let mut piece = std::mem::replace(text, rest);
            piece.truncate(end);
            self.is_over = true;
            return ControlFlow::Continue(Some(list.closed(piece)));
        }
        self.looked_at = start.max((text.len() + 1).saturating_sub(list.end_tag().len()));
        if text.len() - start < self.wanted {
            return ControlFlow::Continue(None);
        }
        let Some(cut) = list.last_row_end(text) else {
            // Not all of a long row is looked through for every bit that comes.
            self.wanted = 2 * (text.len() - start);
            let is_too_long = text.len() > MOST_PIECES * self.length;
            return if is_too_long { ControlFlow::Break(()) } else { ControlFlow::Continue(None) };
        };
        self.wanted = self.length;
        let new = self.begin(list, &text[cut..]);
        self.looked_at = (self.looked_at + start).saturating_sub(cut).max(start);
        let mut piece = std::mem::replace(text, new);
        piece.truncate(cut);
        ControlFlow::Continue(Some(list.closed(piece)))
    }

    /// Whether what is left when the rows are gone is as it has to be.
    pub(super) fn is_right(&self, rest: &Document) -> bool {
        self.is_over && self.list.as_ref().is_some_and(|list| list.is_emptied_in(rest))
    }

    /// A piece that begins with these rows.
    fn begin(&self, list: &List, rows: &[u8]) -> Vec<u8> {
        let room = rows.len().max(self.length) + list.before.len() + list.after.len();
        let mut piece = Vec::with_capacity(room);
        piece.extend_from_slice(&list.before);
        piece.extend_from_slice(rows);
        piece
    }
}

/// The first list of rows, as the rules have it.
struct List {
    /// Where the outermost element begins, and where the list does.
    at: [usize; 2],
    /// Where the content of the list begins.
    rows: usize,
    /// Both start tags.
    before: Vec<u8>,
    /// Both end tags.
    after: Vec<u8>,
    /// Bytes of the end tag of the list, which is the first of them.
    end_tag: usize,
    /// The end tag of a row, and how a row begins.
    row: [Vec<u8>; 2],
}

impl List {
    /// Of a text that begins so; none when it does not begin with one.
    fn first(text: &[u8]) -> Option<Self> {
        const DECLARATION: &[u8] = b"<?xml ";
        let mut at = mark_length(text);
        if text[at..].starts_with(DECLARATION) {
            at += memmem::find(&text[at..], b"?>")? + "?>".len();
        }
        let root = Tag::at(text, at)?;
        let mut list = Tag::at(text, root.end)?;
        let row = loop {
            let rule = RULES.iter().find(|rule| rule.section.as_bytes() == list.name)?;
            let next = Tag::at(text, list.end)?;
            if !list.is_empty && next.name.first() != Some(&b'/') {
                let Shape::Rows(row) = rule.shape else { return None };
                break row;
            }
            list = if list.is_empty { next } else { Tag::at(text, next.end)? };
        };
        let closed = |name: &[u8]| [b"</", name, b">"].concat();
        let end_tag = closed(list.name);
        Some(Self {
            at: [root.start, list.start],
            rows: list.end,
            before: [&text[root.start..root.end], &text[list.start..list.end]].concat(),
            after: [&end_tag[..], &closed(root.name)].concat(),
            end_tag: end_tag.len(),
            row: [closed(row.as_bytes()), format!("<{row}").into_bytes()],
        })
    }

    fn end_tag(&self) -> &[u8] {
        &self.after[..self.end_tag]
    }

    /// A piece with what has to stand behind it.
    fn closed(&self, mut piece: Vec<u8>) -> Vec<u8> {
        piece.extend_from_slice(&self.after);
        piece
    }

    /// Where the last row ends behind which another one begins.
    fn last_row_end(&self, text: &[u8]) -> Option<usize> {
        let [end, start] = &self.row;
        memmem::rfind_iter(&text[self.before.len()..], end)
            .map(|at| self.before.len() + at + end.len())
            .find(|&at| text[at..].trim_ascii_start().starts_with(start))
    }

    /// Whether what is left when the rows are gone has this list where it was, with nothing in it.
    fn is_emptied_in(&self, rest: &Document) -> bool {
        let root = rest.root();
        root.children().find(|section| section.offset() == self.at[1]).is_some_and(|list| {
            let is_first = root.children().find(|section| section.name() == list.name());
            root.offset() == self.at[0]
                && !is_verbatim(root)
                && list.inner_range().is_empty()
                && !list.is_empty_tag()
                && is_first.is_some_and(|first| first.index() == list.index())
        })
    }
}

/// A tag.
struct Tag<'t> {
    start: usize,
    end: usize,
    /// With `/` before it where it is an end tag.
    name: &'t [u8],
    is_empty: bool,
}

impl<'t> Tag<'t> {
    /// The one that stands here, with nothing but white space before it.
    fn at(text: &'t [u8], at: usize) -> Option<Self> {
        let start = at + text.get(at..)?.iter().position(|byte| !byte.is_ascii_whitespace())?;
        if text[start] != b'<' {
            return None;
        }
        let end = tag_end(text, start)?;
        let inner = &text[start + 1..end - 1];
        let ends_name = |byte: &u8| byte.is_ascii_whitespace();
        let is_empty = inner.last() == Some(&b'/');
        let inner = inner.strip_suffix(b"/").unwrap_or(inner);
        let name = &inner[..inner.iter().position(ends_name).unwrap_or(inner.len())];
        Some(Self { start, end, name, is_empty })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is cut out of a text that comes in pieces of these lengths, and what is left. None when it cannot be cut.
    fn cut(text: &[u8], length: usize, lengths: &[usize]) -> Option<(List, Vec<Vec<u8>>, Vec<u8>)> {
        let mut cutter = Cutter::new(length);
        let (mut here, mut pieces, mut at) = (Vec::new(), Vec::new(), 0);
        for length in lengths.iter().cycle() {
            let end = (at + length).min(text.len());
            here.extend_from_slice(&text[at..end]);
            at = end;
            loop {
                match cutter.cut(&mut here) {
                    ControlFlow::Break(()) => return None,
                    ControlFlow::Continue(None) => break,
                    ControlFlow::Continue(Some(piece)) => pieces.push(piece),
                }
            }
            if at == text.len() {
                return Some((cutter.list.filter(|_| cutter.is_over)?, pieces, here));
            }
        }
        None
    }

    proptest! {
        #[test]
        fn pieces_and_rest_are_the_text(
            words in prop::collection::vec(
                prop::sample::select(&["<Role>", "</Role>", "<Role/>", "</Roles>", "<Rol", "</", "</Role", "x", " "][..]),
                0..60,
            ),
            length in 20_usize..80,
            lengths in prop::collection::vec(1_usize..30, 1..5),
        ) {
            let begin = "<a><Roles b='>'> <Role>";
            let text = format!("{begin}{}</Role></Roles></a>", words.concat());
            let lengths: Vec<usize> = [vec![begin.len()], lengths].concat();
            let (list, pieces, rest) = cut(text.as_bytes(), length, &lengths).expect("it ends");
            let mut whole = rest[..list.rows].to_vec();
            for piece in &pieces {
                let rows = piece.strip_prefix(&list.before[..]).and_then(|rows| rows.strip_suffix(&list.after[..]));
                let rows = rows.expect("both tags stand around");
                prop_assert!(memmem::find(rows, list.end_tag()).is_none(), "the end of the list is in a piece");
                whole.extend_from_slice(rows);
            }
            whole.extend_from_slice(&rest[list.rows..]);
            prop_assert_eq!(String::from_utf8(whole), Ok(text));
        }
    }

    #[test]
    fn pieces_are_no_longer_than_they_have_to_be() {
        let row = "<Role>0123456789</Role>\r\n";
        let text = format!("<a><Roles>{}</Roles></a>", row.repeat(100));
        for lengths in [vec![1000], vec![20, 7], vec![10_000]] {
            let (list, pieces, rest) = cut(text.as_bytes(), 10 * row.len(), &lengths).expect("it ends");
            assert_eq!(rest, b"<a><Roles></Roles></a>");
            let around = list.before.len() + list.after.len();
            let longest = pieces.iter().map(|piece| piece.len() - around).max();
            let most = 10 * row.len() + lengths.iter().max().expect("one");
            assert!(longest <= Some(most), "{lengths:?}: {longest:?} of {most}");
        }
    }
}
