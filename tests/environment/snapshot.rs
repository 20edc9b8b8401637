//! Snapshots: what they say comes back, what they do not say they do not hold.

use proptest::prelude::*;
use solship::environment::snapshot::{Detail, HashKey, Snapshot, SnapshotError, Texts, snapshot};
use solship::environment::{Connection, Environment, EnvironmentError, LogEntry, State, Value};
use solship::report::json_environment;

use super::support::steps::{assert_same, state};

fn read(text: &str) -> Result<Snapshot, SnapshotError> {
    Snapshot::read("uat.json", text.as_bytes().to_vec())
}

fn key() -> HashKey {
    HashKey::new(b"a key of sixteen bytes").expect("long enough")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_a_snapshot_with_values_says_comes_back(seed in any::<u64>(), steps in 0..60usize) {
        let state = state(seed, steps);
        let text = snapshot(&state, &Detail::Known);
        let restored = read(&text).expect("readable").restored();
        prop_assert!(restored.unset.is_empty() && restored.unshared.is_empty());
        assert_same(&state, &restored.state);
        prop_assert_eq!(&text, &snapshot(&restored.state, &Detail::Known));
    }

    #[test]
    fn a_snapshot_without_values_holds_none_and_is_stable(seed in any::<u64>(), steps in 0..60usize) {
        let state = state(seed, steps);
        for detail in [Detail::Set, Detail::Hashed(key())] {
            let text = snapshot(&state, &detail);
            prop_assert!(!text.contains("\"text\":") && !text.contains("fabrikam.example") && !text.contains("FAB\\"));
            let acts = ["\u{202e}", "##"].iter().any(|mark| text.contains(mark));
            prop_assert!(!acts);
            let read = read(&text).expect("readable");
            let values = state.values().iter().zip(read.state().values());
            for ((one, value), (other, found)) in values {
                prop_assert_eq!(one, other);
                let is_right = match (&detail, value, found) {
                    (Detail::Hashed(key), Value::Known(text), Value::Hash(hash)) => *hash == key.hash(text.reveal()),
                    (Detail::Hashed(_), Value::Known(_), _) => false,
                    (_, _, found) => *found == Value::Set,
                };
                prop_assert!(is_right);
            }
        }
    }
}

#[test]
fn every_snapshot_matches_the_schema() {
    let validator = jsonschema::draft202012::new(&json_environment::snapshot_schema()).expect("a schema");
    for seed in 0..30 {
        for detail in [Detail::Set, Detail::Hashed(key()), Detail::Known] {
            let document = serde_json::from_str(&snapshot(&state(seed, 60), &detail)).expect("JSON");
            let errors: Vec<String> =
                validator.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
    }
}

#[test]
fn a_parameter_that_may_be_a_secret_is_told_like_a_value() {
    let plain = [
        ("password", "none"),
        ("targetId", "0c0ffee0-0000-4000-8000-0000000000aa"),
        ("username", "@environmentVariables(\"fab_User\")"),
    ];
    let hidden = [("a", "hunter2"), ("b", "@environmentVariables(\"hunter2 x\")"), ("c", "FAB\\hunter2")];
    let own = |text: &(&str, &str)| (text.0.to_owned(), text.1.to_owned());
    let connection = Connection {
        connector: "shared_uiflow".to_owned(),
        name: "Robots".to_owned(),
        created: None,
        updated: None,
        parameter_set: None,
        parameters: plain.iter().chain(&hidden).map(own).collect(),
        credential: None,
    };
    let mut state = State::default();
    state.set_connection("one", Some(connection.clone()));
    for detail in [Detail::Set, Detail::Hashed(key())] {
        let text = snapshot(&state, &detail);
        assert!(!text.contains("hunter2"), "{text}");
        for (name, value) in plain {
            assert_eq!(read(&text).expect("readable").state().connections()["one"].parameters[name], value);
        }
        if matches!(detail, Detail::Hashed(_)) {
            assert!(text.contains(&format!("hmac-sha256:{}", key().hash("hunter2"))), "{text}");
        }
        let restored = read(&text).expect("readable").restored();
        assert_eq!(restored.incomplete, ["one"]);
        let left = &restored.state.connections()["one"].parameters;
        assert_eq!(*left, plain.iter().map(own).collect());
    }
    let restored = read(&snapshot(&state, &Detail::Known)).expect("readable").restored();
    assert_eq!(restored.state.connections()["one"], connection);
}

#[test]
fn a_snapshot_cannot_be_changed() {
    let mut read = read(&snapshot(&State::default(), &Detail::Set)).expect("readable");
    assert_eq!(read.texts(), Texts::Unknown);
    let entry = LogEntry { time: 0, words: String::new(), solution: None, sha256: None, content: None };
    let refused = read.change(entry, &mut |_, _| Ok(())).expect_err("read-only");
    assert!(matches!(refused, EnvironmentError::ReadOnly { .. }));
}

#[test]
fn what_is_not_understood_is_refused() {
    let good = r#"{"$schema":"urn:solship:schema:environment:1","version":1,"texts":"known",
        "solutions":[{"uniqueName":"A","version":"1.0","managed":true,"publisher":"fab","sequence":1}],
        "components":[{"type":"workflow","key":"a","managed":[{"solution":"A","content":{"words":"w","facts":{"kind":"other"}}}]}],
        "values":[{"type":"environmentvariabledefinition","key":"v","value":{"text":"hunter2"}}],
        "bindings":[],"flows":[],"connections":[],"shares":[]}"#;
    read(good).expect("readable");
    let faults = [
        (
            good.replace("\"words\":\"w\"", "\"words\":\"w\",\"colour\":1"),
            "/components/0/managed/0/content/colour is not known",
        ),
        (good.replace("\"flows\":[]", "\"flows\":[],\"flaws\":[]"), "not of the form"),
        (
            good.replace("{\"text\":\"hunter2\"}", "{\"text\":\"hunter2\",\"more\":1}"),
            "/values/0 is not of the form",
        ),
        (good.replace("{\"text\":\"hunter2\"}", "7"), "/values/0 is not of the form"),
        (good.replace("\"key\":\"a\"", "\"key\":\"a\",\"text\":\"x\""), "/components/0/text is not known"),
        (good.replace("\"kind\":\"other\"", "\"kind\":\"hunter2\""), "/components/0 is not of the form"),
        (good.replace("environment:1", "environment:2"), "a later version"),
        (
            good.replace("\"version\":1", "\"version\":2"),
            "made by a later version of solship: its version is 2",
        ),
        (good.replace("\"version\":1", "\"version\":0"), "/version is not 1"),
        (good.replace("\"version\":1", "\"version\":\"hunter2\""), "/version is not 1"),
        (good.replace("urn:solship:schema:environment:1", "else"), "no snapshot"),
        (good.replace("\"flows\":[]", "\"flows\":[],\"flows\":[]"), "stands twice"),
        (
            good.replace(
                "}],\n        \"bindings\"",
                "},{\"type\":\"environmentvariabledefinition\",\"key\":\"V\",\"value\":{}}],\"bindings\"",
            ),
            "stands twice",
        ),
        (
            good.replace("\"solution\":\"A\"", "\"solution\":\"B\""),
            "it contradicts itself: process a has a layer of solution B, which is not installed",
        ),
        (
            good.replace("\"flows\":[]", "\"flows\":[{\"type\":\"workflow\",\"key\":\"b\",\"on\":true}]"),
            "it contradicts itself",
        ),
        ("[".repeat(100_000), "uat.json"),
        ("{}".to_owned(), "no snapshot"),
    ];
    for (text, expected) in faults {
        let said = read(&text).expect_err(expected).to_string();
        assert!(said.contains(expected) && !said.contains("hunter2"), "{expected}: {said}");
    }
}

#[test]
fn a_snapshot_with_values_says_that_some_are_not_known() {
    let known = state(7, 60);
    let text = snapshot(&known, &Detail::Known);
    assert!(text.contains("\"texts\": \"known\""));
    for detail in [Detail::Set, Detail::Hashed(key())] {
        let plain = read(&snapshot(&known, &detail)).expect("readable");
        let partly = snapshot(plain.state(), &Detail::Known);
        assert!(partly.contains("\"texts\": \"partly\"") && !partly.contains("hmacSha256"), "{partly}");
        let restored = plain.restored();
        assert!(!restored.untold.is_empty(), "there are defaults");
        let again = read(&snapshot(&restored.state, &Detail::Known)).expect("readable");
        assert_eq!(again.texts(), Texts::Partly);
        assert_same(&again.restored().state, &restored.state);
        // Of what knows less, nothing else is made.
        let from_file = read(&partly).expect("readable").restored();
        assert_eq!(from_file.unset, restored.unset);
        assert_eq!(from_file.unshared, restored.unshared);
    }
}
