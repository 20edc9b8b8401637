//! What is wrong with an order, in words.

use super::rows::Rows;
use crate::graph::Evidence;
use crate::model::{
    Because, ComponentType, DataverseError, Details, Finding, Severity, Solution, codes, masked_text,
};
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

/// One finding for each pair of rows that stands the wrong way round.
pub(super) fn broken(
    rows: &[Row],
    listed: &Rows,
    plan: &Plan,
    solutions: &[Solution],
    help: &str,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let of_rows = plan
        .steps
        .iter()
        .zip(&listed.rows_of)
        .flat_map(|(step, own)| own.iter().map(move |&row| (step, row)));
    for (step, row) in of_rows {
        let is_late = |provider: Option<usize>| provider.is_none_or(|provider| provider > row);
        let broken = |code, name: &str, provider: Option<usize>| {
            let own = &step.solution.unique_name;
            // No order puts a cycle right; what does is said with the finding about it.
            let is_circle = step.cycle.is_some() && step.cycle == plan.steps[listed.step(name)].cycle;
            let (message, help) = match provider {
                Some(_) => (format!("{own} is imported before {name}"), Some(help).filter(|_| !is_circle)),
                None => (
                    format!("{own} is imported and {name}, which it needs, is not listed"),
                    Some("list it above, or say that the target has it: --provided"),
                ),
            };
            Finding {
                subject: Some(name.to_owned()),
                help: help.filter(|help| !help.is_empty()).map(str::to_owned),
                ..at(rows, row, Finding::new(code, Severity::Error, own, message))
            }
        };
        for predecessor in &step.after {
            let provider = listed.provider(&predecessor.solution, row);
            if is_late(provider) {
                let code = if is_sign_in(predecessor) {
                    codes::FLOW_BEFORE_CREDENTIAL
                } else {
                    codes::DEPENDENT_BEFORE_PROVIDER
                };
                let finding = broken(code, &predecessor.solution, provider);
                findings.push(explained(finding, step, predecessor, solutions));
            }
        }
        let Some((reason, policy)) =
            step.policy.as_ref().and_then(|reason| Some((reason, plan.policies.get(reason.policy)?)))
        else {
            continue;
        };
        let is_told = |name: &str| step.after.iter().any(|after| after.solution == name);
        let late = policy.before.iter().filter_map(|name| {
            // What is not listed at all may be in the target; that is said of the package.
            let provider = listed.chosen(name)?;
            (is_late(Some(provider)) && !is_told(name)).then_some((name, provider))
        });
        for (name, provider) in late.take(CREDENTIALS) {
            let finding = broken(codes::FLOW_BEFORE_CREDENTIAL, name, Some(provider));
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

/// The finding at a row.
fn at(rows: &[Row], row: usize, finding: Finding) -> Finding {
    let row = &rows[row];
    Finding {
        place: Some(row.place.clone()),
        excerpt: Some(row.excerpt.clone()).filter(|excerpt| !excerpt.is_empty()),
        ..finding
    }
}

/// One finding for each package of a solution that stands behind a higher version of it.
pub(super) fn versions(rows: &[Row], listed: &Rows, solutions: &[Solution], help: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for own in &listed.rows_of {
        let mut highest: Option<usize> = None;
        for &row in own {
            let version = |row: usize| listed.version(row, solutions);
            match highest.filter(|&highest| version(row) < version(highest)) {
                None => highest = Some(row),
                Some(higher) => {
                    let (Some(lower), Some(above)) = (version(row), version(higher)) else { continue };
                    let name = listed.unique_name(row, solutions);
                    let message = format!("{name} {lower} is imported after {above}");
                    let words = format!("{name} {above} stands here");
                    findings.push(Finding {
                        because: vec![Because { words, place: Some(rows[higher].place.clone()) }],
                        otherwise: Some(
                            "Dataverse refuses a lower version than the one that is installed".to_owned(),
                        ),
                        help: Some(help.to_owned()).filter(|help| !help.is_empty()),
                        ..at(
                            rows,
                            row,
                            Finding::new(codes::LOWER_VERSION_LATER, Severity::Error, name, message),
                        )
                    });
                }
            }
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
    for (number, (row, step)) in rows.iter().zip(&listed.steps).enumerate() {
        let Some(step) = step else {
            let message = format!("{} is listed, and no package of the set is that", masked_text(&row.name));
            findings.push(Finding {
                help: Some("take it into the set, or out of the order".to_owned()),
                ..at(rows, number, Finding::new(codes::LISTED_BUT_ABSENT, Severity::Error, "", message))
            });
            continue;
        };
        let name = &plan.steps[*step].solution.unique_name;
        // The managed and the unmanaged package of one solution are two rows, and two imports.
        if let Some(first) = seen.insert(row.name.to_lowercase(), row) {
            let message = format!("{name} is listed twice");
            let words = "it is also listed here".to_owned();
            findings.push(Finding {
                because: vec![Because { words, place: Some(first.place.clone()) }],
                help: Some("take one of the two rows away".to_owned()),
                ..at(rows, number, Finding::new(codes::LISTED_TWICE, Severity::Warning, name, message))
            });
        }
    }
    for (step, _) in plan.steps.iter().zip(&listed.rows_of).filter(|(_, rows)| rows.is_empty()) {
        let name = &step.solution.unique_name;
        let message = format!("{name} ({}) is not listed in {order}", step.solution.source);
        findings.push(Finding {
            help: Some(
                "list it, take it out of the set, or say that the target has it: --provided".to_owned(),
            ),
            ..Finding::new(codes::PRESENT_BUT_NOT_LISTED, Severity::Warning, name, message)
        });
    }
    findings
}
