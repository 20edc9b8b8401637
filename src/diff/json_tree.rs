//! JSON as a tree: members by name, items of lists by their order or, where that means nothing, by what they are.

use serde_json::Value as Json;

use super::tree::{Node, Order, Step, Tree, Value};
use super::unordered::{self, MEMBERS};
use super::xml_tree::text_node;

/// What tells one item of a list from the others.
const KEYS: &[&str] = &["id", "name", "Name", "key", "Property", "InvariantPropertyName"];

/// Adds a text that is JSON, as what is inside of a node. False when it is none.
pub(super) fn add_text(tree: &mut Tree, index: u32, text: &str, path: &[String]) -> bool {
    // A duplicate key would be lost: then the text itself is compared.
    let Ok(document) = crate::json::Document::parse(text.as_bytes().to_vec()) else { return false };
    if !document.duplicate_keys().is_empty() {
        return false;
    }
    fill(tree, index, document.value(), path);
    true
}

/// Adds a value as what is inside of a node.
pub(super) fn fill(tree: &mut Tree, index: u32, value: &Json, path: &[String]) {
    let mut path: Vec<String> = path.to_vec();
    let mut pending: Vec<Option<(u32, &Json, Option<String>)>> = vec![Some((index, value, None))];
    while let Some(next) = pending.pop() {
        let Some((index, value, name)) = next else {
            path.pop();
            continue;
        };
        if let Some(name) = name {
            path.push(name);
            pending.push(None);
        }
        match value {
            Json::Object(members) => {
                if members.is_empty() {
                    tree.node_mut(index).value = Value::Text("{}".into());
                }
                tree.node_mut(index).order = Order::Free(MEMBERS);
                for (name, value) in members {
                    let child = tree.add(index, node(name, value));
                    mark(tree, child, &path, name);
                    pending.push(Some((child, value, Some(name.clone()))));
                }
            }
            Json::Array(items) => {
                if items.is_empty() {
                    tree.node_mut(index).value = Value::Text("[]".into());
                }
                let names: Vec<&str> = path.iter().map(String::as_str).collect();
                tree.node_mut(index).order = unordered::list(&names).map_or(Order::Matters, Order::Free);
                let keys = keys(items);
                for (at, item) in items.iter().enumerate() {
                    let mut node = node("item", item);
                    if let Some(keys) = &keys {
                        node = node.keyed(keys[at].as_str());
                    }
                    let child = tree.add(index, node);
                    pending.push(Some((child, item, None)));
                }
            }
            _ => {}
        }
    }
}

fn mark(tree: &mut Tree, child: u32, path: &[String], name: &str) {
    let names: Vec<&str> = path.iter().map(String::as_str).chain([name]).collect();
    tree.node_mut(child).noise = unordered::value(&names);
}

/// What every item of a list is called, where each has a name of its own. Among items with a name a text is one: a canvas app
/// lists a property by its name alone where there is nothing more to say of it.
fn keys(items: &[Json]) -> Option<Vec<String>> {
    let is_list_of_texts = items.iter().all(Json::is_string);
    KEYS.iter().filter(|_| !is_list_of_texts).find_map(|key| {
        let called = |item: &Json| item.get(key).unwrap_or(item).as_str().map(str::to_owned);
        let found: Option<Vec<String>> = items.iter().map(called).collect();
        let found = found.filter(|found| !found.is_empty())?;
        let distinct: std::collections::HashSet<&String> = found.iter().collect();
        (distinct.len() == found.len()).then_some(found)
    })
}

/// Sets what a value says itself, or adds what is inside of it.
pub(super) fn set(tree: &mut Tree, index: u32, value: &Json, name: &str) {
    if value.is_object() || value.is_array() {
        return fill(tree, index, value, &[name.to_owned()]);
    }
    let said = node(name, value);
    let node = tree.node_mut(index);
    (node.value, node.spelling, node.is_data) = (said.value, said.spelling, said.is_data);
}

/// A node of a value, without what is inside.
fn node(name: &str, value: &Json) -> Node {
    match value {
        Json::String(text) => {
            let node = Node { is_data: true, ..text_node(name, text) };
            // An empty text is not the same as none, and `"1"` not the same as `1`.
            let is_other = !matches!(
                serde_json::from_str(text),
                Err(_) | Ok(Json::String(_) | Json::Object(_) | Json::Array(_))
            );
            if text.is_empty() || is_other {
                Node { value: Value::Text(format!("\"{text}\"").into()), spelling: None, ..node }
            } else {
                node
            }
        }
        Json::Object(_) | Json::Array(_) => Node::new(name, Value::None),
        other => Node::new(name, Value::text(&other.to_string())),
    }
    .step(Step::Field)
}
