//! VAR001: a package carries the current value of an environment variable.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{Details, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::PACKAGED_VALUE,
    dataverse: None,
    page: include_str!("../../../docs/rules/packaged-value.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for component in &subject.solution.components {
        let has_value = match &component.details {
            Details::EnvironmentVariable(variable) => variable.value.is_some(),
            Details::EnvironmentVariableValue(value) => value.value.is_some(),
            _ => false,
        };
        if has_value {
            report
                .about(component, format!("{} travels with its current value", component.described()))
                .otherwise("the import sets that value in every target, and asks for none")
                .help("remove the current value from the solution, not the variable, and export again");
        }
    }
}
