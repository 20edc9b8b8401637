//! FLW004: a connection reference that nothing in the set uses.

use std::collections::BTreeSet;

use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::check::unread::has_unread;
use crate::model::{Component, ComponentKey, ComponentType, Details, Solution, Target, codes};
use crate::text::shell_word;

pub(super) const RULE: Rule = Rule {
    code: codes::CONNECTION_REFERENCE_UNUSED,
    dataverse: None,
    page: include_str!("../../../docs/rules/connection-reference-unused.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    // What cannot be read may use it.
    let kinds = [ComponentType::WORKFLOW, ComponentType::CANVAS_APP];
    if set.solutions.iter().any(|solution| has_unread(solution, "workflows", &kinds)) {
        return;
    }
    let mut used: BTreeSet<&ComponentKey> = BTreeSet::new();
    for (_, component) in set.components() {
        let targets = component.uses.iter().filter_map(|used| match &used.target {
            Target::Component(key) => Some(key),
            Target::Expression(_) => None,
        });
        used.extend(targets);
    }
    for solution in &set.solutions {
        let needed = solution.manifest.missing_dependencies.iter().flat_map(|missing| &missing.required.keys);
        used.extend(needed);
    }
    for (solution, component) in set.components() {
        if matches!(component.details, Details::ConnectionReference(_)) && !used.contains(&component.key) {
            report
                .about_of(solution, component, format!("nothing in the set uses {}", component.described()))
                .otherwise("the import asks for a connection for it all the same")
                .help(remove(solution, component));
        }
    }
}

fn remove(solution: &Solution, component: &Component) -> String {
    let unless = "unless a solution outside of the set uses it";
    if !solution.is_editable() {
        return format!("{unless}: remove it from the solution in the source and export again");
    }
    let (name, source) = (shell_word(&component.key.key), solution.source_word());
    format!("{unless}: solship remove connection-reference {name} --solution {source}")
}
