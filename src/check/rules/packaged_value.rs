//! VAR001: a package carries the current value of an environment variable.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{Details, MASK, codes};
use crate::text::shell_word;

pub(super) const RULE: Rule = Rule {
    code: codes::PACKAGED_VALUE,
    dataverse: None,
    page: include_str!("../../../docs/rules/packaged-value.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let solution = subject.solution;
    for component in &solution.components {
        let place = match &component.details {
            Details::EnvironmentVariable(variable) if variable.value.is_some() => {
                variable.source.value_place.as_ref().unwrap_or(&component.place)
            }
            Details::EnvironmentVariableValue(value) if value.value.is_some() => &component.place,
            _ => continue,
        };
        // A value in the customizations travels with its definition.
        let is_apart = matches!(component.details, Details::EnvironmentVariable(_))
            && place.file.to_ascii_lowercase().ends_with(".json");
        let finding =
            report.about(component, format!("{} travels with its current value", component.described()));
        finding
            .at(place.clone())
            .shown(format!("\"value\": \"{MASK}\""))
            .otherwise("the import sets that value in every target, and asks for none");
        if is_apart && solution.is_editable() && !has_default(&component.details) {
            // Nothing else knows it.
            finding.help(format!(
                "note the value in the settings file of its environment (solship settings new), or keep it as the default; then: \
                 solship set variable {} --no-value --solution {}",
                shell_word(&component.key.key),
                solution.source_word()
            ));
        } else if is_apart && solution.is_editable() {
            finding.help(format!("take the value out: solship check {} --fix", solution.source_word()));
        } else {
            finding.help("remove the current value from the solution, not the variable, and export again");
        }
    }
}

fn has_default(details: &Details) -> bool {
    matches!(details, Details::EnvironmentVariable(variable) if variable.default.is_some())
}
