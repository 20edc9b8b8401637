//! PKG008: the package holds a component of a kind that is always listed, and does not list it.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{ComponentType, DataverseError, codes};
use crate::verify::roots::{AsRead, without_root};

pub(super) const RULE: Rule = Rule {
    code: codes::CONTENT_WITHOUT_ROOT,
    dataverse: Some(DataverseError::ROOT_NOT_DECLARED),
    page: include_str!("../../../docs/rules/content-without-root-component.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for finding in without_root(subject.solution, &AsRead) {
        let is_process =
            finding.component.as_ref().is_some_and(|component| component.kind == ComponentType::WORKFLOW);
        report.take(finding).help(if is_process && subject.solution.is_editable() {
            format!("add the row for it: solship check {} --fix", subject.solution.source_word())
        } else {
            "add a row for it to <RootComponents> of solution.xml, or take it out of the package".to_owned()
        });
    }
}
