//! `solship remove`: a component taken out of a solution.

use std::io;

use clap::{Args, Subcommand};
use solship::author::remove_variable;

use super::EditArguments;
use crate::cli::Streams;

/// Remove a component from a solution folder or zip, unless something in it uses the component
///
/// Every other byte stays as it was. Exit code: 0 done, 2 nothing was changed.
#[derive(Debug, Args)]
pub(crate) struct RemoveArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Remove an environment variable and the value that the package carries
    Variable(NamedArguments),
}

/// The component, and the solution.
#[derive(Debug, Args)]
struct NamedArguments {
    /// Schema name, logical name, display name or id
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    edit: EditArguments,
}

pub(in crate::cli) fn run(arguments: &RemoveArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    match &arguments.what {
        What::Variable(named) => {
            named.edit.run(streams, |editor, _| Ok(vec![remove_variable(editor, &named.name)?]))
        }
    }
}
