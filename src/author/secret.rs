//! Secret variables: a reference to a secret in Azure Key Vault, put together of its parts and checked part by part.
//!
//! Read [`SecretParts`] first. The secret itself is in no file and in no option.

use super::{AuthorError, Editor, NewVariable, Step, VariableChange, add_variable, set_variable};
use crate::model::{ComponentType, Details, KeyVaultFault, SecretReference, VariableType};

/// A reference as people have it: whole, as an address of the vault, or in parts.
#[derive(Debug, Clone, Default)]
pub struct SecretParts {
    /// A resource id, or an address such as `https://fab-kv.vault.azure.net/secrets/robot7`.
    pub text: Option<String>,
    /// Subscription id.
    pub subscription: Option<String>,
    /// Resource group.
    pub resource_group: Option<String>,
    /// Name of the vault.
    pub vault: Option<String>,
    /// Name of the secret.
    pub secret: Option<String>,
}

/// Where the reference stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretPlace {
    /// As the default value: an environment may have a vault of its own.
    Default,
    /// As the current value, which goes along into every environment.
    Value,
}

impl SecretParts {
    /// The resource id.
    ///
    /// # Errors
    /// When a part is missing, is not in Azure's grammar, or is given twice and not the same.
    pub fn resource_id(&self) -> Result<String, AuthorError> {
        let mut parts = self.clone();
        if let Some(text) = &self.text {
            refuse_no_secret(text)?;
            match address(text) {
                Some((vault, secret, _)) => {
                    take("--vault", &mut parts.vault, vault)?;
                    take("--secret", &mut parts.secret, secret)?;
                }
                None => return self.whole(text),
            }
        }
        let missing = |what: &'static str, option: &str, fault| AuthorError::SecretPart {
            what,
            option: option.to_owned(),
            fault,
        };
        use KeyVaultFault::{NoSecret, ResourceGroup, Subscription, VaultName};
        let subscription =
            parts.subscription.ok_or_else(|| missing("subscription", "--subscription", Subscription))?;
        let group = parts
            .resource_group
            .ok_or_else(|| missing("resource group", "--resource-group", ResourceGroup))?;
        let vault = parts.vault.ok_or_else(|| missing("vault", "--vault", VaultName))?;
        let secret = parts.secret.ok_or_else(|| missing("secret", "--secret", NoSecret))?;
        checked(format!(
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}/secrets/{secret}"
        ))
    }

    /// That a version was left out is told.
    fn noted(&self, step: Step) -> Step {
        let has_version =
            self.text.as_deref().and_then(address).is_some_and(|(_, _, has_version)| has_version);
        if has_version { step.note("the version is left out: the newest one is always read") } else { step }
    }

    /// A whole resource id: parts beside it say the same or nothing.
    fn whole(&self, text: &str) -> Result<String, AuthorError> {
        let id = checked(text.trim().to_owned())?;
        if let SecretReference::KeyVault(reference) = SecretReference::parse(&id) {
            for (option, given, found) in [
                ("--subscription", &self.subscription, reference.subscription),
                ("--resource-group", &self.resource_group, reference.resource_group),
                ("--vault", &self.vault, reference.vault),
                ("--secret", &self.secret, reference.secret),
            ] {
                take(option, &mut given.clone(), found)?;
            }
        }
        Ok(id)
    }
}

fn checked(id: String) -> Result<String, AuthorError> {
    match SecretReference::parse(&id) {
        SecretReference::KeyVault(_) => Ok(id),
        SecretReference::Invalid(fault) => Err(AuthorError::SecretReference { what: "the reference", fault }),
    }
}

/// Takes a part that another text gives; the same one may be given twice.
fn take(option: &'static str, part: &mut Option<String>, found: String) -> Result<(), AuthorError> {
    match part {
        Some(given) if !given.eq_ignore_ascii_case(&found) => Err(AuthorError::NotPossible {
            message: format!("{option} says something else than the reference"),
            hint: format!("leave {option} out, or put it right"),
        }),
        _ => {
            *part = Some(found);
            Ok(())
        }
    }
}

/// Keys and certificates of a vault have addresses of their own.
fn refuse_no_secret(text: &str) -> Result<(), AuthorError> {
    let lower = text.trim().to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").unwrap_or(&lower);
    let path = match rest.split_once('/') {
        Some((host, path)) if is_vault(host) => path,
        _ => match lower.split_once("/vaults/").and_then(|(_, vault)| vault.split_once('/')) {
            Some((_, path)) => path,
            None => return Ok(()),
        },
    };
    let (what, hint) = match path.split('/').next() {
        Some("keys") => ("a key", "name the secret that holds the password: /secrets/ and its name"),
        Some("certificates") => (
            "a certificate",
            "a certificate has a secret of the same name: write /secrets/ for /certificates/, and leave a version out",
        ),
        _ => return Ok(()),
    };
    Err(AuthorError::NotPossible {
        message: format!("the reference is to {what} of the vault, not to a secret"),
        hint: hint.to_owned(),
    })
}

/// Where vaults are, in Azure's clouds.
const VAULTS: [&str; 3] = [".vault.azure.net", ".vault.usgovcloudapi.net", ".vault.azure.cn"];

fn is_vault(host: &str) -> bool {
    VAULTS.iter().any(|end| host.ends_with(end))
}

/// Vault and secret of an address of the vault, and whether a version stands behind them.
fn address(text: &str) -> Option<(String, String, bool)> {
    let text = text.trim();
    let rest = text.strip_prefix("https://").unwrap_or(text);
    let (host, path) = rest.split_once('/')?;
    let host = host.to_ascii_lowercase();
    let vault = VAULTS.iter().find_map(|end| host.strip_suffix(end))?;
    let mut segments = path.strip_prefix("secrets/")?.split('/');
    let secret = segments.next()?;
    Some((vault.to_owned(), secret.to_owned(), segments.any(|segment| !segment.is_empty())))
}

/// Adds a secret variable that names a secret.
///
/// # Errors
/// As [`add_variable`], and when the reference is none.
pub fn add_secret(
    editor: &mut Editor,
    wanted: &NewVariable,
    parts: &SecretParts,
    place: SecretPlace,
) -> Result<Step, AuthorError> {
    let id = Some(parts.resource_id()?);
    let (default, value) = match place {
        SecretPlace::Default => (id, None),
        SecretPlace::Value => (None, id),
    };
    let wanted = NewVariable { kind: Some(VariableType::Secret), default, value, ..wanted.clone() };
    Ok(parts.noted(add_variable(editor, &wanted)?))
}

/// Lets a secret variable name another secret.
///
/// # Errors
/// When the variable is not there or no secret, or the reference is none.
pub fn set_secret(
    editor: &mut Editor,
    name: &str,
    parts: &SecretParts,
    place: SecretPlace,
) -> Result<Step, AuthorError> {
    refuse_other_type(editor, name, "set")?;
    let id = Some(Some(parts.resource_id()?));
    let change = match place {
        SecretPlace::Default => VariableChange { default: id, ..VariableChange::default() },
        SecretPlace::Value => VariableChange { value: id, ..VariableChange::default() },
    };
    Ok(parts.noted(set_variable(editor, name, &change)?))
}

/// Removes a secret variable, unless something uses it. The secret stays in its vault.
///
/// # Errors
/// When the variable is not there, no secret, or used.
pub fn remove_secret(editor: &mut Editor, name: &str) -> Result<Step, AuthorError> {
    refuse_other_type(editor, name, "remove")?;
    Ok(super::remove_variable(editor, name)?.note("the secret itself stays in its vault"))
}

fn refuse_other_type(editor: &mut Editor, name: &str, command: &str) -> Result<(), AuthorError> {
    let component = editor.named(ComponentType::ENVIRONMENT_VARIABLE, "variable", name)?;
    match &component.details {
        Details::EnvironmentVariable(variable) if variable.kind == VariableType::Secret => Ok(()),
        _ => Err(AuthorError::NotPossible {
            message: format!("{} is no secret", component.described()),
            hint: format!("solship {command} variable {}{}", component.key.key, editor.option()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg-robots/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot7";

    fn parts(text: Option<&str>, others: [Option<&str>; 4]) -> SecretParts {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let [subscription, resource_group, vault, secret] = others.map(owned);
        SecretParts { text: owned(text), subscription, resource_group, vault, secret }
    }

    #[test]
    fn a_reference_is_put_together_of_what_is_given() {
        let subscription = Some("0c0ffee0-0000-4000-8000-000000000001");
        let group = Some("rg-robots");
        for given in [
            parts(Some(ID), [None; 4]),
            parts(Some(ID), [None, None, Some("FAB-KV"), None]),
            parts(None, [subscription, group, Some("fab-kv"), Some("robot7")]),
            parts(Some("https://fab-kv.vault.azure.net/secrets/robot7"), [subscription, group, None, None]),
            parts(
                Some("https://FAB-KV.vault.azure.net/secrets/robot7/0123abcd"),
                [subscription, group, None, None],
            ),
        ] {
            assert_eq!(given.resource_id().unwrap(), ID);
        }
    }

    #[test]
    fn what_is_wrong_is_told_by_its_part() {
        let subscription = Some("0c0ffee0-0000-4000-8000-000000000001");
        let error = |given: SecretParts| {
            let error = given.resource_id().unwrap_err();
            format!("{error}; {}", error.hint().unwrap_or_default())
        };
        for (given, expected) in [
            (
                parts(Some("https://fab-kv.vault.azure.net/secrets/robot7"), [None; 4]),
                "the subscription is missing",
            ),
            (
                parts(
                    Some("https://fab-kv.vault.azure.net/secrets/robot7"),
                    [subscription, None, None, None],
                ),
                "resource group is missing",
            ),
            (parts(Some(ID), [None, None, Some("other-kv"), None]), "--vault says something else"),
            (
                parts(None, [subscription, Some("rg"), Some("fab_kv"), Some("robot7")]),
                "vault's name is not allowed",
            ),
            (parts(Some("/subscriptions/1/resourceGroups/rg"), [None; 4]), "subscription is no GUID"),
            (parts(Some(&format!("{ID}/0123")), [None; 4]), "a version follows"),
            (parts(Some("https://fab-kv.vault.azure.net/keys/robot7"), [None; 4]), "to a key of the vault"),
            (
                parts(Some(&ID.replace("/secrets/", "/certificates/")), [None; 4]),
                "write /secrets/ for /certificates/",
            ),
        ] {
            let found = error(given);
            assert!(found.contains(expected), "{expected}: {found}");
        }
    }
}
