//! What is to be done to a folder that is there: [`Plan`], made by comparing, then executed or only listed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use camino::Utf8Path;
use rayon::prelude::*;

use super::compare::{Buffers, Verdict, compare};
use super::content::Checksum;
use super::journal::Step;
use super::listing::Listing;
use super::seen::Seen;
use super::{Change, ChangeKind, FolderOptions};
use crate::write::path::PathHasher;
use crate::write::{Part, PartSet, WriteError};

/// A part that is written.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) step: usize,
    pub(super) part: usize,
    pub(super) change: usize,
    /// CRLF becomes LF on the way.
    pub(super) line_feeds: bool,
}

/// Steps, and what they mean to the user.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) writes: Vec<Write>,
    pub(super) changes: Vec<Change>,
    /// Parts whose file stays, and what tells it.
    pub(super) same: Vec<(usize, Option<Checksum>)>,
    pub(super) kept: Vec<String>,
    pub(super) left: Vec<String>,
}

impl Plan {
    /// Compares `target` with the parts. Nothing is written.
    pub(super) fn make<P: Part>(
        target: &Utf8Path,
        set: &PartSet<'_, P>,
        options: &FolderOptions<'_>,
        seen: &Seen,
    ) -> Result<Self, WriteError> {
        let PartSet { parts, index, folders } = set;
        let mut listing = Listing::read(target, folders, options, seen)?;
        let mut maker = Maker {
            target,
            options,
            wanted: index,
            early: BTreeSet::new(),
            early_folders: BTreeSet::new(),
            plan: Self::default(),
        };
        if is_case_insensitive(target, &listing, folders) {
            maker.rename_folders(&mut listing, folders);
        }
        // Asked for every part, twice: a lookup in the sorted set would compare long paths that begin alike.
        let there: HashSet<&str, PathHasher> = listing.files.iter().map(String::as_str).collect();
        maker.clear_way(&listing, &there, folders)?;
        let verdicts = verdicts(target, parts, &there, options.eol, seen)?;
        maker.write(parts, &listing, folders, &verdicts)?;
        maker.delete(&listing)?;
        Ok(maker.plan)
    }
}

/// None where no file is there.
fn verdicts<P: Part>(
    target: &Utf8Path,
    parts: &[P],
    there: &HashSet<&str, PathHasher>,
    eol: super::Eol,
    seen: &Seen,
) -> Result<Vec<Option<Verdict>>, WriteError> {
    let compared: Vec<_> = parts
        .par_iter()
        .map_init(Buffers::new, |buffers, part| {
            let path = part.path();
            let is_there = there.contains(path);
            is_there.then(|| compare(part, &target.join(path), eol, seen, buffers)).transpose()
        })
        .collect();
    // In the order of the parts, so that of several faults the same one is reported each time.
    compared.into_iter().collect()
}

/// Whether the file system takes the other letter case of a folder that the parts spell otherwise for the same folder.
fn is_case_insensitive(target: &Utf8Path, listing: &Listing, folders: &BTreeMap<&str, &str>) -> bool {
    let mut spelt_otherwise = folders.keys().filter(|folder| !listing.folders.contains(**folder));
    spelt_otherwise.any(|folder| target.join(folder).is_dir())
}

struct Maker<'a, 'o> {
    target: &'a Utf8Path,
    options: &'a FolderOptions<'o>,
    wanted: &'a HashMap<&'a str, usize, PathHasher>,
    /// Files that go before anything is written.
    early: BTreeSet<String>,
    early_folders: BTreeSet<String>,
    plan: Plan,
}

impl Maker<'_, '_> {
    /// Gives folders the spelling of the parts, outer ones first.
    fn rename_folders(&mut self, listing: &mut Listing, folders: &BTreeMap<&str, &str>) {
        for &folder in folders.keys() {
            if listing.folders.contains(folder) {
                continue;
            }
            let folded = folder.to_lowercase();
            if let Some(from) = listing.folders.iter().find(|other| other.to_lowercase() == folded).cloned() {
                listing.rename_folder(&from, folder);
                self.plan.steps.push(Step::RenameFolder { from, to: folder.to_owned() });
            }
        }
    }

    fn in_the_way<T>(&self, path: &str) -> Result<T, WriteError> {
        Err(WriteError::InTheWay { path: self.target.join(path) })
    }

    /// Whether a file may be deleted to make room.
    fn may_clear(&self, path: &str) -> bool {
        self.options.allow_delete && (self.options.is_ours)(path)
    }

    /// What must go before the parts can be written: files where folders are wanted, folders where files are wanted, and
    /// files of another letter case.
    fn clear_way(
        &mut self,
        listing: &Listing,
        there: &HashSet<&str, PathHasher>,
        folders: &BTreeMap<&str, &str>,
    ) -> Result<(), WriteError> {
        let link = |path: &str| Err(WriteError::SymbolicLink { path: self.target.join(path) });
        let mut early = BTreeSet::new();
        let mut early_folders = BTreeSet::new();
        for &folder in folders.keys() {
            if listing.links.contains(folder) {
                return link(folder);
            }
            if listing.others.contains(folder) {
                return self.in_the_way(folder);
            }
            if listing.files.contains(folder) {
                if !self.may_clear(folder) {
                    return self.in_the_way(folder);
                }
                early.insert(folder.to_owned());
            }
        }
        let mut by_case: Option<HashMap<String, Vec<&String>>> = None;
        for &path in self.wanted.keys() {
            if listing.links.contains(path) {
                return link(path);
            }
            if !listing.others.is_empty()
                && (listing.others.contains(path) || listing.others.contains(&format!("{path}/")))
            {
                return self.in_the_way(path);
            }
            if there.contains(path) {
                continue;
            }
            if listing.folders.contains(path) {
                let foreign = [&listing.links, &listing.others];
                if foreign.into_iter().any(|set| Listing::below(set, path).next().is_some()) {
                    return self.in_the_way(path);
                }
                for file in Listing::below(&listing.files, path) {
                    if !self.may_clear(file) {
                        return self.in_the_way(path);
                    }
                    early.insert(file.clone());
                }
                early_folders.extend(Listing::below(&listing.folders, path).cloned());
                early_folders.insert(path.to_owned());
                continue;
            }
            let by_case = by_case.get_or_insert_with(|| {
                let mut by_case: HashMap<String, Vec<&String>> = HashMap::new();
                for file in &listing.files {
                    by_case.entry(file.to_lowercase()).or_default().push(file);
                }
                by_case
            });
            for &other in by_case.get(&path.to_lowercase()).into_iter().flatten() {
                // Only the spelling changes: this is no deletion.
                if (self.options.is_ours)(other) && !self.wanted.contains_key(other.as_str()) {
                    early.insert(other.clone());
                }
            }
        }
        for path in &early {
            self.plan.steps.push(Step::Delete { path: path.clone() });
        }
        for path in early_folders.iter().rev() {
            self.plan.steps.push(Step::RemoveFolder { path: path.clone() });
        }
        (self.early, self.early_folders) = (early, early_folders);
        Ok(())
    }

    fn write<P: Part>(
        &mut self,
        parts: &[P],
        listing: &Listing,
        folders: &BTreeMap<&str, &str>,
        verdicts: &[Option<Verdict>],
    ) -> Result<(), WriteError> {
        for &folder in folders.keys() {
            if !listing.folders.contains(folder) {
                self.plan.steps.push(Step::MakeFolder { path: folder.to_owned() });
            }
        }
        let spelt_otherwise: HashMap<String, String> =
            self.early.iter().map(|path| (path.to_lowercase(), path.clone())).collect();
        for (index, (part, verdict)) in parts.iter().zip(verdicts).enumerate() {
            let path = part.path();
            let (kind, old_size, line_feeds) = match *verdict {
                Some(Verdict::Same { checksum }) => {
                    self.plan.same.push((index, checksum));
                    continue;
                }
                Some(Verdict::Different { old_size, read_only, line_feeds }) => {
                    if !(self.options.is_ours)(path) {
                        return Err(WriteError::NotOurs { path: self.target.join(path) });
                    }
                    self.check_writable(path, read_only)?;
                    (ChangeKind::Changed, Some(old_size), line_feeds)
                }
                None => match spelt_otherwise.get(&path.to_lowercase()).cloned() {
                    Some(from) => {
                        let size = self.size_of(&from)?;
                        (ChangeKind::Renamed { from }, Some(size), self.is_rendered_with_line_feeds(part))
                    }
                    None => (ChangeKind::Added, None, self.is_rendered_with_line_feeds(part)),
                },
            };
            let replaces = kind == ChangeKind::Changed;
            self.plan.writes.push(Write {
                step: self.plan.steps.len(),
                part: index,
                change: self.plan.changes.len(),
                line_feeds,
            });
            self.plan.steps.push(Step::Write { path: path.to_owned(), replaces });
            self.plan.changes.push(Change { path: path.to_owned(), kind, old_size, new_size: None });
        }
        Ok(())
    }

    fn is_rendered_with_line_feeds<P: Part>(&self, part: &P) -> bool {
        self.options.eol == super::Eol::Lf && part.crc32().is_none()
    }

    /// Deletes what is ours and no longer wanted, then the folders that this leaves empty.
    fn delete(&mut self, listing: &Listing) -> Result<(), WriteError> {
        let mut gone = self.early.clone();
        let renamed: BTreeSet<String> = self
            .plan
            .changes
            .iter()
            .filter_map(|change| match &change.kind {
                ChangeKind::Renamed { from } => Some(from.clone()),
                _ => None,
            })
            .collect();
        for path in &listing.files {
            if self.wanted.contains_key(path.as_str()) || renamed.contains(path) {
                continue;
            }
            let is_early = self.early.contains(path);
            if !is_early && !(self.options.is_ours)(path) {
                self.plan.kept.push(path.clone());
            } else if !is_early && !self.options.allow_delete {
                self.plan.left.push(path.clone());
            } else {
                let old_size = Some(self.size_of(path)?);
                let kind = ChangeKind::Deleted;
                self.plan.changes.push(Change { path: path.clone(), kind, old_size, new_size: None });
                if !is_early {
                    self.plan.steps.push(Step::Delete { path: path.clone() });
                    gone.insert(path.clone());
                }
            }
        }
        self.plan.kept.extend(listing.links.iter().chain(&listing.others).cloned());
        self.plan.kept.sort();
        self.remove_emptied(listing, &gone);
        Ok(())
    }

    fn remove_emptied(&mut self, listing: &Listing, gone: &BTreeSet<String>) {
        if gone.is_empty() {
            return;
        }
        let mut used = BTreeSet::new();
        let stay = listing.files.iter().filter(|file| !gone.contains(*file));
        let stay = stay.chain(&listing.links).chain(&listing.others).map(String::as_str);
        for path in stay.chain(self.wanted.keys().copied()) {
            // A folder that is not entered has `/` at its end.
            used.extend(crate::write::path::ancestors(path.trim_end_matches('/')).map(str::to_owned));
        }
        // Innermost first: a folder with an empty folder that stays is not empty.
        for folder in listing.folders.iter().rev() {
            let lost_something = Listing::below(gone, folder).next().is_some();
            if self.early_folders.contains(folder) || used.contains(folder) {
                continue;
            }
            if lost_something {
                self.plan.steps.push(Step::RemoveFolder { path: folder.clone() });
            } else {
                used.extend(crate::write::path::ancestors(folder).map(str::to_owned));
            }
        }
    }

    /// Size of a file that is to go, which must be writable.
    fn size_of(&self, path: &str) -> Result<u64, WriteError> {
        let absolute = self.target.join(path);
        let metadata =
            fs_err::symlink_metadata(&absolute).map_err(|error| WriteError::io(&absolute, error))?;
        self.check_writable(path, metadata.permissions().readonly())?;
        Ok(metadata.len())
    }

    fn check_writable(&self, path: &str, read_only: bool) -> Result<(), WriteError> {
        if read_only && !self.options.clobber {
            return Err(WriteError::ReadOnlyFile { path: self.target.join(path) });
        }
        Ok(())
    }
}
