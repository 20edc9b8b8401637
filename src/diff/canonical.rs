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
                    let shown = value.shown();
                    let mark = match value {
                        Value::Secret(hidden) => mark(&node.name, hidden.reveal()),
                        Value::Text(hidden) if **hidden != *shown => mark(&node.name, hidden),
                        _ => String::new(),
                    };
                    text.push_str(&format!("{indent}{}: {}{mark}\n", one_line(&name), one_line(&shown)))
                }
            }
        }
        let mut children: Vec<u32> = tree.children(index).to_vec();
        if matches!(node.order, Order::Free(_)) {
            children.sort_by_cached_key(|child| sort_key(tree, *child));
        }
        pending.extend(children.into_iter().rev().map(|child| (child, level + 1)));
    }
}

/// What a node without an order is sorted by: its name, its key, and all texts inside of it.
fn sort_key(tree: &Tree, index: u32) -> Vec<String> {
    let mut texts = Vec::new();
    let mut pending = vec![index];
    while let Some(index) = pending.pop() {
        let node = tree.node(index);
        if node.noise.is_some() {
            continue;
        }
        texts.push(node.name.to_string());
        texts.push(node.key.as_deref().unwrap_or_default().to_owned());
        texts.push(node.value.shown());
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
