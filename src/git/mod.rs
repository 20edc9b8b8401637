//! What git asks of solship: a solution as text for `git diff`, and what `solship git setup` writes into a repository.
//!
//! The inputs come from a repository that nobody has to trust: nothing is read but the bytes that are given, within limits. git
//! itself is called elsewhere. Read [`text`] first; merging is `merge_driver`.

mod attributes;
mod configuration;
mod key;
mod readable;

pub use attributes::{ATTRIBUTES, with_lines, without_lines};
pub use configuration::{SECTIONS, Setting, settings};
pub use key::{KEY_BYTES, Key};
pub use readable::{MOST_FILE_BYTES, MOST_SECONDS, text};
