//! Deployment settings: what an environment gives to variables and connection references, in the file that
//! `pac solution import --settings-file` takes (`FORMATS.md` §7.3).
//!
//! Read [`SettingsFile`] first. Values are in it: none of them leaves this module but into a file that the user named.

mod check;
mod difference;
mod edit;
mod error;
mod file;
mod fill;
mod merge;
mod needs;
mod style;
mod sync;

pub use check::{check, check_for_import, fault_of_value};
pub use difference::{Change, difference};
pub use error::SettingsError;
pub use file::{Entry, Kind, SettingsFile};
pub use fill::fill;
pub use merge::merge;
pub use needs::Needs;
pub use sync::{Synced, sync};
