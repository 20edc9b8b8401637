//! `solship plan`: the import order of a set of solutions.

use std::io;

use clap::{Args, ValueEnum};
use solship::model::Version;
use solship::plan::{Options, Provided, plan};
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
    #[arg(long, value_name = "NAME[@VERSION]", value_parser = provided)]
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

/// Reads `NAME` or `NAME@VERSION`.
fn provided(text: &str) -> Result<Provided, String> {
    let (name, version) = match text.split_once('@') {
        Some((name, version)) => (name.trim(), Some(version.trim())),
        None => (text.trim(), None),
    };
    if name.is_empty() {
        return Err("no name: write NAME or NAME@VERSION".to_owned());
    }
    let is_version = |version: &str| {
        let parts: Vec<&str> = version.split('.').collect();
        parts.len() <= 4 && parts.iter().all(|part| part.parse::<u64>().is_ok() && !part.starts_with('+'))
    };
    if let Some(version) = version.filter(|version| !is_version(version)) {
        return Err(format!("`{version}` is no version: write one such as 1.2.0.0"));
    }
    Ok(Provided { unique_name: name.to_owned(), version: version.map(Version::new) })
}

pub(super) fn run(arguments: &PlanArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let Some(set) = arguments.inputs.read(Use::Model, arguments.text.all, streams)? else {
        return Ok(exit::UNUSABLE);
    };
    let options = Options {
        provided: arguments.provided.clone(),
        prefer_unmanaged: arguments.prefer == Kind::Unmanaged,
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

#[cfg(test)]
mod tests {
    use super::provided;

    #[test]
    fn provided_solutions_have_a_name_and_perhaps_a_version() {
        let with_version = provided("FabBase@1.2.0.0").unwrap();
        assert_eq!(with_version.unique_name, "FabBase");
        assert_eq!(with_version.version.unwrap().to_string(), "1.2.0.0");
        assert!(provided("FabBase").unwrap().version.is_none());
        for wrong in ["", "@1.0", "Fab@", "Fab@one", "Fab@1.2.3.4.5", "Fab@+1", "Fab@1..2"] {
            assert!(provided(wrong).is_err(), "{wrong}");
        }
    }
}
