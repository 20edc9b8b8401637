//! One solution on one screen: what it is, what it carries, what each part uses, what it needs from elsewhere.
//!
//! Read [`Inspection`] first.

use serde::Serialize;

use crate::graph::{Reference, references};
use crate::model::{Component, Finding, Publisher, Solution, SolutionIdentity};

/// Everything there is to say of one solution.
#[derive(Debug, Serialize, schemars::JsonSchema)]
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
    /// Every component.
    pub components: Vec<Component>,
    /// Every reference.
    pub references: Vec<Reference>,
    /// What is wrong with the package.
    pub findings: Vec<Finding>,
}

/// Looks at one solution.
pub fn inspect(solution: &Solution) -> Inspection {
    Inspection {
        solution: solution.identity(),
        display_name: solution.manifest.display_name.clone(),
        publisher_details: solution.manifest.publisher.clone(),
        entries: solution.entries,
        bytes: solution.bytes,
        components: solution.components.clone(),
        references: references(solution),
        findings: solution.findings.clone(),
    }
}
