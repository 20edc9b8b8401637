//! FLW008: a desktop flow needs a binary that the package does not hold.

use std::collections::BTreeSet;

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::check::unread::has_unread;
use crate::model::{ComponentKey, Relation, Target, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::BINARY_MISSING,
    dataverse: None,
    page: include_str!("../../../docs/rules/desktop-flow-binary-missing.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let held: BTreeSet<&ComponentKey> =
        subject.solution.components.iter().map(|component| &component.key).collect();
    for (component, _) in subject.desktop_flows() {
        let missing = component.uses.iter().filter(|used| {
            used.relation == Relation::DesktopFlowBinary
                && matches!(&used.target, Target::Component(key) if !held.contains(key))
        });
        for used in missing {
            let Target::Component(key) = &used.target else { continue };
            // Its row may be in a file that cannot be read.
            if has_unread(subject.solution, &format!("desktopflowbinaries/{}", key.folded()), &[]) {
                continue;
            }
            report
                .about(component, format!("{} needs {key}, which the package does not hold", component.described()))
                .at(used.place.clone())
                .otherwise("the desktop flow is incomplete in the target and does not run")
                .help("choose Advanced > Add required objects for the desktop flow in the solution and export again");
        }
    }
}
