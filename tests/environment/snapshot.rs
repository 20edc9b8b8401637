//! Snapshots: what they say comes back, what they do not say they do not hold.

use proptest::prelude::*;
use solship::environment::snapshot::{Detail, HashKey, Snapshot, SnapshotError, Texts, snapshot};
use solship::environment::{Environment, EnvironmentError, LogEntry, State, Value};
use solship::report::json_environment;

use super::states::{assert_same, state};

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
fn a_snapshot_cannot_be_changed() {
    let mut read = read(&snapshot(&State::default(), &Detail::Set)).expect("readable");
    assert_eq!(read.texts(), Texts::Unknown);
    let entry = LogEntry { time: 0, words: String::new(), solution: None, sha256: None };
    let refused = read.change(entry, &mut |_| Ok(())).expect_err("read-only");
    assert!(matches!(refused, EnvironmentError::ReadOnly { .. }));
}

#[test]
fn what_is_not_understood_is_refused() {
    let good = r#"{"$schema":"urn:solship:schema:environment:1","version":1,"texts":"known","solutions":[],
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
        (good.replace("urn:solship:schema:environment:1", "else"), "no snapshot"),
        (good.replace("\"flows\":[]", "\"flows\":[],\"flows\":[]"), "stands twice"),
        (
            good.replace(
                "}],\n        \"bindings\"",
                "},{\"type\":\"environmentvariabledefinition\",\"key\":\"V\",\"value\":{}}],\"bindings\"",
            ),
            "stands twice",
        ),
        ("[".repeat(100_000), "uat.json"),
        ("{}".to_owned(), "no snapshot"),
    ];
    for (text, expected) in faults {
        let said = read(&text).expect_err(expected).to_string();
        assert!(said.contains(expected) && !said.contains("hunter2"), "{expected}: {said}");
    }
}
