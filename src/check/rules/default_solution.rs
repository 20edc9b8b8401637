//! PKG020: the package is the default solution of an environment, or another one that every environment has.

use crate::check::rule::{Report, Rule, Run};
use crate::check::subject::Subject;
use crate::graph::{is_default_solution, system_solution};
use crate::model::{DataverseError, Severity, codes};

pub(super) const RULE: Rule = Rule {
    code: codes::DEFAULT_SOLUTION,
    dataverse: Some(DataverseError::DEFAULT_AS_MANAGED),
    page: include_str!("../../../docs/rules/default-solution.md"),
    run: Run::Solution(check),
};

fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    let manifest = &subject.solution.manifest;
    let is_default = is_default_solution(&manifest.unique_name);
    let place = subject.place_in_manifest(&["UniqueName"]);
    if let Some(layer) = system_solution(&manifest.unique_name) {
        let message = format!("{layer} is a solution that every environment has: it cannot be imported");
        report.add(&place, message).dataverse = Some(DataverseError::SYSTEM_SOLUTION);
    } else if is_default && manifest.managed {
        report
            .add(&place, "it is the default solution of an environment, as a managed one")
            .help("put what is to travel into a solution of its own, and export that");
    } else if is_default {
        let finding =
            report.add(&place, "it is the default solution of an environment, with everything in it");
        finding
            .level(Severity::Warning)
            .otherwise(
                "everything that was ever made in the source goes into the default solution of the target",
            )
            .help("put what is to travel into a solution of its own, and export that");
        finding.dataverse = None;
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{file, found};
    use crate::model::codes;

    #[test]
    fn what_every_environment_has() {
        for (name, managed, level) in [
            ("Default", 1, Some("error")),
            ("default", 0, Some("warning")),
            ("System", 0, Some("error")),
            ("Active", 1, Some("error")),
            ("DefaultFlows", 1, None),
        ] {
            let manifest = format!("<UniqueName>{name}</UniqueName>\n<Managed>{managed}</Managed>");
            let told = found(codes::DEFAULT_SOLUTION, &file("solution.xml", &manifest));
            let found = told.first().and_then(|told| told.split(':').next());
            assert_eq!(found, level, "{name}");
        }
    }
}
