//! VAR007: a variable belongs to one that no package brings.

use crate::check::missing;
use crate::check::rule::{Report, Rule, Run};
use crate::check::set::Set;
use crate::model::{Relation, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::PARENT_VARIABLE_MISSING,
    dataverse: missing::ANSWER,
    page: include_str!("../../../docs/rules/parent-variable-missing.md"),
    run: Run::Set(check),
};

fn check(set: &Set<'_>, report: &mut Report<'_>) {
    const USES: &[Relation] = &[Relation::VariableParent];
    let looked = missing::Looked {
        relations: USES,
        words: None,
        otherwise: "the variable has no parent in the target, so that nobody can choose a value for it",
    };
    missing::report(set, &looked, report);
}
