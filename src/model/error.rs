//! Why no model can be made of a package, and what Dataverse would answer to it.

use std::sync::Arc;

use super::DataverseError;
use crate::json::JsonError;
use crate::package::PackageError;
use crate::xml::XmlError;

/// Why no model can be made of a package.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The package cannot be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// `solution.xml` or `customizations.xml` is not there.
    #[error("{label}: not a solution: it holds no {missing} at its top (Dataverse: {})", DataverseError::BAD_ZIP_FILE.title())]
    NotASolution {
        /// What the user called it.
        label: String,
        /// Which file is missing.
        missing: &'static str,
    },
    /// `solution.xml` or `customizations.xml` is ill-formed.
    #[error(
        "{file}:{}:{}: {error} (Dataverse: {})",
        error.position().line,
        error.position().column,
        DataverseError::NOT_WELL_FORMED.title()
    )]
    Xml {
        /// Which file.
        file: Arc<str>,
        /// Why.
        error: XmlError,
    },
    /// A JSON file that is needed is ill-formed.
    #[error("{file}:{}:{}: {error}", error.position().line, error.position().column)]
    Json {
        /// Which file.
        file: Arc<str>,
        /// Why.
        error: JsonError,
    },
    /// `customizations.xml` is another document.
    #[error("{file}: the root element is {found}, expected ImportExportXml (Dataverse: {})", DataverseError::SCHEMA_INVALID.title())]
    Customizations {
        /// Which file.
        file: Arc<str>,
        /// Its root element.
        found: String,
    },
    /// `solution.xml` lacks what every manifest has.
    #[error("{file}: not a solution manifest: no <{element}> (Dataverse: {})", DataverseError::SCHEMA_INVALID.title())]
    Manifest {
        /// Which file.
        file: Arc<str>,
        /// The element that is missing.
        element: &'static str,
    },
}
