//! What a person calls a row of XML.

use super::row_key::Attributes;
use super::words;
use super::xml_tree::spelled;
use crate::model::ComponentType;
use crate::xml::Element;

/// What a person calls a row: of the manifest by what it is about, of another list by its name where its key is a GUID, and a
/// column of numbers by what they mean.
pub(super) fn label(element: Element<'_>, key: Option<&str>) -> Option<String> {
    match element.name() {
        "RootComponent" => {
            let attributes = Attributes::of(element);
            let code = attributes.get("type").and_then(|code| code.trim().parse().ok());
            let kind = code.and_then(ComponentType::from_code);
            let id = attributes.first_of(&["schemaName", "id"]).unwrap_or_default();
            let words = kind.as_ref().map_or("of a type of its own", ComponentType::words);
            Some(format!("root component {words} {}", spelled(&id).0).trim_end().to_owned())
        }
        "MissingDependency" => {
            let side = |name| element.child(name).map(|side| side_words(side)).unwrap_or_default();
            Some(format!("needed {} for {}", side("Required"), side("Dependent")))
        }
        name if key.is_some_and(crate::model::is_guid) => Some(format!("{name} {}", row_name(element)?)),
        name if key.is_none() => {
            let (label, _) = words::of(element.parent()?.name(), name, "")?;
            Some(label.to_owned())
        }
        _ => None,
    }
}

/// The name of a row whose key is a GUID.
fn row_name(element: Element<'_>) -> Option<String> {
    const NAMES: &[&str] = &["Name", "name", "LogicalName", "datafieldname", "functionName", "msdyn_name"];
    // What a person sees of a tab, a section or a view.
    const LABELS: &[&str] = &["labels", "LocalizedNames"];
    let attribute = NAMES.iter().find_map(|name| element.attribute(name));
    let name =
        attribute.or_else(|| NAMES.iter().find_map(|name| element.child_text(name))).or_else(|| {
            let list = LABELS.iter().find_map(|list| element.child(list))?;
            list.children().next()?.attribute("description")
        })?;
    let name = name.trim();
    (!name.is_empty() && !crate::model::is_guid(name.trim_matches(['{', '}']))).then(|| name.to_owned())
}

/// The same of a missing dependency with all that tells it from another one that is called alike.
pub(super) fn full_label(element: Element<'_>) -> String {
    let side = |name| {
        let Some(side) = element.child(name) else { return String::new() };
        let (mut words, attributes) = (side_words(side), Attributes::of(side));
        if let Some(id) = attributes.get("id").map(|id| spelled(&id).0)
            && !id.trim().is_empty()
            && !words.ends_with(&id)
        {
            words.push_str(&format!(" {id}"));
        }
        match attributes.first_of(&["parentSchemaName", "parentDisplayName"]) {
            Some(parent) => format!("{words} of {parent}"),
            None => words,
        }
    };
    format!("needed {} for {}", side("Required"), side("Dependent"))
}

/// One side of a missing dependency.
fn side_words(side: Element<'_>) -> String {
    let attributes = Attributes::of(side);
    let code = attributes.get("type").and_then(|code| code.trim().parse().ok());
    let kind = code.and_then(ComponentType::from_code);
    let name = attributes.first_of(&["schemaName", "displayName", "id"]);
    let words = kind.as_ref().map_or("component", ComponentType::words);
    format!("{words} {}", spelled(&name.unwrap_or_default()).0).trim_end().to_owned()
}
