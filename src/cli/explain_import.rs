//! `solship explain-import`: why an import failed.

use std::io::{self, Read};

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use solship::explain::{decoded, explain};
use solship::report::{exit, json_explain, text_explain};

use super::config;
use super::inputs::{InputArguments, Use};
use super::message::{Level, say};
use super::{Streams, TextArguments};

/// More than any log of an import has.
const LONGEST: u64 = 64 << 20;

/// Say why an import failed, which component is to blame, and what to do first
///
/// FILE is what the import left: the log (the `data` of the import job), the JSON of RetrieveSolutionImportResult, the output
/// of a pipeline, or a message that you copied; - reads it from stdin. With the packages at hand it says which of them
/// would bring what is missing. Exit code: 0 a cause is known, or nothing failed, 1 something failed
/// and no cause is known, or the text is cut off before that, 2 nothing can be said.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship explain-import import_log.xml
  solship explain-import import_log.xml release/
  pbpaste | solship explain-import - release/")]
pub(crate) struct ExplainImportArguments {
    /// What the failed import left, or - for stdin
    #[arg(value_name = "FILE")]
    file: Utf8PathBuf,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(arguments: &ExplainImportArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let text = match read(arguments, streams) {
        Ok(text) => text,
        Err(words) => {
            say(streams.stderr, Level::Error, &words);
            return Ok(exit::UNUSABLE);
        }
    };
    let Ok(loaded) = config::load(streams) else { return Ok(exit::UNUSABLE) };
    let is_configured = loaded.as_ref().is_some_and(|loaded| !loaded.config.solutions.is_empty());
    let mut solutions = Vec::new();
    if is_configured || !arguments.inputs.solutions.is_empty() {
        let sources = arguments.inputs.sources(loaded.as_ref(), streams);
        let Some(sources) = sources else { return Ok(exit::UNUSABLE) };
        let read = arguments.inputs.read_sources(&sources, Use::Model, arguments.text.all, streams)?;
        let Some(read) = read else { return Ok(exit::UNUSABLE) };
        solutions = read;
    }
    let explanation = explain(&text, &solutions);
    match arguments.format {
        Format::Text => {
            let text = text_explain::explanation(&explanation, &arguments.text.options(streams));
            streams.stdout.write_all(text.as_bytes())?;
        }
        Format::Json => json_explain::explanation(streams.stdout, &explanation)?,
    }
    Ok(if explanation.is_explained() { exit::DONE } else { exit::FOUND })
}

/// The text of the file.
fn read(arguments: &ExplainImportArguments, streams: &mut Streams<'_>) -> Result<String, String> {
    let file = &arguments.file;
    let mut bytes = Vec::new();
    let read = if file == "-" {
        if arguments.inputs.solutions.iter().any(|solution| solution == "-") {
            return Err("stdin is either FILE or a SOLUTION, not both".to_owned());
        }
        streams.stdin.take(LONGEST + 1).read_to_end(&mut bytes)
    } else {
        fs_err::File::open(file).and_then(|opened| opened.take(LONGEST + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("{file}: no such file or folder"),
        io::ErrorKind::IsADirectory => format!("{file}: a folder: FILE is what a failed import left"),
        _ => error.to_string(),
    })?;
    if bytes.len() as u64 > LONGEST {
        return Err(format!("{file}: larger than 64 MB: no log of an import is"));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(format!(
            "{file} is a zip, and FILE is what a failed import left: solship explain-import LOG {file}"
        ));
    }
    let text = decoded(bytes).ok_or_else(|| {
        format!("{file}: neither UTF-8 nor UTF-16 text, and no other encoding that it declares is known")
    })?;
    if text.trim().is_empty() {
        return Err(format!("{file}: there is nothing in it"));
    }
    Ok(text)
}
