//! `solship env log`: what was done to an environment.

use std::io;

use clap::Args;
use solship::environment::Environment;
use solship::report::{exit, json_environment, text_environment};

use crate::cli::Streams;
use crate::cli::environment::{Named, Refused, open_store};
use crate::cli::transfer::Format;

/// Show what was done to an environment, oldest first
#[derive(Debug, Args)]
pub(super) struct LogArguments {
    /// Environment
    #[arg(value_name = "ENV")]
    name: String,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl LogArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        let read = || -> Result<_, Refused> {
            if let Named::Snapshot(path) = Named::read(&self.name)? {
                return Err(Refused::new(
                    format!("{path} is a snapshot, which has no log"),
                    "the log stays with the environment that it was taken of",
                ));
            }
            let store = open_store(&self.name, streams)?;
            Ok((store.label().to_owned(), store.log()?))
        };
        let (label, log) = match read() {
            Ok(read) => read,
            Err(refused) => return Ok(Err(refused)),
        };
        match self.format {
            Format::Text => streams.stdout.write_all(text_environment::log(&log).as_bytes())?,
            Format::Json => json_environment::log(streams.stdout, &label, &log)?,
        }
        Ok(Ok(exit::DONE))
    }
}
