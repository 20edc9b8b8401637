//! The reading of one package: what the readers share. Each reader is a function `read(&mut Reading)` in the file of its
//! noun; it adds components and findings, and marks the entries that it read.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{
    Code, Component, ComponentKey, DataverseError, Finding, Manifest, ModelError, Place, Severity,
    app_module, canvas_app, codes, connection_reference, connector, credential, desktop_flow_binary,
    environment_variable, form, other, plug_in, process, relationship, row, section, table, web_resource,
    work_queue,
};
use crate::package::{Entry, Package};
use crate::{json, xml};

/// A well-formed XML file of the package.
pub(crate) struct XmlPart {
    pub(crate) file: Arc<str>,
    pub(crate) document: Arc<xml::Document>,
    /// The entry it was read from, when that was made of several files of the user's.
    made: Option<Entry>,
}

impl XmlPart {
    /// A document that is no entry.
    pub(crate) fn alone(file: &str, document: xml::Document) -> Self {
        Self { file: file.into(), document: Arc::new(document), made: None }
    }

    pub(crate) fn new(entry: &Entry, file: Arc<str>, document: Arc<xml::Document>) -> Self {
        let made = entry.origins().is_some().then(|| entry.clone());
        Self { file, document, made }
    }

    /// Where an element stands: in the user's own file.
    pub(crate) fn place(&self, element: xml::Element<'_>) -> Place {
        self.place_at(element.offset())
    }

    /// Where a byte of the document stands: in the user's own file.
    pub(crate) fn place_at(&self, offset: usize) -> Place {
        let origin = self.made.as_ref().and_then(Entry::origins).and_then(|origins| origins.at(offset));
        match origin {
            Some((file, line, column)) => Place { file: file.clone(), line, column, pointer: None },
            None => Place::new(&self.file, self.document.position(offset)),
        }
    }

    /// The text of an element and of everything inside it, at any depth.
    pub(crate) fn inner(&self, element: xml::Element<'_>) -> String {
        let mut text = element.text().into_owned();
        for inside in element.descendants() {
            text.push(' ');
            text.push_str(&inside.text());
        }
        text
    }

    /// What a lookup column names, and where that stands: the text of the element inside (`<schemaname>`, an id column,
    /// whatever the target's key column is), else its own text. None when there is nothing.
    pub(crate) fn lookup(&self, column: xml::Element<'_>) -> Option<(String, Place)> {
        column.children().chain([column]).find_map(|element| {
            let text = element.text();
            let text = text.trim();
            (!text.is_empty()).then(|| (text.to_owned(), self.place(element)))
        })
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

/// The two files that every solution has.
pub(crate) struct Parts {
    /// `solution.xml`.
    pub(crate) manifest: XmlPart,
    /// `customizations.xml`.
    pub(crate) customizations: Arc<XmlPart>,
    /// Rows whose key another row has as well; only the first of them is among the components.
    pub(crate) twins: Vec<Component>,
    /// Paths of the entries that a reader has parsed, and told of where they are ill-formed; lower case.
    pub(crate) parsed: BTreeSet<String>,
}

impl Parts {
    /// `solution.xml` and `customizations.xml`.
    pub(crate) fn into_documents(self) -> [Arc<xml::Document>; 2] {
        [self.manifest.document, self.customizations.document.clone()]
    }
}

/// The state of the reading of one package.
pub(crate) struct Reading<'p> {
    pub(crate) package: &'p Package,
    pub(crate) manifest: Manifest,
    manifest_part: XmlPart,
    /// `customizations.xml`.
    pub(crate) customizations: Arc<XmlPart>,
    pub(crate) components: Vec<Component>,
    pub(crate) findings: Vec<Finding>,
    /// Rows that were left out, see [`Parts::twins`].
    twins: Vec<Component>,
    /// Paths of entries that a reader has taken, lower case; the rest become components with their path.
    taken: BTreeSet<String>,
    /// See [`Parts::parsed`].
    parsed: BTreeSet<String>,
    /// Entries by lower-case path: large solutions name thousands of files.
    by_path: HashMap<String, &'p Entry>,
}

impl<'p> Reading<'p> {
    pub(crate) fn new(package: &'p Package) -> Result<Self, ModelError> {
        Self::with(package, Manifest::read)
    }

    /// No row of the missing dependencies is read.
    pub(crate) fn without_needs(package: &'p Package) -> Result<Self, ModelError> {
        Self::with(package, Manifest::read_without_needs)
    }

    fn with(
        package: &'p Package,
        read: fn(&XmlPart) -> Result<Manifest, ModelError>,
    ) -> Result<Self, ModelError> {
        let solution = required(package, "solution.xml")?;
        let manifest = read(&solution)?;
        let customizations = Arc::new(required(package, "customizations.xml")?);
        let root = customizations.document.root().name();
        if root != "ImportExportXml" {
            let found = root.chars().take(100).collect();
            return Err(ModelError::Customizations { file: customizations.file.clone(), found });
        }
        Ok(Self {
            package,
            manifest,
            manifest_part: solution,
            customizations,
            components: Vec::new(),
            findings: Vec::new(),
            twins: Vec::new(),
            taken: BTreeSet::new(),
            parsed: ["solution.xml", "customizations.xml"].map(str::to_owned).into(),
            by_path: package.entries().iter().map(|entry| (entry.path.to_lowercase(), entry)).collect(),
        })
    }

    /// Every reader, in order.
    pub(crate) fn run(&mut self) -> Result<(), ModelError> {
        credential::read(self)?;
        environment_variable::read(self)?;
        connection_reference::read(self)?;
        process::read(self)?;
        desktop_flow_binary::read(self)?;
        work_queue::read(self)?;
        connector::read(self);
        table::read(self);
        relationship::read(self);
        form::read(self);
        web_resource::read(self);
        plug_in::read(self);
        app_module::read(self);
        canvas_app::read(self);
        section::read(self);
        row::read(self)?;
        other::read(self);
        Ok(())
    }

    pub(crate) fn finish(self) -> (Manifest, Vec<Component>, Vec<Finding>, Parts) {
        let parts = Parts {
            manifest: self.manifest_part,
            customizations: self.customizations,
            twins: self.twins,
            parsed: self.parsed,
        };
        (self.manifest, self.components, self.findings, parts)
    }

    /// Marks an entry as read by a reader of its own.
    pub(crate) fn take(&mut self, path: &str) {
        self.taken.insert(path.to_lowercase());
    }

    /// Whether a reader has taken the entry.
    pub(crate) fn is_taken(&self, path: &str) -> bool {
        self.taken.contains(&path.to_lowercase())
    }

    /// The entry of that path, names compared without case.
    pub(crate) fn entry(&self, path: &str) -> Option<&'p Entry> {
        self.by_path.get(&path.to_lowercase()).copied()
    }

    /// Reads an XML entry and takes it. None, with a finding, when it is ill-formed.
    pub(crate) fn xml(&mut self, path: &str) -> Result<Option<XmlPart>, ModelError> {
        let Some(entry) = self.entry(path) else { return Ok(None) };
        self.take(path);
        self.parsed.insert(path.to_lowercase());
        let file: Arc<str> = self.package.place_of(&entry.path).into();
        match xml::Document::parse(as_utf8(self.package.read(entry)?), &xml::Limits::default()) {
            Ok(document) => Ok(Some(XmlPart::new(entry, file, Arc::new(document)))),
            Err(error) => {
                let place = Place::new(&file, error.position());
                self.report(codes::ILL_FORMED_FILE, Severity::Error, place, error.to_string());
                if let Some(finding) = self.findings.last_mut() {
                    finding.dataverse = Some(DataverseError::NOT_WELL_FORMED);
                }
                Ok(None)
            }
        }
    }

    /// Reads a JSON entry and takes it. None, with a finding, when it is ill-formed.
    pub(crate) fn json(&mut self, path: &str) -> Result<Option<JsonPart>, ModelError> {
        let Some(entry) = self.entry(path) else { return Ok(None) };
        self.take(path);
        self.parsed.insert(path.to_lowercase());
        let file: Arc<str> = self.package.place_of(&entry.path).into();
        match json::Document::parse(as_utf8(self.package.read(entry)?)) {
            Ok(document) => {
                for duplicate in document.duplicate_keys() {
                    let message = format!(
                        "the key {} stands twice, first in line {}, column {}",
                        duplicate.pointer, duplicate.first.line, duplicate.first.column
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

    /// Takes a file that the XML names, without reading it; a finding when the package has no such file.
    pub(crate) fn take_named(&mut self, path: &str, component: &Component, place: Place) -> bool {
        let path = entry_path(path);
        if self.entry(&path).is_some() {
            self.take(&path);
            return true;
        }
        let message = format!("{} names the file {path}, which is not in the package", component.described());
        self.report(codes::MISSING_FILE, Severity::Error, place, message);
        if let Some(finding) = self.findings.last_mut() {
            finding.component = Some(component.key.clone());
        }
        false
    }

    /// Calls `read` for every row of a table, in either container: the section `set` of `customizations.xml`, and the
    /// files `set/<key>/table.xml`. Adds what it returns; a row whose key is there already is left out.
    pub(crate) fn rows(
        &mut self,
        set: &str,
        table: &str,
        read: &mut dyn FnMut(&mut Self, &XmlPart, xml::Element<'_>) -> Option<Component>,
    ) -> Result<(), ModelError> {
        let mut known = BTreeSet::new();
        let customizations = self.customizations.clone();
        for section in customizations.document.root().children().filter(|section| section.name() == set) {
            for row in section.children().filter(|row| row.name() == table) {
                if let Some(component) = read(self, &customizations, row) {
                    self.add_once(&mut known, component);
                }
            }
        }
        for path in self.files(&[set, "*", &format!("{table}.xml")]) {
            let Some(part) = self.xml(&path)? else { continue };
            if let Some(component) = read(self, &part, part.document.root()) {
                self.add_once(&mut known, component);
            }
        }
        Ok(())
    }

    fn add_once(&mut self, known: &mut BTreeSet<ComponentKey>, component: Component) {
        if known.insert(component.key.clone()) {
            self.components.push(component);
        } else {
            self.twins.push(component);
        }
    }

    /// Paths of the entries that match, segment by segment and without case; `*` is any one segment.
    pub(crate) fn files(&self, pattern: &[&str]) -> Vec<String> {
        let matches = |path: &str| {
            let mut segments = path.split('/');
            pattern.iter().all(|wanted| {
                segments.next().is_some_and(|found| *wanted == "*" || found.eq_ignore_ascii_case(wanted))
            }) && segments.next().is_none()
        };
        let entries = self.package.entries().iter();
        entries.filter(|entry| matches(&entry.path)).map(|entry| entry.path.clone()).collect()
    }

    /// Adds a finding of this solution.
    pub(crate) fn report(&mut self, code: Code, severity: Severity, place: Place, message: String) {
        let finding = Finding::new(code, severity, &self.manifest.unique_name, message);
        self.findings.push(Finding { place: Some(place), ..finding });
    }
}

/// The path of an entry as the XML writes it: often with a slash in front, sometimes with backslashes.
pub(crate) fn entry_path(written: &str) -> String {
    written.trim().replace('\\', "/").trim_start_matches('/').to_owned()
}

/// UTF-16 with a byte order mark becomes UTF-8 (value files in git were seen so); anything else is left as it is.
/// Lines and columns stay the same, byte offsets do not.
pub(crate) fn as_utf8(bytes: Vec<u8>) -> Vec<u8> {
    let to_unit: fn([u8; 2]) -> u16 = match bytes.get(..2) {
        Some([0xFF, 0xFE]) => u16::from_le_bytes,
        Some([0xFE, 0xFF]) => u16::from_be_bytes,
        _ => return bytes,
    };
    if !bytes.len().is_multiple_of(2) {
        return bytes;
    }
    let units = bytes[2..].chunks_exact(2).map(|pair| to_unit([pair[0], pair[1]]));
    match char::decode_utf16(units).collect::<Result<String, _>>() {
        Ok(text) => text.into_bytes(),
        Err(_) => bytes,
    }
}

/// The manifest of a package, its missing dependencies left out.
pub(crate) fn manifest(package: &Package) -> Result<Manifest, ModelError> {
    Manifest::read_without_needs(&required(package, "solution.xml")?)
}

fn required(package: &Package, path: &'static str) -> Result<XmlPart, ModelError> {
    let entry = package
        .entry(path)
        .ok_or_else(|| ModelError::NotASolution { label: package.label().to_owned(), missing: path })?;
    let file: Arc<str> = package.place_of(&entry.path).into();
    if let Some(document) = package.document(entry) {
        return Ok(XmlPart::new(entry, file, document.clone()));
    }
    let document = xml::Document::parse(package.read(entry)?, &xml::Limits::default())
        .map_err(|error| ModelError::Xml { file: file.clone(), error })?;
    Ok(XmlPart::new(entry, file, Arc::new(document)))
}
