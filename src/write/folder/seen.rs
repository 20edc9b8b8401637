//! What is in a folder, looked at before it is known what is wanted there: [`Seen`].

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::io::Read as _;

use camino::Utf8Path;
use fs_err::File;

use super::content::{Checksum, Content};
use super::listing::{Child, ChildKind, children};
use super::threads::Threads;
use crate::write::path::PathHasher;

/// Bytes read at once: most files are smaller.
const BUFFER: usize = 128 * 1024;

/// The content of a folder as it was met. What could not be read is not in it; whoever needs it reads again, and is told why.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What is directly in a folder, by the folder's path.
    pub(super) folders: HashMap<String, Vec<Child>, PathHasher>,
    /// Folders that are not looked at yet.
    pending: Vec<String>,
    prints: HashMap<String, Print, PathHasher>,
    /// Keyed anew in each run, so that nobody can make two texts of one hash.
    hasher: foldhash::quality::RandomState,
}

/// What is in a folder, all of it seen.
#[derive(Debug)]
pub(super) struct Found {
    /// Of the files that are ours.
    pub(super) content: Content,
    /// How many these are.
    pub(super) files: usize,
    /// What is not ours, sorted; folders with `/` at the end.
    pub(super) others: Vec<String>,
}

/// What tells the content of a file from another without keeping it.
#[derive(Debug, Clone, Copy)]
struct Print {
    checksum: Checksum,
    /// Of all bytes; none of a large file, which is compared byte by byte.
    hash: Option<u64>,
}

impl Seen {
    /// Nothing is seen yet.
    pub(super) fn nothing() -> Self {
        Self { pending: vec![String::new()], ..Self::default() }
    }

    /// Lists the folder and reads what is ours of its files, from where it was left. Folders in which nothing is ours are not
    /// entered.
    pub(super) fn look(
        &mut self,
        target: &Utf8Path,
        is_ours: &(dyn Fn(&str) -> bool + Sync),
        threads: Threads<'_>,
    ) {
        while !self.pending.is_empty() {
            let look = |folder: &String, buffer: &mut Vec<u8>| {
                buffer.resize(BUFFER, 0);
                let children = children(target, folder).ok()?;
                let files = children.iter().filter(|child| child.kind == ChildKind::File);
                let prints: Vec<(String, Print)> = files
                    .map(|child| child.path_in(folder))
                    .filter(|path| is_ours(path))
                    .filter_map(|path| {
                        let print = Print::of(&target.join(&path), &self.hasher, buffer).ok()?;
                        Some((path, print))
                    })
                    .collect();
                Some((folder.clone(), children, prints))
            };
            let (level, begun) = threads.each(&self.pending, look);
            let left = self.pending.split_off(begun);
            self.pending.clear();
            for (folder, children, prints) in level.into_iter().flatten() {
                let inner = children.iter().filter(|child| child.kind == ChildKind::Folder);
                let inner = inner.map(|child| child.path_in(&folder));
                self.pending.extend(inner.filter(|path| is_ours(&format!("{path}/"))));
                self.prints.extend(prints);
                self.folders.insert(folder, children);
            }
            if !left.is_empty() {
                self.pending.extend(left);
                return;
            }
        }
    }

    /// All of it; none when something could not be looked at.
    pub(super) fn all(&self, is_ours: &(dyn Fn(&str) -> bool + Sync)) -> Option<Found> {
        let mut others = Vec::new();
        for (folder, children) in &self.folders {
            for child in children {
                let path = child.path_in(folder);
                match child.kind {
                    ChildKind::File if self.prints.contains_key(&path) => {}
                    ChildKind::File if is_ours(&path) => return None,
                    ChildKind::Folder if self.folders.contains_key(&path) => {}
                    ChildKind::Folder => {
                        let path = path + "/";
                        if is_ours(&path) {
                            return None;
                        }
                        others.push(path);
                    }
                    ChildKind::File | ChildKind::Link | ChildKind::Other => others.push(path),
                }
            }
        }
        others.sort();
        let files = self.prints.iter().map(|(path, print)| (path.as_str(), Some(print.checksum)));
        let is_whole = self.pending.is_empty() && self.folders.contains_key("");
        let content = is_whole.then(|| Content::of(files)).flatten()?;
        Some(Found { content, files: self.prints.len(), others })
    }

    /// Size and CRC-32 of a file.
    pub(super) fn checksum(&self, path: &str) -> Option<Checksum> {
        self.prints.get(path).map(|print| print.checksum)
    }

    /// Whether the file had this size and checksum.
    pub(super) fn has(&self, path: &str, size: u64, crc32: u32) -> bool {
        self.prints.get(path).is_some_and(|print| print.checksum == Checksum { size, crc32 })
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

impl Print {
    fn of(
        path: &Utf8Path,
        hasher: &foldhash::quality::RandomState,
        buffer: &mut [u8],
    ) -> std::io::Result<Self> {
        let mut file = File::open(path)?;
        let mut print = Self { checksum: Checksum::default(), hash: None };
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
            if is_end && print.checksum.size == 0 {
                print.hash = Some(hasher.hash_one(bytes));
            }
            print.checksum.add(bytes);
            if is_end {
                return Ok(print);
            }
        }
    }
}
