//! The release scenarios with known answers: constraints and their evidence, cycles, chosen packages, missing needs,
//! findings about the set, and texts that no output may show.

mod support;

use std::collections::BTreeSet;
use std::process::Command;

use camino::Utf8Path;
use serde_json::Value;
use solship::graph::Evidence;
use solship::model::{Severity, Solution, Version};
use solship::package::{OpenOptions, Package};
use solship::plan::{Options, Plan, plan};
use support::scenario::{list, text, zips};

/// Kinds of findings that `plan` reports; the others are about one solution and come with `check`.
const ABOUT_THE_SET: &[&str] =
    &["same-solution-twice", "dangling-reference", "undeclared-reference", "credential-use-unknown"];

#[test]
fn every_scenario_is_planned_as_it_says() {
    let Some(scenarios) = support::shared("scenarios") else { return };
    let mut count = 0;
    for folder in scenarios.read_dir_utf8().expect("the folder of scenarios") {
        let folder = folder.expect("a scenario").into_path();
        if folder.is_dir() {
            check(&folder);
            count += 1;
        }
    }
    assert!(count >= 13, "{count} scenarios");
}

fn check(folder: &Utf8Path) {
    let text = fs_err::read_to_string(folder.join("expected.json")).expect("expected.json");
    let expected: Value = serde_json::from_str(&text).expect("expected.json is JSON");
    let mut solutions: Vec<Solution> = zips(folder)
        .iter()
        .map(|path| {
            let package = Package::open(path, &OpenOptions::default()).expect("a scenario opens");
            Solution::read(&package).expect("a scenario is a solution")
        })
        .collect();
    check_identities(folder, &expected, &solutions);
    let planned = plan(&solutions, &Options::default());
    solutions.reverse();
    let reversed = plan(&solutions, &Options::default());
    assert_eq!(
        serde_json::to_string(&planned).expect("JSON"),
        serde_json::to_string(&reversed).expect("JSON"),
        "{folder}: the order of the arguments matters"
    );
    check_order(folder, &expected, &planned);
    check_missing(folder, &expected, &planned);
    check_findings(folder, &expected, &planned);
    check_outputs(folder, &expected);
}

fn check_identities(folder: &Utf8Path, expected: &Value, solutions: &[Solution]) {
    for package in list(expected, "packages") {
        let found = solutions.iter().any(|solution| {
            solution.source.ends_with(text(package, "file"))
                && solution.manifest.unique_name == text(package, "unique_name")
                && solution.manifest.version == Version::new(text(package, "version"))
                && solution.manifest.managed == package["managed"].as_bool().expect("managed")
                && solution.manifest.publisher.unique_name == text(package, "publisher")
        });
        assert!(found, "{folder}: {package}");
    }
}

fn check_order(folder: &Utf8Path, expected: &Value, planned: &Plan) {
    let names: Vec<&str> = planned.steps.iter().map(|step| step.solution.unique_name.as_str()).collect();
    let at = |name: &str| {
        names.iter().position(|found| *found == name).unwrap_or_else(|| panic!("{folder}: no {name}"))
    };

    let cycles: BTreeSet<BTreeSet<&str>> = list(expected, "cycles")
        .iter()
        .map(|cycle| cycle.as_array().expect("members").iter().filter_map(Value::as_str).collect())
        .collect();
    let found: BTreeSet<BTreeSet<&str>> =
        planned.cycles.iter().map(|cycle| cycle.members.iter().map(String::as_str).collect()).collect();
    assert_eq!(found, cycles, "{folder}: cycles");

    let mut wanted = BTreeSet::new();
    for constraint in list(expected, "constraints") {
        let (before, after) = (text(constraint, "before"), text(constraint, "after"));
        wanted.insert((before, after));
        let in_cycle = cycles.iter().any(|cycle| cycle.contains(before) && cycle.contains(after));
        assert!(in_cycle || at(before) < at(after), "{folder}: {constraint}");
        let evidence = evidence(planned, before, after);
        for kind in text(constraint, "evidence").split('+') {
            assert!(evidence.contains(kind), "{folder}: {constraint}: only {evidence:?}");
        }
    }
    for step in &planned.steps {
        for before in befores(planned, &step.solution.unique_name) {
            let pair = (before.as_str(), step.solution.unique_name.as_str());
            assert!(wanted.contains(&pair), "{folder}: {pair:?} is no constraint");
        }
    }
    let first = names.first().copied().unwrap_or_default();
    let legal_first: Vec<&str> = list(expected, "legal_first").iter().filter_map(Value::as_str).collect();
    assert!(legal_first.is_empty() || legal_first.contains(&first), "{folder}: {first} first");
    if let Some(order) = expected["a_legal_order"].as_array() {
        assert_eq!(order.len(), names.len(), "{folder}: every solution once");
    }
    for (name, version) in expected["chosen"].as_object().into_iter().flatten() {
        let step = &planned.steps[at(name)];
        assert_eq!(
            step.solution.version,
            Version::new(version.as_str().expect("a version")),
            "{folder}: {name}"
        );
    }
}

/// The solutions that must come before one, whatever the reason.
fn befores(planned: &Plan, name: &str) -> BTreeSet<String> {
    let step = planned.steps.iter().find(|step| step.solution.unique_name == name).expect("a step");
    let shown = step.after.iter().map(|before| before.solution.clone());
    let policy = step.policy.iter().flat_map(|reason| planned.policies[reason.policy].before.clone());
    shown.chain(policy).collect()
}

fn evidence(planned: &Plan, before: &str, after: &str) -> BTreeSet<&'static str> {
    let step = planned.steps.iter().find(|step| step.solution.unique_name == after).expect("a step");
    let reasons = step.after.iter().filter(|predecessor| predecessor.solution == before);
    let mut kinds: BTreeSet<&'static str> = reasons
        .flat_map(|predecessor| &predecessor.reasons)
        .flat_map(|reason| &reason.evidence)
        .map(|evidence| match evidence {
            Evidence::Observed => "observed",
            Evidence::Declared => "declared",
            Evidence::Parent => "parent",
            Evidence::Policy => "policy",
            Evidence::Stated => "stated",
        })
        .collect();
    let held_back = |reason: &solship::plan::PolicyReason| {
        planned.policies[reason.policy].before.iter().any(|name| name == before)
    };
    if step.policy.as_ref().is_some_and(held_back) {
        kinds.insert("policy");
    }
    kinds
}

fn check_missing(folder: &Utf8Path, expected: &Value, planned: &Plan) {
    let missing = list(expected, "missing");
    assert_eq!(planned.unresolved.len(), missing.len(), "{folder}: {:?}", planned.unresolved);
    for wanted in missing {
        let needed_by: BTreeSet<&str> = list(wanted, "needed_by").iter().filter_map(Value::as_str).collect();
        let found = planned.unresolved.iter().find(|need| match wanted["solution"].as_str() {
            Some(solution) => need.provider.as_deref() == Some(solution),
            None => {
                need.provider.is_none()
                    && need.components.iter().any(|part| {
                        part.component.kind.as_str() == text(&wanted["component"], "type")
                            && part.component.folded() == text(&wanted["component"], "key").to_lowercase()
                            && Some(part.declared) == wanted["declared"].as_bool()
                    })
            }
        });
        let need = found.unwrap_or_else(|| panic!("{folder}: {wanted}"));
        assert_eq!(need.needed_by.iter().map(String::as_str).collect::<BTreeSet<_>>(), needed_by, "{folder}");
        if let Some(version) = wanted["lowest_version"].as_str() {
            assert_eq!(need.lowest_version, Some(Version::new(version)), "{folder}");
        }
    }
}

fn check_findings(folder: &Utf8Path, expected: &Value, planned: &Plan) {
    let severity = |finding: &Value| match text(finding, "severity") {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Note,
    };
    let findings = list(expected, "findings");
    for wanted in findings.iter().filter(|finding| ABOUT_THE_SET.contains(&text(finding, "kind"))) {
        let subject = text(wanted, "subject");
        let found = planned.findings.iter().any(|finding| {
            finding.code.name == text(wanted, "kind")
                && finding.severity == severity(wanted)
                && finding.solution == text(wanted, "solution")
                && (finding.message.contains(subject) || finding.solution == subject)
        });
        assert!(found, "{folder}: {wanted} not in {:#?}", planned.findings);
    }
    for finding in planned.findings.iter().filter(|finding| finding.severity == Severity::Error) {
        let about_missing = matches!(finding.code.id, "ORD003" | "ORD004" | "DEP007");
        let listed = findings.iter().any(|wanted| finding.code.name == text(wanted, "kind"));
        assert!(about_missing || listed, "{folder}: false alarm {finding:?}");
    }
}

fn check_outputs(folder: &Utf8Path, expected: &Value) {
    let forbidden: Vec<&str> = list(expected, "must_not_appear").iter().filter_map(Value::as_str).collect();
    for command in ["plan", "inspect"] {
        for format in ["text", "json"] {
            let output = Command::new(env!("CARGO_BIN_EXE_solship"))
                .args([command, folder.as_str(), "--format", format])
                .output()
                .expect("the binary runs");
            let shown = [output.stdout, output.stderr].concat();
            let shown = String::from_utf8(shown).expect("output is UTF-8");
            assert!(output.status.code().is_some_and(|code| code < 2), "{folder}: {command}: {shown}");
            for text in &forbidden {
                assert!(!shown.contains(text), "{folder}: {command} --format {format} shows {text}");
            }
        }
    }
}
