//! Connection references are bound to connections, and freed.

use super::super::content::Facts;
use super::super::import::{FlowChange, settle_flows};
use super::super::state::State;
use super::ConnectError;
use crate::model::{ComponentKey, ComponentType, custom_api};

/// What binding a connection reference, or freeing it, did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The connection reference, as the environment spells it.
    pub reference: ComponentKey,
    /// The connection that it was bound to before.
    pub before: Option<String>,
    /// The flows that use it, and which of them are on now: one whose last missing reference this was goes on.
    pub flows: Vec<FlowChange>,
}

/// The connection references that are bound to a connection.
pub fn bound_to<'s>(state: &'s State, id: &'s str) -> impl Iterator<Item = &'s ComponentKey> {
    state.bindings().iter().filter(move |(_, connection)| *connection == id).map(|(reference, _)| reference)
}

/// Binds a connection reference to a connection of its connector.
///
/// # Errors
/// When one of the two is not there, or the connectors differ.
pub fn bind(state: &mut State, reference: &ComponentKey, id: &str) -> Result<Bound, ConnectError> {
    let connection = state
        .connections()
        .get(id)
        .ok_or_else(|| ConnectError::NoConnection { connection: id.to_owned() })?;
    let no_reference = || ConnectError::NoReference { reference: reference.clone() };
    let (key, _) = state.component(reference).ok_or_else(no_reference)?;
    let connector = connector_of(state, key).ok_or_else(no_reference)?;
    if !fits(connector, &connection.connector) {
        return Err(ConnectError::OtherConnector {
            reference: key.clone(),
            asked: connector.to_owned(),
            found: connection.connector.clone(),
        });
    }
    let key = key.clone();
    Ok(set_binding(state, key, Some(id.to_owned())))
}

/// Of which connector a connection reference is.
pub(super) fn connector_of<'s>(state: &'s State, reference: &ComponentKey) -> Option<&'s str> {
    // One that is only held is of another solution, which is not there.
    match &state.components().get(reference).filter(|layers| layers.is_brought())?.effective()?.facts {
        Facts::ConnectionReference { connector } => Some(connector),
        _ => None,
    }
}

/// Frees a connection reference.
///
/// # Errors
/// When it is not in the environment.
pub fn free(state: &mut State, reference: &ComponentKey) -> Result<Bound, ConnectError> {
    let known = state.component(reference).map(|(key, _)| key);
    let known = known.or_else(|| state.bindings().get_key_value(reference).map(|(key, _)| key));
    let key = known.cloned().ok_or_else(|| ConnectError::NoReference { reference: reference.clone() })?;
    Ok(set_binding(state, key, None))
}

pub(super) fn set_binding(state: &mut State, reference: ComponentKey, connection: Option<String>) -> Bound {
    let before = state.bindings().get(&reference).cloned();
    if before != connection {
        state.set_binding(&reference, connection);
    }
    let flows = settle_flows(state, [reference.clone()]);
    Bound { reference, before, flows }
}

/// Whether a connection of one connector serves a reference of another: the same, or the same custom connector, to whose
/// name each environment adds something of its own.
pub fn fits(asked: &str, found: &str) -> bool {
    let custom = custom_api(asked);
    asked.eq_ignore_ascii_case(found) || (custom.is_some() && custom == custom_api(found))
}

/// A connection reference by its logical name.
pub fn reference(logical_name: &str) -> ComponentKey {
    ComponentKey::new(ComponentType::CONNECTION_REFERENCE, logical_name)
}
