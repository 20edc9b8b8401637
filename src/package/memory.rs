//! Packages whose files are in memory, one by one: what was packed and is looked at before, or instead of, being written.
//!
//! Read [`from_files`] first.

use std::sync::Arc;

use super::collisions::{Name, NameIndex};
use super::{Content, Entry, Form, NameFault, Origin, Package, PackageError, names};

/// A package of these files in this order.
pub(super) fn from_files(label: &str, files: Vec<(String, Vec<u8>)>) -> Result<Package, PackageError> {
    let fault = |entry: &str, fault: NameFault| PackageError::Name {
        label: label.to_owned(),
        entry: entry.to_owned(),
        fault,
    };
    let mut entries = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        names::check(&path).map_err(|found| fault(&path, found))?;
        let size = bytes.len() as u64;
        let content = Content::Made(Arc::new((bytes, None)));
        entries.push(Entry { path, size, compressed_size: size, crc32: None, file: None, content });
    }
    let of_entries: Vec<Name<'_>> =
        entries.iter().map(|entry| Name { path: &entry.path, is_folder: false }).collect();
    let (index, _) = NameIndex::new(&of_entries)
        .map_err(|collision| fault(&entries[collision.name].path, collision.fault))?;
    Ok(Package {
        label: label.to_owned(),
        form: Form::Zip,
        entries,
        index,
        warnings: Vec::new(),
        origin: Origin::Folder,
    })
}

#[cfg(test)]
mod tests {
    use super::from_files;

    fn files(paths: &[&str]) -> Vec<(String, Vec<u8>)> {
        paths.iter().map(|path| ((*path).to_owned(), path.as_bytes().to_vec())).collect()
    }

    #[test]
    fn files_are_entries_in_their_order() {
        let package = from_files("memory", files(&["b.txt", "a/c.txt"])).unwrap();
        let paths: Vec<&str> = package.entries().iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["b.txt", "a/c.txt"]);
        let entry = package.entry("A/C.TXT").unwrap();
        assert_eq!(package.read(entry).unwrap(), b"a/c.txt");
        package.verify().unwrap();
    }

    #[test]
    fn names_are_checked() {
        for paths in [&["../a"][..], &["a", "A"], &["a", "a/b"]] {
            assert!(from_files("memory", files(paths)).is_err(), "{paths:?}");
        }
    }
}
