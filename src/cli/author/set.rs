//! `solship set`: facts of a component that is there.

use std::io;

use clap::{Args, Subcommand, ValueEnum};
use solship::author::{
    ConnectionReferenceChange, CredentialChange, VariableChange, set_connection_reference, set_credential,
    set_flow_state, set_secret, set_variable,
};

use super::EditArguments;
use super::add::{Usage, say_unverified};
use super::secret_arguments::SecretArguments;
use crate::cli::Streams;
use crate::cli::message::{Level, say};
use solship::report::exit;

/// Change facts of a component in a solution folder or zip
///
/// In a folder every other byte stays as it was; a zip is packed anew, as `pack` does it. Exit code: 0 done or already so, 2 nothing was changed.
#[derive(Debug, Args)]
pub(crate) struct SetArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Variable(VariableArguments),
    Secret(SecretVariableArguments),
    ConnectionReference(ConnectionReferenceArguments),
    Credential(CredentialArguments),
    Flow(FlowArguments),
}

pub(in crate::cli) fn run(arguments: &SetArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    match &arguments.what {
        What::Variable(arguments) => arguments.run(streams),
        What::Secret(arguments) => arguments.run(streams),
        What::ConnectionReference(arguments) => arguments.run(streams),
        What::Credential(arguments) => arguments.run(streams),
        What::Flow(arguments) => arguments.run(streams),
    }
}

/// Change an environment variable; its type and name stay
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship set variable fab_Limit --default 750
  solship set variable fab_Limit --no-value      # take the current value out of the package")]
struct VariableArguments {
    /// Schema name or display name
    #[arg(value_name = "NAME")]
    name: String,
    /// Default value
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, conflicts_with = "no_default")]
    default: Option<String>,
    /// Take the default value away
    #[arg(long)]
    no_default: bool,
    /// Current value; it goes along into every environment
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, conflicts_with = "no_value")]
    value: Option<String>,
    /// Take the current value out of the package
    #[arg(long)]
    no_value: bool,
    /// Whether an environment must give a value
    #[arg(long, value_name = "ANSWER", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    required: Option<bool>,
    /// Display name
    #[arg(long, value_name = "TEXT")]
    display: Option<String>,
    /// Description
    #[arg(long, value_name = "TEXT", conflicts_with = "no_description")]
    description: Option<String>,
    /// Take the description away
    #[arg(long)]
    no_description: bool,
    #[command(flatten)]
    edit: EditArguments,
}

impl VariableArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<u8> {
        let change = VariableChange {
            default: given(&self.default, self.no_default),
            value: given(&self.value, self.no_value),
            required: self.required,
            display: self.display.clone(),
            description: given(&self.description, self.no_description),
        };
        self.edit.run(streams, |editor, _| Ok(vec![set_variable(editor, &self.name, &change)?]))
    }
}

/// A text that is set, taken away, or left.
pub(super) fn given(text: &Option<String>, is_taken_away: bool) -> Option<Option<String>> {
    if is_taken_away { Some(None) } else { text.clone().map(Some) }
}

/// Let a secret variable name another secret
#[derive(Debug, Args)]
struct SecretVariableArguments {
    /// Schema name or display name of the variable
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    secret: SecretArguments,
    #[command(flatten)]
    edit: EditArguments,
}

impl SecretVariableArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<u8> {
        self.edit.run(streams, |editor, _| {
            Ok(vec![set_secret(editor, &self.name, &self.secret.parts(), self.secret.place())?])
        })
    }
}

/// Change a connection reference; its connector and name stay
#[derive(Debug, Args)]
struct ConnectionReferenceArguments {
    /// Logical name or display name
    #[arg(value_name = "NAME")]
    name: String,
    /// Display name
    #[arg(long, value_name = "TEXT")]
    display: Option<String>,
    /// Description
    #[arg(long, value_name = "TEXT", conflicts_with = "no_description")]
    description: Option<String>,
    /// Take the description away
    #[arg(long)]
    no_description: bool,
    #[command(flatten)]
    edit: EditArguments,
}

impl ConnectionReferenceArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<u8> {
        let change = ConnectionReferenceChange {
            display: self.display.clone(),
            description: given(&self.description, self.no_description),
        };
        self.edit.run(streams, |editor, _| Ok(vec![set_connection_reference(editor, &self.name, &change)?]))
    }
}

/// Change name, description and use of a credential; its variables stay
#[derive(Debug, Args)]
struct CredentialArguments {
    /// Display name or id
    #[arg(value_name = "NAME")]
    credential: String,
    /// New display name
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Description
    #[arg(long, value_name = "TEXT", conflicts_with = "no_description")]
    description: Option<String>,
    /// Take the description away
    #[arg(long)]
    no_description: bool,
    /// What it may be used for (repeatable); replaces what is there
    #[arg(long = "use", value_name = "WHERE")]
    uses: Vec<Usage>,
    #[arg(long, value_name = "VAR", hide = true)]
    user: Option<String>,
    #[arg(long, value_name = "VAR", hide = true)]
    password: Option<String>,
    #[arg(long, value_name = "VAR", hide = true)]
    pfx: Option<String>,
    #[arg(long, value_name = "VAR", hide = true)]
    safe: Option<String>,
    #[arg(long, value_name = "VAR", hide = true)]
    object: Option<String>,
    #[command(flatten)]
    edit: EditArguments,
}

impl CredentialArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<u8> {
        let variables = [&self.user, &self.password, &self.pfx, &self.safe, &self.object];
        if variables.iter().any(|variable| variable.is_some()) {
            say(
                streams.stderr,
                Level::Error,
                "the variables of a credential cannot be changed, as on the platform",
            );
            let hint = "add a new credential with another name, let connections use it, then remove this one";
            say(streams.stderr, Level::Hint, hint);
            return Ok(exit::UNUSABLE);
        }
        let change = CredentialChange {
            name: self.name.clone(),
            description: given(&self.description, self.no_description),
            uses: (!self.uses.is_empty()).then(|| self.uses.iter().map(|used| used.of_model()).collect()),
        };
        self.edit.run(streams, |editor, streams| {
            let steps = vec![set_credential(editor, &self.credential, &change)?];
            if change.uses.is_some() {
                say_unverified(&steps, streams);
            }
            Ok(steps)
        })
    }
}

/// Turn a flow on or off, as it is after the import
#[derive(Debug, Args)]
struct FlowArguments {
    /// Display name, id or file of the flow
    #[arg(value_name = "FLOW")]
    flow: String,
    /// State
    #[arg(long, value_name = "STATE")]
    state: State,
    #[command(flatten)]
    edit: EditArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    On,
    Off,
}

impl FlowArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<u8> {
        self.edit
            .run(streams, |editor, _| Ok(vec![set_flow_state(editor, &self.flow, self.state == State::On)?]))
    }
}
