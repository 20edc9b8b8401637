//! `solship env`: environments of solship's own and snapshots, one file a command.

mod delete;
mod list;
mod log;
mod new;
mod provide;
mod restore;
mod set;
mod show;
mod snapshot;

use std::io;

use clap::{Args, Subcommand};
use solship::report::{exit, json_environment, text_environment};

use super::Streams;
use super::environment::{self, Refused};
use super::transfer::Format;

/// Environments on this computer, in which a release is rehearsed
///
/// An environment is one file. ENV is local:NAME or NAME for one in the folder of your data, file:PATH.db for one elsewhere,
/// or the .json file of a snapshot, which is only read. Exit code: 0 done, 2 nothing was changed.
#[derive(Debug, Args)]
pub(crate) struct EnvArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    New(new::NewArguments),
    List(list::ListArguments),
    Show(show::ShowArguments),
    Delete(delete::DeleteArguments),
    Snapshot(snapshot::SnapshotArguments),
    Restore(restore::RestoreArguments),
    Log(log::LogArguments),
    Provide(provide::ProvideArguments),
    Set(set::SetArguments),
}

pub(super) fn run(arguments: &EnvArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    environment::run(streams, |streams| match &arguments.what {
        What::New(arguments) => arguments.run(streams),
        What::List(arguments) => arguments.run(streams),
        What::Show(arguments) => arguments.run(streams),
        What::Delete(arguments) => arguments.run(streams),
        What::Snapshot(arguments) => arguments.run(streams),
        What::Restore(arguments) => arguments.run(streams),
        What::Log(arguments) => arguments.run(streams),
        What::Provide(arguments) => arguments.run(streams),
        What::Set(arguments) => arguments.run(streams),
    })
}

/// Prints what was done, which is on disk already.
fn report(
    done: &json_environment::Done,
    format: Format,
    streams: &mut Streams<'_>,
) -> io::Result<Result<u8, Refused>> {
    let text = text_environment::done(done);
    streams.report_written(text.trim_end(), |stdout| match format {
        Format::Text => stdout.write_all(text.as_bytes()),
        Format::Json => json_environment::done(stdout, done),
    })?;
    Ok(Ok(exit::DONE))
}
