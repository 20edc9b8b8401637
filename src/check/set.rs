//! A set of solutions that are imported together, for the rules that look at it.

use std::collections::{BTreeSet, HashSet};

use super::facts::Facts;
use super::missing;
use super::rule::{Report, Run};
use super::rules::rules;
use super::settings::Settings;
use crate::graph::Holdings;
use crate::model::{Component, ComponentKey, Finding, Severity, Solution, codes};
use crate::plan::{Plan, choose, plan};
use crate::secrets::{Secrets, secrets_with};

/// The set, and what is known of it.
pub(super) struct Set<'s> {
    /// Every package, by name and version.
    pub(super) packages: &'s [Solution],
    /// Of each of `packages`.
    facts: &'s [Facts],
    /// The packages that count: of each unique name one.
    pub(super) solutions: Vec<&'s Solution>,
    /// What each of `solutions` holds.
    pub(super) holdings: Holdings<'s>,
    /// Their order, and what they lack.
    pub(super) plan: Plan,
    /// What they need of vaults.
    pub(super) secrets: Secrets,
    pub(super) settings: &'s Settings,
}

impl<'s> Set<'s> {
    fn new(packages: &'s [Solution], facts: &'s [Facts], settings: &'s Settings) -> Self {
        // What the choice finds is among the findings of the plan.
        let solutions = choose(packages, &settings.plan, &mut Vec::new());
        let holdings = Holdings::new(&solutions);
        let secrets = secrets_with(packages, &settings.plan);
        Self { packages, facts, solutions, holdings, plan: plan(packages, &settings.plan), secrets, settings }
    }

    /// What is kept of the files of a solution.
    pub(super) fn facts_of(&self, solution: &Solution) -> Option<&'s Facts> {
        self.facts.get(self.packages.iter().position(|package| std::ptr::eq(package, solution))?)
    }

    /// A component by its key, and the solution that holds it; of several the first.
    pub(super) fn find(&self, key: &ComponentKey) -> Option<(&'s Solution, &'s Component)> {
        self.solutions.iter().enumerate().find_map(|(at, solution)| {
            let component = self.holdings.component(at, key)?;
            Some((*solution, &solution.components[component]))
        })
    }

    /// Every component of every solution that counts.
    pub(super) fn components(&self) -> impl Iterator<Item = (&'s Solution, &'s Component)> + '_ {
        self.solutions
            .iter()
            .flat_map(|solution| solution.components.iter().map(move |component| (*solution, component)))
    }
}

/// What is found in the set, and on the way to it.
pub(super) fn findings(packages: &[Solution], facts: &[Facts], settings: &Settings) -> Vec<Finding> {
    let set = Set::new(packages, facts, settings);
    let mut findings = Vec::new();
    for rule in rules() {
        if let Run::Set(run) | Run::Both(_, run) = rule.run {
            let mut report = Report::new(rule, "");
            run(&set, &mut report);
            findings.extend(report.finish());
        }
    }
    let told: BTreeSet<(String, ComponentKey)> = findings
        .iter()
        .filter(|finding| missing::CODES.contains(&finding.code))
        .filter_map(|finding| Some((finding.solution.to_lowercase(), finding.component.clone()?)))
        .collect();
    let of_secrets = of_secrets(&set);
    // The plan tells what reading found in the packages that count.
    let counts = |solution: &&Solution| !set.solutions.iter().any(|other| std::ptr::eq(*other, *solution));
    findings.extend(packages.iter().filter(counts).flat_map(|solution| solution.findings.iter().cloned()));
    let unmanaged = needs_of_unmanaged_layers(&set.solutions);
    let of_plan = set.plan.findings.iter().filter(|finding| {
        // One fault is one finding: a rule of its own tells more.
        let is_need = [codes::DANGLING_REFERENCE, codes::UNMET_NEED].contains(&finding.code);
        let component = finding.component.clone().filter(|_| is_need);
        let is_missing =
            component.is_some_and(|component| told.contains(&(finding.solution.to_lowercase(), component)));
        !is_missing && !is_told(finding, &unmanaged) && !is_told_as_of_credential(finding, &of_secrets)
    });
    findings.extend(of_plan.cloned().map(|finding| lenient(finding, settings)));
    findings.extend(of_secrets);
    findings
}

/// What is declared as missing and was in the unmanaged layer of the source only, by solution: a rule of its own tells that.
fn needs_of_unmanaged_layers<'s>(solutions: &[&'s Solution]) -> HashSet<(&'s str, &'s ComponentKey)> {
    let rows = solutions.iter().flat_map(|solution| {
        let name = solution.manifest.unique_name.as_str();
        solution.manifest.missing_dependencies.iter().map(move |missing| (name, missing))
    });
    rows.filter(|(_, missing)| missing.unmanaged_layer)
        .filter_map(|(name, missing)| Some((name, missing.required.keys.first()?)))
        .collect()
}

fn is_told(finding: &Finding, told: &HashSet<(&str, &ComponentKey)>) -> bool {
    let component = finding.component.as_ref();
    finding.code == codes::UNMET_NEED
        && component.is_some_and(|component| told.contains(&(finding.solution.as_str(), component)))
}

/// What is found of secrets. Of a variable that is declared as needed the plan has more to say where nothing can meet it.
fn of_secrets(set: &Set<'_>) -> Vec<Finding> {
    let is_told = |finding: &Finding| {
        let unmet = [codes::UNMET_NEED, codes::NEEDS_UNMANAGED_LAYER];
        set.plan.findings.iter().any(|other| unmet.contains(&other.code) && is_of_same(other, finding))
    };
    let is_absence = |finding: &Finding| finding.code == codes::CREDENTIAL_VARIABLE_ABSENT;
    set.secrets
        .findings
        .iter()
        .filter(|finding| !(is_absence(finding) && is_told(finding)))
        .cloned()
        .collect()
}

/// Whether a reference that nothing meets is already reported as the variable that a credential lacks.
fn is_told_as_of_credential(finding: &Finding, of_secrets: &[Finding]) -> bool {
    finding.code == codes::DANGLING_REFERENCE
        && of_secrets
            .iter()
            .any(|other| other.code == codes::CREDENTIAL_VARIABLE_ABSENT && is_of_same(other, finding))
}

/// One component in one solution.
fn is_of_same(one: &Finding, other: &Finding) -> bool {
    one.solution == other.solution && one.component == other.component
}

/// What the target has is not known here unless the user says it: a solution that is declared as needed and is not in the
/// set may be there.
fn lenient(mut finding: Finding, settings: &Settings) -> Finding {
    if !settings.knows_target() && finding.code == codes::MISSING_PROVIDER {
        finding.severity = Severity::Note;
        finding.dataverse = None;
        finding.help = Some("--provided NAME@VERSION says what the target has".to_owned());
    }
    finding
}
