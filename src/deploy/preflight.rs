//! What stands against a deployment, as findings.

use std::collections::BTreeSet;

use super::{Step, StepState};
use crate::environment::State;
use crate::environment::import::Refusal;
use crate::gate;
use crate::model::{Code, Finding, Severity, Solution, codes};
use crate::order::Row;
use crate::plan::Plan;

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
pub(super) fn of_plan(plan: &Plan) -> impl Iterator<Item = Finding> + '_ {
    plan.findings.iter().filter(|finding| OF_PLAN.contains(&finding.code)).cloned()
}

/// Edges that a given order breaks and that the environment does not refuse: a text that names what comes later, and a
/// credential that comes later. Of a solution that is refused only that is said.
pub(super) fn of_order(
    rows: &[Row],
    plan: &Plan,
    solutions: &[Solution],
    steps: &[Step],
    state: &State,
) -> Vec<Finding> {
    let refused: BTreeSet<String> = steps
        .iter()
        .filter(|step| step.state != StepState::Planned)
        .map(|step| step.solution.unique_name.to_lowercase())
        .collect();
    let help = "without --in-order solship deploys in an order that holds";
    let gate = gate::check("the arguments", rows, plan, solutions, help);
    let is_there = |finding: &Finding| {
        finding.subject.as_ref().is_some_and(|provider| state.solution(provider).is_some())
    };
    let findings = gate.findings.into_iter().filter(|finding| OF_ORDER.contains(&finding.code));
    findings
        .filter(|finding| !refused.contains(&finding.solution.to_lowercase()) && !is_there(finding))
        .map(|finding| Finding {
            // It is not what Dataverse answers: it takes the package.
            dataverse: None,
            ..finding
        })
        .collect()
}

/// A broken rule as a finding.
pub(super) fn of_refusal(solution: &str, refusal: &Refusal) -> Finding {
    Finding {
        component: refusal.component.clone(),
        place: refusal.place.clone(),
        dataverse: refusal.error,
        ..Finding::new(codes::ENVIRONMENT_REFUSES, Severity::Error, solution, refusal.words.clone())
    }
}

/// What waits for somebody after a step.
pub(super) fn of_step(step: &Step, environment: &str) -> Vec<Finding> {
    let solution = &step.solution.unique_name;
    let warning = |code, message: String| Finding::new(code, Severity::Warning, solution, message);
    let asked = step.asked.iter().map(|key| Finding {
        component: Some(key.clone()),
        help: Some(format!(
            "solship env set {environment} {} < FILE, or fill it in a --settings file",
            key.key
        )),
        ..warning(codes::VALUE_NOT_GIVEN, format!("variable {} has no value there", key.key))
    });
    let unbound = step.unbound.iter().map(|key| Finding {
        component: Some(key.clone()),
        help: Some(format!("solship env connect {environment}, or fill it in a --settings file")),
        ..warning(
            codes::CONNECTION_NOT_BOUND,
            format!("connection reference {} is bound to no connection there", key.key),
        )
    });
    let off = step.off.iter().map(|off| Finding {
        component: Some(off.flow.clone()),
        ..warning(codes::FLOW_STAYS_OFF, format!("{} stays off: {}", off.words, off.why))
    });
    asked.chain(unbound).chain(off).collect()
}
