//! Why no model can be made of a package.

use std::sync::Arc;

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
    #[error("{label}: not a solution: it holds no {missing}")]
    NotASolution {
        /// What the user called it.
        label: String,
        /// Which file is missing.
        missing: &'static str,
    },
    /// `solution.xml` or `customizations.xml` is ill-formed.
    #[error("{file}:{}:{}: {error}", error.position().line, error.position().column)]
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
    #[error("{file}: the root element is {found}, expected ImportExportXml")]
    Customizations {
        /// Which file.
        file: Arc<str>,
        /// Its root element.
        found: String,
    },
    /// `solution.xml` lacks what every manifest has.
    #[error("{file}: not a solution manifest: no <{element}>")]
    Manifest {
        /// Which file.
        file: Arc<str>,
        /// The element that is missing.
        element: &'static str,
    },
}
