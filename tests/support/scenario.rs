//! What the release scenarios beside the corpus hold: their zips, and members of `expected.json`.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

/// The zips of a folder by name.
pub fn zips(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let children = folder.read_dir_utf8().expect("a folder").map(|child| child.expect("a child").into_path());
    let mut zips: Vec<Utf8PathBuf> = children.filter(|child| child.extension() == Some("zip")).collect();
    zips.sort();
    zips
}

/// A list, empty where there is none.
pub fn list<'v>(value: &'v Value, member: &str) -> &'v [Value] {
    value[member].as_array().map_or(&[], Vec::as_slice)
}

/// A text that must be there.
pub fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or_else(|| panic!("{member} in {value}"))
}
