//! A folder whose files are sorted by rule.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use super::super::archive::{managed_digit, parse};
use super::super::folder::FolderView;
use super::super::names::{compare_in_folders, compare_names, folded};
use super::super::note::Note;
use super::super::place::{PATTERNS, Place, place_of};
use super::super::rules::{CUSTOMIZATIONS, RULES, SOLUTION, Shape};
use super::{LayoutError, PackOptions};
use crate::xml::Document;

/// A folder in the packager's layout, with its two main files read. What is packed borrows from it.
pub struct Folder<'v> {
    pub(super) view: &'v dyn FolderView,
    pub(in crate::layout) manifest: Arc<Document>,
    pub(in crate::layout) manifest_path: String,
    pub(super) customizations: Document,
    pub(in crate::layout) customizations_path: String,
    /// Files of rows by the number of their rule, in folder order.
    rows: Vec<Vec<RowFile>>,
    /// Files of rows of indexed sections, read; by the number of the rule.
    pub(super) indexed: HashMap<usize, Indexed>,
    /// Copied files with their entry, in folder order.
    pub(super) entries: Vec<(usize, String)>,
    /// The entries by folded path of the file, once they are asked for.
    by_path: OnceLock<HashMap<String, usize>>,
    pub(super) notes: Vec<Note>,
    /// What is seen only while the rows are written.
    of_writing: Mutex<BTreeSet<Note>>,
}

/// The rows of an indexed section.
#[derive(Default)]
pub(super) struct Indexed {
    /// The list, with its path.
    pub(super) index: Option<(String, Document)>,
    /// Each file with its path, in folder order.
    pub(super) files: Vec<(String, Document)>,
}

impl Indexed {
    /// A file by its number; the list comes behind the files.
    pub(super) fn file(&self, number: usize) -> Option<&(String, Document)> {
        self.files.get(number).or(self.index.as_ref())
    }
}

/// The file of a row, or of a whole section.
#[derive(Debug, Clone)]
pub(super) struct RowFile {
    pub(super) file: usize,
    managed: bool,
    /// By the number of the inner rule.
    pub(super) inner: Vec<Vec<InnerFile>>,
}

/// A file that was cut out of a row.
#[derive(Debug, Clone)]
pub(super) struct InnerFile {
    pub(super) file: usize,
    /// The folder between that of the section and the file.
    pub(super) group: String,
    managed: bool,
}

/// The files of rows that go into one package, by the number of their rule.
pub(super) type Chosen = Vec<Vec<RowFile>>;

impl<'v> Folder<'v> {
    /// Sorts the files and reads the two that every solution has, and the relationships.
    ///
    /// # Errors
    /// When one of them is absent or ill-formed.
    pub fn read(view: &'v dyn FolderView) -> Result<Self, LayoutError> {
        let files = view.files();
        let mut order: Vec<usize> = (0..files.len()).collect();
        order.par_sort_by(|&left, &right| compare_in_folders(&files[left].path, &files[right].path));
        let looked: Vec<_> = order.par_iter().map(|&file| Looked::at(view, file)).collect();
        let mut sorted = Sorted::default();
        for looked in looked {
            sorted.take(looked?);
        }
        let required = |found: Option<_>, path| found.ok_or(LayoutError::Missing { path });
        let (manifest_path, manifest) = required(sorted.manifest, SOLUTION.1)?;
        let (customizations_path, customizations) = required(sorted.customizations, CUSTOMIZATIONS.1)?;
        let mut rows = sorted.rows;
        rows.resize_with(RULES.len(), Vec::new);
        let mut folder = Self {
            view,
            manifest: Arc::new(manifest),
            manifest_path,
            customizations,
            customizations_path,
            rows,
            indexed: sorted.indexed,
            entries: sorted.entries,
            notes: sorted.notes,
            by_path: OnceLock::new(),
            of_writing: Mutex::default(),
        };
        folder.place_inner(sorted.inner)?;
        Ok(folder)
    }

    /// The digit of the manifest: 0 unmanaged, 1 managed, 2 both.
    pub fn managed_digit(&self) -> Option<u8> {
        managed_digit(&self.manifest)?.text().trim().parse().ok()
    }

    /// What is seen of the files only while the parts are written.
    pub fn notes_of_writing(&self) -> Vec<Note> {
        self.of_writing.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(super) fn note_writing(&self, note: Note) {
        self.of_writing.lock().unwrap_or_else(PoisonError::into_inner).insert(note);
    }

    /// The number of the copied file of that path, in any case.
    pub(super) fn entry_at(&self, path: &str) -> Option<usize> {
        let by_path = self.by_path.get_or_init(|| {
            let paths = self.entries.iter().enumerate();
            paths.map(|(at, (file, _))| (folded(self.path(*file)), at)).collect()
        });
        by_path.get(&folded(path)).copied()
    }

    pub(super) fn path(&self, file: usize) -> &'v str {
        &self.view.files()[file].path
    }

    fn place_inner(&mut self, inner: Vec<(usize, usize, InnerFile, String)>) -> Result<(), LayoutError> {
        let mut by_folder: HashMap<(usize, String), usize> = HashMap::new();
        for (number, rows) in
            self.rows.iter_mut().enumerate().filter(|(number, _)| !RULES[*number].inner.is_empty())
        {
            for (at, row) in rows.iter_mut().enumerate() {
                row.inner.resize_with(RULES[number].inner.len(), Vec::new);
                let path = &self.view.files()[row.file].path;
                let folder = &path[..path.rfind('/').map_or(0, |slash| slash + 1)];
                by_folder.insert((number, folded(folder)), at);
            }
        }
        for (outer, number, file, folder) in inner {
            let Some(&row) = by_folder.get(&(outer, folded(&folder))) else {
                let name = RULES[outer].path.rsplit('/').next().unwrap_or_default();
                return Err(LayoutError::Orphan {
                    path: self.path(file.file).to_owned(),
                    missing: format!("{folder}{name}"),
                });
            };
            self.rows[outer][row].inner[number].push(file);
        }
        let view = self.view;
        for row in self.rows.iter_mut().flatten() {
            for (number, files) in row.inner.iter_mut().enumerate() {
                // Forms come as one list by file name, whatever folder they lie in.
                if RULES.iter().any(|rule| {
                    rule.inner
                        .get(number)
                        .is_some_and(|inner| matches!(inner.shape, Shape::Grouped { without: Some(_), .. }))
                }) {
                    let name = |file: &InnerFile| {
                        view.files()[file.file].path.rsplit('/').next().unwrap_or_default()
                    };
                    files.sort_by(|left, right| compare_names(name(left), name(right)));
                }
            }
        }
        Ok(())
    }

    /// The files for one package type: where there are twins, the one for it.
    pub(super) fn choose(&self, options: &PackOptions, notes: &mut Vec<Note>) -> Result<Chosen, LayoutError> {
        let mut chosen: Chosen = Vec::with_capacity(self.rows.len());
        for (number, rows) in self.rows.iter().enumerate() {
            let twins = PATTERNS[number].own.has_twin();
            let mut rows = if twins {
                self.choose_twins(rows, |row| (row.file, row.managed), options, notes)?
            } else {
                rows.clone()
            };
            for row in &mut rows {
                for (inner, pattern) in PATTERNS[number].inner.iter().enumerate() {
                    if pattern.has_twin() {
                        row.inner[inner] = self.choose_twins(
                            &row.inner[inner],
                            |file| (file.file, file.managed),
                            options,
                            notes,
                        )?;
                    }
                }
            }
            chosen.push(rows);
        }
        Ok(chosen)
    }

    fn choose_twins<F: Clone>(
        &self,
        files: &[F],
        parts: impl Fn(&F) -> (usize, bool),
        options: &PackOptions,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<F>, LayoutError> {
        let key = |file: &F| {
            let (file, managed) = parts(file);
            let path = folded(self.path(file));
            // The twin differs in what stands before the extension.
            if managed { path.replacen("_managed.xml", ".xml", 1) } else { path }
        };
        let mut twins: HashMap<String, [bool; 2]> = HashMap::new();
        for file in files {
            twins.entry(key(file)).or_default()[usize::from(parts(file).1)] = true;
        }
        let wanted = options.kind.is_managed();
        let mut chosen = Vec::new();
        for file in files {
            let (index, managed) = parts(file);
            if managed == wanted {
                chosen.push(file.clone());
                continue;
            }
            if twins[&key(file)][usize::from(wanted)] {
                continue;
            }
            if wanted && options.use_unmanaged_for_missing_managed {
                chosen.push(file.clone());
                continue;
            }
            let (path, kind) = (self.path(index).to_owned(), super::Kind::name_of(wanted));
            if self.managed_digit() != Some(2) {
                return Err(LayoutError::MissingTwin { path, kind });
            }
            // The two packages of a solution need not hold the same parts, so that this may be right.
            notes.push(Note::OtherHalf { path, kind });
        }
        Ok(chosen)
    }
}

/// Files on their way into a [`Folder`].
#[derive(Default)]
struct Sorted {
    manifest: Option<(String, Document)>,
    customizations: Option<(String, Document)>,
    rows: Vec<Vec<RowFile>>,
    /// Outer rule, inner rule, file, folder of the outer row.
    inner: Vec<(usize, usize, InnerFile, String)>,
    indexed: HashMap<usize, Indexed>,
    entries: Vec<(usize, String)>,
    notes: Vec<Note>,
}

/// A file whose place is known, read where it is needed whole.
struct Looked<'v> {
    file: usize,
    path: &'v str,
    place: Place<'v>,
    document: Option<Document>,
}

impl<'v> Looked<'v> {
    fn at(view: &'v dyn FolderView, file: usize) -> Result<Self, LayoutError> {
        let path = &view.files()[file].path;
        let place = place_of(path);
        let is_read = match &place {
            Place::Manifest | Place::Customizations | Place::Index { .. } => true,
            Place::Row { rule, .. } => matches!(rule.shape, Shape::Indexed { .. }),
            Place::ContentTypes | Place::Inner { .. } | Place::Entry(_) => false,
        };
        let document = if is_read { Some(parse(path, view.read(file)?)?) } else { None };
        Ok(Self { file, path, place, document })
    }
}

impl Sorted {
    fn take(&mut self, Looked { file, path, place, document }: Looked<'_>) {
        let document = document.map(|document| (path.to_owned(), document));
        match place {
            Place::Manifest => self.manifest = document,
            Place::Customizations => self.customizations = document,
            Place::ContentTypes => self.notes.push(Note::MadeAgain { path: path.to_owned() }),
            Place::Index { rule } => self.indexed.entry(rule).or_default().index = document,
            Place::Row { rule, number, .. } if matches!(rule.shape, Shape::Indexed { .. }) => {
                self.indexed.entry(number).or_default().files.extend(document);
            }
            Place::Row { number, managed, .. } => {
                self.rows.resize_with(self.rows.len().max(number + 1), Vec::new);
                self.rows[number].push(RowFile { file, managed, inner: Vec::new() });
            }
            Place::Inner { outer, inner, folder, group, managed } => {
                let group = group.to_owned();
                self.inner.push((outer, inner, InnerFile { file, group, managed }, folder.to_owned()));
            }
            Place::Entry(entry) => self.entries.push((file, entry)),
        }
    }
}
