//! Which connection of one environment is which of another: ids differ by nature, so that connector and name count.

use std::collections::BTreeSet;

use super::sections::{is_same_place, is_same_sign_in};
use crate::environment::{Connection, State};

/// A connection and its id.
pub(super) type Known<'s> = (&'s str, &'s Connection);

/// A connection with its counterpart; at least one of them is there.
pub(super) type Pair<'s> = (Option<Known<'s>>, Option<Known<'s>>);

/// Whether two of one connector and name are alike.
type Alike<'r> = &'r dyn Fn(Known<'_>, Known<'_>) -> bool;

/// Every connection of two environments, each once: those of the first in the order of their ids, then those that only the
/// second has.
pub(super) fn pairs<'s>(left: &'s State, right: &'s State) -> Vec<Pair<'s>> {
    let of = |state: &'s State| state.connections().iter().map(|(id, own)| (&**id, own)).collect::<Vec<_>>();
    let (all, others) = (of(left), of(right));
    let mut found: Vec<Option<Known<'s>>> = vec![None; all.len()];
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    // Of several that look alike those go together that most is the same of.
    let rounds: [Alike<'_>; 4] = [
        &|(id, _), (other_id, _)| is_bound_alike(left, right, id, other_id),
        &|(id, _), (other_id, _)| id == other_id,
        &|(_, own), (_, other)| is_same_sign_in(own, other),
        &|_, _| true,
    ];
    for is_alike in rounds {
        for (own, found) in all.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let mut free = others.iter().filter(|(id, _)| !taken.contains(id));
            *found = free.find(|other| is_same_place(own.1, other.1) && is_alike(*own, **other)).copied();
            taken.extend(found.map(|(id, _)| id));
        }
    }
    let both = all.into_iter().map(Some).zip(found);
    let rest = others.into_iter().filter(|(id, _)| !taken.contains(id));
    both.chain(rest.map(|other| (None, Some(other)))).collect()
}

/// Whether one reference is bound to both.
fn is_bound_alike(left: &State, right: &State, id: &str, other: &str) -> bool {
    let mut bound = left.bindings().iter().filter(|(_, to)| *to == id);
    bound.any(|(reference, _)| right.bindings().get(reference).is_some_and(|to| to == other))
}

/// Whether a reference that another environment has as well is bound to a connection.
pub(super) fn is_bound_in_both(state: &State, other: &State, id: &str) -> bool {
    let mut bound = state.bindings().iter().filter(|(_, to)| *to == id);
    bound.any(|(reference, _)| {
        state.components().contains_key(reference) && other.components().contains_key(reference)
    })
}
