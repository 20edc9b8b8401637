//! FLW011: a desktop flow uses a work queue that no package brings.

use crate::check::missing;
use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::model::{Relation, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::WORK_QUEUE_MISSING,
    dataverse: missing::ANSWER,
    page: include_str!("../../../docs/rules/work-queue-missing.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    const USES: &[Relation] = &[Relation::DesktopFlowWorkQueue];
    let looked = missing::Looked {
        relations: USES,
        words: None,
        otherwise: "the import has success, and the desktop flow fails when it comes to the queue",
    };
    missing::report(set, &looked, report);
}
