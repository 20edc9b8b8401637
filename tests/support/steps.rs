//! Steps that change an environment, as whoever uses it takes them: imports, upgrades, uninstallations, connections, values, shares.
//! Every state of an environment in the tests is made of these.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use solship::environment::connect::{self, NewConnection, ParameterSet, SignIn};
use solship::environment::import::{
    ImportOptions, Incoming, Mode, import, promote, refusals, settle_flows, uninstall,
};
use solship::environment::provide::provide;
use solship::environment::share::{role_of, share, unshare};
use solship::environment::{Role, State, Value, credential};
use solship::model::{
    ComponentKey, ComponentType, Credential, CredentialKind, DESKTOP_FLOWS, Details, Relation, Solution,
    Version,
};

use super::made::{Made, credential_key, flow_key, guid, reference_key, used, variable_key};

/// So many solutions, and components of each kind.
pub const SOLUTIONS: usize = 5;
const EACH: usize = 4;
/// Texts that are easily mistaken.
const TEXTS: [&str; 9] =
    ["", "x", "Ä\u{0}\"\\", "line\nline", "##vso[x]", "\u{202e}", "{\"text\":1}", "hunter2", "'; --"];
/// Names of connections; one is that of an account.
const NAMES: [&str; 4] = ["Robot 7", "ann@fabrikam.example", "FAB\\ann", "SQL"];
const WHO: [&str; 3] = ["user:ann@fabrikam.example", "team:robots", "user:bob"];

/// One step.
#[derive(Debug, Clone)]
pub enum Step {
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
    /// Says that a solution is there, with some variables and flows.
    Provide {
        name: usize,
        version: usize,
        variables: Vec<usize>,
        flows: Vec<usize>,
    },
    Uninstall {
        name: usize,
        staged: bool,
        delete: bool,
    },
    /// To a connection of which nothing is known, as settings may.
    Bind(usize),
    Free(usize),
    Value {
        at: usize,
        text: usize,
    },
    Unset(usize),
    Connect {
        desktop: bool,
        name: usize,
    },
    BindTo {
        reference: usize,
        connection: usize,
    },
    SignIn {
        connection: usize,
        credential: usize,
        run_owner: bool,
    },
    DeleteConnection {
        connection: usize,
        free: bool,
    },
    Share {
        of: Shared,
        who: usize,
        role: usize,
    },
    Unshare {
        of: Shared,
        who: usize,
    },
    DeleteCredential(usize),
}

/// What is shared.
#[derive(Debug, Clone, Copy)]
pub enum Shared {
    Credential(usize),
    Variable(usize),
}

/// What a package holds.
#[derive(Debug, Clone)]
pub enum Part {
    Variable { at: usize, default: Option<usize>, value: Option<usize> },
    Credential { at: usize, variable: usize },
    Reference { at: usize, kind: usize },
    Connector,
    Flow { at: usize, on: bool, child: Option<usize>, reference: Option<usize>, variable: Option<usize> },
    Shell(usize),
}

fn text() -> impl Strategy<Value = Option<usize>> {
    prop::option::of(0..TEXTS.len())
}

fn part() -> impl Strategy<Value = Part> {
    let maybe = || prop::option::of(0..EACH);
    prop_oneof![
        4 => (0..EACH, text(), text()).prop_map(|(at, default, value)| Part::Variable { at, default, value }),
        2 => (0..EACH, 0..EACH).prop_map(|(at, variable)| Part::Credential { at, variable }),
        2 => (0..EACH, 0..3usize).prop_map(|(at, kind)| Part::Reference { at, kind }),
        1 => Just(Part::Connector),
        4 => (0..EACH, any::<bool>(), maybe(), maybe(), maybe()).prop_map(
            |(at, on, child, reference, variable)| Part::Flow { at, on, child, reference, variable }
        ),
        1 => (0..EACH).prop_map(Part::Shell),
    ]
}

fn shared() -> impl Strategy<Value = Shared> {
    prop_oneof![(0..EACH).prop_map(Shared::Credential), (0..EACH).prop_map(Shared::Variable)]
}

/// Any step.
pub fn any_step() -> impl Strategy<Value = Step> {
    let mode = prop_oneof![Just(Mode::Usual), Just(Mode::Update), Just(Mode::Stage)];
    let parts = prop::collection::vec(part(), 0..7);
    let import = (0..SOLUTIONS, 1..6usize, prop::bool::weighted(0.8), prop::bool::weighted(0.1), parts, mode);
    let import = (import, prop::option::weighted(0.2, 0..SOLUTIONS));
    let some = || prop::collection::vec(0..EACH, 0..3);
    prop_oneof![
        30 => import.prop_map(|((name, version, managed, patch, parts, mode), needs)| Step::Import {
            name, version, managed, patch, parts, mode, needs
        }),
        8 => (0..SOLUTIONS).prop_map(Step::Promote),
        6 => (0..SOLUTIONS, 1..6usize, some(), some())
            .prop_map(|(name, version, variables, flows)| Step::Provide { name, version, variables, flows }),
        6 => (0..SOLUTIONS, prop::bool::weighted(0.2), any::<bool>())
            .prop_map(|(name, staged, delete)| Step::Uninstall { name, staged, delete }),
        1 => (0..EACH).prop_map(Step::Bind),
        1 => (0..EACH).prop_map(Step::Free),
        1 => (0..EACH, 0..TEXTS.len()).prop_map(|(at, text)| Step::Value { at, text }),
        1 => (0..EACH).prop_map(Step::Unset),
        2 => (any::<bool>(), 0..NAMES.len()).prop_map(|(desktop, name)| Step::Connect { desktop, name }),
        3 => (0..EACH, 0..EACH)
            .prop_map(|(reference, connection)| Step::BindTo { reference, connection }),
        3 => (0..EACH, 0..EACH, prop::bool::weighted(0.2))
            .prop_map(|(connection, credential, run_owner)| Step::SignIn { connection, credential, run_owner }),
        1 => (0..EACH, any::<bool>())
            .prop_map(|(connection, free)| Step::DeleteConnection { connection, free }),
        4 => (shared(), 0..WHO.len(), 0..3usize).prop_map(|(of, who, role)| Step::Share { of, who, role }),
        4 => (shared(), 0..WHO.len()).prop_map(|(of, who)| Step::Unshare { of, who }),
        3 => (0..EACH).prop_map(Step::DeleteCredential),
    ]
}

fn variable(at: usize) -> String {
    format!("mak_V{at}")
}

fn reference(at: usize) -> String {
    format!("mak_R{at}")
}

fn credential_of(at: usize) -> ComponentKey {
    credential_key(100 + at)
}

/// What a package holds.
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
            Part::Variable { at, default, value } => {
                let text = |at: &Option<usize>| at.map(|at| TEXTS[at]);
                made.variable_with(&variable(*at), text(default), text(value))
            }
            Part::Credential { at, variable: of } => {
                let variable = variable_key(&variable(*of));
                let columns = ["username", "password"].map(|column| (column.to_owned(), variable.clone()));
                let details = Details::Credential(Credential {
                    kind: CredentialKind::UserNamePassword,
                    uses: Vec::new(),
                    variables: columns.to_vec(),
                    columns: Vec::new(),
                });
                let uses = vec![used(Relation::CredentialPassword, &variable, "S")];
                made.component(credential_of(*at), &format!("Robot {at}"), details, uses)
            }
            Part::Reference { at, kind: 0 } => made.connection_reference(&reference(*at), "shared_a"),
            Part::Reference { at, kind: 1 } => made.connection_reference(&reference(*at), DESKTOP_FLOWS),
            Part::Reference { at, .. } => {
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

/// Both hold the same.
pub fn assert_same(one: &State, other: &State) {
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

fn is_brought(state: &State, key: &ComponentKey) -> bool {
    state.components().get(key).is_some_and(|layers| layers.is_brought())
}

/// Takes a step, and gives what happened, for the count of what sequences reach. What is refused has changed nothing.
pub fn run(state: &mut State, step: &Step) -> Option<&'static str> {
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
                (false, true, Mode::Usual | Mode::Upgrade) => "upgraded",
                (false, true, Mode::Update) => "updated",
                (false, true, Mode::Stage) => "staged",
            })
        }
        Step::Promote(name) => match promote(state, &format!("S{name}")) {
            Ok(_) => Some("promoted"),
            Err(_) => refused(state, &before),
        },
        Step::Provide { name, version, variables, flows } => {
            let version = Version::new(&format!("1.{version}"));
            let variables = variables.iter().map(|at| variable_key(&variable(*at)));
            let components: Vec<_> = variables.chain(flows.iter().map(|at| flow_key(*at))).collect();
            match provide(state, &format!("S{name}"), &version, &components) {
                Ok(_) => {
                    assert!(components.iter().all(|key| is_brought(state, key)));
                    Some("provided")
                }
                Err(_) => refused(state, &before),
            }
        }
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
                let id = matches!(step, Step::Bind(_)).then(|| guid(77));
                state.set_binding(&key, id);
                settle_flows(state, [key]);
            }
            None
        }
        Step::Value { at, text } => {
            let key = variable_key(&variable(*at));
            if is_brought(state, &key) {
                state.set_value(&key, Some(Value::new(TEXTS[*text])));
                settle_flows(state, [key]);
            }
            None
        }
        Step::Unset(at) => {
            let key = variable_key(&variable(*at));
            if state.values().contains_key(&key) {
                state.set_value(&key, None);
                settle_flows(state, [key]);
            }
            None
        }
        Step::Connect { desktop, name } => {
            let new = NewConnection {
                id: None,
                connector: if *desktop { DESKTOP_FLOWS } else { "shared_a" },
                name: NAMES[*name],
                created: Some("2026-11-29"),
                environment: "local:uat",
            };
            let id = connect::create(state, &new).expect("a connection");
            assert!(!before.connections().contains_key(&id));
            Some("connected")
        }
        Step::BindTo { reference: at, connection } => {
            let id = connection_at(state, *connection)?;
            let key = reference_key(&reference(*at));
            match connect::bind(state, &key, &id) {
                Ok(bound) => {
                    assert_eq!(state.bindings().get(&bound.reference), Some(&id));
                    Some("bound")
                }
                Err(_) => refused(state, &before),
            }
        }
        Step::SignIn { connection, credential, run_owner } => {
            let id = connection_at(state, *connection)?;
            let credential = credential_of(*credential);
            let owner = guid(7);
            let sign_in = SignIn {
                set: if *run_owner { ParameterSet::AzureRelayRunOwner } else { ParameterSet::AzureRelay },
                credential: Some(&credential),
                target: None,
                run_owner: run_owner.then_some(&*owner),
                today: None,
            };
            match connect::sign_in(state, &id, &sign_in) {
                Ok(_) => Some("signed in"),
                Err(_) => refused(state, &before),
            }
        }
        Step::DeleteConnection { connection, free } => {
            let id = connection_at(state, *connection)?;
            match connect::delete(state, &id, *free) {
                Ok(_) => {
                    assert_eq!(connect::bound_to(state, &id).count(), 0);
                    Some("connection deleted")
                }
                Err(_) => refused(state, &before),
            }
        }
        Step::Share { of, who, role } => {
            let (key, who, role) = (shared_key(*of), WHO[*who], Role::ALL[*role]);
            match share(state, &key, who, role) {
                Ok(_) => {
                    assert_eq!(role_of(state, &key, who), Some(role));
                    Some("shared")
                }
                Err(_) => refused(state, &before),
            }
        }
        Step::Unshare { of, who } => {
            let key = shared_key(*of);
            match unshare(state, &key, WHO[*who]) {
                Ok(_) => {
                    assert_eq!(role_of(state, &key, WHO[*who]), None);
                    Some("taken back")
                }
                Err(_) => refused(state, &before),
            }
        }
        Step::DeleteCredential(at) => match credential::delete(state, &credential_of(*at)) {
            Ok(deleted) => {
                assert!(deleted.variables.iter().all(|key| state.components().contains_key(key)));
                Some("credential deleted")
            }
            Err(_) => refused(state, &before),
        },
    }
}

/// One of the connections that are there.
fn connection_at(state: &State, at: usize) -> Option<String> {
    let count = state.connections().len();
    state.connections().keys().nth(at % count.max(1)).cloned()
}

fn shared_key(of: Shared) -> ComponentKey {
    match of {
        Shared::Credential(at) => credential_of(at),
        Shared::Variable(at) => variable_key(&variable(at)),
    }
}

/// Numbers that look like chance: the same seed gives the same.
pub struct Chance(TestRunner);

impl Chance {
    pub fn new(seed: u64) -> Self {
        let bytes: Vec<u8> = seed.to_le_bytes().into_iter().cycle().take(32).collect();
        let config = Config { failure_persistence: None, ..Config::default() };
        Self(TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)))
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.0.rng().next_u64() % end as u64) as usize
    }

    fn step(&mut self) -> Step {
        any_step().new_tree(&mut self.0).expect("a step").current()
    }
}

/// Takes a step by chance.
pub fn step(state: &mut State, chance: &mut Chance) {
    run(state, &chance.step());
}

/// The state after so many steps.
pub fn state(seed: u64, steps: usize) -> State {
    let mut state = State::default();
    let mut chance = Chance::new(seed);
    (0..steps).for_each(|_| step(&mut state, &mut chance));
    state.take_touched();
    state
}
