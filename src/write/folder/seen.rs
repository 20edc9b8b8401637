//! What is in a folder, looked at before it is known what is wanted there: [`Seen`].

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;
use std::io::Read as _;

use camino::Utf8Path;
use fs_err::File;
use rayon::prelude::*;

use super::listing::{Child, ChildKind, children};
use crate::write::Part;
use crate::write::path::PathHasher;

/// Bytes read at once: most files are smaller.
const BUFFER: usize = 128 * 1024;

/// The content of a folder as it was met. What could not be read is not in it; whoever needs it reads again, and is told why.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What is directly in a folder, by the folder's path.
    pub(super) folders: HashMap<String, Vec<Child>, PathHasher>,
    prints: HashMap<String, Print, PathHasher>,
    /// Keyed anew in each run, so that nobody can make two texts of one hash.
    hasher: foldhash::quality::RandomState,
}

/// What tells the content of a file from another without keeping it.
#[derive(Debug, Clone, Copy)]
struct Print {
    size: u64,
    crc32: u32,
    /// Of all bytes; none of a large file, which is compared byte by byte.
    hash: Option<u64>,
}

impl Seen {
    /// Lists the folder and reads what is ours of its files, on all threads; a large one only when it is a guess. Folders in
    /// which nothing is ours are not entered.
    pub(super) fn of<P: Part>(
        target: &Utf8Path,
        guess: &[P],
        is_ours: &(dyn Fn(&str) -> bool + Sync),
    ) -> Self {
        let mut seen = Self::default();
        let guess: HashSet<&str, PathHasher> = guess.iter().map(Part::path).collect();
        let mut pending = vec![String::new()];
        while !pending.is_empty() {
            let look = |buffer: &mut Vec<u8>, folder: String| {
                let children = children(target, &folder).ok()?;
                let files = children.iter().filter(|child| child.kind == ChildKind::File);
                let prints: Vec<(String, Print)> = files
                    .map(|child| child.path_in(&folder))
                    .filter(|path| is_ours(path))
                    .filter_map(|path| {
                        let is_guess = guess.contains(path.as_str());
                        let print = Print::of(&target.join(&path), is_guess, &seen.hasher, buffer).ok()??;
                        Some((path, print))
                    })
                    .collect();
                Some((folder, children, prints))
            };
            let level: Vec<_> =
                pending.into_par_iter().map_init(|| vec![0; BUFFER], look).flatten_iter().collect();
            pending = Vec::new();
            for (folder, children, prints) in level {
                let inner = children.iter().filter(|child| child.kind == ChildKind::Folder);
                let inner = inner.map(|child| child.path_in(&folder));
                pending.extend(inner.filter(|path| is_ours(&format!("{path}/"))));
                seen.prints.extend(prints);
                seen.folders.insert(folder, children);
            }
        }
        seen
    }

    /// Whether the file had this size and checksum.
    pub(super) fn has(&self, path: &str, size: u64, crc32: u32) -> bool {
        self.prints.get(path).is_some_and(|print| print.size == size && print.crc32 == crc32)
    }

    /// The size of a file that [`Seen::holds`] can judge.
    pub(super) fn size_of(&self, path: &str) -> Option<u64> {
        self.prints.get(path).filter(|print| print.hash.is_some()).map(|print| print.size)
    }

    /// Whether the file had these bytes.
    pub(super) fn holds(&self, path: &str, bytes: &[u8]) -> bool {
        let print = self.prints.get(path).filter(|print| print.size == bytes.len() as u64);
        print.and_then(|print| print.hash).is_some_and(|hash| hash == self.hasher.hash_one(bytes))
    }
}

impl Print {
    /// Reads a file. None of one that is large and not `wanted`.
    fn of(
        path: &Utf8Path,
        wanted: bool,
        hasher: &foldhash::quality::RandomState,
        buffer: &mut [u8],
    ) -> std::io::Result<Option<Self>> {
        let mut file = File::open(path)?;
        let mut print = Self { size: 0, crc32: 0, hash: None };
        loop {
            let mut filled = 0;
            while filled < buffer.len() {
                match file.read(&mut buffer[filled..])? {
                    0 => break,
                    count => filled += count,
                }
            }
            let bytes = &buffer[..filled];
            let is_end = filled < buffer.len();
            if is_end && print.size == 0 {
                print.hash = Some(hasher.hash_one(bytes));
            }
            print.size += filled as u64;
            print.crc32 = zlib_rs::crc32::crc32(print.crc32, bytes);
            if is_end {
                return Ok(Some(print));
            }
            if !wanted {
                return Ok(None);
            }
        }
    }
}
