//! What an environment holds: solutions, components in layers, values, connections and shares.
//!
//! Read [`State`] first. It only keeps and finds; what may change, and how, is in the modules beside it. Whatever changes a
//! record notes it in [`State::touched`], so that a store writes those records and no others.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use serde::{Deserialize, Serialize};

use super::content::{Content, Facts};
use super::value::Value;
use crate::model::{ComponentKey, Version, connection_id};

/// Unique name of a solution, compared without case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SolutionName(String);

impl SolutionName {
    /// The name in the form in which it is compared.
    pub fn new(unique_name: &str) -> Self {
        Self(unique_name.trim().to_lowercase())
    }

    /// The name, lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A solution that is there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InstalledSolution {
    /// Unique name as its package spells it.
    pub unique_name: String,
    /// Version.
    pub version: Version,
    /// Managed or not.
    pub managed: bool,
    /// Unique name of the publisher; empty for what was only said to be there.
    pub publisher: String,
    /// It was only said to be there (`env provide`): nothing is known of its components.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub provided: bool,
    /// Unique name of the parent, for a patch.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parent: Option<String>,
    /// Unique name of the solution that this one is a staged upgrade of.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub upgrade_of: Option<String>,
    /// Place in the order of installation, from 1; no two solutions have the same.
    pub sequence: u64,
    /// Solutions that it was declared to need, with the lowest version.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub needs: BTreeMap<String, Option<Version>>,
    /// Components that it was declared to need of what is only said to be there, or of the platform's own solutions: nothing
    /// is known of those, and they are taken to have them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub assumed: BTreeSet<ComponentKey>,
    /// SHA-256 of the content of its package, so that a second deployment knows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub content: Option<String>,
}

impl InstalledSolution {
    /// Where its layers lie among those of others: what is only said to be there lies under everything that was imported, whenever
    /// that was said, for nothing is known of its content.
    pub fn place_of_layers(&self) -> (bool, u64) {
        (!self.provided, self.sequence)
    }

    /// Whether it came from a package of that version, form and content.
    pub fn is_of(&self, version: &Version, managed: bool, content: &str) -> bool {
        !self.provided
            && self.version == *version
            && self.managed == managed
            && self.content.as_deref() == Some(content)
    }
}

/// Everything that is said of one component, from the bottom up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Layers {
    /// Managed layers, in the order in which their solutions were installed; those of solutions that are only said to be there lie
    /// under all others.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub managed: Vec<Layer>,
    /// The unmanaged layer, of which there is one, on top.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unmanaged: Option<Content>,
    /// Unique names of the unmanaged solutions that hold it.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub unmanaged_in: BTreeSet<String>,
}

/// One managed layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Layer {
    /// Unique name of the solution.
    pub solution: String,
    /// What it says.
    pub content: Content,
}

/// A connection: no package carries one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// `shared_x`.
    pub connector: String,
    /// Display name.
    pub name: String,
    /// The day it was made, `2026-11-29`; none where that is not known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub created: Option<String>,
    /// The day on which it was last signed in again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub updated: Option<String>,
    /// Parameter set: `azureRelay`, `azureRelayRunOwner`, `passwordlessAttended`; none for a connection without.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parameter_set: Option<String>,
    /// Values of the parameters by name: `@environmentVariables("fab_X")`, `none`, ids. Anything else may be a
    /// secret: a snapshot without values tells it like a value, and nothing prints it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub parameters: BTreeMap<String, String>,
    /// The credential that it signs in with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub credential: Option<ComponentKey>,
}

/// Who something is shared with: `user:ann@fabrikam.example`, `team:robots`.
pub type Principal = String;

/// What somebody may do with what is shared with them (`FORMATS.md` §1.10).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Use it.
    View,
    /// Use it and share it.
    ViewShare,
    /// Use, edit, share and delete it.
    CoOwner,
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Access {
    /// Use it.
    #[serde(rename = "use")]
    pub use_it: bool,
    /// Change it.
    pub edit: bool,
    /// Delete it.
    pub delete: bool,
    /// Share it.
    pub share: bool,
}

/// A record that changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touched {
    /// A solution.
    Solution(SolutionName),
    /// The layers of a component.
    Component(ComponentKey),
    /// The environment's own value of a variable.
    Value(ComponentKey),
    /// What a connection reference is bound to.
    Binding(ComponentKey),
    /// Whether a flow is on.
    Flow(ComponentKey),
    /// A connection.
    Connection(String),
    /// Who a component is shared with.
    Shares(ComponentKey),
}

/// What an environment holds.
#[derive(Debug, Clone, Default)]
pub struct State {
    solutions: BTreeMap<SolutionName, InstalledSolution>,
    components: BTreeMap<ComponentKey, Layers>,
    values: BTreeMap<ComponentKey, Value>,
    bindings: BTreeMap<ComponentKey, String>,
    flows: BTreeMap<ComponentKey, bool>,
    connections: BTreeMap<String, Connection>,
    shares: BTreeMap<ComponentKey, BTreeMap<Principal, Role>>,
    /// Which components a solution holds; worked out from `components`.
    held: HashMap<SolutionName, BTreeSet<ComponentKey>>,
    /// Other identities of components; worked out from `components`.
    aliases: HashMap<ComponentKey, BTreeSet<ComponentKey>>,
    /// Which components refer to a component; worked out from `components`.
    users: HashMap<ComponentKey, BTreeSet<ComponentKey>>,
    /// Classic processes by category and name; worked out from `components`.
    processes: HashMap<(String, String), BTreeSet<ComponentKey>>,
    /// Which solutions declare that they need a solution, are patches of it or hold its upgrade; worked out from `solutions`.
    hangers: HashMap<SolutionName, BTreeSet<SolutionName>>,
    touched: BTreeSet<Touched>,
}

impl Layers {
    /// What the component effectively is: the unmanaged layer, else the managed one on top. A layer of a solution that only
    /// holds the component counts where no other is.
    pub fn effective(&self) -> Option<&Content> {
        let brought = self.contents().filter(|content| !content.held_only).last();
        brought.or_else(|| self.contents().last())
    }

    /// Whether a solution brings it, or it was made here: a layer that is only held tells nothing of it.
    pub fn is_brought(&self) -> bool {
        self.contents().any(|content| !content.held_only)
    }

    /// Every content, the effective one last.
    pub fn contents(&self) -> impl Iterator<Item = &Content> {
        self.managed.iter().map(|layer| &layer.content).chain(&self.unmanaged)
    }

    /// Unique names of the solutions that hold it.
    pub fn solutions(&self) -> impl Iterator<Item = &str> {
        let managed = self.managed.iter().map(|layer| &*layer.solution);
        managed.chain(self.unmanaged_in.iter().map(String::as_str))
    }

    /// Whether nothing is said of it any more.
    pub fn is_empty(&self) -> bool {
        self.managed.is_empty() && self.unmanaged.is_none()
    }
}

impl State {
    /// Solutions by name.
    pub fn solutions(&self) -> &BTreeMap<SolutionName, InstalledSolution> {
        &self.solutions
    }

    /// The solution of that name.
    pub fn solution(&self, unique_name: &str) -> Option<&InstalledSolution> {
        self.solutions.get(&SolutionName::new(unique_name))
    }

    /// Components by key.
    pub fn components(&self) -> &BTreeMap<ComponentKey, Layers> {
        &self.components
    }

    /// The component of that key or alias.
    pub fn component(&self, key: &ComponentKey) -> Option<(&ComponentKey, &Layers)> {
        self.components
            .get_key_value(key)
            .or_else(|| self.components.get_key_value(self.aliases.get(key)?.first()?))
    }

    /// The component of that key, and those of which it is another identity.
    pub fn known_as(&self, key: &ComponentKey) -> impl Iterator<Item = (&ComponentKey, &Layers)> {
        let aliased = self.aliases.get(key).into_iter().flatten().filter(move |other| *other != key);
        let aliased = aliased.filter_map(|other| self.components.get_key_value(other));
        self.components.get_key_value(key).into_iter().chain(aliased)
    }

    /// The classic processes of that category and name.
    pub fn processes_named(&self, category: &str, name: &str) -> impl Iterator<Item = &ComponentKey> {
        self.processes.get(&process_name(category, name)).into_iter().flatten()
    }

    /// The solutions that declare that they need this one, are patches of it or hold its upgrade, by name.
    pub fn hanging_on(&self, unique_name: &str) -> impl Iterator<Item = &InstalledSolution> {
        let names = self.hangers.get(&SolutionName::new(unique_name)).into_iter().flatten();
        names.filter_map(|name| self.solutions.get(name))
    }

    /// The components that a solution holds.
    pub fn held_by(&self, unique_name: &str) -> impl Iterator<Item = &ComponentKey> {
        self.held.get(&SolutionName::new(unique_name)).into_iter().flatten()
    }

    /// The components of which a layer refers to that key, in that very spelling (an alias is a key of its own).
    pub fn users_of(&self, key: &ComponentKey) -> impl Iterator<Item = &ComponentKey> {
        self.users.get(key).into_iter().flatten()
    }

    /// The environment's own values by variable.
    pub fn values(&self) -> &BTreeMap<ComponentKey, Value> {
        &self.values
    }

    /// What connection references are bound to: ids of connections.
    pub fn bindings(&self) -> &BTreeMap<ComponentKey, String> {
        &self.bindings
    }

    /// Whether flows are on.
    pub fn flows(&self) -> &BTreeMap<ComponentKey, bool> {
        &self.flows
    }

    /// Connections by id, as [`connection_id`] writes it.
    pub fn connections(&self) -> &BTreeMap<String, Connection> {
        &self.connections
    }

    /// Who components are shared with.
    pub fn shares(&self) -> &BTreeMap<ComponentKey, BTreeMap<Principal, Role>> {
        &self.shares
    }

    /// Whether anything changed since [`Self::take_touched`].
    pub fn is_touched(&self) -> bool {
        !self.touched.is_empty()
    }

    /// What changed since the last call, for a store to write.
    pub fn take_touched(&mut self) -> BTreeSet<Touched> {
        std::mem::take(&mut self.touched)
    }

    /// Puts a solution in place of the one of that name, or takes it away.
    pub fn set_solution(&mut self, unique_name: &str, solution: Option<InstalledSolution>) {
        let name = SolutionName::new(unique_name);
        if self.solutions.get(&name) == solution.as_ref() {
            return;
        }
        self.touched.insert(Touched::Solution(name.clone()));
        if let Some(was) = self.solutions.get(&name) {
            for needed in names_hung_on(was) {
                take(&mut self.hangers, &needed, &name);
            }
        }
        for needed in solution.iter().flat_map(names_hung_on) {
            self.hangers.entry(needed).or_default().insert(name.clone());
        }
        set(&mut self.solutions, name, solution);
    }

    /// Changes what is said of a component; it is gone when nothing is said of it any more.
    pub fn change_component(&mut self, key: &ComponentKey, change: impl FnOnce(&mut Layers)) {
        let (key, mut layers) =
            self.components.remove_entry(key).unwrap_or_else(|| (key.clone(), Layers::default()));
        self.forget(&key, &layers);
        change(&mut layers);
        self.touched.insert(Touched::Component(key.clone()));
        if !layers.is_empty() {
            self.note(&key, &layers);
            self.components.insert(key, layers);
        }
    }

    /// Sets the environment's own value of a variable, or takes it away.
    pub fn set_value(&mut self, variable: &ComponentKey, value: Option<Value>) {
        if set(&mut self.values, variable.clone(), value) {
            self.touched.insert(Touched::Value(variable.clone()));
        }
    }

    /// Binds a connection reference to a connection, or frees it. The id may have any form.
    pub fn set_binding(&mut self, reference: &ComponentKey, connection: Option<String>) {
        let connection = connection.map(|id| connection_id(&id).unwrap_or(id));
        if set(&mut self.bindings, reference.clone(), connection) {
            self.touched.insert(Touched::Binding(reference.clone()));
        }
    }

    /// Turns a flow on or off, or forgets it.
    pub fn set_flow(&mut self, flow: &ComponentKey, on: Option<bool>) {
        if set(&mut self.flows, flow.clone(), on) {
            self.touched.insert(Touched::Flow(flow.clone()));
        }
    }

    /// Puts a connection there, or takes it away. The id may have any form.
    pub fn set_connection(&mut self, id: &str, connection: Option<Connection>) {
        let id = connection_id(id).unwrap_or_else(|| id.to_owned());
        if set(&mut self.connections, id.clone(), connection) {
            self.touched.insert(Touched::Connection(id));
        }
    }

    /// Shares a component with somebody, or takes that back.
    pub fn set_share(&mut self, component: &ComponentKey, principal: &str, role: Option<Role>) {
        let shares = self.shares.entry(component.clone()).or_default();
        if set(shares, principal.to_owned(), role) {
            self.touched.insert(Touched::Shares(component.clone()));
        }
        if shares.is_empty() {
            self.shares.remove(component);
        }
    }

    /// Enters what a component is known by, held by and refers to.
    fn note(&mut self, key: &ComponentKey, layers: &Layers) {
        for solution in layers.solutions() {
            self.held.entry(SolutionName::new(solution)).or_default().insert(key.clone());
        }
        for content in layers.contents() {
            for alias in &content.aliases {
                self.aliases.entry(alias.clone()).or_default().insert(key.clone());
            }
            for need in &content.needs {
                self.users.entry(need.component.clone()).or_default().insert(key.clone());
            }
            if let Facts::Process { category, name } = &content.facts {
                self.processes.entry(process_name(category, name)).or_default().insert(key.clone());
            }
        }
    }

    /// The other way round.
    fn forget(&mut self, key: &ComponentKey, layers: &Layers) {
        for solution in layers.solutions() {
            take(&mut self.held, &SolutionName::new(solution), key);
        }
        for content in layers.contents() {
            for alias in &content.aliases {
                take(&mut self.aliases, alias, key);
            }
            for need in &content.needs {
                take(&mut self.users, &need.component, key);
            }
            if let Facts::Process { category, name } = &content.facts {
                take(&mut self.processes, &process_name(category, name), key);
            }
        }
    }
}

/// Names of the solutions that one declares to need, is a patch of or holds the upgrade of.
fn names_hung_on(solution: &InstalledSolution) -> impl Iterator<Item = SolutionName> {
    let others = solution.needs.keys().chain(&solution.parent).chain(&solution.upgrade_of);
    others.map(|name| SolutionName::new(name))
}

/// Category and name in the form in which they are compared.
fn process_name(category: &str, name: &str) -> (String, String) {
    (category.to_owned(), name.trim().to_lowercase())
}

fn take<K: Hash + Eq, V: Ord>(map: &mut HashMap<K, BTreeSet<V>>, at: &K, value: &V) {
    if let Some(values) = map.get_mut(at) {
        values.remove(value);
        if values.is_empty() {
            map.remove(at);
        }
    }
}

/// Whether that changes anything.
fn set<K: Ord, V: PartialEq>(map: &mut BTreeMap<K, V>, key: K, value: Option<V>) -> bool {
    if map.get(&key) == value.as_ref() {
        return false;
    }
    match value {
        Some(value) => drop(map.insert(key, value)),
        None => drop(map.remove(&key)),
    }
    true
}
