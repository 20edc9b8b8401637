//! From where a credential takes its user and password: its variables, and through them the secrets in a vault.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Component, ComponentKey, Credential, Details, EnvironmentVariable, SecretReference, Solution,
};

/// The columns of a component that a variable fills; none where it is no credential.
pub(super) fn filled_by<'s>(
    component: &'s Component,
    variable: &ComponentKey,
) -> impl Iterator<Item = &'s str> {
    let columns = match &component.details {
        Details::Credential(credential) => &*credential.variables,
        _ => &[],
    };
    columns.iter().filter(move |(_, filled)| filled == variable).map(|(column, _)| &**column)
}

/// `secret a of vault b → secret c of vault b`; none where a variable is of no secret now, or of the same as before.
pub(super) fn other_secret(old: &EnvironmentVariable, new: &EnvironmentVariable) -> Option<String> {
    new.secret.as_ref().filter(|_| old.secret != new.secret)?;
    let (before, after) = (secret_words(old.secret.as_ref()), secret_words(new.secret.as_ref()));
    Some(if before == after {
        format!("{after}, of another subscription or resource group")
    } else {
        format!("{before} → {after}")
    })
}

/// The columns that take another variable, each with both: `password: fab_A (secret a of vault v) → fab_B (secret b of vault v)`.
pub(super) fn other_variables(sides: [(&Solution, &Credential); 2]) -> Option<String> {
    let by_column = |(solution, credential): (&Solution, &Credential)| {
        let mut columns: BTreeMap<String, BTreeSet<(ComponentKey, String)>> = BTreeMap::new();
        for (column, variable) in &credential.variables {
            let words = variable_words(solution, variable);
            columns.entry(column.clone()).or_default().insert((variable.clone(), words));
        }
        columns
    };
    let [old, new] = sides.map(by_column);
    let columns: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let keys = |of: Option<&BTreeSet<(ComponentKey, String)>>| -> Vec<ComponentKey> {
        of.into_iter().flatten().map(|(variable, _)| variable.clone()).collect()
    };
    let words = |of: Option<&BTreeSet<(ComponentKey, String)>>| match of {
        None => "none".to_owned(),
        Some(variables) => {
            variables.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join(" and ")
        }
    };
    let differing = columns.into_iter().filter_map(|column| {
        let (before, after) = (old.get(column), new.get(column));
        (keys(before) != keys(after)).then(|| format!("{column}: {} → {}", words(before), words(after)))
    });
    let told: Vec<String> = differing.collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// A variable, and what its secret is where the package says so.
fn variable_words(solution: &Solution, key: &ComponentKey) -> String {
    let variable = solution.components.iter().find(|component| component.key == *key);
    match variable.map(|variable| &variable.details) {
        Some(Details::EnvironmentVariable(EnvironmentVariable { secret: Some(secret), .. })) => {
            format!("{} ({})", key.key, secret_words(Some(secret)))
        }
        _ => key.key.to_string(),
    }
}

fn secret_words(secret: Option<&SecretReference>) -> String {
    match secret {
        None => "no secret".to_owned(),
        Some(SecretReference::KeyVault(reference)) => {
            format!("secret {} of vault {}", reference.secret, reference.vault)
        }
        Some(SecretReference::Invalid(_)) => "no valid reference to a secret".to_owned(),
    }
}
