//! Which cloud flows are on.
//!
//! Inferred: the platform turns a flow on that was exported as on, unless something that it uses is not there, a connection reference
//! is bound to no connection, a variable has no value, or a child flow is off. What is only on its way is not waited for: the states
//! are worked out anew for every flow that such a change may reach. Flows that only wait for each other are on.
//!
//! Read [`settle_flows`] first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::content::{Content, Facts, Strength};
use super::super::state::State;
use super::values::{effective_value, variable_of};
use crate::model::{ComponentKey, ComponentType, describe};

/// What became of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowChange {
    /// The flow.
    pub flow: ComponentKey,
    /// How a sentence names it.
    pub words: String,
    /// Whether it was on; none for a new one.
    pub before: Option<bool>,
    /// Whether it is on.
    pub on: bool,
    /// Why it is off although it was exported as on.
    pub why: Option<String>,
}

impl FlowChange {
    /// The change in a sentence; none where there is none.
    pub fn note(&self) -> Option<String> {
        match (self.before, self.on, &self.why) {
            (Some(true), false, Some(why)) => Some(format!("{} was turned off: {why}", self.words)),
            (Some(true), false, None) => Some(format!("{} was turned off", self.words)),
            (Some(false), true, _) => {
                Some(format!("{} was turned on: everything that it uses is there", self.words))
            }
            _ => None,
        }
    }
}

/// Works out anew whether flows are on: those among `changed`, and those that use any of it, directly or through child flows.
/// `changed` names what was added, changed, taken away, bound or given a value, and its aliases. Tells of each flow that was looked at.
pub fn settle_flows(state: &mut State, changed: impl IntoIterator<Item = ComponentKey>) -> Vec<FlowChange> {
    let changed: Vec<ComponentKey> = changed.into_iter().collect();
    // Of what is no flow any more, since only its name is left, it is not known whether it is on.
    for key in changed.iter().filter(|key| state.flows().contains_key(*key)).cloned().collect::<Vec<_>>() {
        if !is_cloud_flow(state, &key) {
            state.set_flow(&key, None);
        }
    }
    let flows = affected(state, changed);
    let mut faults: BTreeMap<&ComponentKey, Vec<String>> = BTreeMap::new();
    let mut parents: BTreeMap<&ComponentKey, Vec<&ComponentKey>> = BTreeMap::new();
    for flow in &flows {
        let Some(content) = effective(state, flow) else { continue };
        let mut found = Vec::new();
        for need in content.needs.iter().filter(|need| need.strength == Strength::Text) {
            match look(state, flow, &need.component) {
                Need::Met => {}
                Need::Unmet(why) => found.push(why),
                Need::Child(child) => match flows.get(child) {
                    Some(child) => parents.entry(child).or_default().push(flow),
                    None if state.flows().get(child) == Some(&true) => {}
                    None => found.push(is_off(state, child)),
                },
            }
        }
        faults.insert(flow, found);
    }
    let is_exported_on = |flow: &ComponentKey| {
        effective(state, flow).is_some_and(|c| matches!(c.facts, Facts::CloudFlow { on: true, .. }))
    };
    // Whoever waits for a flow that stays off stays off as well.
    let stays_off = |flow: &&ComponentKey| !is_exported_on(flow) || !faults[flow].is_empty();
    let mut off: BTreeSet<&ComponentKey> = faults.keys().copied().filter(stays_off).collect();
    let mut queue: VecDeque<&ComponentKey> = off.iter().copied().collect();
    while let Some(child) = queue.pop_front() {
        for parent in parents.get(child).into_iter().flatten() {
            faults.entry(parent).or_default().push(is_off(state, child));
            if off.insert(parent) {
                queue.push_back(parent);
            }
        }
    }
    let mut changes = Vec::new();
    for (flow, found) in &faults {
        let on = !off.contains(flow);
        let found: BTreeSet<&String> = found.iter().collect();
        let found: Vec<&str> = found.into_iter().map(String::as_str).collect();
        changes.push(FlowChange {
            flow: (*flow).clone(),
            words: effective(state, flow).map(|content| content.words.clone()).unwrap_or_default(),
            before: state.flows().get(*flow).copied(),
            on,
            why: (!on && is_exported_on(flow)).then(|| found.join("; ")),
        });
    }
    for change in changes.iter().filter(|change| change.before != Some(change.on)) {
        state.set_flow(&change.flow, Some(change.on));
    }
    changes
}

/// The flows that a change may reach.
fn affected(state: &State, changed: impl IntoIterator<Item = ComponentKey>) -> BTreeSet<ComponentKey> {
    let mut queue: VecDeque<ComponentKey> = VecDeque::new();
    for key in changed {
        let variable = variable_of(&key).filter(|variable| *variable != key);
        queue.extend(variable);
        queue.push_back(key);
    }
    let mut seen: BTreeSet<ComponentKey> = BTreeSet::new();
    let mut flows = BTreeSet::new();
    while let Some(key) = queue.pop_front() {
        if !seen.insert(key.clone()) {
            continue;
        }
        if let Some(layers) = state.components().get(&key) {
            if is_cloud_flow(state, &key) {
                flows.insert(key.clone());
            }
            queue.extend(layers.contents().flat_map(|content| &content.aliases).cloned());
        }
        queue.extend(state.users_of(&key).filter(|user| is_cloud_flow(state, user)).cloned());
    }
    flows
}

fn effective<'s>(state: &'s State, key: &ComponentKey) -> Option<&'s Content> {
    state.components().get(key)?.effective()
}

fn is_cloud_flow(state: &State, key: &ComponentKey) -> bool {
    let content = effective(state, key).filter(|content| !content.held_only);
    content.is_some_and(|content| matches!(content.facts, Facts::CloudFlow { .. }))
}

/// What becomes of one reference of a flow.
enum Need<'s> {
    Met,
    Unmet(String),
    /// It is met when that flow is on.
    Child(&'s ComponentKey),
}

fn look<'s>(state: &'s State, flow: &ComponentKey, needed: &ComponentKey) -> Need<'s> {
    let Some((key, layers)) = state.known_as(needed).find(|(_, layers)| layers.is_brought()) else {
        if is_assumed(state, flow, needed) {
            return Need::Met;
        }
        return Need::Unmet(format!("{} is not there", describe(needed.kind.words(), needed, None)));
    };
    if needed.kind == ComponentType::CONNECTION_REFERENCE && !state.bindings().contains_key(key) {
        return Need::Unmet(format!("{} is bound to no connection", named(layers.effective(), key)));
    }
    if needed.kind == ComponentType::ENVIRONMENT_VARIABLE && effective_value(state, key).is_none() {
        return Need::Unmet(format!("{} has no value", named(layers.effective(), key)));
    }
    if is_cloud_flow(state, key) { Need::Child(key) } else { Need::Met }
}

/// Whether a solution that holds a component was declared to need that of something of which nothing is known.
pub(super) fn is_assumed(state: &State, user: &ComponentKey, needed: &ComponentKey) -> bool {
    let holders = state.components().get(user).into_iter().flat_map(|layers| layers.solutions());
    holders.filter_map(|name| state.solution(name)).any(|solution| solution.assumed.contains(needed))
}

fn is_off(state: &State, child: &ComponentKey) -> String {
    format!("{} is off", named(effective(state, child), child))
}

fn named(content: Option<&Content>, key: &ComponentKey) -> String {
    content.map_or_else(|| key.to_string(), |content| content.words.clone())
}
