//! The allow-list of what may differ without meaning anything: `unordered.toml`, one row each with its reason.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::tree::Noise;
use crate::xml::{Attribute, Element};

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    list: Vec<Row>,
    value: Vec<Row>,
}

/// One row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    path: String,
    noise: String,
    /// For people; that there is one is checked.
    reason: String,
}

/// Rows by the last name of their path.
type Index = HashMap<&'static str, Vec<(Vec<&'static str>, Noise)>>;

static LISTS: LazyLock<Index> = LazyLock::new(|| index(|file| file.list));
static VALUES: LazyLock<Index> = LazyLock::new(|| index(|file| file.value));
/// Rows about attributes of an element of one name, by that name: what is around it, the attribute, and what it is called.
type AttributeIndex = HashMap<&'static str, Vec<(Vec<&'static str>, &'static str, Noise)>>;
static ATTRIBUTE_VALUES: LazyLock<AttributeIndex> = LazyLock::new(|| {
    let mut index = AttributeIndex::new();
    for (last, rows) in &*VALUES {
        let Some(attribute) = last.strip_prefix('@') else { continue };
        for (before, noise) in rows {
            let Some((element, around)) = before.split_last() else { continue };
            index.entry(element).or_default().push((around.to_vec(), attribute, *noise));
        }
    }
    index
});

/// Order of the members of a record: each has a name of its own.
pub(super) const MEMBERS: Noise = Noise("order of members");
/// Order of attributes of an element.
pub(super) const ATTRIBUTES: Noise = Noise("order of attributes");
/// Braces and letter case of GUIDs, and other spellings of one value.
pub(super) const SPELLING: Noise = Noise("spelling of GUIDs");
/// Line ends, the last one of a text included. Blanks are none: in a text they may be part of what it says.
pub(super) const LINE_ENDS: Noise = Noise("line ends");
/// The mark in front of a text that says in which order the bytes of a character stand: the encoding is the same.
pub(super) const BYTE_ORDER_MARK: Noise = Noise("byte order mark");
/// `<![CDATA[a < b]]>` and `a &lt; b` are one text.
pub(super) const CDATA: Noise = Noise("CDATA or escaped text");
/// `[Content_Types].xml` follows from the endings of the other files.
pub(super) const CONTENT_TYPES: Noise = Noise("content types");
/// Names and statuses in `runAfter` are sets: an action runs when each of them is met.
pub(super) const RUN_AFTER: Noise = Noise("order of runAfter");
/// `"templateName": null` is what an export writes where there is none, and a service does not or writes an empty text.
pub(super) const NO_TEMPLATE: Noise = Noise("template that is none");
/// `"runAfter": {}` and none at all: an action that waits for nothing.
pub(super) const RUN_AFTER_ABSENT: Noise = Noise("runAfter that is empty");
/// `1.2` and `1.2.0.0` are one version.
pub(super) const VERSIONS: Noise = Noise("spelling of versions");
/// The version of a needed solution stands in each row of its dependencies and is told once, of the solution.
pub(super) const NEEDED_VERSION: Noise = Noise("versions repeated in dependencies");
/// Indentation and whatever else is between the things that are compared.
pub(super) const FORMATTING: Noise = Noise("indentation");

fn index(rows: fn(File) -> Vec<Row>) -> Index {
    // The file is part of the binary; a test reads it.
    let Ok(file) = toml::from_str::<File>(include_str!("unordered.toml")) else { return Index::new() };
    let mut index = Index::new();
    for row in rows(file) {
        debug_assert!(!row.reason.is_empty());
        let path: Vec<&'static str> = row.path.leak().split('/').collect();
        let Some((last, before)) = path.split_last() else { continue };
        index.entry(last).or_default().push((before.to_vec(), Noise(row.noise.leak())));
    }
    index
}

/// Why the order of the children of what stands at this path means nothing, where it does not. Names from the outside in.
pub(super) fn list(path: &[&str]) -> Option<Noise> {
    find(&LISTS, path)
}

/// Why the value at this path means nothing, where it does not.
pub(super) fn value(path: &[&str]) -> Option<Noise> {
    find(&VALUES, path)
}

/// The attributes of an element whose value means nothing, by a row that names the element, in the order of the tag.
pub(super) fn noise_attributes(element: Element<'_>) -> impl Iterator<Item = (Attribute<'_>, Noise)> {
    let rows = ATTRIBUTE_VALUES.get(element.name());
    rows.into_iter().flat_map(move |rows| {
        element.attributes().filter_map(move |attribute| {
            let (.., noise) = rows
                .iter()
                .find(|(around, name, _)| *name == attribute.name && stands_in(element, around))?;
            Some((attribute, *noise))
        })
    })
}

/// Whether the elements around an element are called so, from the outside in.
fn stands_in(element: Element<'_>, around: &[&str]) -> bool {
    let mut next = element;
    around.iter().rev().all(|wanted| match next.parent() {
        Some(parent) => {
            next = parent;
            *wanted == "*" || parent.name() == *wanted
        }
        None => false,
    })
}

fn find(index: &Index, path: &[&str]) -> Option<Noise> {
    let (last, before) = path.split_last()?;
    let ends = |wanted: &Vec<&str>| {
        let start = before.len().checked_sub(wanted.len());
        start.is_some_and(|start| {
            before[start..].iter().zip(wanted).all(|(found, wanted)| *wanted == "*" || found == wanted)
        })
    };
    index.get(last)?.iter().find(|(wanted, _)| ends(wanted)).map(|(_, noise)| *noise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_has_its_reason() {
        let file: File = toml::from_str(include_str!("unordered.toml")).unwrap();
        assert!(file.list.len() > 20 && file.value.len() > 5);
        for row in file.list.iter().chain(&file.value) {
            assert!(!row.reason.trim().is_empty() && !row.noise.is_empty(), "{}", row.path);
        }
    }

    #[test]
    fn a_row_is_found_by_the_end_of_its_path() {
        assert_eq!(list(&["SolutionManifest", "MissingDependencies"]), Some(Noise("order of dependencies")));
        assert_eq!(list(&["Dependencies", "childFlows"]), Some(Noise("order of dependencies")));
        assert_eq!(list(&["Else", "childFlows"]), None);
        assert_eq!(list(&["childFlows"]), None);
        assert_eq!(list(&["options"]), None);
        assert_eq!(value(&["MissingDependency", "Required", "@key"]), Some(Noise("running numbers")));
    }
}
