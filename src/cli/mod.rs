//! The commands, one file each: arguments, one call into the library, one renderer. What solutions hold is not known here.
//!
//! Read [`run`] first; [`inputs`] opens what the user named.

mod author;
mod check;
mod completions;
mod config;
mod confirm;
mod deploy;
mod diff;
#[cfg(test)]
mod documented;
mod env;
mod environment;
mod explain_import;
mod format;
mod git;
mod graph;
mod inputs;
mod inspect;
mod interrupted;
mod message;
mod order;
mod pack;
mod plan;
mod prefer;
#[cfg(test)]
mod reference;
mod release;
mod revision;
mod secrets;
mod settings;
mod since;
mod size;
mod split;
mod transfer;
mod undeploy;
mod unpack;
mod until_closed;
mod user_folder;
mod verify;
mod where_used;

pub(crate) use transfer::with_answers;
pub(crate) use until_closed::UntilClosed;

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::Path;

use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use solship::model::{Finding, Severity};
use solship::report::{TextOptions, exit};

/// Says in which order Power Platform solutions must be imported, and why.
#[derive(Debug, Parser)]
#[command(name = "solship", version, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) of_all: OfAllCommands,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct OfAllCommands {
    /// Colour: on a terminal, always, or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    #[command(flatten)]
    pub(crate) config: config::ConfigArguments,
}

/// The commands, and the definition of each one alone.
macro_rules! commands {
    ($($name:literal $variant:ident($arguments:ty),)*) => {
        #[derive(Debug, Subcommand)]
        pub(crate) enum Command {
            $(#[command(name = $name)] $variant($arguments),)*
        }

        /// The definition of the command of that name; none where there is no such command.
        fn definition(name: &str) -> Option<clap::Command> {
            match name {
                $($name => Some(<$arguments>::augment_args(clap::Command::new($name))),)*
                _ => None,
            }
        }
    };
}

commands! {
    "plan" Plan(plan::PlanArguments),
    "check" Check(Box<check::CheckArguments>),
    "diff" Diff(Box<diff::DiffArguments>),
    "canonical" Canonical(Box<diff::CanonicalArguments>),
    "inspect" Inspect(inspect::InspectArguments),
    "secrets" Secrets(secrets::SecretsArguments),
    "explain-import" ExplainImport(explain_import::ExplainImportArguments),
    "graph" Graph(graph::GraphArguments),
    "where-used" WhereUsed(where_used::WhereUsedArguments),
    "verify" Verify(verify::VerifyArguments),
    "unpack" Unpack(Box<unpack::UnpackArguments>),
    "pack" Pack(Box<pack::PackArguments>),
    "format" Format(format::FormatArguments),
    "new" New(Box<author::new::NewArguments>),
    "add" Add(author::add::AddArguments),
    "set" Set(author::set::SetArguments),
    "rename" Rename(author::rename::RenameArguments),
    "remove" Remove(author::remove::RemoveArguments),
    "split" Split(Box<split::SplitArguments>),
    "merge" Merge(Box<split::MergeArguments>),
    "settings" Settings(settings::SettingsArguments),
    "version" Version(author::version::VersionArguments),
    "git" Git(git::GitArguments),
    "env" Env(env::EnvArguments),
    "deploy" Deploy(Box<deploy::DeployArguments>),
    "undeploy" Undeploy(undeploy::UndeployArguments),
    "completions" Completions(completions::CompletionsArguments),
    "man" Man(completions::ManArguments),
}

impl Arguments {
    /// Reads the command line.
    pub(crate) fn read(words: &[OsString]) -> Result<Self, clap::Error> {
        // Making every option of every command takes longer than many a command. Help, and what is wrong, need them all.
        Self::read_alone(words).map_or_else(|| Self::try_parse_from(words), Ok)
    }

    /// Reads it with no other command defined than the one that it names; none when there is anything else to it.
    fn read_alone(words: &[OsString]) -> Option<Self> {
        let command = words.iter().skip(1).filter_map(|word| word.to_str()).find_map(definition)?;
        let alone = OfAllCommands::augment_args(clap::Command::new("solship")).subcommand(command);
        let mut matches = alone.try_get_matches_from(words).ok()?;
        Self::from_arg_matches_mut(&mut matches).ok()
    }
}

/// `--color`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether to colour, given whether `auto` would.
    pub(crate) fn wanted(self, automatic: bool) -> bool {
        match self {
            Self::Auto => automatic,
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// Where a command reads and writes: the result on stdout, everything else on stderr; and what it takes from the
/// environment.
pub(crate) struct Streams<'s> {
    pub(crate) stdin: &'s mut dyn Read,
    pub(crate) stdout: &'s mut dyn Write,
    pub(crate) stdout_color: bool,
    pub(crate) stderr: &'s mut dyn Write,
    /// Somebody can be asked.
    pub(crate) is_interactive: bool,
    /// Environment variables, for `%NAME%` in map files.
    pub(crate) variables: &'s dyn Fn(&str) -> Option<String>,
    /// Where the command runs; none where the system does not say.
    pub(crate) working_folder: Option<&'s Path>,
    /// Which `solship.toml` is read.
    pub(crate) config: &'s config::ConfigArguments,
    /// The program itself; none where the system does not say.
    pub(crate) program: Option<&'s Path>,
    /// `SOURCE_DATE_EPOCH`.
    pub(crate) source_date_epoch: Option<u64>,
    /// The moment that logs keep, in seconds since 1970-01-01 UTC: that one, or the clock's.
    pub(crate) now: u64,
}

impl Streams<'_> {
    /// Prints the report of what was written to disk, to the end. That is done and stays: when the report reaches nobody, the
    /// error says what was done.
    pub(crate) fn report_written(
        &mut self,
        written: &str,
        report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let told = report(self.stdout).and_then(|()| self.stdout.flush());
        told.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => error,
            kind => io::Error::new(kind, format!("{written}; only the report of it is lost: {error}")),
        })
    }
}

/// `--all` and what else concerns text.
#[derive(Debug, Args)]
pub(crate) struct TextArguments {
    /// Do not cut long lists
    #[arg(long)]
    all: bool,
}

impl TextArguments {
    fn options(&self, streams: &Streams<'_>) -> TextOptions {
        TextOptions { color: streams.stdout_color, all: self.all, show_values: false }
    }
}

/// When findings make the command fail.
#[derive(Debug, Args)]
#[command(next_help_heading = "Exit code")]
pub(crate) struct FailArguments {
    /// Exit with 1 when there is a finding of this level or a higher one
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: FailOn,
    /// Never exit with 1: the same as --fail-on never
    #[arg(long, conflicts_with = "fail_on")]
    exit_zero: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailArguments {
    /// The lowest level that makes a test of a report fail; an error does so in any case.
    fn failing(&self) -> Severity {
        match self.fail_on {
            FailOn::Note => Severity::Note,
            FailOn::Warning => Severity::Warning,
            FailOn::Error | FailOn::Never => Severity::Error,
        }
    }

    fn exit_code<'f>(&self, findings: impl IntoIterator<Item = &'f Finding>) -> u8 {
        let level = match self.fail_on {
            _ if self.exit_zero => None,
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Note => Some(Severity::Note),
            FailOn::Never => None,
        };
        exit::for_findings(findings, level)
    }
}

/// Runs the command and gives the exit code.
pub(crate) fn run(command: Command, streams: &mut Streams<'_>) -> io::Result<u8> {
    match command {
        Command::Plan(arguments) => plan::run(&arguments, streams),
        Command::Check(arguments) => check::run(&arguments, streams),
        Command::Diff(arguments) => diff::diff(&arguments, streams),
        Command::Canonical(arguments) => diff::canonical(&arguments, streams),
        Command::Inspect(arguments) => inspect::run(&arguments, streams),
        Command::Secrets(arguments) => secrets::run(&arguments, streams),
        Command::ExplainImport(arguments) => explain_import::run(&arguments, streams),
        Command::Graph(arguments) => graph::run(&arguments, streams),
        Command::WhereUsed(arguments) => where_used::run(&arguments, streams),
        Command::Verify(arguments) => verify::run(&arguments, streams),
        Command::Unpack(arguments) => unpack::run(&arguments, streams),
        Command::Pack(arguments) => pack::run(&arguments, streams),
        Command::Format(arguments) => format::run(&arguments, streams),
        Command::New(arguments) => author::new::run(&arguments, streams),
        Command::Completions(arguments) => completions::completions(&arguments, streams),
        Command::Man(arguments) => completions::man(&arguments, streams),
        Command::Add(arguments) => author::add::run(&arguments, streams),
        Command::Set(arguments) => author::set::run(&arguments, streams),
        Command::Rename(arguments) => author::rename::run(&arguments, streams),
        Command::Split(arguments) => split::split(&arguments, streams),
        Command::Merge(arguments) => split::merge(&arguments, streams),
        Command::Settings(arguments) => settings::run(&arguments, streams),
        Command::Version(arguments) => author::version::run(&arguments, streams),
        Command::Deploy(arguments) => deploy::run(&arguments, streams),
        Command::Undeploy(arguments) => undeploy::run(&arguments, streams),
        Command::Env(arguments) => env::run(&arguments, streams),
        Command::Remove(arguments) => author::remove::run(&arguments, streams),
        Command::Git(arguments) => git::run(&arguments, streams),
    }
}
