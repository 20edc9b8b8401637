//! `unpack` and `pack` as JSON: every file, and none left out for length.
//!
//! Read [`unpack`] first.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::json::{VERSION, schema, write};
use crate::layout::Kind;
use crate::model::Finding;
use crate::transfer::{PackSummary, UnpackSummary};
use crate::write::{Change, ChangeKind};

/// `$schema` of what was unpacked.
pub const UNPACK_SCHEMA: &str = "urn:solship:schema:unpack:1";
/// `$schema` of what was packed.
pub const PACK_SCHEMA: &str = "urn:solship:schema:pack:1";

/// What became of the files of a folder: `solship unpack --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "solship unpack")]
struct UnpackDocument<'u> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    /// The folder.
    folder: &'u str,
    /// Which packages it holds.
    kind: PackageKind,
    /// Nothing was written, only listed.
    dry_run: bool,
    /// An interrupted run was finished first.
    finished_earlier: bool,
    /// Files that are not as they were, by path.
    changes: Vec<ChangedFile<'u>>,
    /// How many files were as they should be.
    unchanged: usize,
    /// Files that are no longer in the package, and were not deleted because that was not allowed.
    not_deleted: &'u [String],
    /// What is not the solution's.
    left_alone: Vec<LeftAlone<'u>>,
    /// Files that a map file says to leave out.
    mapped: &'u [String],
    /// Files that a map file says to leave out, and that were written because nothing else in the folder names them.
    mapped_and_written: &'u [String],
    /// What should be said of the package.
    findings: &'u [Finding],
}

/// Archives that were made of a folder: `solship pack --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "solship pack")]
struct PackDocument<'p> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    /// The folder.
    folder: &'p str,
    /// Nothing was written.
    dry_run: bool,
    /// The archives.
    archives: Vec<PackedArchive<'p>>,
    /// What was not packed.
    left_alone: Vec<LeftAlone<'p>>,
    /// Files that a map file says to read from elsewhere.
    mapped: Vec<MappedFile<'p>>,
    /// What should be said of the folder.
    findings: &'p [Finding],
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum PackageKind {
    Unmanaged,
    Managed,
    Both,
}

/// A file that is not as it was.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangedFile<'u> {
    /// Path below the folder, with `/`.
    path: &'u str,
    /// What happened to it.
    change: ChangeName,
    /// How it was spelled before.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'u str>,
    /// Bytes before.
    #[serde(skip_serializing_if = "Option::is_none")]
    old_size: Option<u64>,
    /// Bytes after.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_size: Option<u64>,
}

impl<'u> ChangedFile<'u> {
    pub(super) fn of(change: &'u Change) -> Self {
        let (name, from) = match &change.kind {
            ChangeKind::Added => (ChangeName::Added, None),
            ChangeKind::Changed => (ChangeName::Changed, None),
            ChangeKind::Renamed { from } => (ChangeName::Renamed, Some(from.as_str())),
            ChangeKind::Deleted => (ChangeName::Deleted, None),
        };
        let (old_size, new_size) = (change.old_size, change.new_size);
        Self { path: &change.path, change: name, from, old_size, new_size }
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ChangeName {
    Added,
    Changed,
    Renamed,
    Deleted,
}

/// A file or folder (with `/` at the end) that is not the solution's.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct LeftAlone<'s> {
    /// Path below the folder.
    path: &'s str,
    /// Why, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// An archive that was written, or would be.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PackedArchive<'p> {
    /// Where.
    path: &'p str,
    /// Managed or not.
    managed: bool,
    /// Entries.
    entries: usize,
    /// Bytes of the archive; none when nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
}

/// A file that is read from elsewhere.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct MappedFile<'p> {
    /// Path below the folder.
    path: &'p str,
    /// The file that was read.
    read_from: &'p str,
}

/// Writes what was unpacked, or would be.
pub fn unpack(writer: &mut dyn Write, summary: &UnpackSummary) -> io::Result<()> {
    let left_alone = summary.left_alone.iter();
    let document = UnpackDocument {
        schema: UNPACK_SCHEMA,
        version: VERSION,
        folder: summary.target.as_str(),
        kind: match summary.kind {
            Kind::Unmanaged => PackageKind::Unmanaged,
            Kind::Managed => PackageKind::Managed,
            Kind::Both => PackageKind::Both,
        },
        dry_run: summary.dry_run,
        finished_earlier: summary.folder.finished_earlier,
        changes: summary.folder.changes.iter().map(ChangedFile::of).collect(),
        unchanged: summary.folder.unchanged,
        not_deleted: &summary.folder.left,
        left_alone: left_alone
            .map(|(path, reason)| LeftAlone { path, reason: reason.as_ref().map(ToString::to_string) })
            .collect(),
        mapped: &summary.mapped,
        mapped_and_written: &summary.placeholders,
        findings: &summary.findings,
    };
    write(writer, &document)
}

/// Writes what was packed, or would be.
pub fn pack(writer: &mut dyn Write, summary: &PackSummary) -> io::Result<()> {
    let archives = summary.written.iter().map(|written| PackedArchive {
        path: written.path.as_str(),
        managed: written.managed,
        entries: written.entries,
        bytes: written.bytes,
    });
    let left_alone = summary.left_alone.iter();
    let mapped = summary.mapped.iter();
    let document = PackDocument {
        schema: PACK_SCHEMA,
        version: VERSION,
        folder: &summary.folder,
        dry_run: summary.dry_run,
        archives: archives.collect(),
        left_alone: left_alone
            .map(|(path, reason)| LeftAlone { path, reason: Some(reason.to_string()) })
            .collect(),
        mapped: mapped.map(|(path, place)| MappedFile { path, read_from: place.as_str() }).collect(),
        findings: &summary.findings,
    };
    write(writer, &document)
}

/// The schema of [`unpack`]'s output.
pub fn unpack_schema() -> Value {
    schema::<UnpackDocument<'static>>(UNPACK_SCHEMA)
}

/// The schema of [`pack`]'s output.
pub fn pack_schema() -> Value {
    schema::<PackDocument<'static>>(PACK_SCHEMA)
}
