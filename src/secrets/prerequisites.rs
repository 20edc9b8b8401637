//! What must be true before the import, as data (`FORMATS.md` §9). The words are the renderers'.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{CredentialNeeds, Rotation, Vault};
use crate::model::CredentialKind;

/// Application id of Dataverse in every tenant.
pub const DATAVERSE: &str = "00000007-0000-0000-c000-000000000000";
/// The role that lets secrets be read; *Key Vault Reader* is not enough.
pub const SECRETS_ROLE: &str = "Key Vault Secrets User";

/// One point of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "check", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Prerequisite {
    /// The vault is there, in that group and subscription.
    VaultExists,
    /// The secret is in the vault.
    SecretExists {
        /// Its name.
        secret: String,
    },
    /// The subscription has the resource provider registered.
    ProviderRegistered {
        /// Its namespace.
        provider: String,
    },
    /// Whoever creates or uses the variables has the role on the vault, and whoever imports.
    RoleOfMakers {
        /// Its name.
        role: String,
    },
    /// The service principal of Dataverse has the role on the vault.
    RoleOfDataverse {
        /// Its name.
        role: String,
        /// Application id of the service principal.
        application_id: String,
    },
    /// Vault and environment are in one tenant.
    SameTenant,
    /// A firewall of the vault lets the IP ranges of Power Platform in; a private endpoint needs its virtual network
    /// support.
    NetworkOpen,
    /// The vault tells a flow of new versions of secrets.
    EventSubscription {
        /// Names of the flows.
        flows: Vec<String>,
    },
    /// What holds for each vault also holds for those that the secrets name which are not filled yet.
    VaultsNotNamedYet {
        /// Namespace of the resource provider.
        provider: String,
        /// Name of the role.
        role: String,
        /// Application id of the service principal of Dataverse.
        application_id: String,
    },
    /// Credentials do not exist in the clouds of the US Government.
    NotInGovernmentCloud,
    /// CyberArk credentials are in preview; each machine or group needs the certificate of the application.
    CyberArk,
    /// Credentials with a certificate are in preview, and sign in connections only.
    Certificate,
    /// Which machine uses which credential does not travel.
    MachineMapping,
}

/// The checklist of one vault.
pub(super) fn of_vault(vault: &Vault, rotations: &[Rotation]) -> Vec<Prerequisite> {
    let registered = |provider: &str| Prerequisite::ProviderRegistered { provider: provider.to_owned() };
    let mut all = vec![registered("Microsoft.PowerPlatform"), Prerequisite::VaultExists];
    all.extend(vault.secrets.iter().map(|secret| Prerequisite::SecretExists { secret: secret.name.clone() }));
    let role = || SECRETS_ROLE.to_owned();
    all.push(Prerequisite::RoleOfDataverse { role: role(), application_id: DATAVERSE.to_owned() });
    all.push(Prerequisite::RoleOfMakers { role: role() });
    all.push(Prerequisite::SameTenant);
    all.push(Prerequisite::NetworkOpen);
    // A flow that does not say which vault it listens to may listen to any.
    let is_of = |rotation: &&Rotation| match &rotation.vault {
        Some(name) => name.eq_ignore_ascii_case(&vault.name),
        None => true,
    };
    let flows: BTreeSet<String> =
        rotations.iter().filter(is_of).map(|rotation| rotation.name.clone()).collect();
    if !flows.is_empty() {
        all.push(registered("Microsoft.EventGrid"));
        all.push(Prerequisite::EventSubscription { flows: flows.into_iter().collect() });
    }
    all
}

/// What must be true because of the kinds of the credentials, and of secrets that name no vault yet.
pub(super) fn of_set(credentials: &[CredentialNeeds], has_unfilled_secrets: bool) -> Vec<Prerequisite> {
    let has = |kind| credentials.iter().any(|credential| credential.kind == kind);
    let not_named_yet = Prerequisite::VaultsNotNamedYet {
        provider: "Microsoft.PowerPlatform".to_owned(),
        role: SECRETS_ROLE.to_owned(),
        application_id: DATAVERSE.to_owned(),
    };
    let points = [
        (has_unfilled_secrets, not_named_yet),
        (!credentials.is_empty(), Prerequisite::NotInGovernmentCloud),
        (has(CredentialKind::CyberArk), Prerequisite::CyberArk),
        (has(CredentialKind::Certificate), Prerequisite::Certificate),
        (has(CredentialKind::MachineMapping), Prerequisite::MachineMapping),
    ];
    points.into_iter().filter(|(holds, _)| *holds).map(|(_, point)| point).collect()
}
