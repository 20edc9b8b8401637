//! Collects the parts of a [`Secrets`](super::Secrets) from the solutions; what is wrong with them is not known here.

use std::collections::BTreeMap;

use super::sources::{Text, Variables};
use super::{
    ColumnUse, CredentialColumn, CredentialNeeds, Rotation, SecretVariable, Unfilled, VariableState, Vault,
    VaultSecret,
};
use crate::model::{
    Component, ComponentKey, ComponentType, Details, Place, Relation, Solution, Target, VariableType,
};

/// Whether a component has anything to say here.
pub(super) fn has_to_do_with_secrets(component: &Component) -> bool {
    match &component.details {
        Details::Credential(_) | Details::EnvironmentVariableValue(_) => true,
        Details::EnvironmentVariable(variable) => variable.kind == VariableType::Secret,
        Details::CloudFlow(flow) => flow.rotation.is_some(),
        _ => false,
    }
}

/// Which credentials use each variable, in the order of the solutions.
pub(super) fn uses_by_variable(chosen: &[&Solution]) -> BTreeMap<ComponentKey, Vec<ColumnUse>> {
    let mut used_by: BTreeMap<ComponentKey, Vec<ColumnUse>> = BTreeMap::new();
    for solution in chosen {
        for component in &solution.components {
            if !matches!(component.details, Details::Credential(_)) {
                continue;
            }
            for used in &component.uses {
                let (Target::Component(variable), Some(column)) = (&used.target, column(used.relation))
                else {
                    continue;
                };
                // A text of unknown layout also names credentials.
                if variable.kind != ComponentType::ENVIRONMENT_VARIABLE {
                    continue;
                }
                used_by.entry(variable.clone()).or_default().push(ColumnUse {
                    credential: component.key.clone(),
                    name: component.name.clone(),
                    solution: solution.manifest.unique_name.clone(),
                    column: column.map(str::to_owned),
                    place: used.place.clone(),
                });
            }
        }
    }
    used_by
}

/// The column that a relation stands for; the inner none for a text of unknown layout.
fn column(relation: Relation) -> Option<Option<&'static str>> {
    Some(Some(match relation {
        Relation::CredentialUserName => "username",
        Relation::CredentialPassword => "password",
        Relation::CredentialCertificate => "certificate",
        Relation::CredentialCyberArkSafe => "cyberarksafe",
        Relation::CredentialCyberArkObject => "cyberarkobject",
        Relation::CredentialCyberArkUserName => "cyberarkusername",
        Relation::CredentialPossible => return Some(None),
        _ => return None,
    }))
}

pub(super) fn credentials(chosen: &[&Solution], variables: &Variables<'_>) -> Vec<CredentialNeeds> {
    let mut found = Vec::new();
    for solution in chosen {
        for component in &solution.components {
            let Details::Credential(credential) = &component.details else { continue };
            let columns = component.uses.iter().filter_map(|used| {
                let (Target::Component(key), Some(column)) = (&used.target, column(used.relation)) else {
                    return None;
                };
                if key.kind != ComponentType::ENVIRONMENT_VARIABLE {
                    return None;
                }
                let variable = variables.get(key);
                let is_user_name = matches!(column, Some("username" | "cyberarkusername"));
                Some(CredentialColumn {
                    column: column.map(str::to_owned),
                    variable: key.clone(),
                    variable_type: variable.and_then(|variable| variable.kind),
                    state: variable.map_or(VariableState::Absent, |variable| variable.state()),
                    user_name_form: variable
                        .filter(|_| is_user_name)
                        .and_then(|variable| variable.user_name_form()),
                    place: used.place.clone(),
                })
            });
            let mut columns: Vec<CredentialColumn> = columns.collect();
            // Who signs in is read first; the rest stays as the source has it.
            columns.sort_by_key(|column| {
                !matches!(column.column.as_deref(), Some("username" | "cyberarkusername"))
            });
            found.push(CredentialNeeds {
                signs_in: Vec::new(),
                credential: component.key.clone(),
                name: component.name.clone(),
                solution: solution.manifest.unique_name.clone(),
                kind: credential.kind,
                uses: credential.uses.clone(),
                place: component.place.clone(),
                columns,
            });
        }
    }
    found
}

pub(super) fn rotations(chosen: &[&Solution]) -> Vec<Rotation> {
    let mut found = Vec::new();
    for solution in chosen {
        for component in &solution.components {
            let Details::CloudFlow(flow) = &component.details else { continue };
            let Some(rotation) = &flow.rotation else { continue };
            found.push(Rotation {
                flow: component.key.clone(),
                name: component.name.clone(),
                solution: solution.manifest.unique_name.clone(),
                vault: rotation.vault.clone(),
                place: rotation.place.clone(),
            });
        }
    }
    found
}

/// Vaults and their secrets; names compare without case, as everywhere in Azure.
pub(super) fn vaults(
    variables: &Variables<'_>,
    used_by: &BTreeMap<ComponentKey, Vec<ColumnUse>>,
) -> Vec<Vault> {
    let mut vaults: BTreeMap<[String; 3], (Vault, BTreeMap<String, VaultSecret>)> = BTreeMap::new();
    for (key, variable) in variables.iter() {
        for held in variable.held() {
            let Text::Reference(reference) = held.text else { continue };
            let of_vault = [&reference.vault, &reference.subscription, &reference.resource_group];
            let (_, secrets) = vaults.entry(of_vault.map(|part| part.to_lowercase())).or_insert_with(|| {
                let vault = Vault {
                    name: reference.vault.clone(),
                    subscription: reference.subscription.clone(),
                    resource_group: reference.resource_group.clone(),
                    secrets: Vec::new(),
                    prerequisites: Vec::new(),
                };
                (vault, BTreeMap::new())
            });
            let secret = secrets.entry(reference.secret.to_lowercase());
            let secret = secret
                .or_insert_with(|| VaultSecret { name: reference.secret.clone(), variables: Vec::new() });
            secret.variables.push(SecretVariable {
                variable: key.clone(),
                solution: held.solution.to_owned(),
                source: held.source,
                place: held.place.clone(),
                used_by: used_by.get(key).cloned().unwrap_or_default(),
            });
        }
    }
    vaults
        .into_values()
        .map(|(vault, secrets)| Vault { secrets: secrets.into_values().collect(), ..vault })
        .collect()
}

/// What is not filled: secrets, and whatever a credential uses.
pub(super) fn unfilled(
    variables: &Variables<'_>,
    used_by: &BTreeMap<ComponentKey, Vec<ColumnUse>>,
) -> Vec<Unfilled> {
    let mut found = Vec::new();
    for (key, variable) in variables.iter() {
        let uses = used_by.get(key);
        if variable.kind != Some(VariableType::Secret) && uses.is_none() {
            continue;
        }
        let mut add = |solution: &str, state, place: &Place| {
            found.push(Unfilled {
                variable: key.clone(),
                solution: solution.to_owned(),
                state,
                place: place.clone(),
                used_by: uses.cloned().unwrap_or_default(),
            });
        };
        match variable.state() {
            VariableState::Filled | VariableState::Absent => {}
            state @ VariableState::Empty => {
                let (solution, place) = variable.defined;
                add(solution, state, place);
            }
            VariableState::Invalid(_) => {
                for held in variable.held() {
                    if let Text::Invalid(fault) = held.text {
                        add(held.solution, VariableState::Invalid(fault), held.place);
                    }
                }
            }
        }
    }
    // A name in a text of unknown layout may be anything.
    for (key, uses) in used_by {
        let uses: Vec<ColumnUse> = uses.iter().filter(|used| used.column.is_some()).cloned().collect();
        if let Some(first) = uses.first().filter(|_| variables.get(key).is_none()) {
            found.push(Unfilled {
                variable: key.clone(),
                solution: first.solution.clone(),
                state: VariableState::Absent,
                place: first.place.clone(),
                used_by: uses,
            });
        }
    }
    found.sort_by(|one, other| {
        (&one.solution, &one.variable, &one.place).cmp(&(&other.solution, &other.variable, &other.place))
    });
    found
}
