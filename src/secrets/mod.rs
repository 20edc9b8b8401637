//! What a set of solutions needs of Azure Key Vault and of CyberArk, what is not filled yet, and what must be true before
//! the import.
//!
//! Read [`Secrets`] first. Nothing is asked of Azure, and no value of a secret is known here: a variable holds a reference.

mod collect;
mod faults;
mod prerequisites;
mod sources;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::graph::stated_sign_ins;
use crate::model::{
    ComponentKey, CredentialKind, CredentialUse, Finding, KeyVaultFault, Place, Solution, SolutionIdentity,
    UserNameForm, VariableType,
};
use crate::plan::{Options, choose};
pub use prerequisites::{DATAVERSE, Prerequisite, SECRETS_ROLE};
pub use sources::Source;
use sources::Variables;

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
    /// Whether that is a value or a default, or a value of the environment.
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
    /// What is known to sign in with it, from the configuration or an environment: connection references and desktop flows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signs_in: Vec<ComponentKey>,
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
    secrets_with(solutions, &Options::default())
}

/// As [`secrets`], of the packages that count in a plan with these options.
pub fn secrets_with(solutions: &[Solution], options: &Options) -> Secrets {
    let mut findings = Vec::new();
    let chosen = choose(solutions, options, &mut findings);
    // That a solution is there twice matters here where one of its packages has to do with secrets.
    let of_secrets: BTreeSet<String> = solutions
        .iter()
        .filter(|solution| solution.components.iter().any(collect::has_to_do_with_secrets))
        .map(|solution| solution.manifest.unique_name.to_lowercase())
        .collect();
    findings.retain(|finding| of_secrets.contains(&finding.solution.to_lowercase()));
    let used_by = collect::uses_by_variable(&chosen);
    let apart = sources::values_apart(&chosen);
    let variables = Variables::of(&chosen, &apart);
    let mut credentials = collect::credentials(&chosen, &variables);
    let (sign_ins, _) = stated_sign_ins(&chosen, &options.signs_in);
    for credential in &mut credentials {
        let own = sign_ins.iter().filter(|sign_in| sign_in.to.as_ref() == Some(&credential.credential));
        let signers: BTreeSet<&ComponentKey> = own.map(|sign_in| &sign_in.from).collect();
        credential.signs_in = signers.into_iter().cloned().collect();
    }
    let rotations = collect::rotations(&chosen);
    let unfilled = collect::unfilled(&variables, &used_by);
    let mut vaults = collect::vaults(&variables, &used_by);
    for vault in &mut vaults {
        vault.prerequisites = prerequisites::of_vault(vault, &rotations);
    }
    let has_unfilled_secrets = unfilled.iter().any(|unfilled| {
        let variable = variables.get(&unfilled.variable);
        variable.is_some_and(|variable| variable.kind == Some(VariableType::Secret))
    });
    let mut secrets = Secrets {
        solutions: chosen.iter().map(|solution| solution.identity()).collect(),
        prerequisites: prerequisites::of_set(&credentials, has_unfilled_secrets),
        vaults,
        credentials,
        unfilled,
        rotations,
        findings,
    };
    faults::add(&mut secrets, &chosen);
    secrets
}
