//! Why nothing can be said of a package or folder.

use crate::layout::LayoutError;
use crate::model::ModelError;
use crate::package::PackageError;

/// Why nothing can be said of a package or folder.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It cannot be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// It is no solution.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Its XML cannot be read, or the folder cannot be packed.
    #[error("{label}: {error}")]
    Layout {
        /// What the user called it.
        label: String,
        /// Why.
        error: LayoutError,
    },
}

impl VerifyError {
    pub(super) fn layout(label: &str) -> impl Fn(LayoutError) -> Self {
        move |error| match error {
            LayoutError::Package(error) => Self::Package(error),
            error => Self::Layout { label: label.to_owned(), error },
        }
    }
}
