//! The content of an entry: inflated in pieces, held to the sizes and the checksum of the headers.
//!
//! The zip crate's own reader is not used: it wants to read the directory itself, it reads one entry at a time, and it
//! does not say whether the compressed stream ended where it should. Read [`Stream`] first.

use std::cell::Cell;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::Refusal;
use super::directory::Method;
use super::source::Source;
use crate::package::EntryFault;

/// So many compressed bytes are read at once, and so many inflated bytes are held where the content is not kept.
const PIECE: usize = 64 << 10;

/// The first room for the inflated bytes: so many times the compressed ones, which are really there. Most need no more.
const FIRST_ROOM: u64 = 16;

/// Where the content of an entry is, and what its headers say of it.
#[derive(Debug, Clone, Copy)]
pub(in crate::package) struct Stream {
    /// Where it begins in the archive.
    pub(in crate::package) offset: u64,
    pub(in crate::package) method: Method,
    pub(in crate::package) compressed_size: u64,
    pub(in crate::package) size: u64,
    pub(in crate::package) checksum: u32,
}

impl Stream {
    /// The content.
    pub(in crate::package) fn read(&self, source: &Source) -> Result<Vec<u8>, Refusal> {
        let room = self.compressed_size.saturating_mul(FIRST_ROOM).saturating_add(PIECE as u64);
        let mut output = Output::new(*self, true, room);
        output.fill(source)?;
        Ok(output.bytes)
    }

    /// Checks the content and keeps nothing of it.
    pub(in crate::package) fn verify(&self, source: &Source) -> Result<(), Refusal> {
        Output::new(*self, false, PIECE as u64).fill(source)
    }
}

thread_local! {
    /// Used again for each entry: most are small, and a new one costs more than they do.
    static INFLATER: Cell<Option<Decompress>> = const { Cell::new(None) };
}

/// The content as it comes out.
struct Output {
    stream: Stream,
    /// All of it when it is kept, else the last piece.
    bytes: Vec<u8>,
    is_kept: bool,
    length: u64,
    checksum: Crc,
}

impl Output {
    fn new(stream: Stream, is_kept: bool, room: u64) -> Self {
        // One byte more than there should be: it shows that there are too many.
        let room = room.min(stream.size.saturating_add(1)) as usize;
        Self { stream, bytes: Vec::with_capacity(room), is_kept, length: 0, checksum: Crc::new() }
    }

    fn fill(&mut self, source: &Source) -> Result<(), Refusal> {
        match self.stream.method {
            Method::Stored => self.copy(source)?,
            Method::Deflated => self.inflate(source)?,
        }
        let Stream { offset, size, checksum, .. } = self.stream;
        if self.length < size {
            return Err(EntryFault::TooShort { offset, expected: size, actual: self.length }.into());
        }
        let actual = self.checksum.sum();
        if actual != checksum {
            return Err(EntryFault::Checksum { offset, expected: checksum, actual }.into());
        }
        Ok(())
    }

    fn copy(&mut self, source: &Source) -> Result<(), Refusal> {
        let mut pieces = Pieces::new(self.stream);
        while let Some(piece) = pieces.next(source)? {
            let old = self.make_room();
            self.bytes.extend_from_slice(piece);
            self.came(old)?;
        }
        Ok(())
    }

    fn inflate(&mut self, source: &Source) -> Result<(), Refusal> {
        let mut inflater = INFLATER.take().unwrap_or_else(|| Decompress::new(false));
        let inflated = self.inflate_with(&mut inflater, source);
        inflater.reset(false);
        INFLATER.set(Some(inflater));
        inflated
    }

    fn inflate_with(&mut self, inflater: &mut Decompress, source: &Source) -> Result<(), Refusal> {
        let Stream { offset, compressed_size, .. } = self.stream;
        let mut pieces = Pieces::new(self.stream);
        let mut piece: &[u8] = &[];
        loop {
            if piece.is_empty() {
                piece = pieces.next(source)?.unwrap_or_default();
            }
            let is_last = piece.is_empty();
            let old = self.make_room();
            let before = inflater.total_in();
            let status = inflater
                .decompress_vec(piece, &mut self.bytes, FlushDecompress::None)
                .map_err(|_| EntryFault::DeflateInvalid { offset, actual: inflater.total_in() })?;
            let taken = (inflater.total_in() - before) as usize;
            piece = &piece[taken..];
            let came = self.came(old)?;
            match status {
                Status::StreamEnd => break,
                // No progress is the end of what there is, or a stream that stands still.
                Status::Ok | Status::BufError if taken == 0 && !came => {
                    let actual = inflater.total_in();
                    return Err(if is_last {
                        EntryFault::DeflateCutOff { offset, actual }
                    } else {
                        EntryFault::DeflateInvalid { offset, actual }
                    }
                    .into());
                }
                Status::Ok | Status::BufError => {}
            }
        }
        let actual = inflater.total_in();
        if actual != compressed_size {
            return Err(EntryFault::DeflateTrailing { offset, expected: compressed_size, actual }.into());
        }
        Ok(())
    }

    /// Makes room for at least one byte. Gives how many bytes are there already.
    fn make_room(&mut self) -> usize {
        if !self.is_kept {
            self.bytes.clear();
        } else if self.bytes.len() == self.bytes.capacity() {
            let most = usize::try_from(self.stream.size).unwrap_or(usize::MAX).saturating_add(1);
            let wanted = self.bytes.len().saturating_mul(2).max(PIECE).min(most);
            self.bytes.reserve_exact(wanted.saturating_sub(self.bytes.len()).max(1));
        }
        self.bytes.len()
    }

    /// Takes note of what was added behind the first `old` bytes. Gives whether that is anything.
    fn came(&mut self, old: usize) -> Result<bool, EntryFault> {
        let new = &self.bytes[old..];
        self.length += new.len() as u64;
        let Stream { offset, size, .. } = self.stream;
        if self.length > size {
            return Err(EntryFault::TooLong { offset, expected: size });
        }
        self.checksum.update(new);
        Ok(!new.is_empty())
    }
}

/// The compressed bytes, piece by piece.
struct Pieces {
    offset: u64,
    left: u64,
    buffer: Vec<u8>,
}

impl Pieces {
    fn new(stream: Stream) -> Self {
        let length = stream.compressed_size.min(PIECE as u64) as usize;
        Self { offset: stream.offset, left: stream.compressed_size, buffer: vec![0; length] }
    }

    /// The next piece; none at the end.
    fn next(&mut self, source: &Source) -> std::io::Result<Option<&[u8]>> {
        let length = self.left.min(self.buffer.len() as u64) as usize;
        if length == 0 {
            return Ok(None);
        }
        let piece = &mut self.buffer[..length];
        source.read_exact_at(piece, self.offset)?;
        self.offset += length as u64;
        self.left -= length as u64;
        Ok(Some(piece))
    }
}

#[cfg(test)]
mod tests {
    use crate::package::EntryFault;
    use crate::package::zip::testing::{Archive, Made, entry_fault, open};

    #[test]
    fn content_is_held_to_its_headers() {
        let made = Archive::new(&[Made::stored("a.txt", b"hello")]);
        let wrong = made.clone().set(made.locals[0] + 35, b"j");
        assert!(matches!(entry_fault(&wrong), EntryFault::Checksum { offset: 35, .. }));
        // Long enough for many pieces, and hard to compress.
        let mut state = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(300_000)
        .collect();
        for made in
            [Made::stored("a.txt", &noise), Made::new("a.txt", &noise), Made::new("a.txt", &[7; 5 << 20])]
        {
            let archive = Archive::new(std::slice::from_ref(&made));
            let package = open(&archive).expect("good");
            assert_eq!(package.read(&package.entries()[0]).expect("good"), made.content);
        }
    }
}
