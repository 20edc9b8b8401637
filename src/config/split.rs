//! `[[split]]`: which part of a solution that is split a component goes to.

use glob::Pattern;

use super::table::{Reader, Table};
use super::{ConfigError, ConfigFault, UnknownKey};
use crate::model::Place;

/// One row: `[[split]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitRule {
    /// Name of the part, which stands behind the name of the solution.
    pub part: String,
    /// The types that go there, by their table or the words for them, each with where it is written; none: all. Whether there are
    /// such types only the packages tell.
    pub types: Vec<(String, Place)>,
    /// Patterns of names that go there; none: all.
    pub names: Vec<Pattern>,
    /// Where it is stated.
    pub place: Place,
}

/// The rows in their order.
pub(super) fn rules(
    reader: &Reader<'_>,
    top: &Table<'_, '_>,
    unknown: &mut Vec<UnknownKey>,
) -> Result<Vec<SplitRule>, ConfigError> {
    let mut rules = Vec::new();
    for table in top.tables("split")? {
        let row = reader.table(table, &["part", "types", "names"], unknown);
        let part = row.required("part")?;
        if !part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            return Err(row.fault(ConfigFault::PartName { written: part }));
        }
        let mut names = Vec::new();
        for (written, place) in row.strings("names")? {
            names.push(Pattern::new(&written).map_err(|error| {
                let reason = error.msg.to_owned();
                ConfigError { place, fault: ConfigFault::Pattern { written, reason } }
            })?);
        }
        let types = row.strings("types")?;
        if types.is_empty() && names.is_empty() {
            return Err(row.fault(ConfigFault::NoSelection));
        }
        rules.push(SplitRule { part, types, names, place: row.place() });
    }
    Ok(rules)
}
