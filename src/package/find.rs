//! Finding solutions: zips and folders below what the user named.
//!
//! What they hold is not looked at, but for the files by which a folder is known. Read [`find`] first.

use camino::{Utf8Path, Utf8PathBuf};

use super::PackageError;
use super::folder::{GIT, Kind, kind, unicode};

/// What [`find`] found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Zips and solution folders. A folder in the packager's layout is among them, so that opening it says what it is.
    pub packages: Vec<Utf8PathBuf>,
    /// What lies beside them and is no solution, links included: they are not followed.
    pub skipped: Vec<Utf8PathBuf>,
}

/// Finds the solutions below what the user named: a zip, a folder that is one, or a folder whose direct children are
/// (`recursive`: at any depth). Others are listed in [`Found::skipped`]. Sorted by path.
pub fn find(path: &Utf8Path, recursive: bool) -> Result<Found, PackageError> {
    let metadata = match fs_err::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(PackageError::NotFound { path: path.to_owned() });
        }
        metadata => metadata?,
    };
    let mut found = Found::default();
    if !metadata.is_dir() || kind(path)? != Kind::Other {
        found.packages.push(path.to_owned());
        return Ok(found);
    }
    let mut pending = vec![path.to_owned()];
    while let Some(folder) = pending.pop() {
        for child in fs_err::read_dir(&folder)? {
            look_at(&child?, recursive, &mut pending, &mut found)?;
        }
    }
    found.packages.sort();
    found.skipped.sort();
    if found.packages.is_empty() {
        return Err(PackageError::NoSolution { path: path.to_owned() });
    }
    Ok(found)
}

fn look_at(
    child: &fs_err::DirEntry,
    recursive: bool,
    pending: &mut Vec<Utf8PathBuf>,
    found: &mut Found,
) -> Result<(), PackageError> {
    if child.file_name().eq_ignore_ascii_case(GIT) {
        return Ok(());
    }
    let full = child.path();
    let file_type = child.file_type()?;
    let is_zip = full.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    // A name that is not Unicode matters where the thing itself does.
    let path = match unicode(&full) {
        Err(_) if !(file_type.is_dir() || file_type.is_file() && is_zip) => {
            found.skipped.push(full.to_string_lossy().into_owned().into());
            return Ok(());
        }
        path => path?.to_owned(),
    };
    if file_type.is_file() && is_zip || file_type.is_dir() && kind(&path)? != Kind::Other {
        found.packages.push(path);
    } else if file_type.is_dir() && recursive {
        pending.push(path);
    } else {
        found.skipped.push(path);
    }
    Ok(())
}
