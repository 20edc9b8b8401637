//! `solship env delete`.

use std::io;

use clap::Args;
use solship::environment::store::{Store, StoreError};
use solship::report::json_environment::Done;

use super::report;
use crate::cli::Streams;
use crate::cli::confirm::YesArguments;
use crate::cli::environment::{Named, Refused};
use crate::cli::transfer::Format;

/// Delete an environment, its log too
#[derive(Debug, Args)]
pub(super) struct DeleteArguments {
    /// Environment
    #[arg(value_name = "ENV")]
    name: String,
    #[command(flatten)]
    yes: YesArguments,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl DeleteArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        let found = Named::read(&self.name).and_then(|named| Ok((named.path(streams)?, named.label())));
        let (path, label) = match found {
            Ok(found) => found,
            Err(refused) => return Ok(Err(refused)),
        };
        let is_ours = matches!(Named::read(&self.name), Ok(Named::Local(_)));
        match Store::refuse_to_delete(&path, is_ours) {
            Ok(()) => {}
            Err(StoreError::NotFound { .. }) => return Ok(Err(StoreError::NotFound { label }.into())),
            Err(error) => return Ok(Err(error.into())),
        }
        if let Err(refused) = self.yes.ask(&label, "delete it", streams)? {
            return Ok(Err(refused));
        }
        match Store::delete(&path, &label, is_ours) {
            Ok(()) => report(Ok(Done::new(&label, "deleted")), self.format, streams),
            Err(error) => Ok(Err(error.into())),
        }
    }
}
