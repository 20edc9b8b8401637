//! One sync: what was made ready is on the disk before it takes its place.

use camino::Utf8Path;

use crate::write::WriteError;

/// Sees to it that all files below `folder` are on the disk.
#[cfg(target_os = "linux")]
pub(super) fn all_below(folder: &Utf8Path) -> Result<(), WriteError> {
    // One call for the file system, where one a file would take minutes on a disk that spins.
    let io = |error| WriteError::io(folder, error);
    let opened = fs_err::File::open(folder).map_err(io)?;
    rustix::fs::syncfs(opened).map_err(|error| io(error.into()))
}

/// Sees to it that all files below `folder` are on the disk.
#[cfg(not(target_os = "linux"))]
pub(super) fn all_below(folder: &Utf8Path) -> Result<(), WriteError> {
    use rayon::prelude::*;
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.map_err(|error| WriteError::io(folder, error.into()))?;
        // The lock is held by this run, and has no content.
        if entry.file_type().is_file() && entry.file_name() != "lock" {
            files.push(entry.into_path());
        }
    }
    files.par_iter().try_for_each(|path| {
        let sync = || fs_err::OpenOptions::new().write(true).open(path)?.sync_all();
        sync().map_err(|error| WriteError::io(folder, error))
    })
}
