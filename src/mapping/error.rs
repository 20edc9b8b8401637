//! Why a map file, or a file that it names, is refused: one variant a cause.

use std::io;

use camino::Utf8PathBuf;

use crate::model::Place;
use crate::xml::XmlFault;

/// What is wrong with a map file, or with what it points at.
#[derive(Debug, thiserror::Error)]
pub enum MapFault {
    /// The map file cannot be read.
    #[error("the map file cannot be read: {source}")]
    Read {
        /// What the system says.
        source: io::Error,
    },
    /// The map file is too large.
    #[error("over the limit of {limit} bytes of a map file")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// Not XML.
    #[error("{fault}")]
    Xml {
        /// What is wrong with it.
        fault: XmlFault,
    },
    /// Another outermost element.
    #[error("<{found}> where <Mapping> is expected")]
    NotMapping {
        /// Its name.
        found: String,
    },
    /// None of the three directives.
    #[error("<{found}> where <Folder>, <FileToFile> or <FileToPath> is expected")]
    UnknownDirective {
        /// Its name.
        found: String,
    },
    /// `map` or `to` is missing or empty.
    #[error("<{directive}> needs the attribute {attribute}")]
    MissingAttribute {
        /// The element.
        directive: &'static str,
        /// `map` or `to`.
        attribute: &'static str,
    },
    /// `%NAME%` without a value.
    #[error("the environment variable {name} is not set")]
    UnsetVariable {
        /// Its name.
        name: String,
    },
    /// `map` names no file or folder of the packager folder.
    #[error("map=\"{written}\" is not a path inside of the solution folder")]
    MapOutside {
        /// As written, variables in it.
        written: String,
    },
    /// `**` where it has no meaning.
    #[error("{attribute}=\"{written}\": ** stands only for the last folder of a file's path")]
    FolderWildcard {
        /// `map` or `to`.
        attribute: &'static str,
        /// As written.
        written: String,
    },
    /// A wildcard where none is allowed.
    #[error("{attribute}=\"{written}\": no wildcard is allowed here")]
    NameWildcard {
        /// `map` or `to`.
        attribute: &'static str,
        /// As written.
        written: String,
    },
    /// A folder where a file is asked for.
    #[error("{attribute}=\"{written}\" ends without a file name")]
    NoFileName {
        /// `map` or `to`.
        attribute: &'static str,
        /// As written.
        written: String,
    },
    /// An absolute place.
    #[error("to=\"{written}\" is an absolute path")]
    Absolute {
        /// As written.
        written: String,
    },
    /// A drive where there are none, or a path relative to a drive's folder.
    #[error("to=\"{written}\" names a drive in a way that this system cannot resolve")]
    Drive {
        /// As written.
        written: String,
    },
    /// A place outside of the repository.
    #[error("to=\"{written}\" leads out of {root}")]
    Outside {
        /// As written.
        written: String,
        /// What it leads out of.
        root: Utf8PathBuf,
    },
    /// Matched, and nowhere in its place.
    #[error("{file} is mapped and is not found at {looked}")]
    NotFound {
        /// The file of the packager folder.
        file: String,
        /// Where the directive looks.
        looked: Utf8PathBuf,
    },
    /// A symlink on the way.
    #[error("{path} is a symlink; symlinks are not followed")]
    Symlink {
        /// The link.
        path: Utf8PathBuf,
    },
    /// A place cannot be searched.
    #[error("{path} cannot be searched: {source}")]
    Search {
        /// The file or folder.
        path: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A folder with too much in it.
    #[error("over the limit of {limit} files and folders below {folder}")]
    SearchTooLarge {
        /// The limit.
        limit: usize,
        /// Where the search began.
        folder: Utf8PathBuf,
    },
}

/// Why a map file, or a file that it names, is refused, and which place of the map file says so.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct MapError {
    place: Place,
    fault: MapFault,
}

impl MapError {
    pub(super) fn new(place: Place, fault: MapFault) -> Self {
        Self { place, fault }
    }

    /// The map file, with line and column of the value or directive; line 0 when the file as a whole is meant.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What is wrong.
    pub fn fault(&self) -> &MapFault {
        &self.fault
    }

    /// What the user can do, where that is one thing.
    pub fn hint(&self) -> Option<&'static str> {
        match self.fault {
            MapFault::Absolute { .. } | MapFault::Outside { .. } => {
                Some("--map-outside allows places outside of the repository")
            }
            MapFault::UnsetVariable { .. } => Some("set the variable before the command starts"),
            MapFault::Symlink { .. } => Some("name the place that the link points at"),
            _ => None,
        }
    }
}
