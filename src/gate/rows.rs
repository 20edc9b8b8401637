//! Which solution a row of an order names.

use std::collections::HashMap;

use crate::model::Solution;
use crate::order::Row;
use crate::plan::Plan;

/// The rows of an order and the steps of a plan, each found from the other.
#[derive(Debug)]
pub(super) struct Rows {
    /// By row: the step of the solution that it names.
    pub(super) steps: Vec<Option<usize>>,
    /// By step: its row. Of several rows the first that names the very package that counts, else the first.
    pub(super) row_of: Vec<Option<usize>>,
    by_name: HashMap<String, usize>,
}

impl Rows {
    pub(super) fn new(rows: &[Row], plan: &Plan, solutions: &[Solution]) -> Self {
        let steps = plan.steps.iter().enumerate();
        let by_name: HashMap<String, usize> =
            steps.map(|(at, step)| (step.solution.unique_name.to_lowercase(), at)).collect();
        let names = Names::new(solutions);
        let mut steps = Vec::with_capacity(rows.len());
        let mut row_of: Vec<Option<usize>> = vec![None; plan.steps.len()];
        let mut is_exact = vec![false; plan.steps.len()];
        for (number, row) in rows.iter().enumerate() {
            let solution = names.find(row).map(|at| &solutions[at]);
            let step = solution
                .and_then(|solution| by_name.get(&solution.manifest.unique_name.to_lowercase()).copied());
            steps.push(step);
            let (Some(step), Some(solution)) = (step, solution) else { continue };
            let exact = !row.is_file() || solution.source == plan.steps[step].solution.source;
            if row_of[step].is_none() || exact && !is_exact[step] {
                row_of[step] = Some(number);
                is_exact[step] = exact;
            }
        }
        Self { steps, row_of, by_name }
    }

    /// The step of a solution that the plan itself names.
    pub(super) fn step(&self, unique_name: &str) -> usize {
        self.by_name[&unique_name.to_lowercase()]
    }
}

/// Which of the solutions each row names.
pub fn named(rows: &[Row], solutions: &[Solution]) -> Vec<Option<usize>> {
    let names = Names::new(solutions);
    rows.iter().map(|row| names.find(row)).collect()
}

/// The solutions by what a row may call them.
struct Names {
    by_file: HashMap<String, Vec<(String, usize)>>,
    by_name: HashMap<String, usize>,
}

impl Names {
    fn new(solutions: &[Solution]) -> Self {
        let mut by_file: HashMap<String, Vec<(String, usize)>> = HashMap::new();
        let mut by_name = HashMap::new();
        for (at, solution) in solutions.iter().enumerate() {
            let path = path(&solution.source);
            let file = path.rsplit('/').next().unwrap_or_default().to_owned();
            by_file.entry(file).or_default().push((path, at));
            by_name.entry(solution.manifest.unique_name.to_lowercase()).or_insert(at);
        }
        Self { by_file, by_name }
    }

    /// A file by its name, of several the one whose path ends as the row says; else a solution by its unique name. A file
    /// that is not there may be there as a folder: then its name without version and `_managed` is the unique name.
    fn find(&self, row: &Row) -> Option<usize> {
        let wanted = path(&row.name);
        let wanted = wanted.trim_start_matches("./").trim_end_matches('/');
        let file = wanted.rsplit('/').next().unwrap_or_default();
        if row.is_file()
            && let Some(found) = self.by_file.get(file)
        {
            let ending = format!("/{wanted}");
            let of_path = found.iter().find(|(path, _)| path == wanted || path.ends_with(&ending));
            return Some(of_path.unwrap_or(&found[0]).1);
        }
        if !row.is_file() {
            let found = self.by_file.get(file).map(|found| found[0].1);
            return self.by_name.get(file).copied().or(found);
        }
        let stem = file.strip_suffix(".zip").unwrap_or(file);
        self.by_name.get(stem).or_else(|| self.by_name.get(unique_name(stem))).copied()
    }
}

/// A path in the form in which it is compared.
fn path(path: &str) -> String {
    path.replace('\\', "/").to_lowercase()
}

/// `fabflows_1_2_0_0_managed` → `fabflows`: how the platform names what it exports.
fn unique_name(stem: &str) -> &str {
    let mut name = stem.strip_suffix("_managed").unwrap_or(stem);
    while let Some((start, end)) = name.rsplit_once('_') {
        if start.is_empty() || end.is_empty() || !end.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        name = start;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::unique_name;

    #[test]
    fn a_file_is_named_after_its_solution() {
        assert_eq!(unique_name("fabflows"), "fabflows");
        assert_eq!(unique_name("fab_flows_1_2_0_0"), "fab_flows");
        assert_eq!(unique_name("fab_flows_1_2_0_0_managed"), "fab_flows");
        assert_eq!(unique_name("_1"), "_1");
    }
}
