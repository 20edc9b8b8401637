//! `solship plan`: the import order of a set of solutions.

use std::io;

use clap::{Args, ValueEnum};
use solship::model::Provided;
use solship::plan::{Options, plan};
use solship::report::{exit, json, list, text_plan};

use super::inputs::{InputArguments, Use};
use super::{FailArguments, Streams, TextArguments};

/// Print the order in which solutions must be imported, with the reason for every "before"
///
/// Reads nothing but the files; the order comes from what the solutions use of each other. Exit code: 0 fine, 1 a finding at
/// or over --fail-on, 2 nothing can be said.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship plan release/
  solship plan release/*.zip --provided FabBase@1.2.0.0
  solship plan release/ --format list | while read name; do …; done")]
pub(crate) struct PlanArguments {
    /// A solution that the target has; a need on it is met (repeatable)
    #[arg(long, value_name = "NAME[@VERSION]")]
    provided: Vec<Provided>,
    /// Of a managed and an unmanaged package of one solution and version, which one counts
    #[arg(long, value_name = "KIND", default_value = "managed")]
    prefer: Kind,
    /// Form of the result; `list` is one unique name a line
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
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
    List,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Managed,
    Unmanaged,
}

pub(super) fn run(arguments: &PlanArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let Some(set) = arguments.inputs.read(Use::Model, arguments.text.all, streams)? else {
        return Ok(exit::UNUSABLE);
    };
    let options = Options {
        provided: arguments.provided.clone(),
        prefer_unmanaged: arguments.prefer == Kind::Unmanaged,
        ..Options::default()
    };
    let plan = plan(&set, &options);
    drop(set);
    match arguments.format {
        Format::Text => {
            let text = text_plan::plan(&plan, &arguments.text.options(streams));
            streams.stdout.write_all(text.as_bytes())?;
        }
        Format::Json => json::plan(streams.stdout, &plan)?,
        Format::List => streams.stdout.write_all(list::plan(&plan).as_bytes())?,
    }
    Ok(arguments.fail.exit_code(&plan.findings))
}
