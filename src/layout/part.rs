//! One file of the folder, or one entry of the archive: its path, and its bytes when they are asked for.

use std::fmt;
use std::io::Write;

use super::canonical::{Edits, LineEnd, NoFill, RootTag, XmlWriter};
use super::pack::Assembly;
use super::rules::CUSTOMIZATIONS;
use super::{FolderView, LayoutError};
use crate::package::{Entry, Package};
use crate::write::Checksum;
use crate::xml::Document;

/// One file of the folder or one entry of the archive.
pub struct Part<'a> {
    path: String,
    pub(super) content: Content<'a>,
    pub(super) source: Source<'a>,
}

/// Where the bytes come from.
pub(super) enum Content<'a> {
    /// Copied from an archive.
    Entry { package: &'a Package, entry: &'a Entry },
    /// Copied from a folder.
    File { view: &'a dyn FolderView, file: usize },
    /// Made.
    Bytes(Vec<u8>),
    /// Written already, and given up.
    Written(Checksum),
    /// Cut out of a document.
    Xml(XmlFile<'a>),
    /// Put together from a document and files.
    Assembly(Assembly<'a>),
}

/// XML that is cut out of a document.
pub(super) struct XmlFile<'a> {
    pub(super) document: &'a Document,
    pub(super) line_end: LineEnd,
    pub(super) shape: XmlShape,
}

/// What of a document becomes a file.
pub(super) enum XmlShape {
    /// One element; with what is outside of it where it is the outermost one.
    Element { element: u32, root: RootTag, edits: Edits },
    /// One row, behind the comments that belong to it, inside the start and end tag of the element around it.
    Wrapped { wrapper: u32, root: RootTag, nodes: Vec<u32> },
    /// Rows inside an element of this name.
    Rows { name: &'static str, rows: Vec<u32> },
    /// The start tags of rows, each as an empty element, inside an element of this name.
    List { name: &'static str, rows: Vec<u32> },
}

/// What a part was made of, for messages.
#[derive(Clone)]
pub(super) enum Source<'a> {
    /// An entry of the archive or a file of the folder.
    File(String),
    /// An element.
    Element { entry: &'static str, name: String, document: &'a Document, offset: usize },
    /// A row that is unpacked already.
    Row,
    /// The layout itself.
    Made,
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(out, "{path}"),
            Self::Element { entry, name, document, offset } => {
                let position = document.position(*offset);
                write!(out, "{name} at {entry}:{}:{}", position.line, position.column)
            }
            Self::Row => write!(out, "a row of {}", CUSTOMIZATIONS.0),
            Self::Made => write!(out, "a file that every solution has"),
        }
    }
}

impl<'a> Part<'a> {
    pub(super) fn new(path: String, content: Content<'a>, source: Source<'a>) -> Self {
        Self { path, content, source }
    }

    /// Path with `/`, below the folder or in the archive.
    pub fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn into_path(self) -> String {
        self.path
    }

    /// CRC-32 of the bytes, where that is known without making them.
    pub fn crc32(&self) -> Option<u32> {
        match &self.content {
            Content::Written(written) => Some(written.crc32),
            _ => self.copied_entry().and_then(|entry| entry.crc32),
        }
    }

    /// The entry of the archive whose bytes these are, so that size and CRC-32 are known without inflating.
    pub fn copied_entry(&self) -> Option<&'a Entry> {
        match &self.content {
            Content::Entry { entry, .. } => Some(entry),
            _ => None,
        }
    }

    /// Bytes, where that is known without making them.
    pub fn size(&self) -> Option<u64> {
        match &self.content {
            Content::Entry { entry, .. } => Some(entry.size),
            Content::File { view, file } => Some(view.files()[*file].size),
            Content::Bytes(bytes) => Some(bytes.len() as u64),
            Content::Written(written) => Some(written.size),
            Content::Xml(_) | Content::Assembly(_) => None,
        }
    }

    /// Writes all bytes in order; the same ones each time, from any thread.
    ///
    /// # Errors
    /// [`LayoutError::WrittenAlready`] of a part that is. [`LayoutError::Write`] is what `out` said; all others concern the part.
    pub fn write_to(&self, out: &mut dyn Write) -> Result<(), LayoutError> {
        match &self.content {
            Content::Entry { package, entry } => {
                out.write_all(&package.read(entry)?).map_err(LayoutError::Write)
            }
            Content::File { view, file } => out.write_all(&view.read(*file)?).map_err(LayoutError::Write),
            Content::Bytes(bytes) => out.write_all(bytes).map_err(LayoutError::Write),
            Content::Written(_) => Err(LayoutError::WrittenAlready { path: self.path.clone() }),
            Content::Xml(file) => file.write_to(out),
            Content::Assembly(assembly) => assembly.write_to(out),
        }
    }

    /// All bytes at once.
    ///
    /// # Errors
    /// As [`Part::write_to`].
    pub fn bytes(&self) -> Result<Vec<u8>, LayoutError> {
        let mut bytes = Vec::with_capacity(self.size().unwrap_or_default() as usize);
        self.write_to(&mut bytes)?;
        Ok(bytes)
    }
}

impl fmt::Debug for Part<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Part").field("path", &self.path).field("source", &self.source.to_string()).finish()
    }
}

impl XmlFile<'_> {
    fn write_to(&self, out: &mut dyn Write) -> Result<(), LayoutError> {
        let mut writer = XmlWriter::new(out, self.line_end);
        let document = self.document;
        match &self.shape {
            XmlShape::Element { element, root, edits } => {
                let outermost = *element == document.root().index();
                if outermost {
                    writer.before_root(document, 0);
                }
                writer.element(document, *element, 0, Some(root), edits, &NoFill)?;
                if outermost {
                    writer.after_root(document, 0);
                }
            }
            XmlShape::Wrapped { wrapper, root, nodes } => {
                writer.open_tag(document, *wrapper, root);
                for &node in nodes {
                    writer.line(1);
                    writer.element(document, node, 1, None, &Edits::default(), &NoFill)?;
                }
                writer.line(0);
                writer.close_tag(document, *wrapper);
            }
            XmlShape::Rows { name, rows } => {
                writer.open_named(name);
                for &row in rows {
                    writer.line(1);
                    writer.element(document, row, 1, None, &Edits::default(), &NoFill)?;
                }
                writer.line(0);
                writer.close_named(name);
            }
            XmlShape::List { name, rows } => {
                writer.open_named(name);
                for &row in rows {
                    writer.line(1);
                    writer.empty_tag(document, row, &RootTag::default());
                }
                writer.line(0);
                writer.close_named(name);
            }
        }
        writer.finish()
    }
}
