//! VAR003: a value or default is none of its type.

use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::check::variables;
use crate::model::{EnvironmentVariable, Severity, VariableType, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::VALUE_OF_OTHER_TYPE,
    dataverse: None,
    page: include_str!("../../../docs/rules/value-of-other-type.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    for text in variables::texts(set) {
        let Some(variable) = text.variable else { continue };
        let value = text.text.reveal();
        let about = format!("the {} of {}", text.words(), text.component.described());
        if let Some(fault) = variable.kind.fault_of(value) {
            text.report(report, format!("{about} is {fault}"))
                .otherwise("the import takes it, and what reads the variable fails")
                .help(form(variable.kind));
        } else if chooses_site(variable) && !is_address(value) {
            text.report(
                report,
                format!("{about} is no address of a site, which a data source of SharePoint chooses"),
            )
            .level(Severity::Warning)
            .otherwise("the import takes it, and what reads the data source fails")
            .help("the form is https://TENANT.sharepoint.com/sites/NAME");
        }
    }
}

fn form(kind: VariableType) -> &'static str {
    match kind {
        VariableType::Number => "write digits with a point and nothing else: 12.5",
        VariableType::Boolean => "write yes or no",
        _ => "write JSON: an object, an array, or a text in double quotes",
    }
}

/// A data source that stands for a site of SharePoint. What the others hold differs by connector.
fn chooses_site(variable: &EnvironmentVariable) -> bool {
    let is = |text: &Option<String>, wanted: &str| {
        text.as_deref()
            .and_then(|text| text.rsplit('/').next())
            .is_some_and(|last| last.eq_ignore_ascii_case(wanted))
    };
    variable.kind == VariableType::DataSource
        && is(&variable.source.api, "shared_sharepointonline")
        && is(&variable.source.parameter, "dataset")
}

fn is_address(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    text.starts_with("https://") || text.starts_with("http://")
}
