//! What an import that breaks no rule does to a state.
//!
//! Read [`apply`] first.

use std::collections::BTreeSet;

use super::super::connect::fits;
use super::super::content::{Content, Facts};
use super::super::credential::note_of_change;
use super::super::state::{InstalledSolution, Layer, SolutionName, State};
use super::checked::{Kind, Settled, patches};
use super::flows::settle_flows;
use super::values::{effective_value, packaged, variable_of};
use super::{ImportOptions, Incoming, Outcome, holding_name};
use crate::model::{ComponentKey, Version, is_connection_id};

/// Changes the state.
pub(super) fn apply(
    state: &mut State,
    incoming: &Incoming,
    options: &ImportOptions,
    settled: Settled,
) -> Outcome {
    let kind = settled.kind;
    let before = state.solution(&incoming.unique_name).map(|solution| solution.version.clone());
    let removal = settled.removal;
    let mut reached = removal.identities(state);
    let rolled_up: Vec<String> = match kind {
        Kind::Upgrade => {
            patches(state, &incoming.unique_name).map(|patch| patch.unique_name.clone()).collect()
        }
        _ => Vec::new(),
    };

    let variables: BTreeSet<ComponentKey> =
        incoming.components.iter().filter_map(|component| variable_of(&component.key)).collect();
    let before_values: Vec<_> = variables
        .into_iter()
        .filter_map(|variable| effective_value(state, &variable).map(|(value, _)| (variable, value)))
        .collect();
    let solution = record(state, incoming, kind, settled.needs, settled.assumed);
    let unique_name = solution.unique_name.clone();
    let was_provided = state.solution(&unique_name).is_some_and(|there| there.provided);
    state.set_solution(&unique_name, Some(solution.clone()));
    let mut outcome = Outcome::new(solution, before);
    for component in &incoming.components {
        compare(state, incoming, &component.key, &component.content, &mut outcome);
        if was_provided {
            take_managed(state, &unique_name, &component.key);
        }
        match kind {
            Kind::Unmanaged => place_unmanaged(state, &unique_name, &component.key, &component.content),
            _ => place_managed(state, &unique_name, &component.key, component.content.clone()),
        }
    }
    if kind == Kind::Unmanaged {
        for root in &incoming.roots {
            if state.components().contains_key(&root.key) {
                state.change_component(&root.key, |layers| {
                    layers.unmanaged_in.insert(unique_name.clone());
                });
            }
        }
    }
    let is_own = |key: &ComponentKey| incoming.component(key).is_some_and(|own| own.key == *key);
    removal.apply(state, is_own, &mut outcome);
    for patch in rolled_up {
        state.set_solution(&patch, None);
        outcome.notes.push(format!("rolled up: patch {patch} is gone"));
    }

    reached.extend(give(state, incoming, options, &mut outcome));
    reached.extend(incoming.components.iter().map(|component| component.key.clone()));
    if kind == Kind::Stage {
        outcome.notes.push(format!(
            "staged as {unique_name}: it takes the place of {} when the upgrade is applied",
            incoming.unique_name
        ));
    }
    turn(state, incoming, reached, &mut outcome);
    for (variable, before) in before_values {
        let after = effective_value(state, &variable).map(|(value, _)| value);
        let is_same = after.is_none_or(|after| after == before || after.is_same(&before) == Some(true));
        if let Some(note) = note_of_change(state, &variable).filter(|_| !is_same) {
            outcome.secrets.push(format!("{}: {note}", variable.key));
        }
    }
    outcome.notes.extend(outcome.secrets.iter().cloned());
    ask(state, incoming, &mut outcome);
    outcome
}

/// The solution as it is there from now on.
fn record(
    state: &State,
    incoming: &Incoming,
    kind: Kind,
    mut needs: std::collections::BTreeMap<String, Option<Version>>,
    mut assumed: std::collections::BTreeSet<ComponentKey>,
) -> InstalledSolution {
    let there = state.solution(&incoming.unique_name).filter(|_| kind != Kind::Stage);
    if let Some(there) = there.filter(|_| matches!(kind, Kind::Update | Kind::Unmanaged)) {
        // What the new version lacks stays, and so does what that needs.
        for (name, version) in &there.needs {
            let lowest = needs.entry(name.clone()).or_default();
            *lowest = lowest.take().max(version.clone());
        }
        assumed.extend(there.assumed.iter().cloned());
    }
    let last = || state.solutions().values().map(|solution| solution.sequence).max().unwrap_or(0);
    InstalledSolution {
        unique_name: match kind {
            Kind::Stage => holding_name(&incoming.unique_name),
            _ => incoming.unique_name.clone(),
        },
        version: incoming.version.clone(),
        managed: incoming.managed,
        publisher: incoming.publisher.clone(),
        provided: false,
        parent: incoming.parent.as_ref().map(|(name, _)| name.clone()),
        upgrade_of: (kind == Kind::Stage).then(|| incoming.unique_name.clone()),
        sequence: there.map_or_else(|| last().saturating_add(1), |there| there.sequence),
        needs,
        assumed,
        content: incoming.content.clone(),
    }
}

/// Tells whether a component is new, another or the same.
fn compare(state: &State, incoming: &Incoming, key: &ComponentKey, content: &Content, outcome: &mut Outcome) {
    let Some(layers) = state.components().get(key) else {
        outcome.added.push(key.clone());
        return;
    };
    let own = if incoming.managed {
        let mut managed = layers.managed.iter();
        managed.find(|layer| incoming.is_named(&layer.solution)).map(|layer| &layer.content)
    } else {
        let is_held = layers.unmanaged_in.iter().any(|name| incoming.is_named(name));
        layers.unmanaged.as_ref().filter(|_| is_held)
    };
    let is_kept = own.is_some_and(|own| content.held_only && !own.held_only);
    let list = if own == Some(content) || is_kept { &mut outcome.unchanged } else { &mut outcome.changed };
    list.push(key.clone());
    let over = layers.unmanaged.as_ref().filter(|over| !over.held_only && !content.held_only);
    if let Some(over) = over.filter(|over| incoming.managed && *over != content) {
        outcome.notes.push(format!("hidden: the unmanaged layer over {} stays in force", over.words));
    }
}

/// Takes the layer of a solution away: what was only said to be there becomes what the package says.
fn take_managed(state: &mut State, unique_name: &str, key: &ComponentKey) {
    let name = SolutionName::new(unique_name);
    let is_own = |layer: &Layer| SolutionName::new(&layer.solution) == name;
    if state.components().get(key).is_some_and(|layers| layers.managed.iter().any(is_own)) {
        state.change_component(key, |layers| layers.managed.retain(|layer| !is_own(layer)));
    }
}

/// Puts a managed layer where it belongs in the order of installation.
pub(in crate::environment) fn place_managed(
    state: &mut State,
    unique_name: &str,
    key: &ComponentKey,
    content: Content,
) {
    let name = SolutionName::new(unique_name);
    let place = |solution: &str| state.solution(solution).map(InstalledSolution::place_of_layers);
    let own = place(unique_name);
    let layers = state.components().get(key).map_or(&[][..], |layers| &layers.managed);
    let there = layers.iter().position(|layer| SolutionName::new(&layer.solution) == name);
    let at = layers.iter().position(|layer| place(&layer.solution) > own).unwrap_or(layers.len());
    let layer = Layer { solution: unique_name.to_owned(), content };
    state.change_component(key, |layers| match there {
        // A package that only holds what an earlier one of the solution brought takes nothing of it away.
        Some(there) if layer.content.held_only && !layers.managed[there].content.held_only => {}
        Some(there) => layers.managed[there] = layer,
        None => layers.managed.insert(at, layer),
    });
}

/// Puts the managed layers of a component into the order of installation.
pub(super) fn put_in_order(state: &mut State, key: &ComponentKey) {
    let place = |layer: &Layer| state.solution(&layer.solution).map(InstalledSolution::place_of_layers);
    let layers = state.components().get(key).map_or(&[][..], |layers| &layers.managed);
    if layers.is_sorted_by_key(place) {
        return;
    }
    let mut ordered: Vec<_> = layers.iter().map(|layer| (place(layer), layer.clone())).collect();
    ordered.sort_by_key(|(place, _)| *place);
    state.change_component(key, |layers| {
        layers.managed = ordered.into_iter().map(|(_, layer)| layer).collect()
    });
}

/// Writes the unmanaged layer over, unless the package only holds what another one brought.
fn place_unmanaged(state: &mut State, unique_name: &str, key: &ComponentKey, content: &Content) {
    let name = SolutionName::new(unique_name);
    state.change_component(key, |layers| {
        if layers.unmanaged.as_ref().is_none_or(|there| there.held_only || !content.held_only) {
            layers.unmanaged = Some(content.clone());
        }
        layers.unmanaged_in.retain(|other| SolutionName::new(other) != name);
        layers.unmanaged_in.insert(unique_name.to_owned());
    });
}

/// Gives values and connections: those of an unmanaged package, then those of the options. Gives back what was given something.
fn give(
    state: &mut State,
    incoming: &Incoming,
    options: &ImportOptions,
    outcome: &mut Outcome,
) -> Vec<ComponentKey> {
    let mut given = Vec::new();
    if !incoming.managed {
        for component in &incoming.components {
            let (Some(variable), Some(value)) = (variable_of(&component.key), packaged(&component.content))
            else {
                continue;
            };
            if state.values().get(&variable).is_some_and(|own| own.is_same(value) != Some(true)) {
                outcome.notes.push(format!("the value of {variable} was replaced by the one in the package"));
            }
            state.set_value(&variable, Some(value.clone()));
            given.push(variable);
        }
    }
    for component in &incoming.components {
        let key = &component.key;
        if let Some(value) =
            options.values.get(key).filter(|_| matches!(component.content.facts, Facts::Variable { .. }))
        {
            state.set_value(key, Some(value.clone()));
            given.push(key.clone());
        }
        let Facts::ConnectionReference { connector } = &component.content.facts else { continue };
        if let Some(id) = options.bindings.get(key) {
            state.set_binding(key, Some(id.clone()));
            given.push(key.clone());
            let what = &component.content.words;
            let id = &state.bindings()[key];
            match state.connections().get(id) {
                // What a settings file says instead of an id may be anything.
                None if !is_connection_id(id) => {
                    outcome.notes.push(format!("{what} is bound to what is no id of a connection"));
                }
                None => outcome
                    .notes
                    .push(format!("{what} is bound to connection {id}, of which nothing is known here")),
                Some(connection) if !fits(connector, &connection.connector) => {
                    outcome.notes.push(format!(
                        "{what} is of {connector}, and the connection that it is bound to of {}",
                        connection.connector
                    ));
                }
                Some(_) => {}
            }
        }
    }
    given
}

/// Turns flows on or off, and tells of those of the package that stay off and of others that changed.
pub(super) fn turn(
    state: &mut State,
    incoming: &Incoming,
    reached: Vec<ComponentKey>,
    outcome: &mut Outcome,
) {
    for change in settle_flows(state, reached) {
        if incoming.component(&change.flow).is_some() {
            outcome.off.extend(change.why.map(|why| (change.flow, why)));
        } else {
            outcome.notes.extend(change.note());
        }
    }
}

/// What an import would ask for.
fn ask(state: &State, incoming: &Incoming, outcome: &mut Outcome) {
    for component in &incoming.components {
        let key = &component.key;
        match &component.content.facts {
            Facts::Variable { .. } if effective_value(state, key).is_none() => {
                outcome.asked.push(key.clone())
            }
            Facts::ConnectionReference { .. } if !state.bindings().contains_key(key) => {
                outcome.unbound.push(key.clone());
            }
            _ => {}
        }
    }
}
