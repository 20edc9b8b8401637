//! What a set of solutions asks an environment for.

use std::collections::BTreeMap;

use super::style::Style;
use super::{Kind, SettingsFile};
use crate::model::{Details, Solution, VariableType};

/// What is known of a component that an environment fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    /// Its name as the solution spells it.
    pub(super) name: String,
    /// Unique name of the solution.
    pub(super) solution: String,
    /// Type of a variable.
    pub(super) kind: Option<VariableType>,
    /// Whether a variable has a default value or a packaged one, so that nobody is asked.
    pub(super) has_value: bool,
    /// Id of the connector of a connection reference.
    pub(super) connector: Option<String>,
}

/// The variables and connection references of a set of solutions, each once, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    pub(super) by_name: BTreeMap<(Kind, String), Need>,
}

impl Needs {
    /// Those of these solutions.
    pub fn of<'s>(solutions: impl IntoIterator<Item = &'s Solution>) -> Self {
        let mut by_name: BTreeMap<(Kind, String), Need> = BTreeMap::new();
        for solution in solutions {
            for component in &solution.components {
                let (list, kind, has_value, connector) = match &component.details {
                    Details::EnvironmentVariable(variable) => {
                        let has_value = variable.default.is_some() || variable.value.is_some();
                        (Kind::Variable, Some(variable.kind), has_value, None)
                    }
                    Details::ConnectionReference(reference) => {
                        (Kind::ConnectionReference, None, false, Some(reference.connector_id.clone()))
                    }
                    _ => continue,
                };
                let need = Need {
                    name: component.key.key.to_string(),
                    solution: solution.manifest.unique_name.clone(),
                    kind,
                    has_value,
                    connector,
                };
                let known = by_name.entry((list, need.name.to_lowercase())).or_insert_with(|| need.clone());
                known.has_value |= need.has_value;
            }
        }
        Self { by_name }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    pub(super) fn get(&self, kind: Kind, name: &str) -> Option<&Need> {
        self.by_name.get(&(kind, name.to_lowercase()))
    }

    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Need> {
        self.by_name.iter().filter(move |((found, _), _)| *found == kind).map(|(_, need)| need)
    }

    /// A new settings file, in the shape of `pac solution create-settings`: all of them, sorted, nothing filled.
    pub fn new_file(&self) -> Vec<u8> {
        let style = Style::usual();
        let lists = Kind::ALL.map(|kind| {
            let items: Vec<_> = self.of_kind(kind).map(|need| entry(kind, need)).collect();
            format!("\n  {}", style.member(kind.list(), &items, ""))
        });
        format!("{{{}\n}}\n", lists.join(",")).into_bytes()
    }

    /// Those that the file has no entry for.
    pub(super) fn missing<'n>(
        &'n self,
        kind: Kind,
        file: &'n SettingsFile,
    ) -> impl Iterator<Item = &'n Need> {
        self.of_kind(kind).filter(move |need| file.entry(kind, &need.name).is_none())
    }
}

/// The members of a new entry. No value of a package is copied: an environment has its own.
pub(super) fn entry(kind: Kind, need: &Need) -> Vec<(&'static str, String)> {
    let mut members = vec![(kind.name(), need.name.clone()), (kind.content(), String::new())];
    if let Some(connector) = &need.connector {
        members.push(("ConnectorId", connector.clone()));
    }
    members
}
