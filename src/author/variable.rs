//! Environment variables: added, changed and removed, in the form of exports since 2021 (`FORMATS.md` §2.2).
//!
//! Read [`NewVariable`] first. What is added is a file of its own; neither solution.xml nor customizations.xml names it.

use super::names::{check_filled, check_name, check_text, proposed_name, with_line_feeds};
use super::text::{Markup, XmlText};
use super::{Action, AuthorError, Difference, Editor, Step, mentions, variable_value};
use crate::model::{
    Component, ComponentKey, ComponentType, Details, EnvironmentVariable, SecretReference, Solution,
    VariableType,
};
use crate::xml::{Document, Element};

/// What messages call it.
const WHAT: &str = "variable";
/// Longest schema name and display name.
const NAME_LENGTH: usize = 100;
/// Longest value, default value and description.
const TEXT_LENGTH: usize = 2000;

/// A variable that is wanted.
#[derive(Debug, Clone, Default)]
pub struct NewVariable {
    /// Schema name; without it one is made of the display name.
    pub name: Option<String>,
    /// Its type.
    pub kind: Option<VariableType>,
    /// Default value.
    pub default: Option<String>,
    /// Current value, which the package then carries into every environment.
    pub value: Option<String>,
    /// Whether an environment must give a value.
    pub required: Option<bool>,
    /// Display name; the own part of the schema name where there is none.
    pub display: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// For a data source: the connector's id, such as `/providers/Microsoft.PowerApps/apis/shared_sharepointonline`.
    pub connector: Option<String>,
    /// For a data source: which parameter of the connector it holds.
    pub parameter_key: Option<String>,
    /// For a data source: the variable that this one belongs to.
    pub parent: Option<String>,
}

/// What is to change in a variable.
#[derive(Debug, Clone, Default)]
pub struct VariableChange {
    /// Default value; the inner none takes it away.
    pub default: Option<Option<String>>,
    /// Current value; the inner none takes it out of the package.
    pub value: Option<Option<String>>,
    /// Whether an environment must give a value.
    pub required: Option<bool>,
    /// Display name.
    pub display: Option<String>,
    /// Description; the inner none takes it away.
    pub description: Option<Option<String>>,
}

/// The path of a variable's definition.
pub(super) fn definition_path(schema_name: &str) -> String {
    format!("environmentvariabledefinitions/{schema_name}/environmentvariabledefinition.xml")
}

/// Adds a variable. One that is there as asked for is left alone; only what was asked for is compared.
///
/// # Errors
/// When a text is not one that its column takes, or the variable is there and differs.
pub fn add_variable(editor: &mut Editor, wanted: &NewVariable) -> Result<Step, AuthorError> {
    let solution = editor.solution()?;
    let prefix = &solution.manifest.publisher.prefix;
    let name = match (&wanted.name, &wanted.display) {
        (Some(name), _) => name.clone(),
        (None, Some(display)) => proposed_name(prefix, display),
        (None, None) => return Err(AuthorError::NoName),
    };
    let kind = wanted.kind.unwrap_or(VariableType::Text);
    check_texts(wanted, kind)?;
    let default =
        wanted.default.as_deref().map(|text| checked_value("default value", kind, text)).transpose()?;
    let value = wanted.value.as_deref().map(|text| checked_value("value", kind, text)).transpose()?;
    if let Some(there) = find(&solution, &name) {
        if *there.key.key != name {
            let there = there.key.key.to_string();
            return Err(AuthorError::OtherCase { what: WHAT, asked: name, there });
        }
        return compare(editor, there, wanted, default.as_deref(), value.as_deref());
    }
    check_name(WHAT, &name, prefix, NAME_LENGTH)?;
    let path = definition_path(&name);
    for path in [&path, &variable_value::path(&name)] {
        if editor.files.spelled(path).is_some() {
            return Err(AuthorError::InTheWay { place: editor.files.place_of(path) });
        }
    }
    if let Some(parent) = &wanted.parent {
        let parent = editor.existing(ComponentType::ENVIRONMENT_VARIABLE, WHAT, parent)?;
        let is_data_source = matches!(&parent.details, Details::EnvironmentVariable(variable) if variable.kind == VariableType::DataSource);
        if !is_data_source {
            return Err(AuthorError::NotPossible {
                message: format!("{} is no data source", parent.described()),
                hint: "a data source belongs to another data source: the list of a site".to_owned(),
            });
        }
    }
    let new_line = line_end_of_variables(editor)?;
    let language = language(editor)?;
    let version = solution.manifest.version.to_string();
    let markup = definition(&name, kind, wanted, default.as_deref(), &version, &language);
    editor.put(&path, markup.lines(new_line, "").into_bytes());
    if let Some(value) = &value {
        variable_value::set(editor, &name, value, new_line)?;
    }
    Ok(noted(Step::new(Action::Added, format!("{} variable {name}", kind_words(kind))), value.is_some()))
}

/// A packaged value goes with the solution wherever it goes.
fn noted(step: Step, has_value: bool) -> Step {
    if has_value {
        return step.note(
            "the value goes along into every environment; to give each its own, leave it out and use a settings file",
        );
    }
    step
}

fn check_texts(wanted: &NewVariable, kind: VariableType) -> Result<(), AuthorError> {
    if let Some(display) = &wanted.display {
        check_filled("display name", display, NAME_LENGTH)?;
    }
    if let Some(description) = &wanted.description {
        check_filled("description", description, TEXT_LENGTH)?;
    }
    let connector_options = [
        (wanted.connector.is_some(), "a connector"),
        (wanted.parameter_key.is_some(), "a parameter key"),
        (wanted.parent.is_some(), "a parent"),
    ];
    if kind != VariableType::DataSource
        && let Some((_, what)) = connector_options.iter().find(|(is_given, _)| *is_given)
    {
        return Err(AuthorError::NotPossible {
            message: format!("{what} is not for a {} variable: only a data source has one", kind_words(kind)),
            hint: "leave the option out, or make it --type data-source".to_owned(),
        });
    }
    if kind == VariableType::DataSource && wanted.connector.is_none() {
        return Err(AuthorError::NotPossible {
            message: "a data source is one of a connector, and none is named".to_owned(),
            hint: "--connector shared_sharepointonline --parameter-key dataset, then the list with --parameter-key table --parent".to_owned(),
        });
    }
    for (what, text) in [("connector", &wanted.connector), ("parameter key", &wanted.parameter_key)] {
        if let Some(text) = text {
            check_filled(what, text, 150)?;
        }
    }
    Ok(())
}

/// The value as it is stored, or what is wrong with it.
pub(super) fn checked_value(
    what: &'static str,
    kind: VariableType,
    text: &str,
) -> Result<String, AuthorError> {
    let wrong = |fault: &str, hint| Err(AuthorError::Text { what, fault: fault.to_owned(), hint });
    if text.trim().is_empty() {
        return wrong(
            "it is empty, which the platform refuses",
            "leave the option out: without a value there is none",
        );
    }
    check_text(what, text, TEXT_LENGTH)?;
    match kind {
        VariableType::Number if !is_decimal(text) => {
            wrong("no number", "write digits, with a point for decimals: 12.5")
        }
        VariableType::Boolean => match text.trim().to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" => Ok("yes".to_owned()),
            "no" | "false" | "0" => Ok("no".to_owned()),
            _ => wrong("neither yes nor no", "write yes or no"),
        },
        VariableType::Json => match crate::json::Document::parse(text.as_bytes().to_vec()) {
            Ok(_) => Ok(text.to_owned()),
            Err(error) => {
                let position = error.position();
                wrong(
                    &format!("no JSON, at line {}, column {}", position.line, position.column),
                    "quote it as one argument: '{ \"limit\": 3 }'",
                )
            }
        },
        VariableType::Secret => match SecretReference::parse(text) {
            SecretReference::KeyVault(_) => Ok(text.to_owned()),
            SecretReference::Invalid(fault) => Err(AuthorError::SecretReference { what, fault }),
        },
        _ => Ok(text.to_owned()),
    }
}

/// A decimal number as the platform stores it.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole) && is_digits(fraction)
}

fn find<'s>(solution: &'s Solution, name: &str) -> Option<&'s Component> {
    let key = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, name);
    solution.components.iter().find(|component| component.key == key)
}

fn facts(component: &Component) -> Option<&EnvironmentVariable> {
    match &component.details {
        Details::EnvironmentVariable(variable) => Some(variable),
        _ => None,
    }
}

/// The variable that is there against the one that is wanted.
fn compare(
    editor: &Editor,
    there: &Component,
    wanted: &NewVariable,
    default: Option<&str>,
    value: Option<&str>,
) -> Result<Step, AuthorError> {
    let mut differences = Vec::new();
    let mut shown = |fact, there: String, asked: String| {
        if there != asked {
            differences.push(Difference { fact, there: Some(there), asked: Some(asked) });
        }
    };
    let Some(variable) = facts(there) else {
        return Err(AuthorError::OldForm { component: there.described() });
    };
    if let Some(kind) = wanted.kind {
        shown("type", kind_words(variable.kind).to_owned(), kind_words(kind).to_owned());
    }
    if let Some(required) = wanted.required {
        let words = |required| if required { "yes" } else { "no" }.to_owned();
        shown("required", words(variable.required), words(required));
    }
    // Values are never shown.
    let mut hidden = |fact, there: Option<&str>, asked: Option<&str>| {
        if let Some(asked) = asked
            && there.map(with_line_feeds) != Some(with_line_feeds(asked))
        {
            differences.push(Difference { fact, there: None, asked: None });
        }
    };
    hidden("default value", variable.default.as_ref().map(crate::model::Masked::reveal), default);
    hidden("value", variable.value.as_ref().map(crate::model::Masked::reveal), value);
    if let Some(document) = definition_of(editor, &there.key.key)? {
        let root = document.root();
        let text = |column: &str| root.child_text(column).map(std::borrow::Cow::into_owned);
        let attribute = |column: &str| root.child(column).and_then(|column| column.attribute("default"));
        hidden("display name", attribute("displayname").as_deref(), wanted.display.as_deref());
        hidden("description", attribute("description").as_deref(), wanted.description.as_deref());
        hidden("connector", text("apiid").as_deref(), wanted.connector.as_deref());
        hidden("parameter key", text("parameterkey").as_deref(), wanted.parameter_key.as_deref());
        let parent = root.child("parentdefinitionid").and_then(|parent| parent.child_text("schemaname"));
        hidden("parent", parent.as_deref(), wanted.parent.as_deref());
    }
    if differences.is_empty() {
        return Ok(Step::new(Action::Unchanged, there.described()));
    }
    let hint = if differences.iter().any(|difference| difference.fact == "type") {
        format!(
            "the type cannot be changed: solship remove variable {}{}, then add it, or choose another name",
            there.key.key,
            editor.option()
        )
    } else {
        format!("solship set variable {}{} changes it", there.key.key, editor.option())
    };
    Err(AuthorError::Differs { component: there.described(), differences, hint })
}

/// The definition as exports write it: children in alphabetical order, no declaration.
fn definition(
    name: &str,
    kind: VariableType,
    wanted: &NewVariable,
    default: Option<&str>,
    version: &str,
    language: &str,
) -> Markup {
    let own = name.split_once('_').map_or(name, |(_, own)| own);
    let display = wanted.display.as_deref().unwrap_or(own);
    let mut columns = Vec::new();
    if let Some(connector) = &wanted.connector {
        columns.push(Markup::text("apiid", connector));
    }
    if let Some(default) = default {
        columns.push(Markup::text("defaultvalue", default));
    }
    if let Some(description) = &wanted.description {
        columns.push(labelled("description", description, language));
    }
    columns.push(labelled("displayname", display, language));
    columns.push(Markup::text("introducedversion", version));
    columns.push(Markup::text("iscustomizable", "1"));
    columns.push(Markup::text("isrequired", if wanted.required == Some(true) { "1" } else { "0" }));
    if let Some(key) = &wanted.parameter_key {
        columns.push(Markup::text("parameterkey", key));
    }
    if let Some(parent) = &wanted.parent {
        columns.push(Markup::of("parentdefinitionid", vec![Markup::text("schemaname", parent)]));
    }
    columns.push(Markup::text("secretstore", "0"));
    columns.push(Markup::text("type", code(kind).to_string()));
    Markup::of("environmentvariabledefinition", columns).with("schemaname", name)
}

/// A text with its label in one language.
fn labelled(column: &'static str, text: &str, language: &str) -> Markup {
    let label = Markup::empty("label").with("description", text).with("languagecode", language);
    Markup::of(column, vec![label]).with("default", text)
}

fn code(kind: VariableType) -> u32 {
    match kind {
        VariableType::Text => 100_000_000,
        VariableType::Number => 100_000_001,
        VariableType::Boolean => 100_000_002,
        VariableType::Json => 100_000_003,
        VariableType::DataSource => 100_000_004,
        VariableType::Secret => 100_000_005,
        VariableType::Unknown(code) => code.unwrap_or_default(),
    }
}

pub(super) fn kind_words(kind: VariableType) -> &'static str {
    kind.words().unwrap_or("unknown")
}

/// The line end of the variables that are there; CRLF, as in exports, where there are none.
pub(super) fn line_end_of_variables(editor: &Editor) -> Result<&'static str, AuthorError> {
    let mut paths = editor.files.paths().into_iter();
    let Some(path) = paths.find(|path| path.to_lowercase().ends_with("/environmentvariabledefinition.xml"))
    else {
        return Ok("\r\n");
    };
    let bytes = editor.files.read(&path)?.unwrap_or_default();
    let is_feed_only = memchr::memchr(b'\n', &bytes).is_some_and(|at| at == 0 || bytes[at - 1] != b'\r');
    Ok(if is_feed_only { "\n" } else { "\r\n" })
}

/// The language of the solution's texts.
fn language(editor: &Editor) -> Result<String, AuthorError> {
    let manifest = editor.files.xml(super::files::MANIFEST)?;
    let code = manifest.root().attribute("languagecode").map(std::borrow::Cow::into_owned);
    Ok(code
        .filter(|code| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()))
        .unwrap_or_else(|| "1033".to_owned()))
}

fn definition_of(editor: &Editor, name: &str) -> Result<Option<Document>, AuthorError> {
    let path = definition_path(name);
    match editor.files.spelled(&path) {
        Some(path) => Ok(Some(editor.files.xml(&path)?)),
        None => Ok(None),
    }
}

/// Changes a variable that is there.
///
/// # Errors
/// When it is not there, or a text is not one that its column takes.
pub fn set_variable(editor: &mut Editor, name: &str, change: &VariableChange) -> Result<Step, AuthorError> {
    let component = editor.named(ComponentType::ENVIRONMENT_VARIABLE, WHAT, name)?;
    let old_form = || AuthorError::OldForm { component: component.described() };
    let variable = facts(&component).ok_or_else(old_form)?;
    let name = &*component.key.key;
    let document = definition_of(editor, name)?.ok_or_else(old_form)?;
    if let Some(display) = &change.display {
        check_filled("display name", display, NAME_LENGTH)?;
    }
    if let Some(Some(description)) = &change.description {
        check_filled("description", description, TEXT_LENGTH)?;
    }
    let checked = |what, text: &Option<Option<String>>| match text {
        Some(Some(text)) => Ok(Some(Some(checked_value(what, variable.kind, text)?))),
        Some(None) => Ok(Some(None)),
        None => Ok::<_, AuthorError>(None),
    };
    let default = checked("default value", &change.default)?;
    let value = checked("value", &change.value)?;
    let language = language(editor)?;
    let root = document.root();
    let mut text = XmlText::new(&document);
    if let Some(default) = &default {
        set_column(
            &mut text,
            root,
            "defaultvalue",
            default.as_deref().map(|text| Markup::text("defaultvalue", text)),
        );
    }
    if let Some(description) = &change.description {
        set_label(&mut text, root, "description", description.as_deref(), &language);
    }
    if let Some(display) = &change.display {
        set_label(&mut text, root, "displayname", Some(display), &language);
    }
    if let Some(required) = change.required {
        let digit = if required { "1" } else { "0" };
        set_column(&mut text, root, "isrequired", Some(Markup::text("isrequired", digit)));
    }
    let path = definition_path(name);
    let new_line = text.new_line();
    editor.put(&path, text.finish());
    match &value {
        Some(Some(value)) => variable_value::set(editor, name, value, new_line)?,
        Some(None) => variable_value::remove(editor, name),
        None => {}
    }
    Ok(noted(editor.changed(component.described())?, matches!(value, Some(Some(_)))))
}

/// Sets a column that is a child of the row, in alphabetical order; none takes it out. A text that is there keeps its tags.
pub(super) fn set_column(text: &mut XmlText<'_>, row: Element<'_>, name: &str, markup: Option<Markup>) {
    match (row.child(name), markup) {
        (Some(there), Some(markup)) => match markup.as_text() {
            Some(content) if there.children().next().is_none() => text.set_text(there, content),
            _ => text.replace_element(there, &markup),
        },
        (Some(there), None) => text.remove(there),
        (None, Some(markup)) => {
            let before = row.children().find(|column| column.name() > name);
            text.insert(row, before, &markup);
        }
        (None, None) => {}
    }
}

/// Sets a text with labels: the label of the solution's language and the default; labels of other languages stay.
fn set_label(
    text: &mut XmlText<'_>,
    row: Element<'_>,
    name: &'static str,
    content: Option<&str>,
    language: &str,
) {
    match (row.child(name), content) {
        (Some(column), Some(content)) => {
            let is_it = |label: &Element<'_>| {
                label.name() == "label" && label.attribute("languagecode").as_deref() == Some(language)
            };
            match column.children().find(is_it) {
                Some(label) if text.set_attribute(column, "default", content) => {
                    text.set_attribute(label, "description", content);
                }
                _ => text.replace_element(column, &labelled(name, content, language)),
            }
        }
        (there, content) => {
            debug_assert!(there.is_none() || content.is_none());
            set_column(text, row, name, content.map(|content| labelled(name, content, language)));
        }
    }
}

/// Removes a variable with its value, unless something uses it.
///
/// # Errors
/// When it is not there or is used.
pub fn remove_variable(editor: &mut Editor, name: &str) -> Result<Step, AuthorError> {
    let component = editor.named(ComponentType::ENVIRONMENT_VARIABLE, WHAT, name)?;
    editor.refuse_used(&component)?;
    let name = &*component.key.key;
    if definition_of(editor, name)?.is_none() {
        return Err(AuthorError::OldForm { component: component.described() });
    }
    let guesses = mentions::refuse(editor, &component)?;
    editor.remove_file(&definition_path(name));
    variable_value::remove(editor, name);
    Ok(Step::new(Action::Removed, component.described()).notes(guesses))
}
