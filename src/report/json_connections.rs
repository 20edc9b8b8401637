//! The connections of an environment, and who its components are shared with, as JSON.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::json::{VERSION, schema, write};
use crate::environment::{Access, Role};
use crate::model::ComponentKey;

/// `$schema` of connections.
pub const CONNECTIONS_SCHEMA: &str = "urn:solship:schema:environment-connections:1";
/// `$schema` of shares.
pub const SHARES_SCHEMA: &str = "urn:solship:schema:environment-shares:1";

/// One connection.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedConnection {
    /// Its id.
    pub id: String,
    /// `shared_x`.
    pub connector: String,
    /// Display name; masked where it is an account, unless values were asked for.
    pub name: String,
    /// The day it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// The day on which it was last signed in again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// How it signs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter_set: Option<String>,
    /// The credential that it signs in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<ListedCredential>,
    /// Logical names of the connection references that are bound to it.
    pub bound: Vec<String>,
    /// It was made before April 2024 and should be signed in again.
    pub outdated: bool,
    /// What it lacks, so that no flow runs with it: `names no machine (targetId)`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
}

/// A credential that a connection signs in with.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ListedCredential {
    /// Which.
    #[serde(flatten)]
    pub component: ComponentKey,
    /// How a sentence names it.
    pub title: String,
}

/// One share.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedShare {
    /// What is shared.
    #[serde(flatten)]
    pub component: ComponentKey,
    /// How a sentence names it.
    pub title: String,
    /// With whom: `user:********#2` unless values were asked for; one number is one account in one result.
    pub principal: String,
    /// In which role.
    pub role: Role,
    /// What that allows.
    pub access: Access,
}

/// The connections of an environment: `solship env connect ENV list --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship env connect list")]
struct ConnectionsDocument<'c> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    connections: &'c [ListedConnection],
}

/// Who components are shared with: `solship env shares --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "solship env shares")]
struct SharesDocument<'c> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    shares: &'c [ListedShare],
}

/// Writes connections.
pub fn connections(writer: &mut dyn Write, connections: &[ListedConnection]) -> io::Result<()> {
    write(writer, &ConnectionsDocument { schema: CONNECTIONS_SCHEMA, version: VERSION, connections })
}

/// Writes shares.
pub fn shares(writer: &mut dyn Write, shares: &[ListedShare]) -> io::Result<()> {
    write(writer, &SharesDocument { schema: SHARES_SCHEMA, version: VERSION, shares })
}

/// The schema of [`connections`]' output.
pub fn connections_schema() -> Value {
    schema::<ConnectionsDocument<'static>>(CONNECTIONS_SCHEMA)
}

/// The schema of [`shares`]' output.
pub fn shares_schema() -> Value {
    schema::<SharesDocument<'static>>(SHARES_SCHEMA)
}
