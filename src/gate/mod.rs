//! Whether an order that somebody states is one in which the solutions can be imported.
//!
//! Read [`check`] first: it holds the rows against a [`Plan`]. Where the rows come from is not known here; what a row names is
//! found in [`rows`].

mod findings;
mod rows;

use serde::Serialize;

use crate::graph::order::Precedence;
use crate::model::{Finding, Place, Solution, sort_findings};
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
    /// As written.
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
    findings.extend(findings::listing(order, rows, &listed, plan));
    findings.extend(plan.findings.iter().cloned());
    sort_findings(&mut findings);
    let name = |step: usize| plan.steps[step].solution.unique_name.clone();
    let rows = rows.iter().zip(&listed.steps).map(|(row, step)| Listed {
        name: row.name.clone(),
        solution: step.map(name),
        place: row.place.clone(),
    });
    Gate { order: order.to_owned(), rows: rows.collect(), solutions: plan.steps.len(), findings }
}

/// The rows in an order that holds, as near to theirs as it can be: `result[i]` is the row that belongs at `i`. Rows that
/// name nothing in the set, and those of a solution that is listed before, keep their place. Members of a cycle stand
/// together.
pub fn corrected(rows: &[Row], plan: &Plan, solutions: &[Solution]) -> Vec<usize> {
    let listed = Rows::new(rows, plan, solutions);
    let mut graph = Precedence::new(plan.steps.len());
    for (after, step) in plan.steps.iter().enumerate() {
        for predecessor in &step.after {
            graph.add(listed.step(&predecessor.solution), after);
        }
    }
    let cycles = graph.cycles();
    // The same extra node for each policy that the plan has, so that the pairs need not be drawn.
    for policy in &plan.policies {
        let group = graph.add_node();
        policy.before.iter().for_each(|name| graph.add(listed.step(name), group));
        policy.after.iter().for_each(|name| graph.add(group, listed.step(name)));
    }
    // The row of a solution is its rank; what is not listed stands at once where it is needed.
    let mut ranks: Vec<usize> = listed.row_of.iter().map(|row| row.map_or(0, |row| row + 1)).collect();
    ranks.resize(graph.len(), 0);
    let order = graph.order(&ranks, &cycles);
    let mut moved = order.into_iter().filter_map(|node| *listed.row_of.get(node)?);
    let is_first = |&row: &usize| listed.steps[row].is_some_and(|step| listed.row_of[step] == Some(row));
    let mut next = |row: usize| if is_first(&row) { moved.next().unwrap_or(row) } else { row };
    (0..rows.len()).map(&mut next).collect()
}

#[cfg(test)]
mod tests;
