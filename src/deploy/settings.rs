//! What a settings file gives to the packages of a deployment.

use std::collections::BTreeMap;

use crate::environment::Value;
use crate::environment::import::{ImportOptions, Mode};
use crate::model::{ComponentKey, ComponentType, Details, Solution, connection_id};
use crate::settings::{Kind, SettingsFile};

/// How one package is imported: with what the file says of its variables and connection references.
pub(super) fn import_options(
    solution: &Solution,
    settings: Option<&SettingsFile>,
    mode: Mode,
) -> ImportOptions {
    let mut options = ImportOptions { mode, ..ImportOptions::default() };
    let given: BTreeMap<ComponentKey, &str> = settings
        .into_iter()
        .flat_map(|file| &file.entries)
        .filter(|entry| entry.is_filled())
        .filter_map(|entry| {
            let kind = match entry.kind {
                Kind::Variable => ComponentType::ENVIRONMENT_VARIABLE,
                Kind::ConnectionReference => ComponentType::CONNECTION_REFERENCE,
            };
            Some((ComponentKey::new(kind, &entry.name), entry.content.as_ref()?.reveal()))
        })
        .collect();
    for component in &solution.components {
        let Some(text) = given.get(&component.key) else { continue };
        match component.details {
            Details::EnvironmentVariable(_) => {
                options.values.insert(component.key.clone(), Value::new(*text));
            }
            Details::ConnectionReference(_) => {
                let id = connection_id(text).unwrap_or_else(|| (*text).to_owned());
                options.bindings.insert(component.key.clone(), id);
            }
            _ => {}
        }
    }
    options
}
