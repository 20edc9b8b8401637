//! What stands on a secret, a variable, a connector or any other component: who uses it, who uses those, and so on, each
//! step with its evidence.
//!
//! Read [`WhereUsed`] first, then [`where_used`]. Which connection signs in with which credential is in no package; where
//! nothing states it, `sign_in.rs` says what *may*.

mod sign_in;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use serde::Serialize;

use crate::environment::State;
use crate::graph::{Evidence, Link, Network, NodeFacts, Proof, find, nearest, sort_key};
use crate::model::{ComponentKey, ComponentType, Details, Relation};
use sign_in::SignIn;

/// The answer to "where is this used".
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WhereUsed {
    /// One for each thing of that name.
    pub answers: Vec<Answer>,
    /// When nothing has that name: what is called nearly so, each as it can be asked for.
    pub nearest: Vec<String>,
}

/// Everything that stands on one thing.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The thing itself first, then what stands on it, nearest first.
    pub nodes: Vec<UsageNode>,
    /// From one that is used to one that uses it, in the order in which they are found: the first step to a node is on a
    /// shortest way.
    pub steps: Vec<UsageStep>,
    /// How much stands on it.
    pub totals: Totals,
}

/// A thing that is used, or uses. One of type `policy` stands between several credentials and all that may sign in with
/// one of them.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageNode {
    /// What it is.
    #[serde(flatten)]
    pub facts: NodeFacts,
    /// Only a policy suggests that it stands on what was asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub may: bool,
}

/// One step: `by` uses `used`.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageStep {
    /// Index in [`Answer::nodes`] of what is used.
    pub used: usize,
    /// Index of what uses it.
    pub by: usize,
    /// Only a policy suggests it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub may: bool,
    /// How it is known, the strongest first; none between credentials and what stands for all that may sign in.
    pub proofs: Vec<Proof>,
}

/// How much stands on something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Cloud and desktop flows that stand on it.
    pub flows: usize,
    /// Cloud and desktop flows of which only a policy suggests it.
    pub flows_that_may: usize,
    /// Solutions that hold it, or anything that stands on it.
    pub solutions: usize,
}

impl WhereUsed {
    /// Says of flows whether they are on in an environment instead of how they were exported, as far as it has them.
    pub fn tell(&mut self, state: &State) {
        for facts in self.answers.iter_mut().flat_map(|answer| &mut answer.nodes).map(|node| &mut node.facts)
        {
            let key = ComponentKey::new(ComponentType::named(&facts.type_name), &facts.key);
            if let Some(on) = state.flows().get(&key) {
                facts.on = Some(*on);
            }
        }
    }
}

/// Where everything called `what` is used. What names may be is told at [`find`].
pub fn where_used(network: &Network<'_>, what: &str) -> WhereUsed {
    let found = find(network, what);
    let nearest = if found.is_empty() { nearest(network, what) } else { Vec::new() };
    let sign_in = SignIn::new(network);
    let answers = found.into_iter().map(|node| Search::new(network, &sign_in).run(node)).collect();
    WhereUsed { answers, nearest }
}

/// A node while it is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum At {
    Node(usize),
    Hub,
}

/// A step while it is searched.
struct Found {
    by: At,
    may: bool,
    proofs: Vec<Proof>,
}

struct Search<'n, 's> {
    network: &'n Network<'s>,
    sign_in: &'n SignIn,
    index: HashMap<At, usize>,
    reached: Vec<At>,
    steps: Vec<UsageStep>,
}

impl<'n, 's> Search<'n, 's> {
    fn new(network: &'n Network<'s>, sign_in: &'n SignIn) -> Self {
        Self { network, sign_in, index: HashMap::new(), reached: Vec::new(), steps: Vec::new() }
    }

    /// Breadth first. A step leads on from a node once, so circles end.
    fn run(mut self, asked: usize) -> Answer {
        let has_hub = self.stands_on_several_credentials(asked);
        let mut pending = VecDeque::new();
        self.reach(At::Node(asked), &mut pending);
        while let Some(at) = pending.pop_front() {
            let used = self.index[&at];
            for Found { by, may, proofs } in self.users(at, has_hub) {
                let by = self.reach(by, &mut pending);
                self.steps.push(UsageStep { used, by, may, proofs });
            }
        }
        self.answer()
    }

    fn reach(&mut self, at: At, pending: &mut VecDeque<At>) -> usize {
        *self.index.entry(at).or_insert_with(|| {
            pending.push_back(at);
            self.reached.push(at);
            self.reached.len() - 1
        })
    }

    /// Whether more than one credential is reached without signing in: then all of them lead on through one node, not each
    /// to each.
    fn stands_on_several_credentials(&self, asked: usize) -> bool {
        let mut seen = BTreeSet::from([asked]);
        let mut pending = vec![asked];
        let mut credentials = 0;
        while let Some(node) = pending.pop() {
            if self.is_credential(node) {
                credentials += 1;
            }
            let users = self.network.needed_by(node).filter(|edge| !edge.link.is_part_of());
            pending.extend(users.map(|edge| edge.from).filter(|&by| seen.insert(by)));
        }
        credentials > 1
    }

    fn is_credential(&self, node: usize) -> bool {
        let component = self.network.nodes()[node].component;
        matches!(component.map(|component| &component.details), Some(Details::Credential(_)))
    }

    /// What uses a node directly, in the order of [`sort_key`].
    fn users(&self, at: At, has_hub: bool) -> Vec<Found> {
        // The same pair is found once for each place, and in each package of one solution.
        let mut users: BTreeMap<usize, (bool, Vec<Proof>)> = BTreeMap::new();
        let may_sign_in = match at {
            At::Hub => true,
            At::Node(node) => {
                for edge in
                    self.network.needed_by(node).filter(|edge| edge.from != node && !edge.link.is_part_of())
                {
                    // What opaque columns of a credential hold may be a reference, or a word that looks like one.
                    let is_possible = edge.link == Link::Reference(Relation::CredentialPossible);
                    let (may, proofs) = users.entry(edge.from).or_insert((true, Vec::new()));
                    *may &= is_possible;
                    proofs.push(Proof::of(self.network, edge));
                }
                for run in self.sign_in.runs_under(node) {
                    let (may, proofs) = users.entry(run.desktop_flow).or_insert((run.may, Vec::new()));
                    *may &= run.may;
                    proofs.push(run.proof.clone());
                }
                self.is_credential(node) && !has_hub
            }
        };
        if may_sign_in {
            for candidate in self.sign_in.candidates() {
                let (_, proofs) = users.entry(candidate.node).or_insert((true, Vec::new()));
                proofs.push(candidate.proof.clone());
            }
        }
        let mut nodes: Vec<usize> = users.keys().copied().collect();
        nodes.sort_by_cached_key(|&node| sort_key(&self.network.nodes()[node]));
        let mut found: Vec<Found> = nodes
            .into_iter()
            .map(|node| {
                let (may, mut proofs) = users.remove(&node).unwrap_or_default();
                proofs.sort();
                proofs.dedup();
                // What a package shows or the user states needs no policy.
                if !may {
                    proofs.retain(|proof| proof.evidence != Evidence::Policy);
                }
                Found { by: At::Node(node), may, proofs }
            })
            .collect();
        let has_candidates = !self.sign_in.candidates().is_empty();
        if matches!(at, At::Node(node) if has_hub && has_candidates && self.is_credential(node)) {
            found.push(Found { by: At::Hub, may: true, proofs: Vec::new() });
        }
        found
    }

    fn answer(self) -> Answer {
        let certain = self.certain();
        let mut solutions = BTreeSet::new();
        let mut totals = Totals { flows: 0, flows_that_may: 0, solutions: 0 };
        let mut nodes = Vec::with_capacity(self.reached.len());
        for (index, at) in self.reached.iter().enumerate() {
            let At::Node(node) = *at else {
                nodes.push(UsageNode { facts: sign_in::hub(), may: true });
                continue;
            };
            solutions.extend(self.network.holder_names(node).into_iter().map(str::to_lowercase));
            let component = self.network.nodes()[node].component;
            let is_flow = matches!(
                component.map(|component| &component.details),
                Some(Details::CloudFlow(_) | Details::DesktopFlow(_))
            );
            if is_flow && index > 0 {
                *if certain[index] { &mut totals.flows } else { &mut totals.flows_that_may } += 1;
            }
            let facts = NodeFacts::of(self.network, node);
            nodes.push(UsageNode { facts, may: !certain[index] });
        }
        totals.solutions = solutions.len();
        Answer { nodes, steps: self.steps, totals }
    }

    /// By node: whether it is reached without a step that only a policy suggests.
    fn certain(&self) -> Vec<bool> {
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); self.reached.len()];
        for step in self.steps.iter().filter(|step| !step.may) {
            next[step.used].push(step.by);
        }
        let mut certain = vec![false; self.reached.len()];
        certain[0] = true;
        let mut pending = vec![0];
        while let Some(node) = pending.pop() {
            for &by in &next[node] {
                if !std::mem::replace(&mut certain[by], true) {
                    pending.push(by);
                }
            }
        }
        certain
    }
}
