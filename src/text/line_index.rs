//! From a byte offset to a line and a column.

use serde::Serialize;

use super::encoding::mark_length;
use super::words::count_characters;

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
pub struct Position {
    /// Byte offset from the start of the file, a byte order mark included.
    pub offset: usize,
    /// Line, from 1. A line ends with LF.
    pub line: u32,
    /// Column in characters (Unicode scalar values), from 1. A byte order mark is no character, as in an editor.
    pub column: u32,
}

/// The starts of the lines of one text, so that a byte offset becomes a line and a column without reading from the top.
#[derive(Debug)]
pub struct LineIndex {
    line_starts: Vec<usize>,
    /// Characters before every [`STEP`] bytes; empty when all is ASCII. Most flows are one line of megabytes, so that
    /// counting from the start of the line would cost too much.
    characters: Vec<usize>,
}

const STEP: usize = 1024;

impl LineIndex {
    /// Reads `bytes` once.
    pub fn new(bytes: &[u8]) -> Self {
        let mut line_starts = vec![mark_length(bytes)];
        line_starts.extend(memchr::memchr_iter(b'\n', bytes).map(|at| at + 1));
        let mut characters = Vec::new();
        if !bytes.is_ascii() {
            characters.reserve_exact(bytes.len() / STEP + 1);
            let mut before = 0;
            for block in bytes.chunks(STEP) {
                characters.push(before);
                before += count_characters(block);
            }
            // An offset can be the end of the last whole block.
            characters.push(before);
        }
        Self { line_starts, characters }
    }

    /// The position of byte `offset` of the `bytes` that this index was made from.
    pub fn position(&self, bytes: &[u8], offset: usize) -> Position {
        let offset = offset.min(bytes.len());
        let line = self.line_starts.partition_point(|&start| start <= offset).saturating_sub(1);
        let start = self.line_starts[line];
        let column = if offset <= start {
            0
        } else if self.characters.is_empty() {
            offset - start
        } else {
            self.characters_before(bytes, offset) - self.characters_before(bytes, start)
        };
        Position { offset, line: line as u32 + 1, column: column as u32 + 1 }
    }

    fn characters_before(&self, bytes: &[u8], offset: usize) -> usize {
        let block = offset / STEP;
        self.characters[block] + count_characters(&bytes[block * STEP..offset])
    }
}

/// Positions of offsets that rise: each is found by reading on from the one before, so that all of them together cost one
/// reading.
#[derive(Debug, Clone, Copy)]
pub struct PositionWalk(Position);

impl PositionWalk {
    /// Stands at the start of `bytes`.
    pub fn new(bytes: &[u8]) -> Self {
        Self(Position { offset: mark_length(bytes), line: 1, column: 1 })
    }

    /// The position of byte `offset` of the same `bytes`; none when the walk is past it.
    pub fn to(&mut self, bytes: &[u8], offset: usize) -> Option<Position> {
        let Position { offset: from, line, column } = self.0;
        let between = bytes.get(from..offset)?;
        self.0 = match memchr::memrchr(b'\n', between) {
            Some(last) => Position {
                offset,
                line: line + memchr::memchr_iter(b'\n', between).count() as u32,
                column: count_characters(&between[last + 1..]) as u32 + 1,
            },
            None => Position { offset, line, column: column + count_characters(between) as u32 },
        };
        Some(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(text: &str, offset: usize) -> (u32, u32) {
        let before = text[..offset].trim_start_matches('\u{FEFF}');
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        (line as u32 + 1, column as u32 + 1)
    }

    fn agrees(text: &str) {
        let index = LineIndex::new(text.as_bytes());
        let mut walk = PositionWalk::new(text.as_bytes());
        for offset in (0..=text.len()).filter(|&offset| text.is_char_boundary(offset)) {
            let position = index.position(text.as_bytes(), offset);
            assert_eq!((position.line, position.column), naive(text, offset), "{offset}");
            assert_eq!(position.offset, offset);
            if offset >= mark_length(text.as_bytes()) {
                assert_eq!(walk.to(text.as_bytes(), offset), Some(position));
            }
        }
    }

    #[test]
    fn lines_and_columns_are_those_of_a_naive_count() {
        for text in ["", "\n", "a\r\nb\n\nc", "ä\nöü\n", "\u{FEFF}{\n}", "\u{FEFF}", "\u{FEFF}é\né", "𝄞𝄞\n𝄞"]
        {
            agrees(text);
        }
    }

    #[test]
    fn blocks_meet_inside_of_characters_and_at_the_end() {
        for length in [STEP / 4 - 1, STEP / 4, STEP / 4 + 1, STEP / 2] {
            agrees(&"𝄞".repeat(length));
            agrees(&format!("x\n{}", "𝄞".repeat(length)));
        }
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        let index = LineIndex::new(b"ab");
        assert_eq!(index.position(b"ab", 9), Position { offset: 2, line: 1, column: 3 });
    }
}
