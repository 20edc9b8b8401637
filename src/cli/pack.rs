//! `solship pack`: a folder as an archive.

use std::io;

use camino::Utf8PathBuf;
use clap::Args;
use solship::layout::{LineEnd, PackKind};
use solship::model::Severity;
use solship::report::{exit, json_transfer, text_transfer};
use solship::transfer::{PackRequest, SourceFolder, TransferError, pack};
use solship::write::ArchiveOptions;

use super::inputs::PackageArguments;
use super::transfer::{Kind, LineEnds, SharedArguments, Stop, in_order, refuse_no_name};
use super::{Streams, TextArguments};

/// Pack a solution folder into a zip that can be imported
///
/// The same files give the same bytes, on every system and at any time; SOURCE_DATE_EPOCH is honoured. The option names of
/// pac solution pack work too. Exit code: 0 done, 1 done and a finding is an error, 2 nothing was written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship pack src/FabFlows dist/FabFlows.zip
  solship pack src/FabFlows dist/FabFlows.zip --kind both    # and dist/FabFlows_managed.zip
  solship pack src/FabFlows dist/FabFlows.zip --set-version 1.2.3.4")]
pub(crate) struct PackArguments {
    /// Solution folder
    #[arg(value_name = "DIR", required_unless_present = "folder")]
    dir: Option<Utf8PathBuf>,
    /// Solution zip
    #[arg(value_name = "ZIP")]
    zip: Option<Utf8PathBuf>,
    /// Version that the packed solution gets; the folder stays as it is
    #[arg(long, value_name = "VERSION", value_parser = version)]
    set_version: Option<String>,
    /// Take the unmanaged file where a managed package has no twin of it
    #[arg(long = "useUnmanagedFileForMissingManaged")]
    use_unmanaged: bool,
    /// Line ends of the XML in the archive
    #[arg(long, value_name = "EOL", default_value = "crlf")]
    eol: LineEnds,
    /// Only unpack deletes; pac takes the option here too
    #[arg(
        long = "allowDelete",
        alias = "allow-delete",
        value_name = "ANSWER",
        num_args = 0..=1,
        require_equals = true,
        hide = true
    )]
    _allow_delete: Option<Option<String>>,
    #[command(flatten)]
    shared: SharedArguments,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    package: PackageArguments,
}

/// Digits and dots only, so that nothing else of the manifest can change.
pub(super) fn version(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('.').collect();
    let is_number = |part: &&str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) && part.parse::<u32>().is_ok()
    };
    if (2..=4).contains(&parts.len()) && parts.iter().all(is_number) {
        Ok(text.to_owned())
    } else {
        Err("not a version: write two to four numbers with dots, such as 1.2.3.4".to_owned())
    }
}

pub(super) fn run(arguments: &PackArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    arguments.shared.run(streams, |streams| execute(arguments, streams))
}

fn execute(arguments: &PackArguments, streams: &mut Streams<'_>) -> Result<u8, Stop> {
    let shared = &arguments.shared;
    let Some((dir, zip)) = in_order([&arguments.dir, &arguments.zip], [&shared.folder, &shared.zipfile])
    else {
        return Err(Stop::Usage(
            "name one DIR and one ZIP".to_owned(),
            "solship pack src/FabFlows dist/FabFlows.zip",
        ));
    };
    refuse_no_name([dir, zip], "solship pack src/FabFlows dist/FabFlows.zip")?;
    if zip == "-" {
        let message = "a zip is not written to stdout".to_owned();
        return Err(Stop::Usage(message, "name a file; ./- is one that is called so"));
    }
    if !dir.is_dir() {
        return Err(TransferError::NothingToPack { path: dir.to_owned() }.into());
    }
    let ours = shared.map.ours(dir)?;
    let archives = shared.archives(zip);
    shared.open_log(dir, &archives.iter().map(Utf8PathBuf::as_path).collect::<Vec<_>>(), &ours)?;
    let map = shared.map.read(dir, streams)?;
    let source = SourceFolder::open(dir, &ours, map.as_ref(), &arguments.package.options())?;
    let targets = match arguments.shared.kind {
        Some(Kind::Both) => archives.into_iter().zip([PackKind::Unmanaged, PackKind::Managed]).collect(),
        Some(Kind::Managed) => vec![(zip.to_owned(), PackKind::Managed)],
        Some(Kind::Unmanaged) => vec![(zip.to_owned(), PackKind::Unmanaged)],
        None => {
            let is_managed = source
                .is_managed()
                .map_err(|error| TransferError::Layout { label: dir.to_string(), error })?;
            vec![(zip.to_owned(), if is_managed { PackKind::Managed } else { PackKind::Unmanaged })]
        }
    };
    let line_end = match arguments.eol {
        LineEnds::Lf => LineEnd::Lf,
        LineEnds::Crlf | LineEnds::Auto => LineEnd::Crlf,
    };
    let summary = pack(&PackRequest {
        folder: &source,
        targets: &targets,
        line_end,
        version: arguments.set_version.clone(),
        use_unmanaged_for_missing_managed: arguments.use_unmanaged,
        archive: ArchiveOptions {
            source_date_epoch: streams.source_date_epoch,
            threads: None,
            clobber: arguments.shared.clobber,
        },
        dry_run: arguments.shared.is_dry_run(),
    })?;
    let text = arguments.text.options(streams);
    let packed: Vec<String> =
        summary.written.iter().map(|written| format!("{}: packed", written.path)).collect();
    arguments.shared.show(
        &packed.join(", "),
        |least, options| text_transfer::pack(&summary, least, options),
        |writer| json_transfer::pack(writer, &summary),
        &text,
        streams,
    )?;
    Ok(exit::for_findings(&summary.findings, Some(Severity::Error)))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn a_version_is_numbers_and_dots() {
        for good in ["1.2", "1.2.3.4", "1.0.02407.1937"] {
            assert_eq!(version(good).as_deref(), Ok(good));
        }
        for bad in ["", "1", "1.2.3.4.5", "1.a", "1..2", "1.2<x", " 1.2", "1.99999999999"] {
            assert!(version(bad).is_err(), "{bad}");
        }
    }
}
