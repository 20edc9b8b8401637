//! Ways through a graph whose nodes are numbers: what lies between two ends. What the nodes stand for is not known here.

use std::collections::VecDeque;

/// Which nodes and edges are wanted.
#[derive(Debug)]
pub(super) struct Between {
    /// Steps from the nearest start, by node; none where no way leads.
    after_start: Vec<Option<usize>>,
    /// Steps to the nearest goal.
    before_goal: Vec<Option<usize>>,
    depth: usize,
}

impl Between {
    /// What lies on a way of at most `depth` edges from one of `from` to one of `to`; an end that is none does not matter.
    pub(super) fn new(
        nodes: usize,
        edges: &[(usize, usize)],
        from: Option<&[usize]>,
        to: Option<&[usize]>,
        depth: Option<usize>,
    ) -> Self {
        let reversed: Vec<(usize, usize)> = edges.iter().map(|&(from, to)| (to, from)).collect();
        Self {
            after_start: distances(nodes, edges, from),
            before_goal: distances(nodes, &reversed, to),
            depth: depth.unwrap_or(usize::MAX),
        }
    }

    pub(super) fn has_node(&self, node: usize) -> bool {
        self.is_within(self.after_start[node], self.before_goal[node], 0)
    }

    pub(super) fn has_edge(&self, from: usize, to: usize) -> bool {
        self.is_within(self.after_start[from], self.before_goal[to], 1)
    }

    fn is_within(&self, after: Option<usize>, before: Option<usize>, step: usize) -> bool {
        matches!((after, before), (Some(after), Some(before)) if after + before + step <= self.depth)
    }
}

/// Breadth first. Without ends every node is one.
fn distances(nodes: usize, edges: &[(usize, usize)], ends: Option<&[usize]>) -> Vec<Option<usize>> {
    let Some(ends) = ends else { return vec![Some(0); nodes] };
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for &(from, to) in edges {
        next[from].push(to);
    }
    let mut distances = vec![None; nodes];
    let mut pending = VecDeque::new();
    for &end in ends {
        distances[end] = Some(0);
        pending.push_back(end);
    }
    while let Some(node) = pending.pop_front() {
        for &to in &next[node] {
            if distances[to].is_none() {
                distances[to] = distances[node].map(|distance: usize| distance + 1);
                pending.push_back(to);
            }
        }
    }
    distances
}

#[cfg(test)]
mod tests {
    use super::Between;

    /// 0 → 1 → 2 → 3, 0 → 3, 2 → 1, 4 → 2.
    const EDGES: &[(usize, usize)] = &[(0, 1), (1, 2), (2, 3), (0, 3), (2, 1), (4, 2)];

    fn nodes(from: Option<&[usize]>, to: Option<&[usize]>, depth: Option<usize>) -> Vec<usize> {
        let between = Between::new(5, EDGES, from, to, depth);
        (0..5).filter(|&node| between.has_node(node)).collect()
    }

    #[test]
    fn what_lies_between_two_ends_is_kept() {
        assert_eq!(nodes(None, None, None), [0, 1, 2, 3, 4]);
        assert_eq!(nodes(Some(&[0]), None, None), [0, 1, 2, 3]);
        assert_eq!(nodes(None, Some(&[2]), None), [0, 1, 2, 4]);
        assert_eq!(nodes(Some(&[0]), Some(&[2]), None), [0, 1, 2]);
        assert_eq!(nodes(Some(&[3]), Some(&[0]), None), [0usize; 0]);
    }

    #[test]
    fn no_way_is_longer_than_the_depth() {
        assert_eq!(nodes(Some(&[0]), None, Some(1)), [0, 1, 3]);
        assert_eq!(nodes(None, Some(&[3]), Some(1)), [0, 2, 3]);
        assert_eq!(nodes(Some(&[0]), Some(&[3]), Some(1)), [0, 3]);
        let between = Between::new(5, EDGES, Some(&[0]), None, Some(2));
        assert!(between.has_edge(1, 2) && between.has_edge(0, 3));
        // 2 is two steps away, what it needs is three.
        assert!(!between.has_edge(2, 3) && !between.has_edge(2, 1));
        assert!(!between.has_edge(4, 2));
    }
}
