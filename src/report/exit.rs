//! Exit codes of every command.

use crate::model::{Finding, Severity};

/// Done, and no finding at or over the level that was asked for (`--fail-on`, by default `error`).
pub const DONE: u8 = 0;
/// Done, and at least one finding at or over that level.
pub const FOUND: u8 = 1;
/// Nothing trustworthy can be said: usage, unreadable or refused input, input or output. Beats [`FOUND`].
pub const UNUSABLE: u8 = 2;

/// The exit code for these findings; without a level they never fail.
pub fn for_findings<'f>(findings: impl IntoIterator<Item = &'f Finding>, fail_on: Option<Severity>) -> u8 {
    let Some(level) = fail_on else { return DONE };
    if findings.into_iter().any(|finding| finding.severity >= level) { FOUND } else { DONE }
}
