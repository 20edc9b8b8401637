//! What stands against a deployment, as findings.

use std::collections::BTreeSet;

use super::Step;
use crate::environment::import::{Incoming, Refusal};
use crate::environment::{State, named_in_command};
use crate::gate;
use crate::graph::Evidence;
use crate::model::{Code, ComponentKey, DataverseError, Finding, Provided, Severity, Solution, codes};
use crate::order::Row;
use crate::plan::Plan;
use crate::text::shell_word;

/// The findings of a plan that a deployment is about; the rest is what `plan` is for, or what the environment itself says.
const OF_PLAN: &[Code] = &[
    codes::DEPENDENCY_CYCLE,
    codes::SAME_SOLUTION_TWICE,
    codes::MANAGED_AND_UNMANAGED,
    codes::ONE_NAME_TWO_PUBLISHERS,
];

/// An order that the environment accepts, and that leaves something out.
const OF_ORDER: &[Code] = &[codes::FLOW_BEFORE_CREDENTIAL, codes::DEPENDENT_BEFORE_PROVIDER];

/// What a plan says that stands against importing these solutions.
pub(super) fn of_plan(plan: &Plan, is_in_order: bool) -> impl Iterator<Item = Finding> + '_ {
    // In an order that is given every package counts.
    let counts = move |code: Code| !(is_in_order && code == codes::SAME_SOLUTION_TWICE);
    plan.findings
        .iter()
        .filter(move |finding| OF_PLAN.contains(&finding.code) && counts(finding.code))
        .cloned()
}

/// Edges that a given order breaks and that the environment does not refuse: a text that names what comes later, and a
/// credential that comes later. What it refuses is in `refusals` already.
pub(super) fn of_order(
    rows: &[Row],
    plan: &Plan,
    solutions: &[Solution],
    refusals: &[Finding],
    state: &State,
    holds: impl FnOnce() -> bool,
) -> Vec<Finding> {
    let help = "without --in-order solship deploys in an order that holds";
    let gate = gate::check("the arguments", rows, plan, solutions, help);
    let findings = gate.findings.into_iter().filter(|finding| OF_ORDER.contains(&finding.code));
    let mut findings: Vec<Finding> = findings
        .filter(|finding| {
            finding.subject.as_ref().is_none_or(|provider| {
                state.solution(provider).is_none() && !is_refused(plan, refusals, &finding.solution, provider)
            })
        })
        .map(|finding| Finding {
            // It is not what Dataverse answers: it takes the package.
            dataverse: None,
            ..finding
        })
        .collect();
    if !findings.is_empty() && !holds() {
        for finding in &mut findings {
            finding.help = finding.help.take().filter(|own| own != help);
        }
    }
    findings
}

/// Whether the environment itself refuses a solution for what another brings that comes later.
fn is_refused(plan: &Plan, refusals: &[Finding], solution: &str, provider: &str) -> bool {
    let mut own =
        refusals.iter().filter(|refusal| refusal.solution.eq_ignore_ascii_case(solution)).peekable();
    if own.peek().is_none() {
        return false;
    }
    let refused: BTreeSet<&ComponentKey> = own.filter_map(|refusal| refusal.component.as_ref()).collect();
    let step = plan.steps.iter().find(|step| step.solution.unique_name.eq_ignore_ascii_case(solution));
    let after = step.into_iter().flat_map(|step| &step.after);
    let mut reasons = after.filter(|after| after.solution == provider).flat_map(|after| &after.reasons);
    reasons.any(|reason| {
        reason.evidence.contains(&Evidence::Declared)
            || reason.to.as_ref().is_some_and(|to| refused.contains(to))
    })
}

/// A broken rule as a finding.
pub(super) fn of_refusal(environment: &str, solution: &str, refusal: &Refusal) -> Finding {
    Finding {
        component: refusal.component.clone(),
        place: refusal.place.clone(),
        dataverse: refusal.error,
        help: refusal.lacks.as_ref().map(|lacks| next_step(environment, lacks)),
        ..Finding::new(codes::ENVIRONMENT_REFUSES, Severity::Error, solution, refusal.words.clone())
    }
}

/// What the environment answers where a component is not there.
const COMPONENT_MISSING: [DataverseError; 2] =
    [DataverseError::MISSING_DEPENDENCIES, DataverseError::DEPENDENT_COMPONENT_MISSING];

/// In an order that was given: what to do about a solution that is not there yet, or has a component that is not, but comes
/// later. `holds` says whether the set can be deployed in another order.
pub(super) fn move_before<'l>(
    finding: &mut Finding,
    refusal: &Refusal,
    mut later: impl Iterator<Item = &'l Incoming>,
    holds: impl FnOnce() -> bool,
) {
    let component = refusal.component.as_ref();
    let component =
        component.filter(|_| refusal.error.is_some_and(|error| COMPONENT_MISSING.contains(&error)));
    let found = later.find(|later| match (&refusal.lacks, component) {
        (Some(lacks), _) => later.unique_name.eq_ignore_ascii_case(&lacks.unique_name),
        (None, Some(component)) => later.brings(component),
        (None, None) => false,
    });
    let Some(Incoming { unique_name: name, .. }) = found else { return };
    let dependent = &finding.solution;
    if name.eq_ignore_ascii_case(dependent) {
        return;
    }
    let or = if holds() { ", or leave out --in-order" } else { "" };
    finding.help = Some(format!("{name} comes later: move it before {dependent}{or}"));
}

/// What to do about a solution that is not there.
fn next_step(environment: &str, lacks: &Provided) -> String {
    let (name, version) = (&lacks.unique_name, lacks.version.as_ref());
    let version = version.map_or_else(|| "1.0.0.0".to_owned(), ToString::to_string);
    let words = [name, &*version].map(shell_word).join(" ");
    let environment = named_in_command(environment);
    format!(
        "take {name} into the set, or say that it is simply there: solship env provide {environment} {words}"
    )
}

/// What waits for somebody after a step.
pub(super) fn of_step(step: &Step, environment: &str) -> Vec<Finding> {
    let solution = &step.solution.unique_name;
    let asked = step.asked.iter().map(|key| value_not_given(environment, solution, key));
    let unbound = step.unbound.iter().map(|key| not_bound(environment, solution, key));
    let off = step.off.iter().map(|off| stays_off(solution, &off.flow, &off.words, &off.why));
    asked.chain(unbound).chain(off).collect()
}

/// A variable has no value. What to do is the same for each, so that it is told once.
pub(crate) fn value_not_given(environment: &str, solution: &str, variable: &ComponentKey) -> Finding {
    let message = format!("variable {} has no value in {environment}", variable.key);
    let help = "fill it in a --settings file of deploy, or give it one: solship env set";
    let help = format!("{help} {} VARIABLE --from FILE", named_in_command(environment));
    waiting(codes::VALUE_NOT_GIVEN, solution, variable, message, Some(help))
}

/// A connection reference is bound to nothing.
pub(crate) fn not_bound(environment: &str, solution: &str, reference: &ComponentKey) -> Finding {
    let message =
        format!("connection reference {} is bound to no connection in {environment}", reference.key);
    let help =
        "fill it in a --settings file of deploy, or make a connection and bind it: solship env connect";
    let help = format!("{help} {} bind REFERENCE CONNECTION", named_in_command(environment));
    waiting(codes::CONNECTION_NOT_BOUND, solution, reference, message, Some(help))
}

/// A flow stays off.
pub(crate) fn stays_off(solution: &str, flow: &ComponentKey, words: &str, why: &str) -> Finding {
    waiting(codes::FLOW_STAYS_OFF, solution, flow, format!("{words} stays off: {why}"), None)
}

fn waiting(
    code: Code,
    solution: &str,
    component: &ComponentKey,
    message: String,
    help: Option<String>,
) -> Finding {
    let component = Some(component.clone());
    Finding { component, help, ..Finding::new(code, Severity::Warning, solution, message) }
}
