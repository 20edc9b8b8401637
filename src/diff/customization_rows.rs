//! Rows of the customizations that are components and have no file of their own.

use crate::model::{ComponentKey, ComponentType};
use crate::xml::Element;

/// Sections whose rows are components without a file, and how their rows are called.
const SECTIONS: &[(&str, &str, ComponentType, &[&str])] = &[
    (
        "connectionreferences",
        "connectionreference",
        ComponentType::CONNECTION_REFERENCE,
        &["@connectionreferencelogicalname", "connectionreferencelogicalname"],
    ),
    ("credentials", "credential", ComponentType::CREDENTIAL, &["@credentialid", "credentialid"]),
    ("EnvironmentVariables", "Definition", ComponentType::ENVIRONMENT_VARIABLE, &["SchemaName"]),
    (
        "environmentvariabledefinitions",
        "environmentvariabledefinition",
        ComponentType::ENVIRONMENT_VARIABLE,
        &["@schemaname"],
    ),
    (
        "desktopflowbinaries",
        "desktopflowbinary",
        ComponentType::DESKTOP_FLOW_BINARY,
        &["@desktopflowbinaryid", "desktopflowbinaryid"],
    ),
];

/// The component of a row of the customizations that is in no file of its own.
pub(super) fn row_key(section: Element<'_>, row: Element<'_>) -> Option<ComponentKey> {
    let (_, _, kind, names) =
        SECTIONS.iter().find(|(set, table, ..)| *set == section.name() && *table == row.name())?;
    names.iter().find_map(|name| {
        let text = match name.strip_prefix('@') {
            Some(attribute) => row.attribute(attribute)?,
            None => row.child_text(name)?,
        };
        let text = text.trim();
        (!text.is_empty()).then(|| ComponentKey::new(kind.clone(), text))
    })
}
