//! An environment as one JSON file: sorted, one fact a line, so that two of them are compared by any tool.
//!
//! Read [`Snapshot`] first. `document` is the file, `detail` what it says of values and accounts.

mod detail;
mod document;
mod error;
mod unknown;
mod untold;

pub use detail::{Detail, HashKey};
pub use document::{SCHEMA, SnapshotDocument, Texts};
pub use error::SnapshotError;
pub use untold::Untold;

use super::{Connection, Environment, EnvironmentError, LogEntry, State, Told, Value};
use crate::json;
use crate::model::ComponentKey;
use crate::text::acts_on_terminal;

/// The largest snapshot: one of 20,000 components has some 20 MB.
const MOST_BYTES: usize = 1 << 30;

/// An environment that was read from a snapshot. It cannot be changed.
#[derive(Debug)]
pub struct Snapshot {
    label: String,
    state: State,
    texts: Texts,
    hash_key: Option<String>,
}

/// What a store can be made of.
#[derive(Debug)]
pub struct Restored {
    /// Everything that the snapshot says.
    pub state: State,
    /// Variables that had a value of the environment's own, which the snapshot does not say: they have none now.
    pub unset: Vec<ComponentKey>,
    /// Variables with a default, or a value of a package, that the snapshot does not say: that there is one stays known.
    pub untold: Vec<ComponentKey>,
    /// Components that were shared with somebody whom the snapshot does not name: they are not shared with them now.
    pub unshared: Vec<ComponentKey>,
    /// Ids of connections with parameters that the snapshot does not tell: they are without them now.
    pub incomplete: Vec<String>,
}

/// The file that says what an environment holds.
pub fn snapshot(state: &State, detail: &Detail) -> String {
    let document = SnapshotDocument::new(state, detail);
    let mut value = serde_json::to_value(&document).unwrap_or_default();
    if matches!(detail, Detail::Known) {
        document.add_texts(&mut value);
    }
    let mut text = careful(&format!("{value:#}"));
    text.push('\n');
    text
}

/// Whether a file says of itself that it is a snapshot.
pub fn is_snapshot(bytes: &[u8]) -> bool {
    let Ok(document) = json::Document::parse(bytes.to_vec()) else { return false };
    document.value()["$schema"]
        .as_str()
        .is_some_and(|schema| schema.starts_with(document::SCHEMA_OF_ANY_VERSION))
}

/// JSON in which no text acts on a terminal, nor commands a build service that reads the log. Outside of its texts there
/// are no such characters but line feeds.
fn careful(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut previous = ' ';
    for character in json.chars() {
        if character != '\n' && (acts_on_terminal(character) || (character == '#' && previous == '#')) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            text.push(character);
        }
        previous = character;
    }
    text
}

impl Snapshot {
    /// Reads a snapshot.
    ///
    /// # Errors
    /// When it is none, is one of a later version, or says something that is not known here.
    pub fn read(label: &str, bytes: Vec<u8>) -> Result<Self, SnapshotError> {
        if bytes.len() > MOST_BYTES {
            return Err(SnapshotError::TooLarge { label: label.to_owned(), limit: MOST_BYTES });
        }
        let document = json::Document::parse(bytes)
            .map_err(|error| SnapshotError::Json { label: label.to_owned(), error })?;
        let document = SnapshotDocument::read(label, &document)?;
        let (texts, hash_key) = (document.texts, document.hash_key.clone());
        Ok(Self { label: label.to_owned(), state: document.into_state(label)?, texts, hash_key })
    }

    /// What it says of values.
    pub fn texts(&self) -> Texts {
        self.texts
    }

    /// By what snapshots are known that were taken with the same key, for one with hashed values. Hashes under two keys
    /// tell nothing of each other.
    pub fn hash_key(&self) -> Option<&str> {
        self.hash_key.as_deref()
    }

    /// What a store can be made of.
    pub fn restored(self) -> Restored {
        let told = Untold::of(&self.state);
        let mut state = self.state;
        told.own.iter().for_each(|key| state.set_value(key, None));
        for key in &told.packaged {
            state.change_component(key, |layers| {
                let managed = layers.managed.iter_mut().map(|layer| &mut layer.content);
                for content in managed.chain(&mut layers.unmanaged) {
                    for name in ["default", "packaged"] {
                        // Under which key a hash was made is not kept.
                        if let Some(value) = content.value_mut(name).filter(|value| value.text().is_none()) {
                            *value = Value::Set;
                        }
                    }
                }
            });
        }
        let mut unshared = Vec::new();
        let mut incomplete = Vec::new();
        if self.texts != Texts::Known {
            let is_named = |principal: &str| self.texts == Texts::Partly && detail::is_named(principal);
            for (key, with) in state.shares().clone() {
                let nameless: Vec<_> = with.keys().filter(|principal| !is_named(principal)).collect();
                nameless.iter().for_each(|principal| state.set_share(&key, principal, None));
                unshared.extend((!nameless.is_empty()).then_some(key));
            }
            let is_told = |text: &str| match self.texts {
                Texts::Partly => detail::is_told(text),
                _ => detail::is_plain_parameter(text),
            };
            let connections = state.connections().iter();
            let is_known = |own: &Connection| own.parameters.values().all(|text| is_told(text));
            incomplete.extend(connections.filter(|(_, own)| !is_known(own)).map(|(id, _)| id.clone()));
            for id in &incomplete {
                let mut connection = state.connections()[id].clone();
                connection.parameters.retain(|_, text| is_told(text));
                state.set_connection(id, Some(connection));
            }
        }
        state.take_touched();
        Restored { state, unset: told.own, untold: told.packaged, unshared, incomplete }
    }
}

impl Environment for Snapshot {
    fn label(&self) -> &str {
        &self.label
    }

    fn state(&self) -> &State {
        &self.state
    }

    fn told(&self) -> Told<'_> {
        match self.texts {
            Texts::Known | Texts::Partly => Told::Known,
            Texts::Hashed => Told::Hashed(self.hash_key()),
            Texts::Unknown => Told::Unknown,
        }
    }

    fn change(
        &mut self,
        _: LogEntry,
        _: &mut dyn FnMut(&mut State, &mut LogEntry) -> Result<(), EnvironmentError>,
    ) -> Result<(), EnvironmentError> {
        Err(EnvironmentError::ReadOnly { label: self.label.clone() })
    }
}

/// A value as a snapshot of that detail says it.
fn told(value: &Value, detail: &Detail) -> Value {
    match (value, detail) {
        (Value::Known(_), Detail::Known) => value.clone(),
        (Value::Known(text), Detail::Hashed(key)) => Value::Hash(key.hash(text.reveal())),
        // Under which key another snapshot hashed it is not known.
        _ => Value::Set,
    }
}
