//! `solship settings`: deployment settings files, made, brought up, checked, merged, compared and filled in.
//!
//! Values are in such files: none is printed.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand, ValueEnum};
use solship::model::Solution;
use solship::report::{exit, github, json_settings, junit, markdown_findings, sarif, text_settings};
use solship::settings::{Needs, SettingsError, SettingsFile, check, difference, fill, merge, sync};
use solship::write::{WriteError, create_file, replace_file};

use super::config::{self, Loaded};
use super::inputs::{InputArguments, Sources, Use};
use super::interrupted::NOT_WRITABLE;
use super::message::{Level, say};
use super::transfer::Format;
use super::{FailArguments, Streams, TextArguments};

/// Settings are a few kilobytes.
const MOST_BYTES: u64 = 16 << 20;

/// Deployment settings: what an environment gives to variables and connection references
///
/// The files are those that `pac solution import --settings-file` takes. No value is printed by any of these commands.
#[derive(Debug, Args)]
pub(crate) struct SettingsArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    New(Box<NewArguments>),
    Sync(Box<SyncArguments>),
    Check(Box<CheckArguments>),
    Merge(MergeArguments),
    Diff(DiffArguments),
    Fill(FillArguments),
}

/// Make a settings file for a whole release, or one a solution
///
/// Every variable and connection reference has an entry, and none is filled: values that a package carries are not copied.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship settings new release/ --out uat.json
  solship settings new release/ --each settings/")]
struct NewArguments {
    /// File; without it the settings are printed
    #[arg(long, value_name = "FILE", conflicts_with = "each")]
    out: Option<Utf8PathBuf>,
    /// Folder for one file a solution, NAME.json
    #[arg(long, value_name = "DIR")]
    each: Option<Utf8PathBuf>,
    #[command(flatten)]
    inputs: InputArguments,
}

/// Bring a settings file up to what solutions ask for: adds what is new, drops what is gone, keeps what was filled
///
/// Unknown keys, order and form of the file stay. Exit code: 0 done or nothing to do, 1 with --check: it is not up to date,
/// 2 nothing was written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship settings sync uat.json release/
  solship settings sync uat.json release/ --check      # for CI")]
struct SyncArguments {
    /// Settings file
    #[arg(value_name = "FILE")]
    file: Utf8PathBuf,
    /// Drop filled entries too that no solution has any more
    #[arg(long)]
    prune: bool,
    /// Say what would be done and write nothing
    #[arg(long)]
    dry_run: bool,
    /// As --dry-run, and exit with 1 when something would be done
    #[arg(long)]
    check: bool,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    inputs: InputArguments,
}

/// Check settings files: alone, against each other, and against solutions
///
/// Arguments that end in .json are settings files, the others solutions. An empty value is a warning, "not filled", in a file
/// in which nothing is filled yet, as `settings new` makes it; once something is, it is an error, as the platform refuses
/// the whole file for it: fill it, or take the entry out. Exit code: 0 fine, 1 a finding at or over
/// --fail-on, 2 nothing can be said.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship settings check uat.json release/
  solship settings check dev.json uat.json prod.json release/")]
struct CheckArguments {
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: CheckFormat,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
    #[command(flatten)]
    fail: FailArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    Text,
    Json,
    Markdown,
    Github,
    Sarif,
    Junit,
}

/// Make one settings file of several: what a later one fills counts, and no key is lost
#[derive(Debug, Args)]
struct MergeArguments {
    /// Settings files
    #[arg(value_name = "FILE", required = true, num_args = 2..)]
    files: Vec<Utf8PathBuf>,
    /// File that gets the result; it may be one of them
    #[arg(long, value_name = "FILE", required = true)]
    out: Utf8PathBuf,
}

/// Compare two settings files; exit code 1 when they differ
#[derive(Debug, Args)]
struct DiffArguments {
    /// Settings file
    #[arg(value_name = "A")]
    one: Utf8PathBuf,
    /// Settings file
    #[arg(value_name = "B")]
    other: Utf8PathBuf,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Replace ${NAME} in the texts of a settings file by environment variables
///
/// A name that is not set ends the command, and nothing is written. The result is readable by its owner alone.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship settings fill uat.json --out filled.json; pac solution import --settings-file filled.json …")]
struct FillArguments {
    /// Settings file, or any other JSON
    #[arg(value_name = "FILE")]
    file: Utf8PathBuf,
    /// File that gets the result
    #[arg(long, value_name = "FILE", required = true)]
    out: Utf8PathBuf,
}

/// Why a command ends with 2.
enum Stop {
    Said,
    Settings(SettingsError),
    Other(String, Option<&'static str>),
}

impl From<SettingsError> for Stop {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error)
    }
}

impl From<WriteError> for Stop {
    fn from(error: WriteError) -> Self {
        let hint = matches!(error, WriteError::NotWritable { .. }).then_some(NOT_WRITABLE);
        Self::Other(error.to_string(), hint)
    }
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::Other(message, None)
    }
}

pub(super) fn run(arguments: &SettingsArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let done = match &arguments.what {
        What::New(arguments) => arguments.run(streams)?,
        What::Sync(arguments) => arguments.run(streams)?,
        What::Check(arguments) => arguments.run(streams)?,
        What::Merge(arguments) => arguments.run(streams)?,
        What::Diff(arguments) => arguments.run(streams)?,
        What::Fill(arguments) => arguments.run(streams)?,
    };
    let (message, hint) = match done {
        Ok(code) => return Ok(code),
        Err(Stop::Said) => return Ok(exit::UNUSABLE),
        Err(Stop::Settings(error)) => (error.to_string(), error.hint()),
        Err(Stop::Other(message, hint)) => (message, hint),
    };
    say(streams.stderr, Level::Error, &message);
    if let Some(hint) = hint {
        say(streams.stderr, Level::Hint, hint);
    }
    Ok(exit::UNUSABLE)
}

fn read(path: &Utf8Path) -> Result<SettingsFile, Stop> {
    Ok(SettingsFile::read(path.as_str(), config::read(path, MOST_BYTES)?)?)
}

fn read_all(paths: &[Utf8PathBuf]) -> Result<Vec<SettingsFile>, Stop> {
    paths.iter().map(|path| read(path)).collect()
}

/// The solutions that are named, or those of the configuration.
fn solutions(
    inputs: &InputArguments,
    named: Option<Vec<Utf8PathBuf>>,
    streams: &mut Streams<'_>,
) -> io::Result<Result<Vec<Solution>, Stop>> {
    let sources = match named {
        Some(paths) => Some(Sources::named(paths)),
        None => {
            let Ok(loaded) = config::load(streams) else { return Ok(Err(Stop::Said)) };
            let loaded: Option<&Loaded> = loaded.as_ref();
            inputs.sources(loaded, streams)
        }
    };
    let Some(sources) = sources else { return Ok(Err(Stop::Said)) };
    Ok(inputs.read_sources(&sources, Use::Model, false, streams)?.ok_or(Stop::Said))
}

impl NewArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Stop>> {
        let set = match solutions(&self.inputs, None, streams)? {
            Ok(set) => set,
            Err(stop) => return Ok(Err(stop)),
        };
        let needs = Needs::of(&set);
        if let Some(folder) = &self.each {
            return self.write_each(folder, &set, streams);
        }
        let Some(path) = &self.out else {
            streams.stdout.write_all(&needs.new_file())?;
            return Ok(Ok(exit::DONE));
        };
        if let Err(stop) = write_new(path, &needs.new_file()) {
            return Ok(Err(stop));
        }
        let made = text_settings::made(path.as_str(), &needs);
        streams.report_written(&format!("{path}: made"), |stdout| stdout.write_all(made.as_bytes()))?;
        Ok(Ok(exit::DONE))
    }

    /// All that can be refused is refused before the first is written.
    fn write_each(
        &self,
        folder: &Utf8Path,
        set: &[Solution],
        streams: &mut Streams<'_>,
    ) -> io::Result<Result<u8, Stop>> {
        let mut files = Vec::new();
        for solution in set {
            let needs = Needs::of([solution]);
            let path = folder.join(format!("{}.json", solution.manifest.unique_name));
            if path.exists() {
                return Ok(Err(in_the_way(&path)));
            }
            let is_plain = solution
                .manifest
                .unique_name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !is_plain {
                let message =
                    format!("{}: the unique name makes no file name", solution.manifest.unique_name);
                return Ok(Err(message.into()));
            }
            files.push((path, needs));
        }
        if let Err(error) = fs_err::create_dir_all(folder) {
            return Ok(Err(error.to_string().into()));
        }
        let mut made = String::new();
        for (path, needs) in &files {
            if let Err(stop) = write_new(path, &needs.new_file()) {
                return Ok(Err(stop));
            }
            made.push_str(&text_settings::made(path.as_str(), needs));
        }
        let written = format!("{folder}: {} files made", files.len());
        streams.report_written(&written, |stdout| stdout.write_all(made.as_bytes()))?;
        Ok(Ok(exit::DONE))
    }
}

fn in_the_way(path: &Utf8Path) -> Stop {
    Stop::Other(
        format!("{path}: a file is there already"),
        Some("solship settings sync brings it up; or name another file"),
    )
}

/// Writes a file that is not there.
fn write_new(path: &Utf8Path, bytes: &[u8]) -> Result<(), Stop> {
    if path.symlink_metadata().is_ok() {
        return Err(in_the_way(path));
    }
    refuse_no_folder(path)?;
    Ok(create_file(path, bytes)?)
}

/// Folders are not made on the way: a mistyped one would hide the file.
fn refuse_no_folder(path: &Utf8Path) -> Result<(), Stop> {
    match path.parent() {
        Some(folder) if !folder.as_str().is_empty() && !folder.is_dir() => Err(Stop::Other(
            format!("{path}: {folder} is no folder that is there"),
            Some("make it first (mkdir -p), or name another file"),
        )),
        _ => Ok(()),
    }
}

/// Refuses what is there and is no plain file: a link, a pipe, a device, a folder.
fn refuse_special(path: &Utf8Path) -> Result<(), Stop> {
    if path == "-" {
        return Err(Stop::Other(
            "values are not written to stdout".to_owned(),
            Some("name a file: --out filled.json"),
        ));
    }
    match path.symlink_metadata() {
        Ok(metadata) if !metadata.is_file() => Err(Stop::Other(
            format!("{path}: there already, and no plain file"),
            Some("name another file for --out"),
        )),
        _ => Ok(()),
    }
}

/// Writes a file, whether it is there or not.
fn write(path: &Utf8Path, bytes: &[u8]) -> Result<(), Stop> {
    refuse_special(path)?;
    refuse_no_folder(path)?;
    Ok(if path.exists() { replace_file(path, bytes) } else { create_file(path, bytes) }?)
}

impl SyncArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Stop>> {
        let file = match read(&self.file) {
            Ok(file) => file,
            Err(stop) => return Ok(Err(stop)),
        };
        let set = match solutions(&self.inputs, None, streams)? {
            Ok(set) => set,
            Err(stop) => return Ok(Err(stop)),
        };
        let synced = sync(&file, &Needs::of(&set), self.prune);
        let is_changed = synced.bytes != file.bytes();
        let dry_run = self.dry_run || self.check;
        if is_changed
            && !dry_run
            && let Err(error) = replace_file(&self.file, &synced.bytes)
        {
            return Ok(Err(error.into()));
        }
        let color = streams.stdout_color;
        let report = |stdout: &mut dyn io::Write| match self.format {
            Format::Text => {
                stdout.write_all(text_settings::synced(&file.file, &synced, dry_run, color).as_bytes())
            }
            Format::Json => json_settings::synced(stdout, &file.file, &synced, dry_run),
        };
        if is_changed && !dry_run {
            streams.report_written(&format!("{}: brought up", self.file), report)?;
        } else {
            report(streams.stdout)?;
        }
        Ok(Ok(if self.check && is_changed { exit::FOUND } else { exit::DONE }))
    }
}

impl CheckArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Stop>> {
        let is_settings = |path: &Utf8PathBuf| {
            path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
        };
        let (files, named): (Vec<_>, Vec<_>) = self.inputs.solutions.iter().cloned().partition(is_settings);
        if files.is_empty() {
            let hint = "solship settings check uat.json release/";
            return Ok(Err(Stop::Other(
                "no settings file is named: arguments that end in .json are".to_owned(),
                Some(hint),
            )));
        }
        let files = match read_all(&files) {
            Ok(files) => files,
            Err(stop) => return Ok(Err(stop)),
        };
        let needs = if named.is_empty() {
            None
        } else {
            match solutions(&self.inputs, Some(named), streams)? {
                Ok(set) => Some(Needs::of(&set)),
                Err(stop) => return Ok(Err(stop)),
            }
        };
        let Ok(loaded) = config::load(streams) else { return Ok(Err(Stop::Said)) };
        let mut findings = check(&files, needs.as_ref());
        let silenced = config::apply(loaded.as_ref(), &mut findings, false, &[]);
        let names: Vec<&str> = files.iter().map(|file| &*file.file).collect();
        let text = match self.format {
            CheckFormat::Text => text_settings::checked(&findings, names.len(), &self.text.options(streams)),
            CheckFormat::Json => {
                json_settings::checked(streams.stdout, &names, &findings)?;
                String::new()
            }
            CheckFormat::Markdown => markdown_findings::findings(&findings, names.len()),
            CheckFormat::Github => github::findings(&findings, names.len()),
            CheckFormat::Sarif => {
                sarif::findings(streams.stdout, &findings, streams.working_folder)?;
                String::new()
            }
            CheckFormat::Junit => {
                let suites = junit::Suites {
                    name: "solship settings check",
                    solutions: Vec::new(),
                    looked: &[],
                    failing: self.fail.failing(),
                };
                suites.of(&findings).map_err(io::Error::other)?
            }
        };
        streams.stdout.write_all(text.as_bytes())?;
        config::report(loaded.as_ref(), silenced, streams);
        Ok(Ok(self.fail.exit_code(&findings)))
    }
}

impl MergeArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Stop>> {
        let merged = read_all(&self.files).map(|files| merge(&files));
        if let Err(stop) = merged.and_then(|bytes| write(&self.out, &bytes)) {
            return Ok(Err(stop));
        }
        let text = text_settings::merged(self.out.as_str(), self.files.len());
        streams.report_written(text.trim_end(), |stdout| stdout.write_all(text.as_bytes()))?;
        Ok(Ok(exit::DONE))
    }
}

impl DiffArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Stop>> {
        let (one, other) = match (read(&self.one), read(&self.other)) {
            (Ok(one), Ok(other)) => (one, other),
            (Err(stop), _) | (_, Err(stop)) => return Ok(Err(stop)),
        };
        let changes = difference(&one, &other);
        match self.format {
            Format::Text => {
                let text = text_settings::difference(&changes, streams.stdout_color);
                streams.stdout.write_all(text.as_bytes())?;
            }
            Format::Json => json_settings::difference(streams.stdout, [&one.file, &other.file], &changes)?,
        }
        Ok(Ok(if changes.is_empty() { exit::DONE } else { exit::FOUND }))
    }
}

impl FillArguments {
    /// The source is a template that is used again.
    fn refuse_out(&self) -> Result<(), Stop> {
        refuse_special(&self.out)?;
        refuse_no_folder(&self.out)?;
        let is_source = match (self.file.canonicalize_utf8(), self.out.canonicalize_utf8()) {
            (Ok(file), Ok(out)) => file == out,
            _ => false,
        };
        if is_source {
            let message = format!("{}: the values would take the place of the names in it", self.out);
            return Err(Stop::Other(message, Some("name another file for --out")));
        }
        Ok(())
    }

    fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Stop>> {
        let filled = config::read(&self.file, MOST_BYTES)
            .map_err(Stop::from)
            .and_then(|bytes| Ok(fill(self.file.as_str(), bytes, streams.variables)?));
        let (bytes, count) = match filled {
            Ok(filled) => filled,
            Err(stop) => return Ok(Err(stop)),
        };
        if let Err(stop) = self.refuse_out() {
            return Ok(Err(stop));
        }
        // A file that is there keeps its permissions, which may let others read it.
        if self.out.exists()
            && let Err(error) = fs_err::remove_file(&self.out)
        {
            return Ok(Err(error.to_string().into()));
        }
        if let Err(error) = create_file(&self.out, &bytes) {
            return Ok(Err(error.into()));
        }
        let text = text_settings::filled(self.out.as_str(), count);
        streams.report_written(text.trim_end(), |stdout| stdout.write_all(text.as_bytes()))?;
        Ok(Ok(exit::DONE))
    }
}
