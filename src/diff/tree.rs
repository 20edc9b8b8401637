//! What two sides are compared as: named nodes with a text each, and with nodes inside.
//!
//! A tree is built once, from the outside in, and sealed; then each node knows a checksum of all that is inside it. Nothing
//! here knows what a node stands for. Read [`Tree`] first.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use crate::model::{MASK, Masked, masked_text};

/// Random in each process, so that nobody can make two texts look alike; no checksum reaches an output.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// Nodes, the outermost one first; what is inside a node comes after it.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// One node.
#[derive(Debug)]
pub(super) struct Node {
    /// What it is called.
    pub(super) name: Box<str>,
    /// What tells it from its siblings of the same name.
    pub(super) key: Option<Box<str>>,
    /// What a path calls it, where that is neither its name nor its key.
    pub(super) label: Option<Box<str>>,
    /// What it says itself.
    pub(super) value: Value,
    /// How the value was written, where it is compared in another spelling.
    pub(super) spelling: Option<Box<str>>,
    /// How a path names it.
    pub(super) step: Step,
    /// Whether the order of what is inside means something.
    pub(super) order: Order,
    /// Why a difference in it means nothing, where it does not.
    pub(super) noise: Option<Noise>,
    pub(super) children: Vec<u32>,
    /// Of all that is inside, whatever the order where that means nothing, and without noise.
    pub(super) meaning: u64,
    /// Of all that is inside, as it stands.
    pub(super) exact: u64,
}

/// What a node says itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing.
    None,
    /// A text; what looks like a secret in it is not shown.
    Text(Box<str>),
    /// A text of lines.
    Lines(Box<str>),
    /// A text that is never shown.
    Secret(Masked),
    /// Bytes that are no text: how many, and their SHA-256.
    Bytes(u64, Box<str>),
}

/// How a path names a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// By its key or name, as a part of its own: a column, an action.
    Part,
    /// As a field of the part around it.
    Field,
    /// It says where its part stands: another text is a move.
    Whereabouts,
    /// Not at all: what is inside is named as if it stood outside.
    Through,
}

/// Whether the order of what is inside a node means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// It does.
    Matters,
    /// It does not; another one is noise.
    Free(Noise),
}

/// A kind of difference that means nothing, as it is told: `order of dependencies`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Noise(pub(super) &'static str);

impl Value {
    /// A text, or nothing when there is none.
    pub(super) fn text(text: &str) -> Self {
        match text {
            "" => Self::None,
            text if text.contains('\n') => Self::Lines(text.into()),
            text => Self::Text(text.into()),
        }
    }

    /// How it is shown, on one line.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Text(text) => masked_text(text),
            Self::Lines(text) => {
                let count = text.lines().count();
                format!("{count} lines")
            }
            Self::Secret(_) => MASK.to_owned(),
            Self::Bytes(size, sum) => format!("{size} bytes, SHA-256 {}…", &sum[..sum.len().min(12)]),
        }
    }

    fn hash(&self) -> u64 {
        match self {
            Self::None => 0,
            Self::Text(text) | Self::Lines(text) => HASHER.hash_one((1_u8, &**text)),
            Self::Secret(text) => HASHER.hash_one((2_u8, text.reveal())),
            Self::Bytes(size, sum) => HASHER.hash_one((3_u8, size, &**sum)),
        }
    }
}

impl Node {
    /// A node without anything inside.
    pub(super) fn new(name: impl Into<Box<str>>, value: Value) -> Self {
        Self {
            name: name.into(),
            key: None,
            label: None,
            value,
            spelling: None,
            step: Step::Field,
            order: Order::Matters,
            noise: None,
            children: Vec::new(),
            meaning: 0,
            exact: 0,
        }
    }

    pub(super) fn keyed(mut self, key: impl Into<Box<str>>) -> Self {
        self.key = Some(key.into());
        self
    }

    pub(super) fn step(mut self, step: Step) -> Self {
        self.step = step;
        self
    }

    pub(super) fn free(mut self, noise: Noise) -> Self {
        self.order = Order::Free(noise);
        self
    }

    pub(super) fn noise(mut self, noise: Noise) -> Self {
        self.noise = Some(noise);
        self
    }

    /// What a person calls it.
    pub(super) fn called(&self) -> String {
        match (&self.label, &self.key) {
            (Some(label), _) => label.to_string(),
            (None, Some(key)) => format!("{} {key}", self.name),
            (None, None) => self.name.trim_start_matches('@').to_owned(),
        }
    }
}

impl Tree {
    /// A tree of one node.
    pub(super) fn new(root: Node) -> Self {
        Self { nodes: vec![root] }
    }

    /// Adds a node inside another, behind what is there.
    pub(super) fn add(&mut self, parent: u32, node: Node) -> u32 {
        let index = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(node);
        self.nodes[parent as usize].children.push(index);
        index
    }

    /// Adds a field with a text, unless the text is empty.
    #[cfg(test)]
    pub(super) fn field(&mut self, parent: u32, name: &str, text: &str) {
        if !text.is_empty() {
            self.add(parent, Node::new(name, Value::text(text)));
        }
    }

    pub(super) fn node(&self, index: u32) -> &Node {
        &self.nodes[index as usize]
    }

    pub(super) fn node_mut(&mut self, index: u32) -> &mut Node {
        &mut self.nodes[index as usize]
    }

    pub(super) fn children(&self, index: u32) -> &[u32] {
        &self.nodes[index as usize].children
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Works the checksums out. What is inside a node comes after it, so the last node is the first to be done.
    pub(super) fn seal(mut self) -> Self {
        for index in (0..self.nodes.len()).rev() {
            let node = &self.nodes[index];
            let own = HASHER.hash_one((&node.name, &node.key, node.value.hash()));
            let (mut meaning, mut exact) = (own, HASHER.hash_one((own, &node.spelling)));
            let mut sum = 0_u64;
            for child in &node.children {
                let child = &self.nodes[*child as usize];
                exact = HASHER.hash_one((exact, child.exact));
                if child.noise.is_some() {
                    continue;
                }
                // The order of attributes never means anything.
                match node.order {
                    _ if child.name.starts_with('@') => {
                        sum = sum.wrapping_add(HASHER.hash_one(child.meaning))
                    }
                    Order::Free(_) => sum = sum.wrapping_add(HASHER.hash_one(child.meaning)),
                    Order::Matters => meaning = HASHER.hash_one((meaning, child.meaning)),
                }
            }
            let node = &mut self.nodes[index];
            node.meaning = HASHER.hash_one((meaning, sum));
            node.exact = exact;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: Noise = Noise("order");

    fn tree(texts: &[&str], is_free: bool) -> Tree {
        let root = Node::new("root", Value::None);
        let mut tree = Tree::new(if is_free { root.free(ORDER) } else { root });
        for text in texts {
            tree.add(0, Node::new("x", Value::text(text)));
        }
        tree.seal()
    }

    #[test]
    fn order_counts_only_where_it_means_something() {
        let meaning = |texts: &[&str], is_free| tree(texts, is_free).node(0).meaning;
        assert_eq!(meaning(&["a", "b", "b"], true), meaning(&["b", "a", "b"], true));
        assert_ne!(meaning(&["a", "b", "b"], true), meaning(&["b", "a", "a"], true));
        assert_ne!(meaning(&["a", "b"], false), meaning(&["b", "a"], false));
        assert_ne!(tree(&["a", "b"], true).node(0).exact, tree(&["b", "a"], true).node(0).exact);
    }

    #[test]
    fn noise_is_no_meaning() {
        let tree = |stamp: &str| {
            let mut tree = Tree::new(Node::new("root", Value::None));
            tree.add(0, Node::new("stamp", Value::text(stamp)).noise(Noise("version stamps")));
            tree.seal()
        };
        assert_eq!(tree("1").node(0).meaning, tree("2").node(0).meaning);
        assert_ne!(tree("1").node(0).exact, tree("2").node(0).exact);
    }

    #[test]
    fn no_secret_is_shown() {
        assert_eq!(Value::Secret(Masked::new("x")).shown(), MASK);
        assert!(!Value::text("https://h/?sig=abcdefghijklmnop").shown().contains("abc"));
    }
}
