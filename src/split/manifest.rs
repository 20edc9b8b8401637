//! The manifest of a part or of what parts make together: the original's, with other names and other rows.
//!
//! Read [`Manifest::write`] first.

use super::content::Content;
use super::rows::{Row, Rows};
use crate::author::{Markup, XmlText};
use crate::xml::Element;

/// What a manifest says that the original's does not.
pub(super) struct Manifest<'m> {
    /// The solution whose manifest it is made from.
    pub(super) base: &'m Content,
    pub(super) unique_name: &'m str,
    /// The display name in one language, from that of the original.
    pub(super) display: &'m dyn Fn(&str) -> String,
    pub(super) version: &'m str,
    /// Rows of `<RootComponents>`.
    pub(super) roots: Vec<Row>,
    /// Rows of `<MissingDependencies>`.
    pub(super) missing: Vec<Row>,
}

/// The rows of a section of the manifest.
pub(super) fn rows(content: &Content, section: &str, row: &str) -> Vec<Row> {
    let found = section_of(content, section).map(|element| Rows::of(&content.manifest, element));
    found.into_iter().flat_map(|rows| rows.rows).filter(|found| found.name == row).collect()
}

fn section_of<'c>(content: &'c Content, section: &str) -> Option<Element<'c>> {
    content.manifest.root().child("SolutionManifest")?.child(section)
}

impl Manifest<'_> {
    /// The bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        let document = &self.base.manifest;
        let mut text = XmlText::new(document);
        if let Some(manifest) = document.root().child("SolutionManifest") {
            for (name, value) in [("UniqueName", self.unique_name), ("Version", self.version)] {
                if let Some(element) = manifest.child(name).filter(|element| element.text().trim() != value) {
                    text.set_text(element, value);
                }
            }
            for name in manifest.child("LocalizedNames").into_iter().flat_map(|names| names.children()) {
                let old = name.attribute("description").unwrap_or_default();
                let new = (self.display)(&old);
                if new != old {
                    text.set_attribute(name, "description", &new);
                }
            }
            for (name, rows) in [("RootComponents", &self.roots), ("MissingDependencies", &self.missing)] {
                let Some(element) = manifest.child(name) else { continue };
                let section = Rows::of(document, element);
                let rows: Vec<&Row> = rows.iter().collect();
                let mut written = Vec::new();
                section.write(&rows, &mut written);
                text.replace(element.range(), String::from_utf8_lossy(&written).into_owned());
            }
        }
        text.finish()
    }
}

/// The blanks in front of a row of this section.
pub(super) fn lead(content: &Content, section: &str) -> String {
    let new_line = XmlText::new(&content.manifest).new_line();
    let rows = section_of(content, section).map(|element| Rows::of(&content.manifest, element));
    let lead = rows.as_ref().and_then(|rows| rows.rows.first()).map(|row| row.lead().to_vec());
    match lead.and_then(|lead| String::from_utf8(lead).ok()) {
        Some(lead) if lead.trim().is_empty() && lead.contains('\n') => lead,
        // Exports indent by two blanks, and the section stands in the manifest, which stands in the root.
        _ => format!("{new_line}      "),
    }
}

/// A new row behind those blanks.
pub(super) fn new_row(content: &Content, lead: &str, row: &Markup) -> Row {
    let indent = lead.rsplit('\n').next().unwrap_or_default();
    let text = row.lines(XmlText::new(&content.manifest).new_line(), indent);
    Row::new(text.into_bytes(), lead.as_bytes())
}
