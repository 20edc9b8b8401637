//! `solship env delete`.

use std::io;

use clap::Args;
use solship::environment::store::{Store, StoreError};
use solship::report::json_environment::Done;

use super::report;
use crate::cli::Streams;
use crate::cli::environment::{Named, Refused};
use crate::cli::message::is_confirmed;
use crate::cli::transfer::Format;

/// Delete an environment, its log too
#[derive(Debug, Args)]
pub(super) struct DeleteArguments {
    /// Environment
    #[arg(value_name = "ENV")]
    name: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
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
        if fs_err::symlink_metadata(&path).is_err() {
            return Ok(Err(StoreError::NotFound { label }.into()));
        }
        if !self.yes {
            if !streams.is_interactive {
                let message = format!("{label}: nobody can be asked whether to delete it");
                return Ok(Err(Refused::new(message, "--yes deletes it without asking")));
            }
            if !is_confirmed(streams, &format!("delete {label}?"))? {
                return Ok(Err(format!("{label} stays").into()));
            }
        }
        let is_ours = matches!(Named::read(&self.name), Ok(Named::Local(_)));
        match Store::delete(&path, &label, is_ours) {
            Ok(()) => report(Ok(Done::new(&label, "deleted")), self.format, streams),
            Err(error) => Ok(Err(error.into())),
        }
    }
}
