//! Several solutions made into one: all their files and rows, each once.
//!
//! Read [`merge`] first.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::assemble::Entry;
use super::build::{Placement, Target, build};
use super::content::Content;
use super::pool::Pool;
use super::rows::{Row, is_same};
use super::{SplitError, check, check_publishers};
use crate::author::check_unique_name;
use crate::model::{Solution, SolutionIdentity};
use crate::package::Package;

/// What a merge makes.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Merged {
    /// What is merged, by name.
    pub parts: Vec<SolutionIdentity>,
    /// The solution that is made.
    pub solution: SolutionIdentity,
    /// Its display name.
    pub display_name: String,
    /// How many components it holds.
    pub components: usize,
    /// What several parts hold, and is the same in all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held_by_several: Vec<String>,
    /// The entries of its archive.
    #[serde(skip)]
    pub entries: Vec<Entry>,
}

impl Merged {
    /// The solution as an archive that is read.
    ///
    /// # Errors
    /// When its names are none.
    pub fn package(&self) -> Result<Package, SplitError> {
        Ok(Package::from_files(&self.solution.unique_name, self.entries.clone())?)
    }
}

/// Merges solutions into one of that unique name, or of the name that theirs begin with.
///
/// # Errors
/// When they are of several publishers or kinds, or two hold other content for one thing.
pub fn merge(packages: &[Package], name: Option<&str>, force: bool) -> Result<Merged, SplitError> {
    let mut contents = Vec::with_capacity(packages.len());
    for package in packages {
        contents.push(Content::read(package)?);
    }
    contents.sort_by_key(|content| content.solution.manifest.unique_name.to_lowercase());
    if contents.len() < 2 {
        return Err(SplitError::OneSolution);
    }
    check(&contents, force)?;
    check_publishers(contents.iter())?;
    let names: Vec<&str> =
        contents.iter().map(|content| content.solution.manifest.unique_name.as_str()).collect();
    let unique_name = match name {
        Some(name) => name.to_owned(),
        None => stem(&names, "_").ok_or(SplitError::NoCommonName)?.to_owned(),
    };
    check_unique_name("solution", &unique_name)?;
    let display: Vec<&str> =
        contents.iter().map(|content| content.solution.manifest.display_name.as_str()).collect();
    let display_stem = stem(&display, " - ");
    let display_name = display_stem.unwrap_or(&unique_name).to_owned();
    let is_stem = display_stem.is_some();
    let version = contents.iter().map(|content| &content.solution.manifest.version).max();
    let version = version.map(ToString::to_string).unwrap_or_default();

    let pool = Pool::new(contents);
    let needs = pool.needs();
    let (copies, held_by_several) = copies(&pool)?;
    let part_of = vec![0; pool.len()];
    let fallback = |_: usize| 0;
    let placement =
        Placement { pool: &pool, needs: &needs, part_of: &part_of, copies: &copies, fallback: &fallback };
    let whole = display_name.clone();
    let target = Target {
        base: 0,
        unique_name: unique_name.clone(),
        // In every language what stands behind the last dash goes, where the names of the parts say that it may.
        display: Box::new(move |name: &str| match name.rsplit_once(" - ").filter(|_| is_stem) {
            Some((stem, _)) => stem.to_owned(),
            None => whole.clone(),
        }),
        version,
    };
    let entries = build(&placement, &[target])?.swap_remove(0);
    let made = Solution::read(&Package::from_files(&unique_name, entries.clone())?)?;
    Ok(Merged {
        parts: pool.contents.iter().map(|content| content.solution.identity()).collect(),
        solution: made.identity(),
        display_name: made.manifest.display_name.clone(),
        components: made.components.len(),
        held_by_several,
        entries,
    })
}

/// What all names begin with in front of that separator.
fn stem<'n>(names: &[&'n str], separator: &str) -> Option<&'n str> {
    let first = *names.first()?;
    let ends = first.rmatch_indices(separator).map(|(at, _)| at);
    let is_common = |end: &usize| {
        *end > 0
            && names.iter().all(|name| {
                name.get(..*end).is_some_and(|start| start.eq_ignore_ascii_case(&first[..*end]))
                    && name[*end..].starts_with(separator)
            })
    };
    ends.into_iter().find(is_common).map(|end| &first[..end])
}

/// Units of which an earlier solution has the same row, and how they are called.
fn copies(pool: &Pool) -> Result<(BTreeSet<usize>, Vec<String>), SplitError> {
    let mut known: HashMap<(String, String), (usize, &Row)> = HashMap::new();
    let mut copies = BTreeSet::new();
    let mut titles = BTreeSet::new();
    for (at, content) in pool.contents.iter().enumerate() {
        let first = pool.units_of(at).start;
        let sections =
            content.customizations.sections.iter().map(|section| (section.name.clone(), &section.rows));
        let lists = content.lists.iter().map(|list| (list.path.to_lowercase(), &list.rows));
        for (name, rows) in sections.chain(lists) {
            for row in &rows.rows {
                let Some(unit) = row.unit.map(|unit| first + unit) else { continue };
                let key =
                    pool.primary(unit).map(|found| format!("{} {}", found.key.kind, found.key.folded()));
                let key = key.unwrap_or_else(|| String::from_utf8_lossy(&row.bytes).replace('\r', ""));
                match known.get(&(name.clone(), key.clone())) {
                    Some((holder, there)) if *holder != at => {
                        let is_same =
                            there.is_same(row) && has_same_files(pool, unit, &pool.contents[*holder])?;
                        if !is_same {
                            return Err(SplitError::Collision {
                                what: pool.title(unit),
                                one: pool.contents[*holder].solution.manifest.unique_name.clone(),
                                other: content.solution.manifest.unique_name.clone(),
                            });
                        }
                        copies.insert(unit);
                        titles.insert(pool.title(unit));
                    }
                    Some(_) => {}
                    None => {
                        known.insert((name.clone(), key), (at, row));
                    }
                }
            }
        }
    }
    Ok((copies, titles.into_iter().collect()))
}

/// Whether another solution has all files of a unit, with the same bytes.
fn has_same_files(pool: &Pool, unit: usize, other: &Content) -> Result<bool, SplitError> {
    let own = &pool.contents[pool.place_of(unit).0].package;
    for path in &pool.unit(unit).files {
        let (Some(one), Some(other_one)) = (own.entry(path), other.package.entry(path)) else {
            return Ok(false);
        };
        if !is_same(&own.read(one)?, &other.package.read(other_one)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_what_all_begin_with() {
        assert_eq!(stem(&["Fab_A", "Fab_B_C"], "_"), Some("Fab"));
        assert_eq!(stem(&["Fab_X_A", "fab_x_B"], "_"), Some("Fab_X"));
        assert_eq!(stem(&["FabA", "FabB"], "_"), None);
        assert_eq!(stem(&["_A", "_B"], "_"), None);
        assert_eq!(stem(&["Robots - Rest", "Robots - Cloud flows"], " - "), Some("Robots"));
    }
}
