//! `solship env`: environments of solship's own and snapshots, one file a command.

mod apply_upgrade;
mod connect;
mod delete;
mod list;
mod log;
mod new;
mod provide;
mod remove;
mod restore;
mod set;
mod share;
mod show;
mod snapshot;

use std::io;

use clap::{Args, Subcommand};
use solship::environment::store::Store;
use solship::environment::{Environment, EnvironmentError, State};
use solship::model::{ComponentKey, SolutionIdentity};
use solship::report::{exit, json_environment, text_environment};
use solship::text::moment;

use super::Streams;
use super::confirm::YesArguments;
use super::environment::{self, Refused};
use super::transfer::Format;

/// Environments on this computer, in which a release is rehearsed
///
/// An environment is one file. ENV is local:NAME or NAME for one in the folder of your data, file:PATH.db for one elsewhere,
/// or the .json file of a snapshot, which is only read. Exit code: 0 done, 2 nothing was changed.
#[derive(Debug, Args)]
pub(crate) struct EnvArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    New(new::NewArguments),
    List(list::ListArguments),
    Show(show::ShowArguments),
    Delete(delete::DeleteArguments),
    Snapshot(snapshot::SnapshotArguments),
    Restore(restore::RestoreArguments),
    Log(log::LogArguments),
    Provide(provide::ProvideArguments),
    Set(set::SetArguments),
    ApplyUpgrade(apply_upgrade::ApplyUpgradeArguments),
    Remove(remove::RemoveArguments),
    Connect(connect::ConnectArguments),
    Share(share::ShareArguments),
    Unshare(share::UnshareArguments),
    Shares(share::SharesArguments),
}

pub(super) fn run(arguments: &EnvArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    environment::run(streams, |streams| match &arguments.what {
        What::New(arguments) => arguments.run(streams),
        What::List(arguments) => arguments.run(streams),
        What::Show(arguments) => arguments.run(streams),
        What::Delete(arguments) => arguments.run(streams),
        What::Snapshot(arguments) => arguments.run(streams),
        What::Restore(arguments) => arguments.run(streams),
        What::Log(arguments) => arguments.run(streams),
        What::Provide(arguments) => arguments.run(streams),
        What::Set(arguments) => arguments.run(streams),
        What::ApplyUpgrade(arguments) => arguments.run(streams),
        What::Remove(arguments) => arguments.run(streams),
        What::Connect(arguments) => arguments.run(streams),
        What::Share(arguments) => arguments.run(streams),
        What::Unshare(arguments) => arguments.run(streams),
        What::Shares(arguments) => arguments.run(streams),
    })
}

/// Prints what was done, which is on disk already; what was refused is told by whoever called.
fn report(
    done: Result<json_environment::Done, Refused>,
    format: Format,
    streams: &mut Streams<'_>,
) -> io::Result<Result<u8, Refused>> {
    let done = match done {
        Ok(done) => done,
        Err(refused) => return Ok(Err(refused)),
    };
    let text = text_environment::done(&done);
    streams.report_written(text.trim_end(), |stdout| match format {
        Format::Text => stdout.write_all(text.as_bytes()),
        Format::Json => json_environment::done(stdout, &done),
    })?;
    Ok(Ok(exit::DONE))
}

/// Changes an environment, or says in words why not; `edit` is told how messages name it.
fn change<T>(
    name: &str,
    streams: &Streams<'_>,
    words: &str,
    edit: impl Fn(&mut State, &str) -> Result<T, String>,
) -> Result<(json_environment::Done, T), Refused> {
    change_and_tell(name, streams, words, |state, label, _| edit(state, label))
}

/// What the log is to say, where only the change knows it.
struct Line {
    words: String,
    /// What is to be known of it; whoever sees the result is told otherwise.
    note: Option<&'static str>,
    solution: Option<SolutionIdentity>,
}

impl Line {
    fn new(words: &str) -> Self {
        Self { words: words.to_owned(), note: None, solution: None }
    }
}

/// The same where `edit` may say otherwise what the log says. A change that changes nothing is none: the log is without it.
fn change_and_tell<T>(
    name: &str,
    streams: &Streams<'_>,
    words: &str,
    edit: impl Fn(&mut State, &str, &mut Line) -> Result<T, String>,
) -> Result<(json_environment::Done, T), Refused> {
    change_store(&mut environment::open_store(name, streams)?, streams, words, edit)
}

/// The same where what is gone does not come back: it is tried on a copy first, so that only what can be done is asked for.
/// `doing` says it of that outcome.
fn change_when_asked<T>(
    (name, words): (&str, &str),
    yes: &YesArguments,
    streams: &mut Streams<'_>,
    doing: impl Fn(&T) -> String,
    edit: impl Fn(&mut State, &str, &mut Line) -> Result<T, String>,
) -> io::Result<Result<(json_environment::Done, T), Refused>> {
    // Nobody changes it while somebody is asked.
    let held = environment::open_store(name, streams).and_then(|mut store| {
        store.hold()?;
        Ok(store)
    });
    let mut store = match held {
        Ok(store) => store,
        Err(refused) => return Ok(Err(refused)),
    };
    let label = store.label().to_owned();
    match edit(&mut store.state().clone(), &label, &mut Line::new(words)) {
        Err(words) => return Ok(Err(words.into())),
        Ok(outcome) => {
            if let Err(refused) = yes.ask(&label, &doing(&outcome), streams)? {
                return Ok(Err(refused));
            }
        }
    }
    Ok(change_store(&mut store, streams, words, edit))
}

fn change_store<T>(
    store: &mut Store,
    streams: &Streams<'_>,
    words: &str,
    edit: impl Fn(&mut State, &str, &mut Line) -> Result<T, String>,
) -> Result<(json_environment::Done, T), Refused> {
    let label = store.label().to_owned();
    let mut outcome = None;
    let mut line = Line::new(words);
    let changed = store.change(environment::entry(streams, words), &mut |state, entry| {
        let edited = edit(state, &label, &mut line);
        let refused = edited.is_err();
        outcome = Some(edited);
        entry.words.clone_from(&line.words);
        entry.solution.clone_from(&line.solution);
        line.note.into_iter().for_each(|note| entry.add(note));
        match refused {
            true => Err(EnvironmentError::Refused),
            false if !state.is_touched() => Err(EnvironmentError::Unchanged),
            false => Ok(()),
        }
    });
    match (changed, outcome) {
        (_, Some(Err(words))) => Err(words.into()),
        (Ok(()), Some(Ok(outcome))) => Ok((json_environment::Done::new(&label, &line.words), outcome)),
        (Err(error @ EnvironmentError::Unchanged), Some(Ok(outcome))) => {
            Ok((json_environment::Done::new(&label, &error.to_string()), outcome))
        }
        (Err(error), _) => Err(error.into()),
        (Ok(()), None) => Err(format!("{label} was not changed").into()),
    }
}

/// The day, `2026-11-29`.
fn today(streams: &Streams<'_>) -> String {
    moment(streams.now).chars().take("2026-11-29".len()).collect()
}

/// How a sentence names a component of an environment.
fn words(state: &State, component: &ComponentKey) -> String {
    let content = state.component(component).and_then(|(_, layers)| layers.effective());
    content.map_or_else(|| component.to_string(), |content| content.words.clone())
}
