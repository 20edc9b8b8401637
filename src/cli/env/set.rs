//! `solship env set`: the value that an environment itself gives to a variable.

use std::io::{self, Read};

use camino::Utf8PathBuf;
use clap::Args;
use solship::environment::credential::note_of_change;
use solship::environment::import::settle_flows;
use solship::environment::overview::variable;
use solship::environment::{Environment, Facts, Value};
use solship::report::json_environment::Done;
use solship::settings::fault_of_value;

use super::{change_and_tell, report};
use crate::cli::environment::{Refused, open_store};
use crate::cli::transfer::Format;
use crate::cli::{Streams, config};

/// The platform takes 2,000 characters.
const MOST_BYTES: u64 = 64 << 10;

/// Give a variable a value of the environment's own
///
/// The value comes from stdin or a file, never from the command line, which other users of the computer see. A line end at
/// its end does not count.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship env set uat fab_Limit < limit.txt
  solship env set uat fab_Robot7Password --from reference.txt
  solship env set uat fab_Limit --unset")]
pub(super) struct SetArguments {
    /// Environment
    #[arg(value_name = "ENV")]
    name: String,
    /// Schema name
    #[arg(value_name = "VARIABLE")]
    variable: String,
    /// File with the value, instead of stdin
    #[arg(long, value_name = "FILE", conflicts_with = "unset")]
    from: Option<Utf8PathBuf>,
    /// Take the environment's own value away
    #[arg(long)]
    unset: bool,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl SetArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        report(self.change(streams), self.format, streams)
    }

    fn change(&self, streams: &mut Streams<'_>) -> Result<Done, Refused> {
        let store = open_store(&self.name, streams)?;
        let absent = || {
            let message = format!("{}: there is no variable {}", store.label(), self.variable);
            Refused::new(message, "deploy the solution that defines it first")
        };
        let key = variable(store.state(), &self.variable).ok_or_else(absent)?.clone();
        let value = if self.unset { None } else { Some(self.value(streams)?) };
        let content = store.state().components().get(&key).and_then(|layers| layers.effective());
        if let (Some(Facts::Variable { kind, .. }), Some(text)) = (content.map(|own| &own.facts), &value)
            && let Some(fault) = fault_of_value(*kind, text)
        {
            return Err(format!("the value of variable {} is {fault}", key.key).into());
        }
        let words = match value {
            Some(_) => format!("set the value of {}", key.key),
            None => format!("took the value of {} away", key.key),
        };
        drop(store);
        let (mut done, notes) = change_and_tell(&self.name, streams, &words, |state, _, line| {
            state.set_value(&key, value.clone().map(Value::new));
            if !state.is_touched() {
                return Ok(Vec::new());
            }
            let changes = settle_flows(state, [key.clone()]);
            line.note = note_of_change(state, &key);
            let notes = changes.iter().filter_map(|change| change.note());
            Ok(notes.chain(line.note.map(str::to_owned)).collect())
        })?;
        done.notes = notes;
        Ok(done)
    }

    fn value(&self, streams: &mut Streams<'_>) -> Result<String, Refused> {
        let source = self.from.as_ref().map_or("stdin", |path| path.as_str());
        let bytes = match &self.from {
            Some(path) => config::read(path, MOST_BYTES)?,
            None => {
                let mut bytes = Vec::new();
                let read = Read::take(&mut *streams.stdin, MOST_BYTES + 1).read_to_end(&mut bytes);
                read.map_err(|error| format!("stdin: {error}"))?;
                if bytes.len() as u64 > MOST_BYTES {
                    return Err(format!("stdin: over the limit of {MOST_BYTES} bytes").into());
                }
                bytes
            }
        };
        let text = String::from_utf8(bytes).map_err(|_| format!("{source}: not UTF-8"))?;
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        if text.is_empty() {
            return Err(Refused::new(
                format!("{source}: empty, which the platform takes for no value"),
                "--unset takes the value away",
            ));
        }
        Ok(text.to_owned())
    }
}
