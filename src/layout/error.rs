//! Why an archive cannot be unpacked or a folder packed, one variant a cause.

use crate::package::PackageError;
use crate::xml::XmlError;

/// Why there is no folder or archive to be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// An entry or file could not be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The receiver of the bytes refused them.
    #[error(transparent)]
    Write(std::io::Error),
    /// It has to be unpacked as a whole.
    #[error("not to be unpacked in pieces")]
    NotInPieces,
    /// The file of a row was asked for a second time, and the row is given up.
    #[error("{path}: written already")]
    WrittenAlready {
        /// Path in the folder.
        path: String,
    },
    /// A file that every solution has is absent.
    #[error("{path}: not there")]
    Missing {
        /// Path in the archive or folder.
        path: &'static str,
    },
    /// A file that must be read is not XML.
    #[error("{path}:{}:{}: {error}", error.position().line, error.position().column)]
    Xml {
        /// Path in the archive or folder.
        path: String,
        /// What is wrong, and where.
        error: XmlError,
    },
    /// A file holds another element than its place says.
    #[error("{path}: the root element is {found}, expected {expected}")]
    Root {
        /// Path in the folder.
        path: String,
        /// What its place asks for.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// A file of rows holds text between them, for which there is no place in the archive.
    #[error("{path}: text between the elements of {element}")]
    TextBetweenRows {
        /// Path in the folder.
        path: String,
        /// The root element.
        element: String,
    },
    /// The element around the rows of a file has an attribute, for which there is no place in the archive.
    #[error("{path}: the attribute {attribute} of {element} would be lost")]
    AttributeOfRows {
        /// Path in the folder.
        path: String,
        /// The root element.
        element: String,
        /// Its attribute.
        attribute: String,
    },
    /// Two parts would get one name, case not counted.
    #[error("{path}: wanted by two parts: {first}; {second}")]
    Collision {
        /// The name.
        path: String,
        /// What has it.
        first: String,
        /// What wants it too.
        second: String,
    },
    /// Two files of a folder hold one row, as a copy that was given another name outside only.
    #[error("{first} and {second} are one component: both would be unpacked as {path}")]
    OneRowTwice {
        /// The name that both would get.
        path: String,
        /// A file of the folder.
        first: String,
        /// Another file of the folder.
        second: String,
    },
    /// A name leads out of the folder or is none on some system.
    #[error("{name}: no safe path ({named_by})")]
    UnsafeName {
        /// The name.
        name: String,
        /// What has it.
        named_by: String,
    },
    /// An entry of the archive lies where unpacked parts of another kind lie, and would not come back as it was.
    #[error("entry {entry}: pack would take it for a part of {section}")]
    Taken {
        /// Path in the archive.
        entry: String,
        /// Section of customizations.xml.
        section: &'static str,
    },
    /// A file was cut out of a row whose own file is absent.
    #[error("{path}: {missing} is not there")]
    Orphan {
        /// Path in the folder.
        path: String,
        /// The file of the row.
        missing: String,
    },
    /// The package is of the other type.
    #[error("this is the {found} package, asked for was the {expected} one")]
    OtherKind {
        /// Asked for.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A part exists in one half only, and nothing says that the folder holds both.
    #[error("{path}: no twin for the {kind} package")]
    MissingTwin {
        /// Path in the folder.
        path: String,
        /// The type that is packed.
        kind: &'static str,
    },
    /// The manifest says of no type of package that it is this one.
    #[error("{path}: Managed is {found:?}, expected {expected}")]
    ManagedDigit {
        /// Path in the archive or folder.
        path: String,
        /// What stands there.
        found: String,
        /// What may stand there.
        expected: &'static str,
    },
    /// The manifest has no place for what was asked.
    #[error("{path}: no element {element}")]
    MissingElement {
        /// Path in the archive or folder.
        path: &'static str,
        /// The element.
        element: &'static str,
    },
}
