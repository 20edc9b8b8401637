//! The archive side of the layout: an opened package with its two XML parts read.

use std::ops::Range;
use std::sync::Arc;

use super::rules::{CUSTOMIZATIONS, SOLUTION};
use super::{Kind, LayoutError};
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

    /// The type of the package, as its manifest says.
    pub fn kind(&self) -> Kind {
        if self.managed { Kind::Managed } else { Kind::Unmanaged }
    }

    /// Refuses a package of which the manifest does not say whether it is managed.
    ///
    /// # Errors
    /// When it does not say so.
    pub fn refuse_without_type(&self) -> Result<(), LayoutError> {
        let element = "Managed";
        let missing = LayoutError::MissingElement { path: SOLUTION.0, element };
        let digit = managed_digit(&self.manifest).ok_or(missing)?.text();
        match digit.trim() {
            "0" | "1" => Ok(()),
            _ => Err(LayoutError::ManagedDigit {
                path: SOLUTION.0.to_owned(),
                found: digit.into_owned(),
                expected: "0 or 1",
            }),
        }
    }

    /// Refuses a package of the other type.
    ///
    /// # Errors
    /// When it is one.
    pub fn refuse_other_kind(&self, managed: bool) -> Result<(), LayoutError> {
        of_kind(self.managed, managed)
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
fn is_managed_archive(package: &Package) -> Result<bool, LayoutError> {
    Ok(is_managed(&read(package, SOLUTION.0)?))
}

/// Refuses a package in archive form that is of the other type. Nothing but its manifest is read.
///
/// # Errors
/// When it is one, or the manifest is absent or ill-formed.
pub fn refuse_other_kind(package: &Package, managed: bool) -> Result<(), LayoutError> {
    of_kind(is_managed_archive(package)?, managed)
}

fn of_kind(found: bool, expected: bool) -> Result<(), LayoutError> {
    if found == expected {
        return Ok(());
    }
    Err(LayoutError::OtherKind { expected: Kind::name_of(expected), found: Kind::name_of(found) })
}

fn is_managed(manifest: &Document) -> bool {
    managed_digit(manifest)
        .and_then(|element| element.text().trim().parse::<u8>().ok())
        .is_some_and(|digit| digit == 1)
}

pub(super) fn read(package: &Package, path: &'static str) -> Result<Document, LayoutError> {
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
