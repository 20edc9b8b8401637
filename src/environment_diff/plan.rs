//! What would bring one environment to another, step by step, in an order that the platform allows.
//!
//! Solutions come in the order in which the other has them installed; what must go before it can come back in a lower version
//! goes first, what the other does not have goes last, in the reverse order of its installation.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::graph::{DiGraph, NodeIndex};
use serde::Serialize;

use super::Side;
use super::commands::Commands;
use super::connections;
use super::pairs::pairs;
use super::sections::{is_covered, is_same_place, is_same_sign_in, known, other_content, words};
use crate::environment::import::{effective_value, settle_flows};
use crate::environment::{
    Connection, InstalledSolution, Layers, PrincipalNames, SolutionName, State, connect,
};
use crate::model::ComponentKey;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// From 1.
    pub number: usize,
    /// What is done.
    pub action: Action,
    /// To what: `solution FabFlows 3.1.0.0 (managed)`.
    pub words: String,
    /// What is to be known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The command that does it; none where solship has none. What is not known stands in capitals: FILE, ENV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Uninstall a managed solution, or delete an unmanaged one.
    Uninstall,
    /// Have a solution that was only said to be there.
    Provide,
    /// Import a solution.
    Import,
    /// Import a solution as a staged upgrade.
    Stage,
    /// Remove the unmanaged layer of a component.
    RemoveUnmanagedLayer,
    /// Delete an unmanaged component, or a connection.
    Delete,
    /// Make by hand what no package brings.
    MakeByHand,
    /// Nothing that can be done step by step leads there.
    OutOfReach,
    /// Make a connection.
    Connect,
    /// Say how a connection signs in.
    SignIn,
    /// Bind a connection reference.
    Bind,
    /// Free a connection reference.
    Free,
    /// Set a value of a variable.
    SetValue,
    /// Remove the own value of a variable.
    RemoveValue,
    /// Share something.
    Share,
    /// Take a share back.
    Unshare,
    /// Turn a flow on.
    TurnOn,
    /// Turn a flow off.
    TurnOff,
}

impl Action {
    /// The verb of a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Uninstall => "uninstall",
            Self::Provide => "have",
            Self::Import => "import",
            Self::Stage => "stage",
            Self::RemoveUnmanagedLayer => "remove the unmanaged layer of",
            Self::Delete => "delete",
            Self::MakeByHand => "make by hand",
            Self::OutOfReach => "no command reaches",
            Self::Connect => "make",
            Self::SignIn => "sign in",
            Self::Bind => "bind",
            Self::Free => "free",
            Self::SetValue => "set",
            Self::RemoveValue => "remove the own value of",
            Self::Share => "share",
            Self::Unshare => "take back",
            Self::TurnOn => "turn on",
            Self::TurnOff => "turn off",
        }
    }
}

/// What brings `from` to what `to` is.
pub(super) fn steps<'s>(
    to: &'s Side<'s>,
    from: &'s Side<'s>,
    names: &'s PrincipalNames,
    show_values: bool,
) -> Vec<Step> {
    let commands = Commands::new(from.label, to.sources, show_values);
    let packages = to.packages;
    let sides = (to, from);
    let (to, from) = (to.state, from.state);
    let mut planner = Planner {
        to,
        from,
        sides,
        names,
        show_values,
        packages,
        commands,
        lost: BTreeSet::new(),
        steps: Vec::new(),
    };
    let (imported, gone) = planner.solutions();
    planner.layers(&imported, &gone);
    // No package carries anything else, and what is in none is not meant to go.
    if packages {
        return planner.steps;
    }
    let used = planner.connections();
    planner.values();
    planner.shares();
    planner.flows();
    // What the other does not have goes last, the latest first.
    for solution in latest_first(from.solutions().values()) {
        if to.solution(&solution.unique_name).is_none() && !imported.went(&solution.unique_name) {
            planner.uninstall(solution, None);
        }
    }
    planner.superfluous(&used);
    planner.steps
}

struct Planner<'s> {
    to: &'s State,
    from: &'s State,
    /// The same as they were given.
    sides: (&'s Side<'s>, &'s Side<'s>),
    names: &'s PrincipalNames,
    show_values: bool,
    /// `to` is what packages hold.
    packages: bool,
    commands: Commands<'s>,
    /// What `to` has and no step brings.
    lost: BTreeSet<ComponentKey>,
    steps: Vec<Step>,
}

/// The solutions that come, and those that went before.
#[derive(Default)]
struct Imported {
    came: BTreeSet<SolutionName>,
    /// Of those that come, the ones that come over the same version: nothing of them is deleted.
    updated: BTreeSet<SolutionName>,
    went: BTreeSet<SolutionName>,
}

impl Imported {
    fn came(&self, name: &str) -> bool {
        self.came.contains(&SolutionName::new(name))
    }

    fn updated(&self, name: &str) -> bool {
        self.updated.contains(&SolutionName::new(name))
    }

    fn went(&self, name: &str) -> bool {
        self.went.contains(&SolutionName::new(name))
    }
}

fn latest_first<'s>(solutions: impl Iterator<Item = &'s InstalledSolution>) -> Vec<&'s InstalledSolution> {
    let mut sorted: Vec<&InstalledSolution> = solutions.collect();
    sorted.sort_by_key(|solution| std::cmp::Reverse(solution.sequence));
    sorted
}

/// Whether each flow of an environment would be on if nobody had turned it on or off.
fn by_what_they_use(state: &State) -> BTreeMap<ComponentKey, bool> {
    let mut settled = state.clone();
    let flows: Vec<ComponentKey> = state.flows().keys().cloned().collect();
    settle_flows(&mut settled, flows);
    settled.flows().clone()
}

fn told(solution: &InstalledSolution) -> String {
    let form = if solution.managed { "managed" } else { "unmanaged" };
    format!("solution {} {} ({form})", solution.unique_name, solution.version)
}

impl Planner<'_> {
    fn step(&mut self, action: Action, words: String, note: Option<&str>, command: Option<String>) {
        let number = self.steps.len() + 1;
        self.steps.push(Step { number, action, words, note: note.map(str::to_owned), command });
    }

    fn uninstall(&mut self, solution: &InstalledSolution, note: Option<&str>) {
        let with_components = (!solution.managed && note.is_none()).then_some("with its components");
        let command = self.commands.uninstall(solution, with_components.is_some());
        self.step(Action::Uninstall, told(solution), note.or(with_components), Some(command));
    }

    /// Solutions that go first and those that come; gives them, and the names of all that is not there in the end.
    fn solutions(&mut self) -> (Imported, BTreeSet<SolutionName>) {
        let mut imported = Imported::default();
        // The platform takes neither a lower version nor the other form: those go first, and all that stands on them.
        let mut queue: VecDeque<&InstalledSolution> = VecDeque::new();
        for (_, to, from) in pairs(self.to.solutions(), self.from.solutions()) {
            if let (Some(to), Some(from)) = (to, from)
                && (to.version < from.version || to.managed != from.managed)
            {
                queue.push_back(from);
            }
        }
        while let Some(solution) = queue.pop_front() {
            if imported.went.insert(SolutionName::new(&solution.unique_name)) && solution.managed {
                queue.extend(self.standing_on(solution));
            }
        }
        for solution in latest_first(self.from.solutions().values()) {
            if imported.went(&solution.unique_name) {
                let comes_back = self.to.solution(&solution.unique_name);
                let note = match comes_back {
                    Some(to) if to.managed != solution.managed => "it comes back in the other form",
                    Some(to) if to.version < solution.version => {
                        "it comes back in a lower version, which no import brings"
                    }
                    Some(_) => "it stands on one that goes, and comes back",
                    None => "it stands on one that goes",
                };
                self.uninstall(solution, Some(note));
            }
        }
        let mut comes: Vec<&InstalledSolution> = self.to.solutions().values().collect();
        comes.sort_by_key(|solution| solution.sequence);
        for solution in comes {
            let there = self.from.solution(&solution.unique_name);
            let there = there.filter(|there| !imported.went(&there.unique_name));
            let note = match there {
                None => None,
                Some(there) if there.version < solution.version => Some(format!("over {}", there.version)),
                Some(there) if other_content(solution, there) => {
                    Some("again: the package was another one of the same version".to_owned())
                }
                Some(_) => continue,
            };
            imported.came.insert(SolutionName::new(&solution.unique_name));
            let action = match (solution.provided, &solution.upgrade_of) {
                (true, _) => Action::Provide,
                (_, Some(_)) => Action::Stage,
                _ => Action::Import,
            };
            let over_itself = there.is_some_and(|there| there.version == solution.version);
            if over_itself && solution.managed {
                imported.updated.insert(SolutionName::new(&solution.unique_name));
            }
            let (command, file) = match action {
                Action::Provide => (self.commands.provide(solution), None),
                _ => (self.commands.import(solution, over_itself), self.commands.file(solution)),
            };
            let note = [note, file].into_iter().flatten().collect::<Vec<_>>().join("; ");
            let note = Some(&*note).filter(|note| !note.is_empty());
            self.step(action, told(solution), note, Some(command));
        }
        let stays = |name: &SolutionName| self.packages || self.to.solutions().contains_key(name);
        let gone = self.from.solutions().keys().filter(|name| !stays(name));
        let gone = gone.chain(&imported.went).cloned().collect();
        (imported, gone)
    }

    /// The solutions that would not let that one go: those that declare that they need it, and those with what uses what
    /// only it brings.
    fn standing_on(&self, solution: &InstalledSolution) -> Vec<&InstalledSolution> {
        let mut names: BTreeSet<SolutionName> = BTreeSet::new();
        for key in self.from.held_by(&solution.unique_name) {
            let Some(layers) = self.from.components().get(key) else { continue };
            if layers.solutions().any(|name| !name.eq_ignore_ascii_case(&solution.unique_name)) {
                continue;
            }
            let aliases = layers.contents().flat_map(|content| &content.aliases);
            for user in std::iter::once(key).chain(aliases).flat_map(|key| self.from.users_of(key)) {
                let user = self.from.components().get(user);
                names.extend(user.into_iter().flat_map(|layers| layers.solutions()).map(SolutionName::new));
            }
        }
        let users =
            names.iter().filter_map(|name| self.from.solutions().get(name)).filter(|user| user.managed);
        users.chain(self.from.hanging_on(&solution.unique_name)).collect()
    }

    /// What lies over managed layers, and unmanaged components that no solution takes along.
    fn layers(&mut self, imported: &Imported, gone: &BTreeSet<SolutionName>) {
        for (key, to, from) in pairs(self.to.components(), self.from.components()) {
            let is_brought = |layers: &crate::environment::Layers| {
                layers.unmanaged_in.iter().any(|name| imported.came(name))
            };
            match (to, from) {
                (Some(to), Some(from)) if is_covered(from) && to.unmanaged.is_none() => {
                    let title = words(from).unwrap_or_else(|| key.to_string());
                    self.step(Action::RemoveUnmanagedLayer, title, None, None);
                }
                _ if self.packages => {}
                (Some(to), from) if is_covered(to) && !from.is_some_and(is_covered) && !is_brought(to) => {
                    let title = words(to).unwrap_or_else(|| key.to_string());
                    let note = "it was changed in the environment, over its managed layers";
                    self.step(Action::MakeByHand, title, Some(note), None);
                }
                (Some(to), None) if to.managed.is_empty() && !is_brought(to) => {
                    let title = words(to).unwrap_or_else(|| key.to_string());
                    let note = "no solution that would be imported brings it";
                    self.step(Action::MakeByHand, title, Some(note), None);
                }
                (Some(to), None) if to.is_brought() && !to.managed.is_empty() && !is_brought(to) => {
                    if let Some(note) = self.kept_out(to, imported) {
                        let title = words(to).unwrap_or_else(|| key.to_string());
                        self.lost.insert(key.clone());
                        self.step(Action::OutOfReach, title, Some(&note), None);
                    }
                }
                (None, Some(from)) if from.is_brought() && !from.managed.is_empty() => {
                    if let Some(note) = self.kept_in(from, imported) {
                        let title = words(from).unwrap_or_else(|| key.to_string());
                        self.step(Action::OutOfReach, format!("an end without {title}"), Some(&note), None);
                    }
                }
                (None, Some(from)) if from.managed.is_empty() => {
                    let goes = from.unmanaged_in.iter().any(|name| gone.contains(&SolutionName::new(name)));
                    if !goes {
                        let title = words(from).unwrap_or_else(|| key.to_string());
                        self.step(Action::Delete, title, None, self.commands.delete(key));
                    }
                }
                _ => {}
            }
        }
    }

    /// Why what `to` has in managed layers does not come: the solutions are there in the same version without it.
    fn kept_out(&self, layers: &Layers, imported: &Imported) -> Option<String> {
        let mut solutions = layers.managed.iter().map(|layer| &layer.solution);
        let there = |name: &String| self.from.solution(name).filter(|there| !there.provided);
        let is_there = solutions.clone().all(|name| there(name).is_some() && !imported.came(name));
        let there = there(solutions.next_back().filter(|_| is_there)?)?;
        let (name, version) = (&there.unique_name, &there.version);
        Some(format!(
            "{name} is there in version {version} without it, and the same version does not bring it again"
        ))
    }

    /// Why what `to` does not have stays in managed layers: a solution is there in the same version with it.
    fn kept_in(&self, layers: &Layers, imported: &Imported) -> Option<String> {
        let stays = |name: &&String| {
            let is_kept = !imported.came(name) || imported.updated(name);
            let there = self.to.solution(name).filter(|there| !there.provided);
            there.is_some() && is_kept && !imported.went(name)
        };
        let name = layers.managed.iter().map(|layer| &layer.solution).find(stays)?;
        let there = self.from.solution(name).filter(|there| !there.provided)?;
        let (name, version) = (&there.unique_name, &there.version);
        Some(format!(
            "an update left it in {name} {version}, and only a higher version or uninstalling {name} takes it away"
        ))
    }

    /// The command of a step; none where it is about what no step brings.
    fn on(
        &self,
        component: &ComponentKey,
        command: Option<String>,
    ) -> (Option<&'static str>, Option<String>) {
        match self.lost.contains(component) {
            true => (Some("it is not there, see above"), None),
            false => (None, command),
        }
    }

    /// Connections and what is bound to them; gives the ids of those of `from` that are used.
    fn connections(&mut self) -> BTreeSet<String> {
        let mut made: BTreeSet<&str> = BTreeSet::new();
        let mut used: BTreeSet<String> = BTreeSet::new();
        let references: Vec<(&ComponentKey, Option<&String>, Option<&String>)> =
            pairs(self.to.bindings(), self.from.bindings()).collect();
        for (reference, to, from) in references {
            let Some(to_id) = to else {
                if from.is_some() && self.to.components().contains_key(reference) {
                    let command = self.commands.free(reference);
                    self.step(Action::Free, reference.to_string(), None, Some(command));
                }
                continue;
            };
            let wanted = known(self.to, to_id);
            let bound = from.map(|id| known(self.from, id));
            let named = self.named(&wanted);
            let mut known_there = self.from.connections().iter();
            let there = match (from, &bound) {
                (Some(id), Some(bound)) if is_same_place(&wanted, bound) => Some((id.clone(), bound.clone())),
                _ => known_there
                    .find(|(_, own)| is_same_place(&wanted, own))
                    .map(|(id, own)| (id.clone(), own.clone())),
            };
            // One that is made gets the id that it has in the other.
            let id = there.as_ref().map_or(to_id, |(id, _)| id).clone();
            used.extend(there.as_ref().map(|(id, _)| id.clone()));
            if made.insert(to_id) {
                self.have(&wanted, &id, there.as_ref().map(|(_, connection)| connection));
            }
            if !bound.is_some_and(|bound| is_same_place(&wanted, &bound)) {
                let (note, command) = self.on(reference, Some(self.commands.bind(reference, &id)));
                self.step(Action::Bind, format!("{reference} to {named}"), note, command);
            }
        }
        // No reference is bound to these.
        for (to, from) in connections::pairs(self.to, self.from) {
            let Some((to_id, wanted)) = to.filter(|(id, _)| !made.contains(id)) else { continue };
            used.extend(from.map(|(id, _)| id.to_owned()));
            self.have(wanted, from.map_or(to_id, |(id, _)| id), from.map(|(_, there)| there));
        }
        used
    }

    fn named(&self, connection: &Connection) -> String {
        let name = if self.show_values { connection.name.clone() } else { connect::shown(&connection.name) };
        format!("connection \"{name}\" of {}", connection.connector)
    }

    /// A connection is made where none is `there`, and signs in as it should.
    fn have(&mut self, wanted: &Connection, id: &str, there: Option<&Connection>) {
        let named = self.named(wanted);
        if there.is_none() {
            let command = self.commands.connect(wanted, id);
            self.step(Action::Connect, named.clone(), None, Some(command));
        }
        let is_signed_in = match there {
            Some(there) => is_same_sign_in(wanted, there),
            None => wanted.parameter_set.is_none(),
        };
        if is_signed_in {
            return;
        }
        let with = match (&wanted.parameter_set, &wanted.credential) {
            (_, Some(credential)) => {
                let content = self.to.components().get(credential).and_then(words);
                format!(" with {}", content.unwrap_or_else(|| credential.to_string()))
            }
            (Some(set), None) => format!(" as {set}"),
            (None, None) => " without a credential".to_owned(),
        };
        let command = self.commands.sign_in(wanted, id);
        let (note, command) = match &wanted.credential {
            Some(credential) => self.on(credential, command),
            None => (None, command),
        };
        self.step(Action::SignIn, format!("{named}{with}"), note, command);
    }

    /// Connections that only `from` has go when nothing is bound to them any more.
    fn superfluous(&mut self, used: &BTreeSet<String>) {
        for (to, from) in connections::pairs(self.to, self.from) {
            let Some((id, connection)) = from.filter(|(id, _)| to.is_none() && !used.contains(*id)) else {
                continue;
            };
            let is_bound = connect::bound_to(self.from, id)
                .any(|reference| !self.to.components().contains_key(reference));
            let command = self.commands.delete_connection(id, is_bound);
            self.step(Action::Delete, self.named(connection), None, Some(command));
        }
    }

    fn values(&mut self) {
        for (variable, to, from) in pairs(self.to.values(), self.from.values()) {
            match (to, from) {
                (Some(to), _) => {
                    let there = from
                        .cloned()
                        .or_else(|| effective_value(self.from, variable).map(|(value, _)| value));
                    let (note, command) = self.on(variable, Some(self.commands.set(variable)));
                    match there.map(|there| self.sides.0.is_same(to, self.sides.1, &there)) {
                        Some(Some(true)) => {}
                        Some(None) if note.is_none() => {
                            let note = "unless it has that value already, which cannot be told";
                            self.step(Action::SetValue, variable.to_string(), Some(note), command);
                        }
                        _ => self.step(Action::SetValue, variable.to_string(), note, command),
                    }
                }
                (None, Some(_)) if self.to.components().contains_key(variable) => {
                    let command = self.commands.unset(variable);
                    self.step(Action::RemoveValue, variable.to_string(), None, Some(command));
                }
                _ => {}
            }
        }
    }

    fn shares(&mut self) {
        let none = BTreeMap::new();
        for (component, to, from) in pairs(self.to.shares(), self.from.shares()) {
            let Some(title) = self.to.components().get(component).and_then(words) else { continue };
            if to.is_some() && from.is_some() && !self.sides.0.names_as(self.sides.1) {
                continue;
            }
            let folded = |shares: Option<&BTreeMap<String, crate::environment::Role>>| -> BTreeMap<_, _> {
                let shares = shares.unwrap_or(&none).iter();
                shares.map(|(principal, role)| (principal.to_lowercase(), *role)).collect()
            };
            let (to, from) = (folded(to), folded(from));
            for (principal, to, from) in pairs(&to, &from) {
                let name = self.names.name(principal);
                match to {
                    Some(role) if from != Some(role) => {
                        let words = format!("{title} with {name} as {}", role.name());
                        let command = self.commands.share(component, principal, Some(*role));
                        let (note, command) = self.on(component, command);
                        self.step(Action::Share, words, note, command);
                    }
                    None => {
                        let command = self.commands.share(component, principal, None);
                        self.step(Action::Unshare, format!("{title} from {name}"), None, command);
                    }
                    _ => {}
                }
            }
        }
    }

    /// Off first, the flows that others run last; then on, the flows that others run first.
    fn flows(&mut self) {
        let others = |flow: &ComponentKey| self.from.flows().get(flow).copied();
        let differ: Vec<(&ComponentKey, bool)> = self
            .to
            .flows()
            .iter()
            .map(|(flow, on)| (flow, *on))
            .filter(|(flow, on)| others(flow) != Some(*on))
            .collect();
        if differ.is_empty() {
            return;
        }
        // A flow that is on or off for what it uses follows from the steps before.
        let (to, from) = (by_what_they_use(self.to), by_what_they_use(self.from));
        let follows = |flow: &ComponentKey, on: bool| {
            let of = |states: &BTreeMap<ComponentKey, bool>| states.get(flow).copied();
            of(&to) == Some(on) && others(flow).is_none_or(|on| of(&from) == Some(on))
        };
        let (mut on, mut off) = (BTreeSet::new(), BTreeSet::new());
        for (flow, should_be_on) in differ {
            if !follows(flow, should_be_on) {
                if should_be_on {
                    on.insert(flow)
                } else {
                    off.insert(flow)
                };
            }
        }
        for flow in self.children_first(&off).into_iter().rev() {
            self.step(Action::TurnOff, self.flow_words(flow), None, None);
        }
        for flow in self.children_first(&on) {
            self.step(Action::TurnOn, self.flow_words(flow), None, None);
        }
    }

    fn flow_words(&self, flow: &ComponentKey) -> String {
        self.to.components().get(flow).and_then(words).unwrap_or_else(|| flow.to_string())
    }

    /// Flows, each after those of them that it runs; circles in the order of their keys.
    fn children_first<'k>(&self, flows: &BTreeSet<&'k ComponentKey>) -> Vec<&'k ComponentKey> {
        let mut graph: DiGraph<&'k ComponentKey, ()> = DiGraph::new();
        let nodes: BTreeMap<&ComponentKey, NodeIndex> =
            flows.iter().map(|flow| (*flow, graph.add_node(*flow))).collect();
        for (flow, node) in &nodes {
            let content = self.to.components().get(flow).and_then(|layers| layers.effective());
            for need in content.into_iter().flat_map(|content| &content.needs) {
                if let Some(child) = nodes.get(&need.component) {
                    graph.add_edge(*node, *child, ());
                }
            }
        }
        let circles = petgraph::algo::kosaraju_scc(&graph);
        circles
            .into_iter()
            .flat_map(|mut circle| {
                circle.sort();
                circle.into_iter().map(|node| graph[node]).collect::<Vec<_>>()
            })
            .collect()
    }
}
