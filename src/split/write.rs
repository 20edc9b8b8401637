//! Solutions that were made are written: each an archive or a folder, all or none.
//!
//! Read [`write_parts`] first.

use std::io::Cursor;

use camino::{Utf8Path, Utf8PathBuf};

use super::assemble::Entry;
use super::{Merged, Split, SplitError};
use crate::author::solution_around;
use crate::layout::{Archive, Archives, LineEnd, UnpackOptions, unpack};
use crate::package::Package;
use crate::write::{self, ArchiveOptions, Eol, FolderOptions, InMemory, write_folder};

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Archives.
    Zip,
    /// Folders, as `unpack` writes them.
    Folder {
        /// Their line ends.
        line_end: LineEnd,
    },
}

/// Where a solution goes below a folder.
fn target(folder: &Utf8Path, name: &str, form: Form) -> Utf8PathBuf {
    match form {
        Form::Zip => folder.join(format!("{name}.zip")),
        Form::Folder { .. } => folder.join(name),
    }
}

/// Writes the parts into a folder, and gives their places in import order. Nothing that is there is replaced.
///
/// # Errors
/// When something is there or cannot be written; nothing was written then.
pub fn write_parts(
    split: &Split,
    folder: &Utf8Path,
    form: Form,
    archive: &ArchiveOptions,
    dry_run: bool,
) -> Result<Vec<Utf8PathBuf>, SplitError> {
    let targets: Vec<Utf8PathBuf> =
        split.parts.iter().map(|part| target(folder, &part.solution.unique_name, form)).collect();
    for target in &targets {
        check_place(target)?;
    }
    if dry_run || targets.is_empty() {
        return Ok(targets);
    }
    // One folder around all, so that all are written at once.
    let mut files: Vec<Entry> = Vec::new();
    for part in &split.parts {
        let name = &part.solution.unique_name;
        match form {
            Form::Zip => files.push((format!("{name}.zip"), archive_of(&part.entries, archive)?)),
            Form::Folder { line_end } => {
                let below = |(path, bytes): Entry| (format!("{name}/{path}"), bytes);
                files.extend(unpacked(name, &part.entries, line_end)?.into_iter().map(below));
            }
        }
    }
    write_files(folder, &files)?;
    Ok(targets)
}

/// Writes what a merge made as an archive or a folder of that path.
///
/// # Errors
/// When something is there or cannot be written; nothing was written then.
pub fn write_merged(
    merged: &Merged,
    target: &Utf8Path,
    form: Form,
    archive: &ArchiveOptions,
    dry_run: bool,
) -> Result<(), SplitError> {
    check_place(target)?;
    if dry_run {
        return Ok(());
    }
    match form {
        Form::Zip => {
            let files = parts_of(&merged.entries);
            write::write_archive(target, &files, archive)?;
        }
        Form::Folder { line_end } => {
            write_files(target, &unpacked(&merged.solution.unique_name, &merged.entries, line_end)?)?;
        }
    }
    Ok(())
}

/// Nothing is there, and it is not among the files of a solution.
fn check_place(target: &Utf8Path) -> Result<(), SplitError> {
    if target.symlink_metadata().is_ok() {
        return Err(SplitError::InTheWay { place: target.to_string() });
    }
    match solution_around(target)? {
        Some(around) => Err(SplitError::Inside { place: target.to_string(), around: around.to_string() }),
        None => Ok(()),
    }
}

/// The bytes of an archive.
fn archive_of(entries: &[Entry], options: &ArchiveOptions) -> Result<Vec<u8>, SplitError> {
    let files = parts_of(entries);
    let mut out = Cursor::new(Vec::new());
    write::write_archive_to(&mut out, &files, options)?;
    Ok(out.into_inner())
}

/// The files that unpacking an archive of these entries gives.
fn unpacked(label: &str, entries: &[Entry], line_end: LineEnd) -> Result<Vec<Entry>, SplitError> {
    let package = Package::from_files(label, entries.to_vec())?;
    let in_layout = |error| SplitError::Layout { label: label.to_owned(), error: Box::new(error) };
    let archive = Archive::read(&package).map_err(in_layout)?;
    let unpacked = unpack(Archives::One(&archive), &UnpackOptions { line_end, ..UnpackOptions::default() })
        .map_err(in_layout)?;
    let mut files = Vec::with_capacity(unpacked.parts.len());
    for part in &unpacked.parts {
        files.push((part.path().to_owned(), part.bytes().map_err(in_layout)?));
    }
    Ok(files)
}

/// Entries as what is written.
fn parts_of(entries: &[Entry]) -> Vec<InMemory<'_, &[u8]>> {
    entries.iter().map(|(path, bytes)| InMemory { path, bytes: &bytes[..] }).collect()
}

fn write_files(folder: &Utf8Path, files: &[Entry]) -> Result<(), SplitError> {
    let parts = parts_of(files);
    let options = FolderOptions {
        is_ours: &|_| false,
        allow_delete: false,
        clobber: false,
        // Every byte as unpacking gives it.
        eol: Eol::Crlf,
        dry_run: false,
    };
    write_folder(folder, &parts, &options)?;
    Ok(())
}
