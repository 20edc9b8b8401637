//! One solution that is edited, step by step, and written at the end.

use std::sync::Arc;

use camino::Utf8Path;

use super::{AuthorError, SolutionFiles};
use crate::model::{Component, ComponentKey, ComponentType, Solution, SolutionIdentity};
use crate::package::OpenOptions;
use crate::text::shell_word;
use crate::write::{ArchiveOptions, Change};

/// So many of one display name are named.
const MOST_NAMED: usize = 5;

/// What was done to a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Added,
    /// Facts of it are new.
    Changed,
    /// It is gone.
    Removed,
    /// It has another name.
    Renamed {
        /// The name it had.
        from: String,
    },
    /// It is there as asked for; nothing was done.
    Unchanged,
}

/// What was done to one component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub action: Action,
    /// The component, as a sentence names it.
    pub component: String,
    /// More that should be known, in sentences.
    pub notes: Vec<String>,
}

impl Step {
    pub(super) fn new(action: Action, component: impl Into<String>) -> Self {
        Self { action, component: component.into(), notes: Vec::new() }
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub(super) fn notes(mut self, notes: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(notes);
        self
    }
}

/// What was done to a solution, or would be.
#[derive(Debug)]
pub struct Edited {
    /// The solution, before.
    pub solution: SolutionIdentity,
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// The files that are not as they were.
    pub changes: Vec<Change>,
    /// Nothing was written.
    pub dry_run: bool,
}

/// A file that is not as it was.
#[derive(Debug)]
pub struct EditedFile {
    /// What places in it call it.
    pub file: String,
    /// Its bytes before; none when it is new.
    pub old: Option<Vec<u8>>,
    /// Its bytes now; none when it is gone.
    pub new: Option<Vec<u8>>,
}

/// A solution that is edited. Each step sees what the steps before it did.
#[derive(Debug)]
pub struct Editor {
    /// Its files.
    pub(super) files: SolutionFiles,
    before: SolutionIdentity,
    /// Nothing is written.
    dry_run: bool,
    /// The solution as the files give it; none after an edit.
    read: Option<Arc<Solution>>,
}

impl Editor {
    /// Opens a solution zip or folder, and lets no other run write it, unless the edit is only tried.
    ///
    /// # Errors
    /// When it is none, a managed one, or another run is at work there.
    pub fn open(path: &Utf8Path, options: &OpenOptions, dry_run: bool) -> Result<Self, AuthorError> {
        let files = SolutionFiles::open(path, options, dry_run)?;
        let solution = Arc::new(files.solution()?);
        Ok(Self { files, before: solution.identity(), dry_run, read: Some(solution) })
    }

    /// The option that names this solution in a command that is proposed; nothing for the working folder.
    pub(super) fn option(&self) -> String {
        match self.files.path().as_str() {
            "." => String::new(),
            path => format!(" --solution {}", shell_word(path)),
        }
    }

    /// The solution with all edits.
    ///
    /// # Errors
    /// When the files give none any more.
    pub fn solution(&mut self) -> Result<Arc<Solution>, AuthorError> {
        match &self.read {
            Some(solution) => Ok(solution.clone()),
            None => {
                let solution = Arc::new(self.files.solution()?);
                self.read = Some(solution.clone());
                Ok(solution)
            }
        }
    }

    /// Gives a file these bytes.
    pub(super) fn put(&mut self, path: &str, bytes: Vec<u8>) {
        self.files.put(path, bytes);
        self.read = None;
    }

    /// Gives a file these bytes, and this spelling of its path.
    pub(super) fn put_as(&mut self, path: &str, bytes: Vec<u8>) {
        self.files.put_as(path, bytes);
        self.read = None;
    }

    /// Takes a file away.
    pub(super) fn remove_file(&mut self, path: &str) {
        self.files.remove(path);
        self.read = None;
    }

    /// The component of that type and key.
    pub(super) fn component(
        &mut self,
        kind: ComponentType,
        key: &str,
    ) -> Result<Option<Component>, AuthorError> {
        let key = ComponentKey::new(kind, key);
        Ok(self.solution()?.components.iter().find(|component| component.key == key).cloned())
    }

    /// The component, or why not: the nearest name is told.
    pub(super) fn existing(
        &mut self,
        kind: ComponentType,
        what: &'static str,
        name: &str,
    ) -> Result<Component, AuthorError> {
        match self.component(kind.clone(), name)? {
            Some(component) => Ok(component),
            None => Err(self.not_there(kind, what, name)?),
        }
    }

    /// That there is none; the nearest name is told.
    fn not_there(
        &mut self,
        kind: ComponentType,
        what: &'static str,
        name: &str,
    ) -> Result<AuthorError, AuthorError> {
        let solution = self.solution()?;
        let names = solution.components.iter().filter(|component| component.key.kind == kind);
        let near = names
            .map(|component| {
                (strsim::jaro_winkler(&component.key.key.to_lowercase(), &name.to_lowercase()), component)
            })
            .filter(|(likeness, _)| *likeness > 0.9)
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        Ok(AuthorError::NotThere {
            what,
            name: name.to_owned(),
            solution: solution.manifest.unique_name.clone(),
            nearest: near.map(|(_, component)| component.key.key.to_string()),
            make: None,
        })
    }

    /// As [`Self::existing`], of what a person may call it: its key, or a display name that it alone has.
    pub(super) fn named(
        &mut self,
        kind: ComponentType,
        what: &'static str,
        name: &str,
    ) -> Result<Component, AuthorError> {
        if let Some(component) = self.component(kind.clone(), name)? {
            return Ok(component);
        }
        let solution = self.solution()?;
        let is_called = |component: &&Component| {
            component.key.kind == kind && component.name.to_lowercase() == name.to_lowercase()
        };
        let found: Vec<&Component> = solution.components.iter().filter(is_called).collect();
        match found[..] {
            [] => Err(self.not_there(kind, what, name)?),
            [component] => Ok(component.clone()),
            [..] => {
                let keys: Vec<&str> =
                    found.iter().take(MOST_NAMED).map(|component| &*component.key.key).collect();
                Err(AuthorError::NotPossible {
                    message: format!("{} {what}s are called {name}", found.len()),
                    hint: format!("name the one that is meant, such as {}", keys.join(" or ")),
                })
            }
        }
    }

    /// Refuses when a component of the solution uses this one.
    pub(super) fn refuse_used(&mut self, component: &Component) -> Result<(), AuthorError> {
        let solution = self.solution()?;
        let is_user = |other: &&Component| {
            other.key != component.key && other.uses.iter().any(|used| used.is_to(&component.key))
        };
        let users: Vec<String> =
            solution.components.iter().filter(is_user).map(Component::described).collect();
        if users.is_empty() {
            return Ok(());
        }
        Err(AuthorError::InUse { component: component.described(), users })
    }

    /// The step of a component that was to change: when all is as it was, it was so already.
    pub(super) fn changed(&self, component: String) -> Result<Step, AuthorError> {
        let action = if self.files.changes()?.is_empty() { Action::Unchanged } else { Action::Changed };
        Ok(Step::new(action, component))
    }

    /// The files that are not as they were, by path.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn edited_files(&self) -> Result<Vec<EditedFile>, AuthorError> {
        self.files.edited()
    }

    /// Writes what was done, unless it is only tried.
    ///
    /// # Errors
    /// When the edits give no solution, or cannot be written; all is as before then.
    pub fn finish(mut self, steps: Vec<Step>, archive: &ArchiveOptions) -> Result<Edited, AuthorError> {
        // What would not read again is not written.
        self.solution()?;
        let changes = if self.dry_run { self.files.changes()? } else { self.files.commit(archive)? };
        Ok(Edited { solution: self.before, steps, changes, dry_run: self.dry_run })
    }
}
