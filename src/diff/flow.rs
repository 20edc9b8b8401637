//! Cloud flows as a person reads them: trigger, actions by their path, connection references, parameters.

use serde_json::{Map, Value as Json};

use super::tree::{Node, Step, Tree, Value};
use super::unordered::{MEMBERS, NO_TEMPLATE, RUN_AFTER, RUN_AFTER_ABSENT};
use super::{flow_words, json_tree};
use crate::json::Document;

/// Where actions stand inside of an action, and how the way there is told.
const BRANCHES: &[(&str, &str)] = &[("actions", ""), ("else", "otherwise"), ("default", "default")];

/// Adds the JSON of a cloud flow. False when it is none.
pub(super) fn add(tree: &mut Tree, parent: u32, document: &Document) -> bool {
    let value = document.value();
    let Some(definition) = value.pointer("/properties/definition").and_then(Json::as_object) else {
        return false;
    };
    let group =
        |tree: &mut Tree| tree.add(parent, Node::new("", Value::None).free(MEMBERS).step(Step::Through));
    if let Some(references) = value.pointer("/properties/connectionReferences").and_then(Json::as_object) {
        let group = group(tree);
        named(tree, group, "connection reference", references);
    }
    let parts = [("parameters", "parameter"), ("triggers", "trigger")];
    for (member, words) in parts {
        if let Some(members) = definition.get(member).and_then(Json::as_object) {
            let group = group(tree);
            named(tree, group, words, members);
        }
    }
    if let Some(all) = definition.get("actions").and_then(Json::as_object) {
        let group = group(tree);
        actions(tree, group, all);
    }
    // Whatever else there is.
    let rest = group(tree);
    let known = |name: &str| ["parameters", "triggers", "actions"].contains(&name);
    for (name, value) in definition.iter().filter(|(name, value)| !(known(name) && value.is_object())) {
        member(tree, rest, name, value);
    }
    let properties = value.get("properties").and_then(Json::as_object);
    for (name, value) in properties.into_iter().flatten() {
        if name != "definition"
            && !(name == "connectionReferences" && value.is_object())
            && !is_template(name, value)
        {
            member(tree, rest, name, value);
        }
    }
    template(tree, rest, properties.and_then(|properties| properties.get(TEMPLATE)));
    for (name, value) in value.as_object().into_iter().flatten().filter(|(name, _)| *name != "properties") {
        member(tree, rest, name, value);
    }
    true
}

/// Members that are parts of their own.
fn named(tree: &mut Tree, parent: u32, words: &'static str, members: &Map<String, Json>) {
    for (name, value) in members {
        let node = Node::new(words, Value::None).keyed(name.as_str()).step(Step::Part);
        let index = tree.add(parent, node.says(&flow_words::said(name, value)));
        json_tree::set(tree, index, value, "");
        // What stands for a variable holds the value of the environment that exported it.
        let is_variable = value.pointer("/metadata/schemaName").is_some();
        let is_secure =
            value.get("type").and_then(Json::as_str).is_some_and(|kind| kind.starts_with("Secure"));
        if words == "parameter" && (is_variable || is_secure) {
            hide_default(tree, index);
        }
    }
}

/// The default of a parameter is never shown, whatever it is.
fn hide_default(tree: &mut Tree, index: u32) {
    let children = tree.children(index).to_vec();
    let is_default = |child: &u32| tree.node(*child).name.eq_ignore_ascii_case("defaultValue");
    let Some(default) = children.iter().copied().find(is_default) else { return };
    let mut pending = vec![default];
    while let Some(index) = pending.pop() {
        pending.extend(tree.children(index));
        let node = tree.node_mut(index);
        if let Value::Text(text) | Value::Lines(text) = &node.value {
            node.value = Value::Secret(crate::model::Masked::new(&**text));
            node.spelling = None;
        }
    }
}

fn member(tree: &mut Tree, parent: u32, name: &str, value: &Json) {
    let index = tree.add(parent, Node::new(name, Value::None));
    json_tree::set(tree, index, value, name);
}

/// The template that a flow was made from.
const TEMPLATE: &str = "templateName";

/// Whether a member says which template, or that there is none.
fn is_template(name: &str, value: &Json) -> bool {
    name == TEMPLATE && (value.is_null() || value.is_string())
}

/// The template. None of a flow, `null` and an empty text say the same.
fn template(tree: &mut Tree, parent: u32, value: Option<&Json>) {
    if value.is_some_and(|value| !is_template(TEMPLATE, value)) {
        return;
    }
    let mut node = Node::new(TEMPLATE, Value::text(value.and_then(Json::as_str).unwrap_or_default()));
    if node.value == Value::None {
        node.spelling = Some((NO_TEMPLATE, value.map(Json::to_string).unwrap_or_default().into()));
    }
    tree.add(parent, node);
}

/// What tells an action that has another name.
const IDENTITY: &str = "/metadata/operationMetadataId";

/// Actions at any depth, each by its own name, which is the only one of that name in a flow: where it stands is one of the
/// things that can change.
fn actions(tree: &mut Tree, parent: u32, all: &Map<String, Json>) {
    let mut pending: Vec<(Vec<String>, &Map<String, Json>)> = vec![(Vec::new(), all)];
    while let Some((way, members)) = pending.pop() {
        for (name, action) in members {
            let shown = name.replace('_', " ");
            let label = way.iter().cloned().chain([shown.clone()]).collect::<Vec<_>>().join(" > ");
            let mut node =
                Node::new("action", Value::None).keyed(name.as_str()).step(Step::Part).free(MEMBERS);
            node.label = Some(label.into());
            // The designer keeps it when an action gets another name.
            node.identity = action.pointer(IDENTITY).and_then(Json::as_str).map(Into::into);
            let index = tree.add(parent, node.says(&flow_words::said(name, action)));
            tree.add(index, Node::new("", Value::text(&way.join(" > "))).step(Step::Whereabouts));
            let inside: Vec<String> = way.iter().cloned().chain([shown]).collect();
            if action.as_object().is_some_and(|members| !members.contains_key("runAfter")) {
                // As if it were empty.
                let mut node = Node::new("runAfter", Value::Text(run_after(&Map::new()).into()));
                node.spelling = Some((RUN_AFTER_ABSENT, "".into()));
                tree.add(index, node);
            }
            for (field, value) in action.as_object().into_iter().flatten() {
                pending.extend(branches(&inside, field, value));
                add_field(tree, index, field, value);
            }
        }
    }
}

/// The actions in a member of an action, each list with the way to it.
fn branches<'v>(
    inside: &[String],
    field: &str,
    value: &'v Json,
) -> Vec<(Vec<String>, &'v Map<String, Json>)> {
    let way = |words: &str| {
        let words = (!words.is_empty()).then(|| words.to_owned());
        inside.iter().cloned().chain(words).collect::<Vec<_>>()
    };
    if field == "cases" {
        let cases = value.as_object().into_iter().flatten();
        let lists = cases.filter_map(|(name, case)| Some((way(name), case.get("actions")?.as_object()?)));
        return lists.collect();
    }
    let branch = BRANCHES.iter().find(|(name, _)| *name == field);
    let list = branch.and_then(|(name, words)| {
        let list = if *name == "actions" { Some(value) } else { value.get("actions") };
        Some((way(words), list?.as_object()?))
    });
    list.into_iter().collect()
}

/// A member of an action, without the actions inside, which have their own place.
fn add_field(tree: &mut Tree, index: u32, field: &str, value: &Json) {
    match (field, value) {
        ("runAfter", Json::Object(after)) => {
            let mut node = Node::new("runAfter", Value::Text(run_after(after).into()));
            // Names and statuses in any order are one value.
            let noise = if after.is_empty() { RUN_AFTER_ABSENT } else { RUN_AFTER };
            node.spelling = Some((noise, value.to_string().into()));
            tree.add(index, node);
        }
        ("actions", Json::Object(_)) => {}
        ("else" | "default", Json::Object(branch)) if branch.contains_key("actions") => {
            let rest: Map<String, Json> = without_actions(branch);
            if !rest.is_empty() {
                let child = tree.add(index, Node::new(field, Value::None));
                json_tree::set(tree, child, &Json::Object(rest), field);
            }
        }
        ("cases", Json::Object(cases)) => {
            let list = tree.add(index, Node::new(field, Value::None).free(MEMBERS));
            for (name, case) in cases {
                let child = tree.add(list, Node::new(name.as_str(), Value::None));
                match case.as_object() {
                    Some(case) => json_tree::set(tree, child, &Json::Object(without_actions(case)), field),
                    None => json_tree::set(tree, child, case, field),
                }
            }
        }
        _ => {
            let child = tree.add(index, Node::new(field, Value::None));
            json_tree::set(tree, child, value, field);
        }
    }
}

fn without_actions(members: &Map<String, Json>) -> Map<String, Json> {
    let is_kept = |(name, value): &(&String, &Json)| *name != "actions" || !value.is_object();
    members.iter().filter(is_kept).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// `[Run robot, Check limit (Failed, TimedOut)]`, in the order of the names.
fn run_after(after: &Map<String, Json>) -> String {
    let mut told: Vec<String> = after
        .iter()
        .map(|(name, statuses)| {
            let mut statuses: Vec<&str> =
                statuses.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
            statuses.sort_unstable();
            let name = name.replace('_', " ");
            if statuses == ["Succeeded"] { name } else { format!("{name} ({})", statuses.join(", ")) }
        })
        .collect();
    told.sort_unstable();
    format!("[{}]", told.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::compare::compare;
    use super::*;

    fn flow(actions: &str) -> Tree {
        let text = format!(
            r#"{{"properties":{{"connectionReferences":{{}},"definition":{{"triggers":{{"Recurrence":{{"recurrence":{{"frequency":"Day"}}}}}},"actions":{actions}}}}},"schemaVersion":"1.0.0.0"}}"#
        );
        let document = Document::parse(text.into_bytes()).unwrap();
        let mut tree = Tree::new(Node::new("", Value::None));
        assert!(add(&mut tree, 0, &document));
        tree.seal()
    }

    fn told(left: &str, right: &str) -> Vec<String> {
        let found = compare(&flow(left), &flow(right));
        found.changes.iter().map(|change| format!("{} {:?}", change.path.words(), change.changed)).collect()
    }

    #[test]
    fn actions_are_told_by_their_path() {
        let left = r#"{"Scope":{"type":"Scope","actions":{"Send_mail":{"type":"A","inputs":{"to":"x"},"runAfter":{}}}},"Old":{"type":"Compose"}}"#;
        let right = r#"{"Scope":{"type":"Scope","actions":{"Send_mail":{"type":"A","inputs":{"to":"y"},"runAfter":{"New":["Failed"]}},"New":{"type":"Compose"}}}}"#;
        let mut words = told(left, right);
        words.sort();
        assert_eq!(
            words,
            [
                r#"Old Removed("type Compose")"#,
                r#"Scope > New Added("type Compose")"#,
                r#"Scope > Send mail inputs.to Text("x", "y")"#,
                r#"Scope > Send mail runAfter Text("[]", "[New (Failed)]")"#,
            ]
        );
    }

    #[test]
    fn an_action_that_is_renamed_and_edited_tells_both() {
        let action = |name: &str, text: &str, id: &str| {
            format!(
                r#"{{"{name}":{{"type":"Compose","inputs":"{text}","metadata":{{"operationMetadataId":"{id}"}}}}}}"#
            )
        };
        assert_eq!(
            told(&action("Old_one", "1 a", "0c"), &action("New", "2 a", "0c")),
            [r#"New name Text("Old_one", "New")"#, r#"New inputs Text("1 a", "2 a")"#]
        );
        assert_eq!(
            told(&action("Old_one", "1 a", "0c"), &action("New", "2 a", "0d")),
            [r#"Old one Removed("type Compose, inputs 1 a")"#, r#"New Added("type Compose, inputs 2 a")"#]
        );
    }

    #[test]
    fn an_action_that_stands_elsewhere_has_moved() {
        let left = r#"{"If":{"type":"If","actions":{"A":{"type":"X"}},"else":{"actions":{}}}}"#;
        let right = r#"{"If":{"type":"If","actions":{},"else":{"actions":{"A":{"type":"X"}}}}}"#;
        assert_eq!(told(left, right), [r#"If > otherwise > A Moved(Some("If"))"#]);
        // Where a case of a switch is named, too.
        let left = r#"{"S":{"type":"Switch","cases":{"One":{"case":"1","actions":{"A":{"type":"X"}}}},"default":{"actions":{}}}}"#;
        let right = left.replace(r#""case":"1""#, r#""case":"2""#);
        assert_eq!(told(left, &right), [r#"S cases.One.case Text("\"1\"", "\"2\"")"#]);
    }

    #[test]
    fn what_stood_at_the_top_is_told_so() {
        let right = r#"{"S":{"type":"Scope","actions":{"A":{"type":"X"}}}}"#;
        assert_eq!(
            told(r#"{"A":{"type":"X"}}"#, right),
            [r#"S Added("type Scope")"#, r#"S > A Moved(Some("the top"))"#]
        );
    }

    #[test]
    fn an_empty_run_after_and_none_are_the_same() {
        let (left, right) = (r#"{"A":{"type":"X","runAfter":{}}}"#, r#"{"A":{"type":"X"}}"#);
        let found = compare(&flow(left), &flow(right));
        assert!(found.changes.is_empty() && found.noise[&RUN_AFTER_ABSENT] == 1, "{found:?}");
        let right = r#"{"A":{"type":"X","runAfter":{"B":["Succeeded"]}}}"#;
        assert_eq!(told(r#"{"A":{"type":"X"}}"#, right), [r#"A runAfter Text("[]", "[B]")"#]);
    }

    #[test]
    fn a_template_that_is_none_is_told_once() {
        let flow = |member: &str| {
            let text = format!(r#"{{"properties":{{"definition":{{}}{member}}}}}"#);
            let mut tree = Tree::new(Node::new("", Value::None));
            assert!(add(&mut tree, 0, &Document::parse(text.into_bytes()).unwrap()));
            tree.seal()
        };
        let [none, null, empty, one] =
            ["", r#","templateName":null"#, r#","templateName":"""#, r#","templateName":"x""#].map(flow);
        for (left, right) in [(&none, &null), (&null, &empty), (&none, &empty)] {
            let found = compare(left, right);
            assert!(found.changes.is_empty() && found.noise.values().sum::<usize>() == 1, "{found:?}");
        }
        let found = compare(&null, &one);
        assert_eq!((found.changes.len(), found.noise.len()), (1, 0), "{found:?}");
    }

    #[test]
    fn the_order_of_actions_means_nothing() {
        let left = r#"{"A":{"type":"X"},"B":{"type":"Y"}}"#;
        let right = r#"{"B":{"type":"Y"},"A":{"type":"X"}}"#;
        assert!(told(left, right).is_empty());
        assert_eq!(compare(&flow(left), &flow(right)).noise.values().sum::<usize>(), 1);
    }
}
