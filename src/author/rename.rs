//! Other names for components, and for what the solution says of them.
//!
//! Read [`rename`] first. What still names the old one afterwards is found by reading the solution again; nothing is written
//! then.

use super::connection_reference::SECTION as REFERENCES;
use super::customizations::{insert_row, remove_row};
use super::files::{CUSTOMIZATIONS, MANIFEST};
use super::flow::{find, json_path, row_path, same_named};
use super::names::{check_filled, check_name};
use super::text::{Markup, XmlText};
use super::variable::definition_path;
use super::{Action, AuthorError, CredentialChange, Editor, Step, mentions, set_credential, variable_value};
use crate::json::Document as Json;
use crate::model::{Component, ComponentKey, ComponentType, Details};
use crate::xml::Element;

/// Which kind of component gets another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renamed {
    /// An environment variable, by schema name.
    Variable,
    /// A connection reference, by logical name.
    ConnectionReference,
    /// A credential, by display name.
    Credential,
    /// A flow, by display name.
    Flow,
}

/// On the platform such a name is what tells components apart.
const NEW_COMPONENT: &str = "an environment that has the old one sees a new component: an upgrade deletes the old one with its value or connection";

/// Gives a component another name, and everything in the solution that names it.
///
/// # Errors
/// When it is not there, the name is taken or none, or something that is not edited would still name the old one.
pub fn rename(editor: &mut Editor, what: Renamed, old: &str, new: &str) -> Result<Step, AuthorError> {
    let (step, component) = match what {
        Renamed::Credential => {
            let change = CredentialChange { name: Some(new.to_owned()), ..CredentialChange::default() };
            let step = set_credential(editor, old, &change)?;
            let action = match step.action {
                Action::Unchanged => Action::Unchanged,
                _ => Action::Renamed { from: old.to_owned() },
            };
            return Ok(Step { action, component: format!("credential \"{new}\""), ..step });
        }
        Renamed::Flow => return rename_flow(editor, old, new),
        Renamed::Variable => rename_variable(editor, old, new)?,
        Renamed::ConnectionReference => rename_reference(editor, old, new)?,
    };
    if step.action == Action::Unchanged {
        return Ok(step);
    }
    let key = &component.key;
    let after = editor.solution()?;
    let users = after.components.iter().filter(|other| other.uses.iter().any(|used| used.is_to(key)));
    let users: Vec<String> = users.map(|component| component.described()).collect();
    if !users.is_empty() {
        return Err(AuthorError::StillNamed { name: key.key.to_string(), users });
    }
    let still = mentions::rename(editor, &component, new)?;
    Ok(step.note(NEW_COMPONENT).notes(still))
}

/// The name is one, and free.
fn check_new(
    editor: &mut Editor,
    kind: &ComponentType,
    what: &'static str,
    (old, new): (&str, &str),
    most: usize,
) -> Result<(), AuthorError> {
    let solution = editor.solution()?;
    check_name(what, new, &solution.manifest.publisher.prefix, most)?;
    let key = ComponentKey::new(kind.clone(), new);
    // Files whose names differ in letter case only are one file on some systems, and two on others.
    if new != old && new.eq_ignore_ascii_case(old) {
        return Err(AuthorError::NotPossible {
            message: format!("{new} is {old} in other letters, which names the same component"),
            hint: "to have the letters changed: rename it to another name first, then to this one".to_owned(),
        });
    }
    if new != old
        && let Some(there) = solution.components.iter().find(|component| component.key == key)
    {
        return Err(AuthorError::NotPossible {
            message: format!("{} is there already", there.described()),
            hint: "choose another name".to_owned(),
        });
    }
    Ok(())
}

fn rename_variable(editor: &mut Editor, old: &str, new: &str) -> Result<(Step, Component), AuthorError> {
    let kind = ComponentType::ENVIRONMENT_VARIABLE;
    let component = editor.named(kind.clone(), "variable", old)?;
    let old = component.key.key.to_string();
    check_new(editor, &kind, "variable", (&old, new), 100)?;
    let Some(path) = editor.files.spelled(&definition_path(&old)) else {
        return Err(AuthorError::OldForm { component: component.described() });
    };
    if old == new {
        return Ok((Step::new(Action::Unchanged, component.described()), component));
    }
    let document = editor.files.xml(&path)?;
    let mut text = XmlText::new(&document);
    text.set_attribute(document.root(), "schemaname", new);
    let definition = text.finish();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let inside = format!("{}/", folder.to_lowercase());
    let files: Vec<String> =
        editor.files.paths().into_iter().filter(|path| path.to_lowercase().starts_with(&inside)).collect();
    let mut moved = Vec::new();
    for file in files {
        let bytes =
            if file == path { definition.clone() } else { editor.files.read(&file)?.unwrap_or_default() };
        let name = &file[folder.len()..];
        moved.push((format!("environmentvariabledefinitions/{new}{name}"), bytes));
        editor.remove_file(&file);
    }
    for (path, bytes) in moved {
        editor.put_as(&path, bytes);
    }
    if let Some(bytes) = editor.files.read(&variable_value::path(new))? {
        let renamed =
            renamed_strings(bytes, &|pointer| pointer.to_lowercase().ends_with("schemaname"), &old, new);
        if let Some(bytes) = renamed {
            editor.put(&variable_value::path(new), bytes);
        }
    }
    lookups(editor, "schemaname", &old, new)?;
    needs(editor, "schemaname", &old, new)?;
    in_flows(editor, &|pointer| pointer.ends_with("/metadata/schemaName"), &old, new)?;
    let step = Step::new(Action::Renamed { from: old.clone() }, format!("variable {new}"));
    Ok((step, component))
}

fn rename_reference(editor: &mut Editor, old: &str, new: &str) -> Result<(Step, Component), AuthorError> {
    let kind = ComponentType::CONNECTION_REFERENCE;
    let component = editor.named(kind.clone(), "connection reference", old)?;
    let old = component.key.key.to_string();
    check_new(editor, &kind, "connection reference", (&old, new), 200)?;
    if old == new {
        return Ok((Step::new(Action::Unchanged, component.described()), component));
    }
    let document = editor.files.xml(CUSTOMIZATIONS)?;
    let Some((section, row)) = REFERENCES.row(&document, &old) else {
        return Err(AuthorError::UnknownForm { place: editor.files.place_of(CUSTOMIZATIONS) });
    };
    let mut text = XmlText::new(&document);
    text.set_attribute(row, REFERENCES.key, new);
    let is_alone = section.children().count() == 1;
    let renamed = text.finish();
    editor.put(CUSTOMIZATIONS, renamed);
    if !is_alone {
        // Rows are sorted by name.
        let document = editor.files.xml(CUSTOMIZATIONS)?;
        if let Some((_, row)) = REFERENCES.row(&document, new) {
            let row = String::from_utf8_lossy(&document.bytes()[row.range()]).into_owned();
            remove_row(editor, &REFERENCES, new)?;
            insert_row(editor, &REFERENCES, new, &Markup::copied(&row))?;
        }
    }
    lookups(editor, "connectionreferencelogicalname", &old, new)?;
    needs(editor, "connectionreferencelogicalname", &old, new)?;
    let is_name = |pointer: &str| pointer.ends_with("/connectionReferenceLogicalName");
    in_flows(editor, &is_name, &old, new)?;
    let step = Step::new(Action::Renamed { from: old.clone() }, format!("connection reference {new}"));
    Ok((step, component))
}

/// Lookups in rows: an element of the target's key column with the name in it.
fn lookups(editor: &mut Editor, column: &str, old: &str, new: &str) -> Result<(), AuthorError> {
    let is_row_file = |path: &str| {
        let path = path.to_lowercase();
        path.starts_with("environmentvariabledefinitions/") || path.starts_with("credentials/")
    };
    let paths = editor.files.paths();
    let paths = paths.into_iter().filter(|path| path.ends_with(".xml") && is_row_file(path));
    for path in paths.chain([CUSTOMIZATIONS.to_owned()]) {
        let document = editor.files.xml(&path)?;
        let mut text = XmlText::new(&document);
        let mut is_changed = false;
        for element in document.root().descendants() {
            let is_lookup = element.name() == column && element.children().next().is_none();
            if is_lookup && element.text().trim().eq_ignore_ascii_case(old) {
                text.set_text(element, new);
                is_changed = true;
            }
        }
        if is_changed {
            editor.put(&path, text.finish());
        }
    }
    Ok(())
}

/// What the manifest says of missing dependencies of the component: `schemaName`, `id.schemaname`.
fn needs(editor: &mut Editor, column: &str, old: &str, new: &str) -> Result<(), AuthorError> {
    let document = editor.files.xml(MANIFEST)?;
    let mut text = XmlText::new(&document);
    let mut is_changed = false;
    let rows = document.root().descendants();
    for row in rows.filter(|row| matches!(row.name(), "Dependent" | "RootComponent")) {
        let is_it = |name: &str| {
            let name = name.to_lowercase();
            name == column || name == format!("id.{column}")
        };
        let names: Vec<&str> = row
            .attributes()
            .filter(|a| is_it(a.name) && a.value().eq_ignore_ascii_case(old))
            .map(|a| a.name)
            .collect();
        for name in names {
            is_changed |= text.set_attribute(row, name, new);
        }
    }
    if is_changed {
        editor.put(MANIFEST, text.finish());
    }
    Ok(())
}

/// The JSON of cloud flows, and the JSON in the columns of desktop flows.
fn in_flows(
    editor: &mut Editor,
    is_name: &dyn Fn(&str) -> bool,
    old: &str,
    new: &str,
) -> Result<(), AuthorError> {
    for path in editor.files.paths() {
        let lower = path.to_lowercase();
        if !lower.starts_with("workflows/") {
            continue;
        }
        if lower.ends_with(".json") {
            let bytes = editor.files.read(&path)?.unwrap_or_default();
            if let Some(bytes) = renamed_strings(bytes, is_name, old, new) {
                editor.put(&path, bytes);
            }
        } else if lower.ends_with(".json.data.xml") {
            let document = editor.files.xml(&path)?;
            let mut text = XmlText::new(&document);
            let mut is_changed = false;
            for column in document.root().children().filter(|column| has_json(*column)) {
                let content = column.text().into_owned().into_bytes();
                if let Some(bytes) = renamed_strings(content, is_name, old, new) {
                    text.set_text(column, &String::from_utf8_lossy(&bytes));
                    is_changed = true;
                }
            }
            if is_changed {
                editor.put(&path, text.finish());
            }
        }
    }
    Ok(())
}

fn has_json(column: Element<'_>) -> bool {
    matches!(column.name(), "ConnectionReferences" | "Dependencies" | "Metadata")
}

/// The text with the strings at such pointers renamed; none where there are none. Nothing else changes.
fn renamed_strings(bytes: Vec<u8>, is_name: &dyn Fn(&str) -> bool, old: &str, new: &str) -> Option<Vec<u8>> {
    let document = Json::parse(bytes).ok()?;
    let mut open = vec![(String::new(), document.value())];
    let mut ranges = Vec::new();
    while let Some((pointer, value)) = open.pop() {
        let inside = |token: &str| {
            let mut pointer = pointer.clone();
            crate::json::push_pointer(&mut pointer, token);
            pointer
        };
        match value {
            serde_json::Value::Object(members) => {
                open.extend(members.iter().map(|(name, value)| (inside(name), value)))
            }
            serde_json::Value::Array(values) => {
                open.extend(values.iter().enumerate().map(|(at, value)| (inside(&at.to_string()), value)));
            }
            serde_json::Value::String(text) if text.eq_ignore_ascii_case(old) && is_name(&pointer) => {
                ranges.extend(document.range(&pointer));
            }
            _ => {}
        }
    }
    if ranges.is_empty() {
        return None;
    }
    ranges.sort_by_key(|range| std::cmp::Reverse(range.start));
    let mut bytes = document.bytes().to_vec();
    for range in ranges {
        bytes.splice(range, serde_json::Value::from(new).to_string().into_bytes());
    }
    Some(bytes)
}

fn rename_flow(editor: &mut Editor, old: &str, new: &str) -> Result<Step, AuthorError> {
    check_filled("name", new, 100)?;
    let solution = editor.solution()?;
    let flow = find(&solution, &editor.files, old)?;
    debug_assert!(matches!(flow.details, Details::CloudFlow(_) | Details::DesktopFlow(_)));
    let unknown = |path: &str| AuthorError::UnknownForm { place: editor.files.place_of(path) };
    let id = flow.key.key.to_string();
    let path = row_path(&editor.files, &id)?.ok_or_else(|| unknown(CUSTOMIZATIONS))?;
    let document = editor.files.xml(&path)?;
    let row = document.root();
    let before = row.attribute("Name").map(std::borrow::Cow::into_owned).unwrap_or_default();
    if before == new {
        return Ok(Step::new(Action::Unchanged, flow.described()));
    }
    let json = json_path(row).ok_or_else(|| unknown(&path))?;
    let json = editor.files.spelled(&json).ok_or_else(|| unknown(&path))?;
    // In other letters it would be the same file on some systems, and another one on others: it keeps its name.
    let renamed = json_name(&json, new);
    let renamed = if renamed.eq_ignore_ascii_case(&json) { json.clone() } else { renamed };
    let mut text = XmlText::new(&document);
    text.set_attribute(row, "Name", new);
    let names =
        row.children().filter(|column| column.name() == "LocalizedNames").flat_map(|names| names.children());
    for name in names.filter(|name| name.attribute("description").as_deref() == Some(&*before)) {
        text.set_attribute(name, "description", new);
    }
    if renamed != json {
        for other in [&renamed, &format!("{renamed}.data.xml")] {
            let is_own =
                |there: &String| there.eq_ignore_ascii_case(&json) || there.eq_ignore_ascii_case(&path);
            if editor.files.spelled(other).is_some_and(|there| !is_own(&there)) {
                return Err(AuthorError::InTheWay { place: editor.files.place_of(other) });
            }
        }
        if let Some(column) = row.child("JsonFileName") {
            text.set_text(column, &format!("/{renamed}"));
        }
    }
    let bytes = text.finish();
    let same = same_named(&solution, &flow, new);
    if renamed == json {
        editor.put(&path, bytes);
    } else {
        let definition = editor.files.read(&json)?.unwrap_or_default();
        editor.remove_file(&json);
        editor.remove_file(&path);
        editor.put_as(&renamed, definition);
        editor.put_as(&format!("{renamed}.data.xml"), bytes);
    }
    let kind = flow.kind_words();
    Ok(Step::new(Action::Renamed { from: before }, format!("{kind} \"{new}\"")).notes(same))
}

/// The file of a flow of that name as exports call it: ASCII letters, digits, `-` and `_` of the name, at most 50 of them,
/// and the id as it was spelled.
fn json_name(path: &str, name: &str) -> String {
    const MOST: usize = 50;
    const ID: usize = 36 + ".json".len();
    let is_kept = |character: &char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    let kept: String = name.chars().filter(is_kept).take(MOST).collect();
    match path.len().checked_sub(ID).and_then(|at| path.get(at..)) {
        Some(id) if path.to_lowercase().ends_with(".json") => format!("Workflows/{kept}-{id}"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_flows_are_called_as_in_exports() {
        const ID: &str = "0C0FFEE0-0000-4000-8000-000000000001.json";
        let called = |name: &str| json_name(&format!("Workflows/Old-{ID}"), name);
        assert_eq!(called("Admin | Tell é (now)_1-2"), format!("Workflows/AdminTellnow_1-2-{ID}"));
        // Seen in a real export.
        assert_eq!(
            called("Admin | Find and disable flows that leverage certain connectors"),
            format!("Workflows/AdminFindanddisableflowsthatleveragecertainconnect-{ID}")
        );
    }

    #[test]
    fn only_the_strings_that_name_it_change() {
        let text = r#"{ "a": {"metadata": {"schemaName" :"fab_Old"}}, "b": "fab_Old", "c": ["x", {"metadata": {"schemaName": "FAB_old"}}] }"#;
        let renamed = renamed_strings(
            text.as_bytes().to_vec(),
            &|pointer| pointer.ends_with("/metadata/schemaName"),
            "fab_Old",
            "fab_New",
        );
        let expected = r#"{ "a": {"metadata": {"schemaName" :"fab_New"}}, "b": "fab_Old", "c": ["x", {"metadata": {"schemaName": "fab_New"}}] }"#;
        assert_eq!(renamed.as_deref(), Some(expected.as_bytes()));
        assert_eq!(renamed_strings(b"{}".to_vec(), &|_| true, "a", "b"), None);
    }
}
