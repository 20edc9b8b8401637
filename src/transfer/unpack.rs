//! Archives into a folder.

use camino::{Utf8Path, Utf8PathBuf};

use super::part::Writable;
use super::{TransferError, findings};
use crate::layout::{self, Archive, Archives, Kind, LineEnd, Note, UnpackOptions};
use crate::mapping::{Map, Ours, Reason};
use crate::model::Finding;
use crate::package::{Form, Package, PackageError, is_packager_folder};
use crate::write::{self, Eol, FolderOptions, FolderSummary, FolderWriter, refuse_inside};

/// What is unpacked, where to and how.
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
    /// Unpack into a folder that holds something and is no solution folder.
    pub force: bool,
    /// Delete what is the solution's own and in no package any more.
    pub allow_delete: bool,
    /// Replace read-only files.
    pub clobber: bool,
    /// What is done about line ends.
    pub eol: Eol,
    /// Write nothing, only list.
    pub dry_run: bool,
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
pub fn unpack(mut request: UnpackRequest<'_>) -> Result<UnpackSummary, TransferError> {
    for package in request.packages {
        if package.form() == Form::Folder {
            refuse_inside(request.target, Utf8Path::new(package.label()))?;
        }
    }
    if !request.force {
        refuse_foreign_folder(request.target)?;
    }
    let mut writer = FolderWriter::open(request.target, request.dry_run)?;
    // Of two packages it shows only when both are read which one's entry is taken.
    let guess: Vec<_> = match request.packages {
        [package] => layout::likely_copies(package).into_iter().map(Writable).collect(),
        _ => Vec::new(),
    };
    let mut archives = Vec::new();
    let (ready, ()) = rayon::join(|| make_ready(&mut request, &mut archives), || writer.begin(&guess));
    let Ready { kind, parts, mapped, notes } = ready?;
    let ours = &request.ours;
    let map = request.map;
    // What a map file covers is neither written nor deleted.
    let is_covered = |path: &str| map.is_some_and(|map| map.covers(Utf8Path::new(path)).unwrap_or(true));
    let is_ours =
        |path: &str| ours.why_not_listed(path).is_none() && (path.ends_with('/') || !is_covered(path));
    let folder = writer.write(
        &parts,
        &FolderOptions {
            is_ours: &is_ours,
            allow_delete: request.allow_delete,
            clobber: request.clobber,
            eol: request.eol,
            dry_run: request.dry_run,
        },
    )?;
    let left_alone = folder.kept.iter().map(|path| (path.clone(), ours.why_not_listed(path))).collect();
    Ok(UnpackSummary {
        target: request.target.to_owned(),
        kind,
        folder,
        mapped,
        left_alone,
        findings: findings(request.packages[0].label(), &notes),
        dry_run: request.dry_run,
    })
}

/// What is to be written.
struct Ready<'a> {
    kind: Kind,
    parts: Vec<Writable<'a>>,
    mapped: Vec<String>,
    notes: Vec<Note>,
}

/// Reads the packages into `archives` and splits them.
fn make_ready<'a, 'r: 'a>(
    request: &mut UnpackRequest<'r>,
    archives: &'a mut Vec<Archive<'a>>,
) -> Result<Ready<'a>, TransferError> {
    let in_layout = |label: &str| {
        let label = label.to_owned();
        move |error| TransferError::Layout { label, error }
    };
    let packages = request.packages;
    for package in packages {
        archives.push(Archive::read(package).map_err(in_layout(package.label()))?);
    }
    let (archives, kind) = match &archives[..] {
        [one] => (Archives::One(one), if one.is_managed() { Kind::Managed } else { Kind::Unmanaged }),
        [unmanaged, managed, ..] => {
            let (one, other) = (unmanaged.unique_name(), managed.unique_name());
            if !one.eq_ignore_ascii_case(&other) {
                return Err(TransferError::TwoSolutions {
                    unmanaged: packages[0].label().to_owned(),
                    managed: packages[1].label().to_owned(),
                    one,
                    other,
                });
            }
            (Archives::Both { unmanaged, managed }, Kind::Both)
        }
        [] => unreachable!("a request names a package"),
    };
    let options = UnpackOptions { as_packager: request.as_packager, line_end: LineEnd::Crlf };
    let unpacked = layout::unpack(archives, &options).map_err(in_layout(packages[0].label()))?;
    let mut mapped = Vec::new();
    let mut parts = Vec::with_capacity(unpacked.parts.len());
    for part in unpacked.parts {
        request.ours.take_named(Utf8Path::new(part.path()));
        match request.map {
            Some(map) if map.covers(Utf8Path::new(part.path()))? => mapped.push(part.path().to_owned()),
            _ => parts.push(Writable(part)),
        }
    }
    Ok(Ready { kind, parts, mapped, notes: unpacked.notes })
}

/// A folder that holds something is a solution folder, or an interrupted run says that it will be one.
fn refuse_foreign_folder(target: &Utf8Path) -> Result<(), TransferError> {
    let mut children = match fs_err::read_dir(target) {
        Ok(children) => children,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(PackageError::from(error).into()),
    };
    let is_empty = children.next().is_none();
    if is_empty || is_packager_folder(target)? || write::is_interrupted(target)? {
        return Ok(());
    }
    Err(TransferError::NotASolutionFolder { path: target.to_owned() })
}
