//! From an archive to the files of a folder.
//!
//! Read [`unpack`] first. `sections.rs` carries out the rules, `entries.rs` places what is copied, `pieces.rs` unpacks most of a
//! long customizations.xml while it is inflated, which `cutter.rs` cuts.

mod cutter;
mod entries;
mod pieces;
mod sections;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};
use std::io::Write;

use rayon::prelude::*;

pub use entries::likely_copies;
#[cfg(test)]
pub(super) use pieces::read_pieces_of;
pub(crate) use pieces::{is_long, read_in_pieces};
use sections::Rows;
pub(super) use sections::named_files;

use super::archive::{Archive, child_indices, managed_digit};
use super::canonical::{Edit, Edits, LineEnd, RootTag, is_verbatim};
use super::names::{folded, is_safe, listed_key};
use super::note::Note;
use super::part::{Content, Part, Source, XmlFile, XmlShape};
use super::place::has_twin;
use super::rules::{CUSTOMIZATIONS, ROOT_COMPONENTS, SOLUTION};
use super::{Kind, LayoutError, namespaces};
use crate::xml::{Document, Element};

/// What is unpacked.
#[derive(Debug, Clone, Copy)]
pub enum Archives<'a> {
    /// One package.
    One(&'a Archive<'a>),
    /// The two packages of one solution, into one folder.
    Both {
        /// The unmanaged one.
        unmanaged: &'a Archive<'a>,
        /// The managed one.
        managed: &'a Archive<'a>,
    },
}

/// How it is unpacked.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnpackOptions {
    /// Leave out what the reference packer loses.
    pub as_packager: bool,
    /// Line ends of the XML that is written.
    pub line_end: LineEnd,
}

/// The files of the folder, by path.
#[derive(Debug)]
pub struct Unpacked<'a> {
    /// All files in byte order of their paths.
    pub parts: Vec<Part<'a>>,
    /// What should be said of them.
    pub notes: Vec<Note>,
}

/// Splits one archive, or both halves of a solution, into the files of a folder. Their bytes are made when they are asked
/// for.
///
/// # Errors
/// When two parts want one name, a name is not safe, or a package is not of the type that its place says.
pub fn unpack<'a>(archives: Archives<'a>, options: &UnpackOptions) -> Result<Unpacked<'a>, LayoutError> {
    Ok(in_order(match archives {
        Archives::One(archive) => one(archive, Rows::default(), options)?,
        Archives::Both { unmanaged, managed } => {
            unmanaged.refuse_other_kind(false)?;
            managed.refuse_other_kind(true)?;
            let half = |archive, managed| half(archive, managed, Kind::Both, Rows::default(), options);
            merge(half(unmanaged, false)?, half(managed, true)?)?
        }
    }))
}

/// Splits what [`read_in_pieces`] left of one archive; with the files of the rows that are written already.
///
/// # Errors
/// As [`unpack`].
pub(crate) fn unpack_rest<'a>(
    archive: &'a Archive<'a>,
    rows: Rows<'a>,
    options: &UnpackOptions,
) -> Result<Unpacked<'a>, LayoutError> {
    Ok(in_order(one(archive, rows, options)?))
}

fn one<'a>(
    archive: &'a Archive<'a>,
    rows: Rows<'a>,
    options: &UnpackOptions,
) -> Result<Half<'a>, LayoutError> {
    half(archive, archive.is_managed(), archive.kind(), rows, options)
}

fn in_order<'a>((mut parts, mut notes): Half<'a>) -> Unpacked<'a> {
    parts.par_sort_unstable_by(|left, right| left.path().cmp(right.path()));
    notes.sort_unstable();
    notes.dedup();
    Unpacked { parts, notes }
}

type Half<'a> = (Vec<Part<'a>>, Vec<Note>);

/// The files of one package.
fn half<'a>(
    archive: &'a Archive<'a>,
    managed: bool,
    kind: Kind,
    rows: Rows<'a>,
    options: &UnpackOptions,
) -> Result<Half<'a>, LayoutError> {
    let entries = sections::Entries::of(archive.package);
    let mut split = sections::Split::new(archive, managed, options, entries);
    split.rows = rows;
    split.sections()?;
    split.copied_entries()?;
    let edits = Edits::new(std::mem::take(&mut split.cuts));
    let whole = |document: &'a Document, entry: &'static str, path: &'static str, edits| {
        let root = document.root();
        let content = Content::Xml(XmlFile {
            document,
            line_end: options.line_end,
            shape: XmlShape::Element {
                element: root.index(),
                root: RootTag { last: namespaces::inherited(root, true), ..RootTag::default() },
                edits,
            },
        });
        Part::new(path.to_owned(), content, Source::File(entry.to_owned()))
    };
    split.rows.parts.push(whole(&archive.customizations, CUSTOMIZATIONS.0, CUSTOMIZATIONS.1, edits));
    let edits = manifest_edits(&archive.manifest, kind);
    split.rows.parts.push(whole(&archive.manifest, SOLUTION.0, SOLUTION.1, edits));
    refuse_collisions(&split.rows.parts)?;
    Ok((split.rows.parts, split.notes))
}

fn manifest_edits(manifest: &Document, kind: Kind) -> Edits {
    let mut edits = Vec::new();
    if kind == Kind::Both
        && let Some(digit) = managed_digit(manifest)
    {
        edits.push((digit.index(), Edit::Text("2".to_owned())));
    }
    let components =
        manifest.root().child("SolutionManifest").and_then(|manifest| manifest.child(ROOT_COMPONENTS));
    edits.extend(components.and_then(|components| sorted(components, true)));
    Edits::new(edits)
}

/// Puts the rows of a list in order: by type as text, then by schema name, then (`by_id`) by id. Comments come first.
fn sorted(list: Element<'_>, by_id: bool) -> Option<(u32, Edit)> {
    let document = list.document();
    if is_verbatim(list) {
        return None;
    }
    let mut rows: Vec<u32> = child_indices(document, list.index()).collect();
    let before = rows.clone();
    rows.sort_by_cached_key(|&row| {
        document.element(row).map(|row| {
            let text = |name: &str| row.attribute(name).unwrap_or_default();
            let id = if by_id { text("id").to_lowercase() } else { String::new() };
            (text("type").into_owned(), listed_key(&text("schemaName")), id)
        })
    });
    (rows != before).then_some((list.index(), Edit::Reorder(rows)))
}

/// Both halves in one folder: where they share a file, the managed one is taken.
fn merge<'a>(unmanaged: Half<'a>, managed: Half<'a>) -> Result<Half<'a>, LayoutError> {
    let (mut parts, mut notes) = managed;
    let by_path: HashMap<String, usize> =
        parts.iter().enumerate().map(|(index, part)| (folded(part.path()), index)).collect();
    let mut of_both = vec![false; parts.len()];
    notes.extend(unmanaged.1);
    for part in unmanaged.0 {
        match by_path.get(&folded(part.path())) {
            None => {
                notes.extend(in_one_half(&part, false));
                parts.push(part);
            }
            Some(&index) => {
                of_both[index] = true;
                if !are_equal(&part, &parts[index])? {
                    notes.push(Note::HalvesDiffer { path: part.path().to_owned() });
                }
            }
        }
    }
    // Those of the unmanaged half only stand behind all of these.
    let of_managed = parts.iter().zip(&of_both).filter(|(_, of_both)| !**of_both);
    notes.extend(of_managed.filter_map(|(part, _)| in_one_half(part, true)));
    refuse_collisions(&parts)?;
    Ok((parts, notes))
}

/// Packing puts what has no twin into both packages.
fn in_one_half(part: &Part<'_>, managed: bool) -> Option<Note> {
    let note = || Note::InOneHalf { path: part.path().to_owned(), kind: Kind::name_of(managed) };
    (!has_twin(part.path())).then(note)
}

fn are_equal(left: &Part<'_>, right: &Part<'_>) -> Result<bool, LayoutError> {
    if let (Some(left), Some(right)) = (left.copied_entry(), right.copied_entry()) {
        let known = |entry: &crate::package::Entry| (entry.size, entry.crc32);
        return Ok(known(left) == known(right));
    }
    let mut sums = [Sum::default(), Sum::default()];
    left.write_to(&mut sums[0])?;
    right.write_to(&mut sums[1])?;
    Ok(sums[0].bytes == sums[1].bytes && sums[0].hasher.finish() == sums[1].hasher.finish())
}

/// Tells two texts apart without keeping them.
#[derive(Default)]
struct Sum {
    bytes: usize,
    hasher: DefaultHasher,
}

impl Write for Sum {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes += bytes.len();
        self.hasher.write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Two parts must not have one name, nor may one be a folder where the other is a file.
pub(super) fn refuse_collisions(parts: &[Part<'_>]) -> Result<(), LayoutError> {
    let fold = |part: &Part<'_>| (folded(part.path()), is_safe(part.path()));
    let paths: Vec<(String, bool)> = parts.par_iter().map(fold).collect();
    let mut taken: HashMap<&str, &Part<'_>, foldhash::fast::RandomState> =
        HashMap::with_capacity_and_hasher(parts.len(), foldhash::fast::RandomState::default());
    for (part, (path, is_safe)) in parts.iter().zip(&paths) {
        if !is_safe {
            let named_by = part.source.to_string();
            return Err(LayoutError::UnsafeName { name: part.path().to_owned(), named_by });
        }
        if let Some(earlier) = taken.insert(path, part) {
            return Err(collision(earlier, part));
        }
    }
    let mut last_folder = "";
    for (part, (path, _)) in parts.iter().zip(&paths) {
        // The files of one folder mostly follow each other.
        let folder = &path[..path.rfind('/').unwrap_or(0)];
        if folder == last_folder {
            continue;
        }
        last_folder = folder;
        for end in folder.match_indices('/').map(|(slash, _)| slash).chain([folder.len()]) {
            if let Some(earlier) = taken.get(&folder[..end]) {
                return Err(collision(earlier, part));
            }
        }
    }
    Ok(())
}

fn collision(first: &Part<'_>, second: &Part<'_>) -> LayoutError {
    LayoutError::Collision {
        path: first.path().to_owned(),
        first: first.source.to_string(),
        second: second.source.to_string(),
    }
}
