//! One writer at a time: [`LockedFile`], a file that this run alone may write.

use camino::{Utf8Path, Utf8PathBuf};
use fs_err::{File, OpenOptions};

use crate::write::WriteError;

/// How often the file may be replaced under us before we give up: each time another run has just ended.
const ATTEMPTS: usize = 100;

/// A file under an exclusive lock of the system, which ends with the process, however it ends: no lock is ever stale.
#[derive(Debug)]
pub struct LockedFile {
    /// The file, open to read and write.
    pub file: File,
    /// Where it is.
    pub path: Utf8PathBuf,
}

impl LockedFile {
    /// Opens or creates `path`, content untouched, and locks it. [`WriteError::Locked`] names `target`. Nobody else is to hold
    /// it, or to learn who does.
    ///
    /// # Errors
    /// When another run holds it, or it cannot be opened.
    pub fn acquire(path: &Utf8Path, target: &Utf8Path) -> Result<Self, WriteError> {
        Self::acquire_as(path, target, 0o600)
    }

    /// The same with the permissions that the user's new files have, for a file that takes the place of the target.
    ///
    /// # Errors
    /// As [`LockedFile::acquire`].
    pub fn acquire_new(path: &Utf8Path, target: &Utf8Path) -> Result<Self, WriteError> {
        Self::acquire_as(path, target, 0o666)
    }

    #[cfg_attr(not(unix), expect(unused_variables, reason = "what others may do is told otherwise there"))]
    fn acquire_as(path: &Utf8Path, target: &Utf8Path, mode: u32) -> Result<Self, WriteError> {
        let locked = || WriteError::Locked { path: target.to_owned() };
        for _ in 0..ATTEMPTS {
            // A link in the place of our file would make us write elsewhere.
            if path.is_symlink() {
                return Err(WriteError::SymbolicLink { path: path.to_owned() });
            }
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            #[cfg(unix)]
            fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
            let file = options.open(path).map_err(|error| WriteError::io(path, error))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(std::fs::TryLockError::WouldBlock) => return Err(locked()),
                Err(std::fs::TryLockError::Error(error)) => return Err(WriteError::io(path, error)),
            }
            // Between opening and locking the run that held it may have ended and taken the file away.
            if is_still_there(&file, path) {
                return Ok(Self { file, path: path.to_owned() });
            }
        }
        Err(locked())
    }
}

#[cfg(unix)]
fn is_still_there(file: &File, path: &Utf8Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(ours), Ok(theirs)) = (file.metadata(), fs_err::symlink_metadata(path)) else { return false };
    ours.dev() == theirs.dev() && ours.ino() == theirs.ino()
}

#[cfg(not(unix))]
fn is_still_there(_file: &File, path: &Utf8Path) -> bool {
    fs_err::symlink_metadata(path).is_ok()
}
