//! FLW007: a cloud flow is turned off in the package.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::codes;

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
                .help("solship set flow FLOW on turns it on in the package");
        }
    }
}
