//! References to secrets in Azure Key Vault (`FORMATS.md` §2.3).

use serde::Serialize;

/// What a secret variable names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum SecretReference {
    /// A well-formed reference.
    KeyVault(KeyVaultReference),
    /// It is no reference; the text is masked whole, only its fault is named.
    Invalid(KeyVaultFault),
}

/// `/subscriptions/<subscription>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/<vault>/secrets/<secret>`.
///
/// Shown in parts: subscription and group only where the question is about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct KeyVaultReference {
    /// Subscription id.
    #[serde(skip)]
    pub subscription: String,
    /// Resource group.
    #[serde(skip)]
    pub resource_group: String,
    /// Name of the vault.
    pub vault: String,
    /// Name of the secret.
    pub secret: String,
}

/// Why a text is no reference to a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum KeyVaultFault {
    /// Nothing there.
    Empty,
    /// A web address instead of a resource id.
    WebAddress,
    /// Not a resource id at all.
    NotAResourceId,
    /// The subscription is no GUID.
    Subscription,
    /// The resource group is not in Azure's grammar.
    ResourceGroup,
    /// The provider is not Microsoft.KeyVault.
    Provider,
    /// The vault's name is not in Azure's grammar.
    VaultName,
    /// No secret name.
    NoSecret,
    /// The secret's name is not in Azure's grammar.
    SecretName,
    /// A version follows the secret's name.
    Version,
}
