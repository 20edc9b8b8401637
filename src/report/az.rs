//! `--format az`: a POSIX shell script of read-only `az` commands that checks what the secrets of a set need.
//!
//! What the script does is in `az_checks.sh`; here it is called, once a point. Only names in Azure's own grammar become words
//! of a command, in single quotes; others are left out with a comment that does not show them.

use super::secret_phrases as phrases;
use crate::model::{is_secret_name, is_vault};
use crate::secrets::{Prerequisite, Secrets, Unfilled, VariableState, Vault};

/// The functions that the calls are of.
const CHECKS: &str = include_str!("az_checks.sh");

/// Writes the script.
pub fn secrets(secrets: &Secrets) -> String {
    // A checkout on Windows may have other line ends, which a shell does not take.
    let mut script = CHECKS.replace("\r\n", "\n");
    script.push('\n');
    if secrets.vaults.is_empty() {
        script.push_str(&format!("# {}\n", phrases::summary(secrets)));
    }
    secrets.unfilled.iter().for_each(|unfilled| not_filled(&mut script, unfilled));
    if secrets.prerequisites.contains(&Prerequisite::NotInGovernmentCloud) {
        script.push_str("check_cloud\n");
    }
    let mut registered: Vec<(String, &str)> = Vec::new();
    for vault in &secrets.vaults {
        script.push('\n');
        if !is_vault(&vault.subscription, &vault.resource_group, &vault.name) {
            script.push_str(
                "# left out: a vault whose name, group or subscription is not in Azure's grammar\n",
            );
            script.push_str("say_unknown 'a vault that was left out, its name is not allowed'\n");
            continue;
        }
        // One subscription is asked once.
        for provider in providers(vault) {
            let asked = (vault.subscription.to_lowercase(), provider);
            if !registered.contains(&asked) {
                script.push_str(&format!("check_provider '{}' '{provider}'\n", vault.subscription));
                registered.push(asked);
            }
        }
        script.push_str(&format!(
            "check_vault '{}' '{}' '{}'\n",
            vault.subscription, vault.resource_group, vault.name
        ));
        for point in &vault.prerequisites {
            check(&mut script, point);
        }
    }
    script.push_str("\nfinish\n");
    script
}

/// A variable that names no secret is nothing that the script can check, and must not pass for one that is well.
fn not_filled(script: &mut String, unfilled: &Unfilled) {
    let name = &*unfilled.variable.key;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let what = if is_plain && !name.is_empty() {
        format!("variable {name} names a secret")
    } else {
        "a variable whose name is not allowed here names a secret".to_owned()
    };
    let call = match unfilled.state {
        VariableState::Filled => return,
        VariableState::Empty => format!("say_unknown '{what}: it is empty, and is asked for at import'"),
        VariableState::Absent => format!("say_unknown '{what}: it is in no package of the set'"),
        VariableState::Invalid(_) => {
            format!("say_missing '{what}' 'what it has is no reference to a secret of Key Vault'")
        }
    };
    script.push_str(&call);
    script.push('\n');
}

/// The providers that the vault's subscription must have; the names are ours.
fn providers(vault: &Vault) -> Vec<&'static str> {
    let known = ["Microsoft.PowerPlatform", "Microsoft.EventGrid"];
    let is_asked = |name: &&str| {
        vault
            .prerequisites
            .iter()
            .any(|point| matches!(point, Prerequisite::ProviderRegistered { provider } if provider == name))
    };
    known.into_iter().filter(is_asked).collect()
}

fn check(script: &mut String, point: &Prerequisite) {
    match point {
        Prerequisite::SecretExists { secret } if is_secret_name(secret) => {
            script.push_str(&format!("check_secret '{secret}'\n"));
        }
        Prerequisite::SecretExists { .. } => {
            script.push_str("# left out: a secret whose name is not in Azure's grammar\n");
            script.push_str("say_unknown 'a secret that was left out, its name is not allowed'\n");
        }
        Prerequisite::RoleOfDataverse { .. } => {
            script.push_str(&format!("check_dataverse '{}'\n", crate::secrets::DATAVERSE));
        }
        Prerequisite::RoleOfMakers { .. } => script.push_str("check_makers \"$@\"\n"),
        Prerequisite::SameTenant => script.push_str("check_tenant\n"),
        Prerequisite::NetworkOpen => script.push_str("check_network\n"),
        Prerequisite::EventSubscription { .. } => script.push_str("check_events\n"),
        // The first two were asked before; the others Azure does not know.
        Prerequisite::VaultExists
        | Prerequisite::ProviderRegistered { .. }
        | Prerequisite::VaultsNotNamedYet { .. }
        | Prerequisite::NotInGovernmentCloud
        | Prerequisite::CyberArk
        | Prerequisite::Certificate
        | Prerequisite::MachineMapping => {}
    }
}
