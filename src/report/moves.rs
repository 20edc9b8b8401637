//! Changes of one component in the order in which they are told: moves last, and many from one place to one place as one.
//!
//! Whoever wraps sixty actions in a scope moves all of them, and must see the one that changes, too. Read [`gathered`].

use std::collections::{BTreeMap, HashMap};

use super::words::counted;
use crate::diff::{Change, Changed, TOP};

/// What stands between two names of a path.
const BETWEEN: &str = " > ";
/// So many moves from one place to another are told one by one.
const FEW: usize = 3;

/// What is told on one line.
pub(super) enum Told<'c> {
    /// A change.
    Change(&'c Change),
    /// Many moves: where to, and the words.
    Moves(String, String),
}

/// All changes; with `all`, each move by itself.
pub(super) fn gathered(changes: &[Change], all: bool) -> Vec<Told<'_>> {
    let (moved, other): (Vec<&Change>, Vec<&Change>) =
        changes.iter().partition(|change| matches!(change.changed, Changed::Moved(_)));
    let mut told: Vec<Told<'_>> = other.into_iter().map(Told::Change).collect();
    if all {
        told.extend(moved.into_iter().map(Told::Change));
        return told;
    }
    let places: HashMap<String, &str> =
        moved.iter().filter_map(|change| Some((change.path.part.join(BETWEEN), from(change)?))).collect();
    let mut groups: BTreeMap<(String, String), Vec<&Change>> = BTreeMap::new();
    for change in moved {
        match from(change) {
            Some(from) => groups.entry(outermost(change, from, &places)).or_default().push(change),
            // It stands at another place of its list.
            None => told.push(Told::Change(change)),
        }
    }
    for ((to, from), changes) in groups {
        if changes.len() <= FEW {
            told.extend(changes.into_iter().map(Told::Change));
            continue;
        }
        let count = counted(changes.len(), "action");
        let here = if to == TOP { format!("to {TOP}") } else { "here".to_owned() };
        let to = if to == TOP { String::new() } else { to };
        told.push(Told::Moves(to, format!("{count} moved {here} from {from}")));
    }
    told
}

fn from(change: &Change) -> Option<&str> {
    match &change.changed {
        Changed::Moved(from) => from.as_deref(),
        _ => None,
    }
}

/// Where a move goes to and comes from. What only went along with what it stands in belongs to the move of that.
fn outermost(change: &Change, from: &str, places: &HashMap<String, &str>) -> (String, String) {
    let part = change.path.part.join(BETWEEN);
    let (mut to, mut from) = (around(&part).0.to_owned(), from.to_owned());
    while places.get(&to).is_some_and(|came| {
        let ((_, name), (parent, old_name)) = (around(&to), around(&from));
        *came == parent && name == old_name
    }) {
        (to, from) = (around(&to).0.to_owned(), around(&from).0.to_owned());
    }
    (to, from)
}

/// A path in two: what is around, and the last name.
fn around(path: &str) -> (&str, &str) {
    path.rsplit_once(BETWEEN).unwrap_or((TOP, path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::Path;

    fn change(part: &str, changed: Changed) -> Change {
        let path = Path { part: vec![part.to_owned()], field: Vec::new() };
        Change { path, changed, marked: Vec::new() }
    }

    fn told(changes: &[Change], all: bool) -> Vec<String> {
        let words = |told: Told<'_>| match told {
            Told::Change(change) => change.path.words(),
            Told::Moves(to, words) => format!("{to}: {words}"),
        };
        gathered(changes, all).into_iter().map(words).collect()
    }

    #[test]
    fn many_moves_between_the_same_places_are_one_line_behind_the_changes() {
        let moved = |part: &str, from: &str| change(part, Changed::Moved(Some(from.to_owned())));
        let mut changes: Vec<Change> =
            (0..5).map(|number| moved(&format!("Try > Act {number}"), "the top")).collect();
        // What is inside of one of them went along.
        changes.push(moved("Try > Act 1 > Inner", "Act 1"));
        changes.push(change("Try > Act 3", Changed::Set("x".to_owned())));
        changes.push(moved("Lone", "Scope"));
        assert_eq!(told(&changes, false), ["Try > Act 3", "Try: 6 actions moved here from the top", "Lone"]);
        assert_eq!(told(&changes, true).len(), 8);
        let back: Vec<Change> = (0..5).map(|number| moved(&format!("Act {number}"), "Try")).collect();
        assert_eq!(told(&back, false), [": 5 actions moved to the top from Try"]);
    }
}
