//! What is in a folder now: [`Listing`].

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use rayon::prelude::*;

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
    /// Lists `target`. A folder in which nothing is ours is not entered, unless a part goes there.
    pub(super) fn read(
        target: &Utf8Path,
        wanted_folders: &BTreeMap<&str, &str>,
        options: &FolderOptions<'_>,
    ) -> Result<Self, WriteError> {
        let mut found = Found::default();
        let mut pending = vec![String::new()];
        while !pending.is_empty() {
            // One level after the other, the folders of each on all threads.
            let read = |folder: &String| Found::read(target, folder, wanted_folders, options);
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

/// What is directly in one folder, or in several; named as in [`Listing`].
#[derive(Debug, Default)]
struct Found {
    files: Vec<String>,
    folders: Vec<String>,
    links: Vec<String>,
    others: Vec<String>,
}

impl Found {
    fn read(
        target: &Utf8Path,
        folder: &str,
        wanted_folders: &BTreeMap<&str, &str>,
        options: &FolderOptions<'_>,
    ) -> Result<Self, WriteError> {
        let mut found = Self::default();
        let absolute = target.join(folder);
        let io = |error| WriteError::io(&absolute, error);
        for entry in fs_err::read_dir(&absolute).map_err(io)? {
            let entry = entry.map_err(io)?;
            let name = entry.file_name();
            let separator = if folder.is_empty() { "" } else { "/" };
            let Some(name) = name.to_str() else {
                found.others.push(format!("{folder}{separator}{}", name.to_string_lossy()));
                continue;
            };
            let path = format!("{folder}{separator}{name}");
            if path == stage::INSIDE {
                continue;
            }
            let kind = entry.file_type().map_err(io)?;
            if kind.is_symlink() {
                found.links.push(path);
            } else if kind.is_file() {
                found.files.push(path);
            } else if !kind.is_dir() {
                found.others.push(path);
            } else if wanted_folders.contains_key(path.as_str()) || (options.is_ours)(&format!("{path}/")) {
                found.folders.push(path);
            } else {
                found.others.push(path + "/");
            }
        }
        Ok(found)
    }

    fn append(&mut self, mut other: Self) {
        self.files.append(&mut other.files);
        self.folders.append(&mut other.folders);
        self.links.append(&mut other.links);
        self.others.append(&mut other.others);
    }
}
