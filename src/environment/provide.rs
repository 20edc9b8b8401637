//! Solutions that are simply there: those of the platform, and those that somebody else keeps.

use super::state::{InstalledSolution, Layer, State};
use super::{Content, Facts};
use crate::model::{ComponentKey, Version};

/// Why a solution cannot be said to be there.
#[derive(Debug, thiserror::Error)]
pub enum ProvideError {
    /// It was imported, so that more is known of it.
    #[error("{unique_name} was imported, as version {version}")]
    Imported {
        /// The solution.
        unique_name: String,
        /// Its version.
        version: Version,
    },
    /// There is no name, or one of characters that no solution has.
    #[error("{unique_name:?} is no unique name of a solution")]
    Name {
        /// What was given.
        unique_name: String,
    },
}

/// Says that a solution is there, managed, with these components; one that was said to be there before gets the version, and
/// the components in addition.
///
/// # Errors
/// When it was imported, or the name is none.
pub fn provide(
    state: &mut State,
    unique_name: &str,
    version: &Version,
    components: &[ComponentKey],
) -> Result<(), ProvideError> {
    let is_name = |character: char| character.is_alphanumeric() || "_-.".contains(character);
    if unique_name.is_empty() || !unique_name.chars().all(is_name) {
        return Err(ProvideError::Name { unique_name: unique_name.to_owned() });
    }
    let known = state.solution(unique_name);
    if let Some(known) = known.filter(|known| !known.provided) {
        return Err(ProvideError::Imported {
            unique_name: known.unique_name.clone(),
            version: known.version.clone(),
        });
    }
    let next = state.solutions().values().map(|solution| solution.sequence).max().unwrap_or(0) + 1;
    let solution = InstalledSolution {
        unique_name: known.map_or(unique_name, |known| &known.unique_name).to_owned(),
        version: version.clone(),
        managed: true,
        provided: true,
        sequence: known.map_or(next, |known| known.sequence),
        ..InstalledSolution::default()
    };
    for key in components {
        let content = Content {
            words: key.to_string(),
            aliases: Vec::new(),
            fingerprint: None,
            held_only: false,
            needs: Vec::new(),
            facts: Facts::Other,
        };
        state.change_component(key, |layers| {
            let is_there = layers.managed.iter().any(|layer| layer.solution == solution.unique_name);
            if !is_there {
                // What is of the platform lies under everything that was imported.
                let name = solution.unique_name.clone();
                layers.managed.insert(0, Layer { solution: name, content });
            }
        });
    }
    state.set_solution(unique_name, Some(solution));
    Ok(())
}
