//! FLW010: a desktop flow is in the old schema.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::codes;

pub(super) const RULE: Rule = Rule {
    code: codes::OLD_DESKTOP_FLOW_SCHEMA,
    dataverse: None,
    page: include_str!("../../../docs/rules/old-desktop-flow-schema.md"),
    run: Run::Solution(check),
};

/// From this version on the parts of a desktop flow are rows of their own.
const FIRST_OF_SECOND_SCHEMA: [u32; 2] = [2022, 7];

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    for (component, flow) in subject.desktop_flows() {
        let Some(version) = flow.schema_version.as_deref().filter(|version| is_old(version)) else {
            continue;
        };
        let row = subject.process(&component.key);
        let column = row.and_then(|row| row.child("SchemaVersion"));
        let place =
            column.map_or_else(|| component.place.clone(), |column| subject.customizations.place(column));
        report
            .about(component, format!("{} is in the old schema {version}", component.described()))
            .at(place)
            .otherwise("its binaries, work queues and connections are in no list, so that nobody can tell whether they travel with it")
            .help("save it in Power Automate for desktop in an environment with the v2 schema and export again");
    }
}

fn is_old(version: &str) -> bool {
    let mut numbers = version.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(year)), Some(Ok(month))) => [year, month] < FIRST_OF_SECOND_SCHEMA,
        _ => false,
    }
}
