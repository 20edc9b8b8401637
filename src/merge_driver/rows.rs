//! What tells the children of an element from each other, the same on all three sides.

use std::collections::BTreeMap;

use crate::diff::{Meanings, identity, is_about_components, is_identity, is_noise, is_unordered, row_key};
use crate::text::hex;
use crate::xml::{Attribute, Element, NodeKind};

/// How the children of an element are told from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// It means nothing.
    Free,
    /// It means something.
    Matters,
}

/// One side of an element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side<'d, 's> {
    pub(super) element: Element<'d>,
    pub(super) meanings: &'s Meanings,
}

/// The children of one side by key, in their order.
pub(super) struct Rows<'d> {
    pub(super) in_order: Vec<(String, Element<'d>)>,
    by_key: BTreeMap<String, Element<'d>>,
}

impl<'d> Rows<'d> {
    pub(super) fn get(&self, key: &str) -> Option<Element<'d>> {
        self.by_key.get(key).copied()
    }

    /// Keys of rows that are in neither of the others, and are told by all that they say.
    pub(super) fn has_nameless_besides(&self, others: [&Self; 2]) -> bool {
        let is_new = |key: &String| others.iter().all(|other| !other.by_key.contains_key(key));
        self.by_key.keys().any(|key| key.starts_with(NAMELESS) && is_new(key))
    }

    /// The keys that the other side has as well, in the order of this one.
    pub(super) fn shared_with(&self, other: &Self) -> Vec<&str> {
        let is_shared = |key: &&str| other.by_key.contains_key(*key);
        self.in_order.iter().map(|(key, _)| key.as_str()).filter(is_shared).collect()
    }
}

/// Begins the key of a row that is told by all that it says. No name begins so.
const NAMELESS: char = '\0';

/// The children of three sides; none where a key stands twice on one of them.
pub(super) fn rows<'d>(sides: [Side<'d, '_>; 3]) -> Option<(Order, [Rows<'d>; 3])> {
    let is_list = is_unordered(sides[1].element);
    let is_record = !is_list && sides.iter().all(|side| has_distinct_names(side.element));
    let mut all = Vec::with_capacity(3);
    for side in sides {
        let mut in_order = Vec::new();
        let mut by_key = BTreeMap::new();
        for child in side.element.children() {
            let key = if is_record { child.name().to_owned() } else { key(child, side.meanings) };
            by_key.insert(key.clone(), child).is_none().then_some(())?;
            in_order.push((key, child));
        }
        all.push(Rows { in_order, by_key });
    }
    let order = if is_list || is_record { Order::Free } else { Order::Matters };
    Some((order, all.try_into().ok()?))
}

fn key(row: Element<'_>, meanings: &Meanings) -> String {
    match row_key(row) {
        Some(key) => format!("{} {key}", row.name()),
        None => {
            let sum = hex(&meanings.get(row));
            format!("{NAMELESS}{} {sum}", row.name())
        }
    }
}

/// What an attribute says; of an identity its one spelling.
pub(super) fn value_of(element: Element<'_>, attribute: &Attribute<'_>) -> String {
    let value = attribute.value();
    if !is_identity(element, attribute.name) {
        return value.into_owned();
    }
    identity(&value)
}

/// Whether two rows of a manifest differ in nothing but the spelling of identities.
pub(super) fn differ_in_spelling_only(one: Element<'_>, other: Element<'_>) -> bool {
    is_about_components(one) && one.name() == other.name() && said(one) == said(other)
}

/// Level, name, attributes and text of an element.
type Said = (usize, String, Vec<(String, String)>, String);

/// What an element and all inside it say, in one spelling.
fn said(element: Element<'_>) -> Vec<Said> {
    let mut said = Vec::new();
    let mut pending = vec![(0, element)];
    while let Some((depth, element)) = pending.pop() {
        let mut attributes: Vec<(String, String)> = element
            .attributes()
            .filter(|attribute| !is_noise(element, attribute.name))
            .map(|attribute| (attribute.name.to_owned(), value_of(element, &attribute)))
            .collect();
        attributes.sort_unstable();
        said.push((depth, element.name().to_owned(), attributes, element.text().trim().to_owned()));
        pending.extend(element.children().map(|child| (depth + 1, child)));
    }
    said
}

fn has_distinct_names(element: Element<'_>) -> bool {
    let mut names: Vec<&str> = element.children().map(|child| child.name()).collect();
    names.sort_unstable();
    names.windows(2).all(|two| two[0] != two[1])
}

/// What stands directly in an element beside elements and white space.
pub(super) fn beside_rows(element: Element<'_>) -> Vec<&[u8]> {
    let bytes = element.document().bytes();
    element
        .nodes()
        .filter(|node| node.kind != NodeKind::Element)
        .map(|node| bytes[node.range].trim_ascii())
        .filter(|bytes| !bytes.is_empty())
        .collect()
}
