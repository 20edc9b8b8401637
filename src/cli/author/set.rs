//! `solship set`: facts of a component that is there.

use std::io;

use clap::{Args, Subcommand};
use solship::author::{VariableChange, set_variable};

use super::EditArguments;
use crate::cli::Streams;

/// Change facts of a component in a solution folder or zip
///
/// Every other byte stays as it was. Exit code: 0 done or already so, 2 nothing was changed.
#[derive(Debug, Args)]
pub(crate) struct SetArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Variable(VariableArguments),
}

pub(in crate::cli) fn run(arguments: &SetArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    match &arguments.what {
        What::Variable(arguments) => arguments.run(streams),
    }
}

/// Change an environment variable; its type and name stay
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship set variable fab_Limit --default 750
  solship set variable fab_Limit --no-value      # take the current value out of the package")]
struct VariableArguments {
    /// Schema name
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
