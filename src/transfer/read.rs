//! How the packages of an unpacking are read: [`whole`], or [`in_pieces`].

use std::sync::OnceLock;

use super::TransferError;
use crate::layout::{self, Archive, Archives, Kind, LayoutError, Part, UnpackOptions, Unpacked};
use crate::package::Package;
use crate::write::EarlyFiles;

/// What the packages become.
pub(super) struct Read<'a> {
    pub(super) kind: Kind,
    pub(super) unique_name: String,
    pub(super) unpacked: Unpacked<'a>,
}

/// All of each package, in `archives`.
pub(super) fn whole<'a, 'r: 'a>(
    packages: &'r [Package],
    archives: &'a OnceLock<Vec<Archive<'r>>>,
    options: &UnpackOptions,
) -> Result<Read<'a>, TransferError> {
    let read = |package: &'r Package| {
        let archive = Archive::read(package)?;
        // No pack would take the folder of another one.
        archive.refuse_without_type()?;
        Ok(archive)
    };
    let read = |package: &'r Package| read(package).map_err(in_layout(package.label()));
    let read = packages.iter().map(read).collect::<Result<_, _>>()?;
    let (archives, kind, unique_name) = match &archives.get_or_init(|| read)[..] {
        [one] => (Archives::One(one), one.kind(), one.unique_name()),
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
            for (package, archive, is_managed) in
                [(&packages[0], unmanaged, false), (&packages[1], managed, true)]
            {
                archive.refuse_other_kind(is_managed).map_err(in_layout(package.label()))?;
            }
            (Archives::Both { unmanaged, managed }, Kind::Both, unmanaged.unique_name())
        }
        [] => unreachable!("a request names a package"),
    };
    let unpacked = layout::unpack(archives, options).map_err(in_layout(packages[0].label()))?;
    Ok(Read { kind, unique_name, unpacked })
}

/// One package, of which most is written while it is read, and the rest is in `archives`.
pub(super) fn in_pieces<'a, 'r: 'a>(
    package: &'r Package,
    early: &EarlyFiles,
    archives: &'a OnceLock<Vec<Archive<'r>>>,
    options: &UnpackOptions,
) -> Result<Read<'a>, TransferError> {
    let read = || {
        let write = |part: &Part<'_>, buffer: &mut Vec<u8>| early.put(part, buffer);
        let (rest, rows) = layout::read_in_pieces(package, options, &write)?;
        let rest = &archives.get_or_init(|| vec![rest])[0];
        rest.refuse_without_type()?;
        let mut unpacked = layout::unpack_rest(rest, rows, options)?;
        if !unpacked.notes.is_empty() {
            // The places are those in the whole.
            let whole = Archive::read(package)?;
            unpacked.notes = layout::unpack(Archives::One(&whole), options)?.notes;
        }
        Ok(Read { kind: rest.kind(), unique_name: rest.unique_name(), unpacked })
    };
    read().map_err(in_layout(package.label()))
}

pub(super) fn in_layout(label: &str) -> impl Fn(LayoutError) -> TransferError {
    move |error| TransferError::Layout { label: label.to_owned(), error }
}
