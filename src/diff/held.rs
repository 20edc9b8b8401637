//! What a package has, under whichever of its identities.

use std::collections::BTreeSet;

use crate::model::{Component, ComponentKey, Solution};

/// The identities of all components of a package.
pub(super) struct Held<'s>(BTreeSet<&'s ComponentKey>);

impl<'s> Held<'s> {
    pub(super) fn of(solution: &'s Solution) -> Self {
        Self(solution.components.iter().flat_map(identities).collect())
    }

    /// Whether the package has a component, under whichever of its identities.
    pub(super) fn has(&self, component: &Component) -> bool {
        identities(component).any(|key| self.0.contains(key))
    }
}

fn identities(component: &Component) -> impl Iterator<Item = &ComponentKey> {
    component.aliases.iter().chain([&component.key])
}
