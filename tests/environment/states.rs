//! States of environments, made from a number: the same number gives the same state.

use std::collections::BTreeMap;

use solship::environment::{
    Connection, Content, Facts, InstalledSolution, Layer, Need, Role, State, Strength, Value,
};
use solship::model::{ComponentKey, ComponentType, CredentialKind, VariableType, Version};

/// Numbers that look like chance.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    pub(crate) fn one_of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// Texts that are easily mistaken.
const TEXTS: &[&str] =
    &["", "x", "Ä\u{0}\"\\", "line\nline", "##vso[x]", "\u{202e}", "{\"text\":1}", "hunter2", "'; --"];

fn value(chance: &mut Chance, known_only: bool) -> Value {
    match chance.below(if known_only { 1 } else { 3 }) {
        0 => Value::new(*chance.one_of(TEXTS)),
        1 => Value::Set,
        _ => Value::Hash("0c0ffee0".repeat(8)),
    }
}

fn maybe<T>(chance: &mut Chance, make: impl FnOnce(&mut Chance) -> T) -> Option<T> {
    (chance.below(2) == 0).then(|| make(chance))
}

fn key(chance: &mut Chance) -> ComponentKey {
    let kinds = [
        ComponentType::ENVIRONMENT_VARIABLE,
        ComponentType::ENVIRONMENT_VARIABLE_VALUE,
        ComponentType::WORKFLOW,
        ComponentType::CREDENTIAL,
        ComponentType::named("fab_odd"),
    ];
    let kind = chance.one_of(&kinds).clone();
    ComponentKey::new(kind, &format!("fab_{}{}", chance.one_of(&["A", "b", "Ü"]), chance.below(6)))
}

fn content(chance: &mut Chance) -> Content {
    let facts = match chance.below(7) {
        0 | 1 => Facts::Variable {
            kind: *chance.one_of(&[VariableType::Text, VariableType::Secret, VariableType::Unknown(Some(7))]),
            default: maybe(chance, |chance| value(chance, false)),
            packaged: maybe(chance, |chance| value(chance, false)),
        },
        2 => Facts::VariableValue { packaged: maybe(chance, |chance| value(chance, false)) },
        3 => Facts::ConnectionReference { connector: "shared_x".to_owned() },
        4 => Facts::CloudFlow { on: chance.below(2) == 0, runs_desktop_flows: true },
        5 => Facts::Credential {
            kind: CredentialKind::CyberArk,
            variables: vec![("safe".to_owned(), key(chance))],
        },
        _ => Facts::Other,
    };
    Content {
        words: (*chance.one_of(TEXTS)).to_owned(),
        aliases: maybe(chance, key).into_iter().collect(),
        fingerprint: maybe(chance, |_| "ab".repeat(32)),
        held_only: chance.below(2) == 0,
        needs: maybe(chance, |chance| Need {
            component: key(chance),
            words: "uses".to_owned(),
            strength: *chance.one_of(&[Strength::Lookup, Strength::Text, Strength::Loose]),
        })
        .into_iter()
        .collect(),
        facts,
    }
}

/// A step that changes something.
pub(crate) fn step(state: &mut State, chance: &mut Chance) {
    let name = format!("Fab{}", chance.below(5));
    match chance.below(9) {
        0 => {
            let solution = InstalledSolution {
                unique_name: name.clone(),
                version: Version::new("1.02"),
                managed: chance.below(2) == 0,
                publisher: "fab".to_owned(),
                sequence: chance.below(1000) as u64,
                needs: BTreeMap::from([("Base".to_owned(), maybe(chance, |_| Version::new("2.0")))]),
                assumed: maybe(chance, key).into_iter().collect(),
                ..InstalledSolution::default()
            };
            state.set_solution(&name, maybe(chance, |_| solution));
        }
        1..=3 => {
            let (key, content) = (key(chance), content(chance));
            state.change_component(&key, |layers| match chance.below(4) {
                0 => layers.managed.clear(),
                1 => {
                    layers.unmanaged = Some(content);
                    layers.unmanaged_in.insert(name);
                }
                _ => layers.managed.push(Layer { solution: name, content }),
            });
        }
        4 => state.set_value(&key(chance), maybe(chance, |chance| value(chance, true))),
        5 => state.set_binding(&key(chance), maybe(chance, |_| "0c0ffee".to_owned())),
        6 => state.set_flow(&key(chance), maybe(chance, |chance| chance.below(2) == 0)),
        7 => {
            let connection = Connection {
                connector: "shared_uiflow".to_owned(),
                name: (*chance.one_of(&["Robot 7", "ann@fabrikam.example"])).to_owned(),
                created: maybe(chance, |_| "2026-11-29".to_owned()),
                updated: None,
                parameter_set: None,
                parameters: BTreeMap::from([("user".to_owned(), "FAB\\ann".to_owned())]),
                credential: maybe(chance, key),
            };
            state.set_connection(&name, maybe(chance, |_| connection));
        }
        _ => {
            let principal = *chance.one_of(&["user:ann@fabrikam.example", "team:robots", "user:bob"]);
            let role = maybe(chance, |chance| *chance.one_of(&[Role::View, Role::CoOwner]));
            state.set_share(&key(chance), principal, role);
        }
    }
}

/// A state after that many steps.
pub(crate) fn state(seed: u64, steps: usize) -> State {
    let mut state = State::default();
    let mut chance = Chance::new(seed);
    (0..steps).for_each(|_| step(&mut state, &mut chance));
    state.take_touched();
    state
}

/// Both hold the same.
pub(crate) fn assert_same(one: &State, other: &State) {
    assert_eq!(one.solutions(), other.solutions());
    assert_eq!(one.components(), other.components());
    assert_eq!(one.values(), other.values());
    assert_eq!(one.bindings(), other.bindings());
    assert_eq!(one.flows(), other.flows());
    assert_eq!(one.connections(), other.connections());
    assert_eq!(one.shares(), other.shares());
    // Equal keys may be spelled otherwise.
    assert_eq!(format!("{:?}", one.components()), format!("{:?}", other.components()));
}
