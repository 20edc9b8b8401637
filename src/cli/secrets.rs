//! `solship secrets`: what a set of solutions needs of Azure Key Vault, and what must be true before the import.

use std::io;

use clap::{Args, ValueEnum};
use solship::report::{az, exit, json, markdown_secrets, text_secrets};
use solship::secrets::secrets_with;

use super::config::{self, Loaded};
use super::environment::{EnvironmentArguments, take_values};
use super::inputs::{InputArguments, Use};
use super::prefer::PreferArguments;
use super::{FailArguments, Streams, TextArguments};

/// List the secrets that solutions need, what is not filled yet, and what must be true before the import
///
/// Reads nothing but the files: vaults, secrets and credentials are those that the variables name. No value is shown. The
/// script of --format az asks Azure with commands that only read, and never for the value of a secret.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship secrets release/
  solship secrets release/ --format markdown > checklist.md
  solship secrets release/ --format az > check.sh; sh check.sh")]
pub(crate) struct SecretsArguments {
    /// Form of the result; `az` is a shell script that checks each point
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    environment: EnvironmentArguments,
    #[command(flatten)]
    prefer: PreferArguments,
    /// Report each level that solship.toml lowers, and each exception that it states, as an error
    #[arg(long)]
    forbid_exceptions: bool,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
    #[command(flatten)]
    fail: FailArguments,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
    Az,
}

pub(super) fn run(arguments: &SecretsArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let Ok(loaded) = config::load(streams) else { return Ok(exit::UNUSABLE) };
    let Some(sources) = arguments.inputs.sources(loaded.as_ref(), streams) else { return Ok(exit::UNUSABLE) };
    let set = arguments.inputs.read_sources(&sources, Use::Model, arguments.text.all, streams)?;
    let Some(mut set) = set else { return Ok(exit::UNUSABLE) };
    let target = match arguments.environment.open(streams) {
        Ok(target) => target,
        Err(refused) => return Ok(refused.tell(streams)),
    };
    let mut options = loaded.as_ref().map(Loaded::plan_options).unwrap_or_default();
    options.prefer_unmanaged = arguments.prefer.unmanaged();
    if let Some(target) = &target {
        options.tell(target.label(), target.state(), &set);
        take_values(&**target, &mut set, streams);
    }
    let mut secrets = secrets_with(&set, &options);
    drop(set);
    let silenced = config::apply(loaded.as_ref(), &mut secrets.findings, arguments.forbid_exceptions, &[]);
    let text = match arguments.format {
        Format::Text => text_secrets::secrets(&secrets, &arguments.text.options(streams)),
        Format::Markdown => markdown_secrets::secrets(&secrets),
        Format::Az => az::secrets(&secrets),
        Format::Json => {
            json::secrets(streams.stdout, &secrets)?;
            String::new()
        }
    };
    streams.stdout.write_all(text.as_bytes())?;
    config::report(loaded.as_ref(), silenced, streams);
    Ok(arguments.fail.exit_code(&secrets.findings))
}
