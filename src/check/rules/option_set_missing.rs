//! PKG029: a column takes its values from a global option set that no package brings and nothing declares as missing.

use super::foreign_prefix::{OF_THE_PLATFORM, has_prefix};
use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::model::{ComponentKey, ComponentType, DataverseError, Solution, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::OPTION_SET_MISSING,
    dataverse: Some(DataverseError::OPTION_SET_MISSING),
    page: include_str!("../../../docs/rules/option-set-missing.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    for (at, solution) in set.solutions.iter().enumerate() {
        let Some(facts) = set.facts_of(solution) else { continue };
        for used in &facts.option_sets {
            let key = ComponentKey::new(ComponentType::OPTION_SET, &used.name);
            let holds = |other| set.holdings.component(other, &key).is_some();
            // A root component without content is told already.
            let is_there = set.holdings.holds(at, &key) || (0..set.solutions.len()).any(holds);
            if is_there
                || is_declared(solution, &key)
                || is_of_platform(solution, used.column_name(), key.folded())
            {
                continue;
            }
            let message = format!(
                "column {} takes its values from option set {}, which no package of the set brings",
                used.column.key, used.name
            );
            report
                .add_of(&solution.manifest.unique_name, &used.place, message)
                .of(&used.column)
                .otherwise("the column is not imported wherever the target does not have the option set")
                .help(format!(
                    "add the option set to {} and export that again, or take the solution that brings it into the set",
                    solution.manifest.unique_name
                ));
        }
    }
}

/// That a declared one is missing, the rules on dependencies tell.
fn is_declared(solution: &Solution, key: &ComponentKey) -> bool {
    solution.manifest.missing_dependencies.iter().any(|missing| missing.required.keys.contains(key))
}

/// Option sets of the platform are called by a table and a column of its own: `metric_type`. A maker's has the prefix of the
/// publisher or of the column.
fn is_of_platform(solution: &Solution, column: &str, option_set: &str) -> bool {
    let prefix = |name: &str| {
        name.split_once('_').filter(|_| has_prefix(name)).map(|(prefix, _)| prefix.to_lowercase())
    };
    let Some(found) = prefix(option_set) else { return true };
    OF_THE_PLATFORM.contains(&&*found)
        || (found != solution.manifest.publisher.prefix.to_lowercase() && Some(found) != prefix(column))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{file, found};
    use crate::model::codes;

    fn with(option_set: &str, custom: u8, more: &str) -> Vec<String> {
        let entities = format!(
            "<Entities><Entity><EntityInfo><entity Name='fab_Machine'><attributes><attribute PhysicalName='fab_State'>\
             <LogicalName>fab_state</LogicalName><IsCustomField>{custom}</IsCustomField>\
             <OptionSetName>{option_set}</OptionSetName></attribute></attributes></entity></EntityInfo></Entity></Entities>"
        );
        found(codes::OPTION_SET_MISSING, &(file("customizations.xml", &entities) + more))
    }

    #[test]
    fn only_what_nobody_has_and_nothing_declares() {
        assert_eq!(with("fab_states", 1, "").len(), 1);
        assert_eq!(with("metric_type", 1, ""), [""; 0]);
        assert_eq!(with("fab_states", 0, ""), [""; 0]);
        let other = file(
            "FabShared.zip:customizations.xml",
            "<optionsets><optionset Name='fab_states' /></optionsets>",
        );
        assert_eq!(with("fab_states", 1, &other), [""; 0]);
        let declared = file(
            "solution.xml",
            "<MissingDependencies><MissingDependency><Required type='9' schemaName='fab_states' solution='FabBase (1.0)' />\
             <Dependent type='2' schemaName='fab_state' /></MissingDependency></MissingDependencies>",
        );
        assert_eq!(with("fab_states", 1, &declared), [""; 0]);
    }
}
