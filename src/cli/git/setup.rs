//! `solship git setup`: what git needs to compare and merge solutions, written into a repository, and taken out again.

use std::io::{self, BufRead};

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use solship::git::{ATTRIBUTES, SECTIONS, Setting, settings, with_lines, without_lines};
use solship::report::{escaped, exit};

use super::change::{Change, Failure, carry_out};
use super::repository::Repository;
use crate::cli::Streams;
use crate::cli::message::{Level, say};

/// Write what git needs to compare and merge solutions in this repository
///
/// That is lines in .gitattributes, which you may commit, and settings with the path of this program in the repository's own
/// configuration, which stay with you, as does the key for the marks of masked texts. All of it is shown before, and asked for.
/// Whoever has the lines and not the settings has git's own way. When a step fails those before it are taken back. Exit code: 0 done, 2
/// nothing was changed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship git setup
  solship git setup --print      # only show it
  solship git setup --undo       # take it out again")]
pub(super) struct SetupArguments {
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Show what would be written and write nothing
    #[arg(long)]
    print: bool,
    /// Take out what an earlier setup wrote
    #[arg(long)]
    undo: bool,
}

/// The file with the lines.
const ATTRIBUTES_FILE: &str = ".gitattributes";
/// Largest one that is read.
const MOST_ATTRIBUTES_BYTES: u64 = 1 << 20;

pub(super) fn run(arguments: &SetupArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let planned = if arguments.undo { Plan::undo(streams) } else { Plan::make(streams) };
    let plan = match planned {
        Ok(plan) => plan,
        Err(reason) => return refuse(&reason, streams),
    };
    if plan.is_empty() {
        writeln!(streams.stdout, "nothing to do: {}", escaped(plan.repository.root.as_str()))?;
        return Ok(exit::DONE);
    }
    plan.show(streams)?;
    if arguments.print {
        return Ok(exit::DONE);
    }
    if !arguments.yes && !ask(streams)? {
        say(streams.stderr, Level::Error, "nothing was written");
        if !streams.is_interactive {
            say(streams.stderr, Level::Hint, "--yes answers where nobody can be asked");
        }
        return Ok(exit::UNUSABLE);
    }
    match carry_out(&plan.repository, &plan.changes()) {
        Ok(()) => {
            let done = if arguments.undo { "taken out of" } else { "written to" };
            writeln!(streams.stdout, "{done} {}", escaped(plan.repository.root.as_str()))?;
            Ok(exit::DONE)
        }
        Err(failure) => fail(&failure, streams),
    }
}

/// Says why, and what of it stays.
fn fail(failure: &Failure, streams: &mut Streams<'_>) -> io::Result<u8> {
    say(streams.stderr, Level::Error, &failure.reason);
    if failure.stays.is_empty() {
        say(streams.stderr, Level::Note, "nothing was changed: what was done before is taken back");
        return Ok(exit::UNUSABLE);
    }
    for stays in &failure.stays {
        say(streams.stderr, Level::Error, &format!("could not be taken back: {stays}"));
    }
    say(
        streams.stderr,
        Level::Hint,
        "mend the cause, then run solship git setup, or solship git setup --undo",
    );
    Ok(exit::UNUSABLE)
}

fn refuse(reason: &str, streams: &mut Streams<'_>) -> io::Result<u8> {
    say(streams.stderr, Level::Error, reason);
    Ok(exit::UNUSABLE)
}

fn ask(streams: &mut Streams<'_>) -> io::Result<bool> {
    if !streams.is_interactive {
        return Ok(false);
    }
    streams.stdout.flush()?;
    let _ = write!(streams.stderr, "Write this? [y/N] ");
    let _ = streams.stderr.flush();
    let mut answer = String::new();
    io::BufReader::new(&mut *streams.stdin).read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// What becomes of the file with the lines.
enum Attributes {
    Stays,
    /// Other content.
    Gets(Vec<u8>),
    Goes,
}

/// What is to be done.
struct Plan {
    repository: Repository,
    is_undo: bool,
    /// What the file with the lines holds; none: it is not there.
    before: Option<Vec<u8>>,
    attributes: Attributes,
    /// Settings that get other values, with the values that they have now.
    settings: Vec<(Setting, Option<String>)>,
    /// Sections that go.
    sections: Vec<&'static str>,
    makes_key: bool,
    removes_key: bool,
}

impl Plan {
    fn make(streams: &Streams<'_>) -> Result<Self, String> {
        let program = streams.program.and_then(Utf8Path::from_path);
        let program = program.ok_or("the path of this program is not known, or not UTF-8")?;
        let mut plan = Self::nothing(streams, false)?;
        let wanted = with_lines(plan.before.as_deref());
        if plan.before.as_ref() != Some(&wanted) {
            plan.attributes = Attributes::Gets(wanted);
        }
        let key = plan.key_file();
        for setting in settings(program.as_str(), key.as_str()) {
            let before = plan.repository.setting(setting.name)?;
            if before.as_ref() != Some(&setting.value) {
                plan.settings.push((setting, before));
            }
        }
        plan.makes_key = !is_file(&key)?;
        Ok(plan)
    }

    fn undo(streams: &Streams<'_>) -> Result<Self, String> {
        let mut plan = Self::nothing(streams, true)?;
        plan.attributes = match plan.before.as_deref().and_then(without_lines) {
            None => Attributes::Stays,
            Some(None) => Attributes::Goes,
            Some(Some(content)) => Attributes::Gets(content),
        };
        for section in SECTIONS {
            if !plan.repository.section(section)?.is_empty() {
                plan.sections.push(section);
            }
        }
        plan.removes_key = is_file(&plan.key_file())?;
        Ok(plan)
    }

    fn nothing(streams: &Streams<'_>, is_undo: bool) -> Result<Self, String> {
        let folder = streams.working_folder.ok_or("the working folder is not known")?;
        let repository = Repository::of(folder)?;
        Ok(Self {
            before: lines_of(&repository)?,
            repository,
            is_undo,
            attributes: Attributes::Stays,
            settings: Vec::new(),
            sections: Vec::new(),
            makes_key: false,
            removes_key: false,
        })
    }

    fn key_folder(&self) -> Utf8PathBuf {
        self.repository.git_folder.join("solship")
    }

    fn key_file(&self) -> Utf8PathBuf {
        self.key_folder().join("key")
    }

    fn is_empty(&self) -> bool {
        matches!(self.attributes, Attributes::Stays)
            && self.settings.is_empty()
            && self.sections.is_empty()
            && !self.makes_key
            && !self.removes_key
    }

    fn show(&self, streams: &mut Streams<'_>) -> io::Result<()> {
        let attributes = self.repository.root.join(ATTRIBUTES_FILE);
        let mut text = String::new();
        let mut line = |indent: usize, words: &str| {
            text.push_str(&" ".repeat(indent));
            text.push_str(&escaped(words));
            text.push('\n');
        };
        match &self.attributes {
            Attributes::Stays => {}
            Attributes::Goes => line(0, &format!("remove {attributes}")),
            Attributes::Gets(..) if self.is_undo => {
                line(0, &format!("without the lines of solship: {attributes}"))
            }
            Attributes::Gets(_) => {
                line(0, &format!("{} {attributes}", if self.before.is_some() { "added to" } else { "new" }));
                ATTRIBUTES.iter().for_each(|attribute| line(2, attribute));
            }
        }
        if !self.settings.is_empty() {
            line(0, "git config --local");
            for (setting, before) in &self.settings {
                line(2, &format!("{} = {}", setting.name, setting.value));
                if let Some(before) = before {
                    line(4, &format!("instead of {before}"));
                }
            }
        }
        for section in &self.sections {
            line(0, &format!("git config --local --remove-section {section}"));
        }
        if self.makes_key {
            line(0, &format!("new, at random, for you alone: {}", self.key_file()));
        }
        if self.removes_key {
            line(0, &format!("remove {}", self.key_file()));
        }
        streams.stdout.write_all(text.as_bytes())
    }

    /// The key first and the lines last: what is half done is without effect.
    /// The steps, the last the one that cannot be taken back.
    fn changes(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        if self.makes_key {
            changes.push(Change::MakeKey(self.key_file()));
        }
        changes.extend(self.settings.iter().map(|(setting, _)| Change::Set(setting.clone())));
        let (path, before) = (self.repository.root.join(ATTRIBUTES_FILE), self.before.clone());
        match &self.attributes {
            Attributes::Stays => {}
            Attributes::Gets(content) => {
                changes.push(Change::File { path, before, after: Some(content.clone()) });
            }
            Attributes::Goes => changes.push(Change::File { path, before, after: None }),
        }
        changes.extend(self.sections.iter().copied().map(Change::RemoveSection));
        if self.removes_key {
            changes.push(Change::RemoveKey(self.key_file()));
        }
        changes
    }
}

/// What the file with the lines holds; none where it is not there.
fn lines_of(repository: &Repository) -> Result<Option<Vec<u8>>, String> {
    let path = repository.root.join(ATTRIBUTES_FILE);
    if !is_file(&path)? {
        return Ok(None);
    }
    super::given::read(&path, MOST_ATTRIBUTES_BYTES).map(Some).map_err(|reason| format!("{path}: {reason}"))
}

/// Whether a file is there. Nothing is written through a link, or in place of what is no file.
fn is_file(path: &Utf8Path) -> Result<bool, String> {
    let folder = path.parent().map(fs_err::symlink_metadata);
    if let Some(Ok(folder)) = folder
        && !folder.is_dir()
    {
        return Err(format!("{path}: its folder is a link, or no folder"));
    }
    match fs_err::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(true),
        Ok(_) => Err(format!("{path}: a link, or no file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.to_string()),
    }
}
