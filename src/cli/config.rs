//! `solship.toml`: finds, reads and applies it. A command that asks gets what it says, or an exit code.

use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use solship::config::{self as configuration, Config, FILE_NAME, Silenced};
use solship::graph::{self, Reference};
use solship::model::{Code, Finding, Solution};
use solship::package::PackageError;
use solship::plan::Options;
use solship::report::exit;

use super::Streams;
use super::message::{Level, say};

/// A configuration is a few lines; what is larger is something else.
const MOST_BYTES: u64 = 1 << 20;

/// Which `solship.toml` is read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct ConfigArguments {
    /// Read this solship.toml instead of the one in the working folder or above it
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<Utf8PathBuf>,
    /// Read no solship.toml
    #[arg(long, global = true, conflicts_with = "config")]
    no_config: bool,
}

impl ConfigArguments {
    /// Whether nothing is said of which file to read.
    pub(super) fn is_default(&self) -> bool {
        self.config.is_none() && !self.no_config
    }
}

/// A configuration and where its paths start.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) config: Config,
    /// Its folder; empty for the working folder.
    folder: Utf8PathBuf,
}

/// The configuration, where there is one. What is wrong with it is on stderr then.
pub(super) fn load(streams: &mut Streams<'_>) -> Result<Option<Loaded>, u8> {
    let path = match &streams.config.config {
        Some(path) => Some(path.clone()),
        None if streams.config.no_config => None,
        None => above(streams.working_folder),
    };
    path.map(|path| load_file(&path, streams)).transpose()
}

/// Reads one file.
pub(super) fn load_file(path: &Utf8Path, streams: &mut Streams<'_>) -> Result<Loaded, u8> {
    let unusable = |streams: &mut Streams<'_>, message: &str| {
        say(streams.stderr, Level::Error, message);
        Err(exit::UNUSABLE)
    };
    let bytes = match read(path, MOST_BYTES) {
        Ok(bytes) => bytes,
        Err(error) => return unusable(streams, &error),
    };
    let config = match Config::read(path.as_str(), bytes) {
        Ok(config) => config,
        Err(error) => return unusable(streams, &error.to_string()),
    };
    for unknown in &config.unknown {
        let nearest = unknown.nearest.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
        let message = format!("{}: `{}` is not known{nearest}", unknown.place, unknown.key);
        say(streams.stderr, Level::Warning, &message);
    }
    Ok(Loaded { config, folder: path.parent().map(Utf8Path::to_owned).unwrap_or_default() })
}

/// The bytes of a file of the user's; why not, in words.
pub(super) fn read(path: &Utf8Path, most: u64) -> Result<Vec<u8>, String> {
    let metadata = match fs_err::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(PackageError::NotFound { path: path.to_owned() }.to_string());
        }
        metadata => metadata.map_err(|error| error.to_string())?,
    };
    if !metadata.is_file() {
        return Err(format!("{path}: not a file"));
    }
    if metadata.len() > most {
        return Err(format!("{path}: over the limit of {most} bytes"));
    }
    fs_err::read(path).map_err(|error| error.to_string())
}

/// The file in the working folder or the nearest one above it, as a relative path.
fn above(working_folder: Option<&Path>) -> Option<Utf8PathBuf> {
    let mut relative = Utf8PathBuf::new();
    for folder in working_folder?.ancestors() {
        if folder.join(FILE_NAME).is_file() {
            return Some(relative.join(FILE_NAME));
        }
        relative.push("..");
    }
    None
}

impl Loaded {
    /// What it says of a plan.
    pub(super) fn plan_options(&self) -> Options {
        Options {
            provided: self.config.provided.clone(),
            signs_in: self.config.signs_in.clone(),
            before: self.config.before.clone(),
            ..Options::default()
        }
    }

    /// The rules that it allows everywhere.
    pub(super) fn allowed(&self) -> impl Iterator<Item = Code> + '_ {
        let allowed =
            self.config.levels.iter().filter(|setting| setting.level == configuration::Level::Allow);
        allowed.map(|setting| setting.code)
    }

    /// What `solutions` names: paths that are there, and what is no solution among them.
    pub(super) fn solutions(&self) -> Result<Matches, String> {
        let mut matches = Matches::default();
        for (pattern, place) in &self.config.solutions {
            let wrong = |message: String| format!("{place}: {message}");
            let found = matching(&self.folder, pattern).map_err(wrong)?;
            let any = !found.is_empty();
            for path in found {
                let is_zip = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
                let is_link = fs_err::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
                if !is_link && (is_zip || path.is_dir()) {
                    matches.found.push(path);
                } else {
                    matches.skipped.push(path);
                }
            }
            if !any {
                matches.empty.push(wrong("nothing is there that this pattern matches".to_owned()));
            }
        }
        Ok(matches)
    }

    fn report(&self, silenced: Silenced, streams: &mut Streams<'_>) {
        let file = &self.config.file;
        let findings =
            |count: usize| if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") };
        let mut words = format!("{file} is used");
        if silenced.findings > 0 {
            words.push_str(&format!("; it silences {}", findings(silenced.findings)));
        }
        if silenced.changed > 0 {
            words.push_str(&format!("; it changes the level of {}", findings(silenced.changed)));
        }
        say(streams.stderr, Level::Config, &words);
    }
}

/// The paths below a folder that a pattern matches, sorted. Links are not followed, so that nothing outside of the folder is
/// found and no circle of them is walked.
fn matching(folder: &Utf8Path, pattern: &str) -> Result<Vec<Utf8PathBuf>, String> {
    let options = glob::MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let new = |text: &str| glob::Pattern::new(text).map_err(|error| error.msg.to_owned());
    let written = pattern.trim_start_matches("./").trim_end_matches('/');
    let names: Vec<&str> = written.split('/').collect();
    let whole = new(written)?;
    // As far as there is no `**`, each name is matched alone, so that only folders on the way are entered.
    let fixed: Vec<glob::Pattern> =
        names.iter().take_while(|name| **name != "**").map(|name| new(name)).collect::<Result<_, _>>()?;
    let deepest = if fixed.len() < names.len() { usize::MAX } else { names.len() };
    let root = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder };
    let walk = walkdir::WalkDir::new(root).min_depth(1).max_depth(deepest).sort_by_file_name();
    let is_on_the_way = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_str().unwrap_or_default();
        let depth = entry.depth();
        depth == 0
            || match fixed.get(depth - 1) {
                Some(pattern) => pattern.matches_with(name, options),
                None => !name.starts_with('.'),
            }
    };
    let mut found = Vec::new();
    for entry in walk.into_iter().filter_entry(is_on_the_way) {
        let entry = entry.map_err(|error| error.to_string())?;
        let Some(path) = Utf8Path::from_path(entry.path()) else { continue };
        let below = path.strip_prefix(root).unwrap_or(path);
        if whole.matches_with(below.as_str(), options) {
            found.push(folder.join(below));
        }
    }
    Ok(found)
}

/// Gives findings the levels of the configuration, where there is one; not those of the rules in `named`, which the command
/// line gives theirs.
pub(super) fn apply(
    loaded: Option<&Loaded>,
    findings: &mut Vec<Finding>,
    forbid: bool,
    named: &[Code],
) -> Silenced {
    loaded.map(|loaded| loaded.config.apply(findings, forbid, named)).unwrap_or_default()
}

/// Says which configuration was used, where one was, and how much it silenced.
pub(super) fn report(loaded: Option<&Loaded>, silenced: Silenced, streams: &mut Streams<'_>) {
    if let Some(loaded) = loaded {
        loaded.report(silenced, streams);
    }
}

/// What is stated of credentials, as references. What does not fit the set is on stderr.
pub(super) fn stated_sign_ins(
    loaded: Option<&Loaded>,
    set: &[&Solution],
    streams: &mut Streams<'_>,
) -> Vec<Reference> {
    let Some(loaded) = loaded else { return Vec::new() };
    let (references, findings) = graph::stated_sign_ins(set, &loaded.config.signs_in);
    for finding in findings {
        let place = finding.place.map(|place| format!("{place}: ")).unwrap_or_default();
        say(streams.stderr, Level::Warning, &format!("{place}{}", finding.message));
    }
    references
}

/// What patterns match.
#[derive(Debug, Default)]
pub(super) struct Matches {
    pub(super) found: Vec<Utf8PathBuf>,
    pub(super) skipped: Vec<Utf8PathBuf>,
    /// Patterns that match nothing, in words.
    pub(super) empty: Vec<String>,
}
