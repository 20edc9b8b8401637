//! The archive form of a solution: entries in order, path to bytes, inflated on demand, whatever it was read from.
//!
//! What the entries mean is not known here. Nothing that is not understood is ever dropped. Read [`Package`] first; the
//! strict reader of zips is in `zip.rs`, the only place that touches the zip crate.

mod error;
mod folder;
mod limits;
mod zip;

use camino::{Utf8Path, Utf8PathBuf};

pub use error::PackageError;
pub use limits::Limits;

/// How inputs are opened.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// Limits on what is read.
    pub limits: Limits,
    /// Forgive the few faults that do no harm, and say so ([`Package::warnings`]).
    pub tolerant: bool,
    /// Refuse what is otherwise a warning.
    pub strict: bool,
}

/// What a package was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A zip file, or a zip on stdin.
    Zip,
    /// A folder that holds `solution.xml` and `customizations.xml` side by side.
    Folder,
}

/// One file of the package.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Path with `/`, checked to be safe on every system.
    pub path: String,
    /// Bytes when inflated.
    pub size: u64,
    /// Bytes in the archive; equal to `size` in a folder.
    pub compressed_size: u64,
    /// CRC-32 of the inflated bytes, as the archive says; none in a folder.
    pub crc32: Option<u32>,
    pub(super) content: Content,
}

/// Where the bytes of an entry are.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// Index in the archive.
    Zip(usize),
    /// File on disk.
    File(Utf8PathBuf),
}

/// Something that was forgiven or is unusual while opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What, in one line, the entry or offset included.
    pub message: String,
}

/// An opened solution archive or folder.
#[derive(Debug)]
pub struct Package {
    label: String,
    form: Form,
    entries: Vec<Entry>,
    warnings: Vec<Warning>,
    source: zip::Source,
    limits: Limits,
}

impl Package {
    /// Opens a zip file or a folder that holds one solution.
    pub fn open(path: &Utf8Path, options: &OpenOptions) -> Result<Self, PackageError> {
        if path.is_dir() { folder::open(path, options) } else { zip::open(path, options) }
    }

    /// Opens a zip that is already in memory (stdin); `label` is what outputs call it.
    pub fn from_bytes(label: &str, bytes: Vec<u8>, options: &OpenOptions) -> Result<Self, PackageError> {
        zip::from_bytes(label, bytes, options)
    }

    /// What the user called it.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Zip or folder.
    pub fn form(&self) -> Form {
        self.form
    }

    /// All files in the order of the archive; a folder's in byte order of their paths.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of that path, names compared without case.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.path.eq_ignore_ascii_case(path))
    }

    /// What was forgiven or is unusual.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The bytes of an entry, inflated, size and CRC checked.
    pub fn read(&self, entry: &Entry) -> Result<Vec<u8>, PackageError> {
        match &entry.content {
            Content::Zip(index) => self.source.read(&self.label, *index, entry, &self.limits),
            Content::File(path) => folder::read(path, &self.limits),
        }
    }

    /// Inflates every entry through CRC and size, keeping nothing.
    pub fn verify(&self) -> Result<(), PackageError> {
        self.entries.iter().try_for_each(|entry| self.read(entry).map(drop))
    }

    /// How a place in this package is written before `:line:column`: `zip:entry`, or the file of a folder.
    pub fn place_of(&self, entry_path: &str) -> String {
        match self.form {
            Form::Zip => format!("{}:{entry_path}", self.label),
            Form::Folder => format!("{}/{entry_path}", self.label.trim_end_matches('/')),
        }
    }
}

/// Finds the solutions below what the user named: a zip, a folder that is one, or a folder whose direct children are
/// (`recursive`: at any depth). Others are listed in [`Found::skipped`]. Sorted by path.
pub fn find(path: &Utf8Path, recursive: bool) -> Result<Found, PackageError> {
    folder::find(path, recursive)
}

/// What [`find`] found.
#[derive(Debug, Default)]
pub struct Found {
    /// Zips and solution folders.
    pub packages: Vec<Utf8PathBuf>,
    /// What lies beside them and is no solution.
    pub skipped: Vec<Utf8PathBuf>,
}
