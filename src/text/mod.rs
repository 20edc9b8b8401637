//! Where something stands in a text, and how a text gets to a terminal unharmed.
//!
//! What the text means is not known here. Read [`LineIndex`] first.

mod escape;

use serde::Serialize;

pub use escape::{acts_on_terminal, escape_terminal};

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
pub struct Position {
    /// Byte offset from the start of the file, a byte order mark included.
    pub offset: usize,
    /// Line, from 1. A line ends with LF.
    pub line: u32,
    /// Column in characters (Unicode scalar values), from 1.
    pub column: u32,
}

/// The starts of the lines of one text, so that a byte offset becomes a line and a column without reading from the top.
#[derive(Debug)]
pub struct LineIndex {
    line_starts: Vec<usize>,
    ascii: bool,
}

impl LineIndex {
    /// Reads `bytes` once.
    pub fn new(bytes: &[u8]) -> Self {
        let mut line_starts = vec![0];
        line_starts.extend(memchr::memchr_iter(b'\n', bytes).map(|at| at + 1));
        Self { line_starts, ascii: bytes.is_ascii() }
    }

    /// The position of byte `offset` of the `bytes` that this index was made from.
    pub fn position(&self, bytes: &[u8], offset: usize) -> Position {
        let offset = offset.min(bytes.len());
        let line = self.line_starts.partition_point(|&start| start <= offset) - 1;
        let start = self.line_starts[line];
        let column = if self.ascii {
            offset - start
        } else {
            bytes[start..offset].iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
        };
        Position { offset, line: line as u32 + 1, column: column as u32 + 1 }
    }
}
