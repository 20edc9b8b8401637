//! What is in a folder now: [`Listing`].

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use rayon::prelude::*;

use super::seen::Seen;
use super::{FolderOptions, stage};
use crate::write::WriteError;

/// The content of a folder by paths with `/`. Links are not followed.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) files: BTreeSet<String>,
    pub(super) folders: BTreeSet<String>,
    pub(super) links: BTreeSet<String>,
    /// What is neither, what has no UTF-8 name, and folders (with `/` at the end) in which nothing is ours.
    pub(super) others: BTreeSet<String>,
}

impl Listing {
    /// Lists `target`, as far as it is not `seen` already. A folder in which nothing is ours is not entered, unless a part
    /// goes there.
    pub(super) fn read(
        target: &Utf8Path,
        wanted_folders: &BTreeMap<&str, &str>,
        options: &FolderOptions<'_>,
        seen: &Seen,
    ) -> Result<Self, WriteError> {
        let mut found = Found::default();
        let mut pending = vec![String::new()];
        while !pending.is_empty() {
            // One level after the other, the folders of each on all threads.
            let read = |folder: &String| -> Result<Found, WriteError> {
                let read = match seen.folders.get(folder) {
                    Some(_) => Vec::new(),
                    None => children(target, folder)?,
                };
                let children = seen.folders.get(folder).unwrap_or(&read);
                Ok(Found::sort(folder, children, wanted_folders, options))
            };
            let level: Vec<_> = pending.par_iter().map(read).collect();
            pending.clear();
            for folder in level {
                let folder = folder?;
                pending.extend(folder.folders.iter().cloned());
                found.append(folder);
            }
        }
        let set = BTreeSet::from_iter;
        Ok(Self {
            files: set(found.files),
            folders: set(found.folders),
            links: set(found.links),
            others: set(found.others),
        })
    }

    /// A folder is called otherwise from now on.
    pub(super) fn rename_folder(&mut self, from: &str, to: &str) {
        for set in [&mut self.files, &mut self.folders, &mut self.links, &mut self.others] {
            let renamed = |path: &String| match path.strip_prefix(from) {
                Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{to}{rest}"),
                _ => path.clone(),
            };
            *set = set.iter().map(renamed).collect();
        }
    }

    /// What lies below `folder` in a set.
    pub(super) fn below<'s>(set: &'s BTreeSet<String>, folder: &str) -> impl Iterator<Item = &'s String> {
        let prefix = format!("{folder}/");
        set.range(prefix.clone()..).take_while(move |path| path.starts_with(&prefix))
    }
}

/// What something in a folder is. Links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChildKind {
    File,
    Folder,
    Link,
    /// None of these, or its name is not UTF-8.
    Other,
}

/// Something directly in a folder.
#[derive(Debug)]
pub(super) struct Child {
    name: String,
    pub(super) kind: ChildKind,
}

impl Child {
    /// Its path, when `folder` is that of the folder.
    pub(super) fn path_in(&self, folder: &str) -> String {
        let separator = if folder.is_empty() { "" } else { "/" };
        format!("{folder}{separator}{}", self.name)
    }
}

/// What is directly in a folder below `target`, the stage left out.
pub(super) fn children(target: &Utf8Path, folder: &str) -> Result<Vec<Child>, WriteError> {
    let absolute = target.join(folder);
    let io = |error| WriteError::io(&absolute, error);
    let mut children = Vec::new();
    for entry in fs_err::read_dir(&absolute).map_err(io)? {
        let entry = entry.map_err(io)?;
        let kind = entry.file_type().map_err(io)?;
        let child = match entry.file_name().into_string() {
            Err(name) => Child { name: name.to_string_lossy().into_owned(), kind: ChildKind::Other },
            Ok(name) if folder.is_empty() && name == stage::INSIDE => continue,
            Ok(name) if kind.is_symlink() => Child { name, kind: ChildKind::Link },
            Ok(name) if kind.is_file() => Child { name, kind: ChildKind::File },
            Ok(name) if kind.is_dir() => Child { name, kind: ChildKind::Folder },
            Ok(name) => Child { name, kind: ChildKind::Other },
        };
        children.push(child);
    }
    Ok(children)
}

/// What is directly in one folder, or in several; named as in [`Listing`].
#[derive(Debug, Default)]
struct Found {
    files: Vec<String>,
    folders: Vec<String>,
    links: Vec<String>,
    others: Vec<String>,
}

impl Found {
    fn sort(
        folder: &str,
        children: &[Child],
        wanted_folders: &BTreeMap<&str, &str>,
        options: &FolderOptions<'_>,
    ) -> Self {
        let mut found = Self::default();
        for child in children {
            let path = child.path_in(folder);
            match child.kind {
                ChildKind::File => found.files.push(path),
                ChildKind::Link => found.links.push(path),
                ChildKind::Other => found.others.push(path),
                ChildKind::Folder => {
                    let inside = format!("{path}/");
                    if wanted_folders.contains_key(path.as_str()) || (options.is_ours)(&inside) {
                        found.folders.push(path);
                    } else {
                        found.others.push(inside);
                    }
                }
            }
        }
        found
    }

    fn append(&mut self, mut other: Self) {
        self.files.append(&mut other.files);
        self.folders.append(&mut other.folders);
        self.links.append(&mut other.links);
        self.others.append(&mut other.others);
    }
}
