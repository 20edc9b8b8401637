//! Which packages count, where a solution is there more than once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Options, finding};
use crate::model::{DataverseError, Finding, Severity, Solution, codes};

/// One package a unique name: the higher version, then managed before unmanaged (the other way with
/// `prefer_unmanaged`), then the first source by name. In the order of the unique names, case put aside. What does not
/// count is a finding.
pub fn choose<'s>(
    solutions: &'s [Solution],
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Vec<&'s Solution> {
    let mut by_name: BTreeMap<String, Vec<&Solution>> = BTreeMap::new();
    for solution in solutions {
        by_name.entry(solution.manifest.unique_name.to_lowercase()).or_default().push(solution);
    }
    by_name
        .into_values()
        .map(|mut packages| {
            packages.sort_by_key(|package| {
                let preferred = package.manifest.managed != options.prefer_unmanaged;
                (Reverse(package.manifest.version.clone()), Reverse(preferred), package.source.clone())
            });
            report(&packages, findings);
            packages[0]
        })
        .collect()
}

fn report(packages: &[&Solution], findings: &mut Vec<Finding>) {
    let chosen = packages[0];
    for other in &packages[1..] {
        let same_version = other.manifest.version == chosen.manifest.version;
        let (code, message) = if same_version && other.manifest.managed != chosen.manifest.managed {
            (codes::MANAGED_AND_UNMANAGED, format!("{} is there managed and unmanaged", named(chosen)))
        } else if same_version {
            (codes::SAME_SOLUTION_TWICE, format!("{} is there in two packages", named(chosen)))
        } else {
            let versions = format!("{} and {}", other.manifest.version, chosen.manifest.version);
            (codes::SAME_SOLUTION_TWICE, format!("two versions of one solution: {versions}"))
        };
        findings.push(Finding {
            place: Some(other.manifest.place.clone()),
            help: Some(format!("{} counts; take the other away if that is wrong", chosen.source)),
            ..finding(code, Severity::Warning, chosen, message)
        });
        let (one, two) = (&chosen.manifest.publisher.unique_name, &other.manifest.publisher.unique_name);
        if !one.eq_ignore_ascii_case(two) {
            findings.push(Finding {
                place: Some(other.manifest.place.clone()),
                dataverse: Some(DataverseError::PUBLISHER_CHANGED),
                ..finding(
                    codes::ONE_NAME_TWO_PUBLISHERS,
                    Severity::Error,
                    chosen,
                    format!("two packages of one name are from different publishers: {one} and {two}"),
                )
            });
        }
    }
}

fn named(solution: &Solution) -> String {
    format!("{} {}", solution.manifest.unique_name, solution.manifest.version)
}
