//! Writes a set of [`Part`]s, whole or not at all: as an archive ([`write_archive`]) or as a folder ([`write_folder`]).
//!
//! Owns the bytes of the container, the staging beside the target, the journal and the lock. What a part means, which
//! parts there are and in which order is not known here. Read [`Part`] first.

mod archive;
mod error;
mod file;
mod folder;
mod lock;
mod part;
mod path;
mod set;

pub use archive::{
    ArchiveOptions, ArchiveSummary, ArchiveWriter, PreparedArchive, prepare_archive, write_archive,
    write_archive_to,
};
pub use error::WriteError;
pub use file::{create_file, create_plain_file, replace_file};
pub use folder::{
    Change, ChangeKind, Content, Eol, FolderOptions, FolderSummary, FolderWriter, Resolution, is_begun,
    is_interrupted, refuse_interrupted, resolve, target_of_stage, write_folder,
};
pub(crate) use folder::{Checksum, EarlyFiles};
pub use lock::LockedFile;
pub use part::{InMemory, Part, PartError};
pub use path::{inside, refuse_inside};
pub use set::PartSet;
