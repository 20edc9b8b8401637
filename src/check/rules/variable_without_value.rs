//! VAR002: a variable has neither a default nor a value.

use std::collections::BTreeSet;

use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::check::unread::has_unread;
use crate::model::{ComponentKey, ComponentType, Details, Target, VariableType, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::VARIABLE_WITHOUT_VALUE,
    dataverse: None,
    page: include_str!("../../../docs/rules/variable-without-value.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    // Values that travel without the definition, and variables of credentials, of which SEC003 tells.
    let mut settled: BTreeSet<&ComponentKey> = BTreeSet::new();
    for (_, component) in set.components() {
        let counts = match &component.details {
            Details::EnvironmentVariableValue(value) => value.value.is_some(),
            Details::Credential(_) => true,
            _ => false,
        };
        let targets = component.uses.iter().filter_map(|used| match &used.target {
            Target::Component(key) if counts && key.kind == ComponentType::ENVIRONMENT_VARIABLE => Some(key),
            _ => None,
        });
        settled.extend(targets);
    }
    // A value may be in a file that cannot be read.
    let is_unread = |key: &ComponentKey| {
        let folder = format!("environmentvariabledefinitions/{}", key.folded());
        set.solutions.iter().any(|solution| has_unread(solution, &folder, &[]))
    };
    for (solution, component) in set.components() {
        let Details::EnvironmentVariable(variable) = &component.details else { continue };
        if variable.kind != VariableType::Secret
            && variable.default.is_none()
            && variable.value.is_none()
            && !settled.contains(&component.key)
            && !is_unread(&component.key)
        {
            report
                .about_of(
                    solution,
                    component,
                    format!("{} has neither a default nor a value", component.described()),
                )
                .otherwise("the import asks for a value; where nobody answers, flows that read it fail")
                .help(format!(
                    "make a file with an entry for {}: solship settings new {}",
                    component.key.key,
                    solution.source_word()
                ));
        }
    }
}
