//! All components of a set as one network: who refers to whom, in both directions, with the evidence. One node a component,
//! however many names it has and however many solutions hold it; what nobody holds is a node too. Key Vaults, secrets and
//! the platform's own connectors are nodes as well, since people ask for them.
//!
//! Everything is borrowed from the solutions. Order, policy and rendering are not known here. Read [`Network`] first.

use std::collections::{BTreeSet, HashMap};

use super::network_builder::Builder;
use super::{Evidence, Reference};
use crate::model::{Component, ComponentKey, Details, Place, Relation, Solution};

/// The components of a set and every reference between them.
#[derive(Debug)]
pub struct Network<'s> {
    pub(super) solutions: &'s [&'s Solution],
    pub(super) nodes: Vec<Node<'s>>,
    pub(super) edges: Vec<Edge<'s>>,
    /// Every key and alias that belongs to one node.
    pub(super) known: HashMap<&'s ComponentKey, usize>,
    outgoing: Adjacency,
    incoming: Adjacency,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity<'s> {
    /// A component.
    Component(&'s ComponentKey),
    /// A connector of the platform, `shared_sharepointonline`.
    Connector(&'s str),
    /// An Azure Key Vault; names of vaults are unique in all of Azure.
    Vault(&'s str),
    /// A secret in a vault.
    Secret {
        /// Name of the vault.
        vault: &'s str,
        /// Name of the secret.
        secret: &'s str,
    },
}

/// One node.
#[derive(Debug)]
pub struct Node<'s> {
    /// What it is.
    pub identity: Identity<'s>,
    /// Its content: of a solution that brings it if there is one, else of the first that holds it.
    pub component: Option<&'s Component>,
    /// The name that a missing dependency gives it.
    pub declared_name: Option<&'s str>,
    /// The solutions that hold it, in the order of the set.
    pub holders: Vec<Holder>,
}

/// A solution that holds a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// Index of the solution in the set.
    pub solution: usize,
    /// Whether it brings the component ([`super::brings`]).
    pub brings: bool,
}

/// What an edge says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// A reference of a component.
    Reference(Relation),
    /// A missing dependency of `solution.xml`.
    Declared,
    /// A connection reference is of a connector of the platform.
    OfConnector,
    /// A cloud flow uses a connector of the platform, not over a connection reference of the set.
    UsesConnector,
    /// A secret variable names a secret.
    NamesSecret,
    /// A secret is in a vault.
    InVault,
    /// The user states that it signs in with a credential.
    Stated,
}

impl Link {
    /// The verb from the one that refers to the other.
    pub fn words(self) -> &'static str {
        match self {
            Self::Reference(relation) => relation.words(),
            Self::Declared => "needs",
            Self::OfConnector => Relation::ConnectionReferenceConnector.words(),
            Self::UsesConnector => "uses",
            Self::NamesSecret => "names",
            Self::InVault => "is in",
            Self::Stated => "signs in with",
        }
    }

    /// Whether the one that refers is only a part of the other, and no user of it.
    pub fn is_part_of(self) -> bool {
        self == Self::Reference(Relation::BinaryWorkflow)
    }

    /// Kebab-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reference(relation) => relation.name(),
            Self::Declared => "declared",
            Self::OfConnector => "of-connector",
            Self::UsesConnector => "uses-connector",
            Self::NamesSecret => "names-secret",
            Self::InVault => "in-vault",
            Self::Stated => "stated",
        }
    }
}

/// One reference: `from` needs `to`.
#[derive(Debug, Clone, Copy)]
pub struct Edge<'s> {
    /// The node that refers.
    pub from: usize,
    /// The node that it refers to.
    pub to: usize,
    /// What it says.
    pub link: Link,
    /// How it is known.
    pub evidence: Evidence,
    /// Where it stands.
    pub place: &'s Place,
    /// The solution that shows it; none for a stated one.
    pub solution: Option<usize>,
}

/// Indexes of edges by node.
#[derive(Debug)]
struct Adjacency {
    starts: Vec<usize>,
    edges: Vec<usize>,
}

impl Adjacency {
    fn new(nodes: usize, edges: &[Edge<'_>], end: impl Fn(&Edge<'_>) -> usize) -> Self {
        let mut starts = vec![0; nodes + 1];
        for edge in edges {
            starts[end(edge) + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut sorted = vec![0; edges.len()];
        for (index, edge) in edges.iter().enumerate() {
            let slot = &mut next[end(edge)];
            sorted[*slot] = index;
            *slot += 1;
        }
        Self { starts, edges: sorted }
    }

    fn of(&self, node: usize) -> &[usize] {
        &self.edges[self.starts[node]..self.starts[node + 1]]
    }
}

impl<'s> Network<'s> {
    /// The network of these solutions, and what the user states: each a reference whose `from` signs in with `to`.
    pub fn new(solutions: &'s [&'s Solution], stated: &'s [Reference]) -> Self {
        let (nodes, edges, known) = Builder::new(solutions).build(stated);
        Self {
            outgoing: Adjacency::new(nodes.len(), &edges, |edge| edge.from),
            incoming: Adjacency::new(nodes.len(), &edges, |edge| edge.to),
            solutions,
            nodes,
            edges,
            known,
        }
    }

    /// The nodes; everywhere else they are named by their index.
    pub fn nodes(&self) -> &[Node<'s>] {
        &self.nodes
    }

    /// The edges: declared ones, then observed ones, each in the order of the set, then stated ones.
    pub fn edges(&self) -> &[Edge<'s>] {
        &self.edges
    }

    /// The solutions of the set.
    pub fn solutions(&self) -> &'s [&'s Solution] {
        self.solutions
    }

    /// What a node needs.
    pub fn needs(&self, node: usize) -> impl Iterator<Item = &Edge<'s>> {
        self.outgoing.of(node).iter().map(|&edge| &self.edges[edge])
    }

    /// What needs a node.
    pub fn needed_by(&self, node: usize) -> impl Iterator<Item = &Edge<'s>> {
        self.incoming.of(node).iter().map(|&edge| &self.edges[edge])
    }

    /// The node of a component by its key or another of its names; none when nothing has that name, or when several
    /// components share it.
    pub fn node_of(&self, key: &ComponentKey) -> Option<usize> {
        self.known.get(key).copied()
    }

    /// Unique names of the solutions that hold a node, each once, as they compare.
    pub fn holder_names(&self, node: usize) -> Vec<&'s str> {
        let mut seen = BTreeSet::new();
        let holders = self.nodes[node].holders.iter();
        let names = holders.map(|holder| self.solutions[holder.solution].manifest.unique_name.as_str());
        names.filter(|name| seen.insert(name.to_lowercase())).collect()
    }
}

impl<'s> Node<'s> {
    pub(super) fn new(identity: Identity<'s>) -> Self {
        Self { identity, component: None, declared_name: None, holders: Vec::new() }
    }

    /// The platform's name of its type; `vault` and `secret` for what is in Azure.
    pub fn type_name(&self) -> &'s str {
        match self.identity {
            Identity::Component(key) => key.kind.as_str(),
            Identity::Connector(_) => "connector",
            Identity::Vault(_) => "vault",
            Identity::Secret { .. } => "secret",
        }
    }

    /// What a person calls its kind.
    pub fn kind_words(&self) -> &'s str {
        match (self.identity, self.component) {
            (Identity::Component(_), Some(component)) => component.kind_words(),
            (Identity::Component(key), None) => key.kind.words(),
            (Identity::Connector(_), _) => "connector",
            (Identity::Vault(_), _) => "vault",
            (Identity::Secret { .. }, _) => "secret",
        }
    }

    /// Its key; `VAULT/NAME` for a secret.
    pub fn key(&self) -> String {
        match self.identity {
            Identity::Component(key) => key.key.to_string(),
            Identity::Connector(name) | Identity::Vault(name) => name.to_owned(),
            Identity::Secret { vault, secret } => format!("{vault}/{secret}"),
        }
    }

    /// Its display name, where there is one.
    pub fn name(&self) -> Option<&'s str> {
        self.component.map(|component| component.name.as_str()).or(self.declared_name)
    }

    /// How a sentence names it.
    pub fn described(&self) -> String {
        match self.identity {
            Identity::Component(key) => crate::model::describe(self.kind_words(), key, self.name()),
            Identity::Connector(name) => format!("connector {name}"),
            Identity::Vault(name) => format!("vault {name}"),
            Identity::Secret { vault, secret } => format!("secret {secret} in vault {vault}"),
        }
    }

    /// Whether a cloud flow or process was exported as activated; none for what has no such state.
    pub fn is_on(&self) -> Option<bool> {
        match &self.component?.details {
            Details::CloudFlow(flow) => Some(flow.on),
            Details::Process(process) => Some(process.on),
            _ => None,
        }
    }

    /// Whether it is a component and no solution of the set holds it.
    pub fn is_absent(&self) -> bool {
        self.holders.is_empty() && matches!(self.identity, Identity::Component(_))
    }
}
