//! XML in the form that the packager writes: byte order mark, declaration, one line end, two spaces of indent, order of
//! attributes kept (`LAYOUT.md` §1).
//!
//! Written from the original bytes of a [`Document`](crate::xml::Document): what is in the form already is copied in runs.
//! What goes where is not known here. Read [`XmlWriter`] first.

mod tag;
mod text;
mod walk;
mod writer;

use crate::xml::{Attribute, Element};

pub(super) use tag::RootTag;
pub(super) use text::push_escaped_value;
pub(super) use writer::{Edit, Edits, Fill, NoFill, Trace, XSI_NAMESPACE, XmlWriter};

/// Whether an element is written as it is, white space included, since it has text of its own or says so: nothing can be cut out
/// of it then, put into it or put in order.
pub(super) fn is_verbatim(element: Element<'_>) -> bool {
    let says_so =
        |attribute: Attribute<'_>| attribute.name == "xml:space" && attribute.raw_value == "preserve";
    element.has_text() || element.attributes().any(says_so)
}

/// How a line ends in the files that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LineEnd {
    /// CR LF, as the reference packer on Windows.
    #[default]
    Crlf,
    /// LF, as the reference packer on Linux.
    Lf,
}

impl LineEnd {
    /// The bytes of it.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Crlf => b"\r\n",
            Self::Lf => b"\n",
        }
    }
}
