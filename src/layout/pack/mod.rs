//! From the files of a folder to the entries of an archive.
//!
//! Read [`pack`] first. `folder.rs` sorts the files by rule, `files.rs` says in which order copied files come,
//! `assembly.rs` writes customizations.xml from the pieces,
//! `placed.rs` sees that no two of them are one row, `content_types.rs` makes `[Content_Types].xml`.

mod assembly;
mod content_types;
mod files;
mod folder;
mod placed;
mod sections;

pub(crate) use content_types::content_types;

use super::archive::managed_digit;
use super::canonical::{Edit, Edits, LineEnd, RootTag};
use super::note::Note;
use super::part::{Content, Part, Source, XmlFile, XmlShape};
use super::rules::{CONTENT_TYPES, CUSTOMIZATIONS, SOLUTION};
use super::unpack::refuse_collisions;
use super::{Kind, LayoutError};
use crate::xml::Document;

pub(super) use assembly::Assembly;
pub use folder::Folder;

/// How a folder is packed.
#[derive(Debug, Clone, Default)]
pub struct PackOptions {
    /// Type of the package; [`Kind::Both`] is packed as two.
    pub kind: PackKind,
    /// Line ends of the XML that is written.
    pub line_end: LineEnd,
    /// Version that the manifest gets.
    pub version: Option<String>,
    /// Where a managed package has no twin of a form, app or site map, take the unmanaged one.
    pub use_unmanaged_for_missing_managed: bool,
}

/// Type of a package that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PackKind {
    /// Unmanaged.
    #[default]
    Unmanaged,
    /// Managed.
    Managed,
}

impl PackKind {
    fn is_managed(self) -> bool {
        self == Self::Managed
    }
}

/// The entries of the archive.
#[derive(Debug)]
pub struct Packed<'a> {
    /// All entries in the order of the archive.
    pub parts: Vec<Part<'a>>,
    /// What should be said of them.
    pub notes: Vec<Note>,
}

/// Puts the files of a folder together to the entries of an archive. Their bytes are made when they are asked for, and
/// customizations.xml is never whole in memory.
///
/// # Errors
/// When a file is not what its place says, or two files want one entry.
pub fn pack<'a>(folder: &'a Folder<'a>, options: &PackOptions) -> Result<Packed<'a>, LayoutError> {
    let mut notes = folder.notes.clone();
    let chosen = folder.choose(options, &mut notes)?;
    let assembly = sections::assemble(folder, &chosen, options, &mut notes)?;
    let files = files::in_order(folder, &chosen, &mut notes)?;
    let view = folder.view;
    let made = |path: &str, content, source| Part::new(path.to_owned(), content, source);
    let of = |path: &String| Source::File(path.clone());
    let mut parts = vec![
        made(CUSTOMIZATIONS.0, Content::Assembly(assembly), of(&folder.customizations_path)),
        made(SOLUTION.0, manifest(folder, options)?, of(&folder.manifest_path)),
    ];
    parts.extend(files.into_iter().map(|(file, path)| {
        Part::new(path, Content::File { view, file }, Source::File(view.files()[file].path.clone()))
    }));
    let types = content_types(parts[2..].iter().map(Part::path));
    parts.push(made(CONTENT_TYPES, Content::Bytes(types), Source::Made));
    refuse_collisions(&parts)?;
    notes.sort_unstable();
    notes.dedup();
    Ok(Packed { parts, notes })
}

fn manifest<'a>(folder: &'a Folder<'a>, options: &PackOptions) -> Result<Content<'a>, LayoutError> {
    let document: &Document = &folder.manifest;
    let missing = |element| LayoutError::MissingElement { path: SOLUTION.1, element };
    let managed = managed_digit(document).ok_or(missing("Managed"))?;
    // It is overwritten: anything else that stands there would be lost.
    if !matches!(managed.text().trim(), "0" | "1" | "2") {
        let found = managed.text().into_owned();
        let path = folder.manifest_path.clone();
        return Err(LayoutError::ManagedDigit { path, found, expected: "0, 1 or 2" });
    }
    let digit = if options.kind.is_managed() { "1" } else { "0" };
    let mut edits = Vec::new();
    if managed.text() != digit {
        edits.push((managed.index(), Edit::Text(digit.to_owned())));
    }
    if let Some(version) = &options.version {
        let element =
            document.root().child("SolutionManifest").and_then(|manifest| manifest.child("Version"));
        edits.push((element.ok_or(missing("Version"))?.index(), Edit::Text(version.clone())));
    }
    for element in [Some(document.root()), document.root().child("SolutionManifest")].into_iter().flatten() {
        sections::refuse_text_around(element, &edits, &folder.manifest_path)?;
    }
    Ok(Content::Xml(XmlFile {
        document,
        line_end: options.line_end,
        shape: XmlShape::Element {
            element: document.root().index(),
            root: RootTag::default(),
            edits: Edits::new(edits),
        },
    }))
}
