//! What changed between two states of a solution, by meaning; and what only looks different.
//!
//! Both sides are unpacked in memory, their files grouped by component, and compared as trees. What no rule explains is
//! compared as lines or bytes, so nothing that differs is left out. Read [`Diff`] first, then [`packages`].

mod across;
mod align;
mod beside;
mod canonical;
mod change;
mod columns;
mod compare;
mod component_words;
mod credential;
mod customization_rows;
mod fingerprint;
mod flow;
mod flow_words;
mod held;
mod inner;
mod item;
mod json_tree;
mod lines;
mod marked;
mod meaning;
mod options;
mod own_files;
mod pairs;
mod place;
mod risk;
mod row_key;
mod row_label;
mod sets;
mod shared;
mod side;
mod tree;
mod unordered;
mod unreadable;
mod value;
mod words;
mod xml_tree;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

pub use canonical::{Mark, canonical, canonical_files, canonical_marked, canonical_parts};
pub use change::{Change, Changed, Hunk, Line, Path};
pub(crate) use compare::TOP;
pub use fingerprint::fingerprints;
pub use marked::Piece;
pub(crate) use meaning::{Meaning, Meanings, is_noise, is_unordered, is_unordered_path, path_of};
pub use options::Options;
pub use risk::{Level, Risk};
pub(crate) use row_key::{identity, is_about_components, is_identity, key as row_key};
pub use sets::{Because, LeftOut, SetDiff, SetsError, Which, sets};

use crate::layout::LayoutError;
use crate::model::{ComponentKey, ComponentType, ModelError, Solution, SolutionIdentity, describe};
use crate::package::Package;
use compare::Found;
use item::Item;
use risk::{Consequences, Interface};
use shared::Shared;
use side::Side;
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
    /// What importing the second over the first means; of components of all types, whichever are looked at.
    pub risks: Vec<Risk>,
    /// Whether anything differs that means something, of all types.
    #[serde(skip)]
    pub differs: bool,
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
    /// Where one side has it: its type, its connector, its state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
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
    pair(left, right, options).map(|pair| pair.diff)
}

/// Whether a package can be compared, whatever with.
///
/// # Errors
/// As [`packages`] has them.
pub fn readable(package: &Package) -> Result<(), DiffError> {
    Side::read(package).map(drop)
}

/// Two packages that were compared.
struct Compared {
    diff: Diff,
    left: Solution,
    right: Solution,
    interfaces: Vec<Interface>,
}

fn pair(left: &Package, right: &Package, options: &Options) -> Result<Compared, DiffError> {
    let (one, other) = rayon::join(|| Side::read(left), || Side::read(right));
    let (mut one, mut other) = (one?, other?);
    own_files::restore([&mut one, &mut other], [left, right])?;
    let keys: BTreeSet<&ComponentKey> = one.items.keys().chain(other.items.keys()).collect();
    let keys: Vec<&ComponentKey> = keys.into_iter().collect();
    let mut components: Vec<ComponentDiff> =
        keys.par_iter().filter_map(|key| component(&one, &other, key)).collect();
    // Where nothing differs nothing is imported.
    let differs = components.iter().any(|component| component.state != State::Same);
    if !options.is_all() {
        components.retain(|component| {
            let key = &component.component;
            options.covers(&key.kind, &kind_words(&one, &other, key))
        });
    }
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
    let Consequences { risks, interfaces } =
        if differs { risk::consequences(&one, &other) } else { Consequences::default() };
    let diff = Diff {
        risks,
        differs,
        left: one.solution.identity(),
        right: other.solution.identity(),
        components,
        noise: noise.into_iter().map(|(what, count)| NoiseCount { what, count }).collect(),
    };
    Ok(Compared { diff, left: one.solution, right: other.solution, interfaces })
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

/// What a person calls a component's kind: a cloud flow is one of several kinds of processes.
fn kind_words(one: &Side, other: &Side, key: &ComponentKey) -> String {
    let of = |side: &Side| {
        let mut components = side.solution.components.iter();
        components.find(|component| component.key == *key).map(|component| component.kind_words().to_owned())
    };
    of(other).or_else(|| of(one)).unwrap_or_else(|| key.kind.words().to_owned())
}

/// Compares the files of a component that differ on both sides.
fn compared(one: &Side, other: &Side, key: &ComponentKey, items: [&Item; 2]) -> Found {
    let [left, right] = items;
    let shared = Shared::of(left, right);
    let [seen, also_seen] = &shared.sides;
    let (left, right) =
        rayon::join(|| one.tree_without(key, left, seen), || other.tree_without(key, right, also_seen));
    let mut found = compare::compare(&left, &right);
    for (noise, count) in shared.noise {
        *found.noise.entry(noise).or_default() += count;
    }
    found
}

/// Compares one component; none where both sides have the same bytes.
fn component(one: &Side, other: &Side, key: &ComponentKey) -> Option<ComponentDiff> {
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
        let says = match state {
            State::Added => other.says(key),
            State::Removed => one.says(key),
            State::Changed | State::Same => None,
        };
        let noise = noise.collect();
        Some(ComponentDiff { component: key.clone(), title, state, says, changes, noise })
    };
    match (one.items.get(key), other.items.get(key)) {
        (Some(left), Some(right)) => {
            if Item::is_same(left, right) {
                return None;
            }
            let mut found = compared(one, other, key, [left, right]);
            if found.changes.is_empty() && found.noise.is_empty() {
                // What differs in the bytes of the rest may be in rows that are components of their own.
                if *key == side::rest_key() || !Item::is_written_otherwise(left, right) {
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
