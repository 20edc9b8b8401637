//! PKG007: a root component is listed, and the package does not hold it.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{DataverseError, codes};
use crate::verify::roots::{AsRead, without_content};

pub(super) const RULE: Rule = Rule {
    code: codes::ROOT_WITHOUT_CONTENT,
    dataverse: Some(DataverseError::ROOT_NOT_IN_TARGET),
    page: include_str!("../../../docs/rules/root-component-without-content.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for finding in without_content(subject.solution, &AsRead) {
        report
            .take(finding)
            .otherwise("the import adds what the target has of it, and fails where the target lacks it")
            .help(
                "take the row out of <RootComponents>, or export the solution again with the component in it",
            );
    }
}
