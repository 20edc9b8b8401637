//! Deployments: what would become of an environment, and making it so, one transaction a solution.
//!
//! Read [`prepare`] first: it rehearses everything on a copy of the state, so that what would be refused is known before anything
//! is done. [`Prepared::run`] then does it. [`prepare_removal`] is the way back.

mod candidate;
mod preflight;
mod prepare;
mod removal;
mod run;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use candidate::{Candidate, DeployError, Release};
pub(crate) use preflight::{not_bound, stays_off, value_not_given};
pub(crate) use prepare::of_settings;
pub use prepare::{Options, prepare, rehearse};
pub use removal::{RemovalOptions, prepare_removal};
pub use run::{Prepared, Progress};

use crate::environment::{InstalledSolution, State, connect};
use crate::model::{Code, ComponentKey, Finding, Severity, SolutionIdentity, Version};

/// What is done to an environment, step by step.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    /// How messages name the environment.
    pub environment: String,
    /// Whether anything was done; else it was only rehearsed.
    pub state: DeploymentState,
    /// One a solution, in order.
    pub steps: Vec<Step>,
    /// Solutions that were to leave and are not there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
    /// By a name of `absent`: solutions that are there and are called nearly so.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub nearest: BTreeMap<String, Vec<String>>,
    /// What stands against it, and what is worth knowing, errors first.
    pub findings: Vec<Finding>,
}

/// How far a deployment came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum DeploymentState {
    /// It was rehearsed, and could be done.
    Planned,
    /// It was rehearsed, and something stands against it: nothing was done.
    Refused,
    /// Everything is done.
    Done,
    /// It stopped at a failure; what was done before stays.
    Stopped,
}

/// What is done with one solution.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Which solution.
    #[serde(flatten)]
    pub solution: SolutionIdentity,
    /// What is done.
    pub action: Action,
    /// How far it came.
    pub state: StepState,
    /// The version that was there before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Version>,
    /// Components that were not there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Part>,
    /// Components of which something else is said then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Part>,
    /// Components that are gone then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deleted: Vec<Part>,
    /// Variables without any value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<ComponentKey>,
    /// Connection references that are bound to no connection.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unbound: Vec<ComponentKey>,
    /// Flows that stay off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub off: Vec<StaysOff>,
    /// Variables and connection references to which the settings give something else than what is there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<ComponentKey>,
    /// What else is worth telling.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A component, and what a person calls it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Part {
    /// Which.
    #[serde(flatten)]
    pub component: ComponentKey,
    /// What a person calls its kind: `cloud flow`.
    pub kind: String,
    /// How a sentence names it.
    pub words: String,
}

/// A flow that stays off.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct StaysOff {
    /// Which.
    #[serde(flatten)]
    pub flow: ComponentKey,
    /// How a sentence names it.
    pub words: String,
    /// Why.
    pub why: String,
}

/// What is done with a solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// It is new.
    Install,
    /// It takes the place of the version that is there; what that alone had goes.
    Upgrade,
    /// It comes over the version that is there, and nothing goes.
    Update,
    /// It is put beside the version that is there.
    Stage,
    /// It is there as it is.
    None,
    /// It goes.
    Uninstall,
}

/// How far a step came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum StepState {
    /// It could be done.
    Planned,
    /// The environment would refuse it.
    Refused,
    /// It was not looked at: it waits for one that is refused.
    Waits,
    /// It is done.
    Done,
    /// It failed.
    Failed,
}

impl Deployment {
    /// The steps that do something.
    pub fn to_do(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.action != Action::None)
    }

    /// Whether solutions leave the environment.
    pub fn is_removal(&self) -> bool {
        !self.absent.is_empty() || self.steps.iter().any(|step| step.action == Action::Uninstall)
    }

    /// Whether an error stands against it.
    fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

impl Step {
    pub(crate) fn new(solution: SolutionIdentity, action: Action) -> Self {
        Self {
            solution,
            action,
            state: StepState::Planned,
            before: None,
            added: Vec::new(),
            changed: Vec::new(),
            deleted: Vec::new(),
            asked: Vec::new(),
            unbound: Vec::new(),
            off: Vec::new(),
            given: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// Takes away the findings that are let pass.
fn allowed(findings: &mut Vec<Finding>, allow: &BTreeSet<Code>) {
    findings.retain(|finding| !allow.contains(&finding.code));
}

impl Part {
    /// As a state knows it.
    fn new(state: &State, key: &ComponentKey) -> Self {
        let content = state.components().get(key).and_then(|layers| layers.effective());
        let kind = content.map_or_else(|| key.kind.words(), |content| content.kind(key));
        let words = content.map_or_else(|| key.to_string(), |content| content.words.clone());
        Self { component: key.clone(), kind: kind.to_owned(), words }
    }

    fn all(state: &State, keys: &[ComponentKey]) -> Vec<Self> {
        keys.iter().map(|key| Self::new(state, key)).collect()
    }
}

/// What it means for connections that components are gone, one sentence each.
fn lost_sign_ins<'s>(state: &'s State, gone: &'s [ComponentKey]) -> impl Iterator<Item = String> + 's {
    state.connections().values().filter_map(|connection| {
        let credential = connection.credential.as_ref().filter(|credential| gone.contains(credential))?;
        let name = connect::shown(&connection.name);
        Some(format!(
            "connection \"{name}\" signs in with {credential}, which goes: no flow runs with it then"
        ))
    })
}

/// How a solution that is there is named.
fn identity(there: &InstalledSolution, label: &str) -> SolutionIdentity {
    SolutionIdentity {
        unique_name: there.unique_name.clone(),
        version: there.version.clone(),
        managed: there.managed,
        publisher: there.publisher.clone(),
        source: label.into(),
    }
}
