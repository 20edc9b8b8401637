//! The documented rule: the solution with a credential goes in before those that may sign in with it. Which connection
//! uses which credential is in no package, so every credential solution comes before every such solution.

use std::collections::BTreeMap;

use super::edges::Edges;
use super::stated::Settled;
use super::{Policy, PolicyReason, Reason, finding};
use crate::graph::order::{Precedence, Reach};
use crate::model::{Because, Component, ComponentKey, Details, Finding, Place, Severity, Solution, codes};

/// The graph with the policy's edges, and who waits for whom.
#[derive(Debug)]
pub(super) struct Applied {
    /// Nodes from the number of solutions on stand for a whole group of credential solutions.
    pub(super) graph: Precedence,
    pub(super) policies: Vec<Policy>,
    /// By solution.
    pub(super) reasons: Vec<Option<PolicyReason>>,
}

/// Adds the policy's edges to those that the packages show. An edge that would close a cycle gives way.
/// Components of which it is stated what they sign in with are `settled`.
pub(super) fn apply(
    solutions: &[&Solution],
    edges: &Edges,
    settled: &Settled,
    findings: &mut Vec<Finding>,
) -> Applied {
    let shown = &edges.graph;
    let holds_credential: Vec<bool> = solutions
        .iter()
        .map(|solution| {
            solution.components.iter().any(|component| matches!(component.details, Details::Credential(_)))
        })
        .collect();
    let may_sign_in: Vec<Option<SignsIn>> =
        solutions.iter().map(|solution| signs_in(solution, settled)).collect();

    findings.extend(mixed(solutions, &holds_credential, &may_sign_in));
    let waits_for = waits_for(solutions, edges, &holds_credential, &may_sign_in, findings);
    let mut graph = shown.clone();
    let mut groups: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for (node, before) in waits_for.into_iter().enumerate() {
        if !before.is_empty() {
            groups.entry(before).or_default().push(node);
        }
    }
    let mut policies = Vec::new();
    let mut reasons: Vec<Option<PolicyReason>> = vec![None; solutions.len()];
    for (before, after) in groups {
        let group = graph.add_node();
        before.iter().for_each(|&node| graph.add(node, group));
        for &node in &after {
            graph.add(group, node);
            reasons[node] = may_sign_in[node].as_ref().map(|signs_in| PolicyReason {
                policy: policies.len(),
                words: signs_in.words.clone(),
                component: signs_in.component.clone(),
                place: signs_in.place.clone(),
            });
        }
        let names = |nodes: &[usize]| {
            nodes.iter().map(|&node| solutions[node].manifest.unique_name.clone()).collect::<Vec<_>>()
        };
        policies.push(Policy { before: names(&before), after: names(&after) });
    }
    Applied { graph, policies, reasons }
}

/// For each solution the credential solutions that it waits for, ascending.
fn waits_for(
    solutions: &[&Solution],
    edges: &Edges,
    holds_credential: &[bool],
    may_sign_in: &[Option<SignsIn>],
    findings: &mut Vec<Finding>,
) -> Vec<Vec<usize>> {
    let shown = &edges.graph;
    let nodes = 0..solutions.len();
    let credentials: Vec<usize> = nodes.clone().filter(|&node| holds_credential[node]).collect();
    let flows: Vec<usize> = nodes.clone().filter(|&node| may_sign_in[node].is_some()).collect();
    // Two solutions that hold both do not constrain each other.
    let pairs_with = |flow: usize| {
        let credentials = credentials.iter().copied();
        credentials.filter(move |&credential| {
            credential != flow && !(holds_credential[flow] && may_sign_in[credential].is_some())
        })
    };
    let mut waits: Vec<Vec<usize>> = vec![Vec::new(); solutions.len()];
    // Where no flow solution comes before a credential solution, no edge of the policy can close a cycle.
    let behind_flows = shown.reachable(flows.iter().copied());
    if !credentials.iter().any(|&credential| behind_flows[credential]) {
        for &flow in &flows {
            waits[flow] = pairs_with(flow).collect();
        }
        return waits;
    }
    let is_any_stated = edges.reasons.values().any(|reasons| reasons.is_stated());
    let mut reach = Reach::new(shown);
    let mut pairs: Vec<(usize, usize)> =
        flows.iter().flat_map(|&flow| pairs_with(flow).map(move |credential| (credential, flow))).collect();
    pairs.sort_unstable();
    for (credential, flow) in pairs {
        if reach.reaches(flow, credential) {
            let stated = if is_any_stated { edges.stated_way(flow, credential) } else { None };
            findings.push(gave_way(
                solutions[credential],
                solutions[flow],
                may_sign_in[flow].as_ref(),
                stated,
            ));
        } else {
            reach.add(credential, flow);
            waits[flow].push(credential);
        }
    }
    waits
}

/// The credentials of a solution in words: the first by name, and how many more.
fn credentials_of(solution: &Solution) -> String {
    let mut credentials: Vec<&Component> = solution
        .components
        .iter()
        .filter(|component| matches!(component.details, Details::Credential(_)))
        .collect();
    credentials.sort_by_key(|credential| &credential.key);
    match &credentials[..] {
        [] => String::new(),
        [one] => one.described(),
        [first, rest @ ..] => format!("{} and {} more credentials", first.described(), rest.len()),
    }
}

/// Solutions that hold a credential and what may sign in with one: nothing is known of the order between them.
fn mixed(
    solutions: &[&Solution],
    holds_credential: &[bool],
    may_sign_in: &[Option<SignsIn>],
) -> Option<Finding> {
    let both: Vec<usize> =
        (0..solutions.len()).filter(|&node| holds_credential[node] && may_sign_in[node].is_some()).collect();
    let (first, others) = both.split_first().filter(|(_, others)| !others.is_empty())?;
    let name = |node: usize| &solutions[node].manifest.unique_name;
    let mut names: Vec<&str> = both.iter().take(MIXED_NAMED).map(|&node| name(node).as_str()).collect();
    let more = (others.len() + 1).saturating_sub(MIXED_NAMED);
    let rest = format!("{more} more");
    if more > 0 {
        names.push(&rest);
    }
    let because = both.iter().take(MIXED_NAMED).filter_map(|&node| {
        let signs_in = may_sign_in[node].as_ref()?;
        let words =
            format!("{} holds {}, and {}", name(node), credentials_of(solutions[node]), signs_in.what);
        Some(Because { words, place: Some(signs_in.place.clone()) })
    });
    Some(Finding {
        because: because.collect(),
        help: Some(format!(
            "if flows of one sign in with a credential of another, move that credential into a solution that comes first, such as {} out of {}",
            credentials_of(solutions[*first]),
            name(*first)
        )),
        ..finding(
            codes::CREDENTIAL_BESIDE_FLOWS,
            Severity::Note,
            solutions[*first],
            format!(
                "{} each hold a credential and what may sign in with one: no order between them is known",
                names.join(", ")
            ),
        )
    })
}

/// So many solutions are named.
const MIXED_NAMED: usize = 5;

/// With `stated` nothing but the user's own word holds the credential back: then that is wrong, not the packages.
fn gave_way(
    credential: &Solution,
    flow: &Solution,
    signs_in: Option<&SignsIn>,
    stated: Option<&Reason>,
) -> Finding {
    let (credential_name, flow_name) = (&credential.manifest.unique_name, &flow.manifest.unique_name);
    let because = signs_in
        .map(|signs_in| Because { words: signs_in.what.clone(), place: Some(signs_in.place.clone()) });
    if let Some(stated) = stated {
        let message = format!(
            "{credential_name} holds a credential and should come before {flow_name}, which may sign in with it; it is stated to come after it"
        );
        return Finding {
            component: signs_in.map(|signs_in| signs_in.component.clone()),
            subject: Some(credential_name.clone()),
            place: stated.place.clone(),
            because: because.into_iter().collect(),
            help: Some("take that statement away".to_owned()),
            ..finding(codes::POLICY_GAVE_WAY, Severity::Error, flow, message)
        };
    }
    let message = format!(
        "{credential_name} holds a credential and should come before {flow_name}, but needs it itself and comes after it"
    );
    Finding {
        component: signs_in.map(|signs_in| signs_in.component.clone()),
        subject: Some(credential_name.clone()),
        place: signs_in.map(|signs_in| signs_in.place.clone()),
        help: Some(format!(
            "move {} of {credential_name} and what it takes its values from into a solution of their own, if {flow_name} signs in with it",
            credentials_of(credential)
        )),
        ..finding(codes::POLICY_GAVE_WAY, Severity::Warning, flow, message)
    }
}

/// The first component of a solution that may sign in with a credential.
struct SignsIn {
    /// `cloud flow "Run payroll" runs desktop flows`
    what: String,
    words: String,
    component: ComponentKey,
    place: Place,
}

fn signs_in(solution: &Solution, settled: &Settled) -> Option<SignsIn> {
    // A flow tells more than a connection reference, so it is named first.
    let strength = |details: &Details| match details {
        Details::CloudFlow(flow) if flow.runs_desktop_flows => Some((0, "runs desktop flows")),
        Details::DesktopFlow(flow) if flow.uses_credentials => Some((1, "uses credential actions")),
        Details::ConnectionReference(reference) if reference.is_for_desktop_flows() => {
            Some((2, "is of the desktop flows connector"))
        }
        _ => None,
    };
    let candidates = solution.components.iter().filter_map(|component| {
        let (rank, words) = strength(&component.details).filter(|_| !settled.holds(component))?;
        Some((rank, words, component))
    });
    let (_, words, component) = candidates.min_by_key(|(rank, _, component)| (*rank, &component.key))?;
    let what = format!("{} {words}", component.described());
    Some(SignsIn {
        words: format!("{what}; a credential comes before what may sign in with it"),
        what,
        component: component.key.clone(),
        place: component.place.clone(),
    })
}
