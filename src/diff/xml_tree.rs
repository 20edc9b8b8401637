//! XML as a tree: attributes and children by name, rows by what tells them from each other.
//!
//! White space between elements is no part of it, everything else is. Read [`add`] first.

use super::json_tree;
use super::tree::{Node, Order, Step, Tree, Value};
use super::unordered::{self, MEMBERS};
use crate::model::ComponentType;
use crate::xml::{Document, Element, NodeKind};

/// What tells a row from the others of its list, the strongest first: an identity before a name, so that another name is a
/// change.
const KEYS: &[&str] = &[
    "@WorkflowId",
    "@id",
    "@Id",
    "@ID",
    "@schemaName",
    "@schemaname",
    "@connectionreferencelogicalname",
    "@languagecode",
    "@LCID",
    "@Name",
    "@name",
    "@uniquename",
    "@UniqueName",
    "@LogicalName",
    "@ColumnName",
    "@attributeName",
    "@entityName",
    "credentialid",
    "formid",
    "savedqueryid",
    "LogicalName",
    "Name",
    "name",
    "UniqueName",
    "AddressNumber",
];

/// Adds an element with all that is in it.
pub(super) fn add(tree: &mut Tree, parent: u32, element: Element<'_>, columns: &dyn Columns) {
    add_without(tree, parent, element, columns, &|_, _| false);
}

/// Adds an element with all that is in it but those elements of which `leave_out` says so; it is given the element around
/// one, too.
pub(super) fn add_without(
    tree: &mut Tree,
    parent: u32,
    element: Element<'_>,
    columns: &dyn Columns,
    leave_out: &dyn Fn(Element<'_>, Element<'_>) -> bool,
) {
    let mut path: Vec<String> = Vec::new();
    // The outermost element is the component itself.
    let top = tree.add(parent, node(element, &path).step(Step::Through));
    // An element that is to be filled, or the end of one, which shortens the path.
    let mut pending = vec![Some((element, top))];
    while let Some(next) = pending.pop() {
        let Some((element, index)) = next else {
            path.pop();
            continue;
        };
        path.push(element.name().to_owned());
        pending.push(None);
        fill(tree, index, element, &path, &Filling { columns, leave_out }, &mut pending);
    }
}

/// What is said of the elements of a document.
struct Filling<'f> {
    columns: &'f dyn Columns,
    leave_out: &'f dyn Fn(Element<'_>, Element<'_>) -> bool,
}

/// What a kind of file says of some of its columns.
pub(super) trait Columns {
    /// Adds what is inside an element in a form of its own; false when it is an element like others.
    fn add(&self, tree: &mut Tree, index: u32, element: Element<'_>, path: &[String]) -> bool;

    /// Whether the text of an element is never shown.
    fn is_secret(&self, element: Element<'_>, path: &[String]) -> bool;
}

/// Nothing is special.
pub(super) struct Plain;

impl Columns for Plain {
    fn add(&self, _: &mut Tree, _: u32, _: Element<'_>, _: &[String]) -> bool {
        false
    }

    fn is_secret(&self, _: Element<'_>, _: &[String]) -> bool {
        false
    }
}

fn names<'p>(path: &'p [String], last: &'p str) -> Vec<&'p str> {
    path.iter().map(String::as_str).chain([last]).collect()
}

/// The node of an element, without what is inside.
fn node(element: Element<'_>, path: &[String]) -> Node {
    let name = element.name();
    let mut node = Node::new(name, Value::None);
    if let Some(key) = key(element) {
        node = node.keyed(key).step(Step::Part);
        node.tells_key = true;
    }
    let names = names(path, name);
    if let Some(noise) = unordered::list(&names) {
        node = node.free(noise);
    } else if is_record(element) {
        node = node.free(MEMBERS);
    }
    let is_whole = |around: Element<'_>| element.name() == "SolutionManifest" || key(around) == key(element);
    if (node.key.is_none() && is_list(element))
        || element.parent().is_some_and(is_whole) && node.key.is_some()
    {
        node = node.step(Step::Through);
    }
    if let Some(label) = label(element) {
        node.label = Some(label.into());
    }
    if let Some(noise) = unordered::value(&names) {
        node = node.noise(noise);
    }
    node
}

/// What a person calls a row of the manifest.
fn label(element: Element<'_>) -> Option<String> {
    match element.name() {
        "RootComponent" => {
            let code = element.attribute("type").and_then(|code| code.trim().parse().ok());
            let kind = code.and_then(ComponentType::from_code);
            let id = element.attribute("schemaName").or_else(|| element.attribute("id")).unwrap_or_default();
            let words = kind.as_ref().map_or("of a type of its own", ComponentType::words);
            Some(format!("root component {words} {}", spelled(&id).0).trim_end().to_owned())
        }
        "MissingDependency" => {
            let side = |name| element.child(name).map(|side| side_words(side)).unwrap_or_default();
            Some(format!("needed {} for {}", side("Required"), side("Dependent")))
        }
        _ => None,
    }
}

/// One side of a missing dependency.
fn side_words(side: Element<'_>) -> String {
    let attribute = |name| side.attribute(name).filter(|text| !text.trim().is_empty());
    let code = attribute("type").and_then(|code| code.trim().parse().ok());
    let kind = code.and_then(ComponentType::from_code);
    let name = attribute("schemaName").or_else(|| attribute("displayName")).or_else(|| attribute("id"));
    let words = kind.as_ref().map_or("component", ComponentType::words);
    format!("{words} {}", spelled(&name.unwrap_or_default()).0)
}

/// What a missing dependency is about, whatever the version of the solution that has it.
fn side_key(side: Element<'_>) -> String {
    const NAMES: &[&str] =
        &["type", "schemaName", "id", "displayName", "parentSchemaName", "parentDisplayName"];
    let parts = NAMES.iter().map(|name| spelled(&side.attribute(name).unwrap_or_default()).0);
    parts.collect::<Vec<_>>().join(" ")
}

/// What tells a row from its siblings.
pub(super) fn key(element: Element<'_>) -> Option<String> {
    if element.name() == "MissingDependency" {
        let side = |name| element.child(name).map(side_key).unwrap_or_default();
        return Some(format!("{} for {}", side("Required"), side("Dependent")));
    }
    // A root component is of a type, and the number of one type is no other's.
    if element.name() == "RootComponent" {
        let id = element.attribute("schemaName").or_else(|| element.attribute("id"));
        let kind = element.attribute("type").unwrap_or_default();
        let parent = element.attribute("parentSchemaName").unwrap_or_default();
        return Some(
            format!("{kind} {} {}", spelled(&id.unwrap_or_default()).0, parent).trim_end().to_owned(),
        );
    }
    KEYS.iter().find_map(|key| {
        let text = match key.strip_prefix('@') {
            Some(attribute) => element.attribute(attribute)?,
            None => element.child(key).filter(|child| child.children().next().is_none())?.text(),
        };
        let text = text.trim();
        (!text.is_empty() && text.len() <= 200).then(|| spelled(text).0)
    })
}

/// Whether each child has a name of its own, so that their order says nothing.
fn is_record(element: Element<'_>) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    for child in element.children() {
        if seen.len() >= 64 || seen.contains(&child.name()) {
            return false;
        }
        seen.push(child.name());
    }
    seen.len() > 1
}

/// Whether there are only rows of one name inside.
fn is_list(element: Element<'_>) -> bool {
    let mut children = element.children();
    let Some(first) = children.next() else { return false };
    let mut count = 1;
    for child in children {
        if child.name() != first.name() {
            return false;
        }
        count += 1;
    }
    (count > 1 || key(first).is_some()) && element.attributes().next().is_none() && !element.has_text()
}

/// Adds attributes, text and children.
fn fill<'d>(
    tree: &mut Tree,
    index: u32,
    element: Element<'d>,
    path: &[String],
    filling: &Filling<'_>,
    pending: &mut Vec<Option<(Element<'d>, u32)>>,
) {
    for attribute in element.attributes() {
        let name = format!("@{}", attribute.name);
        let mut node = text_node(&name, &attribute.value());
        if let Some(noise) = unordered::value(&names(path, &name)) {
            node = node.noise(noise);
        }
        tree.add(index, node);
    }
    if filling.columns.add(tree, index, element, path) {
        return;
    }
    let has_children = element.children().next().is_some();
    if !has_children {
        let text = element.text();
        if filling.columns.is_secret(element, path) {
            if !text.is_empty() {
                tree.node_mut(index).value = Value::Secret(crate::model::Masked::new(text.into_owned()));
            }
        } else if !text.trim_start().starts_with(['{', '[']) || !json_tree::add_text(tree, index, &text, path)
        {
            set_text(tree, index, &text);
        }
        return comments(tree, index, element);
    }
    let document = element.document();
    for part in element.nodes() {
        match (part.kind, part.element) {
            (_, Some(child)) if (filling.leave_out)(element, child) => {}
            (_, Some(child)) => {
                let child_index = tree.add(index, node(child, path));
                pending.push(Some((child, child_index)));
            }
            (NodeKind::Text, None) => {
                let text = raw(document, part.range);
                if !text.trim().is_empty() {
                    tree.add(index, Node::new("text", Value::text(&crate::xml::unescaped(text))));
                }
            }
            (kind, None) => other(tree, index, kind, raw(document, part.range)),
        }
    }
}

/// Comments and instructions beside a text.
fn comments(tree: &mut Tree, index: u32, element: Element<'_>) {
    for part in element.nodes().filter(|part| part.kind != NodeKind::Text && part.kind != NodeKind::CData) {
        other(tree, index, part.kind, raw(element.document(), part.range));
    }
}

fn other(tree: &mut Tree, index: u32, kind: NodeKind, text: &str) {
    let name = match kind {
        NodeKind::Comment => "comment",
        NodeKind::CData => "text",
        _ => "instruction",
    };
    tree.add(index, Node::new(name, Value::text(text)));
}

fn raw(document: &Document, range: std::ops::Range<usize>) -> &str {
    // Ranges of nodes lie between characters.
    std::str::from_utf8(&document.bytes()[range]).unwrap_or_default()
}

/// A node with a text, GUIDs in it in one spelling.
pub(super) fn text_node(name: &str, text: &str) -> Node {
    let (text, spelling) = spelled(text);
    let mut node = Node::new(name, Value::text(&text));
    node.spelling = spelling;
    node
}

fn set_text(tree: &mut Tree, index: u32, text: &str) {
    let (text, spelling) = spelled(text);
    let node = tree.node_mut(index);
    node.value = Value::text(&text);
    node.spelling = spelling;
    // A text has no order.
    if node.children.is_empty() {
        node.order = Order::Matters;
    }
}

/// A GUID in lower case and without braces, anything else as it is; and how it was spelled, where that was otherwise.
pub(super) fn spelled(text: &str) -> (String, Option<Box<str>>) {
    let bare = text.trim().trim_start_matches('{').trim_end_matches('}');
    if !crate::model::is_guid(bare) {
        return (text.to_owned(), None);
    }
    let plain = bare.to_ascii_lowercase();
    let spelling = (plain != text).then(|| text.into());
    (plain, spelling)
}
