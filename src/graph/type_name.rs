//! Types of components as people write them: by the platform's table (`connectionreference`) or in words (`connection-reference`,
//! `cloud-flow`).
//!
//! Read [`is_named`] first.

use std::collections::BTreeSet;

use super::most_alike;
use crate::model::{Component, ComponentType};

/// A type that neither the platform nor one of the solutions has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{written}` is no type of component")]
pub struct UnknownType {
    /// As it was written.
    pub written: String,
    /// The types that are called nearly so, the most alike first.
    pub nearest: Vec<String>,
    /// Every type that is known, by the words for it.
    pub known: Vec<String>,
}

/// Types that no component of the model has, and words that tell the processes apart.
const OTHERS: &[&str] = &[
    "solution",
    "cloud flow",
    "desktop flow",
    "workflow",
    "dialog",
    "business rule",
    "action",
    "business process flow",
    "AI flow",
    "relationships of table",
];
/// What people call a type besides.
const ALSO: &[(&str, &str)] = &[("environment variable", "variable"), ("flow", "workflow")];
/// So many near ones are proposed.
const PROPOSED: usize = 3;

/// Whether `written` names a type; `words` tell what a person calls a component of it.
pub(crate) fn is_named(written: &str, kind: &ComponentType, words: &str) -> bool {
    let wanted = plain(written);
    let wanted = ALSO.iter().find(|(also, _)| *also == wanted).map_or(&*wanted, |(_, name)| name);
    [kind.as_str(), kind.words(), words].into_iter().any(|name| plain(name) == wanted)
}

/// Whether the platform has a type of that name, whatever a package holds.
pub(crate) fn is_known(written: &str) -> bool {
    let wanted = plain(written);
    let is = |name: &str| plain(name) == wanted;
    ComponentType::ALL.iter().any(|kind| is(kind.as_str()) || is(kind.words()))
        || OTHERS.iter().any(|name| is(name))
        || ALSO.iter().any(|(also, _)| is(also))
}

/// Refuses a type that the platform does not have and of which no component is. Which tables other makers have only the
/// packages tell.
pub(crate) fn check<'c>(
    written: &str,
    components: impl IntoIterator<Item = &'c Component>,
) -> Result<(), UnknownType> {
    if is_known(written) {
        return Ok(());
    }
    let held: BTreeSet<String> =
        components.into_iter().map(|component| plain(component.key.kind.as_str())).collect();
    if held.contains(&plain(written)) { Ok(()) } else { Err(UnknownType::new(written, &held)) }
}

impl UnknownType {
    fn new(written: &str, held: &BTreeSet<String>) -> Self {
        let mut known: Vec<String> = ComponentType::ALL
            .iter()
            .map(|kind| kind.words())
            .chain(OTHERS.iter().copied())
            .chain(held.iter().filter(|name| !is_known(name)).map(String::as_str))
            .map(|name| plain(name).replace(' ', "-"))
            .collect();
        known.sort();
        known.dedup();
        let candidates = known.iter().map(|name| (name, [Some(name.clone())]));
        let mut nearest: Vec<String> =
            most_alike(&plain(written).replace(' ', "-"), candidates, |name| (*name).clone())
                .into_iter()
                .cloned()
                .collect();
        nearest.truncate(PROPOSED);
        Self { written: written.to_owned(), nearest, known }
    }

    /// What to do: the nearest types, else all of them.
    pub fn hint(&self) -> String {
        if self.nearest.is_empty() {
            format!("there are: {}", self.known.join(", "))
        } else {
            format!("nearest: {}", self.nearest.join(", "))
        }
    }
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', '_'], " ")
}
