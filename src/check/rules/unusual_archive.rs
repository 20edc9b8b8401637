//! PKG003: the archive has a fault that does no harm.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::codes;

pub(super) const RULE: Rule = Rule {
    code: codes::UNUSUAL_ARCHIVE,
    dataverse: None,
    page: include_str!("../../../docs/rules/unusual-archive.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for warning in subject.package.warnings() {
        report
            .add(&subject.whole(), warning.message.clone())
            // Offsets are others in the next export.
            .subject(warning.message.replace(|character: char| character.is_ascii_digit(), ""))
            .help("export the solution again, or pack it with solship pack, which writes archives as Dataverse does");
    }
}
