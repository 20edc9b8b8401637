//! `solship split` and `solship merge`: one solution made into several that import in the right order, or several into one.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use solship::config::Silenced;
use solship::layout::LineEnd;
use solship::package::{Form as PackageForm, Package};
use solship::report::{exit, json_split, text_split};
use solship::split::{self, Form, Options, SplitError, write_merged, write_parts};
use solship::write::ArchiveOptions;

use super::inputs::{InputArguments, Outcome, Sources};
use super::message::{Level, say};
use super::transfer::Format;
use super::{Streams, TextArguments, config};

/// Make of one solution several that import in the right order
///
/// NAME_Credentials (credentials, and the variables they take their values from), NAME_Shared (other variables, connection
/// references, connectors), NAME_DesktopFlows, NAME_CloudFlows and NAME_Rest, or the parts that [[split]] in solship.toml names.
/// What would need a later part goes there. Components keep their bytes; what a part needs of another is among its missing
/// dependencies. Of several solutions that need each other in a circle, components move so that there is an order. Let DIR be another
/// folder than that of the original: a plan of a folder with both reads both. Exit code: 0 done, or nothing to split: all
/// is of one part, or several solutions close no circle; 2 nothing was written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship split FabEverything.zip -o parts --dry-run
  solship split FabEverything.zip -o parts; solship plan parts
  solship split src/FabEverything -o apart
  solship split FabNorth.zip FabSouth.zip -o apart       # they need each other in a circle")]
pub(crate) struct SplitArguments {
    /// Folder in which the parts are written
    #[arg(long, short, value_name = "DIR")]
    output: Utf8PathBuf,
    #[command(flatten)]
    shared: SharedArguments,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
}

/// Make one solution of several
///
/// All files and rows, each once; root components and missing dependencies of all, without those that are met inside. All must be
/// of one publisher. What several hold must be the same in all. The opposite of split. Exit code: 0 done, 2 nothing was written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship merge parts/*.zip -o FabEverything.zip
  solship merge src/FabNorth src/FabSouth -o src/FabBoth --name FabBoth")]
pub(crate) struct MergeArguments {
    /// Zip or folder that is written
    #[arg(long, short, value_name = "PATH")]
    output: Utf8PathBuf,
    /// Unique name [default: what the names of the parts begin with, before an underscore]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    shared: SharedArguments,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
}

/// What both have.
#[derive(Debug, Args)]
struct SharedArguments {
    /// Write zips or folders [default: as what is read, or as PATH ends]
    #[arg(long = "as", value_name = "FORM")]
    form: Option<FormName>,
    /// Say what would be done and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Take managed solutions too, which only their publisher should
    #[arg(long)]
    force: bool,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormName {
    Zip,
    Folder,
}

pub(super) fn split(arguments: &SplitArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let loaded = match config::load(streams) {
        Ok(loaded) => loaded,
        Err(code) => return Ok(code),
    };
    let Some(sources) = arguments.inputs.sources(loaded.as_ref(), streams) else { return Ok(exit::UNUSABLE) };
    let Some(packages) = open(&arguments.inputs, &sources, arguments.text.all, streams)? else {
        return Ok(exit::UNUSABLE);
    };
    let rules = loaded.as_ref().map(|loaded| loaded.config.split.clone()).unwrap_or_default();
    if !rules.is_empty() || sources.is_configured {
        config::report(loaded.as_ref(), Silenced::default(), streams);
    }
    let shared = &arguments.shared;
    let options = Options { rules, force: shared.force };
    let made = split::split(&packages, &options).and_then(|made| {
        let is_folder = packages.iter().all(|package| package.form() == PackageForm::Folder);
        let form = shared.form(is_folder, &packages);
        let archive = archive_options(streams);
        let places = write_parts(&made, &arguments.output, form, &archive, shared.dry_run)?;
        Ok((made, places))
    });
    let (made, places) = match made {
        Ok(made) => made,
        Err(error) => return refuse(&error, streams),
    };
    let output = &arguments.output;
    let summary = if shared.dry_run {
        format!("{output}: {} to write. Nothing was written.", solutions(places.len()))
    } else {
        format!("{output}: {} written", solutions(places.len()))
    };
    let text = arguments.text.options(streams);
    let places: Vec<String> = places.into_iter().map(Utf8PathBuf::into_string).collect();
    let report = |stdout: &mut dyn io::Write| match shared.format {
        Format::Text => {
            stdout.write_all(text_split::split(&made, shared.dry_run, &summary, &text).as_bytes())
        }
        Format::Json => json_split::split(stdout, &made, &places, shared.dry_run),
    };
    if shared.dry_run || made.is_whole() {
        report(streams.stdout)?;
    } else {
        streams.report_written(&summary, report)?;
    }
    if !made.is_whole() {
        warn_of_neighbours(&packages, output, streams);
    }
    Ok(exit::DONE)
}

/// Says which originals lie among their parts, where other commands would read both.
fn warn_of_neighbours(packages: &[Package], folder: &Utf8Path, streams: &mut Streams<'_>) {
    let Ok(folder_of_parts) = folder.canonicalize_utf8() else { return };
    for original in packages.iter().map(|package| Utf8Path::new(package.label())) {
        let place = original.canonicalize_utf8();
        if place.is_ok_and(|place| place.parent() == Some(&*folder_of_parts)) {
            let message = format!(
                "{original} lies beside its parts: what reads that folder reads them and the original"
            );
            say(streams.stderr, Level::Warning, &message);
            say(streams.stderr, Level::Hint, &format!("move {original} away, or split into another folder"));
        }
    }
}

pub(super) fn merge(arguments: &MergeArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    if arguments.inputs.solutions.is_empty() {
        say(streams.stderr, Level::Error, "no SOLUTION is named");
        say(streams.stderr, Level::Hint, "name the solutions that are to be one");
        return Ok(exit::UNUSABLE);
    }
    let sources = Sources::named(arguments.inputs.solutions.clone());
    let Some(packages) = open(&arguments.inputs, &sources, arguments.text.all, streams)? else {
        return Ok(exit::UNUSABLE);
    };
    let (shared, output) = (&arguments.shared, &arguments.output);
    let made = split::merge(&packages, arguments.name.as_deref(), shared.force).and_then(|made| {
        let is_zip = output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
        let form = shared.form(!is_zip, &packages);
        write_merged(&made, output, form, &archive_options(streams), shared.dry_run)?;
        Ok(made)
    });
    let made = match made {
        Ok(made) => made,
        Err(error) => return refuse(&error, streams),
    };
    let summary =
        if shared.dry_run { format!("{output}: Nothing was written.") } else { format!("{output}: written") };
    let text = arguments.text.options(streams);
    let report = |stdout: &mut dyn io::Write| match shared.format {
        Format::Text => stdout.write_all(text_split::merge(&made, &summary, &text).as_bytes()),
        Format::Json => json_split::merge(stdout, &made, output.as_str(), shared.dry_run),
    };
    if shared.dry_run {
        report(streams.stdout)?;
    } else {
        streams.report_written(&summary, report)?;
    }
    Ok(exit::DONE)
}

impl SharedArguments {
    /// What is written; folders with the line ends of the first solution.
    fn form(&self, is_folder: bool, packages: &[Package]) -> Form {
        let is_folder = self.form.map_or(is_folder, |form| form == FormName::Folder);
        if !is_folder {
            return Form::Zip;
        }
        let first = packages.first().filter(|package| package.form() == PackageForm::Folder);
        let manifest = first.and_then(|package| package.read(package.entry("solution.xml")?).ok());
        let has_line_feeds = manifest
            .is_some_and(|bytes| bytes.contains(&b'\n') && !bytes.windows(2).any(|pair| pair == b"\r\n"));
        Form::Folder { line_end: if has_line_feeds { LineEnd::Lf } else { LineEnd::Crlf } }
    }
}

fn archive_options(streams: &Streams<'_>) -> ArchiveOptions {
    ArchiveOptions { source_date_epoch: streams.source_date_epoch, threads: None, clobber: false }
}

/// Opens the packages, in whatever form, by name. None when one cannot be read; the reasons are on stderr then.
fn open(
    inputs: &InputArguments,
    sources: &Sources,
    all: bool,
    streams: &mut Streams<'_>,
) -> io::Result<Option<Vec<Package>>> {
    let half = inputs.kind;
    let packages = inputs.read_each_of(sources, all, streams, &|input, options| {
        let Some(package) = input.open(half, options)? else { return Ok(Outcome::NoSolution) };
        let warnings = package.warnings().to_vec();
        Ok(Outcome::Read(Box::new(package), warnings))
    })?;
    Ok(packages.map(|mut packages| {
        packages.sort_by(|one, other| one.label().cmp(other.label()));
        packages
    }))
}

fn solutions(count: usize) -> String {
    if count == 1 { "1 solution".to_owned() } else { format!("{count} solutions") }
}

/// Says why nothing was written.
fn refuse(error: &SplitError, streams: &mut Streams<'_>) -> io::Result<u8> {
    say(streams.stderr, Level::Error, &error.to_string());
    if let Some(hint) = error.hint() {
        say(streams.stderr, Level::Hint, &hint);
    }
    Ok(exit::UNUSABLE)
}
