//! A rehearsed deployment is done: one transaction and one line of the log a step.

use super::{Action, Candidate, Deployment, DeploymentState, StepState, preflight};
use crate::environment::import::{ImportOptions, Outcome, Refusal, import, uninstall};
use crate::environment::{Environment, EnvironmentError, LogEntry, State};
use crate::model::sort_findings;

/// A deployment that was rehearsed.
#[derive(Debug)]
pub struct Prepared<'c> {
    /// What it would do; after [`Self::run`] what it did.
    pub deployment: Deployment,
    /// One a step.
    pub(super) tasks: Vec<Task<'c>>,
}

/// What a step calls for.
#[derive(Debug)]
pub(super) enum Task<'c> {
    /// It is there.
    Nothing,
    Import {
        candidate: &'c Candidate,
        options: Box<ImportOptions>,
    },
    Uninstall {
        delete_components: bool,
    },
}

/// Told after each step.
#[derive(Debug)]
pub struct Progress<'p> {
    /// From 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// One line: `imported FabFlows 3.1.0.0 (managed, upgrade)`.
    pub words: &'p str,
}

impl Prepared<'_> {
    /// Does it, in order, and stops at the first failure: what was done stays, and a second run goes on from there. `time` is
    /// the moment for the log.
    ///
    /// # Errors
    /// When the environment cannot be written. What a rule refuses is a finding.
    pub fn run(
        &mut self,
        environment: &mut dyn Environment,
        time: u64,
        told: &mut dyn FnMut(&Progress<'_>),
    ) -> Result<(), EnvironmentError> {
        let of = self.deployment.to_do().count();
        let mut number = 0;
        self.deployment.state = DeploymentState::Stopped;
        for (step, task) in self.deployment.steps.iter_mut().zip(&self.tasks) {
            if matches!(task, Task::Nothing) {
                step.state = StepState::Done;
                continue;
            }
            let words = words(
                step.action,
                &step.solution.unique_name,
                &step.solution.version.to_string(),
                step.solution.managed,
            );
            let (sha256, content) = match task {
                Task::Import { candidate, .. } => {
                    (candidate.sha256.clone(), candidate.incoming.content.clone())
                }
                _ => (None, None),
            };
            let solution = Some(step.solution.clone());
            let entry = LogEntry { time, words: words.clone(), solution, sha256, content };
            let mut refusals = Vec::new();
            let changed = environment.change(entry, &mut |state, entry| {
                let outcome = perform(state, task, &step.solution.unique_name).map_err(|broken| {
                    refusals = broken;
                    EnvironmentError::Refused
                })?;
                for note in outcome.iter().flat_map(|outcome| &outcome.secrets) {
                    entry.add(note);
                }
                Ok(())
            });
            if !refusals.is_empty() {
                step.state = StepState::Failed;
                let name = step.solution.unique_name.clone();
                let label = &self.deployment.environment;
                let findings = &mut self.deployment.findings;
                findings.extend(refusals.iter().map(|refusal| preflight::of_refusal(label, &name, refusal)));
                sort_findings(findings);
                return Ok(());
            }
            if let Err(error) = changed {
                step.state = StepState::Failed;
                return Err(error);
            }
            step.state = StepState::Done;
            number += 1;
            told(&Progress { number, of, words: &words });
        }
        self.deployment.state = DeploymentState::Done;
        Ok(())
    }
}

fn perform(state: &mut State, task: &Task<'_>, unique_name: &str) -> Result<Option<Outcome>, Vec<Refusal>> {
    match task {
        Task::Nothing => Ok(None),
        Task::Import { candidate, options } => import(state, &candidate.incoming, options).map(Some),
        Task::Uninstall { delete_components } => uninstall(state, unique_name, *delete_components).map(Some),
    }
}

/// A line of the log.
fn words(action: Action, unique_name: &str, version: &str, managed: bool) -> String {
    let kind = if managed { "managed" } else { "unmanaged" };
    match action {
        Action::Uninstall => format!("uninstalled {unique_name} {version}"),
        Action::Install | Action::None => format!("imported {unique_name} {version} ({kind})"),
        Action::Upgrade => format!("imported {unique_name} {version} ({kind}, upgrade)"),
        Action::Update => format!("imported {unique_name} {version} ({kind}, update)"),
        Action::Stage => format!("imported {unique_name} {version} ({kind}, staged)"),
    }
}
