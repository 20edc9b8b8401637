//! A place that can be pasted into an editor.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::text::Position;

/// Where in the user's files something stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Place {
    /// `zip:entry` for an archive, the file's own path for a folder.
    pub file: Arc<str>,
    /// Line from 1; 0 when the whole file is meant.
    pub line: u32,
    /// Column in characters from 1; 0 when the whole file is meant.
    pub column: u32,
    /// JSON pointer of the value, where the text is JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

impl Place {
    /// A position in a file.
    pub fn new(file: &Arc<str>, position: Position) -> Self {
        Self { file: file.clone(), line: position.line, column: position.column, pointer: None }
    }

    /// The file as a whole.
    pub fn whole(file: &Arc<str>) -> Self {
        Self { file: file.clone(), line: 0, column: 0, pointer: None }
    }

    /// The path of the file within a package that the user called `source`; empty for the package as a whole, none for a file
    /// that lies elsewhere.
    pub fn within(&self, source: &str) -> Option<&str> {
        let rest = self.file.strip_prefix(source.trim_end_matches('/'))?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix([':', '/']) }
    }

    /// The same place with a JSON pointer.
    pub fn with_pointer(mut self, pointer: &str) -> Self {
        self.pointer = Some(pointer.to_owned());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return formatter.write_str(&self.file);
        }
        write!(formatter, "{}:{}:{}", self.file, self.line, self.column)
    }
}
