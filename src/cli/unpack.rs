//! `solship unpack`: an archive as a folder of files, for a repository.

use std::io::{self, Read};

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use solship::layout::refuse_other_kind;
use solship::model::Severity;
use solship::package::{OpenOptions, Package, PackageError};
use solship::report::{exit, json_transfer, text_transfer};
use solship::transfer::{Records, TransferError, UnpackRequest, UnpackSummary, unpack};
use solship::write::{ChangeKind, Resolution};

use super::inputs::PackageArguments;
use super::message::{Level, is_confirmed, say};
use super::transfer::{Kind, LineEnds, SharedArguments, Stop, in_order, refuse_no_name};
use super::{Streams, TextArguments, interrupted, user_folder};

/// Unpack a solution zip into a folder of files, as SolutionPackager and pac do
///
/// Into a folder that is there only what changed is written, and what is no longer in the package is deleted. The old
/// state stays whole until the new one is there. What an interrupted run left is finished first; --undo takes it back
/// instead, and writes nothing else. The option names of pac solution unpack work too. Checksums of what an archive was
/// unpacked to are kept in the folder for your caches or in $SOLSHIP_CACHE, so that unpacking it again takes little
/// time; where that is set and empty, nowhere. Exit code: 0 done, 1 done and a finding is an error, 2 nothing was changed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship unpack FabFlows.zip src/FabFlows
  solship unpack FabFlows.zip src/FabFlows --dry-run
  solship unpack FabFlows.zip src/FabFlows --kind both     # with FabFlows_managed.zip
  solship unpack --undo src/FabFlows                       # what an interrupted run did there")]
pub(crate) struct UnpackArguments {
    /// Solution zip, or - for one on stdin
    #[arg(value_name = "ZIP", required_unless_present_any = ["zipfile", "undo", "finish"])]
    zip: Option<Utf8PathBuf>,
    /// Folder
    #[arg(value_name = "DIR")]
    dir: Option<Utf8PathBuf>,
    /// Delete what is no longer in the package
    #[arg(long = "allowDelete", visible_alias = "allow-delete", value_name = "ANSWER", num_args = 0..=1, require_equals = true, default_value = "yes", default_missing_value = "yes", ignore_case = true)]
    allow_delete: Delete,
    /// Unpack into a folder that holds another solution, or none (of one without, nothing is deleted), and over files that
    /// were not packed so far
    #[arg(long)]
    force: bool,
    /// Line ends: auto leaves a file alone that differs in nothing else
    #[arg(long, value_name = "EOL", default_value = "auto")]
    eol: LineEnds,
    /// Leave out what the reference packer loses
    #[arg(long)]
    as_packager: bool,
    // pac has it here, too, where it says nothing.
    #[arg(long = "useUnmanagedFileForMissingManaged", hide = true)]
    _use_unmanaged_for_missing_managed: bool,
    /// Take back what an interrupted run did to DIR; no ZIP is needed
    #[arg(long, conflicts_with_all = ["finish", "dry_run", "allow_write"])]
    undo: bool,
    /// Finish what an interrupted run began in DIR; no ZIP is needed
    #[arg(long, conflicts_with_all = ["dry_run", "allow_write"])]
    finish: bool,
    #[command(flatten)]
    shared: SharedArguments,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    package: PackageArguments,
}

/// Inflated bytes of packages for which other threads are not worth their start.
const SMALL: u64 = 512 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Delete {
    #[value(alias = "true")]
    Yes,
    #[value(alias = "false")]
    No,
    Prompt,
}

pub(super) fn run(arguments: &UnpackArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    arguments.shared.run(streams, |streams| execute(arguments, streams))
}

fn execute(arguments: &UnpackArguments, streams: &mut Streams<'_>) -> Result<u8, Stop> {
    let shared = &arguments.shared;
    if let Some(resolution) = arguments.resolution() {
        // The command that was interrupted, with the option behind it, is as good.
        let Some(dir) = shared.folder.as_ref().or(arguments.dir.as_ref()).or(arguments.zip.as_ref()) else {
            say(streams.stderr, Level::Error, "name one DIR");
            say(streams.stderr, Level::Hint, "solship unpack --undo src/FabFlows");
            return Ok(exit::UNUSABLE);
        };
        return interrupted::settle(dir, resolution, streams);
    }
    let Some((zip, dir)) = in_order([&arguments.zip, &arguments.dir], [&shared.zipfile, &shared.folder])
    else {
        return Err(Stop::Usage(
            "name one ZIP and one DIR".to_owned(),
            "solship unpack FabFlows.zip src/FabFlows",
        ));
    };
    refuse_no_name([zip, dir], "solship unpack FabFlows.zip src/FabFlows")?;
    let options = arguments.package.options();
    let paths = shared.archives(zip);
    if let Some(missing) = paths.iter().filter(|_| paths.len() > 1).find(|path| !path.exists()) {
        return Err(Stop::Usage(
            format!("{missing}: not there"),
            "--kind both takes X.zip and, beside it, X_managed.zip",
        ));
    }
    let ours = shared.map.ours(dir)?;
    shared.open_log(dir, &paths.iter().map(Utf8PathBuf::as_path).collect::<Vec<_>>(), &ours)?;
    let mut packages = Vec::new();
    for path in &paths {
        let package = match path.as_str() {
            "-" => from_stdin(&options, streams),
            _ => Package::open(path, &options),
        }
        .map_err(TransferError::from)?;
        for warning in package.warnings() {
            say(streams.stderr, Level::Warning, &format!("{path}: {}", warning.message));
        }
        packages.push(package);
    }
    use_threads_for(&packages);
    arguments.check_kind(&packages)?;
    let map = arguments.shared.map.read(dir, streams)?;
    let records = user_folder::cache(streams)
        .zip(streams.program)
        .and_then(|(cache, program)| Records::new(cache.join("unpacked"), program));
    let request = |allow_delete, dry_run| -> Result<UnpackSummary, Stop> {
        Ok(unpack(UnpackRequest {
            packages: &packages,
            target: dir,
            as_packager: arguments.as_packager,
            map: map.as_ref(),
            ours: ours.clone(),
            force: arguments.force,
            allow_delete,
            clobber: arguments.shared.clobber,
            eol: arguments.eol.of_folder(),
            dry_run,
            records: records.as_ref(),
        })?)
    };
    let dry_run = arguments.shared.is_dry_run();
    let allow_delete = match arguments.allow_delete {
        Delete::Yes => true,
        Delete::No => false,
        Delete::Prompt if dry_run => true,
        Delete::Prompt => ask(&request(true, true)?, streams)?,
    };
    let summary = request(allow_delete, dry_run)?;
    let text = arguments.text.options(streams);
    arguments.shared.show(
        &format!("{}: unpacked", summary.target),
        |least, options| text_transfer::unpack(&summary, least, options),
        |writer| json_transfer::unpack(writer, &summary),
        &text,
        streams,
    )?;
    Ok(exit::for_findings(&summary.findings, Some(Severity::Error)))
}

/// What is small is done before other threads have begun.
fn use_threads_for(packages: &[Package]) {
    let entries = packages.iter().flat_map(Package::entries);
    if entries.map(|entry| entry.size).sum::<u64>() < SMALL {
        // Refused when there are threads already, which do as well.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
    }
}

fn from_stdin(options: &OpenOptions, streams: &mut Streams<'_>) -> Result<Package, PackageError> {
    let mut bytes = Vec::new();
    let most = options.limits.archive_bytes.saturating_add(1);
    Read::take(&mut *streams.stdin, most).read_to_end(&mut bytes)?;
    Package::from_bytes("stdin", bytes, options)
}

/// Without a terminal the answer is no.
fn ask(planned: &UnpackSummary, streams: &mut Streams<'_>) -> io::Result<bool> {
    let deleted: Vec<&str> = planned
        .folder
        .changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Deleted)
        .map(|change| change.path.as_str())
        .collect();
    if deleted.is_empty() || !streams.is_interactive {
        return Ok(false);
    }
    for path in &deleted {
        say(streams.stderr, Level::Skipped, &format!("no longer in the package: {path}"));
    }
    is_confirmed(streams, &format!("delete these {} files?", deleted.len()))
}

impl UnpackArguments {
    /// What is to become of an interrupted run, when that is all that was asked for.
    fn resolution(&self) -> Option<Resolution> {
        match (self.undo, self.finish) {
            (true, _) => Some(Resolution::Undo),
            (_, true) => Some(Resolution::Finish),
            _ => None,
        }
    }

    /// The package is of the type that was asked for.
    fn check_kind(&self, packages: &[Package]) -> Result<(), Stop> {
        let wanted = match self.shared.kind {
            Some(Kind::Managed) => true,
            Some(Kind::Unmanaged) => false,
            Some(Kind::Both) | None => return Ok(()),
        };
        let package = &packages[0];
        let in_layout = |error| TransferError::Layout { label: package.label().to_owned(), error };
        Ok(refuse_other_kind(package, wanted).map_err(in_layout)?)
    }
}
