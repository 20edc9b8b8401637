//! Solutions that are simply there: those of the platform, and those that somebody else keeps.

use super::import::{FlowChange, place_managed, settle_flows};
use super::state::{InstalledSolution, SolutionName, State};
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
    /// Another solution was declared to need a higher version.
    #[error("{by} needs {unique_name} in version {needed} or a higher one, and {version} is lower")]
    TooLow {
        /// The solution.
        unique_name: String,
        /// The version that was given.
        version: String,
        /// The solution that needs it.
        by: String,
        /// The lowest version that would do.
        needed: String,
    },
    /// There is no name, or one of characters that no solution has.
    #[error("{unique_name:?} is no unique name of a solution")]
    Name {
        /// What was given.
        unique_name: String,
    },
}

/// Says that a solution is there, managed, with these components; one that was said to be there before gets the version, and
/// the components in addition. Gives the flows that it may have turned on or off.
///
/// # Errors
/// When it was imported, another solution needs a higher version, or the name is none.
pub fn provide(
    state: &mut State,
    unique_name: &str,
    version: &Version,
    components: &[ComponentKey],
) -> Result<Vec<FlowChange>, ProvideError> {
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
    if let Some((by, needed)) = higher_need(state, unique_name, version) {
        return Err(ProvideError::TooLow {
            unique_name: unique_name.to_owned(),
            version: version.to_string(),
            by: by.to_owned(),
            needed: needed.to_string(),
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
    let unique_name = solution.unique_name.clone();
    state.set_solution(&unique_name, Some(solution));
    for key in components {
        let layers = state.components().get(key);
        let mut managed = layers.into_iter().flat_map(|layers| &layers.managed);
        let name = SolutionName::new(&unique_name);
        if managed.any(|layer| SolutionName::new(&layer.solution) == name) {
            continue;
        }
        let content = Content {
            words: key.to_string(),
            aliases: Vec::new(),
            fingerprint: None,
            held_only: false,
            needs: Vec::new(),
            facts: Facts::Other,
        };
        place_managed(state, &unique_name, key, content);
    }
    Ok(settle_flows(state, components.iter().cloned()))
}

/// The solution that needs a higher version of another one than this, and which.
fn higher_need<'s>(state: &'s State, unique_name: &str, version: &Version) -> Option<(&'s str, &'s Version)> {
    let name = SolutionName::new(unique_name);
    let needs = state.hanging_on(unique_name).flat_map(|other| {
        other.needs.iter().filter_map(|(on, needed)| Some((&*other.unique_name, on, needed.as_ref()?)))
    });
    let higher = needs.filter(|(_, on, needed)| SolutionName::new(on) == name && *needed > version);
    higher.map(|(by, _, needed)| (by, needed)).max_by(|one, other| one.1.cmp(other.1))
}
