//! What an import means for the other solutions of a set: what one of them no longer has, or takes and gives otherwise, and
//! another one still uses or now brings.

use std::collections::BTreeMap;

use super::Diff;
use super::credential;
use super::held::Held;
use super::risk::{Interface, Level, NEEDED, Risk, runs, verb};
use crate::graph::brings;
use crate::model::{Component, ComponentKey, Details, Solution, Target};

/// A solution of both sides, and which comparison is about it.
pub(super) struct Both {
    pub(super) diff: usize,
    pub(super) left: Solution,
    pub(super) right: Solution,
    /// Desktop flows that are run in another way than before.
    pub(super) interfaces: Vec<Interface>,
}

/// The components of several solutions, by what they are and by what they use.
struct Index<'s> {
    solutions: Vec<&'s Solution>,
    holders: BTreeMap<&'s ComponentKey, Vec<usize>>,
    users: BTreeMap<&'s ComponentKey, Vec<(usize, &'s Component)>>,
}

impl<'s> Index<'s> {
    fn of(solutions: Vec<&'s Solution>) -> Self {
        let mut index = Self { holders: BTreeMap::new(), users: BTreeMap::new(), solutions };
        for (number, solution) in index.solutions.iter().enumerate() {
            for component in &solution.components {
                if brings(solution, component) {
                    index.holders.entry(&component.key).or_default().push(number);
                }
                for used in &component.uses {
                    let Target::Component(target) = &used.target else { continue };
                    let users = index.users.entry(target).or_default();
                    // Several references of one component come one after the other.
                    if users.last().is_none_or(|(_, last)| !std::ptr::eq(*last, component)) {
                        users.push((number, component));
                    }
                }
            }
        }
        index
    }

    /// The first other solution that brings a component.
    fn holder(&self, key: &ComponentKey, own: usize) -> Option<&'s Solution> {
        let number = self.holders.get(key)?.iter().find(|number| **number != own)?;
        Some(self.solutions[*number])
    }

    /// Components of other solutions that use one and are another.
    fn users(&self, key: &ComponentKey, own: usize) -> impl Iterator<Item = (&'s Solution, &'s Component)> {
        let users = self.users.get(key).into_iter().flatten();
        let others = users.filter(move |(number, user)| *number != own && user.key != *key);
        others.map(|(number, user)| (self.solutions[*number], *user))
    }
}

/// Credentials of other solutions that take a column from a variable which names another secret than before.
fn secrets(own: &Both, number: usize, index: &Index<'_>, risks: &mut Vec<Risk>) {
    let before: BTreeMap<&ComponentKey, &Details> =
        own.left.components.iter().map(|component| (&component.key, &component.details)).collect();
    for after in &own.right.components {
        let (Some(Details::EnvironmentVariable(old)), Details::EnvironmentVariable(new)) =
            (before.get(&after.key), &after.details)
        else {
            continue;
        };
        let Some(secrets) = credential::other_secret(old, new) else { continue };
        for (other, user) in index.users(&after.key, number) {
            risks.extend(credential::filled_by(user, &after.key).map(|column| {
                let words = format!(
                    "{} of {} takes its {column} from {} of {}: {secrets}",
                    user.described(),
                    other.manifest.unique_name,
                    after.described(),
                    own.right.manifest.unique_name,
                );
                Risk::new(Level::Note, Some(user.key.clone()), words)
            }));
        }
    }
}

/// Adds what follows for other solutions; `alone`: those that only the second side has. Gives what follows from those that only
/// the first side has.
pub(super) fn across(diffs: &mut [Diff], both: &[Both], alone: &[Solution], gone: &[Solution]) -> Vec<Risk> {
    let index = Index::of(both.iter().map(|both| &both.right).chain(alone).collect());
    for (number, own) in both.iter().enumerate() {
        if !diffs[own.diff].differs {
            continue;
        }
        let risks = &mut diffs[own.diff].risks;
        let name = &own.right.manifest.unique_name;
        let held = Held::of(&own.right);
        let gone = own.left.components.iter().filter(|component| NEEDED.contains(&component.key.kind));
        for gone in gone.filter(|component| !held.has(component)) {
            if let Some(holder) = index.holder(&gone.key, number) {
                // Nothing is lost: the component goes from one layer to another.
                risks.retain(|risk| {
                    risk.level != Level::Deletes || risk.component.as_ref() != Some(&gone.key)
                });
                let words = format!(
                    "{} is in {} now: import that one before, so that it is never gone",
                    gone.described(),
                    holder.manifest.unique_name
                );
                risks.push(Risk::new(Level::Action, Some(gone.key.clone()), words));
                continue;
            }
            for (other, user) in index.users(&gone.key, number) {
                let words = format!(
                    "{} of {} still {} {}, which {name} no longer has",
                    user.described(),
                    other.manifest.unique_name,
                    verb(user, gone),
                    gone.described(),
                );
                risks.push(Risk::new(Level::Action, Some(user.key.clone()), words));
            }
        }
        for changed in &own.interfaces {
            let users = index.users(&changed.desktop_flow, number);
            for (other, caller) in users.filter(|(_, caller)| runs(caller, &changed.desktop_flow)) {
                let words = format!(
                    "{} of {} runs {} of {name}, of which the {} changed",
                    caller.described(),
                    other.manifest.unique_name,
                    changed.described,
                    changed.what,
                );
                risks.push(Risk::new(Level::Action, Some(caller.key.clone()), words));
            }
        }
        secrets(own, number, &index, risks);
        risks.sort_by_key(|risk| risk.level);
    }
    gone.iter().flat_map(|solution| gone_with(solution, &index)).collect()
}

/// What solutions that stay still use of one that is gone, unless another one brings it.
fn gone_with(solution: &Solution, index: &Index<'_>) -> Vec<Risk> {
    let name = &solution.manifest.unique_name;
    let mut risks = Vec::new();
    for gone in solution.components.iter().filter(|component| NEEDED.contains(&component.key.kind)) {
        if !brings(solution, gone) || index.holders.contains_key(&gone.key) {
            continue;
        }
        for (other, user) in index.users(&gone.key, usize::MAX) {
            let words = format!(
                "{} of {} still {} {} of {name}, which is gone",
                user.described(),
                other.manifest.unique_name,
                verb(user, gone),
                gone.described(),
            );
            risks.push(Risk::new(Level::Action, Some(user.key.clone()), words));
        }
    }
    risks
}
