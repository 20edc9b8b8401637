//! Sentences about solutions and their parts.

use std::collections::BTreeMap;

use super::Count;
use crate::graph::Holdings;
use crate::model::{ComponentKey, NeededComponent, Solution, describe};

/// Kinds by how much they tell of a solution; kinds that are only parts of others are not counted.
const TELLING: &[&str] = &[
    "credential",
    "variable",
    "connection reference",
    "custom connector",
    "desktop flow",
    "cloud flow",
    "work queue",
    "agent",
    "canvas app",
    "model-driven app",
    "table",
    "business process flow",
    "business rule",
    "workflow",
    "action",
    "dialog",
    "plug-in assembly",
    "role",
    "web resource",
    "option set",
    "AI model",
    "custom control",
];

/// What a solution carries, the most telling kinds first.
pub(super) fn contents(solution: &Solution) -> Vec<Count> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for component in &solution.components {
        if let Some(at) = TELLING.iter().position(|kind| *kind == component.kind_words()) {
            *counts.entry(at).or_default() += 1;
        }
    }
    counts.into_iter().map(|(at, count)| Count { kind: TELLING[at].to_owned(), count }).collect()
}

/// A component as the solution that has its content names it; else by its type and key.
pub(super) fn name_of(
    solutions: &[&Solution],
    holdings: &Holdings<'_>,
    holder: usize,
    key: &ComponentKey,
) -> String {
    match holdings.component(holder, key) {
        Some(at) => solutions[holder].components[at].described(),
        None => describe(key.kind.words(), key, None),
    }
}

/// One side of a missing dependency: as the solution that has its content names it, else as the row does.
pub(super) fn name_of_needed(
    solutions: &[&Solution],
    holdings: &Holdings<'_>,
    holder: Option<usize>,
    needed: &NeededComponent,
) -> String {
    let content = holder.and_then(|holder| {
        let at = needed.keys.iter().find_map(|key| holdings.component(holder, key))?;
        Some(solutions[holder].components[at].described())
    });
    content.unwrap_or_else(|| match needed.keys.first() {
        Some(key) => describe(key.kind.words(), key, Some(&needed.name)),
        None => needed.name.clone(),
    })
}
