//! `solship new`: a solution from nothing.

use std::io;

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};
use solship::author::{NewSolution, new_solution};

use super::{refuse, show};
use crate::cli::Streams;
use crate::cli::transfer::Format;
use solship::report::exit;

/// Make a solution
#[derive(Debug, Args)]
pub(crate) struct NewArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Solution(SolutionArguments),
}

/// Make an empty solution as a folder, which packs into one that can be imported
///
/// Exit code: 0 done or already there, 2 nothing was written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship new solution FabRobotAccess --publisher Fabrikam --prefix fab
  cd FabRobotAccess; solship add variable fab_Robot7User --default 'FABRIKAM\\robot7'; solship pack . ../FabRobotAccess.zip")]
struct SolutionArguments {
    /// Unique name; also the name of the folder
    #[arg(value_name = "NAME")]
    name: String,
    /// Unique name of the publisher, as the target has it
    #[arg(long, value_name = "UNIQUENAME")]
    publisher: String,
    /// The publisher's prefix, without the underscore
    #[arg(long, value_name = "PRE")]
    prefix: String,
    /// The publisher's prefix of option values
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    option_value_prefix: u32,
    /// Display name
    #[arg(long, value_name = "TEXT")]
    display: Option<String>,
    /// Display name of the publisher
    #[arg(long, value_name = "TEXT")]
    publisher_display: Option<String>,
    /// Description
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Version
    #[arg(long, value_name = "V", default_value = "1.0.0.0")]
    version: String,
    /// Language of the texts
    #[arg(long, value_name = "CODE", default_value_t = 1033)]
    language: u32,
    /// Folder; default: ./NAME
    #[arg(long, value_name = "PATH")]
    dir: Option<Utf8PathBuf>,
    /// Say what would be done and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(in crate::cli) fn run(arguments: &NewArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let What::Solution(solution) = &arguments.what;
    let wanted = NewSolution {
        name: solution.name.clone(),
        publisher: solution.publisher.clone(),
        prefix: solution.prefix.clone(),
        option_value_prefix: solution.option_value_prefix,
        display: solution.display.clone(),
        publisher_display: solution.publisher_display.clone(),
        description: solution.description.clone(),
        version: solution.version.clone(),
        language: solution.language,
    };
    let target = solution.dir.clone().unwrap_or_else(|| Utf8PathBuf::from(&solution.name));
    match new_solution(&target, &wanted, solution.dry_run) {
        Ok(edited) => {
            show(&edited, solution.format, streams)?;
            Ok(exit::DONE)
        }
        Err(error) => refuse(error, streams),
    }
}
