//! `solship inspect`: each solution on one screen.

use std::io;

use clap::{Args, ValueEnum};
use solship::inspect::{Inspection, inspect};
use solship::report::{TextOptions, exit, json, text_inspect};

use super::inputs::{InputArguments, Use};
use super::{FailArguments, Streams, TextArguments};

/// Show what solutions hold, what each part uses, and what they need from elsewhere
///
/// Every file of every package is read and checked before anything is printed. Values of variables are masked.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship inspect FabFlows.zip
  solship inspect release/ --format json")]
pub(crate) struct InspectArguments {
    /// Form of the result; the JSON holds every component and every reference
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Print the values of variables, which may be secret
    #[arg(long)]
    show_values: bool,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
    #[command(flatten)]
    fail: FailArguments,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(arguments: &InspectArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let Some(set) = arguments.inputs.read(Use::EveryByte, arguments.text.all, streams)? else {
        return Ok(exit::UNUSABLE);
    };
    let inspections: Vec<Inspection> = set.into_iter().map(inspect).collect();
    match arguments.format {
        Format::Text => {
            let options =
                TextOptions { show_values: arguments.show_values, ..arguments.text.options(streams) };
            let text = text_inspect::inspect(&inspections, &options);
            streams.stdout.write_all(text.as_bytes())?;
        }
        Format::Json => json::inspect(streams.stdout, &inspections, arguments.show_values)?,
    }
    Ok(arguments.fail.exit_code(inspections.iter().flat_map(|inspection| &inspection.findings)))
}
