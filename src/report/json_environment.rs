//! Environments as JSON: what they hold in short, what was done to them. No value is known here.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{VERSION, schema, write};
use crate::environment::LogEntry;
use crate::environment::overview::Overview;
use crate::environment::snapshot::{SCHEMA, SnapshotDocument};
use crate::text::moment;

/// `$schema` of what was done.
pub const DONE_SCHEMA: &str = "urn:solship:schema:environment-change:1";
/// `$schema` of a list.
pub const LIST_SCHEMA: &str = "urn:solship:schema:environment-list:1";
/// `$schema` of an overview.
pub const OVERVIEW_SCHEMA: &str = "urn:solship:schema:environment-overview:1";
/// `$schema` of a log.
pub const LOG_SCHEMA: &str = "urn:solship:schema:environment-log:1";

/// What was done to an environment.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Done {
    /// How messages name it.
    pub environment: String,
    /// What was done.
    pub done: String,
    /// What else is worth telling.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The command that comes next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Done {
    /// Without notes.
    pub fn new(environment: &str, done: &str) -> Self {
        Self { environment: environment.to_owned(), done: done.to_owned(), ..Self::default() }
    }
}

/// An environment in a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// How messages name it.
    pub environment: String,
    /// How many solutions it has.
    pub solutions: usize,
    /// How many components it has.
    pub components: usize,
    /// Why it cannot be read; then nothing is known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// What was done to an environment: `solship env new|delete|restore|provide|set --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship env, what was done")]
struct DoneDocument<'d> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    done: &'d Done,
}

/// The local environments: `solship env list --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship env list")]
struct ListDocument<'l> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    environments: &'l [Listed],
}

/// What an environment holds, in short: `solship env show --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship env show")]
struct OverviewDocument<'o> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    overview: &'o Overview,
}

/// What was done to an environment, oldest first: `solship env log --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship env log")]
struct LogDocument<'l> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    /// How messages name the environment.
    environment: &'l str,
    log: Vec<LogLine<'l>>,
}

#[derive(Serialize, JsonSchema)]
struct LogLine<'l> {
    /// The moment, `2026-11-29T08:30:00Z`.
    at: String,
    #[serde(flatten)]
    entry: &'l LogEntry,
}

/// Writes what was done.
pub fn done(writer: &mut dyn Write, done: &Done) -> io::Result<()> {
    write(writer, &DoneDocument { schema: DONE_SCHEMA, version: VERSION, done })
}

/// Writes a list.
pub fn list(writer: &mut dyn Write, environments: &[Listed]) -> io::Result<()> {
    write(writer, &ListDocument { schema: LIST_SCHEMA, version: VERSION, environments })
}

/// Writes an overview.
pub fn overview(writer: &mut dyn Write, overview: &Overview) -> io::Result<()> {
    write(writer, &OverviewDocument { schema: OVERVIEW_SCHEMA, version: VERSION, overview })
}

/// Writes a log.
pub fn log(writer: &mut dyn Write, environment: &str, log: &[LogEntry]) -> io::Result<()> {
    let log = log.iter().map(|entry| LogLine { at: moment(entry.time), entry }).collect();
    write(writer, &LogDocument { schema: LOG_SCHEMA, version: VERSION, environment, log })
}

/// The schema of [`done`].
pub fn done_schema() -> serde_json::Value {
    schema::<DoneDocument<'static>>(DONE_SCHEMA)
}

/// The schema of [`list`].
pub fn list_schema() -> serde_json::Value {
    schema::<ListDocument<'static>>(LIST_SCHEMA)
}

/// The schema of [`overview`].
pub fn overview_schema() -> serde_json::Value {
    schema::<OverviewDocument<'static>>(OVERVIEW_SCHEMA)
}

/// The schema of [`log`].
pub fn log_schema() -> serde_json::Value {
    schema::<LogDocument<'static>>(LOG_SCHEMA)
}

/// The schema of a snapshot.
pub fn snapshot_schema() -> serde_json::Value {
    schema::<SnapshotDocument>(SCHEMA)
}
