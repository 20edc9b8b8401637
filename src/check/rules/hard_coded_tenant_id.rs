//! FLW013: a flow names a tenant by its id.

use crate::check::names;
use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::model::codes;

pub(super) const RULE: Rule = Rule {
    code: codes::HARD_CODED_TENANT,
    dataverse: None,
    page: include_str!("../../../docs/rules/hard-coded-tenant-id.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    names::TENANTS.each(subject, &mut |component, tenant, place, places| {
        let flow = component.described();
        let many = if places > 1 { format!(" in {places} places") } else { String::new() };
        report
            .about(component, format!("{flow} names the tenant {tenant}{many}"))
            .at(place)
            .otherwise("in another tenant it still signs in to that one, or fails")
            .help(format!(
                "take the id from an environment variable{}",
                subject.add_command("variable", "Tenant")
            ));
    });
}
