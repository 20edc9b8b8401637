//! `solship rename`: another name for a component, and for what the solution says of it.

use std::io;

use clap::{Args, ValueEnum};
use solship::author::{Renamed, rename};

use super::EditArguments;
use crate::cli::Streams;

/// Give a component another name, with everything in the solution that names it
///
/// In scripts, pages and connector definitions the name of a variable in quotes changes too; where the name still stands after that, the file and line are told. Exit code: 0 done or already so, 2 nothing was changed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship rename variable fab_Limit fab_InvoiceLimit
  solship rename flow 'Run payroll' 'Run payroll (robots)'")]
pub(crate) struct RenameArguments {
    /// Kind
    #[arg(value_name = "KIND")]
    what: Kind,
    /// Name that it has: schema name, logical name, display name or id
    #[arg(value_name = "NAME")]
    old: String,
    /// Name that it gets
    #[arg(value_name = "NEW")]
    new: String,
    #[command(flatten)]
    edit: EditArguments,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Variable,
    ConnectionReference,
    Credential,
    Flow,
}

pub(in crate::cli) fn run(arguments: &RenameArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let what = match arguments.what {
        Kind::Variable => Renamed::Variable,
        Kind::ConnectionReference => Renamed::ConnectionReference,
        Kind::Credential => Renamed::Credential,
        Kind::Flow => Renamed::Flow,
    };
    arguments.edit.run(streams, |editor, _| Ok(vec![rename(editor, what, &arguments.old, &arguments.new)?]))
}
