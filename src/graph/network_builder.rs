//! Makes a [`super::Network`]: first every component under every name it has, then the references between them.

use std::collections::HashMap;

use super::network::{Edge, Holder, Identity, Link, Node};
use super::{Evidence, Reference, brings};
use crate::model::{
    Component, ComponentKey, ComponentType, Details, Place, Relation, SecretReference, Solution, Target,
    custom_api,
};

/// Nodes, edges, and the node of every key.
type Built<'s> = (Vec<Node<'s>>, Vec<Edge<'s>>, HashMap<&'s ComponentKey, usize>);

pub(super) struct Builder<'s> {
    solutions: &'s [&'s Solution],
    nodes: Vec<Node<'s>>,
    edges: Vec<Edge<'s>>,
    known: HashMap<&'s ComponentKey, usize>,
    /// Names that several components claim, such as `shared_pay` of `one_pay` and `two_pay`.
    claimed: HashMap<&'s ComponentKey, Vec<usize>>,
    /// Names of Azure and of the platform, lower case, by [`Node::type_name`].
    named: HashMap<(&'static str, String), usize>,
}

impl<'s> Builder<'s> {
    pub(super) fn new(solutions: &'s [&'s Solution]) -> Self {
        Self {
            solutions,
            nodes: Vec::new(),
            edges: Vec::new(),
            known: HashMap::new(),
            claimed: HashMap::new(),
            named: HashMap::new(),
        }
    }

    pub(super) fn build(mut self, stated: &'s [Reference]) -> Built<'s> {
        self.components();
        for (index, solution) in self.solutions.iter().enumerate() {
            self.roots(index, solution);
        }
        for (index, solution) in self.solutions.iter().enumerate() {
            self.declared(index, solution);
        }
        for (index, solution) in self.solutions.iter().enumerate() {
            for component in &solution.components {
                self.observed(index, component);
            }
        }
        for reference in stated {
            self.stated(reference);
        }
        (self.nodes, self.edges, self.known)
    }

    /// One node for all components that share a key, or of which one is called what another has for its key.
    fn components(&mut self) {
        let mut first: Vec<&'s ComponentKey> = Vec::new();
        for component in self.solutions.iter().flat_map(|solution| &solution.components) {
            self.known.entry(&component.key).or_insert_with(|| {
                first.push(&component.key);
                first.len() - 1
            });
        }
        // Which group a number is in: follow it to one that stands for itself.
        let mut group: Vec<usize> = (0..first.len()).collect();
        let find = |group: &mut Vec<usize>, mut at: usize| {
            while group[at] != at {
                group[at] = group[group[at]];
                at = group[at];
            }
            at
        };
        let mut claims: Vec<(&'s ComponentKey, usize)> = Vec::new();
        for component in self.solutions.iter().flat_map(|solution| &solution.components) {
            let own = self.known[&component.key];
            for alias in &component.aliases {
                match self.known.get(alias) {
                    Some(&other) => {
                        let (one, other) = (find(&mut group, own), find(&mut group, other));
                        group[one.max(other)] = one.min(other);
                    }
                    None => claims.push((alias, own)),
                }
            }
        }
        let mut node_of: Vec<usize> = Vec::with_capacity(first.len());
        for (at, key) in first.into_iter().enumerate() {
            let stands_for = find(&mut group, at);
            if stands_for == at {
                node_of.push(self.add(Identity::Component(key)));
            } else {
                // The one that stands for a group is its smallest, so it has its node already.
                node_of.push(node_of[stands_for]);
            }
        }
        self.known.values_mut().for_each(|at| *at = node_of[*at]);
        for (alias, own) in claims {
            let node = node_of[own];
            let claimants = self.claimed.entry(alias).or_default();
            if !claimants.contains(&node) {
                claimants.push(node);
            }
        }
        self.claimed.retain(|alias, claimants| {
            if let [only] = claimants[..] {
                self.known.insert(*alias, only);
            }
            claimants.len() > 1
        });
        for (index, solution) in self.solutions.iter().enumerate() {
            for component in &solution.components {
                let node = &mut self.nodes[self.known[&component.key]];
                let brings = brings(solution, component);
                let has_better = node.holders.iter().any(|holder| holder.brings);
                if node.component.is_none() || (brings && !has_better) {
                    node.component = Some(component);
                }
                hold(node, index, brings);
            }
        }
    }

    fn add(&mut self, identity: Identity<'s>) -> usize {
        self.nodes.push(Node::new(identity));
        self.nodes.len() - 1
    }

    /// The nodes that a key of a solution means: one, or all that claim the name, unless one of them is the solution's own.
    fn resolve(&mut self, solution: Option<usize>, key: &'s ComponentKey) -> Vec<usize> {
        if let Some(&node) = self.known.get(key) {
            return vec![node];
        }
        if let Some(claimants) = self.claimed.get(key) {
            let is_own = |node: &&usize| {
                self.nodes[**node].holders.iter().any(|holder| Some(holder.solution) == solution)
            };
            let own: Vec<usize> = claimants.iter().filter(is_own).copied().collect();
            return if own.is_empty() { claimants.clone() } else { own };
        }
        let node = if is_platform_connector(key) {
            self.named("connector", key.folded().to_owned(), Identity::Connector(&key.key))
        } else {
            self.add(Identity::Component(key))
        };
        self.known.insert(key, node);
        vec![node]
    }

    fn roots(&mut self, index: usize, solution: &'s Solution) {
        for key in solution.manifest.root_components.iter().filter_map(|root| root.key.as_ref()) {
            for node in self.resolve(Some(index), key) {
                hold(&mut self.nodes[node], index, false);
            }
        }
    }

    fn declared(&mut self, index: usize, solution: &'s Solution) {
        for missing in &solution.manifest.missing_dependencies {
            let from = self.resolve_any(index, &missing.dependent.keys);
            let to = self.resolve_any(index, &missing.required.keys);
            for (nodes, needed) in [(&from, &missing.dependent), (&to, &missing.required)] {
                for &node in nodes {
                    let name = Some(needed.name.as_str()).filter(|name| !name.is_empty());
                    self.nodes[node].declared_name = self.nodes[node].declared_name.or(name);
                }
            }
            for &from in &from {
                for &to in &to {
                    self.edge(from, to, Link::Declared, Evidence::Declared, &missing.place, Some(index));
                }
            }
        }
    }

    /// The nodes of one side of a missing dependency, whose keys are all names of one thing.
    fn resolve_any(&mut self, index: usize, keys: &'s [ComponentKey]) -> Vec<usize> {
        let is_known = |key: &&ComponentKey| self.known.contains_key(key) || self.claimed.contains_key(key);
        let Some(key) = keys.iter().find(is_known).or(keys.first()) else { return Vec::new() };
        let nodes = self.resolve(Some(index), key);
        if let [node] = nodes[..] {
            for key in keys.iter().filter(|key| !self.claimed.contains_key(key)) {
                self.known.entry(key).or_insert(node);
            }
        }
        nodes
    }

    fn observed(&mut self, index: usize, component: &'s Component) {
        let from = self.known[&component.key];
        for used in &component.uses {
            let Target::Component(key) = &used.target else { continue };
            for to in self.resolve(Some(index), key) {
                let link = Link::Reference(used.relation);
                self.edge(from, to, link, Evidence::Observed, &used.place, Some(index));
            }
        }
        match &component.details {
            Details::EnvironmentVariable(variable) => {
                if let Some(SecretReference::KeyVault(reference)) = &variable.secret {
                    let place = variable.source.environment.as_ref().unwrap_or(&component.place);
                    self.secret(index, from, &reference.vault, &reference.secret, place);
                }
            }
            Details::ConnectionReference(reference) => {
                let is_custom =
                    component.uses.iter().any(|used| used.relation == Relation::ConnectionReferenceConnector);
                if !is_custom {
                    self.connector(index, from, Link::OfConnector, reference.connector(), &component.place);
                }
            }
            Details::CloudFlow(flow) => {
                let over_references = self.connectors_over_references(component);
                let connectors = flow.connectors.iter();
                for connector in connectors.filter(|name| !over_references.contains(&name.to_lowercase())) {
                    self.connector(index, from, Link::UsesConnector, connector, &component.place);
                }
            }
            _ => {}
        }
    }

    fn secret(&mut self, index: usize, variable: usize, vault: &'s str, secret: &'s str, place: &'s Place) {
        let in_vault = self.named("vault", vault.to_lowercase(), Identity::Vault(vault));
        let nodes = self.nodes.len();
        let name = format!("{vault}/{secret}").to_lowercase();
        let node = self.named("secret", name, Identity::Secret { vault, secret });
        self.edge(variable, node, Link::NamesSecret, Evidence::Observed, place, Some(index));
        if self.nodes.len() > nodes {
            self.edge(node, in_vault, Link::InVault, Evidence::Observed, place, Some(index));
        }
    }

    /// The connectors of the connection references of the set that a flow uses, lower case.
    fn connectors_over_references(&self, flow: &Component) -> Vec<String> {
        let used = flow.uses.iter().filter_map(|used| match &used.target {
            Target::Component(key) => self.nodes[*self.known.get(key)?].component,
            Target::Expression(_) => None,
        });
        used.filter_map(|component| match &component.details {
            Details::ConnectionReference(reference) => Some(reference.connector().to_lowercase()),
            _ => None,
        })
        .collect()
    }

    /// An edge to a connector of the platform. Those of the set, and all whose names are those of custom ones, are components.
    fn connector(&mut self, index: usize, from: usize, link: Link, connector: &'s str, place: &'s Place) {
        let key = ComponentKey::new(ComponentType::CONNECTOR, connector);
        if !is_platform_connector(&key) || self.claimed.contains_key(&key) {
            return;
        }
        let to = match self.known.get(&key) {
            Some(&node) if matches!(self.nodes[node].identity, Identity::Component(_)) => return,
            _ => self.named("connector", key.folded().to_owned(), Identity::Connector(connector)),
        };
        self.edge(from, to, link, Evidence::Observed, place, Some(index));
    }

    fn named(&mut self, type_name: &'static str, name: String, identity: Identity<'s>) -> usize {
        let nodes = &mut self.nodes;
        *self.named.entry((type_name, name)).or_insert_with(|| {
            nodes.push(Node::new(identity));
            nodes.len() - 1
        })
    }

    fn stated(&mut self, reference: &'s Reference) {
        let Some(to) = &reference.to else { return };
        for from in self.resolve(None, &reference.from) {
            for to in self.resolve(None, to) {
                self.edge(from, to, Link::Stated, Evidence::Stated, &reference.place, None);
            }
        }
    }

    fn edge(
        &mut self,
        from: usize,
        to: usize,
        link: Link,
        evidence: Evidence,
        place: &'s Place,
        solution: Option<usize>,
    ) {
        self.edges.push(Edge { from, to, link, evidence, place, solution });
    }
}

/// Whether a connector that no solution holds is one of the platform itself.
fn is_platform_connector(key: &ComponentKey) -> bool {
    key.kind == ComponentType::CONNECTOR
        && key.folded().starts_with("shared_")
        && custom_api(&key.key).is_none()
}

/// Remembers a holder once; they stay in the order of the set.
fn hold(node: &mut Node<'_>, solution: usize, brings: bool) {
    match node.holders.binary_search_by_key(&solution, |holder| holder.solution) {
        Ok(at) => node.holders[at].brings |= brings,
        Err(at) => node.holders.insert(at, Holder { solution, brings }),
    }
}
