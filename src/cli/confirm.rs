//! The question before what is not undone.

use std::io;

use clap::Args;

use super::Streams;
use super::environment::Refused;
use super::message::is_confirmed;

/// The answer of whoever does not want to be asked.
#[derive(Debug, Args)]
pub(super) struct YesArguments {
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

impl YesArguments {
    /// Asks whether to do something to an environment, such as `delete it`. Refused is what is not wanted, and what nobody can be
    /// asked for.
    pub(super) fn ask(
        &self,
        label: &str,
        doing: &str,
        streams: &mut Streams<'_>,
    ) -> io::Result<Result<(), Refused>> {
        if self.yes {
            return Ok(Ok(()));
        }
        if !streams.is_interactive {
            let message = format!("{label}: nobody can be asked whether to {doing}");
            return Ok(Err(Refused::new(message, "--yes does it without asking")));
        }
        if is_confirmed(streams, &format!("{label}: {doing}?"))? {
            return Ok(Ok(()));
        }
        Ok(Err(format!("{label}: nothing was done").into()))
    }
}
