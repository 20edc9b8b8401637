//! Every archive of the corpus opens and holds what its index and a foreign reader say, but for the damaged ones.

mod support;

use camino::Utf8Path;
use solship::package::{ArchiveFault, OpenOptions, Package, PackageError};
use support::corpus::{index, is_no_archive};

/// The files of an archive as the zip crate reads them: path, size, CRC.
fn foreign(path: &Utf8Path) -> (usize, Vec<(String, u64, u32)>) {
    let mut archive = zip::ZipArchive::new(fs_err::File::open(path).unwrap()).unwrap();
    let mut files = Vec::new();
    for at in 0..archive.len() {
        let file = archive.by_index_raw(at).unwrap();
        let name = file.name().unwrap().replace('\\', "/");
        if !name.ends_with('/') {
            files.push((name, file.size(), file.crc32()));
        }
    }
    (archive.len(), files)
}

#[test]
fn all_open_and_verify() {
    let Some(corpus) = support::shared("corpus") else { return };
    let rows = index(&corpus);
    assert_eq!(rows.len(), 326);
    let mut damaged = 0;
    for row in rows {
        let path = corpus.join(&row["path"]);
        let opened = Package::open(&path, &OpenOptions::default());
        if is_no_archive(&row) {
            // Cut to the wrong place: what the end record says of the directory is off by one byte.
            let error = opened.map(|_| ()).unwrap_err();
            assert!(
                matches!(&error, PackageError::Archive { fault: ArchiveFault::DirectoryPlace { .. }, .. }),
                "{error}"
            );
            damaged += 1;
            continue;
        }
        let package = opened.unwrap();
        package.verify().unwrap();
        let (count, files) = foreign(&path);
        assert_eq!(row["entries"], count.to_string(), "{path}");
        let ours: Vec<_> = package
            .entries()
            .iter()
            .map(|entry| (entry.path.clone(), entry.size, entry.crc32.unwrap()))
            .collect();
        assert_eq!(ours, files, "{path}");
        assert_eq!(row["bytes"], fs_err::metadata(&path).unwrap().len().to_string(), "{path}");
        let is_unusual = row["odd"].contains("backslash");
        assert_eq!(package.warnings().len(), usize::from(is_unusual), "{path}: {:?}", package.warnings());
        let strict = Package::open(&path, &OpenOptions { strict: true, ..OpenOptions::default() });
        assert_eq!(strict.is_err(), is_unusual, "{path}");
    }
    assert_eq!(damaged, 3);
}
