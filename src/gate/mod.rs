//! Whether an order that somebody states is one in which the solutions can be imported.
//!
//! Read [`check`] first: it holds the rows against a [`Plan`]. Where the rows come from is not known here; what a row names is
//! found in `rows.rs`.

mod findings;
mod rows;

use serde::Serialize;

use crate::graph::order::Precedence;
use crate::model::{Finding, Place, Solution, masked_text, sort_findings};
use crate::order::Row;
use crate::plan::Plan;
use rows::Rows;
pub use rows::named;

/// An order held against what the packages demand.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gate {
    /// What was checked: the file, or `the arguments`.
    pub order: String,
    /// What it lists, in its order.
    pub rows: Vec<Listed>,
    /// How many solutions the set has.
    pub solutions: usize,
    /// Everything that is wrong, errors first.
    pub findings: Vec<Finding>,
}

/// One row of the order.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// As written, secrets masked.
    pub name: String,
    /// Unique name of the solution that it names; none when the set does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solution: Option<String>,
    /// Where.
    pub place: Place,
}

/// Holds an order against the plan of the same solutions. `help` says how to put a broken order right.
pub fn check(order: &str, rows: &[Row], plan: &Plan, solutions: &[Solution], help: &str) -> Gate {
    let listed = Rows::new(rows, plan, solutions);
    let mut findings = findings::broken(rows, &listed, plan, solutions, help);
    findings.extend(findings::versions(rows, &listed, solutions, help));
    findings.extend(findings::listing(order, rows, &listed, plan));
    findings.extend(plan.findings.iter().cloned());
    sort_findings(&mut findings);
    let name = |step: usize| plan.steps[step].solution.unique_name.clone();
    let rows = rows.iter().zip(&listed.steps).map(|(row, step)| Listed {
        name: masked_text(&row.name),
        solution: step.map(name),
        place: row.place.clone(),
    });
    Gate { order: order.to_owned(), rows: rows.collect(), solutions: plan.steps.len(), findings }
}

/// The rows in an order that holds, as near to theirs as it can be: `result[i]` is the row that belongs at `i`. Rows that
/// name nothing in the set keep their place. What a cycle holds together stays together.
pub fn corrected(rows: &[Row], plan: &Plan, solutions: &[Solution]) -> Vec<usize> {
    let listed = Rows::new(rows, plan, solutions);
    // A node for each row, whatever it names, then one for each policy.
    let mut graph = Precedence::new(rows.len());
    for (step, own) in plan.steps.iter().zip(&listed.rows_of) {
        for &row in own {
            let providers = step.after.iter().filter_map(|after| listed.provider(&after.solution, row));
            providers.for_each(|provider| graph.add(provider, row));
        }
    }
    for own in &listed.rows_of {
        let mut ascending = own.clone();
        ascending.sort_by_key(|&row| (listed.version(row, solutions), row));
        for pair in ascending.windows(2) {
            if listed.version(pair[0], solutions) < listed.version(pair[1], solutions) {
                graph.add(pair[0], pair[1]);
            }
        }
    }
    let cycles = graph.cycles();
    for policy in &plan.policies {
        let group = graph.add_node();
        let before = policy.before.iter().filter_map(|name| listed.chosen(name));
        before.for_each(|row| graph.add(row, group));
        let after = policy.after.iter().flat_map(|name| &listed.rows_of[listed.step(name)]);
        after.for_each(|&row| graph.add(group, row));
    }
    // What is named stands for itself; a policy stands at once where it can.
    let mut ranks: Vec<usize> = (1..=rows.len()).collect();
    ranks.resize(graph.len(), 0);
    let is_named = |row: usize| listed.steps.get(row).is_some_and(Option::is_some);
    let mut moved = graph.order(&ranks, &cycles).into_iter().filter(|&row| is_named(row));
    (0..rows.len()).map(|row| if is_named(row) { moved.next().unwrap_or(row) } else { row }).collect()
}
