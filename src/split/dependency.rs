//! A row of `<MissingDependencies>` as the platform writes it (`FORMATS.md` §5.3): what one part needs of another.
//!
//! Read [`row`] first; `model::MissingDependency` reads it back.

use super::content::Content;
use crate::author::Markup;
use crate::model::{Component, ComponentKey, ComponentType, MASK, Relation};
use crate::xml::{Document, Limits};

/// Tables whose name the platform writes with capitals in rows.
const SPELLED: &[(ComponentType, &str)] = &[
    (ComponentType::ENVIRONMENT_VARIABLE, "EnvironmentVariableDefinition"),
    (ComponentType::ENVIRONMENT_VARIABLE_VALUE, "EnvironmentVariableValue"),
    (ComponentType::CUSTOM_API, "CustomAPI"),
    (ComponentType::SETTING_DEFINITION, "SettingDefinition"),
    (ComponentType::APP_SETTING, "AppSetting"),
];

/// Whether the platform lists a need of this kind. That of a desktop flow on the flow that it runs is in no export.
pub(super) fn is_listed(relation: Option<Relation>) -> bool {
    relation.is_some_and(|relation| relation != Relation::DesktopFlowChildFlow)
}

/// The row: `dependent` needs `required`, which `provider` has.
pub(super) fn row(
    required: (&Content, &Component),
    dependent: (&Content, &Component),
    provider: (&str, &str),
) -> Markup {
    let (name, version) = provider;
    Markup::of(
        "MissingDependency",
        vec![
            side("Required", required, Some(format!("{name} ({version})"))),
            side("Dependent", dependent, None),
        ],
    )
}

fn side(
    element: &'static str,
    (content, component): (&Content, &Component),
    provider: Option<String>,
) -> Markup {
    let kind = &component.key.kind;
    let spelled = SPELLED.iter().find(|(known, _)| known == kind).map(|(_, name)| (*name).to_owned());
    let code = kind.code().filter(|_| spelled.is_none());
    let written = match code {
        Some(code) => code.to_string(),
        None => spelled.unwrap_or_else(|| kind.as_str().to_owned()),
    };
    let mut side = Markup::empty(element).with("type", written);
    let (mut id, mut schema_name, mut table) = (None, None, component.table.clone().map(|table| table.key));
    let mut columns: Vec<(String, String)> = Vec::new();
    let key = &*component.key.key;
    match code {
        _ if component.key.is_guid() => {
            id = Some(format!("{{{}}}", key.to_lowercase()));
            let named = |alias: &&ComponentKey| *kind == ComponentType::CONNECTOR && !alias.is_guid();
            schema_name = component.aliases.iter().find(named).map(|alias| alias.key.to_string());
        }
        Some(_) => match key.split_once('.').filter(|_| *kind == ComponentType::COLUMN) {
            Some((of, column)) => {
                table = Some(of.into());
                schema_name = Some(column.to_owned());
            }
            None => schema_name = Some(key.to_owned()),
        },
        None => columns = key_columns(content, component),
    }
    if let Some(name) = schema_name {
        side = side.with("schemaName", name);
    }
    // A name that is not shown as it stands is not written at all.
    if component.name != key && !component.name.contains(MASK) {
        side = side.with("displayName", component.name.clone());
    }
    if let Some(table) = table {
        side = side.with("parentSchemaName", table.to_string());
    }
    if let Some(provider) = provider {
        side = side.with("solution", provider);
    }
    if let Some(id) = id {
        side = side.with("id", id);
    }
    columns.into_iter().fold(side, |side, (column, value)| side.with(format!("id.{column}"), value))
}

/// The key columns of a row of a table: the attributes of its element, where they are the key.
fn key_columns(content: &Content, component: &Component) -> Vec<(String, String)> {
    let columns = row_text(content, component).and_then(|bytes| {
        let document = Document::parse(bytes, &Limits::default()).ok()?;
        let columns: Vec<(String, String)> = document
            .root()
            .attributes()
            .filter(|attribute| !attribute.name.starts_with("xmlns"))
            .map(|attribute| (attribute.name.to_owned(), attribute.value().trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let joined = columns.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(".");
        (joined.to_lowercase() == component.key.folded()).then_some(columns)
    });
    let column = match component.key.kind.as_str() {
        "connectionreference" => "connectionreferencelogicalname",
        "customapi" => "uniquename",
        _ => "schemaname",
    };
    columns.unwrap_or_else(|| vec![(column.to_owned(), component.key.key.to_string())])
}

/// The file of a component that is a row in one.
fn row_text(content: &Content, component: &Component) -> Option<Vec<u8>> {
    let path = component.place.within(&content.solution.source)?;
    let entry = content.package.entry(path).filter(|_| path.contains('/'))?;
    content.package.read(entry).ok()
}
