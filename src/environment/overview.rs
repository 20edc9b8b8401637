//! What an environment holds, in short, and what in it waits for somebody.

use std::collections::BTreeMap;

use serde::Serialize;

use super::import::{effective_value, settle_flows};
use super::{Facts, InstalledSolution, State};
use crate::model::{ComponentKey, ComponentType, Version};

/// What an environment holds, in short, and what in it waits for somebody. No value and no account is in it.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// How messages name the environment.
    pub environment: String,
    /// Solutions, in the order of installation.
    pub solutions: Vec<InstalledSolution>,
    /// How many components of each kind, the most frequent first.
    pub components: Vec<KindCount>,
    /// Connections that are there.
    pub connections: usize,
    /// Components that are shared with somebody.
    pub shared: usize,
    /// Variables without any value.
    pub unset: Vec<Named>,
    /// Connection references that are bound to no connection.
    pub unbound: Vec<Named>,
    /// Flows that are off.
    pub off: Vec<Off>,
    /// Upgrades that are staged and not applied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub staged: Vec<Staged>,
    /// Components with an unmanaged layer over a managed one: what a managed solution says of them is not seen.
    pub overlaid: Vec<Overlaid>,
}

/// How many components of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct KindCount {
    /// What a person calls the kind, singular.
    pub kind: String,
    /// How many.
    pub count: usize,
}

/// A component and what a sentence calls it.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Named {
    /// Which.
    #[serde(flatten)]
    pub component: ComponentKey,
    /// How a sentence names it.
    pub words: String,
}

/// A flow that is off.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Off {
    /// Which.
    #[serde(flatten)]
    pub flow: Named,
    /// Why; none for one that was exported as off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// An upgrade that is staged and not applied.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Staged {
    /// Unique name of the solution that it is an upgrade of.
    pub solution: String,
    /// The version that is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Version>,
    /// The version that waits.
    pub version: Version,
}

/// A component with an unmanaged layer over a managed one.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Overlaid {
    /// Which.
    #[serde(flatten)]
    pub component: Named,
    /// Unique names of the managed solutions below.
    pub over: Vec<String>,
    /// Unique names of the unmanaged solutions that hold it.
    #[serde(rename = "in")]
    pub held_in: Vec<String>,
}

/// Looks through an environment.
pub fn overview(environment: &str, state: &State) -> Overview {
    let mut solutions: Vec<InstalledSolution> = state.solutions().values().cloned().collect();
    solutions.sort_by_key(|solution| solution.sequence);
    let named = |key: &ComponentKey| Named {
        component: key.clone(),
        words: state
            .components()
            .get(key)
            .and_then(|layers| layers.effective())
            .map_or_else(|| key.to_string(), |content| content.words.clone()),
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unset = Vec::new();
    let mut unbound = Vec::new();
    let mut overlaid = Vec::new();
    for (key, layers) in state.components() {
        let Some(content) = layers.effective() else { continue };
        *counts.entry(content.kind(key)).or_default() += 1;
        match &content.facts {
            Facts::Variable { .. } if effective_value(state, key).is_none() => unset.push(named(key)),
            Facts::ConnectionReference { .. } if !state.bindings().contains_key(key) => {
                unbound.push(named(key));
            }
            _ => {}
        }
        if layers.unmanaged.is_some() && !layers.managed.is_empty() {
            overlaid.push(Overlaid {
                component: named(key),
                over: layers.managed.iter().map(|layer| layer.solution.clone()).collect(),
                held_in: layers.unmanaged_in.iter().cloned().collect(),
            });
        }
    }
    let mut components: Vec<KindCount> =
        counts.into_iter().map(|(kind, count)| KindCount { kind: kind.to_owned(), count }).collect();
    components.sort_by_key(|kind| std::cmp::Reverse(kind.count));
    let staged = solutions.iter().filter_map(|holding| {
        let base = holding.upgrade_of.as_ref()?;
        let from = state.solution(base);
        Some(Staged {
            solution: from.map_or(base, |from| &from.unique_name).clone(),
            from: from.map(|from| from.version.clone()),
            version: holding.version.clone(),
        })
    });
    let staged = staged.collect();
    Overview {
        environment: environment.to_owned(),
        solutions,
        components,
        connections: state.connections().len(),
        shared: state.shares().len(),
        unset,
        unbound,
        off: off(state, named),
        staged,
        overlaid,
    }
}

/// Flows that are off. Why, is worked out as an import does it.
fn off(state: &State, named: impl Fn(&ComponentKey) -> Named) -> Vec<Off> {
    let is_off = |flow: &&ComponentKey| !state.flows()[*flow];
    let off: Vec<ComponentKey> = state.flows().keys().filter(is_off).cloned().collect();
    let mut rehearsed = state.clone();
    let mut reasons: BTreeMap<ComponentKey, String> = settle_flows(&mut rehearsed, off.iter().cloned())
        .into_iter()
        .filter_map(|change| Some((change.flow, change.why?)))
        .collect();
    off.iter().map(|flow| Off { flow: named(flow), why: reasons.remove(flow) }).collect()
}

/// The variable of that name, as it is spelled there.
pub fn variable<'s>(state: &'s State, name: &str) -> Option<&'s ComponentKey> {
    let key = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, name);
    let found = state.components().get_key_value(&key).filter(|(_, layers)| layers.is_brought());
    found.map(|(key, _)| key)
}
