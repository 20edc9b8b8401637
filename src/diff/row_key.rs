//! What tells a row of XML from the others of its list: for comparing, sorting and merging.
//!
//! Read [`key`] first.

use std::borrow::Cow;

use crate::xml::{Attribute, Element};

/// What tells a row from the others of its list, the strongest first: an identity before a name, so that another name is a
/// change.
const KEYS: &[&str] = &[
    "@WorkflowId",
    "@id",
    "@Id",
    "@ID",
    "@handlerUniqueId",
    "@schemaName",
    "@schemaname",
    "@connectionreferencelogicalname",
    "@languagecode",
    "@LCID",
    "@Name",
    "@name",
    "@uniquename",
    "@UniqueName",
    "@LogicalName",
    "@ColumnName",
    "@attributeName",
    "@entityName",
    "credentialid",
    "formid",
    "savedqueryid",
    "msdyn_aimodelid",
    "msdyn_aiconfigurationid",
    "LogicalName",
    "Name",
    "name",
    "UniqueName",
    "AddressNumber",
];

/// Rows that several attributes together tell from each other, by their name. A form has an `onchange` for each column.
const SEVERAL: &[(&str, &[&str])] = &[("event", &["name", "attribute", "control", "relationship"])];

/// Longer texts are no key.
const LONGEST_KEY: usize = 200;

/// The row of a manifest about two components.
const MISSING_DEPENDENCY: &str = "MissingDependency";
/// The row of a manifest about one.
const ROOT_COMPONENT: &str = "RootComponent";
/// Elements whose attributes say which component they are about.
const COMPONENTS: &[&str] = &[ROOT_COMPONENT, "Required", "Dependent"];

/// The attributes of an element, read once for several look-ups: each look-up in the element itself reads its tag anew.
pub(super) struct Attributes<'d>(Vec<Attribute<'d>>);

impl<'d> Attributes<'d> {
    pub(super) fn of(element: Element<'d>) -> Self {
        Self(element.attributes().collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<Cow<'d, str>> {
        self.0.iter().find(|attribute| attribute.name == name).map(Attribute::value)
    }
}

impl Attributes<'_> {
    /// The first of these attributes that says something; else the first key column of a row of a generic table.
    pub(super) fn first_of(&self, names: &[&str]) -> Option<Cow<'_, str>> {
        let columns = self.0.iter().filter(|attribute| is_key_column(attribute.name)).map(Attribute::value);
        let said = names.iter().filter_map(|name| self.get(name)).chain(columns);
        said.into_iter().find(|text| !text.trim().is_empty())
    }
}

/// What tells a row from its siblings.
pub(crate) fn key(element: Element<'_>) -> Option<String> {
    match element.name() {
        MISSING_DEPENDENCY => {
            let side = |name| element.child(name).map(side_key).unwrap_or_default();
            return Some(format!("{} for {}", side("Required"), side("Dependent")));
        }
        ROOT_COMPONENT => return Some(root_component_key(element)),
        _ => {}
    }
    let attributes = Attributes::of(element);
    if let Some((_, names)) = SEVERAL.iter().find(|(row, _)| *row == element.name()) {
        let said: Vec<String> = names.iter().filter_map(|name| short(&attributes.get(name)?)).collect();
        if !said.is_empty() {
            return Some(said.join(" "));
        }
    }
    let has_children = element.children().next().is_some();
    KEYS.iter().find_map(|key| {
        let text = match key.strip_prefix('@') {
            Some(attribute) => attributes.get(attribute)?,
            None if !has_children => return None,
            None => element.child(key).filter(|child| child.children().next().is_none())?.text(),
        };
        short(&text)
    })
}

/// A text that can be a key, GUIDs in one spelling.
fn short(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text.len() <= LONGEST_KEY).then(|| super::xml_tree::spelled(text).0)
}

/// What a missing dependency is about, whatever the version of the solution that has it.
fn side_key(side: Element<'_>) -> String {
    const IDENTITIES: &[&str] = &["type", "schemaName", "id", "parentSchemaName"];
    // Labels are copies: another one is no other component.
    const NAMES: &[&str] = &["type", "displayName", "parentSchemaName", "parentDisplayName"];
    let attributes = Attributes::of(side);
    let is_known = attributes.first_of(&["schemaName", "id"]).is_some();
    component_key(side, &attributes, if is_known { IDENTITIES } else { NAMES })
}

/// A root component is of a type, and the number of one type is no other's. Where it has a name and a GUID, the name tells it.
fn root_component_key(row: Element<'_>) -> String {
    let attributes = Attributes::of(row);
    let is_named = attributes.get("schemaName").is_some_and(|name| !name.trim().is_empty());
    let name = if is_named { "schemaName" } else { "id" };
    component_key(row, &attributes, &["type", name, "parentSchemaName"]).trim_end().to_owned()
}

/// Some attributes of an element, identities in one spelling, and the key columns of a row of a generic table.
fn component_key(element: Element<'_>, attributes: &Attributes<'_>, names: &[&str]) -> String {
    let said = |attribute: &Attribute<'_>| match is_identity(element, attribute.name) {
        true => identity(&attribute.value()),
        false => super::xml_tree::spelled(attribute.value().trim()).0,
    };
    let find = |name: &&str| attributes.0.iter().find(|attribute| attribute.name == *name);
    let mut parts: Vec<String> = names.iter().map(|name| find(name).map(said).unwrap_or_default()).collect();
    let mut columns: Vec<&Attribute<'_>> =
        attributes.0.iter().filter(|attribute| is_key_column(attribute.name)).collect();
    columns.sort_unstable_by_key(|attribute| attribute.name);
    parts.extend(columns.into_iter().map(|column| format!("{}={}", column.name, said(column))));
    parts.join(" ")
}

/// `id.connectionreferencelogicalname`: the column by which rows of a table are known.
fn is_key_column(attribute: &str) -> bool {
    attribute.starts_with("id.")
}

/// Whether an attribute says which component an element is about: GUIDs and schema names, which the platform reads without
/// regard to case, and GUIDs with braces or without.
pub(crate) fn is_identity(element: Element<'_>, attribute: &str) -> bool {
    COMPONENTS.contains(&element.name())
        && (matches!(attribute, "id" | "schemaName" | "parentSchemaName") || is_key_column(attribute))
}

/// Whether an element is a row of a manifest about one component or two.
pub(super) fn is_row_about_components(element: Element<'_>) -> bool {
    matches!(element.name(), MISSING_DEPENDENCY | ROOT_COMPONENT)
}

/// Whether an element is a row of a manifest about components, or a part of one.
pub(crate) fn is_about_components(element: Element<'_>) -> bool {
    element.name() == MISSING_DEPENDENCY || COMPONENTS.contains(&element.name())
}

/// An identity in its one spelling.
pub(crate) fn identity(value: &str) -> String {
    let value = value.trim();
    let bare = value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(value);
    bare.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{Document, Limits};

    fn key_of(row: &str) -> String {
        let document = Document::parse(row.as_bytes().to_vec(), &Limits::default()).unwrap();
        key(document.root()).unwrap_or_default()
    }

    #[test]
    fn components_are_told_without_regard_to_case_and_braces() {
        for (one, other) in [
            (
                r#"<RootComponent type="1" schemaName="fab_Machine" behavior="0"/>"#,
                r#"<RootComponent behavior="1" schemaName="FAB_machine" type="1" id="{1}"/>"#,
            ),
            (
                r#"<RootComponent type="29" id="{0C0FFEE0-0000-4000-8000-000000000001}"/>"#,
                r#"<RootComponent type="29" id="0c0ffee0-0000-4000-8000-000000000001" schemaName=""/>"#,
            ),
            (
                r#"<MissingDependency><Required key="1" type="1" schemaName="fab_X"/><Dependent type="29" id="{0C}"/></MissingDependency>"#,
                r#"<MissingDependency><Required key="2" type="1" schemaName="fab_x" solution="A (1.0)"/><Dependent type="29" id="0c"/></MissingDependency>"#,
            ),
            // Another label is none of another component.
            (
                r#"<MissingDependency><Required type="380" schemaName="fab_x" displayName="One"/><Dependent type="29" displayName="Pay" id="0c"/></MissingDependency>"#,
                r#"<MissingDependency><Required type="380" schemaName="fab_x" displayName="Two"/><Dependent type="29" displayName="Run" id="0c"/></MissingDependency>"#,
            ),
        ] {
            assert_eq!(key_of(one), key_of(other));
        }
        let row = |name: &str| {
            key_of(&format!(
                r#"<MissingDependency><Required type="61" displayName="{name}"/><Dependent type="29" id="0c"/></MissingDependency>"#
            ))
        };
        assert_ne!(row("One"), row("Two"));
    }

    #[test]
    fn key_columns_tell_rows_of_generic_tables() {
        let row = |name: &str| {
            key_of(&format!(
                r#"<MissingDependency><Required type="connectionreference" id.connectionreferencelogicalname="{name}"/><Dependent type="29" id="{{0c}}"/></MissingDependency>"#
            ))
        };
        assert_ne!(row("fab_Mail"), row("fab_Sites"));
        assert_eq!(row("fab_Mail"), row("fab_mail"));
        let root = |name: &str| key_of(&format!(r#"<RootComponent type="10001" id.schemaname="{name}"/>"#));
        assert_ne!(root("a"), root("b"));
    }

    #[test]
    fn events_are_told_by_their_column_and_models_by_their_guid() {
        assert_eq!(
            key_of(r#"<event name="onchange" application="false" attribute="fab_limit"/>"#),
            "onchange fab_limit"
        );
        assert_eq!(key_of(r#"<event name="onload" active="true"/>"#), "onload");
        let id = "0c0ffee0-0000-4000-8000-000000000001";
        assert_eq!(key_of(&format!(r#"<Handler functionName="a" handlerUniqueId="{{{id}}}"/>"#)), id);
        assert_eq!(
            key_of(&format!(
                "<AIModel><msdyn_aimodelid>{{{id}}}</msdyn_aimodelid><msdyn_name>A</msdyn_name></AIModel>"
            )),
            id
        );
    }
}
