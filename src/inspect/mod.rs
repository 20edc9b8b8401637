//! One solution on one screen: what it is, what it carries, what each part uses, what it needs from elsewhere.
//!
//! Read [`Inspection`] first.

mod counts;
mod needs;

use serde::Serialize;

use crate::graph::{Reference, references};
use crate::model::{Component, Finding, Publisher, Solution, SolutionIdentity};
use crate::plan::Count;

pub use counts::count_kinds;
pub use needs::{ForeignComponent, NeedFromElsewhere};

/// Everything there is to say of one solution.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    /// Which solution.
    #[serde(flatten)]
    pub solution: SolutionIdentity,
    /// Display name.
    pub display_name: String,
    /// Publisher.
    pub publisher_details: Publisher,
    /// Files.
    pub entries: usize,
    /// Bytes, inflated.
    pub bytes: u64,
    /// How many components of each kind, the most telling kinds first.
    pub counts: Vec<Count>,
    /// Every component.
    pub components: Vec<Component>,
    /// Every reference.
    pub references: Vec<Reference>,
    /// What the package does not hold and needs.
    pub needs: Vec<NeedFromElsewhere>,
    /// What is wrong with the package.
    pub findings: Vec<Finding>,
}

/// Looks at one solution.
pub fn inspect(solution: Solution) -> Inspection {
    Inspection {
        solution: solution.identity(),
        counts: count_kinds(&solution.components),
        references: references(&solution),
        needs: needs::needs(&solution),
        display_name: solution.manifest.display_name,
        publisher_details: solution.manifest.publisher,
        entries: solution.entries,
        bytes: solution.bytes,
        components: solution.components,
        findings: solution.findings,
    }
}
