//! What components use and no package of the set brings, for the rules that each know one kind of it. The plan finds the
//! same; what a rule of its own tells is not told again.
//!
//! Read [`report`] first.

use std::collections::{BTreeMap, HashMap};

use super::rule::Report;
use super::set::Set;
use crate::graph::platform_class;
use crate::model::{
    Code, Component, ComponentKey, DataverseError, MissingDependency, Relation, Severity, Solution, Target,
    Use, codes, describe,
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

/// Reports what is used and not there: once for each solution that needs it, where it is first used. What is declared and
/// has a named provider may be in the target: that is a note, unless it is said what the target has. What only the
/// unmanaged layer of the source had, the rules on dependencies tell.
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
            one(set, solution, declared.get(target).copied(), target, &uses, looked, report);
        }
    }
}

/// What is declared as missing; of several rows for one component the first that names a provider.
fn declared(solution: &Solution) -> HashMap<&ComponentKey, &MissingDependency> {
    let mut declared: HashMap<&ComponentKey, &MissingDependency> = HashMap::new();
    for missing in &solution.manifest.missing_dependencies {
        for key in &missing.required.keys {
            let known = declared.entry(key).or_insert(missing);
            if known.provider.is_none() {
                *known = missing;
            }
        }
    }
    declared
}

fn one(
    set: &Set<'_>,
    solution: &Solution,
    declared: Option<&MissingDependency>,
    target: &ComponentKey,
    uses: &[(&Component, &Use)],
    looked: &Looked<'_>,
    report: &mut Report<'_>,
) {
    let Some((component, used)) = uses.first() else { return };
    let name = declared.map(|missing| missing.required.name.as_str());
    let what = describe(looked.words.unwrap_or(target.kind.words()), target, name);
    let does = format!("{} {} {what}", component.described(), used.relation.words());
    let unique_name = &solution.manifest.unique_name;
    let finding = match declared {
        None => {
            let rest = "which no package of the set brings and nothing declares as missing";
            let finding = report.add_of(unique_name, &used.place, format!("{does}, {rest}"));
            finding.dataverse = None;
            finding.otherwise(looked.otherwise).help(format!(
                "add it to {unique_name} and export again, or take the solution that has it into the set"
            ))
        }
        Some(missing) => {
            let Some(provider) = missing.provider.as_deref() else { return };
            if platform_class(provider).is_some() || set.has_or_is_given(missing, provider) {
                return;
            }
            let finding = report.add_of(
                unique_name,
                &used.place,
                format!("{does}, which {provider} has; it is not in the set"),
            );
            if !set.settings.knows_target() {
                finding.level(Severity::Note);
            }
            finding.help("take it into the set; --provided NAME@VERSION says what the target has")
        }
    };
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

impl Set<'_> {
    /// Whether the solution that is declared to have it is in the set, or in the target as the user says. What it lacks, or
    /// that it is too old, is told elsewhere.
    fn has_or_is_given(&self, missing: &MissingDependency, provider: &str) -> bool {
        let is_it = |name: &str| name.eq_ignore_ascii_case(provider);
        let is_new_enough = |there: &Option<crate::model::Version>| match (there, &missing.provider_version) {
            (Some(there), Some(asked)) => there >= asked,
            _ => true,
        };
        let given = &self.settings.plan.provided;
        self.solutions.iter().any(|solution| is_it(&solution.manifest.unique_name))
            || given.iter().any(|given| is_it(&given.unique_name) && is_new_enough(&given.version))
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Example;

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
        let findings = check.findings.iter();
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
        assert_eq!(found(&base), ["ORD004 note", "VAR008 note"]);
        let given = |version: &str| format!("{base}\n```sh\nsolship check . --provided {version}\n```\n");
        assert!(found(&given("FabBase@1.2")).is_empty());
        assert_eq!(found(&given("Other")), ["ORD004 error", "VAR008 error"]);
        assert_eq!(found(&given("FabBase@1.1")), ["ORD004 error", "VAR008 error"]);
    }

    #[test]
    fn the_platform_and_the_unmanaged_layer_are_told_elsewhere() {
        assert_eq!(found(&declared("msdynce_Sales (9.0)")), ["DEP005 warning"]);
        assert!(!found(&declared("Active")).iter().any(|found| found.starts_with("VAR008")));
    }
}
