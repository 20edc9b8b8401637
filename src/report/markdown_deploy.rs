//! Deployments as Markdown, for the page of a build. Every text of an input is a code span.

use std::fmt::Write as _;

use super::escape::{markdown_cell as cell, markdown_span as span};
use super::markdown_findings;
use super::text_deploy::{contents, nearest, summary, versions};
use crate::deploy::Deployment;

/// The steps as a table, then how it ended, then the findings.
pub fn deployment(deployment: &Deployment) -> String {
    let mut text = String::from("| solution | version | what |\n|---|---|---|\n");
    for step in &deployment.steps {
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            cell(&step.solution.unique_name),
            cell(&versions(step)),
            cell(&contents(deployment, step))
        );
    }
    for name in &deployment.absent {
        let what = format!("not there{}", nearest(deployment, name));
        let _ = writeln!(text, "| {} | | {} |", cell(name), cell(&what));
    }
    let _ = write!(
        text,
        "\n{}\n\n{}",
        span(&summary(deployment)),
        markdown_findings::findings(&deployment.findings, deployment.steps.len())
    );
    text
}
