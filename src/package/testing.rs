//! Folders for the unit tests.

use camino::{Utf8Path, Utf8PathBuf};

/// A temporary folder that is filled step by step.
pub(super) struct Folder(tempfile::TempDir);

impl Folder {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A solution of nothing.
    pub(super) fn solution() -> Self {
        Self::new().file("solution.xml", "<a/>").file("customizations.xml", "<b/>")
    }

    pub(super) fn path(&self) -> &Utf8Path {
        Utf8Path::from_path(self.0.path()).expect("Unicode")
    }

    fn place(&self, path: &str) -> Utf8PathBuf {
        let path = self.path().join(path);
        fs_err::create_dir_all(path.parent().expect("a folder")).expect("room on the disk");
        path
    }

    pub(super) fn file(self, path: &str, content: &str) -> Self {
        fs_err::write(self.place(path), content).expect("room on the disk");
        self
    }

    #[cfg(unix)]
    pub(super) fn link(self, path: &str, target: &str) -> Self {
        fs_err::os::unix::fs::symlink(target, self.place(path)).expect("room on the disk");
        self
    }

    /// A file whose name is these bytes.
    #[cfg(target_os = "linux")]
    pub(super) fn raw_file(self, name: &[u8]) -> Self {
        use std::os::unix::ffi::OsStrExt;
        let path = self.0.path().join(std::ffi::OsStr::from_bytes(name));
        fs_err::write(path, "").expect("room on the disk");
        self
    }
}
