//! Why a package is refused, one variant a cause.

use camino::Utf8PathBuf;

/// Why a package cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The system refused.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The archive is damaged.
    #[error("{label}: {reason}")]
    Archive {
        /// What the user called it.
        label: String,
        /// What is wrong.
        reason: String,
    },
    /// Nothing there is a solution.
    #[error("{path}: no solution here")]
    NoSolution {
        /// Where.
        path: Utf8PathBuf,
    },
}
