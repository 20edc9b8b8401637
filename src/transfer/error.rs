//! Why nothing is unpacked or packed, one variant a cause.

use camino::Utf8PathBuf;

use crate::layout::LayoutError;
use crate::mapping::{MapError, OursError, Reason};
use crate::package::PackageError;
use crate::write::WriteError;

/// Why nothing is unpacked or packed. What was there before is still there.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// A package or folder cannot be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// It has no folder or archive form.
    #[error("{label}: {error}")]
    Layout {
        /// What the user called it.
        label: String,
        /// Why.
        error: LayoutError,
    },
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The map file.
    #[error(transparent)]
    Map(#[from] MapError),
    /// `.solshipignore`, or a file beside it.
    #[error(transparent)]
    Ours(#[from] OursError),
    /// The folder holds something, and no solution.
    #[error("{path}: not empty, and no solution folder")]
    NotASolutionFolder {
        /// The folder.
        path: Utf8PathBuf,
    },
    /// The folder holds another solution.
    #[error("{path}: holds another solution, {found}; the package is {expected}")]
    OtherSolution {
        /// The folder.
        path: Utf8PathBuf,
        /// Unique name of the one that the folder holds.
        found: String,
        /// Unique name of the one in the package.
        expected: String,
    },
    /// The folder to pack is no solution folder.
    #[error("{path}: no solution folder: it holds no Other/Solution.xml")]
    NothingToPack {
        /// The folder.
        path: Utf8PathBuf,
    },
    /// A line of `.solshipignore` leaves out what every solution has.
    #[error("{path}: no solution without {file}, which is left out: {reason}")]
    ManifestIgnored {
        /// The folder.
        path: Utf8PathBuf,
        /// The file.
        file: &'static str,
        /// The line.
        reason: Reason,
    },
    /// The package has a file where the folder has one of the user's.
    #[error(
        "{label}: {path} cannot be unpacked into {target}, where it would be left out of every pack: {reason}"
    )]
    UsersFile {
        /// The package.
        label: String,
        /// The file.
        path: String,
        /// The folder.
        target: Utf8PathBuf,
        /// Why it is the user's.
        reason: Reason,
    },
    /// The package has a file whose name is mostly the user's, and the folder has another one there.
    #[error(
        "{path}: would be overwritten by {label}, and was not packed so far: {reason}; it has other content"
    )]
    UsersFileThere {
        /// The package.
        label: String,
        /// The file in the folder.
        path: Utf8PathBuf,
        /// Why it was not packed.
        reason: Reason,
    },
    /// The two halves are two solutions.
    #[error("{unmanaged} and {managed}: two solutions, {one} and {other}")]
    TwoSolutions {
        /// The unmanaged package.
        unmanaged: String,
        /// The managed package.
        managed: String,
        /// Unique name of the first.
        one: String,
        /// Unique name of the second.
        other: String,
    },
}
