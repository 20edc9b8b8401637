//! What the readers say about the release scenarios: secrets and their faults, credentials in both containers.

mod support;

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use solship::model::{
    Component, Credential, CredentialKind, Details, EnvironmentVariable, KeyVaultFault, Relation,
    SecretReference, Solution, Target, UserNameForm, VariableType,
};
use solship::package::{OpenOptions, Package};

/// The solutions of a scenario by unique name.
fn scenario(name: &str) -> Option<BTreeMap<String, Solution>> {
    let folder: Utf8PathBuf = support::shared("scenarios")?.join(name);
    let mut solutions = BTreeMap::new();
    for file in folder.read_dir_utf8().unwrap() {
        let path = file.unwrap().into_path();
        if path.extension() == Some("zip") {
            let package = Package::open(&path, &OpenOptions::default()).unwrap();
            let solution = Solution::read(&package).unwrap();
            assert_eq!(solution.findings, [], "{path}");
            solutions.insert(solution.manifest.unique_name.clone(), solution);
        }
    }
    Some(solutions)
}

fn variables(solution: &Solution) -> BTreeMap<&str, &EnvironmentVariable> {
    let all = solution.components.iter();
    all.filter_map(|component| match &component.details {
        Details::EnvironmentVariable(variable) => Some((&*component.key.key, variable)),
        _ => None,
    })
    .collect()
}

fn credentials(solution: &Solution) -> Vec<(&Component, &Credential)> {
    let all = solution.components.iter();
    all.filter_map(|component| match &component.details {
        Details::Credential(credential) => Some((component, credential)),
        _ => None,
    })
    .collect()
}

#[test]
fn every_fault_of_a_key_vault_reference_is_told_apart() {
    let Some(solutions) = scenario("09-invalid-vault-reference") else { return };
    let variables = variables(&solutions["RavenSecrets"]);
    assert!(variables.values().all(|variable| variable.kind == VariableType::Secret));
    let invalid = |fault| Some(SecretReference::Invalid(fault));
    for (name, expected) in [
        ("adac_WithVersion", invalid(KeyVaultFault::Version)),
        ("adac_AsUrl", invalid(KeyVaultFault::WebAddress)),
        ("adac_NoSecret", invalid(KeyVaultFault::NoSecret)),
        ("adac_WrongProvider", invalid(KeyVaultFault::Provider)),
        ("adac_BadVaultName", invalid(KeyVaultFault::VaultName)),
        ("adac_Empty", invalid(KeyVaultFault::Empty)),
        ("adac_NoValueAtAll", None),
    ] {
        assert_eq!(variables[name].secret, expected, "{name}");
    }
    let Some(SecretReference::KeyVault(good)) = &variables["adac_Good"].secret else { panic!("a reference") };
    assert_eq!((&*good.vault, &*good.secret), ("kv-raven", "onboarding-robot"));
    assert_eq!(
        (&*good.subscription, &*good.resource_group),
        ("92a9a808-86ce-43e3-ab5b-c907873b5c53", "rg-raven")
    );
    assert_eq!(variables["adac_Empty"].default, None);
}

#[test]
fn a_credential_reads_the_same_in_both_containers() {
    let Some(solutions) = scenario("03-credential-apart-from-variables") else { return };
    let found = credentials(&solutions["CobaltIdentity"]);
    assert_eq!(found.len(), 2);
    let files: Vec<_> =
        found.iter().map(|(component, _)| component.place.file.rsplit('/').next().unwrap()).collect();
    assert!(files[0].ends_with("customizations.xml") && files[1] == "credential.xml", "{files:?}");
    for (component, credential) in found {
        assert_eq!(credential.kind, CredentialKind::UserNamePassword);
        let uses: Vec<_> = component
            .uses
            .iter()
            .map(|used| match &used.target {
                Target::Component(key) => (used.relation, &*key.key),
                Target::Expression(_) => panic!("no expressions here"),
            })
            .collect();
        assert_eq!(
            uses,
            [
                (Relation::CredentialPassword, "nora_RobotPassword"),
                (Relation::CredentialUserName, "nora_RobotUser")
            ]
        );
    }
}

#[test]
fn cyberark_credentials_say_which_columns_are_filled() {
    let Some(solutions) = scenario("11-cyberark") else { return };
    let found = credentials(&solutions["PioneerIdentity"]);
    let [(_, whole), (_, incomplete)] = &found[..] else { panic!("two credentials") };
    let filled = |credential: &Credential| {
        ["cyberarksafe", "cyberarkobject", "cyberarkusername"]
            .map(|column| credential.variable(column).is_some())
    };
    assert_eq!((whole.kind, filled(whole)), (CredentialKind::CyberArk, [true, true, true]));
    assert!(whole.columns.iter().any(|column| column == "cyberarkapplicationid"));
    assert_eq!((incomplete.kind, filled(incomplete)), (CredentialKind::CyberArk, [true, false, true]));
    assert!(!incomplete.columns.iter().any(|column| column == "cyberarkapplicationid"));
}

#[test]
fn values_are_never_printed() {
    let Some(solutions) = scenario("10-plain-password-variable") else { return };
    let solution = &solutions["OrchidAccess"];
    let variables = variables(solution);
    assert_eq!(variables["litd_RobotPassword"].kind, VariableType::Text);
    assert!(variables["litd_RobotPassword"].default.is_some());
    for text in [format!("{solution:?}"), serde_json::to_string(&solution.components).unwrap()] {
        assert!(!text.contains("not-a-real-one-9010"));
    }
    let form = |name| variables[name].user_name_form;
    assert_eq!((form("litd_RobotUser"), form("litd_RobotPassword")), (Some(UserNameForm::Principal), None));
}
