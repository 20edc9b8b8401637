//! The folder that is packed: what is the solution's own on disk, and what a map file says to read from elsewhere.

use std::collections::BTreeMap;
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};

use super::TransferError;
use crate::layout::{FolderFile, FolderView, LayoutError, is_packager_folder};
use crate::mapping::{Map, Ours, Reason};
use crate::package::{OpenOptions, Package, PackageError};
use crate::write::refuse_interrupted;

/// The two files of every solution folder.
const MANIFEST: &str = "Other/Solution.xml";
const CUSTOMIZATIONS: &str = "Other/Customizations.xml";

/// A solution folder on disk, ready to be packed.
#[derive(Debug)]
pub struct SourceFolder {
    package: Package,
    files: Vec<FolderFile>,
    /// Where a file is read, when a map file says so.
    mapped: Vec<Option<Utf8PathBuf>>,
    /// When each file was written last; none where the system does not say.
    written: Vec<Option<SystemTime>>,
    /// What lies in the folder and is not packed.
    left_alone: BTreeMap<String, Reason>,
    ours: Ours,
}

impl SourceFolder {
    /// Lists the files of a folder. Nothing is read yet.
    ///
    /// # Errors
    /// When it is no solution folder, is half written, has unsafe names, or a mapped file is nowhere.
    pub fn open(
        path: &Utf8Path,
        ours: &Ours,
        map: Option<&Map>,
        options: &OpenOptions,
    ) -> Result<Self, TransferError> {
        refuse_interrupted(path)?;
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
            return Err(match package.entry(MANIFEST) {
                None => TransferError::NothingToPack { path: path.to_owned() },
                Some(_) => TransferError::Layout {
                    label: path.to_string(),
                    error: LayoutError::Missing { path: CUSTOMIZATIONS },
                },
            });
        }
        let mut files = Vec::with_capacity(package.entries().len());
        let mut mapped = Vec::with_capacity(package.entries().len());
        let mut written = Vec::with_capacity(package.entries().len());
        for entry in package.entries() {
            let place = match map {
                Some(map) => map.locate(Utf8Path::new(&entry.path))?.map(|located| located.path),
                None => None,
            };
            let metadata = fs_err::metadata(place.as_deref().unwrap_or(&path.join(&entry.path)));
            let metadata = metadata.map_err(PackageError::from)?;
            let size = if place.is_some() { metadata.len() } else { entry.size };
            files.push(FolderFile { path: entry.path.clone(), size });
            written.push(metadata.modified().ok());
            mapped.push(place);
        }
        for added in map.map(Map::files_of_folders).transpose()?.into_iter().flatten() {
            if package.entry(added.as_str()).is_some() {
                continue;
            }
            if let Some(located) = map.map(|map| map.locate(&added)).transpose()?.flatten() {
                let metadata = fs_err::metadata(&located.path).map_err(PackageError::from)?;
                files.push(FolderFile { path: added.into_string(), size: metadata.len() });
                written.push(metadata.modified().ok());
                mapped.push(Some(located.path));
            }
        }
        Ok(Self { package, files, mapped, written, left_alone: left.into_inner(), ours: ours.clone() })
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

    /// Whether a file at this path in the folder would be packed.
    pub(super) fn takes(&self, path: &Utf8Path) -> bool {
        self.ours.is_ours(path)
    }

    /// How many files a map file says to read from elsewhere.
    pub fn mapped(&self) -> usize {
        self.mapped.iter().flatten().count()
    }
}

impl FolderView for SourceFolder {
    fn label(&self) -> &str {
        self.package.label()
    }

    fn files(&self) -> &[FolderFile] {
        &self.files
    }

    fn read(&self, file: usize) -> Result<Vec<u8>, LayoutError> {
        let (bytes, path) = match &self.mapped[file] {
            Some(place) => (fs_err::read(place).map_err(PackageError::from)?, place.clone()),
            None => {
                let entry = &self.package.entries()[file];
                (self.package.read(entry)?, Utf8Path::new(self.package.label()).join(&entry.path))
            }
        };
        // All files are as they were at one moment, or nothing is packed: half of an edit would be neither state.
        let now = fs_err::metadata(&path).map_err(PackageError::from)?.modified().ok();
        if now == self.written[file] { Ok(bytes) } else { Err(PackageError::Touched { path }.into()) }
    }
}
