//! The archives of the parts: each with a manifest, the root components and missing dependencies that are its own, and the
//! rows that say what it needs of the other parts.
//!
//! Read [`build`] first.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::SplitError;
use super::assemble::{Entry, assemble};
use super::content::Content;
use super::dependency;
use super::manifest::{self, Manifest};
use super::pool::{Need, Pool};
use super::rows::Row;
use crate::model::ComponentKey;

/// A solution that is made.
pub(super) struct Target {
    /// The solution that gives its manifest and what is in no unit.
    pub(super) base: usize,
    pub(super) unique_name: String,
    /// The display name, from that of the original.
    pub(super) display: Box<dyn Fn(&str) -> String>,
    pub(super) version: String,
}

/// What goes where.
pub(super) struct Placement<'p> {
    pub(super) pool: &'p Pool,
    pub(super) needs: &'p [Need],
    /// The target of each unit.
    pub(super) part_of: &'p [usize],
    /// Units that are copies of others and are left out.
    pub(super) copies: &'p BTreeSet<usize>,
    /// The target of what a solution lists and does not have.
    pub(super) fallback: &'p dyn Fn(usize) -> usize,
}

/// The entries of each target.
///
/// # Errors
/// When two solutions have other bytes for one file, or a file cannot be read.
pub(super) fn build(placement: &Placement<'_>, targets: &[Target]) -> Result<Vec<Vec<Entry>>, SplitError> {
    let make = |(part, target): (usize, &Target)| {
        let base = &placement.pool.contents[target.base];
        let manifest = Manifest {
            base,
            unique_name: &target.unique_name,
            display: &*target.display,
            version: &target.version,
            roots: placement.roots(part),
            missing: placement.missing(part, base, targets),
        };
        let taken = |unit: usize| placement.part_of[unit] == part && !placement.copies.contains(&unit);
        assemble(placement.pool, target.base, &taken, manifest.write())
    };
    targets.iter().enumerate().map(make).collect()
}

impl Placement<'_> {
    /// The part of a component of a solution.
    fn part(&self, content: usize, keys: &[&ComponentKey]) -> usize {
        let unit = keys.iter().find_map(|key| self.pool.holder(content, key));
        unit.map_or_else(|| (self.fallback)(content), |unit| self.part_of[unit])
    }

    /// Rows of `<RootComponents>`; those of several solutions sorted as exports have them, by number and key.
    fn roots(&self, part: usize) -> Vec<Row> {
        let mut roots: Vec<(usize, (u32, String), Row)> = Vec::new();
        let mut seen: HashSet<Vec<u8>> = HashSet::new();
        for (at, content) in self.pool.contents.iter().enumerate() {
            let rows = manifest::rows(content, "RootComponents", "RootComponent");
            for (row, root) in rows.into_iter().zip(&content.solution.manifest.root_components) {
                let keys: Vec<&ComponentKey> = root.key.iter().collect();
                if self.part(at, &keys) == part && seen.insert(row.text()) {
                    let key = root.key.as_ref().map_or("", ComponentKey::folded);
                    roots.push((at, (root.code, key.to_owned()), row));
                }
            }
        }
        if roots.iter().any(|(content, ..)| *content != roots[0].0) {
            roots.sort_by(|one, other| one.1.cmp(&other.1));
        }
        roots.into_iter().map(|(_, _, row)| row).collect()
    }

    /// Rows of `<MissingDependencies>`: those of the originals that no other solution of the set meets, and a new one for
    /// each need of one part on another.
    fn missing(&self, part: usize, base: &Content, targets: &[Target]) -> Vec<Row> {
        let mut missing: Vec<Row> = Vec::new();
        // A row of two solutions is one; one that a solution itself has twice stays so.
        let mut seen: HashMap<Vec<u8>, usize> = HashMap::new();
        for (at, content) in self.pool.contents.iter().enumerate() {
            let rows = manifest::rows(content, "MissingDependencies", "MissingDependency");
            for (row, needed) in rows.into_iter().zip(&content.solution.manifest.missing_dependencies) {
                let dependent = &needed.dependent;
                let keys: Vec<&ComponentKey> = dependent.keys.iter().chain(&dependent.parent).collect();
                let is_met = self.pool.meets(at, needed).is_some();
                if self.part(at, &keys) == part && !is_met && *seen.entry(row.text()).or_insert(at) == at {
                    missing.push(row);
                }
            }
        }
        let lead = manifest::lead(base, "MissingDependencies");
        let mut written: BTreeSet<(usize, usize, usize, usize)> = BTreeSet::new();
        for need in self.needs {
            let Some(link) = &need.link else { continue };
            let (from, to) = (self.part_of[need.from], self.part_of[need.to]);
            let is_listed = link.relation.is_none() || dependency::is_listed(link.relation);
            if from != part || to == part || !is_listed {
                continue;
            }
            let (of_from, of_to) = (self.pool.place_of(need.from).0, self.pool.place_of(need.to).0);
            if !written.insert((of_to, link.to, of_from, link.from)) {
                continue;
            }
            let row = dependency::row(
                (&self.pool.contents[of_to], self.pool.component(need.to, link.to)),
                (&self.pool.contents[of_from], self.pool.component(need.from, link.from)),
                (&targets[to].unique_name, &targets[to].version),
            );
            missing.push(manifest::new_row(base, &lead, &row));
        }
        missing
    }
}
