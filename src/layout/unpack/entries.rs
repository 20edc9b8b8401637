//! Places the entries that are copied byte for byte.

use super::super::names::folded;
use super::super::part::{Content, Part, Source};
use super::super::pattern::strip_prefix;
use super::super::place::{Place, place_of};
use super::super::rules::{CONTENT_TYPES, CUSTOMIZATIONS, DATA_SUFFIX, Files, RULES, SOLUTION};
use super::LayoutError;
use super::sections::Split;
use crate::package::Package;

/// The entries that are most likely copied to where they are in the archive, whatever the customizations say: no row and
/// no rule of the layout gives them another place.
pub fn likely_copies(package: &Package) -> Vec<Part<'_>> {
    let is_moved = |path: &str| {
        RULES.iter().any(|rule| match rule.files {
            Files::Folder(folder) | Files::Prefixed(folder) => strip_prefix(path, folder).is_some(),
            Files::Renamed(_) => {
                let folder = &rule.path[..rule.path.find('/').map_or(0, |slash| slash + 1)];
                strip_prefix(path, folder).is_some()
            }
            Files::None | Files::Beside | Files::BesideWithFolder | Files::Named(_) => false,
        })
    };
    let entries = package.entries().iter();
    let copied = entries.filter(|entry| !is_made_again(&entry.path) && !is_moved(&entry.path));
    copied
        .map(|entry| {
            let source = Source::File(entry.path.clone());
            Part::new(entry.path.clone(), Content::Entry { package, entry }, source)
        })
        .collect()
}

fn is_made_again(path: &str) -> bool {
    [SOLUTION.0, CUSTOMIZATIONS.0, CONTENT_TYPES].iter().any(|name| path.eq_ignore_ascii_case(name))
}

impl Split<'_> {
    /// Every entry that is not made again goes into the folder; so that pack finds its way back.
    pub(super) fn copied_entries(&mut self) -> Result<(), LayoutError> {
        let package = self.archive.package;
        let mut copied = Vec::new();
        for entry in package.entries() {
            if is_made_again(&entry.path) {
                continue;
            }
            let moved = self.rows.moved.remove(&folded(&entry.path));
            let is_moved = moved.is_some();
            let path = moved.unwrap_or_else(|| self.folder_path(&entry.path));
            let returns = match place_of(&path) {
                Place::Entry(name) => is_moved || name == entry.path,
                _ => false,
            };
            let row = format!("{path}{DATA_SUFFIX}");
            if !is_moved && let Some(section) = self.rows.renamed.get(&folded(&row)) {
                return Err(LayoutError::Taken { entry: entry.path.clone(), section });
            }
            if !returns {
                let section = place_of(&path).section();
                return Err(LayoutError::Taken { entry: entry.path.clone(), section });
            }
            let source = Source::File(entry.path.clone());
            copied.push(Part::new(path, Content::Entry { package, entry }, source));
        }
        self.rows.parts.extend(copied);
        Ok(())
    }

    fn folder_path(&self, entry: &str) -> String {
        for rule in RULES {
            match rule.files {
                Files::Folder(folder) => {
                    if let Some(rest) = strip_prefix(entry, folder) {
                        let target = rule.path.split('/').next().unwrap_or_default();
                        return format!("{target}/{rest}");
                    }
                }
                Files::Prefixed(folder) => {
                    let target =
                        strip_prefix(entry, folder).filter(|rest| !rest.contains('/')).and_then(|rest| {
                            let (entity, _) = rest.split_once('-')?;
                            let below = self.rows.entity_folders.get(&entity.to_lowercase())?;
                            Some(format!("{below}{folder}{rest}"))
                        });
                    if let Some(target) = target {
                        return target;
                    }
                }
                _ => {}
            }
        }
        entry.to_owned()
    }
}
