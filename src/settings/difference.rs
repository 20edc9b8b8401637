//! What two settings files have that is not the same. Values are never shown.

use std::collections::BTreeSet;

use super::{Kind, SettingsFile};

/// What is not the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only the second file has the entry.
    Added,
    /// Only the first file has it.
    Removed,
    /// Only the second file fills it.
    Filled,
    /// Only the first file fills it.
    Emptied,
    /// Both fill it, with other contents.
    Changed,
    /// The connector is another one.
    Connector,
}

/// What is not the same, by kind and name.
pub fn difference(one: &SettingsFile, other: &SettingsFile) -> Vec<(Kind, String, Change)> {
    let entries = one.entries.iter().chain(&other.entries);
    let names: BTreeSet<(Kind, String)> =
        entries.map(|entry| (entry.kind, entry.name.to_lowercase())).collect();
    let mut changes = Vec::new();
    for (kind, name) in names {
        let (found, change) = match (one.entry(kind, &name), other.entry(kind, &name)) {
            (None, Some(entry)) => (entry, Some(Change::Added)),
            (Some(entry), None) => (entry, Some(Change::Removed)),
            (Some(first), Some(second)) => {
                let change = match (first.is_filled(), second.is_filled()) {
                    (false, true) => Some(Change::Filled),
                    (true, false) => Some(Change::Emptied),
                    (true, true) if first.content != second.content => Some(Change::Changed),
                    _ if first.connector != second.connector => Some(Change::Connector),
                    _ => None,
                };
                (second, change)
            }
            (None, None) => continue,
        };
        changes.extend(change.map(|change| (kind, found.name.clone(), change)));
    }
    changes
}
