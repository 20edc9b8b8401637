//! In which order the copied files come: first those of rows, in the order of the rows, then all others in folder order.

use std::collections::HashMap;
use std::ops::Range;

use super::super::archive::parse;
use super::super::names::folded;
use super::super::note::Note;
use super::super::pattern::{strip_suffix, value};
use super::super::rules::{DATA_SUFFIX, Files, RULES, Rule};
use super::super::unpack::named_files;
use super::LayoutError;
use super::folder::{Chosen, Folder};

/// Files with their entries.
pub(super) fn in_order(
    folder: &Folder<'_>,
    chosen: &Chosen,
    notes: &mut Vec<Note>,
) -> Result<Vec<(usize, String)>, LayoutError> {
    let mut order = Order::new(folder);
    for section in folder.customizations.root().children() {
        if let Some(number) = RULES.iter().position(|rule| rule.section == section.name()) {
            order.section(&RULES[number], &chosen[number], notes)?;
        }
    }
    // Sections that customizations.xml does not have yet.
    for (rule, rows) in RULES.iter().zip(chosen) {
        if folder.customizations.root().child(rule.section).is_none() {
            order.section(rule, rows, notes)?;
        }
    }
    Ok(order.finish())
}

struct Order<'f> {
    folder: &'f Folder<'f>,
    /// Where the entries of a folder are, by its folded path with the slash: in folder order they lie together.
    below: HashMap<String, Range<usize>>,
    taken: Vec<bool>,
    files: Vec<(usize, String)>,
}

impl<'f> Order<'f> {
    fn new(folder: &'f Folder<'f>) -> Self {
        let mut below: HashMap<String, Range<usize>> = HashMap::new();
        for (at, (file, _)) in folder.entries.iter().enumerate() {
            let path = folded(folder.path(*file));
            for (slash, _) in path.match_indices('/') {
                below.entry(path[..=slash].to_owned()).or_insert(at..at).end = at + 1;
            }
        }
        Self { folder, below, taken: vec![false; folder.entries.len()], files: Vec::new() }
    }

    fn section(
        &mut self,
        rule: &Rule,
        rows: &[super::folder::RowFile],
        notes: &mut Vec<Note>,
    ) -> Result<(), LayoutError> {
        for row in rows {
            let path = self.folder.path(row.file);
            let beside = strip_suffix(path, DATA_SUFFIX).unwrap_or(path);
            let own_folder = folder_of(path);
            match rule.files {
                Files::None | Files::Folder(_) => {}
                Files::Beside | Files::BesideWithFolder => {
                    let named = self.respelled(rule, row.file, beside)?;
                    let entry_folder = named.as_deref().map(|name| folder_of(name).to_owned());
                    match self.folder.entry_at(beside) {
                        Some(at) => self.take(at, named),
                        // The file of the row is called otherwise than the row says.
                        None => {
                            let said = self.said(rule, row.file)?.unwrap_or_else(|| beside.to_owned());
                            self.expect(&said, None, path, notes);
                        }
                    }
                    if rule.files == Files::BesideWithFolder {
                        self.all_below(own_folder, entry_folder.as_deref());
                    }
                }
                Files::Renamed(field) => {
                    let document = parse(path, self.folder.view.read(row.file)?)?;
                    if let Some(name) = value(document.root(), field) {
                        let name = name.trim_start_matches('/').to_owned();
                        self.expect(beside, Some(name), path, notes);
                    }
                }
                Files::Named(fields) => {
                    let document = parse(path, self.folder.view.read(row.file)?)?;
                    for file in named_files(document.root(), fields) {
                        self.expect(&file, None, path, notes);
                    }
                }
                Files::Prefixed(entry_folder) => self.all_below(&format!("{own_folder}{entry_folder}"), None),
            }
        }
        if let Files::Folder(_) = rule.files
            && let Some((own_folder, _)) = rule.path.split_once('/')
        {
            self.all_below(&format!("{own_folder}/"), None);
        }
        Ok(())
    }

    fn expect(&mut self, file: &str, entry: Option<String>, named_by: &str, notes: &mut Vec<Note>) {
        match self.folder.entry_at(file) {
            Some(at) => self.take(at, entry),
            None => notes.push(Note::MissingFile { path: file.to_owned(), named_by: named_by.to_owned() }),
        }
    }

    /// What the row calls its file, where the folder of the rows is spelled in another way than the rule has it
    /// (`workflows/`): then the archive has the spelling of the row.
    fn respelled(&self, rule: &Rule, row: usize, beside: &str) -> Result<Option<String>, LayoutError> {
        let path = self.folder.path(row);
        let usual = rule.path.split('{').next().unwrap_or_default();
        if path.starts_with(usual) {
            return Ok(None);
        }
        let said = self.said(rule, row)?;
        Ok(said.filter(|name| folded(name) == folded(beside)))
    }

    /// What the row calls its file.
    fn said(&self, rule: &Rule, row: usize) -> Result<Option<String>, LayoutError> {
        let document = parse(self.folder.path(row), self.folder.view.read(row)?)?;
        let fields = rule.path.split_once("{path:").and_then(|(_, rest)| rest.split_once('}'));
        let name = fields.and_then(|(fields, _)| value(document.root(), fields));
        Ok(name.map(|name| name.trim_start_matches('/').to_owned()))
    }

    fn all_below(&mut self, own_folder: &str, entry_folder: Option<&str>) {
        for at in self.below.get(&folded(own_folder)).cloned().unwrap_or_default() {
            let path = self.folder.path(self.folder.entries[at].0);
            let entry = entry_folder.map(|folder| format!("{folder}{}", &path[own_folder.len()..]));
            self.take(at, entry);
        }
    }

    fn take(&mut self, at: usize, entry: Option<String>) {
        if !std::mem::replace(&mut self.taken[at], true) {
            let (file, own) = &self.folder.entries[at];
            self.files.push((*file, entry.unwrap_or_else(|| own.clone())));
        }
    }

    fn finish(mut self) -> Vec<(usize, String)> {
        for at in 0..self.folder.entries.len() {
            self.take(at, None);
        }
        self.files
    }
}

/// The folder of a path, with the slash behind it.
pub(super) fn folder_of(path: &str) -> &str {
    &path[..path.rfind('/').map_or(0, |slash| slash + 1)]
}
