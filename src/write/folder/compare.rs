//! Whether a file already is what a part would write: [`compare`].

use std::io::{self, Read, Write};

use camino::Utf8Path;
use fs_err::File;
use memchr::memchr;

use super::Eol;
use super::line_ends::LineFeeds;
use crate::write::{Part, WriteError};

/// Bytes read at once.
const BUFFER: usize = 128 * 1024;

/// What a comparison shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The file stays.
    Same,
    /// The file is written anew.
    Different {
        /// Bytes of the file.
        old_size: u64,
        /// The file may not be written.
        read_only: bool,
        /// The part is written with LF, as the file has it.
        line_feeds: bool,
    },
}

/// Compares the file at `path` with what `part` would write there. A part that is carried over is told by size and CRC-32
/// of the file, without asking it for its bytes.
pub(super) fn compare<P: Part>(
    part: &P,
    path: &Utf8Path,
    eol: Eol,
    buffer: &mut Vec<u8>,
) -> Result<Verdict, WriteError> {
    buffer.resize(BUFFER, 0);
    let io = |error| WriteError::io(path, error);
    let mut file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    let (old_size, read_only) = (metadata.len(), metadata.permissions().readonly());
    if let (Some(size), Some(crc32)) = (part.size(), part.crc32()) {
        if size == old_size && crc32_of(&mut file, buffer).map_err(io)? == crc32 {
            return Ok(Verdict::Same);
        }
        // Known to differ in some byte.
        let same = eol == Eol::Auto && is_same(part, path, Rule::Text, buffer)?;
        return Ok(if same {
            Verdict::Same
        } else {
            Verdict::Different { old_size, read_only, line_feeds: false }
        });
    }
    drop(file);
    // Bytes first, which is quick; a file with other line ends differs within its first line.
    let rules: &[Rule] = match eol {
        Eol::Auto => &[Rule::Bytes, Rule::Text],
        Eol::Crlf => &[Rule::Bytes],
        Eol::Lf => &[Rule::LineFeeds],
    };
    for rule in rules {
        if is_same(part, path, *rule, buffer)? {
            return Ok(Verdict::Same);
        }
    }
    let line_feeds = match eol {
        Eol::Auto => has_line_feeds_only(path, buffer).map_err(io)?,
        Eol::Crlf => false,
        Eol::Lf => true,
    };
    Ok(Verdict::Different { old_size, read_only, line_feeds })
}

fn crc32_of(file: &mut File, buffer: &mut [u8]) -> io::Result<u32> {
    let mut crc32 = 0;
    loop {
        match file.read(buffer)? {
            0 => return Ok(crc32),
            count => crc32 = zlib_rs::crc32::crc32(crc32, &buffer[..count]),
        }
    }
}

/// Lines that end with LF, and no CR: text as a version control system writes it on Linux.
fn has_line_feeds_only(path: &Utf8Path, buffer: &mut [u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut found = false;
    loop {
        match file.read(buffer)? {
            0 => return Ok(found),
            count => {
                let bytes = &buffer[..count];
                if memchr(b'\r', bytes).is_some() || memchr(0, bytes).is_some() {
                    return Ok(false);
                }
                found = found || memchr(b'\n', bytes).is_some();
            }
        }
    }
}

/// What counts as the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Every byte.
    Bytes,
    /// Every byte, after the part's CRLF became LF.
    LineFeeds,
    /// Text: every byte, after CRLF became LF on both sides. What holds a NUL is no text.
    Text,
}

fn is_same<P: Part>(part: &P, path: &Utf8Path, rule: Rule, buffer: &mut [u8]) -> Result<bool, WriteError> {
    let file = File::open(path).map_err(|error| WriteError::io(path, error))?;
    let mut comparer = Comparer {
        file,
        rule,
        buffer,
        found: Vec::new(),
        found_at: 0,
        found_line_feeds: LineFeeds::default(),
        wanted: Vec::new(),
        wanted_line_feeds: LineFeeds::default(),
        outcome: Outcome::Same,
    };
    let rendered = part.write_to(&mut comparer);
    let outcome = match (std::mem::replace(&mut comparer.outcome, Outcome::Same), rendered) {
        (Outcome::Same, Ok(())) => comparer.end(),
        (Outcome::Same, Err(source)) => {
            return Err(WriteError::Part { path: part.path().to_owned(), source });
        }
        (outcome, _) => outcome,
    };
    match outcome {
        Outcome::Same => Ok(true),
        Outcome::Different => Ok(false),
        Outcome::NotText => is_same(part, path, Rule::Bytes, buffer),
        Outcome::Unreadable(error) => Err(WriteError::io(path, error)),
    }
}

#[derive(Debug)]
enum Outcome {
    Same,
    Different,
    NotText,
    Unreadable(io::Error),
}

/// Takes the bytes of a part and holds them against a file; ends the part with an error at the first difference.
struct Comparer<'b> {
    file: File,
    rule: Rule,
    buffer: &'b mut [u8],
    /// What was read of the file, under the rule.
    found: Vec<u8>,
    found_at: usize,
    found_line_feeds: LineFeeds,
    /// Used again for what comes of the part, under the rule.
    wanted: Vec<u8>,
    wanted_line_feeds: LineFeeds,
    outcome: Outcome,
}

impl Comparer<'_> {
    /// Reads on in the file. False at its end.
    fn read(&mut self) -> Result<bool, Outcome> {
        self.found.clear();
        self.found_at = 0;
        while self.found.is_empty() {
            let count = self.file.read(self.buffer).map_err(Outcome::Unreadable)?;
            let bytes = &self.buffer[..count];
            if self.rule == Rule::Text {
                if memchr(0, bytes).is_some() {
                    return Err(Outcome::NotText);
                }
                self.found_line_feeds.push(bytes, &mut self.found);
                if count == 0 {
                    self.found_line_feeds.end(&mut self.found);
                }
            } else {
                self.found.extend_from_slice(bytes);
            }
            if count == 0 {
                return Ok(!self.found.is_empty());
            }
        }
        Ok(true)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Outcome> {
        if self.rule == Rule::Text && memchr(0, bytes).is_some() {
            return Err(Outcome::NotText);
        }
        if self.rule == Rule::Bytes {
            return self.compare(bytes);
        }
        let mut wanted = std::mem::take(&mut self.wanted);
        wanted.clear();
        self.wanted_line_feeds.push(bytes, &mut wanted);
        let compared = self.compare(&wanted);
        self.wanted = wanted;
        compared
    }

    /// `wanted` is under the rule already.
    fn compare(&mut self, mut wanted: &[u8]) -> Result<(), Outcome> {
        while !wanted.is_empty() {
            if self.found_at == self.found.len() && !self.read()? {
                return Err(Outcome::Different);
            }
            let found = &self.found[self.found_at..];
            let count = wanted.len().min(found.len());
            if wanted[..count] != found[..count] {
                return Err(Outcome::Different);
            }
            wanted = &wanted[count..];
            self.found_at += count;
        }
        Ok(())
    }

    fn end(mut self) -> Outcome {
        let mut rest = Vec::new();
        self.wanted_line_feeds.end(&mut rest);
        if let Err(outcome) = self.compare(&rest) {
            return outcome;
        }
        if self.found_at < self.found.len() {
            return Outcome::Different;
        }
        match self.read() {
            Ok(false) => Outcome::Same,
            Ok(true) => Outcome::Different,
            Err(outcome) => outcome,
        }
    }
}

impl Write for Comparer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.take(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(outcome) => {
                self.outcome = outcome;
                Err(io::Error::other("compared"))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
