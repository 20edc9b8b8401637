//! The repository that the working folder is in, as git tells of it.

use std::path::Path;
use std::process::{Command, Stdio};

use camino::Utf8PathBuf;

/// Variables that would make git speak of another repository, or of other settings, than the folder's.
const NOT_INHERITED: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_PREFIX",
];

/// A repository with files.
pub(super) struct Repository {
    /// Where its files are.
    pub(super) root: Utf8PathBuf,
    /// Where git keeps its own, shared by all its work trees.
    pub(super) git_folder: Utf8PathBuf,
}

impl Repository {
    /// The one that the folder is in. The error is in words.
    pub(super) fn of(folder: &Path) -> Result<Self, String> {
        let path = |option: &str| -> Result<Utf8PathBuf, String> {
            let told = git(folder, &["rev-parse", "--path-format=absolute", option])?;
            let path = told.ok_or_else(|| {
                "no work tree of a git repository is here, or git is older than 2.31".to_owned()
            })?;
            Ok(path.trim_end_matches(['\r', '\n']).into())
        };
        Ok(Self { root: path("--show-toplevel")?, git_folder: path("--git-common-dir")? })
    }

    /// A value of the local configuration.
    pub(super) fn setting(&self, name: &str) -> Result<Option<String>, String> {
        // Without a value git ends with 1 and prints nothing.
        let told = git(self.root.as_std_path(), &["config", "--local", "--null", "--get", name])?;
        Ok(told.map(|value| value.trim_end_matches('\0').to_owned()))
    }

    /// Writes a value of the local configuration.
    pub(super) fn set(&self, name: &str, value: &str) -> Result<(), String> {
        let done = git(self.root.as_std_path(), &["config", "--local", name, value])?;
        done.map(|_| ()).ok_or_else(|| format!("git config --local {name} failed"))
    }

    /// Whether the local configuration has the section.
    pub(super) fn has_section(&self, section: &str) -> Result<bool, String> {
        let pattern = format!("^{}\\.", section.replace('.', "\\."));
        Ok(git(self.root.as_std_path(), &["config", "--local", "--get-regexp", &pattern])?.is_some())
    }

    /// Takes a section out of the local configuration.
    pub(super) fn remove_section(&self, section: &str) -> Result<(), String> {
        let done = git(self.root.as_std_path(), &["config", "--local", "--remove-section", section])?;
        done.map(|_| ()).ok_or_else(|| format!("git config --local --remove-section {section} failed"))
    }
}

/// What git prints; none when it ends with another code than 0. No argument is a name that somebody else has given.
fn git(folder: &Path, arguments: &[&str]) -> Result<Option<String>, String> {
    let mut command = Command::new("git");
    command.arg("--no-pager").args(arguments).current_dir(folder).stdin(Stdio::null());
    command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    for name in NOT_INHERITED {
        command.env_remove(name);
    }
    let output = command.output().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "git is not installed".to_owned(),
        _ => error.to_string(),
    })?;
    if !output.status.success() {
        return Ok(None);
    }
    let told = String::from_utf8(output.stdout).map_err(|_| "a path or setting is not UTF-8".to_owned())?;
    Ok(Some(told))
}
