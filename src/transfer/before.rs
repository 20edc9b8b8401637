//! What a folder held before an archive is unpacked into it.

use camino::Utf8Path;

use super::{TransferError, UnpackRequest};
use crate::layout::Kind;
use crate::mapping::Ours;
use crate::model::{Finding, Place, Severity, codes};
use crate::package::{PackageError, is_packager_folder};
use crate::write::WriteError;
use crate::xml::{Document, Limits};

/// A folder that holds something else than what is left alone is the folder of this solution.
pub(super) fn refuse_foreign_folder(
    target: &Utf8Path,
    before: Option<&Before>,
    expected: &str,
    ours: &Ours,
) -> Result<(), TransferError> {
    let children = match fs_err::read_dir(target) {
        Ok(children) => children,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory && target.exists() => {
            return Err(WriteError::NotAFolder { path: target.to_owned() }.into());
        }
        Err(error) => return Err(PackageError::from(error).into()),
    };
    let is_left_alone = |child: fs_err::DirEntry| {
        let is_folder = child.file_type().is_ok_and(|kind| kind.is_dir());
        let name = child.file_name().into_string();
        name.is_ok_and(|name| ours.why_not_listed(&if is_folder { name + "/" } else { name }).is_some())
    };
    let holds_nothing = children.into_iter().all(|child| child.is_ok_and(is_left_alone));
    if holds_nothing {
        return Ok(());
    }
    if !is_packager_folder(target)? {
        return Err(TransferError::NotASolutionFolder { path: target.to_owned() });
    }
    match before.map(|before| &before.unique_name) {
        Some(found) if !found.eq_ignore_ascii_case(expected) => Err(TransferError::OtherSolution {
            path: target.to_owned(),
            found: found.clone(),
            expected: expected.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// The solution that a folder holds.
pub(super) struct Before {
    unique_name: String,
    kind: Option<Kind>,
}

/// What a folder holds; none when its manifest does not tell, as one in the midst of a merge.
pub(super) fn solution_in(folder: &Utf8Path) -> Option<Before> {
    let child = |folder: &Utf8Path, name: &str| {
        let children = folder.read_dir_utf8().ok()?.flatten();
        children
            .map(|child| child.into_path())
            .find(|path| path.file_name().is_some_and(|found| found.eq_ignore_ascii_case(name)))
    };
    let path = child(&child(folder, "Other")?, "Solution.xml")?;
    let document = Document::parse(fs_err::read(path).ok()?, &Limits::default()).ok()?;
    let manifest = document.root().child("SolutionManifest")?;
    let unique_name = manifest.child_text("UniqueName")?.trim().to_owned();
    let kind = match manifest.child_text("Managed").as_deref().map(str::trim) {
        Some("0") => Some(Kind::Unmanaged),
        Some("1") => Some(Kind::Managed),
        Some("2") => Some(Kind::Both),
        _ => None,
    };
    (!unique_name.is_empty()).then_some(Before { unique_name, kind })
}

/// The folder becomes one of another type: the files of the type that it was go, which few mean to do.
pub(super) fn other_type(request: &UnpackRequest<'_>, before: &Before, now: Kind) -> Option<Finding> {
    let before = before.kind.filter(|before| *before != now)?;
    let held = match before {
        Kind::Unmanaged => "the unmanaged package",
        Kind::Managed => "the managed package",
        Kind::Both => "both packages",
    };
    let (given, help) = match now {
        Kind::Unmanaged => {
            ("this is the unmanaged one", Some("--kind both keeps the files of both packages"))
        }
        Kind::Managed => ("this is the managed one", Some("--kind both keeps the files of both packages")),
        Kind::Both => ("these are both", None),
    };
    let label = request.packages[0].label();
    let message = format!("{} holds {held}, {given}: the folder becomes one of another type", request.target);
    Some(Finding {
        place: Some(Place::whole(&label.into())),
        help: help.map(str::to_owned),
        ..Finding::new(codes::LAYOUT_NOTE, Severity::Warning, label, message)
    })
}
