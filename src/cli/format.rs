//! `solship format`: a solution folder without the noise.

use std::io;

use camino::Utf8PathBuf;
use clap::Args;
use solship::format::{self, FormatError, FormatRequest};
use solship::report::{exit, json_format, text_format};

use super::Streams;
use super::inputs::PackageArguments;
use super::message::{Level, say};
use super::transfer::{Format, LineEnds, Stop};

/// Sort what has no order in a solution folder, so that a version control system shows changes only
///
/// Lists without an order are sorted in the files that the packager itself writes, by the list that solship diff goes by, and line
/// ends are made of one kind; every other byte stays, and files that the packager copies are not touched. Packing gives the same
/// but for that order. Written whole or not at all. Exit code: 0 done or nothing to do, 1 --check found files to format, 2
/// nothing was changed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship unpack FabFlows.zip src/FabFlows && solship format src/FabFlows
  solship format src/FabFlows --check        # in a pipeline")]
pub(crate) struct FormatArguments {
    /// Solution folder that unpack wrote
    #[arg(value_name = "DIR")]
    dir: Utf8PathBuf,
    /// Write nothing; exit with 1 and list the files when there is something to format
    #[arg(long)]
    check: bool,
    /// List what would be done and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Line ends: auto leaves a file alone that has one kind
    #[arg(long, value_name = "EOL", default_value = "auto")]
    eol: LineEnds,
    /// Replace read-only files too
    #[arg(long)]
    clobber: bool,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    package: PackageArguments,
}

pub(super) fn run(arguments: &FormatArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let options = arguments.package.options();
    let request = FormatRequest {
        folder: &arguments.dir,
        options: &options,
        line_ends: match arguments.eol {
            LineEnds::Auto => format::LineEnds::Auto,
            LineEnds::Crlf => format::LineEnds::Crlf,
            LineEnds::Lf => format::LineEnds::Lf,
        },
        clobber: arguments.clobber,
        dry_run: arguments.dry_run || arguments.check,
    };
    let summary = match format::folder(&request) {
        Ok(summary) => summary,
        Err(FormatError::Write(error)) => return Stop::Transfer(error.into()).tell(streams),
        Err(FormatError::Package(error)) => return Stop::Transfer(error.into()).tell(streams),
        Err(error) => {
            say(streams.stderr, Level::Error, &error.to_string());
            if let FormatError::NotASolutionFolder { .. } = error {
                say(streams.stderr, Level::Hint, "name the folder that unpack wrote");
            }
            return Ok(exit::UNUSABLE);
        }
    };
    let color = streams.stdout_color;
    let report = |stdout: &mut dyn io::Write| match arguments.format {
        Format::Text => stdout.write_all(text_format::format(&summary, color).as_bytes()),
        Format::Json => json_format::format(stdout, &summary),
    };
    if summary.dry_run || summary.changes.is_empty() {
        report(streams.stdout)?;
    } else {
        streams.report_written(&text_format::counts(&summary), report)?;
    }
    Ok(if arguments.check && !summary.changes.is_empty() { exit::FOUND } else { exit::DONE })
}
