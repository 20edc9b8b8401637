//! `solship where-used`: whole outputs on the fixtures, what it must find in the release scenarios, and laws on solutions
//! made by hand.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use camino::Utf8Path;
use proptest::prelude::*;
use serde_json::Value;
use solship::graph::{Evidence, Network, Reference};
use solship::model::{ComponentKey, ComponentType, Details, Place, Relation, SecretReference, Solution};
use solship::package::{OpenOptions, Package};
use solship::report::{TextOptions, text_where_used};
use solship::where_used::{Answer, WhereUsed, where_used};
use support::made::{Made, flow_key, guid};

/// Runs on the fixtures and gives exit code, stdout and stderr as one text.
fn run(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_solship"))
        .arg("where-used")
        .args(arguments)
        .arg("fixtures/release")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    let code = output.status.code().expect("an exit code");
    format!("exit code {code}\n--- stdout\n{}--- stderr\n{}", text(output.stdout), text(output.stderr))
}

#[test]
fn this_is_how_it_looks() {
    for (name, what) in [
        ("secret", &["secret:fab-kv/robot7"][..]),
        ("variable", &["FAB_robot7user"]),
        ("connector", &["shared_sharepointonline"]),
        ("custom_connector", &["fab_5Fpayroll", "--all"]),
        ("flow", &["cloud flow:Tell about run"]),
        ("unused", &["Close payroll month"]),
        ("typo", &["fab_sharepiont"]),
        ("json", &["fab_sharepoint", "--format", "json"]),
        ("typo_json", &["fab_sharepiont", "--format", "json"]),
        ("dot", &["secret:fab-kv/robot7", "--format", "dot"]),
        ("mermaid", &["secret:fab-kv/robot7", "--format", "mermaid"]),
    ] {
        insta::assert_snapshot!(name, run(what));
    }
}

#[test]
fn every_name_of_a_thing_gives_the_same_answer() {
    let id = "/subscriptions/0c0f3f5d-5d5b-4bd1-8d3c-6f0f9f3f6b11/resourceGroups/rg-robots/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot7";
    let file = "fixtures/release/FabRobotAccess/environmentvariabledefinitions/fab_Robot7Password/environmentvariabledefinition.xml";
    let text = fs_err::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let start = text.find("/subscriptions/").expect("a reference");
    let real = &text[start..start + text[start..].find('<').unwrap()];
    let expected = run(&["secret:fab-kv/robot7"]);
    assert_eq!(run(&[real]), expected);
    assert_eq!(run(&[&real.to_uppercase()]), expected);
    // The same names in another subscription: not that secret, and the id is not said again.
    if !real.eq_ignore_ascii_case(id) {
        let told = run(&[id]);
        assert!(told.starts_with("exit code 1"), "{told}");
        assert!(!told.contains("0c0f3f5d") && told.contains("secret:fab-kv/robot7"), "{told}");
    }
    assert!(!expected.contains("/subscriptions/"), "{expected}");
    let connector = run(&["fab_5Fpayroll"]);
    assert_eq!(run(&["shared_fab-5fpayroll"]), connector);
}

/// The solutions of one scenario.
fn read(folder: &Utf8Path) -> Vec<Solution> {
    let children = folder.read_dir_utf8().expect("a folder").map(|child| child.expect("a child").into_path());
    let mut zips: Vec<_> = children.filter(|child| child.extension() == Some("zip")).collect();
    zips.sort();
    let read = |path| Solution::read(&Package::open(path, &OpenOptions::default()).unwrap()).unwrap();
    zips.iter().map(|path| read(path)).collect()
}

fn answers(solutions: &[Solution], stated: &[Reference], what: &str) -> WhereUsed {
    let solutions: Vec<&Solution> = solutions.iter().collect();
    where_used(&Network::new(&solutions, stated), what)
}

fn keys_of_type<'a>(answer: &'a Answer, kind: &str) -> BTreeSet<&'a str> {
    let nodes = answer.nodes.iter().filter(|node| node.facts.type_name == kind);
    nodes.map(|node| node.facts.key.as_str()).collect()
}

#[test]
fn secrets_of_the_scenarios_lead_to_the_credentials_and_to_all_that_waits_for_them() {
    let Some(scenarios) = support::shared("scenarios") else { return };
    let (mut secrets, mut waiting) = (0, 0);
    for folder in scenarios.read_dir_utf8().unwrap().map(|folder| folder.unwrap().into_path()) {
        if !folder.is_dir() {
            continue;
        }
        let solutions = read(&folder);
        let components = || solutions.iter().flat_map(|solution| &solution.components);
        for variable in components() {
            let Details::EnvironmentVariable(details) = &variable.details else { continue };
            let Some(SecretReference::KeyVault(reference)) = &details.secret else { continue };
            secrets += 1;
            let found = answers(&solutions, &[], &format!("secret:{}/{}", reference.vault, reference.secret));
            let [answer] = &found.answers[..] else { panic!("{folder}: {} answers", found.answers.len()) };
            assert!(keys_of_type(answer, "environmentvariabledefinition").contains(&*variable.key.key));
            // The columns of a credential name its variables, whatever its references say.
            let credentials = components().filter(|component| match &component.details {
                Details::Credential(credential) => {
                    credential.variables.iter().any(|(_, key)| *key == variable.key)
                }
                _ => false,
            });
            for credential in credentials {
                assert!(
                    keys_of_type(answer, "credential").contains(&*credential.key.key),
                    "{folder}: {} does not lead to {}",
                    variable.key,
                    credential.key
                );
            }
        }
        let expected = fs_err::read_to_string(folder.join("expected.json")).unwrap();
        let expected: Value = serde_json::from_str(&expected).unwrap();
        for constraint in expected["constraints"].as_array().unwrap() {
            if !constraint["evidence"].as_str().unwrap().contains("policy") {
                continue;
            }
            waiting += 1;
            let holder =
                solutions.iter().find(|one| constraint["before"] == one.manifest.unique_name.as_str());
            for credential in &holder.expect("the solution").components {
                if !matches!(credential.details, Details::Credential(_)) {
                    continue;
                }
                let found = answers(&solutions, &[], &format!("credential:{}", credential.key.key));
                let [answer] = &found.answers[..] else { panic!("{folder}: {}", credential.key) };
                let waits = |node: &solship::where_used::UsageNode| {
                    node.may
                        && node
                            .facts
                            .solutions
                            .iter()
                            .any(|held| constraint["after"] == held.unique_name.as_str())
                };
                assert!(answer.nodes.iter().any(waits), "{folder}: {constraint}");
            }
        }
    }
    if secrets == 0 || waiting == 0 {
        panic!("{secrets} secrets, {waiting} that wait");
    }
}

#[test]
fn nothing_secret_of_the_scenarios_is_shown() {
    let Some(scenarios) = support::shared("scenarios") else { return };
    for folder in scenarios.read_dir_utf8().unwrap().map(|folder| folder.unwrap().into_path()) {
        if !folder.is_dir() {
            continue;
        }
        let expected = fs_err::read_to_string(folder.join("expected.json")).unwrap();
        let expected: Value = serde_json::from_str(&expected).unwrap();
        let hidden: Vec<&str> =
            expected["must_not_appear"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let solutions = read(&folder);
        for component in solutions.iter().flat_map(|solution| &solution.components) {
            let found = answers(&solutions, &[], &component.key.key);
            assert!(!found.answers.is_empty(), "{folder}: {}", component.key);
            let text =
                text_where_used::where_used(&found, &TextOptions { all: true, ..TextOptions::default() });
            let json = serde_json::to_string(&found).unwrap();
            for hidden in hidden.iter().chain(&["/subscriptions/"]) {
                assert!(!text.contains(hidden) && !json.contains(hidden), "{folder}: {hidden}");
            }
        }
    }
}

fn key(kind: ComponentType, key: &str) -> ComponentKey {
    ComponentKey::new(kind, key)
}

fn robots() -> Vec<Solution> {
    vec![
        Made::new("Access", "1.0").credential(1, "Robot 1").done(),
        Made::new("Shared", "1.0").connection_reference("mak_desktop", "shared_uiflow").done(),
        Made::new("Robots", "1.0")
            .flow(
                2,
                &[(
                    Relation::FlowConnectionReference,
                    key(ComponentType::CONNECTION_REFERENCE, "mak_desktop"),
                )],
            )
            .robot_flow(3)
            .done(),
    ]
}

fn stated() -> Reference {
    Reference {
        from: key(ComponentType::CONNECTION_REFERENCE, "mak_desktop"),
        to: Some(key(ComponentType::CREDENTIAL, &guid(1))),
        relation: None,
        column: None,
        evidence: Evidence::Stated,
        place: Place { file: "solship.toml".into(), line: 12, column: 1, pointer: None },
    }
}

#[test]
fn what_is_stated_is_certain_and_the_rest_may() {
    let solutions = robots();
    let told = |stated: &[Reference]| {
        let found = answers(&solutions, stated, "Robot 1");
        (found.answers[0].totals, text_where_used::where_used(&found, &TextOptions::default()))
    };
    let (totals, text) = told(&[]);
    assert_eq!((totals.flows, totals.flows_that_may, totals.solutions), (0, 2, 3), "{text}");
    assert!(text.contains("2 flows in 3 solutions may stand on this credential\n"), "{text}");
    let (totals, text) = told(&[stated()]);
    assert_eq!((totals.flows, totals.flows_that_may, totals.solutions), (1, 1, 3), "{text}");
    insta::assert_snapshot!("stated", text);
}

#[test]
fn a_stated_credential_is_the_only_one() {
    let mut solutions = robots();
    solutions.push(Made::new("Other", "1.0").credential(9, "Robot 9").done());
    let stated = [stated()];
    let found = answers(&solutions, &stated, "Robot 9");
    let reached: BTreeSet<&str> = found.answers[0].nodes.iter().map(|node| node.facts.key.as_str()).collect();
    // Flow 3 says with which connection it signs in as little as before.
    assert_eq!(reached, BTreeSet::from([&*guid(9), &*guid(3)]));
}

#[test]
fn several_credentials_lead_on_through_one_node() {
    let variable = key(ComponentType::ENVIRONMENT_VARIABLE, "mak_Password");
    let mut made = Made::new("Access", "1.0").variable("mak_Password");
    for number in 1..=3 {
        let place = support::made::place("Access", number as u32);
        let uses = vec![solship::model::Use {
            relation: Relation::CredentialPassword,
            column: None,
            target: solship::model::Target::Component(variable.clone()),
            place,
        }];
        let details = Made::new("x", "1").credential(1, "x").done().components.remove(0).details;
        made = made.component(
            key(ComponentType::CREDENTIAL, &guid(number)),
            &format!("Robot {number}"),
            details,
            uses,
        );
    }
    let mut solutions = robots();
    solutions[0] = made.done();
    let found = answers(&solutions, &[], "mak_Password");
    let answer = &found.answers[0];
    let hubs: Vec<usize> =
        (0..answer.nodes.len()).filter(|&node| answer.nodes[node].facts.type_name == "policy").collect();
    let [hub] = hubs[..] else { panic!("one node") };
    assert_eq!(answer.steps.iter().filter(|step| step.by == hub).count(), 3);
    assert_eq!(answer.steps.iter().filter(|step| step.used == hub).count(), 2);
    assert_eq!(answer.totals.flows_that_may, 2);
}

#[test]
fn one_name_may_be_that_of_several_things() {
    let made = Made::new("Fab", "1.0").variable("mak_thing").connection_reference("mak_thing", "shared_sql");
    let solutions = [made.done()];
    let found = answers(&solutions, &[], "MAK_thing");
    assert_eq!(found.answers.len(), 2);
    let text = text_where_used::where_used(&found, &TextOptions::default());
    assert!(text.starts_with("2 have that name"), "{text}");
    assert_eq!(answers(&solutions, &[], "variable:mak_thing").answers.len(), 1);
    assert_eq!(answers(&solutions, &[], "connectionreference:mak_thing").answers.len(), 1);
}

#[test]
fn a_long_chain_and_a_circle_end() {
    const LENGTH: usize = 50_000;
    let mut made = Made::new("Chain", "1.0");
    for number in 0..LENGTH {
        made = made.flow(number, &[(Relation::FlowChildFlow, flow_key((number + 1) % LENGTH))]);
    }
    let found = answers(&[made.done()], &[], "Flow 0");
    assert_eq!(found.answers[0].nodes.len(), LENGTH);
    assert_eq!(found.answers[0].steps.len(), LENGTH);
    for all in [false, true] {
        let text = text_where_used::where_used(&found, &TextOptions { all, ..TextOptions::default() });
        assert!(text.len() < 200_000, "{}", text.len());
        assert!(text.contains("49,999 flows in 1 solution stand on this cloud flow"), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Who is found is exactly who reaches the one that was asked for, each once.
    #[test]
    fn everything_that_reaches_it_is_found(
        edges in prop::collection::vec((0usize..20, 0usize..20), 0..60),
        asked in 0usize..20,
    ) {
        let mut uses: BTreeMap<usize, Vec<(Relation, ComponentKey)>> = BTreeMap::new();
        for &(from, to) in &edges {
            uses.entry(from).or_default().push((Relation::FlowChildFlow, flow_key(to)));
        }
        // Spread over solutions, so that the same flow is held and referred to in different ones.
        let solutions: Vec<Solution> = (0..20)
            .map(|number| {
                let of_flow = uses.get(&number).map_or(&[][..], Vec::as_slice);
                Made::new(&format!("S{number}"), "1.0").flow(number, of_flow).done()
            })
            .collect();
        let mut expected = BTreeSet::from([asked]);
        while let Some(&(from, _)) = edges.iter().find(|(from, to)| expected.contains(to) && !expected.contains(from)) {
            expected.insert(from);
        }
        let found = answers(&solutions, &[], &guid(asked));
        let answer = &found.answers[0];
        let keys: Vec<&str> = answer.nodes.iter().map(|node| node.facts.key.as_str()).collect();
        let once: BTreeSet<&str> = keys.iter().copied().collect();
        prop_assert_eq!(once.len(), keys.len());
        let expected_keys: BTreeSet<String> = expected.iter().map(|&number| guid(number)).collect();
        prop_assert_eq!(once, expected_keys.iter().map(String::as_str).collect::<BTreeSet<_>>());
        prop_assert_eq!(answer.totals.flows, expected.len() - 1);
        prop_assert_eq!(answer.totals.solutions, expected.len());
        // Each pair of a flow and a flow that it calls, not itself, is one step.
        let pairs: BTreeSet<(usize, usize)> =
            edges.iter().copied().filter(|(from, to)| from != to && expected.contains(to)).collect();
        prop_assert_eq!(answer.steps.len(), pairs.len());
        prop_assert!(answer.nodes.iter().all(|node| !node.may));
    }
}
