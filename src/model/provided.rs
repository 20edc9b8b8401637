//! What the target already has.

use std::str::FromStr;

use super::Version;

/// A solution that the target has, so that a need on it is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provided {
    /// Unique name.
    pub unique_name: String,
    /// Version; none: whatever is asked for.
    pub version: Option<Version>,
}

/// Why a text names no solution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProvidedError {
    /// There is no name.
    #[error("no name: write NAME or NAME@VERSION")]
    NoName,
    /// What stands behind the `@` is no version.
    #[error("`{found}` is no version: write one such as 1.2.0.0")]
    NoVersion {
        /// What stands there.
        found: String,
    },
}

impl FromStr for Provided {
    type Err = ProvidedError;

    /// Reads `NAME` or `NAME@VERSION`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, version) = match text.split_once('@') {
            Some((name, version)) => (name.trim(), Some(version.trim())),
            None => (text.trim(), None),
        };
        if name.is_empty() {
            return Err(ProvidedError::NoName);
        }
        let is_version = |version: &str| {
            let parts: Vec<&str> = version.split('.').collect();
            parts.len() <= 4 && parts.iter().all(|part| part.parse::<u64>().is_ok() && !part.starts_with('+'))
        };
        if let Some(version) = version.filter(|version| !is_version(version)) {
            return Err(ProvidedError::NoVersion { found: version.to_owned() });
        }
        Ok(Self { unique_name: name.to_owned(), version: version.map(Version::new) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provided_solution_has_a_name_and_perhaps_a_version() {
        let with_version: Provided = "FabBase@1.2.0.0".parse().unwrap();
        assert_eq!(with_version.unique_name, "FabBase");
        assert_eq!(with_version.version.unwrap().to_string(), "1.2.0.0");
        assert!("FabBase".parse::<Provided>().unwrap().version.is_none());
        for wrong in ["", "@1.0", "Fab@", "Fab@one", "Fab@1.2.3.4.5", "Fab@+1", "Fab@1..2"] {
            assert!(wrong.parse::<Provided>().is_err(), "{wrong}");
        }
    }
}
