//! What an import means for the other solutions of a set: what one of them no longer has, and another one still uses or now
//! brings.

use std::collections::BTreeSet;

use super::Diff;
use super::risk::{Level, NEEDED, Risk, uses, verb};
use crate::graph::brings;
use crate::model::{Component, ComponentKey, Solution};

/// A solution of both sides, and which comparison is about it.
pub(super) struct Both {
    pub(super) diff: usize,
    pub(super) left: Solution,
    pub(super) right: Solution,
}

/// Adds what follows for other solutions; `alone`: those that only the second side has.
pub(super) fn across(diffs: &mut [Diff], both: &[Both], alone: &[Solution]) {
    let rights: Vec<&Solution> = both.iter().map(|both| &both.right).chain(alone).collect();
    for own in both {
        if !diffs[own.diff].differs {
            continue;
        }
        let known: BTreeSet<&ComponentKey> = own.right.components.iter().flat_map(identities).collect();
        let is_gone = |component: &&Component| {
            NEEDED.contains(&component.key.kind) && !identities(component).any(|key| known.contains(key))
        };
        for gone in own.left.components.iter().filter(is_gone) {
            let others = rights.iter().filter(|other| !std::ptr::eq(**other, &own.right));
            let (mut holders, mut users) = (Vec::new(), Vec::new());
            for other in others {
                for component in &other.components {
                    if component.key == gone.key && brings(other, component) {
                        holders.push(*other);
                    } else if uses(component, gone) {
                        users.push((*other, component));
                    }
                }
            }
            let risks = &mut diffs[own.diff].risks;
            if let Some(holder) = holders.first() {
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
            for (other, user) in users {
                let words = format!(
                    "{} of {} still {} {}, which {} no longer has",
                    user.described(),
                    other.manifest.unique_name,
                    verb(user, gone),
                    gone.described(),
                    own.right.manifest.unique_name
                );
                risks.push(Risk::new(Level::Action, Some(user.key.clone()), words));
            }
        }
        diffs[own.diff].risks.sort_by_key(|risk| risk.level);
    }
}

fn identities(component: &Component) -> impl Iterator<Item = &ComponentKey> {
    component.aliases.iter().chain([&component.key])
}
