//! What a set of solutions needs of Azure Key Vault and of CyberArk, what is not filled yet, and what must be true before
//! the import.
//!
//! Read [`Secrets`] first. Nothing is asked of Azure, and no value of a secret is known here: a variable holds a reference.

mod faults;
mod prerequisites;
mod sources;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{
    ComponentKey, ComponentType, CredentialKind, CredentialUse, Details, Finding, KeyVaultFault, Place,
    Relation, Solution, SolutionIdentity, Target, UserNameForm, VariableType,
};
use crate::plan::{Options, choose};
pub use prerequisites::{DATAVERSE, Prerequisite, SECRETS_ROLE};
pub use sources::Source;
use sources::{Text, Variables};

/// Every secret that a set of solutions needs.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Secrets {
    /// The packages that count, by unique name.
    pub solutions: Vec<SolutionIdentity>,
    /// The vaults, by name, each with its secrets and with what must be true of it.
    pub vaults: Vec<Vault>,
    /// Every credential, in the order of the solutions.
    pub credentials: Vec<CredentialNeeds>,
    /// Variables that hold no reference or no text yet, and those that no package of the set defines.
    pub unfilled: Vec<Unfilled>,
    /// Cloud flows that still tell Dataverse of new versions of secrets (deprecated).
    pub rotations: Vec<Rotation>,
    /// What must be true whatever the vault.
    pub prerequisites: Vec<Prerequisite>,
    /// What is to be said of the set, errors first.
    pub findings: Vec<Finding>,
}

/// One key vault.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Vault {
    /// Its name.
    pub name: String,
    /// Subscription id.
    pub subscription: String,
    /// Resource group.
    pub resource_group: String,
    /// Its secrets that are needed, by name.
    pub secrets: Vec<VaultSecret>,
    /// What must be true before the import.
    pub prerequisites: Vec<Prerequisite>,
}

/// One secret of a vault.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct VaultSecret {
    /// Its name.
    pub name: String,
    /// Through which variables it is needed.
    pub variables: Vec<SecretVariable>,
}

/// A variable that names a secret.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretVariable {
    /// The variable.
    #[serde(flatten)]
    pub variable: ComponentKey,
    /// Unique name of the solution whose value or default names the secret.
    pub solution: String,
    /// Whether that is a value or a default.
    pub source: Source,
    /// Where the variable, or the value alone, stands.
    pub place: Place,
    /// For which credentials.
    pub used_by: Vec<ColumnUse>,
}

/// A credential that uses a variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct ColumnUse {
    /// The credential.
    #[serde(flatten)]
    pub credential: ComponentKey,
    /// Its name.
    pub name: String,
    /// Unique name of the solution with the credential.
    pub solution: String,
    /// The column; none where the variable is only named in a text of unknown layout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Where.
    pub place: Place,
}

/// One credential, and what it takes from where.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CredentialNeeds {
    /// The credential.
    #[serde(flatten)]
    pub credential: ComponentKey,
    /// Its name.
    pub name: String,
    /// Unique name of its solution.
    pub solution: String,
    /// Its kind.
    pub kind: CredentialKind,
    /// What it may be used for.
    pub uses: Vec<CredentialUse>,
    /// Where it stands.
    pub place: Place,
    /// Its variables.
    pub columns: Vec<CredentialColumn>,
}

/// A variable of a credential.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CredentialColumn {
    /// The column; none where the variable is only named in a text of unknown layout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The variable.
    #[serde(flatten)]
    pub variable: ComponentKey,
    /// Type of the variable; none when no package of the set defines it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variable_type: Option<VariableType>,
    /// Whether it is filled.
    pub state: VariableState,
    /// The form of the user name in it. The name itself is not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name_form: Option<UserNameForm>,
    /// Where the credential names it.
    pub place: Place,
}

/// Whether a variable is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum VariableState {
    /// It has a text, or a valid reference.
    Filled,
    /// It has neither value nor default: both are asked for at import.
    Empty,
    /// What it has is no reference to a secret; that text is not shown.
    Invalid(KeyVaultFault),
    /// No package of the set defines it.
    Absent,
}

/// A variable that is not filled.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unfilled {
    /// The variable.
    #[serde(flatten)]
    pub variable: ComponentKey,
    /// Unique name of the solution that defines it, or that uses it where none does.
    pub solution: String,
    /// Why.
    pub state: VariableState,
    /// Where it stands, or where it is used.
    pub place: Place,
    /// For which credentials.
    pub used_by: Vec<ColumnUse>,
}

/// A cloud flow that tells Dataverse of new versions of secrets.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Rotation {
    /// The flow.
    #[serde(flatten)]
    pub flow: ComponentKey,
    /// Its name.
    pub name: String,
    /// Unique name of its solution.
    pub solution: String,
    /// The vault whose events start it; none when that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vault: Option<String>,
    /// Where it tells Dataverse.
    pub place: Place,
}

impl Secrets {
    /// Whether there is nothing to prepare and nothing to say.
    pub fn is_empty(&self) -> bool {
        self.vaults.is_empty()
            && self.credentials.is_empty()
            && self.unfilled.is_empty()
            && self.rotations.is_empty()
    }
}

/// Looks for everything that the set needs. The order of `solutions` does not matter; of two packages of one solution the
/// one that `plan` takes counts.
pub fn secrets(solutions: &[Solution]) -> Secrets {
    let mut findings = Vec::new();
    let chosen = choose(solutions, &Options::default(), &mut findings);
    let used_by = uses_by_variable(&chosen);
    let apart = sources::values_apart(&chosen);
    let variables = Variables::of(&chosen, &apart);
    let credentials = credentials(&chosen, &variables);
    let rotations = rotations(&chosen);
    let unfilled = unfilled(&variables, &used_by);
    let mut vaults = vaults(&variables, &used_by);
    for vault in &mut vaults {
        vault.prerequisites = prerequisites::of_vault(vault, &rotations);
    }
    let mut secrets = Secrets {
        solutions: chosen.iter().map(|solution| solution.identity()).collect(),
        prerequisites: prerequisites::of_credentials(&credentials),
        vaults,
        credentials,
        unfilled,
        rotations,
        findings,
    };
    faults::add(&mut secrets, &chosen);
    secrets
}

/// Which credentials use each variable, in the order of the solutions.
fn uses_by_variable(chosen: &[&Solution]) -> BTreeMap<ComponentKey, Vec<ColumnUse>> {
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

fn credentials(chosen: &[&Solution], variables: &Variables<'_>) -> Vec<CredentialNeeds> {
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
            found.push(CredentialNeeds {
                credential: component.key.clone(),
                name: component.name.clone(),
                solution: solution.manifest.unique_name.clone(),
                kind: credential.kind,
                uses: credential.uses.clone(),
                place: component.place.clone(),
                columns: columns.collect(),
            });
        }
    }
    found
}

fn rotations(chosen: &[&Solution]) -> Vec<Rotation> {
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
fn vaults(variables: &Variables<'_>, used_by: &BTreeMap<ComponentKey, Vec<ColumnUse>>) -> Vec<Vault> {
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
fn unfilled(variables: &Variables<'_>, used_by: &BTreeMap<ComponentKey, Vec<ColumnUse>>) -> Vec<Unfilled> {
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
