//! `solship completions` and `solship man`: made from the same definitions as the commands.

use std::io;

use camino::Utf8PathBuf;
use clap::{Args, Command, CommandFactory};
use solship::report::exit;

use super::message::{Level, say};
use super::{Arguments, Streams};

/// Print the completions of a shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship completions bash > ~/.local/share/bash-completion/completions/solship
  solship completions powershell >> $PROFILE")]
pub(crate) struct CompletionsArguments {
    /// Shell
    #[arg(value_name = "SHELL")]
    shell: clap_complete::Shell,
}

/// Print the manual page, or write the pages of all commands
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship man | man -l -
  solship man --out /usr/local/share/man/man1")]
pub(crate) struct ManArguments {
    /// Folder for one page a command
    #[arg(long, value_name = "DIR")]
    out: Option<Utf8PathBuf>,
}

pub(super) fn completions(arguments: &CompletionsArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "solship", &mut text);
    streams.stdout.write_all(&text)?;
    Ok(exit::DONE)
}

pub(super) fn man(arguments: &ManArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let mut command = Arguments::command();
    command.build();
    let Some(folder) = &arguments.out else {
        streams.stdout.write_all(&page(&command)?)?;
        return Ok(exit::DONE);
    };
    let mut written = 0;
    let write = || -> io::Result<()> {
        fs_err::create_dir_all(folder)?;
        let mut open = vec![command];
        while let Some(command) = open.pop() {
            // Long names of commands inside others are joined, such as solship-add-variable.
            let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
            fs_err::write(folder.join(format!("{name}.1")), page(&command)?)?;
            written += 1;
            let inside = command
                .get_subcommands()
                .filter(|inside| inside.get_name() != "help" && !inside.is_hide_set());
            open.extend(inside.cloned());
        }
        Ok(())
    };
    if let Err(error) = write() {
        say(streams.stderr, Level::Error, &error.to_string());
        return Ok(exit::UNUSABLE);
    }
    writeln!(streams.stdout, "{folder}: {written} pages written")?;
    Ok(exit::DONE)
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    Ok(text)
}
