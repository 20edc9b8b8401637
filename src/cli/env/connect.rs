//! `solship env connect`: connections, which no package carries.

use std::io;

use clap::{Args, Subcommand};
use solship::environment::connect::{self, Bound, NewConnection, ParameterSet, SignIn};
use solship::environment::{State, find};
use solship::model::{ComponentType, DESKTOP_FLOWS};
use solship::report::json_connections::{ListedConnection, ListedCredential};
use solship::report::json_environment::Done;
use solship::report::{exit, json_connections, text_connections};
use solship::text::shell_word;

use super::{change, change_and_tell, change_when_asked, report, today};
use crate::cli::Streams;
use crate::cli::confirm::YesArguments;
use crate::cli::environment::{Refused, open};
use crate::cli::transfer::Format;

/// Make connections, bind connection references to them and sign them in
///
/// A flow goes on when the last connection reference that it misses is bound.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship env connect uat new shared_uiflow 'Robot 7'
  solship env connect uat sign-in 'Robot 7' --as azureRelay --credential 'Robot 7 login'
  solship env connect uat bind fab_Desktop 'Robot 7'
  solship env connect uat list")]
pub(super) struct ConnectArguments {
    /// Environment
    #[arg(value_name = "ENV")]
    name: String,
    #[command(subcommand)]
    what: What,
    /// Form of the result
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a connection
    New {
        /// Connector, such as shared_uiflow
        connector: String,
        /// Display name
        connection: String,
        /// Its id; without it one is made
        #[arg(long, value_name = "GUID")]
        id: Option<String>,
    },
    /// List the connections
    List {
        /// Show names of accounts too
        #[arg(long)]
        show_values: bool,
    },
    /// Delete a connection
    Delete {
        /// Id or name of the connection
        connection: String,
        /// Free the connection references that are bound to it
        #[arg(long)]
        free: bool,
        #[command(flatten)]
        yes: YesArguments,
    },
    /// Bind a connection reference to a connection
    Bind {
        /// Logical name of the connection reference
        reference: String,
        /// Id or name of the connection
        connection: String,
    },
    /// Free a connection reference
    Free {
        /// Logical name of the connection reference
        reference: String,
    },
    /// Say how a connection of desktop flows signs in
    SignIn {
        /// Id or name of the connection
        connection: String,
        /// azureRelay, azureRelayRunOwner, or passwordlessAttended, which takes no credential
        #[arg(long = "as", value_name = "SET", default_value = "azureRelay")]
        set: ParameterSet,
        /// Id or name of the credential
        #[arg(long, value_name = "CREDENTIAL")]
        credential: Option<String>,
        /// Id of the machine or the group of machines
        #[arg(long, value_name = "GUID")]
        target: Option<String>,
        /// Application id of the run owner
        #[arg(long, value_name = "GUID")]
        run_owner: Option<String>,
    },
}

impl ConnectArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        if let What::List { show_values } = &self.what {
            let environment = match open(&self.name, streams, false) {
                Ok(environment) => environment,
                Err(refused) => return Ok(Err(refused)),
            };
            let listed = listed(environment.state(), *show_values);
            match self.format {
                Format::Text => {
                    streams.stdout.write_all(text_connections::connections(&listed).as_bytes())?
                }
                Format::Json => json_connections::connections(streams.stdout, &listed)?,
            }
            return Ok(Ok(exit::DONE));
        }
        if let What::Delete { connection, free, yes } = &self.what {
            let done = self.delete(connection, *free, yes, streams)?;
            return report(done, self.format, streams);
        }
        report(self.change(streams), self.format, streams)
    }

    fn delete(
        &self,
        connection: &str,
        free: bool,
        yes: &YesArguments,
        streams: &mut Streams<'_>,
    ) -> io::Result<Result<Done, Refused>> {
        let words = format!("deleted connection \"{}\"", connect::shown(connection));
        let doing = |(called, freed): &(String, Vec<Bound>)| {
            let references: Vec<String> = freed.iter().map(|bound| bound.reference.to_string()).collect();
            let used = match &references[..] {
                [] => String::new(),
                references => format!(" and free {}", references.join(", ")),
            };
            format!("delete {called}{used}")
        };
        let named = (&*self.name, &*words);
        let changed = change_when_asked(named, yes, streams, doing, |state, _, line| {
            let id = id_of(state, connection)?;
            let called = called(state, &id);
            line.words = format!("deleted {called}");
            Ok((called, connect::delete(state, &id, free).map_err(|error| error.to_string())?))
        })?;
        Ok(changed.map(|(mut done, (_, freed))| {
            for bound in &freed {
                done.notes.push(format!("{} is free", bound.reference));
                done.notes.extend(flows(bound));
            }
            done
        }))
    }

    fn change(&self, streams: &Streams<'_>) -> Result<Done, Refused> {
        let today = today(streams);
        match &self.what {
            // Done already by whoever called.
            What::List { .. } | What::Delete { .. } => Ok(Done::new(&self.name, "done")),
            What::New { connector, connection, id } => {
                let words = format!("made connection \"{}\" of {connector}", connect::shown(connection));
                let (mut done, id) = change(&self.name, streams, &words, |state, label| {
                    let new = NewConnection {
                        id: id.as_deref(),
                        connector,
                        name: connection,
                        created: Some(&today),
                        environment: label,
                    };
                    connect::create(state, &new).map_err(|error| error.to_string())
                })?;
                done.notes.push(format!("its id is {id}"));
                let name = shell_word(&self.name);
                done.next = Some(if connector.to_lowercase().ends_with(DESKTOP_FLOWS) {
                    format!("solship env connect {name} sign-in {id} --credential CREDENTIAL")
                } else {
                    format!("solship env connect {name} bind REFERENCE {id}")
                });
                Ok(done)
            }
            What::Bind { reference, connection } => {
                let words = format!("bound {reference} to connection \"{}\"", connect::shown(connection));
                let (mut done, bound) = change_and_tell(&self.name, streams, &words, |state, _, line| {
                    let id = id_of(state, connection)?;
                    line.words = format!("bound {reference} to {}", called(state, &id));
                    connect::bind(state, &connect::reference(reference), &id)
                        .map_err(|error| error.to_string())
                })?;
                done.notes.extend(flows(&bound));
                Ok(done)
            }
            What::Free { reference } => {
                let words = format!("freed {reference}");
                let (mut done, bound) = change(&self.name, streams, &words, |state, _| {
                    connect::free(state, &connect::reference(reference)).map_err(|error| error.to_string())
                })?;
                done.notes.extend(flows(&bound));
                Ok(done)
            }
            What::SignIn { connection, set, credential, target, run_owner } => {
                let words = format!("signed connection \"{}\" in as {set}", connect::shown(connection));
                let (mut done, notes) = change_and_tell(&self.name, streams, &words, |state, _, line| {
                    let id = id_of(state, connection)?;
                    line.words = format!("signed {} in as {set}", called(state, &id));
                    let credential = credential
                        .as_ref()
                        .map(|written| find(state, &ComponentType::CREDENTIAL, written).cloned())
                        .transpose()
                        .map_err(|error| error.to_string())?;
                    let sign_in = SignIn {
                        set: *set,
                        credential: credential.as_ref(),
                        target: target.as_deref(),
                        run_owner: run_owner.as_deref(),
                        today: Some(&today),
                    };
                    connect::sign_in(state, &id, &sign_in).map_err(|error| error.to_string())
                })?;
                done.notes.extend(notes);
                Ok(done)
            }
        }
    }
}

fn id_of(state: &State, written: &str) -> Result<String, String> {
    connect::find(state, written).map(str::to_owned).map_err(|error| error.to_string())
}

/// How the log calls a connection, however the user named it.
fn called(state: &State, id: &str) -> String {
    let name = state.connections().get(id).map_or_else(|| id.to_owned(), |own| connect::shown(&own.name));
    format!("connection \"{name}\"")
}

fn flows(bound: &Bound) -> impl Iterator<Item = String> {
    bound.flows.iter().filter_map(|flow| flow.note())
}

fn listed(state: &State, show_values: bool) -> Vec<ListedConnection> {
    let outdated: Vec<&str> = connect::outdated(state).map(|(id, _)| id).collect();
    let connections = state.connections().iter();
    connections
        .map(|(id, connection)| ListedConnection {
            id: id.clone(),
            connector: connection.connector.clone(),
            name: if show_values { connection.name.clone() } else { connect::shown(&connection.name) },
            created: connection.created.clone(),
            parameter_set: connection.parameter_set.clone(),
            updated: connection.updated.clone(),
            credential: connection.credential.as_ref().map(|credential| ListedCredential {
                component: credential.clone(),
                title: super::words(state, credential),
            }),
            bound: connect::bound_to(state, id).map(|reference| reference.key.to_string()).collect(),
            outdated: outdated.contains(&&**id),
            lacks: connect::lacks(state, connection),
        })
        .collect()
}
