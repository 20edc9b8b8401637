//! The type that holds what no output shows unless the user asks for it (invariant 6).

use std::fmt;

use serde::{Serialize, Serializer};

/// A secret-carrying text. `Display`, `Debug` and `Serialize` print the mask.
#[derive(Clone, PartialEq, Eq)]
pub struct Masked(String);

/// What stands in place of a masked text.
pub const MASK: &str = "********";

impl Masked {
    /// Takes the text in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. For comparing and for `--show-values`, never for output by default.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Masked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASK)
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASK)
    }
}

impl Serialize for Masked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(MASK)
    }
}

impl schemars::JsonSchema for Masked {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Masked".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}
