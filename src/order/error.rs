//! Why a file with an order is refused, one variant a cause.

use crate::model::Place;
use crate::xml::XmlFault;

/// What is wrong with a file with an order, and where.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct OrderError {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: OrderFault,
}

/// What is wrong with a file with an order.
#[derive(Debug, thiserror::Error)]
pub enum OrderFault {
    /// The bytes are not UTF-8.
    #[error("the bytes are not UTF-8")]
    NotUtf8,
    /// Another encoding.
    #[error("the text is {found}; only UTF-8 is read")]
    Encoding {
        /// Which one.
        found: &'static str,
    },
    /// The XML is ill-formed.
    #[error("{fault}")]
    Xml {
        /// What is wrong with it.
        fault: XmlFault,
    },
    /// Another XML document.
    #[error("<{found}> where <configdatastorage> is expected: this is no ImportConfig.xml")]
    NotImportConfig {
        /// The outermost element.
        found: String,
    },
    /// A row without a file.
    #[error("<configsolutionfile> needs the attribute solutionpackagefilename")]
    NoFileName,
    /// The TOML is ill-formed.
    #[error("{message}")]
    Toml {
        /// What the parser says.
        message: String,
    },
    /// `order` is no array of strings.
    #[error("`order` must be an array of unique names or files, such as [\"FabShared\", \"FabFlows.zip\"]")]
    NotNames,
    /// Nothing is listed.
    #[error("no solution is listed here")]
    Empty,
}
