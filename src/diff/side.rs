//! One side of a comparison: a package in its unpacked form, its files grouped by the component they belong to.
//!
//! Nothing of a package is in no item. Read [`Side`] first.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::columns::Known;
use super::customization_rows::row_key;
use super::inner;
use super::item::{CONTENT_TYPES, CUSTOMIZATIONS, Content, File, Item, MANIFEST, Telling};
use super::place::component_of;
use super::shared::{NOTHING_SHARED, Seen};
use super::tree::Tree;
use super::{DiffError, component_words};
use crate::layout::{Archive, Archives, UnpackOptions, unpack};
use crate::model::{
    ComponentKey, ComponentType, Credential, Details, Solution, VariableType, Version, needed_solutions,
};
use crate::package::Package;
use crate::text::size;
use crate::xml::{Document, Limits};

/// One solution that is compared.
pub(super) struct Side {
    pub(super) solution: Solution,
    /// By component, the solution itself among them.
    pub(super) items: BTreeMap<ComponentKey, Item>,
    known: Known,
    /// Bytes that archives inside of one inner archive may inflate to.
    budget: u64,
}

/// The solution itself as an item.
pub(super) fn solution_key() -> ComponentKey {
    ComponentKey::new(ComponentType::named("solution"), "solution")
}

/// What stands in the customizations and in no component, as an item.
pub(super) fn rest_key() -> ComponentKey {
    ComponentKey::new(ComponentType::FILE, CUSTOMIZATIONS)
}

impl Side {
    /// Reads a package: its two main files once, for the model and for the unpacked form.
    pub(super) fn read(package: &Package) -> Result<Self, DiffError> {
        let layout = |error| DiffError::Layout { label: package.label().to_owned(), error };
        let (solution, parts) = Solution::read_without_needs(package)?;
        let documents = parts.into_documents();
        let manifest = documents[0].clone();
        let archive = Archive::of(package, documents);
        let unpacked = unpack(Archives::One(&archive), &UnpackOptions::default()).map_err(layout)?;
        let mut side = Self { known: known(&solution), solution, items: BTreeMap::new(), budget: 0 };
        // The unpacked form has none: it follows from the other files.
        if let Some(entry) = package.entry(CONTENT_TYPES) {
            let bytes = package.read(entry).map_err(crate::model::ModelError::from)?;
            side.add(CONTENT_TYPES, Content::Bytes(bytes));
        }
        let made = unpacked.parts.par_iter().filter(|part| part.path() != MANIFEST);
        let made: Vec<_> = made.map(|part| (part.path().to_owned(), part.bytes())).collect();
        for (path, bytes) in made {
            side.add(&path, Content::Bytes(bytes.map_err(layout)?));
        }
        // To write it anew and read that again would take longer than all else.
        side.add(MANIFEST, Content::Document(manifest));
        side.open_inner();
        Ok(side)
    }

    /// Sees which inner archives can be opened within the limits of the outer one, in the order of their components, so that
    /// it is the same whatever is compared first.
    fn open_inner(&mut self) {
        let files = self.items.values().flat_map(|item| item.files.values());
        let (mut count, mut size) = (0, 0);
        for file in files {
            (count, size) = (count + 1, size + file.bytes().len() as u64);
        }
        let mut budget = inner::Budget::new(count, size);
        let mut opened = 0;
        let files = self.items.values_mut().flat_map(|item| item.files.values_mut());
        for file in files.filter(|file| inner::is_archive(file.bytes())) {
            match budget.take(&file.path, file.bytes()) {
                Ok(()) => opened += 1,
                Err(words) => file.refused = Some(words),
            }
        }
        self.budget = budget.share(opened);
    }

    fn add(&mut self, path: &str, content: Content) {
        let file = File { path: path.to_owned(), content, refused: None };
        if path == CUSTOMIZATIONS {
            self.rows(file.bytes());
        }
        self.put(file);
    }

    fn put(&mut self, file: File) {
        let path = &*file.path;
        let key = match component_of(path) {
            _ if path == MANIFEST || path == CONTENT_TYPES => solution_key(),
            // Its file is called by its name; the GUID stays when that changes.
            key if key.kind == ComponentType::ROLE => role_key(file.bytes()).unwrap_or(key),
            key => key,
        };
        let name = one_spelling(path);
        self.items.entry(key).or_default().files.insert(name, file);
    }

    /// What packing and unpacking gives, by path in lower case.
    pub(super) fn unpacked(&self) -> impl Iterator<Item = (String, &[u8])> {
        let files = self.items.values().flat_map(|item| item.files.values());
        files.map(|file| (file.path.to_lowercase(), file.bytes()))
    }

    /// Takes files of the folder in place of the unpacked ones of these paths, which are in lower case; rows in them are known
    /// already.
    pub(super) fn set_own(&mut self, paths: &BTreeSet<String>, own: Vec<(String, Vec<u8>)>) {
        if paths.is_empty() {
            return;
        }
        for item in self.items.values_mut() {
            item.files.retain(|_, file| !paths.contains(&file.path.to_lowercase()));
        }
        self.items.retain(|_, item| !item.files.is_empty() || !item.rows.is_empty());
        for (path, bytes) in own {
            self.put(File { path, content: Content::Bytes(bytes), refused: None });
        }
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
        self.tree_without(key, item, NOTHING_SHARED)
    }

    /// The same without what the other side has alike.
    pub(super) fn tree_without(&self, key: &ComponentKey, item: &Item, seen: &Seen<'_>) -> Tree {
        item.tree(key, &self.telling(), seen)
    }

    /// Each file of an item as a tree of its own, rows of the customizations in them.
    pub(super) fn files<'i>(
        &'i self,
        key: &'i ComponentKey,
        item: &'i Item,
    ) -> impl Iterator<Item = (String, Tree)> + 'i {
        item.files.iter().map(|(name, file)| (file.path.clone(), file.tree(key, name, &self.telling())))
    }

    fn telling(&self) -> Telling<'_> {
        Telling { known: &self.known, budget: self.budget }
    }

    /// The column `Inputs` of a desktop flow, as written.
    pub(super) fn inputs(&self, key: &ComponentKey) -> Option<String> {
        let files = self.items.get(key)?.files.values();
        let row = files.filter(|file| file.path.ends_with(".data.xml")).find_map(|file| {
            let document = Document::parse(file.bytes().to_vec(), &Limits::default()).ok()?;
            Some(document.root().child_text("Inputs")?.into_owned())
        })?;
        let value: Option<serde_json::Value> = serde_json::from_str(&row).ok();
        Some(value.map_or(row, |value| value.to_string()))
    }

    /// By lower-case name: the solutions that must be in the target, each with the highest version that is asked for.
    pub(super) fn needs(&self) -> BTreeMap<String, (String, Option<Version>)> {
        let mut needs: BTreeMap<String, (String, Option<Version>)> = BTreeMap::new();
        let manifest = self.items.get(&solution_key()).and_then(|item| item.files.get(MANIFEST)?.document());
        for (name, version) in manifest.iter().flat_map(|manifest| needed_solutions(manifest)) {
            let known = needs.entry(name.to_lowercase()).or_insert((name, None));
            if version > known.1 {
                known.1 = version;
            }
        }
        needs
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
        let found = self.solution.components.iter().find(|component| component.key == *key);
        match found.and_then(component_words::said) {
            None if component_words::is_told_by_size(&key.kind) => {
                let files = self.items.get(key)?.files.values();
                let bytes: usize = files.map(|file| file.bytes().len()).sum();
                Some(size(bytes as u64))
            }
            said => said,
        }
    }
}

fn role_key(bytes: &[u8]) -> Option<ComponentKey> {
    let document = Document::parse(bytes.to_vec(), &Limits::default()).ok()?;
    Some(ComponentKey::new(ComponentType::ROLE, &document.root().attribute("id")?))
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
