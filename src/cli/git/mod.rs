//! `solship git`: solutions in a git repository. One file a command; git calls two of them itself.

mod change;
mod given;
mod merge_driver;
mod repository;
mod setup;
mod textconv;

use std::io;

use clap::{Args, Subcommand};

use super::Streams;

/// Let git compare and merge solutions by what their parts are called
///
/// setup writes what git needs; git calls the other two itself, on files of a repository that nobody has to trust: they read no
/// configuration, no environment and no other file, and have limits of time and memory.
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct GitArguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Setup(setup::SetupArguments),
    Textconv(textconv::TextconvArguments),
    MergeDriver(merge_driver::MergeDriverArguments),
}

pub(super) fn run(arguments: &GitArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    match &arguments.command {
        Command::Setup(arguments) => setup::run(arguments, streams),
        Command::Textconv(arguments) => textconv::run(arguments, streams),
        Command::MergeDriver(arguments) => merge_driver::run(arguments, streams),
    }
}
