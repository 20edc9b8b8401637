//! `solship env restore`: an environment that can be changed, of a snapshot.

use std::collections::BTreeSet;
use std::io;

use camino::Utf8PathBuf;
use clap::Args;
use solship::environment::snapshot::Restored;
use solship::environment::store::Store;
use solship::report::json_environment::Done;
use solship::text::shell_word;

use super::report;
use crate::cli::Streams;
use crate::cli::environment::{Named, Refused, entry, open_snapshot};
use crate::cli::transfer::Format;

/// Make an environment of a snapshot
///
/// Values that the snapshot does not tell are unset in it, and it says which.
#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    /// Name of the new environment, or file:PATH.db
    #[arg(value_name = "NAME")]
    name: String,
    /// Snapshot
    #[arg(value_name = "SNAPSHOT")]
    snapshot: Utf8PathBuf,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl RestoreArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        let made = || -> Result<Done, Refused> {
            let named = Named::read(&self.name)?;
            let label = named.label();
            let path = named.new_path(streams)?;
            let Restored { state, unset, untold, unshared, incomplete } =
                open_snapshot(&self.snapshot)?.restored();
            let words = format!("restored from {}", self.snapshot);
            Store::create(&path, &label, &state, &entry(streams, &words))?;
            let mut notes = Vec::new();
            if !unset.is_empty() {
                let names: Vec<&str> = unset.iter().map(|key| &*key.key).collect();
                notes
                    .push(format!("unset, as the snapshot does not tell their values: {}", names.join(", ")));
            }
            if !untold.is_empty() {
                let names: BTreeSet<&str> = untold.iter().map(|key| &*key.key).collect();
                let names: Vec<&str> = names.into_iter().collect();
                notes.push(format!(
                    "not known, as the snapshot does not tell them: the defaults or packaged values of {}",
                    names.join(", ")
                ));
            }
            if !unshared.is_empty() {
                let names: Vec<String> = unshared.iter().map(ToString::to_string).collect();
                notes.push(format!("no longer shared, as the snapshot names nobody: {}", names.join(", ")));
            }
            if !incomplete.is_empty() {
                notes.push(format!(
                    "without the parameters that the snapshot does not tell: connections {}",
                    incomplete.join(", ")
                ));
            }
            let next = (!unset.is_empty())
                .then(|| format!("solship env set {} VARIABLE < FILE", shell_word(&label)));
            Ok(Done { notes, next, ..Done::new(&label, &words) })
        };
        report(made(), self.format, streams)
    }
}
