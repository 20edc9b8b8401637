//! What is wrong with solutions before Dataverse is asked: rules over one solution with its files, and over a set.
//!
//! One rule, one file in `rules/`, one line in the registry [`rules`], one page in `docs/rules/`. Read [`Rule`] first, then [`one`] and
//! [`all`]. What reading, planning and the list of secrets find is reported here too and has its pages as well.

mod baseline;
mod examples;
mod excerpt;
mod facts;
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
mod target;
#[cfg(test)]
pub(crate) mod testing;
mod texts;
mod unread;
mod variables;

use serde::Serialize;

pub use baseline::{BASELINE_SCHEMA, Baseline, BaselineError, Matched};
pub use examples::{Example, ExampleError, ExampleSolution};
pub use excerpt::excerpts;
pub use fix::{Mended, fix, fixable, is_fixable};
pub use page::Page;
pub use rule::Rule;
pub use rules::{rule, rules};
pub use settings::{Cloud, Settings};
pub use target::Target;

use crate::deploy::{Candidate, DeployError, Release};
use crate::model::{Finding, ModelError, Place, Solution, SolutionIdentity, set_fingerprints, sort_findings};
use crate::package::Package;
use facts::Facts;
use rule::{Report, Run};
use subject::Subject;

/// One package after the rules that look at one solution alone.
#[derive(Debug)]
pub struct Checked {
    /// What the package holds.
    pub solution: Solution,
    findings: Vec<Finding>,
    facts: Facts,
    /// What it brings to an environment; where one is looked at.
    candidate: Option<Candidate>,
}

/// What is to be said of a set of solutions, of an environment, or of a set that is to go there.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Check {
    /// How messages name the environment, where one is looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
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
        if let Run::Solution(run) | Run::Both(run, _) = rule.run {
            let mut report = Report::new(rule, &solution.manifest.unique_name);
            run(&subject, &mut report);
            findings.extend(report.finish());
        }
    }
    let facts = Facts::read(&subject);
    subject.finish()?;
    Ok(Checked { solution, findings, facts, candidate: None })
}

/// The same of a package that is to be imported into an environment; [`all`] wants it of every one then.
pub fn one_for_target(package: &Package, settings: &Settings) -> Result<Checked, DeployError> {
    let mut checked = one(package, settings)?;
    checked.candidate = Some(Candidate::of(package, &checked.solution, None)?);
    Ok(checked)
}

/// What in an environment waits for somebody.
pub fn environment(target: &Target<'_>) -> Check {
    let mut findings = target.waiting(target.state, None);
    sort_findings(&mut findings);
    set_fingerprints(&mut findings, &|place| place.file.to_string());
    Check { environment: Some(target.label.to_owned()), solutions: Vec::new(), findings }
}

/// Runs the rules that look at the set, and gives everything that was found, also on the way into `target`. The order of
/// `checked` does not matter.
pub fn all(mut checked: Vec<Checked>, settings: &Settings, target: Option<&Target<'_>>) -> Check {
    checked.sort_by_cached_key(|checked| {
        let identity = checked.solution.identity();
        (
            identity.unique_name.to_lowercase(),
            identity.unique_name,
            identity.version,
            identity.managed,
            identity.source,
        )
    });
    let mut findings = Vec::new();
    let mut solutions = Vec::with_capacity(checked.len());
    let mut facts = Vec::with_capacity(checked.len());
    let mut candidates = Vec::new();
    for checked in checked {
        findings.extend(checked.findings);
        solutions.push(checked.solution);
        facts.push(checked.facts);
        candidates.extend(checked.candidate);
    }
    let mut told = settings.clone();
    if let Some(target) = target {
        told.plan.tell(target.label, target.state, &solutions);
    }
    let knows_target = told.knows_target() || target.is_some();
    findings.extend(set::findings(&solutions, &facts, &told, knows_target));
    let release = Release { solutions, candidates };
    if let Some(target) = target {
        target.findings(&release, &settings.plan, &mut findings);
    }
    let solutions = release.solutions;
    sort_findings(&mut findings);
    set_fingerprints(&mut findings, &|place| path_in_package(place, &solutions));
    Check {
        environment: target.map(|target| target.label.to_owned()),
        solutions: solutions.iter().map(Solution::identity).collect(),
        findings,
    }
}

/// The solution in whose package a place is; of two packages, one inside the other, the inner one.
fn package_of<'s, S>(place: &Place, solutions: &'s [S], source: impl Fn(&S) -> &str) -> Option<&'s S> {
    let of = solutions.iter().filter(|solution| place.within(source(solution)).is_some());
    of.max_by_key(|solution| source(solution).len())
}

/// The path of a file in its package, as an archive has it: whether that is packed makes no difference.
fn path_in_package(place: &Place, solutions: &[Solution]) -> String {
    let Some(solution) = package_of(place, solutions, |solution| &solution.source) else {
        return place.file.to_string();
    };
    let path = place.within(&solution.source).unwrap_or_default();
    let is = |name: &str| path.eq_ignore_ascii_case(name);
    let at_root = is("Other/Solution.xml") || is("Other/Customizations.xml");
    if at_root { path["Other/".len()..].to_owned() } else { path.to_owned() }
}
