//! A graph laid out as a tree: each node once with what hangs on it, elsewhere only named. What the nodes stand for is not
//! known here.
//!
//! Read [`rows`] first. Nothing recurses: a graph may be a chain of any length, or a circle.

use std::collections::VecDeque;

use super::words::cut;

/// So many roots are shown.
const ROOTS: usize = 20;
/// So many branches of one node are shown.
const BRANCHES: usize = 12;
/// So many levels are shown.
const LEVELS: usize = 12;
/// So many even where everything is to be shown: every level makes all lines below it longer.
const MOST_LEVELS: usize = 200;

/// What hangs on a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Branch {
    /// The node that hangs there.
    pub(super) node: usize,
    /// The edge by which it does.
    pub(super) edge: usize,
}

/// One line of the tree.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// `│ ├ `
    pub(super) prefix: String,
    pub(super) content: Content,
}

/// What stands in a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    Root(usize),
    Branch(Branch, Again),
    /// So many more roots or branches are left out.
    More(usize),
    /// So many branches are left out because they are too far down.
    Deeper(usize),
}

/// Whether a node is shown with its branches at another line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// Here is the place.
    No,
    Above,
    Below,
    /// That line was left out.
    LeftOut,
}

impl Again {
    /// What is written behind the name.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::No | Self::LeftOut => "",
            Self::Above => " (above)",
            Self::Below => " (below)",
        }
    }
}

/// Lays out what is reached from the roots, each root with all that no root before it reaches.
pub(super) fn rows(roots: &[usize], branches: &[Vec<Branch>], all: bool) -> Vec<Row> {
    let home = homes(roots, branches);
    let levels = if all { MOST_LEVELS } else { LEVELS };
    let mut rows = Vec::new();
    let mut line_of: Vec<Option<usize>> = vec![None; branches.len()];
    let shown_roots = cut(roots.len(), ROOTS, all);
    for &root in &roots[..shown_roots] {
        line_of[root] = Some(rows.len());
        rows.push(Row { prefix: String::new(), content: Content::Root(root) });
        // Nodes whose branches are being written, each with how many were.
        let mut open = vec![(root, 0, String::new())];
        while let Some((node, written, prefix)) = open.last_mut() {
            let of_node = &branches[*node];
            let shown = cut(of_node.len(), BRANCHES, all);
            if *written == shown {
                if shown < of_node.len() {
                    let more = Content::More(of_node.len() - shown);
                    rows.push(Row { prefix: format!("{prefix}└ "), content: more });
                }
                open.pop();
                continue;
            }
            let branch = of_node[*written];
            *written += 1;
            let is_last = *written == of_node.len();
            let (mark, below) = if is_last { ("└ ", "  ") } else { ("├ ", "│ ") };
            let row_prefix = format!("{prefix}{mark}");
            let prefix = format!("{prefix}{below}");
            let is_home = home[branch.node] == Some(branch.edge);
            if is_home {
                line_of[branch.node] = Some(rows.len());
            }
            let again = if is_home { Again::No } else { Again::LeftOut };
            rows.push(Row { prefix: row_prefix, content: Content::Branch(branch, again) });
            let deeper = branches[branch.node].len();
            if is_home && deeper > 0 {
                if open.len() < levels {
                    open.push((branch.node, 0, prefix));
                } else {
                    rows.push(Row { prefix: format!("{prefix}└ "), content: Content::Deeper(deeper) });
                }
            }
        }
    }
    for (line, row) in rows.iter_mut().enumerate() {
        if let Content::Branch(branch, again @ Again::LeftOut) = &mut row.content {
            match line_of[branch.node] {
                Some(home) if home < line => *again = Again::Above,
                Some(_) => *again = Again::Below,
                None => {}
            }
        }
    }
    if shown_roots < roots.len() {
        let content = Content::More(roots.len() - shown_roots);
        rows.push(Row { prefix: String::new(), content });
    }
    rows
}

/// By node: the edge at which it is shown with its branches, on a shortest way from its root; none for roots.
fn homes(roots: &[usize], branches: &[Vec<Branch>]) -> Vec<Option<usize>> {
    let mut home = vec![None; branches.len()];
    let mut reached = vec![false; branches.len()];
    roots.iter().for_each(|&root| reached[root] = true);
    for &root in roots {
        let mut pending = VecDeque::from([root]);
        while let Some(node) = pending.pop_front() {
            for branch in &branches[node] {
                if !std::mem::replace(&mut reached[branch.node], true) {
                    home[branch.node] = Some(branch.edge);
                    pending.push_back(branch.node);
                }
            }
        }
    }
    home
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branches(nodes: usize, edges: &[(usize, usize)]) -> Vec<Vec<Branch>> {
        let mut branches = vec![Vec::new(); nodes];
        for (edge, &(from, to)) in edges.iter().enumerate() {
            branches[from].push(Branch { node: to, edge });
        }
        branches
    }

    fn drawn(roots: &[usize], branches: &[Vec<Branch>], all: bool) -> Vec<String> {
        let told = |row: Row| match row.content {
            Content::Root(node) => format!("{}{node}", row.prefix),
            Content::Branch(branch, again) => format!("{}{}{}", row.prefix, branch.node, again.words()),
            Content::More(count) => format!("{}more {count}", row.prefix),
            Content::Deeper(count) => format!("{}deeper {count}", row.prefix),
        };
        rows(roots, branches, all).into_iter().map(told).collect()
    }

    #[test]
    fn each_node_has_its_branches_once() {
        let branches = branches(5, &[(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)]);
        assert_eq!(drawn(&[0], &branches, false), ["0", "├ 1", "│ └ 3", "│   └ 4", "└ 2", "  └ 3 (above)"]);
    }

    #[test]
    fn a_node_stands_on_the_shortest_way() {
        let branches = branches(4, &[(0, 1), (0, 2), (1, 2), (2, 3)]);
        assert_eq!(drawn(&[0], &branches, false), ["0", "├ 1", "│ └ 2 (below)", "└ 2", "  └ 3"]);
    }

    #[test]
    fn circles_end() {
        let branches = branches(3, &[(0, 1), (1, 2), (2, 0), (2, 2)]);
        assert_eq!(
            drawn(&[0], &branches, false),
            ["0", "└ 1", "  └ 2", "    ├ 0 (above)", "    └ 2 (above)"]
        );
    }

    #[test]
    fn a_long_chain_needs_no_stack_and_no_width() {
        let edges: Vec<_> = (1..100_000).map(|node| (node - 1, node)).collect();
        let branches = branches(100_000, &edges);
        assert_eq!(drawn(&[0], &branches, false).len(), LEVELS + 2);
        let all = drawn(&[0], &branches, true);
        assert_eq!(all.len(), MOST_LEVELS + 2);
        assert!(all.last().unwrap().ends_with("deeper 1"));
    }

    #[test]
    fn long_lists_are_cut_and_what_is_left_out_is_not_above() {
        let mut edges: Vec<_> = (1..=20).map(|node| (0, node)).collect();
        edges.push((1, 20));
        let branches = branches(21, &edges);
        let told = drawn(&[0], &branches, false);
        assert_eq!(told.len(), 1 + BRANCHES + 1 + 1);
        assert_eq!(told[2], "│ └ 20");
        assert_eq!(told.last().unwrap(), "└ more 8");
        assert_eq!(drawn(&[0], &branches, true).len(), 22);
    }
}
