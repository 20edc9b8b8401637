//! FLW006: a flow runs a flow that no package brings.

use crate::check::missing;
use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::model::{Relation, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::CHILD_FLOW_MISSING,
    dataverse: missing::ANSWER,
    page: include_str!("../../../docs/rules/child-flow-missing.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    const USES: &[Relation] =
        &[Relation::FlowChildFlow, Relation::FlowDesktopFlow, Relation::DesktopFlowChildFlow];
    let looked = missing::Looked {
        relations: USES,
        words: Some("flow"),
        otherwise: "the import has success, and the flow fails or cannot be turned on",
    };
    missing::report(set, &looked, report);
}
