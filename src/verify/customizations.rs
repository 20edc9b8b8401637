//! Whether all that `Other/Customizations.xml` says is in the customizations.xml that is packed.
//!
//! Usually the file comes back as it was and nobody asks. It does not when it holds rows that unpack puts into files of
//! their own, or lacks a section that has files. Read [`missing`] first.

use std::collections::HashMap;

use super::trip::parsed;
use crate::layout::{LayoutError, difference};
use crate::text::Position;
use crate::xml::{Document, Element, NodeKind};

/// The first element of the folder's file that is not in what was packed: its path and place.
pub(super) fn missing(
    folder: &Document,
    packed: &Document,
) -> Result<Option<(String, Position)>, LayoutError> {
    let found = |element: Element<'_>, path: String| Ok(Some((path, element.position())));
    let root = folder.root();
    if root.name() != packed.root().name() || has_more_than_elements(root) {
        return found(root, root.name().to_owned());
    }
    let mut sections: HashMap<&str, Vec<Element<'_>>> = HashMap::new();
    for section in packed.root().children() {
        sections.entry(section.name()).or_default().push(section);
    }
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for section in root.children() {
        let path = format!("{}/{}", root.name(), section.name());
        let number = seen.entry(section.name()).or_default();
        let counterpart = sections.get(section.name()).and_then(|all| all.get(*number));
        *number += 1;
        let Some(&counterpart) = counterpart else { return found(section, path) };
        if section.children().next().is_none() || has_more_than_elements(section) {
            // An empty section may have been filled; text and comments have no counterpart to be sought.
            let is_placeholder = section.children().next().is_none() && !has_more_than_elements(section);
            if is_placeholder && tag(section) == tag(counterpart) || same(section, counterpart, None)? {
                continue;
            }
            return found(section, path);
        }
        let rows: Vec<Element<'_>> = counterpart.children().collect();
        let mut taken = vec![false; rows.len()];
        let mut next = 0;
        for row in section.children() {
            // Mostly they come in one order, so the search starts behind the last one found.
            let order = (next..rows.len()).chain(0..next);
            let mut position = None;
            for at in order.filter(|&at| rows[at].name() == row.name()) {
                if !taken[at] && same(row, rows[at], Some((section, counterpart)))? {
                    position = Some(at);
                    break;
                }
            }
            let Some(at) = position else { return found(row, format!("{path}/{}", row.name())) };
            taken[at] = true;
            next = at + 1;
        }
    }
    Ok(None)
}

/// Text, CDATA, comments or instructions are directly inside.
fn has_more_than_elements(element: Element<'_>) -> bool {
    element.has_text() || element.nodes().any(|node| !matches!(node.kind, NodeKind::Element | NodeKind::Text))
}

fn tag(element: Element<'_>) -> Vec<(&str, String)> {
    let attributes = element.attributes().map(|found| (found.name, found.value().into_owned()));
    let mut attributes: Vec<_> = attributes.collect();
    attributes.sort();
    attributes
}

/// Whether two elements say the same, each inside the start tags that stand around it.
fn same(
    left: Element<'_>,
    right: Element<'_>,
    sections: Option<(Element<'_>, Element<'_>)>,
) -> Result<bool, LayoutError> {
    let left = alone(left, sections.map(|(section, _)| section))?;
    let right = alone(right, sections.map(|(_, section)| section))?;
    Ok(difference(&left, &right).is_none())
}

/// A document of one element, its section and the root.
fn alone(element: Element<'_>, section: Option<Element<'_>>) -> Result<Document, LayoutError> {
    let document = element.document();
    let around = std::iter::once(document.root()).chain(section);
    let mut text = Vec::new();
    let mut ends = Vec::new();
    for outer in around {
        let record = &document.records()[outer.index() as usize];
        text.extend_from_slice(&document.bytes()[record.start as usize..record.tag_end as usize]);
        ends.push(format!("</{}>", outer.name()));
    }
    text.extend_from_slice(&document.bytes()[element.range()]);
    for end in ends.iter().rev() {
        text.extend_from_slice(end.as_bytes());
    }
    parsed("Other/Customizations.xml", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(folder: &str, packed: &str) -> Option<String> {
        let document = |inside: &str| {
            let text = format!("<ImportExportXml>{inside}</ImportExportXml>");
            parsed("customizations.xml", text.into_bytes()).unwrap()
        };
        let found = missing(&document(folder), &document(packed)).unwrap();
        found.map(|(path, position)| format!("{path} {}", position.column))
    }

    #[test]
    fn sections_may_be_filled_and_added() {
        let packed =
            "<Roles><Role id='1' /><Role id='2' /></Roles><Languages><Language>1033</Language></Languages>";
        assert_eq!(check("<Roles />", packed), None);
        assert_eq!(check("<Roles><Role id=\"2\"></Role></Roles>", packed), None);
        assert_eq!(check("<Roles><Role id=\"2\"/></Roles>", packed), None);
        assert_eq!(check("<Languages><Language>1033</Language></Languages>", packed), None);
    }

    #[test]
    fn what_is_not_there_is_named() {
        let packed = "<Roles a='1'><Role id='1' /></Roles>";
        for (folder, path) in [
            ("<Workflows />", "ImportExportXml/Workflows 18"),
            ("<Roles />", "ImportExportXml/Roles 18"),
            ("<Roles a='1'><Role id='2'/></Roles>", "ImportExportXml/Roles/Role 31"),
            ("<Roles a='1'><Role id='1'/><Role id='1'/></Roles>", "ImportExportXml/Roles/Role 45"),
            ("<Roles a='1'><!-- why --><Role id='1'/></Roles>", "ImportExportXml/Roles 18"),
            ("text", "ImportExportXml 1"),
        ] {
            assert_eq!(check(folder, packed).as_deref(), Some(path), "{folder}");
        }
    }
}
