//! Excerpts of the network of components.

use std::collections::{BTreeMap, BTreeSet};

use super::select::Between;
use super::{Ends, Excerpt, ExcerptEdge, ExcerptError, Selection};
use crate::graph::{
    Edge, Evidence, Network, NodeFacts, Proof, find, is_of_type, nearest, shown_name, sort_key,
};

/// The part of the network that is asked for.
pub fn components(network: &Network<'_>, selection: &Selection) -> Result<Excerpt, ExcerptError> {
    let found = |what: &Option<String>| match what {
        None => Ok(None),
        Some(what) => match find(network, what) {
            found if found.is_empty() => {
                Err(ExcerptError::NotFound { what: shown_name(what), nearest: nearest(network, what) })
            }
            found => Ok(Some(found)),
        },
    };
    let (from, to) = (found(&selection.from)?, found(&selection.to)?);
    let is_wanted = wanted_types(network, &selection.types)?;
    // A part refers back to its whole: no way leads over that.
    let is_way = |edge: &&Edge<'_>| (from.is_none() && to.is_none()) || !edge.link.is_part_of();
    let pairs: Vec<(usize, usize)> =
        network.edges().iter().filter(is_way).map(|edge| (edge.from, edge.to)).collect();
    let between =
        Between::new(network.nodes().len(), &pairs, from.as_deref(), to.as_deref(), selection.depth);

    let mut nodes: Vec<usize> =
        (0..network.nodes().len()).filter(|&node| between.has_node(node) && is_wanted[node]).collect();
    nodes.sort_by_cached_key(|&node| (sort_key(&network.nodes()[node]), node));
    let mut place_of: Vec<Option<usize>> = vec![None; network.nodes().len()];
    for (place, &node) in nodes.iter().enumerate() {
        place_of[node] = Some(place);
    }
    let mut grouped: BTreeMap<(usize, usize), Vec<&Edge<'_>>> = BTreeMap::new();
    for edge in network.edges().iter().filter(is_way) {
        if !between.has_edge(edge.from, edge.to) {
            continue;
        }
        if let (Some(from), Some(to)) = (place_of[edge.from], place_of[edge.to]) {
            grouped.entry((from, to)).or_default().push(edge);
        }
    }
    let edges = grouped.into_iter().map(|((from, to), edges)| {
        let policy = edges.iter().all(|edge| edge.evidence == Evidence::Policy);
        let mut proofs: Vec<Proof> = edges.into_iter().map(|edge| Proof::of(network, edge)).collect();
        // What the packages show comes before what they declare.
        proofs.sort();
        ExcerptEdge { from, to, policy, proofs }
    });
    let places = |ends: Vec<usize>| ends.into_iter().filter_map(|node| place_of[node]).collect();
    let ends = match (from, to) {
        (Some(from), _) => Some(Ends::From(places(from))),
        (None, Some(to)) => Some(Ends::To(places(to))),
        (None, None) => None,
    };
    Ok(Excerpt {
        edges: edges.collect(),
        nodes: nodes.into_iter().map(|node| NodeFacts::of(network, node)).collect(),
        ends,
    })
}

/// By node: whether it is of one of the types.
fn wanted_types(network: &Network<'_>, types: &[String]) -> Result<Vec<bool>, ExcerptError> {
    let mut wanted = vec![types.is_empty(); network.nodes().len()];
    for kind in types {
        let mut is_any = false;
        for (node, wanted) in network.nodes().iter().zip(&mut wanted) {
            if is_of_type(node, kind) {
                (*wanted, is_any) = (true, true);
            }
        }
        if !is_any {
            let known: BTreeSet<&str> = network.nodes().iter().map(|node| node.kind_words()).collect();
            let known = known.into_iter().map(str::to_owned).collect();
            return Err(ExcerptError::NoSuchType { what: kind.clone(), known });
        }
    }
    Ok(wanted)
}
