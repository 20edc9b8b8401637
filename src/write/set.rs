//! Parts that one folder can hold, each path plain and once: [`PartSet`].

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::path::{PathHasher, ancestors, is_plain};
use super::{Part, WriteError};

/// Parts that a folder can hold on every system, and what is asked of them again and again.
#[derive(Debug)]
pub struct PartSet<'p, P> {
    pub(super) parts: &'p [P],
    /// Where each is, by path.
    pub(super) index: HashMap<&'p str, usize, PathHasher>,
    /// All folders that the parts need, each after the one that holds it. The value is one part below it.
    pub(super) folders: BTreeMap<&'p str, &'p str>,
}

impl<'p, P: Part> PartSet<'p, P> {
    /// Checks the paths.
    ///
    /// # Errors
    /// When one is not plain, or two lie in each other's way.
    pub fn new(parts: &'p [P]) -> Result<Self, WriteError> {
        check(parts)?;
        let index = parts.iter().enumerate().map(|(index, part)| (part.path(), index)).collect();
        Ok(Self { parts, index, folders: folders_of(parts) })
    }
}

/// Refuses what a folder cannot hold on every system.
fn check<P: Part>(parts: &[P]) -> Result<(), WriteError> {
    let fold = |part: &P| is_plain(part.path()).then(|| part.path().to_lowercase());
    let folded: Vec<Option<String>> = parts.par_iter().map(fold).collect();
    let mut files: HashMap<&str, &str, PathHasher> =
        HashMap::with_capacity_and_hasher(parts.len(), PathHasher::default());
    for (part, folded) in parts.iter().zip(&folded) {
        let path = part.path();
        let Some(folded) = folded else {
            return Err(WriteError::UnsafePath { path: path.to_owned() });
        };
        if let Some(other) = files.insert(folded, path) {
            return Err(WriteError::DuplicatePath { path: path.to_owned(), other: other.to_owned() });
        }
    }
    let mut last_folder = None;
    for (part, folded) in parts.iter().zip(folded.iter().flatten()) {
        // The files of one folder mostly follow each other.
        let folder = part.path().rsplit_once('/').map(|(folder, _)| folder);
        if folder.is_none() || folder == last_folder {
            continue;
        }
        last_folder = folder;
        if let Some(file) = ancestors(folded).find_map(|folder| files.get(folder)) {
            return Err(WriteError::FileAndFolder {
                path: (*file).to_owned(),
                other: part.path().to_owned(),
            });
        }
    }
    Ok(())
}

fn folders_of<P: Part>(parts: &[P]) -> BTreeMap<&str, &str> {
    let mut folders = BTreeMap::new();
    let mut last_folder = None;
    for part in parts {
        // The files of one folder mostly follow each other.
        let folder = part.path().rsplit_once('/').map(|(folder, _)| folder);
        if folder.is_none() || folder == last_folder {
            continue;
        }
        last_folder = folder;
        for folder in ancestors(part.path()) {
            if folders.insert(folder, part.path()).is_some() {
                break;
            }
        }
    }
    folders
}
