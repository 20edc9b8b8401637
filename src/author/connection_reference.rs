//! Connection references: rows of a section of customizations.xml (`FORMATS.md` §4).
//!
//! Read [`NewConnectionReference`] first.

use super::customizations::{Section, insert_row, remove_row};
use super::files::CUSTOMIZATIONS;
use super::names::{check_filled, check_name, is_same_text, proposed_name};
use super::text::{Markup, XmlText};
use super::variable::set_column;
use super::{Action, AuthorError, Difference, Editor, Step, mentions};
use crate::model::{ComponentKey, ComponentType, Details, custom_api};

/// What messages call it.
const WHAT: &str = "connection reference";
/// Longest logical name and display name.
const NAME_LENGTH: usize = 200;
/// Longest description.
const DESCRIPTION_LENGTH: usize = 2000;
/// In front of the name of a connector in its id.
const API: &str = "/providers/Microsoft.PowerApps/apis/";

pub(super) const SECTION: Section = Section {
    set: "connectionreferences",
    table: "connectionreference",
    key: "connectionreferencelogicalname",
};

/// A connection reference that is wanted.
#[derive(Debug, Clone, Default)]
pub struct NewConnectionReference {
    /// Logical name; without it one is made of the display name.
    pub name: Option<String>,
    /// The connector: `shared_sharepointonline`, or its whole id.
    pub connector: String,
    /// Display name; the logical name where there is none.
    pub display: Option<String>,
    /// Description.
    pub description: Option<String>,
}

/// What is to change in a connection reference; its connector and name stay.
#[derive(Debug, Clone, Default)]
pub struct ConnectionReferenceChange {
    /// Display name.
    pub display: Option<String>,
    /// Description; the inner none takes it away.
    pub description: Option<Option<String>>,
}

/// Adds a connection reference. One that is there as asked for is left alone; only what was asked for is compared.
///
/// # Errors
/// When a text is not one that its column takes, or the reference is there and differs.
pub fn add_connection_reference(
    editor: &mut Editor,
    wanted: &NewConnectionReference,
) -> Result<Step, AuthorError> {
    let solution = editor.solution()?;
    let prefix = &solution.manifest.publisher.prefix;
    let name = match (&wanted.name, &wanted.display) {
        (Some(name), _) => name.clone(),
        (None, Some(display)) => proposed_name(prefix, display),
        (None, None) => return Err(AuthorError::NoName),
    };
    let connector = connector_id(&wanted.connector)?;
    check_texts(wanted.display.as_deref(), wanted.description.as_deref())?;
    let key = ComponentKey::new(ComponentType::CONNECTION_REFERENCE, &name);
    if let Some(there) = solution.components.iter().find(|component| component.key == key) {
        if *there.key.key != name {
            let there = there.key.key.to_string();
            return Err(AuthorError::OtherCase { what: WHAT, asked: name, there });
        }
        return compare(editor, &name, wanted, &connector);
    }
    check_name(WHAT, &name, prefix, NAME_LENGTH)?;
    let document = editor.files.xml(CUSTOMIZATIONS)?;
    let rows = || document.root().children().filter(|section| section.name() == SECTION.set);
    let prompts = |row: crate::xml::Element<'_>| row.child("promptingbehavior").is_some();
    // Exports of older environments have no such column; the newest have it in every row.
    let has_prompting = rows().flat_map(|section| section.children()).all(prompts)
        || rows().flat_map(|section| section.children()).any(prompts);
    let display = wanted.display.as_deref().unwrap_or(&name);
    let mut columns = vec![
        Markup::text("connectionreferencedisplayname", display),
        Markup::text("connectorid", &*connector),
    ];
    if let Some(id) = custom_connector(&solution, &connector) {
        columns.push(Markup::of("customconnectorid", vec![Markup::text("connectorid", id)]));
    }
    if let Some(description) = &wanted.description {
        columns.push(Markup::text("description", description));
    }
    columns.push(Markup::text("iscustomizable", "1"));
    if has_prompting {
        columns.push(Markup::text("promptingbehavior", "0"));
    }
    columns.push(Markup::text("statecode", "0"));
    columns.push(Markup::text("statuscode", "1"));
    let row = Markup::of(SECTION.table, columns).with(SECTION.key, &name);
    insert_row(editor, &SECTION, &name, &row)?;
    Ok(Step::new(Action::Added, format!("{WHAT} {name}")))
}

/// The id of a connector by its id or name.
pub(super) fn connector_id(text: &str) -> Result<String, AuthorError> {
    let name = text.strip_prefix(API).unwrap_or(text);
    let is_name = name.strip_prefix("shared_").is_some_and(|own| {
        !own.is_empty()
            && own.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    });
    if is_name {
        return Ok(format!("{API}{name}"));
    }
    let bare: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let instead = (!bare.is_empty() && !name.contains('/')).then(|| format!("shared_{bare}"));
    Err(AuthorError::Name {
        what: "connector",
        name: text.to_owned(),
        fault: format!("not the name of a connector, which starts with shared_, nor its id, {API}shared_…"),
        instead,
    })
}

/// The id of the custom connector of the solution behind an API.
fn custom_connector(solution: &crate::model::Solution, connector: &str) -> Option<String> {
    let api = custom_api(connector)?;
    let connectors =
        solution.components.iter().filter(|component| component.key.kind == ComponentType::CONNECTOR);
    let found = connectors.into_iter().find(|component| component.aliases.contains(&api))?;
    found.key.is_guid().then(|| found.key.key.to_lowercase())
}

fn check_texts(display: Option<&str>, description: Option<&str>) -> Result<(), AuthorError> {
    if let Some(display) = display {
        check_filled("display name", display, NAME_LENGTH)?;
    }
    if let Some(description) = description {
        check_filled("description", description, DESCRIPTION_LENGTH)?;
    }
    Ok(())
}

fn compare(
    editor: &Editor,
    name: &str,
    wanted: &NewConnectionReference,
    connector: &str,
) -> Result<Step, AuthorError> {
    let document = editor.files.xml(CUSTOMIZATIONS)?;
    let component = format!("{WHAT} {name}");
    let Some((_, row)) = SECTION.row(&document, name) else {
        return Err(AuthorError::UnknownForm { place: editor.files.place_of(CUSTOMIZATIONS) });
    };
    let text = |column: &str| row.child_text(column).map(|text| text.trim().to_owned());
    let mut differences = Vec::new();
    let there = text("connectorid").unwrap_or_default();
    if !there.eq_ignore_ascii_case(connector) {
        let last = |id: &str| id.rsplit('/').next().unwrap_or_default().to_owned();
        differences.push(Difference {
            fact: "connector",
            there: Some(last(&there)),
            asked: Some(last(connector)),
        });
    }
    let others = [
        ("display name", "connectionreferencedisplayname", &wanted.display),
        ("description", "description", &wanted.description),
    ];
    for (fact, column, asked) in others {
        if asked.as_deref().is_some_and(|asked| !is_same_text(text(column).as_deref(), asked)) {
            differences.push(Difference { fact, there: None, asked: None });
        }
    }
    if differences.is_empty() {
        return Ok(Step::new(Action::Unchanged, component));
    }
    let hint = if differences[0].fact == "connector" {
        "a reference keeps its connector: choose another name, or remove this one first".to_owned()
    } else {
        format!("solship set connection-reference {name}{} changes it", editor.option())
    };
    Err(AuthorError::Differs { component, differences, hint })
}

/// Changes a connection reference that is there.
///
/// # Errors
/// When it is not there, or a text is not one that its column takes.
pub fn set_connection_reference(
    editor: &mut Editor,
    name: &str,
    change: &ConnectionReferenceChange,
) -> Result<Step, AuthorError> {
    let component = editor.named(ComponentType::CONNECTION_REFERENCE, WHAT, name)?;
    check_texts(change.display.as_deref(), change.description.as_ref().and_then(Option::as_deref))?;
    let document = editor.files.xml(CUSTOMIZATIONS)?;
    let Some((_, row)) = SECTION.row(&document, &component.key.key) else {
        return Err(AuthorError::UnknownForm { place: editor.files.place_of(CUSTOMIZATIONS) });
    };
    let mut text = XmlText::new(&document);
    if let Some(display) = &change.display {
        let column = "connectionreferencedisplayname";
        set_column(&mut text, row, column, Some(Markup::text(column, display)));
    }
    if let Some(description) = &change.description {
        let markup = description.as_ref().map(|text| Markup::text("description", text));
        set_column(&mut text, row, "description", markup);
    }
    editor.put(CUSTOMIZATIONS, text.finish());
    editor.changed(component.described())
}

/// Removes a connection reference, unless something uses it.
///
/// # Errors
/// When it is not there or is used.
pub fn remove_connection_reference(editor: &mut Editor, name: &str) -> Result<Step, AuthorError> {
    let component = editor.named(ComponentType::CONNECTION_REFERENCE, WHAT, name)?;
    debug_assert!(matches!(component.details, Details::ConnectionReference(_)));
    editor.refuse_used(&component)?;
    let guesses = mentions::refuse(editor, &component)?;
    if !remove_row(editor, &SECTION, &component.key.key)? {
        return Err(AuthorError::UnknownForm { place: editor.files.place_of(CUSTOMIZATIONS) });
    }
    Ok(Step::new(Action::Removed, component.described()).notes(guesses))
}
