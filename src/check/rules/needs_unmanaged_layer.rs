//! DEP008: a component is declared as missing that only the unmanaged layer of the source had (`FORMATS.md` §5.3).

use std::collections::HashSet;

use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::graph::comes_with_its_table;
use crate::model::{
    ComponentKey, ComponentType, DataverseError, MissingDependency, NeededComponent, codes, describe,
};

pub(super) const RULE: Rule = Rule {
    code: codes::NEEDS_UNMANAGED_LAYER,
    dataverse: Some(DataverseError::MISSING_DEPENDENCIES),
    page: include_str!("../../../docs/rules/needs-unmanaged-layer.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    for (at, solution) in set.solutions.iter().enumerate() {
        let rows = solution.manifest.missing_dependencies.iter().filter(|row| row.unmanaged_layer);
        let unmet: Vec<&MissingDependency> = rows.filter(|row| !is_met(set, &row.required)).collect();
        let tables: HashSet<&ComponentKey> = unmet
            .iter()
            .flat_map(|row| &row.required.keys)
            .filter(|key| key.kind == ComponentType::TABLE)
            .collect();
        let mut told = HashSet::new();
        for row in &unmet {
            let Some(key) = row.required.keys.first() else { continue };
            // A table that is brought brings its columns, views and forms.
            let with_table = row.required.parent.as_ref().is_some_and(|table| tables.contains(table));
            if !with_table && told.insert(key) {
                tell(set, at, row, key, report);
            }
        }
    }
}

fn tell(set: &Set<'_>, at: usize, row: &MissingDependency, key: &ComponentKey, report: &mut Report<'_>) {
    let solution = set.solutions[at];
    let name = &solution.manifest.unique_name;
    let dependent = row.dependent.keys.iter().find_map(|key| set.holdings.component(at, key));
    let dependent = dependent
        .map_or_else(|| named(&row.dependent), |component| solution.components[component].described());
    let needed = named(&row.required);
    report
        .add_of(
            name,
            &row.place,
            format!(
                "{} needs {needed}, which the source had in its unmanaged layer only; no package of the set holds it",
                dependent
            ),
        )
        .of(key)
        .otherwise("the import fails wherever the target does not have it")
        .help(format!(
            "take the solution that brings {needed} into the set, or add it to {name} and export that again"
        ));
}

/// Whether a solution of the set has its content, or the platform makes it. A root component without content, a shell and
/// what is unmodified are none.
fn is_met(set: &Set<'_>, required: &NeededComponent) -> bool {
    let is_content = |key: &ComponentKey, at: usize| {
        let component =
            set.holdings.component(at, key).map(|component| &set.solutions[at].components[component]);
        component.is_some_and(|component| !component.shell && !component.unmodified)
    };
    let is_held = |key: &ComponentKey| (0..set.solutions.len()).any(|at| is_content(key, at));
    required.keys.iter().any(is_held) || required.keys.iter().any(comes_with_its_table)
}

fn named(needed: &NeededComponent) -> String {
    match needed.keys.first() {
        Some(key) => describe(key.kind.words(), key, Some(&needed.name)),
        None => needed.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{file, found};
    use crate::model::codes;

    fn missing(required: &[&str]) -> String {
        let row = |required: &&str| {
            format!(
                "<MissingDependency><Required {required} solution='Active' /><Dependent type='62' /></MissingDependency>"
            )
        };
        let rows: String = required.iter().map(row).collect();
        file("solution.xml", &format!("<MissingDependencies>{rows}</MissingDependencies>"))
    }

    #[test]
    fn a_table_brings_its_parts_and_the_platform_some_columns() {
        let example = missing(&[
            "type='2' schemaName='fab_speed' parentSchemaName='fab_machine'",
            "type='1' schemaName='fab_machine'",
            "type='2' schemaName='ownerid' parentSchemaName='fab_robot'",
        ]);
        let told = found(codes::NEEDS_UNMANAGED_LAYER, &example);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("error: site map sitemap needs table fab_machine, "), "{told:?}");
        assert_eq!(found(codes::UNMET_NEED, &example), [""; 0]);
    }

    #[test]
    fn a_shell_and_a_bare_root_are_not_the_table() {
        let needs = missing(&["type='1' schemaName='fab_machine'"]);
        let count = |behavior: u8, table: &str| {
            let root = format!(
                "<RootComponents><RootComponent type='1' schemaName='fab_machine' behavior='{behavior}' /></RootComponents>"
            );
            let tables = format!("<Entities>{table}</Entities>");
            let other = file("FabShared.zip:solution.xml", &root)
                + &file("FabShared.zip:customizations.xml", &tables);
            found(codes::NEEDS_UNMANAGED_LAYER, &(needs.clone() + &other)).len()
        };
        let table =
            "<Entity><Name>fab_machine</Name><EntityInfo><entity Name='fab_machine' /></EntityInfo></Entity>";
        assert_eq!(count(0, table), 0);
        assert_eq!(count(2, table), 1);
        assert_eq!(count(0, ""), 1);
    }

    #[test]
    fn a_need_without_a_provider_is_another_matter() {
        let example = missing(&["type='1' schemaName='fab_machine'"]).replace(" solution='Active'", "");
        assert_eq!(found(codes::NEEDS_UNMANAGED_LAYER, &example), [""; 0]);
        assert_eq!(found(codes::UNMET_NEED, &example).len(), 1);
    }
}
