//! Archives into a folder.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::before::{other_type, refuse_foreign_folder, solution_in};
use super::part::Writable;
use super::read::{self, Read, in_layout};
use super::record::Record;
use super::{Records, TransferError, findings, mapped};
use crate::layout::{self, Archive, Kind, LayoutError, LineEnd, Part, UnpackOptions, named_by};
use crate::mapping::{Covered, IGNORE_FILE, Map, Ours, Reason};
use crate::model::{Finding, Place, Severity, codes};
use crate::package::{Form, Package, PackageError, is_packager_folder};
use crate::write::{
    self, EarlyFiles, Eol, FolderOptions, FolderSummary, FolderWriter, PartSet, WriteError, inside,
    refuse_inside, refuse_interrupted,
};

/// What is unpacked, where to and how.
#[derive(Clone)]
pub struct UnpackRequest<'a> {
    /// One package, or the unmanaged and the managed one of a solution.
    pub packages: &'a [Package],
    /// The folder.
    pub target: &'a Utf8Path,
    /// Leave out what the reference packer loses.
    pub as_packager: bool,
    /// Files that are not written.
    pub map: Option<&'a Map>,
    /// What in the folder is the solution's own.
    pub ours: Ours,
    /// Unpack into a folder that holds something and is no solution folder, of which nothing is deleted then, or is that of
    /// another solution; and over files that were not packed so far.
    pub force: bool,
    /// Delete what is the solution's own and in no package any more.
    pub allow_delete: bool,
    /// Replace read-only files.
    pub clobber: bool,
    /// What is done about line ends.
    pub eol: Eol,
    /// Write nothing, only list.
    pub dry_run: bool,
    /// What earlier runs made, where that is kept.
    pub records: Option<&'a Records>,
}

/// What was done, or would be done.
#[derive(Debug)]
pub struct UnpackSummary {
    /// The folder.
    pub target: Utf8PathBuf,
    /// Which packages it holds now.
    pub kind: Kind,
    /// What happened to the files.
    pub folder: FolderSummary,
    /// Files that a map file says to leave out.
    pub mapped: Vec<String>,
    /// Files that a map file says to leave out and that were written all the same: nothing else in the folder names them, so
    /// that packing would not know of them. It reads them from their mapped places.
    pub placeholders: Vec<String>,
    /// What lies in the folder, is not the solution's, and was left alone, with the reason.
    pub left_alone: Vec<(String, Option<Reason>)>,
    /// What should be said of the packages.
    pub findings: Vec<Finding>,
    /// Nothing was written, only listed.
    pub dry_run: bool,
}

/// Unpacks.
///
/// # Errors
/// When a package is not what it should be or the folder cannot be written; it is as before then.
pub fn unpack(request: UnpackRequest<'_>) -> Result<UnpackSummary, TransferError> {
    for package in request.packages {
        let label = Utf8Path::new(package.label());
        if package.form() == Form::Folder {
            refuse_interrupted(label)?;
            refuse_inside(request.target, label)?;
        } else if let Some(inside) = inside(label, request.target)?
            && request.ours.is_ours(&inside)
        {
            let (input, output) = (label.to_owned(), request.target.to_owned());
            return Err(WriteError::InputInsideOutput { input, output }.into());
        }
    }
    // Into a new folder the files of a long archive can be written while it is read, as they are made, but for their line
    // ends. When that does not go to its end it is done again as a whole, and then it is told why.
    let as_made = request.map.is_none() && request.eol != Eol::Lf && !request.dry_run;
    if as_made
        && let [package] = request.packages
        && layout::is_long(package)
        && !request.target.exists()
    {
        match unpack_by(Reading::InPieces, request.clone()) {
            Err(error) if may_be_told_by_the_whole(&error) => {}
            done => return done,
        }
    }
    unpack_by(Reading::Whole, request)
}

/// What the system says of the target is the same in either way.
fn may_be_told_by_the_whole(error: &TransferError) -> bool {
    match error {
        TransferError::Write(error) => matches!(error, WriteError::Part { .. }),
        _ => true,
    }
}

/// How the packages are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Whole,
    /// As [`layout::read_in_pieces`] does.
    InPieces,
}

/// Unpacks. On any error the folder is as before.
fn unpack_by(reading: Reading, mut request: UnpackRequest<'_>) -> Result<UnpackSummary, TransferError> {
    let mut writer = FolderWriter::open(request.target, request.dry_run)?;
    // Whose folder it is, is asked of the whole one.
    writer.settle()?;
    // Ours is what pack would take, and of a folder without a solution it takes nothing.
    let is_solution = is_packager_folder(request.target).unwrap_or(false);
    let allow_delete = request.allow_delete && (!request.force || is_solution);
    // Any other folder is refused, most likely, and may be a large one.
    let may_begin = is_solution || !request.target.exists();
    // More may turn out to be ours, of which then nothing was looked at.
    let ours = request.ours.clone();
    let is_ours = |path: &str| ours.why_not_listed(path).is_none();
    let record_of = |request: &UnpackRequest<'_>| request.records.and_then(|records| records.of(request));
    let record = if is_solution { record_of(&request) } else { None };
    if let Some((kind, content)) = record.as_ref().and_then(Record::read)
        && let Some(folder) = writer.holds(&content, &is_ours)?
    {
        return Ok(UnpackSummary {
            target: request.target.to_owned(),
            kind,
            left_alone: left_alone(&folder, &ours),
            folder,
            mapped: Vec::new(),
            placeholders: Vec::new(),
            findings: Vec::new(),
            dry_run: request.dry_run,
        });
    }
    // Of two packages it shows only when both are read which one's entry is taken.
    let guess = match request.packages {
        [package] => layout::likely_copies(package),
        _ => Vec::new(),
    };
    let early = if reading == Reading::InPieces { writer.early() } else { None };
    let archives = OnceLock::new();
    let parts = OnceLock::new();
    let is_due = AtomicBool::new(false);
    let (ready, ()) = rayon::join(
        || {
            let ready = make_ready(&mut request, allow_delete, early.as_deref(), &archives, &parts);
            let set = PartSet::new(parts.get().map_or(&[], Vec::as_slice));
            is_due.store(true, Ordering::Relaxed);
            ready.map(|ready| (ready, set))
        },
        || {
            if may_begin {
                writer.begin(&guess, &is_ours, &is_due);
            }
        },
    );
    let (ready, set) = ready?;
    let Ready { kind, unique_name, mapped, placeholders, rewrites_ignore_file, mut findings } = ready;
    let before = solution_in(request.target);
    if !request.force {
        refuse_foreign_folder(request.target, before.as_ref(), &unique_name, &request.ours)?;
    }
    findings.extend(before.and_then(|before| other_type(&request, &before, kind)));
    let ours = &request.ours;
    // A file of the package that is mapped is neither written nor deleted; one that is no longer in it is as any other.
    let elsewhere: BTreeSet<String> = mapped.iter().map(|path| path.to_lowercase()).collect();
    let is_ours = |path: &str| match path {
        IGNORE_FILE => rewrites_ignore_file,
        _ => ours.why_not_listed(path).is_none() && !elsewhere.contains(&path.to_lowercase()),
    };
    let set = set?;
    let write = || {
        writer.write(
            &set,
            &FolderOptions {
                is_ours: &is_ours,
                allow_delete,
                clobber: request.clobber,
                eol: request.eol,
                dry_run: request.dry_run,
            },
        )
    };
    // Not all of the writing keeps all threads busy.
    let (folder, record) = rayon::join(write, || record.or_else(|| record_of(&request)));
    let folder = folder?;
    drop(parts);
    // What has to be said, and what a line of `.solshipignore` does, is found out anew each time.
    let is_plain = findings.is_empty() && !rewrites_ignore_file;
    let is_as_opened = request.packages.iter().all(Package::is_as_opened);
    let keep = || {
        if let Some((record, content)) = record.as_ref().zip(folder.content)
            && is_plain
            && is_as_opened
        {
            record.write(kind, &content);
        }
    };
    // Giving much memory back takes a while, too.
    rayon::join(keep, move || drop(archives));
    Ok(UnpackSummary {
        target: request.target.to_owned(),
        kind,
        left_alone: left_alone(&folder, ours),
        folder,
        mapped,
        placeholders,
        findings,
        dry_run: request.dry_run,
    })
}

/// What the folder holds beside the solution, and why it is left alone.
fn left_alone(folder: &FolderSummary, ours: &Ours) -> Vec<(String, Option<Reason>)> {
    folder.kept.iter().map(|path| (path.clone(), ours.why_not_listed(path))).collect()
}

/// What is to be written, but for the parts.
struct Ready {
    kind: Kind,
    unique_name: String,
    mapped: Vec<String>,
    placeholders: Vec<String>,
    /// `.solshipignore` is among the parts, or is to go.
    rewrites_ignore_file: bool,
    findings: Vec<Finding>,
}

/// Reads the packages into `archives` and splits them into `made`; in pieces when there are files that can be written `early`.
fn make_ready<'a, 'r: 'a>(
    request: &mut UnpackRequest<'r>,
    allow_delete: bool,
    early: Option<&EarlyFiles>,
    archives: &'a OnceLock<Vec<Archive<'r>>>,
    made: &OnceLock<Vec<Writable<'a>>>,
) -> Result<Ready, TransferError> {
    let label = request.packages[0].label();
    let options = UnpackOptions { as_packager: request.as_packager, line_end: LineEnd::Crlf };
    let Read { kind, unique_name, unpacked } = match early {
        None => read::whole(request.packages, archives, &options)?,
        Some(early) => read::in_pieces(&request.packages[0], early, archives, &options)?,
    };
    let paths: Vec<String> = unpacked.parts.iter().map(|part| part.path().to_owned()).collect();
    let mut findings = findings(label, &unpacked.notes);
    let mut mapped = Vec::new();
    let mut placeholders = Vec::new();
    let mut taken = Vec::new();
    let mut parts = Vec::with_capacity(paths.len());
    let covering = request.map.map(Map::covering).transpose()?;
    let named = match request.map {
        Some(map) => {
            findings.extend(mapped::of_unmatched(label, map, paths.iter().map(String::as_str)));
            named_by_parts(&unpacked.parts).map_err(in_layout(label))?
        }
        None => BTreeSet::new(),
    };
    let reasons: Vec<Option<Reason>> =
        unpacked.parts.par_iter().map(|part| request.ours.why_not(Utf8Path::new(part.path()))).collect();
    for (part, reason) in unpacked.parts.into_iter().zip(reasons) {
        let path = part.path();
        match covering.as_ref().and_then(|covering| covering.of(path)) {
            Some(Covered::File) if !named.contains(&path.to_lowercase()) => {
                placeholders.push(path.to_owned())
            }
            Some(_) => {
                findings.extend(request.map.and_then(|map| mapped::of_unwritten(label, map, path)));
                mapped.push(path.to_owned());
                continue;
            }
            None => {}
        }
        match reason {
            None => {}
            // Against the user's own word nothing is overwritten; and nothing is unpacked that no pack takes.
            Some(reason @ (Reason::Ignored { .. } | Reason::Configuration | Reason::NotInside)) => {
                return Err(TransferError::UsersFile {
                    label: label.to_owned(),
                    path: path.to_owned(),
                    target: request.target.to_owned(),
                    reason,
                });
            }
            Some(reason) => {
                if !request.force {
                    refuse_users_file(request, &part, label, &reason)?;
                }
                taken.push((path.to_owned(), reason));
            }
        }
        parts.push(Writable::Part(part));
    }
    let named: Vec<&str> = parts.iter().map(write::Part::path).collect();
    request.ours.take_named(&named);
    findings.extend(taken.iter().map(|(path, reason)| usually_left_alone(label, path, reason)));
    // Asked only where `.solshipignore` has such lines.
    let in_package: LazyCell<BTreeSet<String>, _> = LazyCell::new(|| {
        paths.iter().map(|path| path.chars().flat_map(char::to_lowercase).collect()).collect()
    });
    // What stays in the folder is packed as before.
    let is_stale = |path: &Utf8Path| {
        !in_package.contains(path.as_str()) && (allow_delete || request.ours.there(path).is_empty())
    };
    let taken = taken.iter().map(|(path, _)| path.as_str());
    let ignore_file = request.ours.ignore_file_taking(taken, is_stale)?;
    let rewrites_ignore_file = ignore_file.is_some();
    // Without a line it is no longer needed; the writer deletes it then.
    parts.extend(ignore_file.filter(|text| !text.is_empty() || !allow_delete).map(Writable::IgnoreFile));
    made.get_or_init(|| parts);
    Ok(Ready { kind, unique_name, mapped, placeholders, rewrites_ignore_file, findings })
}

/// A file of such a name was the user's up to now: what is in it is not overwritten unasked.
fn refuse_users_file(
    request: &UnpackRequest<'_>,
    part: &Part<'_>,
    label: &str,
    reason: &Reason,
) -> Result<(), TransferError> {
    for path in request.ours.there(Utf8Path::new(part.path())) {
        let bytes = part.bytes().map_err(|error| TransferError::Layout { label: label.to_owned(), error })?;
        let path = request.target.join(path);
        if fs_err::read(&path).map_err(PackageError::from)? != bytes {
            let (label, reason) = (label.to_owned(), reason.clone());
            return Err(TransferError::UsersFileThere { label, path, reason });
        }
    }
    Ok(())
}

/// Packing leaves files of such names alone, so `.solshipignore` says from now on that this one is the solution's.
fn usually_left_alone(label: &str, path: &str, reason: &Reason) -> Finding {
    let message = format!(
        "{path}: packing leaves such names alone ({reason}), but for a line in {IGNORE_FILE}, which it gets"
    );
    Finding {
        place: Some(Place::whole(&label.into())),
        help: Some(format!("keep {IGNORE_FILE} with the folder, in the repository too")),
        ..Finding::new(codes::USUALLY_LEFT_ALONE, Severity::Warning, label, message)
    }
}

/// The files that others name, in lower case.
fn named_by_parts(parts: &[Part<'_>]) -> Result<BTreeSet<String>, LayoutError> {
    let mut named = BTreeSet::new();
    for part in parts {
        named.extend(named_by(part.path(), || part.bytes())?.iter().map(|path| path.to_lowercase()));
    }
    Ok(named)
}
