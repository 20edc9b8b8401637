//! Settings files as JSON: what was done, what is wrong, what differs. No value is known here.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{VERSION, schema, write};
use crate::model::Finding;
use crate::settings::{Change, Kind, Synced};

/// `$schema` of what was brought up.
pub const SYNC_SCHEMA: &str = "urn:solship:schema:settings-sync:1";
/// `$schema` of what was checked.
pub const CHECK_SCHEMA: &str = "urn:solship:schema:settings-check:1";
/// `$schema` of what differs.
pub const DIFF_SCHEMA: &str = "urn:solship:schema:settings-diff:1";

/// An entry of a settings file.
#[derive(Serialize, JsonSchema)]
struct EntryName<'s> {
    /// `variable` or `connection reference`.
    kind: &'static str,
    /// Its name.
    name: &'s str,
}

/// What was done to a settings file: `solship settings sync --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "solship settings sync")]
struct SyncDocument<'s> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    /// The file.
    file: &'s str,
    /// Nothing was written.
    dry_run: bool,
    /// Entries that are new.
    added: Vec<EntryName<'s>>,
    /// Entries that no solution has any more.
    dropped: Vec<EntryName<'s>>,
    /// Entries that no solution has any more, kept because they are filled.
    kept: Vec<EntryName<'s>>,
}

/// What is wrong with settings files: `solship settings check --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship settings check")]
struct CheckDocument<'s> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    /// The files.
    files: &'s [&'s str],
    /// Errors first.
    findings: &'s [Finding],
}

/// What two settings files have that is not the same: `solship settings diff --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship settings diff")]
struct DiffDocument<'s> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    /// The two files.
    files: [&'s str; 2],
    /// By kind and name.
    changes: Vec<ChangedEntry<'s>>,
}

/// An entry that is not the same in both.
#[derive(Serialize, JsonSchema)]
struct ChangedEntry<'s> {
    #[serde(flatten)]
    entry: EntryName<'s>,
    /// What is not the same.
    change: ChangeName,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum ChangeName {
    Added,
    Removed,
    Filled,
    Emptied,
    Changed,
    Connector,
}

fn entry<'s>(kind: Kind, name: &'s str) -> EntryName<'s> {
    EntryName { kind: kind.words(), name }
}

/// Writes what was done to a file.
pub fn synced(writer: &mut dyn Write, file: &str, synced: &Synced, dry_run: bool) -> io::Result<()> {
    fn names(entries: &[(Kind, String)]) -> Vec<EntryName<'_>> {
        entries.iter().map(|(kind, name)| entry(*kind, name)).collect()
    }
    let document = SyncDocument {
        schema: SYNC_SCHEMA,
        version: VERSION,
        file,
        dry_run,
        added: names(&synced.added),
        dropped: names(&synced.dropped),
        kept: names(&synced.kept),
    };
    write(writer, &document)
}

/// Writes what is wrong with files.
pub fn checked(writer: &mut dyn Write, files: &[&str], findings: &[Finding]) -> io::Result<()> {
    write(writer, &CheckDocument { schema: CHECK_SCHEMA, version: VERSION, files, findings })
}

/// Writes what differs.
pub fn difference(
    writer: &mut dyn Write,
    files: [&str; 2],
    changes: &[(Kind, String, Change)],
) -> io::Result<()> {
    let changes = changes.iter().map(|(kind, name, change)| ChangedEntry {
        entry: entry(*kind, name),
        change: match change {
            Change::Added => ChangeName::Added,
            Change::Removed => ChangeName::Removed,
            Change::Filled => ChangeName::Filled,
            Change::Emptied => ChangeName::Emptied,
            Change::Changed => ChangeName::Changed,
            Change::Connector => ChangeName::Connector,
        },
    });
    let document = DiffDocument { schema: DIFF_SCHEMA, version: VERSION, files, changes: changes.collect() };
    write(writer, &document)
}

/// The schema of [`synced`].
pub fn sync_schema() -> serde_json::Value {
    schema::<SyncDocument<'static>>(SYNC_SCHEMA)
}

/// The schema of [`checked`].
pub fn check_schema() -> serde_json::Value {
    schema::<CheckDocument<'static>>(CHECK_SCHEMA)
}

/// The schema of [`difference`].
pub fn diff_schema() -> serde_json::Value {
    schema::<DiffDocument<'static>>(DIFF_SCHEMA)
}
