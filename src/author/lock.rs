//! The lock of a solution that is edited: it is held from before its files are read until they are written, so that of two
//! edits at once none is lost.

use camino::Utf8Path;

use super::AuthorError;
use crate::package::is_packager_folder;
use crate::write::{ArchiveWriter, FolderWriter, WriteError, refuse_interrupted};

/// What writes the solution, and lets nobody else write it until then. Dropped it leaves nothing behind.
#[derive(Debug)]
pub(super) enum Lock {
    Folder(FolderWriter),
    Archive(ArchiveWriter),
}

impl Lock {
    /// Locks a solution; none for what is no solution, and for what cannot be written at all: that is told when there is
    /// something to write.
    ///
    /// # Errors
    /// When another run is at work there, or was interrupted.
    pub(super) fn of(path: &Utf8Path) -> Result<Option<Self>, AuthorError> {
        let locked = if path.is_file() {
            ArchiveWriter::open(path, false).map(Self::Archive)
        } else if path.is_dir() && is_packager_folder(path)? {
            // Once it is locked, a run that was interrupted would look like one that is at work.
            refuse_interrupted(path)?;
            FolderWriter::open(path, false).map(Self::Folder)
        } else {
            return Ok(None);
        };
        match locked {
            Ok(lock) => Ok(Some(lock)),
            Err(WriteError::NotWritable { .. } | WriteError::ReadOnlyFile { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
