//! The files of one component on one side, and what they are compared as.
//!
//! Read [`Item`] first. Which files belong to which component is the matter of `place.rs` and `side.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::columns::Known;
use super::customization_rows::row_key;
use super::inner::NOT_OPENED;
use super::shared::Seen;
use super::tree::{Bytes, Node, Step, Tree, Value};
use super::unordered::{self, MEMBERS};
use super::xml_tree::{self, Columns, LeftOut};
use super::{flow, inner, json_tree, unreadable};
use crate::json;
use crate::model::{ComponentKey, ComponentType, MASK, Masked};
use crate::xml::{Document, Element, Limits};

/// The manifest in the unpacked form.
pub(super) const MANIFEST: &str = "Other/Solution.xml";
/// What is left of the customizations in the unpacked form.
pub(super) const CUSTOMIZATIONS: &str = "Other/Customizations.xml";
/// Follows from the endings of the other files.
pub(super) const CONTENT_TYPES: &str = "[Content_Types].xml";

/// In front of a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The files of one component.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// By path in one spelling.
    pub(super) files: BTreeMap<String, File>,
    /// Rows of `customizations.xml`, which have no file of their own.
    pub(super) rows: Vec<Vec<u8>>,
}

/// One file.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) content: Content,
    /// Why it is an archive that is not opened.
    pub(super) refused: Option<String>,
}

/// What is in a file.
#[derive(Debug)]
pub(super) enum Content {
    /// As unpacking writes it.
    Bytes(Vec<u8>),
    /// As the package has it, read already: the layout would write it otherwise, so that white space says nothing.
    Document(Arc<Document>),
}

/// What must be known of a side to tell what its files say.
pub(super) struct Telling<'s> {
    pub(super) known: &'s Known,
    /// Bytes that archives inside of one inner archive may inflate to.
    pub(super) budget: u64,
}

impl Item {
    /// Whether both have the same bytes.
    pub(super) fn is_same(one: &Self, other: &Self) -> bool {
        one.rows == other.rows
            && one.files.len() == other.files.len()
            && Self::differing(one, other).count() == 0
    }

    /// Whether bytes differ that unpacking writes alike for all that is alike.
    pub(super) fn is_written_otherwise(one: &Self, other: &Self) -> bool {
        let is_read = |file: &File| matches!(file.content, Content::Document(_));
        one.rows != other.rows
            || one.files.len() != other.files.len()
            || Self::differing(one, other).any(|(file, other)| !is_read(file) || !other.is_some_and(is_read))
    }

    /// Files of the first side that the second has otherwise or not at all.
    fn differing<'i>(one: &'i Self, other: &'i Self) -> impl Iterator<Item = (&'i File, Option<&'i File>)> {
        let pairs = one.files.iter().map(|(name, file)| (file, other.files.get(name)));
        pairs.filter(|(file, other)| other.is_none_or(|other| file.bytes() != other.bytes()))
    }

    /// What it is compared as, but for what the other side has alike.
    pub(super) fn tree(&self, key: &ComponentKey, telling: &Telling<'_>, seen: &Seen<'_>) -> Tree {
        let mut tree = outermost();
        for row in &self.rows {
            // It was cut out of a document that was read.
            if let Ok(document) = Document::parse(row.clone(), &Limits::default()) {
                xml(&mut tree, 0, &document, telling.known, &|_, _| None);
            }
        }
        for (name, file) in self.files.iter().filter(|(name, _)| !seen.is_same(name)) {
            if seen.is_plain(name) {
                unreadable::add(&mut tree, name, &file.path, file.bytes());
                continue;
            }
            let opened = seen.file(name);
            let leave_out = |section: Element<'_>, row: Element<'_>| {
                if file.leaves_out(section, row) {
                    return Some(LeftOut::Elsewhere);
                }
                opened.filter(|opened| opened.is_shared(row)).map(|_| LeftOut::Shared)
            };
            file.add(&mut tree, key, name, telling, opened.map(|opened| opened.document()), &leave_out);
        }
        tree.seal()
    }
}

pub(super) fn outermost() -> Tree {
    Tree::new(Node::new("", Value::None).free(MEMBERS).step(Step::Through))
}

/// A document of a file, read now or before.
#[derive(Debug)]
pub(super) enum Parsed<'f> {
    Now(Document),
    Before(&'f Document),
}

impl std::ops::Deref for Parsed<'_> {
    type Target = Document;

    fn deref(&self) -> &Document {
        match self {
            Self::Now(document) => document,
            Self::Before(document) => document,
        }
    }
}

impl File {
    /// What is in it.
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Bytes(bytes) => bytes,
            Content::Document(document) => document.bytes(),
        }
    }

    /// As XML, where it is any.
    pub(super) fn document(&self) -> Option<Parsed<'_>> {
        match &self.content {
            Content::Document(document) => Some(Parsed::Before(document)),
            Content::Bytes(bytes) if self.is_xml() => {
                Document::parse(bytes.clone(), &Limits::default()).ok().map(Parsed::Now)
            }
            Content::Bytes(_) => None,
        }
    }

    fn is_xml(&self) -> bool {
        let lower = self.path.to_ascii_lowercase();
        self.path != CONTENT_TYPES && (lower.ends_with(".xml") || lower.ends_with(".xaml"))
    }

    /// Whether a row is in another item.
    pub(super) fn leaves_out(&self, section: Element<'_>, row: Element<'_>) -> bool {
        self.path == CUSTOMIZATIONS && row_key(section, row).is_some()
    }

    /// The file alone, rows of the customizations in it.
    pub(super) fn tree(&self, key: &ComponentKey, name: &str, telling: &Telling<'_>) -> Tree {
        let mut tree = outermost();
        self.add(&mut tree, key, name, telling, None, &|_, _| None);
        tree.seal()
    }

    /// Adds it in the form in which it can be compared best.
    fn add(
        &self,
        tree: &mut Tree,
        key: &ComponentKey,
        name: &str,
        telling: &Telling<'_>,
        opened: Option<&Document>,
        leave_out: xml_tree::LeaveOut<'_>,
    ) {
        let lower = name.to_ascii_lowercase();
        let content = self.bytes();
        let is_main = lower.ends_with(".xml") || key.kind == ComponentType::WORKFLOW;
        if name == CONTENT_TYPES {
            let text = String::from_utf8_lossy(content);
            tree.add(0, Node::new(name, Value::text(&text)).noise(unordered::CONTENT_TYPES));
            return;
        }
        let mut node = Node::new(name, Value::None).step(if is_main { Step::Through } else { Step::Part });
        if is_main {
            // What is in it is told as if it stood outside; where only one side has it, it is a part.
            node.label = Some(format!("file {}", self.path).into());
        }
        let is_value = !is_main && is_of_values(&lower);
        if is_value {
            node.label = Some(PACKAGED_VALUE.into());
            node = node.says(&format!("present ({MASK})"));
        }
        let index = tree.add(0, node.free(MEMBERS));
        if content.starts_with(BYTE_ORDER_MARK) && matches!(self.content, Content::Bytes(_)) {
            let node = Node::new("#byte order mark", Value::Text("UTF-8".into()));
            tree.add(index, node.noise(unordered::BYTE_ORDER_MARK));
        }
        if self.is_xml() {
            let parsed = if opened.is_some() { None } else { self.document() };
            if let Some(document) = opened.or(parsed.as_deref()) {
                xml(tree, index, document, telling.known, leave_out);
                return;
            }
        } else if lower.ends_with(".json")
            && let Ok(document) = json::Document::parse(content.to_vec())
            && document.duplicate_keys().is_empty()
        {
            if key.kind == ComponentType::WORKFLOW && flow::add(tree, index, &document) {
                return;
            }
            json_tree::fill(tree, index, document.value(), &[]);
            if is_value {
                hide_values(tree, index);
            }
            return;
        } else if inner::is_archive(content) {
            let refused = match &self.refused {
                Some(note) => Some(note.clone()),
                None => inner::add(tree, index, &self.path, content, telling.budget).err(),
            };
            if let Some(note) = refused {
                tree.add(index, Node::new(NOT_OPENED, Value::text(&note)));
                bytes(tree, index, content);
            } else {
                // Against one that is refused it is told as bytes, too.
                tree.node_mut(index).says = Some(Value::Bytes(Bytes::new(content)).shown().into());
            }
            return;
        }
        text_or_bytes(tree, index, &self.path, content);
        // An ill-formed file of values is one all the same.
        hide_if_of_values(tree, index, &lower);
    }
}

/// Adds a document, but for the rows that are left out.
fn xml(
    tree: &mut Tree,
    index: u32,
    document: &Document,
    columns: &dyn Columns,
    leave_out: xml_tree::LeaveOut<'_>,
) {
    xml_tree::add_without(tree, index, document.root(), columns, leave_out);
    for part in document.nodes().filter(|part| part.element.is_none()) {
        use crate::xml::NodeKind;
        if matches!(part.kind, NodeKind::Comment | NodeKind::Instruction) {
            let text = String::from_utf8_lossy(&document.bytes()[part.range]);
            tree.add(index, Node::new("comment", Value::text(&text)));
        }
    }
}

/// A text by lines, one of JSON without its values, anything else by size and checksum.
pub(super) fn text_or_bytes(tree: &mut Tree, index: u32, path: &str, content: &[u8]) {
    match std::str::from_utf8(content) {
        Ok(text) if !text.contains('\0') => {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            tree.node_mut(index).value = match text {
                "" => Value::None,
                // What can be read is no text; but beside one that cannot be it is compared as one.
                text if path.to_ascii_lowercase().ends_with(".json") => Value::Unread(text.into()),
                text => Value::Lines(text.into()),
            };
            if text.is_empty() {
                tree.add(index, Node::new("content", Value::text("empty")));
            }
        }
        _ => bytes(tree, index, content),
    }
}

fn bytes(tree: &mut Tree, index: u32, content: &[u8]) {
    tree.node_mut(index).value = Value::Bytes(Bytes::new(content));
}

/// What a path calls the file that holds the value of a variable: its own path says nothing more than that of the variable.
const PACKAGED_VALUE: &str = "packaged value";

/// Whether a file holds nothing but values of variables.
fn is_of_values(lower_name: &str) -> bool {
    ["environmentvariablevalues", "environment_variable_values"].iter().any(|name| lower_name.contains(name))
}

/// Hides the text of a file that holds nothing but values of variables.
pub(super) fn hide_if_of_values(tree: &mut Tree, index: u32, lower_name: &str) {
    let node = tree.node_mut(index);
    if is_of_values(lower_name)
        && let Value::Text(text) | Value::Lines(text) | Value::Unread(text) = &node.value
    {
        node.value = Value::Secret(Masked::new(&**text));
    }
}

/// Values of variables are never shown, whatever they are.
fn hide_values(tree: &mut Tree, from: u32) {
    for index in from..u32::try_from(tree.len()).unwrap_or(u32::MAX) {
        let node = tree.node_mut(index);
        if node.name.eq_ignore_ascii_case("value")
            && let Value::Text(text) | Value::Lines(text) = &node.value
        {
            node.value = Value::Secret(Masked::new(&**text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::compare::compare;

    fn small_archive() -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file("Header.json", zip::write::SimpleFileOptions::default()).unwrap();
        archive.finish().unwrap().into_inner()
    }

    /// What a file is compared as, beside another one or none.
    fn told(path: &str, left: Option<&[u8]>, right: Option<&[u8]>) -> Vec<String> {
        let tree = |content: Option<&[u8]>| {
            let key = ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, "fab_Limit");
            let mut tree = outermost();
            if let Some(content) = content {
                let refused = (content != small_archive()).then(|| "too much is in it".to_owned());
                let file = File { path: path.to_owned(), content: Content::Bytes(content.to_vec()), refused };
                let telling = Telling { known: &Known::default(), budget: 0 };
                file.add(&mut tree, &key, path, &telling, None, &|_, _| None);
            }
            tree.seal()
        };
        let found = compare(&tree(left), &tree(right));
        found.changes.iter().map(|change| format!("{} {:?}", change.path.words(), change.changed)).collect()
    }

    #[test]
    fn a_packaged_value_that_comes_is_called_so() {
        let path = "environmentvariabledefinitions/fab_Limit/environmentvariablevalues.json";
        let value = br#"{"environmentvariablevalues":{"environmentvariablevalue":{"value":"geheim"}}}"#;
        assert_eq!(told(path, None, Some(value)), [r#"packaged value Added("present (********)")"#]);
        let other = br#"{"environmentvariablevalues":{"environmentvariablevalue":{"value":"other"}}}"#;
        let words = told(path, Some(value), Some(other));
        assert_eq!(words, ["packaged value environmentvariablevalues.environmentvariablevalue.value Hidden"]);
    }

    #[test]
    fn an_archive_that_is_refused_is_told_with_the_reason() {
        let (one, other) = (b"PK\x03\x04one".as_slice(), b"PK\x03\x04other".as_slice());
        let words = told("x/app.msapp", Some(one), Some(other));
        let [changed, noted] = &words[..] else { panic!("{words:?}") };
        assert!(
            changed.starts_with("file x/app.msapp Text(\"zip archive, ")
                || changed.starts_with("x/app.msapp Text("),
            "{changed}"
        );
        assert!(noted.ends_with("not opened Noted(\"too much is in it\")"), "{noted}");
        // Against one that is opened, all that is in that is not gone.
        let opened = small_archive();
        let words = told("x/app.msapp", Some(&opened), Some(other));
        let [changed] = &words[..] else { panic!("{words:?}") };
        assert!(changed.contains("too much is in it"), "{changed}");
        let words = told("x/app.msapp", None, Some(other));
        assert!(
            words[0].contains("zip archive") && words[0].contains("; not opened: too much is in it"),
            "{words:?}"
        );
    }
}
