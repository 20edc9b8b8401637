//! What may sign in with a credential, as far as no package and no statement says which: connection references of the
//! desktop flows connector, desktop flows that get credentials themselves, and cloud flows that run desktop flows over a
//! connection that is not in the set. And which desktop flows run under a connection reference: those that a cloud flow
//! with that reference runs.
//!
//! Read [`SignIn`] first. The rule is the one by which `plan` puts credentials first.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{Evidence, Identity, Link, Network, NodeFacts, Proof};
use crate::model::{ComponentType, Details, Relation};

/// What stands between several credentials and those that may sign in with any of them.
pub(super) fn hub() -> NodeFacts {
    NodeFacts::other(
        "policy",
        "credential-sign-in",
        "whatever signs in with a credential and does not say with which",
    )
}

/// Worked out once for a network.
#[derive(Debug)]
pub(super) struct SignIn {
    candidates: Vec<Candidate>,
    /// By the node of a connection reference.
    runs: BTreeMap<usize, Vec<Run>>,
}

/// What may sign in with any credential.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) node: usize,
    pub(super) proof: Proof,
}

/// A desktop flow that runs under a connection reference.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) desktop_flow: usize,
    /// The cloud flow that runs it has several such references.
    pub(super) may: bool,
    pub(super) proof: Proof,
}

impl SignIn {
    pub(super) fn new(network: &Network<'_>) -> Self {
        let mut sign_in = Self { candidates: Vec::new(), runs: BTreeMap::new() };
        for (index, node) in network.nodes().iter().enumerate() {
            let Some(component) = node.component else { continue };
            let words = match &component.details {
                Details::ConnectionReference(reference) if reference.is_for_desktop_flows() => {
                    "may: it is of the desktop flows connector"
                }
                Details::DesktopFlow(flow) if flow.uses_credentials => "may: it uses credential actions",
                Details::CloudFlow(flow) if flow.runs_desktop_flows => {
                    let references = desktop_connections(network, index);
                    sign_in.runs_of(network, index, &references);
                    if !references.is_empty() {
                        continue;
                    }
                    "may: it runs desktop flows"
                }
                _ => continue,
            };
            if !is_told(network, index) {
                let solution = node
                    .holders
                    .first()
                    .map(|holder| network.solutions()[holder.solution].manifest.unique_name.clone());
                let proof = Proof {
                    evidence: Evidence::Policy,
                    relation: "policy".into(),
                    words: words.into(),
                    solution,
                    place: Some(component.place.clone()),
                };
                sign_in.candidates.push(Candidate { node: index, proof });
            }
        }
        sign_in
    }

    /// What may sign in with each credential.
    pub(super) fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// The desktop flows that run under a connection reference.
    pub(super) fn runs_under(&self, connection_reference: usize) -> &[Run] {
        self.runs.get(&connection_reference).map_or(&[], Vec::as_slice)
    }

    fn runs_of(&mut self, network: &Network<'_>, cloud_flow: usize, references: &BTreeSet<usize>) {
        let runs = Link::Reference(Relation::FlowDesktopFlow);
        for edge in network.needs(cloud_flow).filter(|edge| edge.link == runs) {
            for &reference in references {
                self.runs.entry(reference).or_default().push(Run {
                    desktop_flow: edge.to,
                    may: references.len() > 1,
                    proof: Proof {
                        words: format!("is run by {} over", network.nodes()[cloud_flow].described()).into(),
                        ..Proof::of(network, edge)
                    },
                });
            }
        }
    }
}

/// The connection references of the desktop flows connector that a cloud flow uses.
fn desktop_connections(network: &Network<'_>, cloud_flow: usize) -> BTreeSet<usize> {
    let used = network.needs(cloud_flow).map(|edge| edge.to);
    used.filter(|&node| {
        let component = network.nodes()[node].component;
        matches!(
            component.map(|component| &component.details),
            Some(Details::ConnectionReference(reference)) if reference.is_for_desktop_flows()
        )
    })
    .collect()
}

/// Whether the package or the user says with which credential it signs in.
fn is_told(network: &Network<'_>, node: usize) -> bool {
    network.needs(node).any(|edge| {
        matches!(edge.link, Link::Stated | Link::Reference(Relation::DesktopFlowCredential))
            && matches!(
                network.nodes()[edge.to].identity,
                Identity::Component(key) if key.kind == ComponentType::CREDENTIAL
            )
    })
}
