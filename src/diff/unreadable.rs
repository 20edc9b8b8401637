//! Files that cannot be read as what their name says: what is wrong with one, and how it is compared.
//!
//! Against a readable one all that is in that would seem to be gone; so both are compared as texts. Read [`add`].

use super::item::{hide_if_of_values, text_or_bytes};
use super::tree::{Node, Step, Tree, Value};
use super::unordered::MEMBERS;
use crate::json::Document;

/// Why a file of JSON cannot be read; none where it can be, or is something else.
pub(super) fn fault(path: &str, bytes: &[u8]) -> Option<String> {
    if !path.to_ascii_lowercase().ends_with(".json") {
        return None;
    }
    match Document::parse(bytes.to_vec()) {
        Ok(document) => {
            let twice = document.duplicate_keys().first()?;
            let [first, second] = [twice.first.line, twice.second.line];
            Some(format!("{} stands there twice, in line {first} and line {second}", twice.pointer))
        }
        Err(error) => {
            let place = error.position();
            Some(format!("{error}, line {}, column {}", place.line, place.column))
        }
    }
}

/// Adds a file that one of the sides cannot read: whether this side can, and the file as text.
pub(super) fn add(tree: &mut Tree, name: &str, path: &str, bytes: &[u8]) {
    let mut node = Node::new(name, Value::None).step(Step::Part).free(MEMBERS);
    node.label = Some(format!("file {path}").into());
    let index = tree.add(0, node);
    let said = match fault(path, bytes) {
        Some(fault) => format!("cannot be read: {fault}"),
        None => "readable".to_owned(),
    };
    tree.add(index, Node::new("definition", Value::text(&said)));
    let index = tree.add(index, Node::new("content", Value::None).step(Step::Through).free(MEMBERS));
    text_or_bytes(tree, index, path, bytes);
    hide_if_of_values(tree, index, &name.to_ascii_lowercase());
}
