//! What is worth saying of an archive or folder that was unpacked or packed all the same.

use std::fmt;

use super::Kind;

/// Something that a person should know. None of them means that a part was lost, except where the text says so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Note {
    /// The XML names a file that is absent.
    MissingFile {
        /// The file, as it is called in the archive, or in the folder that is packed.
        path: String,
        /// What names it.
        named_by: String,
    },
    /// A row that has no file of its own stays in `Other/Customizations.xml`.
    Kept {
        /// Section of customizations.xml.
        section: &'static str,
        /// The row.
        row: String,
    },
    /// A row that the reference packer loses was left out, as asked for.
    Dropped {
        /// Section of customizations.xml.
        section: &'static str,
        /// The row.
        row: String,
    },
    /// A file that both halves share differs between them; the folder holds the managed one.
    HalvesDiffer {
        /// Path in the folder.
        path: String,
    },
    /// A part that one half has alone comes into the other one, too, when the folder is packed.
    InOneHalf {
        /// Path in the folder.
        path: String,
        /// The type that has it.
        kind: &'static str,
    },
    /// A part of the other half only: the package lacks it.
    OtherHalf {
        /// Path in the folder.
        path: String,
        /// The type that is packed.
        kind: &'static str,
    },
    /// The list of relationships names one that no file holds.
    MissingRelationship {
        /// Its name.
        name: String,
    },
    /// A relationship that the list does not name; it is packed behind the others.
    UnlistedRelationship {
        /// Its name.
        name: String,
    },
    /// A comment beside the outermost element of a file, which is another place in the archive.
    CommentMoves {
        /// Path in the folder.
        path: String,
    },
    /// A file that is made again for each archive is not packed.
    MadeAgain {
        /// Path in the folder.
        path: String,
    },
}

impl Note {
    /// What can be done.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::OtherHalf { kind, .. } if *kind == Kind::name_of(true) => {
                Some("--useUnmanagedFileForMissingManaged takes the unmanaged file")
            }
            _ => None,
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingFile { path, named_by } => write!(out, "{path}: not there, but named by {named_by}"),
            Self::Kept { section, row } => {
                write!(out, "{row}: stays in Other/Customizations.xml ({section})")
            }
            Self::Dropped { section, row } => write!(out, "{row}: left out ({section})"),
            Self::HalvesDiffer { path } => {
                write!(out, "{path}: differs between the two packages, the managed one is taken")
            }
            Self::InOneHalf { path, kind } => {
                write!(out, "{path}: in the {kind} package alone; packing puts it into both")
            }
            Self::OtherHalf { path, kind } => {
                write!(out, "{path}: no twin for the {kind} package, which is packed without it")
            }
            Self::MissingRelationship { name } => {
                write!(out, "relationship {name}: listed in Other/Relationships.xml, but in no file")
            }
            Self::UnlistedRelationship { name } => {
                write!(out, "relationship {name}: not listed in Other/Relationships.xml")
            }
            Self::CommentMoves { path } => {
                write!(out, "{path}: a comment comes back in another place when the archive is unpacked")
            }
            Self::MadeAgain { path } => write!(out, "{path}: not packed, made again for each archive"),
        }
    }
}
