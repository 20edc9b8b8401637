//! Zips made by hand for the unit tests, so that each field can be wrong.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::package::{ArchiveFault, EntryFault, OpenOptions, Package, PackageError};

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

    pub(in crate::package) fn named(self, name: &str) -> Self {
        let flags = self.flags | Self::new(name, b"").flags;
        Self { name: name.into(), flags, ..self }
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

pub(in crate::package) fn open_with(
    archive: &Archive,
    options: &OpenOptions,
) -> Result<Package, PackageError> {
    let package = Package::from_bytes("made.zip", archive.bytes.clone(), options)?;
    package.verify()?;
    Ok(package)
}

pub(in crate::package) fn open(archive: &Archive) -> Result<Package, PackageError> {
    open_with(archive, &OpenOptions::default())
}

#[track_caller]
pub(in crate::package) fn archive_fault(archive: &Archive) -> ArchiveFault {
    match open(archive) {
        Err(PackageError::Archive { fault, .. }) => fault,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(in crate::package) fn entry_fault(archive: &Archive) -> EntryFault {
    match open(archive) {
        Err(PackageError::Entry { entry, fault, .. }) => {
            assert_eq!(entry, "a.txt");
            fault
        }
        other => panic!("{other:?}"),
    }
}

/// Paths and contents.
pub(in crate::package) fn contents(package: &Package) -> Vec<(String, Vec<u8>)> {
    package
        .entries()
        .iter()
        .map(|entry| (entry.path.clone(), package.read(entry).expect("verified")))
        .collect()
}

pub(in crate::package) fn text() -> Made {
    Made::new("a.txt", b"hello hello hello")
}

pub(in crate::package) fn two() -> Archive {
    Archive::new(&[text(), Made::stored("d/b.bin", &[0; 300])])
}

/// With sizes after the content, in the form with or without a signature and with sizes of 4 or 8 bytes.
pub(in crate::package) fn with_descriptor(signature: bool, wide: bool) -> Made {
    let mut made = Made { flags: 1 << 3, sizes_follow: true, ..text() };
    if signature {
        made.after.extend(b"PK\x07\x08");
    }
    made.after.extend(made.checksum().to_le_bytes());
    for size in [made.written().len(), made.content.len()] {
        let bytes = (size as u64).to_le_bytes();
        made.after.extend(if wide { &bytes[..] } else { &bytes[..4] });
    }
    made
}

/// The archive with a 64-bit end record and, where `point` says so, an end record that points to it.
pub(in crate::package) fn widened(archive: &Archive, point: bool) -> Archive {
    let mut bytes = archive.bytes[..archive.end].to_vec();
    let narrow = &archive.bytes[archive.end..];
    let number = |at: usize, length: usize| {
        let mut wide = [0; 8];
        wide[..length].copy_from_slice(&narrow[at..at + length]);
        wide
    };
    bytes.extend(b"PK\x06\x06");
    bytes.extend(44_u64.to_le_bytes());
    bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for field in [number(8, 2), number(10, 2), number(12, 4), number(16, 4)] {
        bytes.extend(field);
    }
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend((archive.end as u64).to_le_bytes());
    bytes.extend([1, 0, 0, 0]);
    let end = bytes.len();
    bytes.extend(narrow);
    if point {
        bytes[end + 8..end + 20].fill(0xff);
    }
    Archive { bytes, end, ..archive.clone() }
}
