//! Columns of some rows in a form of their own: scripts of desktop flows by sub-flow, values of variables that are not shown.

use std::collections::BTreeSet;

use super::json_tree;
use super::tree::{Node, Step, Tree, Value};
use super::unordered::MEMBERS;
use super::xml_tree::Columns;
use crate::model::{Masked, SecretReference, UserNameForm, looks_secret};
use crate::xml::Element;

/// What is known of the variables of a side.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Schema names, lower case, of text variables from which a credential signs in: their texts are never shown.
    pub(super) signing_in: BTreeSet<String>,
}

/// `type` of a secret variable.
const SECRET: &str = "100000005";

impl Columns for Known {
    fn add(&self, tree: &mut Tree, index: u32, element: Element<'_>, _: &[String]) -> bool {
        let name = element.name();
        let is_row = element.parent().is_some_and(|row| row.name() == "Workflow");
        if is_row && name == "Definition" {
            let text = element.text();
            // A text in JSON: the script of a desktop flow.
            if let Ok(serde_json::Value::String(script)) = serde_json::from_str(&text) {
                add_script(tree, index, &script);
                return true;
            }
        }
        if is_row && (name == "Inputs" || name == "Outputs") {
            let words = if name == "Inputs" { "input" } else { "output" };
            return add_inputs(tree, index, words, &element.text());
        }
        if name.eq_ignore_ascii_case("defaultvalue") && is_secret_variable(element) {
            let text = element.text();
            set_secret(tree, index, &text);
            return true;
        }
        false
    }

    fn is_secret(&self, element: Element<'_>, _: &[String]) -> bool {
        if !element.name().eq_ignore_ascii_case("defaultvalue") {
            return false;
        }
        let text = element.text();
        looks_secret(&text)
            || UserNameForm::of(&text, false).is_some()
            || schema_name(element).is_some_and(|name| self.signing_in.contains(&name))
    }
}

fn is_secret_variable(element: Element<'_>) -> bool {
    let Some(row) = element.parent() else { return false };
    let kind = row.children().find(|column| column.name().eq_ignore_ascii_case("type"));
    kind.is_some_and(|kind| kind.text().trim() == SECRET)
}

fn schema_name(element: Element<'_>) -> Option<String> {
    let row = element.parent()?;
    let name = row.attribute("schemaname").map(std::borrow::Cow::into_owned);
    Some(name.or_else(|| row.child_text("SchemaName").map(|name| name.into_owned()))?.trim().to_lowercase())
}

/// A reference into a vault in parts; what is none is never shown.
pub(super) fn set_secret(tree: &mut Tree, index: u32, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    if let SecretReference::KeyVault(reference) = SecretReference::parse(text.trim()) {
        tree.add(index, Node::new("vault", Value::text(&reference.vault)));
        tree.add(index, Node::new("name in the vault", Value::text(&reference.secret)));
        let words = format!("secret {} of vault {}", reference.secret, reference.vault);
        tree.node_mut(index).says = Some(words.into());
        let place = format!("{}/{}", reference.subscription, reference.resource_group);
        tree.add(
            index,
            Node::new("subscription and group", Value::Secret(Masked::new(place.to_lowercase()))),
        );
        return;
    }
    tree.node_mut(index).value = Value::Secret(Masked::new(text));
}

/// Inputs or outputs of a desktop flow, each a part of its own. False when the text is none of such.
fn add_inputs(tree: &mut Tree, index: u32, words: &str, text: &str) -> bool {
    let Ok(document) = crate::json::Document::parse(text.as_bytes().to_vec()) else { return false };
    let mut rest = document.value().clone();
    let Some(properties) = rest.pointer_mut("/schema/properties").filter(|properties| properties.is_object())
    else {
        return false;
    };
    if !document.duplicate_keys().is_empty() {
        return false;
    }
    let properties = properties.take();
    json_tree::fill(tree, index, &rest, &[]);
    let group = tree.add(index, Node::new("", Value::None).free(MEMBERS).step(Step::Through));
    for (name, property) in properties.as_object().into_iter().flatten() {
        let kind = property.get("type").and_then(serde_json::Value::as_str).unwrap_or_default();
        let node = Node::new(words, Value::None).keyed(name.as_str()).step(Step::Part).says(kind);
        let child = tree.add(group, node);
        json_tree::set(tree, child, property, name);
    }
    true
}

/// The lines of a script as the designer shows them, each sub-flow on its own.
fn add_script(tree: &mut Tree, index: u32, script: &str) {
    let group = tree.add(index, Node::new("", Value::None).free(MEMBERS).step(Step::Through));
    for (name, lines) in sub_flows(script) {
        let node = Node::new("sub-flow", Value::Lines(lines.into())).keyed(name.as_str()).step(Step::Part);
        tree.add(group, node);
    }
}

/// Sub-flows by name, the main one first; the lines that start and end one are not part of it.
fn sub_flows(script: &str) -> Vec<(String, String)> {
    let mut flows = vec![("Main".to_owned(), String::new())];
    let mut inside: Option<(String, String)> = None;
    for line in script.lines() {
        let plain = line.trim();
        if inside.is_none()
            && let Some(rest) = plain.strip_prefix("FUNCTION ")
        {
            let name = rest.strip_suffix(" GLOBAL").unwrap_or(rest).trim().trim_matches('\'');
            inside = Some((name.to_owned(), String::new()));
            continue;
        }
        if plain == "END FUNCTION"
            && let Some(flow) = inside.take()
        {
            flows.push(flow);
            continue;
        }
        let text = match &mut inside {
            Some((_, text)) => text,
            None => &mut flows[0].1,
        };
        text.push_str(line);
        text.push('\n');
    }
    // A sub-flow without an end is one all the same.
    flows.extend(inside);
    flows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::compare::compare;

    #[test]
    fn a_script_is_told_by_sub_flow() {
        let flows = sub_flows(
            "SET A TO 1\nFUNCTION 'Log in' GLOBAL\n  WAIT 1\nEND FUNCTION\nCALL Log\nFUNCTION X\nY",
        );
        let text = |name: &str, lines: &str| (name.to_owned(), lines.to_owned());
        assert_eq!(
            flows,
            [text("Main", "SET A TO 1\nCALL Log\n"), text("Log in", "  WAIT 1\n"), text("X", "Y\n")]
        );
    }

    #[test]
    fn a_new_input_is_told_by_its_name_and_type() {
        let tree = |inputs: &str| {
            let mut tree = Tree::new(Node::new("Inputs", Value::None));
            let text = format!(r#"{{"schema":{{"properties":{{{inputs}}},"type":"object"}}}}"#);
            assert!(add_inputs(&mut tree, 0, "input", &text));
            tree.seal()
        };
        let (one, other) = (r#""Id":{"type":"string"}"#, r#""Queue":{"type":"number","default":1}"#);
        let found = compare(&tree(one), &tree(&format!("{one},{other}")));
        let told = found.changes.iter().map(|change| format!("{} {:?}", change.path.words(), change.changed));
        assert_eq!(told.collect::<Vec<_>>(), [r#"input Queue Added("number")"#]);
        let mut tree = Tree::new(Node::new("Inputs", Value::None));
        assert!(!add_inputs(&mut tree, 0, "input", r#"{"schema":null}"#));
    }

    #[test]
    fn a_reference_is_told_in_parts_and_anything_else_not_at_all() {
        let shown = |text: &str| {
            let mut tree = Tree::new(Node::new("defaultvalue", Value::None));
            set_secret(&mut tree, 0, text);
            let inside: Vec<String> = (1..tree.len() as u32).map(|at| tree.node(at).value.shown()).collect();
            (tree.node(0).value.shown(), inside)
        };
        let id = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot7";
        let (own, inside) = shown(id);
        assert_eq!(
            (&*own, inside),
            ("", vec!["fab-kv".to_owned(), "robot7".to_owned(), "********".to_owned()])
        );
        assert_eq!(shown("hunter2").0, "********");
    }
}
