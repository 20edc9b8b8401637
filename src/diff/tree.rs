//! What two sides are compared as: named nodes with a text each, and with nodes inside.
//!
//! A tree is built once, from the outside in, and sealed; then each node knows a checksum of all that is inside it. Nothing
//! here knows what a node stands for. Read [`Tree`] first.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

pub(super) use super::value::{Bytes, Value, hidden};
use crate::model::{Masked, is_hidden_field, is_hidden_parameter};

/// Random in each process, so that nobody can make two texts look alike; no checksum reaches an output.
pub(super) static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);

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
    /// What tells it on both sides where its key is another one on each: then that has changed.
    pub(super) identity: Option<Box<str>>,
    /// What a path calls it, where that is neither its name nor its key.
    pub(super) label: Option<Box<str>>,
    /// What a path calls it beside another one of the same label.
    pub(super) full_label: Option<Box<str>>,
    /// What it says itself.
    pub(super) value: Value,
    /// What is told of it where only one side has it; else the first of the texts inside. Nothing secret is in it.
    pub(super) says: Option<Box<str>>,
    /// Its key stands in what is inside of it, too: another key is a change there.
    pub(super) tells_key: bool,
    /// How the value was written, where it is compared in another spelling, and what such a difference is called.
    pub(super) spelling: Option<(Noise, Box<str>)>,
    /// Line ends inside of its text are part of what it says: a string of JSON.
    pub(super) is_data: bool,
    /// How a path names it.
    pub(super) step: Step,
    /// Whether the order of what is inside means something.
    pub(super) order: Order,
    /// Why a difference in it means nothing, where it does not.
    pub(super) noise: Option<Noise>,
    pub(super) children: Vec<u32>,
    /// The name of rows that were left out of it since both sides have them alike.
    pub(super) shared: Option<Box<str>>,
    /// Of all that is inside, whatever the order where that means nothing, and without noise.
    pub(super) meaning: u64,
    /// Of all that is inside, as it stands.
    pub(super) exact: u64,
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

impl Node {
    /// A node without anything inside.
    pub(super) fn new(name: impl Into<Box<str>>, value: Value) -> Self {
        Self {
            name: name.into(),
            key: None,
            identity: None,
            label: None,
            full_label: None,
            value,
            says: None,
            tells_key: false,
            spelling: None,
            is_data: false,
            step: Step::Field,
            order: Order::Matters,
            noise: None,
            children: Vec::new(),
            shared: None,
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

    /// With what is told of it where only one side has it.
    pub(super) fn says(mut self, words: &str) -> Self {
        self.says = (!words.is_empty()).then(|| words.into());
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

impl Node {
    /// The same beside others, of which these labels are several.
    pub(super) fn called_among(&self, alike: &HashSet<&str>) -> String {
        match (&self.label, &self.full_label) {
            (Some(label), Some(full)) if alike.contains(&**label) => full.to_string(),
            _ => self.called(),
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

    /// Hides the texts of fields whose name, or the name of the part around them, says that they are secret or an account, and
    /// works the checksums out. What is inside a node comes after it, so the last node is the first to be done.
    pub(super) fn seal(mut self) -> Self {
        self.hide();
        for index in (0..self.nodes.len()).rev() {
            self.nodes[index].noise = self.noise(index);
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

impl Tree {
    /// Why a difference in a node means nothing: it says so, or all that is in it does. An element with nothing but an
    /// attribute that means nothing is there all the same.
    fn noise(&self, index: usize) -> Option<Noise> {
        let node = &self.nodes[index];
        if node.noise.is_some() || node.value != Value::None || node.key.is_some() || index == 0 {
            return node.noise;
        }
        let of = |child: &u32| {
            let child = &self.nodes[*child as usize];
            child.noise.filter(|_| !child.name.starts_with(['@', '#']))
        };
        let first = node.children.first().and_then(of);
        if node.children.iter().all(|child| of(child).is_some()) { first } else { None }
    }
}

/// Fields that hold what the part around them is called after; of an action that composes a text those are its inputs.
const VALUES: &[&str] = &["defaultvalue", "defaultValue", "value", "default", "inputs"];
/// Fields that say what the value beside them is called: of an action that sets a variable, of a header.
const NAMES: &[&str] = &["name", "Name", "key", "Key"];
/// Longer texts name nothing.
const LONGEST_NAME: usize = 200;
/// What the parameters of an address stand in.
const QUERY: &str = "queries";

impl Tree {
    /// Whether a text in a node says that the value beside it is secret.
    fn is_called_secret(&self, index: usize) -> bool {
        let inside = || self.nodes[index].children.iter().map(|child| &self.nodes[*child as usize]);
        let is_name = |node: &Node| match &node.value {
            Value::Text(text) if NAMES.contains(&&*node.name) => {
                text.len() <= LONGEST_NAME && is_hidden_field(text)
            }
            _ => false,
        };
        inside().any(|node| VALUES.contains(&&*node.name)) && inside().any(is_name)
    }

    fn hide(&mut self) {
        // Names are few and keys are many: a key is looked at only where there is something to hide around it.
        let mut known: HashMap<Box<str>, bool> = HashMap::new();
        let is_value = |name: &str| VALUES.contains(&name) || name.starts_with("item");
        let mut has_value = vec![false; self.nodes.len()];
        for index in (0..self.nodes.len()).rev() {
            let node = &self.nodes[index];
            has_value[index] =
                is_value(&node.name) || node.children.iter().any(|child| has_value[*child as usize]);
        }
        // Whether the part around a node is called after a secret; what is inside a node comes after it.
        let mut around = vec![false; self.nodes.len()];
        let mut in_query = vec![false; self.nodes.len()];
        for index in 0..self.nodes.len() {
            let node = &self.nodes[index];
            let says_name = match known.get(&node.name) {
                Some(says) => *says,
                None => *known.entry(node.name.clone()).or_insert_with(|| is_hidden_field(&node.name)),
            };
            let is_query = &*node.name == QUERY;
            let says_name = says_name || in_query[index] && is_hidden_parameter(&node.name);
            let is_around = around[index]
                || says_name
                || has_value[index] && node.key.as_deref().is_some_and(is_hidden_field)
                || has_value[index] && self.is_called_secret(index);
            for child in &node.children {
                around[*child as usize] = is_around;
                in_query[*child as usize] = is_query;
            }
            let is_value = is_value(&node.name);
            let is_hidden = says_name || (is_around && is_value);
            let node = &mut self.nodes[index];
            if let Value::Text(text) | Value::Lines(text) = &node.value
                && is_hidden
                && !says_nothing(text)
                && !super::words::is_one(&node.name, text)
            {
                node.value = Value::Secret(Masked::new(&**text));
                node.spelling = None;
            }
        }
    }
}

/// A short number, a truth value, nothing, or an expression: no secret is so.
fn says_nothing(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit())
        || matches!(text, "true" | "false" | "null" | "\"\"" | "{}" | "[]")
        || (text.starts_with('@') && text.contains('('))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MASK;

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
    fn a_value_is_hidden_by_the_name_beside_it() {
        let mut tree = Tree::new(Node::new("root", Value::None));
        for name in ["Password", "Limit"] {
            let inputs = tree.add(0, Node::new("inputs", Value::None));
            tree.field(inputs, "name", name);
            tree.field(inputs, "value", "geheim");
        }
        let action = tree.add(0, Node::new("action", Value::None).keyed("Kennwort"));
        tree.field(action, "type", "Compose");
        tree.field(action, "inputs", "geheim");
        let computed = tree.add(0, Node::new("action", Value::None).keyed("Password"));
        tree.field(computed, "inputs", "@variables('x')");
        let tree = tree.seal();
        let shown: Vec<String> = (1..tree.len() as u32).map(|index| tree.node(index).value.shown()).collect();
        let told: Vec<&str> = shown.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        assert_eq!(told, ["Password", MASK, "Limit", "geheim", "Compose", MASK, "@variables('x')"]);
    }

    #[test]
    fn what_is_called_a_secret_is_not_shown() {
        let mut tree = Tree::new(Node::new("root", Value::None));
        let parameter = tree.add(0, Node::new("parameter", Value::None).keyed("Azure API Key (fab_ApiKey)"));
        tree.field(parameter, "defaultValue", "43bc56af");
        tree.field(parameter, "type", "String");
        tree.field(0, "x-api-key", "9f8e");
        tree.field(0, "username", "svc_robot");
        let queries = tree.add(0, Node::new("queries", Value::None));
        tree.field(queries, "code", "geheim");
        tree.field(queries, "page", "2");
        tree.field(0, "code", "DE");
        tree.field(0, "x-functions-key", "geheim");
        tree.field(0, "password", "@parameters('Password')");
        tree.field(0, "to", "bob@fabrikam.example");
        let tree = tree.seal();
        let told: Vec<String> = (2..tree.len() as u32)
            .map(|index| tree.node(index))
            .map(|node| format!("{} {}", node.name, node.value.shown()).trim_end().to_owned())
            .collect();
        let masked = |name: &str| format!("{name} {MASK}");
        assert_eq!(
            told,
            [
                &*masked("defaultValue"),
                "type String",
                &masked("x-api-key"),
                &masked("username"),
                "queries",
                &masked("code"),
                "page 2",
                "code DE",
                &masked("x-functions-key"),
                "password @parameters('Password')",
                &masked("to"),
            ]
        );
    }
}
