//! `solship explain-import --format json`.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::json::{VERSION, schema, write};
use crate::explain::Explanation;

/// `$schema` of an explanation.
pub const EXPLAIN_SCHEMA: &str = "urn:solship:schema:explain-import:1";

/// Why an import failed: `solship explain-import --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship explain-import")]
struct ExplainDocument<'e> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    explanation: &'e Explanation,
}

/// Writes why an import failed.
pub fn explanation(writer: &mut dyn Write, explanation: &Explanation) -> io::Result<()> {
    write(writer, &ExplainDocument { schema: EXPLAIN_SCHEMA, version: VERSION, explanation })
}

/// The schema of [`explanation`]'s output.
pub fn explain_schema() -> Value {
    schema::<ExplainDocument<'static>>(EXPLAIN_SCHEMA)
}
