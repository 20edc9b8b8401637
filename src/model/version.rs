//! Versions of solutions.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `major.minor.build.revision`; shorter ones are filled with zeros when compared, leading zeros do not count.
///
/// 104 of 629 real manifests have two or three parts (`FORMATS.md` §5.1).
#[derive(Debug, Clone, Default)]
pub struct Version {
    written: String,
    parts: [u64; 4],
}

impl Version {
    /// Reads a version; what is no number counts as 0, what follows the fourth part not at all.
    pub fn new(written: &str) -> Self {
        let mut parts = [0; 4];
        for (part, text) in parts.iter_mut().zip(written.trim().split('.')) {
            *part = text.trim().parse().unwrap_or(0);
        }
        Self { written: written.trim().to_owned(), parts }
    }

    /// The four numbers.
    pub fn parts(&self) -> [u64; 4] {
        self.parts
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts.cmp(&other.parts)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.written)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(&String::deserialize(deserializer)?))
    }
}

impl schemars::JsonSchema for Version {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Version".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "major.minor.build.revision, as written" })
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn missing_parts_are_zero_and_numbers_compare_as_numbers() {
        assert_eq!(Version::new("1.0"), Version::new("1.0.0.0"));
        assert!(Version::new("1.10.0.0") > Version::new("1.9.0.0"));
        assert_eq!(Version::new("1.0.02407.1937"), Version::new("1.0.2407.1937"));
        assert_eq!(Version::new("1.0.02407.1937").to_string(), "1.0.02407.1937");
    }
}
