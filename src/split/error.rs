//! Why nothing is split or merged, one variant a cause.

use crate::author::AuthorError;
use crate::graph::UnknownType;
use crate::layout::LayoutError;
use crate::model::{ModelError, Place};
use crate::package::PackageError;
use crate::write::WriteError;
use crate::xml::XmlError;

/// Why solutions are not split or not merged. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    /// A package cannot be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// What is in it is no solution.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A file is ill-formed.
    #[error("{place}: {error}")]
    Xml {
        /// Which file.
        place: String,
        /// Why.
        error: XmlError,
    },
    /// A name that the platform does not take.
    #[error("{0}")]
    Name(Box<AuthorError>),
    /// A managed solution.
    #[error("{name} is managed: only its publisher can make other solutions of it")]
    Managed {
        /// Its name.
        name: String,
    },
    /// A patch.
    #[error("{name} is a patch of {parent}: what it changes belongs to its parent")]
    Patch {
        /// Its name.
        name: String,
        /// That of its parent.
        parent: String,
    },
    /// Managed and unmanaged solutions.
    #[error("{one} is managed and {other} is not: components do not go from one kind to the other")]
    Kinds {
        /// The managed one.
        one: String,
        /// The other.
        other: String,
    },
    /// Solutions of several publishers.
    #[error(
        "{one} is of publisher {publisher}, {other} of {other_publisher}: a component stays with its publisher"
    )]
    Publishers {
        /// One solution.
        one: String,
        /// Its publisher.
        publisher: String,
        /// Another one.
        other: String,
        /// The publisher of that.
        other_publisher: String,
    },
    /// A circle that no move of components opens.
    #[error("{members} need each other so that nothing of {emptied} would be left: {because}")]
    OneCircle {
        /// The solutions.
        members: String,
        /// The one that would be empty.
        emptied: String,
        /// A need that shows it.
        because: String,
    },
    /// Two solutions have other content for one thing.
    #[error("{what} is in {one} and in {other}, and is not the same")]
    Collision {
        /// What.
        what: String,
        /// One solution.
        one: String,
        /// The other.
        other: String,
    },
    /// Two packages of one solution.
    #[error("{name} is there twice: {one} and {other}")]
    SolutionTwice {
        /// Its name.
        name: String,
        /// One package.
        one: String,
        /// The other.
        other: String,
    },
    /// No name can be made of those of the parts.
    #[error("the names of the parts have no common beginning before an underscore")]
    NoCommonName,
    /// A row of `[[split]]` names a type that is none.
    #[error("{place}: {error}")]
    Type {
        /// Where it is written.
        place: Place,
        /// Which.
        error: UnknownType,
    },
    /// One solution is no set.
    #[error("one solution is given; several are merged")]
    OneSolution,
    /// Something is where a part would be written.
    #[error("{place}: something is there already")]
    InTheWay {
        /// Where.
        place: String,
    },
    /// A part would lie among the files of a solution.
    #[error("{place}: would lie inside of a solution, {around}")]
    Inside {
        /// Where.
        place: String,
        /// The folder of that solution.
        around: String,
    },
    /// A part cannot be unpacked.
    #[error("{label}: {error}")]
    Layout {
        /// Which one.
        label: String,
        /// Why.
        error: Box<LayoutError>,
    },
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<AuthorError> for SplitError {
    fn from(error: AuthorError) -> Self {
        Self::Name(Box::new(error))
    }
}

impl SplitError {
    /// What to do.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Name(error) => return error.hint(),
            Self::Type { error, .. } => return Some(error.hint()),
            Self::Managed { .. } => {
                "take the unmanaged solution of the environment where it is made; --force goes on all the same"
            }
            Self::Patch { .. } => "take the parent, with its patches rolled up",
            Self::Kinds { .. } => "take all managed or all unmanaged",
            Self::Publishers { .. } => {
                "give the solutions one publisher in the environment where they are made"
            }
            Self::OneCircle { .. } => "make them one: solship merge",
            Self::Collision { .. } => "take one of the two out, or make both the same",
            Self::SolutionTwice { .. } => "name one package of each solution",
            Self::NoCommonName => "name it with --name",
            Self::OneSolution => "name all parts",
            Self::Inside { .. } => {
                "solutions lie beside each other: name a folder around them, or another one"
            }
            Self::InTheWay { .. } => "name another place with -o, or take away what is there",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
