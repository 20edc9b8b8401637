//! What can be wrong with a zip as a whole. One variant a way to lie; the faults of one entry are in `entry_fault.rs`.
//!
//! Offsets are bytes from the start of the file. Read [`ArchiveFault`] first.

use crate::text::escape_terminal;

/// What is wrong with an archive as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveFault {
    /// The file has no bytes.
    #[error("not a zip: the file is empty")]
    EmptyFile,
    /// Something else than a zip.
    #[error("not a zip: it begins with {}", escape_terminal(.begins))]
    NotAZip {
        /// How it begins, as text where it is text.
        begins: String,
    },
    /// It begins as a zip and does not end as one.
    #[error("cut off: no end record (end of central directory) in its last {searched} of {bytes} bytes")]
    NoEndRecord {
        /// How many bytes at the end were searched.
        searched: u64,
        /// Bytes of the file.
        bytes: u64,
    },
    /// More than one place can be taken for the end record: readers would disagree on what the archive holds.
    #[error("two end records, at byte {offset} and at byte {other}: readers would disagree on what it holds")]
    SeveralEndRecords {
        /// The first.
        offset: u64,
        /// The last.
        other: u64,
    },
    /// The comment of the archive is longer than what is left of the file.
    #[error("the end record at byte {offset} announces a comment of {expected} bytes, {actual} are left")]
    CommentCutOff {
        /// Where the end record is.
        offset: u64,
        /// Bytes announced.
        expected: u64,
        /// Bytes there.
        actual: u64,
    },
    /// Bytes after the end of the archive.
    #[error("{actual} bytes after the end of the archive, at byte {offset}")]
    TrailingBytes {
        /// Where the archive ends.
        offset: u64,
        /// How many.
        actual: u64,
    },
    /// Zero bytes after the end of the archive.
    #[error("{actual} zero bytes after the end of the archive, at byte {offset}")]
    TrailingZeros {
        /// Where the archive ends.
        offset: u64,
        /// How many.
        actual: u64,
    },
    /// Bytes before the first entry.
    #[error("{actual} bytes before the first entry")]
    LeadingBytes {
        /// How many.
        actual: u64,
    },
    /// A part of an archive that was split.
    #[error("the end record at byte {offset} speaks of disk {actual} of a split archive, not of one file")]
    SeveralDisks {
        /// Where the end record is.
        offset: u64,
        /// The number of the disk.
        actual: u64,
    },
    /// The end record counts the entries twice, differently.
    #[error("the end record at byte {offset} counts {expected} entries in all and {actual} on this disk")]
    CountsDiffer {
        /// Where the end record is.
        offset: u64,
        /// Entries in all.
        expected: u64,
        /// Entries on this disk.
        actual: u64,
    },
    /// An archive of nothing.
    #[error("no entries")]
    NoEntries,
    /// The directory holds more or fewer entries than the end record counts.
    #[error("the end record counts {expected} entries, the directory at byte {offset} holds {actual}")]
    EntryCount {
        /// Where the directory is.
        offset: u64,
        /// Entries that the end record counts.
        expected: u64,
        /// Entries in the directory.
        actual: u64,
    },
    /// The directory does not end where the end record begins.
    #[error(
        "the directory must begin at byte {expected}, just before the end record; that says byte {actual}"
    )]
    DirectoryPlace {
        /// Where its size puts it.
        expected: u64,
        /// Where the end record says that it is.
        actual: u64,
    },
    /// A directory that is larger than all that comes before the end record.
    #[error("the directory would have {actual} bytes, only {expected} come before the end record")]
    DirectorySize {
        /// Bytes before the end record.
        expected: u64,
        /// Bytes that the end record announces.
        actual: u64,
    },
    /// Where a directory entry must begin, something else is.
    #[error("no directory entry at byte {offset}: it begins with {actual:08x}, not {expected:08x}")]
    DirectoryEntry {
        /// Where.
        offset: u64,
        /// The signature of a directory entry.
        expected: u32,
        /// What is there.
        actual: u32,
    },
    /// The directory ends inside an entry.
    #[error("the directory entry at byte {offset} needs {expected} bytes, {actual} are left")]
    DirectoryCutOff {
        /// Where the entry begins.
        offset: u64,
        /// Bytes that it needs.
        expected: u64,
        /// Bytes left.
        actual: u64,
    },
    /// A field says that its value is in the 64-bit end record, and there is none.
    #[error("the end record at byte {offset} points to a 64-bit end record, which is not there")]
    Zip64Missing {
        /// Where the end record is.
        offset: u64,
    },
    /// The 64-bit end record or its locator is not as it must be.
    #[error("the 64-bit end record, byte {offset}: {field} is {actual}, not {expected}")]
    Zip64 {
        /// Where the record or its locator is.
        offset: u64,
        /// Which field.
        field: &'static str,
        /// What the rest of the archive asks for.
        expected: u64,
        /// What it says.
        actual: u64,
    },
    /// Bytes between two entries, or between the last one and the directory, that belong to none.
    #[error("{actual} bytes at byte {offset} belong to no entry")]
    Gap {
        /// Where.
        offset: u64,
        /// How many.
        actual: u64,
    },
}
