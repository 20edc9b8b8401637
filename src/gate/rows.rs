//! Which solution a row of an order names.

use std::collections::HashMap;

use crate::model::{Solution, Version};
use crate::order::{Row, file_name};
use crate::plan::Plan;

/// The rows of an order and the steps of a plan, each found from the other. A row is the import of one package; of one
/// solution there may be several.
#[derive(Debug)]
pub(super) struct Rows {
    /// By row: the step of the solution that it names.
    pub(super) steps: Vec<Option<usize>>,
    /// By step: its rows, in the order of the file.
    pub(super) rows_of: Vec<Vec<usize>>,
    /// By row: which of the solutions it names.
    packages: Vec<Option<usize>>,
    /// By row: it names the package that counts in the plan, or the solution as such.
    counts: Vec<bool>,
    by_name: HashMap<String, usize>,
    /// By row of a patch: its parent, and the row of the version of that which it is a patch of.
    parents: HashMap<usize, (String, usize)>,
}

impl Rows {
    pub(super) fn new(rows: &[Row], plan: &Plan, solutions: &[Solution]) -> Self {
        let steps = plan.steps.iter().enumerate();
        let by_name: HashMap<String, usize> =
            steps.map(|(at, step)| (step.solution.unique_name.to_lowercase(), at)).collect();
        let packages = named(rows, solutions);
        let mut listed = Self {
            steps: Vec::with_capacity(rows.len()),
            rows_of: vec![Vec::new(); plan.steps.len()],
            packages,
            counts: Vec::with_capacity(rows.len()),
            by_name,
            parents: HashMap::new(),
        };
        for (number, row) in rows.iter().enumerate() {
            let solution = listed.packages[number].map(|at| &solutions[at]);
            let step = solution.and_then(|solution| {
                listed.by_name.get(&solution.manifest.unique_name.to_lowercase()).copied()
            });
            let counts = solution.zip(step).is_some_and(|(solution, step)| {
                !row.is_file() || solution.source == plan.steps[step].solution.source
            });
            listed.steps.push(step);
            listed.counts.push(counts);
            if let Some(step) = step {
                listed.rows_of[step].push(number);
            }
        }
        listed.parents = listed.find_parents(solutions);
        listed
    }

    /// A patch has the first two numbers of its parent, and a higher version; the next version of the parent needs no patch.
    fn find_parents(&self, solutions: &[Solution]) -> HashMap<usize, (String, usize)> {
        let rows =
            self.packages.iter().enumerate().filter_map(|(row, at)| Some((row, &solutions[(*at)?].manifest)));
        let found = rows.filter_map(|(row, patch)| {
            let (parent, _) = patch.parent.as_ref()?;
            let own = &self.rows_of[*self.by_name.get(&parent.to_lowercase())?];
            let is_of = |version: &Version| {
                version.parts()[..2] == patch.version.parts()[..2] && *version < patch.version
            };
            let of = own.iter().find(|row| self.version(**row, solutions).is_some_and(is_of))?;
            Some((row, (parent.to_lowercase(), *of)))
        });
        found.collect()
    }

    /// The step of a solution that the plan itself names.
    pub(super) fn step(&self, unique_name: &str) -> usize {
        self.by_name[&unique_name.to_lowercase()]
    }

    /// The row that brings a solution as it is planned; the first one, when none names that very package.
    pub(super) fn chosen(&self, unique_name: &str) -> Option<usize> {
        let rows = &self.rows_of[self.step(unique_name)];
        rows.iter().copied().find(|&row| self.counts[row]).or_else(|| rows.first().copied())
    }

    /// The row that must stand before `row` when that needs the solution. An import of another package than the planned
    /// one, such as an earlier version, is content with any package of it.
    pub(super) fn provider(&self, unique_name: &str, row: usize) -> Option<usize> {
        if let Some((_, of)) = self.parents.get(&row).filter(|(name, _)| unique_name.to_lowercase() == *name)
        {
            return Some(*of);
        }
        if self.counts[row] {
            return self.chosen(unique_name);
        }
        self.rows_of[self.step(unique_name)].first().copied()
    }

    /// The unique name that a row stands for; empty for a row that names nothing.
    pub(super) fn unique_name<'s>(&self, row: usize, solutions: &'s [Solution]) -> &'s str {
        self.packages[row].map_or("", |at| &solutions[at].manifest.unique_name)
    }

    /// The version of the package that a row names.
    pub(super) fn version<'s>(&self, row: usize, solutions: &'s [Solution]) -> Option<&'s Version> {
        self.packages[row].map(|at| &solutions[at].manifest.version)
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
            let file = file_name(&path).to_owned();
            by_file.entry(file).or_default().push((path, at));
            let known = by_name.entry(solution.manifest.unique_name.to_lowercase()).or_insert(at);
            if solutions[*known].manifest.version < solution.manifest.version {
                *known = at;
            }
        }
        Self { by_file, by_name }
    }

    /// A file by its name, of several the one whose path ends as the row says; else a solution by its unique name. A file
    /// that is not there may be there as a folder: then its name without version and `_managed` is the unique name.
    fn find(&self, row: &Row) -> Option<usize> {
        let wanted = path(&row.name);
        let wanted = wanted.trim_start_matches("./").trim_end_matches('/');
        let file = file_name(wanted);
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
