//! What is being done to a folder, so that it can be finished or taken back: [`Journal`].
//!
//! Each step can be done again after it was done, and taken back whether it was done or not: what is in the stage tells. A
//! journal counts only when its last line is there; until then nothing in the target has been touched.

use std::collections::HashSet;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::stage::Stage;
use crate::write::WriteError;
use crate::write::path::{ancestors, is_plain};

/// Raised when older versions must not touch what a newer one wrote.
const VERSION: u32 = 1;
/// A journal that is being finished.
const FORWARD: &str = "journal";
/// A journal that is being taken back. The name is the direction: changing it needs no space on the disk.
const BACKWARD: &str = "journal.undo";

/// One step. Paths are below the target. The number of a step names its files in the stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Step {
    /// Changes the letter case of a folder's name.
    RenameFolder { from: String, to: String },
    /// Makes a folder.
    MakeFolder { path: String },
    /// Puts a file into place; `replaces`: one is there.
    Write { path: String, replaces: bool },
    /// Takes a file away.
    Delete { path: String },
    /// Removes a folder if it is empty.
    RemoveFolder { path: String },
}

/// The steps in order.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    version: u32,
    pub(super) steps: Vec<Step>,
}

/// What becomes of an interrupted run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// What was begun is done.
    Finish,
    /// What was done is taken back.
    Undo,
}

impl Journal {
    pub(super) fn new(steps: Vec<Step>) -> Self {
        Self { version: VERSION, steps }
    }

    /// Writes the journal. Once it is on the disk, the steps may begin.
    pub(super) fn save(&self, stage: &Stage) -> Result<(), WriteError> {
        let path = stage.folder.join(FORWARD);
        let mut text = serde_json::to_string(self)
            .map_err(|error| WriteError::Io { path: path.clone(), source: error.into() })?;
        let crc32 = zlib_rs::crc32::crc32(0, text.as_bytes());
        text.push_str(&format!("\nend {crc32:08x}\n"));
        fs_err::write(&path, text).map_err(|error| WriteError::io(&path, error))
    }

    /// The journal in a stage and the direction that was begun. None where the run ended before it was whole.
    pub(super) fn load(stage: &Utf8Path) -> Result<Option<(Self, Resolution)>, WriteError> {
        for (name, resolution) in [(BACKWARD, Resolution::Undo), (FORWARD, Resolution::Finish)] {
            let path = stage.join(name);
            let bytes = match fs_err::read(&path) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(WriteError::io(&path, error)),
            };
            let Some(text) = whole(&bytes) else {
                // The first step comes after the whole journal: where a file has been kept, the journal was damaged later.
                if stage.join("old").read_dir().is_ok_and(|mut files| files.next().is_some()) {
                    return Err(WriteError::UnknownJournal { path });
                }
                continue;
            };
            let journal: Self = serde_json::from_str(text)
                .ok()
                .filter(Self::is_ours)
                .ok_or(WriteError::UnknownJournal { path })?;
            return Ok(Some((journal, resolution)));
        }
        Ok(None)
    }

    /// Of our version and with plain paths only: whoever can write here must not reach beyond the target.
    fn is_ours(&self) -> bool {
        self.version == VERSION
            && self.steps.iter().all(|step| match step {
                Step::RenameFolder { from, to } => is_plain(from) && is_plain(to),
                Step::MakeFolder { path }
                | Step::Write { path, .. }
                | Step::Delete { path }
                | Step::RemoveFolder { path } => is_plain(path),
            })
    }

    /// Removes the journal: the run is over. On an error the one that leads forward is still there.
    pub(super) fn remove(stage: &Stage) -> Result<(), WriteError> {
        for name in [BACKWARD, FORWARD] {
            let path = stage.folder.join(name);
            match fs_err::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(WriteError::io(&path, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Does all steps that are not done yet.
    pub(super) fn finish(&self, target: &Utf8Path, stage: &Stage) -> Result<(), WriteError> {
        let mut place = Place::new(target, stage);
        self.steps.iter().enumerate().try_for_each(|(number, step)| place.forward(number, step))
    }

    /// Takes back all steps that are done. From then on the journal can only be taken back.
    pub(super) fn undo(&self, target: &Utf8Path, stage: &Stage) -> Result<(), WriteError> {
        let (forward, backward) = (stage.folder.join(FORWARD), stage.folder.join(BACKWARD));
        match fs_err::rename(&forward, &backward) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(WriteError::io(&backward, error));
            }
            _ => {}
        }
        let mut place = Place::new(target, stage);
        self.steps.iter().enumerate().rev().try_for_each(|(number, step)| place.backward(number, step))
    }
}

/// The text before the last line, if that line is there and right.
fn whole(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
    let (text, end) = text.rsplit_once('\n')?;
    let expected = u32::from_str_radix(end.strip_prefix("end ")?, 16).ok()?;
    (zlib_rs::crc32::crc32(0, text.as_bytes()) == expected).then_some(text)
}

/// Target and stage while steps are done.
struct Place<'a> {
    target: &'a Utf8Path,
    stage: &'a Stage,
    /// Folders that were seen to be folders and no links.
    real: HashSet<String>,
}

impl<'a> Place<'a> {
    fn new(target: &'a Utf8Path, stage: &'a Stage) -> Self {
        Self { target, stage, real: HashSet::new() }
    }

    /// The absolute path, once no folder above it is a link.
    fn at(&mut self, path: &str) -> Result<Utf8PathBuf, WriteError> {
        for folder in ancestors(path) {
            if self.real.contains(folder) {
                break;
            }
            let absolute = self.target.join(folder);
            match fs_err::symlink_metadata(&absolute) {
                Ok(metadata) if metadata.is_symlink() => {
                    return Err(WriteError::SymbolicLink { path: absolute });
                }
                Ok(_) => {
                    self.real.insert(folder.to_owned());
                }
                // Not made yet, or a file that has yet to go.
                Err(error) if is_missing(&error) => {}
                Err(error) => return Err(WriteError::io(&absolute, error)),
            }
        }
        Ok(self.target.join(path))
    }

    fn forward(&mut self, number: usize, step: &Step) -> Result<(), WriteError> {
        match step {
            Step::RenameFolder { from, to } => {
                let (from, to) = (self.at(from)?, self.at(to)?);
                rename(&from, &to, Missing::IsDone)
            }
            Step::MakeFolder { path } => make_folder(&self.at(path)?),
            Step::Write { path, replaces } => {
                let (file, new, old) =
                    (self.at(path)?, self.stage.new_file(number), self.stage.old_file(number));
                if !is_there(&new) {
                    return Ok(());
                }
                if file.is_symlink() {
                    return Err(WriteError::SymbolicLink { path: file });
                }
                if *replaces {
                    if !is_there(&old) {
                        keep(&file, &old)?;
                    }
                } else if is_there(&file) {
                    return Err(WriteError::InTheWay { path: file });
                }
                rename(&new, &file, Missing::IsFault)
            }
            Step::Delete { path } => {
                let old = self.stage.old_file(number);
                if is_there(&old) { Ok(()) } else { rename(&self.at(path)?, &old, Missing::IsDone) }
            }
            Step::RemoveFolder { path } => remove_folder(&self.at(path)?),
        }
    }

    fn backward(&mut self, number: usize, step: &Step) -> Result<(), WriteError> {
        match step {
            Step::RenameFolder { from, to } => {
                let (from, to) = (self.at(from)?, self.at(to)?);
                rename(&to, &from, Missing::IsDone)
            }
            Step::MakeFolder { path } => remove_folder(&self.at(path)?),
            // What was not done needs no place: the fault may be that there is none.
            Step::Write { path, replaces: true } | Step::Delete { path } => {
                let old = self.stage.old_file(number);
                if is_there(&old) { rename(&old, &self.at(path)?, Missing::IsFault) } else { Ok(()) }
            }
            // Back into the stage, where it shows that the step is taken back: what is in the place then is another's.
            Step::Write { path, replaces: false } => {
                let new = self.stage.new_file(number);
                if is_there(&new) { Ok(()) } else { rename(&self.at(path)?, &new, Missing::IsDone) }
            }
            Step::RemoveFolder { path } => make_folder(&self.at(path)?),
        }
    }
}

fn is_there(path: &Utf8Path) -> bool {
    fs_err::symlink_metadata(path).is_ok()
}

/// There is no such path: nothing of the name, or a file where a folder would be.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// What it means that the file to be renamed is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    IsDone,
    IsFault,
}

fn rename(from: &Utf8Path, to: &Utf8Path, missing: Missing) -> Result<(), WriteError> {
    match fs_err::rename(from, to) {
        Err(error)
            if error.kind() == io::ErrorKind::NotFound && missing == Missing::IsDone && !is_there(from) =>
        {
            Ok(())
        }
        result => result.map_err(|error| WriteError::io(to, error)),
    }
}

/// Keeps the file in the stage. Where the system has hard links it also stays in its place until the new one takes it, so
/// that no reader ever finds none.
fn keep(file: &Utf8Path, old: &Utf8Path) -> Result<(), WriteError> {
    // On Windows a read-only file could not be replaced where it is, but can be moved away.
    if cfg!(unix) && fs_err::hard_link(file, old).is_ok() {
        return Ok(());
    }
    rename(file, old, Missing::IsDone)
}

fn make_folder(path: &Utf8Path) -> Result<(), WriteError> {
    match fs_err::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let metadata = fs_err::symlink_metadata(path).map_err(|error| WriteError::io(path, error))?;
            if metadata.is_symlink() {
                Err(WriteError::SymbolicLink { path: path.to_owned() })
            } else if metadata.is_dir() {
                Ok(())
            } else {
                Err(WriteError::InTheWay { path: path.to_owned() })
            }
        }
        result => result.map_err(|error| WriteError::io(path, error)),
    }
}

/// A folder that others have put something into stays.
fn remove_folder(path: &Utf8Path) -> Result<(), WriteError> {
    match fs_err::remove_dir(path) {
        Err(error) if is_missing(&error) || error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        result => result.map_err(|error| WriteError::io(path, error)),
    }
}
