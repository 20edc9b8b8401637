//! PKG026: one GUID stands for two components with different content. In one solution that holds for every kind; of two
//! solutions only flows and other processes are compared: forms, views and roles of one GUID are rightly in several, each
//! with its own layer.

use std::collections::{BTreeMap, HashMap};

use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::check::subject::Subject;
use crate::model::{Component, ComponentKey, Severity, Solution, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::GUID_TWICE,
    dataverse: None,
    page: include_str!("../../../docs/rules/guid-twice.md"),
    run: Run::Both(check, check_set),
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

fn check_set(set: &Set<'_>, report: &mut Report<'_>) {
    let mut first: BTreeMap<&ComponentKey, (usize, &[u8; 32])> = BTreeMap::new();
    for (at, solution) in set.solutions.iter().enumerate() {
        for (key, hash) in set.facts_of(solution).into_iter().flat_map(|facts| &facts.processes) {
            let (known, known_hash) = *first.entry(key).or_insert((at, hash));
            let of_known = set.solutions[known];
            if known_hash == hash || are_patches(of_known, solution) {
                continue;
            }
            let component = |at: usize| {
                set.holdings.component(at, key).map(|component| &set.solutions[at].components[component])
            };
            let (Some(one), Some(other)) = (component(known), component(at)) else { continue };
            let name = &of_known.manifest.unique_name;
            report
                .about_of(
                    solution,
                    other,
                    format!(
                        "{} has the GUID {}, as {} of {name} has, and other content",
                        other.described(),
                        key.key,
                        one.described()
                    ),
                )
                .level(Severity::Warning)
                .because(format!("{name} has it here"), Some(one.place.clone()))
                .otherwise(
                    "the one that is imported last counts, and removing that solution brings the other back",
                )
                .help("keep it in one of the two solutions, or give the copy a GUID of its own");
        }
    }
}

/// A patch has newer content of what its parent holds, and so has another patch.
fn are_patches(one: &Solution, other: &Solution) -> bool {
    let parent = |solution: &Solution| solution.manifest.parent.as_ref().map(|(name, _)| name.to_lowercase());
    let name = |solution: &Solution| solution.manifest.unique_name.to_lowercase();
    let (of_one, of_other) = (parent(one), parent(other));
    of_one.as_ref() == Some(&name(other))
        || of_other.as_ref() == Some(&name(one))
        || (of_one.is_some() && of_one == of_other)
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

    fn flow(label: &str, manifest: &str, json: &str) -> String {
        let row = "<Workflows><Workflow WorkflowId='{0c0ffee0-0000-4000-8000-000000000001}' Name='Pay'>\
                   <JsonFileName>/Workflows/Pay.json</JsonFileName><Category>5</Category></Workflow></Workflows>";
        file(&format!("{label}.zip:solution.xml"), manifest)
            + &file(&format!("{label}.zip:customizations.xml"), row)
            + &file(&format!("{label}.zip:Workflows/Pay.json"), json)
    }

    #[test]
    fn two_solutions_with_one_flow() {
        let named = |name: &str, version: &str, more: &str| {
            format!("<UniqueName>{name}</UniqueName><Version>{version}</Version>{more}")
        };
        let one = flow("a", &named("FabA", "1.0", ""), "{\"properties\": {}}");
        let count = |manifest: &str, json: &str| {
            found(codes::GUID_TWICE, &(one.clone() + &flow("b", manifest, json))).len()
        };
        let other = "{\"properties\": {\"definition\": {}}}";
        assert_eq!(count(&named("FabB", "1.0", ""), other), 1);
        assert_eq!(count(&named("FabB", "1.0", ""), "{ \"properties\":{} }"), 0);
        assert_eq!(count(&named("FabA", "1.1", ""), other), 0);
        assert_eq!(count(&named("FabA", "1.0", "<Managed>1</Managed>"), other), 0);
        let patch = "<ParentSolution><UniqueName>FabA</UniqueName></ParentSolution>";
        assert_eq!(count(&named("FabA_Patch", "1.0.1", patch), other), 0);
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
