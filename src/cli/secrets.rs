//! `solship secrets`: what a set of solutions needs of Azure Key Vault, and what must be true before the import.

use std::io;

use clap::{Args, ValueEnum};
use solship::report::{az, exit, json, markdown_secrets, text_secrets};
use solship::secrets::secrets;

use super::inputs::{InputArguments, Use};
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
    let Some(set) = arguments.inputs.read(Use::Model, arguments.text.all, streams)? else {
        return Ok(exit::UNUSABLE);
    };
    let secrets = secrets(&set);
    drop(set);
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
    Ok(arguments.fail.exit_code(&secrets.findings))
}
