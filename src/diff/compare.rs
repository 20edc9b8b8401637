//! Two trees held against each other: what is in one of them only, what is elsewhere, what says something else; and how much
//! differs without meaning anything.
//!
//! Read [`compare`] first. Nodes are paired by name and key, else by what is inside them, never by position alone.

use std::collections::{BTreeMap, HashSet};

use super::align::longest_rising;
use super::change::{Change, Changed, Path};
use super::inner::NOT_OPENED;
use super::lines;
use super::marked::beginning;
use super::pairs::{Pairs, pairs};
use super::tree::{Node, Noise, Order, Step, Tree, Value, hidden};
use super::unordered::{ATTRIBUTES, LINE_ENDS};
use crate::model::hidden_name;

/// What is told as the place of a part that stands in no other one.
pub(crate) const TOP: &str = "the top";

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
        // A declaration of a namespace means nothing while both declare the same one.
        let noise = if is_attribute(one) { one.noise.and(other.noise) } else { one.noise.or(other.noise) };
        if let Some(noise) = noise {
            *found.noise.entry(noise).or_default() += 1;
            continue;
        }
        if let Some((before, after)) = other_form(left, right, &pair) {
            found.changes.push(Change::new(pair.path, Changed::text(before, after)));
            continue;
        }
        if one.identity.is_some() && one.identity == other.identity && one.key != other.key {
            found.changes.push(renamed(one, other, &pair.path));
        }
        if one.value != other.value {
            if other.step == Step::Whereabouts {
                let from = if one.value == Value::None { TOP.to_owned() } else { one.value.shown() };
                found.changes.push(Change::new(pair.path, Changed::Moved(Some(from))));
                continue;
            }
            match changed(&pair.path, &one.value, &other.value) {
                Some(change) => found.changes.push(change),
                None if one.is_data && other.is_data => {
                    let changed = Changed::text(with_ends(&one.value), with_ends(&other.value));
                    found.changes.push(Change::new(pair.path.clone(), changed));
                }
                None => *found.noise.entry(LINE_ENDS).or_default() += 1,
            }
            if let Some(note) = refusal(left, pair.left)
                && refusal(right, pair.right).as_ref() == Some(&note)
            {
                let mut path = pair.path.clone();
                path.field(NOT_OPENED);
                found.changes.push(Change::new(path, Changed::Noted(note)));
            }
        } else if one.spelling != other.spelling
            && let Some((noise, _)) = one.spelling.as_ref().or(other.spelling.as_ref())
        {
            *found.noise.entry(*noise).or_default() += 1;
        }
        let before = pending.len();
        inside(left, right, &pair, &mut pending, &mut found);
        // The first pair is looked at first.
        pending[before..].reverse();
    }
    found
}

/// Why what is compared as bytes is not compared by what is in it. Where both sides say another reason that is a change.
fn refusal(tree: &Tree, index: u32) -> Option<String> {
    if !matches!(tree.node(index).value, Value::Bytes(_)) {
        return None;
    }
    let mut inside = tree.children(index).iter().map(|child| tree.node(*child));
    inside.find(|node| &*node.name == NOT_OPENED).map(|node| node.value.shown())
}

/// Another name of what is known by its identity.
fn renamed(one: &Node, other: &Node, path: &Path) -> Change {
    let name = |node: &Node| hidden_name(node.key.as_deref().unwrap_or_default()).into_owned();
    let mut path = path.clone();
    path.field("name");
    Change::new(path, Changed::text(name(one), name(other)))
}

/// What both say on one line, where one of them is a text and the other one has parts: a variable that was a reference to a
/// secret. That is one change.
fn other_form(left: &Tree, right: &Tree, pair: &Pair) -> Option<(String, String)> {
    let (one, other) = (left.node(pair.left), right.node(pair.right));
    let is_text = |tree: &Tree, node: &Node| {
        let is_nothing = matches!(&node.value, Value::Text(text) if matches!(&**text, "{}" | "[]"));
        let is_part = |node: &Node| node.noise.is_none() && &*node.name != NOT_OPENED;
        let has_parts = node.children.iter().any(|child| is_part(tree.node(*child)));
        node.value != Value::None && !is_nothing && !has_parts
    };
    let has_parts =
        |node: &Node| node.value == Value::None && node.says.is_some() && !node.children.is_empty();
    let is_named = one.step != Step::Through && other.step != Step::Through;
    let differ = is_text(left, one) && has_parts(other) || has_parts(one) && is_text(right, other);
    (is_named && differ).then(|| (summary(left, pair.left), summary(right, pair.right)))
}

/// The text of a node as a change; none where only line ends differ.
fn changed(path: &Path, left: &Value, right: &Value) -> Option<Change> {
    let changed = match (left, right) {
        (
            Value::Lines(one) | Value::Unread(one),
            Value::Lines(other) | Value::Unread(other) | Value::Text(other),
        )
        | (Value::Text(one), Value::Lines(other) | Value::Unread(other)) => {
            let unread = [left, right].into_iter().find(|value| matches!(value, Value::Unread(_)));
            let hunks = lines::hunks(one, other, unread.unwrap_or(left).mask());
            if hunks.is_empty() {
                return None;
            }
            Changed::Lines(hunks)
        }
        (Value::None, other) => Changed::Set(other.shown()),
        (one, Value::None) => Changed::Unset(one.shown()),
        (one @ Value::Bytes(_), other @ Value::Bytes(_)) => {
            // Kind, size and checksum say what they say as a whole.
            let change = Change::new(path.clone(), Changed::text(one.shown(), other.shown()));
            return Some(Change { marked: Vec::new(), ..change });
        }
        (one, other) => Changed::text(one.shown(), other.shown()),
    };
    Some(Change::new(path.clone(), changed))
}

/// A text with its line ends made visible.
fn with_ends(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Lines(text) => hidden(text).replace('\r', "\\r").replace('\n', "\\n"),
        other => other.shown(),
    }
}

/// Pairs what is inside two nodes.
fn inside(left: &Tree, right: &Tree, pair: &Pair, pending: &mut Vec<Pair>, found: &mut Found) {
    let (ones, others) = (left.children(pair.left), right.children(pair.right));
    // The same from either side: where one of them says that order matters, it does.
    let order = match (left.node(pair.left).order, right.node(pair.right).order) {
        (Order::Free(noise), Order::Free(_)) => Order::Free(noise),
        _ => Order::Matters,
    };
    let shared = left.node(pair.left).shared.as_deref().or(right.node(pair.right).shared.as_deref());
    let Pairs { pairs, removed, added } = pairs(left, right, ones, others, order, shared);
    let differing = pairs.iter().map(|(one, other)| (ones[*one], others[*other]));
    let differing = differing.filter(|(one, other)| left.node(*one).meaning != right.node(*other).meaning);
    let told =
        removed.iter().map(|index| left.node(*index)).chain(added.iter().map(|index| right.node(*index)));
    let alike = alike(told.chain(differing.map(|(_, other)| right.node(other))));
    for index in removed {
        alone(left, index, &pair.path, true, &alike, found);
    }
    for index in added {
        alone(right, index, &pair.path, false, &alike, found);
    }
    // What left the order in which the others stand has moved.
    let staying = longest_rising(&pairs.iter().map(|(_, other)| *other).collect::<Vec<_>>());
    let has_moved = |at: usize, other: u32| {
        let node = right.node(other);
        !staying.contains(&at) && !(order == Order::Matters && (node.noise.is_some() || is_attribute(node)))
    };
    let moved = (0..pairs.len()).filter(|at| has_moved(*at, others[pairs[*at].1])).count();
    let is_told = order == Order::Matters && moved > 0 && told_order(left, right, pair, &pairs, found);
    for (at, (one, other)) in pairs.iter().enumerate() {
        let (one, other) = (ones[*one], others[*other]);
        let path = pair.path.with_pair(left.node(one), right.node(other), &alike);
        if has_moved(at, other) {
            match order {
                Order::Free(noise) => *found.noise.entry(noise).or_default() += 1,
                Order::Matters if is_told => {}
                Order::Matters => {
                    found.changes.push(Change::new(pair.path.with_item(right, other), Changed::Moved(None)))
                }
            }
        } else if !staying.contains(&at) && is_attribute(right.node(other)) {
            *found.noise.entry(ATTRIBUTES).or_default() += 1;
        }
        pending.push(Pair { left: one, right: other, path });
    }
}

/// The labels that several of these nodes have, which can be told apart.
fn alike<'n>(nodes: impl Iterator<Item = &'n Node>) -> HashSet<&'n str> {
    let (mut seen, mut alike) = (HashSet::new(), HashSet::new());
    for label in nodes.filter(|node| node.full_label.is_some()).filter_map(|node| node.label.as_deref()) {
        if !seen.insert(label) {
            alike.insert(label);
        }
    }
    alike
}

fn is_attribute(node: &Node) -> bool {
    node.name.starts_with('@')
}

/// Most items of a list whose order is told in one line.
const SHORT_LIST: usize = 8;

/// The order of a short list, before and after, as one change. False where the list is long or its items have no names.
fn told_order(left: &Tree, right: &Tree, pair: &Pair, pairs: &[(usize, usize)], found: &mut Found) -> bool {
    let (ones, others) = (left.children(pair.left), right.children(pair.right));
    // Of both in the order of the left list; attributes and what means nothing have no place among them.
    let items: Vec<(usize, usize)> = pairs
        .iter()
        .copied()
        .filter(|(_, other)| {
            let node = right.node(others[*other]);
            node.noise.is_none() && !is_attribute(node)
        })
        .collect();
    let names: Vec<String> =
        items.iter().map(|(one, other)| item(left, ones[*one], right, others[*other])).collect();
    let distinct: HashSet<&String> = names.iter().collect();
    if items.len() > SHORT_LIST || distinct.len() < names.len() {
        return false;
    }
    let mut turned: Vec<usize> = (0..items.len()).collect();
    turned.sort_by_key(|at| items[*at].1);
    let after: Vec<&str> = turned.iter().map(|at| names[*at].as_str()).collect();
    let mut path = pair.path.clone();
    path.field("order");
    found.changes.push(Change::new(path, Changed::Text(names.join(", "), after.join(", "))));
    true
}

/// What an item of a list is called, the same from either side.
fn item(left: &Tree, one: u32, right: &Tree, other: u32) -> String {
    let (before, after) = (item_name(left, one), item_name(right, other));
    if before == after { before } else { right.node(other).name.to_string() }
}

/// By its label or key, else by the first of what it says.
fn item_name(tree: &Tree, index: u32) -> String {
    let node = tree.node(index);
    match (&node.label, &node.key) {
        (Some(name), _) | (None, Some(name)) => hidden_name(name).into_owned(),
        (None, None) => match beginning(&summary(tree, index), MOST_OF_NAME) {
            words if words.is_empty() => node.name.to_string(),
            words => words,
        },
    }
}

/// Most characters of what an item without a name says in place of one.
const MOST_OF_NAME: usize = 40;

/// What only one side has. What a path does not name is told by what is inside of it.
fn alone(tree: &Tree, index: u32, path: &Path, is_left: bool, alike: &HashSet<&str>, found: &mut Found) {
    let mut pending = vec![(index, path.clone())];
    while let Some((index, path)) = pending.pop() {
        let node = tree.node(index);
        if let Some(noise) = node.noise {
            *found.noise.entry(noise).or_default() += 1;
            continue;
        }
        let is_named = matches!(node.step, Step::Part | Step::Field) || node.label.is_some();
        if !is_named && node.value == Value::None {
            pending.extend(node.children.iter().rev().map(|child| (*child, path.clone())));
            continue;
        }
        let words = summary(tree, index);
        let (path, is_part) = if is_named && node.step != Step::Field {
            let mut path = path;
            path.part(&node.called_among(alike));
            (path, true)
        } else {
            let mut path = path;
            path.field(&node.called());
            (path, false)
        };
        // A part comes or goes; a field of a part that stays is set or not.
        let changed = match (is_part, is_left) {
            (true, true) => Changed::Removed(words),
            (true, false) => Changed::Added(words),
            (false, true) => Changed::Unset(words),
            (false, false) => Changed::Set(words),
        };
        found.changes.push(Change::new(path, changed));
    }
}

/// What a node that is there or not says of itself, on one line.
fn summary(tree: &Tree, index: u32) -> String {
    let node = tree.node(index);
    if let Some(words) = &node.says {
        return words.to_string();
    }
    if node.children.is_empty() || node.value != Value::None {
        let shown = node.value.shown();
        return match refusal(tree, index) {
            Some(note) => format!("{shown}; {NOT_OPENED}: {note}"),
            None => shown,
        };
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
    if told.is_empty() { inner_names(tree, index) } else { told.join(", ") }
}

/// What the parts inside of a node are called, where it has no text of its own.
fn inner_names(tree: &Tree, index: u32) -> String {
    let is_told = |child: &&Node| child.noise.is_none() && !child.name.is_empty() && !is_attribute(child);
    let parts: Vec<&Node> =
        tree.children(index).iter().map(|child| tree.node(*child)).filter(is_told).collect();
    if parts.iter().all(|part| part.key.is_none() && part.label.is_none() && &*part.name == "item") {
        return match parts.len() {
            0 => String::new(),
            1 => "1 item".to_owned(),
            count => format!("{count} items"),
        };
    }
    let mut told: Vec<String> =
        parts.iter().take(TOLD).map(|part| hidden_name(&part.called()).into_owned()).collect();
    if parts.len() > TOLD {
        told.push("…".to_owned());
    }
    told.join(", ")
}

/// Whether the key or label of a node holds the text of one inside of it.
fn path_says(node: &Node, child: &Node) -> bool {
    let Value::Text(text) = &child.value else { return false };
    [&node.key, &node.label].into_iter().flatten().any(|said| said.split(' ').any(|word| *word == **text))
}

/// So many texts of a new or lost node are told.
const TOLD: usize = 3;

impl Path {
    /// One step further in, into what both sides have: named through where one side names it so.
    fn with_pair(&self, one: &Node, other: &Node, alike: &HashSet<&str>) -> Self {
        if one.step == Step::Through || other.step == Step::Through {
            return self.clone();
        }
        self.with_among(other, alike)
    }

    /// One step further in, to an item that has no name of its own, too.
    fn with_item(&self, tree: &Tree, index: u32) -> Self {
        let node = tree.node(index);
        if node.key.is_some() || node.label.is_some() {
            return self.with(node);
        }
        let mut path = self.clone();
        path.field(&item_name(tree, index));
        path
    }

    /// One step further in.
    fn with(&self, node: &Node) -> Self {
        self.with_among(node, &HashSet::new())
    }

    fn with_among(&self, node: &Node, alike: &HashSet<&str>) -> Self {
        let mut path = self.clone();
        match node.step {
            Step::Part => path.part(&node.called_among(alike)),
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
        assert_eq!(words, [r#"order Text("a, b, c", "c, a, b")"#, r#"row b text Text("2", "9")"#]);
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
    fn a_key_on_one_side_only_is_the_same_from_either_side() {
        let one = |key: &str, tells: bool| {
            let mut tree = Tree::new(Node::new("rows", Value::None));
            let row = Node::new("row", Value::None).step(Step::Part);
            let row = if key.is_empty() { row } else { row.keyed(key) };
            let row = tree.add(0, Node { tells_key: tells, ..row });
            tree.field(row, "text", "1");
            tree.seal()
        };
        for tells in [true, false] {
            let (keyed, bare) = (one("0", tells), one("", false));
            let (there, back) = (compare(&keyed, &bare), compare(&bare, &keyed));
            assert_eq!(there.changes.len(), back.changes.len(), "{tells}");
            assert_eq!(there.changes.is_empty(), tells);
        }
    }

    #[test]
    fn line_ends_in_data_are_no_noise() {
        let text = |text: &str, is_data: bool| {
            let mut tree = Tree::new(Node::new("root", Value::None));
            tree.add(0, Node { is_data, ..Node::new("x", Value::text(text)) });
            tree.seal()
        };
        let found = compare(&text("run\n", true), &text("run", true));
        assert_eq!(found.changes[0].changed, Changed::Text("run\\n".to_owned(), "run".to_owned()));
        let found = compare(&text("run\n", false), &text("run", false));
        assert!(found.changes.is_empty() && found.noise[&LINE_ENDS] == 1);
    }
}
