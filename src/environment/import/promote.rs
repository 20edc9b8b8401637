//! A staged upgrade is applied (`DeleteAndPromote`, [D IMPX]): the old version goes with its patches, what only they had is deleted, and the
//! solution that held the upgrade takes the name and the place of the old one. Refused while something needs what would go.

use super::super::state::State;
use super::checked::{patches, staged};
use super::effects::put_in_order;
use super::flows::settle_flows;
use super::removal::Removal;
use super::{FlowChange, Outcome, Refusal, needed};
use crate::model::{ComponentKey, DataverseError};

/// Applies the staged upgrade of a solution, which is named by itself or by the one that holds the upgrade.
///
/// # Errors
/// Why it cannot be applied; then nothing is changed.
pub fn promote(state: &mut State, unique_name: &str) -> Result<Outcome, Vec<Refusal>> {
    let named = state.solution(unique_name).and_then(|solution| solution.upgrade_of.clone());
    let base = named.unwrap_or_else(|| unique_name.to_owned());
    let old = super::uninstall::installed(state, &base)?.clone();
    let Some(holding) = staged(state, &base).cloned() else {
        let words = format!("no upgrade of {} is staged", old.unique_name);
        return Err(vec![Refusal::new("no-staged-upgrade", None, words)]);
    };
    let leaving: Vec<String> = patches(state, &base).map(|patch| patch.unique_name.clone()).collect();
    let mut removal = Removal::default();
    for solution in leaving.iter().chain([&old.unique_name]) {
        for key in state.held_by(solution) {
            removal.take_managed(key, solution);
        }
    }
    removal.settle(state, |_| false);
    let error = DataverseError::UNINSTALL_WITH_DEPENDENCIES;
    let refusals = needed::broken(state, &removal, None, "component-in-use", error);
    if !refusals.is_empty() {
        return Err(refusals);
    }

    let mut reached = removal.identities(state);
    let mut solution = holding.clone();
    solution.unique_name = holding.upgrade_of.clone().unwrap_or(base);
    solution.upgrade_of = None;
    solution.sequence = old.sequence;
    let mut outcome = Outcome::new(solution.clone(), Some(old.version.clone()));
    let kept: Vec<ComponentKey> = state.held_by(&holding.unique_name).cloned().collect();
    removal.apply(state, |key| kept.binary_search(key).is_ok(), &mut outcome);
    for patch in &leaving {
        state.set_solution(patch, None);
        outcome.notes.push(format!("rolled up: patch {patch} is gone"));
    }
    state.set_solution(&holding.unique_name, None);
    state.set_solution(&solution.unique_name, Some(solution.clone()));
    for key in kept {
        state.change_component(&key, |layers| {
            for layer in layers.managed.iter_mut().filter(|layer| layer.solution == holding.unique_name) {
                layer.solution.clone_from(&solution.unique_name);
            }
        });
        put_in_order(state, &key);
        outcome.unchanged.push(key.clone());
        reached.push(key);
    }
    outcome.notes.extend(settle_flows(state, reached).iter().filter_map(FlowChange::note));
    Ok(outcome)
}
