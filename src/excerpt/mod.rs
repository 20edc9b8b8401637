//! The part of the graph that somebody asked for: of components ([`components`]), or of solutions ([`solutions`]).
//!
//! Read [`Excerpt`] first.

mod component;
mod select;
mod solution;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::graph::{NodeFacts, Proof};

pub use component::components;
pub use solution::solutions;

/// Nodes and the references between them.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Excerpt {
    /// From secrets to flows, then by name; solutions in import order.
    pub nodes: Vec<NodeFacts>,
    /// Each pair of nodes once, by the order of the nodes.
    pub edges: Vec<ExcerptEdge>,
    /// Where to start reading; none when no end was asked for.
    #[serde(skip)]
    pub ends: Option<Ends>,
}

/// Where to start reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ends {
    /// At these nodes, towards what they need.
    From(Vec<usize>),
    /// At these nodes, towards what needs them.
    To(Vec<usize>),
}

/// `from` needs `to`.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExcerptEdge {
    /// Index in [`Excerpt::nodes`] of the one that needs.
    pub from: usize,
    /// Index of the one that is needed.
    pub to: usize,
    /// Only a policy says so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub policy: bool,
    /// Every reference between the two.
    pub proofs: Vec<Proof>,
}

impl ExcerptEdge {
    /// How many references there are: one that is known in several ways counts once.
    pub fn references(&self) -> usize {
        let told: BTreeSet<_> = self.proofs.iter().map(|proof| (&proof.words, &proof.place)).collect();
        told.len()
    }
}

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only what this needs, directly or not.
    pub from: Option<String>,
    /// Only what needs this, directly or not.
    pub to: Option<String>,
    /// Ways of at most so many steps.
    pub depth: Option<usize>,
    /// Only nodes of these types, by the platform's names or in words; all when empty.
    pub types: Vec<String>,
}

/// Why there is no excerpt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExcerptError {
    /// Nothing has that name.
    #[error("nothing in the set is called {what}")]
    NotFound {
        /// What was asked for.
        what: String,
        /// What is called nearly so.
        nearest: Vec<String>,
    },
    /// Nothing is of that type.
    #[error("nothing in the set is of type {what}")]
    NoSuchType {
        /// What was asked for.
        what: String,
        /// The types that there are.
        known: Vec<String>,
    },
}
