//! `solship add`, `set`, `rename` and `remove`: what they share. One file a command; the arguments of one kind of component
//! stand together in the command's file.
//!
//! Read [`EditArguments::run`] first.

pub(super) mod add;
pub(super) mod new;
pub(super) mod remove;
pub(super) mod rename;
mod secret_arguments;
pub(super) mod set;
pub(super) mod version;

use std::io;

use camino::Utf8PathBuf;
use clap::Args;
use solship::author::{AuthorError, Edited, Editor, SolutionFiles, Step, solution_at_or_above};
use solship::model::Solution;
use solship::report::{exit, json_edited, text_edited};
use solship::write::ArchiveOptions;

use super::Streams;
use super::inputs::PackageArguments;
use super::message::{Level, say};
use super::transfer::{Format, Stop};

/// Which solution is edited, and how it is told.
#[derive(Debug, Args)]
pub(super) struct EditArguments {
    /// Solution folder or zip; default: the solution folder at or above the working folder
    #[arg(long, value_name = "PATH")]
    solution: Option<Utf8PathBuf>,
    /// Say what would be done and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    package: PackageArguments,
}

impl EditArguments {
    /// How packages are opened, for those that a command reads beside the one it edits.
    pub(super) fn package(&self) -> &PackageArguments {
        &self.package
    }

    /// Opens the solution, edits it, writes it and says what was done; or says why not, and nothing was.
    pub(super) fn run(
        &self,
        streams: &mut Streams<'_>,
        edit: impl FnOnce(&mut Editor, &mut Streams<'_>) -> Result<Vec<Step>, AuthorError>,
    ) -> io::Result<u8> {
        let target = Target {
            solution: self.solution.as_ref(),
            dry_run: self.dry_run,
            format: self.format,
            package: &self.package,
        };
        target.run(streams, edit)
    }
}

/// The solution that is edited, and how it is told.
pub(super) struct Target<'a> {
    pub(super) solution: Option<&'a Utf8PathBuf>,
    pub(super) dry_run: bool,
    pub(super) format: Format,
    pub(super) package: &'a PackageArguments,
}

impl Target<'_> {
    pub(super) fn run(
        &self,
        streams: &mut Streams<'_>,
        edit: impl FnOnce(&mut Editor, &mut Streams<'_>) -> Result<Vec<Step>, AuthorError>,
    ) -> io::Result<u8> {
        match self.execute(streams, edit) {
            Ok(edited) => {
                show(&edited, self.format, streams)?;
                Ok(exit::DONE)
            }
            Err(error) => refuse(error, streams),
        }
    }

    /// Prints what is to be shown of a solution, which may be a managed one; as JSON what an edit that does nothing prints.
    pub(super) fn show(
        &self,
        streams: &mut Streams<'_>,
        text: impl FnOnce(&Solution) -> String,
    ) -> io::Result<u8> {
        let read = || -> Result<Solution, AuthorError> {
            let path = match self.solution {
                Some(path) => path.clone(),
                None => solution_at_or_above(streams.working_folder)?,
            };
            SolutionFiles::open_to_read(&path, &self.package.options())?.solution()
        };
        match read() {
            Ok(solution) => {
                match self.format {
                    Format::Text => streams.stdout.write_all(text(&solution).as_bytes())?,
                    Format::Json => {
                        let edited = Edited {
                            solution: solution.identity(),
                            steps: Vec::new(),
                            changes: Vec::new(),
                            dry_run: self.dry_run,
                        };
                        json_edited::edited(streams.stdout, &edited)?;
                    }
                }
                Ok(exit::DONE)
            }
            Err(error) => refuse(error, streams),
        }
    }

    fn execute(
        &self,
        streams: &mut Streams<'_>,
        edit: impl FnOnce(&mut Editor, &mut Streams<'_>) -> Result<Vec<Step>, AuthorError>,
    ) -> Result<Edited, AuthorError> {
        let path = match self.solution {
            Some(path) => path.clone(),
            None => solution_at_or_above(streams.working_folder)?,
        };
        let mut editor = Editor::open(&path, &self.package.options(), self.dry_run)?;
        let steps = edit(&mut editor, streams)?;
        let archive =
            ArchiveOptions { source_date_epoch: streams.source_date_epoch, threads: None, clobber: false };
        editor.finish(steps, &archive)
    }
}

/// Says why nothing is edited.
fn refuse(error: AuthorError, streams: &mut Streams<'_>) -> io::Result<u8> {
    let hint = error.hint();
    // What is wrong with files has the hints of all commands that read and write them, where editing has none of its own.
    let error = match error {
        error if hint.is_some() => error,
        AuthorError::Transfer(error) => return Stop::Transfer(error).tell(streams),
        AuthorError::Write(error) => return Stop::Transfer(error.into()).tell(streams),
        AuthorError::Package(error) => return Stop::Transfer(error.into()).tell(streams),
        error => error,
    };
    say(streams.stderr, Level::Error, &error.to_string());
    if let Some(hint) = hint {
        say(streams.stderr, Level::Hint, &hint);
    }
    Ok(exit::UNUSABLE)
}

/// Prints what was done.
fn show(edited: &Edited, format: Format, streams: &mut Streams<'_>) -> io::Result<()> {
    let color = streams.stdout_color;
    let report = |stdout: &mut dyn io::Write| match format {
        Format::Text => stdout.write_all(text_edited::edited(edited, color).as_bytes()),
        Format::Json => json_edited::edited(stdout, edited),
    };
    if edited.dry_run || edited.changes.is_empty() {
        return report(streams.stdout);
    }
    streams.report_written(&text_edited::summary(edited), report)
}
