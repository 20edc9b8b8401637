//! `solship env remove`: what was made in an environment is deleted there.

use std::io;

use clap::{Args, ValueEnum};
use solship::environment::{connect, credential, find};
use solship::model::ComponentType;
use solship::report::json_environment::Done;
use solship::text::shell_word;

use super::{change_when_asked, report};
use crate::cli::Streams;
use crate::cli::confirm::YesArguments;
use crate::cli::environment::Refused;
use crate::cli::transfer::Format;

/// What can be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Credential,
}

/// Delete a credential from an environment; its variables stay
///
/// One that a managed solution brought goes with that solution. Connections that signed in with it are kept, and sign in with nothing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship env remove uat credential 'Robot 7'
  solship env remove uat credential 'Robot 7' --yes")]
pub(super) struct RemoveArguments {
    /// Environment
    #[arg(value_name = "ENV")]
    name: String,
    /// What is deleted
    kind: Kind,
    /// Id or display name
    #[arg(value_name = "NAME")]
    component: String,
    #[command(flatten)]
    yes: YesArguments,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl RemoveArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        let done = self.change(streams)?;
        report(done, self.format, streams)
    }

    fn change(&self, streams: &mut Streams<'_>) -> io::Result<Result<Done, Refused>> {
        let kind = match self.kind {
            Kind::Credential => ComponentType::CREDENTIAL,
        };
        let words = format!("deleted {} {}", kind.words(), self.component);
        let doing = |(_, connections): &(_, Vec<String>)| {
            let named: Vec<String> =
                connections.iter().map(|name| format!("connection \"{name}\"")).collect();
            let used = if named.is_empty() {
                String::new()
            } else {
                format!(", which signs in {}", named.join(", "))
            };
            format!("delete {} {}{used}", kind.words(), self.component)
        };
        let named = (&*self.name, &*words);
        let changed = change_when_asked(named, &self.yes, streams, doing, |state, _, _| {
            let key = find(state, &kind, &self.component).map_err(|error| error.to_string())?.clone();
            let deleted = credential::delete(state, &key).map_err(|error| error.to_string())?;
            let connections = deleted.connections.iter().filter_map(|id| state.connections().get(id));
            let connections: Vec<String> = connections.map(|own| connect::shown(&own.name)).collect();
            Ok((deleted.variables, connections))
        })?;
        let (mut done, (variables, connections)) = match changed {
            Ok(changed) => changed,
            Err(refused) => return Ok(Err(refused)),
        };
        for variable in &variables {
            done.notes.push(format!("{variable} stays, and whoever it is shared with still has it"));
        }
        for name in &connections {
            done.notes.push(format!("connection \"{name}\" signs in with nothing now"));
        }
        if !connections.is_empty() {
            let name = shell_word(&self.name);
            done.next =
                Some(format!("solship env connect {name} sign-in CONNECTION --credential CREDENTIAL"));
        }
        Ok(Ok(done))
    }
}
