//! What holds for every sequence of imports, upgrades and uninstallations, of sharing, connecting and deleting, whatever they
//! bring.

mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use solship::environment::import::{ImportOptions, Incoming, import, settle_flows, uninstall};
use solship::environment::snapshot::{Detail, Snapshot, snapshot};
use solship::environment::{State, Strength, contradiction};
use solship::model::{ComponentKey, Relation};
use support::made::{Made, credential_key, flow_key, variable_key};
use support::steps::{SOLUTIONS, any_step, assert_same, run};

/// What is worked out from the records is what a state has that is made of them anew.
fn assert_indexes(state: &State) {
    let mut anew = State::default();
    for solution in state.solutions().values() {
        anew.set_solution(&solution.unique_name, Some(solution.clone()));
    }
    for (key, layers) in state.components() {
        anew.change_component(key, |anew| *anew = layers.clone());
    }
    let mut keys: BTreeSet<&ComponentKey> = state.components().keys().collect();
    for content in state.components().values().flat_map(|layers| layers.contents()) {
        keys.extend(&content.aliases);
        keys.extend(content.needs.iter().map(|need| &need.component));
    }
    for key in keys {
        assert!(state.users_of(key).eq(anew.users_of(key)), "users of {key}");
        assert!(state.known_as(key).eq(anew.known_as(key)), "known as {key}");
    }
    for name in (0..SOLUTIONS).flat_map(|at| [format!("S{at}"), format!("P{at}"), format!("S{at}_Upgrade")]) {
        assert!(state.held_by(&name).eq(anew.held_by(&name)), "held by {name}");
        assert!(state.hanging_on(&name).eq(anew.hanging_on(&name)), "hanging on {name}");
    }
}

fn assert_sound(state: &State) {
    assert_eq!(contradiction(state), None);
    let sequences: BTreeSet<u64> = state.solutions().values().map(|solution| solution.sequence).collect();
    assert_eq!(sequences.len(), state.solutions().len(), "one place for two solutions");
    for (key, layers) in state.components() {
        let solution =
            |name: &str| state.solution(name).unwrap_or_else(|| panic!("{key}: no solution {name}"));
        let places: Vec<(bool, u64)> =
            layers.managed.iter().map(|layer| solution(&layer.solution).place_of_layers()).collect();
        assert!(places.is_sorted_by(|one, other| one < other), "{key}: layers out of order");
        assert!(layers.managed.iter().all(|layer| solution(&layer.solution).managed), "{key}");
        assert!(layers.unmanaged_in.iter().all(|name| !solution(name).managed), "{key}");
        assert!(!layers.is_empty(), "{key}");
        for content in layers.contents().filter(|content| !content.held_only) {
            for need in content.needs.iter().filter(|need| need.strength == Strength::Lookup) {
                let is_there = state.known_as(&need.component).any(|(_, layers)| layers.is_brought());
                let is_assumed = layers
                    .solutions()
                    .filter_map(|name| state.solution(name))
                    .any(|solution| solution.assumed.contains(&need.component));
                assert!(is_there || is_assumed, "{key} {} {}", need.words, need.component);
            }
        }
    }
    for flow in state.flows().keys() {
        assert!(state.components().contains_key(flow), "{flow} is not there and has a state");
    }
    assert!(state.bindings().keys().all(|key| state.components().contains_key(key)));
    assert!(state.values().keys().all(|key| state.components().contains_key(key)));
    assert!(state.shares().keys().all(|key| state.components().contains_key(key)));
    let mut settled = state.clone();
    let everything: Vec<ComponentKey> = state.components().keys().cloned().collect();
    settle_flows(&mut settled, everything);
    assert_eq!(state.flows(), settled.flows(), "a flow is not in the state that follows from the rest");
    assert_indexes(state);
}

#[test]
fn every_sequence_leaves_a_sound_state() {
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let reached = std::cell::RefCell::new(std::collections::BTreeMap::<&str, usize>::new());
    let steps = prop::collection::vec(any_step(), 1..80);
    let result = runner.run(&steps, |steps| {
        let mut state = State::default();
        for step in &steps {
            let done = run(&mut state, step);
            assert_sound(&state);
            *reached.borrow_mut().entry(done.unwrap_or("refused or nothing to do")).or_default() += 1;
        }
        // What is saved with values comes back.
        let saved = snapshot(&state, &Detail::Known);
        let read = Snapshot::read("uat.json", saved.into_bytes()).expect("readable");
        assert_same(&read.restored().state, &state);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(reached.borrow().values().sum::<usize>() >= 4_000, "thousands of steps");
    // The sequences reach what they are for.
    let reached = reached.into_inner();
    for what in [
        "installed and uninstalled",
        "imported again",
        "upgraded",
        "updated",
        "staged",
        "promoted",
        "provided",
        "uninstalled",
        "connected",
        "bound",
        "signed in",
        "connection deleted",
        "shared",
        "taken back",
        "credential deleted",
    ] {
        assert!(reached.get(what).is_some_and(|count| *count >= 10), "{what}: {reached:?}");
    }
}

/// A chain of solutions, each with a flow that calls one of the solution before it.
#[test]
fn two_hundred_solutions_with_twenty_thousand_components_go_in() {
    let mut state = State::default();
    for at in 0..200 {
        let mut made = Made::new(&format!("S{at}"), "1.0").managed();
        for part in 0..50 {
            made = made.variable_with(&format!("mak_V{at}_{part}"), Some("x"), None);
        }
        for part in 0..50 {
            let mut uses = vec![(Relation::FlowVariable, variable_key(&format!("mak_V{at}_{part}")))];
            if at > 0 {
                uses.push((Relation::FlowChildFlow, flow_key((at - 1) * 50 + part)));
            }
            made = made.flow_on(at * 50 + part, &uses);
        }
        let incoming = Incoming::new(&made.done(), &|_| None, None);
        import(&mut state, &incoming, &ImportOptions::default()).expect("nothing is missing");
    }
    assert_eq!((state.solutions().len(), state.components().len()), (200, 20_000));
    assert!(state.flows().values().all(|on| *on));
    assert!(uninstall(&mut state, "S0", false).is_err());
    for at in (0..200).rev() {
        uninstall(&mut state, &format!("S{at}"), false).expect("nothing is above");
    }
    assert!(state.components().is_empty() && state.flows().is_empty());
    assert_eq!(state.users_of(&credential_key(1)).count(), 0);
}
