//! One difference between two things of the same name, and where in them it stands.

use std::borrow::Cow;

use serde::Serialize;

use super::beside::beside;
use super::marked::{Piece, marked};
use crate::model::hidden_name;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Change {
    /// Where.
    #[serde(flatten)]
    pub path: Path,
    /// What.
    pub changed: Changed,
    /// Where it said the first and says the second: what of it changed, with a little around; none where that is all of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marked: Vec<Piece>,
}

impl Change {
    /// One difference, its changed parts marked, and nothing shown of its path that is to be hidden.
    pub fn new(mut path: Path, changed: Changed) -> Self {
        for name in path.part.iter_mut().chain(&mut path.field) {
            if let Cow::Owned(hidden) = hidden_name(name) {
                *name = hidden;
            }
        }
        let marked = match &changed {
            Changed::Text(before, after) => marked(before, after),
            _ => Vec::new(),
        };
        Self { path, changed, marked }
    }
}

/// Where a difference stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Path {
    /// The part inside parts, each by its name: an action in its scopes, a column of a table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub part: Vec<String>,
    /// The field of that part, each by its name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub field: Vec<String>,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Changed {
    /// It is new; what it says, on one line.
    Added(String),
    /// It is gone; what it said.
    Removed(String),
    /// It stands elsewhere; where, where that can be said.
    Moved(Option<String>),
    /// It says something, and said nothing.
    Set(String),
    /// It says nothing, and said something.
    Unset(String),
    /// It said the first and says the second.
    Text(String, String),
    /// Its lines differ.
    Lines(Vec<Hunk>),
    /// It differs, and what it says is shown on neither side.
    Hidden,
    /// No difference of its own: why what differs around it is not told more closely.
    Noted(String),
}

/// Lines that differ, with a few around them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Hunk {
    /// First line of the first side, from 1.
    pub left: usize,
    /// First line of the second side, from 1.
    pub right: usize,
    /// The lines in their order.
    pub lines: Vec<Line>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Line {
    /// On both sides.
    Same(String),
    /// On the first side only.
    Removed(String),
    /// On the second side only.
    Added(String),
}

impl Changed {
    /// Two texts as they stand beside each other; where nothing of what differs is shown, only that they differ.
    pub(super) fn text(left: String, right: String) -> Self {
        let (left, right) = beside(left, right);
        if left == right { Self::Hidden } else { Self::Text(left, right) }
    }

    /// The same from the other side.
    pub fn reversed(&self) -> Self {
        match self {
            Self::Added(words) => Self::Removed(words.clone()),
            Self::Removed(words) => Self::Added(words.clone()),
            Self::Set(words) => Self::Unset(words.clone()),
            Self::Unset(words) => Self::Set(words.clone()),
            Self::Text(left, right) => Self::Text(right.clone(), left.clone()),
            other => other.clone(),
        }
    }
}

impl Path {
    pub(super) fn part(&mut self, name: &str) {
        // A part inside a field of another part is named through it.
        self.part.append(&mut self.field);
        self.part.push(name.to_owned());
    }

    pub(super) fn field(&mut self, name: &str) {
        self.field.push(name.to_owned());
    }

    /// `Scope > Send mail`, and behind it the field: `inputs.parameters.subject`.
    pub fn words(&self) -> String {
        let (part, field) = (self.part.join(" > "), self.field.join("."));
        match (part.is_empty(), field.is_empty()) {
            (false, false) => format!("{part} {field}"),
            (false, true) => part,
            (true, _) => field,
        }
    }
}
