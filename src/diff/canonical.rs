//! A solution as one stable text, for any tool that compares texts: a line a fact, lists without an order sorted.

use std::collections::BTreeMap;

use super::DiffError;
use super::side::Side;
use super::tree::{Node, Order, Tree, Value, hidden};
use crate::package::Package;

/// Writes everything that a comparison looks at.
///
/// # Errors
/// When the package is no solution, or cannot be unpacked.
pub fn canonical(package: &Package) -> Result<String, DiffError> {
    let side = Side::read(package)?;
    let mut text = String::new();
    for (key, item) in &side.items {
        text.push_str(&format!("== {key}\n"));
        write(&mut text, &side.tree(key, item), &|_| false);
    }
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
            write(&mut text, &tree, &|_| false);
            files.insert(path, text);
        }
    }
    Ok(files)
}

/// Writes what is inside of the outermost node, but for what is left out.
pub(super) fn write(text: &mut String, tree: &Tree, leave_out: &dyn Fn(&Node) -> bool) {
    // A text is part of what each list around it is sorted by: it is masked once.
    let shown: Vec<String> = (0..u32::try_from(tree.len()).unwrap_or(u32::MAX))
        .map(|index| tree.node(index).value.shown())
        .collect();
    let mut pending: Vec<(u32, usize)> = vec![(0, 0)];
    while let Some((index, level)) = pending.pop() {
        let node = tree.node(index);
        if node.noise.is_some() || leave_out(node) {
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
                    for line in hidden(lines).lines() {
                        text.push_str(&format!("{indent}  | {}\n", one_line(line)));
                    }
                }
                _ => {
                    let value = one_line(&shown[index as usize]);
                    text.push_str(&format!("{indent}{}: {value}\n", one_line(&name)));
                }
            }
        }
        let mut children: Vec<u32> = tree.children(index).to_vec();
        if matches!(node.order, Order::Free(_)) {
            children.sort_by_cached_key(|child| sort_key(tree, *child, &shown, leave_out));
        }
        pending.extend(children.into_iter().rev().map(|child| (child, level + 1)));
    }
}

/// What a node without an order is sorted by: its name, its key, and all texts inside of it.
fn sort_key<'t>(
    tree: &'t Tree,
    index: u32,
    shown: &'t [String],
    leave_out: &dyn Fn(&Node) -> bool,
) -> Vec<&'t str> {
    let mut texts = Vec::new();
    let mut pending = vec![index];
    while let Some(index) = pending.pop() {
        let node = tree.node(index);
        if node.noise.is_some() || leave_out(node) {
            continue;
        }
        texts.extend([&*node.name, node.key.as_deref().unwrap_or_default(), &shown[index as usize]]);
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
