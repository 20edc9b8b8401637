//! Circles of solutions, explained.

use super::edges::Edges;
use super::words::name_of;
use super::{Arc, Cycle};
use crate::graph::Holdings;
use crate::model::{Because, ComponentKey, Finding, Severity, Solution, Target, codes};

/// The shortest loop through a group of solutions that reach each other, and the way out.
pub(super) fn explain(
    solutions: &[&Solution],
    holdings: &Holdings<'_>,
    edges: &Edges,
    group: &[usize],
) -> Cycle {
    let name = |node: usize| solutions[node].manifest.unique_name.clone();
    let nodes = edges.graph.shortest_loop(group);
    let pairs: Vec<(usize, usize)> =
        nodes.iter().zip(nodes.iter().cycle().skip(1)).map(|(&before, &after)| (before, after)).collect();
    let arcs = pairs
        .iter()
        .map(|pair| Arc {
            solution: name(pair.1),
            needs: name(pair.0),
            reasons: edges
                .reasons
                .get(pair)
                .map(|reasons| reasons.iter().cloned().collect())
                .unwrap_or_default(),
        })
        .collect();
    Cycle {
        members: group.iter().map(|&node| name(node)).collect(),
        arcs,
        way_out: way_out(solutions, holdings, edges, &pairs, group),
    }
}

/// The cheapest arc to break: the one on which the fewest components would have to move, those first that refer to
/// nothing else of the circle.
fn way_out(
    solutions: &[&Solution],
    holdings: &Holdings<'_>,
    edges: &Edges,
    pairs: &[(usize, usize)],
    group: &[usize],
) -> String {
    let mut statements =
        pairs.iter().filter_map(|pair| edges.reasons.get(pair)).filter(|reasons| reasons.is_stated());
    let stated = statements.next().and_then(|reasons| reasons.first());
    if let Some(place) = stated.and_then(|reason| reason.place.as_ref()) {
        return format!("take away what {place} states");
    }
    let cost = |&(before, after): &(usize, usize)| {
        let needed = needed(edges, before, after);
        let tied = needed.iter().filter(|key| is_tied(solutions, holdings, before, group, key)).count();
        (needed.is_empty(), tied, needed.len())
    };
    let Some(&(before, after)) = pairs.iter().min_by_key(|pair| cost(pair)) else { return String::new() };
    let name = |node: usize| &solutions[node].manifest.unique_name;
    let needed = needed(edges, before, after);
    let together = format!("put {} and {} together in one solution", name(before), name(after));
    let Some(first) = needed.first() else { return together };
    let first = name_of(solutions, holdings, before, first);
    let what = match needed.len() {
        1 => first,
        more => format!("{first} and {} more components", more - 1),
    };
    format!("move {what} from {} to a solution that comes before both, or {together}", name(before))
}

fn needed(edges: &Edges, before: usize, after: usize) -> Vec<ComponentKey> {
    let reasons = edges.reasons.get(&(before, after)).into_iter().flat_map(|reasons| reasons.iter());
    let mut keys: Vec<ComponentKey> = reasons.filter_map(|reason| reason.to.clone()).collect();
    keys.sort();
    keys.dedup();
    keys
}

/// Whether a component refers to another one of the circle, so that it cannot move alone, or is not there to be moved.
fn is_tied(
    solutions: &[&Solution],
    holdings: &Holdings<'_>,
    holder: usize,
    group: &[usize],
    key: &ComponentKey,
) -> bool {
    let Some(at) = holdings.component(holder, key) else { return true };
    solutions[holder].components[at].uses.iter().any(|used| match &used.target {
        Target::Component(target) => group.iter().any(|&node| holdings.holds(node, target)),
        Target::Expression(_) => false,
    })
}

/// The finding about a cycle.
pub(super) fn finding(cycle: &Cycle) -> Finding {
    let first = cycle.arcs.first().and_then(|arc| arc.reasons.first());
    let because = cycle.arcs.iter().filter_map(|arc| {
        let reason = arc.reasons.first()?;
        let words = format!("{} needs {}: {}", arc.solution, arc.needs, reason.words);
        Some(Because { words, place: reason.place.clone() })
    });
    let message = format!("{} need each other in a circle: no order is right", cycle.members.join(", "));
    let solution = cycle.members.first().map_or("", String::as_str);
    Finding {
        component: first.and_then(|reason| reason.to.clone()),
        place: first.and_then(|reason| reason.place.clone()),
        because: because.collect(),
        help: Some(cycle.way_out.clone()),
        ..Finding::new(codes::DEPENDENCY_CYCLE, Severity::Error, solution, message)
    }
}
