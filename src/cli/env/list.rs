//! `solship env list`: the environments of this user.

use std::io;

use clap::Args;
use solship::environment::Environment;
use solship::report::json_environment::Listed;
use solship::report::{exit, json_environment, text_environment};

use crate::cli::Streams;
use crate::cli::environment::{Refused, names, open_store};
use crate::cli::message::{Level, say};
use crate::cli::transfer::Format;

/// List the local environments
#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl ListArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        let names = match names(streams) {
            Ok(names) => names,
            Err(refused) => return Ok(Err(refused)),
        };
        let mut listed = Vec::new();
        for name in names {
            // One that cannot be read is a row as well, which says why: the others are there all the same.
            listed.push(match open_store(&name, streams) {
                Ok(store) => Listed {
                    environment: store.label().to_owned(),
                    solutions: store.state().solutions().len(),
                    components: store.state().components().len(),
                    fault: None,
                },
                Err(refused) => Listed {
                    environment: format!("local:{name}"),
                    solutions: 0,
                    components: 0,
                    fault: Some(refused.message().to_owned()),
                },
            });
        }
        match self.format {
            Format::Text if listed.is_empty() => {
                say(streams.stderr, Level::Note, "there is no environment yet");
                say(streams.stderr, Level::Hint, "solship env new NAME makes one");
            }
            Format::Text => streams.stdout.write_all(text_environment::list(&listed).as_bytes())?,
            Format::Json => json_environment::list(streams.stdout, &listed)?,
        }
        Ok(Ok(exit::DONE))
    }
}
