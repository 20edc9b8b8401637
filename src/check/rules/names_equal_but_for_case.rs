//! PKG027: two names differ in nothing but the case of letters. Paths of entries are not looked at: an archive with two such
//! is refused when it is read.

use std::collections::HashMap;

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{Component, ComponentKey, ComponentType, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::NAMES_EQUAL_BUT_CASE,
    dataverse: None,
    page: include_str!("../../../docs/rules/names-equal-but-for-case.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let mut first: HashMap<&ComponentKey, &Component> = HashMap::new();
    let components = subject.solution.components.iter().chain(subject.twins);
    for component in components.filter(|component| is_named(&component.key)) {
        let known = *first.entry(&component.key).or_insert(component);
        if known.key.key != component.key.key {
            report
                .about(
                    component,
                    format!(
                        "{} and {} differ in nothing but the case of letters",
                        component.described(),
                        known.described()
                    ),
                )
                .because(format!("{} stands here", known.described()), Some(known.place.clone()))
                .otherwise("Dataverse compares names without case: one of them takes the place of the other")
                .help("give one of them another name");
        }
    }
}

fn is_named(key: &ComponentKey) -> bool {
    !key.is_guid() && key.kind != ComponentType::FILE
}
