//! Zips made by hand for the unit tests, so that each field can be wrong.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// One entry to write.
#[derive(Debug, Clone)]
pub(in crate::package) struct Made {
    pub(in crate::package) name: Vec<u8>,
    pub(in crate::package) content: Vec<u8>,
    pub(in crate::package) deflated: bool,
    pub(in crate::package) flags: u16,
    pub(in crate::package) attributes: u32,
    pub(in crate::package) local_extra: Vec<u8>,
    pub(in crate::package) extra: Vec<u8>,
    /// Checksum and sizes of the local header are left at zero, for a descriptor.
    pub(in crate::package) sizes_follow: bool,
    /// What comes between the content and the next entry.
    pub(in crate::package) after: Vec<u8>,
}

impl Made {
    pub(in crate::package) fn new(name: &str, content: &[u8]) -> Self {
        Self {
            name: name.into(),
            content: content.into(),
            deflated: true,
            flags: if name.is_ascii() { 0 } else { 1 << 11 },
            attributes: 0,
            local_extra: Vec::new(),
            extra: Vec::new(),
            sizes_follow: false,
            after: Vec::new(),
        }
    }

    pub(in crate::package) fn stored(name: &str, content: &[u8]) -> Self {
        Self { deflated: false, ..Self::new(name, content) }
    }

    pub(in crate::package) fn checksum(&self) -> u32 {
        let mut checksum = Crc::new();
        checksum.update(&self.content);
        checksum.sum()
    }

    /// The content as it is written.
    pub(in crate::package) fn written(&self) -> Vec<u8> {
        if !self.deflated {
            return self.content.clone();
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        std::io::Write::write_all(&mut encoder, &self.content).expect("memory");
        encoder.finish().expect("memory")
    }
}

/// A written archive and where its records are.
#[derive(Debug, Clone)]
pub(in crate::package) struct Archive {
    pub(in crate::package) bytes: Vec<u8>,
    pub(in crate::package) locals: Vec<usize>,
    pub(in crate::package) records: Vec<usize>,
    pub(in crate::package) end: usize,
}

impl Archive {
    /// Writes the entries as they are.
    pub(in crate::package) fn new(entries: &[Made]) -> Self {
        let mut bytes: Vec<u8> = Vec::new();
        let mut locals = Vec::new();
        for entry in entries {
            locals.push(bytes.len());
            bytes.extend(b"PK\x03\x04\x14\0");
            bytes.extend(fields(entry, entry.sizes_follow));
            bytes.extend((entry.local_extra.len() as u16).to_le_bytes());
            bytes.extend(&entry.name);
            bytes.extend(&entry.local_extra);
            bytes.extend(entry.written());
            bytes.extend(&entry.after);
        }
        let start = bytes.len();
        let mut records = Vec::new();
        for (entry, local) in entries.iter().zip(&locals) {
            records.push(bytes.len());
            bytes.extend(b"PK\x01\x02\x14\0\x14\0");
            bytes.extend(fields(entry, false));
            bytes.extend((entry.extra.len() as u16).to_le_bytes());
            bytes.extend([0; 6]);
            bytes.extend(entry.attributes.to_le_bytes());
            bytes.extend((*local as u32).to_le_bytes());
            bytes.extend(&entry.name);
            bytes.extend(&entry.extra);
        }
        let end = bytes.len();
        let count = (entries.len() as u16).to_le_bytes();
        bytes.extend(b"PK\x05\x06\0\0\0\0");
        bytes.extend(count);
        bytes.extend(count);
        bytes.extend(((end - start) as u32).to_le_bytes());
        bytes.extend((start as u32).to_le_bytes());
        bytes.extend([0; 2]);
        Self { bytes, locals, records, end }
    }

    /// Writes over what is at `at`.
    pub(in crate::package) fn set(mut self, at: usize, value: &[u8]) -> Self {
        self.bytes[at..at + value.len()].copy_from_slice(value);
        self
    }

    /// Adds to the end of the file.
    pub(in crate::package) fn push(mut self, value: &[u8]) -> Self {
        self.bytes.extend(value);
        self
    }
}

/// The fields from the flags to the length of the name.
fn fields(entry: &Made, sizes_follow: bool) -> Vec<u8> {
    let known = u32::from(!sizes_follow);
    let mut bytes = entry.flags.to_le_bytes().to_vec();
    bytes.extend(if entry.deflated { [8, 0] } else { [0, 0] });
    bytes.extend([0, 0, 0x21, 0]);
    for value in [entry.checksum(), entry.written().len() as u32, entry.content.len() as u32] {
        bytes.extend((value * known).to_le_bytes());
    }
    bytes.extend((entry.name.len() as u16).to_le_bytes());
    bytes
}
