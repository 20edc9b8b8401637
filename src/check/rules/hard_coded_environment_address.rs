//! FLW003: a flow names the address of an environment.

use crate::check::names;
use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::codes;

pub(super) const RULE: Rule = Rule {
    code: codes::HARD_CODED_ADDRESS,
    dataverse: None,
    page: include_str!("../../../docs/rules/hard-coded-environment-address.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    names::ENVIRONMENTS.each(subject, &mut |component, address, place, places| {
        let flow = component.described();
        let many = if places > 1 { format!(" in {places} places") } else { String::new() };
        report
            .about(component, format!("{flow} names the environment {address}{many}"))
            .at(place)
            .otherwise("in the target it still works on that environment, or fails")
            .help(format!(
                "take the address from an environment variable{}",
                subject.add_command("variable", "DataverseAddress")
            ));
    });
}
