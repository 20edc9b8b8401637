//! `solship secrets`: what sets made by hand and the scenarios need, whole outputs.

mod support;

use std::collections::BTreeSet;
use std::process::{Command, Output};

use camino::Utf8Path;
use serde_json::Value;
use solship::model::{CredentialKind, KeyVaultFault, Severity, Solution, UserNameForm, VariableType, codes};
use solship::report::{TextOptions, text_secrets};
use solship::secrets::{Prerequisite, Secrets, Source, VariableState, secrets};
use support::made::{Made, guid};
use support::secrets::{SUBSCRIPTION, credential, reference, rotation, secret, value, variable};

/// Code and severity of each finding, and what it is about.
fn found(secrets: &Secrets) -> Vec<(&'static str, Severity, String)> {
    let findings = secrets.findings.iter();
    findings
        .map(|finding| {
            let about = finding.component.as_ref().map(|key| key.key.to_string()).unwrap_or_default();
            (finding.code.id, finding.severity, about)
        })
        .collect()
}

#[test]
fn one_secret_of_several_variables_and_solutions_is_listed_once() {
    let access = secret(Made::new("Access", "1.0"), "mak_A", Some(&reference("rg", "mak-kv", "robot")));
    let access = credential(
        access,
        1,
        CredentialKind::UserNamePassword,
        &[("username", "mak_User"), ("password", "mak_A")],
    );
    let access = variable(access, "mak_User", VariableType::Text, Some("robot7"));
    let other = secret(Made::new("Other", "1.0"), "mak_B", Some(&reference("RG", "MAK-KV", "Robot")));
    let other = secret(other, "mak_C", Some(&reference("rg", "mak-kv", "else")));
    let mut set = [access.done(), other.done()];
    let told = secrets(&set);
    let [vault] = &told.vaults[..] else { panic!("one vault: {:?}", told.vaults) };
    assert_eq!((&*vault.name, &*vault.subscription, &*vault.resource_group), ("mak-kv", SUBSCRIPTION, "rg"));
    let names: Vec<_> = vault.secrets.iter().map(|secret| &*secret.name).collect();
    assert_eq!(names, ["else", "robot"]);
    let through: Vec<_> =
        vault.secrets[1].variables.iter().map(|used| (&*used.variable.key, &*used.solution)).collect();
    assert_eq!(through, [("mak_A", "Access"), ("mak_B", "Other")]);
    let used: Vec<_> = vault.secrets[1].variables[0]
        .used_by
        .iter()
        .map(|used| (&*used.name, used.column.as_deref()))
        .collect();
    assert_eq!(used, [("Robot 1", Some("password"))]);
    assert!(vault.secrets[1].variables[1].used_by.is_empty());
    assert!(told.findings.is_empty() && told.unfilled.is_empty(), "{:?}", told.findings);
    let json = serde_json::to_string(&told).unwrap();
    set.reverse();
    assert_eq!(json, serde_json::to_string(&secrets(&set)).unwrap(), "the order of the solutions matters");
}

#[test]
fn the_form_of_a_user_name_is_told_across_solutions_and_the_name_is_not() {
    for (name, form) in [
        ("robot7", UserNameForm::Local),
        (r"FABRIKAM\robot7", UserNameForm::Domain),
        ("robot7@fabrikam.example", UserNameForm::Principal),
    ] {
        let variables =
            variable(Made::new("Variables", "1.0"), "mak_User", VariableType::Text, Some(name)).done();
        let access = credential(
            Made::new("Access", "1.0"),
            1,
            CredentialKind::UserNamePassword,
            &[("password", "mak_Password"), ("username", "mak_User")],
        );
        let told = secrets(&[access.done(), variables]);
        // Whoever signs in stands first.
        let column = &told.credentials[0].columns[0];
        assert_eq!((&*column.variable.key, column.user_name_form), ("mak_User", Some(form)));
        let text = text_secrets::secrets(&told, &TextOptions::default());
        assert!(
            !text.contains("robot7") && !serde_json::to_string(&told).unwrap().contains("robot7"),
            "{text}"
        );
    }
}

#[test]
fn what_is_not_filled_is_told_with_its_reason() {
    let made = secret(Made::new("Access", "1.0"), "mak_Empty", None);
    let made = secret(made, "mak_Wrong", Some("https://mak-kv.vault.azure.net/secrets/hush-hush"));
    let made = variable(made, "mak_User", VariableType::Text, None);
    let made = variable(made, "mak_Unrelated", VariableType::Text, None);
    let made = credential(
        made,
        1,
        CredentialKind::UserNamePassword,
        &[("username", "mak_User"), ("password", "mak_Absent"), ("groupmapping", "mak_Perhaps")],
    );
    let told = secrets(&[made.done()]);
    let unfilled: Vec<_> =
        told.unfilled.iter().map(|one| (&*one.variable.key, one.state, one.used_by.len())).collect();
    let wrong = VariableState::Invalid(KeyVaultFault::WebAddress);
    assert_eq!(
        unfilled,
        [
            ("mak_Absent", VariableState::Absent, 1),
            ("mak_Empty", VariableState::Empty, 0),
            ("mak_User", VariableState::Empty, 1),
            ("mak_Wrong", wrong, 0),
        ]
    );
    assert_eq!(
        found(&told),
        [
            ("SEC002", Severity::Error, "mak_Wrong".to_owned()),
            ("SEC008", Severity::Error, "mak_Absent".to_owned()),
            ("SEC003", Severity::Note, "mak_Empty".to_owned()),
            ("SEC003", Severity::Note, "mak_User".to_owned()),
        ]
    );
    assert!(
        matches!(told.prerequisites[0], Prerequisite::VaultsNotNamedYet { .. }),
        "{:?}",
        told.prerequisites
    );
    let text = text_secrets::secrets(&told, &TextOptions::default());
    assert!(!text.contains("hush-hush") && !text.contains("vault.azure.net"), "{text}");
    assert!(!serde_json::to_string(&told).unwrap().contains("hush-hush"));
}

#[test]
fn a_value_apart_fills_its_variable_and_wins_over_the_default() {
    let with_default = || secret(Made::new("Access", "1.0"), "mak_A", Some("nonsense")).done();
    let values = value(Made::new("Values", "1.0"), "MAK_A", &reference("rg", "mak-kv", "robot"));
    let values = value(values, "mak_Text", "just a text");
    let told = secrets(&[with_default(), values.done()]);
    assert!(told.unfilled.is_empty(), "{:?}", told.unfilled);
    let variable = &told.vaults[0].secrets[0].variables[0];
    assert_eq!((&*variable.solution, variable.source), ("Values", Source::Value));

    let wrong = value(Made::new("Values", "1.0"), "mak_A", "nonsense too").done();
    let told = secrets(&[with_default(), wrong]);
    assert_eq!(told.unfilled[0].state, VariableState::Invalid(KeyVaultFault::NotAResourceId));
    assert_eq!(told.unfilled[0].solution, "Values");
}

#[test]
fn of_two_packages_of_a_solution_one_counts() {
    let old = secret(Made::new("Access", "1.0"), "mak_A", Some(&reference("rg", "old-kv", "robot"))).done();
    let new = secret(Made::new("Access", "1.1"), "mak_A", Some(&reference("rg", "new-kv", "robot"))).done();
    let told = secrets(&[old, new]);
    let names: Vec<_> = told.vaults.iter().map(|vault| &*vault.name).collect();
    assert_eq!(names, ["new-kv"]);
    assert_eq!(told.findings[0].code, codes::SAME_SOLUTION_TWICE);
}

#[test]
fn a_vault_in_two_groups_is_a_warning() {
    let made = secret(Made::new("Access", "1.0"), "mak_A", Some(&reference("rg-one", "mak-kv", "a")));
    let made = secret(made, "mak_B", Some(&reference("rg-two", "mak-kv", "b")));
    let told = secrets(&[made.done()]);
    assert_eq!(told.vaults.len(), 2);
    assert_eq!(found(&told), [("SEC010", Severity::Warning, "mak_B".to_owned())]);
}

#[test]
fn a_rotation_flow_asks_for_the_subscription_of_its_vault_only() {
    let made = secret(Made::new("Access", "1.0"), "mak_A", Some(&reference("rg", "one-kv", "a")));
    let made = secret(made, "mak_B", Some(&reference("rg", "two-kv", "b"))).done();
    let flows_of = |solutions: &[Solution]| -> Vec<Vec<String>> {
        let vaults = secrets(solutions).vaults;
        let flows = vaults.iter().map(|vault| {
            let flows = vault.prerequisites.iter().find_map(|point| match point {
                Prerequisite::EventSubscription { flows } => Some(flows.clone()),
                _ => None,
            });
            flows.unwrap_or_default()
        });
        flows.collect()
    };
    let named = rotation(Made::new("Flows", "1.0"), 5, Some("TWO-kv")).done();
    let set = [made, named];
    assert_eq!(flows_of(&set), [vec![], vec!["Tell 5".to_owned()]]);
    assert_eq!(found(&secrets(&set)), [("SEC009", Severity::Note, guid(5))]);
    let [made, _] = set;
    let unknown = rotation(Made::new("Flows", "1.0"), 5, None).done();
    assert_eq!(flows_of(&[made, unknown]), [["Tell 5".to_owned()], ["Tell 5".to_owned()]]);
}

#[test]
fn kinds_of_credentials_bring_their_own_points() {
    use Prerequisite::{Certificate, CyberArk, MachineMapping, NotInGovernmentCloud};
    let points = |kind| secrets(&[credential(Made::new("Access", "1.0"), 1, kind, &[]).done()]).prerequisites;
    assert_eq!(points(CredentialKind::UserNamePassword), [NotInGovernmentCloud]);
    assert_eq!(points(CredentialKind::CyberArk), [NotInGovernmentCloud, CyberArk]);
    assert_eq!(points(CredentialKind::Certificate), [NotInGovernmentCloud, Certificate]);
    assert_eq!(points(CredentialKind::MachineMapping), [NotInGovernmentCloud, MachineMapping]);
    assert!(secrets(&[Made::new("Flows", "1.0").flow(1, &[]).done()]).is_empty());
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_solship"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn this_is_what_the_release_needs() {
    for format in ["text", "markdown", "az", "json"] {
        let output = run(&["secrets", "fixtures/release", "--format", format]);
        assert_eq!(output.status.code(), Some(0));
        let mut told = stdout(&output);
        if format == "az" {
            // The functions are in a file of their own.
            let at = told.find("\ncheck_cloud\n").expect("the calls");
            told.drain(..at);
        }
        insta::assert_snapshot!(format!("release_{format}"), told);
    }
    insta::assert_snapshot!("help", stdout(&run(&["secrets", "-h"])));
}

#[test]
fn nothing_to_need_is_one_line() {
    let output = run(&["secrets", "fixtures/cycle"]);
    assert_eq!(stdout(&output), "nothing to prepare: no secret and no credential in 2 solutions\n");
    assert_eq!(output.status.code(), Some(0));
}

/// Kinds of findings of the scenarios that are about secrets; their names are those of our codes.
const ABOUT_SECRETS: &[&str] = &[
    "invalid-key-vault-reference",
    "secret-without-value",
    "password-not-secret",
    "username-is-secret",
    "credential-incomplete",
];

#[test]
fn every_scenario_is_told_as_it_says() {
    let Some(scenarios) = support::shared("scenarios") else { return };
    let mut seen = BTreeSet::new();
    for folder in scenarios.read_dir_utf8().expect("the folder of scenarios") {
        let folder = folder.expect("a scenario").into_path();
        if folder.is_dir() {
            check_scenario(&folder, &mut seen);
        }
    }
    assert_eq!(seen.len(), ABOUT_SECRETS.len(), "{seen:?}");
}

fn check_scenario(folder: &Utf8Path, seen: &mut BTreeSet<String>) {
    let text = fs_err::read_to_string(folder.join("expected.json")).expect("expected.json");
    let expected: Value = serde_json::from_str(&text).expect("expected.json is JSON");
    let list = |member: &str| expected[member].as_array().cloned().unwrap_or_default();
    let told = stdout(&run(&["secrets", folder.as_str(), "--format", "json", "--exit-zero"]));
    let told: Value = serde_json::from_str(&told).expect("JSON");
    let names: Vec<(&str, &str)> = told["credentials"]
        .as_array()
        .expect("credentials")
        .iter()
        .map(|credential| (credential["key"].as_str().unwrap(), credential["name"].as_str().unwrap()))
        .collect();
    let subject = |finding: &Value| {
        let key = finding["component"]["key"].as_str().unwrap_or_default().to_owned();
        names.iter().find(|(id, _)| *id == key).map_or(key, |(_, name)| (*name).to_owned())
    };
    let ours: BTreeSet<[String; 4]> = told["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| {
            finding["severity"] == "error" || ABOUT_SECRETS.iter().any(|kind| finding["name"] == *kind)
        })
        .map(|finding| {
            let text = |member: &str| finding[member].as_str().expect("a text").to_owned();
            [text("name"), text("severity"), text("solution"), subject(finding)]
        })
        .collect();
    let theirs: BTreeSet<[String; 4]> = list("findings")
        .iter()
        .filter(|finding| ABOUT_SECRETS.iter().any(|kind| finding["kind"] == *kind))
        .map(|finding| {
            ["kind", "severity", "solution", "subject"]
                .map(|member| finding[member].as_str().unwrap().to_owned())
        })
        .collect();
    assert_eq!(ours, theirs, "{folder}");
    seen.extend(theirs.into_iter().map(|[kind, ..]| kind));
    for format in ["text", "json", "markdown", "az"] {
        let output = run(&["secrets", folder.as_str(), "--format", format, "--all"]);
        for hidden in list("must_not_appear") {
            let hidden = hidden.as_str().expect("a text");
            assert!(!stdout(&output).contains(hidden), "{folder}: {format} shows {hidden}");
        }
    }
}

#[test]
fn real_archives_are_told_without_any_value() {
    let Some(corpus) = support::shared("corpus/zips") else { return };
    let output =
        run(&["secrets", corpus.as_str(), "--recursive", "--skip-unreadable", "--all", "--exit-zero"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    // Both secret variables of the archives come without a value.
    let told = stdout(&output);
    assert!(
        told.contains("secret-without-value") && !told.contains("/providers/Microsoft.KeyVault"),
        "{told}"
    );
}
