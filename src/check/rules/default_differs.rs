//! VAR009: the default of a variable in a flow is not the variable's own.

use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::model::{Details, EnvironmentVariable, MASK, VariableType, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::DEFAULT_DIFFERS,
    dataverse: None,
    page: include_str!("../../../docs/rules/default-differs.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    for (solution, component) in set.components() {
        let Details::CloudFlow(flow) = &component.details else { continue };
        for copy in &flow.variable_defaults {
            let Some((_, found)) = set.find(&copy.variable) else { continue };
            let Details::EnvironmentVariable(variable) = &found.details else { continue };
            let Some(own) = &variable.default else { continue };
            let copied = copy.text.reveal();
            if copied.trim().is_empty() || is_same(variable, own.reveal(), copied) {
                continue;
            }
            let message = format!(
                "{} has another default for {} than the variable itself",
                component.described(),
                found.described()
            );
            report
                .about_of(solution, component, message)
                .at(copy.place.clone())
                .shown(format!("\"defaultValue\": \"{MASK}\""))
                .because(
                    format!("the default of {} stands here", found.described()),
                    variable.source.default_place.clone(),
                )
                .otherwise("where the variable has no value the flow may go on with the old one")
                .help("save the flow once more after the default was changed, and export again");
        }
    }
}

/// Whether both mean the same to a variable of its type.
fn is_same(variable: &EnvironmentVariable, own: &str, copied: &str) -> bool {
    let (own, copied) = (own.trim(), copied.trim());
    let is_yes = |text: &str| ["yes", "true"].iter().any(|yes| text.eq_ignore_ascii_case(yes));
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    match variable.kind {
        VariableType::Boolean => is_yes(own) == is_yes(copied),
        VariableType::Number if let (Ok(own), Ok(copied)) = (own.parse::<f64>(), copied.parse::<f64>()) => {
            own == copied
        }
        VariableType::Json if let (Some(own), Some(copied)) = (json(own), json(copied)) => own == copied,
        _ => own.lines().eq(copied.lines()),
    }
}
