//! What was done to a solution that was edited, as JSON.
//!
//! Read [`edited`] first.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{VERSION, write};
use super::json_transfer::ChangedFile;
use crate::author::{Action, Edited};
use crate::model::SolutionIdentity;

/// `$schema` of what was edited.
pub const SCHEMA: &str = "urn:solship:schema:edited:1";

/// What was done to a solution: `solship add --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "solship add, set, rename, remove")]
struct EditedDocument<'e> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    /// The solution, before.
    solution: &'e SolutionIdentity,
    /// Nothing was written.
    dry_run: bool,
    /// What was done, in its order.
    steps: Vec<StepDocument<'e>>,
    /// The files that are not as they were, in the layout of a folder.
    changes: Vec<ChangedFile<'e>>,
}

/// What was done to one component.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct StepDocument<'e> {
    /// What.
    action: ActionName,
    /// The component, as a sentence names it.
    component: &'e str,
    /// The name it had.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'e str>,
    /// More that should be known.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'e [String],
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum ActionName {
    Added,
    Changed,
    Removed,
    Renamed,
    Unchanged,
}

/// Writes what was done, or would be.
pub fn edited(writer: &mut dyn Write, edited: &Edited) -> io::Result<()> {
    let steps = edited.steps.iter().map(|step| {
        let (action, from) = match &step.action {
            Action::Added => (ActionName::Added, None),
            Action::Changed => (ActionName::Changed, None),
            Action::Removed => (ActionName::Removed, None),
            Action::Renamed { from } => (ActionName::Renamed, Some(from.as_str())),
            Action::Unchanged => (ActionName::Unchanged, None),
        };
        StepDocument { action, component: &step.component, from, notes: &step.notes }
    });
    let document = EditedDocument {
        schema: SCHEMA,
        version: VERSION,
        solution: &edited.solution,
        dry_run: edited.dry_run,
        steps: steps.collect(),
        changes: edited.changes.iter().map(ChangedFile::of).collect(),
    };
    write(writer, &document)
}

/// The schema of [`edited`].
pub fn schema() -> serde_json::Value {
    super::json::schema::<EditedDocument<'static>>(SCHEMA)
}
