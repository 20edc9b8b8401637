//! Solutions that need each other in a circle: which components move from one to another so that an order is possible.
//!
//! Read [`open_circles`] first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::SplitError;
use super::arrange::{Arrangement, arrange};
use super::pool::{Need, Pool};
use crate::graph::order::Precedence;
use crate::model::ComponentType;

/// Where the units go.
pub(super) struct Opened {
    /// The solution of each unit.
    pub(super) part_of: Vec<usize>,
    /// For a unit that moves: the need that makes it.
    pub(super) because: BTreeMap<usize, Need>,
    /// The solutions that are in a circle.
    pub(super) members: BTreeSet<usize>,
}

/// The circles among units, so that a reason can name the one that it is about.
pub(super) struct Circles<'n> {
    needs: &'n [Need],
    /// The circle of each unit that is in one.
    of: BTreeMap<usize, usize>,
}

impl<'n> Circles<'n> {
    pub(super) fn new(pool: &Pool, needs: &'n [Need]) -> Self {
        let mut graph = Precedence::new(pool.len());
        needs.iter().for_each(|need| graph.add(need.to, need.from));
        let circles = graph.cycles().into_iter().enumerate();
        let of = circles.flat_map(|(at, units)| units.into_iter().map(move |unit| (unit, at))).collect();
        Self { needs, of }
    }

    /// A need as a sentence; where it is one of a circle, with the rest of the shortest one.
    pub(super) fn words(&self, pool: &Pool, need: &Need) -> String {
        let mut words = pool.words(need);
        for more in self.back(need) {
            words.push_str(" and ");
            words.push_str(&pool.words(more));
        }
        words
    }

    /// The needs that lead back from what is needed to what needs it; none outside of circles.
    fn back(&self, need: &Need) -> Vec<&'n Need> {
        let circle = self.of.get(&need.to);
        if circle.is_none() || circle != self.of.get(&need.from) {
            return Vec::new();
        }
        let mut reached: BTreeMap<usize, &'n Need> = BTreeMap::new();
        let inside: Vec<&'n Need> =
            self.needs.iter().filter(|need| self.of.get(&need.from) == circle).collect();
        let mut users: BTreeMap<usize, Vec<&'n Need>> = BTreeMap::new();
        for need in inside {
            users.entry(need.from).or_default().push(need);
        }
        let mut pending = VecDeque::from([need.to]);
        while let Some(unit) = pending.pop_front() {
            for &next in users.get(&unit).into_iter().flatten() {
                if next.to != need.to && !reached.contains_key(&next.to) {
                    reached.insert(next.to, next);
                    pending.push_back(next.to);
                }
            }
        }
        let mut path = Vec::new();
        let mut unit = need.from;
        while let Some(&last) = reached.get(&unit).filter(|_| unit != need.to) {
            path.push(last);
            unit = last.from;
        }
        path.reverse();
        path
    }
}

/// Kinds that many things use: they move rather than others.
const MOVABLE: &[ComponentType] =
    &[ComponentType::ENVIRONMENT_VARIABLE, ComponentType::CONNECTION_REFERENCE, ComponentType::CONNECTOR];

/// Moves as few components as it takes; none where there is no circle.
///
/// # Errors
/// When moving would leave nothing of a solution.
pub(super) fn open_circles(pool: &Pool, needs: &[Need]) -> Result<Option<Opened>, SplitError> {
    let home = |unit: usize| pool.place_of(unit).0;
    let mut graph = Precedence::new(pool.contents.len());
    needs.iter().for_each(|need| graph.add(home(need.to), home(need.from)));
    let circles = graph.cycles();
    if circles.is_empty() {
        return Ok(None);
    }
    let mut opened = Opened {
        part_of: (0..pool.len()).map(home).collect(),
        because: BTreeMap::new(),
        members: circles.iter().flatten().copied().collect(),
    };
    for members in &circles {
        open(pool, needs, members, &mut opened)?;
    }
    Ok(Some(opened))
}

fn open(pool: &Pool, needs: &[Need], members: &[usize], opened: &mut Opened) -> Result<(), SplitError> {
    let units: Vec<usize> = members.iter().flat_map(|content| pool.units_of(*content)).collect();
    let number = |unit: usize| units.binary_search(&unit).ok();
    let pairs: Vec<(usize, usize)> =
        needs.iter().filter_map(|need| Some((number(need.from)?, number(need.to)?))).collect();
    let backward: Vec<(usize, usize)> = pairs.iter().map(|(from, to)| (*to, *from)).collect();
    // A row that joins two others goes where the later one is; it must not hold anything where it is.
    let wanted: Vec<Option<usize>> =
        units.iter().map(|unit| (!pool.is_link(*unit)).then(|| pool.place_of(*unit).0)).collect();
    let cost = |unit: usize, _: usize| {
        let kind = pool.primary(units[unit]).map(|found| &found.key.kind);
        if kind.is_some_and(|kind| MOVABLE.contains(kind)) { 2 } else { 3 }
    };
    // What is needed comes to its user, or what uses it goes there: the same seen from behind.
    let (down, up) = (arrange(&wanted, &cost, &backward, &[]), arrange(&wanted, &cost, &pairs, &[]));
    let is_down = down.rank() <= up.rank();
    let mut found: Arrangement = if is_down { down } else { up };
    if is_down {
        // A row that joins belongs to the later end, which is the earlier one seen from behind.
        found.order.reverse();
        let rank = |part: usize| found.order.iter().position(|known| *known == part);
        for unit in (0..units.len()).filter(|unit| wanted[*unit].is_none()) {
            let ends = pairs.iter().filter(|(from, _)| *from == unit).map(|(_, to)| found.part_of[*to]);
            let latest = ends.max_by_key(|part| rank(*part));
            found.part_of[unit] = latest.unwrap_or_else(|| pool.place_of(units[unit]).0);
        }
    }
    for &content in members {
        let has_units = !pool.units_of(content).is_empty();
        if has_units && !found.part_of.contains(&content) {
            let name = |content: usize| pool.contents[content].solution.manifest.unique_name.clone();
            let names: Vec<String> = members.iter().map(|member| name(*member)).collect();
            let need = needs
                .iter()
                .find(|need| pool.place_of(need.from).0 == content && pool.place_of(need.to).0 != content);
            return Err(SplitError::OneCircle {
                members: names.join(", "),
                emptied: name(content),
                because: need.map(|need| pool.words(need)).unwrap_or_default(),
            });
        }
    }
    for (at, &unit) in units.iter().enumerate() {
        opened.part_of[unit] = found.part_of[at];
        let Some(cause) = found.because[at] else { continue };
        let (from, to) = if is_down { (units[cause], unit) } else { (unit, units[cause]) };
        let need = needs.iter().find(|need| need.from == from && need.to == to);
        if let Some(need) = need.filter(|_| wanted[at].is_some_and(|part| part != found.part_of[at])) {
            opened.because.insert(unit, need.clone());
        }
    }
    Ok(())
}
