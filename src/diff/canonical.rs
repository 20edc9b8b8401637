//! A solution as one stable text, for any tool that compares texts: a line a fact, lists without an order sorted.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::side::Side;
use super::tree::{Node, Order, Step, Tree, Value};
use super::unordered::MEMBERS;
use super::{DiffError, inner};
use crate::model::masked_text;
use crate::package::Package;

/// What is written behind a masked text, so that another one shows as another: given the name of what holds it, and the text.
pub type Mark<'m> = &'m (dyn Fn(&str, &str) -> String + Sync);

/// Nothing.
const NO_MARK: Mark<'static> = &|_, _| String::new();

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
            let mut text = format!("== {key}\n");
            write(&mut text, &side.tree(key, item), mark);
            text
        })
        .collect();
    Ok(texts.concat())
}

/// An archive that is no solution, as a canvas app, in the same form, entry by entry.
///
/// # Errors
/// In words, when it cannot be opened.
pub fn canonical_parts(label: &str, bytes: &[u8], mark: Mark<'_>) -> Result<String, String> {
    let mut tree = Tree::new(Node::new("", Value::None).free(MEMBERS).step(Step::Through));
    inner::add(&mut tree, 0, label, bytes)?;
    let mut text = String::new();
    write(&mut text, &tree.seal(), mark);
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
            write(&mut text, &tree, NO_MARK);
            files.insert(path, text);
        }
    }
    Ok(files)
}

/// Writes what is inside of the outermost node.
fn write(text: &mut String, tree: &Tree, mark: Mark<'_>) {
    // Masking takes longest, and is done once for each text.
    let shown: Vec<String> = (0..u32::try_from(tree.len()).unwrap_or(u32::MAX))
        .map(|index| {
            let node = tree.node(index);
            if node.noise.is_some() { String::new() } else { node.value.shown() }
        })
        .collect();
    let mut pending: Vec<(u32, usize)> = vec![(0, 0)];
    while let Some((index, level)) = pending.pop() {
        let node = tree.node(index);
        if node.noise.is_some() {
            continue;
        }
        if index > 0 {
            let name =
                node.key.as_ref().map_or_else(|| node.name.to_string(), |key| format!("{} {key}", node.name));
            let indent = "  ".repeat(level - 1);
            match &node.value {
                Value::None => text.push_str(&format!("{indent}{}\n", one_line(&name))),
                Value::Lines(lines) => {
                    text.push_str(&format!("{indent}{}:\n", one_line(&name)));
                    for line in lines.lines() {
                        let masked = masked_text(line);
                        let mark = if masked == line { String::new() } else { mark(&node.name, line) };
                        let line = format!("{indent}  | {}{mark}", one_line(&masked));
                        text.push_str(line.trim_end());
                        text.push('\n');
                    }
                }
                value => {
                    let shown = &shown[index as usize];
                    let mark = match value {
                        Value::Secret(hidden) => mark(&node.name, hidden.reveal()),
                        Value::Text(hidden) if **hidden != **shown => mark(&node.name, hidden),
                        _ => String::new(),
                    };
                    text.push_str(&format!("{indent}{}: {}{mark}\n", one_line(&name), one_line(shown)))
                }
            }
        }
        let mut children: Vec<u32> = tree.children(index).to_vec();
        if matches!(node.order, Order::Free(_)) {
            sort(&mut children, tree, &shown);
        }
        pending.extend(children.into_iter().rev().map(|child| (child, level + 1)));
    }
}

/// What a node is sorted by first, among those without an order.
fn own_key<'t>(tree: &'t Tree, shown: &'t [String], index: u32) -> (bool, &'t str, &'t str, &'t str) {
    let node = tree.node(index);
    (node.noise.is_none(), &node.name, node.key.as_deref().unwrap_or_default(), &shown[index as usize])
}

/// Sorts nodes without an order: by name, key and text, and those that have the same by all texts inside of them.
fn sort(children: &mut [u32], tree: &Tree, shown: &[String]) {
    children.sort_by(|one, other| own_key(tree, shown, *one).cmp(&own_key(tree, shown, *other)));
    let same = |one: &u32, other: &u32| own_key(tree, shown, *one) == own_key(tree, shown, *other);
    for equal in children.chunk_by_mut(same).filter(|equal| equal.len() > 1) {
        // What has a key is told by it alone.
        if tree.node(equal[0]).key.is_none() {
            equal.sort_by_cached_key(|child| inner_key(tree, shown, *child));
        }
    }
}

/// All texts inside of a node.
fn inner_key<'t>(tree: &'t Tree, shown: &'t [String], index: u32) -> Vec<&'t str> {
    let mut texts = Vec::new();
    let mut pending: Vec<u32> = tree.children(index).iter().rev().copied().collect();
    while let Some(index) = pending.pop() {
        let node = tree.node(index);
        if node.noise.is_some() {
            continue;
        }
        let (_, name, key, text) = own_key(tree, shown, index);
        texts.extend([name, key, text]);
        if node.key.is_some() {
            break;
        }
        pending.extend(tree.children(index).iter().rev());
    }
    texts
}

fn one_line(text: &str) -> String {
    crate::text::escape_terminal(text).into_owned()
}
