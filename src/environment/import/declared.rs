//! What becomes of each row of a package's missing dependencies in an environment (`FORMATS.md` §5.3).
//!
//! A need on one of the platform's own solutions that every environment has is met, for an environment has them; so is a need
//! on what is only said to be there (`env provide`). A need on a kind of component that the model does not read in full is met
//! by its solution. [`Declared`] first.

use super::super::state::InstalledSolution;
use super::checked::{Checked, Presence};
use crate::graph::{PlatformClass, comes_with_its_table, is_fully_read, platform_class};
use crate::model::{ComponentKey, MissingDependency, Version, describe};

/// A row, and what becomes of it.
#[derive(Debug)]
pub(super) struct Declared<'c> {
    pub(super) row: &'c MissingDependency,
    pub(super) verdict: Verdict<'c>,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict<'c> {
    /// The component is there, or the package has it.
    Met,
    /// It is taken to be there.
    Assumed,
    /// The solution is not there, and nothing else has the component.
    NotInstalled { provider: &'c str },
    /// The solution is there in a lower version.
    TooLow { provider: &'c str, asked: &'c Version, there: &'c Version },
    /// The component is not there.
    Missing,
    /// Only the unmanaged layer has it.
    Unmanaged,
}

impl<'c> Declared<'c> {
    pub(super) fn new(checked: &Checked<'c>, row: &'c MissingDependency) -> Self {
        Self { row, verdict: verdict(checked, row) }
    }

    /// How a sentence names what is needed.
    pub(super) fn needed(&self) -> String {
        let required = &self.row.required;
        match required.keys.first() {
            Some(key) => describe(key.kind.words(), key, Some(&required.name)),
            None if required.name.is_empty() => "a component without a name".to_owned(),
            None => required.name.clone(),
        }
    }

    /// How a sentence names what needs it.
    pub(super) fn dependent(&self, checked: &Checked<'_>) -> String {
        let dependent = &self.row.dependent;
        let held = dependent.keys.iter().find_map(|key| checked.incoming.component(key));
        match (held, dependent.keys.first()) {
            (Some(component), _) => component.content.words.clone(),
            (None, Some(key)) => describe(key.kind.words(), key, Some(&dependent.name)),
            (None, None) => checked.incoming.unique_name.clone(),
        }
    }
}

fn verdict<'c>(checked: &Checked<'c>, row: &'c MissingDependency) -> Verdict<'c> {
    let keys = &row.required.keys;
    let (incoming, state) = (checked.incoming, checked.state);
    if keys.iter().any(|key| incoming.brings(key)) {
        return Verdict::Met;
    }
    let there = presence(checked, keys);
    // It names itself where an earlier version had the component.
    let Some(provider) = row.provider.as_deref().filter(|name| !incoming.is_named(name)) else {
        return match there {
            Some(verdict) => verdict,
            None if keys.iter().any(|key| incoming.has_content(key)) => Verdict::Met,
            None if keys.iter().any(comes_with_its_table) => Verdict::Assumed,
            None => Verdict::Missing,
        };
    };
    let Some(installed) = state.solution(provider) else {
        return match platform_class(provider) {
            Some(PlatformClass::Base) => Verdict::Assumed,
            _ => there.unwrap_or(Verdict::NotInstalled { provider }),
        };
    };
    if let Some(asked) = row.provider_version.as_ref().filter(|asked| **asked > installed.version) {
        return Verdict::TooLow { provider, asked, there: &installed.version };
    }
    if is_unknown(checked, installed) {
        return Verdict::Assumed;
    }
    match there {
        Some(verdict) => verdict,
        None if keys.iter().any(|key| is_fully_read(&key.kind)) => Verdict::Missing,
        None if checked.incoming.managed && !installed.managed => Verdict::Unmanaged,
        None => Verdict::Assumed,
    }
}

/// Whether the component is there, under any of its identities.
fn presence<'c>(checked: &Checked<'_>, keys: &[ComponentKey]) -> Option<Verdict<'c>> {
    let found: Vec<Presence> = keys.iter().filter_map(|key| checked.presence(key)).collect();
    if found.is_empty() {
        return None;
    }
    let is_fit = !checked.incoming.managed || found.contains(&Presence::Managed);
    Some(if is_fit { Verdict::Met } else { Verdict::Unmanaged })
}

/// Nothing is known of what it has: it, or the solution that it is a patch of, was only said to be there.
fn is_unknown(checked: &Checked<'_>, installed: &InstalledSolution) -> bool {
    let parent = installed.parent.as_deref().and_then(|parent| checked.state.solution(parent));
    installed.provided || parent.is_some_and(|parent| parent.provided)
}
