//! `solship env share`, `unshare` and `shares`: who may do what with credentials and variables.

use std::fmt::Display;
use std::io;

use clap::{Args, ValueEnum};
use solship::environment::share::{share, unshare};
use solship::environment::{PrincipalNames, Role, State, find, principal};
use solship::model::{ComponentKey, ComponentType};
use solship::report::json_connections::ListedShare;
use solship::report::json_environment::Done;
use solship::report::{exit, json_connections, text_connections};
use solship::text::shell_word;

use super::{change, report, words};
use crate::cli::Streams;
use crate::cli::environment::{Refused, open};
use crate::cli::transfer::Format;

/// What can be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Credential,
    Variable,
}

impl Kind {
    fn component_type(self) -> ComponentType {
        match self {
            Self::Credential => ComponentType::CREDENTIAL,
            Self::Variable => ComponentType::ENVIRONMENT_VARIABLE,
        }
    }
}

/// Share a credential with somebody, and its variables with it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship env share uat credential 'Robot 7 login' --with team:robots --role view")]
pub(super) struct ShareArguments {
    #[command(flatten)]
    what: WhatArguments,
    /// view: use it; view-share: share it too; co-owner: edit and delete it too
    #[arg(long)]
    role: Role,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// What is shared, or taken back, and with whom.
#[derive(Debug, Args)]
struct WhatArguments {
    /// Environment
    #[arg(value_name = "ENV")]
    name: String,
    /// What is shared
    kind: Kind,
    /// Id, schema name or display name
    #[arg(value_name = "NAME")]
    component: String,
    /// With whom
    #[arg(long, value_name = "user:NAME|team:NAME")]
    with: String,
}

/// Take back what was shared; the variables of a credential stay shared
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship env unshare uat credential 'Robot 7 login' --with team:robots")]
pub(super) struct UnshareArguments {
    #[command(flatten)]
    what: WhatArguments,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// List who may do what with credentials and variables
///
/// Accounts are numbered: one number is one account in one result.
#[derive(Debug, Args)]
pub(super) struct SharesArguments {
    /// Environment
    #[arg(value_name = "ENV")]
    name: String,
    /// Only of this kind
    kind: Option<Kind>,
    /// Only of this one
    #[arg(value_name = "NAME")]
    component: Option<String>,
    /// Show the names of accounts
    #[arg(long)]
    show_values: bool,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

impl WhatArguments {
    /// Changes who has it; `words` tells the log how, of what and whom, which names no account.
    fn change<T, E: Display>(
        &self,
        streams: &Streams<'_>,
        words: impl Fn(&str, &str) -> String,
        edit: impl Fn(&mut State, &ComponentKey, &str) -> Result<T, E>,
    ) -> Result<(Done, T), Refused> {
        let kind = self.kind.component_type();
        // Read here and not with the arguments, which are repeated where they are wrong.
        let who = principal(&self.with).map_err(|error| error.to_string())?;
        let with = PrincipalNames::new([], false).name(&who);
        let words = words(&format!("{} {}", kind.words(), self.component), &with);
        change(&self.name, streams, &words, |state, _| {
            let key = find(state, &kind, &self.component).map_err(|error| error.to_string())?.clone();
            edit(state, &key, &who).map_err(|error| error.to_string())
        })
    }

    /// The words of a command about a variable, with whom as the user just typed it: a masked name is nobody's, and the command is
    /// to be pasted.
    fn of_variable(&self, variable: &ComponentKey) -> String {
        [&*self.name, "variable", &*variable.key, "--with", &*self.with].map(shell_word).join(" ")
    }
}

impl ShareArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        report(self.change(streams), self.format, streams)
    }

    fn change(&self, streams: &Streams<'_>) -> Result<Done, Refused> {
        let role = self.role.name();
        let words = |what: &str, with: &str| format!("shared {what} with {with} as {role}");
        let (mut done, shared) =
            self.what.change(streams, words, |state, key, who| share(state, key, who, self.role))?;
        for variable in shared.variables {
            done.notes.push(format!("{variable} is shared along"));
        }
        for (variable, more) in shared.kept {
            let words = self.what.of_variable(&variable);
            done.notes.push(format!(
                "{variable} stays shared as {}: solship env share {words} --role {role} lowers it",
                more.name()
            ));
        }
        Ok(done)
    }
}

impl UnshareArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        report(self.change(streams), self.format, streams)
    }

    fn change(&self, streams: &Streams<'_>) -> Result<Done, Refused> {
        let words = |what: &str, with: &str| format!("took {what} back from {with}");
        let (mut done, taken) = self.what.change(streams, words, unshare)?;
        for (variable, role) in taken.variables {
            done.notes.push(format!(
                "{variable} stays shared as {}: solship env unshare {} takes it back",
                role.name(),
                self.what.of_variable(&variable)
            ));
        }
        Ok(done)
    }
}

impl SharesArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        let listed = match self.listed(streams) {
            Ok(listed) => listed,
            Err(refused) => return Ok(Err(refused)),
        };
        match self.format {
            Format::Text => streams.stdout.write_all(text_connections::shares(&listed).as_bytes())?,
            Format::Json => json_connections::shares(streams.stdout, &listed)?,
        }
        Ok(Ok(exit::DONE))
    }

    fn listed(&self, streams: &Streams<'_>) -> Result<Vec<ListedShare>, Refused> {
        let environment = open(&self.name, streams, false)?;
        let state = environment.state();
        let kind = self.kind.map(Kind::component_type);
        let one = match (&kind, &self.component) {
            (Some(kind), Some(written)) => {
                Some(find(state, kind, written).map_err(|error| error.to_string())?)
            }
            _ => None,
        };
        let names = PrincipalNames::new([state], self.show_values);
        let mut listed = Vec::new();
        for (component, principals) in state.shares() {
            let is_other_kind = kind.as_ref().is_some_and(|kind| *kind != component.kind);
            if is_other_kind || one.is_some_and(|one| one != component) {
                continue;
            }
            listed.extend(principals.iter().map(|(principal, role)| ListedShare {
                component: component.clone(),
                title: words(state, component),
                principal: names.name(principal),
                role: *role,
                access: role.access(),
            }));
        }
        Ok(listed)
    }
}
