//! From archives to a folder on disk and back: [`unpack`] and [`pack`].
//!
//! The layout says what goes where, the writer writes it whole or not at all; here the two meet, with map files and with
//! what in a folder is the solution's own. Read [`unpack`] first.

mod before;
mod error;
mod mapped;
mod pack;
mod part;
mod read;
mod record;
mod source;
mod unpack;

use crate::layout::Note;
use crate::model::{Code, Finding, Place, Severity, codes};

pub use error::TransferError;
pub use pack::{PackRequest, PackSummary, Written, pack};
pub use record::Records;
pub use source::{SourceFolder, refuse_without_manifest};
pub use unpack::{UnpackRequest, UnpackSummary, unpack};

/// What the layout has to say, as findings.
fn findings(label: &str, notes: &[Note]) -> Vec<Finding> {
    notes
        .iter()
        .map(|note| {
            let (code, severity): (Code, Severity) = match note {
                Note::MissingFile { .. } | Note::MissingRelationship { .. } => {
                    (codes::MISSING_FILE, Severity::Error)
                }
                Note::Dropped { .. } => (codes::PART_LEFT_OUT, Severity::Warning),
                Note::HalvesDiffer { .. }
                | Note::InOneHalf { .. }
                | Note::UnlistedRelationship { .. }
                | Note::OtherHalf { .. }
                | Note::CommentMoves { .. } => (codes::LAYOUT_NOTE, Severity::Warning),
                Note::Kept { .. } | Note::MadeAgain { .. } => (codes::LAYOUT_NOTE, Severity::Note),
            };
            Finding {
                place: Some(Place::whole(&label.into())),
                help: note.help().map(str::to_owned),
                ..Finding::new(code, severity, label, note.to_string())
            }
        })
        .collect()
}
