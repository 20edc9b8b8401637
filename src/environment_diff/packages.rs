//! What packages hold, as an environment that has nothing else.

use std::collections::{BTreeMap, HashMap};

use crate::environment::{Content, InstalledSolution, Layer, SolutionName, State};
use crate::graph::brings;
use crate::model::{ComponentKey, Solution};
use crate::plan::{Options, plan};

/// What is known of a package beside its solution.
#[derive(Debug)]
pub struct Packaged {
    /// The fingerprint of the content of each of its components.
    pub fingerprints: BTreeMap<ComponentKey, String>,
    /// SHA-256 of the content of all of it.
    pub content: Option<String>,
}

/// What packages hold, and where they are.
#[derive(Debug)]
pub struct Packages {
    /// As an environment that has nothing else.
    pub state: State,
    /// Where each solution is.
    pub sources: BTreeMap<SolutionName, String>,
}

/// The packages laid over each other in the order in which they would be imported; of two of one solution, the one that counts. No
/// rule of an import is asked: this is for comparing. `packages` has one for each of `solutions`.
pub fn of_packages(solutions: &[Solution], packages: &[Packaged]) -> Packages {
    let by_source: HashMap<&str, usize> =
        solutions.iter().enumerate().map(|(at, solution)| (&*solution.source, at)).collect();
    let planned = plan(solutions, &Options::default());
    let order = planned.steps.iter().filter_map(|step| by_source.get(&*step.solution.source));
    let mut state = State::default();
    let mut sources = BTreeMap::new();
    for (solution, Packaged { fingerprints, content }) in order.map(|at| (&solutions[*at], &packages[*at])) {
        let manifest = &solution.manifest;
        let name = &manifest.unique_name;
        let installed = InstalledSolution {
            unique_name: name.clone(),
            version: manifest.version.clone(),
            managed: manifest.managed,
            publisher: manifest.publisher.unique_name.clone(),
            sequence: sources.len() as u64 + 1,
            content: content.clone(),
            ..InstalledSolution::default()
        };
        sources.insert(SolutionName::new(name), solution.source.to_string());
        state.set_solution(name, Some(installed));
        for component in &solution.components {
            let content = Content::new(
                component,
                brings(solution, component),
                fingerprints.get(&component.key).cloned(),
            );
            state.change_component(&component.key, |layers| {
                if manifest.managed {
                    layers.managed.push(Layer { solution: name.clone(), content });
                } else {
                    layers.unmanaged = Some(content);
                    layers.unmanaged_in.insert(name.clone());
                }
            });
        }
    }
    Packages { state, sources }
}
