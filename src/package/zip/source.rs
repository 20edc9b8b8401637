//! Where the bytes of an archive are: a file that is read at positions, or memory.
//!
//! Reading takes `&self` and no lock, so that many threads can read one archive. Read [`Source`] first.

use std::io;
use std::time::SystemTime;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

/// When a file was written last; none where the system does not say.
pub(super) fn modified_of(file: &fs_err::File) -> Option<SystemTime> {
    file.metadata().and_then(|metadata| metadata.modified()).ok()
}

/// The bytes of an archive.
#[derive(Debug)]
pub(in crate::package) enum Source {
    File {
        file: fs_err::File,
        bytes: u64,
        /// When it was written last, as it was opened; none where the system does not say.
        modified: Option<SystemTime>,
    },
    Memory(Vec<u8>),
}

impl Source {
    /// The bytes there are.
    pub(in crate::package) fn len(&self) -> u64 {
        match self {
            Self::File { bytes, .. } => *bytes,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// Whether the file was not written since it was opened.
    pub(in crate::package) fn is_as_opened(&self) -> bool {
        match self {
            Self::File { file, modified, .. } => modified.is_some() && modified_of(file) == *modified,
            Self::Memory(_) => true,
        }
    }

    /// SHA-256 of the SHA-256 of each block, so that all threads can work on it.
    pub(in crate::package) fn sum(&self) -> io::Result<[u8; 32]> {
        const BLOCK: u64 = 1 << 20;
        // Less memory that is touched for the first time.
        const AT_ONCE: u64 = 64 << 10;
        let blocks = 0..self.len().div_ceil(BLOCK);
        let sums: Vec<io::Result<_>> = blocks
            .into_par_iter()
            .map_init(Vec::new, |buffer, block| {
                let end = self.len().min((block + 1) * BLOCK);
                let mut sum = Sha256::new();
                let mut at = block * BLOCK;
                while at < end {
                    buffer.resize(AT_ONCE.min(end - at) as usize, 0);
                    self.read_exact_at(buffer, at)?;
                    sum.update(&*buffer);
                    at += buffer.len() as u64;
                }
                Ok(sum.finalize())
            })
            .collect();
        let mut whole = Sha256::new();
        whole.update(self.len().to_le_bytes());
        for sum in sums {
            whole.update(sum?);
        }
        Ok(whole.finalize().into())
    }

    /// Fills `buffer` from `offset` on.
    pub(super) fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        match self {
            Self::File { file, .. } => read_file_at(file, buffer, offset),
            Self::Memory(bytes) => {
                let from = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..));
                match from.and_then(|from| from.get(..buffer.len())) {
                    Some(from) => {
                        buffer.copy_from_slice(from);
                        Ok(())
                    }
                    None => Err(io::ErrorKind::UnexpectedEof.into()),
                }
            }
        }
    }
}

#[cfg(unix)]
fn read_file_at(file: &fs_err::File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    fs_err::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

/// Moves the file's own position as well, which nobody uses.
#[cfg(windows)]
fn read_file_at(file: &fs_err::File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match fs_err::os::windows::fs::FileExt::seek_read(file, buffer, offset) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                buffer = &mut buffer[read..];
                offset += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A piece of a source, moved along it: records that lie close together cost one read.
#[derive(Debug)]
pub(super) struct Window<'s> {
    source: &'s Source,
    start: u64,
    bytes: Vec<u8>,
    step: usize,
}

impl<'s> Window<'s> {
    /// A window that reads `step` bytes at a time, or more where one record needs more.
    pub(super) fn new(source: &'s Source, step: usize) -> Self {
        Self { source, start: 0, bytes: Vec::new(), step }
    }

    /// From now on reads `step` bytes at a time.
    pub(super) fn set_step(&mut self, step: usize) {
        self.step = step;
    }

    /// The last bytes of the source, `step` at most, and where they begin.
    pub(super) fn tail(&mut self) -> io::Result<(u64, &[u8])> {
        let length = self.source.len().min(self.step as u64);
        let start = self.source.len() - length;
        let bytes = self.get(start, length as usize)?;
        Ok((start, bytes))
    }

    /// `length` bytes from `offset` on; an error when the source is shorter.
    pub(super) fn get(&mut self, offset: u64, length: usize) -> io::Result<&[u8]> {
        let inside = offset
            .checked_sub(self.start)
            .and_then(|at| usize::try_from(at).ok())
            .filter(|at| self.bytes.len().checked_sub(*at).is_some_and(|left| left >= length));
        let at = match inside {
            Some(at) => at,
            None => {
                self.fill(offset, length)?;
                0
            }
        };
        Ok(&self.bytes[at..at + length])
    }

    fn fill(&mut self, offset: u64, length: usize) -> io::Result<()> {
        let left = self.source.len().saturating_sub(offset);
        if left < length as u64 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let wanted = left.min(length.max(self.step) as u64) as usize;
        self.start = offset;
        self.bytes.resize(wanted, 0);
        let filled = self.source.read_exact_at(&mut self.bytes, offset);
        if filled.is_err() {
            self.bytes.clear();
        }
        filled
    }
}

/// A little-endian number of two bytes of a record whose length was checked.
pub(super) fn u16_at(record: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([record[at], record[at + 1]])
}

/// A little-endian number of four bytes of a record whose length was checked.
pub(super) fn u32_at(record: &[u8], at: usize) -> u32 {
    u32::from(u16_at(record, at)) | u32::from(u16_at(record, at + 2)) << 16
}

/// A little-endian number of eight bytes of a record whose length was checked.
pub(super) fn u64_at(record: &[u8], at: usize) -> u64 {
    u64::from(u32_at(record, at)) | u64::from(u32_at(record, at + 4)) << 32
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn sources() -> [Source; 2] {
        let bytes: Vec<u8> = (0..=255).collect();
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(&bytes).expect("room on the disk");
        let file = fs_err::File::open(file.path()).expect("the same file");
        [Source::File { file, bytes: 256, modified: None }, Source::Memory(bytes)]
    }

    #[test]
    fn reads_are_exact() {
        for source in sources() {
            let mut buffer = [0; 3];
            source.read_exact_at(&mut buffer, 253).expect("the last three");
            assert_eq!(buffer, [253, 254, 255]);
            for offset in [254, 256, 1000, u64::MAX] {
                assert!(source.read_exact_at(&mut buffer, offset).is_err(), "{offset}");
            }
        }
    }

    #[test]
    fn windows_give_what_is_there() {
        for source in sources() {
            let mut window = Window::new(&source, 16);
            assert_eq!(window.tail().expect("a tail"), (240, &(240..=255).collect::<Vec<u8>>()[..]));
            assert_eq!(window.get(250, 6).expect("inside"), [250, 251, 252, 253, 254, 255]);
            assert_eq!(window.get(10, 2).expect("before"), [10, 11]);
            assert_eq!(window.get(24, 4).expect("across"), [24, 25, 26, 27]);
            assert_eq!(window.get(0, 256).expect("all").len(), 256);
            assert!(window.get(256, 0).expect("nothing").is_empty());
            for (offset, length) in [(255, 2), (256, 1), (u64::MAX, 1), (u64::MAX, usize::MAX)] {
                assert!(window.get(offset, length).is_err(), "{offset} {length}");
            }
            assert_eq!(window.get(3, 1).expect("after a failure"), [3]);
        }
        let empty = Source::Memory(Vec::new());
        assert_eq!(Window::new(&empty, 16).tail().expect("an empty tail"), (0, &[][..]));
    }

    #[test]
    fn numbers_are_little_endian() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 0x88];
        assert_eq!(u16_at(&bytes, 1), 0x0302);
        assert_eq!(u32_at(&bytes, 0), 0x0403_0201);
        assert_eq!(u64_at(&bytes, 0), 0x8807_0605_0403_0201);
    }
}
