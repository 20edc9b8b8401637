//! FLW009: a binary belongs to no desktop flow of the package.

use std::collections::BTreeSet;

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{ComponentKey, ComponentType, Target, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::BINARY_ORPHANED,
    dataverse: None,
    page: include_str!("../../../docs/rules/desktop-flow-binary-orphaned.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let flows: BTreeSet<&ComponentKey> =
        subject.desktop_flows().map(|(component, _)| &component.key).collect();
    for component in &subject.solution.components {
        if component.key.kind != ComponentType::DESKTOP_FLOW_BINARY {
            continue;
        }
        let is_of_flow = component
            .uses
            .iter()
            .any(|used| matches!(&used.target, Target::Component(key) if flows.contains(key)));
        if !is_of_flow {
            report
                .about(
                    component,
                    format!("{} belongs to no desktop flow of the package", component.described()),
                )
                .otherwise("it takes up room in the target and does nothing, or its flow is missing there")
                .help("add its desktop flow to the solution, or remove the binary from it, and export again");
        }
    }
}
