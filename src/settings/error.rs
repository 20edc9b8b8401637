//! Why a settings file is not read or made, one variant a cause.

use crate::json::JsonError;
use crate::model::Place;

/// Why a settings file is not read or made. Values are never part of it.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It is no JSON.
    #[error("{file}: {error}")]
    Json {
        /// The file.
        file: String,
        /// Why.
        error: JsonError,
    },
    /// It is JSON of another form.
    #[error("{place}: no deployment settings: {fault}")]
    Form {
        /// The file, and where in it.
        place: Place,
        /// What is wrong.
        fault: &'static str,
    },
    /// A key stands twice: readers disagree which one counts.
    #[error("{place}: the key {key} stands twice, first in line {first}")]
    KeyTwice {
        /// Where it stands again.
        place: Place,
        /// The key, as a JSON pointer.
        key: String,
        /// Line of the first.
        first: u32,
    },
    /// A name in `${…}` is not set.
    #[error("{place}: the environment variable {name} is not set")]
    Unset {
        /// Where.
        place: Place,
        /// The name.
        name: String,
    },
    /// A `${` without its end, or with something else than a name in it.
    #[error("{place}: no name stands between ${{ and }}")]
    Placeholder {
        /// Where.
        place: Place,
    },
}

impl SettingsError {
    /// What to do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Form { .. } => Some(
                "a settings file holds EnvironmentVariables and ConnectionReferences; solship settings new makes one",
            ),
            Self::Unset { .. } => Some("set it, or write $${ where the text itself is meant"),
            Self::Placeholder { .. } => Some("write ${NAME}, or $${ where the text itself is meant"),
            Self::KeyTwice { .. } => Some("take one of them out; what both hold belongs into one list"),
            Self::Json { .. } => None,
        }
    }
}
