//! A text that somebody set: known, or known only to be there.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::{MASK, Masked};

/// A default, packaged or current value of an environment variable, as far as it is known.
///
/// It serialises without the text: a file that is to hold texts holds them apart, in a place of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// There is one; a snapshot does not say which.
    Set,
    /// HMAC-SHA-256 of it, in hexadecimal, under the key of whoever took the snapshot.
    Hash(String),
    /// The text.
    Known(Masked),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    hmac_sha256: Option<String>,
}

impl Value {
    /// The text taken in.
    pub fn new(text: impl Into<String>) -> Self {
        Self::Known(Masked::new(text))
    }

    /// The text, where it is known. For comparing, never for output by default.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Known(text) => Some(text.reveal()),
            Self::Set | Self::Hash(_) => None,
        }
    }

    /// Whether two are the same; none where that cannot be known.
    pub fn is_same(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Known(one), Self::Known(other)) => Some(one.reveal() == other.reveal()),
            (Self::Hash(one), Self::Hash(other)) => Some(one == other),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASK)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let hmac_sha256 = match self {
            Self::Hash(hash) => Some(hash.clone()),
            Self::Set | Self::Known(_) => None,
        };
        Written { text: None, hmac_sha256 }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        Ok(match (written.text, written.hmac_sha256) {
            (Some(text), _) => Self::new(text),
            (None, Some(hash)) => Self::Hash(hash),
            (None, None) => Self::Set,
        })
    }
}

impl schemars::JsonSchema for Value {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "An empty object: a value is set, and nothing more is known of it.",
            "type": "object",
            "properties": {
                "text": { "type": "string", "description": "The value itself." },
                "hmacSha256": { "type": "string", "description": "HMAC-SHA-256 of the value, in hexadecimal." }
            },
            "additionalProperties": false
        })
    }
}
