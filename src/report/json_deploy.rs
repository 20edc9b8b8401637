//! Deployments as JSON.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{VERSION, schema, write};
use crate::deploy::Deployment;

/// `$schema` of a deployment.
pub const SCHEMA: &str = "urn:solship:schema:deployment:1";

/// What would be done to an environment, or what was: `solship deploy|undeploy --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship deploy")]
struct Document<'d> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    deployment: &'d Deployment,
}

/// Writes a deployment.
pub fn deployment(writer: &mut dyn Write, deployment: &Deployment) -> io::Result<()> {
    write(writer, &Document { schema: SCHEMA, version: VERSION, deployment })
}

/// The schema of [`deployment`].
pub fn deployment_schema() -> serde_json::Value {
    schema::<Document<'static>>(SCHEMA)
}
