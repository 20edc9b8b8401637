//! One solution taken apart into units: what travels together, a row of the customizations or the folder of a row, with the
//! files that belong to it.
//!
//! Nothing of a package is in no unit but the manifest, the list of content types and what every part has. Read [`Content`]
//! first; which files belong to which row is in `owners.rs`.

use std::collections::HashMap;

use super::SplitError;
use super::owners::Owners;
use super::rows::Rows;
use crate::json;
use crate::model::{Component, ComponentKey, ComponentType, Place, Solution, as_utf8};
use crate::package::Package;
use crate::text::Position;
use crate::xml::{Document, Limits};

/// The manifest.
pub(super) const MANIFEST: &str = "solution.xml";
/// What holds the rows that have no file.
pub(super) const CUSTOMIZATIONS: &str = "customizations.xml";
/// Follows from the names of the other entries.
pub(super) const CONTENT_TYPES: &str = "[Content_Types].xml";
/// The values of variables of the first generation.
const VALUES: &str = "environment_variable_values.json";
/// Sections of which every part has all rows.
const OF_ALL: &[&str] = &["Languages"];
/// Sections that are one thing, whatever is in them.
const WHOLE: &[&str] = &["RibbonDiffXml", "OrganizationSettings"];

/// A solution taken apart.
pub(super) struct Content {
    pub(super) solution: Solution,
    /// Rows whose key another row has as well.
    twins: Vec<Component>,
    /// `solution.xml`.
    pub(super) manifest: Document,
    /// `customizations.xml`.
    pub(super) customizations: Outline,
    /// Files that are lists of rows.
    pub(super) lists: Vec<List>,
    /// All entries in their order.
    pub(super) package: Package,
    pub(super) units: Vec<Unit>,
}

/// A document of sections of rows.
pub(super) struct Outline {
    pub(super) before: Vec<u8>,
    pub(super) sections: Vec<Section>,
    pub(super) after: Vec<u8>,
}

/// A section, and what stands in front of it.
pub(super) struct Section {
    pub(super) name: String,
    pub(super) lead: Vec<u8>,
    pub(super) rows: Rows,
}

/// A file that is a list of rows.
pub(super) struct List {
    pub(super) path: String,
    pub(super) before: Vec<u8>,
    pub(super) rows: Rows,
    pub(super) after: Vec<u8>,
}

/// What travels together.
#[derive(Debug, Default)]
pub(super) struct Unit {
    /// Indices of its components, see [`Content::component`]; the one that the others are parts of first.
    pub(super) components: Vec<usize>,
    /// Paths of its files.
    pub(super) files: Vec<String>,
    /// What a row that only joins others joins.
    pub(super) ends: Vec<ComponentKey>,
    /// What it is called without a component.
    name: String,
}

/// Where rows stand in a document: start, end, unit.
type Spans = Vec<(Position, Position, usize)>;

impl Content {
    /// Takes a package apart.
    pub(super) fn read(package: &Package) -> Result<Self, SplitError> {
        let mut files = Vec::with_capacity(package.entries().len());
        for entry in package.entries() {
            files.push((entry.path.clone(), package.read(entry)?));
        }
        // Places in it are those of an archive, whatever it was read from.
        let package = Package::from_files(package.label(), files)?;
        let (solution, parts) = Solution::read_with_parts(&package)?;
        let manifest = document(&package, MANIFEST)?;
        let customizations = document(&package, CUSTOMIZATIONS)?;
        let mut reading = Reading { units: Vec::new(), spans: HashMap::new(), owners: Owners::new(&package) };
        let outline = reading.outline(&customizations);
        let lists = reading.lists(&package)?;
        let mut content = Self {
            solution,
            twins: parts.twins,
            manifest,
            customizations: outline,
            lists,
            units: Vec::new(),
            package,
        };
        reading.components(&content);
        reading.ends(&content);
        reading.files(&content);
        content.units = reading.units;
        Ok(content)
    }

    /// A component, or a row that is a twin of one.
    pub(super) fn component(&self, at: usize) -> &Component {
        let known = &self.solution.components;
        known.get(at).unwrap_or_else(|| &self.twins[at - known.len()])
    }

    fn components(&self) -> impl Iterator<Item = &Component> {
        self.solution.components.iter().chain(&self.twins)
    }

    /// What the unit is first of all.
    pub(super) fn primary(&self, unit: usize) -> Option<&Component> {
        self.units[unit].components.first().map(|at| self.component(*at))
    }

    /// How a sentence names a unit.
    pub(super) fn title(&self, unit: usize) -> String {
        self.primary(unit).map_or_else(|| self.units[unit].name.clone(), Component::described)
    }
}

/// The state of the taking apart.
struct Reading {
    units: Vec<Unit>,
    /// By lower-case path.
    spans: HashMap<String, Spans>,
    owners: Owners,
}

impl Reading {
    fn unit(&mut self, name: String) -> usize {
        self.units.push(Unit { name, ..Unit::default() });
        self.units.len() - 1
    }

    fn outline(&mut self, document: &Document) -> Outline {
        let (bytes, root) = (document.bytes(), document.root());
        let mut spans = Spans::new();
        let mut sections = Vec::new();
        let mut at = root.inner_range().start;
        for element in root.children() {
            let range = element.range();
            let mut section = Section {
                name: element.name().to_owned(),
                lead: bytes[at..range.start].to_vec(),
                rows: Rows::of(document, element),
            };
            at = range.end;
            let span = |range: std::ops::Range<usize>| {
                (document.position(range.start), document.position(range.end))
            };
            if WHOLE.contains(&element.name()) && element.children().next().is_some() {
                let unit = self.unit(element.name().to_owned());
                section.rows = Rows::whole(bytes[range.clone()].to_vec(), element.name(), unit);
                let (start, end) = span(range);
                spans.push((start, end, unit));
            } else if !OF_ALL.contains(&element.name()) {
                for (row, child) in section.rows.rows.iter_mut().zip(element.children()) {
                    let unit = self.unit(format!("{} of {}", child.name(), element.name()));
                    row.unit = Some(unit);
                    let (start, end) = span(child.range());
                    spans.push((start, end, unit));
                    self.owners.named_in(child, unit);
                }
            }
            sections.push(section);
        }
        self.spans.insert(CUSTOMIZATIONS.to_owned(), spans);
        Outline { before: bytes[..root.inner_range().start].to_vec(), sections, after: bytes[at..].to_vec() }
    }

    /// `Assets/<set>.xml`, and the values of variables that stand in one file.
    fn lists(&mut self, package: &Package) -> Result<Vec<List>, SplitError> {
        let mut lists = Vec::new();
        for entry in package.entries() {
            let lower = entry.path.to_lowercase();
            if lower == VALUES {
                lists.extend(self.values(&entry.path, package.read(entry)?));
            } else if lower
                .strip_prefix("assets/")
                .is_some_and(|file| !file.contains('/') && file.ends_with("set.xml"))
                && let Ok(document) = Document::parse(as_utf8(package.read(entry)?), &Limits::default())
            {
                let (bytes, root) = (document.bytes(), document.root());
                let mut rows = Rows::of(&document, root);
                let mut spans = Spans::new();
                for (row, child) in rows.rows.iter_mut().zip(root.children()) {
                    let unit = self.unit(format!("{} of {}", child.name(), entry.path));
                    row.unit = Some(unit);
                    let range = child.range();
                    spans.push((document.position(range.start), document.position(range.end), unit));
                }
                if spans.is_empty() {
                    continue;
                }
                self.spans.insert(lower, spans);
                let range = root.range();
                lists.push(List {
                    path: entry.path.clone(),
                    before: bytes[..range.start].to_vec(),
                    after: bytes[range.end..].to_vec(),
                    rows,
                });
            }
        }
        for list in &lists {
            self.owners.take(&list.path);
        }
        Ok(lists)
    }

    fn values(&mut self, path: &str, bytes: Vec<u8>) -> Option<List> {
        let document = json::Document::parse(as_utf8(bytes)).ok()?;
        let member = document.value().as_object()?.iter().find(|(name, rows)| {
            name.to_ascii_lowercase().starts_with("environmentvariablevalue") && rows.is_array()
        })?;
        let pointer = format!("/{}", member.0);
        let mut rows = Rows::of_list(&document, &pointer)?;
        for (row, value) in rows.rows.iter_mut().zip(member.1.as_array()?) {
            let name = value.as_object()?.iter().find(|(name, _)| {
                let name = name.trim_start_matches('@').to_ascii_lowercase();
                name == "schemaname" || name == "environmentvariabledefinition.schemaname"
            });
            let unit = self.unit(format!("value of {path}"));
            let name = name.and_then(|(_, name)| name.as_str()).unwrap_or_default();
            self.units[unit].ends.push(ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, name));
            row.unit = Some(unit);
        }
        Some(List { path: path.to_owned(), before: Vec::new(), rows, after: Vec::new() })
    }

    /// Gives each component its unit.
    fn components(&mut self, content: &Content) {
        for (at, component) in content.components().enumerate() {
            if component.key.kind == ComponentType::FILE {
                continue;
            }
            let Some(path) = component.place.within(&content.solution.source) else { continue };
            let path = path.to_owned();
            let unit = match self.unit_at(&path, &component.place) {
                Some(unit) => unit,
                None if self.spans.contains_key(&path.to_lowercase()) || self.owners.is_taken(&path) => {
                    continue;
                }
                None => match self.owners.of_row(&path) {
                    Some(unit) => unit,
                    None => {
                        let unit = self.unit(path.clone());
                        self.owners.set_row(&path, unit);
                        unit
                    }
                },
            };
            self.units[unit].components.push(at);
        }
    }

    fn unit_at(&self, path: &str, place: &Place) -> Option<usize> {
        let spans = self.spans.get(&path.to_lowercase())?;
        let at = (place.line, place.column);
        let last = spans.partition_point(|(start, ..)| (start.line, start.column) <= at).checked_sub(1)?;
        let (_, end, unit) = &spans[last];
        (at < (end.line, end.column)).then_some(*unit)
    }

    /// What rows join that are no components themselves: the reader hangs them on one of the two ends.
    fn ends(&mut self, content: &Content) {
        for component in content.components() {
            for used in &component.uses {
                let Some(path) = used.place.within(&content.solution.source) else { continue };
                let Some(unit) = self.unit_at(path, &used.place) else { continue };
                if self.units[unit].components.is_empty() {
                    let ends = &mut self.units[unit].ends;
                    ends.push(component.key.clone());
                    if let crate::model::Target::Component(target) = &used.target {
                        ends.push(target.clone());
                    }
                }
            }
        }
    }

    /// Gives each file its unit.
    fn files(&mut self, content: &Content) {
        let components: Vec<(usize, &Component)> = self
            .units
            .iter()
            .enumerate()
            .flat_map(|(unit, found)| found.components.iter().map(move |at| (unit, content.component(*at))))
            .collect();
        self.owners.learn(&components);
        let all = content.solution.components.iter().enumerate();
        let of_files: HashMap<&ComponentKey, usize> = all
            .filter(|(_, component)| component.key.kind == ComponentType::FILE)
            .map(|(at, component)| (&component.key, at))
            .collect();
        for entry in content.package.entries() {
            let is_structure = [MANIFEST, CUSTOMIZATIONS, CONTENT_TYPES];
            if is_structure.iter().any(|path| path.eq_ignore_ascii_case(&entry.path))
                || self.owners.is_taken(&entry.path)
            {
                continue;
            }
            let unit = self.owners.of(&entry.path).unwrap_or_else(|| {
                let key = ComponentKey::new(ComponentType::FILE, &entry.path);
                let at = of_files.get(&key).copied();
                self.units.push(Unit {
                    name: format!("file {}", entry.path),
                    components: at.into_iter().collect(),
                    ..Unit::default()
                });
                self.units.len() - 1
            });
            self.units[unit].files.push(entry.path.clone());
        }
    }
}

fn document(package: &Package, path: &str) -> Result<Document, SplitError> {
    let bytes = package.entry(path).map(|entry| package.read(entry)).transpose()?.unwrap_or_default();
    Document::parse(bytes, &Limits::default())
        .map_err(|error| SplitError::Xml { place: package.place_of(path), error })
}
