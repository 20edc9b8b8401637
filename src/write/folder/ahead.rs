//! What is done before it is known which parts there will be: [`Ahead`]; and the files of a new folder: [`EarlyFiles`].
//!
//! Which files an archive becomes is known when its customizations are inflated and read, which takes a while. Meanwhile what most
//! likely is carried over is written into the stage, and what is made of the customizations as it comes; or it is looked at
//! what is there. Nothing of it counts before the parts are known: what was guessed wrong is removed, what failed is done
//! again, and then it is told why.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camino::Utf8PathBuf;

use super::content::Checksum;
use super::look::Look;
use super::output::Output;
use super::stage::Stage;
use crate::write::path::{PathHasher, ancestors, is_plain};
use crate::write::{Part, PartSet, WriteError};

/// What was done ahead. Somebody else may have made or removed the target since, so that only one of the two counts.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    /// When the target is there.
    pub(super) look: Option<Look>,
    /// When it is not.
    pub(super) early: Option<Arc<EarlyFiles>>,
}

/// The files of a new folder, in the stage. They can be written before it is known which parts there will be.
#[derive(Debug)]
pub(crate) struct EarlyFiles {
    tree: Utf8PathBuf,
    files: Mutex<Files>,
    folders: Folders,
}

/// Folders that are made, in one of many sets by their path: while one is made, few others wait.
#[derive(Debug, Default)]
struct Folders {
    sets: [Mutex<HashSet<String, PathHasher>>; 32],
    hasher: PathHasher,
}

impl Folders {
    /// The set in which a folder is when it is made.
    fn of(&self, folder: &str) -> MutexGuard<'_, HashSet<String, PathHasher>> {
        unlocked(&self.sets[self.hasher.hash_one(folder) as usize % self.sets.len()])
    }
}

/// Files that are whole, by path.
pub(super) type Files = HashMap<String, Checksum, PathHasher>;

impl EarlyFiles {
    /// Makes the stage ready for them.
    pub(super) fn new(stage: &Stage) -> Result<Self, WriteError> {
        stage.prepare()?;
        let tree = stage.tree();
        fs_err::create_dir(&tree).map_err(|error| WriteError::io(&tree, error))?;
        Ok(Self { tree, files: Mutex::default(), folders: Folders::default() })
    }

    /// Writes what may become a part, from any thread; says what its bytes are. `buffer` is used again for
    /// each. None when it cannot be written, or is not what it announced: no file is left of it then.
    pub(crate) fn put<P: Part>(&self, part: &P, buffer: &mut Vec<u8>) -> Option<Checksum> {
        let path = part.path();
        // What leads out of the stage is not begun.
        if !is_plain(path) {
            return None;
        }
        let checksum = self.write(part, false, buffer).ok()?;
        unlocked(&self.files).insert(path.to_owned(), checksum);
        Some(checksum)
    }

    /// Writes a part whose path is plain.
    pub(super) fn write<P: Part>(
        &self,
        part: &P,
        line_feeds: bool,
        buffer: &mut Vec<u8>,
    ) -> Result<Checksum, WriteError> {
        let path = part.path();
        if let Some((folder, _)) = path.rsplit_once('/') {
            self.make_folder(folder)?;
        }
        Output::File(self.tree.join(path), None).put(part, line_feeds, buffer)
    }

    /// Makes the folder and those that hold it. One that is there and not one of these is spelt otherwise, or is a file.
    fn make_folder(&self, folder: &str) -> Result<(), WriteError> {
        let around = std::iter::once(folder).chain(ancestors(folder));
        let missing: Vec<&str> =
            around.take_while(|folder| !self.folders.of(folder).contains(*folder)).collect();
        for folder in missing.into_iter().rev() {
            let mut made = self.folders.of(folder);
            if !made.contains(folder) {
                let path = self.tree.join(folder);
                fs_err::create_dir(&path).map_err(|error| WriteError::io(&path, error))?;
                made.insert(folder.to_owned());
            }
        }
        Ok(())
    }

    /// Removes what the parts do not want, so that only what they want is left; gives that.
    pub(super) fn keep_wanted<P: Part>(&self, set: &PartSet<'_, P>) -> Result<Files, WriteError> {
        let mut files = std::mem::take(&mut *unlocked(&self.files));
        let announced = |path: &str| {
            let part = &set.parts[*set.index.get(path)?];
            let (size, crc32) = part.size().zip(part.crc32())?;
            Some(Checksum { size, crc32 })
        };
        let mut removed = Vec::new();
        files.retain(|path, checksum| {
            let is_wanted = announced(path) == Some(*checksum);
            if !is_wanted {
                removed.push(self.tree.join(path));
            }
            is_wanted
        });
        for path in removed {
            fs_err::remove_file(&path).map_err(|error| WriteError::io(&path, error))?;
        }
        let is_unwanted = |folder: &String| !set.folders.contains_key(folder.as_str());
        let sets = self.folders.sets.iter();
        let mut unwanted: Vec<String> =
            sets.flat_map(|made| unlocked(made).extract_if(is_unwanted).collect::<Vec<_>>()).collect();
        unwanted.sort_unstable();
        // Each before the one that holds it.
        for folder in unwanted.iter().rev() {
            let path = self.tree.join(folder);
            fs_err::remove_dir(&path).map_err(|error| WriteError::io(&path, error))?;
        }
        Ok(files)
    }
}

fn unlocked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
