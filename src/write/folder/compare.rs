//! Whether a file already is what a part would write: [`compare`].

use std::io::{self, Read, Write};
use std::ops::Range;

use camino::Utf8Path;
use fs_err::File;
use memchr::memchr;

use super::Eol;
use super::content::Checksum;
use super::line_ends::LineFeeds;
use super::seen::Seen;
use crate::write::{Part, WriteError};

/// Bytes read at once.
const BUFFER: usize = 128 * 1024;

/// What a comparison shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The file stays.
    Same {
        /// Of the file that was compared; none where nobody looked at the folder before.
        checksum: Option<Checksum>,
    },
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
/// of the file, without asking it for its bytes. Where the file was `seen` already it is not read again unless it differs.
pub(super) fn compare<P: Part>(
    part: &P,
    path: &Utf8Path,
    eol: Eol,
    seen: &Seen,
    buffers: &mut Buffers,
) -> Result<Verdict, WriteError> {
    let io = |error| WriteError::io(path, error);
    if let (Some(size), Some(crc32)) = (part.size(), part.crc32()) {
        if seen.checksum(part.path()) == Some(Checksum { size, crc32 }) {
            return Ok(Verdict::Same { checksum: Some(Checksum { size, crc32 }) });
        }
        let mut file = File::open(path).map_err(io)?;
        let metadata = file.metadata().map_err(io)?;
        let is_same_size = metadata.len() == size;
        if is_same_size && checksum_of(&mut file, buffers).map_err(io)?.crc32 == crc32 {
            return Ok(Verdict::Same { checksum: Some(Checksum { size, crc32 }) });
        }
        // Known to differ in some byte.
        let same = eol == Eol::Auto && is_same(part, path, Rule::Text, buffers)?;
        return if same { same_now(part, path, seen, buffers) } else { Ok(different(&metadata, false)) };
    }
    if eol != Eol::Lf && is_as_seen(part, seen, buffers)? {
        return Ok(Verdict::Same { checksum: seen.checksum(part.path()) });
    }
    // Bytes first, which is quick; a file with other line ends differs within its first line.
    let rules: &[Rule] = match eol {
        Eol::Auto => &[Rule::Bytes, Rule::Text],
        Eol::Crlf => &[Rule::Bytes],
        Eol::Lf => &[Rule::LineFeeds],
    };
    for rule in rules {
        if is_same(part, path, *rule, buffers)? {
            return same_now(part, path, seen, buffers);
        }
    }
    let line_feeds = match eol {
        Eol::Auto => has_line_feeds_only(path, &mut buffers.read).map_err(io)?,
        Eol::Crlf => false,
        Eol::Lf => true,
    };
    Ok(different(&fs_err::metadata(path).map_err(io)?, line_feeds))
}

/// The file was read again to compare it: it may be another one than was seen.
fn same_now<P: Part>(
    part: &P,
    path: &Utf8Path,
    seen: &Seen,
    buffers: &mut Buffers,
) -> Result<Verdict, WriteError> {
    if seen.checksum(part.path()).is_none() {
        return Ok(Verdict::Same { checksum: None });
    }
    let io = |error| WriteError::io(path, error);
    let checksum = checksum_of(&mut File::open(path).map_err(io)?, buffers).map_err(io)?;
    Ok(Verdict::Same { checksum: Some(checksum) })
}

fn different(metadata: &std::fs::Metadata, line_feeds: bool) -> Verdict {
    Verdict::Different { old_size: metadata.len(), read_only: metadata.permissions().readonly(), line_feeds }
}

/// Used again for each file.
#[derive(Debug)]
pub(super) struct Buffers {
    read: Vec<u8>,
    found: Vec<u8>,
    wanted: Vec<u8>,
}

impl Buffers {
    pub(super) fn new() -> Self {
        Self { read: vec![0; BUFFER], found: Vec::new(), wanted: Vec::new() }
    }
}

/// Of what is left of a file.
fn checksum_of(file: &mut File, buffers: &mut Buffers) -> io::Result<Checksum> {
    let mut checksum = Checksum::default();
    loop {
        match file.read(&mut buffers.read)? {
            0 => return Ok(checksum),
            count => checksum.add(&buffers.read[..count]),
        }
    }
}

/// Whether the part gives the bytes that its file was seen with. False where that cannot be told.
fn is_as_seen<P: Part>(part: &P, seen: &Seen, buffers: &mut Buffers) -> Result<bool, WriteError> {
    let Some(size) = seen.size_of(part.path()) else { return Ok(false) };
    buffers.wanted.clear();
    let mut gathered = Gathered { bytes: &mut buffers.wanted, most: size as usize, is_over: false };
    let rendered = part.write_to(&mut gathered);
    if gathered.is_over {
        return Ok(false);
    }
    rendered.map_err(|source| WriteError::Part { path: part.path().to_owned(), source })?;
    Ok(seen.holds(part.path(), &buffers.wanted))
}

/// Keeps the bytes of a part; ends it with an error when they are too many.
struct Gathered<'b> {
    bytes: &'b mut Vec<u8>,
    most: usize,
    is_over: bool,
}

impl Write for Gathered<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            self.is_over = true;
            return Err(io::Error::other("compared"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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

fn is_same<P: Part>(
    part: &P,
    path: &Utf8Path,
    rule: Rule,
    buffers: &mut Buffers,
) -> Result<bool, WriteError> {
    let file = File::open(path).map_err(|error| WriteError::io(path, error))?;
    buffers.found.clear();
    let mut comparer = Comparer {
        file,
        rule,
        buffers,
        found: 0..0,
        found_line_feeds: LineFeeds::default(),
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
        Outcome::NotText => is_same(part, path, Rule::Bytes, buffers),
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
    buffers: &'b mut Buffers,
    /// What was read of the file and is not compared yet: of `found` under [`Rule::Text`], else of `read`.
    found: Range<usize>,
    found_line_feeds: LineFeeds,
    wanted_line_feeds: LineFeeds,
    outcome: Outcome,
}

impl Comparer<'_> {
    /// Reads on in the file. False at its end.
    fn read(&mut self) -> Result<bool, Outcome> {
        let Buffers { read, found, .. } = &mut *self.buffers;
        if self.rule != Rule::Text {
            self.found = 0..self.file.read(read).map_err(Outcome::Unreadable)?;
            return Ok(!self.found.is_empty());
        }
        found.clear();
        while found.is_empty() {
            let count = self.file.read(read).map_err(Outcome::Unreadable)?;
            let bytes = &read[..count];
            if memchr(0, bytes).is_some() {
                return Err(Outcome::NotText);
            }
            self.found_line_feeds.push(bytes, found);
            if count == 0 {
                self.found_line_feeds.end(found);
                break;
            }
        }
        self.found = 0..found.len();
        Ok(!found.is_empty())
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Outcome> {
        if self.rule == Rule::Text && memchr(0, bytes).is_some() {
            return Err(Outcome::NotText);
        }
        if self.rule == Rule::Bytes {
            return self.compare(bytes);
        }
        let mut wanted = std::mem::take(&mut self.buffers.wanted);
        wanted.clear();
        self.wanted_line_feeds.push(bytes, &mut wanted);
        let compared = self.compare(&wanted);
        self.buffers.wanted = wanted;
        compared
    }

    /// `wanted` is under the rule already.
    fn compare(&mut self, mut wanted: &[u8]) -> Result<(), Outcome> {
        while !wanted.is_empty() {
            if self.found.is_empty() && !self.read()? {
                return Err(Outcome::Different);
            }
            let found = if self.rule == Rule::Text { &self.buffers.found } else { &self.buffers.read };
            let found = &found[self.found.clone()];
            let count = wanted.len().min(found.len());
            if wanted[..count] != found[..count] {
                return Err(Outcome::Different);
            }
            wanted = &wanted[count..];
            self.found.start += count;
        }
        Ok(())
    }

    fn end(mut self) -> Outcome {
        let mut rest = Vec::new();
        self.wanted_line_feeds.end(&mut rest);
        if let Err(outcome) = self.compare(&rest) {
            return outcome;
        }
        if !self.found.is_empty() {
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
