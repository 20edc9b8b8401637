//! `solship remove`: a component taken out of a solution.

use std::io;

use clap::{Args, Subcommand};
use solship::author::{
    AuthorError, Editor, Step, remove_connection_reference, remove_credential, remove_flow, remove_secret,
    remove_variable,
};

use super::EditArguments;
use crate::cli::Streams;

/// Remove a component from a solution folder or zip, unless something in it uses the component
///
/// A script, page or connector definition that names a variable in quotes uses it; where the name only stands as a word, the file and line are told.
/// In a folder every other byte stays as it was; a zip is packed anew, as `pack` does it. Exit code: 0 done, 2 nothing was changed.
#[derive(Debug, Args)]
pub(crate) struct RemoveArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Remove an environment variable and the value that the package carries
    Variable(NamedArguments),
    /// Remove a secret variable; the secret stays in its vault
    Secret(NamedArguments),
    /// Remove a connection reference
    ConnectionReference(NamedArguments),
    /// Remove a credential; its variables stay
    Credential(NamedArguments),
    /// Remove a cloud flow or desktop flow with its binaries; what it used stays
    Flow(NamedArguments),
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

/// Takes the component of that name out.
type Remove = fn(&mut Editor, &str) -> Result<Step, AuthorError>;

pub(in crate::cli) fn run(arguments: &RemoveArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let (named, remove): (_, Remove) = match &arguments.what {
        What::Variable(named) => (named, remove_variable),
        What::Secret(named) => (named, remove_secret),
        What::ConnectionReference(named) => (named, remove_connection_reference),
        What::Credential(named) => (named, remove_credential),
        What::Flow(named) => (named, remove_flow),
    };
    named.edit.run(streams, |editor, _| Ok(vec![remove(editor, &named.name)?]))
}
