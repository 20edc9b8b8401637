//! Why a document is refused, one variant a cause.

use crate::text::Position;

/// Why a text is not the XML that solship reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// The tokenizer gave up.
    #[error("ill-formed XML: {reason}")]
    IllFormed {
        /// Where.
        position: Position,
        /// What the tokenizer says.
        reason: String,
    },
}

impl XmlError {
    /// Where in the text the fault is.
    pub fn position(&self) -> Position {
        match self {
            Self::IllFormed { position, .. } => *position,
        }
    }
}
