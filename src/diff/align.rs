//! Which items of two lists are the same ones in the same order: a longest common run, or nearly so where the lists are long.
//!
//! The exact answer takes time with the product of both lengths, which no list from outside may set. A long stretch is first
//! cut at what is there once on both sides. Read [`aligned`].

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

use crate::text::edits;

/// A stretch whose lengths multiply to no more than this is compared exactly.
const EXACT: usize = 1 << 20;
/// How often a long stretch is cut anew before what is left of it is paired in one go.
const MOST_CUTS: usize = 8;

/// Positions in both lists that hold the same, rising in both.
pub(super) fn aligned<T: Hash + Eq>(ones: &[T], others: &[T]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut pending = vec![(0..ones.len(), 0..others.len(), 0)];
    while let Some((mut one, mut other, cuts)) = pending.pop() {
        while !one.is_empty() && !other.is_empty() && ones[one.start] == others[other.start] {
            pairs.push((one.start, other.start));
            (one.start, other.start) = (one.start + 1, other.start + 1);
        }
        while !one.is_empty() && !other.is_empty() && ones[one.end - 1] == others[other.end - 1] {
            (one.end, other.end) = (one.end - 1, other.end - 1);
            pairs.push((one.end, other.end));
        }
        if one.is_empty() || other.is_empty() {
            continue;
        }
        if one.len().saturating_mul(other.len()) <= EXACT {
            exact(ones, others, one, other, &mut pairs);
            continue;
        }
        let anchors = if cuts < MOST_CUTS { anchors(ones, others, &one, &other, true) } else { Vec::new() };
        if anchors.is_empty() {
            pairs.extend(self::anchors(ones, others, &one, &other, false));
            continue;
        }
        let (mut from, mut other_from) = (one.start, other.start);
        for (at, other_at) in anchors {
            pending.push((from..at, other_from..other_at, cuts + 1));
            pairs.push((at, other_at));
            (from, other_from) = (at + 1, other_at + 1);
        }
        pending.push((from..one.end, other_from..other.end, cuts + 1));
    }
    pairs.sort_unstable();
    pairs
}

fn exact<T: Hash + Eq>(
    ones: &[T],
    others: &[T],
    one: Range<usize>,
    other: Range<usize>,
    pairs: &mut Vec<(usize, usize)>,
) {
    for operation in edits(&ones[one.clone()], &others[other.clone()]) {
        if let similar::DiffOp::Equal { old_index, new_index, len } = operation {
            pairs.extend((0..len).map(|at| (one.start + old_index + at, other.start + new_index + at)));
        }
    }
}

/// Pairs of equal items that rise in both stretches; of items that are there once on both sides only, or else of the first,
/// second, … one with the first, second, … of the same on the other side.
fn anchors<T: Hash + Eq>(
    ones: &[T],
    others: &[T],
    one: &Range<usize>,
    other: &Range<usize>,
    is_once: bool,
) -> Vec<(usize, usize)> {
    let mut found: HashMap<&T, (Vec<usize>, Vec<usize>)> = HashMap::new();
    for at in one.clone() {
        found.entry(&ones[at]).or_default().0.push(at);
    }
    for at in other.clone() {
        if let Some((_, right)) = found.get_mut(&others[at]) {
            right.push(at);
        }
    }
    let is_wanted = |left: &Vec<usize>, right: &Vec<usize>| !is_once || (left.len() == 1 && right.len() == 1);
    let mut pairs: Vec<(usize, usize)> = found
        .into_values()
        .filter(|(left, right)| is_wanted(left, right))
        .flat_map(|(left, right)| left.into_iter().zip(right))
        .collect();
    pairs.sort_unstable();
    let staying = longest_rising(&pairs.iter().map(|(_, other)| *other).collect::<Vec<_>>());
    pairs.iter().enumerate().filter(|(at, _)| staying.contains(at)).map(|(_, pair)| *pair).collect()
}

/// Positions of a longest part of the list that rises.
pub(super) fn longest_rising(list: &[usize]) -> std::collections::HashSet<usize> {
    // `ends[n]`: the position at which a rising part of n + 1 ends with the lowest number.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(list.len());
    for (at, number) in list.iter().enumerate() {
        let length = ends.partition_point(|end| list[*end] < *number);
        before.push(length.checked_sub(1).map(|last| ends[last]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut staying = std::collections::HashSet::new();
    let mut at = ends.last().copied();
    while let Some(position) = at {
        staying.insert(position);
        at = before[position];
    }
    staying
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longest_rising_part_stays() {
        let staying = |list: &[usize]| {
            let mut positions: Vec<usize> = longest_rising(list).into_iter().collect();
            positions.sort_unstable();
            positions
        };
        assert_eq!(staying(&[2, 0, 1, 3]), [1, 2, 3]);
        assert!(staying(&[]).is_empty());
        assert_eq!(staying(&[3, 2, 1]).len(), 1);
    }

    #[test]
    fn what_is_the_same_is_paired_in_order() {
        let text = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(aligned(&text("abcd"), &text("axcd")), [(0, 0), (2, 2), (3, 3)]);
        assert_eq!(aligned(&text(""), &text("a")), []);
        assert_eq!(aligned(&text("ab"), &text("ba")).len(), 1);
    }

    #[test]
    fn long_lists_take_no_time() {
        let count = 100_003_usize;
        let list: Vec<usize> = (0..count).collect();
        let shuffled: Vec<usize> = (0..count).map(|at| at * 50_021 % count).collect();
        let others: Vec<usize> = (count..2 * count).collect();
        let few: Vec<usize> = (0..count).map(|at| at * 7 % 13).collect();
        let changed: Vec<usize> =
            list.iter().map(|at| if at % 100 == 0 { at + count } else { *at }).collect();
        assert_eq!(aligned(&list, &others), []);
        assert_eq!(aligned(&list, &changed).len(), count - count.div_ceil(100));
        for (one, other) in [(&list, &shuffled), (&few, &few.iter().rev().copied().collect()), (&few, &list)]
        {
            let pairs = aligned(one, other);
            assert!(!pairs.is_empty());
            assert!(pairs.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
            assert!(pairs.iter().all(|(at, other_at)| one[*at] == other[*other_at]));
        }
    }
}
