//! Archives into a folder.

use camino::{Utf8Path, Utf8PathBuf};

use super::part::Writable;
use super::{TransferError, findings};
use crate::layout::{self, Archive, Archives, Kind, LineEnd, UnpackOptions};
use crate::mapping::{Map, Ours, Reason};
use crate::model::Finding;
use crate::package::{Form, Package, PackageError, is_packager_folder};
use crate::write::{
    self, Eol, FolderOptions, FolderSummary, WriteError, inside, refuse_inside, refuse_interrupted,
    write_folder,
};

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
    let in_layout = |label: &str| {
        let label = label.to_owned();
        move |error| TransferError::Layout { label, error }
    };
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
    let archives = request
        .packages
        .iter()
        .map(|package| Archive::read(package).map_err(in_layout(package.label())))
        .collect::<Result<Vec<_>, _>>()?;
    let (archives, kind) = match &archives[..] {
        [one] => (Archives::One(one), if one.is_managed() { Kind::Managed } else { Kind::Unmanaged }),
        [unmanaged, managed, ..] => {
            let (one, other) = (unmanaged.unique_name(), managed.unique_name());
            if !one.eq_ignore_ascii_case(&other) {
                return Err(TransferError::TwoSolutions {
                    unmanaged: request.packages[0].label().to_owned(),
                    managed: request.packages[1].label().to_owned(),
                    one,
                    other,
                });
            }
            (Archives::Both { unmanaged, managed }, Kind::Both)
        }
        [] => unreachable!("a request names a package"),
    };
    let label = request.packages[0].label();
    let options = UnpackOptions { as_packager: request.as_packager, line_end: LineEnd::Crlf };
    let unpacked = layout::unpack(archives, &options).map_err(in_layout(label))?;
    if !request.force {
        refuse_foreign_folder(request.target)?;
    }
    let mut mapped = Vec::new();
    let mut parts = Vec::with_capacity(unpacked.parts.len());
    for part in unpacked.parts {
        request.ours.take_named(Utf8Path::new(part.path()));
        match request.map {
            Some(map) if map.covers(Utf8Path::new(part.path()))? => mapped.push(part.path().to_owned()),
            _ => parts.push(Writable(part)),
        }
    }
    let ours = &request.ours;
    let map = request.map;
    // What a map file covers is neither written nor deleted.
    let is_covered = |path: &str| map.is_some_and(|map| map.covers(Utf8Path::new(path)).unwrap_or(true));
    let is_ours =
        |path: &str| ours.why_not_listed(path).is_none() && (path.ends_with('/') || !is_covered(path));
    let folder = write_folder(
        request.target,
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
        findings: findings(label, &unpacked.notes),
        dry_run: request.dry_run,
    })
}

/// A folder that holds something is a solution folder, or an interrupted run says that it will be one.
fn refuse_foreign_folder(target: &Utf8Path) -> Result<(), TransferError> {
    let mut children = match fs_err::read_dir(target) {
        Ok(children) => children,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory && target.exists() => {
            return Err(WriteError::NotAFolder { path: target.to_owned() }.into());
        }
        Err(error) => return Err(PackageError::from(error).into()),
    };
    let is_empty = children.next().is_none();
    if is_empty || is_packager_folder(target)? || write::is_interrupted(target)? {
        return Ok(());
    }
    Err(TransferError::NotASolutionFolder { path: target.to_owned() })
}
