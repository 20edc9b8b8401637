//! Units put together again: the entries of an archive that holds them, and everything that is nobody's of the solution
//! that it is made from.
//!
//! Read [`assemble`] first.

use std::collections::HashSet;

use super::SplitError;
use super::content::{CONTENT_TYPES, CUSTOMIZATIONS, Content, List, MANIFEST, Section};
use super::pool::Pool;
use super::rows::{Row, Rows, is_same};
use crate::layout::{EMPTY_SECTIONS, content_types, section_rank};

/// An entry of the archive that is made: path and bytes.
pub type Entry = (String, Vec<u8>);

/// The entries of an archive with the units that are `taken`, made from the solution `base`. Another solution gives what it
/// has and `base` has not.
///
/// # Errors
/// When two solutions have other bytes for one file, or a file cannot be read.
pub(super) fn assemble(
    pool: &Pool,
    base: usize,
    taken: &dyn Fn(usize) -> bool,
    manifest: Vec<u8>,
) -> Result<Vec<Entry>, SplitError> {
    // Solutions that give nothing are not looked at.
    let gives = |content: &usize| *content == base || pool.units_of(*content).any(taken);
    let order: Vec<usize> = std::iter::once(base)
        .chain((0..pool.contents.len()).filter(|content| *content != base))
        .filter(gives)
        .collect();
    let writing = Writing { pool, order: &order, taken };
    let customizations = writing.customizations();
    let lists = writing.lists();
    let mut entries: Vec<Entry> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    let mut manifest = Some(manifest);
    let mut customizations = Some(customizations);
    for (at, &content) in order.iter().enumerate() {
        let found = &pool.contents[content];
        let mine: HashSet<&str> = pool
            .units_of(content)
            .filter(|unit| taken(*unit))
            .flat_map(|unit| pool.unit(unit).files.iter().map(String::as_str))
            .collect();
        for entry in found.package.entries() {
            let path = entry.path.as_str();
            let lower = path.to_lowercase();
            let bytes = if lower == MANIFEST {
                manifest.take()
            } else if lower == CUSTOMIZATIONS {
                customizations.take()
            } else if path.eq_ignore_ascii_case(CONTENT_TYPES) {
                (at == 0).then(Vec::new)
            } else if let Some((_, bytes)) = lists.iter().find(|(path, _)| *path == lower) {
                if seen.contains(&lower) { None } else { bytes.clone() }
            } else if mine.contains(path) {
                Some(found.package.read(entry)?)
            } else {
                None
            };
            let Some(bytes) = bytes else { continue };
            if seen.insert(lower.clone()) {
                entries.push((path.to_owned(), bytes));
            } else {
                let there = entries.iter().find(|(known, _)| known.to_lowercase() == lower);
                if !there.is_some_and(|(_, known)| is_same(known, &bytes)) {
                    let mut earlier = order[..at].iter().map(|content| &pool.contents[*content]);
                    let holder = earlier.rfind(|content| content.package.entry(path).is_some());
                    return Err(SplitError::Collision {
                        what: format!("file {path}"),
                        one: holder.unwrap_or(&pool.contents[base]).solution.manifest.unique_name.clone(),
                        other: found.solution.manifest.unique_name.clone(),
                    });
                }
            }
        }
    }
    let types = {
        let is_structure = |path: &str| {
            [MANIFEST, CUSTOMIZATIONS, CONTENT_TYPES].iter().any(|known| known.eq_ignore_ascii_case(path))
        };
        content_types(entries.iter().map(|(path, _)| path.as_str()).filter(|path| !is_structure(path)))
    };
    match entries.iter_mut().find(|(path, _)| path.eq_ignore_ascii_case(CONTENT_TYPES)) {
        Some((_, bytes)) => *bytes = types,
        None => entries.push((CONTENT_TYPES.to_owned(), types)),
    }
    Ok(entries)
}

/// What is written.
struct Writing<'w> {
    pool: &'w Pool,
    /// The solutions, the one that it is made from first.
    order: &'w [usize],
    taken: &'w dyn Fn(usize) -> bool,
}

impl<'w> Writing<'w> {
    fn content(&self, at: usize) -> &'w Content {
        &self.pool.contents[self.order[at]]
    }

    /// The rows of one section in each of the solutions, each in its place; what all have only once.
    fn rows(&self, of: &dyn Fn(&'w Content) -> Option<&'w Rows>) -> Vec<&'w Row> {
        let mut lists: Vec<Vec<(String, &'w Row)>> = Vec::new();
        let mut common: Vec<&'w Row> = Vec::new();
        for &content in self.order {
            let first = self.pool.units_of(content).start;
            let mut list = Vec::new();
            for row in of(&self.pool.contents[content]).into_iter().flat_map(|rows| &rows.rows) {
                match row.unit {
                    Some(unit) if (self.taken)(first + unit) => {
                        let primary = self.pool.primary(first + unit);
                        let key = primary.map(|found| found.key.folded().to_owned());
                        let key = key.unwrap_or_else(|| String::from_utf8_lossy(&row.bytes).to_lowercase());
                        list.push((key, row));
                    }
                    Some(_) => {}
                    None if common.iter().any(|known| known.is_same(row)) => {}
                    None => {
                        common.push(row);
                        list.push((String::new(), row));
                    }
                }
            }
            lists.push(list);
        }
        let is_sorted = lists.iter().all(|list| list.is_sorted_by(|one, other| one.0 <= other.0));
        let is_one = lists.iter().filter(|list| !list.is_empty()).count() < 2;
        let mut rows: Vec<(String, &Row)> = lists.into_iter().flatten().collect();
        if is_sorted && !is_one {
            rows.sort_by(|one, other| one.0.cmp(&other.0));
        }
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn customizations(&self) -> Vec<u8> {
        let base = &self.content(0).customizations;
        let sections = self.sections();
        let mut out = base.before.clone();
        for section in sections {
            let rows = self.rows(&|content| {
                let sections = &content.customizations.sections;
                sections.iter().find(|found| found.name == section.name).map(|found| &found.rows)
            });
            let is_emptied = rows.is_empty() && !section.rows.rows.is_empty();
            let is_always_there =
                section.name == "Languages" || EMPTY_SECTIONS.contains(&section.name.as_str());
            if is_emptied && !is_always_there {
                continue;
            }
            out.extend_from_slice(&section.lead);
            section.rows.write(&rows, &mut out);
        }
        out.extend_from_slice(&base.after);
        out
    }

    /// The sections of all solutions in the order of exports.
    fn sections(&self) -> Vec<&'w Section> {
        let mut sections: Vec<&Section> = self.content(0).customizations.sections.iter().collect();
        for at in 1..self.order.len() {
            let own = &self.content(at).customizations.sections;
            for (number, section) in own.iter().enumerate() {
                if sections.iter().any(|known| known.name == section.name) {
                    continue;
                }
                let rank = section_rank(&section.name);
                let before = own[..number].last();
                let place = match rank {
                    Some(_) => sections.iter().rposition(|known| {
                        let known = section_rank(&known.name);
                        known.is_some() && known <= rank
                    }),
                    None => {
                        before.and_then(|before| sections.iter().position(|known| known.name == before.name))
                    }
                };
                sections.insert(place.map_or(0, |place| place + 1), section);
            }
        }
        sections
    }

    /// The files that are lists, by lower-case path; none for one without rows.
    fn lists(&self) -> Vec<(String, Option<Vec<u8>>)> {
        let mut paths: Vec<String> = Vec::new();
        for &content in self.order {
            paths.extend(self.pool.contents[content].lists.iter().map(|list| list.path.to_lowercase()));
        }
        paths.sort_unstable();
        paths.dedup();
        let list = |path: String| {
            let of = |content: &'w Content| -> Option<&'w List> {
                content.lists.iter().find(|list| list.path.to_lowercase() == path)
            };
            let rows = self.rows(&|content| of(content).map(|list| &list.rows));
            let first = self.order.iter().find_map(|content| of(&self.pool.contents[*content]));
            let bytes = first.filter(|_| !rows.is_empty()).map(|first| {
                let mut out = first.before.clone();
                first.rows.write(&rows, &mut out);
                out.extend_from_slice(&first.after);
                out
            });
            (path, bytes)
        };
        paths.into_iter().map(list).collect()
    }
}
