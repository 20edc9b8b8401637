//! What is in a folder, looked at before it is known what is wanted there: [`Seen`].

use std::collections::HashMap;
use std::hash::BuildHasher as _;

use super::content::Checksum;
use super::listing::Child;
use crate::write::path::PathHasher;

/// The content of a folder as it was met. What could not be read is not in it; whoever needs it reads again, and is told why.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What is directly in a folder, by the folder's path.
    pub(super) folders: HashMap<String, Vec<Child>, PathHasher>,
    pub(super) prints: HashMap<String, Print, PathHasher>,
    pub(super) hasher: Hasher,
}

/// Keyed anew in each run, so that nobody can make two texts of one hash.
pub(super) type Hasher = foldhash::quality::RandomState;

/// What tells the content of a file from another without keeping it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Print {
    pub(super) checksum: Checksum,
    /// Of all bytes; none of a large file, which is compared byte by byte.
    pub(super) hash: Option<u64>,
}

impl Seen {
    /// Size and CRC-32 of a file.
    pub(super) fn checksum(&self, path: &str) -> Option<Checksum> {
        self.prints.get(path).map(|print| print.checksum)
    }

    /// The size of a file that [`Seen::holds`] can judge.
    pub(super) fn size_of(&self, path: &str) -> Option<u64> {
        self.prints.get(path).filter(|print| print.hash.is_some()).map(|print| print.checksum.size)
    }

    /// Whether the file had these bytes.
    pub(super) fn holds(&self, path: &str, bytes: &[u8]) -> bool {
        let print = self.prints.get(path).filter(|print| print.checksum.size == bytes.len() as u64);
        print.and_then(|print| print.hash).is_some_and(|hash| hash == self.hasher.hash_one(bytes))
    }
}
