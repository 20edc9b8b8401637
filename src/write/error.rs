//! Why something is not written, one variant a cause.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use crate::write::PartError;

/// Why an archive or a folder is not written. What was there before is still there.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A part could not give its bytes.
    #[error("{path}: {source}")]
    Part {
        /// Path of the part.
        path: String,
        /// Why.
        source: PartError,
    },
    /// A part gave more or fewer bytes than it announced.
    #[error("{path}: changed while it was read: {expected} bytes expected, {actual} read")]
    PartSize {
        /// Path of the part.
        path: String,
        /// Announced size in bytes.
        expected: u64,
        /// Size in bytes of what was read.
        actual: u64,
    },
    /// A part gave other bytes than it announced.
    #[error("{path}: changed while it was read: CRC-32 {expected:08x} expected, {actual:08x} read")]
    PartChecksum {
        /// Path of the part.
        path: String,
        /// Announced CRC-32.
        expected: u32,
        /// CRC-32 of what was read.
        actual: u32,
    },
    /// The path of a part is not a plain relative path, so that it might lie outside the target.
    #[error("{path:?}: not a plain relative path")]
    UnsafePath {
        /// Path of the part.
        path: String,
    },
    /// Two parts have one path, letter case left aside.
    #[error("{path}: two parts of this path, letter case left aside (the other one: {other})")]
    DuplicatePath {
        /// Path of the later part.
        path: String,
        /// Path of the earlier part.
        other: String,
    },
    /// A part would be a file and a folder at once.
    #[error("{path}: a part has this path, and {other} lies below it")]
    FileAndFolder {
        /// Path of the part that is a file.
        path: String,
        /// A part below it.
        other: String,
    },
    /// The name does not fit into the field of an archive.
    #[error("{path}: the name is {length} bytes long, an archive holds at most 65535")]
    NameTooLong {
        /// Path of the part.
        path: String,
        /// Its length in bytes.
        length: usize,
    },
    /// The compressor gave up, which it does on a fault of its own only.
    #[error("{path}: cannot be compressed: {reason}")]
    Compression {
        /// Path of the part.
        path: String,
        /// Its word for it.
        reason: &'static str,
    },
    /// Another run writes there now.
    #[error("{path}: another run is writing there")]
    Locked {
        /// The target.
        path: Utf8PathBuf,
    },
    /// A file that may not be written is in the way.
    #[error("{path}: the file is read-only")]
    ReadOnlyFile {
        /// The file.
        path: Utf8PathBuf,
    },
    /// A symbolic link is in the way; links are not followed.
    #[error("{path}: a symbolic link, which is not followed")]
    SymbolicLink {
        /// The link.
        path: Utf8PathBuf,
    },
    /// A folder or a special file stands where a file is to be written, and may not be taken away.
    #[error("{path}: something else is in the way")]
    InTheWay {
        /// What is in the way.
        path: Utf8PathBuf,
    },
    /// A file that is not part of a solution stands where a part is to be written, with other content.
    #[error("{path}: would be overwritten, and is not a file that is packed")]
    NotOurs {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The target of a folder is a file.
    #[error("{path}: is a file, not a folder")]
    NotAFolder {
        /// The target.
        path: Utf8PathBuf,
    },
    /// A run was interrupted; what it left must be finished or taken back first.
    #[error("{path}: an interrupted run must be finished or taken back first")]
    JournalPending {
        /// The target.
        path: Utf8PathBuf,
    },
    /// A half-written folder that was moved or copied away from its journal.
    #[error("{path}: half written by an interrupted run ({mark} is in it), and moved or copied since")]
    JournalElsewhere {
        /// The folder.
        path: Utf8PathBuf,
        /// The file that says so.
        mark: &'static str,
    },
    /// A journal of another version, or a damaged one.
    #[error("{path}: not a journal that this version can finish or take back")]
    UnknownJournal {
        /// The journal.
        path: Utf8PathBuf,
    },
    /// A fault came in the middle, and taking back failed as well. The journal is there for the next run.
    #[error("{path}: interrupted ({source}), and taking it back failed as well: {undo}")]
    Interrupted {
        /// The target.
        path: Utf8PathBuf,
        /// What came in the middle.
        source: Box<WriteError>,
        /// Why it was not taken back.
        undo: Box<WriteError>,
    },
    /// No space left.
    #[error("{path}: no space left on the disk")]
    DiskFull {
        /// What was being written.
        path: Utf8PathBuf,
    },
    /// The place may not be written to.
    #[error("{path}: not writable: {source}")]
    NotWritable {
        /// What was being written.
        path: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// What is to be written lies in what it is made from.
    #[error("{output}: lies inside the input {input}")]
    OutputInsideInput {
        /// The target.
        output: Utf8PathBuf,
        /// What is read.
        input: Utf8PathBuf,
    },
    /// What is read lies among the files that are written, and would be deleted as one that is no longer wanted.
    #[error("{input}: lies inside the output {output}, where it would be deleted")]
    InputInsideOutput {
        /// What is read.
        input: Utf8PathBuf,
        /// The target.
        output: Utf8PathBuf,
    },
    /// The target of an archive is a folder.
    #[error("{path}: is a folder, not an archive")]
    IsFolder {
        /// The target.
        path: Utf8PathBuf,
    },
    /// The target has no file name, `..` for example.
    #[error("{path}: not the name of a file or folder")]
    NoName {
        /// The target.
        path: Utf8PathBuf,
    },
    /// The system refused otherwise.
    #[error("{path}: {source}")]
    Io {
        /// What was being written or compared.
        path: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl WriteError {
    /// The variant for what the system said about `path`.
    pub(super) fn io(path: &Utf8Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::NotWritable { path, source }
            }
            _ => Self::Io { path, source },
        }
    }
}
