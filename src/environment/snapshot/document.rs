//! The file: what it says, in which order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::super::state::SolutionName;
use super::super::{Connection, InstalledSolution, Layers, Principal, Role, State, Value, contradiction};
use super::detail::{self, Detail};
use super::{SnapshotError, Untold, told, unknown};
use crate::json;
use crate::model::{ComponentKey, connection_id};

/// `$schema` of a snapshot.
pub const SCHEMA: &str = "urn:solship:schema:environment:1";
pub(super) const SCHEMA_OF_ANY_VERSION: &str = "urn:solship:schema:environment:";
const VERSION: u32 = 1;

/// What an environment holds: `solship env snapshot`. Everything is sorted; what is not there is left out.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "solship env snapshot")]
pub struct SnapshotDocument {
    #[serde(rename = "$schema")]
    schema: String,
    version: u32,
    /// What is said of values.
    pub(super) texts: Texts,
    /// Where values are hashed: equal in two files when the key was the same.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) hash_key: Option<String>,
    /// Solutions that are there, by name.
    solutions: Vec<InstalledSolution>,
    /// Components, by type and key.
    components: Vec<ComponentRecord>,
    /// Values that the environment itself gives to variables.
    values: Vec<ValueRecord>,
    /// What connection references are bound to.
    bindings: Vec<BindingRecord>,
    /// Whether flows are on.
    flows: Vec<FlowRecord>,
    /// Connections, by id.
    connections: Vec<ConnectionRecord>,
    /// Who components are shared with.
    shares: Vec<ShareRecord>,
}

/// What a snapshot says of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Texts {
    /// Only that they are set.
    Unknown,
    /// HMAC-SHA-256 of them.
    Hashed,
    /// The values themselves; the file is a secret.
    Known,
    /// Those values, accounts and parameters that were known where it was taken; the file is a secret.
    Partly,
}

#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
struct ComponentRecord {
    #[serde(flatten)]
    component: ComponentKey,
    #[serde(flatten)]
    layers: Layers,
}

#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
struct ValueRecord {
    #[serde(flatten)]
    variable: ComponentKey,
    value: Value,
}

#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
struct BindingRecord {
    #[serde(flatten)]
    reference: ComponentKey,
    /// Id of the connection.
    connection: String,
}

#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
struct FlowRecord {
    #[serde(flatten)]
    flow: ComponentKey,
    on: bool,
}

#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
struct ConnectionRecord {
    id: String,
    #[serde(flatten)]
    connection: Connection,
}

#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
struct ShareRecord {
    #[serde(flatten)]
    component: ComponentKey,
    /// By whom.
    with: BTreeMap<Principal, Role>,
}

impl SnapshotDocument {
    pub(super) fn new(state: &State, detail: &Detail) -> Self {
        let (texts, hash_key) = match detail {
            Detail::Set => (Texts::Unknown, None),
            Detail::Hashed(key) => (Texts::Hashed, Some(key.name())),
            Detail::Known if Untold::of(state).is_empty() => (Texts::Known, None),
            Detail::Known => (Texts::Partly, None),
        };
        let layers = |layers: &Layers| {
            let mut layers = layers.clone();
            let managed = layers.managed.iter_mut().map(|layer| &mut layer.content);
            for content in managed.chain(&mut layers.unmanaged) {
                for name in ["default", "packaged"] {
                    if let Some(value) = content.value_mut(name) {
                        *value = told(value, detail);
                    }
                }
            }
            layers
        };
        Self {
            schema: SCHEMA.to_owned(),
            version: VERSION,
            texts,
            hash_key,
            solutions: state.solutions().values().cloned().collect(),
            components: state
                .components()
                .iter()
                .map(|(key, own)| ComponentRecord { component: key.clone(), layers: layers(own) })
                .collect(),
            values: state
                .values()
                .iter()
                .map(|(key, value)| ValueRecord { variable: key.clone(), value: told(value, detail) })
                .collect(),
            bindings: state
                .bindings()
                .iter()
                .map(|(key, id)| BindingRecord { reference: key.clone(), connection: id.clone() })
                .collect(),
            flows: state.flows().iter().map(|(key, on)| FlowRecord { flow: key.clone(), on: *on }).collect(),
            connections: state
                .connections()
                .iter()
                .map(|(id, own)| ConnectionRecord {
                    id: id.clone(),
                    connection: detail::connection(own, detail),
                })
                .collect(),
            shares: state
                .shares()
                .iter()
                .map(|(key, with)| ShareRecord {
                    component: key.clone(),
                    with: detail::principals(with, detail),
                })
                .collect(),
        }
    }

    /// Puts the texts in, which [`Value`] itself does not write.
    pub(super) fn add_texts(&self, document: &mut Json) {
        for (record, written) in self.components.iter().zip(elements(document, "components")) {
            let layers = &record.layers;
            for (layer, written) in layers.managed.iter().zip(elements(written, "managed")) {
                add_texts(&mut written["content"]["facts"], layer.content.values());
            }
            if let Some(content) = &layers.unmanaged {
                add_texts(&mut written["unmanaged"]["facts"], content.values());
            }
        }
        for (record, written) in self.values.iter().zip(elements(document, "values")) {
            add_texts(written, [("value", &record.value)].into_iter());
        }
    }

    pub(super) fn read(label: &str, document: &json::Document) -> Result<Self, SnapshotError> {
        let label = || label.to_owned();
        let given = document.value();
        match given["$schema"].as_str() {
            Some(SCHEMA) => {}
            Some(found) if found.starts_with(SCHEMA_OF_ANY_VERSION) => {
                return Err(SnapshotError::Later { label: label(), found: format!("$schema is {found}") });
            }
            _ => return Err(SnapshotError::NotASnapshot { label: label() }),
        }
        if let Some(twice) = document.duplicate_keys().first() {
            return Err(SnapshotError::Twice { label: label(), what: twice.pointer.clone() });
        }
        // A later form may have other records: the version is looked at before them.
        match given["version"].as_u64() {
            Some(found) if found > u64::from(VERSION) => {
                return Err(SnapshotError::Later { label: label(), found: format!("version is {found}") });
            }
            Some(found) if found == u64::from(VERSION) => {}
            _ => {
                let fault = format!("/version is not {VERSION}");
                return Err(SnapshotError::Damaged { label: label(), fault });
            }
        }
        // What is wrong may be a value: only where it is not is said, and not what stands there.
        let read = Self::deserialize(given).map_err(|_| SnapshotError::Damaged {
            label: label(),
            fault: faulty(given).unwrap_or_else(|| "it is not of the form of a snapshot".to_owned()),
        })?;
        let again = serde_json::to_value(&read).unwrap_or_default();
        if let Some(pointer) = unknown::unknown(given, &again) {
            return Err(SnapshotError::Unknown { label: label(), pointer });
        }
        Ok(read)
    }

    pub(super) fn into_state(self, label: &str) -> Result<State, SnapshotError> {
        let twice = |what: String| SnapshotError::Twice { label: label.to_owned(), what };
        let mut state = State::default();
        for solution in self.solutions {
            let name = solution.unique_name.clone();
            if state.solutions().contains_key(&SolutionName::new(&name)) {
                return Err(twice(format!("solution {name}")));
            }
            state.set_solution(&name, Some(solution));
        }
        for ComponentRecord { component, layers } in self.components {
            if state.components().contains_key(&component) {
                return Err(twice(component.to_string()));
            }
            if layers.is_empty() {
                let fault = format!("{component} has no layers");
                return Err(SnapshotError::Damaged { label: label.to_owned(), fault });
            }
            state.change_component(&component, |own| *own = layers);
        }
        for ValueRecord { variable, value } in self.values {
            if state.values().contains_key(&variable) {
                return Err(twice(format!("the value of {variable}")));
            }
            state.set_value(&variable, Some(value));
        }
        for BindingRecord { reference, connection } in self.bindings {
            if state.bindings().contains_key(&reference) {
                return Err(twice(format!("the connection of {reference}")));
            }
            state.set_binding(&reference, Some(connection));
        }
        for FlowRecord { flow, on } in self.flows {
            if state.flows().contains_key(&flow) {
                return Err(twice(format!("the state of {flow}")));
            }
            state.set_flow(&flow, Some(on));
        }
        for ConnectionRecord { id, connection } in self.connections {
            if state.connections().contains_key(&connection_id(&id).unwrap_or_else(|| id.clone())) {
                return Err(twice(format!("connection {id}")));
            }
            state.set_connection(&id, Some(connection));
        }
        for ShareRecord { component, with } in self.shares {
            if state.shares().contains_key(&component) {
                return Err(twice(format!("the shares of {component}")));
            }
            with.iter().for_each(|(principal, role)| state.set_share(&component, principal, Some(*role)));
        }
        state.take_touched();
        match contradiction(&state) {
            Some(fault) => Err(SnapshotError::Contradicts { label: label.to_owned(), fault }),
            None => Ok(state),
        }
    }
}

/// The elements of a list that is a member; none where it was left out.
fn elements<'j>(json: &'j mut Json, name: &str) -> impl Iterator<Item = &'j mut Json> {
    json.get_mut(name).and_then(Json::as_array_mut).into_iter().flatten()
}

fn add_texts<'v>(written: &mut Json, values: impl Iterator<Item = (&'static str, &'v Value)>) {
    for (name, value) in values {
        if let Some(text) = value.text() {
            written[name]["text"] = Json::from(text);
        }
    }
}

/// The first record that is not of its form.
fn faulty(document: &Json) -> Option<String> {
    fn find<'d, T: Deserialize<'d>>(document: &'d Json, list: &str) -> Option<String> {
        let records = document.get(list)?.as_array()?;
        let at = records.iter().position(|record| T::deserialize(record).is_err())?;
        Some(format!("/{list}/{at} is not of the form of a snapshot"))
    }
    find::<InstalledSolution>(document, "solutions")
        .or_else(|| find::<ComponentRecord>(document, "components"))
        .or_else(|| find::<ValueRecord>(document, "values"))
        .or_else(|| find::<BindingRecord>(document, "bindings"))
        .or_else(|| find::<FlowRecord>(document, "flows"))
        .or_else(|| find::<ConnectionRecord>(document, "connections"))
        .or_else(|| find::<ShareRecord>(document, "shares"))
}
