//! The folder side of the layout: what pack reads, whatever it lies on.

use std::sync::OnceLock;

use super::LayoutError;
use super::unpack::Unpacked;
use crate::package::Package;

/// One file of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderFile {
    /// Path below the folder, with `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
}

/// Files by path: a folder on disk, or what unpack gives.
pub trait FolderView: Sync {
    /// What messages call it.
    fn label(&self) -> &str;

    /// All files that are packed; the order does not matter.
    fn files(&self) -> &[FolderFile];

    /// The bytes of a file, by its index in [`FolderView::files`].
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, file: usize) -> Result<Vec<u8>, LayoutError>;
}

/// A package that holds the files of a folder: a folder on disk, or an archive of one.
#[derive(Debug)]
pub struct PackageFolder<'p> {
    package: &'p Package,
    files: Vec<FolderFile>,
}

impl<'p> PackageFolder<'p> {
    /// All files of the package.
    pub fn new(package: &'p Package) -> Self {
        let file = |entry: &crate::package::Entry| FolderFile { path: entry.path.clone(), size: entry.size };
        Self { package, files: package.entries().iter().map(file).collect() }
    }
}

impl FolderView for PackageFolder<'_> {
    fn label(&self) -> &str {
        self.package.label()
    }

    fn files(&self) -> &[FolderFile] {
        &self.files
    }

    fn read(&self, file: usize) -> Result<Vec<u8>, LayoutError> {
        Ok(self.package.read(&self.package.entries()[file])?)
    }
}

/// What unpack gives, as the folder that it would be: for proofs without a disk.
#[derive(Debug)]
pub struct UnpackedFolder<'u> {
    unpacked: &'u Unpacked<'u>,
    files: OnceLock<Vec<FolderFile>>,
}

impl<'u> UnpackedFolder<'u> {
    /// The parts as files.
    pub fn new(unpacked: &'u Unpacked<'u>) -> Self {
        Self { unpacked, files: OnceLock::new() }
    }
}

impl FolderView for UnpackedFolder<'_> {
    fn label(&self) -> &str {
        "unpacked"
    }

    fn files(&self) -> &[FolderFile] {
        // The size of XML is not known before it is written, and pack asks only what it copies.
        self.files.get_or_init(|| {
            let file = |part: &super::Part<'_>| FolderFile {
                path: part.path().to_owned(),
                size: part.size().unwrap_or_default(),
            };
            self.unpacked.parts.iter().map(file).collect()
        })
    }

    fn read(&self, file: usize) -> Result<Vec<u8>, LayoutError> {
        self.unpacked.parts[file].bytes()
    }
}

/// Whether the manifest of a folder says managed; 2, both packages, is not.
///
/// # Errors
/// When there is no manifest, or it is no XML.
pub fn is_managed_folder(view: &dyn FolderView) -> Result<bool, LayoutError> {
    let path = super::rules::SOLUTION.1;
    let file = view.files().iter().position(|file| file.path.eq_ignore_ascii_case(path));
    let manifest = super::archive::parse(path, view.read(file.ok_or(LayoutError::Missing { path })?)?)?;
    Ok(super::archive::managed_digit(&manifest).is_some_and(|digit| digit.text().trim() == "1"))
}

/// Whether these paths are those of a solution in the packager's layout.
pub fn is_packager_folder<'p>(paths: impl IntoIterator<Item = &'p str>) -> bool {
    let (mut manifest, mut customizations) = (false, false);
    for path in paths {
        manifest |= path.eq_ignore_ascii_case(super::rules::SOLUTION.1);
        customizations |= path.eq_ignore_ascii_case(super::rules::CUSTOMIZATIONS.1);
    }
    manifest && customizations
}
