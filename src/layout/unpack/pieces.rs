//! A long customizations.xml, unpacked while it is inflated: [`read_in_pieces`].
//!
//! The rows of its first list, which in exports are most of it, are cut out behind their end tags, many at a time. With the start
//! tags that stand around them they are a short customizations.xml, which is read and split as any other; its files are
//! written, and it is given up. So neither the whole text is ever in memory nor an index of it. What is left when these rows
//! are gone is the archive's.
//!
//! Where to cut is found without reading. What was cut wrong shows when the pieces and the rest are read, as does whatever there
//! is to say of these rows: then all of it is void, and the archive has to be unpacked as a whole, which says it.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::super::archive::{Archive, child_indices, parse, read};
use super::super::names::is_safe;
use super::super::part::{Content, Part, Source};
use super::super::rules::{CUSTOMIZATIONS, SOLUTION};
use super::cutter::Cutter;
use super::sections::{Entries, Rows, Split};
use super::{LayoutError, UnpackOptions};
use crate::package::{Form, Package};
use crate::write::Checksum;
use crate::xml::Document;

/// Bytes of a customizations.xml from which on it is worth its while.
const LONG: u64 = 2 << 20;

/// Bytes of rows in a piece, about: it stays near the processor until its files are written.
const PIECE: usize = 512 << 10;

/// So many pieces for each thread wait at most.
const WAITING: usize = 2;

/// Writes one file of a row, on any thread; with a buffer that is used again. None when it cannot be written.
pub(crate) type WriteRow<'w> = dyn Fn(&Part<'_>, &mut Vec<u8>) -> Option<Checksum> + Sync + 'w;

/// Whether [`read_in_pieces`] is worth its while.
pub(crate) fn is_long(package: &Package) -> bool {
    package.form() == Form::Zip && package.entry(CUSTOMIZATIONS.0).is_some_and(|entry| entry.size >= LONG)
}

/// Reads a package as [`Archive::read`] does, but for rows that are unpacked at once: `write` writes each of their files, on any
/// thread, and says what was written.
///
/// # Errors
/// [`LayoutError::NotInPieces`] when it has to be unpacked as a whole, which says what is wrong, if anything is; what was written
/// means nothing then.
pub(crate) fn read_in_pieces<'p>(
    package: &'p Package,
    options: &UnpackOptions,
    write: &WriteRow<'_>,
) -> Result<(Archive<'p>, Rows<'p>), LayoutError> {
    read_pieces_of(package, options, PIECE, write).ok_or(LayoutError::NotInPieces)
}

/// With pieces of about so many bytes.
pub(in crate::layout) fn read_pieces_of<'p>(
    package: &'p Package,
    options: &UnpackOptions,
    length: usize,
    write: &WriteRow<'_>,
) -> Option<(Archive<'p>, Rows<'p>)> {
    let entry = package.entry(CUSTOMIZATIONS.0)?;
    let manifest = Arc::new(read(package, SOLUTION.0).ok()?);
    let unpacker = Unpacker {
        package,
        manifest: Arc::clone(&manifest),
        options: *options,
        entries: Entries::of(package),
        write,
        waiting: AtomicUsize::new(0),
        is_void: AtomicBool::new(false),
        rows: Mutex::default(),
    };
    let most_waiting = WAITING * rayon::current_num_threads();
    let mut cutter = Cutter::new(length);
    let rest = rayon::scope(|scope| {
        let mut take = |bytes: &mut Vec<u8>| {
            while let Some(piece) = cutter.cut(bytes)? {
                // What is made from it takes longer than inflating it.
                if unpacker.waiting.fetch_add(1, Ordering::Relaxed) < most_waiting {
                    scope.spawn(|_| unpacker.unpack(piece));
                } else {
                    unpacker.unpack(piece);
                }
            }
            if unpacker.is_void.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        };
        package.read_taking(entry, Vec::with_capacity(length), &mut take).ok().flatten()
    });
    if unpacker.is_void.into_inner() {
        return None;
    }
    let rest = Arc::new(parse(&entry.path, rest?).ok()?);
    cutter.is_right(&rest).then_some(())?;
    let rows = unpacker.rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    Some((Archive::of(package, [manifest, rest]), rows))
}

/// Unpacks pieces.
struct Unpacker<'p, 'w> {
    package: &'p Package,
    manifest: Arc<Document>,
    options: UnpackOptions,
    entries: Entries,
    write: &'w WriteRow<'w>,
    /// Pieces that are not unpacked yet.
    waiting: AtomicUsize,
    /// Something was not as it has to be.
    is_void: AtomicBool,
    rows: Mutex<Rows<'p>>,
}

impl<'p> Unpacker<'p, '_> {
    fn unpack(&self, piece: Vec<u8>) {
        if !self.is_void.load(Ordering::Relaxed) && self.rows_of(piece).is_none() {
            self.is_void.store(true, Ordering::Relaxed);
        }
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    /// None when the piece is anything else than one list of rows, all of which become files.
    fn rows_of(&self, piece: Vec<u8>) -> Option<()> {
        let document = Arc::new(parse(CUSTOMIZATIONS.0, piece).ok()?);
        let archive = Archive::of(self.package, [Arc::clone(&self.manifest), Arc::clone(&document)]);
        let mut split = Split::new(&archive, archive.is_managed(), &self.options, self.entries.clone());
        split.sections().ok()?;
        let list = document.root().children().next()?;
        let is_whole = child_indices(&document, list.index()).count() == split.cuts.len()
            && child_indices(&document, document.root().index()).count() == 1
            && split.notes.is_empty();
        if !is_whole {
            return None;
        }
        let Rows { parts: made, moved, renamed, entity_folders } = split.rows;
        let mut parts = Vec::with_capacity(made.len());
        let mut buffer = Vec::new();
        for part in made {
            if !is_safe(part.path()) {
                return None;
            }
            let written = (self.write)(&part, &mut buffer)?;
            parts.push(Part::new(part.into_path(), Content::Written(written), Source::Row));
        }
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.parts.append(&mut parts);
        add(&mut rows.moved, moved)?;
        add(&mut rows.renamed, renamed)?;
        add(&mut rows.entity_folders, entity_folders)
    }
}

/// None when something is there already: which of the two counts is told by their order, which is not known here.
fn add<V>(all: &mut HashMap<String, V>, more: HashMap<String, V>) -> Option<()> {
    more.into_iter().try_for_each(|(key, value)| all.insert(key, value).is_none().then_some(()))
}
