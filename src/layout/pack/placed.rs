//! Where unpacking would put the rows of an archive that is being packed.
//!
//! Two files of one row, as a copy that still has the id and the name of the first, would give an archive that nobody can
//! unpack, and of which one row would be lost on import. [`Placed`] is asked while the rows are written, as they are read
//! only then.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::super::names::folded;
use super::super::pattern::{Pattern, value};
use super::super::rules::{RULES, Rule, Shape};
use super::LayoutError;
use super::folder::Folder;
use crate::xml::Element;

/// The places that are taken, each with the file of its row.
#[derive(Default)]
pub(super) struct Placed {
    files: HashMap<String, String>,
}

impl Placed {
    /// With the rows that stand in `Other/Customizations.xml` itself.
    pub(super) fn new(folder: &Folder<'_>) -> Result<Self, LayoutError> {
        let mut placed = Self::default();
        let root = folder.customizations.root();
        if root.has_text() {
            return Ok(placed);
        }
        for rule in RULES {
            let Shape::Rows(name) = rule.shape else { continue };
            // With text between its rows a section is never split.
            let Some(section) = root.child(rule.section).filter(|section| !section.has_text()) else {
                continue;
            };
            let pattern = Pattern::new(rule.path);
            for row in section.children().filter(|row| row.name() == name) {
                let row = Row { element: row, group: None, file: &folder.customizations_path };
                placed.take(rule, &pattern, "", &row)?;
            }
        }
        Ok(placed)
    }

    /// Takes the place of a row below `folder`; none where unpacking leaves the row in customizations.xml.
    pub(super) fn take(
        &mut self,
        rule: &Rule,
        pattern: &Pattern,
        folder: &str,
        row: &Row<'_>,
    ) -> Result<Option<String>, LayoutError> {
        if rule.needs.is_some_and(|needed| value(row.element, needed).is_none()) {
            return Ok(None);
        }
        // Twins are chosen before: both halves have one place here.
        let Some(path) = pattern.fill_in_group(row.element, false, row.group) else { return Ok(None) };
        let path = format!("{folder}{path}");
        match self.files.entry(folded(&path)) {
            Entry::Vacant(free) => {
                free.insert(row.file.to_owned());
                Ok(Some(path))
            }
            Entry::Occupied(taken) => {
                let (first, second) = (taken.get().clone(), row.file.to_owned());
                Err(LayoutError::OneRowTwice { path, first, second })
            }
        }
    }
}

/// A row, and where it is from.
pub(super) struct Row<'r> {
    pub(super) element: Element<'r>,
    /// What its group says, where its file does not.
    pub(super) group: Option<&'r str>,
    pub(super) file: &'r str,
}
