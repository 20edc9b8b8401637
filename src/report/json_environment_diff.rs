//! `solship diff ENV ENV --format json`.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::json::{VERSION, schema, write};
use crate::environment_diff::EnvironmentDiff;

/// `$schema` of a comparison of environments.
pub const ENVIRONMENT_DIFF_SCHEMA: &str = "urn:solship:schema:environment-diff:1";

/// What differs between two environments, and what would bring the second to the first: `solship diff ENV ENV --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship diff, environments")]
struct EnvironmentDiffDocument<'d> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    diff: &'d EnvironmentDiff,
}

/// Writes what differs.
pub fn diff(writer: &mut dyn Write, diff: &EnvironmentDiff) -> io::Result<()> {
    write(writer, &EnvironmentDiffDocument { schema: ENVIRONMENT_DIFF_SCHEMA, version: VERSION, diff })
}

/// The schema of [`diff`]'s output.
pub fn diff_schema() -> Value {
    schema::<EnvironmentDiffDocument<'static>>(ENVIRONMENT_DIFF_SCHEMA)
}
