//! The reading of one package: what the readers share. Each reader is a function `read(&mut Reading)` in the file of its
//! noun; it adds components and findings, and marks the entries that it read.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Code, Component, Finding, Manifest, ModelError, Place, Severity, codes};
use crate::package::Package;
use crate::{json, xml};

/// A well-formed XML file of the package.
pub(crate) struct XmlPart {
    pub(crate) file: Arc<str>,
    pub(crate) document: xml::Document,
}

impl XmlPart {
    /// Where an element stands.
    pub(crate) fn place(&self, element: xml::Element<'_>) -> Place {
        Place::new(&self.file, element.position())
    }
}

/// A well-formed JSON file of the package.
pub(crate) struct JsonPart {
    pub(crate) file: Arc<str>,
    pub(crate) document: json::Document,
}

impl JsonPart {
    /// Where the value at `pointer` stands.
    pub(crate) fn place(&self, pointer: &str) -> Place {
        match self.document.position(pointer) {
            Some(position) => Place::new(&self.file, position).with_pointer(pointer),
            None => Place::whole(&self.file).with_pointer(pointer),
        }
    }
}

/// The state of the reading of one package.
pub(crate) struct Reading<'p> {
    pub(crate) package: &'p Package,
    pub(crate) manifest: Manifest,
    /// `customizations.xml`.
    pub(crate) customizations: Arc<XmlPart>,
    pub(crate) components: Vec<Component>,
    pub(crate) findings: Vec<Finding>,
    /// Paths of entries that a reader has taken, lower case; the rest become components with their path.
    taken: BTreeSet<String>,
}

impl<'p> Reading<'p> {
    pub(crate) fn new(package: &'p Package) -> Result<Self, ModelError> {
        let solution = required(package, "solution.xml")?;
        let manifest = Manifest::read(&solution)?;
        let customizations = Arc::new(required(package, "customizations.xml")?);
        Ok(Self {
            package,
            manifest,
            customizations,
            components: Vec::new(),
            findings: Vec::new(),
            taken: BTreeSet::new(),
        })
    }

    /// Every reader, in order.
    pub(crate) fn run(&mut self) -> Result<(), ModelError> {
        Ok(())
    }

    pub(crate) fn finish(self) -> (Manifest, Vec<Component>, Vec<Finding>) {
        (self.manifest, self.components, self.findings)
    }

    /// Marks an entry as read by a reader of its own.
    pub(crate) fn take(&mut self, path: &str) {
        self.taken.insert(path.to_lowercase());
    }

    /// Whether a reader has taken the entry.
    pub(crate) fn is_taken(&self, path: &str) -> bool {
        self.taken.contains(&path.to_lowercase())
    }

    /// Reads an XML entry and takes it. None, with a finding, when it is ill-formed.
    pub(crate) fn xml(&mut self, path: &str) -> Result<Option<XmlPart>, ModelError> {
        let Some(entry) = self.package.entry(path) else { return Ok(None) };
        self.take(path);
        let file: Arc<str> = self.package.place_of(&entry.path).into();
        match xml::Document::parse(self.package.read(entry)?, &xml::Limits::default()) {
            Ok(document) => Ok(Some(XmlPart { file, document })),
            Err(error) => {
                let place = Place::new(&file, error.position());
                self.report(codes::ILL_FORMED_FILE, Severity::Error, place, error.to_string());
                Ok(None)
            }
        }
    }

    /// Reads a JSON entry and takes it. None, with a finding, when it is ill-formed.
    pub(crate) fn json(&mut self, path: &str) -> Result<Option<JsonPart>, ModelError> {
        let Some(entry) = self.package.entry(path) else { return Ok(None) };
        self.take(path);
        let file: Arc<str> = self.package.place_of(&entry.path).into();
        match json::Document::parse(self.package.read(entry)?) {
            Ok(document) => {
                for duplicate in document.duplicate_keys() {
                    let message = format!(
                        "the key {} stands twice, first in line {}",
                        duplicate.pointer, duplicate.first.line
                    );
                    let place = Place::new(&file, duplicate.second).with_pointer(&duplicate.pointer);
                    self.report(codes::DUPLICATE_KEY, Severity::Warning, place, message);
                }
                Ok(Some(JsonPart { file, document }))
            }
            Err(error) => {
                let place = Place::new(&file, error.position());
                self.report(codes::ILL_FORMED_FILE, Severity::Error, place, error.to_string());
                Ok(None)
            }
        }
    }

    /// Adds a finding of this solution.
    pub(crate) fn report(&mut self, code: Code, severity: Severity, place: Place, message: String) {
        self.findings.push(Finding {
            code,
            severity,
            solution: self.manifest.unique_name.clone(),
            component: None,
            place: Some(place),
            message,
            help: None,
        });
    }
}

fn required(package: &Package, path: &'static str) -> Result<XmlPart, ModelError> {
    let entry = package
        .entry(path)
        .ok_or_else(|| ModelError::NotASolution { label: package.label().to_owned(), missing: path })?;
    let file: Arc<str> = package.place_of(&entry.path).into();
    let document = xml::Document::parse(package.read(entry)?, &xml::Limits::default())
        .map_err(|error| ModelError::Xml { file: file.clone(), error })?;
    Ok(XmlPart { file, document })
}
