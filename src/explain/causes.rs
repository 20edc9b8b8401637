//! The causes that are known, by the platform's words: `causes.toml`.

use std::sync::LazyLock;

use regex::{Captures, Regex, RegexBuilder};
use serde::Deserialize;

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cause: Vec<Row>,
}

/// One row.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    pattern: String,
    /// Table of what the group `component` names.
    r#type: Option<String>,
    words: String,
    first: Vec<String>,
    code: Option<String>,
    source: String,
}

/// One known cause.
pub(super) struct Known {
    pub(super) name: String,
    pattern: Regex,
    /// Table of what the group `component` names.
    pub(super) kind: Option<String>,
    pub(super) words: String,
    pub(super) first: Vec<String>,
    pub(super) code: Option<String>,
    /// Where its words were seen.
    pub(super) source: String,
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("causes.toml")).expect("a test reads the table");
    let known = |row: Row| Known {
        name: row.name,
        pattern: RegexBuilder::new(&row.pattern)
            .case_insensitive(true)
            .build()
            .expect("a test reads the patterns"),
        kind: row.r#type,
        words: row.words,
        first: row.first,
        code: row.code,
        source: row.source,
    };
    file.cause.into_iter().map(known).collect()
});

/// Whether the words of a row name nothing that a message says.
pub(super) fn names_nothing(at: usize) -> bool {
    KNOWN.get(at).is_some_and(|known| known.pattern.captures_len() == 1)
}

/// Name of the row for messages that only say that something failed.
pub(super) const WRAPPER: &str = "wrapper";

/// Everything in a message that is known, in the order of the table: where two rows fit the same words, the first counts.
pub(super) fn find(message: &str) -> Vec<(usize, &'static Known, Captures<'_>)> {
    let mut found: Vec<(usize, &'static Known, Captures<'_>)> = Vec::new();
    let range = |groups: &Captures<'_>| groups.get(0).map_or(0..0, |whole| whole.range());
    for (at, known) in KNOWN.iter().enumerate() {
        for groups in known.pattern.captures_iter(message) {
            let own = range(&groups);
            let overlaps = |other: &(usize, &Known, Captures<'_>)| {
                let other = range(&other.2);
                own.start < other.end && other.start < own.end
            };
            let texts = |groups: &Captures<'_>| {
                groups.iter().skip(1).flatten().map(|group| group.as_str().to_owned()).collect::<Vec<_>>()
            };
            let is_repeated =
                |other: &(usize, &Known, Captures<'_>)| other.0 == at && texts(&other.2) == texts(&groups);
            if !found.iter().any(|other| overlaps(other) || is_repeated(other)) && found.len() < MOST {
                found.push((at, known, groups));
            }
        }
    }
    found
}

/// So many causes are told of one message.
const MOST: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DataverseError;

    #[test]
    fn every_row_can_be_read_and_says_what_to_do() {
        for known in &*KNOWN {
            assert!(!known.first.is_empty() && known.source.starts_with("https://"), "{}", known.name);
            let code = known.code.as_deref();
            let is_known = |code: &str| DataverseError::ALL.iter().any(|error| error.code == code);
            assert!(code.is_none_or(is_known), "{}: {code:?}", known.name);
            for text in known.first.iter().chain([&known.words]) {
                for part in text.split('{').skip(1) {
                    let group = part.split('}').next().unwrap_or_default();
                    let mut groups = known.pattern.capture_names().flatten();
                    assert!(groups.any(|name| name == group), "{}: {group}", known.name);
                }
            }
        }
        assert!(KNOWN.last().is_some_and(|known| known.name == WRAPPER));
    }
}
