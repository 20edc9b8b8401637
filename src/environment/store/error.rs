//! Why a store cannot be made, read or changed.

use camino::{Utf8Path, Utf8PathBuf};

use rusqlite::ErrorCode;

use crate::write::WriteError;

/// What to do about one that cannot be read any more.
const RESTORE: &str = "solship env delete takes it away, solship env restore makes a new one of a snapshot";

/// Why a store cannot be made, read or changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is none.
    #[error("{label}: there is no such environment")]
    NotFound {
        /// How messages name it.
        label: String,
    },
    /// Something is there already.
    #[error("{label}: is there already")]
    Exists {
        /// How messages name it.
        label: String,
    },
    /// A link might lead anywhere, and everybody who may write where it leads.
    #[error("{path}: a symbolic link, which is not followed")]
    SymbolicLink {
        /// The file.
        path: Utf8PathBuf,
    },
    /// It is a folder, a device, or something else.
    #[error("{path}: not a file, and so nothing of solship's: take it away by hand")]
    NotAFile {
        /// What it is not.
        path: Utf8PathBuf,
    },
    /// It is something else.
    #[error("{path}: no environment of solship")]
    NotAStore {
        /// The file.
        path: Utf8PathBuf,
    },
    /// A later solship made it.
    #[error(
        "{path}: made by a later version of solship: its tables are of version {found}, known up to {known}"
    )]
    Later {
        /// The file.
        path: Utf8PathBuf,
        /// Its version.
        found: i64,
        /// The latest version that is known here.
        known: i64,
    },
    /// It is larger than an environment is.
    #[error("{path}: {bytes} bytes, over the limit of {limit}")]
    TooLarge {
        /// The file.
        path: Utf8PathBuf,
        /// Its size.
        bytes: u64,
        /// The largest size.
        limit: u64,
    },
    /// A row does not say what it should.
    #[error("{path}: damaged: {table}: {fault}")]
    Damaged {
        /// The file.
        path: Utf8PathBuf,
        /// Which table.
        table: &'static str,
        /// What is wrong.
        fault: String,
    },
    /// Its rows contradict each other.
    #[error("{path}: damaged: it contradicts itself: {fault}")]
    Contradicts {
        /// The file.
        path: Utf8PathBuf,
        /// What contradicts what.
        fault: String,
    },
    /// What was to be written contradicts itself.
    #[error("{label}: nothing was changed: it would contradict itself: {fault}")]
    WouldContradict {
        /// How messages name it.
        label: String,
        /// What would contradict what.
        fault: String,
    },
    /// Another process is at work on it.
    #[error("{label} is being changed by another run of solship{}", process.map(|id| format!(" (process {id})")).unwrap_or_default())]
    Locked {
        /// How messages name it.
        label: String,
        /// The other process, where it is known.
        process: Option<u32>,
    },
    /// A program that does not know the lock changed it in the middle.
    #[error("{label} was changed by another program in the same moment; nothing was done")]
    Changed {
        /// How messages name it.
        label: String,
    },
    /// SQLite cannot.
    #[error("{path}: {reason}")]
    Sqlite {
        /// The file.
        path: Utf8PathBuf,
        /// Of what kind that is.
        fault: SqliteFault,
        /// In the words of SQLite.
        reason: String,
    },
    /// The system does not let us.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The system does not let us.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// What keeps SQLite from reading or writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqliteFault {
    /// The file is damaged.
    Damaged,
    /// The file or its folder cannot be written.
    NotWritable,
    /// The disk is full.
    NoRoom,
    /// Anything else.
    Other,
}

impl SqliteFault {
    fn of(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::NotWritable
            }
            Some(ErrorCode::DiskFull) => Self::NoRoom,
            _ => Self::Other,
        }
    }
}

impl StoreError {
    pub(super) fn sqlite(path: &Utf8Path, error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotAStore { path: path.to_owned() },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Locked { label: path.to_string(), process: None }
            }
            None if matches!(error, rusqlite::Error::QueryReturnedNoRows) => Self::Damaged {
                path: path.to_owned(),
                table: "environment",
                fault: "its row is gone".to_owned(),
            },
            _ => Self::Sqlite {
                path: path.to_owned(),
                fault: SqliteFault::of(&error),
                reason: error.to_string(),
            },
        }
    }

    /// The same where the name of the environment is known.
    pub(super) fn busy(path: &Utf8Path, label: &str, error: rusqlite::Error) -> Self {
        match Self::sqlite(path, error) {
            Self::Locked { process, .. } => Self::Locked { label: label.to_owned(), process },
            error => error,
        }
    }

    /// What to do next, where more can be said.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotFound { .. } => {
                Some("solship env list shows the environments; solship env new makes one")
            }
            Self::Damaged { .. } | Self::Contradicts { .. } => Some(RESTORE),
            Self::Sqlite { fault, .. } => match fault {
                SqliteFault::Damaged => Some(RESTORE),
                SqliteFault::NotWritable => Some(
                    "an environment is only opened where you may write; what you may only read is a snapshot",
                ),
                SqliteFault::NoRoom => Some("make room and run again: what was done before is there"),
                SqliteFault::Other => None,
            },
            Self::WouldContradict { .. } => {
                Some("that is a fault of solship: please report it with the command and what it was given")
            }
            Self::SymbolicLink { .. } => Some(
                "solship env delete takes a link among its own environments away, and not what it leads to; elsewhere do it by hand",
            ),
            Self::Later { .. } => Some("use that version of solship"),
            Self::Locked { .. } | Self::Changed { .. } => Some("run again when it has ended"),
            Self::Exists { .. } => Some("choose another name, or solship env delete it first"),
            _ => None,
        }
    }
}
