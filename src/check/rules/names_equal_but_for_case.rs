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

#[cfg(test)]
mod tests {
    use crate::check::testing::{file, found};
    use crate::model::codes;

    #[test]
    fn rows_that_another_one_hides_are_looked_at() {
        let row = |name: &str| format!("<connectionreference connectionreferencelogicalname='{name}' />");
        let count = |one: &str, other: &str| {
            let rows = format!("<connectionreferences>{}{}</connectionreferences>", row(one), row(other));
            found(codes::NAMES_EQUAL_BUT_CASE, &file("customizations.xml", &rows)).len()
        };
        assert_eq!(count("fab_mail", "fab_Mail"), 1);
        assert_eq!(count("fab_mail", "fab_mail"), 0);
        assert_eq!(count("fab_mail", "fab_mails"), 0);
    }
}
