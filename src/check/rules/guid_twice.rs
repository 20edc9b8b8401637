//! PKG026: one GUID stands for two components with different content.

use std::collections::HashMap;

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{Component, ComponentKey, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::GUID_TWICE,
    dataverse: None,
    page: include_str!("../../../docs/rules/guid-twice.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let mut first: HashMap<&ComponentKey, &Component> = HashMap::new();
    for component in subject.solution.components.iter().chain(subject.twins) {
        let keys = std::iter::once(&component.key).chain(&component.aliases);
        for key in keys.filter(|key| key.is_guid()) {
            let known = *first.entry(key).or_insert(component);
            if !std::ptr::eq(known, component) && !is_copy(subject, known, component) {
                report
                    .about(
                        component,
                        format!(
                            "{} has the GUID {}, as {} has",
                            component.described(),
                            key.key,
                            known.described()
                        ),
                    )
                    .because(format!("{} is the first with it", known.described()), Some(known.place.clone()))
                    .otherwise("the import keeps one of them, or fails")
                    .help("give the copy a GUID of its own, wherever it stands");
            }
        }
    }
}

/// The same text twice does no harm.
fn is_copy(subject: &Subject<'_>, one: &Component, other: &Component) -> bool {
    let part = subject.customizations;
    let text = |component: &Component| {
        let mut elements = part.document.root().descendants();
        let element = elements.find(|element| part.place(*element) == component.place)?;
        part.document.bytes().get(element.range())
    };
    let text_of_one = text(one);
    text_of_one.is_some() && text_of_one == text(other)
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{file, found};
    use crate::model::codes;

    #[test]
    fn the_same_row_twice_is_a_copy() {
        let role =
            |name: &str| format!("<Role id='{{0c0ffee0-0000-4000-8000-000000000001}}' name='{name}' />");
        let count = |one: &str, other: &str| {
            let roles = format!("<Roles>{}\n{}</Roles>", role(one), role(other));
            found(codes::GUID_TWICE, &file("customizations.xml", &roles)).len()
        };
        assert_eq!(count("Reader", "Reader"), 0);
        assert_eq!(count("Reader", "Writer"), 1);
    }

    #[test]
    fn rows_that_another_one_hides_are_looked_at() {
        let row = |name: &str| {
            format!(
                "<credential credentialid='0c0ffee0-0000-4000-8000-000000000001'><name>{name}</name></credential>"
            )
        };
        let rows = format!("<credentials>{}{}</credentials>", row("Fast"), row("Slow"));
        let told = found(codes::GUID_TWICE, &file("customizations.xml", &rows));
        assert_eq!(told.len(), 1, "{told:?}");
    }
}
