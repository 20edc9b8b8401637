//! A set of solutions that are imported together, for the rules that look at it.

use std::collections::{BTreeSet, HashSet};

use super::facts::Facts;
use super::missing;
use super::rule::{Report, Run};
use super::rules::rules;
use super::settings::Settings;
use crate::graph::Holdings;
use crate::model::{Because, Component, ComponentKey, Finding, MASK, Severity, Solution, codes, describe};
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
pub(super) fn findings(
    packages: &[Solution],
    facts: &[Facts],
    settings: &Settings,
    knows_target: bool,
) -> Vec<Finding> {
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
    findings.extend(of_plan.cloned().map(|finding| lenient(with_uses(finding, &set.plan), knows_target)));
    findings.extend(of_secrets);
    findings.iter_mut().for_each(next_step);
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
        .map(|mut finding| {
            // The line may hold the value in a form that nothing else knows as one.
            if finding.code == codes::INVALID_KEY_VAULT_REFERENCE {
                finding.shown(MASK);
            }
            finding
        })
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

/// So many uses are named of a solution that is not there.
const MOST_USES: usize = 3;

/// What the solution that is not there is needed for.
fn with_uses(mut finding: Finding, plan: &Plan) -> Finding {
    if ![codes::MISSING_PROVIDER, codes::PROVIDER_VERSION_TOO_LOW].contains(&finding.code) {
        return finding;
    }
    let need =
        plan.unresolved.iter().find(|need| need.provider.is_some() && need.provider == finding.subject);
    let parts = need.map(|need| need.components.as_slice()).unwrap_or_default();
    let words = parts.iter().take(MOST_USES).map(|part| {
        let needed = describe(part.component.kind.words(), &part.component, part.name.as_deref());
        Because { words: format!("{} needs {needed}", part.used_by), place: Some(part.place.clone()) }
    });
    finding.because.extend(words);
    if parts.len() > MOST_USES {
        let words = format!("it is needed in {} more places", parts.len() - MOST_USES);
        finding.because.push(Because { words, place: None });
    }
    finding
}

/// What the target has is not known here unless the user says it: a solution that is declared as needed and is not in the
/// set may be there.
fn lenient(mut finding: Finding, knows_target: bool) -> Finding {
    let is_provider = [codes::MISSING_PROVIDER, codes::PLATFORM_SOLUTION_NEEDED].contains(&finding.code);
    if !knows_target && is_provider {
        finding.severity = Severity::Note;
        finding.dataverse = None;
        finding.help = Some("--provided NAME@VERSION says what the target has".to_owned());
    }
    finding
}

/// What to do next, where whoever found it says nothing of that.
fn next_step(finding: &mut Finding) {
    let words = match finding.code {
        codes::DANGLING_REFERENCE | codes::UNMET_NEED => {
            "add it to the solution and export again, or take the solution that has it into the set"
        }
        codes::PROVIDER_LACKS_COMPONENT => {
            "take a version of that solution into the set that has it, or export both again"
        }
        codes::PLATFORM_SOLUTION_NEEDED => {
            "install or update it in the target first, or say that it is there: --provided"
        }
        codes::PROVIDER_CHOSEN => "take that package out of the set if the component of another one is meant",
        codes::ONE_NAME_TWO_PUBLISHERS => {
            "take the package of the publisher away that is not the target's; a solution keeps its publisher"
        }
        codes::STATED_BUT_ABSENT => "take the statement out of solship.toml, or the solution into the set",
        codes::ILL_FORMED_FILE => "mend the file at that place, or export the solution again",
        _ => return,
    };
    finding.help.get_or_insert_with(|| words.to_owned());
}
