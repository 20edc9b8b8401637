//! The entries of an archive where they lie: each says of itself what the directory says of it, and each ends where the
//! next begins, from the first byte to the directory.
//!
//! The content is not looked at. Read [`check`] first.

use super::directory::{DESCRIPTOR, EMPTY_DEFLATE, Method, Record, check_version};
use super::extra::{self, Wide};
use super::source::{Window, u16_at, u32_at, u64_at};
use super::{Opening, Refusal};
use crate::package::{ArchiveFault, EntryFault, HeaderField, PackageError};

const SIGNATURE: u32 = u32::from_le_bytes(*b"PK\x03\x04");
const FIXED_BYTES: usize = 30;
const DESCRIPTOR_SIGNATURE: [u8; 4] = *b"PK\x07\x08";

/// Compares every entry with its record in the directory, which begins at `directory`. Gives where the content of each
/// begins, in the order of the records.
pub(super) fn check(
    opening: &mut Opening<'_>,
    records: &[Record],
    directory: u64,
    window: &mut Window<'_>,
) -> Result<Vec<u64>, PackageError> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|&at| (records[at].offset, at));
    let mut contents = vec![0; records.len()];
    for (turn, &at) in order.iter().enumerate() {
        let record = &records[at];
        let next = order.get(turn + 1).map_or(directory, |&next| records[next].offset.min(directory));
        let checked = Local::read(record, next, directory, window).and_then(|local| local.check(window));
        contents[at] = checked.map_err(|refusal| refusal.of(opening.label, &record.path))?;
        if turn == 0 && record.offset > 0 {
            opening.forgive(ArchiveFault::LeadingBytes { actual: record.offset })?;
        }
    }
    Ok(contents)
}

/// The fields of an entry's own header, beside the record of the directory.
struct Local<'r> {
    record: &'r Record,
    /// Where what comes next begins.
    next: u64,
    flags: u16,
    method: u16,
    checksum: u32,
    compressed_size: u64,
    size: u64,
    /// Where the content begins.
    content: u64,
}

impl<'r> Local<'r> {
    fn read(record: &'r Record, next: u64, directory: u64, window: &mut Window<'_>) -> Result<Self, Refusal> {
        let offset = record.offset;
        if offset >= directory {
            let actual = window.get(offset, 4).map_or(0, |begin| u32_at(begin, 0));
            return Err(EntryFault::LocalHeader { offset, expected: SIGNATURE, actual }.into());
        }
        let fits = |length: usize| {
            let actual = offset + length as u64;
            let overlap = EntryFault::Overlap { offset, expected: next, actual };
            if actual <= next { Ok(()) } else { Err(overlap) }
        };
        fits(FIXED_BYTES)?;
        let fixed = window.get(offset, FIXED_BYTES)?;
        let actual = u32_at(fixed, 0);
        if actual != SIGNATURE {
            return Err(EntryFault::LocalHeader { offset, expected: SIGNATURE, actual }.into());
        }
        let extra_at = FIXED_BYTES + usize::from(u16_at(fixed, 26));
        let length = extra_at + usize::from(u16_at(fixed, 28));
        fits(length)?;
        let header = window.get(offset, length)?;
        let name = &header[FIXED_BYTES..extra_at];
        if name != &*record.raw_name {
            let actual = String::from_utf8_lossy(name).into_owned();
            return Err(EntryFault::NameDiffers { offset, actual }.into());
        }
        check_version(offset, u16_at(header, 4))?;
        let mut wide = Wide::new(extra::read(&header[extra_at..], offset + extra_at as u64)?, offset);
        let size = wide.size(u32_at(header, 22));
        let compressed_size = wide.size(u32_at(header, 18));
        wide.finish()?;
        Ok(Self {
            record,
            next,
            flags: u16_at(header, 6),
            method: u16_at(header, 8),
            checksum: u32_at(header, 14),
            compressed_size,
            size,
            content: offset + length as u64,
        })
    }

    /// Compares the header with the record, and checks that nothing is between this entry and the next.
    fn check(&self, window: &mut Window<'_>) -> Result<u64, Refusal> {
        let (record, offset) = (self.record, self.record.offset);
        let differs = |(field, expected, actual): (HeaderField, u64, u64)| {
            let fault = EntryFault::HeaderDiffers { offset, field, expected, actual };
            if expected == actual { Ok(()) } else { Err(fault) }
        };
        differs((HeaderField::Flags, record.flags.into(), self.flags.into()))?;
        differs((HeaderField::Method, record.method.code().into(), self.method.into()))?;
        let has_descriptor = record.flags & DESCRIPTOR != 0;
        for (field, expected, actual) in [
            (HeaderField::Checksum, record.checksum.into(), self.checksum.into()),
            (HeaderField::CompressedSize, record.compressed_size, self.compressed_size),
            (HeaderField::Size, record.size, self.size),
        ] {
            // Not known yet when the header was written, if a descriptor follows.
            if !(has_descriptor && actual == 0) {
                differs((field, expected, actual))?;
            }
        }
        let end = self.content.saturating_add(record.compressed_size);
        let Some(left) = self.next.checked_sub(end) else {
            return Err(EntryFault::Overlap { offset, expected: self.next, actual: end }.into());
        };
        if has_descriptor {
            self.check_descriptor(end, left, window)?;
        } else if left > 0 {
            return Err(ArchiveFault::Gap { offset: end, actual: left }.into());
        }
        if record.is_folder && record.method == Method::Deflated && record.compressed_size > 0 {
            let content = window.get(self.content, record.compressed_size as usize)?;
            if content != EMPTY_DEFLATE {
                return Err(EntryFault::FolderWithContent { offset, actual: record.compressed_size }.into());
            }
        }
        Ok(self.content)
    }

    /// The descriptor must fill exactly what is left before the next entry: its length says which of the four forms it
    /// has, with or without a signature, with sizes of 32 or 64 bits.
    fn check_descriptor(&self, offset: u64, left: u64, window: &mut Window<'_>) -> Result<(), Refusal> {
        let missing = EntryFault::DescriptorMissing { offset, actual: left };
        if !matches!(left, 12 | 16 | 20 | 24) {
            return Err(missing.into());
        }
        let bytes = window.get(offset, left as usize)?;
        let values = match left {
            16 | 24 => match bytes.strip_prefix(&DESCRIPTOR_SIGNATURE) {
                Some(values) => values,
                None => return Err(missing.into()),
            },
            _ => bytes,
        };
        let (compressed_size, size) = match values.len() {
            12 => (u32_at(values, 4).into(), u32_at(values, 8).into()),
            _ => (u64_at(values, 4), u64_at(values, 12)),
        };
        for (field, expected, actual) in [
            (HeaderField::Checksum, self.record.checksum.into(), u32_at(values, 0).into()),
            (HeaderField::CompressedSize, self.record.compressed_size, compressed_size),
            (HeaderField::Size, self.record.size, size),
        ] {
            if expected != actual {
                return Err(EntryFault::DescriptorDiffers { offset, field, expected, actual }.into());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::package::zip::testing::{
        Archive, Made, archive_fault, contents, entry_fault, open, text, two, with_descriptor,
    };
    use crate::package::{ArchiveFault, EntryFault, HeaderField, PackageError};

    #[test]
    fn entries_may_lie_in_another_order_than_the_directory_has() {
        let made = two();
        let (first, second) = (made.records[0], made.records[1]);
        let mut bytes = made.bytes[..first].to_vec();
        bytes.extend(&made.bytes[second..made.end]);
        bytes.extend(&made.bytes[first..second]);
        bytes.extend(&made.bytes[made.end..]);
        let package = open(&Archive { bytes, ..made }).expect("a good archive");
        let paths: Vec<&str> = package.entries().iter().map(|entry| &*entry.path).collect();
        assert_eq!(paths, ["d/b.bin", "a.txt"]);
    }

    #[test]
    fn a_folder_holds_nothing() {
        let at = |made: &Archive| made.locals[0] + 30 + 2;
        let made = Archive::new(&[Made::new("e/", b"")]);
        let other = made.clone().set(at(&made), &[1, 0]);
        assert!(matches!(
            open(&other),
            Err(PackageError::Entry { fault: EntryFault::FolderWithContent { .. }, .. })
        ));
    }

    #[test]
    fn every_form_of_descriptor_is_read() {
        for (signature, wide) in [(false, false), (true, false), (false, true), (true, true)] {
            let made = Archive::new(&[with_descriptor(signature, wide), Made::stored("b", b"b")]);
            assert_eq!(contents(&open(&made).expect("good")).len(), 2, "{signature} {wide}");
            let last = Archive::new(&[Made::stored("b", b"b"), with_descriptor(signature, wide)]);
            assert_eq!(contents(&open(&last).expect("good")).len(), 2, "{signature} {wide}");
            let size = made.locals[1] - 1;
            let wrong = made.set(size, &[1]);
            assert!(
                matches!(entry_fault(&wrong), EntryFault::DescriptorDiffers { field: HeaderField::Size, .. }),
                "{signature} {wide}"
            );
        }
    }

    #[test]
    fn a_descriptor_that_is_announced_is_there() {
        let none = Made { after: Vec::new(), ..with_descriptor(true, false) };
        assert!(matches!(
            entry_fault(&Archive::new(&[none])),
            EntryFault::DescriptorMissing { actual: 0, .. }
        ));
        let mut long = with_descriptor(true, false);
        long.after.push(0);
        assert!(matches!(
            entry_fault(&Archive::new(&[long])),
            EntryFault::DescriptorMissing { actual: 17, .. }
        ));
        let mut other = with_descriptor(true, false);
        other.after[0] = b'p';
        assert!(matches!(
            entry_fault(&Archive::new(&[other])),
            EntryFault::DescriptorMissing { actual: 16, .. }
        ));
    }

    #[test]
    fn wide_sizes_of_an_entry_are_read() {
        let content = text();
        let mut extra = b"\x01\0\x10\0".to_vec();
        extra.extend((content.content.len() as u64).to_le_bytes());
        extra.extend((content.written().len() as u64).to_le_bytes());
        // In the entry alone, as writers do that do not know yet how much will come.
        let made = Archive::new(&[Made { local_extra: extra.clone(), ..content.clone() }]);
        let made = made.clone().set(made.locals[0] + 18, &[0xff; 8]);
        assert_eq!(contents(&open(&made).expect("good")).len(), 1);
        // In both.
        let made =
            Archive::new(&[Made { local_extra: extra.clone(), extra: extra.clone(), ..content.clone() }]);
        let made = made.clone().set(made.locals[0] + 18, &[0xff; 8]).set(made.records[0] + 20, &[0xff; 8]);
        assert_eq!(contents(&open(&made).expect("good")).len(), 1);
        // Wrong in the entry.
        let wrong = made.clone().set(made.locals[0] + 30 + 5 + 4, &[18]);
        let fault = entry_fault(&wrong);
        assert!(matches!(fault, EntryFault::HeaderDiffers { field: HeaderField::Size, .. }), "{fault}");
        // Announced and not there.
        let made = Archive::new(&[content]);
        let missing = made.clone().set(made.records[0] + 20, &[0xff; 4]);
        assert!(matches!(entry_fault(&missing), EntryFault::Zip64Missing { .. }));
    }

    #[test]
    fn headers_agree() {
        let made = Archive::new(&[text()]);
        let local = made.locals[0];
        for (at, field) in [
            (6, HeaderField::Flags),
            (8, HeaderField::Method),
            (14, HeaderField::Checksum),
            (18, HeaderField::CompressedSize),
            (22, HeaderField::Size),
        ] {
            match entry_fault(&made.clone().set(local + at, &[2])) {
                EntryFault::HeaderDiffers { field: actual, offset: 0, .. } => assert_eq!(actual, field),
                other => panic!("{field}: {other}"),
            }
        }
        let named = made.clone().set(local + 30, b"b");
        assert_eq!(entry_fault(&named), EntryFault::NameDiffers { offset: 0, actual: "b.txt".to_owned() });
        assert!(matches!(
            entry_fault(&made.clone().set(local, b"pk")),
            EntryFault::LocalHeader { offset: 0, .. }
        ));
        assert!(matches!(
            entry_fault(&made.set(local + 4, &[0, 1])),
            EntryFault::VersionNeeded { actual: 256, .. }
        ));
    }

    #[test]
    fn nothing_lies_between_entries() {
        let hidden = Made { after: b"hidden".to_vec(), ..text() };
        let offset = Archive::new(&[text()]).records[0] as u64;
        for entries in [vec![hidden.clone()], vec![hidden, Made::stored("b", b"b")]] {
            assert_eq!(archive_fault(&Archive::new(&entries)), ArchiveFault::Gap { offset, actual: 6 });
        }
        // An entry that is the content of another.
        let inner = Archive::new(&[text()]);
        let made = Archive::new(&[Made::stored("c", &inner.bytes[..inner.records[0]]), text()]);
        let nested = made.clone().set(made.records[1] + 42, &[31]);
        match open(&nested) {
            Err(PackageError::Entry { entry, fault: EntryFault::Overlap { expected: 31, .. }, .. }) => {
                assert_eq!(entry, "c");
            }
            other => panic!("{other:?}"),
        }
    }
}
