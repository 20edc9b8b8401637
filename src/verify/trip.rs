//! From an archive to the files of a folder and back, in memory, and what did not come back.
//!
//! Read [`trip`] first.

use rayon::prelude::*;

use super::digest::{CONTENT_TYPES, Fact, sum};
use crate::layout::{
    Archive, Archives, Difference, Folder, LayoutError, LineEnd, Note, PackKind, PackOptions, Packed,
    UnpackOptions, UnpackedFolder, difference, pack, unpack,
};
use crate::package::Package;
use crate::xml::{Document, Limits};

/// What a trip gave.
#[derive(Debug)]
pub(super) struct Trip {
    /// Files of the folder that are written anew; what is copied is seen in `entries`.
    pub(super) files: Vec<Fact>,
    /// Entries of the archive that the folder gave, in the canonical form: XML written anew, with LF.
    pub(super) entries: Vec<Fact>,
    pub(super) faults: Vec<Fault>,
    pub(super) notes: Vec<Note>,
}

/// What did not come back as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// It was there before.
    Lost(String),
    /// It was not there before.
    New(String),
    /// It has other bytes.
    Changed(String),
    /// The XML says something else.
    Xml(&'static str, Difference),
}

/// Type of the package that an archive is.
pub(super) fn kind(managed: bool) -> PackKind {
    if managed { PackKind::Managed } else { PackKind::Unmanaged }
}

/// Unpacks, packs, and compares every entry.
pub(super) fn trip(archive: &Archive<'_>) -> Result<Trip, LayoutError> {
    let options = UnpackOptions { as_packager: false, line_end: LineEnd::Lf };
    let unpacked = unpack(Archives::One(archive), &options)?;
    let made = unpacked.parts.par_iter().filter(|part| part.copied_entry().is_none());
    let files = made.map(Fact::of).collect::<Result<_, _>>()?;
    let view = UnpackedFolder::new(&unpacked);
    let folder = Folder::read(&view)?;
    let pack_options =
        PackOptions { kind: kind(archive.is_managed()), line_end: LineEnd::Lf, ..PackOptions::default() };
    let packed = pack(&folder, &pack_options)?;
    let (entries, faults) = compare(archive, &packed)?;
    let mut notes = unpacked.notes.clone();
    notes.extend(packed.notes.iter().cloned());
    Ok(Trip { files, entries, faults, notes })
}

fn compare(archive: &Archive<'_>, packed: &Packed<'_>) -> Result<(Vec<Fact>, Vec<Fault>), LayoutError> {
    let package = archive.package();
    let compared: Vec<(Fact, Option<Fault>)> = packed
        .parts
        .par_iter()
        .map(|part| {
            let bytes = part.bytes()?;
            let fact = Fact { path: part.path().to_owned(), sum: sum(&bytes) };
            let fault = fault_of(archive, package, part.path(), bytes)?;
            Ok((fact, fault))
        })
        .collect::<Result<_, LayoutError>>()?;
    let (entries, faults): (Vec<Fact>, Vec<Option<Fault>>) = compared.into_iter().unzip();
    let mut faults: Vec<Fault> = faults.into_iter().flatten().collect();
    let came_back: std::collections::HashSet<&str> = entries.iter().map(|fact| fact.path.as_str()).collect();
    let lost = package.entries().iter().filter(|entry| !came_back.contains(entry.path.as_str()));
    faults.extend(
        lost.filter(|entry| !is_named_in_another_way(&entry.path))
            .map(|entry| Fault::Lost(entry.path.clone())),
    );
    Ok((entries, faults))
}

fn fault_of(
    archive: &Archive<'_>,
    package: &Package,
    path: &str,
    bytes: Vec<u8>,
) -> Result<Option<Fault>, LayoutError> {
    let (name, original) = match path {
        "solution.xml" => ("solution.xml", archive.manifest()),
        "customizations.xml" => ("customizations.xml", archive.customizations()),
        CONTENT_TYPES => return Ok(None),
        _ => {
            let Some(entry) = package.entry(path).filter(|entry| entry.path == path) else {
                return Ok(Some(Fault::New(path.to_owned())));
            };
            let same = package.read(entry)? == bytes;
            return Ok((!same).then(|| Fault::Changed(path.to_owned())));
        }
    };
    let again = parsed(name, bytes)?;
    Ok(difference(original, &again).map(|found| Fault::Xml(name, found)))
}

/// The three that are made again are found however their names are spelled, and get their usual names.
fn is_named_in_another_way(path: &str) -> bool {
    ["solution.xml", "customizations.xml", CONTENT_TYPES].iter().any(|name| path.eq_ignore_ascii_case(name))
}

/// Reads what must be XML.
pub(super) fn parsed(path: &str, bytes: Vec<u8>) -> Result<Document, LayoutError> {
    Document::parse(bytes, &Limits::default())
        .map_err(|error| LayoutError::Xml { path: path.to_owned(), error })
}
