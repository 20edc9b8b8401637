//! `solship where-used`: what stands on a secret, a variable, a connector or any other component.

use std::io;

use clap::{Args, ValueEnum};
use solship::config::Silenced;
use solship::environment::signs_in;
use solship::graph::{Network, shown_name, stated_sign_ins};
use solship::report::{dot, drawn_graph, exit, json, mermaid, text_where_used};
use solship::where_used::where_used;

use super::config;
use super::environment::{EnvironmentArguments, take_values};
use super::inputs::{InputArguments, Use};
use super::message::{Level, say};
use super::prefer::PreferArguments;
use super::{Streams, TextArguments};

/// Show what stands on a secret, a variable, a connector or another component, each step with its evidence
///
/// WHAT is a schema name, logical name, unique name, GUID or display name; vault:NAME; secret:VAULT/NAME or the whole
/// resource id of a secret; a connector such as shared_sharepointonline; or TYPE:NAME for one type only, such as variable:fab_Limit.
/// Case does not matter; everything of that name is answered. Exit code: 0 found, used or not; 1 nothing has that name;
/// 2 nothing can be said.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship where-used secret:fab-kv/robot7 release/
  solship where-used fab_Robot7Password release/ --format json
  solship where-used \"cloud flow:Run payroll\" release/")]
pub(crate) struct WhereUsedArguments {
    /// What to look for
    #[arg(value_name = "WHAT")]
    what: String,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    environment: EnvironmentArguments,
    #[command(flatten)]
    prefer: PreferArguments,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Dot,
    Mermaid,
}

pub(super) fn run(arguments: &WhereUsedArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let Ok(loaded) = config::load(streams) else { return Ok(exit::UNUSABLE) };
    let Some(sources) = arguments.inputs.sources(loaded.as_ref(), streams) else { return Ok(exit::UNUSABLE) };
    let target = match arguments.environment.open(streams) {
        Ok(target) => target,
        Err(refused) => return Ok(refused.tell(streams)),
    };
    let set = arguments.inputs.read_sources(&sources, Use::Model, arguments.text.all, streams)?;
    let Some(mut set) = set else { return Ok(exit::UNUSABLE) };
    if let Some(target) = &target {
        take_values(&**target, &mut set, streams);
    }
    let solutions = arguments.prefer.choose(&set, streams);
    let mut stated = config::stated_sign_ins(loaded.as_ref(), &solutions, streams);
    if let Some(target) = &target {
        // What does not fit the set is of other solutions there.
        stated.extend(stated_sign_ins(&solutions, &signs_in(target.state(), target.label())).0);
    }
    let network = Network::new(&solutions, &stated);
    let mut result = where_used(&network, &arguments.what);
    if let Some(target) = &target {
        result.tell(target.state());
    }
    let is_found = !result.answers.is_empty();
    match arguments.format {
        Format::Json => json::where_used(streams.stdout, &result)?,
        _ if !is_found => {}
        Format::Text => {
            let text = text_where_used::where_used(&result, &arguments.text.options(streams));
            streams.stdout.write_all(text.as_bytes())?;
        }
        Format::Dot => streams.stdout.write_all(dot::dot(&drawn_graph::where_used(&result)).as_bytes())?,
        Format::Mermaid => {
            streams.stdout.write_all(mermaid::mermaid(&drawn_graph::where_used(&result)).as_bytes())?;
        }
    }
    config::report(loaded.as_ref(), Silenced::default(), streams);
    if !is_found {
        let message = format!("nothing in the set is called {}", shown_name(&arguments.what));
        say(streams.stderr, Level::Error, &message);
        say_nearest(&result.nearest, streams);
        return Ok(exit::FOUND);
    }
    Ok(exit::DONE)
}

/// One line with what is called nearly so.
pub(super) fn say_nearest(nearest: &[String], streams: &mut Streams<'_>) {
    if !nearest.is_empty() {
        say(streams.stderr, Level::Hint, &format!("nearest: {}", nearest.join(", ")));
    }
}
