//! Layers that are to go, and what is gone with them: by an upgrade, an applied upgrade, an uninstallation.
//!
//! Read [`Removal`] first. Whether something forbids it is not known here.

use std::collections::{BTreeMap, BTreeSet};

use super::super::content::Content;
use super::super::state::{Layers, SolutionName, State};
use super::Outcome;
use crate::model::{ComponentKey, ComponentType};

/// Layers that are to go.
#[derive(Debug, Default)]
pub(super) struct Removal {
    layers: BTreeMap<ComponentKey, Taken>,
    /// Components that nothing brings any more.
    pub(super) gone: BTreeSet<ComponentKey>,
}

#[derive(Debug, Default)]
struct Taken {
    managed: BTreeSet<SolutionName>,
    unmanaged: bool,
}

/// Whose a layer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner<'l> {
    /// A managed solution.
    Managed(&'l str),
    /// The unmanaged layer.
    Unmanaged,
}

impl Owner<'_> {
    pub(super) fn words(self) -> String {
        match self {
            Self::Managed(solution) => solution.to_owned(),
            Self::Unmanaged => "the unmanaged layer".to_owned(),
        }
    }
}

impl Removal {
    /// The layer of a managed solution goes.
    pub(super) fn take_managed(&mut self, component: &ComponentKey, solution: &str) {
        self.layers.entry(component.clone()).or_default().managed.insert(SolutionName::new(solution));
    }

    /// The unmanaged layer goes.
    pub(super) fn take_unmanaged(&mut self, component: &ComponentKey) {
        self.layers.entry(component.clone()).or_default().unmanaged = true;
    }

    /// Finds what is gone then. `anew`: what is brought anew by the same step.
    pub(super) fn settle(&mut self, state: &State, anew: impl Fn(&ComponentKey) -> bool) {
        let is_gone = |key: &&ComponentKey| {
            let layers = state.components().get(*key).filter(|layers| layers.is_brought());
            layers.is_some_and(|layers| !anew(key) && self.remaining(key, layers).all(|(_, c)| c.held_only))
        };
        self.gone = self.layers.keys().filter(is_gone).cloned().collect();
    }

    /// The contents of a component that stay.
    pub(super) fn remaining<'l>(
        &self,
        key: &ComponentKey,
        layers: &'l Layers,
    ) -> impl Iterator<Item = (Owner<'l>, &'l Content)> {
        let taken = self.layers.get(key);
        let stays =
            move |solution: &str| taken.is_none_or(|t| !t.managed.contains(&SolutionName::new(solution)));
        owned(layers).filter(move |(owner, _)| match owner {
            Owner::Managed(solution) => stays(solution),
            Owner::Unmanaged => taken.is_none_or(|taken| !taken.unmanaged),
        })
    }

    /// Other identities of what is gone, which nobody knows afterwards.
    pub(super) fn identities(&self, state: &State) -> Vec<ComponentKey> {
        let aliases = |key| state.components().get(key).into_iter().flat_map(Layers::contents);
        let aliases = |key| aliases(key).flat_map(|content| content.aliases.iter().cloned());
        self.layers.keys().flat_map(|key| aliases(key).chain([key.clone()])).collect()
    }

    /// Takes the layers away and tells what is gone and what comes to the surface. `anew` as for [`Self::settle`].
    pub(super) fn apply(
        &self,
        state: &mut State,
        anew: impl Fn(&ComponentKey) -> bool,
        outcome: &mut Outcome,
    ) {
        for (key, taken) in &self.layers {
            let Some(layers) = state.components().get(key) else { continue };
            let was_brought = layers.is_brought();
            let before = surface(layers).map(|(owner, content)| (owner.words(), content.words.clone()));
            state.change_component(key, |layers| {
                layers.managed.retain(|layer| !taken.managed.contains(&SolutionName::new(&layer.solution)));
                if taken.unmanaged {
                    layers.unmanaged = None;
                }
            });
            if anew(key) {
                continue;
            }
            let layers = state.components().get(key);
            let is_gone = was_brought && !layers.is_some_and(Layers::is_brought);
            let after = layers.and_then(surface).map(|(owner, _)| owner.words());
            if is_gone || after.is_none() {
                forget(state, key);
            }
            match (before, after) {
                _ if is_gone => outcome.deleted.push(key.clone()),
                (Some((before, words)), Some(after)) if before != after => {
                    outcome.notes.push(format!("uncovered: {words} is now from {after}"));
                    outcome.changed.push(key.clone());
                }
                _ => {}
            }
        }
    }
}

/// Every layer with whose it is, the effective one not always last.
pub(super) fn owned(layers: &Layers) -> impl Iterator<Item = (Owner<'_>, &Content)> {
    let managed = layers.managed.iter().map(|layer| (Owner::Managed(&layer.solution), &layer.content));
    managed.chain(layers.unmanaged.iter().map(|content| (Owner::Unmanaged, content)))
}

/// The effective layer, and whose it is.
pub(super) fn surface(layers: &Layers) -> Option<(Owner<'_>, &Content)> {
    let brought = owned(layers).filter(|(_, content)| !content.held_only).last();
    brought.or_else(|| owned(layers).last())
}

/// What hangs on a component goes with it: the own value of a variable, what a connection reference is bound to, whether a flow
/// is on, who it is shared with.
fn forget(state: &mut State, key: &ComponentKey) {
    if key.kind == ComponentType::ENVIRONMENT_VARIABLE && state.values().contains_key(key) {
        state.set_value(key, None);
    }
    if state.bindings().contains_key(key) {
        state.set_binding(key, None);
    }
    if state.flows().contains_key(key) {
        state.set_flow(key, None);
    }
    let principals: Vec<String> =
        state.shares().get(key).into_iter().flatten().map(|(p, _)| p.clone()).collect();
    for principal in principals {
        state.set_share(key, &principal, None);
    }
}
