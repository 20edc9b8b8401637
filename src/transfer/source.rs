//! The folder that is packed: what is the solution's own on disk, and what a map file says to read from elsewhere.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::TransferError;
use crate::layout::{FolderFile, FolderView, LayoutError, is_packager_folder};
use crate::mapping::{Map, Ours, Reason};
use crate::package::{OpenOptions, Package, PackageError};

/// A solution folder on disk, ready to be packed.
#[derive(Debug)]
pub struct SourceFolder {
    package: Package,
    files: Vec<FolderFile>,
    /// Where a file is read, when a map file says so.
    mapped: Vec<Option<Utf8PathBuf>>,
    /// What lies in the folder and is not packed.
    left_alone: BTreeMap<String, Reason>,
}

impl SourceFolder {
    /// Lists the files of a folder. Nothing is read yet.
    ///
    /// # Errors
    /// When it is no solution folder, has unsafe names, or a mapped file is nowhere.
    pub fn open(
        path: &Utf8Path,
        ours: &Ours,
        map: Option<&Map>,
        options: &OpenOptions,
    ) -> Result<Self, TransferError> {
        let left = std::cell::RefCell::new(BTreeMap::new());
        let include = |asked: &str| {
            let reason = ours.why_not_listed(asked);
            let is_ours = reason.is_none();
            if let Some(reason) = reason {
                left.borrow_mut().insert(asked.to_owned(), reason);
            }
            is_ours
        };
        let package = Package::open_files(path, options, &include)?;
        if !is_packager_folder(package.entries().iter().map(|entry| entry.path.as_str())) {
            return Err(TransferError::NothingToPack { path: path.to_owned() });
        }
        let mut files = Vec::with_capacity(package.entries().len());
        let mut mapped = Vec::with_capacity(package.entries().len());
        for entry in package.entries() {
            let place = match map {
                Some(map) => map.locate(Utf8Path::new(&entry.path))?.map(|located| located.path),
                None => None,
            };
            let size = match &place {
                Some(place) => size_of(place)?,
                None => entry.size,
            };
            files.push(FolderFile { path: entry.path.clone(), size });
            mapped.push(place);
        }
        for added in map.map(Map::files_of_folders).transpose()?.into_iter().flatten() {
            if package.entry(added.as_str()).is_some() {
                continue;
            }
            if let Some(located) = map.map(|map| map.locate(&added)).transpose()?.flatten() {
                files.push(FolderFile { path: added.into_string(), size: size_of(&located.path)? });
                mapped.push(Some(located.path));
            }
        }
        Ok(Self { package, files, mapped, left_alone: left.into_inner() })
    }

    /// Whether the folder's manifest says managed; a folder of both packages is not.
    ///
    /// # Errors
    /// When the manifest cannot be read.
    pub fn is_managed(&self) -> Result<bool, LayoutError> {
        crate::layout::is_managed_folder(self)
    }

    /// What lies in the folder and is not packed, with the reason; folders with `/` at the end.
    pub fn left_alone(&self) -> &BTreeMap<String, Reason> {
        &self.left_alone
    }

    /// How many files a map file says to read from elsewhere.
    pub fn mapped(&self) -> usize {
        self.mapped.iter().flatten().count()
    }
}

fn size_of(path: &Utf8Path) -> Result<u64, PackageError> {
    Ok(fs_err::metadata(path)?.len())
}

impl FolderView for SourceFolder {
    fn label(&self) -> &str {
        self.package.label()
    }

    fn files(&self) -> &[FolderFile] {
        &self.files
    }

    fn read(&self, file: usize) -> Result<Vec<u8>, LayoutError> {
        match &self.mapped[file] {
            Some(place) => Ok(fs_err::read(place).map_err(PackageError::from)?),
            None => Ok(self.package.read(&self.package.entries()[file])?),
        }
    }
}
