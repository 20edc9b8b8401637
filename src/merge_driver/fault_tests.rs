//! Merges whose parts are clear, and whose whole is broken.

use serde_json::{Value, json};

use super::*;

/// A flow of these actions, with connections `mail` and `shared_mail`.
fn flow(actions: Value) -> Value {
    json!({"properties": {
        "connectionReferences": {"mail": {"api": {}}, "shared_mail": {"api": {}}},
        "definition": {
            "parameters": {"$connections": {"type": "Object"}, "p": {"type": "String"}},
            "triggers": {"manual": {"type": "Request"}},
            "actions": actions,
        },
    }})
}

fn doubts(base: &Value, ours: &Value, theirs: &Value) -> Vec<String> {
    let texts = [base, ours, theirs].map(|value| serde_json::to_string_pretty(value).unwrap());
    let told = |ours: &str, theirs: &str| {
        let sides = Sides { base: texts[0].as_bytes(), ours: ours.as_bytes(), theirs: theirs.as_bytes() };
        let merged = merge(Some(Kind::Json), &sides, 7);
        let text = String::from_utf8(merged.content).unwrap();
        assert_eq!(merged.doubts.is_empty(), !text.contains("<<<<<<< ours"), "{text}");
        merged.doubts
    };
    let doubts = told(&texts[1], &texts[2]);
    assert_eq!(told(&texts[2], &texts[1]), doubts);
    doubts
}

fn with(value: &Value, pointer: &str, name: &str, member: Value) -> Value {
    let mut value = value.clone();
    value.pointer_mut(pointer).unwrap()[name] = member;
    value
}

fn without(value: &Value, pointer: &str, name: &str) -> Value {
    let mut value = value.clone();
    value.pointer_mut(pointer).unwrap().as_object_mut().unwrap().shift_remove(name).unwrap();
    value
}

const ACTIONS: &str = "/properties/definition/actions";
const NONE: [&str; 0] = [];

#[test]
fn an_action_runs_after_one_that_is_beside_it() {
    let after = |name: &str| json!({"type": "Compose", "runAfter": {name: ["Succeeded"]}});
    let base = flow(json!({"A": {"type": "Compose"}, "If": {"type": "If", "actions": {}}}));
    let ours = with(&base, ACTIONS, "B", after("a"));
    let gone = without(&base, ACTIONS, "A");
    assert_eq!(doubts(&base, &ours, &gone), ["action B runs after a, which is not beside it"]);
    // Renamed, and moved to another list.
    let renamed = with(&gone, ACTIONS, "C", json!({"type": "Compose"}));
    assert_eq!(doubts(&base, &ours, &renamed).len(), 1);
    let moved = with(&gone, &format!("{ACTIONS}/If/actions"), "A", json!({"type": "Compose"}));
    assert_eq!(doubts(&base, &ours, &moved).len(), 1);
    // What one side had broken itself is none of the merge.
    let broken = with(&base, ACTIONS, "B", after("gone"));
    assert_eq!(doubts(&base, &broken, &with(&base, ACTIONS, "C", after("A"))), NONE);
}

#[test]
fn no_action_runs_after_itself() {
    let after = |name: &str| json!({name: ["Succeeded"]});
    let mut base = flow(json!({}));
    for name in ["A", "M", "Z", "Before", "Behind"] {
        base = with(&base, ACTIONS, name, json!({"type": "Compose", "runAfter": {}}));
    }
    base = with(&base, &format!("{ACTIONS}/A"), "runAfter", after("Before"));
    base = with(&base, &format!("{ACTIONS}/Behind"), "runAfter", after("Z"));
    let ours = with(&base, &format!("{ACTIONS}/Z"), "runAfter", after("M"));
    let ours = with(&ours, &format!("{ACTIONS}/M"), "runAfter", after("A"));
    let theirs = with(&base, &format!("{ACTIONS}/A"), "runAfter", after("Z"));
    assert_eq!(
        doubts(&base, &ours, &theirs),
        [
            "action A runs after Z in a circle",
            "action M runs after A in a circle",
            "action Z runs after M in a circle"
        ]
    );
    let theirs = with(&base, &format!("{ACTIONS}/Before"), "runAfter", after("Behind"));
    assert_eq!(doubts(&base, &base, &theirs), NONE);
}

#[test]
fn a_name_is_that_of_one_action() {
    let base = flow(json!({"A": {"type": "Compose"}}));
    let inside = json!({"type": "Compose", "inputs": 1});
    let ours =
        with(&base, ACTIONS, "If", json!({"type": "If", "actions": {}, "else": {"actions": {"X": inside}}}));
    assert_eq!(
        doubts(&base, &ours, &with(&base, ACTIONS, "x", json!({"type": "Wait"}))),
        ["two actions are called x"]
    );
    let case = json!({"type": "Switch", "cases": {"One": {"actions": {"X": inside}}}, "default": {}});
    assert_eq!(doubts(&base, &ours, &with(&base, ACTIONS, "S", case)), ["two actions are called x"]);
    assert_eq!(doubts(&base, &ours, &with(&base, ACTIONS, "Y", inside)), NONE);
}

#[test]
fn what_is_named_is_there() {
    let references = "/properties/connectionReferences";
    let base = flow(json!({
        "A": {"type": "Compose"},
        "V": {"type": "InitializeVariable", "inputs": {"variables": [{"name": "v", "type": "string"}]}},
    }));
    let no_connection = without(&base, references, "shared_mail");
    let no_action = without(&base, ACTIONS, "A");
    let no_variable = without(&base, ACTIONS, "V");
    let no_parameter = without(&base, "/properties/definition/parameters", "p");
    for (theirs, inputs, expected) in [
        (&no_connection, json!({"host": {"connectionName": "shared_mail"}}), "the connection shared_mail"),
        (
            &no_connection,
            json!({"host": {"connection": {"name": "@parameters('$connections')['shared_mail']['connectionId']"}}}),
            "the connection shared_mail",
        ),
        (&no_action, json!("@outputs('A')?['x']"), "the action A"),
        (&no_action, json!(["x @{concat(body( 'a' ), 'x')}"]), "the action a"),
        (&no_action, json!({"@{actions('A')}": 1}), "the action A"),
        (&no_variable, json!("@variables('v')"), "the variable v"),
        (&no_parameter, json!("@parameters('p')"), "the parameter p"),
    ] {
        let ours = with(&base, ACTIONS, "N", json!({"type": "X", "inputs": inputs}));
        let told = doubts(&base, &ours, theirs);
        assert_eq!(told, [format!("action N names {expected}, which is not there")], "{inputs}");
    }
    for inputs in [
        json!({"host": {"connectionName": "mail"}}),
        json!("outputs('A') is plain text"),
        json!("@outputs(concat('A', 'b'))"),
        json!("@body('manual')"),
        json!("@concat('it''s ')"),
        json!("@outputs('"),
        json!("@outputs('A''B')"),
    ] {
        let ours = with(&base, ACTIONS, "N", json!({"type": "X", "inputs": inputs}));
        assert_eq!(doubts(&base, &ours, &no_action), NONE, "{inputs}");
    }
}

/// A manifest of these root components and missing dependencies.
fn manifest(roots: &[&str], missing: &[&str]) -> String {
    let mut text = String::from(
        "<ImportExportXml>\n<SolutionManifest>\n<UniqueName>Fab</UniqueName>\n<Version>1.0</Version>\n<RootComponents>\n",
    );
    for root in roots {
        text.push_str(&format!("<RootComponent {root} />\n"));
    }
    text.push_str("</RootComponents>\n<MissingDependencies>\n");
    for dependent in missing {
        text.push_str(&format!(
            "<MissingDependency>\n<Required type=\"1\" schemaName=\"need\" solution=\"Base (1.0)\" />\n<Dependent {dependent} />\n</MissingDependency>\n"
        ));
    }
    text + "</MissingDependencies>\n</SolutionManifest>\n</ImportExportXml>\n"
}

fn merged(base: &str, ours: &str, theirs: &str) -> (String, Vec<String>) {
    let sides = Sides { base: base.as_bytes(), ours: ours.as_bytes(), theirs: theirs.as_bytes() };
    let merged = merge(Some(Kind::Xml), &sides, 7);
    (String::from_utf8(merged.content).unwrap(), merged.doubts)
}

const A: &str = "type=\"29\" id=\"{0c0ffee0-0000-4000-8000-00000000000a}\" behavior=\"0\"";
const B: &str = "type=\"29\" id=\"{0c0ffee0-0000-4000-8000-00000000000b}\" behavior=\"0\"";
const UPPER_B: &str = "type=\"29\" id=\"0C0FFEE0-0000-4000-8000-00000000000B\" behavior=\"0\"";

#[test]
fn a_missing_dependency_is_of_what_is_there() {
    let dependent = "type=\"29\" id=\"{0C0FFEE0-0000-4000-8000-00000000000A}\" displayName=\"Run\"";
    let column = "type=\"2\" schemaName=\"c\" parentSchemaName=\"Fab_Table\"";
    let table = "type=\"1\" schemaName=\"fab_table\" behavior=\"0\"";
    let base = manifest(&[A, table, B], &[]);
    for (ours, theirs) in [
        (manifest(&[table, B], &[]), manifest(&[A, table, B], &[dependent])),
        (manifest(&[A, B], &[]), manifest(&[A, table, B], &[column])),
    ] {
        for (ours, theirs) in [(&ours, &theirs), (&theirs, &ours)] {
            let (text, doubts) = merged(&base, ours, theirs);
            assert_eq!(doubts.len(), 1, "{text}");
            assert!(doubts[0].starts_with("a missing dependency is of "), "{doubts:?}");
            assert!(text.contains("<<<<<<< ours"), "{text}");
        }
    }
    // Parts that are in the solution by neither are so on both sides.
    let other = "type=\"2\" schemaName=\"c\" parentSchemaName=\"other\"";
    let (text, doubts) = merged(&base, &manifest(&[table, B], &[]), &manifest(&[A, table, B], &[other]));
    assert_eq!(doubts, NONE, "{text}");
}

#[test]
fn identities_are_told_without_regard_to_case() {
    let base = manifest(&[A], &[]);
    // One row in two spellings is there once.
    let (ours, theirs) = (manifest(&[A, B], &[]), manifest(&[A, UPPER_B], &["type=\"1\" schemaName=\"x\""]));
    let (text, doubts) = merged(&base, &ours, &theirs);
    assert_eq!(doubts, NONE, "{text}");
    assert_eq!(text, manifest(&[A, B], &["type=\"1\" schemaName=\"x\""]));
    // And is out when the other side took it out.
    let base = manifest(&[A, B], &[]);
    let (text, doubts) = merged(&base, &manifest(&[A, UPPER_B], &[]), &manifest(&[A], &[]));
    assert_eq!((text, doubts), (manifest(&[A], &[]), Vec::new()));
    // A behavior that only one side changed is taken over.
    let changed = B.replace("behavior=\"0\"", "behavior=\"1\"");
    let (text, doubts) = merged(&base, &manifest(&[A, UPPER_B], &[]), &manifest(&[A, &changed], &[]));
    assert_eq!((text, doubts), (manifest(&[A, &changed], &[]), Vec::new()));
    // Two behaviors of one table are a doubt.
    for (one, other) in [
        (
            "type=\"1\" schemaName=\"Account\" behavior=\"0\"",
            "type=\"1\" schemaName=\"account\" behavior=\"2\"",
        ),
        (
            "type=\"2\" schemaName=\"C\" parentSchemaName=\"T\" behavior=\"0\"",
            "type=\"2\" schemaName=\"c\" parentSchemaName=\"t\" behavior=\"1\"",
        ),
        ("type=\"10\" id.name=\"X\" behavior=\"0\"", "type=\"10\" id.name=\"x\" behavior=\"1\""),
    ] {
        let (text, doubts) = merged(&base, &manifest(&[A, B, one], &[]), &manifest(&[A, B, other], &[]));
        assert_eq!(doubts.len(), 1, "{text}");
        assert!(text.contains("<<<<<<< ours"), "{text}");
    }
    // Two rows that differ in `id.*` alone are two.
    let two = ["type=\"10\" id.name=\"x\"", "type=\"10\" id.name=\"y\""];
    let (text, doubts) = merged(&base, &manifest(&[A, B, two[0]], &[]), &manifest(&[A, B, two[1]], &[]));
    assert_eq!(doubts, NONE, "{text}");
    // A missing dependency in two spellings is one as well.
    let need = |text: &str| format!("type=\"29\" id=\"{text}\"");
    let (ours, theirs) =
        (need("{0C0FFEE0-0000-4000-8000-00000000000A}"), need("0c0ffee0-0000-4000-8000-00000000000a"));
    let (text, doubts) = merged(&base, &manifest(&[A, B], &[&ours]), &manifest(&[A], &[&theirs]));
    assert_eq!((text, doubts), (manifest(&[A], &[&ours]), Vec::new()));
}
