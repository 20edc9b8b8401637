//! What differs, kind by kind. Each walks the two states once.

use std::collections::{BTreeMap, BTreeSet};

use super::connections::{self, Known, is_bound_in_both};
use super::pairs::pairs;
use super::{
    BoundConnection, ConnectionDifference, CredentialState, Difference, FlowState, Found, ShareDifference,
    Side, SolutionDifference, SolutionState, Untold, VariableState, WinningLayer,
};
use crate::environment::import::{Origin, effective_value};
use crate::environment::{
    Connection, Content, Facts, InstalledSolution, Layers, PrincipalNames, State, Value, connect,
};
use crate::model::{ComponentKey, ComponentType, MASK};

/// The two states, and how their contents may be shown.
pub(super) struct Sides<'s> {
    pub(super) left: Side<'s>,
    pub(super) right: Side<'s>,
    pub(super) show_values: bool,
    pub(super) names: &'s PrincipalNames,
}

/// What is to be said of variables.
#[derive(Default)]
pub(super) struct Variables {
    pub(super) differ: Vec<Difference<VariableState>>,
    pub(super) untold: Vec<Untold>,
    pub(super) unset: Vec<Found>,
}

type Components = (Vec<Difference<WinningLayer>>, Vec<Difference<CredentialState>>);

impl Sides<'_> {
    /// Whether a component of one side is looked at: where the other is packages, only what is in their solutions.
    fn counts(&self, key: &ComponentKey, left: Option<&Layers>, right: Option<&Layers>) -> bool {
        let of_packages = |layers: Option<&Layers>, packages: &State| {
            layers.is_some_and(|layers| layers.solutions().any(|name| packages.solution(name).is_some()))
        };
        let is_there = |state: &State| state.component(key).is_some();
        // What a package only holds is not compared by its absence: the environment may have it from the platform.
        match (self.left.packages, self.right.packages, left, right) {
            (false, true, layers, None) => {
                of_packages(layers, self.right.state) && !is_there(self.right.state)
            }
            (true, false, None, layers) => of_packages(layers, self.left.state) && !is_there(self.left.state),
            _ => true,
        }
    }

    pub(super) fn solutions(&self) -> Vec<SolutionDifference> {
        let mut found = Vec::new();
        for (_, left, right) in pairs(self.left.state.solutions(), self.right.state.solutions()) {
            let is_outside =
                (self.right.packages && right.is_none()) || (self.left.packages && left.is_none());
            let (one, other) = (left.map(state_of), right.map(state_of));
            let other_content = match (left, right) {
                (Some(left), Some(right)) => other_content(left, right),
                _ => false,
            };
            let Some(named) = left.or(right) else { continue };
            if !is_outside && (one != other || other_content) {
                let unique_name = named.unique_name.clone();
                found.push(SolutionDifference { unique_name, left: one, right: other, other_content });
            }
        }
        found
    }

    pub(super) fn components(&self) -> Components {
        let (mut components, mut credentials) = (Vec::new(), Vec::new());
        for (key, left, right) in pairs(self.left.state.components(), self.right.state.components()) {
            let (Some(title), false) = (title(left, right), is_same(left, right)) else { continue };
            if !self.counts(key, left, right) {
                continue;
            }
            if key.kind == ComponentType::CREDENTIAL {
                credentials.push(Difference {
                    component: key.clone(),
                    title,
                    left: left.and_then(credential_state),
                    right: right.and_then(credential_state),
                    hint: None,
                });
            } else {
                components.push(Difference {
                    component: key.clone(),
                    title,
                    left: left.map(winning_layer),
                    right: right.map(winning_layer),
                    hint: None,
                });
            }
        }
        hint_at_names(&mut credentials);
        (components, credentials)
    }

    pub(super) fn variables(&self) -> Variables {
        let mut variables = Variables::default();
        let first = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, "");
        let of = |state: &State| -> BTreeSet<ComponentKey> {
            let components = state.components().range(first.clone()..);
            components.map_while(|(key, _)| (key.kind == first.kind).then(|| key.clone())).collect()
        };
        let (left, right) = (of(self.left.state), of(self.right.state));
        for key in left.union(&right) {
            let both = left.contains(key) && right.contains(key);
            let one = effective_value(self.left.state, key);
            let other = effective_value(self.right.state, key);
            let layers = |state: &'_ State| state.components().get(key).and_then(words);
            let title = layers(self.right.state).or_else(|| layers(self.left.state)).unwrap_or_default();
            let found = |left, right| Found { component: key.clone(), title: title.clone(), left, right };
            let is_unset = (left.contains(key) && one.is_none(), right.contains(key) && other.is_none());
            if (is_unset.0 || is_unset.1) && !self.left.packages && !self.right.packages {
                variables.unset.push(found(is_unset.0, is_unset.1));
            }
            // A value of its own stays in force whatever a package says.
            let stays = |packages: bool, value: &Option<(Value, Origin)>| {
                packages && matches!(value, Some((_, Origin::Own)))
            };
            if !both || stays(self.right.packages, &one) || stays(self.left.packages, &other) {
                continue;
            }
            let same = match (&one, &other) {
                (Some((one, _)), Some((other, _))) => self.left.is_same(one, &self.right, other),
                (one, other) => Some(one.is_none() && other.is_none()),
            };
            match same {
                Some(true) => {}
                None => {
                    let origins = one.map(|(_, origin)| origin).zip(other.map(|(_, origin)| origin));
                    variables.untold.extend(origins.map(|(left, right)| Untold {
                        component: key.clone(),
                        title,
                        left,
                        right,
                    }));
                }
                Some(false) => variables.differ.push(Difference {
                    component: key.clone(),
                    title,
                    left: one.map(|value| self.variable_state(value)),
                    right: other.map(|value| self.variable_state(value)),
                    hint: None,
                }),
            }
        }
        variables
    }

    fn variable_state(&self, (value, source): (Value, Origin)) -> VariableState {
        let shown = value.text().filter(|_| self.show_values).map(str::to_owned);
        VariableState { source, value: shown.unwrap_or_else(|| value.to_string()) }
    }

    pub(super) fn connection_references(&self) -> Vec<Difference<BoundConnection>> {
        let mut found = Vec::new();
        for (key, one, other) in pairs(self.left.state.bindings(), self.right.state.bindings()) {
            let layers = [self.left.state, self.right.state].map(|state| state.components().get(key));
            let [Some(_), Some(right)] = layers else { continue };
            let connection = |side: &Side<'_>, id: Option<&String>| Some(known(side.state, id?));
            let (one, other) = (connection(&self.left, one), connection(&self.right, other));
            if !is_same_connection(one.as_ref(), other.as_ref()) {
                found.push(Difference {
                    component: key.clone(),
                    title: words(right).unwrap_or_default(),
                    left: one.map(|connection| bound(self.left.state, &connection, self.show_values)),
                    right: other.map(|connection| bound(self.right.state, &connection, self.show_values)),
                    hint: None,
                });
            }
        }
        found
    }

    /// Those that are not told of with a reference that both sides have.
    pub(super) fn connections(&self) -> Vec<ConnectionDifference> {
        let (one, other) = (self.left.state, self.right.state);
        let is_told = |state: &State, other: &State, known: Option<Known<'_>>| {
            known.is_some_and(|(id, _)| is_bound_in_both(state, other, id))
        };
        let mut found = Vec::new();
        for (left, right) in connections::pairs(one, other) {
            let is_same = match (left, right) {
                (Some((_, left)), Some((_, right))) => is_same_sign_in(left, right),
                _ => false,
            };
            if is_same || is_told(one, other, left) || is_told(other, one, right) {
                continue;
            }
            let bound = |state: &State, known: Option<Known<'_>>| {
                known.map(|(_, connection)| bound(state, connection, self.show_values))
            };
            found.push(ConnectionDifference { left: bound(one, left), right: bound(other, right) });
        }
        // Ids say nothing to a person.
        let name = |one: &ConnectionDifference| {
            let named = one.left.as_ref().or(one.right.as_ref());
            named.map(|connection| (connection.connector.to_lowercase(), connection.name.clone()))
        };
        found.sort_by_cached_key(|one| (name(one), one.left.is_none()));
        found
    }

    /// What differs, and what cannot be told.
    pub(super) fn shares(&self) -> (Vec<ShareDifference>, Vec<Found>) {
        let (mut found, mut untold) = (Vec::new(), Vec::new());
        let is_told = self.left.names_as(&self.right);
        let none = BTreeMap::new();
        for (key, one, other) in pairs(self.left.state.shares(), self.right.state.shares()) {
            let title =
                [self.right.state, self.left.state].into_iter().find_map(|s| words(s.components().get(key)?));
            let title = title.unwrap_or_else(|| key.to_string());
            if !is_told && one.is_some() && other.is_some() {
                untold.push(Found { component: key.clone(), title, left: true, right: true });
                continue;
            }
            let folded = |shares: Option<&BTreeMap<String, _>>| {
                let shares = shares.unwrap_or(&none).iter();
                shares
                    .map(|(principal, role)| (principal.to_lowercase(), (principal.clone(), *role)))
                    .collect()
            };
            let (one, other): (BTreeMap<_, _>, BTreeMap<_, _>) = (folded(one), folded(other));
            for (_, left, right) in pairs(&one, &other) {
                let (left, right): (Option<&(String, _)>, Option<&(String, _)>) = (left, right);
                let role = |share: Option<&(String, crate::environment::Role)>| share.map(|(_, role)| *role);
                let Some((principal, _)) = left.or(right) else { continue };
                if role(left) != role(right) {
                    found.push(ShareDifference {
                        component: key.clone(),
                        title: title.clone(),
                        principal: self.names.name(principal),
                        left: role(left),
                        right: role(right),
                    });
                }
            }
        }
        (found, untold)
    }

    pub(super) fn flows(&self) -> Vec<Difference<FlowState>> {
        let both = pairs(self.left.state.flows(), self.right.state.flows());
        both.filter_map(|(key, left, right)| {
            let (left, right) = (*left?, *right?);
            let layers = self.right.state.components().get(key);
            (left != right).then(|| Difference {
                component: key.clone(),
                title: layers.and_then(words).unwrap_or_else(|| key.to_string()),
                left: Some(FlowState { on: left }),
                right: Some(FlowState { on: right }),
                hint: None,
            })
        })
        .collect()
    }

    pub(super) fn drift(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for (key, left, right) in pairs(self.left.state.components(), self.right.state.components()) {
            let (one, other) = (left.is_some_and(is_covered), right.is_some_and(is_covered));
            if (one || other)
                && self.counts(key, left, right)
                && let Some(title) = title(left, right)
            {
                found.push(Found { component: key.clone(), title, left: one, right: other });
            }
        }
        found
    }
}

/// Whether an unmanaged layer lies over managed ones.
pub(super) fn is_covered(layers: &Layers) -> bool {
    layers.unmanaged.is_some() && !layers.managed.is_empty()
}

fn state_of(solution: &InstalledSolution) -> SolutionState {
    SolutionState {
        version: solution.version.clone(),
        managed: solution.managed,
        staged: solution.upgrade_of.is_some(),
    }
}

/// Whether two solutions of one version came from packages that differ.
pub(super) fn other_content(left: &InstalledSolution, right: &InstalledSolution) -> bool {
    let is_same_form = left.version == right.version && left.managed == right.managed;
    is_same_form && matches!((&left.content, &right.content), (Some(one), Some(other)) if one != other)
}

pub(super) fn words(layers: &Layers) -> Option<String> {
    layers.effective().map(|content| content.words.clone())
}

fn title(left: Option<&Layers>, right: Option<&Layers>) -> Option<String> {
    right.and_then(words).or_else(|| left.and_then(words))
}

fn is_same(left: Option<&Layers>, right: Option<&Layers>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return false };
    match (left.effective(), right.effective()) {
        (Some(one), Some(other)) => {
            is_same_content(one, other) && is_same_layer(&winning_layer(left), &winning_layer(right))
        }
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// By fingerprint where both have one; values are compared elsewhere.
fn is_same_content(one: &Content, other: &Content) -> bool {
    match (&one.fingerprint, &other.fingerprint) {
        (Some(one), Some(other)) if one != other => return false,
        (Some(_), Some(_)) => {}
        _ if one.needs != other.needs => return false,
        _ => {}
    }
    match (&one.facts, &other.facts) {
        (Facts::Variable { kind: one, .. }, Facts::Variable { kind: other, .. }) => one == other,
        (Facts::VariableValue { .. }, Facts::VariableValue { .. }) => true,
        (Facts::ConnectionReference { connector: one }, Facts::ConnectionReference { connector: other }) => {
            connect::fits(one, other)
        }
        (one, other) => one == other,
    }
}

/// Managed in one and unmanaged in the other is told of the solution, once, and not of each of its components.
fn is_same_layer(one: &WinningLayer, other: &WinningLayer) -> bool {
    let has = |name: &String| other.solutions.iter().any(|other| other.eq_ignore_ascii_case(name));
    let is_alike = match (one.solutions.is_empty(), other.solutions.is_empty()) {
        (false, false) => one.solutions.iter().any(has),
        (one, other) => one == other,
    };
    one.covers.is_some() == other.covers.is_some() && is_alike
}

fn winning_layer(layers: &Layers) -> WinningLayer {
    // The order of the layers is that of the platform; one that is only held counts where no other is.
    let brought = layers.managed.iter().rev().find(|layer| !layer.content.held_only);
    let topmost = brought.or(layers.managed.last()).map(|layer| layer.solution.clone());
    match &layers.unmanaged {
        Some(_) if topmost.is_some() => {
            WinningLayer { unmanaged: true, solutions: topmost.iter().cloned().collect(), covers: topmost }
        }
        Some(_) => WinningLayer {
            unmanaged: true,
            solutions: layers.unmanaged_in.iter().cloned().collect(),
            covers: None,
        },
        None => WinningLayer { unmanaged: false, solutions: topmost.into_iter().collect(), covers: None },
    }
}

fn credential_state(layers: &Layers) -> Option<CredentialState> {
    let Facts::Credential { kind, variables, .. } = &layers.effective()?.facts else { return None };
    let variables = variables.iter().map(|(column, variable)| (column.clone(), variable.key.to_string()));
    Some(CredentialState { kind: *kind, variables: variables.collect(), layer: winning_layer(layers) })
}

/// Two credentials of one name and of different ids are most likely meant to be one.
fn hint_at_names(credentials: &mut [Difference<CredentialState>]) {
    let mut named: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for credential in credentials.iter() {
        let (left, right) = named.entry(credential.title.to_lowercase()).or_default();
        match (&credential.left, &credential.right) {
            (Some(_), None) => drop(left.insert(credential.component.key.to_string())),
            (None, Some(_)) => drop(right.insert(credential.component.key.to_string())),
            _ => {}
        }
    }
    for credential in credentials.iter_mut() {
        let Some((left, right)) = named.get(&credential.title.to_lowercase()) else { continue };
        let others = match (&credential.left, &credential.right) {
            (Some(_), None) => right,
            (None, Some(_)) => left,
            _ => continue,
        };
        if let Some(other) = others.first() {
            credential.hint = Some(format!(
                "one of the same name has id {other} there: it was made by hand in each, and a solution carries only one of them"
            ));
        }
    }
}

/// A connection that a reference is bound to; of one that the environment does not know, the id is its name.
pub(super) fn known(state: &State, id: &str) -> Connection {
    state.connections().get(id).cloned().unwrap_or_else(|| Connection {
        connector: String::new(),
        name: id.to_owned(),
        created: None,
        updated: None,
        parameter_set: None,
        parameters: BTreeMap::new(),
        credential: None,
    })
}

/// By connector, name and how they sign in: ids differ by nature.
pub(super) fn is_same_connection(one: Option<&Connection>, other: Option<&Connection>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => is_same_place(one, other) && is_same_sign_in(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

pub(super) fn is_same_place(one: &Connection, other: &Connection) -> bool {
    // A snapshot does not tell a name that may be an account.
    let is_told = one.name != MASK && other.name != MASK;
    connect::fits(&one.connector, &other.connector) && (one.name == other.name || !is_told)
}

pub(super) fn is_same_sign_in(one: &Connection, other: &Connection) -> bool {
    one.credential == other.credential && one.parameter_set == other.parameter_set
}

fn bound(state: &State, connection: &Connection, show_values: bool) -> BoundConnection {
    let title = |credential| state.components().get(credential).and_then(words);
    BoundConnection {
        connector: connection.connector.clone(),
        name: if show_values { connection.name.clone() } else { connect::shown(&connection.name) },
        parameter_set: connection.parameter_set.clone(),
        credential: connection.credential.clone(),
        credential_title: connection.credential.as_ref().and_then(title),
    }
}
