//! The folder that is packed: what is the solution's own on disk, and what a map file says to read from elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};

use super::{TransferError, mapped};
use crate::layout::{FolderFile, FolderView, LayoutError, is_packager_folder, named_by};
use crate::mapping::{Map, Ours, Reason};
use crate::model::Finding;
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
    findings: Vec<Finding>,
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
        if !path.exists() {
            return Err(PackageError::NotFound { path: path.to_owned() }.into());
        }
        refuse_without_manifest(path, ours)?;
        let left = Mutex::new(BTreeMap::new());
        let include = |asked: &str| {
            let reason = ours.why_not_listed(asked);
            let is_ours = reason.is_none();
            if let Some(reason) = reason {
                left.lock().unwrap_or_else(PoisonError::into_inner).insert(asked.to_owned(), reason);
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
        let mut written = Vec::with_capacity(package.entries().len());
        for entry in package.entries() {
            files.push(FolderFile { path: entry.path.clone(), size: entry.size });
            written.push(entry.modified());
        }
        let mapped = package.entries().iter().map(|_| None).collect();
        let left_alone = left.into_inner().unwrap_or_else(PoisonError::into_inner);
        let ours = ours.clone();
        let mut source = Self { package, files, mapped, written, left_alone, findings: Vec::new(), ours };
        if let Some(map) = map {
            source.follow(map)?;
        }
        Ok(source)
    }

    /// Asks the map file for each file. Unpacking does not write what is mapped, so the files that are named by others, and
    /// those of mapped folders, are added here.
    fn follow(&mut self, map: &Map) -> Result<(), TransferError> {
        for file in 0..self.files.len() {
            let path = self.files[file].path.clone();
            if let Some(place) = self.locate(map, &path)? {
                let found = Written::of(&place)?;
                (self.files[file].size, self.written[file]) = (found.size, found.time);
                self.mapped[file] = Some(place);
            }
        }
        let mut known: BTreeSet<String> = self.files.iter().map(|file| file.path.to_lowercase()).collect();
        let mut add = |source: &mut Self, path: String| -> Result<(), TransferError> {
            if known.contains(&path.to_lowercase()) {
                return Ok(());
            }
            if let Some(place) = source.locate(map, &path)? {
                known.insert(path.to_lowercase());
                let found = Written::of(&place)?;
                source.files.push(FolderFile { path, size: found.size });
                source.written.push(found.time);
                source.mapped.push(Some(place));
            }
            Ok(())
        };
        for path in map.files_of_folders()? {
            match self.ours.why_not(&path) {
                Some(reason) => drop(self.left_alone.insert(path.into_string(), reason)),
                None => add(self, path.into_string())?,
            }
        }
        for file in 0..self.files.len() {
            let named = named_by(&self.files[file].path, || self.read(file)).map_err(self.in_layout())?;
            for path in named {
                add(self, path)?;
            }
        }
        let paths = self.files.iter().map(|file| file.path.as_str());
        let unmatched = mapped::of_unmatched(self.package.label(), map, paths);
        self.findings.extend(unmatched);
        Ok(())
    }

    fn locate(&mut self, map: &Map, path: &str) -> Result<Option<Utf8PathBuf>, TransferError> {
        let Some(located) = map.locate(Utf8Path::new(path))? else { return Ok(None) };
        let told = mapped::of_located(self.package.label(), path, &located).map_err(self.in_layout())?;
        self.findings.extend(told);
        Ok(Some(located.path))
    }

    fn in_layout(&self) -> impl FnOnce(LayoutError) -> TransferError + use<> {
        let label = self.package.label().to_owned();
        move |error| TransferError::Layout { label, error }
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

    /// The files that a map file says to read from elsewhere, and where.
    pub fn mapped(&self) -> impl Iterator<Item = (&str, &Utf8Path)> {
        let files = self.files.iter().zip(&self.mapped);
        files.filter_map(|(file, place)| Some((file.path.as_str(), place.as_deref()?)))
    }

    /// What should be said of the map file.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether a file at this path in the folder would be packed.
    pub(super) fn takes(&self, path: &Utf8Path) -> bool {
        self.ours.is_ours(path)
    }
}

/// Refuses a folder whose `.solshipignore` leaves out the manifest or the customizations.
///
/// # Errors
/// When it does.
pub fn refuse_without_manifest(folder: &Utf8Path, ours: &Ours) -> Result<(), TransferError> {
    for file in [MANIFEST, CUSTOMIZATIONS] {
        match ours.why_not(Utf8Path::new(file)) {
            Some(reason @ Reason::Ignored { .. }) if folder.join(file).exists() => {
                return Err(TransferError::ManifestIgnored { path: folder.to_owned(), file, reason });
            }
            _ => {}
        }
    }
    Ok(())
}

/// What the system says of a file.
struct Written {
    size: u64,
    /// When it was written last; none where the system does not say.
    time: Option<SystemTime>,
}

impl Written {
    fn of(path: &Utf8Path) -> Result<Self, PackageError> {
        let metadata = fs_err::metadata(path)?;
        Ok(Self { size: metadata.len(), time: metadata.modified().ok() })
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
        let (bytes, now) = match &self.mapped[file] {
            Some(place) => (fs_err::read(place).map_err(PackageError::from)?, Written::of(place)?.time),
            None => self.package.read_dated(&self.package.entries()[file])?,
        };
        // All files are as they were at one moment, or nothing is packed: half of an edit would be neither state.
        if now == self.written[file] {
            return Ok(bytes);
        }
        let path = match &self.mapped[file] {
            Some(place) => place.clone(),
            None => Utf8Path::new(self.package.label()).join(&self.files[file].path),
        };
        Err(PackageError::Touched { path }.into())
    }
}
