//! A component by what a person calls it.

use super::state::State;
use crate::model::{ComponentKey, ComponentType};

/// Why a text names no component of an environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    /// There is none.
    #[error("{kind} `{written}` is not in the environment: import the solution that brings it first")]
    NotThere {
        /// What a person calls the kind.
        kind: String,
        /// As written.
        written: String,
    },
    /// There are several.
    #[error("{count} components are called {kind} `{written}`: name the one by its key, {}", .keys.join(" or "))]
    Several {
        /// What a person calls the kind.
        kind: String,
        /// As written.
        written: String,
        /// How many.
        count: usize,
        /// Their keys.
        keys: Vec<String>,
    },
}

/// The component of that kind with that key or display name.
///
/// # Errors
/// When there is none, or several have the name.
pub fn find<'s>(
    state: &'s State,
    kind: &ComponentType,
    written: &str,
) -> Result<&'s ComponentKey, FindError> {
    let written = written.trim();
    let key = ComponentKey::new(kind.clone(), written);
    if let Some((key, _)) = state.component(&key) {
        return Ok(key);
    }
    // A display name stands between the quotes of the words.
    let name = format!(" \"{}\"", written.to_lowercase());
    let first = ComponentKey::new(kind.clone(), "");
    let of_kind = state.components().range(first..).take_while(|(key, _)| key.kind == *kind);
    let named = of_kind.filter(|(_, layers)| {
        layers.effective().is_some_and(|content| content.words.to_lowercase().ends_with(&name))
    });
    let named: Vec<&ComponentKey> = named.map(|(key, _)| key).collect();
    let (kind, written) = (kind.words().to_owned(), written.to_owned());
    match &named[..] {
        [] => Err(FindError::NotThere { kind, written }),
        [one] => Ok(one),
        more => {
            let keys = more.iter().map(|key| key.key.to_string()).collect();
            Err(FindError::Several { kind, written, count: more.len(), keys })
        }
    }
}
