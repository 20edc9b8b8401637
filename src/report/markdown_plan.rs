//! `--format markdown`: a plan for the page of a pull request or a build. Every text of an input is a code span.

use std::fmt::Write as _;

use super::escape::{markdown_cell as cell, markdown_span as span};
use super::markdown_findings;
use super::words::contents;
use crate::plan::{Need, Plan, Step};

/// So many kinds are named in the contents of a step.
const KINDS: usize = 3;

/// The order as a table, then what is missing, then the findings.
pub fn plan(plan: &Plan) -> String {
    let mut text = String::from("| # | solution | version | carries | after |\n|--:|---|---|---|---|\n");
    for step in &plan.steps {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            step.number,
            cell(&step.solution.unique_name),
            cell(&step.solution.version.to_string()),
            cell(&contents(&step.contents, KINDS)),
            after(plan, step)
        );
    }
    if !plan.unchanged.is_empty() {
        let names: Vec<String> = plan.unchanged.iter().map(|solution| span(&solution.unique_name)).collect();
        let _ = writeln!(text, "\n**Unchanged, not imported again**: {}", names.join(", "));
    }
    for (title, needs) in
        [("Met by nothing in this set", &plan.unresolved), ("The target must have", &plan.platform)]
    {
        if !needs.is_empty() {
            let _ = writeln!(text, "\n**{title}**\n");
        }
        needs.iter().for_each(|need| text.push_str(&need_line(need)));
    }
    let _ = write!(text, "\n{}", markdown_findings::findings(&plan.findings, plan.steps.len()));
    text
}

fn after(plan: &Plan, step: &Step) -> String {
    let mut names: Vec<&str> = step.after.iter().map(|after| after.solution.as_str()).collect();
    let policy = step.policy.as_ref().and_then(|reason| plan.policies.get(reason.policy));
    names.extend(policy.into_iter().flat_map(|policy| policy.before.iter().map(String::as_str)));
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(cell).collect::<Vec<_>>().join(", ")
}

fn need_line(need: &Need) -> String {
    let what = match (&need.provider, &need.lowest_version) {
        (Some(provider), Some(version)) => format!("{provider} {version} or later"),
        (Some(provider), None) => provider.clone(),
        (None, _) => need.components.first().map(|part| part.component.to_string()).unwrap_or_default(),
    };
    let by: Vec<String> = need.needed_by.iter().map(|name| span(name)).collect();
    let there = need.target_version.as_ref();
    let there =
        there.map(|version| format!("; the target has {}", span(&version.to_string()))).unwrap_or_default();
    format!("- {}, needed by {}{there}\n", span(&what), by.join(", "))
}
