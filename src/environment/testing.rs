//! A small environment for tests: a credential with its variables, a connection reference, and a flow that uses it.

use super::content::{Content, Facts, Need, Strength};
use super::state::{InstalledSolution, Layer, State};
use super::value::Value;
use crate::model::{ComponentKey, ComponentType, CredentialKind, VariableType, Version, describe};

pub(crate) const CREDENTIAL: &str = "0c0ffee0-0000-4000-8000-000000000001";

pub(crate) fn key(kind: ComponentType, key: &str) -> ComponentKey {
    ComponentKey::new(kind, key)
}

pub(crate) fn variable(name: &str) -> ComponentKey {
    key(ComponentType::ENVIRONMENT_VARIABLE, name)
}

pub(crate) fn content(component: &ComponentKey, name: &str, facts: Facts) -> Content {
    Content {
        words: describe(component.kind.words(), component, Some(name)),
        aliases: Vec::new(),
        fingerprint: Some("1".to_owned()),
        held_only: false,
        needs: Vec::new(),
        facts,
    }
}

pub(crate) fn need(component: ComponentKey) -> Need {
    Need { component, words: "uses".to_owned(), strength: Strength::Text }
}

pub(crate) fn install(state: &mut State, name: &str, managed: bool) {
    let sequence = state.solutions().values().map(|solution| solution.sequence).max().unwrap_or(0) + 1;
    let solution = InstalledSolution {
        unique_name: name.to_owned(),
        version: Version::new("1.0.0.0"),
        managed,
        publisher: "fab".to_owned(),
        sequence,
        ..InstalledSolution::default()
    };
    state.set_solution(name, Some(solution));
}

pub(crate) fn unmanaged(state: &mut State, key: &ComponentKey, content: Content, solution: &str) {
    state.change_component(key, |layers| {
        layers.unmanaged = Some(content);
        layers.unmanaged_in.insert(solution.to_owned());
    });
}

pub(crate) fn managed(state: &mut State, key: &ComponentKey, content: Content, solution: &str) {
    let layer = Layer { solution: solution.to_owned(), content };
    state.change_component(key, |layers| layers.managed.push(layer));
}

pub(crate) fn credential(kind: CredentialKind, columns: &[(&str, &str)]) -> Content {
    let variables: Vec<_> =
        columns.iter().map(|(column, name)| ((*column).to_owned(), variable(name))).collect();
    let mut found = content(
        &key(ComponentType::CREDENTIAL, CREDENTIAL),
        "Robot 7",
        Facts::Credential { kind, variables: variables.clone(), uses: Vec::new() },
    );
    found.needs = variables.into_iter().map(|(_, variable)| need(variable)).collect();
    found
}

/// Everything is unmanaged, of FabRobots; the user name has a default, the password has no value.
pub(crate) fn robots() -> State {
    let mut state = State::default();
    install(&mut state, "FabRobots", false);
    let login = credential(
        CredentialKind::UserNamePassword,
        &[("username", "fab_User"), ("password", "fab_Password")],
    );
    unmanaged(&mut state, &key(ComponentType::CREDENTIAL, CREDENTIAL), login, "FabRobots");
    for (name, kind, default) in [
        ("fab_User", VariableType::Text, Some(Value::new("robot7"))),
        ("fab_Password", VariableType::Secret, None),
    ] {
        let facts = Facts::Variable { kind, default, packaged: None };
        unmanaged(&mut state, &variable(name), content(&variable(name), name, facts), "FabRobots");
    }
    let reference = super::connect::reference("fab_Desktop");
    let facts = Facts::ConnectionReference { connector: "shared_uiflow".to_owned() };
    unmanaged(&mut state, &reference, content(&reference, "Desktop", facts), "FabRobots");
    let flow = key(ComponentType::WORKFLOW, "0c0ffee0-0000-4000-8000-000000000002");
    let mut found = content(&flow, "Run payroll", Facts::CloudFlow { on: true, runs_desktop_flows: true });
    found.needs.push(need(reference));
    unmanaged(&mut state, &flow, found, "FabRobots");
    state
}
