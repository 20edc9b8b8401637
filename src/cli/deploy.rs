//! `solship deploy`: solutions into an environment.

use std::collections::BTreeSet;
use std::io;

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use solship::deploy::{Deployment, DeploymentState, Options, Prepared, prepare};
use solship::environment::import::Mode;
use solship::environment::{Environment, EnvironmentError};
use solship::model::{Code, Severity, Solution};
use solship::report::{escaped, exit, json_deploy, junit, markdown_deploy, text_deploy};

use super::check::code_of_rule;
use super::config::{self, Loaded};
use super::environment::{self, Refused, open, open_store};
use super::inputs::InputArguments;
use super::message::is_confirmed;
use super::prefer::PreferArguments;
use super::{Streams, TextArguments, order, release};

/// Import solutions into an environment, in an order that holds
///
/// Everything is rehearsed first, so that what the environment would refuse is told before anything is done. Each import is one
/// transaction; what fails leaves the environment as it was, and a second run goes on from there. Exit code: 0 done or nothing to
/// do, 1 refused, 2 nothing was done or it cannot be told.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  solship deploy release/ --env uat --dry-run
  solship deploy release/ --env uat --settings uat.json --yes
  solship deploy --in-order FabShared.zip FabFlows.zip --env uat")]
pub(crate) struct DeployArguments {
    /// Environment: local:NAME, file:PATH.db; with --dry-run a snapshot too
    #[arg(long, value_name = "ENV")]
    env: String,
    /// Settings file with values of variables and connections
    #[arg(long, value_name = "FILE")]
    settings: Option<Utf8PathBuf>,
    /// Keep the order of the arguments
    #[arg(long)]
    in_order: bool,
    /// Let a finding of the rehearsal pass, such as ORD001 (repeatable)
    #[arg(long, value_name = "CODE", value_parser = code_of_rule)]
    allow: Vec<Code>,
    #[command(flatten)]
    mode: ModeArguments,
    #[command(flatten)]
    prefer: PreferArguments,
    #[command(flatten)]
    how: HowArguments,
    #[command(flatten)]
    inputs: InputArguments,
}

/// What becomes of a solution that is there.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct ModeArguments {
    /// What the new version lacks is deleted; the default for managed solutions, and refused for others
    #[arg(long)]
    upgrade: bool,
    /// Nothing is deleted; the default for unmanaged solutions and patches
    #[arg(long)]
    update: bool,
    /// The new version is put beside the old one until env apply-upgrade; only of managed solutions
    #[arg(long)]
    stage: bool,
}

/// How a deployment is told, and whether it is only rehearsed.
#[derive(Debug, Args)]
pub(super) struct HowArguments {
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    text: TextArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
    Junit,
}

pub(super) fn run(arguments: &DeployArguments, streams: &mut Streams<'_>) -> io::Result<u8> {
    let Ok(loaded) = config::load(streams) else { return Ok(exit::UNUSABLE) };
    let Some(sources) = arguments.inputs.sources(loaded.as_ref(), streams) else {
        return Ok(exit::UNUSABLE);
    };
    let all = arguments.how.text.all;
    let Some(release) = release::read(&arguments.inputs, &sources, all, streams)? else {
        return Ok(exit::UNUSABLE);
    };
    let code = environment::run(streams, |streams| {
        let options = match arguments.options(&release.solutions, loaded.as_ref()) {
            Ok(options) => options,
            Err(refused) => return Ok(Err(refused)),
        };
        let rehearse = |environment: &dyn Environment| {
            prepare(environment.label(), environment.state(), &release, &options)
        };
        arguments.how.run(&arguments.env, "Import", streams, rehearse)
    })?;
    config::report(loaded.as_ref(), solship::config::Silenced::default(), streams);
    Ok(code)
}

impl DeployArguments {
    fn options(&self, solutions: &[Solution], loaded: Option<&Loaded>) -> Result<Options, Refused> {
        let in_order = match self.in_order {
            true if self.inputs.solutions.is_empty() => {
                return Err("--in-order keeps the order of SOLUTION…: name them".to_owned().into());
            }
            true => Some(order::of_arguments(&self.inputs.solutions, solutions)?),
            false => None,
        };
        let settings = self.settings.as_deref().map(release::settings).transpose()?;
        let mut plan = loaded.map(Loaded::plan_options).unwrap_or_default();
        plan.prefer_unmanaged = self.prefer.unmanaged();
        let mode = match &self.mode {
            ModeArguments { upgrade: true, .. } => Mode::Upgrade,
            ModeArguments { update: true, .. } => Mode::Update,
            ModeArguments { stage: true, .. } => Mode::Stage,
            _ => Mode::Usual,
        };
        let allow: BTreeSet<Code> = self.allow.iter().copied().collect();
        Ok(Options { mode, in_order, plan, settings, allow })
    }
}

impl HowArguments {
    /// Rehearses, asks, does it, and tells.
    pub(super) fn run<'c>(
        &self,
        env: &str,
        verb: &str,
        streams: &mut Streams<'_>,
        rehearse: impl Fn(&dyn Environment) -> Prepared<'c>,
    ) -> io::Result<Result<u8, Refused>> {
        if self.dry_run {
            let environment = match open(env, streams, false) {
                Ok(environment) => environment,
                Err(refused) => return Ok(Err(refused)),
            };
            let prepared = rehearse(&*environment);
            self.show(&prepared.deployment, streams)?;
            return Ok(Ok(code(&prepared.deployment)));
        }
        // Nobody changes it between the rehearsal and the last import.
        let held = open_store(env, streams).and_then(|mut store| {
            store.hold()?;
            Ok(store)
        });
        let mut store = match held {
            Ok(store) => store,
            Err(refused) => return Ok(Err(refused)),
        };
        let mut prepared = rehearse(&store);
        let count = prepared.deployment.to_do().count();
        if prepared.deployment.state == DeploymentState::Refused || count == 0 {
            if count == 0 && prepared.deployment.state != DeploymentState::Refused {
                prepared.deployment.state = DeploymentState::Done;
            }
            self.show(&prepared.deployment, streams)?;
            return Ok(Ok(code(&prepared.deployment)));
        }
        if !self.yes && !streams.is_interactive {
            let message = format!("nobody can be asked whether to change {}", store.label());
            return Ok(Err(Refused::new(
                message,
                "--yes does it without asking, --dry-run says what it would be",
            )));
        }
        // What is about to be done comes first; another form of the result comes alone, and as a whole at the end.
        let is_text = self.format == Format::Text;
        let plan = text_deploy::steps(&prepared.deployment, &self.text.options(streams));
        if is_text {
            streams.stdout.write_all(format!("{plan}\n").as_bytes())?;
            streams.stdout.flush()?;
        } else if !self.yes {
            let _ = streams.stderr.write_all(plan.as_bytes());
        }
        if !self.yes {
            let noun = if count == 1 { "solution" } else { "solutions" };
            let way = if verb == "Import" { "into" } else { "from" };
            let question = format!("{verb} {count} {noun} {way} {}?", store.label());
            if !is_confirmed(streams, &question)? {
                return Ok(Err("nothing was done".to_owned().into()));
            }
        }
        let time = streams.now;
        let stderr = &mut *streams.stderr;
        let done = prepared.run(&mut store, time, &mut |progress| {
            let _ = writeln!(stderr, "{}", text_deploy::progress(progress));
        });
        drop(store);
        let deployment = &prepared.deployment;
        let written = text_deploy::summary(deployment);
        // One that stopped is told again: not everything is done then, and there is more to say.
        let text = match is_text && deployment.state == DeploymentState::Done {
            true => format!("{}\n", escaped(&written)),
            false => self.render(deployment, streams)?,
        };
        streams.report_written(&written, |stdout| stdout.write_all(text.as_bytes()))?;
        match done {
            Ok(()) => Ok(Ok(code(deployment))),
            Err(EnvironmentError::Refused) => Ok(Ok(exit::FOUND)),
            Err(error) => Ok(Err(error.into())),
        }
    }

    fn show(&self, deployment: &Deployment, streams: &mut Streams<'_>) -> io::Result<()> {
        let text = self.render(deployment, streams)?;
        streams.stdout.write_all(text.as_bytes())
    }

    fn render(&self, deployment: &Deployment, streams: &Streams<'_>) -> io::Result<String> {
        match self.format {
            Format::Text => Ok(text_deploy::deployment(deployment, &self.text.options(streams))),
            Format::Json => {
                let mut bytes = Vec::new();
                json_deploy::deployment(&mut bytes, deployment)?;
                String::from_utf8(bytes).map_err(io::Error::other)
            }
            Format::Markdown => Ok(markdown_deploy::deployment(deployment)),
            Format::Junit => {
                let suites = junit::Suites {
                    name: if deployment.is_removal() { "solship undeploy" } else { "solship deploy" },
                    solutions: deployment.steps.iter().map(|step| &*step.solution.unique_name).collect(),
                    looked: &[],
                    failing: Severity::Error,
                };
                suites.of(&deployment.findings).map_err(io::Error::other)
            }
        }
    }
}

fn code(deployment: &Deployment) -> u8 {
    match deployment.state {
        DeploymentState::Planned | DeploymentState::Done => exit::DONE,
        DeploymentState::Refused | DeploymentState::Stopped => exit::FOUND,
    }
}
