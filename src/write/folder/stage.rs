//! Where a folder is made ready: [`Stage`], a hidden folder beside the target, with the lock.
//!
//! `lock` is held by the run at work; `tree/` becomes a new folder; `new/` holds the files to be put into place, `old/` those
//! that were there, each named by its step; `journal` says what is being done.

use camino::{Utf8Path, Utf8PathBuf};

use super::journal::Journal;
use crate::write::WriteError;
use crate::write::lock::LockedFile;

/// Name of the stage in the target itself, where nothing can be put beside it or that is another file system.
pub(super) const INSIDE: &str = ".solship-stage";
/// Name of a file at the top of a target while a journal speaks of it: moved or copied away from its stage it is still known
/// to be half written.
const MARK: &str = ".solship-interrupted";
/// How often the stage may be taken away under us by a run that has just ended.
const ATTEMPTS: usize = 100;

/// The stage of one target, locked.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) folder: Utf8PathBuf,
    lock: LockedFile,
}

/// The places where the stage of `target` (without links) may be, in the order in which they are tried.
pub(super) fn places(target: &Utf8Path) -> Vec<Utf8PathBuf> {
    let beside = target.file_name().map(|name| target.with_file_name(format!(".{name}.solship")));
    beside.into_iter().chain([target.join(INSIDE)]).collect()
}

/// The target whose stage a folder of this path is, judged by its name.
pub fn target_of_stage(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let name = path.file_name()?;
    if name == INSIDE {
        return path.parent().map(Utf8Path::to_owned);
    }
    let target = name.strip_prefix('.')?.strip_suffix(".solship")?;
    (!target.is_empty()).then(|| path.with_file_name(target))
}

/// Marks the target as half written. The journal is what counts, so that a mark that cannot be made is no fault.
pub(super) fn mark(target: &Utf8Path) {
    let text = "The run of solship that this folder was half written by is finished, or taken back, where it began.\n";
    let made = fs_err::OpenOptions::new().write(true).create_new(true).open(target.join(MARK));
    let _ = made.and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
}

/// Takes the mark away, while the journal is still there.
pub(super) fn unmark(target: &Utf8Path) -> Result<(), WriteError> {
    let path = target.join(MARK);
    match fs_err::remove_file(&path) {
        Err(error) if is_marked(target) => Err(WriteError::io(&path, error)),
        _ => Ok(()),
    }
}

/// Whether the target has the mark.
pub(super) fn is_marked(target: &Utf8Path) -> bool {
    fs_err::symlink_metadata(target.join(MARK)).is_ok()
}

/// Refuses a target whose mark no journal explains.
pub(super) fn refuse_marked(target: &Utf8Path) -> Result<(), WriteError> {
    if is_marked(target) {
        return Err(WriteError::JournalElsewhere { path: target.to_owned(), mark: MARK });
    }
    Ok(())
}

/// Whether a run holds the stage now.
pub(super) fn is_at_work(place: &Utf8Path) -> bool {
    let Ok(lock) = fs_err::File::open(place.join("lock")) else { return false };
    matches!(lock.try_lock_shared(), Err(std::fs::TryLockError::WouldBlock))
}

impl Stage {
    /// Makes or takes up the stage of `target`.
    pub(super) fn open(target: &Utf8Path) -> Result<Self, WriteError> {
        // A stage that is there has the say, wherever a new one would be made.
        if let Some(stage) = Self::open_existing(target)? {
            return Ok(stage);
        }
        let mut refused = None;
        for place in places(target).into_iter().filter(|place| may_hold_stage(place, target)) {
            match Self::open_at(&place, target) {
                Err(error @ WriteError::NotWritable { .. }) => refused = Some(error),
                other => return other,
            }
        }
        Err(refused.unwrap_or_else(|| WriteError::NoName { path: target.to_owned() }))
    }

    /// Takes up the stage of `target` if there is one.
    pub(super) fn open_existing(target: &Utf8Path) -> Result<Option<Self>, WriteError> {
        match places(target).into_iter().find(|place| place.is_dir()) {
            Some(place) => Self::open_at(&place, target).map(Some),
            None => Ok(None),
        }
    }

    fn open_at(place: &Utf8Path, target: &Utf8Path) -> Result<Self, WriteError> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let is_made = match fs_err::create_dir(place) {
                Ok(()) => true,
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => false,
                Err(error) => return Err(WriteError::io(place, error)),
            };
            if place.is_symlink() {
                return Err(WriteError::SymbolicLink { path: place.to_owned() });
            }
            match LockedFile::acquire(&place.join("lock"), target) {
                Ok(lock) => return Ok(Self { folder: place.to_owned(), lock }),
                // The run before has just taken its stage away.
                Err(WriteError::Io { .. }) if attempts < ATTEMPTS && !place.exists() => {}
                Err(error) => {
                    if is_made {
                        let _ = fs_err::remove_dir(place);
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Where the folder of a new target is made.
    pub(super) fn tree(&self) -> Utf8PathBuf {
        self.folder.join("tree")
    }

    /// The file that a step puts into place.
    pub(super) fn new_file(&self, step: usize) -> Utf8PathBuf {
        self.folder.join("new").join(step.to_string())
    }

    /// The file that a step takes out of the target.
    pub(super) fn old_file(&self, step: usize) -> Utf8PathBuf {
        self.folder.join("old").join(step.to_string())
    }

    /// Makes the empty folders for files; what a killed run left in them is removed.
    pub(super) fn prepare(&self) -> Result<(), WriteError> {
        self.clear();
        for name in ["new", "old"] {
            let folder = self.folder.join(name);
            fs_err::create_dir(&folder).map_err(|error| WriteError::io(&folder, error))?;
        }
        Ok(())
    }

    /// Removes all that is made ready, as far as it can be: what stays is removed by the next run.
    fn clear(&self) {
        for name in ["tree", "new", "old"] {
            let _ = fs_err::remove_dir_all(self.folder.join(name));
        }
    }

    /// Removes the stage. Nothing in it may be needed any more.
    pub(super) fn remove(self) {
        // One that is not whole goes; one that cannot be removed needs what it speaks of.
        if Journal::remove(&self).is_err() {
            return;
        }
        self.clear();
        // The lock goes last: whoever takes it meanwhile finds the stage empty.
        let _ = fs_err::remove_file(&self.lock.path);
        let _ = fs_err::remove_dir(&self.folder);
    }
}

/// Only a folder on the file system of the target can hold its stage: files are renamed from one to the other.
#[cfg(unix)]
fn may_hold_stage(place: &Utf8Path, target: &Utf8Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Utf8Path| fs_err::metadata(path).ok().map(|metadata| metadata.dev());
    match (place.parent().and_then(device), device(target)) {
        (Some(place), Some(target)) => place == target,
        // A new target is made where its parent is.
        (place, None) => place.is_some(),
        (None, Some(_)) => false,
    }
}

#[cfg(not(unix))]
fn may_hold_stage(_place: &Utf8Path, _target: &Utf8Path) -> bool {
    true
}
