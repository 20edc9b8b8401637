//! A folder on disk for the tests of this module.

use camino::{Utf8Path, Utf8PathBuf};

pub(super) struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    /// Makes these files, each with its own path as text.
    pub(super) fn new(files: &[&str]) -> Self {
        let tree = Self { folder: tempfile::tempdir().unwrap() };
        for file in files {
            tree.write(file, file);
        }
        tree
    }

    pub(super) fn path(&self, relative: &str) -> Utf8PathBuf {
        Utf8Path::from_path(self.folder.path()).unwrap().join(relative)
    }

    pub(super) fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    #[cfg(unix)]
    pub(super) fn link(&self, target: &str, relative: &str) {
        fs_err::os::unix::fs::symlink(self.path(target), self.path(relative)).unwrap();
    }
}
