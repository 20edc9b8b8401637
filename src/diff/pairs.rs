//! Which nodes of two lists are the same one: by name and key, else by what is inside of them, never by position alone.
//!
//! Read [`pairs`] first.

use std::collections::{HashMap, VecDeque};

use super::align::aligned;
use super::tree::{Node, Order, Tree};

/// Positions in two lists.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Pairs {
    /// Of both, in the order of the left list: positions in the lists.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Nodes of the left list alone.
    pub(super) removed: Vec<u32>,
    /// Nodes of the right list alone.
    pub(super) added: Vec<u32>,
}

/// By what a node is called among its siblings: name, key, and the number among those that are alike.
type Called<'t> = (&'t str, Option<&'t str>);

fn called(node: &Node) -> Called<'_> {
    (&node.name, node.key.as_deref())
}

/// Pairs the nodes of two lists. `shared`: what rows are called that both have besides.
pub(super) fn pairs(
    left: &Tree,
    right: &Tree,
    ones: &[u32],
    others: &[u32],
    order: Order,
    shared: Option<&str>,
) -> Pairs {
    let mut partner: Vec<Option<usize>> = vec![None; ones.len()];
    let mut taken: Vec<Option<usize>> = vec![None; others.len()];
    // What is alone of its name on both sides needs no further look; of several, those that are the same go first.
    let mut by_name: HashMap<Called<'_>, (Vec<usize>, Vec<usize>)> = HashMap::new();
    for (at, index) in ones.iter().enumerate() {
        by_name.entry(called(left.node(*index))).or_default().0.push(at);
    }
    for (at, index) in others.iter().enumerate() {
        by_name.entry(called(right.node(*index))).or_default().1.push(at);
    }
    for (one_list, other_list) in by_name.values() {
        let same = |at: usize| left.node(ones[at]).meaning;
        let other_same = |at: usize| right.node(others[at]).meaning;
        let matched = if one_list.len() == 1 && other_list.len() == 1 {
            vec![(one_list[0], other_list[0])]
        } else if order == Order::Matters {
            in_order(one_list, other_list, &same, &other_same)
        } else {
            in_any_order(one_list, other_list, &same, &other_same)
        };
        for (one, other) in matched {
            partner[one] = Some(other);
            taken[other] = Some(one);
        }
    }
    let (known, other_known) = (by_identity(left, ones, &partner), by_identity(right, others, &taken));
    for (identity, at) in &known {
        if let Some(other) = other_known.get(identity) {
            partner[*at] = Some(*other);
            taken[*other] = Some(*at);
        }
    }
    // A key that stands nowhere else would be lost.
    let keeps_key = |node: &Node| node.key.is_none() || node.tells_key;
    // Another key on what is alone of its name on both sides is a change of it.
    let (alone, other_alone) = (alone_of_name(left, ones), alone_of_name(right, others));
    for (name, at) in &alone {
        if partner[*at].is_none()
            && shared != Some(name)
            && let Some(other) = other_alone.get(name)
            && keeps_key(left.node(ones[*at]))
            && keeps_key(right.node(others[*other]))
        {
            partner[*at] = Some(*other);
            taken[*other] = Some(*at);
        }
    }
    let without = |nodes: &[u32], partner: &[Option<usize>]| {
        nodes.iter().zip(partner).filter(|(_, other)| other.is_none()).map(|(node, _)| *node).collect()
    };
    Pairs {
        removed: without(ones, &partner),
        added: without(others, &taken),
        pairs: partner.into_iter().enumerate().filter_map(|(at, other)| Some((at, other?))).collect(),
    }
}

/// Positions of what has no partner yet, by name and identity; without those that several have.
fn by_identity<'t>(tree: &'t Tree, list: &[u32], partner: &[Option<usize>]) -> HashMap<Called<'t>, usize> {
    let mut found: HashMap<Called<'t>, Option<usize>> = HashMap::new();
    for (at, index) in list.iter().enumerate().filter(|(at, _)| partner[*at].is_none()) {
        let node = tree.node(*index);
        if let Some(identity) = node.identity.as_deref() {
            found.entry((&*node.name, Some(identity))).and_modify(|known| *known = None).or_insert(Some(at));
        }
    }
    found.into_iter().filter_map(|(identity, at)| Some((identity, at?))).collect()
}

/// Positions of what is alone of its name, by that.
fn alone_of_name<'t>(tree: &'t Tree, list: &[u32]) -> HashMap<&'t str, usize> {
    let mut found: HashMap<&str, Option<usize>> = HashMap::new();
    for (at, index) in list.iter().enumerate() {
        found.entry(&*tree.node(*index).name).and_modify(|known| *known = None).or_insert(Some(at));
    }
    found.into_iter().filter_map(|(name, at)| Some((name, at?))).collect()
}

/// Pairs of alike nodes where order means something: the longest common run; then equal ones, which have moved; then in the
/// gaps one after the other.
fn in_order(
    ones: &[usize],
    others: &[usize],
    meaning: &dyn Fn(usize) -> u64,
    other_meaning: &dyn Fn(usize) -> u64,
) -> Vec<(usize, usize)> {
    let left: Vec<u64> = ones.iter().map(|at| meaning(*at)).collect();
    let right: Vec<u64> = others.iter().map(|at| other_meaning(*at)).collect();
    // Of several longest runs the same one is found from either side.
    let is_turned = right < left;
    let mut run = if is_turned { aligned(&right, &left) } else { aligned(&left, &right) };
    if is_turned {
        run.iter_mut().for_each(|(one, other)| std::mem::swap(one, other));
    }
    let mut partner: Vec<Option<usize>> = vec![None; left.len()];
    let mut taken = vec![false; right.len()];
    for (one, other) in &run {
        partner[*one] = Some(*other);
        taken[*other] = true;
    }
    let mut elsewhere: HashMap<u64, VecDeque<usize>> = HashMap::new();
    for (at, meaning) in right.iter().enumerate().filter(|(at, _)| !taken[*at]) {
        elsewhere.entry(*meaning).or_default().push_back(at);
    }
    for (at, meaning) in left.iter().enumerate() {
        if partner[at].is_none()
            && let Some(other) = elsewhere.get_mut(meaning).and_then(VecDeque::pop_front)
        {
            partner[at] = Some(other);
            taken[other] = true;
        }
    }
    let (mut one, mut other) = (0, 0);
    for (at, other_at) in run.into_iter().chain([(left.len(), right.len())]) {
        let free: Vec<usize> = (one..at).filter(|at| partner[*at].is_none()).collect();
        for (one, other) in free.into_iter().zip((other..other_at).filter(|at| !taken[*at])) {
            partner[one] = Some(other);
        }
        (one, other) = (at + 1, other_at + 1);
    }
    let pairs = partner.iter().enumerate().filter_map(|(at, other)| Some((ones[at], others[(*other)?])));
    pairs.collect()
}

/// Pairs of alike nodes where order means nothing: the equal ones, then the others one after the other.
fn in_any_order(
    ones: &[usize],
    others: &[usize],
    meaning: &dyn Fn(usize) -> u64,
    other_meaning: &dyn Fn(usize) -> u64,
) -> Vec<(usize, usize)> {
    let mut equal: HashMap<u64, VecDeque<usize>> = HashMap::new();
    for at in others {
        equal.entry(other_meaning(*at)).or_default().push_back(*at);
    }
    let mut pairs = Vec::new();
    let mut left = Vec::new();
    for at in ones {
        match equal.get_mut(&meaning(*at)).and_then(VecDeque::pop_front) {
            Some(other) => pairs.push((*at, other)),
            None => left.push(*at),
        }
    }
    let mut right: Vec<usize> = equal.into_values().flatten().collect();
    right.sort_unstable();
    pairs.extend(left.into_iter().zip(right));
    pairs
}
