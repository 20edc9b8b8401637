//! What a plan, a check or a list of secrets is told of an environment: solutions that are there, and which connection
//! signs in with which credential.

use std::sync::Arc;

use super::state::State;
use crate::config::{Signer, SignsIn};
use crate::model::{ComponentKey, Place, Provided};

/// The solutions that an environment has, as `--provided` would say them.
pub fn provided(state: &State) -> Vec<Provided> {
    // A staged upgrade is there under a name of its own, which nothing may need.
    let installed = state.solutions().values().filter(|solution| solution.upgrade_of.is_none());
    installed
        .map(|solution| Provided {
            unique_name: solution.unique_name.clone(),
            version: Some(solution.version.clone()),
        })
        .collect()
}

/// Which connection reference signs in with which credential: those that are bound to a connection that does.
pub fn sign_ins(state: &State) -> impl Iterator<Item = (&ComponentKey, &ComponentKey)> {
    state.bindings().iter().filter_map(|(reference, connection)| {
        Some((reference, state.connections().get(connection)?.credential.as_ref()?))
    })
}

/// The same as `[[signs-in]]` would state it. `environment` is how messages name it.
pub fn signs_in(state: &State, environment: &str) -> Vec<SignsIn> {
    let place = Place::whole(&Arc::from(environment));
    sign_ins(state)
        .map(|(reference, credential)| SignsIn {
            signer: Signer::ConnectionReference(reference.key.to_string()),
            credential: credential.key.to_string(),
            place: place.clone(),
        })
        .collect()
}
