//! Folders: one that is a solution, and one that holds many.
use camino::{Utf8Path, Utf8PathBuf};

use super::{Content, Entry, Form, Found, Limits, OpenOptions, Package, PackageError, zip};

pub(super) fn open(path: &Utf8Path, options: &OpenOptions) -> Result<Package, PackageError> {
    let mut entries = Vec::new();
    for found in walkdir::WalkDir::new(path).sort_by_file_name() {
        let found = found.map_err(std::io::Error::from)?;
        if !found.file_type().is_file() {
            continue;
        }
        let file = Utf8PathBuf::from_path_buf(found.into_path()).expect("UTF-8");
        let size = fs_err::metadata(&file)?.len();
        let relative = file.strip_prefix(path).expect("below").as_str().replace('\\', "/");
        entries.push(Entry {
            path: relative,
            size,
            compressed_size: size,
            crc32: None,
            content: Content::File(file),
        });
    }
    Ok(Package {
        label: path.to_string(),
        form: Form::Folder,
        entries,
        warnings: Vec::new(),
        source: zip::Source::Folder,
        limits: options.limits.clone(),
    })
}

pub(super) fn read(path: &Utf8Path, _limits: &Limits) -> Result<Vec<u8>, PackageError> {
    Ok(fs_err::read(path)?)
}

fn is_solution(path: &Utf8Path) -> bool {
    path.join("solution.xml").is_file() && path.join("customizations.xml").is_file()
}

pub(super) fn find(path: &Utf8Path, recursive: bool) -> Result<Found, PackageError> {
    let mut found = Found::default();
    if path.is_file() || is_solution(path) {
        found.packages.push(path.to_owned());
        return Ok(found);
    }
    let mut pending = vec![path.to_owned()];
    while let Some(folder) = pending.pop() {
        for child in folder.read_dir_utf8()? {
            let child = child?.path().to_owned();
            if child.extension() == Some("zip") || is_solution(&child) {
                found.packages.push(child);
            } else if recursive && child.is_dir() {
                pending.push(child);
            } else {
                found.skipped.push(child);
            }
        }
    }
    found.packages.sort();
    found.skipped.sort();
    if found.packages.is_empty() {
        return Err(PackageError::NoSolution { path: path.to_owned() });
    }
    Ok(found)
}
