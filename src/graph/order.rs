//! Order and cycles of a directed graph whose nodes are numbers. What the nodes stand for is not known here.
//!
//! Everything is iterative: a set of solutions may be a chain of any length.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};

use petgraph::graph::{DiGraph, NodeIndex};

/// Edges "`before` comes before `after`", each once.
#[derive(Debug, Clone, Default)]
pub struct Precedence {
    successors: Vec<BTreeSet<usize>>,
}

impl Precedence {
    /// No edges between `nodes` nodes.
    pub fn new(nodes: usize) -> Self {
        Self { successors: vec![BTreeSet::new(); nodes] }
    }

    /// One more node.
    pub fn add_node(&mut self) -> usize {
        self.successors.push(BTreeSet::new());
        self.successors.len() - 1
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.successors.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.successors.is_empty()
    }

    /// Adds an edge; one from a node to itself is left out.
    pub fn add(&mut self, before: usize, after: usize) {
        if before != after {
            self.successors[before].insert(after);
        }
    }

    /// What comes after a node, directly.
    pub fn successors(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        self.successors[node].iter().copied()
    }

    /// Whether `after` comes directly after `before`.
    pub fn precedes(&self, before: usize, after: usize) -> bool {
        self.successors[before].contains(&after)
    }

    /// Every node that comes after one of `from`, directly or not.
    pub fn reachable(&self, from: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut seen = vec![false; self.len()];
        let mut pending: Vec<usize> = from.into_iter().collect();
        while let Some(node) = pending.pop() {
            for next in self.successors(node) {
                if !std::mem::replace(&mut seen[next], true) {
                    pending.push(next);
                }
            }
        }
        seen
    }

    /// The groups of nodes that reach each other; only those of two nodes or more, members ascending, groups by their
    /// first member.
    pub fn cycles(&self) -> Vec<Vec<usize>> {
        let mut graph = DiGraph::<(), ()>::with_capacity(self.len(), self.len());
        for _ in 0..self.len() {
            graph.add_node(());
        }
        for node in 0..self.len() {
            for next in self.successors(node) {
                graph.add_edge(NodeIndex::new(node), NodeIndex::new(next), ());
            }
        }
        // Kosaraju's algorithm as petgraph has it keeps its own stack; its Tarjan recurses.
        let mut groups: Vec<Vec<usize>> = petgraph::algo::kosaraju_scc(&graph)
            .into_iter()
            .filter(|group| group.len() > 1)
            .map(|group| {
                let mut members: Vec<usize> = group.into_iter().map(NodeIndex::index).collect();
                members.sort_unstable();
                members
            })
            .collect();
        groups.sort_unstable();
        groups
    }

    /// The shortest loop inside a group that [`Precedence::cycles`] gave: nodes in order, each before the next, the
    /// last before the first. Of several the one through the smallest numbers.
    pub fn shortest_loop(&self, group: &[usize]) -> Vec<usize> {
        let members: BTreeSet<usize> = group.iter().copied().collect();
        let mut best: Option<Vec<usize>> = None;
        for &start in group {
            if best.as_ref().is_some_and(|found| found.len() == 2) {
                break;
            }
            let found = self.shortest_path_back(start, &members);
            if best.as_ref().is_none_or(|shortest| found.len() < shortest.len()) {
                best = Some(found);
            }
        }
        best.unwrap_or_default()
    }

    fn shortest_path_back(&self, start: usize, members: &BTreeSet<usize>) -> Vec<usize> {
        let mut came_from = vec![usize::MAX; self.len()];
        let mut pending = VecDeque::from([start]);
        while let Some(node) = pending.pop_front() {
            for next in self.successors(node) {
                if next == start {
                    let mut path = vec![node];
                    while *path.last().expect("it has a first") != start {
                        path.push(came_from[path[path.len() - 1]]);
                    }
                    path.reverse();
                    return path;
                }
                if members.contains(&next) && came_from[next] == usize::MAX {
                    came_from[next] = node;
                    pending.push_back(next);
                }
            }
        }
        Vec::new()
    }

    /// All nodes so that every edge points forward, the smallest `rank` first where there is a choice. Members of one
    /// of the `cycles` stand together, by rank.
    pub fn order<R: Ord + Clone>(&self, ranks: &[R], cycles: &[Vec<usize>]) -> Vec<usize> {
        let mut unit_of: Vec<usize> = (0..self.len()).collect();
        let mut members: Vec<Vec<usize>> = (0..self.len()).map(|node| vec![node]).collect();
        for cycle in cycles {
            for &node in cycle {
                unit_of[node] = cycle[0];
                members[node].clear();
            }
            let mut together = cycle.clone();
            together.sort_by(|&one, &other| ranks[one].cmp(&ranks[other]));
            members[cycle[0]] = together;
        }
        let mut waiting_for = vec![0usize; self.len()];
        let mut unit_successors: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); self.len()];
        for node in 0..self.len() {
            for next in self.successors(node) {
                let (before, after) = (unit_of[node], unit_of[next]);
                if before != after && unit_successors[before].insert(after) {
                    waiting_for[after] += 1;
                }
            }
        }
        let mut ready: BinaryHeap<Reverse<(R, usize)>> = (0..self.len())
            .filter(|&unit| unit_of[unit] == unit && waiting_for[unit] == 0)
            .map(|unit| Reverse((ranks[members[unit][0]].clone(), unit)))
            .collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some(Reverse((_, unit))) = ready.pop() {
            order.extend(&members[unit]);
            for &next in &unit_successors[unit] {
                waiting_for[next] -= 1;
                if waiting_for[next] == 0 {
                    ready.push(Reverse((ranks[members[next][0]].clone(), next)));
                }
            }
        }
        order
    }
}

/// Which node reaches which, kept up to date while edges are added.
#[derive(Debug)]
pub struct Reach {
    words: usize,
    /// Row of a node: the nodes that it reaches.
    bits: Vec<u64>,
}

impl Reach {
    /// The closure of a graph.
    pub fn new(graph: &Precedence) -> Self {
        let words = graph.len().div_ceil(64);
        let mut reach = Self { words, bits: vec![0; words * graph.len()] };
        for node in 0..graph.len() {
            for next in graph.successors(node) {
                reach.add(node, next);
            }
        }
        reach
    }

    /// Whether `to` comes after `from`.
    pub fn reaches(&self, from: usize, to: usize) -> bool {
        self.bits[from * self.words + to / 64] >> (to % 64) & 1 == 1
    }

    /// Adds an edge.
    pub fn add(&mut self, before: usize, after: usize) {
        if self.reaches(before, after) {
            return;
        }
        let mut gained = self.bits[after * self.words..(after + 1) * self.words].to_vec();
        gained[after / 64] |= 1 << (after % 64);
        for node in 0..self.bits.len() / self.words {
            if node == before || self.reaches(node, before) {
                let row = &mut self.bits[node * self.words..(node + 1) * self.words];
                row.iter_mut().zip(&gained).for_each(|(word, more)| *word |= more);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(nodes: usize, edges: &[(usize, usize)]) -> Precedence {
        let mut graph = Precedence::new(nodes);
        edges.iter().for_each(|&(before, after)| graph.add(before, after));
        graph
    }

    #[test]
    fn order_follows_edges_then_rank() {
        let graph = graph(4, &[(3, 0), (2, 1)]);
        assert_eq!(graph.order(&["a", "b", "c", "d"], &[]), [2, 1, 3, 0]);
    }

    #[test]
    fn members_of_a_cycle_stand_together_behind_what_they_need() {
        let graph = graph(5, &[(0, 1), (1, 2), (2, 1), (4, 2), (2, 3)]);
        let cycles = graph.cycles();
        assert_eq!(cycles, [vec![1, 2]]);
        assert_eq!(graph.order(&[0, 1, 2, 3, 4], &cycles), [0, 4, 1, 2, 3]);
    }

    #[test]
    fn two_cycles_are_two() {
        assert_eq!(graph(5, &[(0, 1), (1, 0), (2, 3), (3, 4), (4, 2)]).cycles(), [vec![0, 1], vec![2, 3, 4]]);
    }

    #[test]
    fn the_shortest_loop_is_found_inside_a_larger_group() {
        let graph = graph(5, &[(0, 1), (1, 2), (2, 3), (3, 0), (2, 4), (4, 2)]);
        let cycles = graph.cycles();
        assert_eq!(cycles.len(), 1);
        assert_eq!(graph.shortest_loop(&cycles[0]), [2, 4]);
    }

    #[test]
    fn a_node_does_not_wait_for_itself() {
        let graph = graph(2, &[(0, 0)]);
        assert!(graph.cycles().is_empty());
        assert_eq!(graph.order(&[0, 1], &[]), [0, 1]);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let edges: Vec<_> = (1..200_000).map(|node| (node - 1, node)).collect();
        let graph = graph(200_000, &edges);
        assert!(graph.cycles().is_empty());
        assert!(graph.reachable([0])[199_999]);
        assert_eq!(graph.order(&[(); 200_000], &[]).last(), Some(&199_999));
    }

    #[test]
    fn reach_grows_with_each_edge() {
        let mut reach = Reach::new(&graph(130, &[(0, 1), (128, 129)]));
        assert!(!reach.reaches(0, 129));
        reach.add(1, 128);
        assert!(reach.reaches(0, 129) && reach.reaches(1, 129) && !reach.reaches(129, 0));
    }
}
