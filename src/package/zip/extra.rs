//! Extra fields of headers: that they are well-formed, and the one that carries 64-bit values.
//!
//! What other fields say (times, owners, padding) is of no interest. Read [`read`] first.

use super::source::{u16_at, u32_at, u64_at};
use crate::package::EntryFault;

const FIELD_HEADER: usize = 4;
const ZIP64: u16 = 0x0001;
/// Info-ZIP's Unicode path: a second name, for readers that know it.
const UNICODE_PATH: u16 = 0x7075;

/// The field with 64-bit values and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zip64<'b> {
    offset: u64,
    values: &'b [u8],
}

/// Reads the extra fields of a header; they lie at `offset` in the file.
pub(super) fn read(mut bytes: &[u8], mut offset: u64) -> Result<Option<Zip64<'_>>, EntryFault> {
    let mut zip64 = None;
    while !bytes.is_empty() {
        let too_short = |expected: usize| EntryFault::ExtraField {
            offset,
            expected: expected as u64,
            actual: bytes.len() as u64,
        };
        if bytes.len() < FIELD_HEADER {
            return Err(too_short(FIELD_HEADER));
        }
        let length = FIELD_HEADER + usize::from(u16_at(bytes, 2));
        if bytes.len() < length {
            return Err(too_short(length));
        }
        match u16_at(bytes, 0) {
            UNICODE_PATH => return Err(EntryFault::SecondName { offset }),
            ZIP64 => {
                let values = &bytes[FIELD_HEADER..length];
                if zip64.replace(Zip64 { offset, values }).is_some() {
                    return Err(EntryFault::Zip64Extra { offset, expected: 0, actual: values.len() as u64 });
                }
            }
            _ => {}
        }
        bytes = &bytes[length..];
        offset += length as u64;
    }
    Ok(zip64)
}

/// Takes the 64-bit values of a header in the order of the format, one for each field that is filled with ones.
#[derive(Debug)]
pub(super) struct Wide<'b> {
    header: u64,
    zip64: Option<Zip64<'b>>,
    used: usize,
}

impl<'b> Wide<'b> {
    /// `header` is where the header is in the file.
    pub(super) fn new(zip64: Option<Zip64<'b>>, header: u64) -> Self {
        Self { header, zip64, used: 0 }
    }

    /// The value of a size or an offset.
    pub(super) fn size(&mut self, narrow: u32) -> u64 {
        if narrow != u32::MAX {
            return narrow.into();
        }
        self.take(8).map_or(0, |value| u64_at(value, 0))
    }

    /// The value of a disk number.
    pub(super) fn disk(&mut self, narrow: u16) -> u32 {
        if narrow != u16::MAX {
            return narrow.into();
        }
        self.take(4).map_or(0, |value| u32_at(value, 0))
    }

    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let start = self.used;
        self.used += length;
        self.zip64?.values.get(start..self.used)
    }

    /// Refuses a field that is missing, too short, too long, or there without need: it would be a second truth.
    pub(super) fn finish(&self) -> Result<(), EntryFault> {
        match self.zip64 {
            None if self.used > 0 => Err(EntryFault::Zip64Missing { offset: self.header }),
            Some(Zip64 { offset, values }) if values.len() != self.used => Err(EntryFault::Zip64Extra {
                offset,
                expected: self.used as u64,
                actual: values.len() as u64,
            }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_well_formed() {
        assert_eq!(read(&[], 7), Ok(None));
        assert_eq!(read(b"UT\x01\0x\x20\xa2\0\0", 7), Ok(None));
        assert_eq!(
            read(b"UT\xf4\x01xx", 7),
            Err(EntryFault::ExtraField { offset: 7, expected: 504, actual: 6 })
        );
        assert_eq!(
            read(b"UT\x01\0x\0\0\0", 7),
            Err(EntryFault::ExtraField { offset: 12, expected: 4, actual: 3 })
        );
        assert_eq!(read(b"UT\0\0up\x01\0x", 7), Err(EntryFault::SecondName { offset: 11 }));
    }

    #[test]
    fn wide_values_stand_for_fields_of_ones() {
        let mut bytes = b"UT\0\0\x01\0\x14\0".to_vec();
        bytes.extend(0x1_0000_0001_u64.to_le_bytes());
        bytes.extend(0x2_0000_0002_u64.to_le_bytes());
        bytes.extend(3_u32.to_le_bytes());
        let zip64 = read(&bytes, 0).expect("well-formed");
        let mut wide = Wide::new(zip64, 100);
        assert_eq!(wide.size(u32::MAX), 0x1_0000_0001);
        assert_eq!(wide.size(5), 5);
        assert_eq!(wide.size(u32::MAX), 0x2_0000_0002);
        assert_eq!(wide.finish(), Err(EntryFault::Zip64Extra { offset: 4, expected: 16, actual: 20 }));
        assert_eq!(wide.disk(u16::MAX), 3);
        assert_eq!(wide.finish(), Ok(()));
        assert_eq!(wide.size(u32::MAX), 0);
        assert!(wide.finish().is_err());
    }

    #[test]
    fn wide_values_are_there_when_and_only_when_needed() {
        let mut wide = Wide::new(None, 100);
        assert_eq!(wide.finish(), Ok(()));
        assert_eq!(wide.size(u32::MAX), 0);
        assert_eq!(wide.finish(), Err(EntryFault::Zip64Missing { offset: 100 }));
        let zip64 = read(b"\x01\0\0\0", 9).expect("well-formed");
        assert_eq!(Wide::new(zip64, 100).finish(), Ok(()));
        let zip64 = read(b"\x01\0\x08\0aaaaaaaa", 9).expect("well-formed");
        let conflict = EntryFault::Zip64Extra { offset: 9, expected: 0, actual: 8 };
        assert_eq!(Wide::new(zip64, 100).finish(), Err(conflict));
        assert!(read(b"\x01\0\0\0\x01\0\0\0", 9).is_err());
    }
}
