//! What results say of a node and of the edges between two nodes, without the solutions that they come from.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::Evidence;
use super::network::{Edge, Identity, Network, Node};
use crate::model::{CredentialKind, Details, Place};

/// A node of a network as results name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeFacts {
    /// The platform's name of the type; `connector` for one of the platform itself, `vault`, `secret`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The key; `VAULT/NAME` for a secret.
    pub key: String,
    /// Display name, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What a person calls it: `cloud flow "Run payroll"`.
    pub words: String,
    /// The solutions that hold it; empty for what is not in the set.
    pub solutions: Vec<HoldingSolution>,
    /// It is a component that no solution of the set holds.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
    /// For a cloud flow or process: whether it was exported as activated, or is on in the environment that was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    /// For a credential: its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_kind: Option<CredentialKind>,
}

impl NodeFacts {
    /// The facts of what is no node of a network, such as a policy.
    pub fn other(type_name: &str, key: &str, words: impl Into<String>) -> Self {
        Self {
            type_name: type_name.to_owned(),
            key: key.to_owned(),
            name: None,
            words: words.into(),
            solutions: Vec::new(),
            absent: false,
            on: None,
            credential_kind: None,
        }
    }
}

/// A solution that holds a node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HoldingSolution {
    /// Unique name.
    pub unique_name: String,
    /// Whether it brings the component, or only holds it.
    pub brings: bool,
}

/// One way in which an edge is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// How it is known.
    pub evidence: Evidence,
    /// Kind of the reference, kebab-case: `flow-connectionreference`, `declared`.
    pub relation: Cow<'static, str>,
    /// The verb between the two ("cloud flow X *uses* connection reference Y"); between solutions a whole sentence.
    pub words: Cow<'static, str>,
    /// Unique name of the solution that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solution: Option<String>,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl NodeFacts {
    /// The facts of a node.
    pub fn of(network: &Network<'_>, index: usize) -> Self {
        let node = &network.nodes()[index];
        // Two packages of one solution are one solution.
        let mut solutions: BTreeMap<String, HoldingSolution> = BTreeMap::new();
        for holder in &node.holders {
            let unique_name = network.solutions()[holder.solution].manifest.unique_name.clone();
            solutions
                .entry(unique_name.to_lowercase())
                .or_insert(HoldingSolution { unique_name, brings: false })
                .brings |= holder.brings;
        }
        let credential_kind = match node.component.map(|component| &component.details) {
            Some(Details::Credential(credential)) => Some(credential.kind),
            _ => None,
        };
        Self {
            type_name: node.type_name().to_owned(),
            key: node.key(),
            name: node.name().map(str::to_owned),
            words: node.described(),
            solutions: solutions.into_values().collect(),
            absent: node.is_absent(),
            on: node.is_on(),
            credential_kind,
        }
    }
}

impl Proof {
    /// What an edge proves.
    pub fn of(network: &Network<'_>, edge: &Edge<'_>) -> Self {
        let solution = edge.solution.map(|solution| &network.solutions()[solution].manifest.unique_name);
        Self {
            evidence: edge.evidence,
            relation: edge.link.name().into(),
            words: edge.link.words().into(),
            solution: solution.cloned(),
            place: Some(edge.place.clone()),
        }
    }
}

/// In which order nodes are listed: from secrets to flows, as one stands on the other, then by name.
pub fn sort_key(node: &Node<'_>) -> (usize, String, String) {
    const KINDS: &[&str] = &[
        "vault",
        "secret",
        "variable",
        "credential",
        "connector",
        "custom connector",
        "connection reference",
        "cloud flow",
        "desktop flow",
    ];
    let kind = node.kind_words();
    let rank = KINDS.iter().position(|known| *known == kind).unwrap_or(KINDS.len());
    let name = match node.identity {
        // By what is shown of it.
        Identity::Component(key) if key.is_guid() => node.name().unwrap_or_default().to_lowercase(),
        _ => String::new(),
    };
    (rank, format!("{kind}\u{0}{name}"), node.key().to_lowercase())
}
