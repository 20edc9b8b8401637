//! What no other reader knows: sections of customizations.xml become components by their element's name, files become
//! components by their path. Nothing in a package goes unsaid. Comes last, when all other readers have taken theirs.

use std::collections::HashSet;
use std::sync::Arc;

use super::reading::{Reading, XmlPart, entry_path};
use super::section::{is_known, is_unmodified, text};
use super::{Component, ComponentKey, ComponentType, Place, manifest, row};
use crate::xml::Element;

/// Files that are the package itself and no component of it.
const STRUCTURE: &[&str] = &["[Content_Types].xml", "solution.xml", "customizations.xml"];

pub(crate) fn read(reading: &mut Reading<'_>) {
    let part = reading.customizations.clone();
    let sections = part.document.root().children();
    for section in sections.filter(|section| !is_known(section.name()) && !row::is_set(section.name())) {
        for element in section.children() {
            reading.components.extend(identified(&part, element));
            for child in element.children() {
                let path = entry_path(&child.text());
                if reading.entry(&path).is_some() {
                    reading.take(&path);
                }
            }
        }
    }
    let package = reading.package;
    for entry in package.entries() {
        let is_structure = STRUCTURE.iter().any(|name| name.eq_ignore_ascii_case(&entry.path));
        if is_structure || reading.is_taken(&entry.path) {
            continue;
        }
        let file: Arc<str> = package.place_of(&entry.path).into();
        let key = ComponentKey::new(ComponentType::FILE, &entry.path);
        reading.components.push(Component::new(key, entry.path.as_str(), Place::whole(&file)));
    }
}

/// A component of an element of which nothing is known, if it has something that looks like a key: its own id, else a
/// name that is unique, else any name; attributes before children, names compared without case.
pub(super) fn identified(part: &XmlPart, element: Element<'_>) -> Option<Component> {
    let own_id = format!("{}id", element.name());
    let value = |wanted: &str| {
        let attribute = element.attributes().find(|found| found.name.eq_ignore_ascii_case(wanted));
        let value = attribute.map(|found| found.value().trim().to_owned()).or_else(|| {
            text(element, element.children().find(|found| found.name().eq_ignore_ascii_case(wanted))?.name())
        });
        value.filter(|value| !value.is_empty())
    };
    let key = [&*own_id, "id", "uniquename", "schemaname", "name"].into_iter().find_map(value)?;
    let name =
        value("displayname").or_else(|| value("name")).unwrap_or_else(|| manifest::localized_name(element));
    let kind = ComponentType::named(element.name());
    let mut component = Component::new(ComponentKey::new(kind, &key), name, part.place(element));
    component.unmodified = is_unmodified(element);
    Some(component)
}

impl Reading<'_> {
    /// Takes every entry of these folders, which end with `/`; names compare without case. Only the first two segments
    /// of a path count, so that the number of folders does not matter.
    pub(crate) fn take_folders(&mut self, folders: impl IntoIterator<Item = String>) {
        let folders: HashSet<String> = folders.into_iter().map(|folder| folder.to_lowercase()).collect();
        if folders.is_empty() {
            return;
        }
        let package = self.package;
        for entry in package.entries() {
            let mut slashes = entry.path.match_indices('/').map(|(at, _)| at + 1);
            let (_, Some(second)) = (slashes.next(), slashes.next()) else { continue };
            if folders.contains(&entry.path[..second].to_lowercase()) {
                self.take(&entry.path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::testing::customizations;

    #[test]
    fn unknown_sections_and_files() {
        let solution = customizations(
            r#"<Languages><Language>1033</Language></Languages>
<StoredProcedures><procedure name="fab_clean"><file>/StoredProcedures/fab_clean.sql</file></procedure><procedure /></StoredProcedures>
<ConvertRules><ConvertRule><ConvertRuleId>{0c0ffee0-0000-4000-8000-000000000001}</ConvertRuleId><Name>Mail to case</Name></ConvertRule></ConvertRules>"#,
            &[
                ("[Content_Types].xml", "<Types />"),
                ("StoredProcedures/fab_clean.sql", ""),
                ("Read Me.txt", ""),
            ],
        );
        let facts: Vec<_> = solution
            .components
            .iter()
            .map(|found| (found.key.kind.as_str(), &*found.key.key, &*found.name, found.place.to_string()))
            .collect();
        let at = |place: &str| format!("test.zip:{place}");
        assert_eq!(
            facts,
            [
                ("procedure", "fab_clean", "fab_clean", at("customizations.xml:3:19")),
                (
                    "convertrule",
                    "0c0ffee0-0000-4000-8000-000000000001",
                    "Mail to case",
                    at("customizations.xml:4:15")
                ),
                ("file", "Read Me.txt", "Read Me.txt", at("Read Me.txt")),
            ]
        );
    }
}
