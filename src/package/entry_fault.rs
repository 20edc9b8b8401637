//! What can be wrong with one entry of a zip. One variant a way to lie; names have `names.rs`.
//!
//! Offsets are bytes from the start of the file. Read [`EntryFault`] first.

use crate::text::escape_terminal;

/// What is wrong with one entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    /// The name is flagged as UTF-8 and is not.
    #[error("the name, in the directory at byte {offset}, is flagged as UTF-8 and is not")]
    NameNotUtf8 {
        /// Where the directory entry is.
        offset: u64,
    },
    /// The name is not ASCII and not flagged as UTF-8, so its encoding is a guess.
    #[error("the encoding of the name, in the directory at byte {offset}, is not stated")]
    NameEncoding {
        /// Where the directory entry is.
        offset: u64,
    },
    /// Encrypted.
    #[error("encrypted (flags {actual:#06x}, byte {offset})")]
    Encrypted {
        /// Where the header is.
        offset: u64,
        /// All flags.
        actual: u16,
    },
    /// Flags of features that no reader should meet.
    #[error("flags {actual:#06x}, byte {offset}, ask for features that a solution never has")]
    Flags {
        /// Where the header is.
        offset: u64,
        /// All flags.
        actual: u16,
    },
    /// Neither stored nor deflated.
    #[error("compression method {actual}, byte {offset}; only stored (0) and deflate (8) are read")]
    Method {
        /// Where the header is.
        offset: u64,
        /// The method.
        actual: u16,
    },
    /// Made for readers of a later version of the format.
    #[error("needs version {actual} of the zip format, byte {offset}; {expected} is the highest there is")]
    VersionNeeded {
        /// Where the header is.
        offset: u64,
        /// The highest version that exists.
        expected: u16,
        /// What the entry needs.
        actual: u16,
    },
    /// The entry is on another disk of a split archive.
    #[error("on disk {actual} of a split archive, says the directory at byte {offset}")]
    OtherDisk {
        /// Where the directory entry is.
        offset: u64,
        /// The number of the disk.
        actual: u32,
    },
    /// An extra field is longer than what is left.
    #[error("the extra field at byte {offset} needs {expected} bytes, {actual} are left")]
    ExtraField {
        /// Where the field begins.
        offset: u64,
        /// Bytes that it needs.
        expected: u64,
        /// Bytes left.
        actual: u64,
    },
    /// A second name in an extra field, which some readers use and others do not.
    #[error("a second name (extra field {:04x}) at byte {offset}", 0x7075)]
    SecondName {
        /// Where the field begins.
        offset: u64,
    },
    /// A 64-bit extra field whose length does not fit the fields of the header that it stands for, or which is there
    /// twice.
    #[error("the 64-bit extra field at byte {offset} has {actual} bytes; the header asks for {expected}")]
    Zip64Extra {
        /// Where the field begins.
        offset: u64,
        /// Bytes that the header asks for; 0 when it asks for none.
        expected: u64,
        /// Bytes there.
        actual: u64,
    },
    /// The header says that a value is in the 64-bit extra field, and there is none.
    #[error("the header at byte {offset} points to a 64-bit extra field, which is not there")]
    Zip64Missing {
        /// Where the header is.
        offset: u64,
    },
    /// A folder with content.
    #[error("a folder with {actual} bytes of content, byte {offset}")]
    FolderWithContent {
        /// Where the header is.
        offset: u64,
        /// Bytes.
        actual: u64,
    },
    /// A folder by its attributes, a file by its name.
    #[error("a folder by its attributes ({actual:#010x}, byte {offset}), a file by its name")]
    FolderWithoutSlash {
        /// Where the directory entry is.
        offset: u64,
        /// The attributes.
        actual: u32,
    },
    /// A symbolic link.
    #[error("a symbolic link (mode {actual:o}, byte {offset})")]
    SymbolicLink {
        /// Where the directory entry is.
        offset: u64,
        /// The Unix mode.
        actual: u32,
    },
    /// A device, a pipe or a socket.
    #[error("neither a file nor a folder (mode {actual:o}, byte {offset})")]
    SpecialFile {
        /// Where the directory entry is.
        offset: u64,
        /// The Unix mode.
        actual: u32,
    },
    /// Where the entry must begin, something else is.
    #[error("no entry at byte {offset}: it begins with {actual:08x}, not {expected:08x}")]
    LocalHeader {
        /// Where.
        offset: u64,
        /// The signature of an entry.
        expected: u32,
        /// What is there; 0 when nothing is.
        actual: u32,
    },
    /// The entry names itself differently.
    #[error("the entry at byte {offset} calls itself {}", escape_terminal(.actual))]
    NameDiffers {
        /// Where the entry is.
        offset: u64,
        /// Its own name; bytes that are not Unicode are replaced.
        actual: String,
    },
    /// The entry's own header and the directory disagree.
    #[error("{field} is {} in the entry at byte {offset}, {} in the directory", field.shown(*.actual), field.shown(*.expected))]
    HeaderDiffers {
        /// Where the entry is.
        offset: u64,
        /// Which field.
        field: HeaderField,
        /// What the directory says.
        expected: u64,
        /// What the entry says.
        actual: u64,
    },
    /// The entry reaches into the next one, or into the directory.
    #[error("reaches to byte {actual}, where byte {expected} already belongs to what comes next")]
    Overlap {
        /// Where the entry begins.
        offset: u64,
        /// Where it must have ended.
        expected: u64,
        /// Where it ends.
        actual: u64,
    },
    /// The data descriptor that the flags announce is not there.
    #[error("a data descriptor must fill the {actual} bytes at byte {offset} and cannot")]
    DescriptorMissing {
        /// Where the data ends.
        offset: u64,
        /// Bytes between there and what comes next; a descriptor has 12, 16, 20 or 24.
        actual: u64,
    },
    /// The data descriptor and the directory disagree.
    #[error("{field} is {} in the data descriptor at byte {offset}, {} in the directory", field.shown(*.actual), field.shown(*.expected))]
    DescriptorDiffers {
        /// Where the descriptor is.
        offset: u64,
        /// Which field.
        field: HeaderField,
        /// What the directory says.
        expected: u64,
        /// What the descriptor says.
        actual: u64,
    },
    /// Stored, with two different sizes.
    #[error("stored, with {actual} bytes in the archive and {expected} outside of it, byte {offset}")]
    StoredSizes {
        /// Where the header is.
        offset: u64,
        /// Bytes that the content should have.
        expected: u64,
        /// Bytes in the archive.
        actual: u64,
    },
    /// The content has another checksum.
    #[error("the content at byte {offset} has the CRC-32 {actual:08x}, not {expected:08x}")]
    Checksum {
        /// Where the content begins.
        offset: u64,
        /// What the directory says.
        expected: u32,
        /// What it has.
        actual: u32,
    },
    /// The content is longer than it should be. Inflating stopped there.
    #[error("the content at byte {offset} inflates to more than {expected} bytes")]
    TooLong {
        /// Where the content begins.
        offset: u64,
        /// What the directory says.
        expected: u64,
    },
    /// The content is shorter than it should be.
    #[error("the content at byte {offset} inflates to {actual} bytes, not {expected}")]
    TooShort {
        /// Where the content begins.
        offset: u64,
        /// What the directory says.
        expected: u64,
        /// What it has.
        actual: u64,
    },
    /// The compressed content does not end where it must.
    #[error("the compressed content at byte {offset} is cut off after {actual} bytes")]
    DeflateCutOff {
        /// Where the content begins.
        offset: u64,
        /// Bytes that are there.
        actual: u64,
    },
    /// The compressed content is no deflate stream.
    #[error("the compressed content at byte {offset} is damaged at its byte {actual}")]
    DeflateInvalid {
        /// Where the content begins.
        offset: u64,
        /// Bytes that were good.
        actual: u64,
    },
    /// The compressed content ends before it should.
    #[error("the compressed content at byte {offset} ends after {actual} of its {expected} bytes")]
    DeflateTrailing {
        /// Where the content begins.
        offset: u64,
        /// Bytes that it should have.
        expected: u64,
        /// Bytes that belong to it.
        actual: u64,
    },
}

/// A field that both headers of an entry have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderField {
    /// General purpose flags.
    Flags,
    /// Compression method.
    Method,
    /// CRC-32 of the content.
    Checksum,
    /// Bytes in the archive.
    CompressedSize,
    /// Bytes inflated.
    Size,
}

impl HeaderField {
    fn shown(self, value: u64) -> String {
        match self {
            Self::Flags => format!("{value:#06x}"),
            Self::Checksum => format!("{value:08x}"),
            Self::Method | Self::CompressedSize | Self::Size => value.to_string(),
        }
    }
}

impl std::fmt::Display for HeaderField {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Flags => "the field of flags",
            Self::Method => "the compression method",
            Self::Checksum => "the CRC-32",
            Self::CompressedSize => "the compressed size",
            Self::Size => "the size",
        })
    }
}
