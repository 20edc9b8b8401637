//! What is wrong with solutions before Dataverse is asked: rules over one solution with its files, and over a set.
//!
//! One rule, one file in `rules/`, one line in the registry [`rules`], one page in `docs/rules/`. Read [`Rule`] first, then [`one`] and
//! [`all`]. What reading, planning and the list of secrets find is reported here too and has its pages as well.

mod baseline;
mod examples;
mod excerpt;
mod fix;
mod missing;
mod names;
mod page;
mod plain_secret;
mod rule;
mod rules;
#[cfg(test)]
mod secret_tests;
mod set;
mod settings;
mod subject;
#[cfg(test)]
pub(crate) mod testing;
mod texts;
mod unread;
mod variables;

use serde::Serialize;

pub use baseline::{BASELINE_SCHEMA, Baseline, BaselineError, Matched};
pub use examples::{Example, ExampleError, ExampleSolution};
pub use excerpt::excerpts;
pub use fix::{FIXABLE, Mended, fix, is_fixable};
pub use page::Page;
pub use rule::Rule;
pub use rules::{rule, rules};
pub use settings::{Cloud, Settings};

use crate::model::{Finding, ModelError, Solution, SolutionIdentity, sort_findings};
use crate::package::Package;
use rule::{Report, Run};
use subject::Subject;

/// One package after the rules that look at one solution alone.
#[derive(Debug)]
pub struct Checked {
    /// What the package holds.
    pub solution: Solution,
    findings: Vec<Finding>,
}

/// What is to be said of a set of solutions.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Check {
    /// Every package, by name and version.
    pub solutions: Vec<SolutionIdentity>,
    /// What was found, errors first.
    pub findings: Vec<Finding>,
}

/// Inflates and checks every byte of a package, reads it, and runs the rules that look at one solution alone.
pub fn one(package: &Package, settings: &Settings) -> Result<Checked, ModelError> {
    package.verify()?;
    let (solution, parts) = Solution::read_with_parts(package)?;
    let mut findings = Vec::new();
    let subject = Subject::new(package, &solution, &parts, settings);
    for rule in rules() {
        if let Run::Solution(run) = rule.run {
            let mut report = Report::new(rule, &solution.manifest.unique_name);
            run(&subject, &mut report);
            findings.extend(report.finish());
        }
    }
    subject.finish()?;
    Ok(Checked { solution, findings })
}

/// Runs the rules that look at the set, and gives everything that was found. The order of `checked` does not matter.
pub fn all(checked: Vec<Checked>, settings: &Settings) -> Check {
    let mut findings = Vec::new();
    let mut solutions = Vec::with_capacity(checked.len());
    for checked in checked {
        findings.extend(checked.findings);
        solutions.push(checked.solution);
    }
    solutions.sort_by_cached_key(|solution| {
        let identity = solution.identity();
        (
            identity.unique_name.to_lowercase(),
            identity.unique_name,
            identity.version,
            identity.managed,
            identity.source,
        )
    });
    findings.extend(set::findings(&solutions, settings));
    sort_findings(&mut findings);
    Check { solutions: solutions.iter().map(Solution::identity).collect(), findings }
}
