//! VAR006: a variable has another prefix than the publisher.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::graph::brings;
use crate::model::codes;

pub(super) const RULE: Rule = Rule {
    code: codes::VARIABLE_FOREIGN_PREFIX,
    dataverse: None,
    page: include_str!("../../../docs/rules/variable-foreign-prefix.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let own = &subject.solution.manifest.publisher.prefix;
    if own.is_empty() {
        return;
    }
    for (component, _) in subject.variables() {
        // A name without a prefix is told as ill-formed.
        let Some((prefix, _)) = component.key.key.split_once('_') else { continue };
        if !prefix.eq_ignore_ascii_case(own) && brings(subject.solution, component) {
            report
                .about(component, format!("{} has not the publisher's prefix {own}", component.described()))
                .otherwise("it looks like part of another product, and a solution of that publisher may bring it too")
                .help(format!("make it anew inside of the solution, as {own}_Name"));
        }
    }
}
