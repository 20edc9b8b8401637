//! The parts of a reference to a secret, which `add secret` and `set secret` take.

use clap::Args;
use solship::author::{SecretParts, SecretPlace};

/// A reference, whole or in parts.
#[derive(Debug, Args)]
pub(super) struct SecretArguments {
    /// Resource id of the secret, or its address in the vault
    #[arg(value_name = "RESOURCE-ID")]
    reference: Option<String>,
    /// Subscription id; Azure portal: the vault, Overview
    #[arg(long, value_name = "ID")]
    subscription: Option<String>,
    /// Resource group; Azure portal: the vault, Overview
    #[arg(long, value_name = "GROUP")]
    resource_group: Option<String>,
    /// Name of the vault; Azure portal: the title of its page
    #[arg(long, value_name = "NAME")]
    vault: Option<String>,
    /// Name of the secret; Azure portal: the vault, Objects, Secrets
    #[arg(long, value_name = "NAME")]
    secret: Option<String>,
    /// As the current value, which goes along into every environment
    #[arg(long)]
    as_value: bool,
}

impl SecretArguments {
    pub(super) fn parts(&self) -> SecretParts {
        SecretParts {
            text: self.reference.clone(),
            subscription: self.subscription.clone(),
            resource_group: self.resource_group.clone(),
            vault: self.vault.clone(),
            secret: self.secret.clone(),
        }
    }

    pub(super) fn place(&self) -> SecretPlace {
        if self.as_value { SecretPlace::Value } else { SecretPlace::Default }
    }
}
