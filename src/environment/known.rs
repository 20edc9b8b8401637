//! What a plan, a check or a list of secrets is told of an environment: solutions that are there, which connection signs in
//! with which credential, and which values win there.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::import::{Origin, effective_value};
use super::state::State;
use crate::config::{Signer, SignsIn};
use crate::model::{ComponentKey, Details, Masked, Place, Provided, Relation, Solution, Target};

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

/// Gives the variables of a set the values that win in an environment: what was set there always, what came with a solution
/// where no package of the set has a value. Returns those of which the environment only says that there is one.
pub fn take_values(state: &State, environment: &str, set: &mut [Solution]) -> BTreeSet<ComponentKey> {
    let place = Place::whole(&Arc::from(environment));
    let packaged: BTreeSet<ComponentKey> = set.iter().flat_map(with_packaged_value).collect();
    let mut unknown = BTreeSet::new();
    for component in set.iter_mut().flat_map(|solution| &mut solution.components) {
        let Details::EnvironmentVariable(variable) = &mut component.details else { continue };
        let Some((value, origin)) = effective_value(state, &component.key) else { continue };
        let wins = match origin {
            Origin::Own => true,
            Origin::Unmanaged | Origin::Managed { .. } => !packaged.contains(&component.key),
            Origin::Default => false,
        };
        match value.text() {
            _ if !wins => {}
            Some(text) => variable.take_value(Masked::new(text), &place),
            None => drop(unknown.insert(component.key.clone())),
        }
    }
    unknown
}

/// The variables of which a package carries a value, with the definition or apart from it.
fn with_packaged_value(solution: &Solution) -> impl Iterator<Item = ComponentKey> {
    solution.components.iter().filter_map(|component| match &component.details {
        Details::EnvironmentVariable(variable) => variable.value.is_some().then(|| component.key.clone()),
        Details::EnvironmentVariableValue(value) if value.value.is_some() => {
            component.uses.iter().find_map(|used| match &used.target {
                Target::Component(key) if used.relation == Relation::VariableValueOf => Some(key.clone()),
                _ => None,
            })
        }
        _ => None,
    })
}
