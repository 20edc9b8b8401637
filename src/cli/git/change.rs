//! What `solship git setup` does to a repository, one step after another; when one fails, those before it are taken back.
//!
//! Read [`carry_out`] first.

use camino::{Utf8Path, Utf8PathBuf};
use solship::git::{KEY_BYTES, Setting};
use solship::write::{create_file, create_plain_file, replace_file};

use super::repository::Repository;

/// One step.
#[derive(Debug)]
pub(super) enum Change {
    /// A new key, at random.
    MakeKey(Utf8PathBuf),
    /// The key goes, and its folder where nothing else is in it. Nothing comes after it.
    RemoveKey(Utf8PathBuf),
    /// A setting of the local configuration gets this value.
    Set(Setting),
    /// A section of the local configuration goes.
    RemoveSection(&'static str),
    /// A file gets other content; none: it goes.
    File { path: Utf8PathBuf, before: Option<Vec<u8>>, after: Option<Vec<u8>> },
}

/// How a step is taken back.
enum Undo {
    Key { file: Utf8PathBuf, with_folder: bool },
    Setting { name: &'static str, before: Option<String> },
    Section(Vec<(String, String)>),
    File { path: Utf8PathBuf, before: Option<Vec<u8>> },
    Nothing,
}

/// Why not everything was done.
#[derive(Debug)]
pub(super) struct Failure {
    /// Why a step failed, in words.
    pub(super) reason: String,
    /// What was done and could not be taken back, in words.
    pub(super) stays: Vec<String>,
}

/// Does everything, or nothing as far as that can be.
pub(super) fn carry_out(repository: &Repository, changes: &[Change]) -> Result<(), Failure> {
    let mut done = Vec::new();
    for change in changes {
        match change.carry_out(repository) {
            Ok(undo) => done.push((change, undo)),
            Err(reason) => {
                let undone = done.into_iter().rev().filter_map(|(change, undo)| {
                    undo.carry_out(repository).err().map(|why| format!("{} ({why})", change.words()))
                });
                return Err(Failure { reason, stays: undone.collect() });
            }
        }
    }
    Ok(())
}

impl Change {
    fn carry_out(&self, repository: &Repository) -> Result<Undo, String> {
        match self {
            Self::MakeKey(file) => make_key(file),
            Self::RemoveKey(file) => {
                fs_err::remove_file(file).map_err(words)?;
                if let Some(folder) = file.parent() {
                    // Somebody else's files may be in it.
                    let _ = fs_err::remove_dir(folder);
                }
                Ok(Undo::Nothing)
            }
            Self::Set(setting) => {
                let before = repository.setting(setting.name)?;
                repository.set(setting.name, &setting.value)?;
                Ok(Undo::Setting { name: setting.name, before })
            }
            Self::RemoveSection(section) => {
                let before = repository.section(section)?;
                repository.remove_section(section)?;
                Ok(Undo::Section(before))
            }
            Self::File { path, before, after } => {
                write(path, before.is_some(), after.as_deref())?;
                Ok(Undo::File { path: path.clone(), before: before.clone() })
            }
        }
    }

    /// What was done, where it stays.
    fn words(&self) -> String {
        match self {
            Self::MakeKey(file) => format!("{file} was made"),
            Self::RemoveKey(file) => format!("{file} was removed"),
            Self::Set(setting) => format!("git config {} was set", setting.name),
            Self::RemoveSection(section) => format!("git config {section} was removed"),
            Self::File { path, .. } => format!("{path} was changed"),
        }
    }
}

impl Undo {
    fn carry_out(self, repository: &Repository) -> Result<(), String> {
        match self {
            Self::Key { file, with_folder } => {
                fs_err::remove_file(&file).map_err(words)?;
                match file.parent().filter(|_| with_folder) {
                    Some(folder) => fs_err::remove_dir(folder).map_err(words),
                    None => Ok(()),
                }
            }
            Self::Setting { name, before: Some(before) } => repository.set(name, &before),
            Self::Setting { name, before: None } => repository.unset(name),
            Self::Section(before) => before.iter().try_for_each(|(name, value)| repository.add(name, value)),
            Self::File { path, before } => {
                let is_there = path.is_file();
                write(&path, is_there, before.as_deref())
            }
            Self::Nothing => Ok(()),
        }
    }
}

fn make_key(file: &Utf8Path) -> Result<Undo, String> {
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(words)?;
    let folder = file.parent().filter(|folder| !folder.is_dir());
    if let Some(folder) = folder {
        fs_err::create_dir(folder).map_err(words)?;
    }
    if let Err(error) = create_file(file, &bytes) {
        // Only a folder that was made here and is empty goes.
        let _ = folder.map(fs_err::remove_dir);
        return Err(words(error));
    }
    Ok(Undo::Key { file: file.to_owned(), with_folder: folder.is_some() })
}

/// Gives a file its content, or takes it away.
fn write(path: &Utf8Path, is_there: bool, content: Option<&[u8]>) -> Result<(), String> {
    match content {
        Some(content) if is_there => replace_file(path, content).map_err(words),
        Some(content) => create_plain_file(path, content).map(drop).map_err(words),
        None if is_there => fs_err::remove_file(path).map_err(words),
        None => Ok(()),
    }
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn repository(folder: &tempfile::TempDir) -> Option<Repository> {
        let made = Command::new("git").args(["init", "-q"]).current_dir(folder.path()).status();
        made.is_ok_and(|made| made.success()).then(|| Repository::of(folder.path()).unwrap())
    }

    fn impossible(repository: &Repository) -> Change {
        let path = repository.root.join("no-folder/file");
        Change::File { path, before: None, after: Some(b"x".to_vec()) }
    }

    fn setting(name: &'static str, value: &str) -> Setting {
        Setting { name, value: value.to_owned() }
    }

    #[test]
    fn what_was_done_before_a_failure_is_taken_back() {
        let guard = tempfile::tempdir().unwrap();
        let Some(repository) = repository(&guard) else { return };
        repository.set("merge.solship.name", "mine").unwrap();
        let config = repository.git_folder.join("config");
        let attributes = repository.root.join(".gitattributes");
        fs_err::write(&attributes, "*.cs text\n").unwrap();
        let before = fs_err::read_to_string(&config).unwrap();
        let changes = [
            Change::MakeKey(repository.git_folder.join("solship/key")),
            Change::Set(setting("diff.solship.textconv", "a b")),
            Change::Set(setting("merge.solship.name", "other")),
            Change::File {
                path: attributes.clone(),
                before: Some(b"*.cs text\n".to_vec()),
                after: Some(b"other\n".to_vec()),
            },
            impossible(&repository),
        ];
        let failure = carry_out(&repository, &changes).unwrap_err();
        assert!(failure.reason.contains("no-folder") && failure.stays.is_empty(), "{failure:?}");
        assert_eq!(fs_err::read_to_string(&config).unwrap(), before);
        assert_eq!(fs_err::read_to_string(&attributes).unwrap(), "*.cs text\n");
        assert!(!repository.git_folder.join("solship").exists());
    }

    #[test]
    fn a_section_that_was_taken_out_comes_back_whole() {
        let guard = tempfile::tempdir().unwrap();
        let Some(repository) = repository(&guard) else { return };
        for (name, value) in [("merge.solship.name", "two\nlines"), ("merge.solship.recursive", "binary")] {
            repository.set(name, value).unwrap();
        }
        let before = repository.section("merge.solship").unwrap();
        assert_eq!(before.len(), 2);
        let changes = [Change::RemoveSection("merge.solship"), impossible(&repository)];
        assert!(carry_out(&repository, &changes).unwrap_err().stays.is_empty());
        assert_eq!(repository.section("merge.solship").unwrap(), before);
    }

    /// What cannot be taken back is told, and so is git's own reason.
    #[test]
    fn what_stays_is_told() {
        let guard = tempfile::tempdir().unwrap();
        let Some(repository) = repository(&guard) else { return };
        let lock = repository.git_folder.join("config.lock");
        // The lock comes with the step before the one that fails.
        let locked = Change::File { path: lock, before: None, after: Some(b"".to_vec()) };
        let changes = [
            Change::Set(setting("diff.solship.textconv", "a b")),
            locked,
            Change::Set(setting("merge.solship.name", "c")),
        ];
        let failure = carry_out(&repository, &changes).unwrap_err();
        assert!(failure.reason.contains("could not lock config file"), "{failure:?}");
        assert_eq!(failure.stays, Vec::<String>::new(), "the lock is taken back first");

        fs_err::write(repository.git_folder.join("config.lock"), "").unwrap();
        let undo = Undo::Setting { name: "diff.solship.textconv", before: Some("a".to_owned()) };
        assert!(undo.carry_out(&repository).unwrap_err().contains("could not lock config file"));
    }
}
