//! Whether two XML parts say the same, up to the form in which the packager writes them again: indent, quotes, order of
//! attributes, the declaration of `xsi`, and the order of the rows of those lists that the layout puts in order.
//!
//! Read [`difference`] first. It compares texts, not checksums, so that nobody can make two parts look alike.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::archive::child_indices;
use super::namespaces::XSI;
use super::rules::{ROOT_COMPONENTS, RULES, Rule, Shape};
use crate::text::Position;
use crate::xml::{Document, Element, NodeKind};

/// Where two parts stop saying the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Names of the elements from the outermost one.
    pub path: String,
    /// Place in the first document; none where it lacks something.
    pub left: Option<Position>,
    /// Place in the second document; none where it lacks something.
    pub right: Option<Position>,
}

/// The first place at which two parts (two manifests, two customizations.xml, or two files of a folder that were cut out of
/// one) do not say the same.
pub fn difference(left: &Document, right: &Document) -> Option<Difference> {
    let (left, right) = (Side::new(left), Side::new(right));
    let mut pending: Vec<(u32, u32)> = Vec::new();
    if let Some(found) = pairs(&left, &right, &left.outside(), &right.outside(), &mut pending) {
        return Some(found);
    }
    while let Some((one, other)) = pending.pop() {
        if left.head(one) != right.head(other) {
            return Some(place(&left, &right, Some(one), Some(other)));
        }
        if let (Some(ones), Some(others)) = (left.unordered.get(&one), right.unordered.get(&other)) {
            if let Some(found) = rows(&left, &right, ones, others, &mut pending) {
                return Some(found);
            }
            continue;
        }
        let (ones, others) = (left.inside(one), right.inside(other));
        if let Some(found) = pairs(&left, &right, &ones, &others, &mut pending) {
            return Some(found);
        }
    }
    None
}

/// Children that tell a row from its like.
const NAMING: &[&str] =
    &["formid", "savedqueryid", "savedqueryvisualizationid", "FormId", "UniqueName", "Name", "name"];

/// What is inside an element.
#[derive(Debug, PartialEq)]
enum Item<'d> {
    /// Text, resolved.
    Text(Cow<'d, str>, u32),
    /// A row of the index.
    Node(u32),
}

/// Compares what needs no further look, and puts aside the pairs of elements that do.
fn pairs(
    left: &Side<'_>,
    right: &Side<'_>,
    ones: &[Item<'_>],
    others: &[Item<'_>],
    pending: &mut Vec<(u32, u32)>,
) -> Option<Difference> {
    let node = |item: Option<&Item<'_>>| match item {
        Some(Item::Node(index) | Item::Text(_, index)) => Some(*index),
        None => None,
    };
    let before = pending.len();
    for at in 0..ones.len().max(others.len()) {
        let same = match (ones.get(at), others.get(at)) {
            (Some(Item::Text(one, _)), Some(Item::Text(other, _))) => one == other,
            (Some(Item::Node(one)), Some(Item::Node(other))) => {
                pending.push((*one, *other));
                true
            }
            _ => false,
        };
        if !same && ones.len() == others.len() {
            return Some(place(left, right, node(ones.get(at)), node(others.get(at))));
        }
        if !same {
            // One has more than the other: that is where their names first differ.
            let at = (0..at).find(|&at| left.name(&ones[at]) != right.name(&others[at])).unwrap_or(at);
            return Some(if ones.len() > others.len() {
                place(left, right, node(ones.get(at)), None)
            } else {
                place(left, right, None, node(others.get(at)))
            });
        }
    }
    // The first pair is looked at first.
    pending[before..].reverse();
    None
}

/// Pairs the rows of two lists in any order: by checksum those that seem equal, the others by what they are called, so that
/// the one that was changed is told. Every pair is compared afterwards.
fn rows(
    left: &Side<'_>,
    right: &Side<'_>,
    ones: &[u32],
    others: &[u32],
    pending: &mut Vec<(u32, u32)>,
) -> Option<Difference> {
    let by_sum = |side: &Side<'_>, list: &[u32]| -> Vec<(u64, u32)> {
        list.iter().map(|&row| (side.sums[row as usize], row)).collect()
    };
    let (equal, ones, others) = matched(by_sum(left, ones), by_sum(right, others));
    pending.extend(equal);
    let (same, ones, others) = matched(left.by_name(ones), right.by_name(others));
    match ones.len().cmp(&others.len()) {
        Ordering::Greater => return Some(place(left, right, ones.first().copied(), None)),
        Ordering::Less => return Some(place(left, right, None, others.first().copied())),
        Ordering::Equal => pending.extend(ones.into_iter().zip(others)),
    }
    pending.extend(same.into_iter().rev());
    None
}

/// What both sorted lists have, in pairs, and what only one of them has.
fn matched<K: Ord>(ones: Vec<(K, u32)>, others: Vec<(K, u32)>) -> (Vec<(u32, u32)>, Vec<u32>, Vec<u32>) {
    let (mut pairs, mut left, mut right) = (Vec::new(), Vec::new(), Vec::new());
    let mut others = others.into_iter().peekable();
    for (key, one) in ones {
        while let Some((_, other)) = others.next_if(|(other, _)| *other < key) {
            right.push(other);
        }
        match others.next_if(|(other, _)| *other == key) {
            Some((_, other)) => pairs.push((one, other)),
            None => left.push(one),
        }
    }
    right.extend(others.map(|(_, other)| other));
    (pairs, left, right)
}

/// Name of the element, and the value that tells it from its like.
type RowName<'d> = (&'d str, Cow<'d, str>);

fn place(left: &Side<'_>, right: &Side<'_>, one: Option<u32>, other: Option<u32>) -> Difference {
    let position = |side: &Side<'_>, index: u32| {
        side.document.position(side.document.records()[index as usize].start as usize)
    };
    let path = one.map(|index| left.path(index)).or_else(|| other.map(|index| right.path(index)));
    Difference {
        path: path.unwrap_or_default(),
        left: one.map(|index| position(left, index)),
        right: other.map(|index| position(right, index)),
    }
}

struct Side<'d> {
    document: &'d Document,
    /// Elements whose children come in any order, with that order by checksum.
    unordered: HashMap<u32, Vec<u32>>,
    /// Checksums of all nodes; none where nothing is unordered.
    sums: Vec<u64>,
}

impl<'d> Side<'d> {
    fn new(document: &'d Document) -> Self {
        let mut side = Self { document, unordered: HashMap::new(), sums: Vec::new() };
        let lists = unordered(document);
        if lists.is_empty() {
            return side;
        }
        // Children stand behind their parents in the index: from the end, all that is inside is summed up already.
        let mut sums = vec![0_u64; document.records().len()];
        for index in (0..document.records().len() as u32).rev() {
            let mut hasher = DefaultHasher::new();
            side.head(index).hash(&mut hasher);
            if lists.contains(&index) {
                let mut children: Vec<u32> = child_indices(document, index).collect();
                children.sort_by_key(|&child| sums[child as usize]);
                side.unordered.insert(index, children);
            }
            for item in side.inside(index) {
                match item {
                    Item::Text(text, _) => text.hash(&mut hasher),
                    Item::Node(child) => sums[child as usize].hash(&mut hasher),
                }
            }
            sums[index as usize] = hasher.finish();
        }
        side.sums = sums;
        side
    }

    fn by_name(&self, rows: Vec<u32>) -> Vec<(RowName<'d>, u32)> {
        let mut named: Vec<_> = rows.into_iter().map(|row| (self.row_name(row), row)).collect();
        named.sort();
        named
    }

    /// By what a row of a list can be found again after a change in it.
    fn row_name(&self, index: u32) -> RowName<'d> {
        let Some(element) = self.document.element(index) else { return ("", Cow::Borrowed("")) };
        let attribute = ["Name", "name", "id", "schemaName"].iter().find_map(|name| element.attribute(name));
        let named = || {
            NAMING
                .iter()
                .find_map(|name| element.child(name))
                .map(|child| Cow::Owned(child.text().into_owned()))
        };
        (element.name(), attribute.or_else(named).unwrap_or_default())
    }

    /// What a node says by itself: name and attributes of an element, all of another one.
    fn head(&self, index: u32) -> Head<'d> {
        let record = &self.document.records()[index as usize];
        let Some(element) = self.document.element(index) else {
            let raw = &self.document.bytes()[record.start as usize..record.end as usize];
            return (kind_key(record.kind), unified(raw), Vec::new());
        };
        let mut attributes: Vec<(&str, Cow<'_, str>)> = element
            .attributes()
            .filter(|attribute| attribute.name != XSI)
            .map(|attribute| (attribute.name, attribute.value()))
            .collect();
        attributes.sort_unstable();
        (kind_key(record.kind), Cow::Borrowed(element.name()), attributes)
    }

    fn inside(&self, index: u32) -> Vec<Item<'d>> {
        let Some(element) = self.document.element(index) else { return Vec::new() };
        if let Some(children) = self.unordered.get(&index) {
            return children.iter().map(|&child| Item::Node(child)).collect();
        }
        let preserve = element.attribute("xml:space").is_some_and(|value| value == "preserve");
        let mut items = Vec::new();
        let leaf = child_indices(self.document, index).next().is_none();
        let keep_blanks = element.has_text() || preserve;
        let mut children = child_indices(self.document, index);
        for node in element.nodes() {
            if node.kind != NodeKind::Text {
                items.extend(children.next().map(Item::Node));
                continue;
            }
            let raw = &self.document.bytes()[node.range];
            let blank = raw.iter().all(u8::is_ascii_whitespace);
            let has_line_end = raw.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
            if keep_blanks || !blank || leaf && !has_line_end {
                items.push(Item::Text(resolved(raw), index));
            }
        }
        items
    }

    fn outside(&self) -> Vec<Item<'d>> {
        let records = self.document.records();
        let top = records
            .iter()
            .enumerate()
            .filter(|(_, record)| record.parent == u32::MAX && record.kind != NodeKind::Declaration);
        top.map(|(index, _)| Item::Node(index as u32)).collect()
    }

    /// What an item is called beside its like.
    fn name(&self, item: &Item<'_>) -> Option<&'d str> {
        match item {
            Item::Node(index) => self.document.element(*index).map(|element| element.name()),
            Item::Text(..) => None,
        }
    }

    /// The elements from the outermost one; of what stands outside of it, what it is.
    fn path(&self, index: u32) -> String {
        let mut names = Vec::new();
        let mut at = index;
        while let Some(record) = self.document.records().get(at as usize) {
            names.extend(self.document.element(at).map(|element| element.name()));
            at = record.parent;
        }
        if names.is_empty() {
            let is_comment = self.document.records()[index as usize].kind == NodeKind::Comment;
            names.push(if is_comment { "a comment" } else { "a processing instruction" });
        }
        names.reverse();
        names.join("/")
    }
}

/// Kind, name or raw text, attributes.
type Head<'d> = (u8, Cow<'d, str>, Vec<(&'d str, Cow<'d, str>)>);

fn kind_key(kind: NodeKind) -> u8 {
    match kind {
        NodeKind::Element => 0,
        NodeKind::Text => 1,
        NodeKind::CData => 2,
        NodeKind::Comment => 3,
        NodeKind::Instruction => 4,
        NodeKind::Declaration => 5,
    }
}

/// The lists whose rows the layout may put in another order.
fn unordered(document: &Document) -> HashSet<u32> {
    let mut lists = HashSet::new();
    let root = document.root();
    for section in root.children().filter(|section| !section.has_text()) {
        if let Some(rule) = RULES.iter().find(|rule| rule.section == section.name()) {
            add_lists(rule, section, &mut lists);
        }
    }
    // A file of a folder: its root is a section, or a row of one.
    for rule in RULES.iter().filter(|_| !root.has_text()) {
        if rule.section == root.name() {
            add_lists(rule, root, &mut lists);
        } else if matches!(rule.shape, Shape::Rows(name) if name == root.name()) {
            add_lists_of_row(rule, root, &mut lists);
        }
    }
    let components = root.child("SolutionManifest").and_then(|manifest| manifest.child(ROOT_COMPONENTS));
    lists.extend(components.filter(|components| !components.has_text()).map(|components| components.index()));
    lists
}

fn add_lists(rule: &Rule, section: Element<'_>, lists: &mut HashSet<u32>) {
    match rule.shape {
        Shape::Whole => return,
        Shape::Rows(_) | Shape::Indexed { .. } => {}
        Shape::Grouped { group, .. } => {
            let groups = section.children().filter(|child| child.name() == group && !child.has_text());
            lists.extend(groups.map(|group| group.index()));
        }
    }
    lists.insert(section.index());
    for row in section.children() {
        add_lists_of_row(rule, row, lists);
    }
}

fn add_lists_of_row(rule: &Rule, row: Element<'_>, lists: &mut HashSet<u32>) {
    let sorted = rule.sorted.and_then(|name| row.child(name)).filter(|list| !list.has_text());
    lists.extend(sorted.map(|list| list.index()));
    for inner in rule.inner {
        if let Some(section) = row.child(inner.section).filter(|section| !section.has_text()) {
            add_lists(inner, section, lists);
        }
    }
}

fn unified(raw: &[u8]) -> Cow<'_, str> {
    let text = std::str::from_utf8(raw).unwrap_or_default();
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Text as a reader of XML gets it.
fn resolved(raw: &[u8]) -> Cow<'_, str> {
    let text = unified(raw);
    if text.contains('&') { Cow::Owned(crate::xml::unescaped(&text).into_owned()) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_has_more_than_the_other_is_named() {
        let read =
            |text: &str| Document::parse(text.as_bytes().to_vec(), &crate::xml::Limits::default()).unwrap();
        let less = "<a><Row><One /><Three /></Row></a>";
        for (more, path, column) in [
            ("<a><Row><One /><Two /><Three /></Row></a>", "a/Row/Two", 16),
            ("<a><Row><Zero /><One /><Three /></Row></a>", "a/Row/Zero", 9),
            ("<a><Row><One /><Three /><Three /></Row></a>", "a/Row/Three", 25),
            ("<a><Row><One /><Three /></Row></a><?two?>", "a processing instruction", 35),
            ("<!--x--><a><Row><One /><Three /></Row></a>", "a comment", 1),
        ] {
            let found = difference(&read(more), &read(less)).unwrap();
            assert_eq!((found.path.as_str(), found.right), (path, None));
            assert_eq!(found.left.map(|position| position.column), Some(column), "{path}");
            let found = difference(&read(less), &read(more)).unwrap();
            assert_eq!((found.path.as_str(), found.left), (path, None));
        }
    }
}
