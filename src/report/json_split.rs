//! `solship split` and `solship merge --format json`.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::json::{VERSION, schema, write};
use crate::split::{Merged, Split};

/// `$schema` of a split.
pub const SPLIT_SCHEMA: &str = "urn:solship:schema:split:1";
/// `$schema` of a merge.
pub const MERGE_SCHEMA: &str = "urn:solship:schema:merge:1";

/// The parts of a solution in import order: `solship split --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "solship split")]
struct SplitDocument<'s> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    /// Nothing was written.
    dry_run: bool,
    /// Where the parts are, or would be, in import order.
    places: &'s [String],
    #[serde(flatten)]
    split: &'s Split,
}

/// Several solutions in one: `solship merge --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "solship merge")]
struct MergeDocument<'m> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    /// Nothing was written.
    dry_run: bool,
    /// Where the solution is, or would be.
    place: &'m str,
    #[serde(flatten)]
    merged: &'m Merged,
}

/// Writes what was split.
pub fn split(writer: &mut dyn Write, split: &Split, places: &[String], dry_run: bool) -> io::Result<()> {
    write(writer, &SplitDocument { schema: SPLIT_SCHEMA, version: VERSION, dry_run, places, split })
}

/// Writes what was merged.
pub fn merge(writer: &mut dyn Write, merged: &Merged, place: &str, dry_run: bool) -> io::Result<()> {
    write(writer, &MergeDocument { schema: MERGE_SCHEMA, version: VERSION, dry_run, place, merged })
}

/// The schema of [`split`]'s output.
pub fn split_schema() -> Value {
    schema::<SplitDocument<'static>>(SPLIT_SCHEMA)
}

/// The schema of [`merge`]'s output.
pub fn merge_schema() -> Value {
    schema::<MergeDocument<'static>>(MERGE_SCHEMA)
}
