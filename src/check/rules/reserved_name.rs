//! PKG024: the unique name ends with what the platform keeps for upgrades.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::codes;

pub(super) const RULE: Rule = Rule {
    code: codes::RESERVED_NAME,
    dataverse: None,
    page: include_str!("../../../docs/rules/reserved-name.md"),
    run: Run::Solution(check),
};

/// An upgrade is staged in a solution of this name, beside the one that it will replace.
const HOLDING: &str = "_upgrade";

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let name = &subject.solution.manifest.unique_name;
    if name.to_lowercase().ends_with(HOLDING) {
        report
            .add(
                &subject.place_in_manifest(&["UniqueName"]),
                format!("the unique name {name} ends with _Upgrade, which is kept for the solution that holds an upgrade"),
            )
            .otherwise("Dataverse takes it for a staged upgrade, and refuses or removes it")
            .help("make the solution anew under another unique name: it cannot be changed later");
    }
}
