//! FLW007: a cloud flow is turned off in the package.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::{Component, Solution, codes};
use crate::text::shell_word;

pub(super) const RULE: Rule = Rule {
    code: codes::FLOW_OFF,
    dataverse: None,
    page: include_str!("../../../docs/rules/flow-off.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for (component, flow) in subject.cloud_flows() {
        if !flow.on && !component.unmodified {
            let row = subject.process(&component.key);
            let state = row.and_then(|row| row.child("StateCode"));
            let place =
                state.map_or_else(|| component.place.clone(), |state| subject.customizations.place(state));
            report
                .about(component, format!("{} is turned off", component.described()))
                .at(place)
                .otherwise("it does nothing in the target until somebody turns it on")
                .help(turn_on(subject.solution, component));
        }
    }
}

fn turn_on(solution: &Solution, component: &Component) -> String {
    if !solution.is_editable() {
        return "turn it on in the source and export again, unless it is meant to be off".to_owned();
    }
    let (flow, source) = (shell_word(&component.name), solution.source_word());
    format!("unless it is meant to be off: solship set flow {flow} --state on --solution {source}")
}
