//! The content of an entry: inflated in pieces, held to the sizes and the checksum of the headers.
//!
//! The zip crate's own reader is not used: it wants to read the directory itself, it reads one entry at a time, and it
//! does not say whether the compressed stream ended where it should. Read [`Stream`] first.

use std::cell::Cell;
use std::ops::ControlFlow;

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
        // One byte more than there should be: it shows that there are too many.
        let room = room.min(self.size.saturating_add(1)) as usize;
        let mut output = Output::new(*self, Vec::with_capacity(room), Kept::All);
        let _all = output.fill(source)?;
        Ok(output.bytes)
    }

    /// Gives what has come of the content so far to `take`, again and again, in these bytes, of which it may take what it
    /// wants; what it leaves there it finds again with what came since. In the end what is left; none when it wants no more.
    pub(in crate::package) fn read_taking(
        &self,
        source: &Source,
        bytes: Vec<u8>,
        take: &mut dyn FnMut(&mut Vec<u8>) -> ControlFlow<()>,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        let mut output = Output::new(*self, bytes, Kept::Taken(take));
        Ok(output.fill(source)?.is_continue().then_some(output.bytes))
    }

    /// Checks the content and keeps nothing of it.
    pub(in crate::package) fn verify(&self, source: &Source) -> Result<(), Refusal> {
        let room = (PIECE as u64).min(self.size.saturating_add(1)) as usize;
        Output::new(*self, Vec::with_capacity(room), Kept::Nothing).fill(source).map(drop)
    }
}

thread_local! {
    /// Used again for each entry: most are small, and a new one costs more than they do.
    static INFLATER: Cell<Option<Decompress>> = const { Cell::new(None) };
}

/// What becomes of the content.
enum Kept<'t> {
    All,
    Nothing,
    /// This takes it, as far as it wants.
    Taken(&'t mut dyn FnMut(&mut Vec<u8>) -> ControlFlow<()>),
}

/// The content as it comes out.
struct Output<'t> {
    stream: Stream,
    /// What is kept of it so far; when nothing is, the last piece.
    bytes: Vec<u8>,
    kept: Kept<'t>,
    length: u64,
    checksum: Crc,
}

impl<'t> Output<'t> {
    fn new(stream: Stream, bytes: Vec<u8>, kept: Kept<'t>) -> Self {
        Self { stream, bytes, kept, length: 0, checksum: Crc::new() }
    }

    /// Reads all of it, or until whoever takes it wants no more: then nothing is checked.
    fn fill(&mut self, source: &Source) -> Result<ControlFlow<()>, Refusal> {
        let end = match self.stream.method {
            Method::Stored => self.copy(source)?,
            Method::Deflated => self.inflate(source)?,
        };
        if end.is_break() {
            return Ok(end);
        }
        let Stream { offset, size, checksum, .. } = self.stream;
        if self.length < size {
            return Err(EntryFault::TooShort { offset, expected: size, actual: self.length }.into());
        }
        let actual = self.checksum.sum();
        if actual != checksum {
            return Err(EntryFault::Checksum { offset, expected: checksum, actual }.into());
        }
        Ok(end)
    }

    fn copy(&mut self, source: &Source) -> Result<ControlFlow<()>, Refusal> {
        let mut pieces = Pieces::new(self.stream);
        while let Some(piece) = pieces.next(source)? {
            let old = self.make_room();
            self.bytes.extend_from_slice(piece);
            self.came(old)?;
            if self.take().is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn inflate(&mut self, source: &Source) -> Result<ControlFlow<()>, Refusal> {
        let mut inflater = INFLATER.take().unwrap_or_else(|| Decompress::new(false));
        let inflated = self.inflate_with(&mut inflater, source);
        inflater.reset(false);
        INFLATER.set(Some(inflater));
        inflated
    }

    fn inflate_with(
        &mut self,
        inflater: &mut Decompress,
        source: &Source,
    ) -> Result<ControlFlow<()>, Refusal> {
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
            if self.take().is_break() {
                return Ok(ControlFlow::Break(()));
            }
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
        Ok(ControlFlow::Continue(()))
    }

    fn take(&mut self) -> ControlFlow<()> {
        match &mut self.kept {
            Kept::All | Kept::Nothing => ControlFlow::Continue(()),
            Kept::Taken(take) => take(&mut self.bytes),
        }
    }

    /// Makes room for at least one byte. Gives how many bytes are there already.
    fn make_room(&mut self) -> usize {
        if matches!(self.kept, Kept::Nothing) {
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
