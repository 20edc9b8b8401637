//! Finding solutions: zips and folders below what the user named.
//!
//! What they hold is not looked at, but for the files by which a folder is known. Read [`find`] first.

use camino::{Utf8Path, Utf8PathBuf};

use super::PackageError;
use super::folder::{GIT, Kind, kind, unicode};
use crate::write::target_of_stage;

/// What [`find`] found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Zips and solution folders. A folder in the packager's layout is among them, so that opening it says what it is.
    pub packages: Vec<Utf8PathBuf>,
    /// What lies beside them and is no solution, links included: they are not followed.
    pub skipped: Vec<Utf8PathBuf>,
    /// Folders that a run writes or was interrupted at, seen by what it keeps beside them or in them: whether their files
    /// can be relied on is to be asked of [`crate::write`].
    pub staged: Vec<Utf8PathBuf>,
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
    found.staged.sort();
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
    let is_of_interest = file_type.is_dir() || file_type.is_file() && is_zip;
    let path = match unicode(&full) {
        Err(_) if !is_of_interest => {
            found.skipped.push(full.to_string_lossy().into_owned().into());
            return Ok(());
        }
        path => path?.to_owned(),
    };
    if let Some(target) = target_of_stage(&path).filter(|_| file_type.is_dir()) {
        found.staged.push(target);
    } else if file_type.is_file() && is_zip || file_type.is_dir() && kind(&path)? != Kind::Other {
        found.packages.push(path);
    } else if file_type.is_dir() && recursive {
        pending.push(path);
    } else {
        found.skipped.push(path);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::testing::Folder;

    /// The paths below the folder, packages and skipped.
    fn found(folder: &Folder, recursive: bool) -> (Vec<String>, Vec<String>) {
        let below = |paths: Vec<Utf8PathBuf>| -> Vec<String> {
            let path = |path: Utf8PathBuf| path.strip_prefix(folder.path()).expect("below").to_string();
            paths.into_iter().map(path).collect()
        };
        let found = find(folder.path(), recursive).expect("something");
        (below(found.packages), below(found.skipped))
    }

    #[test]
    fn a_folder_of_solutions_is_all_of_them() {
        let folder = Folder::new()
            .file("b.zip", "")
            .file("A.ZIP", "")
            .file("notes.txt", "")
            .file(".git/c.zip", "")
            .file("one/Solution.xml", "")
            .file("one/customizations.XML", "")
            .file("one/inner.zip", "")
            .file("half/solution.xml", "")
            .file("packed/other/solution.xml", "")
            .file("deep/down/d.zip", "");
        let (packages, skipped) = found(&folder, false);
        assert_eq!(packages, ["A.ZIP", "b.zip", "one", "packed"]);
        assert_eq!(skipped, ["deep", "half", "notes.txt"]);
        let (packages, skipped) = found(&folder, true);
        assert_eq!(packages, ["A.ZIP", "b.zip", "deep/down/d.zip", "one", "packed"]);
        assert_eq!(skipped, ["half/solution.xml", "notes.txt"]);
    }

    #[test]
    fn what_a_run_keeps_beside_its_folder_is_no_solution() {
        let folder = Folder::new()
            .file("one/Other/Solution.xml", "")
            .file(".two.solship/tree/Other/Solution.xml", "")
            .file("three/.solship-stage/new/1", "")
            .file("three/notes.txt", "");
        let found = find(folder.path(), true).expect("something");
        assert_eq!(found.packages, [folder.path().join("one")]);
        assert_eq!(found.staged, [folder.path().join("three"), folder.path().join("two")]);
        assert_eq!(found.skipped, [folder.path().join("three/notes.txt")]);
    }

    #[test]
    fn what_is_one_package_is_itself() {
        let folder = Folder::new().file("solution.xml", "").file("customizations.xml", "").file("a.zip", "");
        assert_eq!(found(&folder, true), (vec![String::new()], vec![]));
        let file = folder.path().join("a.zip");
        assert_eq!(find(&file, false).expect("a file").packages, [file]);
        // Opening it says that it is no zip.
        let text = Folder::new().file("notes.txt", "");
        let notes = text.path().join("notes.txt");
        assert_eq!(find(&notes, false).expect("a file").packages, [notes]);
    }

    #[test]
    fn nothing_there_is_an_error() {
        let folder = Folder::new().file("notes.txt", "").file("deep/d.zip", "");
        assert!(matches!(find(folder.path(), false), Err(PackageError::NoSolution { .. })));
        let missing = folder.path().join("missing");
        assert!(matches!(find(&missing, false), Err(PackageError::NotFound { path }) if path == missing));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = Folder::new().file("a.zip", "").link("up", "..").link("b.zip", "a.zip");
        let (packages, skipped) = found(&folder, true);
        assert_eq!(packages, ["a.zip"]);
        assert_eq!(skipped, ["b.zip", "up"]);
        // One that the user names is.
        let link = folder.path().join("b.zip");
        assert_eq!(find(&link, false).expect("a file").packages, [link]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_not_unicode() {
        let folder = Folder::new().file("a.zip", "").raw_file(b"b\xff.txt");
        assert_eq!(found(&folder, false).1, ["b\u{fffd}.txt"]);
        let folder = Folder::new().file("a.zip", "").raw_file(b"b\xff.zip");
        assert!(matches!(find(folder.path(), false), Err(PackageError::NotUnicode { .. })));
    }
}
