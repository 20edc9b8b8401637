//! The records around the data: [`Container`] puts the pieces behind one another and writes headers and directory.

use std::collections::BTreeSet;
use std::io::{Seek, SeekFrom, Write};

use camino::Utf8Path;
use zlib_rs::crc32::crc32_combine;

use super::block::Piece;
use super::pipeline::Commit;
use super::time::DosTime;
use crate::write::part::check_announced;
use crate::write::{Part, WriteError};

/// Sizes and offsets from here on do not fit into 32 bits: this value means that the 64-bit field is to be read.
pub(super) const ENTRY_LIMIT: u64 = 0xFFFF_FFFF;
/// As many entries do not fit into 16 bits.
const COUNT_LIMIT: usize = 0xFFFF;
/// Version 2.0: deflate.
const VERSION: u16 = 20;
/// Version 4.5: 64-bit sizes.
const VERSION_WIDE: u16 = 45;
/// The name is UTF-8.
const FLAG_UTF8: u16 = 0x0800;
const METHOD_DEFLATE: u16 = 8;
/// Where the checksum stands in a local header; the two sizes follow it.
const CHECKSUM_OFFSET: u64 = 14;
const LOCAL_HEADER: usize = 30;

/// What an entry turned out to be.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    crc32: u32,
    size: u64,
    deflated: u64,
}

#[derive(Debug)]
struct Entry {
    sums: Sums,
    offset: u64,
}

/// The archive is written, or must be written again.
#[derive(Debug)]
pub(super) enum Finished {
    /// That many bytes.
    Whole(u64),
    /// The part of this index needs the 64-bit form and did not get it.
    NeedsWide(usize),
}

/// An archive that grows. Pieces come in the order of the parts.
pub(super) struct Container<'a, P, W> {
    out: W,
    target: &'a Utf8Path,
    parts: &'a [P],
    time: DosTime,
    wide: &'a BTreeSet<usize>,
    entry_limit: u64,
    offset: u64,
    entries: Vec<Entry>,
    /// The entry whose first pieces are written and whose last one is not.
    open: Option<Entry>,
    needs_wide: Option<usize>,
}

impl<'a, P: Part, W: Write + Seek> Container<'a, P, W> {
    pub(super) fn new(
        out: W,
        target: &'a Utf8Path,
        parts: &'a [P],
        time: DosTime,
        wide: &'a BTreeSet<usize>,
        entry_limit: u64,
    ) -> Self {
        let entries = Vec::with_capacity(parts.len());
        Self { out, target, parts, time, wide, entry_limit, offset: 0, entries, open: None, needs_wide: None }
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.offset += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|error| WriteError::io(self.target, error))
    }

    fn local_header(&self, index: usize, sums: Sums) -> Vec<u8> {
        let name = self.parts[index].path();
        let wide = self.wide.contains(&index);
        let mut header = Vec::with_capacity(LOCAL_HEADER + name.len() + 20);
        header.extend(0x0403_4B50_u32.to_le_bytes());
        header.extend(if wide { VERSION_WIDE } else { VERSION }.to_le_bytes());
        self.shared_fields(&mut header, name);
        header.extend(sums.crc32.to_le_bytes());
        for size in [sums.deflated, sums.size] {
            header.extend(if wide { u32::MAX } else { size as u32 }.to_le_bytes());
        }
        header.extend((name.len() as u16).to_le_bytes());
        header.extend(if wide { 20_u16 } else { 0 }.to_le_bytes());
        header.extend(name.as_bytes());
        if wide {
            wide_field(&mut header, &[sums.size, sums.deflated]);
        }
        header
    }

    /// What stands in both headers between the version and the checksum.
    fn shared_fields(&self, header: &mut Vec<u8>, name: &str) {
        header.extend(if name.is_ascii() { 0 } else { FLAG_UTF8 }.to_le_bytes());
        header.extend(METHOD_DEFLATE.to_le_bytes());
        header.extend(self.time.time.to_le_bytes());
        header.extend(self.time.date.to_le_bytes());
    }

    /// Puts checksum and sizes into a header that was written before they were known.
    fn patch(&mut self, index: usize, entry: &Entry) -> Result<(), WriteError> {
        let header = self.local_header(index, entry.sums);
        let io = |error| WriteError::io(self.target, error);
        self.out.seek(SeekFrom::Start(entry.offset + CHECKSUM_OFFSET)).map_err(io)?;
        self.out.write_all(&header[CHECKSUM_OFFSET as usize..]).map_err(io)?;
        self.out.seek(SeekFrom::Start(self.offset)).map_err(io)?;
        Ok(())
    }

    fn close(&mut self, index: usize, entry: Entry) -> Result<(), WriteError> {
        let Sums { crc32, size, deflated } = entry.sums;
        check_announced(&self.parts[index], size, crc32)?;
        if size.max(deflated) >= self.entry_limit && !self.wide.contains(&index) {
            self.needs_wide.get_or_insert(index);
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Writes the directory. All pieces must have come.
    pub(super) fn finish(mut self) -> Result<Finished, WriteError> {
        if let Some(index) = self.needs_wide {
            return Ok(Finished::NeedsWide(index));
        }
        let start = self.offset;
        for index in 0..self.entries.len() {
            let header = self.central_header(index);
            self.put(&header)?;
        }
        let (count, length) = (self.entries.len(), self.offset - start);
        let end = self.end_records(count, start, length);
        self.put(&end)?;
        Ok(Finished::Whole(self.offset))
    }

    fn central_header(&self, index: usize) -> Vec<u8> {
        let (name, Entry { sums, offset }) = (self.parts[index].path(), &self.entries[index]);
        let wide_sizes = self.wide.contains(&index);
        let wide_offset = *offset >= ENTRY_LIMIT;
        let mut values = Vec::new();
        if wide_sizes {
            values.extend([sums.size, sums.deflated]);
        }
        if wide_offset {
            values.push(*offset);
        }
        let version = if values.is_empty() { VERSION } else { VERSION_WIDE };
        let mut header = Vec::with_capacity(46 + name.len() + 28);
        header.extend(0x0201_4B50_u32.to_le_bytes());
        // Made by: system 0, so that the attributes have no meaning elsewhere.
        header.extend(version.to_le_bytes());
        header.extend(version.to_le_bytes());
        self.shared_fields(&mut header, name);
        header.extend(sums.crc32.to_le_bytes());
        for size in [sums.deflated, sums.size] {
            header.extend(if wide_sizes { u32::MAX } else { size as u32 }.to_le_bytes());
        }
        header.extend((name.len() as u16).to_le_bytes());
        let extra = if values.is_empty() { 0 } else { 4 + 8 * values.len() };
        header.extend((extra as u16).to_le_bytes());
        // Comment length, disk, internal and external attributes.
        header.extend([0; 10]);
        header.extend(if wide_offset { u32::MAX } else { *offset as u32 }.to_le_bytes());
        header.extend(name.as_bytes());
        if !values.is_empty() {
            wide_field(&mut header, &values);
        }
        header
    }

    fn end_records(&self, count: usize, start: u64, length: u64) -> Vec<u8> {
        let mut end = Vec::new();
        if count >= COUNT_LIMIT || start >= ENTRY_LIMIT || length >= ENTRY_LIMIT {
            end.extend(0x0606_4B50_u32.to_le_bytes());
            end.extend(44_u64.to_le_bytes());
            end.extend(VERSION_WIDE.to_le_bytes());
            end.extend(VERSION_WIDE.to_le_bytes());
            end.extend([0; 8]);
            for value in [count as u64, count as u64, length, start] {
                end.extend(value.to_le_bytes());
            }
            end.extend(0x0706_4B50_u32.to_le_bytes());
            end.extend(0_u32.to_le_bytes());
            end.extend(self.offset.to_le_bytes());
            end.extend(1_u32.to_le_bytes());
        }
        end.extend(0x0605_4B50_u32.to_le_bytes());
        end.extend([0; 4]);
        let count = count.min(COUNT_LIMIT) as u16;
        end.extend(count.to_le_bytes());
        end.extend(count.to_le_bytes());
        end.extend((length.min(ENTRY_LIMIT) as u32).to_le_bytes());
        end.extend((start.min(ENTRY_LIMIT) as u32).to_le_bytes());
        end.extend(0_u16.to_le_bytes());
        end
    }
}

/// The extra field of 64-bit values.
fn wide_field(header: &mut Vec<u8>, values: &[u64]) {
    header.extend(1_u16.to_le_bytes());
    header.extend((8 * values.len() as u16).to_le_bytes());
    for value in values {
        header.extend(value.to_le_bytes());
    }
}

impl<P: Part, W: Write + Seek> Commit for Container<'_, P, W> {
    fn piece(&mut self, index: usize, piece: Piece) -> Result<(), WriteError> {
        let sums = Sums { crc32: piece.crc32, size: piece.size, deflated: piece.deflated.len() as u64 };
        let (mut entry, is_first) = match self.open.take() {
            Some(entry) => (entry, false),
            None => (Entry { sums: Sums::default(), offset: self.offset }, true),
        };
        if is_first {
            // A part of one piece gets its header at once; of another one only the length of the header is known.
            let header = self.local_header(index, sums);
            self.put(&header)?;
        }
        self.put(&piece.deflated)?;
        entry.sums = Sums {
            crc32: crc32_combine(entry.sums.crc32, sums.crc32, sums.size),
            size: entry.sums.size + sums.size,
            deflated: entry.sums.deflated + sums.deflated,
        };
        if piece.last {
            if !is_first {
                self.patch(index, &entry)?;
            }
            self.close(index, entry)
        } else {
            self.open = Some(entry);
            Ok(())
        }
    }
}
