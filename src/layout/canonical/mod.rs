//! XML in the form that the packager writes: byte order mark, declaration, one line end, two spaces of indent, order of
//! attributes kept (`LAYOUT.md` §1).
//!
//! Written from the original bytes of a [`Document`](crate::xml::Document): what is in the form already is copied in runs.
//! What goes where is not known here. Read [`XmlWriter`] first.

mod tag;
mod text;
mod writer;

pub(super) use tag::RootTag;
pub(super) use text::push_escaped_value;
pub(super) use writer::{Edit, Edits, Fill, NoFill, Trace, XSI_NAMESPACE, XmlWriter};

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
