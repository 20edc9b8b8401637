//! What changed between two states of a solution, by meaning; and what only looks different.
//!
//! Both sides are unpacked in memory, their files grouped by component, and compared as trees. What no rule explains is
//! compared as lines or bytes, so nothing that differs is left out. Read [`Diff`] first, then [`packages`].

mod canonical;
mod change;
mod columns;
mod compare;
mod flow;
mod inner;
mod json_tree;
mod lines;
mod meaning;
mod place;
mod risk;
mod side;
mod tree;
mod unordered;
mod xml_tree;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

pub use canonical::{Mark, canonical, canonical_files, canonical_marked, canonical_parts};
pub use change::{Change, Changed, Hunk, Line, Path};
pub(crate) use meaning::{Meaning, Meanings, is_noise, is_unordered, is_unordered_path, path_of, row_key};
pub use risk::Risk;

use crate::layout::LayoutError;
use crate::model::{ComponentKey, ComponentType, ModelError, SolutionIdentity, describe};
use crate::package::Package;
use side::{Item, Side};
use tree::Noise;
use unordered::FORMATTING;

/// Why two packages cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// One of them cannot be read.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// One of them cannot be unpacked.
    #[error("{label}: {error}")]
    Layout {
        /// What the user called it.
        label: String,
        /// Why.
        error: LayoutError,
    },
}

/// What changed between two states of one solution.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// The first state.
    pub left: SolutionIdentity,
    /// The second state.
    pub right: SolutionIdentity,
    /// The components that differ; the solution itself first, then by kind and name.
    pub components: Vec<ComponentDiff>,
    /// What differs and means nothing.
    pub noise: Vec<NoiseCount>,
    /// What importing the second over the first means.
    pub risks: Vec<Risk>,
}

/// What changed between two sets of solutions.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct SetDiff {
    /// Solutions of both sides, by name.
    pub solutions: Vec<Diff>,
    /// Solutions that only the second side has.
    pub added: Vec<SolutionIdentity>,
    /// Solutions that only the first side has.
    pub removed: Vec<SolutionIdentity>,
}

/// What changed in one component.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ComponentDiff {
    /// Which one.
    #[serde(flatten)]
    pub component: ComponentKey,
    /// How a sentence names it.
    pub title: String,
    /// Whether it is new, gone, or says something else.
    pub state: State,
    /// What, where both sides have it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// What differs in it and means nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub noise: Vec<NoiseCount>,
}

/// What became of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Only the second side has it.
    Added,
    /// Only the first side has it.
    Removed,
    /// Both have it, and it differs.
    Changed,
    /// Both have it, and only noise differs.
    Same,
}

/// How much differs in one way that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct NoiseCount {
    /// In what way.
    pub what: String,
    /// In how many places.
    pub count: usize,
}

/// What is compared.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Types of components that are not looked at: a table's name or the words for it.
    pub ignore: Vec<String>,
    /// The only types that are looked at; none: all.
    pub only: Vec<String>,
}

impl Options {
    fn covers(&self, key: &ComponentKey, title: &str) -> bool {
        let is = |wanted: &String| {
            let wanted = wanted.to_lowercase().replace('-', " ");
            wanted == key.kind.as_str()
                || wanted == key.kind.words()
                || title.to_lowercase().starts_with(&format!("{wanted} "))
        };
        !self.ignore.iter().any(is) && (self.only.is_empty() || self.only.iter().any(is))
    }
}

impl SetDiff {
    /// Whether nothing differs that means something.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.solutions.iter().all(Diff::is_empty)
    }
}

impl Diff {
    /// Whether nothing differs that means something.
    pub fn is_empty(&self) -> bool {
        self.components.iter().all(|component| component.state == State::Same)
    }
}

/// Compares two packages.
///
/// # Errors
/// When one of them is no solution, or cannot be unpacked.
pub fn packages(left: &Package, right: &Package, options: &Options) -> Result<Diff, DiffError> {
    let (one, other) = rayon::join(|| Side::read(left), || Side::read(right));
    let (one, other) = (one?, other?);
    let keys: BTreeSet<&ComponentKey> = one.items.keys().chain(other.items.keys()).collect();
    let keys: Vec<&ComponentKey> = keys.into_iter().collect();
    let mut components: Vec<ComponentDiff> =
        keys.par_iter().filter_map(|key| component(&one, &other, key, options)).collect();
    components.sort_by_cached_key(|component| {
        (
            rank(&component.component.kind),
            component.component.kind.as_str().to_owned(),
            component.title.to_lowercase(),
        )
    });
    let mut noise: BTreeMap<String, usize> = BTreeMap::new();
    for count in components.iter().flat_map(|component| &component.noise) {
        *noise.entry(count.what.clone()).or_default() += count.count;
    }
    Ok(Diff {
        risks: risk::risks(&one, &other),
        left: one.solution.identity(),
        right: other.solution.identity(),
        components,
        noise: noise.into_iter().map(|(what, count)| NoiseCount { what, count }).collect(),
    })
}

/// Packages by lower-case unique name and whether they are managed.
type ByName = BTreeMap<(String, bool), (SolutionIdentity, Package)>;

/// Compares two sets of packages: solutions of one name, or the one of each side whatever its name.
///
/// # Errors
/// When a package is no solution, or cannot be unpacked.
pub fn sets(left: Vec<Package>, right: Vec<Package>, options: &Options) -> Result<SetDiff, DiffError> {
    let mut found = SetDiff { solutions: Vec::new(), added: Vec::new(), removed: Vec::new() };
    if let ([one], [other]) = (&*left, &*right) {
        found.solutions.push(packages(one, other, options)?);
        return Ok(found);
    }
    let by_name = |packages: Vec<Package>| -> Result<ByName, DiffError> {
        let mut named = BTreeMap::new();
        for package in packages {
            let identity = crate::model::Solution::read(&package)?.identity();
            let key = (identity.unique_name.to_lowercase(), identity.managed);
            // Of several versions the highest counts.
            let is_higher = named
                .get(&key)
                .is_none_or(|(known, _): &(SolutionIdentity, Package)| known.version < identity.version);
            if is_higher {
                named.insert(key, (identity, package));
            }
        }
        Ok(named)
    };
    let (mut ones, mut others) = (by_name(left)?, by_name(right)?);
    let keys: Vec<(String, bool)> = ones.keys().cloned().collect();
    for key in keys {
        // A managed and an unmanaged package of one solution are compared where there is nothing closer.
        let closest = [key.clone(), (key.0.clone(), !key.1)].into_iter().find(|key| others.contains_key(key));
        let is_closer = |other: &(String, bool)| *other == key || !ones.contains_key(other);
        if let Some(closest) = closest.filter(is_closer)
            && let (Some((_, one)), Some((_, other))) = (ones.remove(&key), others.remove(&closest))
        {
            found.solutions.push(packages(&one, &other, options)?);
        }
    }
    found.removed = ones.into_values().map(|(identity, _)| identity).collect();
    found.added = others.into_values().map(|(identity, _)| identity).collect();
    Ok(found)
}

/// The solution, then what people look for first, then the rest.
fn rank(kind: &ComponentType) -> usize {
    const FIRST: &[&str] = &[
        "solution",
        "credential",
        "environmentvariabledefinition",
        "connectionreference",
        "connector",
        "workflow",
        "desktopflowbinary",
    ];
    FIRST.iter().position(|first| *first == kind.as_str()).unwrap_or(if *kind == ComponentType::FILE {
        FIRST.len() + 1
    } else {
        FIRST.len()
    })
}

/// Compares one component; none where both sides have the same bytes.
fn component(one: &Side, other: &Side, key: &ComponentKey, options: &Options) -> Option<ComponentDiff> {
    let title = || {
        if *key == side::solution_key() {
            return other.solution.manifest.unique_name.clone();
        }
        if *key == side::rest_key() {
            return "other parts of the customizations".to_owned();
        }
        other.title(key).or_else(|| one.title(key)).unwrap_or_else(|| describe(key.kind.words(), key, None))
    };
    let new = |state, changes, noise: BTreeMap<Noise, usize>| {
        let title = title();
        let noise = noise.into_iter().map(|(what, count)| NoiseCount { what: what.0.to_owned(), count });
        let found = ComponentDiff { component: key.clone(), title, state, changes, noise: noise.collect() };
        options.covers(key, &found.title).then_some(found)
    };
    match (one.items.get(key), other.items.get(key)) {
        (Some(left), Some(right)) => {
            if Item::is_same(left, right) {
                return None;
            }
            let (left, right) = (one.tree(key, left), other.tree(key, right));
            let mut found = compare::compare(&left, &right);
            if found.changes.is_empty() && found.noise.is_empty() {
                if *key == side::rest_key() {
                    // What differs in its bytes may be in rows that are components of their own.
                    return None;
                }
                // The bytes differ, and nothing in them does.
                found.noise.insert(FORMATTING, 1);
            }
            let state = if found.changes.is_empty() { State::Same } else { State::Changed };
            new(state, found.changes, found.noise)
        }
        (Some(_), None) => new(State::Removed, Vec::new(), BTreeMap::new()),
        (None, _) => new(State::Added, Vec::new(), BTreeMap::new()),
    }
}
