//! SEC014: flows tell Dataverse of new secrets of some vaults, and not of others.

use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::model::codes;

pub(super) const RULE: Rule = Rule {
    code: codes::ROTATION_INCOMPLETE,
    dataverse: None,
    page: include_str!("../../../docs/rules/rotation-incomplete.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    let rotations = &set.secrets.rotations;
    // A flow that does not say which vault it listens to may listen to any.
    if rotations.is_empty() || rotations.iter().any(|rotation| rotation.vault.is_none()) {
        return;
    }
    for vault in &set.secrets.vaults {
        let is_told = |name: &String| name.eq_ignore_ascii_case(&vault.name);
        if rotations.iter().any(|rotation| rotation.vault.as_ref().is_some_and(is_told)) {
            continue;
        }
        let Some(variable) = vault.secrets.first().and_then(|secret| secret.variables.first()) else {
            continue;
        };
        let first = &rotations[0];
        let message =
            format!("no flow tells Dataverse of new versions of the secrets of vault {}", vault.name);
        report
            .add_of(&variable.solution, &variable.place, message)
            .of(&variable.variable)
            .because(
                format!("cloud flow \"{}\" does it for vault {}", first.name, first.vault.as_deref().unwrap_or_default()),
                Some(first.place.clone()),
            )
            .help("turn those flows off once all connections were made or updated after April 2024; else copy one and set its resource name");
    }
}
