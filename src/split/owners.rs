//! Which unit a file of an archive belongs to: that of the row that names it, that of the row in whose folder it lies, or
//! the one whose name it begins with.
//!
//! Read [`Owners::of`] first.

use std::collections::{HashMap, HashSet};

use crate::model::{Component, ComponentKey, ComponentType, entry_path};
use crate::package::Package;
use crate::xml::Element;

/// A text that is longer names no file.
const LONGEST_NAME: usize = 1024;

/// Units by what is known of the files that are theirs. Paths compare without case.
pub(super) struct Owners {
    paths: HashSet<String>,
    /// Files that rows of the customizations name.
    named: HashMap<String, usize>,
    /// Folders of rows, `set/key/`, and files that are a row without such a folder.
    rows: HashMap<String, usize>,
    /// Folders of files that are named, `Controls/name/`; none where several units have one there.
    around: HashMap<String, Option<usize>>,
    /// Units with a file in a folder, each with the names that files of theirs begin with.
    beginnings: HashMap<String, Vec<(String, usize)>>,
    /// Files that are no unit's.
    taken: HashSet<String>,
}

impl Owners {
    pub(super) fn new(package: &Package) -> Self {
        Self {
            paths: package.entries().iter().map(|entry| entry.path.to_lowercase()).collect(),
            named: HashMap::new(),
            rows: HashMap::new(),
            around: HashMap::new(),
            beginnings: HashMap::new(),
            taken: HashSet::new(),
        }
    }

    /// Notes the files that a row names, in whichever of its elements.
    pub(super) fn named_in(&mut self, row: Element<'_>, unit: usize) {
        for element in row.descendants() {
            if element.inner_range().len() > LONGEST_NAME || element.children().next().is_some() {
                continue;
            }
            let path = entry_path(&element.text()).to_lowercase();
            if self.paths.contains(&path) && !is_structure(&path) {
                self.named.entry(path).or_insert(unit);
            }
        }
    }

    /// Notes a file that is a list of rows of many units.
    pub(super) fn take(&mut self, path: &str) {
        self.taken.insert(path.to_lowercase());
    }

    pub(super) fn is_taken(&self, path: &str) -> bool {
        self.taken.contains(&path.to_lowercase())
    }

    /// The unit of the row that a file is, or in whose folder it lies.
    pub(super) fn of_row(&self, path: &str) -> Option<usize> {
        let path = path.to_lowercase();
        self.named.get(&path).or_else(|| self.rows.get(row_folder(&path))).copied()
    }

    pub(super) fn set_row(&mut self, path: &str, unit: usize) {
        self.rows.insert(row_folder(&path.to_lowercase()).to_owned(), unit);
    }

    /// Learns from the components of the units what else can be known of files.
    pub(super) fn learn(&mut self, components: &[(usize, &Component)]) {
        let mut keys: HashMap<usize, Vec<&ComponentKey>> = HashMap::new();
        for (unit, component) in components {
            keys.entry(*unit).or_default().extend(std::iter::once(&component.key).chain(&component.aliases));
            if component.key.kind == ComponentType::TABLE {
                // `Formulas/<table>-<column>.xaml`
                let begins = format!("{}-", component.key.folded());
                self.beginnings.entry("formulas/".to_owned()).or_default().push((begins, *unit));
            }
        }
        let mut named: Vec<(&String, &usize)> = self.named.iter().collect();
        named.sort_unstable();
        for (path, unit) in named {
            let folder = row_folder(path);
            if folder != path {
                let owner = self.around.entry(folder.to_owned()).or_insert(Some(*unit));
                if *owner != Some(*unit) {
                    *owner = None;
                }
            }
            let folder = path.rfind('/').map_or("", |at| &path[..=at]);
            let begins = keys.get(unit).into_iter().flatten();
            let begins = begins.map(|key| (key.folded().to_owned(), *unit));
            self.beginnings.entry(folder.to_owned()).or_default().extend(begins);
        }
    }

    /// The unit of a file.
    pub(super) fn of(&self, path: &str) -> Option<usize> {
        let path = path.to_lowercase();
        if let Some(unit) = self.of_row(&path) {
            return Some(unit);
        }
        let folder = row_folder(&path);
        if folder != path
            && let Some(Some(unit)) = self.around.get(folder)
        {
            return Some(*unit);
        }
        let (folder, name) = path.rfind('/').map_or(("", &*path), |at| path.split_at(at + 1));
        let begin = self.beginnings.get(folder)?;
        let longest = begin.iter().filter(|(key, _)| !key.is_empty() && name.starts_with(&**key));
        longest.max_by_key(|(key, _)| key.len()).map(|(_, unit)| *unit)
    }
}

/// The first two segments of a path with more; else the path.
fn row_folder(path: &str) -> &str {
    path.match_indices('/').nth(1).map_or(path, |(at, _)| &path[..=at])
}

fn is_structure(path: &str) -> bool {
    !path.contains('/') && (path.ends_with("solution.xml") || path.ends_with("customizations.xml"))
}
