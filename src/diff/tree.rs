//! What two sides are compared as: named nodes with a text each, and with nodes inside.
//!
//! A tree is built once, from the outside in, and sealed; then each node knows a checksum of all that is inside it. Nothing
//! here knows what a node stands for. Read [`Tree`] first.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::model::{MASK, Masked, UserNameForm, masked_file};
use crate::text::hex;

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
    /// Bytes that are no text.
    Bytes(Bytes),
}

/// Bytes that are no text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Bytes {
    /// What they are, by how they start.
    kind: &'static str,
    size: usize,
    /// SHA-256, in hexadecimal digits.
    sum: Box<str>,
}

/// How kinds of files start.
const KINDS: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"\0\0\x01\0", "icon"),
    (b"PK\x03\x04", "zip archive"),
    (b"MZ", "program"),
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "Office document"),
];
/// So many digits of a checksum tell it from others.
const DIGITS: usize = 12;

impl Bytes {
    pub(super) fn new(content: &[u8]) -> Self {
        let kind =
            KINDS.iter().find(|(start, _)| content.starts_with(start)).map_or("binary", |(_, kind)| kind);
        let sum = hex(&Sha256::digest(content));
        Self { kind, size: content.len(), sum: sum.into() }
    }

    /// `PNG image, 12 kB, SHA-256 0123456789ab…`
    fn shown(&self) -> String {
        let size = match self.size {
            size if size < 10_000 => format!("{size} bytes"),
            size if size < 10_000_000 => format!("{} kB", size / 1_000),
            size => format!("{} MB", size / 1_000_000),
        };
        format!("{}, {size}, SHA-256 {}…", self.kind, &self.sum[..self.sum.len().min(DIGITS)])
    }
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
            Self::Text(text) => hidden(text),
            Self::Lines(text) => {
                let count = text.lines().count();
                format!("{count} lines")
            }
            Self::Secret(_) => MASK.to_owned(),
            Self::Bytes(bytes) => bytes.shown(),
        }
    }

    fn hash(&self) -> u64 {
        match self {
            Self::None => 0,
            Self::Text(text) | Self::Lines(text) => HASHER.hash_one((1_u8, &**text)),
            Self::Secret(text) => HASHER.hash_one((2_u8, text.reveal())),
            Self::Bytes(bytes) => HASHER.hash_one((3_u8, bytes)),
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
            says: None,
            tells_key: false,
            spelling: None,
            is_data: false,
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

/// Fields that hold what the part around them is called after.
const VALUES: &[&str] = &["defaultvalue", "defaultValue", "value", "default"];
/// Words in a name, without what joins them, that say that its text is secret.
const SECRET_NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "accesskey",
    "sharedkey",
    "saskey",
    "privatekey",
    "subscriptionkey",
    "functionkey",
    "token",
    "authvalue",
    "secureconfiguration",
    "connectionstring",
    "authorization",
];
/// Names, without what joins them, whose text is an account.
const ACCOUNT_NAMES: &[&str] =
    &["username", "userid", "login", "loginname", "impersonatingusername", "account"];

impl Tree {
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
        for index in 0..self.nodes.len() {
            let node = &self.nodes[index];
            let says_name = match known.get(&node.name) {
                Some(says) => *says,
                None => *known.entry(node.name.clone()).or_insert_with(|| says_secret(&node.name)),
            };
            let is_around = around[index]
                || says_name
                || has_value[index] && node.key.as_deref().is_some_and(says_secret);
            for child in &node.children {
                around[*child as usize] = is_around;
            }
            let is_value = is_value(&node.name);
            let is_hidden = says_name || (is_around && is_value);
            let node = &mut self.nodes[index];
            if let Value::Text(text) | Value::Lines(text) = &node.value
                && is_hidden
                && !says_nothing(text)
            {
                node.value = Value::Secret(Masked::new(&**text));
                node.spelling = None;
            }
        }
    }
}

fn folded(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).collect::<String>().to_lowercase()
}

/// Whether a name says that what it names is secret or an account.
fn says_secret(name: &str) -> bool {
    let name = folded(name);
    SECRET_NAMES.iter().any(|word| name.contains(word)) || ACCOUNT_NAMES.contains(&&*name)
}

/// A short number, a truth value, nothing, or an expression: no secret is so.
fn says_nothing(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit())
        || matches!(text, "true" | "false" | "null" | "\"\"" | "{}" | "[]")
        || (text.starts_with('@') && text.contains('('))
}

/// A text without its secrets and without names of accounts; it has the same lines.
pub(super) fn hidden(text: &str) -> String {
    if UserNameForm::of(text.trim(), false).is_some() { MASK.to_owned() } else { masked_file(text, "") }
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
    fn what_is_called_a_secret_is_not_shown() {
        let mut tree = Tree::new(Node::new("root", Value::None));
        let parameter = tree.add(0, Node::new("parameter", Value::None).keyed("Azure API Key (fab_ApiKey)"));
        tree.field(parameter, "defaultValue", "43bc56af");
        tree.field(parameter, "type", "String");
        tree.field(0, "x-api-key", "9f8e");
        tree.field(0, "username", "svc_robot");
        tree.field(0, "password", "@parameters('Password')");
        tree.field(0, "to", "bob@fabrikam.example");
        let tree = tree.seal();
        let shown: Vec<String> = (2..8).map(|index| tree.node(index).value.shown()).collect();
        assert_eq!(shown, [MASK, "String", MASK, MASK, "@parameters('Password')", MASK]);
    }

    #[test]
    fn bytes_are_told_by_what_they_are_and_their_size() {
        let shown = |start: &[u8], size| {
            let mut content = start.to_vec();
            content.resize(size, 0);
            Bytes::new(&content).shown()
        };
        assert!(shown(b"\x89PNG\r\n", 12_345).starts_with("PNG image, 12 kB, SHA-256 "));
        assert!(shown(b"\x01", 123).starts_with("binary, 123 bytes, SHA-256 "));
    }

    #[test]
    fn no_secret_is_shown() {
        assert_eq!(Value::Secret(Masked::new("x")).shown(), MASK);
        assert!(!Value::text("https://h/?sig=abcdefghijklmnop").shown().contains("abc"));
    }
}
