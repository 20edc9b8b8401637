//! `solship plan`: the import order of a set of solutions, or whether an order that is there holds.

use std::io;
use std::sync::Arc;

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use solship::check::Target;
use solship::deploy::Release;
use solship::environment::provide::{ProvideError, provide};
use solship::environment::{Environment, State};
use solship::excerpt::{Selection, solutions};
use solship::gate::{self, Gate};
use solship::model::{Finding, Provided, Solution, Version, sort_findings};
use solship::order::{Order, OrderKind};
use solship::plan::{Plan, plan};
use solship::report::drawing::Drawing;
use solship::report::{
    dot, drawn_graph, exit, github, import_config, json, junit, list, markdown_findings, markdown_plan,
    mermaid, sarif, text_gate, text_plan,
};
use solship::settings::SettingsFile;
use solship::text::shell_word;

use super::config::{self, Loaded};
use super::environment::{self, Refused};
use super::inputs::{InputArguments, Sources, Use};
use super::message::{Level, say};
use super::prefer::PreferArguments;
use super::{FailArguments, Streams, TextArguments, order, release, since};

/// Print the order in which solutions must be imported, with the reason for every "before"; or check an order
///
/// Reads nothing but the files; the order comes from what the solutions use of each other. Exit code: 0 fine, 1 a finding at
/// or over --fail-on, 2 nothing can be said.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship plan release/
  solship plan release/*.zip --provided FabBase@1.2.0.0
  solship plan release/ --env local:uat
  solship plan release/ --format list | while read name; do …; done
  solship plan --check ImportConfig.xml release/
  solship plan --check ImportConfig.xml --fix release/
  solship plan --in-order FabShared.zip FabFlows.zip")]
pub(crate) struct PlanArguments {
    #[command(flatten)]
    check: CheckArguments,
    /// A solution that the target has; a need on it is met (repeatable)
    #[arg(long, value_name = "NAME[@VERSION]")]
    provided: Vec<Provided>,
    /// The environment that is the target: what it has in the same version, form and content is not imported again, what is
    /// known there of connections and credentials counts, and what it refuses or waits for is told
    #[arg(long, value_name = "ENV", conflicts_with_all = ["check", "in_order"])]
    env: Option<String>,
    /// With --env: settings file with values of variables and connections
    #[arg(long, value_name = "FILE", requires = "env")]
    settings: Option<Utf8PathBuf>,
    #[command(flatten)]
    prefer: PreferArguments,
    /// Plan only the solutions whose content differs from those there; the target has the others (repeatable)
    #[arg(long, value_name = "PATH", conflicts_with_all = ["check", "in_order"])]
    since: Vec<Utf8PathBuf>,
    /// Report each level that solship.toml lowers, and each exception that it states, as an error
    #[arg(long)]
    forbid_exceptions: bool,
    /// Form of the result; `list` is one unique name a line
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    text: TextArguments,
    #[command(flatten)]
    inputs: InputArguments,
    #[command(flatten)]
    fail: FailArguments,
}

/// Which order is checked.
#[derive(Debug, Args)]
#[command(next_help_heading = "Check an order")]
struct CheckArguments {
    /// Check the order in this file: an ImportConfig.xml, a list of names or files, or a solship.toml. Without SOLUTION
    /// the packages beside it count
    #[arg(long, value_name = "ORDER", conflicts_with = "in_order")]
    check: Option<Utf8PathBuf>,
    /// Check the order of the arguments
    #[arg(long)]
    in_order: bool,
    /// Put the rows of ORDER into an order that holds; everything else in the file stays
    #[arg(long, requires = "check")]
    fix: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    List,
    Markdown,
    Importconfig,
    Mermaid,
    Dot,
    Github,
    Sarif,
    Junit,
}

pub(super) fn run(arguments: &PlanArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let given = match &arguments.check.check {
        Some(path) => match order::read(path) {
            Ok(given) => Some(given),
            Err(words) => {
                say(streams.stderr, Level::Error, &words);
                return Ok(exit::UNUSABLE);
            }
        },
        None => None,
    };
    if given.is_some() || arguments.check.in_order {
        let no_findings =
            matches!(arguments.format, Format::List | Format::Importconfig | Format::Mermaid | Format::Dot);
        if no_findings {
            let message =
                "a checked order has findings: text, json, markdown, github, sarif or junit shows them";
            say(streams.stderr, Level::Error, message);
            return Ok(exit::UNUSABLE);
        }
    }
    let loaded = match &given {
        // An order in a configuration is checked with what that says.
        Some(given) if given.kind == OrderKind::Toml && streams.config.is_default() => {
            config::load_file(given.file.as_ref().into(), streams).map(Some)
        }
        _ => config::load(streams),
    };
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(code) => return Ok(code),
    };
    let Some(sources) = sources(arguments, given.as_ref(), loaded.as_ref(), streams) else {
        return Ok(exit::UNUSABLE);
    };
    let target = match arguments.target(streams) {
        Ok(target) => target,
        Err(refused) => return Ok(refused.tell(streams)),
    };
    let all = arguments.text.all;
    let read = if target.is_some() {
        release::read(&arguments.inputs, &sources, all, streams)?
    } else {
        let set = arguments.inputs.read_sources(&sources, Use::Model, all, streams)?;
        set.map(|solutions| Release { solutions, candidates: Vec::new() })
    };
    let Some(mut release) = read else { return Ok(exit::UNUSABLE) };
    let mut options = loaded.as_ref().map(Loaded::plan_options).unwrap_or_default();
    options.provided.extend(arguments.provided.iter().cloned());
    options.prefer_unmanaged = arguments.prefer.unmanaged();
    if let Some(given) = &given {
        release.solutions = order::those_that_count(release.solutions, &given.rows, &options.provided);
    }
    let set = &release.solutions;
    let untold = options.clone();
    let there = match &target {
        Some((target, _)) => match with_provided(target.state(), &arguments.provided, set) {
            Ok(there) => there,
            Err(refused) => return Ok(refused.tell(streams)),
        },
        None => State::default(),
    };
    if let Some((target, _)) = &target {
        options.tell(target.label(), &there, set);
    }
    let mut planned = plan(set, &options);
    if let Some(given) = given {
        return check(arguments, given, planned, set, loaded.as_ref(), streams);
    }
    if arguments.check.in_order {
        let rows = match order::of_arguments(&arguments.inputs.solutions, set) {
            Ok(rows) => rows,
            Err(words) => {
                say(streams.stderr, Level::Error, &words);
                return Ok(exit::UNUSABLE);
            }
        };
        let help = "solship plan prints an order that holds";
        let gate = gate::check("the arguments", &rows, &planned, set, help);
        return show_gate(arguments, gate, &planned, loaded.as_ref(), streams);
    }
    if let Some((target, settings)) = target {
        let same = release.there(&there);
        planned.leave_out(|solution| same.contains(&solution.source));
        let target = Target { settings, ..Target::new(target.label(), &there) };
        target.findings(&release, &untold, &mut planned.findings);
        sort_findings(&mut planned.findings);
    }
    if !arguments.since.is_empty() {
        let Some(own) = since::contents(&arguments.inputs, &sources, streams)? else {
            return Ok(exit::UNUSABLE);
        };
        let earlier = Sources::named(arguments.since.clone());
        let Some(known) = since::contents(&arguments.inputs, &earlier, streams)? else {
            return Ok(exit::UNUSABLE);
        };
        planned.leave_out(|solution| since::is_known(solution, &own, &known));
    }
    drop(release);
    let silenced = config::apply(loaded.as_ref(), &mut planned.findings, arguments.forbid_exceptions, &[]);
    show_plan(arguments, &planned, streams)?;
    config::report(loaded.as_ref(), silenced, streams);
    Ok(arguments.fail.exit_code(&planned.findings))
}

/// An environment with what else is said to be there. What was imported into it is known better; where no version is said,
/// it is one that does for the set.
fn with_provided(state: &State, provided: &[Provided], set: &[Solution]) -> Result<State, Refused> {
    let mut state = state.clone();
    for Provided { unique_name, version } in provided {
        let missing = set.iter().flat_map(|solution| &solution.manifest.missing_dependencies);
        let is_of = |provider: &String| provider.eq_ignore_ascii_case(unique_name);
        let asked = missing.filter(|row| row.provider.as_ref().is_some_and(is_of));
        let asked = asked.filter_map(|row| row.provider_version.clone()).max();
        let version = version.clone().or(asked).unwrap_or_else(|| Version::new("1.0.0.0"));
        match provide(&mut state, unique_name, &version, &[]) {
            Ok(_) | Err(ProvideError::Imported { .. }) => {}
            Err(error) => return Err(error.to_string().into()),
        }
    }
    Ok(state)
}

/// An environment, and what is filled in when solutions go there.
type Given = (Box<dyn Environment>, Option<Arc<SettingsFile>>);

impl PlanArguments {
    /// The environment that is the target, where one was named.
    fn target(&self, streams: &Streams<'_>) -> Result<Option<Given>, Refused> {
        let Some(env) = &self.env else { return Ok(None) };
        let settings = self.settings.as_deref().map(release::settings).transpose()?;
        Ok(Some((environment::open(env, streams, false)?, settings)))
    }
}

/// Where to look: what the user named, what the order names beside it, what the configuration names.
fn sources(
    arguments: &PlanArguments,
    given: Option<&Order>,
    loaded: Option<&Loaded>,
    streams: &mut Streams<'_>,
) -> Option<Sources> {
    if !arguments.inputs.solutions.is_empty() {
        return Some(Sources::named(arguments.inputs.solutions.clone()));
    }
    if arguments.check.in_order {
        say(streams.stderr, Level::Error, "--in-order checks the order of SOLUTION…: name them");
        return None;
    }
    let is_configured = loaded.is_some_and(|loaded| !loaded.config.solutions.is_empty());
    match given {
        Some(given) if given.kind != OrderKind::Toml || !is_configured => match order::beside(given) {
            Ok(paths) => Some(Sources::found(paths)),
            Err(_) if is_configured => Sources::configured(loaded, streams),
            Err(words) => {
                say(streams.stderr, Level::Error, &words);
                say(streams.stderr, Level::Hint, "name SOLUTION… to say where the packages are");
                None
            }
        },
        _ => Sources::configured(loaded, streams),
    }
}

fn check(
    arguments: &PlanArguments,
    given: Order,
    planned: Plan,
    set: &[Solution],
    loaded: Option<&Loaded>,
    streams: &mut Streams<'_>,
) -> io::Result<u8> {
    let mut rows = given.rows.clone();
    if arguments.check.fix {
        let corrected = gate::corrected(&rows, &planned, set);
        match order::rewrite(&given, &corrected) {
            Ok(moved) => {
                say(streams.stderr, Level::Fixed, &moved.words);
                rows = moved.rows;
            }
            Err(words) => {
                say(streams.stderr, Level::Error, &words);
                return Ok(exit::UNUSABLE);
            }
        }
    }
    let help = if arguments.check.fix { String::new() } else { fix_command(arguments, &given) };
    let gate = gate::check(&given.file, &rows, &planned, set, &help);
    show_gate(arguments, gate, &planned, loaded, streams)
}

/// The command that puts the order right.
fn fix_command(arguments: &PlanArguments, given: &Order) -> String {
    let mut words = vec!["solship plan --check".to_owned(), shell_word(&given.file), "--fix".to_owned()];
    words.extend(arguments.inputs.solutions.iter().map(|path| shell_word(path.as_str())));
    words.join(" ")
}

fn show_gate(
    arguments: &PlanArguments,
    mut gate: Gate,
    planned: &Plan,
    loaded: Option<&Loaded>,
    streams: &mut Streams<'_>,
) -> io::Result<u8> {
    let silenced = config::apply(loaded, &mut gate.findings, arguments.forbid_exceptions, &[]);
    match arguments.format {
        Format::Json => json::gate(streams.stdout, &gate)?,
        Format::Markdown => {
            let text = markdown_findings::findings(&gate.findings, gate.solutions);
            streams.stdout.write_all(text.as_bytes())?;
        }
        Format::Github | Format::Sarif | Format::Junit => {
            show_findings(arguments, "solship plan --check", planned, &gate.findings, streams)?;
        }
        _ => {
            let text = text_gate::gate(&gate, &arguments.text.options(streams));
            streams.stdout.write_all(text.as_bytes())?;
        }
    }
    config::report(loaded, silenced, streams);
    Ok(arguments.fail.exit_code(&gate.findings))
}

fn show_plan(arguments: &PlanArguments, planned: &Plan, streams: &mut Streams<'_>) -> io::Result<()> {
    let text = match arguments.format {
        Format::Text => text_plan::plan(planned, &arguments.text.options(streams)),
        Format::Json => return json::plan(streams.stdout, planned),
        Format::List => list::plan(planned),
        Format::Markdown => markdown_plan::plan(planned),
        Format::Importconfig => import_config::plan(planned),
        Format::Mermaid => mermaid::mermaid(&drawing(planned)?),
        Format::Dot => dot::dot(&drawing(planned)?),
        Format::Github | Format::Sarif | Format::Junit => {
            return show_findings(arguments, "solship plan", planned, &planned.findings, streams);
        }
    };
    streams.stdout.write_all(text.as_bytes())
}

fn drawing(planned: &Plan) -> io::Result<Drawing> {
    let excerpt = solutions(planned, &Selection::default()).map_err(io::Error::other)?;
    Ok(drawn_graph::excerpt(&excerpt))
}

/// The forms that only know findings.
fn show_findings(
    arguments: &PlanArguments,
    name: &str,
    planned: &Plan,
    findings: &[Finding],
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    let text = match arguments.format {
        Format::Sarif => return sarif::findings(streams.stdout, findings, streams.working_folder),
        Format::Junit => {
            let solutions = planned.steps.iter().map(|step| step.solution.unique_name.as_str());
            let suites = junit::Suites {
                name,
                solutions: solutions.collect(),
                looked: &[],
                failing: arguments.fail.failing(),
            };
            suites.of(findings).map_err(io::Error::other)?
        }
        _ => github::findings(findings, planned.steps.len()),
    };
    streams.stdout.write_all(text.as_bytes())
}
