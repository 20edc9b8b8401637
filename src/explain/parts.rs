//! What a message says is missing or still used: lists inside of its words.

use std::sync::LazyLock;

use regex::Regex;

use super::{Part, described};
use crate::model::{ComponentKey, ComponentType, MissingDependency, NeededComponent, Version};

static ROW: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?is)<MissingDependency\s*>.*?</MissingDependency\s*>"));
static PAIR: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)RequiredComponentObject details: ?Type: ?(\w+), ?ObjectName: ?(.*?), ?Id: ?([0-9a-f-]{36}), ?.*?DependentComponentObject details: ?Type: ?(\w+), ?ObjectName: ?(.*?), ?Id: ?([0-9a-f-]{36})",
    )
});
static SOLUTION: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"([A-Za-z0-9_]+) ?\(([0-9]+(?:\.[0-9]+){0,3})\)"#));
static FAILED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?i)solution cannot be imported: ?\\?"?([A-Za-z0-9_]+)|Solution \\?"([^"\\]{1,256})\\?" failed to import|([A-Za-z0-9_]+) requires solutions"#,
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a test uses the pattern")
}

/// The solution of which a message says that it was not imported.
pub(super) fn failed_solution(message: &str) -> Option<String> {
    // "The solution requires solutions" names none.
    let is_name = |name: &regex::Match<'_>| !name.as_str().eq_ignore_ascii_case("solution");
    let mut names = FAILED.captures_iter(message).filter_map(|found| found.iter().skip(1).flatten().next());
    names.find(is_name).map(|name| name.as_str().to_owned())
}

/// The rows of `<MissingDependencies>` in a message. `words` name a component for which the message has no name.
pub(super) fn missing_dependencies(message: &str, words: &dyn Fn(&ComponentKey) -> String) -> Vec<Part> {
    // Inside JSON that was pasted as text the quotes are escaped.
    let message = message.replace("\\\"", "\"");
    let rows: String = ROW.find_iter(&message).map(|row| row.as_str()).collect();
    let rows = MissingDependency::read_fragment(&rows);
    rows.iter()
        .map(|row| {
            let key = row.required.keys.first();
            let user = row.dependent.keys.first();
            let named = |side: &NeededComponent, key: &ComponentKey| match &*side.name {
                "" => words(key),
                name => described(key, Some(name)),
            };
            let words = key.map(|key| named(&row.required, key));
            Part {
                component: key.cloned(),
                used_by: user.map(|key| named(&row.dependent, key)),
                solution: row.provider.clone(),
                version: row.provider_version.clone(),
                unmanaged_layer: row.unmanaged_layer,
                ..Part::new(words.unwrap_or_else(|| "a component".to_owned()))
            }
        })
        .collect()
}

/// The pairs of "cannot uninstall".
pub(super) fn still_used(message: &str) -> Vec<Part> {
    PAIR.captures_iter(message)
        .map(|pair| {
            let (required, used_by) =
                (side(&pair[1], &pair[2], &pair[3]), side(&pair[4], &pair[5], &pair[6]));
            Part { component: Some(required.0), used_by: Some(used_by.1), ..Part::new(required.1) }
        })
        .collect()
}

/// A component by type, name and id: known by its name where its type is not one of GUIDs.
fn side(kind: &str, name: &str, id: &str) -> (ComponentKey, String) {
    let kind = ComponentType::named(kind);
    let is_named = kind == ComponentType::CONNECTION_REFERENCE || kind == ComponentType::ENVIRONMENT_VARIABLE;
    let key = ComponentKey::new(kind, if is_named && !name.is_empty() { name } else { id });
    let words = described(&key, Some(name));
    (key, words)
}

/// Solutions that are to be installed first, with their versions.
pub(super) fn solutions(message: &str) -> Vec<Part> {
    let named = |found: regex::Captures<'_>| Part {
        solution: Some(found[1].to_owned()),
        version: Some(Version::new(&found[2])),
        ..Part::new(found[0].to_owned())
    };
    SOLUTION.captures_iter(message).map(named).collect()
}
