//! Archives inside of archives: canvas apps and others, opened through the same strict reader, two levels deep at most.

use super::item::text_or_bytes;
use super::tree::{Node, Step, Tree, Value};
use super::unordered::{self, MEMBERS};
use super::{json_tree, xml_tree};
use crate::package::{Limits, OpenOptions, Package};
use crate::{json, xml};

/// Where it is said why an archive is compared as bytes.
pub(super) const NOT_OPENED: &str = "not opened";

/// Levels of archives inside of the outer one.
const MOST_LEVELS: usize = 2;

/// What is left of the limits of the outer archive for the archives inside of it.
#[derive(Debug)]
pub(super) struct Budget {
    entries: usize,
    bytes: u64,
}

impl Budget {
    /// What the files of the outer archive leave, of which there are `count` with `size` bytes.
    pub(super) fn new(count: usize, size: u64) -> Self {
        let limits = Limits::default();
        Self { entries: limits.entries.saturating_sub(count), bytes: limits.total_bytes.saturating_sub(size) }
    }

    /// Takes what an archive says that it needs; why it cannot have that, in words.
    pub(super) fn take(&mut self, label: &str, bytes: &[u8]) -> Result<(), String> {
        let limits = Limits { entries: self.entries, total_bytes: self.bytes, ..Limits::default() };
        let options = OpenOptions { limits, ..OpenOptions::default() };
        let package =
            Package::from_bytes(label, bytes.to_vec(), &options).map_err(|error| error.to_string())?;
        self.entries = self.entries.saturating_sub(package.entries().len());
        let size: u64 = package.entries().iter().map(|entry| entry.size).sum();
        self.bytes = self.bytes.saturating_sub(size);
        Ok(())
    }

    /// What is left, for each of so many.
    pub(super) fn share(&self, count: u64) -> u64 {
        self.bytes / count.max(1)
    }
}

/// Whether the bytes start as a zip does.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Adds the entries of an archive that has its part of a budget; `left`: bytes that those inside of it may inflate to. Why it
/// was not opened, in words.
pub(super) fn add(
    tree: &mut Tree,
    index: u32,
    label: &str,
    bytes: &[u8],
    mut left: u64,
) -> Result<(), String> {
    let mut unlimited = Limits::default().total_bytes;
    let mut pending = vec![(index, label.to_owned(), bytes.to_vec(), 1)];
    let mut first = true;
    while let Some((index, label, bytes, level)) = pending.pop() {
        let left = if first { &mut unlimited } else { &mut left };
        let package = match open(&label, bytes.clone(), left) {
            Ok(package) => package,
            Err(words) if first => return Err(words),
            Err(words) => {
                tree.add(index, Node::new(NOT_OPENED, Value::text(&words)));
                text_or_bytes(tree, index, &label, &bytes);
                continue;
            }
        };
        first = false;
        for entry in package.entries() {
            let path = path_in(&label, &entry.path);
            let mut node = Node::new(entry.path.as_str(), Value::None).step(Step::Part).free(MEMBERS);
            node.noise = unordered::value(&path.iter().map(String::as_str).collect::<Vec<_>>());
            let child = tree.add(index, node);
            match package.read(entry) {
                Ok(content) if is_archive(&content) && level < MOST_LEVELS => {
                    pending.push((child, entry.path.clone(), content, level + 1));
                }
                Ok(content) => fill(tree, child, &entry.path, &content, &path),
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

/// The canvas app.
const APP: &str = "msapp";

/// The path of an entry for the allow-list: in a canvas app behind its ending, so that its files are no other's.
fn path_in(label: &str, entry: &str) -> Vec<String> {
    let is_app = label.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case(APP));
    let parts = entry.split(['/', '\\']).map(str::to_owned);
    is_app.then(|| APP.to_owned()).into_iter().chain(parts).collect()
}

/// One entry in the form in which it can be compared best; `within`: its path for the allow-list.
fn fill(tree: &mut Tree, index: u32, path: &str, content: &[u8], within: &[String]) {
    let lower = path.to_ascii_lowercase();
    if lower.ends_with(".json")
        && let Ok(document) = json::Document::parse(content.to_vec())
    {
        // Apps have such files in which a name stands twice; they are told as text, with their values.
        if !document.duplicate_keys().is_empty() {
            let text = String::from_utf8_lossy(content);
            tree.node_mut(index).value = Value::Lines(text.trim_start_matches('\u{feff}').into());
            return;
        }
        if let Some(name) = control(&lower, document.value()) {
            let node = tree.node_mut(index);
            (node.name, node.key) = ("control".into(), Some(name.into()));
        }
        return json_tree::fill(tree, index, document.value(), within);
    }
    if lower.ends_with(".xml")
        && let Ok(document) = xml::Document::parse(content.to_vec(), &xml::Limits::default())
    {
        xml_tree::add(tree, index, document.root(), &xml_tree::Plain);
        return;
    }
    text_or_bytes(tree, index, path, content);
}

/// The name of the topmost control in a file of a canvas app: each save numbers these files anew.
fn control(path: &str, value: &serde_json::Value) -> Option<String> {
    let (folder, file) = path.rsplit_once(['/', '\\'])?;
    let number = file.strip_suffix(".json")?;
    if !["controls", "components"].contains(&folder) || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(value.pointer("/TopParent/Name")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::compare::compare;

    #[test]
    fn a_file_in_which_a_name_stands_twice_is_told_with_its_values() {
        let mut tree = crate::diff::item::outermost();
        for (content, is_told) in [(r#"{"a":1,"a":2}"#, true), (r#"{"a":1,"#, false)] {
            let index = tree.add(0, Node::new("x", Value::None));
            fill(&mut tree, index, "References/DataSources.json", content.as_bytes(), &[]);
            assert_eq!(matches!(tree.node(index).value, Value::Lines(_)), is_told, "{content}");
        }
    }

    /// The bytes of an archive.
    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        use std::io::Write as _;
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (path, content) in files {
            archive.start_file(*path, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(content).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn tree(bytes: &[u8], left: u64) -> Tree {
        let mut tree = Tree::new(Node::new("app", Value::None).free(MEMBERS));
        add(&mut tree, 0, "app", bytes, left).unwrap();
        tree.seal()
    }

    #[test]
    fn controls_are_known_by_their_name() {
        let screen = |name: &str, fill: &str| {
            format!(r#"{{"TopParent":{{"Name":"{name}","Fill":"{fill}"}}}}"#).into_bytes()
        };
        let one =
            archive(&[("Controls/1.json", &screen("App", "a")), ("Controls/4.json", &screen("Start", "a"))]);
        let other =
            archive(&[("Controls/1.json", &screen("Start", "b")), ("Controls/7.json", &screen("App", "a"))]);
        let found = compare(&tree(&one, 0), &tree(&other, 0));
        let told: Vec<String> = found.changes.iter().map(|change| change.path.words()).collect();
        assert_eq!(told, ["control Start TopParent.Fill"]);
    }

    /// What a save of an app without a change writes anew is noise; a change beside it is told.
    #[test]
    fn what_each_save_of_an_app_writes_is_noise() {
        let app = |number: u32, fill: &str| {
            let header =
                format!(r#"{{"DocVersion":"1.3","LastSavedDateTimeUTC":"01/0{number}/2024 17:11:57"}}"#);
            let properties = format!(
                r#"{{"Name":"App","AnalysisLoadTime":0.{number},"DeserializationLoadTime":1.{number}}}"#
            );
            let screen = format!(
                r#"{{"TopParent":{{"Name":"Start","ControlUniqueId":"{number}","Children":[{{"Name":"Label1","ControlUniqueId":"1{number}","Rules":[{{"Property":"Fill","InvariantScript":"{fill}"}},{{"Property":"X","InvariantScript":"1"}}]}}]}}}}"#
            );
            archive(&[
                ("Header.json", header.as_bytes()),
                ("Properties.json", properties.as_bytes()),
                ("checksum.json", format!(r#"{{"ClientStampedChecksum":"{number}"}}"#).as_bytes()),
                (&format!("Controls/{number}.json"), screen.as_bytes()),
            ])
        };
        let tree = |bytes: &[u8]| {
            let mut tree = Tree::new(Node::new("app", Value::None).free(MEMBERS));
            add(&mut tree, 0, "CanvasApps/fab_DocumentUri.msapp", bytes, 0).unwrap();
            tree.seal()
        };
        let told = |fill: &str| {
            let found = compare(&tree(&app(1, "Red")), &tree(&app(2, fill)));
            let words: Vec<String> = found.changes.iter().map(|change| change.path.words()).collect();
            (words, found.noise.iter().map(|(noise, count)| (noise.0, *count)).collect::<Vec<_>>())
        };
        let noise =
            vec![("checksums", 1), ("load times", 2), ("numbers of controls", 2), ("times of saving", 1)];
        assert_eq!(told("Red"), (vec![], noise.clone()));
        let changed =
            "control Start TopParent.Children.item Label1.Rules.item Fill.InvariantScript".to_owned();
        assert_eq!(told("Blue"), (vec![changed], noise));
    }

    #[test]
    fn an_archive_that_is_refused_is_compared_as_bytes_with_a_note() {
        let level = |content: &[u8]| archive(&[("a.zip", content)]);
        let innermost = archive(&[("a.txt", b"one")]);
        let told = |tree: &Tree| {
            (0..tree.len() as u32)
                .map(|at| format!("{} {}", tree.node(at).name, tree.node(at).value.shown()))
                .collect::<Vec<_>>()
        };
        // Two levels are opened, the third is bytes.
        let two = told(&tree(&level(&innermost), 100));
        assert!(two.iter().any(|line| line.starts_with("a.txt")), "{two:?}");
        let three = told(&tree(&level(&level(&innermost)), 1_000_000));
        assert!(three.iter().any(|line| line.starts_with("a.zip zip archive, ")), "{three:?}");
        // There is no room for what is inside.
        let refused = told(&tree(&level(&innermost), 1));
        assert!(refused.iter().any(|line| line.starts_with("not opened ")), "{refused:?}");
        assert!(refused.iter().any(|line| line.starts_with("a.zip zip archive, ")), "{refused:?}");
        // Where the bytes differ and the reason is the same, it is told all the same.
        let other = archive(&[("a.txt", b"two")]);
        let found = compare(&tree(&level(&innermost), 1), &tree(&level(&other), 1));
        let told: Vec<String> = found.changes.iter().map(|change| format!("{:?}", change.changed)).collect();
        assert!(told.iter().any(|words| words.starts_with("Noted(")), "{told:?}");
    }

    #[test]
    fn archives_share_one_budget() {
        let bytes = archive(&[("a.txt", &[b'x'; 600])]);
        let mut budget = Budget { entries: 10, bytes: 1_000 };
        assert_eq!(budget.take("one", &bytes), Ok(()));
        assert_eq!(budget.share(2), 200);
        assert!(budget.take("other", &bytes).is_err());
    }
}
