//! The archive form of a solution: entries in order, path to bytes, inflated on demand, whatever it was read from.
//!
//! What the entries mean is not known here. Nothing that is not understood is ever dropped. Read [`Package`] first; the
//! strict reader of zips is in `zip/`, which lets flate2 inflate and trusts nobody else with a record.

mod archive_fault;
mod assembled;
mod collisions;
mod entry_fault;
mod error;
mod find;
mod folder;
mod limits;
mod memory;
mod names;
#[cfg(test)]
mod testing;
mod warning;
mod zip;

use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::SystemTime;

use camino::Utf8Path;
use rayon::prelude::*;

pub use archive_fault::ArchiveFault;
pub use assembled::{AssembledContent, AssembledEntry, OriginPoint, Origins, OwnFiles};
pub use entry_fault::{EntryFault, HeaderField};
pub use error::PackageError;
pub use find::{Found, find};
pub use limits::{LimitFault, Limits};
pub use names::NameFault;
pub(crate) use names::check as check_name;
pub use warning::Warning;

use crate::xml::Document;

/// How inputs are opened.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// Limits on what is read.
    pub limits: Limits,
    /// Forgive the few faults that do no harm, and say so ([`Package::warnings`]).
    pub tolerant: bool,
    /// Refuse what is otherwise a warning. It goes before `tolerant`.
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
    /// What places in it are called, when that is not its path.
    file: Option<String>,
    content: Content,
}

impl Entry {
    /// When the file had been written last, as the folder was opened; none in an archive.
    pub fn modified(&self) -> Option<SystemTime> {
        match &self.content {
            Content::File(file) => file.modified,
            Content::Zip(_) | Content::Made(_) | Content::Parsed(_) => None,
        }
    }
}

/// Where the bytes of an entry are.
#[derive(Debug, Clone)]
enum Content {
    /// In the archive.
    Zip(zip::Stream),
    /// File on disk.
    File(folder::OnDisk),
    /// Made of several files.
    Made(Arc<(Vec<u8>, Option<Origins>)>),
    /// A file that was read as XML when the package was put together.
    Parsed(Arc<Document>),
}

/// Where the bytes of a package are.
#[derive(Debug)]
enum Origin {
    Zip(zip::Source),
    Folder,
}

/// An opened solution archive or folder. Any number of threads can read one at once.
#[derive(Debug)]
pub struct Package {
    label: String,
    form: Form,
    entries: Vec<Entry>,
    index: collisions::NameIndex,
    warnings: Vec<Warning>,
    origin: Origin,
    own_files: Option<Box<OwnFiles>>,
}

/// Whether a folder is in the layout of the packager: it holds `Other/Solution.xml`, names compared without case.
pub fn is_packager_folder(path: &Utf8Path) -> Result<bool, PackageError> {
    Ok(folder::kind(path)? == folder::Kind::Packager)
}

impl Package {
    /// Opens a zip file or a folder that holds one solution. No content is read yet; names, sizes and, in a zip, all
    /// headers are checked.
    pub fn open(path: &Utf8Path, options: &OpenOptions) -> Result<Self, PackageError> {
        let metadata = match fs_err::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(PackageError::NotFound { path: path.to_owned() });
            }
            metadata => metadata?,
        };
        if metadata.is_dir() {
            folder::open(path, options)
        } else if metadata.is_file() {
            zip::open(path, options)
        } else {
            Err(PackageError::SpecialFile { path: path.to_owned() })
        }
    }

    /// Opens the files of a folder as they are, whatever the folder is, but for those that `include` leaves out; it is
    /// asked about folders too, with `/` at the end. Names, kinds and sizes of the others are checked as for any package.
    pub fn open_files(
        path: &Utf8Path,
        options: &OpenOptions,
        include: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Self, PackageError> {
        folder::open_files(path, options, include)
    }

    /// Opens a zip that is already in memory (stdin); `label` is what outputs call it.
    pub fn from_bytes(label: &str, bytes: Vec<u8>, options: &OpenOptions) -> Result<Self, PackageError> {
        zip::from_bytes(label, bytes, options)
    }

    /// Opens a zip that can only be read from front to back (stdin), which is then held in memory. No more is read than
    /// the limit allows.
    pub fn from_reader(
        label: &str,
        reader: &mut dyn Read,
        options: &OpenOptions,
    ) -> Result<Self, PackageError> {
        let mut bytes = Vec::new();
        reader.take(options.limits.archive_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
        zip::from_bytes(label, bytes, options)
    }

    /// A package of these files, in this order, as if it were an archive; for what was packed without a disk. Names are
    /// checked as for any package; there are no limits, for the bytes are there already.
    pub fn from_files(label: &str, files: Vec<(String, Vec<u8>)>) -> Result<Self, PackageError> {
        memory::from_files(label, files)
    }

    /// What the user called it.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Zip or folder.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Bytes of the archive itself; none of a folder. Files that are in memory one by one count as they are.
    pub fn archive_bytes(&self) -> Option<u64> {
        match (&self.origin, self.form) {
            (Origin::Zip(source), _) => Some(source.len()),
            (Origin::Folder, Form::Zip) => Some(self.entries.iter().map(|entry| entry.size).sum()),
            (Origin::Folder, Form::Folder) => None,
        }
    }

    /// What tells the bytes of the archive from any others, by SHA-256; none of a folder, and of files in memory one by one.
    pub fn archive_sum(&self) -> Option<std::io::Result<[u8; 32]>> {
        match &self.origin {
            Origin::Zip(source) => Some(source.sum()),
            Origin::Folder => None,
        }
    }

    /// Whether the file of the archive was not written since it was opened, as far as the system tells; of memory that is so.
    pub fn is_as_opened(&self) -> bool {
        match &self.origin {
            Origin::Zip(source) => source.is_as_opened(),
            Origin::Folder => false,
        }
    }

    /// All files in the order of the archive; a folder's in byte order of their paths. Folders are no entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of that path, names compared without case.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.entries.get(self.index.position(path)?)
    }

    /// What was forgiven or is unusual.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The bytes of an entry, inflated, size and CRC checked.
    pub fn read(&self, entry: &Entry) -> Result<Vec<u8>, PackageError> {
        self.read_dated(entry).map(|(bytes, _)| bytes)
    }

    /// The bytes of an entry of an archive as they come: `take` finds them in `bytes`, again and again, and takes out of them
    /// what it wants. In the end, size and CRC checked, what is left there; none when `take` wants no more, and of a folder.
    pub(crate) fn read_taking(
        &self,
        entry: &Entry,
        bytes: Vec<u8>,
        take: &mut dyn FnMut(&mut Vec<u8>) -> ControlFlow<()>,
    ) -> Result<Option<Vec<u8>>, PackageError> {
        match (&self.origin, &entry.content) {
            (Origin::Zip(source), Content::Zip(stream)) => stream
                .read_taking(source, bytes, take)
                .map_err(|refusal| refusal.of(&self.label, &entry.path)),
            _ => Ok(None),
        }
    }

    /// The document of an entry that was read as XML already.
    pub(crate) fn document<'e>(&self, entry: &'e Entry) -> Option<&'e Arc<Document>> {
        match &entry.content {
            Content::Parsed(document) => Some(document),
            Content::Zip(_) | Content::File(_) | Content::Made(_) => None,
        }
    }

    /// As [`Package::read`]; with the time at which the file that was read had been written, where it is one.
    pub fn read_dated(&self, entry: &Entry) -> Result<(Vec<u8>, Option<SystemTime>), PackageError> {
        match (&self.origin, &entry.content) {
            (Origin::Zip(source), Content::Zip(stream)) => {
                let bytes = stream.read(source).map_err(|refusal| refusal.of(&self.label, &entry.path))?;
                Ok((bytes, None))
            }
            (Origin::Folder, Content::File(file)) => folder::read(file, entry.size),
            (Origin::Folder, Content::Made(made)) => Ok((made.0.clone(), None)),
            (Origin::Folder, Content::Parsed(document)) => Ok((document.bytes().to_vec(), None)),
            _ => Err(self.foreign(entry)),
        }
    }

    /// The bytes of what a place calls its file: of an entry, or of one of the user's own files that an entry was made of.
    /// None when nothing of this package is called so.
    pub fn read_place(&self, file: &str) -> Result<Option<Vec<u8>>, PackageError> {
        if self.entries.iter().filter_map(Entry::origins).any(|origins| origins.has(file)) {
            return Ok(Some(fs_err::read(file)?));
        }
        let entry = self.entries.iter().find(|entry| self.place_of(&entry.path) == file);
        entry.map(|entry| self.read(entry)).transpose()
    }

    /// Inflates every entry through CRC and size, keeping nothing. When several are damaged, the error is about the first
    /// of them.
    pub fn verify(&self) -> Result<(), PackageError> {
        match self.entries.par_iter().find_map_first(|entry| self.verify_entry(entry).err()) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn verify_entry(&self, entry: &Entry) -> Result<(), PackageError> {
        match (&self.origin, &entry.content) {
            (Origin::Zip(source), Content::Zip(stream)) => {
                stream.verify(source).map_err(|refusal| refusal.of(&self.label, &entry.path))
            }
            (Origin::Folder, Content::File(file)) => folder::verify(file, entry.size),
            (Origin::Folder, Content::Made(_) | Content::Parsed(_)) => Ok(()),
            _ => Err(self.foreign(entry)),
        }
    }

    fn foreign(&self, entry: &Entry) -> PackageError {
        PackageError::ForeignEntry { label: self.label.clone(), entry: entry.path.clone() }
    }

    /// How a place in this package is written before `:line:column`: `zip:entry`, or the file of a folder.
    pub fn place_of(&self, entry_path: &str) -> String {
        match self.form {
            Form::Zip => format!("{}:{entry_path}", self.label),
            Form::Folder => {
                let file =
                    self.entry(entry_path).and_then(|entry| entry.file.as_deref()).unwrap_or(entry_path);
                format!("{}/{file}", self.label.trim_end_matches('/'))
            }
        }
    }
}
