//! `solship graph`: components or solutions and the references between them.

use std::io;

use clap::{ArgGroup, Args, ValueEnum};
use solship::config::Silenced;
use solship::excerpt::{Excerpt, ExcerptError, Selection, components, solutions};
use solship::graph::Network;
use solship::plan::plan;
use solship::report::{dot, drawn_graph, exit, json, mermaid, text_graph, tsv};

use super::config::{self, Loaded};
use super::inputs::{InputArguments, Use};
use super::message::{Level, say};
use super::prefer::PreferArguments;
use super::where_used::say_nearest;
use super::{Streams, TextArguments};

/// Show components, or solutions, and the references between them
///
/// An arrow points from the one that needs to the one that is needed. WHAT is named as for `solship where-used`; with --level
/// solution it is a unique name. With --to alone the tree is read from the goal: under each node stands what needs it. Exit
/// code: 0 fine, 1 nothing has that name or type, 2 nothing can be said.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("ends").args(["from", "to"]).multiple(true))]
#[command(after_help = "Examples:
  solship graph release/ --from \"cloud flow:Run payroll\"
  solship graph release/ --level solution --format mermaid
  solship graph release/ --type variable --type credential --format dot | dot -Tsvg > graph.svg
  solship graph release/ --format tsv | grep connectionreference")]
pub(crate) struct GraphArguments {
    /// What the nodes are
    #[arg(long, value_name = "LEVEL", default_value = "component")]
    level: GraphLevel,
    /// Only what this needs, directly or not
    #[arg(long, value_name = "WHAT")]
    from: Option<String>,
    /// Only what needs this, directly or not; with --from, what lies between
    #[arg(long, value_name = "WHAT")]
    to: Option<String>,
    /// Ways of at most so many steps
    #[arg(long, value_name = "N", requires = "ends")]
    depth: Option<usize>,
    /// Only components of this type, such as variable or environmentvariabledefinition (repeatable)
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Form of the result; `tsv` is one reference a line
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    prefer: PreferArguments,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GraphLevel {
    Component,
    Solution,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Dot,
    Mermaid,
    Tsv,
}

pub(super) fn run(arguments: &GraphArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    if arguments.level == GraphLevel::Solution && !arguments.types.is_empty() {
        say(
            streams.stderr,
            Level::Error,
            "--type is about components and cannot be used with --level solution",
        );
        return Ok(exit::UNUSABLE);
    }
    let Ok(loaded) = config::load(streams) else { return Ok(exit::UNUSABLE) };
    let Some(sources) = arguments.inputs.sources(loaded.as_ref(), streams) else { return Ok(exit::UNUSABLE) };
    let set = arguments.inputs.read_sources(&sources, Use::Model, arguments.text.all, streams)?;
    let Some(set) = set else { return Ok(exit::UNUSABLE) };
    let selection = Selection {
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        depth: arguments.depth,
        types: arguments.types.clone(),
    };
    let held = arguments.prefer.choose(&set, streams);
    let excerpt = match arguments.level {
        GraphLevel::Component => {
            let stated = config::stated_sign_ins(loaded.as_ref(), &held, streams);
            components(&Network::new(&held, &stated), &selection)
        }
        GraphLevel::Solution => {
            let mut options = loaded.as_ref().map(Loaded::plan_options).unwrap_or_default();
            options.prefer_unmanaged = arguments.prefer.unmanaged();
            solutions(&plan(&set, &options), &selection)
        }
    };
    config::report(loaded.as_ref(), Silenced::default(), streams);
    match excerpt {
        Ok(excerpt) => {
            write(&excerpt, arguments, streams)?;
            Ok(exit::DONE)
        }
        Err(error) => {
            say(streams.stderr, Level::Error, &error.to_string());
            match &error {
                ExcerptError::NotFound { nearest, .. } => say_nearest(nearest, streams),
                ExcerptError::NoSuchType { known, .. } => {
                    say(streams.stderr, Level::Hint, &format!("there are: {}", known.join(", ")));
                }
            }
            Ok(exit::FOUND)
        }
    }
}

fn write(excerpt: &Excerpt, arguments: &GraphArguments, streams: &mut Streams<'_>) -> io::Result<()> {
    let text = match arguments.format {
        Format::Json => return json::graph(streams.stdout, excerpt),
        Format::Text => text_graph::graph(excerpt, &arguments.text.options(streams)),
        Format::Dot => dot::dot(&drawn_graph::excerpt(excerpt)),
        Format::Mermaid => mermaid::mermaid(&drawn_graph::excerpt(excerpt)),
        Format::Tsv => tsv::graph(excerpt),
    };
    streams.stdout.write_all(text.as_bytes())
}
