//! References to secrets in Azure Key Vault (`FORMATS.md` §2.3).

use serde::Serialize;

use super::is_guid;

/// What a secret variable names. Read it with [`SecretReference::parse`].
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

impl KeyVaultFault {
    /// What is wrong, without the text itself.
    pub fn words(self) -> &'static str {
        match self {
            Self::Empty => "it is empty",
            Self::WebAddress => "a web address instead of a resource id",
            Self::NotAResourceId => "not a resource id",
            Self::Subscription => "the subscription is no GUID",
            Self::ResourceGroup => "the resource group's name is not allowed",
            Self::Provider => "the provider is not Microsoft.KeyVault",
            Self::VaultName => "the vault's name is not allowed",
            Self::NoSecret => "no secret is named",
            Self::SecretName => "the secret's name is not allowed",
            Self::Version => "a version follows the secret's name",
        }
    }
}

impl SecretReference {
    /// Reads a reference, part by part, against Azure's grammar of names. Names of segments compare without case, as
    /// everywhere in Azure.
    pub fn parse(text: &str) -> Self {
        match KeyVaultReference::parse(text) {
            Ok(reference) => Self::KeyVault(reference),
            Err(fault) => Self::Invalid(fault),
        }
    }
}

impl KeyVaultReference {
    fn parse(text: &str) -> Result<Self, KeyVaultFault> {
        use KeyVaultFault::*;
        if text.trim().is_empty() {
            return Err(Empty);
        }
        if is_web_address(text) {
            return Err(WebAddress);
        }
        let mut segments = text.strip_prefix('/').ok_or(NotAResourceId)?.split('/');
        let mut named = |name: &str, fault| match segments.next() {
            Some(segment) if segment.eq_ignore_ascii_case(name) => Ok(segments.next().unwrap_or_default()),
            _ => Err(fault),
        };
        let subscription = named("subscriptions", NotAResourceId)?;
        check(is_guid(subscription), Subscription)?;
        let resource_group = named("resourceGroups", NotAResourceId)?;
        check(is_resource_group(resource_group), ResourceGroup)?;
        let provider = named("providers", NotAResourceId)?;
        check(provider.eq_ignore_ascii_case("Microsoft.KeyVault"), Provider)?;
        let vault = named("vaults", NotAResourceId)?;
        check(is_vault_name(vault), VaultName)?;
        let secret = named("secrets", NoSecret)?;
        check(!secret.is_empty(), NoSecret)?;
        check(is_secret_name(secret), SecretName)?;
        check(segments.next().is_none(), Version)?;
        Ok(Self {
            subscription: subscription.to_owned(),
            resource_group: resource_group.to_owned(),
            vault: vault.to_owned(),
            secret: secret.to_owned(),
        })
    }
}

/// Whether the parts of a vault's resource id are in Azure's grammar.
pub fn is_vault(subscription: &str, resource_group: &str, vault: &str) -> bool {
    is_guid(subscription) && is_resource_group(resource_group) && is_vault_name(vault)
}

fn check(holds: bool, fault: KeyVaultFault) -> Result<(), KeyVaultFault> {
    if holds { Ok(()) } else { Err(fault) }
}

/// An address of the vault itself (`kv.vault.azure.net/secrets/x`), with or without its scheme.
fn is_web_address(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    let host = text.split('/').next().unwrap_or_default();
    text.contains("://") || host.ends_with(".vault.azure.net")
}

/// 1 to 90 letters, digits, `_`, `-`, `.`, `(`, `)`; no period at the end. Letters of any script.
fn is_resource_group(name: &str) -> bool {
    let count = name.chars().count();
    (1..=90).contains(&count)
        && !name.ends_with('.')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '(' | ')'))
}

/// 3 to 24 letters, digits and hyphens; a letter first, no hyphen last, no two in a row.
pub(crate) fn is_vault_name(name: &str) -> bool {
    (3..=24).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && name.starts_with(|character: char| character.is_ascii_alphabetic())
        && !name.ends_with('-')
        && !name.contains("--")
}

/// 1 to 127 letters, digits and hyphens.
pub fn is_secret_name(name: &str) -> bool {
    (1..=127).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBSCRIPTION: &str = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001";

    fn fault(rest: &str) -> Option<KeyVaultFault> {
        match SecretReference::parse(&format!("{SUBSCRIPTION}{rest}")) {
            SecretReference::KeyVault(_) => None,
            SecretReference::Invalid(fault) => Some(fault),
        }
    }

    #[test]
    fn a_good_reference_is_read_in_parts_and_without_case() {
        let text = format!(
            "{SUBSCRIPTION}/resourcegroups/rg-robots/providers/microsoft.keyvault/vaults/fab-kv/secrets/robot7"
        );
        let SecretReference::KeyVault(reference) = SecretReference::parse(&text) else { panic!() };
        assert_eq!((&*reference.vault, &*reference.secret), ("fab-kv", "robot7"));
        assert_eq!(reference.resource_group, "rg-robots");
    }

    #[test]
    fn each_part_has_its_fault() {
        use KeyVaultFault::*;
        const GROUP: &str = "/resourceGroups/rg/providers/Microsoft.KeyVault";
        for (rest, expected) in [
            ("", NotAResourceId),
            ("/resourceGroups", ResourceGroup),
            ("/resourceGroups/rg.", ResourceGroup),
            ("/resourceGroups/rg", NotAResourceId),
            ("/resourceGroups/rg/providers/Microsoft.Storage/vaults/kvs/secrets/s", Provider),
        ] {
            assert_eq!(fault(rest), Some(expected), "{rest}");
        }
        for (rest, expected) in [
            ("/managedHSMs/kvs/secrets/s", Some(NotAResourceId)),
            ("/vaults/kv_raven/secrets/s", Some(VaultName)),
            ("/vaults/1kv/secrets/s", Some(VaultName)),
            ("/vaults/kv--x/secrets/s", Some(VaultName)),
            ("/vaults/kv/secrets/s", Some(VaultName)),
            ("/vaults/kvs", Some(NoSecret)),
            ("/vaults/kvs/secrets", Some(NoSecret)),
            ("/vaults/kvs/secrets/", Some(NoSecret)),
            ("/vaults/kvs/keys/s", Some(NoSecret)),
            ("/vaults/kvs/secrets/a_b", Some(SecretName)),
            ("/vaults/kvs/secrets/s ", Some(SecretName)),
            ("/vaults/kvs/secrets/s/0123", Some(Version)),
            ("/vaults/kvs/secrets/s/", Some(Version)),
            ("/vaults/kvs/secrets/s", None),
        ] {
            assert_eq!(fault(&format!("{GROUP}{rest}")), expected, "{rest}");
        }
        for (text, expected) in [
            ("", Empty),
            ("  ", Empty),
            ("https://fab-kv.vault.azure.net/secrets/robot7", WebAddress),
            ("fab-kv.vault.azure.net/secrets/robot7", WebAddress),
            ("fab-kv/robot7", NotAResourceId),
            ("/subscriptions/none/resourceGroups/rg", Subscription),
            ("/subscriptions", Subscription),
        ] {
            assert_eq!(SecretReference::parse(text), SecretReference::Invalid(expected), "{text}");
        }
    }
}
