//! What is in a folder now: [`Listing`].

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

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
        let mut listing = Self::default();
        let mut pending = vec![String::new()];
        while let Some(folder) = pending.pop() {
            let absolute = target.join(&folder);
            let io = |error| WriteError::io(&absolute, error);
            for entry in fs_err::read_dir(&absolute).map_err(io)? {
                let entry = entry.map_err(io)?;
                let name = entry.file_name();
                let separator = if folder.is_empty() { "" } else { "/" };
                let Some(name) = name.to_str() else {
                    listing.others.insert(format!("{folder}{separator}{}", name.to_string_lossy()));
                    continue;
                };
                let path = format!("{folder}{separator}{name}");
                if path == stage::INSIDE {
                    continue;
                }
                let kind = entry.file_type().map_err(io)?;
                if kind.is_symlink() {
                    listing.links.insert(path);
                } else if kind.is_file() {
                    listing.files.insert(path);
                } else if !kind.is_dir() {
                    listing.others.insert(path);
                } else if wanted_folders.contains_key(path.as_str()) || (options.is_ours)(&format!("{path}/"))
                {
                    pending.push(path.clone());
                    listing.folders.insert(path);
                } else {
                    listing.others.insert(path + "/");
                }
            }
        }
        Ok(listing)
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
