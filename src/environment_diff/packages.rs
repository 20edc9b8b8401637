//! What packages hold, as an environment that has nothing else.

use std::collections::BTreeMap;

use crate::environment::{Content, InstalledSolution, Layer, State};
use crate::graph::brings;
use crate::model::{ComponentKey, Solution};

/// What is known of a package.
#[derive(Debug)]
pub struct Packaged {
    /// Its solution.
    pub solution: Solution,
    /// The fingerprint of the content of each of its components.
    pub fingerprints: BTreeMap<ComponentKey, String>,
    /// SHA-256 of the content of all of it.
    pub content: Option<String>,
}

/// The packages laid over each other in their order. No rule of an import is asked: this is for comparing.
pub fn of_packages(packages: &[Packaged]) -> State {
    let mut state = State::default();
    for (at, Packaged { solution, fingerprints, content }) in packages.iter().enumerate() {
        let manifest = &solution.manifest;
        let name = &manifest.unique_name;
        let installed = InstalledSolution {
            unique_name: name.clone(),
            version: manifest.version.clone(),
            managed: manifest.managed,
            publisher: manifest.publisher.unique_name.clone(),
            sequence: at as u64 + 1,
            content: content.clone(),
            ..InstalledSolution::default()
        };
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
    state
}
