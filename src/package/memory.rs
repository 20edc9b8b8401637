//! Packages whose files are in memory, one by one: what was packed and is looked at before, or instead of, being written.
//!
//! Read [`from_files`] first.

use std::sync::Arc;

use super::{Content, Entry, Form, OpenOptions, Package, PackageError, folder, names};

/// A package of these files in this order.
pub(super) fn from_files(label: &str, files: Vec<(String, Vec<u8>)>) -> Result<Package, PackageError> {
    let mut entries = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        names::check(&path).map_err(|fault| PackageError::Name {
            label: label.to_owned(),
            entry: path.clone(),
            fault,
        })?;
        let size = bytes.len() as u64;
        let content = Content::Made(Arc::new((bytes, None)));
        entries.push(Entry { path, size, compressed_size: size, crc32: None, file: None, content });
    }
    let package = folder::of_entries(label, entries, &OpenOptions::default())?;
    Ok(Package { form: Form::Zip, ..package })
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
