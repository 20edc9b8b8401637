//! Edits of our side, and conflict markers. What the parts are is not known here.
//!
//! Read [`Edits`] first.

use std::ops::Range;

/// What our side calls itself behind a marker, and theirs.
const OURS: &str = "ours";
const THEIRS: &str = "theirs";

/// Edits of one text, in any order; none may reach into another.
#[derive(Debug)]
pub(super) struct Edits<'t> {
    text: &'t [u8],
    edits: Vec<(Range<usize>, Vec<u8>)>,
    marker_size: usize,
    has_crlf: bool,
    /// Why there are markers.
    pub(super) doubts: Vec<String>,
}

impl<'t> Edits<'t> {
    pub(super) fn new(text: &'t [u8], marker_size: usize) -> Self {
        Self { text, edits: Vec::new(), marker_size, has_crlf: has_crlf(text), doubts: Vec::new() }
    }

    /// The line end of our side.
    pub(super) fn line_end(&self) -> &'static [u8] {
        if self.has_crlf { b"\r\n" } else { b"\n" }
    }

    /// A piece of their side with the line ends of ours.
    pub(super) fn adapted(&self, theirs: &[u8]) -> Vec<u8> {
        let mut adapted = Vec::with_capacity(theirs.len());
        for line in theirs.split_inclusive(|byte| *byte == b'\n') {
            match line.strip_suffix(b"\n") {
                Some(line) => {
                    adapted.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
                    adapted.extend_from_slice(self.line_end());
                }
                None => adapted.extend_from_slice(line),
            }
        }
        adapted
    }

    /// Puts this in place of those bytes; of several at one place the empty ranges come first, in their order.
    pub(super) fn replace(&mut self, range: Range<usize>, text: Vec<u8>) {
        self.edits.push((range, text));
    }

    /// Puts both sides between markers, in place of whole lines of ours.
    pub(super) fn conflict(&mut self, lines: Range<usize>, theirs: &[u8], doubt: String) {
        let mut text = Vec::new();
        let ours = &self.text[lines.clone()];
        markers(&mut text, ours, &self.adapted(theirs), self.marker_size, self.line_end());
        self.edits.push((lines, text));
        self.doubts.push(doubt);
    }

    /// The text with all edits; none where one reaches into another.
    pub(super) fn applied(mut self) -> Option<Vec<u8>> {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut text = Vec::with_capacity(self.text.len());
        let mut at = 0;
        for (range, edit) in &self.edits {
            text.extend_from_slice(self.text.get(at..range.start)?);
            text.extend_from_slice(edit);
            at = range.end;
        }
        text.extend_from_slice(self.text.get(at..)?);
        Some(text)
    }
}

/// The lines that a piece has for itself; none where something else stands on one of them.
pub(super) fn lines_of(text: &[u8], range: &Range<usize>) -> Option<Range<usize>> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let before = text[..range.start].iter().rev().take_while(|byte| is_blank(byte)).count();
    let start = range.start - before;
    if start > 0 && text[start - 1] != b'\n' {
        return None;
    }
    let after = text[range.end..].iter().take_while(|byte| is_blank(byte) || **byte == b'\r').count();
    let end = range.end + after;
    match text.get(end) {
        Some(b'\n') => Some(start..end + 1),
        _ => None,
    }
}

/// Conflict markers around all that differs: whole lines, but for those that both sides begin and end with.
pub(super) fn whole(ours: &[u8], theirs: &[u8], marker_size: usize) -> Vec<u8> {
    let lines = |text: &'_ [u8]| -> Vec<Vec<u8>> {
        text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
    };
    let (one, other) = (lines(ours), lines(theirs));
    let least = one.len().min(other.len());
    let head = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let tail = one.iter().rev().zip(other.iter().rev()).take(least - head);
    let tail = tail.take_while(|(one, other)| one == other).count();
    let mut text: Vec<u8> = one[..head].concat();
    let line_end: &[u8] = if has_crlf(ours) { b"\r\n" } else { b"\n" };
    markers(
        &mut text,
        &one[head..one.len() - tail].concat(),
        &other[head..other.len() - tail].concat(),
        marker_size,
        line_end,
    );
    text.extend(one[one.len() - tail..].concat());
    text
}

fn markers(text: &mut Vec<u8>, ours: &[u8], theirs: &[u8], size: usize, line_end: &[u8]) {
    let mut marker = |sign: &str, name: &str, inside: &[u8]| {
        text.extend_from_slice(sign.repeat(size).as_bytes());
        if !name.is_empty() {
            text.push(b' ');
            text.extend_from_slice(name.as_bytes());
        }
        text.extend_from_slice(line_end);
        text.extend_from_slice(inside);
        if !inside.is_empty() && !inside.ends_with(b"\n") {
            text.extend_from_slice(line_end);
        }
    };
    marker("<", OURS, ours);
    marker("=", "", theirs);
    marker(">", THEIRS, b"");
}

/// Whether most lines end with CRLF.
fn has_crlf(text: &[u8]) -> bool {
    let all = memchr::memchr_iter(b'\n', text).count();
    let crlf = memchr::memmem::find_iter(text, b"\r\n").count();
    crlf * 2 > all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_stand_around_what_differs() {
        let found = whole(b"a\nb\nc\n", b"a\nx\ny\nc\n", 7);
        assert_eq!(found, b"a\n<<<<<<< ours\nb\n=======\nx\ny\n>>>>>>> theirs\nc\n");
        let found = whole(b"a\r\nb", b"a\r\nc", 3);
        assert_eq!(found, b"a\r\n<<< ours\r\nb\r\n===\r\nc\r\n>>> theirs\r\n");
        assert_eq!(whole(b"a\na\n", b"a\n", 1), b"a\n< ours\na\n=\n> theirs\n");
    }

    #[test]
    fn edits_that_reach_into_each_other_are_none() {
        let mut edits = Edits::new(b"abcd", 7);
        edits.replace(1..2, b"X".to_vec());
        edits.replace(1..1, b"+".to_vec());
        edits.replace(1..1, b"-".to_vec());
        assert_eq!(edits.applied().unwrap(), b"a+-Xcd");
        let mut edits = Edits::new(b"abcd", 7);
        edits.replace(1..3, Vec::new());
        edits.replace(2..2, b"-".to_vec());
        assert_eq!(edits.applied(), None);
    }

    #[test]
    fn a_piece_has_lines_of_its_own() {
        assert_eq!(lines_of(b"a\n  bc \r\nd", &(4..6)), Some(2..9));
        assert_eq!(lines_of(b"a bc\n", &(2..4)), None);
        assert_eq!(lines_of(b"bc d\n", &(0..2)), None);
        assert_eq!(lines_of(b"bc", &(0..2)), None);
    }
}
