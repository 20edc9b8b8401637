//! Packages that are put together from the files of a folder in another layout: entries that are files under another
//! name, and entries that were made of many files, with the way back from a byte of them to the file it came from.

use std::collections::BTreeSet;
use std::sync::Arc;

use camino::Utf8PathBuf;

use super::{Content, Entry, OpenOptions, Package, PackageError, folder};
use crate::xml::Document;

/// One entry of an assembled package.
#[derive(Debug)]
pub struct AssembledEntry {
    /// Path in the archive.
    pub path: String,
    /// What places in it are called: the user's own file.
    pub file: String,
    /// Its bytes.
    pub content: AssembledContent,
}

/// The bytes of an assembled entry.
#[derive(Debug)]
pub enum AssembledContent {
    /// A file on disk and its size.
    File(Utf8PathBuf, u64),
    /// Made, with the way back where there is one.
    Made(Vec<u8>, Option<Origins>),
    /// A file that was read as XML already.
    Parsed(Arc<Document>),
}

/// The files that a package was put together from.
#[derive(Debug)]
pub struct OwnFiles {
    /// All files of the folder, as they are there.
    pub files: Package,
    /// Paths of those that are in the package, wholly or in part.
    pub used: BTreeSet<String>,
}

/// From the bytes of a made entry back to the files that it was made of.
#[derive(Debug, Default)]
pub struct Origins {
    files: Vec<Arc<str>>,
    points: Vec<OriginPoint>,
}

/// From this byte on the entry was made of that place.
#[derive(Debug, Clone, Copy)]
pub struct OriginPoint {
    /// Byte offset in the entry.
    pub offset: usize,
    /// Index of the file.
    pub file: u32,
    /// Line in it, from 1.
    pub line: u32,
    /// Column in it, from 1.
    pub column: u32,
}

impl Origins {
    /// Points in the order of their offsets.
    pub fn new(files: Vec<Arc<str>>, points: Vec<OriginPoint>) -> Self {
        Self { files, points }
    }

    /// Whether the entry was made of this file, among others.
    pub(super) fn has(&self, file: &str) -> bool {
        self.files.iter().any(|other| **other == *file)
    }

    /// File, line and column that a byte of the entry came from.
    pub fn at(&self, offset: usize) -> Option<(&Arc<str>, u32, u32)> {
        let after = self.points.partition_point(|point| point.offset <= offset);
        let point = self.points.get(after.checked_sub(1)?)?;
        Some((self.files.get(point.file as usize)?, point.line, point.column))
    }
}

impl Package {
    /// Puts a package together. The files were listed, and their names and sizes checked, by the one who does it.
    pub fn assemble(
        label: &str,
        assembled: Vec<AssembledEntry>,
        options: &OpenOptions,
    ) -> Result<Self, PackageError> {
        let entries: Vec<Entry> = assembled
            .into_iter()
            .map(|AssembledEntry { path, file, content }| {
                let (content, size) = match content {
                    AssembledContent::File(path, size) => {
                        (Content::File(folder::OnDisk { path, modified: None }), size)
                    }
                    AssembledContent::Made(bytes, origins) => {
                        let size = bytes.len() as u64;
                        (Content::Made(Arc::new((bytes, origins))), size)
                    }
                    AssembledContent::Parsed(document) => {
                        let size = document.bytes().len() as u64;
                        (Content::Parsed(document), size)
                    }
                };
                Entry { path, size, compressed_size: size, crc32: None, file: Some(file), content }
            })
            .collect();
        folder::of_entries(label, entries, options)
    }
}

impl Package {
    /// Remembers which files it was put together from.
    #[must_use]
    pub fn with_own_files(mut self, own_files: OwnFiles) -> Self {
        self.own_files = Some(Box::new(own_files));
        self
    }

    /// The files that it was put together from; none where it is read as it lies there.
    pub fn own_files(&self) -> Option<&OwnFiles> {
        self.own_files.as_deref()
    }
}

impl Entry {
    /// The way back from its bytes to the user's own files, where it was made of several.
    pub fn origins(&self) -> Option<&Origins> {
        match &self.content {
            Content::Made(made) => made.1.as_ref(),
            Content::Zip(_) | Content::File(_) | Content::Parsed(_) => None,
        }
    }
}
