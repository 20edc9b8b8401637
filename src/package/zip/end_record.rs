//! The end of an archive: where its directory is and how many entries it holds.
//!
//! Owns the end record, its 64-bit form and what surrounds them; the directory is not looked at. Read [`find`] first.

use std::ops::Range;

use memchr::memmem;

use super::source::{Window, u16_at, u32_at, u64_at};
use super::{Opening, Refusal};
use crate::package::{ArchiveFault, PackageError};

const END: [u8; 4] = *b"PK\x05\x06";
const END_BYTES: usize = 22;
const LOCATOR: [u8; 4] = *b"PK\x06\x07";
const LOCATOR_BYTES: usize = 20;
const END_64: [u8; 4] = *b"PK\x06\x06";
const END_64_BYTES: usize = 56;
/// The size that a 64-bit end record states leaves out its signature and the size itself.
const END_64_UNCOUNTED: u64 = 12;

/// An end record can have so many bytes of comment behind it. So many zero bytes after the end can be forgiven, too.
pub(super) const TAIL_BYTES: usize = END_BYTES + u16::MAX as usize;

/// What the end record says, checked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EndRecord {
    /// Entries in the directory, as the record counts them.
    pub(super) entries: u64,
    /// Where the directory is.
    pub(super) directory: Range<u64>,
}

/// Finds the one end record, and checks that the directory ends where it begins. `window` then holds the end of the
/// archive, and with it the directory of most.
pub(super) fn find(opening: &mut Opening<'_>, window: &mut Window<'_>) -> Result<EndRecord, PackageError> {
    let bytes = opening.source.len();
    let (start, tail) = window.tail()?;
    let located = match locate(tail) {
        Ok(located) => located,
        Err(fault) => {
            let fault = fault.into_fault(start, tail.len());
            let is_missing = matches!(fault, ArchiveFault::NoEndRecord { .. });
            let begin = window.get(0, bytes.min(16) as usize)?;
            // What a split archive begins with counts as well.
            if is_missing && !begin.starts_with(b"PK\x03\x04") && !begin.starts_with(b"PK\x07\x08") {
                let fault = match begin {
                    [] => ArchiveFault::EmptyFile,
                    begin => ArchiveFault::NotAZip { begins: shown(begin) },
                };
                return Err(opening.archive(fault));
            }
            return Err(opening.archive(fault));
        }
    };
    let record = End::read(&tail[located.at..], start + located.at as u64);
    let end = record.offset + (END_BYTES + located.comment) as u64;
    if end < bytes {
        opening.forgive(ArchiveFault::TrailingZeros { offset: end, actual: bytes - end })?;
    }
    let record = record.directory(window).map_err(|refusal| refusal.of(opening.label, ""))?;
    if record.entries == 0 && record.directory.is_empty() {
        return Err(opening.archive(ArchiveFault::NoEntries));
    }
    Ok(record)
}

/// Where the end record is in the tail of the file, and how long its comment is.
#[derive(Debug, PartialEq, Eq)]
struct Located {
    at: usize,
    comment: usize,
}

/// Why there is no end record to go by; places are in the tail.
#[derive(Debug, PartialEq, Eq)]
enum NotLocated {
    Missing,
    Several { first: usize, last: usize },
    CommentCutOff { at: usize, announced: usize, left: usize },
    Trailing { end: usize },
}

/// Looks for the end record. What is taken for one must end, its comment included, where the file ends, zero bytes aside;
/// and there must be no second one in its comment, which other readers would find first.
fn locate(tail: &[u8]) -> Result<Located, NotLocated> {
    let mut fitting: Option<Located> = None;
    let mut last: Option<Located> = None;
    let mut first_fitting = None;
    for at in memmem::find_iter(tail, &END).filter(|at| tail.len() - at >= END_BYTES) {
        let comment = usize::from(u16_at(&tail[at..], END_BYTES - 2));
        let end = at + END_BYTES + comment;
        if end <= tail.len() && tail[end..].iter().all(|byte| *byte == 0) {
            first_fitting.get_or_insert(at);
            fitting = Some(Located { at, comment });
        }
        last = Some(Located { at, comment });
    }
    match (fitting, last) {
        (_, None) => Err(NotLocated::Missing),
        (Some(fitting), Some(last)) => match first_fitting {
            Some(first) if first != last.at => Err(NotLocated::Several { first, last: last.at }),
            _ => Ok(fitting),
        },
        (None, Some(Located { at, comment })) => {
            let left = tail.len() - at - END_BYTES;
            if comment > left {
                Err(NotLocated::CommentCutOff { at, announced: comment, left })
            } else {
                Err(NotLocated::Trailing { end: at + END_BYTES + comment })
            }
        }
    }
}

impl NotLocated {
    /// The same with offsets in the file, whose tail begins at `start`.
    fn into_fault(self, start: u64, tail: usize) -> ArchiveFault {
        let offset = |at: usize| start + at as u64;
        match self {
            Self::Missing => ArchiveFault::NoEndRecord { searched: tail as u64, bytes: offset(tail) },
            Self::Several { first, last } => {
                ArchiveFault::SeveralEndRecords { offset: offset(first), other: offset(last) }
            }
            Self::CommentCutOff { at, announced, left } => ArchiveFault::CommentCutOff {
                offset: offset(at),
                expected: announced as u64,
                actual: left as u64,
            },
            Self::Trailing { end } => {
                ArchiveFault::TrailingBytes { offset: offset(end), actual: (tail - end) as u64 }
            }
        }
    }
}

/// The fields of an end record, as they stand there.
struct End {
    offset: u64,
    disk: u16,
    directory_disk: u16,
    entries_on_disk: u16,
    entries: u16,
    directory_bytes: u32,
    directory_offset: u32,
}

impl End {
    fn read(record: &[u8], offset: u64) -> Self {
        Self {
            offset,
            disk: u16_at(record, 4),
            directory_disk: u16_at(record, 6),
            entries_on_disk: u16_at(record, 8),
            entries: u16_at(record, 10),
            directory_bytes: u32_at(record, 12),
            directory_offset: u32_at(record, 16),
        }
    }

    fn points_to_64_bits(&self) -> bool {
        [self.disk, self.directory_disk, self.entries_on_disk, self.entries].contains(&u16::MAX)
            || [self.directory_bytes, self.directory_offset].contains(&u32::MAX)
    }

    /// Where the directory is, by this record or by its 64-bit form.
    fn directory(&self, window: &mut Window<'_>) -> Result<EndRecord, Refusal> {
        let locator = match self.offset.checked_sub(LOCATOR_BYTES as u64) {
            Some(offset) => {
                Some(window.get(offset, LOCATOR_BYTES)?).filter(|record| record.starts_with(&LOCATOR))
            }
            None => None,
        };
        let (fields, end) = match locator {
            Some(record) => {
                let locator = Locator {
                    offset: self.offset - LOCATOR_BYTES as u64,
                    disk: u32_at(record, 4),
                    record: u64_at(record, 8),
                    disks: u32_at(record, 16),
                };
                (locator.read(self, window)?, locator.record)
            }
            None if self.points_to_64_bits() => {
                return Err(ArchiveFault::Zip64Missing { offset: self.offset }.into());
            }
            None => (self.widened(), self.offset),
        };
        Ok(fields.checked(self.offset, end)?)
    }

    fn widened(&self) -> WideEnd {
        WideEnd {
            disk: self.disk.into(),
            directory_disk: self.directory_disk.into(),
            entries_on_disk: self.entries_on_disk.into(),
            entries: self.entries.into(),
            directory_bytes: self.directory_bytes.into(),
            directory_offset: self.directory_offset.into(),
        }
    }
}

/// What points to the 64-bit end record.
struct Locator {
    offset: u64,
    disk: u32,
    record: u64,
    disks: u32,
}

impl Locator {
    /// Reads the 64-bit end record, which must lie directly before the locator and agree with the other one.
    fn read(&self, narrow: &End, window: &mut Window<'_>) -> Result<WideEnd, Refusal> {
        let is = |field, expected: u64, actual: u64, offset| {
            let fault = ArchiveFault::Zip64 { offset, field, expected, actual };
            if expected == actual { Ok(()) } else { Err(fault) }
        };
        is("the disk", 0, self.disk.into(), self.offset)?;
        // Some writers count the disks from 0.
        is("the number of disks", 1, self.disks.max(1).into(), self.offset)?;
        let record_bytes = self.offset.checked_sub(self.record).filter(|bytes| *bytes >= END_64_BYTES as u64);
        let Some(record_bytes) = record_bytes else {
            return Err(ArchiveFault::Zip64 {
                offset: self.offset,
                field: "the offset of the record",
                expected: self.offset.saturating_sub(END_64_BYTES as u64),
                actual: self.record,
            }
            .into());
        };
        let record = window.get(self.record, END_64_BYTES)?;
        let signature = u32::from_le_bytes(END_64);
        is("the signature", signature.into(), u32_at(record, 0).into(), self.record)?;
        is("the size", record_bytes - END_64_UNCOUNTED, u64_at(record, 4), self.record)?;
        let wide = WideEnd {
            disk: u32_at(record, 16).into(),
            directory_disk: u32_at(record, 20).into(),
            entries_on_disk: u64_at(record, 24),
            entries: u64_at(record, 32),
            directory_bytes: u64_at(record, 40),
            directory_offset: u64_at(record, 48),
        };
        for (field, narrow, wide) in [
            ("the disk", narrow.disk, wide.disk),
            ("the disk of the directory", narrow.directory_disk, wide.directory_disk),
            ("the count of entries on this disk", narrow.entries_on_disk, wide.entries_on_disk),
            ("the count of entries", narrow.entries, wide.entries),
        ] {
            let expected = if narrow == u16::MAX { wide } else { narrow.into() };
            is(field, expected, wide, self.record)?;
        }
        for (field, narrow, wide) in [
            ("the size of the directory", narrow.directory_bytes, wide.directory_bytes),
            ("the offset of the directory", narrow.directory_offset, wide.directory_offset),
        ] {
            let expected = if narrow == u32::MAX { wide } else { narrow.into() };
            is(field, expected, wide, self.record)?;
        }
        Ok(wide)
    }
}

/// The fields of an end record, in 64 bits.
struct WideEnd {
    disk: u64,
    directory_disk: u64,
    entries_on_disk: u64,
    entries: u64,
    directory_bytes: u64,
    directory_offset: u64,
}

impl WideEnd {
    /// The directory, which must end at `end`.
    fn checked(&self, offset: u64, end: u64) -> Result<EndRecord, ArchiveFault> {
        if let Some(actual) = [self.disk, self.directory_disk].into_iter().find(|disk| *disk != 0) {
            return Err(ArchiveFault::SeveralDisks { offset, actual });
        }
        if self.entries_on_disk != self.entries {
            let (expected, actual) = (self.entries, self.entries_on_disk);
            return Err(ArchiveFault::CountsDiffer { offset, expected, actual });
        }
        let Some(start) = end.checked_sub(self.directory_bytes) else {
            return Err(ArchiveFault::DirectorySize { expected: end, actual: self.directory_bytes });
        };
        if start != self.directory_offset {
            return Err(ArchiveFault::DirectoryPlace { expected: start, actual: self.directory_offset });
        }
        Ok(EndRecord { entries: self.entries, directory: start..end })
    }
}

/// The first bytes of a file that is no zip: as text where they are text.
fn shown(begin: &[u8]) -> String {
    match std::str::from_utf8(begin) {
        Ok(text) if text.chars().all(|character| !character.is_control()) => format!("`{text}`"),
        _ => begin.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use crate::package::zip::testing::{archive_fault, contents, open, open_with, two, widened};
    use crate::package::{ArchiveFault, OpenOptions};

    #[test]
    fn comments_are_left_alone() {
        let made = two().push(b"a comment");
        let made = made.clone().set(made.end + 20, &[9]);
        assert_eq!(contents(&open(&made).expect("good")).len(), 2);
        let hidden = two().push(b"PK\x05\x06 and 18 more bytes").push(&[0; 4]);
        let hidden = hidden.clone().set(hidden.end + 20, &[26]);
        assert!(matches!(archive_fault(&hidden), ArchiveFault::SeveralEndRecords { .. }));
        let cut = two();
        let cut = cut.clone().set(cut.end + 20, &[9]);
        assert!(matches!(archive_fault(&cut), ArchiveFault::CommentCutOff { expected: 9, actual: 0, .. }));
    }

    #[test]
    fn zeros_behind_are_forgiven_up_to_a_length() {
        let tolerant = OpenOptions { tolerant: true, ..OpenOptions::default() };
        let made = two().push(&[0; 65_535]);
        assert!(matches!(archive_fault(&made), ArchiveFault::TrailingZeros { actual: 65_535, .. }));
        let package = open_with(&made, &tolerant).expect("forgiven");
        assert_eq!(package.warnings().len(), 1);
        let made = made.push(&[0]);
        assert!(matches!(archive_fault(&made), ArchiveFault::NoEndRecord { .. }));
        assert!(open_with(&made, &tolerant).is_err());
        assert!(open_with(&two().push(b"\0\0x"), &tolerant).is_err());
    }

    #[test]
    fn the_64_bit_end_record_is_read_where_it_is_consistent() {
        for point in [false, true] {
            let made = widened(&two(), point);
            assert_eq!(contents(&open(&made).expect("good")).len(), 2);
            let record = made.end - 76;
            let locator = made.end - 20;
            let checks = [
                (record, "the signature"),
                (record + 4, "the size"),
                (locator + 4, "the disk"),
                (locator + 16, "the number of disks"),
            ];
            for (at, wrong) in checks {
                match archive_fault(&made.clone().set(at, &[9])) {
                    ArchiveFault::Zip64 { field, .. } => assert_eq!(field, wrong),
                    other => panic!("{wrong}: {other}"),
                }
            }
            // Without a narrow value to compare with, what they say of the directory shows that they are wrong.
            for at in [record + 16, record + 20, record + 24, record + 32, record + 40, record + 48] {
                assert!(open(&made.clone().set(at, &[9])).is_err(), "{at}");
            }
            let far = made.clone().set(locator + 8, &[0xff; 8]);
            assert!(matches!(
                archive_fault(&far),
                ArchiveFault::Zip64 { field: "the offset of the record", .. }
            ));
            assert!(open(&made.clone().set(locator, b"pk")).is_err());
        }
        let pointing = two();
        let pointing = pointing.clone().set(pointing.end + 12, &[0xff; 4]);
        assert!(matches!(archive_fault(&pointing), ArchiveFault::Zip64Missing { .. }));
    }
}
