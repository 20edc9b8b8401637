//! Gives each unit a part, so that every part needs only parts before it.
//!
//! Each unit is wanted in a part. A unit that needs one of a later part goes there; so does whatever needs it, and so the
//! members of a circle end together. Of the orders in which the parts can stand the cheapest is taken, of equals the one that keeps
//! most parts apart, and then the first. Read [`arrange`] first.

use std::cmp::Reverse;
use std::collections::{BTreeSet, VecDeque};

/// So many parts are tried in every order; more stand in the order that was given.
const MOST_ORDERS: usize = 6;

/// Where the units go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrangement {
    /// The parts in import order, those without units left out.
    pub(super) order: Vec<usize>,
    /// The part of each unit.
    pub(super) part_of: Vec<usize>,
    /// For a unit that is not where it was wanted: the unit that it needs and goes with.
    pub(super) because: Vec<Option<usize>>,
    cost: usize,
    /// Wishes that are not met.
    broken: usize,
}

impl Arrangement {
    /// The lower the better: what moves, then how few parts are left, then wishes. What goes together meets every wish, so that wishes
    /// count last.
    pub(super) fn rank(&self) -> (usize, Reverse<usize>, usize) {
        (self.cost, Reverse(self.order.len()), self.broken)
    }
}

/// What it costs that a unit is in a part where it is not wanted.
pub(super) type Cost<'c> = &'c dyn Fn(usize, usize) -> usize;

/// Arranges units, each wanted in a part or, with `None`, where the latest of what it needs is. `needs` are pairs of units,
/// the second one needed; `wishes` are such pairs that move nothing and only tell orders of one cost apart.
pub(super) fn arrange(
    wanted: &[Option<usize>],
    cost: Cost<'_>,
    needs: &[(usize, usize)],
    wishes: &[(usize, usize)],
) -> Arrangement {
    let used: BTreeSet<usize> = wanted.iter().copied().flatten().collect();
    let used: Vec<usize> = used.into_iter().collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); wanted.len()];
    for &(from, to) in needs {
        users[to].push(from);
    }
    let mut best = in_order(wanted, &used, cost, &users, wishes);
    if used.len() <= MOST_ORDERS {
        for order in orders(&used) {
            if (best.cost, best.broken) == (0, 0) {
                break;
            }
            let found = in_order(wanted, &order, cost, &users, wishes);
            if found.rank() < best.rank() {
                best = found;
            }
        }
    }
    best
}

/// Every order of these, the given one first.
fn orders(parts: &[usize]) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in parts {
        let longer = |order: Vec<usize>| {
            let left = parts.iter().filter(|part| !order.contains(part));
            left.map(|part| [&order[..], &[*part]].concat()).collect::<Vec<_>>()
        };
        all = all.into_iter().flat_map(longer).collect();
    }
    all
}

fn in_order(
    wanted: &[Option<usize>],
    order: &[usize],
    cost_of_move: Cost<'_>,
    users: &[Vec<usize>],
    wishes: &[(usize, usize)],
) -> Arrangement {
    let rank = |part: usize| order.iter().position(|known| *known == part).unwrap_or_default();
    let first: Vec<usize> = wanted.iter().map(|part| part.map_or(0, rank)).collect();
    let mut level = first.clone();
    let mut because = vec![None; wanted.len()];
    // The latest first: each unit is raised to where it stays, most often at once.
    let mut pending: Vec<usize> = (0..wanted.len()).collect();
    pending.sort_by_key(|unit| (Reverse(level[*unit]), *unit));
    let mut pending = VecDeque::from(pending);
    while let Some(unit) = pending.pop_front() {
        for &user in &users[unit] {
            if level[user] < level[unit] {
                level[user] = level[unit];
                because[user] = Some(unit);
                pending.push_back(user);
            }
        }
    }
    let cost_of = |unit: usize| {
        let part = order.get(level[unit]).copied();
        match wanted[unit] {
            Some(_) if level[unit] == first[unit] => 0,
            None => 0,
            Some(_) => part.map_or(0, |part| cost_of_move(unit, part)),
        }
    };
    let cost = (0..wanted.len()).map(cost_of).sum();
    let broken = wishes.iter().filter(|(from, to)| level[*from] < level[*to]).count();
    let there: BTreeSet<usize> = level.iter().copied().collect();
    Arrangement {
        part_of: level.iter().map(|level| order.get(*level).copied().unwrap_or_default()).collect(),
        order: order.iter().enumerate().filter(|(at, _)| there.contains(at)).map(|(_, part)| *part).collect(),
        because,
        cost,
        broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Into the second part one, into another one many.
    fn cost(_: usize, part: usize) -> usize {
        if part == 1 { 1 } else { 100 }
    }

    fn some(parts: &[usize]) -> Vec<Option<usize>> {
        parts.iter().map(|part| Some(*part)).collect()
    }

    #[test]
    fn what_needs_earlier_parts_stays() {
        let found = arrange(&some(&[0, 1, 2]), &cost, &[(2, 0), (1, 0), (2, 1)], &[]);
        assert_eq!((&*found.part_of, &*found.order, found.cost), (&[0, 1, 2][..], &[0, 1, 2][..], 0));
    }

    #[test]
    fn the_parts_change_places_when_that_moves_fewer() {
        let found = arrange(&some(&[0, 1]), &cost, &[(0, 1)], &[]);
        assert_eq!((&*found.part_of, &*found.order), (&[0, 1][..], &[1, 0][..]));
    }

    #[test]
    fn a_circle_goes_into_the_later_part_and_takes_its_users_along() {
        // 0 in the first part needs 2 in the second, which needs 1 in the first; 3 uses 0, and 4 none of them.
        let found = arrange(&some(&[0, 0, 1, 0, 0]), &cost, &[(0, 2), (2, 1), (1, 0), (3, 0)], &[]);
        assert_eq!(found.part_of, [1, 1, 1, 1, 0]);
        assert_eq!((found.because[0], found.because[4]), (Some(2), None));
    }

    /// In the order that is given both units of the second part would take the first one's along: as many moves, and one part.
    #[test]
    fn of_two_orders_with_as_many_moves_the_one_that_keeps_the_parts_apart_counts() {
        let one = |_: usize, _: usize| 1;
        let found = arrange(&some(&[0, 1, 1]), &one, &[(1, 0), (0, 2)], &[]);
        assert_eq!((&*found.part_of, &*found.order, found.cost), (&[0, 0, 1][..], &[1, 0][..], 1));
        // Also where a wish is only met by putting all together.
        let found = arrange(&some(&[0, 1, 1]), &one, &[(1, 0), (0, 2)], &[(2, 0)]);
        assert_eq!(found.order.len(), 2);
    }

    #[test]
    fn a_row_that_joins_goes_where_the_later_end_is() {
        let found = arrange(&[Some(0), Some(1), None], &cost, &[(2, 0), (2, 1)], &[]);
        assert_eq!((found.part_of[2], found.cost), (1, 0));
    }

    #[test]
    fn a_part_that_loses_all_units_is_none() {
        let found = arrange(&some(&[0, 1, 1]), &cost, &[(0, 1), (2, 0)], &[]);
        assert_eq!((&*found.part_of, &*found.order), (&[1, 1, 1][..], &[1][..]));
    }

    #[test]
    fn a_wish_chooses_between_orders_and_moves_nothing() {
        let found = arrange(&some(&[0, 1]), &cost, &[], &[(0, 1)]);
        assert_eq!((&*found.part_of, &*found.order), (&[0, 1][..], &[1, 0][..]));
        let found = arrange(&some(&[0, 1]), &cost, &[(1, 0)], &[(0, 1)]);
        assert_eq!((&*found.order, found.broken), (&[0, 1][..], 1));
    }
}
