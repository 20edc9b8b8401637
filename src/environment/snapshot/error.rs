//! Why a file is no snapshot that can be read.

use crate::json::JsonError;

/// Why a file is no snapshot that can be read.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It is larger than an environment is.
    #[error("{label}: over the limit of {limit} bytes")]
    TooLarge {
        /// The file.
        label: String,
        /// The largest size.
        limit: usize,
    },
    /// It is no JSON.
    #[error("{label}: {error}")]
    Json {
        /// The file.
        label: String,
        /// Why.
        error: JsonError,
    },
    /// It is something else.
    #[error("{label}: no snapshot of an environment: its $schema is not {schema}", schema = super::SCHEMA)]
    NotASnapshot {
        /// The file.
        label: String,
    },
    /// A later solship made it.
    #[error("{label}: made by a later version of solship: its {found}")]
    Later {
        /// The file.
        label: String,
        /// What tells it: `version is 2`.
        found: String,
    },
    /// It does not say what a snapshot says.
    #[error("{label}: damaged: {fault}")]
    Damaged {
        /// The file.
        label: String,
        /// What is wrong.
        fault: String,
    },
    /// It says something against itself.
    #[error("{label}: it contradicts itself: {fault}")]
    Contradicts {
        /// The file.
        label: String,
        /// What contradicts what.
        fault: String,
    },
    /// It says something that is not known here.
    #[error("{label}: {pointer} is not known")]
    Unknown {
        /// The file.
        label: String,
        /// JSON pointer of the member.
        pointer: String,
    },
    /// It says something twice.
    #[error("{label}: {what} stands twice")]
    Twice {
        /// The file.
        label: String,
        /// What.
        what: String,
    },
}
