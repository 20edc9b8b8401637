//! Carries out the rules: which rows of customizations.xml become files, and what stays.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::super::archive::{Archive, child_indices};
use super::super::canonical::{Edit, Edits, RootTag, is_verbatim};
use super::super::names::{folded, listed_key};
use super::super::namespaces;
use super::super::note::Note;
use super::super::part::{Content, Part, Source, XmlFile, XmlShape};
use super::super::pattern::{Pattern, strip_suffix, value};
use super::super::rules::{CUSTOMIZATIONS, DATA_SUFFIX, Files, RULES, Rule, Shape};
use super::{LayoutError, UnpackOptions, sorted};
use crate::package::Package;
use crate::xml::Element;

/// So many rows are split by one thread: less is not worth the handing over.
const ROWS_AT_ONCE: usize = 16;

/// What rows become.
#[derive(Debug, Default)]
pub(crate) struct Rows<'a> {
    /// Their files.
    pub(super) parts: Vec<Part<'a>>,
    /// Entries, by folded path, that get another place, with that place.
    pub(super) moved: HashMap<String, String>,
    /// Folded paths of rows whose file has another name in the archive, with their section.
    pub(super) renamed: HashMap<String, &'static str>,
    /// Lower-case names of entities, with the folder of each.
    pub(super) entity_folders: HashMap<String, String>,
}

impl Rows<'_> {
    fn extend(&mut self, more: Self) {
        self.parts.extend(more.parts);
        self.moved.extend(more.moved);
        self.renamed.extend(more.renamed);
        self.entity_folders.extend(more.entity_folders);
    }
}

/// One archive, or some rows of it, on its way into a folder.
pub(super) struct Split<'a> {
    pub(super) archive: &'a Archive<'a>,
    managed: bool,
    options: UnpackOptions,
    pub(super) rows: Rows<'a>,
    pub(super) notes: Vec<Note>,
    /// What is cut out of customizations.xml.
    pub(super) cuts: Vec<(u32, Edit)>,
    entries: Entries,
}

/// All entries of a package, by folded path.
#[derive(Clone)]
pub(super) struct Entries(Arc<HashSet<String>>);

impl Entries {
    pub(super) fn of(package: &Package) -> Self {
        Self(Arc::new(package.entries().iter().map(|entry| folded(&entry.path)).collect()))
    }
}

impl<'a> Split<'a> {
    pub(super) fn new(
        archive: &'a Archive<'a>,
        managed: bool,
        options: &UnpackOptions,
        entries: Entries,
    ) -> Self {
        Self {
            archive,
            managed,
            options: *options,
            rows: Rows::default(),
            notes: Vec::new(),
            cuts: Vec::new(),
            entries,
        }
    }

    /// Beside this one, for another thread; what it finds comes back with [`Split::join`].
    fn branch(&self) -> Self {
        Self::new(self.archive, self.managed, &self.options, self.entries.clone())
    }

    fn join(&mut self, branch: Self) {
        self.rows.extend(branch.rows);
        self.notes.extend(branch.notes);
    }

    /// Splits every section that a rule knows.
    pub(super) fn sections(&mut self) -> Result<(), LayoutError> {
        let archive = self.archive;
        let mut seen = HashSet::new();
        let root = archive.customizations.root();
        if is_verbatim(root) {
            return Ok(());
        }
        for section in root.children() {
            let Some(rule) = RULES.iter().find(|rule| rule.section == section.name()) else { continue };
            // A second section of that name could not be told from the first on the way back.
            if is_verbatim(section) || !seen.insert(rule.section) {
                continue;
            }
            if child_indices(section.document(), section.index()).next().is_none() {
                self.cuts.push((section.index(), Edit::Empty));
            }
            let cuts = self.split(rule, section, "")?;
            self.cuts.extend(cuts);
        }
        Ok(())
    }

    /// Splits one section; gives what is cut out of it.
    fn split(
        &mut self,
        rule: &'static Rule,
        section: Element<'a>,
        folder: &str,
    ) -> Result<Vec<(u32, Edit)>, LayoutError> {
        let pattern = Pattern::new(rule.path);
        let mut cuts = Vec::new();
        match rule.shape {
            Shape::Whole => {
                if section.children().next().is_some()
                    && let Some(path) = pattern.fill(section, self.managed)
                {
                    let inside = child_indices(section.document(), section.index());
                    cuts.extend(inside.map(|child| (child, Edit::Cut)));
                    self.push_element(rule, section, format!("{folder}{path}"), Vec::new());
                }
            }
            Shape::Rows(name) => {
                let rows: Vec<Element<'a>> = section.children().filter(|row| row.name() == name).collect();
                let split = |rows: &[Element<'a>]| -> Result<_, LayoutError> {
                    let mut branch = self.branch();
                    let mut cuts = Vec::new();
                    for &row in rows {
                        cuts.extend(branch.row(rule, &pattern, row, folder)?);
                    }
                    Ok((branch, cuts))
                };
                // Each row alone, on all threads; what comes of them in their order.
                let branches: Vec<_> = rows.par_chunks(ROWS_AT_ONCE).map(split).collect();
                for branch in branches {
                    let (branch, of_rows) = branch?;
                    cuts.extend(of_rows);
                    self.join(branch);
                }
            }
            Shape::Grouped { group, without, row } => {
                let mut tags: HashSet<Vec<(&str, &str)>> = HashSet::new();
                for group in section.children().filter(|child| child.name() == group) {
                    let tag = group.attributes().map(|attribute| (attribute.name, attribute.raw_value));
                    let Some(paths) = self.group_paths(&pattern, group, without, row) else { continue };
                    if !tags.insert(tag.collect()) {
                        continue;
                    }
                    cuts.push((group.index(), Edit::Cut));
                    for mut row in paths {
                        row.path.insert_str(0, folder);
                        self.push_wrapped(group, row, without);
                    }
                }
            }
            Shape::Indexed { row, name, index } => {
                let mut rows: Vec<(Element<'a>, String)> = section
                    .children()
                    .filter(|child| child.name() == row && child.attribute(name).is_some())
                    .filter_map(|row| Some((row, pattern.fill(row, self.managed)?)))
                    .collect();
                cuts.extend(rows.iter().map(|(row, _)| (row.index(), Edit::Cut)));
                rows.sort_by_cached_key(|(row, _)| listed_key(&row.attribute(name).unwrap_or_default()));
                self.push_indexed(rule, index, &rows);
            }
        }
        Ok(cuts)
    }

    /// Splits one row; gives whether it is cut out.
    fn row(
        &mut self,
        rule: &'static Rule,
        pattern: &Pattern,
        row: Element<'a>,
        folder: &str,
    ) -> Result<Option<(u32, Edit)>, LayoutError> {
        if let Some(path) = self.path_of(rule, pattern, row) {
            let path = format!("{folder}{path}");
            let mut edits = self.inner(rule, row, &path)?;
            edits.extend(rule.sorted.and_then(|list| row.child(list)).and_then(|list| sorted(list, false)));
            self.files_of(rule, row, &path);
            self.push_element(rule, row, path, edits);
        } else if rule.needs.is_some() && self.options.as_packager {
            self.notes.push(Note::Dropped { section: rule.section, row: describe(row) });
        } else {
            self.notes.push(Note::Kept { section: rule.section, row: describe(row) });
            return Ok(None);
        }
        Ok(Some((row.index(), Edit::Cut)))
    }

    fn path_of(&self, rule: &Rule, pattern: &Pattern, row: Element<'_>) -> Option<String> {
        if let Some(needed) = rule.needs {
            value(row, needed)?;
        }
        pattern.fill(row, self.managed)
    }

    /// What is cut out of a row by the rules inside its rule.
    fn inner(
        &mut self,
        rule: &'static Rule,
        row: Element<'a>,
        path: &str,
    ) -> Result<Vec<(u32, Edit)>, LayoutError> {
        let mut cuts = Vec::new();
        if rule.inner.is_empty() || is_verbatim(row) {
            return Ok(cuts);
        }
        let folder = &path[..path.rfind('/').map_or(0, |slash| slash + 1)];
        for inner in rule.inner {
            if let Some(section) = row.child(inner.section)
                && !is_verbatim(section)
            {
                cuts.extend(self.split(inner, section, folder)?);
            }
        }
        Ok(cuts)
    }

    /// The rows of a group with their paths; none where something in it would be lost. A comment belongs to the row behind
    /// it, or to the last.
    fn group_paths(
        &self,
        pattern: &Pattern,
        group: Element<'a>,
        without: Option<&str>,
        row: &str,
    ) -> Option<Vec<GroupRow<'a>>> {
        if let Some(name) = without {
            let value = group.attribute(name)?;
            if value != super::super::pattern::file_name(&value) || value.is_empty() {
                return None;
            }
        }
        let document = group.document();
        let mut rows: Vec<GroupRow<'a>> = Vec::new();
        let mut comments = Vec::new();
        for node in child_indices(document, group.index()) {
            let Some(element) = document.element(node) else {
                comments.push(node);
                continue;
            };
            let path = pattern.fill(element, self.managed).filter(|_| element.name() == row)?;
            let mut nodes = std::mem::take(&mut comments);
            nodes.push(node);
            rows.push(GroupRow { element, path, nodes });
        }
        let last = rows.last_mut().filter(|_| !is_verbatim(group))?;
        last.nodes.splice(last.nodes.len() - 1..last.nodes.len() - 1, comments);
        Some(rows)
    }

    fn push_element(&mut self, rule: &Rule, element: Element<'a>, path: String, edits: Vec<(u32, Edit)>) {
        let last = namespaces::inherited(element, rule.declares_xsi);
        let shape = XmlShape::Element {
            element: element.index(),
            root: RootTag { last, ..RootTag::default() },
            edits: Edits::new(edits),
        };
        self.push(shape, path, element);
    }

    fn push_wrapped(&mut self, group: Element<'a>, row: GroupRow<'a>, without: Option<&str>) {
        let root = RootTag {
            drop: without.map(str::to_owned).into_iter().collect(),
            last: namespaces::inherited(group, true),
            ..RootTag::default()
        };
        self.push(
            XmlShape::Wrapped { wrapper: group.index(), root, nodes: row.nodes },
            row.path,
            row.element,
        );
    }

    fn push_indexed(&mut self, rule: &Rule, index: &str, rows: &[(Element<'a>, String)]) {
        let Some((first, _)) = rows.first() else { return };
        let all = rows.iter().map(|(row, _)| row.index()).collect();
        self.push(XmlShape::List { name: rule.section, rows: all }, index.to_owned(), *first);
        let mut files: BTreeMap<String, (&str, Element<'a>, Vec<u32>)> = BTreeMap::new();
        for (row, path) in rows {
            let file = files.entry(folded(path)).or_insert_with(|| (path, *row, Vec::new()));
            file.2.push(row.index());
        }
        for (path, first, rows) in files.into_values() {
            self.push(XmlShape::Rows { name: rule.section, rows }, path.to_owned(), first);
        }
    }

    fn push(&mut self, shape: XmlShape, path: String, element: Element<'a>) {
        let document = element.document();
        let content = Content::Xml(XmlFile { document, line_end: self.options.line_end, shape });
        let name = element.name().to_owned();
        let source = Source::Element { entry: CUSTOMIZATIONS.0, name, offset: element.offset(), document };
        self.rows.parts.push(Part::new(path, content, source));
    }

    /// Notes where the files of a row go, and which are absent.
    fn files_of(&mut self, rule: &Rule, row: Element<'a>, path: &str) {
        let beside = strip_suffix(path, DATA_SUFFIX).unwrap_or(path);
        match rule.files {
            Files::None | Files::Folder(_) => {}
            Files::Prefixed(_) => {
                let folder = &path[..path.rfind('/').map_or(0, |slash| slash + 1)];
                if let Some(name) = value(row, "Name") {
                    self.rows.entity_folders.insert(name.to_lowercase(), folder.to_owned());
                }
            }
            Files::Beside | Files::BesideWithFolder => self.expect(beside, row),
            Files::Renamed(field) => {
                self.rows.renamed.insert(folded(path), rule.section);
                if let Some(file) = value(row, field) {
                    let file = file.trim_start_matches('/');
                    self.expect(file, row);
                    self.rows.moved.insert(folded(file), beside.to_owned());
                }
            }
            Files::Named(fields) => {
                for file in named_files(row, fields) {
                    self.expect(&file, row);
                }
            }
        }
    }

    fn expect(&mut self, file: &str, row: Element<'_>) {
        if !self.entries.0.contains(&folded(file)) {
            self.notes.push(Note::MissingFile { path: file.to_owned(), named_by: describe(row) });
        }
    }
}

/// A row of a group.
struct GroupRow<'a> {
    element: Element<'a>,
    path: String,
    /// The comments that go with it, and the row.
    nodes: Vec<u32>,
}

/// The files that these children of a row name, in their order.
pub(in crate::layout) fn named_files(row: Element<'_>, fields: &[&str]) -> Vec<String> {
    let mut files = Vec::new();
    for child in row.children().filter(|child| fields.contains(&child.name())) {
        let leaves = std::iter::once(child).chain(child.descendants());
        for leaf in leaves.filter(|leaf| leaf.children().next().is_none()) {
            let file = leaf.text();
            let file = file.trim().trim_start_matches('/');
            if !file.is_empty() {
                files.push(file.to_owned());
            }
        }
    }
    files
}

fn describe(row: Element<'_>) -> String {
    let position = row.position();
    let name = value(row, "@Name|@name|Name|UniqueName|name");
    let name = name.map_or_else(String::new, |name| format!(" {name}"));
    format!("{}{name} at {}:{}:{}", row.name(), CUSTOMIZATIONS.0, position.line, position.column)
}
