//! An excerpt of the graph as a tree: each node, under it what it needs; or, read from a goal, what needs it.

use super::TextOptions;
use super::page::{Page, Table, bold, dim, plain};
use super::text_where_used::{node_words, solutions, state};
use super::tree::{Again, Branch, Content, rows};
use super::words::{counted, thousands};
use crate::excerpt::{Ends, Excerpt, ExcerptEdge};
use crate::graph::Evidence;

/// Writes an excerpt.
pub fn graph(excerpt: &Excerpt, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    let (roots, branches) = forest(excerpt);
    let mut table = Table::of_trees();
    for row in rows(&roots, &branches, options.all) {
        match row.content {
            Content::Root(node) => {
                let facts = &excerpt.nodes[node];
                let words = node_words(facts, Again::No);
                table.row([bold(words), plain(solutions(facts, options)), plain(state(facts))]);
            }
            Content::Branch(branch, again) => {
                let facts = &excerpt.nodes[branch.node];
                let edge = &excerpt.edges[branch.edge];
                let place = edge.proofs.first().and_then(|proof| proof.place.as_ref());
                table.row([
                    plain(format!("{}{}", row.prefix, node_words(facts, again))),
                    plain(solutions(facts, options)),
                    plain(state(facts)),
                    plain(how(edge)),
                    dim(place.map(ToString::to_string).unwrap_or_default()),
                ]);
            }
            Content::More(count) => {
                table.row([dim(format!("{}… and {} more (--all)", row.prefix, thousands(count)))]);
            }
            Content::Deeper(count) => {
                let words = format!("{}… {} more below (--all, --format json)", row.prefix, thousands(count));
                table.row([dim(words)]);
            }
        }
    }
    table.write(&mut page);
    page.gap();
    let references: usize = excerpt.edges.iter().map(ExcerptEdge::references).sum();
    let is_of_solutions = excerpt.nodes.iter().any(|node| node.type_name == "solution");
    let (nodes, edges) = if is_of_solutions { ("solution", "reason") } else { ("node", "reference") };
    let count =
        |noun: &str| excerpt.nodes.iter().filter(|node| noun == "node" || node.type_name == noun).count();
    page.line(0, &[plain(format!("{}, {}", counted(count(nodes), nodes), counted(references, edges)))]);
    page.finish()
}

/// Where the trees start, and what hangs on each node: what it needs, or towards a goal what needs it.
fn forest(excerpt: &Excerpt) -> (Vec<usize>, Vec<Vec<Branch>>) {
    let is_reversed = matches!(excerpt.ends, Some(Ends::To(_)));
    let mut branches = vec![Vec::new(); excerpt.nodes.len()];
    let mut hangs = vec![false; excerpt.nodes.len()];
    for (index, edge) in excerpt.edges.iter().enumerate() {
        let (above, below) = if is_reversed { (edge.to, edge.from) } else { (edge.from, edge.to) };
        branches[above].push(Branch { node: below, edge: index });
        hangs[below] |= above != below;
    }
    let mut roots = match &excerpt.ends {
        Some(Ends::From(nodes) | Ends::To(nodes)) => nodes.clone(),
        None => Vec::new(),
    };
    let mut reached = vec![false; excerpt.nodes.len()];
    roots.iter().for_each(|&root| reach(root, &branches, &mut reached));
    // What hangs on nothing that is shown; then a member of every circle that is left.
    for only_free in [true, false] {
        for node in 0..excerpt.nodes.len() {
            let is_start = !only_free || !hangs[node];
            if is_start && !reached[node] {
                roots.push(node);
                reach(node, &branches, &mut reached);
            }
        }
    }
    // With what hangs on them first: most nodes of a solution stand alone.
    if excerpt.ends.is_none() {
        roots.sort_by_key(|&root| branches[root].is_empty());
    }
    (roots, branches)
}

/// Marks what hangs on a node, directly or not.
fn reach(root: usize, branches: &[Vec<Branch>], reached: &mut [bool]) {
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        if !std::mem::replace(&mut reached[node], true) {
            pending.extend(branches[node].iter().map(|branch| branch.node));
        }
    }
}

/// How the first reference is known, and how many more there are.
fn how(edge: &ExcerptEdge) -> String {
    let Some(first) = edge.proofs.first() else { return String::new() };
    let prefix = match first.evidence {
        Evidence::Declared => "declared: ",
        Evidence::Policy => "policy: ",
        Evidence::Stated => "stated: ",
        Evidence::Observed | Evidence::Parent => "",
    };
    // Between solutions each is a reason of its own, between components a place where the same is said.
    let is_sentence = matches!(&*first.relation, "after" | "needs" | "policy");
    let more = match edge.references() {
        1 => String::new(),
        count if is_sentence => format!(" and {} more", thousands(count - 1)),
        count => format!(", in {} more", counted(count - 1, "place")),
    };
    format!("{prefix}{}{more}", first.words)
}
