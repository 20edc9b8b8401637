//! Two trees held against each other: what is in one of them only, what is elsewhere, what says something else; and how much
//! differs without meaning anything.
//!
//! Read [`compare`] first. Nodes are paired by name and key, else by what is inside them, never by position alone.

use std::collections::{BTreeMap, HashMap};

use super::change::{Change, Changed, Path};
use super::lines;
use super::tree::{Node, Noise, Order, Step, Tree, Value};
use super::unordered::{ATTRIBUTES, LINE_ENDS, SPELLING};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) changes: Vec<Change>,
    /// How many nodes differ in what means nothing, by kind.
    pub(super) noise: BTreeMap<Noise, usize>,
}

/// A pair of nodes that is to be looked at, and where it stands.
struct Pair {
    left: u32,
    right: u32,
    path: Path,
}

/// Compares two sealed trees whose outermost nodes are of the same thing.
pub(super) fn compare(left: &Tree, right: &Tree) -> Found {
    let mut found = Found::default();
    let mut pending = vec![Pair { left: 0, right: 0, path: Path::default() }];
    while let Some(pair) = pending.pop() {
        let (one, other) = (left.node(pair.left), right.node(pair.right));
        if one.exact == other.exact {
            continue;
        }
        if let Some(noise) = one.noise.or(other.noise) {
            *found.noise.entry(noise).or_default() += 1;
            continue;
        }
        if one.value != other.value {
            if other.step == Step::Whereabouts {
                let from = Some(one.value.shown()).filter(|from| !from.is_empty());
                found.changes.push(Change { path: pair.path, changed: Changed::Moved(from) });
                continue;
            }
            match changed(&pair.path, &one.value, &other.value) {
                Some(change) => found.changes.push(change),
                None => *found.noise.entry(LINE_ENDS).or_default() += 1,
            }
        } else if one.spelling != other.spelling {
            *found.noise.entry(SPELLING).or_default() += 1;
        }
        let before = pending.len();
        inside(left, right, &pair, &mut pending, &mut found);
        // The first pair is looked at first.
        pending[before..].reverse();
    }
    found
}

/// The text of a node as a change; none where only line ends differ.
fn changed(path: &Path, left: &Value, right: &Value) -> Option<Change> {
    let changed = match (left, right) {
        (Value::Lines(one), Value::Lines(other) | Value::Text(other))
        | (Value::Text(one), Value::Lines(other)) => {
            let hunks = lines::hunks(one, other);
            if hunks.is_empty() {
                return None;
            }
            Changed::Lines(hunks)
        }
        (Value::None, other) => Changed::Set(other.shown()),
        (one, Value::None) => Changed::Unset(one.shown()),
        (one, other) => Changed::text(one.shown(), other.shown()),
    };
    Some(Change { path: path.clone(), changed })
}

/// Pairs what is inside two nodes.
fn inside(left: &Tree, right: &Tree, pair: &Pair, pending: &mut Vec<Pair>, found: &mut Found) {
    let (ones, others) = (left.children(pair.left), right.children(pair.right));
    // The same from either side: where one of them says that order matters, it does.
    let order = match (left.node(pair.left).order, right.node(pair.right).order) {
        (Order::Free(noise), Order::Free(_)) => Order::Free(noise),
        _ => Order::Matters,
    };
    let Pairs { pairs, removed, added } = pairs(left, right, ones, others, order);
    for index in removed {
        alone(left, index, &pair.path, true, found);
    }
    for index in added {
        alone(right, index, &pair.path, false, found);
    }
    // What left the order in which the others stand has moved.
    let staying = longest_rising(&pairs.iter().map(|(_, other)| *other).collect::<Vec<_>>());
    for (at, (one, other)) in pairs.iter().enumerate() {
        let (one, other) = (ones[*one], others[*other]);
        let path = pair.path.with_pair(left.node(one), right.node(other));
        if !staying.contains(&at) {
            match order {
                Order::Free(noise) => *found.noise.entry(noise).or_default() += 1,
                Order::Matters if right.node(other).noise.is_some() => {}
                Order::Matters if right.node(other).name.starts_with('@') => {
                    *found.noise.entry(ATTRIBUTES).or_default() += 1;
                }
                Order::Matters => {
                    found.changes.push(Change { path: path.clone(), changed: Changed::Moved(None) })
                }
            }
        }
        pending.push(Pair { left: one, right: other, path });
    }
}

/// A node that only one side has.
fn alone(tree: &Tree, index: u32, path: &Path, is_left: bool, found: &mut Found) {
    let node = tree.node(index);
    if let Some(noise) = node.noise {
        *found.noise.entry(noise).or_default() += 1;
        return;
    }
    let words = summary(tree, index);
    let path = path.with(node);
    let changed = if is_left { Changed::Removed(words) } else { Changed::Added(words) };
    found.changes.push(Change { path, changed });
}

/// What a node that is there or not says of itself, on one line.
fn summary(tree: &Tree, index: u32) -> String {
    let node = tree.node(index);
    if node.children.is_empty() || node.value != Value::None {
        return node.value.shown();
    }
    // A few of its own texts say more than how many there are.
    let texts = node.children.iter().map(|child| tree.node(*child)).filter(|child| child.noise.is_none());
    let told: Vec<String> = texts
        .filter(|child| matches!(child.value, Value::Text(_)) && child.children.is_empty())
        // Its path says that already.
        .filter(|child| child.step != Step::Whereabouts && !path_says(node, child))
        .take(TOLD)
        .map(|child| format!("{} {}", child.name.trim_start_matches('@'), child.value.shown()))
        .collect();
    told.join(", ")
}

/// Whether the key or label of a node holds the text of one inside of it.
fn path_says(node: &Node, child: &Node) -> bool {
    let Value::Text(text) = &child.value else { return false };
    [&node.key, &node.label].into_iter().flatten().any(|said| said.split(' ').any(|word| *word == **text))
}

/// So many texts of a new or lost node are told.
const TOLD: usize = 3;

/// Positions in two lists.
#[derive(Debug, Default, PartialEq)]
struct Pairs {
    /// Of both, in the order of the left list: positions in the lists.
    pairs: Vec<(usize, usize)>,
    /// Nodes of the left list alone.
    removed: Vec<u32>,
    /// Nodes of the right list alone.
    added: Vec<u32>,
}

/// By what a node is called among its siblings: name, key, and the number among those that are alike.
type Called<'t> = (&'t str, Option<&'t str>);

fn called(node: &Node) -> Called<'_> {
    (&node.name, node.key.as_deref())
}

fn pairs(left: &Tree, right: &Tree, ones: &[u32], others: &[u32], order: Order) -> Pairs {
    let mut partner: Vec<Option<usize>> = vec![None; ones.len()];
    let mut taken = vec![false; others.len()];
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
            taken[other] = true;
        }
    }
    // Another key on what is alone of its name on both sides is a change of it.
    let alone = |list: &mut dyn Iterator<Item = &str>| {
        let mut counts: HashMap<String, usize> = HashMap::new();
        list.for_each(|name| *counts.entry(name.to_owned()).or_default() += 1);
        counts
    };
    let left_counts = alone(&mut ones.iter().map(|index| &*left.node(*index).name));
    let right_counts = alone(&mut others.iter().map(|index| &*right.node(*index).name));
    for (at, index) in ones.iter().enumerate().filter(|(at, _)| partner[*at].is_none()).collect::<Vec<_>>() {
        let name = &*left.node(*index).name;
        if left_counts.get(name) != Some(&1) || right_counts.get(name) != Some(&1) {
            continue;
        }
        // A key that stands nowhere else would be lost.
        if !left.node(*index).tells_key {
            continue;
        }
        if let Some(other) = others.iter().position(|other| &*right.node(*other).name == name) {
            partner[at] = Some(other);
            taken[other] = true;
        }
    }
    Pairs {
        pairs: partner.iter().enumerate().filter_map(|(at, other)| Some((at, (*other)?))).collect(),
        removed: ones
            .iter()
            .zip(&partner)
            .filter(|(_, other)| other.is_none())
            .map(|(one, _)| *one)
            .collect(),
        added: others.iter().zip(&taken).filter(|(_, taken)| !**taken).map(|(other, _)| *other).collect(),
    }
}

/// Pairs of alike nodes where order means something: the longest common run, and in the gaps one after the other.
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
    let (first, second) = if is_turned { (&right, &left) } else { (&left, &right) };
    let mut pairs = Vec::new();
    for operation in similar::capture_diff_slices(similar::Algorithm::Myers, first, second) {
        let (_, old, new) = operation.as_tag_tuple();
        pairs.extend(old.zip(new).map(|(one, other)| {
            let (one, other) = if is_turned { (other, one) } else { (one, other) };
            (ones[one], others[other])
        }));
    }
    pairs
}

/// Pairs of alike nodes where order means nothing: the equal ones, then the others one after the other.
fn in_any_order(
    ones: &[usize],
    others: &[usize],
    meaning: &dyn Fn(usize) -> u64,
    other_meaning: &dyn Fn(usize) -> u64,
) -> Vec<(usize, usize)> {
    let mut equal: HashMap<u64, std::collections::VecDeque<usize>> = HashMap::new();
    for at in others {
        equal.entry(other_meaning(*at)).or_default().push_back(*at);
    }
    let mut pairs = Vec::new();
    let mut left = Vec::new();
    for at in ones {
        match equal.get_mut(&meaning(*at)).and_then(std::collections::VecDeque::pop_front) {
            Some(other) => pairs.push((*at, other)),
            None => left.push(*at),
        }
    }
    let mut right: Vec<usize> = equal.into_values().flatten().collect();
    right.sort_unstable();
    pairs.extend(left.into_iter().zip(right));
    pairs
}

/// Positions of a longest part of the list that rises.
fn longest_rising(list: &[usize]) -> std::collections::HashSet<usize> {
    // `ends[n]`: the position at which a rising part of n + 1 ends with the lowest number.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(list.len());
    for (at, number) in list.iter().enumerate() {
        let length = ends.partition_point(|end| list[*end] < *number);
        before.push(length.checked_sub(1).map(|last| ends[last]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut staying = std::collections::HashSet::new();
    let mut at = ends.last().copied();
    while let Some(position) = at {
        staying.insert(position);
        at = before[position];
    }
    staying
}

impl Path {
    /// One step further in, into what both sides have: named through where one side names it so.
    fn with_pair(&self, one: &Node, other: &Node) -> Self {
        if one.step == Step::Through || other.step == Step::Through { self.clone() } else { self.with(other) }
    }

    /// One step further in.
    fn with(&self, node: &Node) -> Self {
        let mut path = self.clone();
        match node.step {
            Step::Part => path.part(&node.called()),
            Step::Field => path.field(&node.called()),
            Step::Through | Step::Whereabouts => {}
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: Noise = Noise("order");

    fn tree(rows: &[(&str, &str)], is_free: bool) -> Tree {
        let root = Node::new("rows", Value::None);
        let mut tree = Tree::new(if is_free { root.free(ORDER) } else { root });
        for (key, text) in rows {
            let row = Node::new("row", Value::None).step(Step::Part);
            let row = tree.add(0, if key.is_empty() { row } else { row.keyed(*key) });
            tree.field(row, "text", text);
        }
        tree.seal()
    }

    fn told(left: &[(&str, &str)], right: &[(&str, &str)], is_free: bool) -> (Vec<String>, usize) {
        let found = compare(&tree(left, is_free), &tree(right, is_free));
        let words =
            found.changes.iter().map(|change| format!("{} {:?}", change.path.words(), change.changed));
        (words.collect(), found.noise.values().sum())
    }

    #[test]
    fn rows_are_paired_by_key_and_not_by_position() {
        let left = [("a", "1"), ("b", "2"), ("c", "3")];
        let right = [("c", "3"), ("a", "1"), ("b", "9")];
        let (words, noise) = told(&left, &right, true);
        assert_eq!(words, [r#"row b text Text("2", "9")"#]);
        assert_eq!(noise, 1);
        let (words, noise) = told(&left, &right, false);
        assert_eq!(words, ["row c Moved(None)", r#"row b text Text("2", "9")"#]);
        assert_eq!(noise, 0);
    }

    #[test]
    fn rows_without_a_key_are_paired_by_what_is_in_them() {
        let left = [("", "1"), ("", "2"), ("", "3")];
        let right = [("", "2"), ("", "3"), ("", "1"), ("", "4")];
        assert_eq!(told(&left, &right, true), (vec!["row Added(\"text 4\")".to_owned()], 1));
        let (words, _) = told(&[("", "1"), ("", "2")], &[("", "1"), ("", "5"), ("", "2")], false);
        assert_eq!(words, ["row Added(\"text 5\")"]);
        let (words, _) = told(&[("", "1"), ("", "2")], &[("", "1"), ("", "5")], false);
        assert_eq!(words, [r#"row text Text("2", "5")"#]);
    }

    #[test]
    fn a_longest_rising_part_stays() {
        let staying = |list: &[usize]| {
            let mut positions: Vec<usize> = longest_rising(list).into_iter().collect();
            positions.sort_unstable();
            positions
        };
        assert_eq!(staying(&[2, 0, 1, 3]), [1, 2, 3]);
        assert!(staying(&[]).is_empty());
        assert_eq!(staying(&[3, 2, 1]).len(), 1);
    }
}
