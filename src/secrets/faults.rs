//! What is to be said of the secrets of a set, as findings.
//!
//! What is not filled is no fault of a package, a note; what cannot work is an error.

use std::collections::BTreeMap;

use super::{ColumnUse, CredentialNeeds, Secrets, Unfilled, VariableState};
use crate::model::{
    Code, Component, ComponentKey, Credential, CredentialKind, Details, EnvironmentVariable, Finding,
    KeyVaultFault, Place, SecretReference, Severity, Solution, VariableType, codes, sort_findings,
};

/// Adds the findings, and sorts them: errors first.
pub(super) fn add(secrets: &mut Secrets, chosen: &[&Solution]) {
    let mut findings = std::mem::take(&mut secrets.findings);
    findings.extend(secrets.unfilled.iter().flat_map(|unfilled| not_filled(unfilled, chosen)));
    for credential in &secrets.credentials {
        findings.extend(wrong_types(credential));
    }
    for solution in chosen {
        for component in &solution.components {
            match &component.details {
                Details::Credential(credential) => {
                    findings.extend(incomplete(solution, component, credential));
                }
                Details::EnvironmentVariable(variable) => {
                    findings.extend(hidden_default(solution, component, variable));
                }
                _ => {}
            }
        }
        // What is in such a file is not listed.
        let ill_formed = solution.findings.iter().filter(|finding| finding.code == codes::ILL_FORMED_FILE);
        findings.extend(ill_formed.cloned());
    }
    findings.extend(secrets.rotations.iter().map(|rotation| {
        let vault = match &rotation.vault {
            Some(vault) => format!("of vault {vault}"),
            None => "of a vault that only the run time knows".to_owned(),
        };
        let message = format!(
            "cloud flow \"{}\" tells Dataverse of new versions of the secrets {vault}",
            rotation.name
        );
        Finding {
            otherwise: Some(
                "it does nothing for connections that read the secret when they run, as all made since April 2024 do"
                    .to_owned(),
            ),
            help: Some(
                "update connections made before April 2024, then turn the flow off; until then its own connection \
                 needs a system administrator, or only the owner's connections get the new secret"
                    .to_owned(),
            ),
            ..finding(
                codes::ROTATION_DEPRECATED,
                Severity::Note,
                (&rotation.solution, &rotation.flow, &rotation.place),
                message,
            )
        }
    }));
    findings.extend(two_places(secrets));
    sort_findings(&mut findings);
    secrets.findings = findings;
}

fn finding(
    code: Code,
    severity: Severity,
    (solution, component, place): (&str, &ComponentKey, &Place),
    message: String,
) -> Finding {
    Finding {
        component: Some(component.clone()),
        place: Some(place.clone()),
        ..Finding::new(code, severity, solution, message)
    }
}

fn not_filled(unfilled: &Unfilled, chosen: &[&Solution]) -> Vec<Finding> {
    let variable = &unfilled.variable;
    let about = (&*unfilled.solution, variable, &unfilled.place);
    let used = used_words(&unfilled.used_by.iter().collect::<Vec<_>>());
    match unfilled.state {
        VariableState::Invalid(fault) => vec![Finding {
            help: Some(match source_of(unfilled, chosen).filter(|_| fault == KeyVaultFault::Version) {
                Some(source) => format!("{}: solship check {source} --fix", help_with(fault)),
                None => help_with(fault).to_owned(),
            }),
            ..finding(
                codes::INVALID_KEY_VAULT_REFERENCE,
                Severity::Error,
                (about.0, about.1, place_of_text(unfilled, chosen)),
                format!("{variable} holds no valid reference to a secret: {}{used}", fault.words()),
            )
        }],
        VariableState::Absent => absent(unfilled, chosen),
        VariableState::Empty | VariableState::Filled => vec![Finding {
            help: Some(format!(
                "give it a value for each environment: solship settings new{}",
                solution_of(unfilled, chosen)
                    .map(|solution| format!(" {}", solution.source_word()))
                    .unwrap_or_default()
            )),
            ..finding(
                codes::SECRET_WITHOUT_VALUE,
                Severity::Note,
                about,
                format!("{variable} has neither value nor default and must be given one at import{used}"),
            )
        }],
    }
}

/// The solution that defines the variable.
fn solution_of<'s>(unfilled: &Unfilled, chosen: &[&'s Solution]) -> Option<&'s Solution> {
    chosen.iter().copied().find(|solution| solution.manifest.unique_name == unfilled.solution)
}

/// Its package as a word of a command, where it can be edited.
fn source_of(unfilled: &Unfilled, chosen: &[&Solution]) -> Option<String> {
    solution_of(unfilled, chosen).filter(|solution| solution.is_editable()).map(Solution::source_word)
}

/// Where the text stands that counts: the value, or the default where there is none.
fn place_of_text<'s>(unfilled: &'s Unfilled, chosen: &[&'s Solution]) -> &'s Place {
    let components = solution_of(unfilled, chosen).into_iter().flat_map(|solution| &solution.components);
    let place = components.filter(|component| component.key == unfilled.variable).find_map(|component| {
        let Details::EnvironmentVariable(variable) = &component.details else { return None };
        let source = &variable.source;
        if variable.value.is_some() { source.value_place.as_ref() } else { source.default_place.as_ref() }
    });
    place.unwrap_or(&unfilled.place)
}

/// One for each solution whose credentials need the variable. What a solution declares as needed the target may have.
fn absent(unfilled: &Unfilled, chosen: &[&Solution]) -> Vec<Finding> {
    let variable = &unfilled.variable;
    let mut by_solution: BTreeMap<&str, Vec<&ColumnUse>> = BTreeMap::new();
    for used in &unfilled.used_by {
        by_solution.entry(&used.solution).or_default().push(used);
    }
    let found = by_solution.into_iter().map(|(solution, uses)| {
        let about = (solution, variable, &uses[0].place);
        let message = format!("{variable} is in no package of the set{}", used_words(&uses));
        if is_declared(variable, solution, chosen) {
            return Finding {
                help: Some(
                    "add the solution with the variable to the set, unless the target has it".to_owned(),
                ),
                ..finding(codes::CREDENTIAL_VARIABLE_ABSENT, Severity::Note, about, message)
            };
        }
        Finding {
            otherwise: Some("the credential comes without it, and nothing can sign in with it".to_owned()),
            help: Some(
                "add the solution with the variable to the set, or the variable to this solution".to_owned(),
            ),
            ..finding(codes::CREDENTIAL_VARIABLE_ABSENT, Severity::Error, about, message)
        }
    });
    found.collect()
}

/// Whether the missing dependencies of a solution list the variable.
fn is_declared(variable: &ComponentKey, solution: &str, chosen: &[&Solution]) -> bool {
    let of_name = chosen.iter().filter(|other| other.manifest.unique_name == solution);
    let missing = of_name.flat_map(|solution| &solution.manifest.missing_dependencies);
    missing.flat_map(|missing| &missing.required.keys).any(|key| key == variable)
}

fn used_words(uses: &[&ColumnUse]) -> String {
    match uses {
        [] => String::new(),
        [only] => format!(", used by credential \"{}\"", only.name),
        [first, rest @ ..] => format!(", used by credential \"{}\" and {} more", first.name, rest.len()),
    }
}

/// A default that is no reference, behind a value that is one: it counts in every environment without that value.
fn hidden_default(
    solution: &Solution,
    component: &Component,
    variable: &EnvironmentVariable,
) -> Option<Finding> {
    let (Some(_), Some(default)) = (&variable.value, &variable.default) else { return None };
    if variable.kind != VariableType::Secret || !matches!(variable.secret, Some(SecretReference::KeyVault(_)))
    {
        return None;
    }
    let SecretReference::Invalid(fault) = SecretReference::parse(default.reveal()) else { return None };
    let place = variable.source.default_place.as_ref().unwrap_or(&component.place);
    let about = (&*solution.manifest.unique_name, &component.key, place);
    let message =
        format!("{} has a default that is no valid reference to a secret: {}", component.key, fault.words());
    Some(Finding {
        help: Some(help_with(fault).to_owned()),
        ..finding(codes::INVALID_KEY_VAULT_REFERENCE, Severity::Error, about, message)
    })
}

/// What to do.
fn help_with(fault: KeyVaultFault) -> &'static str {
    match fault {
        KeyVaultFault::WebAddress | KeyVaultFault::NotAResourceId | KeyVaultFault::NoSecret => {
            "the form is /subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/VAULT/secrets/SECRET"
        }
        KeyVaultFault::Version => "leave the version away; the newest one is read",
        KeyVaultFault::Empty => {
            "name a secret, or take the empty default away, so that one is asked for at import"
        }
        KeyVaultFault::Subscription => {
            "write the id of the subscription, a GUID; the page of the vault in the Azure portal shows it"
        }
        KeyVaultFault::ResourceGroup => {
            "write the name of the resource group as the page of the vault in the Azure portal shows it"
        }
        KeyVaultFault::Provider => {
            "write Microsoft.KeyVault behind /providers/; no other provider has secrets for it"
        }
        KeyVaultFault::VaultName => {
            "write the name of the vault: 3 to 24 letters, digits and hyphens, a letter first"
        }
        KeyVaultFault::SecretName => "write the name of the secret: letters, digits and hyphens only",
    }
}

/// A password that anybody can read, and a user name that nothing can.
fn wrong_types(credential: &CredentialNeeds) -> Vec<Finding> {
    let mut findings = Vec::new();
    for column in &credential.columns {
        let Some(kind) = column.variable_type else { continue };
        let about = (&*credential.solution, &column.variable, &column.place);
        let of = format!("of credential \"{}\"", credential.name);
        match (column.column.as_deref(), kind) {
            (_, VariableType::Unknown(None)) => {}
            (Some("password" | "certificate"), kind) if kind != VariableType::Secret => {
                findings.push(Finding {
                    help: Some(
                        "make a secret variable, put the password into a vault, and change it".to_owned(),
                    ),
                    ..finding(
                        codes::PASSWORD_NOT_SECRET,
                        Severity::Error,
                        about,
                        format!(
                            "{} is the {} {of} and no secret",
                            column.variable,
                            column.column.as_deref().unwrap_or_default()
                        ),
                    )
                })
            }
            (Some("username" | "cyberarkusername"), VariableType::Secret) => findings.push(Finding {
                help: Some("a user name belongs in a text variable".to_owned()),
                ..finding(
                    codes::USER_NAME_IS_SECRET,
                    Severity::Warning,
                    about,
                    format!("{} is the user name {of} and a secret", column.variable),
                )
            }),
            _ => {}
        }
    }
    findings
}

/// A credential without a column that its kind needs (`FORMATS.md` §1.4).
fn incomplete(solution: &Solution, component: &Component, credential: &Credential) -> Option<Finding> {
    let needed: &[&str] = match credential.kind {
        CredentialKind::UserNamePassword => &["username", "password"],
        CredentialKind::CyberArk => {
            &["cyberarkusername", "cyberarksafe", "cyberarkobject", "cyberarkapplicationid"]
        }
        CredentialKind::Certificate => &["username", "certificate"],
        _ => &[],
    };
    let is_filled = |column: &str| {
        credential.variable(column).is_some() || credential.columns.iter().any(|name| name == column)
    };
    let lacking: Vec<&str> = needed.iter().copied().filter(|column| !is_filled(column)).collect();
    if lacking.is_empty() {
        return None;
    }
    let about = (&*solution.manifest.unique_name, &component.key, &component.place);
    let message = format!("credential \"{}\" has no {}", component.name, lacking.join(", no "));
    Some(Finding {
        help: Some(format!(
            "a credential of its kind needs {}; complete it where it was exported",
            needed.join(", ")
        )),
        ..finding(codes::CREDENTIAL_INCOMPLETE, Severity::Warning, about, message)
    })
}

/// A vault's name is taken once in all of Azure: of two places one is wrong.
fn two_places(secrets: &Secrets) -> Vec<Finding> {
    let pairs = secrets.vaults.iter().zip(secrets.vaults.iter().skip(1));
    pairs
        .filter(|(one, other)| one.name.eq_ignore_ascii_case(&other.name))
        .filter_map(|(one, other)| {
            let variable = other.secrets.first()?.variables.first()?;
            let about = (&*variable.solution, &variable.variable, &variable.place);
            let message = format!(
                "vault {} is named in group {} and in group {} of {} subscription; a vault's name is taken only once",
                other.name,
                one.resource_group,
                other.resource_group,
                if one.subscription.eq_ignore_ascii_case(&other.subscription) { "the same" } else { "another" },
            );
            Some(Finding {
                subject: Some(other.name.clone()),
                help: Some(format!("az keyvault show --name {} --query id tells which one is right", other.name)),
                ..finding(codes::VAULT_IN_TWO_PLACES, Severity::Warning, about, message)
            })
        })
        .collect()
}
