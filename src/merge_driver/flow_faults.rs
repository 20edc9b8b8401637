//! What can be wrong in a cloud flow: an action that runs after none, or in a circle; a name that two actions have; a connection,
//! action, variable or parameter that is named and not there.
//!
//! The platform tells names without regard to case. All is iterative. Read [`add`] first.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::faults::Faults;
use crate::json::Document;

/// Longest name that is read in an expression or told; the designer's own end at 80 characters.
const LONGEST_NAME: usize = 300;

/// Members of an action with actions inside.
const BRANCHES: &[&str] = &["actions", "else", "default", "cases"];

/// Functions whose first argument is the name of an action.
const OF_ACTIONS: &[&str] = &[
    "actionbody",
    "actionoutputs",
    "actions",
    "body",
    "formdatamultivalues",
    "formdatavalue",
    "items",
    "iterationindexes",
    "multipartbody",
    "outputs",
    "result",
];

/// Members of `host` that name a connection of `connectionReferences`.
const OF_CONNECTIONS: &[&str] = &["/connectionName", "/connectionReferenceName", "/connection/referenceName"];

type Members = Map<String, Json>;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Action,
    Connection,
    Parameter,
    Variable,
}

impl Named {
    fn words(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Connection => "connection",
            Self::Parameter => "parameter",
            Self::Variable => "variable",
        }
    }
}

/// What a flow has, and what it names.
#[derive(Debug, Default)]
struct Flow {
    has: BTreeSet<(Named, String)>,
    /// Where, what, and its name as written.
    names: Vec<(String, Named, String)>,
}

/// Adds the faults of a text; none where it is no cloud flow.
pub(super) fn add(faults: &mut Faults, content: &[u8]) {
    let Ok(document) = Document::parse(content.to_vec()) else { return };
    let value = document.value();
    let object = |pointer: &str| value.pointer(pointer).and_then(Json::as_object);
    let Some(definition) = object("/properties/definition") else { return };
    let mut flow = Flow::default();
    flow.have(Named::Connection, object("/properties/connectionReferences"));
    flow.have(Named::Parameter, object("/properties/definition/parameters"));
    for (name, value) in definition {
        match (name.as_str(), value) {
            ("actions", Json::Object(all)) => flow.actions(all, faults),
            ("triggers", Json::Object(triggers)) => {
                flow.have(Named::Action, Some(triggers));
                for (name, trigger) in triggers {
                    flow.read(&format!("trigger {}", shortened(name)), vec![trigger]);
                }
            }
            ("parameters", _) => {}
            _ => flow.read(shortened(name), vec![value]),
        }
    }
    for (whereabouts, named, name) in flow.names {
        let words = named.words();
        if !flow.has.contains(&(named, folded(&name))) {
            faults.add(format!("{whereabouts} names the {words} {}, which is not there", shortened(&name)));
        }
    }
}

impl Flow {
    fn have(&mut self, named: Named, members: Option<&Members>) {
        let names = members.into_iter().flatten().map(|(name, _)| (named, folded(name)));
        self.has.extend(names);
    }

    /// Actions at any depth; each list is one of siblings.
    fn actions(&mut self, all: &Members, faults: &mut Faults) {
        let mut pending = vec![all];
        while let Some(list) = pending.pop() {
            run_after(list, faults);
            for (name, action) in list {
                if !self.has.insert((Named::Action, folded(name))) {
                    faults.add(format!("two actions are called {}", shortened(&folded(name))));
                }
                let whereabouts = format!("action {}", shortened(name));
                let mut own = Vec::new();
                for (field, value) in action.as_object().into_iter().flatten() {
                    if BRANCHES.contains(&field.as_str()) {
                        branches(field, value, &mut pending, &mut own);
                    } else if field != "runAfter" {
                        own.push(value);
                    }
                }
                self.variable(&whereabouts, action);
                self.read(&whereabouts, own);
            }
        }
    }

    /// The variables that an action makes or sets.
    fn variable(&mut self, whereabouts: &str, action: &Json) {
        let kind = action.get("type").and_then(Json::as_str).unwrap_or_default();
        if kind == "InitializeVariable" {
            let made = action.pointer("/inputs/variables").and_then(Json::as_array);
            let names = made.into_iter().flatten().filter_map(|made| made.get("name")?.as_str());
            self.has.extend(names.map(|name| (Named::Variable, folded(name))));
        } else if kind.ends_with("Variable")
            && let Some(name) = action.pointer("/inputs/name").and_then(Json::as_str)
        {
            self.name(whereabouts, Named::Variable, name);
        }
    }

    /// What values name.
    fn read(&mut self, whereabouts: &str, values: Vec<&Json>) {
        let mut pending = values;
        while let Some(value) = pending.pop() {
            match value {
                Json::Object(members) => {
                    for (name, value) in members {
                        self.expression(whereabouts, name);
                        if name == "host" {
                            let names = OF_CONNECTIONS.iter().filter_map(|at| value.pointer(at)?.as_str());
                            for name in names {
                                self.name(whereabouts, Named::Connection, name);
                            }
                        }
                        pending.push(value);
                    }
                }
                Json::Array(items) => pending.extend(items),
                Json::String(text) => self.expression(whereabouts, text),
                _ => {}
            }
        }
    }

    fn name(&mut self, whereabouts: &str, named: Named, name: &str) {
        // What is worked out while the flow runs cannot be told.
        if !name.is_empty() && !name.starts_with('@') {
            self.names.push((whereabouts.to_owned(), named, shortened(name).to_owned()));
        }
    }

    /// The names in the expressions of a text: `outputs('…')` and the like.
    fn expression(&mut self, whereabouts: &str, text: &str) {
        if !(text.starts_with('@') || text.contains("@{")) {
            return;
        }
        for (at, _) in text.match_indices('(') {
            let before = text[..at].trim_end();
            let letters = before.bytes().rev().take(32).take_while(u8::is_ascii_alphanumeric).count();
            let function = before[before.len() - letters..].to_ascii_lowercase();
            let named = match function.as_str() {
                "parameters" => Named::Parameter,
                "variables" => Named::Variable,
                function if OF_ACTIONS.contains(&function) => Named::Action,
                _ => continue,
            };
            let Some((name, behind)) = literal(&text[at + 1..]) else { continue };
            if name != "$connections" {
                self.name(whereabouts, named, &name);
                continue;
            }
            let member = behind.trim_start().strip_prefix(')').map(|rest| rest.trim_start_matches('?'));
            if let Some((name, _)) = member.and_then(|rest| rest.strip_prefix('[')).and_then(literal) {
                self.name(whereabouts, Named::Connection, &name);
            }
        }
    }
}

/// The text in quotes that this begins with, and what is behind it; none where it is something else, or too long for a name.
fn literal(text: &str) -> Option<(String, &str)> {
    let inside = text.trim_start().strip_prefix('\'')?;
    let mut name = String::new();
    let mut characters = inside.char_indices();
    while let Some((at, character)) = characters.next().filter(|_| name.len() < LONGEST_NAME) {
        if character == '\'' {
            let behind = &inside[at + 1..];
            if !behind.starts_with('\'') {
                let is_whole = behind.trim_start().starts_with([')', ',', ']']);
                return is_whole.then_some((name, behind));
            }
            characters.next();
        }
        name.push(character);
    }
    None
}

/// The lists of actions in a member of an action, and all else that is in it.
fn branches<'v>(field: &str, value: &'v Json, lists: &mut Vec<&'v Members>, own: &mut Vec<&'v Json>) {
    let Some(members) = value.as_object() else { return own.push(value) };
    if field == "actions" {
        return lists.push(members);
    }
    let branches: Vec<&Members> = match field {
        "cases" => members.values().filter_map(Json::as_object).collect(),
        _ => vec![members],
    };
    for (name, value) in branches.into_iter().flatten() {
        match value {
            Json::Object(list) if name == "actions" => lists.push(list),
            _ => own.push(value),
        }
    }
}

/// Whether each action of a list runs after siblings, and none after itself on any way.
fn run_after(list: &Members, faults: &mut Faults) {
    let places: BTreeMap<String, usize> =
        list.keys().enumerate().map(|(place, name)| (folded(name), place)).collect();
    let names: Vec<&str> = list.keys().map(|name| shortened(name)).collect();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (place, action) in list.values().enumerate() {
        let after = action.get("runAfter").and_then(Json::as_object);
        for (name, _) in after.into_iter().flatten() {
            match places.get(&folded(name)) {
                Some(before) => pairs.push((place, *before)),
                None => faults.add(format!(
                    "action {} runs after {}, which is not beside it",
                    names[place],
                    shortened(name)
                )),
            }
        }
    }
    // What is left when all that has nothing before it is gone, again and again, and then all that has nothing behind it.
    without_ends(&mut pairs, list.len());
    let mut mirrored: Vec<(usize, usize)> =
        pairs.into_iter().map(|(place, before)| (before, place)).collect();
    without_ends(&mut mirrored, list.len());
    for (before, place) in mirrored {
        faults.add(format!("action {} runs after {} in a circle", names[place], names[before]));
    }
}

/// Takes out the pairs that lead to a place with no way on.
fn without_ends(pairs: &mut Vec<(usize, usize)>, count: usize) {
    let mut ways = vec![0_usize; count];
    let mut back = vec![Vec::new(); count];
    for (from, to) in pairs.iter() {
        ways[*from] += 1;
        back[*to].push(*from);
    }
    let mut ends: Vec<usize> = (0..count).filter(|place| ways[*place] == 0).collect();
    while let Some(end) = ends.pop() {
        for from in &back[end] {
            ways[*from] -= 1;
            if ways[*from] == 0 {
                ends.push(*from);
            }
        }
    }
    pairs.retain(|(from, to)| ways[*from] > 0 && ways[*to] > 0);
}

/// As names are told from each other; two that differ behind the limit are one.
fn folded(name: &str) -> String {
    shortened(name).to_lowercase()
}

fn shortened(name: &str) -> &str {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => &name[..end],
        None => name,
    }
}
