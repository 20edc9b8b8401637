//! What two folders hold and packing does not carry: files of a folder that say something else, or are not there, when the
//! folder was packed and unpacked.
//!
//! A package has none of it; between two folders it is a difference all the same. Read [`restore`] first.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::DiffError;
use super::item::{CONTENT_TYPES, CUSTOMIZATIONS, MANIFEST};
use super::side::Side;
use crate::layout::difference;
use crate::model::ModelError;
use crate::package::{Entry, OwnFiles, Package};
use crate::xml::{Document, Limits};

/// Where both sides are folders: gives both their own files in place of what packing and unpacking made of them, where that
/// is not the same on one of them.
pub(super) fn restore(sides: [&mut Side; 2], packages: [&Package; 2]) -> Result<(), DiffError> {
    let [one, other] = sides;
    let (Some(left), Some(right)) = (packages[0].own_files(), packages[1].own_files()) else { return Ok(()) };
    let [left, right] = [Own::new(left, one), Own::new(right, other)];
    let paths: BTreeSet<&String> = left.entries.keys().chain(right.entries.keys()).collect();
    let paths: Vec<&String> = paths.into_iter().collect();
    let lost: Vec<Option<Lost>> =
        paths.par_iter().map(|path| lost(path, &left, &right)).collect::<Result<_, ModelError>>()?;
    let (mut paths, mut lefts, mut rights) = (BTreeSet::new(), Vec::new(), Vec::new());
    for Lost { path, left, right } in lost.into_iter().flatten() {
        paths.insert(path);
        lefts.extend(left);
        rights.extend(right);
    }
    one.set_own(&paths, lefts);
    other.set_own(&paths, rights);
    Ok(())
}

/// The path of a file and its bytes.
type OwnFile = (String, Vec<u8>);

/// A file that one side does not carry, as both folders have it.
struct Lost {
    /// In lower case.
    path: String,
    left: Option<OwnFile>,
    right: Option<OwnFile>,
}

/// The files of one folder, and what packing and unpacking makes of them; by path in lower case.
struct Own<'s> {
    files: &'s OwnFiles,
    entries: BTreeMap<String, &'s Entry>,
    unpacked: BTreeMap<String, &'s [u8]>,
    /// A file comes back under another name.
    renames: bool,
}

impl<'s> Own<'s> {
    fn new(files: &'s OwnFiles, side: &'s Side) -> Self {
        let entries: BTreeMap<String, &Entry> =
            files.files.entries().iter().map(|entry| (entry.path.to_lowercase(), entry)).collect();
        let unpacked: BTreeMap<String, &[u8]> = side.unpacked().collect();
        let renames = entries
            .iter()
            .any(|(path, entry)| files.used.contains(&entry.path) && !unpacked.contains_key(path));
        Self { files, entries, unpacked, renames }
    }

    fn read(&self, path: &str) -> Result<Option<OwnFile>, ModelError> {
        let Some(entry) = self.entries.get(path) else { return Ok(None) };
        Ok(Some((entry.path.clone(), self.files.files.read(entry)?)))
    }

    /// Whether a file is of the other package type, which is not compared.
    fn is_of_other_half(&self, path: &str) -> bool {
        let Some(entry) = self.entries.get(path) else { return false };
        let has_twin = || {
            let stem = path.strip_suffix(".xml");
            stem.is_some_and(|stem| self.entries.contains_key(&format!("{stem}_managed.xml")))
        };
        !self.files.used.contains(&entry.path) && (path.ends_with("_managed.xml") || has_twin())
    }

    /// Whether the unpacked form says what the folder says.
    fn carries(&self, path: &str, own: Option<&OwnFile>) -> bool {
        match (own, self.unpacked.get(path)) {
            (None, None) => true,
            (Some((path, _)), None) => self.files.used.contains(path),
            // It may be the one that is called otherwise in the folder.
            (None, Some(_)) => self.renames,
            (Some((_, own)), Some(unpacked)) => says_the_same(path, own, unpacked),
        }
    }
}

fn lost(path: &str, left: &Own<'_>, right: &Own<'_>) -> Result<Option<Lost>, ModelError> {
    // The user's own manifest is compared anyway; the types of content follow from the other files.
    let is_made = [MANIFEST, CONTENT_TYPES].iter().any(|made| made.eq_ignore_ascii_case(path));
    if is_made || left.is_of_other_half(path) || right.is_of_other_half(path) {
        return Ok(None);
    }
    let (one, other) = (left.read(path)?, right.read(path)?);
    let bytes = |file: &Option<OwnFile>| file.as_ref().map(|(_, bytes)| bytes.clone());
    if bytes(&one) == bytes(&other) || left.carries(path, one.as_ref()) && right.carries(path, other.as_ref())
    {
        return Ok(None);
    }
    Ok(Some(Lost { path: path.to_owned(), left: one, right: other }))
}

fn says_the_same(path: &str, own: &[u8], unpacked: &[u8]) -> bool {
    if own == unpacked {
        return true;
    }
    let parsed = |bytes: &[u8]| Document::parse(bytes.to_vec(), &Limits::default());
    let (Ok(own), Ok(unpacked)) = (parsed(own), parsed(unpacked)) else { return false };
    // Rows that unpacking gives files of their own are compared there.
    let has_moved_rows = path.eq_ignore_ascii_case(CUSTOMIZATIONS) && rows(&own) != rows(&unpacked);
    has_moved_rows || difference(&own, &unpacked).is_none()
}

fn rows(customizations: &Document) -> usize {
    customizations.root().children().map(|section| section.children().count()).sum()
}
