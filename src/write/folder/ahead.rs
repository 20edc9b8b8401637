//! What is done before it is known which parts there will be: [`Ahead`].
//!
//! Which files an archive becomes is known when its customizations are inflated and read, which takes one thread a while.
//! Meanwhile the others write, into the stage, what most likely is carried over, or take the checksums of what is there.
//! Nothing of it counts before the parts are known: what was guessed wrong is removed, what failed is done again, and
//! then it is told why.

use std::collections::HashMap;

use camino::Utf8Path;
use fs_err::File;
use rayon::prelude::*;

use super::compare::{Buffers, Checksum, checksum};
use super::output::Output;
use super::stage::Stage;
use crate::write::path::{check_set, folders_of};
use crate::write::{Part, WriteError};

/// What was done ahead.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    /// They are in the stage.
    is_written: bool,
    /// Files of the target, or in the stage, that are whole.
    pub(super) files: HashMap<String, Checksum>,
    /// Folders that were made in the stage, each after the one that holds it.
    pub(super) folders: Vec<String>,
}

impl Ahead {
    /// The checksums of the files that are there already.
    pub(super) fn compared<P: Part>(target: &Utf8Path, guess: &[P]) -> Self {
        let files = guess.par_iter().map_init(Buffers::new, |buffers, part| {
            // What cannot be read, or is no file, is told when it is compared. A link is not followed then either.
            let path = target.join(part.path());
            let metadata = fs_err::symlink_metadata(&path).ok()?;
            if !metadata.is_file() || part.size() != Some(metadata.len()) {
                return None;
            }
            Some((part.path().to_owned(), checksum(&mut File::open(path).ok()?, buffers).ok()?))
        });
        Self { is_written: false, files: files.flatten().collect(), folders: Vec::new() }
    }

    /// Writes into `tree` of the stage, which is made. None when that cannot be done.
    pub(super) fn written<P: Part>(stage: &Stage, guess: &[P]) -> Option<Self> {
        // With paths that lead out of the stage, or lie in each other's way, nothing is begun.
        check_set(guess).ok()?;
        stage.prepare().ok()?;
        let tree = stage.tree();
        fs_err::create_dir(&tree).ok()?;
        let mut folders = Vec::new();
        for folder in folders_of(guess).into_keys() {
            fs_err::create_dir(tree.join(folder)).ok()?;
            folders.push(folder.to_owned());
        }
        let files = guess.par_iter().map_init(Vec::new, |buffer, part| {
            let path = tree.join(part.path());
            let crc32 = part.crc32()?;
            match Output::File(path.clone(), None).put(part, false, buffer) {
                Ok(size) => Some((part.path().to_owned(), Checksum { size, crc32 })),
                Err(_) => {
                    let _ = fs_err::remove_file(path);
                    None
                }
            }
        });
        Some(Self { is_written: true, files: files.flatten().collect(), folders })
    }

    /// What of it counts when the target is there, or is not: somebody else may have made or removed it meanwhile.
    pub(super) fn where_target(self, is_there: bool) -> Self {
        if self.is_written == is_there { Self::default() } else { self }
    }

    /// Removes from `tree` what the parts do not want, so that only what they want is left.
    pub(super) fn keep_wanted<P: Part>(&mut self, tree: &Utf8Path, parts: &[P]) -> Result<(), WriteError> {
        let wanted: HashMap<&str, Option<Checksum>> = parts
            .iter()
            .map(|part| {
                let announced = part.size().zip(part.crc32());
                (part.path(), announced.map(|(size, crc32)| Checksum { size, crc32 }))
            })
            .collect();
        let mut removed = Vec::new();
        self.files.retain(|path, checksum| {
            let is_wanted = wanted.get(path.as_str()) == Some(&Some(*checksum));
            if !is_wanted {
                removed.push(tree.join(path));
            }
            is_wanted
        });
        for path in removed {
            fs_err::remove_file(&path).map_err(|error| WriteError::io(&path, error))?;
        }
        let wanted = folders_of(parts);
        for folder in self.folders.iter().rev().filter(|folder| !wanted.contains_key(folder.as_str())) {
            let path = tree.join(folder);
            fs_err::remove_dir(&path).map_err(|error| WriteError::io(&path, error))?;
        }
        self.folders.retain(|folder| wanted.contains_key(folder.as_str()));
        Ok(())
    }
}
