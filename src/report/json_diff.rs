//! `solship diff --format json`.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::json::{VERSION, schema, write};
use crate::diff::SetDiff;

/// `$schema` of a comparison.
pub const DIFF_SCHEMA: &str = "urn:solship:schema:diff:1";

/// What changed between two sets of solutions: `solship diff --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship diff")]
struct DiffDocument<'d> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    diff: &'d SetDiff,
}

/// Writes what changed.
pub fn diff(writer: &mut dyn Write, diff: &SetDiff) -> io::Result<()> {
    write(writer, &DiffDocument { schema: DIFF_SCHEMA, version: VERSION, diff })
}

/// The schema of [`diff`]'s output.
pub fn diff_schema() -> Value {
    schema::<DiffDocument<'static>>(DIFF_SCHEMA)
}
