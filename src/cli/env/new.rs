//! `solship env new`: an empty environment.

use std::io;

use clap::Args;
use solship::environment::State;
use solship::environment::store::Store;
use solship::report::json_environment::Done;
use solship::text::shell_word;

use super::report;
use crate::cli::Streams;
use crate::cli::environment::{Named, Refused, entry};
use crate::cli::transfer::Format;

/// Make an empty environment
#[derive(Debug, Args)]
pub(super) struct NewArguments {
    /// Name, or file:PATH.db
    #[arg(value_name = "NAME")]
    name: String,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl NewArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        let made = || -> Result<Done, Refused> {
            let named = Named::read(&self.name)?;
            let label = named.label();
            let words = "made";
            Store::create(&named.new_path(streams)?, &label, &State::default(), &entry(streams, words))?;
            let next = format!("solship deploy SOLUTION… --env {}", shell_word(&label));
            Ok(Done { next: Some(next), ..Done::new(&label, words) })
        };
        report(made(), self.format, streams)
    }
}
