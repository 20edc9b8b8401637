//! SEC011: a credential is set up for a use that its kind cannot serve.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{CredentialKind, CredentialUse, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::CREDENTIAL_USE_UNFIT,
    dataverse: None,
    page: include_str!("../../../docs/rules/credential-use-unfit.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for (component, credential) in subject.credentials() {
        for used in &credential.uses {
            if let Some(words) = unfit(credential.kind, *used) {
                report
                    .about(component, format!("{} is set up for {}: {words}", component.described(), place_words(*used)))
                    .otherwise("the credential cannot be chosen there, or what is signed in with it fails")
                    .help("give that place a credential with user name and password in Azure Key Vault, and leave the use out here");
            }
        }
    }
}

/// Why a kind does not serve a use (`FORMATS.md` §1.4); none where it does, and where nothing is said of it.
fn unfit(kind: CredentialKind, used: CredentialUse) -> Option<&'static str> {
    use CredentialUse::{DesktopFlow, Network};
    match (kind, used) {
        (CredentialKind::Certificate, DesktopFlow | Network) => {
            Some("a certificate signs in connections only")
        }
        (CredentialKind::CyberArk, Network) => Some("CyberArk serves connections and desktop flows only"),
        (CredentialKind::MachineMapping, DesktopFlow | Network) => {
            Some("a machine mapping serves connections only")
        }
        _ => None,
    }
}

fn place_words(used: CredentialUse) -> &'static str {
    match used {
        CredentialUse::Connection => "connections",
        CredentialUse::DesktopFlow => "desktop flows",
        CredentialUse::Network => "networks",
        CredentialUse::ComputerUse => "computer use",
        CredentialUse::Unknown(_) => "a use of unknown name",
    }
}
