//! What the rules look at: a state, a package, what the import would be, and what it would take away.
//!
//! Read [`Checked`] first.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::super::state::{InstalledSolution, SolutionName, State};
use super::declared::{Declared, Verdict};
use super::removal::{Owner, Removal};
use super::{ImportOptions, Incoming, Mode, holding_name};
use crate::model::{ComponentKey, Version};

/// What an import is to an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A managed solution that was not there.
    Install,
    /// A managed solution in place of its old version and its patches.
    Upgrade,
    /// A managed solution over its old version.
    Update,
    /// A managed solution beside its old version.
    Stage,
    /// An unmanaged solution, new or not.
    Unmanaged,
}

/// In which layers a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// In a managed one, or no layers are kept of what has it.
    Managed,
    /// In the unmanaged one only.
    Unmanaged,
}

/// What the rules look at.
#[derive(Debug)]
pub(super) struct Checked<'c> {
    pub(super) state: &'c State,
    pub(super) incoming: &'c Incoming,
    pub(super) mode: Mode,
    pub(super) kind: Kind,
    /// The solution of that name that is there, unless it was only said to be.
    pub(super) existing: Option<&'c InstalledSolution>,
    pub(super) removal: Removal,
    /// The missing dependencies.
    pub(super) declared: Vec<Declared<'c>>,
    /// Every key that a missing dependency names as needed: those are judged there.
    declared_keys: HashSet<&'c ComponentKey>,
}

/// What an import that breaks no rule takes from its check.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) kind: Kind,
    pub(super) removal: Removal,
    /// As of [`InstalledSolution::needs`].
    pub(super) needs: BTreeMap<String, Option<Version>>,
    /// As of [`InstalledSolution::assumed`].
    pub(super) assumed: BTreeSet<ComponentKey>,
}

impl<'c> Checked<'c> {
    pub(super) fn new(state: &'c State, incoming: &'c Incoming, options: &ImportOptions) -> Self {
        let existing = state.solution(&incoming.unique_name).filter(|solution| !solution.provided);
        let kind = match (existing, options.mode) {
            _ if !incoming.managed => Kind::Unmanaged,
            (None, _) => Kind::Install,
            _ if incoming.parent.is_some() => Kind::Update,
            (_, Mode::Usual | Mode::Upgrade) => Kind::Upgrade,
            (_, Mode::Update) => Kind::Update,
            (_, Mode::Stage) => Kind::Stage,
        };
        let mut checked = Self {
            state,
            incoming,
            mode: options.mode,
            kind,
            existing,
            removal: Removal::default(),
            declared: Vec::new(),
            declared_keys: incoming.missing.iter().flat_map(|row| &row.required.keys).collect(),
        };
        let is_provided = state.solution(&incoming.unique_name).is_some_and(|there| there.provided);
        if kind == Kind::Upgrade {
            checked.removal = replaced(state, incoming, patches(state, &incoming.unique_name));
        } else if is_provided {
            // What was only said to be there becomes what the package has.
            checked.removal = replaced(state, incoming, std::iter::empty());
        }
        checked.declared = incoming.missing.iter().map(|row| Declared::new(&checked, row)).collect();
        checked
    }

    /// Whether and where the environment will have a component, without what this import takes away.
    pub(super) fn presence(&self, key: &ComponentKey) -> Option<Presence> {
        let mut found = None;
        for (key, layers) in self.state.known_as(key).filter(|(key, _)| !self.removal.gone.contains(*key)) {
            for (owner, _) in self.removal.remaining(key, layers).filter(|(_, content)| !content.held_only) {
                match owner {
                    Owner::Managed(_) => return Some(Presence::Managed),
                    Owner::Unmanaged => found = Some(Presence::Unmanaged),
                }
            }
        }
        found
    }

    /// Whether a missing dependency names the component as needed.
    pub(super) fn is_declared(&self, key: &ComponentKey) -> bool {
        self.declared_keys.contains(key)
    }

    /// Patches of the solution that are there.
    pub(super) fn patches(&self) -> impl Iterator<Item = &'c InstalledSolution> {
        patches(self.state, &self.incoming.unique_name)
    }

    /// The solution that holds a staged upgrade of that one.
    pub(super) fn holding(&self) -> Option<&'c InstalledSolution> {
        staged(self.state, &self.incoming.unique_name)
    }

    /// What the import itself needs, when no rule is broken.
    pub(super) fn settle(self) -> Settled {
        let mut needs: BTreeMap<String, Option<Version>> = BTreeMap::new();
        let mut assumed = BTreeSet::new();
        for declared in &self.declared {
            // What the package has itself it does not need of others.
            if declared.row.required.keys.iter().any(|key| self.incoming.brings(key)) {
                continue;
            }
            if let Some(provider) =
                declared.row.provider.as_ref().filter(|name| !self.incoming.is_named(name))
            {
                let lowest = needs.entry(provider.clone()).or_default();
                *lowest = lowest.take().max(declared.row.provider_version.clone());
            }
            if declared.verdict == Verdict::Assumed {
                assumed.extend(declared.row.required.keys.iter().cloned());
            }
        }
        Settled { kind: self.kind, removal: self.removal, needs, assumed }
    }
}

/// Patches of a solution that are there.
pub(super) fn patches<'s>(
    state: &'s State,
    unique_name: &str,
) -> impl Iterator<Item = &'s InstalledSolution> {
    let name = SolutionName::new(unique_name);
    let is_of = move |parent: &String| SolutionName::new(parent) == name;
    state.hanging_on(unique_name).filter(move |other| other.parent.as_ref().is_some_and(&is_of))
}

/// The staged upgrade of a solution.
pub(super) fn staged<'s>(state: &'s State, unique_name: &str) -> Option<&'s InstalledSolution> {
    let holding = state.solution(&holding_name(unique_name))?;
    holding.upgrade_of.as_ref().map(|_| holding)
}

/// The layers that a new version in place of an old one takes away: those of the old one that the new one lacks, and those of
/// patches that are rolled up.
fn replaced<'s>(
    state: &State,
    incoming: &Incoming,
    patches: impl Iterator<Item = &'s InstalledSolution>,
) -> Removal {
    let mut removal = Removal::default();
    let is_own = |key: &ComponentKey| incoming.component(key).is_some_and(|own| own.key == *key);
    for key in state.held_by(&incoming.unique_name).filter(|key| !is_own(key)) {
        removal.take_managed(key, &incoming.unique_name);
    }
    for patch in patches {
        for key in state.held_by(&patch.unique_name) {
            removal.take_managed(key, &patch.unique_name);
        }
    }
    removal.settle(state, |key| is_own(key) && incoming.brings(key));
    // What the new version only holds is gone as well, unless somebody else brings it.
    let bare = state.held_by(&incoming.unique_name).filter(|key| is_own(key) && !incoming.brings(key));
    let is_other = |owner| !matches!(owner, Owner::Managed(solution) if incoming.is_named(solution));
    let is_lost = |key: &&ComponentKey| {
        let layers = state.components().get(*key).filter(|layers| layers.is_brought());
        layers.is_some_and(|layers| {
            removal.remaining(key, layers).all(|(owner, content)| content.held_only || !is_other(owner))
        })
    };
    let lost: Vec<ComponentKey> = bare.filter(is_lost).cloned().collect();
    removal.gone.extend(lost);
    removal
}
