//! Which part each unit is wanted in: the standard ones by kind, or those that the user's rules name.
//!
//! Read [`Parts`] first.

use std::collections::BTreeSet;

use super::pool::{Need, Pool};
use crate::config::SplitRule;
use crate::graph::type_name::is_named;
use crate::model::{Component, ComponentType, Details, Place};

/// The part of what is of no other.
const REST: &str = "Rest";

/// The standard parts: name, what goes there, and whether the name for people has a blank in it.
const STANDARD: [(&str, &str, &str); 5] = [
    ("Credentials", "Credentials", "credentials, and what they take their values from"),
    (
        "Shared",
        "Shared",
        "variables, connection references, connectors, and work queues that are not only desktop flows'",
    ),
    (
        "DesktopFlows",
        "Desktop flows",
        "desktop flows with their binaries, and work queues that only they use",
    ),
    ("CloudFlows", "Cloud flows", "cloud flows"),
    (REST, "Rest", "everything else"),
];

/// One part as it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// What stands behind the name of the solution.
    pub(super) suffix: String,
    /// What stands behind its display name.
    pub(super) display: String,
    /// What goes there.
    pub(super) what: String,
}

/// The parts, and the part of each unit.
#[derive(Debug)]
pub(super) struct Parts {
    /// In the order in which they import when nothing speaks against it.
    pub(super) wanted: Vec<Wanted>,
    /// Of each unit; none for what only joins others.
    pub(super) of: Vec<Option<usize>>,
    /// The part of what is of no other.
    pub(super) rest: usize,
}

impl Parts {
    /// By the rules, or the standard ones where there are none.
    pub(super) fn new(pool: &Pool, needs: &[Need], rules: &[SplitRule]) -> Self {
        if rules.is_empty() { Self::standard(pool, needs) } else { Self::by_rules(pool, needs, rules) }
    }

    fn standard(pool: &Pool, needs: &[Need]) -> Self {
        let [credentials, shared, desktop_flows, cloud_flows, rest] = [0, 1, 2, 3, 4];
        let signing_in = needed_by_credentials(pool, needs);
        let users = |unit: usize| needs.iter().filter(move |need| need.to == unit).map(|need| need.from);
        let is_of_desktop_flow = |unit: usize| {
            let found = pool.primary(unit);
            is_desktop_flow(pool, unit)
                || found.is_some_and(|found| found.key.kind == ComponentType::DESKTOP_FLOW_BINARY)
        };
        let part = |unit: usize| {
            if signing_in.contains(&unit) {
                return credentials;
            }
            let Some(found) = pool.primary(unit) else { return rest };
            match (&found.details, &found.key.kind) {
                (Details::DesktopFlow(_), _) => desktop_flows,
                (Details::CloudFlow(_), _) => cloud_flows,
                (Details::EnvironmentVariableValue(_), _) => shared,
                (_, kind) if *kind == ComponentType::DESKTOP_FLOW_BINARY => desktop_flows,
                (_, kind) if *kind == ComponentType::WORK_QUEUE => {
                    let is_of_robots = users(unit).all(is_of_desktop_flow);
                    match users(unit).next() {
                        None => rest,
                        Some(_) if is_of_robots => desktop_flows,
                        Some(_) => shared,
                    }
                }
                (_, kind) if SHARED.contains(kind) => shared,
                _ => rest,
            }
        };
        let of = (0..pool.len()).map(|unit| (!pool.is_link(unit)).then(|| part(unit))).collect();
        let wanted = STANDARD.map(|(suffix, display, what)| Wanted {
            suffix: suffix.to_owned(),
            display: display.to_owned(),
            what: what.to_owned(),
        });
        Self { wanted: wanted.into(), of, rest }
    }

    /// What no rule names goes with what it is nothing without: a binary with its desktop flow, and what a credential takes its
    /// values from with the credential, in the part of the first of several.
    fn by_rules(pool: &Pool, needs: &[Need], rules: &[SplitRule]) -> Self {
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut number = |name: &str, what: String| {
            let is_it = |part: &Wanted| part.suffix.eq_ignore_ascii_case(name);
            wanted.iter().position(is_it).unwrap_or_else(|| {
                wanted.push(Wanted { suffix: name.to_owned(), display: name.to_owned(), what });
                wanted.len() - 1
            })
        };
        let numbers: Vec<usize> =
            rules.iter().map(|rule| number(&rule.part, format!("what {} says", rule.place))).collect();
        let rest = number(REST, "what no row of [[split]] is about".to_owned());
        let named = |unit: usize| {
            let found = pool.primary(unit)?;
            let rule = rules.iter().position(|rule| covers(rule, found))?;
            Some(numbers[rule])
        };
        let mut part: Vec<Option<usize>> = (0..pool.len()).map(named).collect();
        let credentials = (0..pool.len()).filter(|unit| is_credential(pool, *unit));
        let mut ruled: Vec<(usize, usize)> =
            credentials.filter_map(|unit| Some((part[unit]?, unit))).collect();
        ruled.sort_unstable();
        for (wanted, credential) in ruled {
            for unit in needed_by(BTreeSet::from([credential]), needs) {
                if !pool.is_link(unit) {
                    part[unit].get_or_insert(wanted);
                }
            }
        }
        for unit in 0..pool.len() {
            let is_binary =
                pool.primary(unit).is_some_and(|found| found.key.kind == ComponentType::DESKTOP_FLOW_BINARY);
            if is_binary && part[unit].is_none() {
                let flow = needs.iter().find(|need| need.from == unit && is_desktop_flow(pool, need.to));
                part[unit] = flow.and_then(|need| part[need.to]);
            }
        }
        let of =
            (0..pool.len()).map(|unit| (!pool.is_link(unit)).then(|| part[unit].unwrap_or(rest))).collect();
        Self { wanted, of, rest }
    }
}

/// Kinds of the part that is shared.
const SHARED: &[ComponentType] = &[
    ComponentType::ENVIRONMENT_VARIABLE,
    ComponentType::ENVIRONMENT_VARIABLE_VALUE,
    ComponentType::CONNECTION_REFERENCE,
    ComponentType::CONNECTOR,
];

fn is_credential(pool: &Pool, unit: usize) -> bool {
    pool.primary(unit).is_some_and(|found| matches!(found.details, Details::Credential(_)))
}

fn is_desktop_flow(pool: &Pool, unit: usize) -> bool {
    pool.primary(unit).is_some_and(|found| matches!(found.details, Details::DesktopFlow(_)))
}

/// Credentials and whatever they need, which comes before all that may sign in with them.
fn needed_by_credentials(pool: &Pool, needs: &[Need]) -> BTreeSet<usize> {
    needed_by((0..pool.len()).filter(|unit| is_credential(pool, *unit)).collect(), needs)
}

/// These, and whatever they need.
fn needed_by(mut found: BTreeSet<usize>, needs: &[Need]) -> BTreeSet<usize> {
    let mut pending: Vec<usize> = found.iter().copied().collect();
    while let Some(unit) = pending.pop() {
        for need in needs.iter().filter(|need| need.from == unit) {
            if found.insert(need.to) {
                pending.push(need.to);
            }
        }
    }
    found
}

/// Whether a row is about a component: its type is one of those named, and its name matches one of the patterns.
fn covers(rule: &SplitRule, component: &Component) -> bool {
    let is_type =
        |(written, _): &(String, Place)| is_named(written, &component.key.kind, component.kind_words());
    let options = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::default() };
    let is_name = |pattern: &glob::Pattern| {
        let names = std::iter::once(&component.key).chain(&component.aliases).map(|key| &*key.key);
        names.chain([component.name.as_str()]).any(|name| pattern.matches_with(name, options))
    };
    (rule.types.is_empty() || rule.types.iter().any(is_type))
        && (rule.names.is_empty() || rule.names.iter().any(is_name))
}
