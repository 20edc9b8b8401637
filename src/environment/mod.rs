//! What an environment holds, and the rules by which the platform lets solutions in.
//!
//! Read [`State`] first: every rule is a plain function of it. [`Environment`] is where a state comes from and goes to: a
//! store of our own, or a snapshot. Commands, plans and rendering are not known here.

pub mod connect;
mod content;
mod contradiction;
pub mod credential;
mod find;
pub mod import;
mod known;
pub mod overview;
mod principal;
pub mod provide;
pub mod share;
pub mod snapshot;
mod state;
pub mod store;
#[cfg(test)]
pub(crate) mod testing;
mod value;

use serde::Serialize;

use crate::model::SolutionIdentity;
use crate::text::shell_word;

pub use content::{Content, Facts, Need, Strength};
pub use contradiction::contradiction;
pub use find::{FindError, find};
pub use known::{provided, sign_ins, signs_in, take_values};
pub use principal::{PrincipalError, PrincipalNames, principal};
pub use state::{
    Access, Connection, InstalledSolution, Layer, Layers, Principal, Role, SolutionName, State, Touched,
};
pub use value::Value;

/// How a command names an environment that it changes. What is behind a snapshot is not known, and the snapshot itself is only read.
pub fn named_in_command(label: &str) -> String {
    let is_store = label.starts_with("local:") || label.starts_with("file:");
    if is_store { shell_word(label) } else { "ENV".to_owned() }
}

/// What the log keeps of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct LogEntry {
    /// The moment, seconds since 1970-01-01 UTC.
    pub time: u64,
    /// One line: `imported FabFlows 3.1.0.0 (managed, upgrade)`.
    pub words: String,
    /// The solution, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solution: Option<SolutionIdentity>,
    /// SHA-256 of the package, where there is one; none for a folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// SHA-256 of the content of the package or folder, as `solship verify` tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

impl LogEntry {
    /// Adds what is to be known of the change, too.
    pub fn add(&mut self, note: &str) {
        self.words.push_str("; ");
        self.words.push_str(note);
    }
}

/// Where a state comes from and goes to.
pub trait Environment {
    /// How messages name it: `local:uat`.
    fn label(&self) -> &str;

    /// What it holds now.
    fn state(&self) -> &State;

    /// How it names those something is shared with, and by what its hashes are known.
    fn told(&self) -> Told<'_> {
        Told::default()
    }

    /// Changes it: all of what `edit` does and the line of the log, or nothing. `edit` may add to the line what only it knows.
    ///
    /// # Errors
    /// When it is read-only, cannot be written, or `edit` refuses.
    fn change(
        &mut self,
        entry: LogEntry,
        edit: &mut dyn FnMut(&mut State, &mut LogEntry) -> Result<(), EnvironmentError>,
    ) -> Result<(), EnvironmentError>;
}

/// What an environment tells of values and accounts, for whoever compares it with another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Told<'e> {
    /// Everything, as far as it is known.
    #[default]
    Known,
    /// Hashes under a key that is known by that; those under another key, or one of which nothing is known, tell nothing of them.
    Hashed(Option<&'e str>),
    /// That there are some.
    Unknown,
}

impl Told<'_> {
    /// Whether the hashes of two can be compared.
    pub fn has_hashes_of(self, other: Self) -> bool {
        match (self, other) {
            (Self::Hashed(one), Self::Hashed(other)) => one.is_some() && one == other,
            _ => false,
        }
    }

    /// Whether the accounts of two can be compared.
    pub fn names_as(self, other: Self) -> bool {
        match (self, other) {
            (Self::Known, Self::Known) => true,
            _ => self.has_hashes_of(other),
        }
    }
}

/// Why an environment cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    /// It is a snapshot.
    #[error("{label} is a snapshot, which cannot be changed: make a store of it with solship env restore")]
    ReadOnly {
        /// How messages name it.
        label: String,
    },
    /// What was to be changed cannot be; whoever wanted it knows why.
    #[error("nothing was changed")]
    Refused,
    /// It is so already.
    #[error("nothing was changed: it is so already")]
    Unchanged,
    /// The store cannot.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}
