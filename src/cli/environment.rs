//! `ENV`: finds and opens the environment that the user named.
//!
//! Read [`open`] first. `local:NAME` is a store of solship's own, `file:PATH.db` one elsewhere, a `.json` file a snapshot;
//! where nothing but an environment can stand, NAME alone is `local:NAME`.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use solship::environment::snapshot::{Snapshot, SnapshotError};
use solship::environment::store::{Store, StoreError};
use solship::environment::{Environment, EnvironmentError, LogEntry};
use solship::model::Solution;
use solship::report::exit;
use solship::text::shell_word;
use solship::write::WriteError;

use super::message::{Level, say};
use super::{Streams, config, user_folder};

/// One of 20,000 components has some 20 MB.
const MOST_BYTES_OF_SNAPSHOT: u64 = 1 << 30;
/// Longest name of a local environment.
const LONGEST_NAME: usize = 64;
/// The ending of a store.
const ENDING: &str = "db";

/// Why a command about an environment ends with 2: what is wrong, and what to do.
#[derive(Debug)]
pub(super) struct Refused {
    message: String,
    hint: Option<String>,
}

impl Refused {
    pub(super) fn new(message: impl Into<String>, hint: &str) -> Self {
        Self { message: message.into(), hint: Some(hint.to_owned()) }
    }

    /// What is wrong.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// Says why, and gives the exit code.
    pub(super) fn tell(&self, streams: &mut Streams<'_>) -> u8 {
        say(streams.stderr, Level::Error, &self.message);
        if let Some(hint) = &self.hint {
            say(streams.stderr, Level::Hint, hint);
        }
        exit::UNUSABLE
    }
}

impl From<String> for Refused {
    fn from(message: String) -> Self {
        Self { message, hint: None }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self { message: error.to_string(), hint: error.hint().map(str::to_owned) }
    }
}

impl From<EnvironmentError> for Refused {
    fn from(error: EnvironmentError) -> Self {
        match error {
            EnvironmentError::Store(error) => error.into(),
            error => error.to_string().into(),
        }
    }
}

impl From<SnapshotError> for Refused {
    fn from(error: SnapshotError) -> Self {
        error.to_string().into()
    }
}

impl From<WriteError> for Refused {
    fn from(error: WriteError) -> Self {
        error.to_string().into()
    }
}

/// Runs a command, or says why it ends with 2.
pub(super) fn run(
    streams: &mut Streams<'_>,
    execute: impl FnOnce(&mut Streams<'_>) -> io::Result<Result<u8, Refused>>,
) -> io::Result<u8> {
    Ok(execute(streams)?.unwrap_or_else(|refused| refused.tell(streams)))
}

/// What an argument names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// `local:NAME`
    Local(String),
    /// `file:PATH.db`
    File(Utf8PathBuf),
    /// A snapshot.
    Snapshot(Utf8PathBuf),
}

impl Named {
    /// Reads an argument, where nothing but an environment can stand.
    pub(super) fn read(text: &str) -> Result<Self, Refused> {
        let hint = "an environment is local:NAME, file:PATH.db, or the .json file of a snapshot";
        let path = Utf8Path::new(text);
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
            return if path.exists() {
                Ok(Self::Snapshot(path.to_owned()))
            } else {
                Err(Refused::new(format!("{text}: there is no such file"), hint))
            };
        }
        if let Some(file) = text.strip_prefix("file:") {
            let path = Utf8Path::new(file);
            if path.extension() != Some(ENDING) || path.file_stem().is_none() {
                return Err(Refused::new(format!("{text}: the file of an environment ends in .db"), hint));
            }
            return Ok(Self::File(path.to_owned()));
        }
        if text.starts_with("https://") || text.starts_with("http://") {
            let message = format!("{text}: environments in the cloud are not reached");
            return Err(Refused::new(
                message,
                "take a snapshot of it as a file; see the README, Environments",
            ));
        }
        let name = text.strip_prefix("local:").unwrap_or(text);
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(is_name) {
            let is_file = path.is_file() && path.extension() == Some(ENDING);
            let hint = if is_file {
                format!("write {}", shell_word(&format!("file:{text}")))
            } else {
                "a name has up to 64 letters, digits, _ and -".to_owned()
            };
            return Err(Refused::new(format!("{text}: names no environment"), &hint));
        }
        Ok(Self::Local(name.to_owned()))
    }

    /// How messages name it.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Local(name) => format!("local:{name}"),
            Self::File(path) => format!("file:{path}"),
            Self::Snapshot(path) => path.to_string(),
        }
    }

    /// The file of a store that is to be made: not where another one has the same name but for the case of letters, which is one
    /// file on many systems.
    pub(super) fn new_path(&self, streams: &Streams<'_>) -> Result<Utf8PathBuf, Refused> {
        let path = self.path(streams)?;
        if let Self::Local(name) = self
            && let Some(twin) =
                names(streams)?.iter().find(|other| *other != name && other.eq_ignore_ascii_case(name))
        {
            let message = format!("local:{twin} is there, whose name differs in the case of letters only");
            return Err(Refused::new(message, "choose another name: on many systems both are one file"));
        }
        Ok(path)
    }

    /// The file of a store.
    pub(super) fn path(&self, streams: &Streams<'_>) -> Result<Utf8PathBuf, Refused> {
        match self {
            Self::Local(name) => Ok(folder(streams)?.join(format!("{name}.{ENDING}"))),
            Self::File(path) => Ok(path.clone()),
            Self::Snapshot(_) => Err(EnvironmentError::ReadOnly { label: self.label() }.into()),
        }
    }
}

/// The folder of the environments of this user.
pub(super) fn folder(streams: &Streams<'_>) -> Result<Utf8PathBuf, Refused> {
    if let Some(own) = user_folder::variable(streams, "SOLSHIP_HOME") {
        return Ok(own.join("environments"));
    }
    let data = user_folder::data(streams).ok_or_else(|| {
        Refused::new("the folder for environments is not known", "set SOLSHIP_HOME, or name file:PATH.db")
    })?;
    Ok(data.join("environments"))
}

/// Opens what the user named. What is opened `for_writing` is no snapshot.
pub(super) fn open(
    text: &str,
    streams: &Streams<'_>,
    for_writing: bool,
) -> Result<Box<dyn Environment>, Refused> {
    let named = Named::read(text)?;
    match &named {
        Named::Snapshot(path) if !for_writing => Ok(Box::new(open_snapshot(path)?)),
        _ => Ok(Box::new(open_named(&named, streams)?)),
    }
}

/// Opens a store.
pub(super) fn open_store(text: &str, streams: &Streams<'_>) -> Result<Store, Refused> {
    open_named(&Named::read(text)?, streams)
}

fn open_named(named: &Named, streams: &Streams<'_>) -> Result<Store, Refused> {
    let label = named.label();
    match Store::open(&named.path(streams)?, &label) {
        Err(StoreError::NotFound { .. }) => Err(StoreError::NotFound { label }.into()),
        opened => Ok(opened?),
    }
}

/// Opens a snapshot.
pub(super) fn open_snapshot(path: &Utf8Path) -> Result<Snapshot, Refused> {
    let bytes = config::read(path, MOST_BYTES_OF_SNAPSHOT)?;
    Ok(Snapshot::read(path.as_str(), bytes)?)
}

/// `--env` of the commands that only ask which connection signs in with which credential.
#[derive(Debug, Args)]
pub(crate) struct EnvironmentArguments {
    /// An environment, or a snapshot of one: which connection signs in there with which
    /// credential is known then, and a value that was set there counts
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
}

impl EnvironmentArguments {
    /// Opens it, where one was named.
    pub(super) fn open(&self, streams: &Streams<'_>) -> Result<Option<Box<dyn Environment>>, Refused> {
        self.env.as_ref().map(|env| open(env, streams, false)).transpose()
    }
}

/// Gives the variables of a set the values that win in an environment, and says of which none is known.
pub(super) fn take_values(target: &dyn Environment, set: &mut [Solution], streams: &mut Streams<'_>) {
    let unknown = solship::environment::take_values(target.state(), target.label(), set);
    for variable in unknown {
        let (name, label) = (&variable.key, target.label());
        let message =
            format!("{label} does not say which value variable {name} has: what the packages say is shown");
        say(streams.stderr, Level::Note, &message);
    }
}

/// A line of the log about no package.
pub(super) fn entry(streams: &Streams<'_>, words: impl Into<String>) -> LogEntry {
    LogEntry { time: streams.now, words: words.into(), solution: None, sha256: None, content: None }
}

/// The local environments that are there, by name.
pub(super) fn names(streams: &Streams<'_>) -> Result<Vec<String>, Refused> {
    let folder = folder(streams)?;
    let entries = match folder.read_dir_utf8() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| format!("{folder}: {error}"))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| format!("{folder}: {error}"))?;
        let path = entry.path();
        let name = path.file_stem().filter(|_| path.extension() == Some(ENDING));
        names.extend(name.filter(|name| Named::read(name).is_ok()).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::Named;

    #[test]
    fn an_environment_is_named_in_three_ways() {
        assert_eq!(Named::read("uat").unwrap(), Named::Local("uat".to_owned()));
        assert_eq!(Named::read("local:UAT_2-b").unwrap(), Named::Local("UAT_2-b".to_owned()));
        assert_eq!(Named::read("file:a/b.db").unwrap(), Named::File("a/b.db".into()));
        for wrong in
            ["", "local:", "a/b", "local:a/b", "../x", "file:b", "file:.db", "a.db", "https://x", "none.json"]
        {
            assert!(Named::read(wrong).is_err(), "{wrong}");
        }
        assert!(Named::read(&"a".repeat(65)).is_err());
    }
}
