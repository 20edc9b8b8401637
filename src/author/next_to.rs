//! Which solution is meant when none is named: the folder at or above the working folder.

use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};

use super::AuthorError;
use crate::package::{PackageError, is_packager_folder};

/// So many are named in a message.
const MOST: usize = 5;

/// The solution folders and zips directly inside a folder, sorted, the first few.
pub fn solutions_in(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let Ok(children) = folder.read_dir_utf8() else { return Vec::new() };
    let is_solution = |path: &Utf8PathBuf| {
        let is_zip = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        if path.is_dir() { is_packager_folder(path).unwrap_or(false) } else { is_zip }
    };
    let mut found: Vec<Utf8PathBuf> =
        children.filter_map(|child| Some(child.ok()?.into_path())).filter(is_solution).collect();
    found.sort();
    found.truncate(MOST);
    found
}

/// The nearest solution folder at or above the working folder, as a relative path.
///
/// # Errors
/// When there is none; what lies directly in the working folder is named then.
pub fn solution_at_or_above(working_folder: Option<&Path>) -> Result<Utf8PathBuf, AuthorError> {
    let mut relative = Utf8PathBuf::from(".");
    for folder in working_folder.into_iter().flat_map(Path::ancestors) {
        if Utf8Path::from_path(folder).is_some_and(|folder| is_packager_folder(folder).unwrap_or(false)) {
            return Ok(relative);
        }
        relative = match relative.as_str() {
            "." => "..".into(),
            _ => relative.join(".."),
        };
    }
    let found = solutions_in(Utf8Path::new("."));
    Err(AuthorError::NoSolutionHere { found })
}

/// The solution folder inside of which a path lies that need not be there.
///
/// # Errors
/// When the nearest folder that is there cannot be read.
pub(crate) fn solution_around(path: &Utf8Path) -> Result<Option<Utf8PathBuf>, AuthorError> {
    let above = path.ancestors().skip(1).map(|above| match above.as_str() {
        "" => Utf8Path::new("."),
        _ => above,
    });
    let Some(nearest) = above.into_iter().find(|above| above.is_dir()) else { return Ok(None) };
    let real = fs_err::canonicalize(nearest).map_err(PackageError::from)?;
    let mut folders = real.ancestors().filter_map(Utf8Path::from_path);
    Ok(folders.find(|folder| is_packager_folder(folder).unwrap_or(false)).map(Utf8Path::to_owned))
}
