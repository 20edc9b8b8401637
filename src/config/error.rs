//! Why a `solship.toml` is refused, one variant a cause.

use crate::model::{Place, ProvidedError};

/// What is wrong with a `solship.toml`, and where.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct ConfigError {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: ConfigFault,
}

/// What is wrong with a `solship.toml`.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFault {
    /// The bytes are not UTF-8.
    #[error("the bytes are not UTF-8")]
    NotUtf8,
    /// The TOML is ill-formed.
    #[error("{message}")]
    Toml {
        /// What the parser says.
        message: String,
    },
    /// A value of another kind.
    #[error("`{key}` must be {expected}, not {found}")]
    Kind {
        /// The key.
        key: String,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A key is missing.
    #[error("`{key}` is missing here")]
    Missing {
        /// Which one.
        key: &'static str,
    },
    /// Neither or both of the two.
    #[error("one of `connection-reference` and `desktop-flow` must be here")]
    OneSigner,
    /// A path out of the folder.
    #[error("`{written}` leads out of the folder of this file; name such solutions on the command line")]
    Outside {
        /// As written.
        written: String,
    },
    /// No solution.
    #[error(transparent)]
    Provided(ProvidedError),
    /// No such rule.
    #[error("`{written}` is no rule{}", nearest.map(|name| format!("; the nearest is {name}")).unwrap_or_default())]
    Rule {
        /// As written.
        written: String,
        /// The name of the nearest rule.
        nearest: Option<&'static str>,
    },
    /// A row of `[[split]]` that is about everything.
    #[error("one of `types` and `names` must be here")]
    NoSelection,
    /// No name of a part.
    #[error("`{written}` is no name of a part: letters of English, digits and underscores make one")]
    PartName {
        /// As written.
        written: String,
    },
    /// No pattern.
    #[error("`{written}` is no pattern: {reason}")]
    Pattern {
        /// As written.
        written: String,
        /// Why.
        reason: String,
    },
    /// No such level.
    #[error("`{written}` is no level: write error, warning, note or allow")]
    Level {
        /// As written.
        written: String,
    },
    /// An exception without a reason.
    #[error("an exception needs a reason")]
    NoReason,
}
