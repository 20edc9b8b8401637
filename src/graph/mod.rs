//! Components as nodes, references as edges with their evidence; which solution brings what.
//!
//! Rendering and commands are not known here. Read [`Reference`] first.

mod facts;
mod holding;
mod network;
mod network_builder;
#[cfg(test)]
mod network_tests;
pub mod order;
mod platform;
mod search;
mod sign_in;
pub(crate) mod type_name;

use serde::Serialize;

use crate::model::{ComponentKey, Place, Relation, Solution, Target};

pub use facts::{HoldingSolution, NodeFacts, Proof, sort_key};
pub use holding::{Holdings, brings, comes_with_its_table, is_fully_read};
pub use network::{Edge, Holder, Identity, Link, Network, Node};
pub use platform::{PlatformClass, is_default_solution, platform_class, system_solution};
pub use search::{find, is_of_type, most_alike, nearest, shown_name};
pub use sign_in::stated_sign_ins;
pub use type_name::UnknownType;

/// How an edge is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// Found in the package: entry and line, or JSON pointer.
    Observed,
    /// `solution.xml` lists it under MissingDependencies.
    Declared,
    /// A patch names its parent.
    Parent,
    /// A documented rule of the platform.
    Policy,
    /// The user says so, in `solship.toml`.
    Stated,
}

/// One reference of one package: `from` needs `to`, because.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    /// The component that refers.
    pub from: ComponentKey,
    /// What it refers to; none when an expression stands there.
    pub to: Option<ComponentKey>,
    /// Which kind of reference; none for a declared one.
    pub relation: Option<Relation>,
    /// The column, for a lookup of a generic row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// How it is known.
    pub evidence: Evidence,
    /// Where it stands.
    pub place: Place,
}

/// Every reference that the package shows: observed ones in component order, then the declared ones.
pub fn references(solution: &Solution) -> Vec<Reference> {
    let observed = solution.components.iter().flat_map(|component| {
        component.uses.iter().map(|used| Reference {
            from: component.key.clone(),
            to: match &used.target {
                Target::Component(key) => Some(key.clone()),
                Target::Expression(_) => None,
            },
            relation: Some(used.relation),
            column: used.column.clone(),
            evidence: Evidence::Observed,
            place: used.place.clone(),
        })
    });
    let declared = solution.manifest.missing_dependencies.iter().filter_map(|missing| {
        Some(Reference {
            from: missing.dependent.keys.first()?.clone(),
            to: missing.required.keys.first().cloned(),
            relation: None,
            column: None,
            evidence: Evidence::Declared,
            place: missing.place.clone(),
        })
    });
    observed.chain(declared).collect()
}
