//! Connections themselves: made, found, deleted, and how output shows their names.

use uuid::Uuid;

use super::super::content::Facts;
use super::super::state::{Connection, State};
use super::binding::{connector_of, set_binding};
use super::sign_in::{RUN_OWNER, TARGET};
use super::{Bound, ConnectError, ParameterSet, bound_to, fits};
use crate::model::{
    ComponentKey, ComponentType, CredentialUse, DESKTOP_FLOWS, MASK, UserNameForm, connection_id, shown_name,
};

/// The namespace of the ids of connections that solship makes; nothing else uses it.
const NAMESPACE: Uuid = Uuid::from_u128(0x5b0e_93f1_7c2a_4d86_8e15_20b9_64d7_aa3c);

/// Connections of desktop flows made before this day should be signed in again (Microsoft's article on credentials in
/// Azure Key Vault: those made before April 2024).
const UPDATED_SINCE: &str = "2024-04-01";

/// A connection that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewConnection<'n> {
    /// Its id; none: one is made of everything else.
    pub id: Option<&'n str>,
    /// `shared_x`, or the whole id of the connector.
    pub connector: &'n str,
    /// Display name.
    pub name: &'n str,
    /// Today, `2026-11-29`; none where that is not known.
    pub created: Option<&'n str>,
    /// How messages name the environment: two environments do not give one id to two connections.
    pub environment: &'n str,
}

/// Makes a connection; gives its id.
///
/// # Errors
/// When the id is none or in use, or name, connector or day are none.
pub fn create(state: &mut State, new: &NewConnection<'_>) -> Result<String, ConnectError> {
    let name = new.name.trim();
    if name.is_empty() {
        return Err(ConnectError::NoName);
    }
    let connector = new.connector.trim().rsplit('/').next().unwrap_or_default().to_lowercase();
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    if connector.is_empty() || !connector.chars().all(is_plain) {
        return Err(ConnectError::NotAConnector { connector: new.connector.to_owned() });
    }
    let created = new.created.map(day).transpose()?;
    let id = match new.id {
        Some(id) => {
            let own = connection_id(id).ok_or_else(|| ConnectError::NotAnId { id: id.to_owned() })?;
            if state.connections().contains_key(&own) {
                return Err(ConnectError::Taken { id: own });
            }
            refuse_other_connector(state, &own, &connector)?;
            own
        }
        None => free_id(state, &[new.environment, &connector, name, new.created.unwrap_or_default()]),
    };
    let connection = Connection {
        connector,
        name: name.to_owned(),
        created,
        updated: None,
        parameter_set: None,
        parameters: Default::default(),
        credential: None,
    };
    state.set_connection(&id, Some(connection));
    Ok(id)
}

/// Settings may have bound references to an id before the connection is made: it must be one of their connector.
fn refuse_other_connector(state: &State, id: &str, connector: &str) -> Result<(), ConnectError> {
    for reference in bound_to(state, id) {
        let asked = connector_of(state, reference);
        if let Some(asked) = asked.filter(|asked| !fits(asked, connector)) {
            return Err(ConnectError::BoundAlready {
                id: id.to_owned(),
                reference: reference.clone(),
                asked: asked.to_owned(),
            });
        }
    }
    Ok(())
}

/// A GUID that no connection has, and to which nothing is bound: the same for the same texts in the same environment.
fn free_id(state: &State, texts: &[&str]) -> String {
    let text = texts.join("\n");
    let id = |number: usize| Uuid::new_v5(&NAMESPACE, format!("{text}\n{number}").as_bytes()).to_string();
    let is_free = |id: &String| !state.connections().contains_key(id) && bound_to(state, id).next().is_none();
    // There are fewer connections and bindings than numbers: one of the ids is free.
    (0..=state.connections().len() + state.bindings().len()).map(id).find(is_free).unwrap_or_default()
}

/// A day as it is kept; the calendar is not asked.
pub(super) fn day(text: &str) -> Result<String, ConnectError> {
    let is_day = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if is_day { Ok(text.to_owned()) } else { Err(ConnectError::NotADay { day: text.to_owned() }) }
}

/// The id of the connection with that id, or with that display name.
///
/// # Errors
/// When there is none, or several have the name.
pub fn find<'s>(state: &'s State, written: &str) -> Result<&'s str, ConnectError> {
    let written = written.trim();
    let own = connection_id(written).unwrap_or_else(|| written.to_lowercase());
    if let Some((id, _)) = state.connections().get_key_value(&own) {
        return Ok(id);
    }
    let has_name = |name: &str| name.to_lowercase() == written.to_lowercase();
    let mut named = state
        .connections()
        .iter()
        .filter(|(id, connection)| id.eq_ignore_ascii_case(written) || has_name(&connection.name));
    match (named.next(), named.count()) {
        (Some((id, _)), 0) => Ok(id),
        (None, _) => Err(ConnectError::NoConnection { connection: shown(written) }),
        (_, more) => Err(ConnectError::SeveralConnections { count: more + 1 }),
    }
}

/// Deletes a connection; with `free` also where connection references are bound to it, which are free then.
///
/// # Errors
/// When there is none, or it is in use and `free` is not said.
pub fn delete(state: &mut State, id: &str, free: bool) -> Result<Vec<Bound>, ConnectError> {
    if !state.connections().contains_key(id) {
        return Err(ConnectError::NoConnection { connection: id.to_owned() });
    }
    let references: Vec<ComponentKey> = bound_to(state, id).cloned().collect();
    if !references.is_empty() && !free {
        return Err(ConnectError::InUse { id: id.to_owned(), references });
    }
    let freed = references.into_iter().map(|reference| set_binding(state, reference, None)).collect();
    state.set_connection(id, None);
    Ok(freed)
}

/// The connections that should be signed in again because of their age: those of desktop flows that sign in with a
/// credential. Their ids.
pub fn outdated(state: &State) -> impl Iterator<Item = (&str, &Connection)> {
    let is_old = |connection: &Connection| {
        let last = connection.updated.as_deref().or(connection.created.as_deref());
        connection.credential.is_some() && last.is_some_and(|day| day < UPDATED_SINCE)
    };
    let connections = state.connections().iter().filter(move |(_, connection)| is_old(connection));
    connections.map(|(id, connection)| (&**id, connection))
}

/// What a connection of desktop flows lacks, so that no flow runs with it; each as a sentence ends.
pub fn lacks(state: &State, connection: &Connection) -> Vec<String> {
    if !connection.connector.eq_ignore_ascii_case(DESKTOP_FLOWS) {
        return Vec::new();
    }
    let set = connection.parameter_set.as_deref().and_then(|set| set.parse::<ParameterSet>().ok());
    // One without a set is of the gateway, where it has parameters; a set that is not known says nothing.
    let Some(set) = set else {
        let is_unsaid = connection.parameter_set.is_none()
            && connection.parameters.is_empty()
            && connection.credential.is_none();
        return is_unsaid.then(|| "does not say how it signs in".to_owned()).into_iter().collect();
    };
    let has = |name: &str| connection.parameters.get(name).is_some_and(|text| !text.is_empty());
    let mut lacks = Vec::new();
    if set != ParameterSet::PasswordlessAttended {
        match &connection.credential {
            Some(credential) if state.component(credential).is_none() => {
                lacks.push("signs in with a credential that is not there".to_owned());
            }
            Some(credential) if !is_for_connections(state, credential) => {
                lacks.push("signs in with a credential that may not be used for connections".to_owned());
            }
            None if !has("username") => lacks.push("signs in with no credential".to_owned()),
            _ => {}
        }
        if !has(TARGET) {
            lacks.push(format!("names no machine ({TARGET})"));
        }
    }
    if set == ParameterSet::AzureRelayRunOwner && !has(RUN_OWNER) {
        lacks.push(format!("names no run owner ({RUN_OWNER})"));
    }
    lacks
}

fn is_for_connections(state: &State, credential: &ComponentKey) -> bool {
    match state.component(credential).and_then(|(_, layers)| layers.effective()).map(|own| &own.facts) {
        Some(Facts::Credential { uses, .. }) => CredentialUse::are_for_connections(uses),
        _ => true,
    }
}

/// The name of a connection as output shows it: people and the platform name connections after accounts.
pub fn shown(name: &str) -> String {
    match UserNameForm::of(name.trim(), false) {
        Some(UserNameForm::Domain) => MASK.to_owned(),
        _ => shown_name(&ComponentType::CONNECTION_REFERENCE, name.to_owned()),
    }
}
