//! What holds for every sequence of imports, upgrades and uninstallations, whatever they bring.

mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use solship::environment::import::{
    ImportOptions, Incoming, Mode, import, promote, refusals, settle_flows, uninstall,
};
use solship::environment::{State, Strength, Value};
use solship::model::{ComponentKey, ComponentType, Details, Relation, Solution};
use support::made::{Made, credential_key, flow_key, reference_key, used, variable_key};

/// So many solutions, and components of each kind.
const SOLUTIONS: usize = 5;
const EACH: usize = 4;

#[derive(Debug, Clone)]
enum Step {
    Import {
        name: usize,
        version: usize,
        managed: bool,
        patch: bool,
        parts: Vec<Part>,
        mode: Mode,
        needs: Option<usize>,
    },
    Promote(usize),
    Uninstall {
        name: usize,
        staged: bool,
        delete: bool,
    },
    Bind(usize),
    Free(usize),
    Value(usize),
}

#[derive(Debug, Clone)]
enum Part {
    Variable { at: usize, value: bool },
    Credential { at: usize, variable: usize },
    Reference { at: usize, custom: bool },
    Connector,
    Flow { at: usize, on: bool, child: Option<usize>, reference: Option<usize>, variable: Option<usize> },
    Shell(usize),
}

fn part() -> impl Strategy<Value = Part> {
    let maybe = || prop::option::of(0..EACH);
    prop_oneof![
        4 => (0..EACH, any::<bool>()).prop_map(|(at, value)| Part::Variable { at, value }),
        2 => (0..EACH, 0..EACH).prop_map(|(at, variable)| Part::Credential { at, variable }),
        2 => (0..EACH, any::<bool>()).prop_map(|(at, custom)| Part::Reference { at, custom }),
        1 => Just(Part::Connector),
        4 => (0..EACH, any::<bool>(), maybe(), maybe(), maybe()).prop_map(
            |(at, on, child, reference, variable)| Part::Flow { at, on, child, reference, variable }
        ),
        1 => (0..EACH).prop_map(Part::Shell),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let mode = prop_oneof![Just(Mode::Upgrade), Just(Mode::Update), Just(Mode::Stage)];
    let parts = prop::collection::vec(part(), 0..7);
    let import = (0..SOLUTIONS, 1..6usize, prop::bool::weighted(0.8), prop::bool::weighted(0.1), parts, mode);
    let import = (import, prop::option::weighted(0.2, 0..SOLUTIONS));
    prop_oneof![
        8 => import.prop_map(|((name, version, managed, patch, parts, mode), needs)| Step::Import {
            name, version, managed, patch, parts, mode, needs
        }),
        2 => (0..SOLUTIONS).prop_map(Step::Promote),
        3 => (0..SOLUTIONS, prop::bool::weighted(0.2), any::<bool>())
            .prop_map(|(name, staged, delete)| Step::Uninstall { name, staged, delete }),
        2 => (0..EACH).prop_map(Step::Bind),
        1 => (0..EACH).prop_map(Step::Free),
        1 => (0..EACH).prop_map(Step::Value),
    ]
}

fn variable(at: usize) -> String {
    format!("mak_V{at}")
}

fn reference(at: usize) -> String {
    format!("mak_R{at}")
}

fn made(
    name: usize,
    version: usize,
    managed: bool,
    patch: bool,
    parts: &[Part],
    needs: Option<usize>,
) -> Solution {
    let mut made = match patch {
        true => Made::new(&format!("P{name}"), &format!("1.0.{version}")).patch_of(&format!("S{name}")),
        false => Made::new(&format!("S{name}"), &format!("1.{version}")),
    };
    if managed {
        made = made.managed();
    }
    let connector = ComponentKey::new(ComponentType::CONNECTOR, "ffa60bcf-0f43-42fe-a75e-edaec83d1b26");
    let alias = ComponentKey::new(ComponentType::CONNECTOR, "shared_mak-5fpay");
    for part in parts {
        made = match part {
            Part::Variable { at, value } => made.variable_with(&variable(*at), None, value.then_some("x")),
            Part::Credential { at, variable: of } => made.credential_of(100 + at, &variable(*of)),
            Part::Reference { at, custom: false } => made.connection_reference(&reference(*at), "shared_a"),
            Part::Reference { at, custom: true } => {
                let uses = vec![used(Relation::ConnectionReferenceConnector, &alias, "S")];
                made.component(reference_key(&reference(*at)), "R", Details::Other, uses)
            }
            Part::Connector => made.component(connector.clone(), "Pay", Details::Other, Vec::new()),
            Part::Flow { at, on, child, reference: of, variable: reads } => {
                let mut uses = Vec::new();
                uses.extend(child.map(|child| (Relation::FlowChildFlow, flow_key(child))));
                uses.extend(of.map(|of| (Relation::FlowConnectionReference, reference_key(&reference(of)))));
                uses.extend(reads.map(|of| (Relation::FlowVariable, variable_key(&variable(of)))));
                if *on { made.flow_on(*at, &uses) } else { made.flow(*at, &uses) }
            }
            Part::Shell(at) => made.component(variable_key(&variable(*at)), "V", Details::Other, Vec::new()),
        };
    }
    if let Some(needs) = needs {
        made = made.missing(flow_key(0), variable_key(&variable(0)), Some((&format!("S{needs}"), "1.1")));
    }
    let mut solution = made.done();
    for component in &mut solution.components {
        component.aliases.extend((component.key == connector).then(|| alias.clone()));
        let is_bare = component.key.kind == ComponentType::ENVIRONMENT_VARIABLE;
        component.shell = is_bare && matches!(component.details, Details::Other);
    }
    solution
}

fn assert_same(one: &State, other: &State) {
    assert_eq!(one.solutions(), other.solutions());
    assert_eq!(one.components(), other.components());
    assert_eq!(one.values(), other.values());
    assert_eq!(one.bindings(), other.bindings());
    assert_eq!(one.flows(), other.flows());
    assert_eq!(one.connections(), other.connections());
    assert_eq!(one.shares(), other.shares());
}

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
    let sequences: BTreeSet<u64> = state.solutions().values().map(|solution| solution.sequence).collect();
    assert_eq!(sequences.len(), state.solutions().len(), "one place for two solutions");
    for (key, layers) in state.components() {
        let solution =
            |name: &str| state.solution(name).unwrap_or_else(|| panic!("{key}: no solution {name}"));
        let places: Vec<u64> =
            layers.managed.iter().map(|layer| solution(&layer.solution).sequence).collect();
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
    let mut settled = state.clone();
    let everything: Vec<ComponentKey> = state.components().keys().cloned().collect();
    settle_flows(&mut settled, everything);
    assert_eq!(state.flows(), settled.flows(), "a flow is not in the state that follows from the rest");
    assert_indexes(state);
}

fn is_brought(state: &State, key: &ComponentKey) -> bool {
    state.components().get(key).is_some_and(|layers| layers.is_brought())
}

/// What happened, for the count of what the sequences reach.
fn run(state: &mut State, step: &Step) -> Option<&'static str> {
    let before = state.clone();
    let refused = |state: &State, before: &State| {
        assert_same(state, before);
        None
    };
    match step {
        Step::Import { name, version, managed, patch, parts, mode, needs } => {
            let solution = made(*name, *version, *managed, *patch, parts, *needs);
            let incoming = Incoming::new(&solution, &|_| None, None);
            let options = ImportOptions { mode: *mode, ..ImportOptions::default() };
            let told = refusals(state, &incoming, &options);
            let Ok(outcome) = import(state, &incoming, &options) else {
                assert!(!told.is_empty());
                return refused(state, &before);
            };
            assert!(told.is_empty());
            assert!(outcome.added.iter().all(|key| !before.components().contains_key(key)));
            assert!(
                outcome.deleted.iter().all(|key| !state.known_as(key).any(|(_, layers)| layers.is_brought()))
            );
            let told = outcome.added.len() + outcome.changed.len() + outcome.unchanged.len();
            let keys: BTreeSet<&ComponentKey> =
                solution.components.iter().map(|component| &component.key).collect();
            assert!(told >= keys.len());
            let is_new = before.solution(&incoming.unique_name).is_none();
            if is_new && *managed {
                let mut without = state.clone();
                if uninstall(&mut without, &incoming.unique_name, false).is_ok() {
                    assert_same(&without, &before);
                    return Some("installed and uninstalled");
                }
            }
            Some(match (is_new, managed, mode) {
                (true, _, _) => "installed",
                (false, false, _) => "imported again",
                (false, true, Mode::Upgrade) => "upgraded",
                (false, true, Mode::Update) => "updated",
                (false, true, Mode::Stage) => "staged",
            })
        }
        Step::Promote(name) => match promote(state, &format!("S{name}")) {
            Ok(_) => Some("promoted"),
            Err(_) => refused(state, &before),
        },
        Step::Uninstall { name, staged, delete } => {
            let name = format!("S{name}{}", if *staged { "_Upgrade" } else { "" });
            match uninstall(state, &name, *delete) {
                Ok(outcome) => {
                    let is_there = |key| state.known_as(key).any(|(_, layers)| layers.is_brought());
                    assert!(!outcome.deleted.iter().any(is_there));
                    Some("uninstalled")
                }
                Err(_) => refused(state, &before),
            }
        }
        Step::Bind(at) | Step::Free(at) => {
            let key = reference_key(&reference(*at));
            if is_brought(state, &key) {
                let id = matches!(step, Step::Bind(_)).then(|| "c1".to_owned());
                state.set_binding(&key, id);
                settle_flows(state, [key]);
            }
            None
        }
        Step::Value(at) => {
            let key = variable_key(&variable(*at));
            if is_brought(state, &key) {
                state.set_value(&key, Some(Value::new("own")));
                settle_flows(state, [key]);
            }
            None
        }
    }
}

#[test]
fn every_sequence_leaves_a_sound_state() {
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let config = Config { cases: 250, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let reached = std::cell::RefCell::new(std::collections::BTreeMap::<&str, usize>::new());
    let steps = prop::collection::vec(step(), 1..50);
    let result = runner.run(&steps, |steps| {
        let mut state = State::default();
        for step in &steps {
            let done = run(&mut state, step);
            assert_sound(&state);
            *reached.borrow_mut().entry(done.unwrap_or("refused or nothing to do")).or_default() += 1;
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    // The sequences reach what they are for.
    let reached = reached.into_inner();
    for what in [
        "installed and uninstalled",
        "imported again",
        "upgraded",
        "updated",
        "staged",
        "promoted",
        "uninstalled",
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
