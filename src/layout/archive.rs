//! The archive side of the layout: an opened package with its two XML parts read.

use std::ops::Range;
use std::sync::Arc;

use super::LayoutError;
use super::rules::{CUSTOMIZATIONS, SOLUTION};
use crate::package::Package;
use crate::xml::{Document, Element, Limits};

/// A package in archive form whose manifest and customizations are read. What is unpacked borrows from it.
#[derive(Debug)]
pub struct Archive<'p> {
    pub(super) package: &'p Package,
    pub(super) manifest: Arc<Document>,
    pub(super) customizations: Arc<Document>,
    managed: bool,
}

impl<'p> Archive<'p> {
    /// Reads `solution.xml` and `customizations.xml`.
    ///
    /// # Errors
    /// When one of them is absent or ill-formed.
    pub fn read(package: &'p Package) -> Result<Self, LayoutError> {
        let manifest = read(package, SOLUTION.0)?;
        Ok(Self::of(package, [manifest, read(package, CUSTOMIZATIONS.0)?].map(Arc::new)))
    }

    /// A package whose `solution.xml` and `customizations.xml` are read already.
    pub(crate) fn of(package: &'p Package, documents: [Arc<Document>; 2]) -> Self {
        let [manifest, customizations] = documents;
        let managed = is_managed(&manifest);
        Self { package, manifest, customizations, managed }
    }

    /// Unique name of the solution; empty when the manifest has none.
    pub fn unique_name(&self) -> String {
        let manifest = self.manifest.root().child("SolutionManifest");
        manifest.and_then(|manifest| manifest.child_text("UniqueName")).unwrap_or_default().trim().to_owned()
    }

    /// Whether the manifest says that the package is managed.
    pub fn is_managed(&self) -> bool {
        self.managed
    }

    /// The package.
    pub fn package(&self) -> &'p Package {
        self.package
    }

    /// `solution.xml`, read.
    pub fn manifest(&self) -> &Document {
        &self.manifest
    }

    /// `customizations.xml`, read.
    pub fn customizations(&self) -> &Document {
        &self.customizations
    }
}

/// Whether the manifest of a package in archive form says that it is managed. Nothing else is read.
///
/// # Errors
/// When the manifest is absent or ill-formed.
pub fn is_managed_archive(package: &Package) -> Result<bool, LayoutError> {
    Ok(is_managed(&read(package, SOLUTION.0)?))
}

fn is_managed(manifest: &Document) -> bool {
    managed_digit(manifest)
        .and_then(|element| element.text().trim().parse::<u8>().ok())
        .is_some_and(|digit| digit == 1)
}

fn read(package: &Package, path: &'static str) -> Result<Document, LayoutError> {
    let entry = package.entry(path).ok_or(LayoutError::Missing { path })?;
    parse(&entry.path, package.read(entry)?)
}

/// Reads a file that must be XML.
pub(super) fn parse(path: &str, bytes: Vec<u8>) -> Result<Document, LayoutError> {
    Document::parse(bytes, &Limits::default())
        .map_err(|error| LayoutError::Xml { path: path.to_owned(), error })
}

/// `<Managed>` of a manifest.
pub(super) fn managed_digit(manifest: &Document) -> Option<Element<'_>> {
    manifest.root().child("SolutionManifest")?.child("Managed")
}

/// The rows of [`Document::records`] directly inside an element, comments and CDATA among them.
pub(super) fn child_indices(document: &Document, element: u32) -> impl Iterator<Item = u32> + '_ {
    let records = document.records();
    let Range { start, end } = element + 1..records[element as usize].next;
    std::iter::successors((start < end).then_some(start), move |&index| {
        let next = records[index as usize].next;
        (next < end).then_some(next)
    })
}
