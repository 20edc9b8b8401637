//! One side of a comparison: a package in its unpacked form, its files grouped by the component they belong to.
//!
//! Nothing of a package is in no item. Read [`Side`] first.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::Known;
use super::inner;
use super::place::component_of;
use super::tree::{Bytes, Node, Step, Tree, Value};
use super::unordered::{self, MEMBERS};
use super::xml_tree::{self, Columns};
use super::{DiffError, component_words, flow, json_tree, unreadable};
use crate::json;
use crate::layout::{Archive, Archives, UnpackOptions, unpack};
use crate::model::{ComponentKey, ComponentType, Credential, Details, Masked, Solution, VariableType};
use crate::package::Package;
use crate::xml::{Document, Element, Limits};

/// One solution that is compared.
pub(super) struct Side {
    pub(super) solution: Solution,
    /// By component, the solution itself among them.
    pub(super) items: BTreeMap<ComponentKey, Item>,
    known: Known,
    /// Bytes that archives inside of one inner archive may inflate to.
    budget: u64,
}

/// The files of one component.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// By path in one spelling.
    files: BTreeMap<String, File>,
    /// Rows of `customizations.xml`, which have no file of their own.
    rows: Vec<Vec<u8>>,
}

/// One file.
#[derive(Debug)]
struct File {
    path: String,
    bytes: Vec<u8>,
    /// Why it is an archive that is not opened.
    refused: Option<String>,
}

/// The manifest in the unpacked form.
const MANIFEST: &str = "Other/Solution.xml";
/// What is left of the customizations in the unpacked form.
const CUSTOMIZATIONS: &str = "Other/Customizations.xml";
/// Follows from the endings of the other files.
const CONTENT_TYPES: &str = "[Content_Types].xml";

/// In front of a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Sections whose rows are components without a file, and how their rows are called.
const SECTIONS: &[(&str, &str, ComponentType, &[&str])] = &[
    (
        "connectionreferences",
        "connectionreference",
        ComponentType::CONNECTION_REFERENCE,
        &["@connectionreferencelogicalname", "connectionreferencelogicalname"],
    ),
    ("credentials", "credential", ComponentType::CREDENTIAL, &["@credentialid", "credentialid"]),
    ("EnvironmentVariables", "Definition", ComponentType::ENVIRONMENT_VARIABLE, &["SchemaName"]),
    (
        "environmentvariabledefinitions",
        "environmentvariabledefinition",
        ComponentType::ENVIRONMENT_VARIABLE,
        &["@schemaname"],
    ),
    (
        "desktopflowbinaries",
        "desktopflowbinary",
        ComponentType::DESKTOP_FLOW_BINARY,
        &["@desktopflowbinaryid", "desktopflowbinaryid"],
    ),
];

/// The solution itself as an item.
pub(super) fn solution_key() -> ComponentKey {
    ComponentKey::new(ComponentType::named("solution"), "solution")
}

/// What stands in the customizations and in no component, as an item.
pub(super) fn rest_key() -> ComponentKey {
    ComponentKey::new(ComponentType::FILE, CUSTOMIZATIONS)
}

impl Item {
    /// Files that both have and that cannot be read on one side: they are compared as texts.
    pub(super) fn unreadable(one: &Self, other: &Self) -> BTreeSet<String> {
        let is_unreadable = |name: &&String| {
            let files = [one.files.get(*name), other.files.get(*name)];
            let [Some(left), Some(right)] = files else { return false };
            left.bytes != right.bytes
                && [left, right].iter().any(|file| unreadable::fault(&file.path, &file.bytes).is_some())
        };
        one.files.keys().filter(is_unreadable).cloned().collect()
    }

    /// Whether both have the same bytes.
    pub(super) fn is_same(one: &Self, other: &Self) -> bool {
        one.rows == other.rows
            && one.files.len() == other.files.len()
            && one
                .files
                .iter()
                .zip(&other.files)
                .all(|((one, left), (other, right))| one == other && left.bytes == right.bytes)
    }
}

impl Side {
    /// Reads a package.
    pub(super) fn read(package: &Package) -> Result<Self, DiffError> {
        let solution = Solution::read(package)?;
        let layout = |error| DiffError::Layout { label: package.label().to_owned(), error };
        let archive = Archive::read(package).map_err(layout)?;
        let unpacked = unpack(Archives::One(&archive), &UnpackOptions::default()).map_err(layout)?;
        let mut side = Self { known: known(&solution), solution, items: BTreeMap::new(), budget: 0 };
        // The unpacked form has none: it follows from the other files.
        if let Some(entry) = package.entry(CONTENT_TYPES) {
            side.add(CONTENT_TYPES, package.read(entry).map_err(crate::model::ModelError::from)?);
        }
        for part in &unpacked.parts {
            let bytes = part.bytes().map_err(layout)?;
            side.add(part.path(), bytes);
        }
        side.open_inner();
        Ok(side)
    }

    /// Sees which inner archives can be opened within the limits of the outer one, in the order of their components, so that
    /// it is the same whatever is compared first.
    fn open_inner(&mut self) {
        let files = self.items.values().flat_map(|item| item.files.values());
        let (mut count, mut size) = (0, 0);
        for file in files {
            (count, size) = (count + 1, size + file.bytes.len() as u64);
        }
        let mut budget = inner::Budget::new(count, size);
        let mut opened = 0;
        let files = self.items.values_mut().flat_map(|item| item.files.values_mut());
        for file in files.filter(|file| inner::is_archive(&file.bytes)) {
            match budget.take(&file.path, &file.bytes) {
                Ok(()) => opened += 1,
                Err(words) => file.refused = Some(words),
            }
        }
        self.budget = budget.share(opened);
    }

    fn add(&mut self, path: &str, bytes: Vec<u8>) {
        if path == CUSTOMIZATIONS {
            self.rows(&bytes);
        }
        let key = match component_of(path) {
            _ if path == MANIFEST || path == CONTENT_TYPES => solution_key(),
            // Its file is called by its name; the GUID stays when that changes.
            key if key.kind == ComponentType::ROLE => role_key(&bytes).unwrap_or(key),
            key => key,
        };
        let file = File { path: path.to_owned(), bytes, refused: None };
        self.items.entry(key).or_default().files.insert(one_spelling(path), file);
    }

    /// Gives the rows of the customizations to their components.
    fn rows(&mut self, bytes: &[u8]) {
        let Ok(document) = Document::parse(bytes.to_vec(), &Limits::default()) else { return };
        for section in document.root().children() {
            for row in section.children() {
                if let Some(key) = row_key(section, row) {
                    self.items.entry(key).or_default().rows.push(document.bytes()[row.range()].to_vec());
                }
            }
        }
    }

    /// What an item is compared as.
    pub(super) fn tree(&self, key: &ComponentKey, item: &Item) -> Tree {
        self.tree_with(key, item, &BTreeSet::new())
    }

    /// What an item is compared as, these files of it as texts.
    pub(super) fn tree_with(&self, key: &ComponentKey, item: &Item, plain: &BTreeSet<String>) -> Tree {
        let mut tree = Tree::new(Node::new("", Value::None).free(MEMBERS).step(Step::Through));
        for row in &item.rows {
            // It was cut out of a document that was read.
            if let Ok(document) = Document::parse(row.clone(), &Limits::default()) {
                xml(&mut tree, 0, &document, &self.known, &|_, _| false);
            }
        }
        for (name, file) in &item.files {
            if plain.contains(name) {
                unreadable::add(&mut tree, name, &file.path, &file.bytes);
            } else {
                self.file(&mut tree, key, name, file);
            }
        }
        tree.seal()
    }

    /// Each file of an item as a tree of its own, rows of the customizations in them.
    pub(super) fn files<'i>(
        &'i self,
        key: &'i ComponentKey,
        item: &'i Item,
    ) -> impl Iterator<Item = (String, Tree)> + 'i {
        item.files.iter().map(move |(name, file)| {
            let mut tree = Tree::new(Node::new("", Value::None).free(MEMBERS).step(Step::Through));
            self.whole_file(&mut tree, key, name, file, &|_, _| false);
            (file.path.clone(), tree.seal())
        })
    }

    /// One file in the form in which it can be compared best.
    fn file(&self, tree: &mut Tree, key: &ComponentKey, name: &str, file: &File) {
        if file.path == CUSTOMIZATIONS {
            self.whole_file(tree, key, name, file, &|section, row| row_key(section, row).is_some());
        } else {
            self.whole_file(tree, key, name, file, &|_, _| false);
        }
    }

    fn whole_file(
        &self,
        tree: &mut Tree,
        key: &ComponentKey,
        name: &str,
        file: &File,
        leave_out: &dyn Fn(Element<'_>, Element<'_>) -> bool,
    ) {
        let lower = name.to_ascii_lowercase();
        let is_main = lower.ends_with(".xml") || key.kind == ComponentType::WORKFLOW;
        if name == CONTENT_TYPES {
            let text = String::from_utf8_lossy(&file.bytes);
            tree.add(0, Node::new(name, Value::text(&text)).noise(unordered::CONTENT_TYPES));
            return;
        }
        let mut node = Node::new(name, Value::None).step(if is_main { Step::Through } else { Step::Part });
        if is_main {
            // What is in it is told as if it stood outside; where only one side has it, it is a part.
            node.label = Some(format!("file {}", file.path).into());
        }
        let index = tree.add(0, node.free(MEMBERS));
        if file.bytes.starts_with(BYTE_ORDER_MARK) {
            let node = Node::new("#byte order mark", Value::Text("UTF-8".into()));
            tree.add(index, node.noise(unordered::BYTE_ORDER_MARK));
        }
        if lower.ends_with(".xml") || lower.ends_with(".xaml") {
            if let Ok(document) = Document::parse(file.bytes.clone(), &Limits::default()) {
                xml(tree, index, &document, &self.known, leave_out);
                return;
            }
        } else if lower.ends_with(".json")
            && let Ok(document) = json::Document::parse(file.bytes.clone())
            && document.duplicate_keys().is_empty()
        {
            let is_value = lower.ends_with("environmentvariablevalues.json")
                || lower.ends_with("environment_variable_values.json");
            if key.kind == ComponentType::WORKFLOW && flow::add(tree, index, &document) {
                return;
            }
            json_tree::fill(tree, index, document.value(), &[]);
            if is_value {
                hide_values(tree, index);
            }
            return;
        } else if inner::is_archive(&file.bytes) {
            let refused = match &file.refused {
                Some(note) => Some(note.clone()),
                None => inner::add(tree, index, &file.path, &file.bytes, self.budget).err(),
            };
            if let Some(note) = refused {
                tree.add(index, Node::new("not opened", Value::text(&note)));
                bytes(tree, index, &file.bytes);
            }
            return;
        }
        text_or_bytes(tree, index, &file.bytes);
        // An ill-formed file of values is one all the same.
        if lower.contains("environmentvariablevalues") || lower.contains("environment_variable_values") {
            let node = tree.node_mut(index);
            if let Value::Text(text) | Value::Lines(text) = &node.value {
                node.value = Value::Secret(Masked::new(&**text));
            }
        }
    }

    /// The column `Inputs` of a desktop flow, as written.
    pub(super) fn inputs(&self, key: &ComponentKey) -> Option<String> {
        let files = self.items.get(key)?.files.values();
        let row = files.filter(|file| file.path.ends_with(".data.xml")).find_map(|file| {
            let document = Document::parse(file.bytes.clone(), &Limits::default()).ok()?;
            Some(document.root().child_text("Inputs")?.into_owned())
        })?;
        let value: Option<serde_json::Value> = serde_json::from_str(&row).ok();
        Some(value.map_or(row, |value| value.to_string()))
    }

    /// How a component is called: by its display name where the model knows it.
    pub(super) fn title(&self, key: &ComponentKey) -> Option<String> {
        let found = self.solution.components.iter().find(|component| component.key == *key);
        found.map(crate::model::Component::described)
    }
}

impl Side {
    /// What a component is told as where only this side has it.
    pub(super) fn says(&self, key: &ComponentKey) -> Option<String> {
        let found = self.solution.components.iter().find(|component| component.key == *key)?;
        component_words::said(found)
    }
}

/// Adds a document, but for the rows that are left out.
fn xml(
    tree: &mut Tree,
    index: u32,
    document: &Document,
    columns: &dyn Columns,
    leave_out: &dyn Fn(Element<'_>, Element<'_>) -> bool,
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

/// A text by lines, anything else by size and checksum.
pub(super) fn text_or_bytes(tree: &mut Tree, index: u32, content: &[u8]) {
    match std::str::from_utf8(content) {
        Ok(text) if !text.contains('\0') => {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            tree.node_mut(index).value =
                if text.is_empty() { Value::None } else { Value::Lines(text.into()) };
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

fn role_key(bytes: &[u8]) -> Option<ComponentKey> {
    let document = Document::parse(bytes.to_vec(), &Limits::default()).ok()?;
    Some(ComponentKey::new(ComponentType::ROLE, &document.root().attribute("id")?))
}

/// The component of a row of the customizations that is in no file of its own.
fn row_key(section: Element<'_>, row: Element<'_>) -> Option<ComponentKey> {
    let (_, _, kind, names) =
        SECTIONS.iter().find(|(set, table, ..)| *set == section.name() && *table == row.name())?;
    names.iter().find_map(|name| {
        let text = match name.strip_prefix('@') {
            Some(attribute) => row.attribute(attribute)?,
            None => row.child_text(name)?,
        };
        let text = text.trim();
        (!text.is_empty()).then(|| ComponentKey::new(kind.clone(), text))
    })
}

/// The name under which both sides know a file: a GUID stays when what stands before it is renamed, and a managed package
/// says so in some names.
fn one_spelling(path: &str) -> String {
    let (folder, file) = path.rsplit_once('/').map_or(("", path), |(folder, file)| (folder, file));
    let file = file.replace("_managed.xml", ".xml");
    let guid = file.char_indices().find_map(|(at, _)| {
        let guid = file.get(at..at + 36).filter(|guid| crate::model::is_guid(guid))?;
        Some((at, guid.to_ascii_lowercase()))
    });
    match guid {
        Some((at, guid)) if folder.eq_ignore_ascii_case("Workflows") => format!("{guid}{}", &file[at + 36..]),
        _ if folder.is_empty() => file,
        _ => format!("{folder}/{file}"),
    }
}

/// Variables from which credentials of this side sign in.
fn known(solution: &Solution) -> Known {
    let credentials = solution.components.iter().filter_map(|component| match &component.details {
        Details::Credential(credential) => Some(credential),
        _ => None,
    });
    let mut signing_in: BTreeSet<String> = credentials
        .flat_map(|credential: &Credential| &credential.variables)
        .map(|(_, variable)| variable.folded().to_owned())
        .collect();
    let secrets = solution.components.iter().filter(|component| {
        matches!(&component.details, Details::EnvironmentVariable(variable) if variable.kind == VariableType::Secret)
    });
    signing_in.extend(secrets.map(|component| component.key.folded().to_owned()));
    Known { signing_in }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_name_when_its_component_is_renamed() {
        let id = "0C0FFEE0-0000-4000-8000-000000000001";
        let of = |name: &str| one_spelling(&format!("Workflows/{name}-{id}.json.data.xml"));
        assert_eq!(of("Old"), of("New"));
        assert_eq!(one_spelling("AppModules/x/AppModule_managed.xml"), "AppModules/x/AppModule.xml");
        assert_eq!(one_spelling("a.txt"), "a.txt");
    }
}
