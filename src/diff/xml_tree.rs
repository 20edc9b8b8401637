//! XML as a tree: attributes and children by name, rows by what tells them from each other.
//!
//! White space between elements is no part of it, everything else is. Read [`add`] first.

use std::collections::{BTreeMap, BTreeSet};

use super::json_tree;
use super::row_key::key;
use super::row_label::{full_label, label};
use super::tree::{Node, Noise, Order, Step, Tree, Value};
use super::unordered::{self, CDATA, MEMBERS, NEEDED_VERSION, SPELLING, VERSIONS};
use super::words;
use crate::model::Version;
use crate::xml::{Document, Element, NodeKind};

/// Adds an element with all that is in it.
pub(super) fn add(tree: &mut Tree, parent: u32, element: Element<'_>, columns: &dyn Columns) {
    add_without(tree, parent, element, columns, &|_, _| None);
}

/// Why an element is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// It is in another tree.
    Elsewhere,
    /// Both sides have it alike.
    Shared,
}

/// Which elements are left out: given the element around one, and the one.
pub(super) type LeaveOut<'l> = &'l dyn Fn(Element<'_>, Element<'_>) -> Option<LeftOut>;

/// Adds an element with all that is in it but those elements of which `leave_out` says so.
pub(super) fn add_without(
    tree: &mut Tree,
    parent: u32,
    element: Element<'_>,
    columns: &dyn Columns,
    leave_out: LeaveOut<'_>,
) {
    let mut path: Vec<String> = Vec::new();
    // The outermost element is the component itself.
    let top = tree.add(parent, node(element, &path, None).step(Step::Through));
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
    leave_out: LeaveOut<'f>,
}

/// What a kind of file says of some of its columns.
pub(super) trait Columns {
    /// Adds what is inside an element in a form of its own; false when it is an element like others.
    fn add(&self, tree: &mut Tree, index: u32, element: Element<'_>, path: &[String]) -> bool;

    /// Whether the text of an element is never shown.
    fn is_secret(&self, element: Element<'_>, path: &[String]) -> bool;
}

/// What the prefixes `xsi` and `xsd` are declared as.
const SCHEMA_NAMESPACES: &str = "http://www.w3.org/2001/XMLSchema";

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

/// The node of an element, without what is inside; `around`: the key of the element around it, which is told once for all
/// of its rows.
fn node(element: Element<'_>, path: &[String], around: Option<&str>) -> Node {
    let name = element.name();
    let mut node = Node::new(name, Value::None);
    if let Some(key) = key(element) {
        node = node.keyed(key).step(Step::Part);
        // Of a row about components the key is which one it is about: another one is another row.
        node.tells_key = !super::row_key::is_row_about_components(element);
    }
    let names = names(path, name);
    if let Some(noise) = unordered::list(&names) {
        node = node.free(noise);
    } else if is_record(element) {
        node = node.free(MEMBERS);
    }
    // The whole of what is around it.
    let is_whole = node.key.is_some() && (name == "SolutionManifest" || around == node.key.as_deref());
    if is_whole || (node.key.is_none() && is_list(element)) {
        node = node.step(Step::Through);
    }
    if let Some(label) = label(element, node.key.as_deref()) {
        node.label = Some(label.into());
        if name == "MissingDependency" {
            node.full_label = Some(full_label(element).into());
            // The rest stands in its label.
            let solution = element.child("Required").and_then(|required| required.attribute("solution"));
            let solution = solution.unwrap_or_default();
            let solution = solution.split(" (").next().unwrap_or_default();
            let words = if solution.is_empty() { String::new() } else { format!("of {solution}") };
            node.says = Some(words.into());
        }
    }
    if let Some(noise) = unordered::value(&names) {
        node = node.noise(noise);
    }
    node
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
        let text = attribute.value();
        let mut node = match needed(element, attribute.name, &text) {
            Some((solution, _)) => Node {
                spelling: Some((NEEDED_VERSION, text.as_ref().into())),
                ..Node::new(name.as_str(), Value::text(solution))
            },
            None => text_node(&name, &text),
        };
        let is_other_namespace = attribute.name.starts_with("xmlns:") && !text.starts_with(SCHEMA_NAMESPACES);
        if let Some(noise) = unordered::value(&names(path, &name)).filter(|_| !is_other_namespace) {
            node = node.noise(noise);
        }
        tree.add(index, node);
    }
    if element.nodes().any(|part| part.kind == NodeKind::CData) {
        tree.add(index, Node::new("#CDATA", Value::Text("CDATA".into())).noise(CDATA));
    }
    if element.name() == "MissingDependencies" {
        needed_solutions(tree, index, element);
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
            let table = element.parent().map(|row| row.name()).unwrap_or_default();
            match words::of(table, element.name(), &text) {
                Some((_, Some(words))) => tree.node_mut(index).value = Value::text(words),
                _ if table == "SolutionManifest" && element.name() == "Version" => {
                    let (version, spelling) = spelled_version(&text);
                    let node = tree.node_mut(index);
                    (node.value, node.spelling) = (Value::text(&version), spelling);
                }
                // Nothing but a line between the tags.
                _ if text.contains('\n') && text.trim().is_empty() => {}
                _ => set_text(tree, index, &text),
            }
        }
        return comments(tree, index, element);
    }
    let document = element.document();
    for part in element.nodes() {
        match (part.kind, part.element) {
            (_, Some(child)) => {
                match (filling.leave_out)(element, child) {
                    Some(LeftOut::Elsewhere) => continue,
                    Some(LeftOut::Shared) => {
                        tree.node_mut(index).shared.get_or_insert_with(|| child.name().into());
                        continue;
                    }
                    None => {}
                }
                let node = node(child, path, tree.node(index).key.as_deref());
                let child_index = tree.add(index, node);
                pending.push(Some((child, child_index)));
            }
            (NodeKind::Text, None) => {
                let text = raw(document, part.range);
                if !text.trim().is_empty() {
                    tree.add(index, Node::new("text", Value::text(&crate::xml::unescaped(text))));
                }
            }
            (NodeKind::CData, None) => {
                let text = raw(document, part.range);
                let text = text.strip_prefix("<![CDATA[").unwrap_or(text);
                let text = text.strip_suffix("]]>").unwrap_or(text);
                tree.add(index, Node::new("text", Value::text(text)));
            }
            (kind, None) => other(tree, index, kind, raw(document, part.range)),
        }
    }
}

/// Name and version in `Required solution="FabBase (1.0.0.0)"`.
fn needed<'t>(element: Element<'_>, attribute: &str, text: &'t str) -> Option<(&'t str, &'t str)> {
    if attribute != "solution" || element.name() != "Required" {
        return None;
    }
    text.strip_suffix(')')?.split_once(" (")
}

/// The solutions that the rows of dependencies name, each once with the versions that are asked for.
fn needed_solutions(tree: &mut Tree, index: u32, element: Element<'_>) {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for side in element.children().filter_map(|row| row.child("Required")) {
        let text = side.attribute("solution").unwrap_or_default();
        let Some((name, version)) = needed(side, "solution", &text) else { continue };
        // There are thousands of rows and few solutions.
        match found.get_mut(name) {
            Some(versions) if versions.contains(version) => {}
            Some(versions) => {
                versions.insert(version.to_owned());
            }
            None => {
                found.insert(name.to_owned(), BTreeSet::from([version.to_owned()]));
            }
        }
    }
    for (name, versions) in found {
        let written = versions.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let versions: BTreeSet<String> = versions.iter().map(|version| spelled_version(version).0).collect();
        let versions = versions.into_iter().collect::<Vec<_>>().join(", ");
        let mut node = Node::new("needed solution", Value::text(&versions));
        node.spelling = (written != versions).then(|| (VERSIONS, written.into()));
        tree.add(index, node.keyed(name).step(Step::Part));
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
pub(super) fn spelled(text: &str) -> (String, Option<(Noise, Box<str>)>) {
    let bare = text.trim().trim_start_matches('{').trim_end_matches('}');
    if !crate::model::is_guid(bare) {
        return (text.to_owned(), None);
    }
    let plain = bare.to_ascii_lowercase();
    let spelling = (plain != text).then(|| (SPELLING, text.into()));
    (plain, spelling)
}

/// A version without zeros that say nothing and with all of its four parts, anything else as it is; and how it was written,
/// where that was otherwise.
fn spelled_version(text: &str) -> (String, Option<(Noise, Box<str>)>) {
    let is_part =
        |part: &str| (1..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !text.trim().split('.').all(is_part) || text.split('.').count() > 4 {
        return (text.to_owned(), None);
    }
    let plain = Version::new(text).parts().map(|part| part.to_string()).join(".");
    let spelling = (plain != text).then(|| (VERSIONS, text.into()));
    (plain, spelling)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::compare::compare;
    use crate::xml::Limits;

    fn told(left: &str, right: &str) -> (Vec<String>, Vec<&'static str>) {
        let tree = |text: &str| {
            let document = Document::parse(text.as_bytes().to_vec(), &Limits::default()).unwrap();
            let mut tree = Tree::new(Node::new("", Value::None).step(Step::Through));
            add(&mut tree, 0, document.root(), &Plain);
            tree.seal()
        };
        let found = compare(&tree(left), &tree(right));
        let words =
            found.changes.iter().map(|change| format!("{} {:?}", change.path.words(), change.changed));
        (words.collect(), found.noise.keys().map(|noise| noise.0).collect())
    }

    #[test]
    fn a_row_with_a_guid_is_told_by_its_name() {
        let form = |width: &str| {
            format!(
                "<form><tabs><tab id=\"{{0c0ffee0-0000-4000-8000-000000000001}}\"><labels><label description=\"General\" languagecode=\"1033\" /></labels><width>{width}</width></tab></tabs></form>"
            )
        };
        assert_eq!(told(&form("1"), &form("2")).0, [r#"tab General width Text("1", "2")"#]);
    }

    #[test]
    fn another_root_component_is_another_row() {
        let manifest = |id: &str| {
            format!(
                "<RootComponents><RootComponent type=\"29\" id=\"{{{id}}}\" behavior=\"0\" /></RootComponents>"
            )
        };
        let (words, _) = told(
            &manifest("0c0ffee0-0000-4000-8000-000000000001"),
            &manifest("0c0ffee0-0000-4000-8000-000000000002"),
        );
        let [removed, added] = &words[..] else { panic!("{words:?}") };
        assert!(
            removed.contains("000000000001 Removed(") && added.contains("000000000002 Added("),
            "{words:?}"
        );
    }

    #[test]
    fn an_event_is_that_of_its_column() {
        let form = |events: &[(&str, &str)]| {
            let event = |(column, function): &(&str, &str)| {
                format!(
                    "<event name=\"onchange\" attribute=\"{column}\"><Handlers><Handler functionName=\"{function}\" /></Handlers></event>"
                )
            };
            format!("<form><events>{}</events></form>", events.iter().map(event).collect::<String>())
        };
        let (words, _) = told(&form(&[("fab_a", "one"), ("fab_b", "two")]), &form(&[("fab_b", "three")]));
        let [removed, changed] = &words[..] else { panic!("{words:?}") };
        assert!(removed.starts_with("event onchange fab_a Removed("), "{removed}");
        assert!(changed.starts_with("event onchange fab_b "), "{changed}");
        assert!(changed.ends_with(r#"Text("two", "three")"#), "{changed}");
    }

    #[test]
    fn a_version_of_a_needed_solution_is_one_line() {
        let manifest = |version: &str| {
            let row = |name: &str| {
                format!(
                    "<MissingDependency><Required type=\"1\" schemaName=\"{name}\" solution=\"FabBase ({version})\" /><Dependent type=\"29\" displayName=\"Pay\" /></MissingDependency>"
                )
            };
            format!("<MissingDependencies>{}{}</MissingDependencies>", row("fab_a"), row("fab_b"))
        };
        let (words, noise) = told(&manifest("1.0"), &manifest("2.0"));
        assert_eq!(words, [r#"needed solution FabBase Text("1.0.0.0", "2.0.0.0")"#]);
        assert_eq!(noise, ["versions repeated in dependencies"]);
        let (words, noise) = told(&manifest("1.0"), &manifest("1.0.0.0"));
        assert_eq!(
            (words, noise),
            (vec![], vec!["spelling of versions", "versions repeated in dependencies"])
        );
        let manifest = |version: &str| {
            format!(
                "<SolutionManifest><UniqueName>x</UniqueName><Version>{version}</Version></SolutionManifest>"
            )
        };
        let (words, noise) = told(&manifest("1.2.0.0"), &manifest("1.02"));
        assert_eq!((words, noise), (vec![], vec!["spelling of versions"]));
        assert_eq!(told(&manifest("1.2"), &manifest("1.3")).0, [r#"Version Text("1.2.0.0", "1.3.0.0")"#]);
    }

    #[test]
    fn the_way_a_text_is_written_is_noise_and_the_text_is_not() {
        let cdata = "CDATA or escaped text";
        assert_eq!(told("<a>x &lt; y</a>", "<a><![CDATA[x < y]]></a>"), (vec![], vec![cdata]));
        assert_eq!(told("<a><b />x &lt; y</a>", "<a><b /><![CDATA[x < y]]></a>"), (vec![], vec![cdata]));
        assert_eq!(told("<a></a>", "<a>\r\n  </a>"), (vec![], vec![]));
        assert_eq!(told("<a>x</a>", "<a>x </a>").0, [r#" Text("x", "x·")"#]);
    }

    #[test]
    fn what_a_path_does_not_name_is_told_by_what_is_inside() {
        let (words, _) =
            told("<a><n>1</n></a>", "<a><n>1</n><cells><cell id=\"x\"><t>1</t></cell></cells></a>");
        assert_eq!(words, [r#"cell x Added("t 1")"#]);
        let filters = |names: [&str; 2]| {
            let filters = names.map(|name| format!("<filter><x>{name}</x></filter>"));
            format!("<a>{}</a>", filters.concat())
        };
        assert_eq!(
            told(&filters(["1", "2"]), &filters(["2", "1"])).0,
            [r#"order Text("x 1, x 2", "x 2, x 1")"#]
        );
    }
}
