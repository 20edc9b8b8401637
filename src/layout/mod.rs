//! The packager layout: how the entries of a solution archive become the files of a folder, and return.
//!
//! Owns the table of rules and the form of the XML that is written; reading and writing disks and archives is done
//! elsewhere. Both directions work in memory and give [`Part`]s, whose bytes are made when they are asked for; but for the rows of
//! a long customizations.xml, which can be written while it is read (`unpack/pieces.rs`). Read
//! `rules.rs` first, then [`unpack()`] and [`pack()`].

mod archive;
mod canonical;
mod compare;
mod error;
mod folder;
mod named;
mod names;
mod namespaces;
mod note;
mod open;
mod pack;
mod part;
mod pattern;
mod place;
mod rules;
#[cfg(test)]
mod tests;
mod unpack;

pub use archive::{Archive, refuse_other_kind};
pub use canonical::LineEnd;
pub use compare::{Difference, difference};
pub use error::LayoutError;
pub use folder::{
    FolderFile, FolderView, PackageFolder, UnpackedFolder, is_managed_folder, is_packager_folder,
};
pub use named::named_by;
pub(crate) use names::listed_key;
pub use note::Note;
pub use open::open_folder;
pub(crate) use pack::content_types;
pub use pack::{Folder, PackKind, PackOptions, Packed, pack};
pub use part::Part;
pub use place::is_written_by_packager;
pub(crate) use rules::{EMPTY_SECTIONS, section_rank};
pub use unpack::{Archives, UnpackOptions, Unpacked, likely_copies, unpack};
pub(crate) use unpack::{is_long, read_in_pieces, unpack_rest};

/// Package type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Unmanaged.
    #[default]
    Unmanaged,
    /// Managed.
    Managed,
    /// An unmanaged and a managed package of one solution.
    Both,
}

impl Kind {
    fn name_of(managed: bool) -> &'static str {
        if managed { "managed" } else { "unmanaged" }
    }
}
