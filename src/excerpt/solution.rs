//! Excerpts of the graph of solutions, as a plan draws it.

use std::collections::BTreeMap;

use super::select::Between;
use super::{Ends, Excerpt, ExcerptEdge, ExcerptError, Selection};
use crate::graph::{Evidence, NodeFacts, Proof, most_alike, shown_name};
use crate::plan::{Need, Plan, Step};

/// At most so many names are proposed.
const PROPOSED: usize = 5;

/// The solutions of a plan and what they come after, with the providers that are not in the set. Where a policy holds
/// between many and many, it is a node of its own between the two groups. [`Selection::types`] does not matter.
pub fn solutions(plan: &Plan, selection: &Selection) -> Result<Excerpt, ExcerptError> {
    let mut whole = Whole::default();
    for step in &plan.steps {
        whole.step(step);
    }
    for step in &plan.steps {
        whole.predecessors(step);
    }
    whole.policies(plan);
    for need in plan.unresolved.iter().chain(&plan.platform) {
        whole.provider(need);
    }
    whole.select(selection)
}

#[derive(Default)]
struct Whole {
    nodes: Vec<NodeFacts>,
    /// By lower-cased unique name.
    index: BTreeMap<String, usize>,
    edges: BTreeMap<(usize, usize), Vec<Proof>>,
}

impl Whole {
    fn step(&mut self, step: &Step) {
        let name = &step.solution.unique_name;
        let words = format!("{name} {}", step.solution.version);
        self.index.insert(name.to_lowercase(), self.nodes.len());
        self.nodes.push(NodeFacts::other("solution", name, words));
    }

    fn of(&self, name: &str) -> Option<usize> {
        self.index.get(&name.to_lowercase()).copied()
    }

    fn add(&mut self, from: usize, to: usize, proofs: impl IntoIterator<Item = Proof>) {
        self.edges.entry((from, to)).or_default().extend(proofs);
    }

    fn predecessors(&mut self, step: &Step) {
        let Some(from) = self.of(&step.solution.unique_name) else { return };
        for after in &step.after {
            let Some(to) = self.of(&after.solution) else { continue };
            for reason in &after.reasons {
                let proofs = reason.evidence.iter().map(|&evidence| Proof {
                    evidence,
                    relation: "after".into(),
                    words: reason.words.clone().into(),
                    solution: Some(step.solution.unique_name.clone()),
                    place: reason.place.clone(),
                });
                self.add(from, to, proofs);
            }
        }
    }

    fn policies(&mut self, plan: &Plan) {
        for (number, policy) in plan.policies.iter().enumerate() {
            let before: Vec<usize> = policy.before.iter().filter_map(|name| self.of(name)).collect();
            let waiting = plan.steps.iter().filter_map(|step| {
                let reason = step.policy.as_ref().filter(|reason| reason.policy == number)?;
                Some((&step.solution.unique_name, reason))
            });
            let waiting: Vec<_> = waiting.collect();
            let hub = (before.len() > 1 && waiting.len() > 1).then(|| {
                let words = "policy: credentials before what may sign in with them";
                self.nodes.push(NodeFacts::other(
                    "policy",
                    &format!("credentials-first-{}", number + 1),
                    words,
                ));
                self.nodes.len() - 1
            });
            for (name, reason) in &waiting {
                let Some(from) = self.of(name) else { continue };
                let proof = Proof {
                    evidence: Evidence::Policy,
                    relation: "policy".into(),
                    words: reason.words.clone().into(),
                    solution: Some((*name).clone()),
                    place: Some(reason.place.clone()),
                };
                match hub {
                    Some(hub) => self.add(from, hub, [proof]),
                    None => before.iter().for_each(|&to| self.add(from, to, [proof.clone()])),
                }
            }
            if let Some(hub) = hub {
                let proof = Proof {
                    evidence: Evidence::Policy,
                    relation: "policy".into(),
                    words: "holds a credential".into(),
                    solution: None,
                    place: None,
                };
                before.iter().for_each(|&to| self.add(hub, to, [proof.clone()]));
            }
        }
    }

    fn provider(&mut self, need: &Need) {
        let Some(provider) = &need.provider else { return };
        if self.of(provider).is_some() {
            return;
        }
        let words = match &need.lowest_version {
            Some(version) => format!("{provider} {version} or later"),
            None => provider.clone(),
        };
        let to = self.nodes.len();
        self.index.insert(provider.to_lowercase(), to);
        self.nodes.push(NodeFacts { absent: true, ..NodeFacts::other("solution", provider, words) });
        for name in &need.needed_by {
            let Some(from) = self.of(name) else { continue };
            let parts = need.components.iter().filter(|part| part.solution == *name);
            let proofs: Vec<Proof> = parts
                .map(|part| {
                    let kind = part.component.kind.words();
                    let needed = crate::model::describe(kind, &part.component, part.name.as_deref());
                    Proof {
                        evidence: Evidence::Declared,
                        relation: "needs".into(),
                        words: format!("{} needs {needed}", part.used_by).into(),
                        solution: Some(name.clone()),
                        place: Some(part.place.clone()),
                    }
                })
                .collect();
            self.add(from, to, proofs);
        }
    }

    fn select(self, selection: &Selection) -> Result<Excerpt, ExcerptError> {
        let found = |what: &Option<String>| match what {
            None => Ok(None),
            Some(what) => match self.of(what.trim()) {
                Some(node) => Ok(Some(vec![node])),
                None => Err(ExcerptError::NotFound { what: shown_name(what), nearest: self.nearest(what) }),
            },
        };
        let (from, to) = (found(&selection.from)?, found(&selection.to)?);
        let pairs: Vec<(usize, usize)> = self.edges.keys().copied().collect();
        let between = Between::new(self.nodes.len(), &pairs, from.as_deref(), to.as_deref(), selection.depth);
        let mut place_of = vec![None; self.nodes.len()];
        let mut nodes = Vec::new();
        for (index, node) in self.nodes.into_iter().enumerate().filter(|(index, _)| between.has_node(*index))
        {
            place_of[index] = Some(nodes.len());
            nodes.push(node);
        }
        let edges = self.edges.into_iter().filter(|((from, to), _)| between.has_edge(*from, *to));
        let edges = edges.filter_map(|((from, to), proofs)| {
            let policy = proofs.iter().all(|proof| proof.evidence == Evidence::Policy);
            Some(ExcerptEdge { from: place_of[from]?, to: place_of[to]?, policy, proofs })
        });
        let edges = edges.collect();
        let places = |ends: Vec<usize>| ends.into_iter().filter_map(|node| place_of[node]).collect();
        let ends = match (from, to) {
            (Some(from), _) => Some(Ends::From(places(from))),
            (None, Some(to)) => Some(Ends::To(places(to))),
            (None, None) => None,
        };
        Ok(Excerpt { nodes, edges, ends })
    }

    fn nearest(&self, what: &str) -> Vec<String> {
        let candidates = self.index.iter().map(|(name, &node)| (node, [Some(name.clone())]));
        let alike = most_alike(what, candidates, |&node| node);
        alike.into_iter().take(PROPOSED).map(|node| self.nodes[node].key.clone()).collect()
    }
}
