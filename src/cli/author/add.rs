//! `solship add`: a component put into a solution.

use std::io;

use clap::{Args, Subcommand, ValueEnum};
use solship::author::{NewVariable, add_variable};
use solship::model::VariableType;

use super::EditArguments;
use crate::cli::Streams;

/// Add a component to a solution folder or zip
///
/// Every other byte stays as it was. What is there already as asked for is left alone; what differs is told, and nothing
/// is written. Exit code: 0 done or already there, 2 nothing was changed.
#[derive(Debug, Args)]
pub(crate) struct AddArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Variable(Box<VariableArguments>),
}

pub(in crate::cli) fn run(arguments: &AddArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    match &arguments.what {
        What::Variable(arguments) => arguments.run(streams),
    }
}

/// Add an environment variable
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship add variable fab_Robot7User --type string --default 'FABRIKAM\\robot7'
  solship add variable --display 'Invoice limit' --type number --default 500   # named fab_Invoicelimit")]
struct VariableArguments {
    /// Schema name; without it: the prefix and the display name without blanks
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Type
    #[arg(long = "type", value_name = "TYPE", default_value = "string")]
    kind: VariableKind,
    /// Default value, for environments that set none
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    default: Option<String>,
    /// Current value; it goes along into every environment
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    value: Option<String>,
    /// An environment must give a value
    #[arg(long)]
    required: bool,
    /// Display name
    #[arg(long, value_name = "TEXT")]
    display: Option<String>,
    /// Description
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// For a data source: the connector, such as shared_sharepointonline
    #[arg(long, value_name = "CONNECTOR")]
    connector: Option<String>,
    /// For a data source: which parameter of the connector it holds, such as dataset or table
    #[arg(long, value_name = "KEY")]
    parameter_key: Option<String>,
    /// For a data source: the variable that it belongs to, as a list to its site
    #[arg(long, value_name = "NAME")]
    parent: Option<String>,
    #[command(flatten)]
    edit: EditArguments,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum VariableKind {
    #[value(alias = "text")]
    String,
    Number,
    Boolean,
    Json,
    DataSource,
    Secret,
}

impl VariableKind {
    fn of_model(self) -> VariableType {
        match self {
            Self::String => VariableType::Text,
            Self::Number => VariableType::Number,
            Self::Boolean => VariableType::Boolean,
            Self::Json => VariableType::Json,
            Self::DataSource => VariableType::DataSource,
            Self::Secret => VariableType::Secret,
        }
    }
}

impl VariableArguments {
    fn run(&self, streams: &mut Streams<'_>) -> io::Result<u8> {
        let wanted = NewVariable {
            name: self.name.clone(),
            kind: Some(self.kind.of_model()),
            default: self.default.clone(),
            value: self.value.clone(),
            required: self.required.then_some(true),
            display: self.display.clone(),
            description: self.description.clone(),
            connector: self.connector.clone(),
            parameter_key: self.parameter_key.clone(),
            parent: self.parent.clone(),
        };
        self.edit.run(streams, |editor, _| Ok(vec![add_variable(editor, &wanted)?]))
    }
}
