//! `solship env show`: what an environment holds, in short.

use std::io;

use clap::Args;
use solship::environment::overview::overview;
use solship::report::{exit, json_environment, text_environment};

use crate::cli::environment::{Refused, open};
use crate::cli::transfer::Format;
use crate::cli::{Streams, TextArguments};

/// Show what an environment holds, and what in it waits for somebody
///
/// No value is printed.
#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    /// Environment
    #[arg(value_name = "ENV")]
    name: String,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    text: TextArguments,
}

impl ShowArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        let environment = match open(&self.name, streams, false) {
            Ok(environment) => environment,
            Err(refused) => return Ok(Err(refused)),
        };
        let found = overview(environment.label(), environment.state());
        match self.format {
            Format::Text => {
                let text = text_environment::overview(&found, &self.text.options(streams));
                streams.stdout.write_all(text.as_bytes())?;
            }
            Format::Json => json_environment::overview(streams.stdout, &found)?,
        }
        Ok(Ok(exit::DONE))
    }
}
