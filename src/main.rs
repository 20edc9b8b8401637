//! The `solship` command: reads the arguments and the environment, runs, and exits with one of [`solship::report::exit`].
//!
//! What a command does is in `cli/`, one file a command.

mod cli;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::error::ErrorKind;
use solship::report::{escaped, exit};

use cli::{Arguments, Streams, UntilClosed};

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", escaped(&format!("{error:#}")));
            ExitCode::from(exit::UNUSABLE)
        }
    }
}

fn run() -> anyhow::Result<u8> {
    let arguments = match Arguments::read(&cli::with_answers(std::env::args_os())) {
        Ok(arguments) => arguments,
        Err(error) => {
            match error.print() {
                // Whoever reads it has seen enough.
                Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => {}
                printed => printed?,
            }
            return Ok(match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => exit::DONE,
                _ => exit::UNUSABLE,
            });
        }
    };
    // An empty NO_COLOR counts as not set (https://no-color.org).
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    let color = |is_terminal: bool| arguments.of_all.color.wanted(is_terminal && !no_color);
    let (stdout, stderr) = (io::stdout(), io::stderr());
    let (stdout_color, stderr_color) = (color(stdout.is_terminal()), color(stderr.is_terminal()));
    let stdout = anstream::AutoStream::new(stdout.lock(), choice(stdout_color));
    let mut stdout = io::BufWriter::new(UntilClosed::new(stdout));
    let mut stderr = UntilClosed::new(anstream::AutoStream::new(stderr.lock(), choice(stderr_color)));
    let source_date_epoch = match std::env::var_os("SOURCE_DATE_EPOCH") {
        None => None,
        Some(text) => {
            let seconds = text.to_str().and_then(|text| text.trim().parse().ok());
            Some(seconds.context("SOURCE_DATE_EPOCH is no number of seconds")?)
        }
    };
    let working_folder = std::env::current_dir().ok();
    let program = std::env::current_exe().ok();
    let mut streams = Streams {
        stdin: &mut io::stdin().lock(),
        stdout: &mut stdout,
        stdout_color,
        stderr: &mut stderr,
        is_interactive: io::stdin().is_terminal() && io::stderr().is_terminal(),
        variables: &|name| std::env::var_os(name).and_then(|value| value.into_string().ok()),
        working_folder: working_folder.as_deref(),
        program: program.as_deref(),
        config: &arguments.of_all.config,
        source_date_epoch,
        now: source_date_epoch.unwrap_or_else(now),
    };
    let code = cli::run(arguments.command, &mut streams)?;
    stdout.flush().context("cannot write the result")?;
    Ok(code)
}

/// Seconds since 1970-01-01 UTC.
#[expect(clippy::disallowed_methods, reason = "the clock enters here")]
fn now() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map(|since| since.as_secs())
        .unwrap_or_default()
}

fn choice(color: bool) -> anstream::ColorChoice {
    if color { anstream::ColorChoice::Always } else { anstream::ColorChoice::Never }
}
