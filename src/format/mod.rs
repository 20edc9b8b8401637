//! Takes the noise out of a folder in the packager's layout: lists without an order are sorted, line ends are of one kind.
//!
//! Only files that the packager itself writes are touched: what it copies stays byte for byte. Which lists have no order is
//! the allow-list of the comparison (`src/diff/unordered.toml`); values that mean nothing, as running numbers, stay, for the
//! packager does not write them anew. Read [`file()`] first, which works on bytes; [`folder`] writes.

mod embedded;
mod line_ends;
mod lists;

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

pub use line_ends::LineEnds;

use crate::layout::is_written_by_packager;
use crate::mapping::{Ours, OursError};
use crate::package::{OpenOptions, Package, PackageError, is_packager_folder};
use crate::write::{Change, Eol, FolderOptions, InMemory, WriteError, refuse_interrupted, write_folder};
use crate::xml::{Document, Limits, XmlError};

/// Why a folder is not formatted.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// It is none in the packager's layout.
    #[error("{path}: no folder that unpack wrote: Other/Solution.xml is not there")]
    NotASolutionFolder {
        /// The folder.
        path: Utf8PathBuf,
    },
    /// A file is no XML.
    #[error("{place}:{line}:{column}: {error}", line = error.position().line, column = error.position().column)]
    Xml {
        /// The file.
        place: String,
        /// What is wrong.
        error: XmlError,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// `.solshipignore` cannot be read.
    #[error(transparent)]
    Ours(#[from] OursError),
    /// The folder cannot be written, or was left half written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// What is formatted, and how.
pub struct FormatRequest<'a> {
    /// The folder.
    pub folder: &'a Utf8Path,
    /// How files are opened.
    pub options: &'a OpenOptions,
    /// Which line ends the files get.
    pub line_ends: LineEnds,
    /// Replace read-only files too.
    pub clobber: bool,
    /// Write nothing, only list.
    pub dry_run: bool,
}

/// What was done, or would be.
#[derive(Debug)]
pub struct FormatSummary {
    /// The folder.
    pub folder: Utf8PathBuf,
    /// Files that get other bytes, by path.
    pub changes: Vec<Change>,
    /// Files that were looked at and are as they should be.
    pub unchanged: usize,
    /// Nothing was written, only listed.
    pub dry_run: bool,
}

/// The file at this path of a folder in its plain form; none where it is in that form, or is one that the packager copies.
///
/// # Errors
/// When the packager would have written it and it is no well-formed XML.
pub fn file(path: &str, bytes: Vec<u8>, line_ends: LineEnds) -> Result<Option<Vec<u8>>, XmlError> {
    if !is_formatted(path) {
        return Ok(None);
    }
    let document = Document::parse(bytes, &Limits::default())?;
    let sorted = lists::in_order(&document);
    let plain = line_ends.applied(sorted.as_deref().unwrap_or(document.bytes()));
    Ok(plain.or(sorted))
}

fn is_formatted(path: &str) -> bool {
    path.len() > 4
        && path.as_bytes()[path.len() - 4..].eq_ignore_ascii_case(b".xml")
        && is_written_by_packager(path)
}

/// Formats a folder.
///
/// # Errors
/// When it is no solution folder, a file is not well-formed, or it cannot be written; it is as before then.
pub fn folder(request: &FormatRequest<'_>) -> Result<FormatSummary, FormatError> {
    let path = request.folder;
    if !path.exists() {
        return Err(PackageError::NotFound { path: path.to_owned() }.into());
    }
    refuse_interrupted(path)?;
    if !path.is_dir() || !is_packager_folder(path)? {
        return Err(FormatError::NotASolutionFolder { path: path.to_owned() });
    }
    let ours = Ours::new(path)?;
    let include = |asked: &str| ours.why_not_listed(asked).is_none();
    let package = Package::open_files(path, request.options, &include)?;
    let entries: Vec<_> = package.entries().iter().filter(|entry| is_formatted(&entry.path)).collect();
    let formatted: Vec<Result<Option<InMemory<'_, Vec<u8>>>, FormatError>> = entries
        .par_iter()
        .map(|entry| {
            let xml = |error| FormatError::Xml { place: package.place_of(&entry.path), error };
            let bytes = file(&entry.path, package.read(entry)?, request.line_ends).map_err(xml)?;
            Ok(bytes.map(|bytes| InMemory { path: &entry.path, bytes }))
        })
        .collect();
    let mut parts = Vec::new();
    for formatted in formatted {
        parts.extend(formatted?);
    }
    let paths: BTreeSet<&str> = parts.iter().map(|part| part.path).collect();
    let is_touched = |asked: &str| match asked.strip_suffix('/') {
        Some(_) => paths.range(asked..).next().is_some_and(|path| path.starts_with(asked)),
        None => paths.contains(asked),
    };
    let mut changes = Vec::new();
    if !parts.is_empty() {
        let options = FolderOptions {
            is_ours: &is_touched,
            allow_delete: false,
            clobber: request.clobber,
            eol: Eol::Crlf,
            dry_run: request.dry_run,
        };
        changes = write_folder(path, &parts, &options)?.changes;
    }
    let unchanged = entries.len() - changes.len().min(entries.len());
    Ok(FormatSummary { folder: path.to_owned(), changes, unchanged, dry_run: request.dry_run })
}
