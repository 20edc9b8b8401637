//! A solution leaves an environment.
//!
//! A managed solution takes its layers with it ([D removing-dependencies]): what has no other layer is deleted, of the rest
//! the next layer comes to the surface. An unmanaged solution is a container only; what it holds stays, unless it is asked for
//! to be deleted, and then only what no other solution holds. An unmanaged layer keeps a component alive (inferred).
//! Refused while something depends on what would go, while a solution declares that it needs this one, while a patch hangs on it
//! (inferred: the platform locks a parent with patches) or an upgrade of it is staged.

use super::super::state::{InstalledSolution, State};
use super::checked::{patches, staged};
use super::flows::settle_flows;
use super::removal::Removal;
use super::{Outcome, Refusal, needed};
use crate::model::DataverseError;

const IN_USE: &str = "component-in-use";

/// Takes a solution away.
///
/// # Errors
/// Why it has to stay; then nothing is changed.
pub fn uninstall(
    state: &mut State,
    unique_name: &str,
    delete_components: bool,
) -> Result<Outcome, Vec<Refusal>> {
    let solution = installed(state, unique_name)?.clone();
    let name = &solution.unique_name;
    let mut removal = Removal::default();
    for key in state.held_by(name) {
        if solution.managed {
            removal.take_managed(key, name);
        } else if delete_components
            && state.components().get(key).is_some_and(|layers| layers.unmanaged_in.len() == 1)
        {
            removal.take_unmanaged(key);
        }
    }
    removal.settle(state, |_| false);
    let mut refusals = hanging(state, &solution);
    let error = match solution.managed {
        true => DataverseError::UNINSTALL_WITH_DEPENDENCIES,
        false => DataverseError::COMPONENT_IN_USE,
    };
    refusals.extend(needed::broken(state, &removal, None, IN_USE, error));
    if !refusals.is_empty() {
        return Err(refusals);
    }

    let reached = removal.identities(state);
    let mut outcome = Outcome::new(solution.clone(), Some(solution.version.clone()));
    if !solution.managed {
        let held: Vec<_> = state.held_by(name).cloned().collect();
        for key in held {
            state.change_component(&key, |layers| {
                layers.unmanaged_in.retain(|other| !other.eq_ignore_ascii_case(name));
            });
        }
    }
    removal.apply(state, |_| false, &mut outcome);
    state.set_solution(name, None);
    outcome.notes.extend(settle_flows(state, reached).iter().filter_map(super::FlowChange::note));
    Ok(outcome)
}

/// The solution of that name.
pub(super) fn installed<'s>(
    state: &'s State,
    unique_name: &str,
) -> Result<&'s InstalledSolution, Vec<Refusal>> {
    let missing =
        || vec![Refusal::new("not-installed", None, format!("{unique_name} is not in the environment"))];
    state.solution(unique_name).ok_or_else(missing)
}

/// What hangs on the solution itself.
fn hanging(state: &State, solution: &InstalledSolution) -> Vec<Refusal> {
    let name = &solution.unique_name;
    let mut refusals = Vec::new();
    for patch in patches(state, name) {
        let words = format!("{name} has the patch {}: uninstall that first", patch.unique_name);
        refusals.push(Refusal::new("patch-hangs-on-it", None, words));
    }
    if let Some(holding) = staged(state, name) {
        let words = format!(
            "an upgrade of {name} is staged as {}: apply or uninstall that first",
            holding.unique_name
        );
        refusals.push(Refusal::new("upgrade-staged", None, words));
    }
    // The components of an unmanaged solution stay when it goes.
    if solution.managed || solution.provided {
        let is_named = |other: &String| other.eq_ignore_ascii_case(name);
        for other in state.hanging_on(name).filter(|other| other.needs.keys().any(is_named)) {
            let words = format!("{} was declared to need {name}", other.unique_name);
            let error = DataverseError::UNINSTALL_WITH_DEPENDENCIES;
            refusals.push(Refusal::new("solution-needed", error, words));
        }
    }
    refusals
}
