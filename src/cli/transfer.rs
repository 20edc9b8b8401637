//! What `unpack` and `pack` share: option values in the spelling of `pac`, map files, the log, and options that solship
//! does not take over.

use std::ffi::OsString;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use solship::layout::LayoutError;
use solship::mapping::{Bounds, Map, MapError, Ours, Reason, line_taking_back};
use solship::model::Severity;
use solship::package::PackageError;
use solship::report::{TextOptions, exit};
use solship::transfer::TransferError;
use solship::write::{Eol, WriteError, inside};

use super::Streams;
use super::message::{Level, say};

/// Package types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    Unmanaged,
    Managed,
    Both,
}

/// `yes`, `no`, and for deleting also `prompt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Answer {
    #[value(alias = "true")]
    Yes,
    #[value(alias = "false")]
    No,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ErrorLevel {
    Off,
    Error,
    Warning,
    Info,
    Verbose,
}

impl ErrorLevel {
    /// The lowest level that is shown.
    pub(super) fn least(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info | Self::Verbose => Some(Severity::Note),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LineEnds {
    Auto,
    Crlf,
    Lf,
}

impl LineEnds {
    pub(super) fn of_folder(self) -> Eol {
        match self {
            Self::Auto => Eol::Auto,
            Self::Crlf => Eol::Crlf,
            Self::Lf => Eol::Lf,
        }
    }
}

/// Form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

/// The map file, and what it may name.
#[derive(Debug, Args)]
pub(super) struct MapArguments {
    /// Map file of SolutionPackager: files that lie elsewhere
    #[arg(long, short, value_name = "FILE")]
    map: Option<Utf8PathBuf>,
    /// Let the map file name places outside of the repository
    #[arg(long, requires = "map")]
    map_outside: bool,
}

impl MapArguments {
    pub(super) fn is_given(&self) -> bool {
        self.map.is_some()
    }

    /// The map file, read.
    pub(super) fn read(&self, folder: &Utf8Path, streams: &Streams<'_>) -> Result<Option<Map>, Stop> {
        let Some(path) = &self.map else { return Ok(None) };
        let root = repository_of(folder).unwrap_or_else(|| ".".into());
        let bounds = Bounds::new(folder, &root, self.map_outside).map_err(Stop::Io)?;
        Ok(Some(Map::read(path, streams.variables, &bounds)?))
    }

    /// What in the folder is the solution's own.
    pub(super) fn ours(&self, folder: &Utf8Path) -> Result<Ours, TransferError> {
        let mut ours = Ours::new(folder)?;
        if let Some(map) = &self.map {
            ours.leave_configuration(map)?;
        }
        Ok(ours)
    }
}

/// Options that both commands have.
#[derive(Debug, Args)]
pub(super) struct SharedArguments {
    /// Solution zip, as pac has it
    #[arg(long, short, value_name = "ZIP", hide_short_help = true)]
    pub(super) zipfile: Option<Utf8PathBuf>,
    /// Solution folder, as pac has it
    #[arg(long, short, value_name = "DIR", hide_short_help = true)]
    pub(super) folder: Option<Utf8PathBuf>,
    /// Package type; both: X.zip and X_managed.zip
    #[arg(long, short = 'p', value_name = "KIND", visible_alias = "packagetype", ignore_case = true)]
    pub(super) kind: Option<Kind>,
    #[command(flatten)]
    pub(super) map: MapArguments,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: Format,
    /// List what would be done and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// no: the same as --dry-run
    #[arg(long = "allowWrite", alias = "allow-write", value_name = "ANSWER", num_args = 0..=1, require_equals = true, default_missing_value = "yes", ignore_case = true, hide_short_help = true)]
    allow_write: Option<Answer>,
    /// Replace read-only files too
    #[arg(long)]
    pub(super) clobber: bool,
    /// Write the whole list and all findings to this file too
    #[arg(long, short, value_name = "FILE")]
    pub(super) log: Option<Utf8PathBuf>,
    /// Which findings are shown
    #[arg(
        long,
        short = 'e',
        value_name = "LEVEL",
        default_value = "info",
        visible_alias = "errorlevel",
        ignore_case = true
    )]
    pub(super) error_level: ErrorLevel,
    #[command(flatten)]
    unsupported: UnsupportedArguments,
}

/// Options of `pac` that solship does not take over. They end with a message that says what to do instead.
#[derive(Debug, Args)]
struct UnsupportedArguments {
    #[arg(long = "singleComponent", hide = true, num_args = 0..=1)]
    single_component: Option<Option<String>>,
    #[arg(long = "localize", hide = true, num_args = 0..=1)]
    localize: Option<Option<String>>,
    #[arg(long = "sourceLoc", hide = true, num_args = 0..=1)]
    source_loc: Option<Option<String>>,
    #[arg(long = "useLcid", hide = true, num_args = 0..=1)]
    use_lcid: Option<Option<String>>,
    #[arg(long = "processCanvasApps", hide = true, num_args = 0..=1)]
    process_canvas_apps: Option<Option<String>>,
    #[arg(long = "disablePluginRemap", hide = true, num_args = 0..=1)]
    disable_plugin_remap: Option<Option<String>>,
}

impl UnsupportedArguments {
    /// Name of the option, and what to do instead.
    fn given(&self) -> Option<(&'static str, &'static str)> {
        let all = [
            (
                &self.single_component,
                "--singleComponent",
                "unpack the whole solution: files that did not change are left alone",
            ),
            (
                &self.localize,
                "--localize",
                "texts stay in the files of their components; translate them with the export of translations of the platform",
            ),
            (
                &self.source_loc,
                "--sourceLoc",
                "texts stay in the files of their components; translate them with the export of translations of the platform",
            ),
            (
                &self.use_lcid,
                "--useLcid",
                "language codes are carried as they are in the package; leave the option out",
            ),
            (
                &self.process_canvas_apps,
                "--processCanvasApps",
                "the .msapp file is carried as it is; solship diff and solship canonical look inside",
            ),
            (
                &self.disable_plugin_remap,
                "--disablePluginRemap",
                "plug-in type names are never rewritten; leave the option out",
            ),
        ];
        // These ask for what is done anyway.
        let is_usual = |value: &str| ["false", "none"].iter().any(|usual| value.eq_ignore_ascii_case(usual));
        let asks = |value: &Option<Option<String>>| {
            value.as_ref().is_some_and(|value| !value.as_deref().is_some_and(is_usual))
        };
        all.into_iter().find(|(value, ..)| asks(value)).map(|(_, name, instead)| (name, instead))
    }
}

/// `X_managed.zip` beside `X.zip`.
fn managed_twin(zip: &Utf8Path) -> Utf8PathBuf {
    let stem = zip.file_stem().unwrap_or_default();
    let extension = zip.extension().unwrap_or("zip");
    zip.with_file_name(format!("{stem}_managed.{extension}"))
}

impl SharedArguments {
    /// The archives that are meant by one name: with `--kind both` also the managed one beside it.
    pub(super) fn archives(&self, zip: &Utf8Path) -> Vec<Utf8PathBuf> {
        match self.kind {
            Some(Kind::Both) => vec![zip.to_owned(), managed_twin(zip)],
            _ => vec![zip.to_owned()],
        }
    }

    /// Whether nothing is written.
    pub(super) fn is_dry_run(&self) -> bool {
        self.dry_run || self.allow_write == Some(Answer::No)
    }

    /// Runs the command, or says why it ends with 2.
    pub(super) fn run(
        &self,
        streams: &mut Streams<'_>,
        execute: impl FnOnce(&mut Streams<'_>) -> Result<u8, Stop>,
    ) -> io::Result<u8> {
        if self.refuse_unsupported(streams) {
            return Ok(exit::UNUSABLE);
        }
        execute(streams).or_else(|stop| stop.tell(streams))
    }

    /// Opens the log, before anything is done: one that cannot be written is no reason to end half way. It takes the place of
    /// nothing that the command reads or writes: not of an archive, of the map file or of a file of the solution.
    pub(super) fn open_log(
        &self,
        folder: &Utf8Path,
        archives: &[&Utf8Path],
        ours: &Ours,
    ) -> Result<(), Stop> {
        let Some(log) = &self.log else { return Ok(()) };
        let is_log =
            |path: &Utf8Path| Ok::<_, TransferError>(inside(log, path)?.is_some_and(|below| below == ""));
        for other in archives.iter().copied().chain(self.map.map.as_deref()) {
            if is_log(other)? {
                return Err(Stop::Usage(
                    format!("{log}: the log would overwrite {other}"),
                    "name another file for --log",
                ));
            }
        }
        let taken = match inside(log, folder).map_err(TransferError::from)? {
            Some(below) => ours.is_ours(&below) || ours.why_not(&below) == Some(Reason::Configuration),
            None => false,
        };
        if taken {
            return Err(Stop::Usage(
                format!("{log}: the log would lie in {folder} as one of the solution's files"),
                "name a file outside of the folder for --log",
            ));
        }
        fs_err::write(log, "").map_err(Stop::Io)
    }

    /// Says so when an option was given that is not supported.
    fn refuse_unsupported(&self, streams: &mut Streams<'_>) -> bool {
        let Some((name, instead)) = self.unsupported.given() else { return false };
        say(streams.stderr, Level::Error, &format!("{name} is not supported"));
        say(streams.stderr, Level::Hint, instead);
        true
    }

    /// Writes the result of what is `done`: as text cut to stdout, as JSON whole; as text, and whole, to the log.
    pub(super) fn show(
        &self,
        done: &str,
        render: impl Fn(Option<Severity>, &TextOptions) -> String,
        json: impl Fn(&mut dyn io::Write) -> io::Result<()>,
        options: &TextOptions,
        streams: &mut Streams<'_>,
    ) -> io::Result<()> {
        let report = |stdout: &mut dyn io::Write| {
            if let Some(log) = &self.log {
                let whole = TextOptions { color: false, all: true, show_values: false };
                fs_err::write(log, render(Some(Severity::Note), &whole))?;
            }
            match self.format {
                Format::Text => stdout.write_all(render(self.error_level.least(), options).as_bytes()),
                Format::Json => json(stdout),
            }
        };
        if self.is_dry_run() { report(streams.stdout) } else { streams.report_written(done, report) }
    }
}

/// What the command takes first and second: each by its option, else as the next argument. None when one is missing or one
/// too many was given.
pub(super) fn in_order<'p>(
    arguments: [&'p Option<Utf8PathBuf>; 2],
    [first, second]: [&'p Option<Utf8PathBuf>; 2],
) -> Option<(&'p Utf8Path, &'p Utf8Path)> {
    let mut given = arguments.into_iter().flatten();
    let first = first.as_ref().or_else(|| given.next())?;
    let second = second.as_ref().or_else(|| given.next())?;
    given.next().is_none().then_some((first, second))
}

/// Refuses names that lead nowhere, which the system would only call an error.
pub(super) fn refuse_no_name(paths: [&Utf8Path; 2], hint: &'static str) -> Result<(), Stop> {
    if paths.iter().any(|path| path.as_str().is_empty()) {
        return Err(Stop::Usage("an empty name, which names no file and no folder".to_owned(), hint));
    }
    Ok(())
}

/// The short options of pac that have more than one letter, which would be read as one letter and its value, and `-c`.
const SHORT: [(&str, &str); 10] = [
    ("-ad", "--allowDelete"),
    ("-aw", "--allowWrite"),
    ("-c", "--clobber"),
    ("-same", "--useUnmanagedFileForMissingManaged"),
    ("-sc", "--singleComponent"),
    ("-loc", "--localize"),
    ("-src", "--sourceLoc"),
    ("-lcid", "--useLcid"),
    ("-pca", "--processCanvasApps"),
    ("-dpm", "--disablePluginRemap"),
];

/// The argument with the long name of a short option of pac.
fn with_long_name(argument: OsString) -> OsString {
    let Some(text) = argument.to_str() else { return argument };
    let (name, value) = text.split_at(text.find('=').unwrap_or(text.len()));
    match SHORT.iter().find(|(short, _)| *short == name) {
        Some((_, long)) => format!("{long}{value}").into(),
        None => argument,
    }
}

/// Arguments of the commands that pac has too, in which its short options have their long names. An answer behind `--allowDelete` or `--allowWrite` belongs to it: `--allowDelete no`. Without this
/// only `--allowDelete=no` could be told from a bare one before the ZIP.
pub(crate) fn with_answers(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    const OPTIONS: [&str; 4] = ["--allowDelete", "--allow-delete", "--allowWrite", "--allow-write"];
    const ANSWERS: [&str; 5] = ["yes", "no", "prompt", "true", "false"];
    let mut all: Vec<OsString> = Vec::new();
    let mut is_over = false;
    let mut is_of_pac = false;
    for argument in arguments {
        is_over |= argument == "--";
        let argument = if is_of_pac && !is_over { with_long_name(argument) } else { argument };
        is_of_pac |= argument == "unpack" || argument == "pack";
        let is_answer = ANSWERS.iter().any(|answer| argument.eq_ignore_ascii_case(answer));
        match all
            .last_mut()
            .filter(|last| !is_over && is_answer && OPTIONS.iter().any(|name| **last == *name))
        {
            Some(option) => {
                option.push("=");
                option.push(argument);
            }
            None => all.push(argument),
        }
    }
    all
}

/// The nearest folder upward with `.git`.
fn repository_of(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    let absolute = camino::absolute_utf8(folder).ok()?;
    absolute.ancestors().find(|above| above.join(".git").exists()).map(Utf8Path::to_owned)
}

/// Why a command ends with 2.
#[derive(Debug)]
pub(super) enum Stop {
    /// What is wrong, and what to do.
    Usage(String, &'static str),
    Transfer(TransferError),
    Io(io::Error),
}

impl From<TransferError> for Stop {
    fn from(error: TransferError) -> Self {
        Self::Transfer(error)
    }
}

impl From<MapError> for Stop {
    fn from(error: MapError) -> Self {
        Self::Transfer(error.into())
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Stop {
    /// Says why, and gives the exit code.
    pub(super) fn tell(self, streams: &mut Streams<'_>) -> io::Result<u8> {
        let (message, hint) = match &self {
            // Nobody reads any more: the caller of all commands knows what to do.
            Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                let Self::Io(error) = self else { unreachable!("it was one a moment ago") };
                return Err(error);
            }
            Self::Usage(message, hint) => (message.clone(), Some((*hint).to_owned())),
            Self::Io(error) => (error.to_string(), None),
            Self::Transfer(error) => (error.to_string(), hint(error)),
        };
        say(streams.stderr, Level::Error, &message);
        if let Some(hint) = hint {
            say(streams.stderr, Level::Hint, &hint);
        }
        Ok(exit::UNUSABLE)
    }
}

/// Whether it is the system's name for what a command is given.
fn is_stdin(path: &Utf8Path) -> bool {
    ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].iter().any(|name| path == *name)
}

fn hint(error: &TransferError) -> Option<String> {
    match error {
        TransferError::NotASolutionFolder { .. } => {
            Some("name an empty or new folder, or one that holds Other/Solution.xml; --force unpacks there all the same".to_owned())
        }
        TransferError::OtherSolution { .. } => {
            Some("name the folder of this solution, or a new one; --force replaces the other solution".to_owned())
        }
        TransferError::Package(PackageError::SpecialFile { path }) if is_stdin(path) => {
            Some("- reads a zip from stdin".to_owned())
        }
        TransferError::ManifestIgnored { .. } => {
            Some("take that line out of .solshipignore: no solution is packed without this file".to_owned())
        }
        TransferError::Package(PackageError::PackagerFolder { path, .. }) => {
            Some(format!("name a solution zip; to make one: solship pack {path} {path}.zip"))
        }
        TransferError::Package(error) if error.is_forgivable() => {
            Some("--tolerant reads on in spite of that, and says so".to_owned())
        }
        TransferError::Write(WriteError::ReadOnlyFile { .. }) => {
            Some("--clobber replaces and deletes read-only files too".to_owned())
        }
        TransferError::UsersFile { path, reason: Reason::Ignored { pattern }, .. } => {
            Some(match line_taking_back(pattern, path) {
                Some(line) => format!("take that line out of .solshipignore, or add behind it: {line}"),
                None => "take that line out of .solshipignore: what is in a folder that it names is never packed".to_owned(),
            })
        }
        TransferError::UsersFileThere { .. } => {
            Some("rename it, or keep what is in it elsewhere; --force overwrites it".to_owned())
        }
        TransferError::UsersFile { .. } => {
            Some("name a map file outside of the folder; if it is none, ask who made the package".to_owned())
        }
        TransferError::NothingToPack { .. } => Some("name the folder that unpack wrote".to_owned()),
        TransferError::Map(error) => error.hint().map(str::to_owned),
        TransferError::Layout { error: LayoutError::OneRowTwice { .. }, .. } => {
            Some("remove one of them; a copy needs an id and a name of its own inside of the file too".to_owned())
        }
        TransferError::Layout { error: LayoutError::OtherKind { .. }, .. } => {
            Some("leave --kind out, or name the other package".to_owned())
        }
        TransferError::Write(error) => super::interrupted::hint(error),
        _ => None,
    }
}

#[test]
fn the_page_for_those_who_come_from_pac_has_every_short_option() {
    let page = fs_err::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/pac.md")).expect("a page");
    for (short, long) in SHORT {
        let has_both =
            |line: &str| line.contains(&format!("`{short}`")) && line.contains(&format!("`{long}`"));
        assert!(page.lines().any(has_both), "{long} {short}");
    }
}
