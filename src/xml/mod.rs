//! Lossless XML: a flat index of byte offsets over the original bytes, no tree of allocations.
//!
//! quick-xml is the tokenizer; this module adds the well-formedness that it does not check, and limits. What the elements
//! mean is not known here. Read [`Document`] first; the one reading of a text is in `parse.rs`, on
//! all threads in `pieces.rs`.

mod characters;
mod document;
mod error;
mod markup;
mod namespaces;
mod parse;
mod pieces;
mod tag;
#[cfg(test)]
mod tests;

pub use document::{Attribute, Document, Element, Node, NodeKind, Record, unescaped};
pub use error::{XmlError, XmlFault};
pub(crate) use parse::tag_end;

/// Limits on one document, each with the value that real exports stay far below.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Levels of elements inside each other.
    pub depth: usize,
    /// Attributes of one tag.
    pub attributes: usize,
    /// Bytes of one tag, and so of one attribute value.
    pub token_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 512, attributes: 1024, token_bytes: 1 << 20 }
    }
}
