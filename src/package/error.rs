//! Why a package is refused.
//!
//! What is wrong with an archive as a whole, with one entry, with a name, or with a size has an enum of its own, one
//! variant a cause. Read [`PackageError`] first.

use camino::Utf8PathBuf;

use super::{ArchiveFault, EntryFault, LimitFault, NameFault};
use crate::text::escape_terminal;

/// Why a package cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The system refused; it names the file.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// There is nothing of that name.
    #[error("{}: no such file or folder", escape_terminal(.path.as_str()))]
    NotFound {
        /// What the user named.
        path: Utf8PathBuf,
    },
    /// Nothing there is a solution.
    #[error("{}: no solution here", escape_terminal(.path.as_str()))]
    NoSolution {
        /// Where.
        path: Utf8PathBuf,
    },
    /// A folder in the layout of the platform's packager, where a package is expected.
    #[error("{}: a folder in the packager's layout ({manifest}), where an archive is expected", escape_terminal(.path.as_str()))]
    PackagerFolder {
        /// The folder.
        path: Utf8PathBuf,
        /// The file by which it is known, below the folder.
        manifest: &'static str,
    },
    /// Neither a file nor a folder (a device, a socket, a pipe).
    #[error("{}: neither a file nor a folder", escape_terminal(.path.as_str()))]
    SpecialFile {
        /// Where.
        path: Utf8PathBuf,
    },
    /// A symbolic link in the folder of a solution.
    #[error("{}: a symbolic link, which is never followed", escape_terminal(.path.as_str()))]
    SymbolicLink {
        /// Where.
        path: Utf8PathBuf,
    },
    /// A file whose name is not Unicode.
    #[error("{}: the name is not Unicode", escape_terminal(.lossy_path))]
    NotUnicode {
        /// Where; what is not Unicode is replaced.
        lossy_path: String,
    },
    /// A file of a folder is not as long any more as it was when the folder was opened.
    #[error("{}: changed while it was read: {expected} bytes before, {actual} now", escape_terminal(.path.as_str()))]
    Changed {
        /// The file.
        path: Utf8PathBuf,
        /// Bytes when the folder was opened.
        expected: u64,
        /// Bytes read, at most one more than expected.
        actual: u64,
    },
    /// A file of a folder was written after the folder was opened.
    #[error("{}: changed while it was read", escape_terminal(.path.as_str()))]
    Touched {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The archive as a whole is damaged or ambiguous.
    #[error("{}: {fault}", escape_terminal(.label))]
    Archive {
        /// What the user called it.
        label: String,
        /// What is wrong.
        fault: ArchiveFault,
    },
    /// One entry is damaged, or of a kind that a solution never has.
    #[error("{}: {fault}", place(.label, Some(.entry)))]
    Entry {
        /// What the user called the package.
        label: String,
        /// The entry as the archive's directory names it.
        entry: String,
        /// What is wrong.
        fault: EntryFault,
    },
    /// A name that is not safe on every system.
    #[error("{}: {fault}", place(.label, Some(.entry)))]
    Name {
        /// What the user called the package.
        label: String,
        /// The entry as the archive's directory or the folder names it.
        entry: String,
        /// What is wrong.
        fault: NameFault,
    },
    /// Over a limit.
    #[error("{}: {fault}", place(.label, .entry.as_deref()))]
    Limit {
        /// What the user called the package.
        label: String,
        /// The entry, when the limit is about one.
        entry: Option<String>,
        /// Which limit.
        fault: LimitFault,
    },
    /// The entry was taken from another package.
    #[error("{}: not an entry of this package", place(.label, Some(.entry)))]
    ForeignEntry {
        /// What the user called the package.
        label: String,
        /// The entry.
        entry: String,
    },
}

impl PackageError {
    /// Whether [`OpenOptions::tolerant`](super::OpenOptions::tolerant) would forgive this.
    pub fn is_forgivable(&self) -> bool {
        matches!(
            self,
            Self::Archive {
                fault: ArchiveFault::TrailingZeros { .. } | ArchiveFault::LeadingBytes { .. },
                ..
            } | Self::Entry { fault: EntryFault::NameEncoding { .. }, .. }
        )
    }
}

/// What an error is about: the package, and the entry when it is about one.
fn place(label: &str, entry: Option<&str>) -> String {
    let label = escape_terminal(label);
    match entry {
        Some("") => format!("{label}: an entry without a name"),
        Some(entry) => format!("{label}: {}", escape_terminal(entry)),
        None => label.into_owned(),
    }
}
