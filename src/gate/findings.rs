//! What is wrong with an order, in words.

use super::rows::Rows;
use crate::graph::Evidence;
use crate::model::{Because, ComponentType, DataverseError, Details, Finding, Severity, Solution, codes};
use crate::order::Row;
use crate::plan::{Plan, Predecessor, Step};

/// So many reasons of one pair are given; the plan has all.
const REASONS: usize = 20;
/// So many pairs of one solution and the credentials that it may sign in with are told apart.
const CREDENTIALS: usize = 100;

const UNBOUND: &str = "no connection that signs in with it can be made in the target yet: the reference stays unbound, the flow off";
const INCOMPLETE: &str =
    "what it refers to is not in the target yet: the import fails, or the part does not work";
const REFUSED: &str = "Dataverse refuses the import";

/// One finding for each pair of solutions that stands the wrong way round.
pub(super) fn broken(
    rows: &[Row],
    listed: &Rows,
    plan: &Plan,
    solutions: &[Solution],
    help: &str,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, step) in plan.steps.iter().enumerate() {
        let Some(row) = listed.row_of[at] else { continue };
        let is_late = |name: &str| listed.row_of[listed.step(name)].is_none_or(|before| before > row);
        // No order puts a cycle right; what does is said with the finding about it.
        let help = |name: &str| {
            let is_circle = step.cycle.is_some() && step.cycle == plan.steps[listed.step(name)].cycle;
            Some(help.to_owned()).filter(|help| !is_circle && !help.is_empty())
        };
        let broken = |code, name: &str| {
            let message = match listed.row_of[listed.step(name)] {
                Some(_) => format!("{} is imported before {name}", step.solution.unique_name),
                None => format!(
                    "{} is imported and {name}, which it needs, is not listed",
                    step.solution.unique_name
                ),
            };
            Finding {
                place: Some(rows[row].place.clone()),
                excerpt: Some(rows[row].excerpt.clone()).filter(|excerpt| !excerpt.is_empty()),
                help: help(name),
                ..Finding::new(code, Severity::Error, &step.solution.unique_name, message)
            }
        };
        for predecessor in step.after.iter().filter(|after| is_late(&after.solution)) {
            let code = if is_sign_in(predecessor) {
                codes::FLOW_BEFORE_CREDENTIAL
            } else {
                codes::DEPENDENT_BEFORE_PROVIDER
            };
            findings.push(explained(broken(code, &predecessor.solution), step, predecessor, solutions));
        }
        let Some((reason, policy)) =
            step.policy.as_ref().and_then(|reason| Some((reason, plan.policies.get(reason.policy)?)))
        else {
            continue;
        };
        let is_told = |name: &str| step.after.iter().any(|after| after.solution == name);
        let is_listed = |name: &str| listed.row_of[listed.step(name)].is_some();
        let late = policy.before.iter().filter(|name| is_late(name) && is_listed(name) && !is_told(name));
        for name in late.take(CREDENTIALS) {
            let finding = broken(codes::FLOW_BEFORE_CREDENTIAL, name);
            let mut because =
                vec![Because { words: reason.words.clone(), place: Some(reason.place.clone()) }];
            because.extend(credential(name, solutions));
            findings.push(Finding {
                component: Some(reason.component.clone()),
                because,
                otherwise: Some(UNBOUND.to_owned()),
                ..finding
            });
        }
    }
    findings
}

/// Whether nothing but the use of a credential demands the order.
fn is_sign_in(predecessor: &Predecessor) -> bool {
    predecessor.reasons.iter().all(|reason| {
        reason.evidence.iter().all(|evidence| *evidence == Evidence::Stated)
            && reason.to.as_ref().is_some_and(|to| to.kind == ComponentType::CREDENTIAL)
    })
}

fn explained(finding: Finding, step: &Step, predecessor: &Predecessor, solutions: &[Solution]) -> Finding {
    let reasons = predecessor.reasons.iter().take(REASONS);
    let because = reasons.map(|reason| Because { words: reason.words.clone(), place: reason.place.clone() });
    let is_declared = predecessor.reasons.iter().any(|reason| reason.evidence.contains(&Evidence::Declared));
    let dataverse = is_declared.then(|| answer(step, predecessor, solutions));
    let otherwise = match finding.code {
        codes::FLOW_BEFORE_CREDENTIAL => UNBOUND,
        _ if is_declared => REFUSED,
        _ => INCOMPLETE,
    };
    Finding {
        component: predecessor.reasons.first().and_then(|reason| reason.from.clone()),
        because: because.collect(),
        otherwise: Some(otherwise.to_owned()),
        dataverse,
        ..finding
    }
}

/// With the providing solution named in the package, Dataverse asks for it; else it lists the components.
fn answer(step: &Step, predecessor: &Predecessor, solutions: &[Solution]) -> DataverseError {
    let solution = solutions.iter().find(|solution| solution.source == step.solution.source);
    let mut missing = solution.into_iter().flat_map(|solution| &solution.manifest.missing_dependencies);
    let is_named = missing.any(|missing| {
        let provider = missing.provider.as_ref();
        provider.is_some_and(|provider| provider.eq_ignore_ascii_case(&predecessor.solution))
    });
    if is_named { DataverseError::SOLUTION_NOT_INSTALLED } else { DataverseError::MISSING_DEPENDENCIES }
}

/// Which credential a solution has.
fn credential(unique_name: &str, solutions: &[Solution]) -> Option<Because> {
    let solution = solutions.iter().find(|solution| solution.manifest.unique_name == unique_name)?;
    let mut credentials =
        solution.components.iter().filter(|component| matches!(component.details, Details::Credential(_)));
    let first = credentials.next()?;
    let words = match credentials.count() {
        0 => format!("{} is in {unique_name}", first.described()),
        more => format!("{} and {more} more are in {unique_name}", first.described()),
    };
    Some(Because { words, place: Some(first.place.clone()) })
}

/// What is listed and not there, there and not listed, listed twice.
pub(super) fn listing(order: &str, rows: &[Row], listed: &Rows, plan: &Plan) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: std::collections::HashMap<String, &Row> = std::collections::HashMap::new();
    for (row, step) in rows.iter().zip(&listed.steps) {
        let at = |finding| Finding {
            place: Some(row.place.clone()),
            excerpt: Some(row.excerpt.clone()).filter(|excerpt| !excerpt.is_empty()),
            ..finding
        };
        let Some(step) = step else {
            findings.push(Finding {
                help: Some("take it into the set, or out of the order".to_owned()),
                ..at(Finding::new(
                    codes::LISTED_BUT_ABSENT,
                    Severity::Error,
                    "",
                    format!("{} is listed, and no package of the set is that", row.name),
                ))
            });
            continue;
        };
        let name = &plan.steps[*step].solution.unique_name;
        // The managed and the unmanaged package of one solution are two rows, and two imports.
        if let Some(first) = seen.insert(row.name.to_lowercase(), row) {
            let message = format!("{name} is listed twice; the first time counts");
            let words = "it is also listed here".to_owned();
            findings.push(Finding {
                because: vec![Because { words, place: Some(first.place.clone()) }],
                ..at(Finding::new(codes::LISTED_TWICE, Severity::Warning, name, message))
            });
        }
    }
    for (step, _) in plan.steps.iter().zip(&listed.row_of).filter(|(_, row)| row.is_none()) {
        let name = &step.solution.unique_name;
        let message = format!("{name} ({}) is not listed in {order}", step.solution.source);
        findings.push(Finding {
            help: Some("list it, or take it out of the set".to_owned()),
            ..Finding::new(codes::PRESENT_BUT_NOT_LISTED, Severity::Warning, name, message)
        });
    }
    findings
}
