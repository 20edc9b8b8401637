//! The directory of an archive (central directory): one record an entry.
//!
//! Each record is checked alone; what the entries say of themselves is the matter of `layout.rs`. Read [`Record`] first.

use super::end_record::EndRecord;
use super::extra::{self, Wide};
use super::source::{Window, u16_at, u32_at};
use super::{Opening, code_page};
use crate::package::{ArchiveFault, EntryFault, LimitFault, NameFault, PackageError, names};

const SIGNATURE: u32 = u32::from_le_bytes(*b"PK\x01\x02");
const FIXED_BYTES: usize = 46;

/// Version 6.3 is the last of the format that there is.
const LAST_VERSION: u16 = 63;

const ENCRYPTED: u16 = 1 << 0;
/// Bits 1 and 2 say how hard the compressor tried.
const EFFORT: u16 = 0b11 << 1;
/// Sizes and CRC follow the content.
pub(super) const DESCRIPTOR: u16 = 1 << 3;
const STRONGLY_ENCRYPTED: u16 = 1 << 6;
const UTF_8: u16 = 1 << 11;
/// The directory is encrypted, and the headers hold nothing true.
const MASKED: u16 = 1 << 13;

/// The attribute of a folder on DOS and Windows, in the low bytes of the external attributes.
const DOS_FOLDER: u32 = 0x10;
/// The file types of Unix modes, in the high bytes of the external attributes.
const TYPE_MASK: u32 = 0o170_000;
const TYPE_NONE: u32 = 0;
const TYPE_FOLDER: u32 = 0o040_000;
const TYPE_FILE: u32 = 0o100_000;
const TYPE_LINK: u32 = 0o120_000;

/// The whole deflate stream of nothing.
pub(super) const EMPTY_DEFLATE: [u8; 2] = [3, 0];

/// A name that is too long is shown as far as this.
const SHOWN_NAME_BYTES: usize = 60;

/// How the content of an entry is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::package) enum Method {
    Stored,
    Deflated,
}

impl Method {
    pub(super) fn code(self) -> u16 {
        match self {
            Self::Stored => 0,
            Self::Deflated => 8,
        }
    }
}

/// One entry as the directory describes it.
#[derive(Debug)]
pub(super) struct Record {
    /// The path with `/`; a folder's ends with one.
    pub(super) path: String,
    pub(super) is_folder: bool,
    /// The name as it stands there.
    pub(super) raw_name: Box<[u8]>,
    pub(super) flags: u16,
    pub(super) method: Method,
    pub(super) checksum: u32,
    pub(super) compressed_size: u64,
    pub(super) size: u64,
    /// Where the entry begins.
    pub(super) offset: u64,
}

impl Record {
    pub(super) fn name_without_slash(&self) -> &str {
        if self.is_folder { self.path.strip_suffix('/').unwrap_or(&self.path) } else { &self.path }
    }
}

/// Reads the whole directory. It must hold as many entries as the end record says and nothing else.
pub(super) fn read(
    opening: &mut Opening<'_>,
    end: &EndRecord,
    window: &mut Window<'_>,
) -> Result<Vec<Record>, PackageError> {
    let limit = opening.options.limits.entries;
    if end.entries > limit as u64 {
        return Err(opening.limit(None, LimitFault::Entries { limit, actual: end.entries }));
    }
    let mut records = Vec::new();
    let mut backslashes = Vec::new();
    let mut guessed = Vec::new();
    let mut count = 0;
    let mut offset = end.directory.start;
    while offset < end.directory.end {
        let raw = RawRecord::read(offset, end.directory.end, window)
            .map_err(|refusal| refusal.of(opening.label, ""))?;
        offset += raw.bytes.len() as u64;
        count += 1;
        // One entry too many is told by the count, below.
        if count <= end.entries {
            let name = raw.name(opening)?;
            if name.is_guessed {
                guessed.push(records.len());
            }
            if name.path.contains('\\') {
                backslashes.push(records.len());
            }
            records.push(raw.record(opening, name.path.replace('\\', "/"))?);
        }
    }
    if count != end.entries {
        let (offset, expected) = (end.directory.start, end.entries);
        return Err(opening.archive(ArchiveFault::EntryCount { offset, expected, actual: count }));
    }
    opening.warn(backslashes.iter().map(|at| (&*records[*at].path, NameFault::Backslash)))?;
    opening.warn(guessed.iter().map(|at| (&*records[*at].path, NameFault::GuessedEncoding)))?;
    Ok(records)
}

/// The bytes of one record.
struct RawRecord<'w> {
    offset: u64,
    bytes: &'w [u8],
    name_bytes: usize,
    extra_bytes: usize,
}

/// A name, read.
struct DecodedName {
    path: String,
    is_guessed: bool,
}

impl<'w> RawRecord<'w> {
    fn read(offset: u64, end: u64, window: &'w mut Window<'_>) -> Result<Self, super::Refusal> {
        let left = end - offset;
        let cut_off = |expected: usize| ArchiveFault::DirectoryCutOff {
            offset,
            expected: expected as u64,
            actual: left,
        };
        if left < FIXED_BYTES as u64 {
            return Err(cut_off(FIXED_BYTES).into());
        }
        let fixed = window.get(offset, FIXED_BYTES)?;
        let actual = u32_at(fixed, 0);
        if actual != SIGNATURE {
            return Err(ArchiveFault::DirectoryEntry { offset, expected: SIGNATURE, actual }.into());
        }
        let (name_bytes, extra_bytes) = (usize::from(u16_at(fixed, 28)), usize::from(u16_at(fixed, 30)));
        let length = FIXED_BYTES + name_bytes + extra_bytes + usize::from(u16_at(fixed, 32));
        if left < length as u64 {
            return Err(cut_off(length).into());
        }
        Ok(Self { offset, bytes: window.get(offset, length)?, name_bytes, extra_bytes })
    }

    fn raw_name(&self) -> &'w [u8] {
        &self.bytes[FIXED_BYTES..FIXED_BYTES + self.name_bytes]
    }

    fn flags(&self) -> u16 {
        u16_at(self.bytes, 8)
    }

    fn name(&self, opening: &Opening<'_>) -> Result<DecodedName, PackageError> {
        let raw = self.raw_name();
        let lossy = || String::from_utf8_lossy(raw);
        let limit = opening.options.limits.name_bytes;
        if raw.len() > limit {
            let fault = LimitFault::Name { limit, actual: raw.len() };
            let shown = match raw.get(..SHOWN_NAME_BYTES) {
                Some(start) => format!("{}…", String::from_utf8_lossy(start)),
                None => lossy().into_owned(),
            };
            return Err(opening.limit(Some(&shown), fault));
        }
        match std::str::from_utf8(raw) {
            Ok(name) if name.is_ascii() || self.flags() & UTF_8 != 0 => {
                Ok(DecodedName { path: name.to_owned(), is_guessed: false })
            }
            _ if self.flags() & UTF_8 != 0 => {
                Err(opening.entry(&lossy(), EntryFault::NameNotUtf8 { offset: self.offset }))
            }
            _ if opening.is_tolerant() => Ok(DecodedName { path: code_page::decode(raw), is_guessed: true }),
            _ => Err(opening.entry(&lossy(), EntryFault::NameEncoding { offset: self.offset })),
        }
    }

    /// Checks everything but the name's encoding. `path` is the name, with `/`.
    fn record(&self, opening: &Opening<'_>, path: String) -> Result<Record, PackageError> {
        let is_folder = path.ends_with('/');
        let checked = names::check(if is_folder { &path[..path.len() - 1] } else { &path });
        checked.map_err(|fault| opening.name(&path, fault))?;
        match self.fields(is_folder) {
            Ok(fields) => Ok(Record { path, ..fields }),
            Err(fault) => Err(opening.entry(&path, fault)),
        }
    }

    /// All but the path.
    fn fields(&self, is_folder: bool) -> Result<Record, EntryFault> {
        let (bytes, offset) = (self.bytes, self.offset);
        let flags = self.flags();
        check_version(offset, u16_at(bytes, 6))?;
        check_flags(offset, flags)?;
        let method = match u16_at(bytes, 10) {
            0 => Method::Stored,
            8 => Method::Deflated,
            actual => return Err(EntryFault::Method { offset, actual }),
        };
        let extra_at = FIXED_BYTES + self.name_bytes;
        let extra = extra::read(&bytes[extra_at..extra_at + self.extra_bytes], offset + extra_at as u64)?;
        let mut wide = Wide::new(extra, offset);
        let size = wide.size(u32_at(bytes, 24));
        let compressed_size = wide.size(u32_at(bytes, 20));
        let start = wide.size(u32_at(bytes, 42));
        let disk = wide.disk(u16_at(bytes, 34));
        wide.finish()?;
        if disk != 0 {
            return Err(EntryFault::OtherDisk { offset, actual: disk });
        }
        check_attributes(offset, u32_at(bytes, 38), is_folder)?;
        let checksum = u32_at(bytes, 16);
        if method == Method::Stored && size != compressed_size {
            return Err(EntryFault::StoredSizes { offset, expected: size, actual: compressed_size });
        }
        // Deflate needs two bytes to say that there is nothing.
        let nothing = if method == Method::Deflated { EMPTY_DEFLATE.len() as u64 } else { 0 };
        if is_folder && (size > 0 || checksum != 0 || compressed_size > nothing) {
            return Err(EntryFault::FolderWithContent { offset, actual: size.max(compressed_size) });
        }
        Ok(Record {
            path: String::new(),
            is_folder,
            raw_name: self.raw_name().into(),
            flags,
            method,
            checksum,
            compressed_size,
            size,
            offset: start,
        })
    }
}

/// Checks the version of the format that an entry needs, in either header.
pub(super) fn check_version(offset: u64, actual: u16) -> Result<(), EntryFault> {
    if actual > LAST_VERSION {
        return Err(EntryFault::VersionNeeded { offset, expected: LAST_VERSION, actual });
    }
    Ok(())
}

fn check_flags(offset: u64, actual: u16) -> Result<(), EntryFault> {
    if actual & (ENCRYPTED | STRONGLY_ENCRYPTED | MASKED) != 0 {
        return Err(EntryFault::Encrypted { offset, actual });
    }
    if actual & !(EFFORT | DESCRIPTOR | UTF_8) != 0 {
        return Err(EntryFault::Flags { offset, actual });
    }
    Ok(())
}

/// Modes, owners and the like are of no interest; what kind of thing the entry claims to be is.
///
/// The system that the entry says it comes from is not asked: known readers look at the mode whatever it is.
fn check_attributes(offset: u64, attributes: u32, is_folder: bool) -> Result<(), EntryFault> {
    let mode = attributes >> 16;
    match mode & TYPE_MASK {
        TYPE_LINK => return Err(EntryFault::SymbolicLink { offset, actual: mode }),
        TYPE_NONE | TYPE_FILE | TYPE_FOLDER => {}
        _ => return Err(EntryFault::SpecialFile { offset, actual: mode }),
    }
    if !is_folder && (mode & TYPE_MASK == TYPE_FOLDER || attributes & DOS_FOLDER != 0) {
        return Err(EntryFault::FolderWithoutSlash { offset, actual: attributes });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::package::zip::testing::{Archive, Made, contents, entry_fault, open, open_with, text, two};
    use crate::package::{EntryFault, NameFault, OpenOptions, PackageError};

    #[test]
    fn entries_come_in_the_order_of_the_directory() {
        let package = open(&two()).expect("a good archive");
        assert_eq!(
            contents(&package),
            [("a.txt".to_owned(), b"hello hello hello".to_vec()), ("d/b.bin".to_owned(), vec![0; 300])]
        );
        assert_eq!(package.entry("D/B.BIN").map(|entry| entry.size), Some(300));
        assert!(package.entry("d").is_none());
        assert!(package.warnings().is_empty());
    }

    #[test]
    fn folders_are_no_entries() {
        let empty = Made::new("e/", b"");
        let stored = Made::stored("d/", b"");
        assert_eq!(empty.written(), [3, 0]);
        let package = open(&Archive::new(&[stored, text(), empty, Made::new("E/x", b"x")])).expect("good");
        let paths: Vec<&str> = package.entries().iter().map(|entry| &*entry.path).collect();
        assert_eq!(paths, ["a.txt", "E/x"]);
        assert_eq!(package.entry("e/X").map(|entry| &*entry.path), Some("E/x"));
        assert_eq!(package.warnings().len(), 1, "{:?}", package.warnings());
    }

    #[test]
    fn features_that_no_solution_has_are_refused() {
        for (flags, is_encrypted) in
            [(1, true), (1 << 6, true), (1 << 13, true), (1 << 4, false), (1 << 5, false), (1 << 15, false)]
        {
            let fault = entry_fault(&Archive::new(&[Made { flags, ..text() }]));
            assert_eq!(matches!(fault, EntryFault::Encrypted { .. }), is_encrypted, "{fault}");
            assert_eq!(matches!(fault, EntryFault::Flags { .. }), !is_encrypted, "{fault}");
        }
        let effort = Archive::new(&[Made { flags: 0b110, ..text() }]);
        assert!(open(&effort).is_ok());
        let made = Archive::new(&[text()]);
        let record = made.records[0];
        let disk = made.clone().set(record + 34, &[1]);
        assert!(matches!(entry_fault(&disk), EntryFault::OtherDisk { actual: 1, .. }));
        let method = made.set(record + 10, &[12]);
        assert!(matches!(entry_fault(&method), EntryFault::Method { actual: 12, .. }));
    }

    #[test]
    fn only_files_and_folders_are_read() {
        let with_mode = |mode: u32| Archive::new(&[Made { attributes: mode << 16, ..text() }]);
        for mode in [0, 0o644, 0o100_644, 0o104_755] {
            assert!(open(&with_mode(mode)).is_ok(), "{mode:o}");
        }
        assert!(matches!(entry_fault(&with_mode(0o120_777)), EntryFault::SymbolicLink { .. }));
        for mode in [0o010_644, 0o020_644, 0o060_644, 0o140_644] {
            assert!(matches!(entry_fault(&with_mode(mode)), EntryFault::SpecialFile { .. }), "{mode:o}");
        }
        assert!(matches!(entry_fault(&with_mode(0o040_755)), EntryFault::FolderWithoutSlash { .. }));
        let dos = Archive::new(&[Made { attributes: 0x10, ..text() }]);
        assert!(matches!(entry_fault(&dos), EntryFault::FolderWithoutSlash { .. }));
    }

    #[test]
    fn names_without_an_encoding_are_guessed_only_when_asked() {
        let made = |name: &[u8], flags: u16| {
            Archive::new(&[Made { name: name.to_vec(), flags, ..Made::stored("", b"x") }])
        };
        let tolerant = OpenOptions { tolerant: true, ..OpenOptions::default() };
        let path = |archive: &Archive, options: &OpenOptions| {
            open_with(archive, options).map(|package| package.entries()[0].path.clone())
        };
        let utf8 = made("é/ß".as_bytes(), 1 << 11);
        assert_eq!(path(&utf8, &OpenOptions::default()).expect("flagged"), "é/ß");
        let unflagged = made("é".as_bytes(), 0);
        assert!(path(&unflagged, &OpenOptions::default()).is_err());
        assert_eq!(path(&unflagged, &tolerant).expect("guessed"), "├⌐");
        assert!(path(&made(b"a\xff", 1 << 11), &tolerant).is_err());
        // Safe in either encoding.
        assert!(matches!(
            path(&made(b"\x81\n", 0), &tolerant),
            Err(PackageError::Name { fault: NameFault::Control { .. }, .. })
        ));
    }
}
