//! Which of the packages at hand would bring what is missing.

use super::{Part, Provided, described};
use crate::graph::Holdings;
use crate::model::{ComponentKey, Solution};
use crate::plan::{Options, Plan, plan};

/// The packages at hand.
pub(super) struct Providers<'s> {
    solutions: &'s [Solution],
    holdings: Holdings<'s>,
    plan: Plan,
    /// The one that failed.
    failed: Option<&'s Solution>,
}

impl<'s> Providers<'s> {
    /// `failed`: unique or display name of the solution that was not imported.
    pub(super) fn new(solutions: &'s [Solution], failed: Option<&str>) -> Self {
        let is_failed = |solution: &&Solution| {
            let manifest = &solution.manifest;
            failed.is_some_and(|name| {
                manifest.unique_name.eq_ignore_ascii_case(name) || manifest.display_name == name
            })
        };
        Self {
            holdings: Holdings::new(&solutions.iter().collect::<Vec<_>>()),
            plan: plan(solutions, &Options::default()),
            failed: solutions.iter().find(is_failed),
            solutions,
        }
    }

    /// How a sentence names a component: as a package does that has it.
    pub(super) fn described(&self, key: &ComponentKey) -> String {
        let component = (0..self.solutions.len()).find_map(|solution| {
            let at = self.holdings.component(solution, key)?;
            self.solutions[solution].components.get(at)
        });
        component.map_or_else(|| described(key, None), |component| component.described())
    }

    /// Says of each part who would bring it.
    pub(super) fn fill(&self, parts: &mut [Part]) {
        if self.solutions.is_empty() {
            return;
        }
        for part in parts {
            part.provided = Some(self.provided(part));
        }
    }

    fn provided(&self, part: &Part) -> Provided {
        let named = |solution: &&Solution| {
            part.solution
                .as_ref()
                .is_some_and(|name| solution.manifest.unique_name.eq_ignore_ascii_case(name))
        };
        let mut packages: Vec<&Solution> = match &part.component {
            Some(key) => self.holdings.brought_by(key).iter().map(|at| &self.solutions[*at]).collect(),
            None => self.solutions.iter().filter(named).collect(),
        };
        packages.retain(|package| !self.failed.is_some_and(|failed| std::ptr::eq(*package, failed)));
        let is_new_enough = |package: &&Solution| {
            part.version.as_ref().is_none_or(|version| package.manifest.version >= *version)
        };
        if let (None, Some(package)) =
            (packages.iter().find(|package| is_new_enough(package)), packages.first())
        {
            return Provided::TooLow { package: package.identity() };
        }
        packages.retain(|package| !named(package) || is_new_enough(package));
        if let Some(circle) = packages.iter().find_map(|package| self.circle(package)) {
            return circle;
        }
        if packages.is_empty() {
            return Provided::ByNone;
        }
        Provided::By { packages: packages.iter().map(|package| package.identity()).collect() }
    }

    /// Whether a package and the one that failed need each other.
    fn circle(&self, package: &Solution) -> Option<Provided> {
        let failed = self.failed?;
        let holds = |members: &[String], solution: &Solution| {
            members.iter().any(|member| member.eq_ignore_ascii_case(&solution.manifest.unique_name))
        };
        let cycle = self
            .plan
            .cycles
            .iter()
            .find(|cycle| holds(&cycle.members, package) && holds(&cycle.members, failed))?;
        Some(Provided::InACircle { package: package.identity(), way_out: cycle.way_out.clone() })
    }
}
