//! Archives inside of archives: canvas apps and others, opened through the same strict reader, two levels deep at most.

use super::side::text_or_bytes;
use super::tree::{Node, Step, Tree, Value};
use super::unordered::MEMBERS;
use super::{json_tree, xml_tree};
use crate::package::{Limits, OpenOptions, Package};
use crate::{json, xml};

/// Levels of archives inside of the outer one.
const MOST_LEVELS: usize = 2;
/// Most inflated bytes for each byte of an inner archive: the outer one has a limit of its own for these bytes.
const MOST_BYTES: u64 = 512 << 20;

/// Whether the bytes start as a zip does.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Adds the entries of an archive; why it was not opened, in words.
pub(super) fn add(tree: &mut Tree, index: u32, label: &str, bytes: &[u8]) -> Result<(), String> {
    let mut left = MOST_BYTES;
    let mut pending = vec![(index, label.to_owned(), bytes.to_vec(), 1)];
    let mut first = true;
    while let Some((index, label, bytes, level)) = pending.pop() {
        let package = match open(&label, bytes.clone(), &mut left) {
            Ok(package) => package,
            Err(words) if first => return Err(words),
            Err(words) => {
                tree.add(index, Node::new("not opened", Value::text(&words)));
                text_or_bytes(tree, index, &bytes);
                continue;
            }
        };
        first = false;
        for entry in package.entries() {
            let child =
                tree.add(index, Node::new(entry.path.as_str(), Value::None).step(Step::Part).free(MEMBERS));
            match package.read(entry) {
                Ok(content) if is_archive(&content) && level < MOST_LEVELS => {
                    pending.push((child, entry.path.clone(), content, level + 1));
                }
                Ok(content) => fill(tree, child, &entry.path, &content),
                // Each entry was checked when the archive was opened.
                Err(error) => {
                    tree.add(child, Node::new("not read", Value::text(&error.to_string())));
                }
            }
        }
    }
    Ok(())
}

fn open(label: &str, bytes: Vec<u8>, left: &mut u64) -> Result<Package, String> {
    let limits = Limits { total_bytes: *left, entry_bytes: *left, ..Limits::default() };
    let options = OpenOptions { limits, ..OpenOptions::default() };
    let package = Package::from_bytes(label, bytes, &options).map_err(|error| error.to_string())?;
    package.verify().map_err(|error| error.to_string())?;
    *left -= package.entries().iter().map(|entry| entry.size).sum::<u64>().min(*left);
    Ok(package)
}

/// One entry in the form in which it can be compared best.
fn fill(tree: &mut Tree, index: u32, path: &str, content: &[u8]) {
    let lower = path.to_ascii_lowercase();
    if lower.ends_with(".json")
        && let Ok(document) = json::Document::parse(content.to_vec())
        && document.duplicate_keys().is_empty()
    {
        return json_tree::fill(tree, index, document.value(), &[]);
    }
    if lower.ends_with(".xml")
        && let Ok(document) = xml::Document::parse(content.to_vec(), &xml::Limits::default())
    {
        xml_tree::add(tree, index, document.root(), &xml_tree::Plain);
        return;
    }
    text_or_bytes(tree, index, content);
}
