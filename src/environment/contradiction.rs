//! What a state says against itself. No sequence of imports, removals and changes leads to one that does: it was made or changed
//! by hand, and what is worked out from it would be wrong.

use std::collections::{BTreeMap, BTreeSet};

use super::state::{Layers, SolutionName, State, Touched};
use crate::model::ComponentKey;

/// The first thing that contradicts another one, in one sentence that names both; none for a state that is sound.
pub fn contradiction(state: &State) -> Option<String> {
    of_solutions(state)
        .or_else(|| state.components().iter().find_map(|(key, layers)| of_layers(state, key, layers)))
        .or_else(|| of_flows(state))
}

/// The same of a state that was sound before these records changed: of the rest nothing new is to be said.
pub(super) fn contradiction_after(state: &State, touched: &BTreeSet<Touched>) -> Option<String> {
    let mut components: BTreeSet<&ComponentKey> = BTreeSet::new();
    for record in touched {
        match record {
            Touched::Component(key) | Touched::Flow(key) => drop(components.insert(key)),
            Touched::Solution(name) => components.extend(state.held_by(name.as_str())),
            Touched::Value(_) | Touched::Binding(_) | Touched::Connection(_) | Touched::Shares(_) => {}
        }
    }
    of_solutions(state).or_else(|| {
        components.into_iter().find_map(|key| match state.components().get(key) {
            Some(layers) => of_layers(state, key, layers),
            None => state.flows().contains_key(key).then(|| flow_is_gone(key)),
        })
    })
}

fn of_solutions(state: &State) -> Option<String> {
    let mut places: BTreeMap<u64, &str> = BTreeMap::new();
    for solution in state.solutions().values() {
        let name = &solution.unique_name;
        if let Some(other) = places.insert(solution.sequence, name) {
            let place = solution.sequence;
            return Some(format!(
                "solutions {other} and {name} have one place in the order of installation, {place}"
            ));
        }
        for (what, base) in [("a patch", &solution.parent), ("a staged upgrade", &solution.upgrade_of)] {
            if let Some(base) = base.as_ref().filter(|base| state.solution(base).is_none()) {
                return Some(format!("solution {name} is {what} of {base}, which is not installed"));
            }
        }
    }
    None
}

fn of_layers(state: &State, key: &ComponentKey, layers: &Layers) -> Option<String> {
    let mut before = None;
    let mut seen = BTreeSet::new();
    for layer in &layers.managed {
        let name = &layer.solution;
        let Some(solution) = state.solution(name) else {
            return Some(format!("{key} has a layer of solution {name}, which is not installed"));
        };
        if !solution.managed {
            return Some(format!("{key} has a managed layer of solution {name}, which is unmanaged"));
        }
        if !seen.insert(SolutionName::new(name)) {
            return Some(format!("{key} has two layers of solution {name}"));
        }
        if let Some((other, _)) = before.filter(|(_, place)| *place > solution.place_of_layers()) {
            return Some(format!(
                "{key}: the layer of {name} lies over that of {other}, which was installed later"
            ));
        }
        before = Some((name, solution.place_of_layers()));
    }
    for name in &layers.unmanaged_in {
        match state.solution(name) {
            None => {
                return Some(format!("{key} is in the unmanaged solution {name}, which is not installed"));
            }
            Some(solution) if solution.managed => {
                return Some(format!("{key} is in {name} as in an unmanaged solution, and that is managed"));
            }
            Some(_) => {}
        }
    }
    None
}

/// A reference may be bound to a connection of which nothing is known here, as settings say it, or before the solution that brings
/// it comes, and a value may be set before; a flow is on or off only where it is.
fn of_flows(state: &State) -> Option<String> {
    let flow = state.flows().keys().find(|key| !state.components().contains_key(*key))?;
    Some(flow_is_gone(flow))
}

fn flow_is_gone(flow: &ComponentKey) -> String {
    format!("{flow} is said to be on or off, and is not there")
}

#[cfg(test)]
mod tests {
    use super::super::state::Layer;
    use super::super::testing::{key, robots, variable};
    use super::*;
    use crate::model::ComponentType;

    #[test]
    fn each_contradiction_is_named() {
        assert_eq!(contradiction(&robots()), None);
        let told = |change: &dyn Fn(&mut State)| {
            let mut state = robots();
            state.take_touched();
            change(&mut state);
            let touched = state.take_touched();
            assert_eq!(contradiction_after(&state, &touched), contradiction(&state));
            contradiction(&state).unwrap_or_default()
        };
        let managed = |name: &'static str| {
            move |state: &mut State| {
                state.change_component(&variable("fab_User"), |layers| {
                    let content = layers.contents().next().cloned().expect("a layer");
                    layers.managed.push(Layer { solution: name.to_owned(), content });
                });
            }
        };
        assert!(
            told(&managed("FabGone")).ends_with("has a layer of solution FabGone, which is not installed")
        );
        let twin = told(&|state| {
            let twin = state.solution("FabRobots").cloned();
            let twin = twin
                .map(|twin| super::super::InstalledSolution { unique_name: "FabTwin".to_owned(), ..twin });
            state.set_solution("FabTwin", twin);
        });
        assert!(twin.starts_with("solutions FabRobots and FabTwin have one place"), "{twin}");
        let gone = told(&|state| state.set_solution("FabRobots", None));
        assert!(gone.ends_with("FabRobots, which is not installed"), "{gone}");
        let flow = key(ComponentType::WORKFLOW, "0c0ffee0-0000-4000-8000-0000000000ff");
        assert!(told(&|state| state.set_flow(&flow, Some(true))).ends_with("on or off, and is not there"));
        // Settings bind ahead, and to what they know.
        let reference = super::super::connect::reference("fab_Gone");
        assert_eq!(told(&|state| state.set_binding(&reference, Some("x".to_owned()))), "");
    }
}
