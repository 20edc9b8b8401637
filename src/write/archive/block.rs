//! One block of a deflate stream: the unit of work of a thread.
//!
//! A part is cut into blocks of [`BLOCK`] bytes whatever the number of threads. Each is deflated on its own, with the end
//! of the one before as dictionary, and ended on a byte border; one after the other they are one deflate stream.

use zlib_rs::{Deflate, DeflateFlush, Status};

/// Bytes of one block. Our bytes depend on it. Large enough that the borders cost nothing (5 bytes each), small enough
/// that the threads share one large part evenly.
pub(super) const BLOCK: usize = 1 << 20;
/// How far back deflate can refer.
pub(super) const DICTIONARY: usize = 32 * 1024;
/// Our bytes depend on it. On real packages 1.2 % larger than 6, in three fifths of the time.
const LEVEL: i32 = 4;
/// As far back as the format allows.
const WINDOW_BITS: u8 = 15;

/// A block to compress.
#[derive(Debug)]
pub(super) struct Block {
    /// Dictionary, then data.
    pub(super) bytes: Vec<u8>,
    /// Length of the dictionary in front.
    pub(super) dictionary: usize,
    /// The part ends here.
    pub(super) last: bool,
}

/// A compressed block.
#[derive(Debug)]
pub(super) struct Piece {
    /// Deflate data, whole bytes.
    pub(super) deflated: Vec<u8>,
    /// Bytes before compression.
    pub(super) size: u64,
    /// CRC-32 of them.
    pub(super) crc32: u32,
    /// The part ends here.
    pub(super) last: bool,
}

/// The compressor of one thread, used again for each block.
pub(super) struct Compressor {
    deflate: Deflate,
    out: Vec<u8>,
}

impl Compressor {
    pub(super) fn new() -> Self {
        Self { deflate: Deflate::new(LEVEL, false, WINDOW_BITS), out: Vec::new() }
    }

    /// The same piece for the same block, whatever was compressed before.
    pub(super) fn compress(&mut self, block: &Block) -> Result<Piece, &'static str> {
        let (dictionary, data) = block.bytes.split_at(block.dictionary);
        self.deflate.reset();
        if !dictionary.is_empty() {
            self.deflate.set_dictionary(dictionary).map_err(|error| error.as_str())?;
        }
        let flush = if block.last { DeflateFlush::Finish } else { DeflateFlush::SyncFlush };
        // Room for data that does not compress; grown below should that ever be too little.
        let room = data.len() + data.len() / 8 + 1024;
        if self.out.len() < room {
            self.out.resize(room, 0);
        }
        let written = loop {
            let (read, written) = (self.deflate.total_in() as usize, self.deflate.total_out() as usize);
            let status = self
                .deflate
                .compress(&data[read..], &mut self.out[written..], flush)
                .map_err(|error| error.as_str())?;
            let (read, written) = (self.deflate.total_in() as usize, self.deflate.total_out() as usize);
            let done = match flush {
                DeflateFlush::Finish => status == Status::StreamEnd,
                // Output that does not fill the room is all of it.
                _ => read == data.len() && written < self.out.len(),
            };
            if done {
                break written;
            }
            self.out.resize(self.out.len() * 2, 0);
        };
        Ok(Piece {
            deflated: self.out[..written].to_vec(),
            size: data.len() as u64,
            crc32: zlib_rs::crc32::crc32(0, data),
            last: block.last,
        })
    }
}
