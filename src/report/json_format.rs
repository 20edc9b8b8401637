//! `solship format --format json`.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::json::{VERSION, schema, write};
use super::json_transfer::ChangedFile;
use crate::format::FormatSummary;

/// `$schema` of what was formatted.
pub const FORMAT_SCHEMA: &str = "urn:solship:schema:format:1";

/// What was done to a folder: `solship format --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "solship format")]
struct FormatDocument<'f> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    /// The folder.
    folder: &'f str,
    /// Nothing was written.
    dry_run: bool,
    /// Files that are not as they were, by path.
    changes: Vec<ChangedFile<'f>>,
    /// How many files were as they should be.
    unchanged: usize,
}

/// Writes what was formatted, or would be.
pub fn format(writer: &mut dyn Write, summary: &FormatSummary) -> io::Result<()> {
    let document = FormatDocument {
        schema: FORMAT_SCHEMA,
        version: VERSION,
        folder: summary.folder.as_str(),
        dry_run: summary.dry_run,
        changes: summary.changes.iter().map(ChangedFile::of).collect(),
        unchanged: summary.unchanged,
    };
    write(writer, &document)
}

/// The schema of [`format`](format())'s output.
pub fn format_schema() -> Value {
    schema::<FormatDocument<'static>>(FORMAT_SCHEMA)
}
