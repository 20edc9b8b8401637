//! What a split makes: the parts in import order, what goes where, and why.
//!
//! Read [`Split`] first.

use serde::Serialize;

use super::{Entry, SplitError};
use crate::model::{ComponentKey, SolutionIdentity};
use crate::package::Package;
use crate::plan::{Count, Predecessor};

/// What a split makes.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Split {
    /// What is split.
    pub solutions: Vec<SolutionIdentity>,
    /// The parts in import order; none when there is nothing to split.
    pub parts: Vec<Part>,
    /// Solutions of the set that stay as they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unchanged: Vec<SolutionIdentity>,
    /// What else is to be known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What to do in an environment that has the original.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub in_place: Vec<String>,
}

/// One part.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// From 1.
    pub number: usize,
    /// The solution that it is.
    #[serde(flatten)]
    pub solution: SolutionIdentity,
    /// Display name.
    pub display_name: String,
    /// What goes there; none for a solution that keeps its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// What it carries, the most telling kinds first.
    pub contents: Vec<Count>,
    /// The solutions that come before it, and why.
    pub after: Vec<Predecessor>,
    /// What may sign in with a credential of an earlier part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// What goes there, in the order of the original.
    pub components: Vec<Placed>,
    /// The entries of its archive.
    #[serde(skip)]
    pub entries: Vec<Entry>,
}

/// A component in its part.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Placed {
    /// Which one; none for what has no key.
    #[serde(flatten)]
    pub component: Option<ComponentKey>,
    /// How a sentence names it.
    pub title: String,
    /// Why it is there, where its kind does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// It would be in another part but for that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub moved: bool,
}

impl Part {
    /// The part as an archive that is read.
    ///
    /// # Errors
    /// When its names are none.
    pub fn package(&self) -> Result<Package, SplitError> {
        Ok(Package::from_files(&self.solution.unique_name, self.entries.clone())?)
    }
}

impl Split {
    /// Whether there is nothing to split: all is of one part, or several solutions close no circle.
    pub fn is_whole(&self) -> bool {
        self.parts.is_empty()
    }
}
