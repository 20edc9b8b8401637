//! FLW001: a flow uses a connection reference that no package brings.

use crate::check::missing;
use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::model::{Relation, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::CONNECTION_REFERENCE_MISSING,
    dataverse: missing::ANSWER,
    page: include_str!("../../../docs/rules/connection-reference-missing.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    const USES: &[Relation] = &[Relation::FlowConnectionReference, Relation::DesktopFlowConnectionReference];
    let looked = missing::Looked {
        relations: USES,
        words: None,
        otherwise: "the import has success, asks for no connection, and the flow cannot be turned on",
    };
    missing::report(set, &looked, report);
}
