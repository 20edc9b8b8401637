//! A component by what a person calls it.

use super::state::State;
use crate::model::{ComponentKey, ComponentType};

/// Why a text names no component of an environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    /// There is none.
    #[error("{kind} `{written}` is not in the environment: {}", what_to_do(.there))]
    NotThere {
        /// What a person calls the kind.
        kind: String,
        /// As written.
        written: String,
        /// How sentences name some that are there.
        there: Vec<String>,
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

/// So many that are there are named where one is not.
const NAMED: usize = 3;

fn what_to_do(there: &[String]) -> String {
    if there.is_empty() {
        return "import the solution that brings it first".to_owned();
    }
    format!("there is {}", there.join(", "))
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
    let of_kind = || state.components().range(first.clone()..).take_while(|(key, _)| key.kind == *kind);
    let named = of_kind().filter(|(_, layers)| {
        layers.effective().is_some_and(|content| content.words.to_lowercase().ends_with(&name))
    });
    let named: Vec<&ComponentKey> = named.map(|(key, _)| key).collect();
    let (kind, written) = (kind.words().to_owned(), written.to_owned());
    match &named[..] {
        [] => {
            let contents = of_kind().filter_map(|(_, layers)| layers.effective());
            let there = contents.take(NAMED).map(|content| content.words.clone()).collect();
            Err(FindError::NotThere { kind, written, there })
        }
        [one] => Ok(one),
        more => {
            let keys = more.iter().map(|key| key.key.to_string()).collect();
            Err(FindError::Several { kind, written, count: more.len(), keys })
        }
    }
}
