//! `SOLUTION…`: finds, opens and reads the solutions that the user named, in parallel, and says on stderr what it left out.
//!
//! Read [`InputArguments::read`] first. The set that it gives does not depend on the order of the arguments, nor on threads.

use std::collections::BTreeMap;
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use solship::config::Silenced;
use solship::deploy::DeployError;
use solship::diff::DiffError;
use solship::layout::{LayoutError, PackKind, open_folder};
use solship::mapping::{Ours, OursError};
use solship::model::{ModelError, Solution, Version};
use solship::package::{self, Limits, OpenOptions, Package, PackageError, Warning};
use solship::report::escaped;
use solship::transfer::{TransferError, refuse_without_manifest};
use solship::verify::{VerifyError, sha256};
use solship::write::refuse_interrupted;

use super::Streams;
use super::config::{self, Loaded};
use super::message::{Level, say};
use super::size::size;

/// What a zip on stdin is called.
const STDIN: &str = "stdin";
/// Reading so many takes long enough to be told.
const MANY: usize = 20;
const WHAT_TO_NAME: &str =
    "name solution zips or unpacked solutions, or a folder of them; --recursive looks deeper";
/// So many of the files that are no solutions are named.
const SKIPPED: usize = 5;

/// What to read, and how strictly.
#[derive(Debug, Args)]
pub(crate) struct InputArguments {
    /// A solution zip, an unpacked solution, a folder of these, or - for a zip on stdin [default: what `solutions` in
    /// solship.toml names]
    #[arg(value_name = "SOLUTION")]
    pub(super) solutions: Vec<Utf8PathBuf>,
    /// Look for solutions at any depth of a folder
    #[arg(long, short)]
    recursive: bool,
    /// Go on without what cannot be read, and say what is left out
    #[arg(long)]
    pub(super) skip_unreadable: bool,
    /// Threads to read with [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Which half of a folder of both packages is read
    #[arg(long, value_name = "KIND")]
    pub(super) kind: Option<Half>,
    #[command(flatten)]
    pub(super) package: PackageArguments,
}

/// One half of a folder that holds both packages of a solution.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Half {
    Unmanaged,
    Managed,
}

impl Half {
    fn pack_kind(self) -> PackKind {
        match self {
            Self::Unmanaged => PackKind::Unmanaged,
            Self::Managed => PackKind::Managed,
        }
    }
}

/// Limits and strictness, for archives from elsewhere.
#[derive(Debug, Args)]
#[command(next_help_heading = "Packages")]
pub(super) struct PackageArguments {
    /// Forgive the faults of an archive that do no harm, and say so
    #[arg(long, conflicts_with = "strict")]
    tolerant: bool,
    /// Refuse what is otherwise a warning
    #[arg(long)]
    strict: bool,
    /// Most entries of a package
    #[arg(long, value_name = "N")]
    max_entries: Option<usize>,
    /// Most bytes of the name of an entry
    #[arg(long, value_name = "N")]
    max_name_length: Option<usize>,
    /// Most bytes of one entry, inflated, such as 500M or 2G
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_entry_size: Option<u64>,
    /// Most bytes of all entries of a package, inflated
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_total_size: Option<u64>,
    /// Most inflated bytes for each compressed byte of an entry
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_ratio: Option<u64>,
    /// Most bytes of a zip on stdin
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_archive_size: Option<u64>,
}

impl PackageArguments {
    pub(super) fn options(&self) -> OpenOptions {
        let standard = Limits::default();
        let limits = Limits {
            entries: self.max_entries.unwrap_or(standard.entries),
            entry_bytes: self.max_entry_size.unwrap_or(standard.entry_bytes),
            total_bytes: self.max_total_size.unwrap_or(standard.total_bytes),
            ratio: self.max_ratio.unwrap_or(standard.ratio),
            name_bytes: self.max_name_length.unwrap_or(standard.name_bytes),
            archive_bytes: self.max_archive_size.unwrap_or(standard.archive_bytes),
        };
        OpenOptions { limits, tolerant: self.tolerant, strict: self.strict }
    }
}

/// How much of a package is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// What the model needs.
    Model,
    /// Every entry is inflated and checked.
    EveryByte,
}

/// Where to look for solutions.
#[derive(Debug, Clone, Default)]
pub(super) struct Sources {
    pub(super) paths: Vec<Utf8PathBuf>,
    /// The user named each of them; else what is no solution is passed over.
    named: bool,
    /// The configuration names them.
    pub(super) is_configured: bool,
    /// What was found to be no solution.
    skipped: Vec<Utf8PathBuf>,
}

impl Sources {
    /// What the user named.
    pub(super) fn named(paths: Vec<Utf8PathBuf>) -> Self {
        Self { paths, named: true, ..Self::default() }
    }

    /// What was found beside something that the user named.
    pub(super) fn found(paths: Vec<Utf8PathBuf>) -> Self {
        Self { paths, ..Self::default() }
    }

    /// What a configuration names. None when it names nothing; that is on stderr then.
    pub(super) fn configured(loaded: Option<&Loaded>, streams: &mut Streams<'_>) -> Option<Self> {
        let Some(loaded) = loaded.filter(|loaded| !loaded.config.solutions.is_empty()) else {
            say(streams.stderr, Level::Error, "no SOLUTION is named");
            let hint = format!("{WHAT_TO_NAME}; or write `solutions = [\"src/*\"]` into solship.toml");
            say(streams.stderr, Level::Hint, &hint);
            return None;
        };
        match loaded.solutions() {
            Ok(matches) => {
                matches.empty.iter().for_each(|words| say(streams.stderr, Level::Warning, words));
                if matches.found.is_empty() {
                    say(
                        streams.stderr,
                        Level::Error,
                        "no solution among what `solutions` in solship.toml matches",
                    );
                    return None;
                }
                Some(Self {
                    paths: matches.found,
                    named: false,
                    is_configured: true,
                    skipped: matches.skipped,
                })
            }
            Err(words) => {
                say(streams.stderr, Level::Error, &words);
                None
            }
        }
    }
}

/// One package to read.
pub(super) struct Input {
    /// What outputs call it: as the user named it, or as it was found below that.
    pub(super) label: Utf8PathBuf,
    /// The user named it, not a folder around it.
    named: bool,
    /// The bytes, for stdin.
    bytes: Option<Vec<u8>>,
}

impl Input {
    /// Bytes of the file; 0 for a folder or when the system does not say.
    fn size(&self) -> u64 {
        match &self.bytes {
            Some(bytes) => bytes.len() as u64,
            None => fs_err::metadata(&self.label).map_or(0, |metadata| metadata.len()),
        }
    }

    /// SHA-256 of the archive; none for a folder, or when the system does not let us.
    pub(super) fn sha256(&self) -> Option<String> {
        match &self.bytes {
            Some(bytes) => sha256(&mut &bytes[..]).ok(),
            None if self.label.is_file() => sha256(&mut fs_err::File::open(&self.label).ok()?).ok(),
            None => None,
        }
    }

    /// Opens the package, whatever form it has. None for a zip that lies in a folder and is something else.
    pub(super) fn open(
        self,
        half: Option<Half>,
        options: &OpenOptions,
    ) -> Result<Option<Package>, InputError> {
        let package = match self.bytes {
            Some(bytes) => Package::from_bytes(STDIN, bytes, options)?,
            None => open(&self.label, half, options)?,
        };
        let holds = |path| package.entry(path).is_some();
        let is_something_else = !self.named && !holds("solution.xml") && !holds("customizations.xml");
        Ok((!is_something_else).then_some(package))
    }
}

/// What became of an input.
pub(super) enum Outcome<T> {
    Read(Box<T>, Vec<Warning>),
    /// A zip that lies in a folder and is something else.
    NoSolution,
    Unreadable(InputError),
}

/// What reads one package.
type ReadOne<'r, T> = &'r (dyn Fn(Input, &OpenOptions) -> Result<Outcome<T>, InputError> + Sync);

/// Why an input cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum InputError {
    /// The package, or what is in it.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A folder in the packager's layout cannot be read as a solution.
    #[error("{label}: {error}")]
    Folder {
        /// What the user called it.
        label: String,
        /// Why.
        error: LayoutError,
    },
    /// What is the solution's own in a folder cannot be told.
    #[error(transparent)]
    Ours(#[from] OursError),
    /// The files of a folder cannot be told or read.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// It cannot be verified.
    #[error(transparent)]
    Verify(VerifyError),
}

impl From<VerifyError> for InputError {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Package(error) => error.into(),
            VerifyError::Model(error) => error.into(),
            error => Self::Verify(error),
        }
    }
}

impl From<DeployError> for InputError {
    fn from(error: DeployError) -> Self {
        match error {
            DeployError::Model(error) => error.into(),
            DeployError::Diff(error) => error.into(),
            DeployError::Verify(error) => error.into(),
        }
    }
}

impl From<DiffError> for InputError {
    fn from(error: DiffError) -> Self {
        match error {
            DiffError::Model(error) => error.into(),
            DiffError::Layout { label, error } => Self::Folder { label, error },
        }
    }
}

impl From<PackageError> for InputError {
    fn from(error: PackageError) -> Self {
        Self::Model(error.into())
    }
}

/// Something that the user named and that cannot be read.
struct Failure {
    label: String,
    error: InputError,
}

impl InputArguments {
    /// Reads the set, sorted by name, version, managed and source. None when it cannot be read as a whole; the reasons are
    /// on stderr then.
    pub(super) fn read(
        &self,
        how: Use,
        all: bool,
        streams: &mut Streams<'_>,
    ) -> io::Result<Option<Vec<Solution>>> {
        let Some(sources) = self.sources_alone(streams) else { return Ok(None) };
        self.read_sources(&sources, how, all, streams)
    }

    /// As [`Self::read`], of these sources.
    pub(super) fn read_sources(
        &self,
        sources: &Sources,
        how: Use,
        all: bool,
        streams: &mut Streams<'_>,
    ) -> io::Result<Option<Vec<Solution>>> {
        let read = |input: Input, options: &OpenOptions| read_one(input, how, self.kind, options);
        let solutions = self.read_each_of(sources, all, streams, &read)?;
        Ok(solutions.map(|mut solutions| {
            solutions.sort_by(|one, other| sort_key(one).cmp(&sort_key(other)));
            solutions
        }))
    }

    /// Reads each package of the set with `read`, in parallel and in no order. None when the set cannot be read as a whole;
    /// the reasons are on stderr then.
    pub(super) fn read_each<T: Send>(
        &self,
        all: bool,
        streams: &mut Streams<'_>,
        read: ReadOne<'_, T>,
    ) -> io::Result<Option<Vec<T>>> {
        let Some(sources) = self.sources_alone(streams) else { return Ok(None) };
        self.read_each_of(&sources, all, streams, read)
    }

    /// As [`Self::read_each`], of these sources.
    pub(super) fn read_each_of<T: Send>(
        &self,
        sources: &Sources,
        all: bool,
        streams: &mut Streams<'_>,
        read: ReadOne<'_, T>,
    ) -> io::Result<Option<Vec<T>>> {
        let options = self.package.options();
        let mut failures = Vec::new();
        let mut skipped = sources.skipped.clone();
        let inputs = self.find(sources, streams, &mut skipped, &mut failures);
        // Somebody who waits is told for what.
        if streams.is_interactive && inputs.len() >= MANY {
            let _ = writeln!(streams.stderr, "reading {} packages …", inputs.len());
        }
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads.unwrap_or_default().into())
            .build()
            .map_err(io::Error::other)?;
        let outcomes: Vec<(Utf8PathBuf, Outcome<T>)> = pool.install(|| {
            let read = |input: Input| {
                (input.label.clone(), read(input, &options).unwrap_or_else(Outcome::Unreadable))
            };
            inputs.into_iter().par_bridge().map(read).collect()
        });
        let mut solutions = Vec::new();
        let mut warnings = Vec::new();
        for (label, outcome) in outcomes {
            match outcome {
                Outcome::Read(solution, of_package) => {
                    solutions.push(*solution);
                    warnings.extend(of_package.into_iter().map(|warning| (label.clone(), warning)));
                }
                Outcome::NoSolution => skipped.push(label),
                Outcome::Unreadable(error) => failures.push(Failure { label: label.into_string(), error }),
            }
        }
        failures.sort_by(|one, other| one.label.cmp(&other.label));
        failures.dedup_by(|one, other| one.label == other.label && one.words() == other.words());
        if !failures.is_empty() && (!self.skip_unreadable || solutions.is_empty()) {
            report_failures(&failures, solutions.len(), streams);
            return Ok(None);
        }
        for failure in &failures {
            say(streams.stderr, Level::Warning, &format!("left out: {}", failure.words()));
        }
        skipped.sort();
        report_skipped(&skipped, all, streams);
        if solutions.is_empty() {
            say(streams.stderr, Level::Error, "no solution among what was named");
            say(streams.stderr, Level::Hint, WHAT_TO_NAME);
            return Ok(None);
        }
        warnings.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (label, warning) in warnings {
            say(streams.stderr, Level::Warning, &format!("{label}: {}", warning.message));
        }
        Ok(Some(solutions))
    }

    /// Opens once more what was read already, by what it is called; none for stdin, or when it is gone.
    pub(super) fn reopen(&self, source: &str) -> Option<Package> {
        if source == STDIN {
            return None;
        }
        open(Utf8Path::new(source), self.kind, &self.package.options()).ok()
    }

    /// What the user named; without that what the configuration names. None when neither names anything; that is on stderr
    /// then.
    pub(super) fn sources(&self, loaded: Option<&Loaded>, streams: &mut Streams<'_>) -> Option<Sources> {
        if self.solutions.is_empty() {
            return Sources::configured(loaded, streams);
        }
        Some(Sources::named(self.solutions.clone()))
    }

    /// The same for a command to which the configuration says nothing else.
    fn sources_alone(&self, streams: &mut Streams<'_>) -> Option<Sources> {
        let loaded = if self.solutions.is_empty() { config::load(streams).ok()? } else { None };
        let sources = self.sources(loaded.as_ref(), streams)?;
        config::report(loaded.as_ref(), Silenced::default(), streams);
        Some(sources)
    }

    /// What there is to read, each file once however it was named.
    fn find(
        &self,
        sources: &Sources,
        streams: &mut Streams<'_>,
        skipped: &mut Vec<Utf8PathBuf>,
        failures: &mut Vec<Failure>,
    ) -> Vec<Input> {
        let mut inputs: BTreeMap<Utf8PathBuf, Input> = BTreeMap::new();
        let mut stdin = None;
        let mut arguments: Vec<&Utf8PathBuf> = sources.paths.iter().collect();
        arguments.sort();
        arguments.dedup();
        for argument in arguments {
            if argument == "-" && sources.named {
                let mut bytes = Vec::new();
                // One byte over the limit is enough to be refused for it.
                let most = self.package.options().limits.archive_bytes.saturating_add(1);
                match Read::take(&mut *streams.stdin, most).read_to_end(&mut bytes) {
                    Ok(_) => stdin = Some(Input { label: STDIN.into(), named: true, bytes: Some(bytes) }),
                    Err(error) => {
                        failures.push(Failure {
                            label: STDIN.to_owned(),
                            error: PackageError::from(error).into(),
                        });
                    }
                }
                continue;
            }
            let found =
                refuse_half_written(argument).and_then(|()| Ok(package::find(argument, self.recursive)?));
            match found {
                Ok(found) => {
                    let mut is_whole = |path: &Utf8PathBuf| match refuse_half_written(path) {
                        Ok(()) => true,
                        Err(error) => {
                            failures.push(Failure { label: path.to_string(), error });
                            false
                        }
                    };
                    skipped.extend(found.skipped.into_iter().filter(&mut is_whole));
                    for path in &found.staged {
                        is_whole(path);
                    }
                    for path in found.packages.into_iter().filter(is_whole) {
                        let named = sources.named && path == *argument;
                        // Sorted arguments: of two ways to one file the same one wins in whichever order they were given.
                        inputs
                            .entry(identity(&path))
                            .and_modify(|input| input.named |= named)
                            .or_insert(Input { label: path, named, bytes: None });
                    }
                }
                Err(InputError::Model(ModelError::Package(PackageError::NoSolution { .. })))
                    if !sources.named =>
                {
                    skipped.push(argument.clone());
                }
                Err(error) => failures.push(Failure { label: argument.to_string(), error }),
            }
        }
        skipped.sort();
        skipped.dedup();
        let mut inputs: Vec<Input> = inputs.into_values().chain(stdin).collect();
        // The largest first, so that no processor is left with one at the end.
        inputs.sort_by_cached_key(|input| std::cmp::Reverse(input.size()));
        inputs
    }
}

/// A folder is read when no run is interrupted or at work among its files.
fn refuse_half_written(path: &Utf8Path) -> Result<(), InputError> {
    if path.is_dir() { Ok(refuse_interrupted(path).map_err(TransferError::from)?) } else { Ok(()) }
}

/// The file behind a path, so that two ways to it are seen to be one; the path itself where the system does not say.
fn identity(path: &Utf8Path) -> Utf8PathBuf {
    path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned())
}

/// Opens a package, whatever form it has.
fn open(label: &Utf8Path, half: Option<Half>, options: &OpenOptions) -> Result<Package, InputError> {
    match Package::open(label, options) {
        Err(PackageError::PackagerFolder { .. }) => {
            let ours = Ours::new(label)?;
            refuse_without_manifest(label, &ours)?;
            open_folder(
                label,
                half.map(Half::pack_kind),
                &|path| ours.why_not_listed(path).is_none(),
                options,
            )
            .map_err(|error| InputError::Folder { label: label.to_string(), error })
        }
        opened => Ok(opened?),
    }
}

/// Opens and reads one package; when its model is there, the package is let go.
fn read_one(
    input: Input,
    how: Use,
    half: Option<Half>,
    options: &OpenOptions,
) -> Result<Outcome<Solution>, InputError> {
    let Some(package) = input.open(half, options)? else { return Ok(Outcome::NoSolution) };
    if how == Use::EveryByte {
        package.verify()?;
    }
    let solution = Solution::read(&package)?;
    Ok(Outcome::Read(Box::new(solution), package.warnings().to_vec()))
}

fn sort_key(solution: &Solution) -> SortKey<'_> {
    let manifest = &solution.manifest;
    SortKey::new(&manifest.unique_name, &manifest.version, manifest.managed, &solution.source)
}

/// What solutions are sorted by: unique name, first without case, version, managed and source.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SortKey<'s>(String, &'s str, &'s Version, bool, &'s str);

impl<'s> SortKey<'s> {
    pub(super) fn new(unique_name: &'s str, version: &'s Version, managed: bool, source: &'s str) -> Self {
        Self(unique_name.to_lowercase(), unique_name, version, managed, source)
    }
}

impl Failure {
    /// What is wrong, the input's name in front.
    fn words(&self) -> String {
        let words = self.error.to_string();
        // The error may have escaped what it names.
        let is_named = words.contains(&self.label) || words.contains(&*escaped(&self.label));
        if is_named { words } else { format!("{}: {words}", self.label) }
    }

    /// What to do next, where more can be said than the error says.
    fn hint(&self) -> Option<String> {
        let hint = match &self.error {
            InputError::Transfer(TransferError::Write(error)) => return super::interrupted::hint(error),
            InputError::Model(ModelError::Package(PackageError::NoSolution { .. })) => Some(WHAT_TO_NAME),
            InputError::Model(ModelError::Package(error)) if error.is_forgivable() => {
                Some("--tolerant reads on in spite of that, and says so")
            }
            InputError::Model(ModelError::NotASolution { .. }) => {
                Some("a solution holds solution.xml and customizations.xml at its top")
            }
            _ => None,
        };
        hint.map(str::to_owned)
    }
}

fn report_failures(failures: &[Failure], readable: usize, streams: &mut Streams<'_>) {
    for failure in failures {
        say(streams.stderr, Level::Error, &failure.words());
    }
    let mut hints: Vec<String> = failures.iter().filter_map(Failure::hint).collect();
    hints.sort_unstable();
    hints.dedup();
    for hint in hints {
        say(streams.stderr, Level::Hint, &hint);
    }
    if readable > 0 {
        let rest = if readable == 1 { "the one".to_owned() } else { format!("the {readable}") };
        say(streams.stderr, Level::Hint, &format!("--skip-unreadable goes on with {rest} that can be read"));
    }
}

/// One line for what lies in a folder and is no solution.
fn report_skipped(skipped: &[Utf8PathBuf], all: bool, streams: &mut Streams<'_>) {
    if skipped.is_empty() {
        return;
    }
    let shown = if all || skipped.len() <= SKIPPED + 1 { skipped.len() } else { SKIPPED };
    let mut line = skipped[..shown].iter().map(|path| path.as_str()).collect::<Vec<_>>().join(", ");
    if shown < skipped.len() {
        line.push_str(&format!(" … and {} more (--all)", skipped.len() - shown));
    }
    say(streams.stderr, Level::Skipped, &line);
}
