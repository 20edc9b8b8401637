//! `solship undeploy`: solutions out of an environment.

use std::io;

use clap::Args;
use solship::deploy::{RemovalOptions, prepare_removal};

use super::deploy::HowArguments;
use super::{Streams, environment};

/// Uninstall solutions from an environment, in an order that holds
///
/// Everything is rehearsed first. Each one is one transaction. Exit code: 0 done, 1 refused, 2 nothing was done or it cannot be told.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship undeploy FabFlows FabShared --env uat --dry-run
  solship undeploy FabFlows --env uat --yes")]
pub(crate) struct UndeployArguments {
    /// Unique name of a solution
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    /// Environment: local:NAME, file:PATH.db; with --dry-run a snapshot too
    #[arg(long, value_name = "ENV")]
    env: String,
    /// Keep the order of the names
    #[arg(long)]
    in_order: bool,
    /// Delete what an unmanaged solution alone holds; without it the components stay
    #[arg(long)]
    delete_components: bool,
    #[command(flatten)]
    how: HowArguments,
}

pub(super) fn run(arguments: &UndeployArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let options =
        RemovalOptions { in_order: arguments.in_order, delete_components: arguments.delete_components };
    environment::run(streams, |streams| {
        arguments.how.run(&arguments.env, "Uninstall", streams, |environment| {
            prepare_removal(environment.label(), environment.state(), &arguments.names, options)
        })
    })
}
