//! `solship env snapshot`: an environment as one JSON file.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use solship::environment::State;
use solship::environment::snapshot::{Detail, HashKey, Untold, is_snapshot, snapshot};
use solship::report::exit;
use solship::report::json_environment::Done;
use solship::write::{create_file, create_plain_file, replace_file};

use super::report;
use crate::cli::environment::{Refused, open};
use crate::cli::transfer::Format;
use crate::cli::{Streams, config};

/// A key is a line.
const MOST_BYTES_OF_KEY: u64 = 64 << 10;
const MOST_BYTES_OF_SNAPSHOT: u64 = 1 << 30;

/// Write what an environment holds as sorted JSON
///
/// By default it says of a value only that it is set, and names nobody.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship env snapshot uat --out uat.json
  solship env snapshot uat --hash-key ~/.config/solship.key --out uat.json    # two of them tell which values differ
  solship env snapshot uat --with-values --out backup.json                    # a secret; env restore makes all of it again")]
pub(super) struct SnapshotArguments {
    /// Environment
    #[arg(value_name = "ENV")]
    name: String,
    /// File; a snapshot that is there is replaced. Without it the snapshot is printed
    #[arg(long, value_name = "FILE")]
    out: Option<Utf8PathBuf>,
    /// File with at least 16 bytes: of each value its HMAC-SHA-256 under this key
    #[arg(long, value_name = "FILE", conflicts_with = "with_values")]
    hash_key: Option<Utf8PathBuf>,
    /// Values and names of accounts, into a file that its owner alone may read
    #[arg(long, requires = "out")]
    with_values: bool,
    /// Form of what is said of a file that was written
    #[arg(long, value_name = "FORMAT", default_value = "text", requires = "out")]
    format: Format,
}

/// What is to be known of a file with values.
fn notes(state: &State) -> Vec<String> {
    let untold = Untold::of(state);
    if untold.is_empty() {
        return vec!["it holds values: keep it as a secret".to_owned()];
    }
    let mut notes = vec!["it holds the values that are known: keep it as a secret".to_owned()];
    let mut unknown = |what: &str, names: Vec<String>| {
        if !names.is_empty() {
            notes.push(format!("not known here, and not in it: {what} {}", names.join(", ")));
        }
    };
    unknown("values of", untold.variables().into_iter().map(str::to_owned).collect());
    unknown("accounts that share", untold.shares.iter().map(ToString::to_string).collect());
    unknown("parameters of connection", untold.connections.clone());
    notes
}

impl SnapshotArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        let taken = self.detail().and_then(|detail| {
            let environment = open(&self.name, streams, false)?;
            let notes = if self.with_values { notes(environment.state()) } else { Vec::new() };
            Ok((environment.label().to_owned(), snapshot(environment.state(), &detail), notes))
        });
        let (label, text, notes) = match taken {
            Ok(taken) => taken,
            Err(refused) => return Ok(Err(refused)),
        };
        let Some(out) = &self.out else {
            streams.stdout.write_all(text.as_bytes())?;
            return Ok(Ok(exit::DONE));
        };
        if let Err(refused) = self.write(out, text.as_bytes()) {
            return Ok(Err(refused));
        }
        let done = Done { notes, ..Done::new(&label, &format!("written to {out}")) };
        report(Ok(done), self.format, streams)
    }

    fn detail(&self) -> Result<Detail, Refused> {
        let Some(path) = &self.hash_key else {
            return Ok(if self.with_values { Detail::Known } else { Detail::Set });
        };
        let key = HashKey::new(&config::read(path, MOST_BYTES_OF_KEY)?);
        let short = || {
            Refused::new(
                format!("{path}: the key is shorter than 16 bytes"),
                "a good one: head -c 32 /dev/urandom | base64 > FILE",
            )
        };
        key.map(Detail::Hashed).ok_or_else(short)
    }

    /// Replaces a snapshot, and nothing else.
    fn write(&self, out: &Utf8Path, bytes: &[u8]) -> Result<(), Refused> {
        if fs_err::symlink_metadata(out).is_err() {
            return Ok(if self.with_values {
                create_file(out, bytes)
            } else {
                create_plain_file(out, bytes)
            }?);
        }
        if !is_snapshot(&config::read(out, MOST_BYTES_OF_SNAPSHOT)?) {
            let message = format!("{out}: a file is there already, and it is no snapshot");
            return Err(Refused::new(message, "name another file"));
        }
        if self.with_values {
            // It keeps its permissions, which may let others read it.
            fs_err::remove_file(out).map_err(|error| error.to_string())?;
            return Ok(create_file(out, bytes)?);
        }
        Ok(replace_file(out, bytes)?)
    }
}
