//! `solship env share`, `unshare` and `shares`: who may do what with credentials and variables.

use std::io;

use clap::{Args, ValueEnum};
use solship::environment::share::{share, unshare};
use solship::environment::{PrincipalNames, Role, find, principal};
use solship::model::ComponentType;
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
    /// view: use it; view-share: share it too; co-owner: edit and delete it too
    #[arg(long)]
    role: Role,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Take back what was shared; the variables of a credential stay shared
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship env unshare uat credential 'Robot 7 login' --with team:robots")]
pub(super) struct UnshareArguments {
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

/// The log and what is printed name no account.
fn masked(principal: &str) -> String {
    PrincipalNames::new([], false).name(principal)
}

impl ShareArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        report(self.change(streams), self.format, streams)
    }

    fn change(&self, streams: &Streams<'_>) -> Result<Done, Refused> {
        let kind = self.kind.component_type();
        // Read here and not with the arguments, which are repeated where they are wrong.
        let who = principal(&self.with).map_err(|error| error.to_string())?;
        let with = masked(&who);
        let what = format!("shared {} {} with {with} as {}", kind.words(), self.component, self.role.name());
        let (mut done, along) = change(&self.name, streams, &what, |state, _| {
            let key = find(state, &kind, &self.component).map_err(|error| error.to_string())?.clone();
            share(state, &key, &who, self.role).map_err(|error| error.to_string())
        })?;
        for variable in along.variables {
            done.notes.push(format!("{variable} is shared along"));
        }
        Ok(done)
    }
}

impl UnshareArguments {
    pub(super) fn run(&self, streams: &mut Streams<'_>) -> io::Result<Result<u8, Refused>> {
        report(self.change(streams), self.format, streams)
    }

    fn change(&self, streams: &Streams<'_>) -> Result<Done, Refused> {
        let kind = self.kind.component_type();
        // Read here and not with the arguments, which are repeated where they are wrong.
        let who = principal(&self.with).map_err(|error| error.to_string())?;
        let with = masked(&who);
        let what = format!("took {} {} back from {with}", kind.words(), self.component);
        let (mut done, taken) = change(&self.name, streams, &what, |state, _| {
            let key = find(state, &kind, &self.component).map_err(|error| error.to_string())?.clone();
            unshare(state, &key, &who).map_err(|error| error.to_string())
        })?;
        for (variable, role) in taken.variables {
            // As the user just typed it: a masked name is nobody's, and the command is to be pasted.
            let words =
                [&*self.name, "variable", &*variable.key, "--with", &*self.with].map(shell_word).join(" ");
            done.notes.push(format!(
                "{variable} stays shared as {}: solship env unshare {words} takes it back",
                role.name()
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
