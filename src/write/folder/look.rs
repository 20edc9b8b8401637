//! A look at a folder, before it is known what is wanted there: [`Look`].

use std::hash::BuildHasher as _;
use std::io::Read as _;

use camino::Utf8Path;
use fs_err::File;

use super::content::{Checksum, Content};
use super::listing::{Child, ChildKind, children};
use super::seen::{Hasher, Print, Seen};
use super::threads::Threads;

/// Bytes read at once: most files are smaller.
const BUFFER: usize = 128 * 1024;

/// What was found in a folder so far. What could not be read is left out; whoever needs it reads again, and is told why.
#[derive(Debug)]
pub(super) struct Look {
    found: Vec<Found>,
    /// Folders that are not looked at yet.
    pending: Vec<String>,
    hasher: Hasher,
}

/// One folder.
#[derive(Debug)]
struct Found {
    path: String,
    children: Vec<Child>,
    /// The files in it that are ours, by their whole paths.
    prints: Vec<(String, Print)>,
    /// How many of the folders in it are looked into.
    entered: usize,
}

/// All that is in a folder.
#[derive(Debug)]
pub(super) struct Whole {
    /// Of the files that are ours.
    pub(super) content: Content,
    /// How many these are.
    pub(super) files: usize,
    /// What is not ours, sorted; folders with `/` at the end.
    pub(super) others: Vec<String>,
}

impl Look {
    /// Nothing is found yet.
    pub(super) fn begin() -> Self {
        Self { found: Vec::new(), pending: vec![String::new()], hasher: Hasher::default() }
    }

    /// Lists the folder and reads what is ours of its files, from where it was left. Folders in which nothing is ours are not
    /// entered.
    pub(super) fn go_on(
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
                        let print = print(&target.join(&path), &self.hasher, buffer).ok()?;
                        Some((path, print))
                    })
                    .collect();
                let folders = children.iter().filter(|child| child.kind == ChildKind::Folder);
                let folders = folders.map(|child| child.path_in(folder));
                let inside: Vec<String> = folders.filter(|path| is_ours(&format!("{path}/"))).collect();
                Some((Found { path: folder.clone(), children, prints, entered: inside.len() }, inside))
            };
            let (level, begun) = threads.each(&self.pending, look);
            let left = self.pending.split_off(begun);
            self.pending.clear();
            for (found, mut inside) in level.into_iter().flatten() {
                self.found.push(found);
                self.pending.append(&mut inside);
            }
            if !left.is_empty() {
                self.pending.extend(left);
                return;
            }
        }
    }

    /// All of it; none when something could not be looked at.
    pub(super) fn whole(&self, is_ours: &(dyn Fn(&str) -> bool + Sync)) -> Option<Whole> {
        if !self.pending.is_empty() {
            return None;
        }
        let mut others = Vec::new();
        for Found { path: folder, children, prints, entered } in &self.found {
            let count = |kind| children.iter().filter(|child| child.kind == kind).count();
            if (count(ChildKind::File), count(ChildKind::Folder), children.len())
                == (prints.len(), *entered, prints.len() + entered)
            {
                continue;
            }
            // In the order of the children.
            let mut prints = prints.iter().peekable();
            for child in children {
                let path = child.path_in(folder);
                match child.kind {
                    ChildKind::File if prints.next_if(|(ours, _)| *ours == path).is_some() => {}
                    // One that cannot be read.
                    ChildKind::File if is_ours(&path) => return None,
                    ChildKind::Folder => {
                        let path = path + "/";
                        if !is_ours(&path) {
                            others.push(path);
                        }
                    }
                    ChildKind::File | ChildKind::Link | ChildKind::Other => others.push(path),
                }
            }
        }
        // One that cannot be listed is missing.
        let entered: usize = self.found.iter().map(|found| found.entered).sum();
        if self.found.len() != 1 + entered {
            return None;
        }
        others.sort();
        others.dedup();
        let prints = self.found.iter().flat_map(|found| &found.prints);
        let files = prints.map(|(path, print)| (path.as_str(), Some(print.checksum)));
        Some(Whole {
            content: Content::of(files)?,
            files: self.found.iter().map(|found| found.prints.len()).sum(),
            others,
        })
    }

    /// The same by paths.
    pub(super) fn seen(self) -> Seen {
        let mut seen = Seen { hasher: self.hasher, ..Seen::default() };
        for found in self.found {
            seen.prints.extend(found.prints);
            seen.folders.insert(found.path, found.children);
        }
        seen
    }
}

fn print(path: &Utf8Path, hasher: &Hasher, buffer: &mut [u8]) -> std::io::Result<Print> {
    let mut file = File::open(path)?;
    let mut print = Print { checksum: Checksum::default(), hash: None };
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
