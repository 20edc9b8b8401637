//! Zips.
use std::io::{Cursor, Read};
use std::sync::Mutex;

use ::zip::ZipArchive;
use camino::Utf8Path;

use super::{Content, Entry, Form, Limits, OpenOptions, Package, PackageError};

#[derive(Debug)]
pub(super) enum Source {
    Folder,
    Zip(Mutex<ZipArchive<Cursor<Vec<u8>>>>),
}

impl Source {
    pub(super) fn read(
        &self,
        label: &str,
        index: usize,
        _entry: &Entry,
        _limits: &Limits,
    ) -> Result<Vec<u8>, PackageError> {
        let Self::Zip(archive) = self else { unreachable!("a folder has no zip entries") };
        let mut archive = archive.lock().expect("no panic while reading");
        let mut bytes = Vec::new();
        let archive_error = |reason: String| PackageError::Archive { label: label.into(), reason };
        archive.by_index(index).map_err(|error| archive_error(error.to_string()))?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

pub(super) fn open(path: &Utf8Path, options: &OpenOptions) -> Result<Package, PackageError> {
    from_bytes(path.as_str(), fs_err::read(path)?, options)
}

pub(super) fn from_bytes(
    label: &str,
    bytes: Vec<u8>,
    options: &OpenOptions,
) -> Result<Package, PackageError> {
    let archive_error = |reason: String| PackageError::Archive { label: label.into(), reason };
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| archive_error(error.to_string()))?;
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(|error| archive_error(error.to_string()))?;
        if file.is_dir() {
            continue;
        }
        entries.push(Entry {
            path: file.name().map_err(|error| archive_error(error.to_string()))?.replace('\\', "/"),
            size: file.size(),
            compressed_size: file.compressed_size(),
            crc32: Some(file.crc32()),
            content: Content::Zip(index),
        });
    }
    Ok(Package {
        label: label.into(),
        form: Form::Zip,
        entries,
        warnings: Vec::new(),
        source: Source::Zip(Mutex::new(archive)),
        limits: options.limits.clone(),
    })
}
