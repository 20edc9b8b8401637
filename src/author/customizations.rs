//! Sections of `Other/Customizations.xml` whose rows are kept inline: connection references, credentials (`FORMATS.md` §5.5).
//!
//! Read [`insert_row`] first.

use super::files::CUSTOMIZATIONS;
use super::text::{Markup, WithoutRows, XmlText};
use super::{AuthorError, Editor};
use crate::xml::{Document, Element};

/// The sections behind which the inline rows of tables stand, and those in front of which they do.
const AFTER: [&str; 2] = ["Languages", "StoredProcedures"];

/// A section of rows, and how its rows are told apart.
pub(super) struct Section {
    /// Name of the section.
    pub(super) set: &'static str,
    /// Name of a row.
    pub(super) table: &'static str,
    /// The attribute that holds the row's key.
    pub(super) key: &'static str,
}

impl Section {
    /// The row of that key; names compare without case.
    pub(super) fn row<'d>(&self, document: &'d Document, key: &str) -> Option<(Element<'d>, Element<'d>)> {
        let sections = document.root().children().filter(|element| element.name() == self.set);
        let mut rows = sections.flat_map(|section| section.children().map(move |row| (section, row)));
        rows.find(|(_, row)| {
            row.name() == self.table && row.attribute(self.key).is_some_and(|found| same(&found, key))
        })
    }
}

/// GUIDs with and without braces are one.
fn same(one: &str, other: &str) -> bool {
    let bare = |text: &str| text.trim().trim_start_matches('{').trim_end_matches('}').to_lowercase();
    bare(one) == bare(other)
}

/// Puts a row into its section, sorted by key where the rows that are there are; the section is made where it is not.
pub(super) fn insert_row(
    editor: &mut Editor,
    section: &Section,
    key: &str,
    row: &Markup,
) -> Result<(), AuthorError> {
    let document = editor.files.xml(CUSTOMIZATIONS)?;
    let mut text = XmlText::new(&document);
    let root = document.root();
    match root.children().find(|element| element.name() == section.set) {
        Some(found) if found.inner_range().is_empty() || found.is_empty_tag() => {
            text.insert_first(found, row);
        }
        Some(found) => {
            let key_of = |row: Element<'_>| row.attribute(section.key).unwrap_or_default().to_lowercase();
            let keys: Vec<String> = found.children().map(key_of).collect();
            let before = if keys.is_sorted() {
                found.children().find(|row| key_of(*row) > key.to_lowercase())
            } else {
                None
            };
            text.insert(found, before, row);
        }
        None => {
            // Rows of tables come behind all other sections but two, in the order of their names.
            let is_behind = |name: &str| AFTER.contains(&name) || (is_inline(name) && name > section.set);
            let children: Vec<Element<'_>> = root.children().collect();
            let at =
                children.iter().rposition(|element| !is_behind(element.name())).map_or(0, |last| last + 1);
            let before = children.get(at).copied();
            text.insert(root, before, &Markup::of(section.set, vec![row.clone()]));
        }
    }
    editor.put(CUSTOMIZATIONS, text.finish());
    Ok(())
}

/// Sections of rows alone are lower case, but for `optionsets`, which stands further in front.
fn is_inline(section: &str) -> bool {
    section.starts_with(|first: char| first.is_ascii_lowercase()) && section != "optionsets"
}

/// Takes a row out; without rows the section goes, as no export writes it empty.
pub(super) fn remove_row(editor: &mut Editor, section: &Section, key: &str) -> Result<bool, AuthorError> {
    let document = editor.files.xml(CUSTOMIZATIONS)?;
    let Some((found, row)) = section.row(&document, key) else { return Ok(false) };
    let mut text = XmlText::new(&document);
    text.remove_row(found, row, WithoutRows::Gone);
    editor.put(CUSTOMIZATIONS, text.finish());
    Ok(true)
}
