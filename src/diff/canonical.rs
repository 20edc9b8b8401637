//! A solution as one stable text, for any tool that compares texts: a line a fact, lists without an order sorted.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::inner::Budget;
use super::side::Side;
use super::tree::{Node, Order, Step, Tree, Value};
use super::unordered::MEMBERS;
use super::{DiffError, inner, side};
use crate::model::{ComponentKey, hidden_name};
use crate::package::Package;

/// What is written behind a masked text, so that another one shows as another: given the name of what holds it, and the text.
pub type Mark<'m> = &'m (dyn Fn(&str, &str) -> String + Sync);

/// Nothing.
pub(super) const NO_MARK: Mark<'static> = &|_, _| String::new();

/// Which nodes are left out, with all that is inside of them.
pub(super) type LeaveOut<'l> = &'l dyn Fn(&Node) -> bool;

/// None of them.
const KEEP_ALL: LeaveOut<'static> = &|_| false;

/// Writes everything that a comparison looks at.
///
/// # Errors
/// When the package is no solution, or cannot be unpacked.
pub fn canonical(package: &Package) -> Result<String, DiffError> {
    canonical_marked(package, NO_MARK)
}

/// As [`canonical`], with a mark behind each masked text.
///
/// # Errors
/// As [`canonical`].
pub fn canonical_marked(package: &Package, mark: Mark<'_>) -> Result<String, DiffError> {
    let side = Side::read(package)?;
    let texts: Vec<String> = side
        .items
        .par_iter()
        .map(|(key, item)| {
            let mut text = format!("== {}\n", heading(&side, key));
            write(&mut text, &side.tree(key, item), mark, KEEP_ALL);
            text
        })
        .collect();
    Ok(texts.concat())
}

/// What a component is called, behind its kind and key where they do not say it: `process 0c0ffee0… "Run payroll"`.
fn heading(side: &Side, key: &ComponentKey) -> String {
    if *key == side::solution_key() {
        return one_line(&format!("{} {}", key.kind.words(), side.solution.manifest.unique_name));
    }
    let name =
        side.solution.components.iter().find(|component| component.key == *key).map(|found| &found.name);
    let written = key.to_string();
    match name.filter(|name| !name.is_empty() && !written.contains(&**name)) {
        Some(name) => one_line(&format!("{written} \"{}\"", hidden_name(name))),
        None => one_line(&written),
    }
}

/// An archive that is no solution, as a canvas app, in the same form, entry by entry.
///
/// # Errors
/// In words, when it cannot be opened.
pub fn canonical_parts(label: &str, bytes: &[u8], mark: Mark<'_>) -> Result<String, String> {
    let mut tree = Tree::new(Node::new("", Value::None).free(MEMBERS).step(Step::Through));
    let mut budget = Budget::new(0, 0);
    budget.take(label, bytes)?;
    inner::add(&mut tree, 0, label, bytes, budget.share(1))?;
    let mut text = String::new();
    write(&mut text, &tree.seal(), mark, KEEP_ALL);
    Ok(text)
}

/// The same by file of the unpacked form.
///
/// # Errors
/// As [`canonical`].
pub fn canonical_files(package: &Package) -> Result<BTreeMap<String, String>, DiffError> {
    let side = Side::read(package)?;
    let mut files = BTreeMap::new();
    for (key, item) in &side.items {
        for (path, tree) in side.files(key, item) {
            let mut text = String::new();
            write(&mut text, &tree, NO_MARK, KEEP_ALL);
            files.insert(path, text);
        }
    }
    Ok(files)
}

/// Writes what is inside of the outermost node, but for noise and what is left out.
pub(super) fn write(text: &mut String, tree: &Tree, mark: Mark<'_>, leave_out: LeaveOut<'_>) {
    let written = Written::new(tree, leave_out);
    let mut pending: Vec<(u32, usize)> = vec![(0, 0)];
    while let Some((index, level)) = pending.pop() {
        let node = tree.node(index);
        let Some(shown) = written.shown(index) else { continue };
        // A group without a name says nothing: what is in it stands where it would.
        let is_group = index == 0 || is_nameless(node);
        if !is_group {
            let name = named(node, mark);
            let indent = "  ".repeat(level);
            match &node.value {
                Value::None => text.push_str(&format!("{indent}{}\n", one_line(&name))),
                value @ (Value::Lines(lines) | Value::Unread(lines)) => {
                    text.push_str(&format!("{indent}{}:\n", one_line(&name)));
                    for (masked, line) in value.mask()(lines).lines().zip(lines.lines()) {
                        let mark = if masked == line { String::new() } else { mark(&node.name, line) };
                        let shown = one_line(masked);
                        let line = format!("{indent}  | {}{mark}", shown.trim_end());
                        text.push_str(line.trim_end());
                        text.push('\n');
                    }
                }
                value => {
                    let mark = match value {
                        Value::Secret(hidden) => mark(&node.name, hidden.reveal()),
                        Value::Text(hidden) if **hidden != *shown => mark(&node.name, hidden),
                        _ => String::new(),
                    };
                    text.push_str(&format!("{indent}{}: {}{mark}\n", one_line(&name), one_line(shown)));
                }
            }
        }
        let mut children: Vec<u32> = tree.children(index).to_vec();
        if matches!(node.order, Order::Free(_)) {
            written.sort(&mut children);
        }
        let level = if is_group { level } else { level + 1 };
        pending.extend(children.into_iter().rev().map(|child| (child, level)));
    }
}

/// Whether nothing can be written of a node itself.
fn is_nameless(node: &Node) -> bool {
    node.name.is_empty() && node.key.is_none() && node.value == Value::None
}

/// Name and key of a node, with a mark behind it where something of them is hidden.
fn named(node: &Node, mark: Mark<'_>) -> String {
    let name = match &node.key {
        // Where an action stands.
        None if node.step == Step::Whereabouts => "in".to_owned(),
        Some(key) => format!("{} {key}", node.name),
        None => node.name.to_string(),
    };
    match hidden_name(&name) {
        Cow::Owned(hidden) if hidden != name => format!("{hidden}{}", mark("name", &name)),
        _ => name,
    }
}

/// A tree with what is shown of each node.
struct Written<'t> {
    tree: &'t Tree,
    /// None for a node that is not written.
    shown: Vec<Option<String>>,
}

impl<'t> Written<'t> {
    /// Masking takes longest, and is done once for each text.
    fn new(tree: &'t Tree, leave_out: LeaveOut<'_>) -> Self {
        let count = u32::try_from(tree.len()).unwrap_or(u32::MAX);
        let shown = |index| {
            let node = tree.node(index);
            // What is there in its spelling only says nothing.
            let is_spelling = node.value == Value::None && node.spelling.is_some();
            (node.noise.is_none() && !is_spelling && !leave_out(node)).then(|| node.value.shown())
        };
        Self { tree, shown: (0..count).map(shown).collect() }
    }

    fn shown(&self, index: u32) -> Option<&str> {
        self.shown[index as usize].as_deref()
    }

    /// What a node is sorted by first, among those without an order; what is not written comes first.
    fn own_key(&self, index: u32) -> Option<(&str, &str, &str)> {
        let node = self.tree.node(index);
        let shown = self.shown(index)?;
        Some((&node.name, node.key.as_deref().unwrap_or_default(), shown))
    }

    /// Sorts nodes without an order: by name, key and text, and those that have the same by all texts inside of them.
    fn sort(&self, children: &mut [u32]) {
        children.sort_by(|one, other| self.own_key(*one).cmp(&self.own_key(*other)));
        let same = |one: &u32, other: &u32| self.own_key(*one) == self.own_key(*other);
        for equal in children.chunk_by_mut(same).filter(|equal| equal.len() > 1) {
            // What has a key is told by it alone.
            if self.tree.node(equal[0]).key.is_none() {
                equal.sort_by_cached_key(|child| self.inner_key(*child));
            }
        }
    }

    /// All texts inside of a node.
    fn inner_key(&self, index: u32) -> Vec<&str> {
        let mut texts = Vec::new();
        let mut pending: Vec<u32> = self.tree.children(index).iter().rev().copied().collect();
        while let Some(index) = pending.pop() {
            let Some((name, key, text)) = self.own_key(index) else { continue };
            texts.extend([name, key, text]);
            if self.tree.node(index).key.is_some() {
                break;
            }
            pending.extend(self.tree.children(index).iter().rev());
        }
        texts
    }
}

fn one_line(text: &str) -> String {
    crate::text::escape_terminal(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_without_a_name() {
        let mut tree = Tree::new(Node::new("", Value::None));
        let group = tree.add(0, Node::new("", Value::None).free(MEMBERS).step(Step::Through));
        let action = tree.add(group, Node::new("action", Value::None).keyed("Send").step(Step::Part));
        tree.add(action, Node::new("", Value::text("Scope")).step(Step::Whereabouts));
        tree.add(action, Node::new("", Value::None).step(Step::Whereabouts));
        tree.field(action, "type", "Compose");
        let mut text = String::new();
        write(&mut text, &tree.seal(), NO_MARK, KEEP_ALL);
        assert_eq!(text, "action Send\n  in: Scope\n  type: Compose\n");
    }
}
