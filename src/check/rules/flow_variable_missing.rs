//! VAR008: a flow reads a variable that no package brings.

use crate::check::missing;
use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::model::{Relation, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::FLOW_VARIABLE_MISSING,
    dataverse: missing::ANSWER,
    page: include_str!("../../../docs/rules/flow-variable-missing.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    const USES: &[Relation] = &[Relation::FlowVariable, Relation::DesktopFlowVariable];
    let looked = missing::Looked {
        relations: USES,
        words: None,
        otherwise: "the import has success, and the flow cannot be turned on",
    };
    missing::report(set, &looked, report);
}
