//! VAR004: a value or default is longer than its column.

use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::check::variables;
use crate::model::{codes, is_too_long};

pub(super) const RULE: Rule = Rule {
    code: codes::VALUE_TOO_LONG,
    dataverse: None,
    page: include_str!("../../../docs/rules/value-too-long.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    for text in variables::texts(set) {
        if is_too_long(text.text.reveal()) {
            let message = format!(
                "the {} of {} has more than 2,000 characters",
                text.words(),
                text.component.described()
            );
            text.report(report, message).otherwise("Dataverse refuses it").help(
                "keep the text elsewhere, such as in a web resource or a row, and its name in the variable",
            );
        }
    }
}
