//! `solship verify`: the proof that nothing is lost, and where an archive comes from.

use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use solship::layout::refuse_other_kind;
use solship::mapping::{Map, Ours};
use solship::model::Solution;
use solship::package::{Form, OpenOptions, Package, PackageError, is_packager_folder};
use solship::report::{exit, json, text_verify};
use solship::transfer::{SourceFolder, TransferError};
use solship::verify::{self, BuiltFrom, Verification};

use super::inputs::{Half, Input, InputArguments, InputError, Outcome, SortKey};
use super::message::{Level, say};
use super::pack::version;
use super::transfer::{Format, MapArguments};
use super::{FailArguments, Streams, TextArguments};

/// Prove that nothing is lost between archive and folder, and print the content hash
///
/// Every byte is read; the package is unpacked and packed in memory, twice, and every entry compared. The hash is the same for
/// a zip and the folder that it is unpacked to. Nothing is written. Exit code: 0 fine, 1 a finding at or over --fail-on, 2
/// nothing can be said.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship verify FabFlows.zip src/FabFlows
  solship verify FabFlows.zip --built-from src/FabFlows --format json")]
pub(crate) struct VerifyArguments {
    /// Prove instead that the archive was packed from this folder, whichever packer made it, entry by entry
    #[arg(long, value_name = "DIR")]
    built_from: Option<Utf8PathBuf>,
    /// The version that the archive got on the way; without it the folder's version must be the archive's
    #[arg(long, value_name = "VERSION", requires = "built_from", value_parser = version)]
    set_version: Option<String>,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    map: MapArguments,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
    #[command(flatten)]
    fail: FailArguments,
}

pub(super) fn run(arguments: &VerifyArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    if let Some(folder) = &arguments.built_from {
        return built_from(arguments, folder, streams);
    }
    let Some(mut set) = read(arguments, streams)? else {
        return Ok(exit::UNUSABLE);
    };
    set.sort_by(|one, other| sort_key(one).cmp(&sort_key(other)));
    match arguments.format {
        Format::Text => {
            let text = text_verify::verify(&set, &arguments.text.options(streams));
            streams.stdout.write_all(text.as_bytes())?;
        }
        Format::Json => json::verify(streams.stdout, &set)?,
    }
    Ok(arguments.fail.exit_code(set.iter().flat_map(|verification| &verification.findings)))
}

fn sort_key(found: &Verification) -> SortKey<'_> {
    let solution = &found.solution;
    SortKey::new(&solution.unique_name, &solution.version, solution.managed, &solution.source)
}

/// Reads and verifies the set; none when it cannot be read, which was said then.
fn read(arguments: &VerifyArguments, streams: &mut Streams<'_>) -> io::Result<Option<Vec<Verification>>> {
    let mut map = None;
    if arguments.map.is_given() {
        let folder = match &arguments.inputs.solutions[..] {
            [one] if is_packager_folder(one).unwrap_or(false) => one,
            _ => {
                say(streams.stderr, Level::Error, "--map is about one folder: name one that unpack wrote");
                return Ok(None);
            }
        };
        match arguments.map.read(folder, streams) {
            Ok(found) => map = found,
            Err(stop) => return stop.tell(streams).map(|_| None),
        }
    }
    let ours = |folder: &Utf8Path| arguments.map.ours(folder);
    let half = arguments.inputs.kind;
    let read = |input: Input, options: &OpenOptions| verify_one(half, &ours, map.as_ref(), input, options);
    arguments.inputs.read_each(arguments.text.all, streams, &read)
}

/// Verifies one package, or one half of a folder; `ours` says what of a folder is the solution's own.
pub(super) fn verify_one(
    half: Option<Half>,
    ours: &dyn Fn(&Utf8Path) -> Result<Ours, TransferError>,
    map: Option<&Map>,
    input: Input,
    options: &OpenOptions,
) -> Result<Outcome<Verification>, InputError> {
    let path = input.label.clone();
    if path.is_dir() && is_packager_folder(&path)? {
        // The model gives places in the user's own files.
        let Some(package) = input.open(half, options)? else { return Ok(Outcome::NoSolution) };
        let solution = Solution::read(&package)?;
        let files = SourceFolder::open(&path, &ours(&path)?, map, options)?;
        let only = half.map(|half| matches!(half, Half::Managed));
        let mut found = verify::folder(&files, Some(&solution), only)?;
        found.findings.extend(files.findings().iter().cloned());
        found.left_alone = files.left_alone().keys().cloned().collect();
        return Ok(Outcome::Read(Box::new(found), package.warnings().to_vec()));
    }
    let Some(package) = input.open(None, options)? else { return Ok(Outcome::NoSolution) };
    let found = verify::archive(&package)?;
    Ok(Outcome::Read(Box::new(found), package.warnings().to_vec()))
}

fn built_from(arguments: &VerifyArguments, folder: &Utf8Path, streams: &mut Streams<'_>) -> io::Result<u8> {
    let [archive] = &arguments.inputs.solutions[..] else {
        say(streams.stderr, Level::Error, "--built-from is about one archive: name one");
        return Ok(exit::UNUSABLE);
    };
    let map = match arguments.map.read(folder, streams) {
        Ok(map) => map,
        Err(stop) => return stop.tell(streams),
    };
    let attestation = match attest(arguments, archive, folder, map.as_ref(), streams) {
        Ok(attestation) => attestation,
        Err(error) => {
            say(streams.stderr, Level::Error, &error.to_string());
            return Ok(exit::UNUSABLE);
        }
    };
    match arguments.format {
        Format::Text => {
            let text = text_verify::attestation(&attestation, &arguments.text.options(streams));
            streams.stdout.write_all(text.as_bytes())?;
        }
        Format::Json => json::attestation(streams.stdout, &attestation)?,
    }
    Ok(arguments.fail.exit_code(&attestation.findings))
}

fn attest(
    arguments: &VerifyArguments,
    archive: &Utf8Path,
    folder: &Utf8Path,
    map: Option<&Map>,
    streams: &mut Streams<'_>,
) -> Result<verify::Attestation, InputError> {
    let options = arguments.inputs.package.options();
    let io = PackageError::from;
    let (package, archive_sha256) = if archive == "-" {
        let mut bytes = Vec::new();
        let most = options.limits.archive_bytes.saturating_add(1);
        Read::take(&mut *streams.stdin, most).read_to_end(&mut bytes).map_err(io)?;
        let sum = verify::sha256(&mut &bytes[..]).map_err(io)?;
        (Package::from_bytes("stdin", bytes, &options)?, Some(sum))
    } else {
        let package = Package::open(archive, &options)?;
        let is_file = package.form() == Form::Zip;
        let sum = || verify::sha256(&mut fs_err::File::open(archive)?);
        (package, is_file.then(sum).transpose().map_err(io)?)
    };
    for warning in package.warnings() {
        say(streams.stderr, Level::Warning, &format!("{}: {}", package.label(), warning.message));
    }
    if let Some(half) = arguments.inputs.kind {
        let label = package.label().to_owned();
        refuse_other_kind(&package, matches!(half, Half::Managed))
            .map_err(|error| InputError::Folder { label, error })?;
    }
    let files = SourceFolder::open(folder, &arguments.map.ours(folder)?, map, &options)?;
    let mut attestation = verify::built_from(&BuiltFrom {
        archive: &package,
        archive_sha256,
        folder: &files,
        version: arguments.set_version.clone(),
    })?;
    attestation.findings.extend(files.findings().iter().cloned());
    Ok(attestation)
}
