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
            let told =
                git(folder, &["rev-parse", "--path-format=absolute", option])?.must().map_err(|reason| {
                    format!("no work tree of a git repository is here, or git is older than 2.31: {reason}")
                })?;
            Ok(told.trim_end_matches(['\r', '\n']).into())
        };
        Ok(Self { root: path("--show-toplevel")?, git_folder: path("--git-common-dir")? })
    }

    /// A value of the local configuration.
    pub(super) fn setting(&self, name: &str) -> Result<Option<String>, String> {
        let told = self.config(&["--null", "--get", name])?.asked()?;
        Ok(told.map(|value| value.trim_end_matches('\0').to_owned()))
    }

    /// Writes a value of the local configuration.
    pub(super) fn set(&self, name: &str, value: &str) -> Result<(), String> {
        self.config(&[name, value])?.must().map(drop)
    }

    /// Writes one more value of that name.
    pub(super) fn add(&self, name: &str, value: &str) -> Result<(), String> {
        self.config(&["--add", name, value])?.must().map(drop)
    }

    /// Takes a value out of the local configuration, and its section where it was alone there.
    pub(super) fn unset(&self, name: &str) -> Result<(), String> {
        self.config(&["--unset", name])?.must().map(drop)
    }

    /// Names and values of a section of the local configuration; none without it.
    pub(super) fn section(&self, section: &str) -> Result<Vec<(String, String)>, String> {
        let pattern = format!("^{}\\.", section.replace('.', "\\."));
        let told = self.config(&["--null", "--get-regexp", &pattern])?.asked()?.unwrap_or_default();
        let row = |row: &str| match row.split_once('\n') {
            Some((name, value)) => (name.to_owned(), value.to_owned()),
            // A name without a value stands for true.
            None => (row.to_owned(), "true".to_owned()),
        };
        Ok(told.split_terminator('\0').map(row).collect())
    }

    /// Takes a section out of the local configuration.
    pub(super) fn remove_section(&self, section: &str) -> Result<(), String> {
        self.config(&["--remove-section", section])?.must().map(drop)
    }

    fn config(&self, arguments: &[&str]) -> Result<Told, String> {
        git(self.root.as_std_path(), &[&["config", "--local"], arguments].concat())
    }
}

/// What git said, and how it ended.
struct Told {
    code: Option<i32>,
    output: String,
    /// Which command, and what it printed on stderr.
    reason: String,
}

impl Told {
    /// What it printed.
    fn must(self) -> Result<String, String> {
        if self.code == Some(0) { Ok(self.output) } else { Err(self.reason) }
    }

    /// What it printed; none when it ends with 1, as `git config` does where there is nothing of that name.
    fn asked(self) -> Result<Option<String>, String> {
        if self.code == Some(1) { Ok(None) } else { self.must().map(Some) }
    }
}

/// Most characters of what git prints on stderr.
const MOST_REASON: usize = 500;

/// Runs git. No argument is a name that somebody else has given.
fn git(folder: &Path, arguments: &[&str]) -> Result<Told, String> {
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
    let code = output.status.code();
    let printed = String::from_utf8_lossy(&output.stderr);
    let mut lines = printed.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    let said: String = match lines.peek() {
        Some(_) => lines.collect::<Vec<_>>().join(" ").chars().take(MOST_REASON).collect(),
        None => code.map_or("it was ended".to_owned(), |code| format!("it ended with {code}")),
    };
    let reason = format!("git {}: {said}", arguments[0]);
    let output = String::from_utf8(output.stdout).map_err(|_| "a path or setting is not UTF-8".to_owned())?;
    Ok(Told { code, output, reason })
}
