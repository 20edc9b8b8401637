//! What `check` says about the release scenarios: the findings that they expect, no other error, and no text that must not
//! appear.

mod support;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;
use solship::check::{Check, Settings, all, one};
use solship::model::{Finding, Severity, codes};
use solship::package::{OpenOptions, Package};
use support::scenario::{list, text, zips};

#[test]
fn every_scenario_is_checked_as_it_says() {
    let Some(scenarios) = support::shared("scenarios") else { return };
    let mut wrong = Vec::new();
    let mut count = 0;
    for folder in scenarios.read_dir_utf8().expect("the folder of scenarios") {
        let folder = folder.expect("a scenario").into_path();
        if folder.is_dir() {
            wrong.extend(compare(&folder).into_iter().map(|words| format!("{folder}: {words}")));
            count += 1;
        }
    }
    assert!(count >= 13, "{count} scenarios");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is not as `expected.json` says.
fn compare(folder: &Utf8Path) -> Vec<String> {
    let text = fs_err::read_to_string(folder.join("expected.json")).expect("expected.json");
    let expected: Value = serde_json::from_str(&text).expect("expected.json is JSON");
    let paths = zips(folder);
    let (here, target) = (checked(&paths, &Settings::default()), checked(&paths, &with_known_target()));
    let mut wrong = Vec::new();

    let reversed: Vec<Utf8PathBuf> = paths.iter().rev().cloned().collect();
    let json = |check: &Check| serde_json::to_string(check).expect("JSON");
    let output = json(&here);
    if output != json(&checked(&reversed, &Settings::default())) {
        wrong.push("the order of the arguments matters".to_owned());
    }
    for text in list(&expected, "must_not_appear").iter().filter_map(Value::as_str) {
        if output.contains(text) {
            wrong.push(format!("it shows {text}"));
        }
    }

    let findings = list(&expected, "findings");
    for wanted in findings {
        if !here.findings.iter().any(|finding| is_wanted(finding, wanted)) {
            wrong.push(format!("nothing says {wanted}"));
        }
    }
    let cycles = list(&expected, "cycles");
    for cycle in cycles {
        if !here.findings.iter().any(|finding| is_cycle(finding, cycle)) {
            wrong.push(format!("no cycle {cycle}"));
        }
    }
    let missing = list(&expected, "missing");
    for need in missing {
        // What the target has is not known, so a solution that is declared as needed may be there: only a note.
        let in_the_dark = if need["solution"].is_string() { Severity::Note } else { Severity::Error };
        for (check, severity) in [(&here, in_the_dark), (&target, Severity::Error)] {
            let is_told = |finding: &Finding| finding.severity == severity && is_need(finding, need);
            if !check.findings.iter().any(is_told) {
                wrong.push(format!("no {} about {need}", severity.word()));
            }
        }
    }
    for finding in here.findings.iter().filter(|finding| finding.severity == Severity::Error) {
        let is_expected = findings.iter().any(|wanted| is_wanted(finding, wanted))
            || cycles.iter().any(|cycle| is_cycle(finding, cycle))
            || missing.iter().any(|need| is_need(finding, need));
        if !is_expected {
            wrong.push(format!("false alarm {} {}: {}", finding.code.id, finding.solution, finding.message));
        }
    }
    wrong
}

/// Somebody said what the target has; nothing of it is in the scenarios.
fn with_known_target() -> Settings {
    let mut settings = Settings::default();
    settings.plan.provided.push("FabUnrelated@1.0".parse().expect("a solution"));
    settings
}

fn checked(paths: &[Utf8PathBuf], settings: &Settings) -> Check {
    let checked = paths.iter().map(|path| {
        let package = Package::open(path, &OpenOptions::default()).expect("a scenario opens");
        one(&package, settings).expect("a scenario is a solution")
    });
    all(checked.collect(), settings, None)
}

/// Whatever the code, the finding is of the level, about the solution and names the subject.
fn is_wanted(finding: &Finding, wanted: &Value) -> bool {
    let subject = text(wanted, "subject");
    finding.severity.word() == text(wanted, "severity")
        && finding.solution == text(wanted, "solution")
        && (finding.message.contains(subject) || finding.solution == subject)
}

fn is_cycle(finding: &Finding, cycle: &Value) -> bool {
    let mut members = cycle.as_array().expect("members").iter().filter_map(Value::as_str);
    finding.code == codes::DEPENDENCY_CYCLE
        && finding.severity == Severity::Error
        && members.all(|member| finding.message.contains(member))
}

fn is_need(finding: &Finding, need: &Value) -> bool {
    match need["solution"].as_str() {
        Some(solution) => finding.code == codes::MISSING_PROVIDER && finding.message.contains(solution),
        None => {
            let key = text(&need["component"], "key");
            let needs = list(need, "needed_by").iter().filter_map(Value::as_str);
            needs.into_iter().any(|name| name == finding.solution) && finding.message.contains(key)
        }
    }
}
