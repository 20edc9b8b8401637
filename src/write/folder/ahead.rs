//! What is done before it is known which parts there will be: [`Ahead`].
//!
//! Which files an archive becomes is known when its customizations are inflated and read, which takes one thread a while.
//! Meanwhile the others write, into the stage, what most likely is carried over, or look at what is there. Nothing of it
//! counts before the parts are known: what was guessed wrong is removed, what failed is done again, and then it is told why.

use std::collections::{BTreeMap, HashMap};

use camino::Utf8Path;
use rayon::prelude::*;

use super::content::Checksum;
use super::look::Look;
use super::output::Output;
use super::stage::Stage;
use super::threads::Threads;
use crate::write::path::PathHasher;
use crate::write::{Part, PartSet, WriteError};

/// What was done ahead. Somebody else may have made or removed the target since, so that only one of the two counts.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    /// When the target is there.
    pub(super) look: Option<Look>,
    /// When it is not.
    pub(super) written: Option<Written>,
}

/// What is in the stage already.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Files that are whole.
    pub(super) files: HashMap<String, Checksum, PathHasher>,
    /// Folders, each after the one that holds it.
    pub(super) folders: Vec<String>,
}

impl Written {
    /// Writes into `tree` of the stage, which is made. None when that cannot be done.
    pub(super) fn new<P: Part>(stage: &Stage, guess: &[P], threads: Threads<'_>) -> Option<Self> {
        // With paths that lead out of the stage, or lie in each other's way, nothing is begun.
        let set = PartSet::new(guess).ok()?;
        stage.prepare().ok()?;
        let tree = stage.tree();
        fs_err::create_dir(&tree).ok()?;
        make_folders(&tree, set.folders.keys().copied()).ok()?;
        let (files, _) = threads.each(guess, |part, buffer| {
            let path = tree.join(part.path());
            let crc32 = part.crc32()?;
            match Output::File(path.clone(), None).put(part, false, buffer) {
                Ok(checksum) if checksum.crc32 == crc32 => Some((part.path().to_owned(), checksum)),
                _ => {
                    let _ = fs_err::remove_file(path);
                    None
                }
            }
        });
        Some(Self {
            files: files.into_iter().flatten().collect(),
            folders: set.folders.into_keys().map(str::to_owned).collect(),
        })
    }

    /// Removes from `tree` what the parts do not want, so that only what they want is left.
    pub(super) fn keep_wanted<P: Part>(
        &mut self,
        tree: &Utf8Path,
        set: &PartSet<'_, P>,
    ) -> Result<(), WriteError> {
        let announced = |path: &str| {
            let part = &set.parts[*set.index.get(path)?];
            let (size, crc32) = part.size().zip(part.crc32())?;
            Some(Checksum { size, crc32 })
        };
        let mut removed = Vec::new();
        self.files.retain(|path, checksum| {
            let is_wanted = announced(path) == Some(*checksum);
            if !is_wanted {
                removed.push(tree.join(path));
            }
            is_wanted
        });
        for path in removed {
            fs_err::remove_file(&path).map_err(|error| WriteError::io(&path, error))?;
        }
        let wanted = &set.folders;
        for folder in self.folders.iter().rev().filter(|folder| !wanted.contains_key(folder.as_str())) {
            let path = tree.join(folder);
            fs_err::remove_dir(&path).map_err(|error| WriteError::io(&path, error))?;
        }
        self.folders.retain(|folder| wanted.contains_key(folder.as_str()));
        Ok(())
    }
}

/// Makes the folders in `tree`, one level after the other, those of each on all threads.
pub(super) fn make_folders<'p>(
    tree: &Utf8Path,
    folders: impl Iterator<Item = &'p str>,
) -> Result<(), WriteError> {
    let mut levels: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for folder in folders {
        levels.entry(folder.matches('/').count()).or_default().push(folder);
    }
    let make = |folder: &&str| {
        let path = tree.join(folder);
        fs_err::create_dir(&path).map_err(|error| WriteError::io(&path, error))
    };
    let faults = |level: &Vec<&str>| level.par_iter().map(make).find_first(Result::is_err);
    levels.values().find_map(faults).unwrap_or(Ok(()))
}
