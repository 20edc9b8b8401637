//! What components use and no package of the set brings, for the rules that each know one kind of it. The plan finds the
//! same; what a rule of its own tells is not told again.
//!
//! Read [`report`] first.

use std::collections::{BTreeMap, HashSet};

use super::rule::Report;
use super::set::Set;
use crate::model::{
    Code, Component, ComponentKey, DataverseError, Relation, Solution, Target, Use, codes, describe,
};

/// The codes of the rules that look here.
pub(super) const CODES: &[Code] = &[
    codes::CONNECTION_REFERENCE_MISSING,
    codes::CHILD_FLOW_MISSING,
    codes::WORK_QUEUE_MISSING,
    codes::PARENT_VARIABLE_MISSING,
    codes::FLOW_VARIABLE_MISSING,
];

/// What Dataverse answers to a need that nothing meets.
pub(super) const ANSWER: Option<DataverseError> = Some(DataverseError::MISSING_DEPENDENCIES);

/// What a rule looks for.
pub(super) struct Looked<'k> {
    /// The ways in which it is used.
    pub(super) relations: &'k [Relation],
    /// What a person calls it, where the words of its type say less.
    pub(super) words: Option<&'k str>,
    /// What happens after the import, which does not look for what nothing declares.
    pub(super) otherwise: &'k str,
}

/// Reports what is used, not there and not declared: once for each solution that needs it, where it is first used. Of what is
/// declared the plan tells: which solution is not there, or that only the unmanaged layer of the source had it.
pub(super) fn report(set: &Set<'_>, looked: &Looked<'_>, report: &mut Report<'_>) {
    for (at, solution) in set.solutions.iter().enumerate() {
        let declared = declared(solution);
        let mut needed: BTreeMap<&ComponentKey, Vec<(&Component, &Use)>> = BTreeMap::new();
        for component in &solution.components {
            for used in component.uses.iter().filter(|used| looked.relations.contains(&used.relation)) {
                let Target::Component(target) = &used.target else { continue };
                let is_there = set.holdings.holds(at, target)
                    || set.holdings.brought_by(target).iter().any(|holder| *holder != at);
                if !is_there {
                    needed.entry(target).or_default().push((component, used));
                }
            }
        }
        for (target, uses) in needed {
            if !declared.contains(target) {
                one(solution, target, &uses, looked, report);
            }
        }
    }
}

/// What is declared as missing.
fn declared(solution: &Solution) -> HashSet<&ComponentKey> {
    solution.manifest.missing_dependencies.iter().flat_map(|missing| &missing.required.keys).collect()
}

fn one(
    solution: &Solution,
    target: &ComponentKey,
    uses: &[(&Component, &Use)],
    looked: &Looked<'_>,
    report: &mut Report<'_>,
) {
    let Some((component, used)) = uses.first() else { return };
    let what = describe(looked.words.unwrap_or(target.kind.words()), target, None);
    let does = format!("{} {} {what}", component.described(), used.relation.words());
    let unique_name = &solution.manifest.unique_name;
    let rest = "which no package of the set brings and nothing declares as missing";
    let finding = report.add_of(unique_name, &used.place, format!("{does}, {rest}"));
    finding.dataverse = None;
    finding.otherwise(looked.otherwise).help(format!(
        "add it to {unique_name} and export again, or take the solution that has it into the set"
    ));
    finding.of(target);
    if uses.len() > 1 {
        let more = uses.len() - 1;
        let places =
            if more == 1 { "in one more place".to_owned() } else { format!("in {more} more places") };
        finding.because(
            format!("it is used {places} of {unique_name}"),
            uses.get(1).map(|(_, used)| used.place.clone()),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Example;
    use crate::model::{Finding, codes};

    const FLOWS: &str = r#"
`customizations.xml`:

```xml
<Workflows>
<Workflow WorkflowId="{0c0ffee0-0000-4000-8000-000000000001}" Name="Pay"><JsonFileName>/Workflows/Pay.json</JsonFileName><Category>5</Category><StateCode>1</StateCode></Workflow>
<Workflow WorkflowId="{0c0ffee0-0000-4000-8000-000000000002}" Name="Book"><JsonFileName>/Workflows/Pay.json</JsonFileName><Category>5</Category><StateCode>1</StateCode></Workflow>
</Workflows>
```

`Workflows/Pay.json`:

```json
{"properties": {"definition": {"parameters": {"Limit": {"metadata": {"schemaName": "fab_Limit"}}}}}}
```
"#;

    fn declared(solution: &str) -> String {
        format!(
            "{FLOWS}\n`solution.xml`:\n\n```xml\n<MissingDependencies><MissingDependency>\n\
             <Required type=\"EnvironmentVariableDefinition\" solution=\"{solution}\" id.schemaname=\"fab_Limit\" />\n\
             <Dependent type=\"29\" id=\"{{0c0ffee0-0000-4000-8000-000000000001}}\" />\n\
             </MissingDependency></MissingDependencies>\n```\n"
        )
    }

    /// Codes and levels of what is found about the variable or its solution.
    fn found(example: &str) -> Vec<String> {
        let check = Example::read(example).unwrap().check().unwrap();
        // That the flows are no root components is another rule's.
        let is_own = |finding: &&Finding| finding.code != codes::CONTENT_WITHOUT_ROOT;
        let findings = check.findings.iter().filter(is_own);
        findings.map(|finding| format!("{} {}", finding.code.id, finding.severity.word())).collect()
    }

    #[test]
    fn what_nothing_declares_is_one_error_for_all_that_use_it() {
        assert_eq!(found(FLOWS), ["VAR008 error"]);
        let check = Example::read(FLOWS).unwrap().check().unwrap();
        let finding = &check.findings[0];
        assert_eq!(finding.because.len(), 1);
        assert!(finding.dataverse.is_none() && finding.otherwise.is_some());
    }

    #[test]
    fn what_is_declared_may_be_in_the_target() {
        let base = declared("FabBase (1.2)");
        assert_eq!(found(&base), ["ORD004 note"]);
        let check = Example::read(&base).unwrap().check().unwrap();
        let provider = check.findings.iter().find(|finding| finding.code == codes::MISSING_PROVIDER);
        let because = &provider.unwrap().because;
        assert!(because.len() == 1 && because[0].words.contains("fab_Limit"), "{because:?}");
        let given = |version: &str| format!("{base}\n```sh\nsolship check . --provided {version}\n```\n");
        assert!(found(&given("FabBase@1.2")).is_empty());
        assert_eq!(found(&given("Other")), ["ORD004 error"]);
        assert_eq!(found(&given("FabBase@1.1")), ["ORD005 error"]);
    }

    #[test]
    fn the_platform_and_the_unmanaged_layer_are_told_elsewhere() {
        let app = declared("msdynce_Sales (9.0)");
        assert_eq!(found(&app), ["DEP005 note"]);
        assert_eq!(
            found(&format!("{app}\n```sh\nsolship check . --provided Other\n```\n")),
            ["DEP005 warning"]
        );
        assert!(!found(&declared("Active")).iter().any(|found| found.starts_with("VAR008")));
    }
}
