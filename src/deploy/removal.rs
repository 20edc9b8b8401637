//! Solutions leave an environment: in which order, and whether they can.

use std::collections::{BTreeMap, BTreeSet};

use super::run::{Prepared, Task};
use super::{Action, Deployment, DeploymentState, Part, Step, StepState, identity, lost_sign_ins, preflight};
use crate::environment::State;
use crate::environment::import::{Refusal, uninstall};
use crate::graph::most_alike;
use crate::model::{Finding, sort_findings};

/// So many names that are much like one are told.
const PROPOSED: usize = 3;

/// How solutions leave.
#[derive(Debug, Clone, Copy, Default)]
pub struct RemovalOptions {
    /// The order of the names is kept; else one in which none is needed any more is worked out.
    pub in_order: bool,
    /// What an unmanaged solution alone holds is deleted with it.
    pub delete_components: bool,
}

/// Rehearses that solutions leave. A name that stands twice counts once; one of nothing that is there is only told.
pub fn prepare_removal<'c>(
    label: &str,
    state: &State,
    names: &[String],
    options: RemovalOptions,
) -> Prepared<'c> {
    let mut seen = BTreeSet::new();
    let named = names.iter().filter(|name| seen.insert(name.to_lowercase()));
    // What has left already is not in the way: a second run has nothing to do.
    let (mut left, absent): (Vec<&String>, Vec<&String>) =
        named.partition(|name| state.solution(name).is_some());
    let nearest = nearest(state, &absent, names);
    if !options.in_order {
        // What was installed last is most likely needed by nothing.
        let sequence = |name: &str| state.solution(name).map(|there| there.sequence);
        left.sort_by_key(|name| std::cmp::Reverse(sequence(name)));
    }
    let mut rehearsed = state.clone();
    let mut steps = Vec::new();
    let mut findings: Vec<Finding> = Vec::new();
    while !left.is_empty() {
        let mut waiting: Vec<(&String, Vec<Refusal>)> = Vec::new();
        let before = left.len();
        for name in left {
            match try_one(state, &mut rehearsed, label, name, options) {
                Ok(step) => steps.push(step),
                Err(refusals) => waiting.push((name, refusals)),
            }
        }
        // As long as one left, what it needed may leave too.
        if options.in_order || waiting.len() == before {
            for (name, refusals) in &waiting {
                if let Some(there) = rehearsed.solution(name) {
                    let mut step = Step::new(identity(there, label), Action::Uninstall);
                    step.state = StepState::Refused;
                    steps.push(step);
                }
                findings.extend(refusals.iter().map(|refusal| preflight::of_refusal(label, name, refusal)));
            }
            break;
        }
        left = waiting.into_iter().map(|(name, _)| name).collect();
    }
    sort_findings(&mut findings);
    let state = if findings.is_empty() { DeploymentState::Planned } else { DeploymentState::Refused };
    let tasks =
        steps.iter().map(|_| Task::Uninstall { delete_components: options.delete_components }).collect();
    let absent: Vec<String> = absent.into_iter().cloned().collect();
    Prepared {
        deployment: Deployment { environment: label.to_owned(), state, steps, absent, nearest, findings },
        tasks,
    }
}

/// By name, the solutions that are there, not named themselves, and called nearly so: the name may be mistyped.
fn nearest(state: &State, absent: &[&String], names: &[String]) -> BTreeMap<String, Vec<String>> {
    let is_named = |name: &str| names.iter().any(|named| named.eq_ignore_ascii_case(name));
    let there: Vec<&String> =
        state.solutions().values().map(|there| &there.unique_name).filter(|name| !is_named(name)).collect();
    let of = |name: &String| {
        let candidates = there.iter().map(|there| (*there, [Some((*there).clone())]));
        let alike = most_alike(name, candidates, |there| *there);
        alike.into_iter().take(PROPOSED).cloned().collect::<Vec<_>>()
    };
    let found = absent.iter().map(|name| ((*name).clone(), of(name)));
    found.filter(|(_, alike)| !alike.is_empty()).collect()
}

fn try_one(
    before: &State,
    state: &mut State,
    label: &str,
    name: &str,
    options: RemovalOptions,
) -> Result<Step, Vec<Refusal>> {
    let outcome = uninstall(state, name, options.delete_components)?;
    let mut step = Step::new(identity(&outcome.solution, label), Action::Uninstall);
    step.before = outcome.before;
    step.deleted = Part::all(before, &outcome.deleted);
    step.changed = Part::all(before, &outcome.changed);
    step.notes = outcome.notes;
    step.notes.extend(lost_sign_ins(state, &outcome.deleted));
    Ok(step)
}
