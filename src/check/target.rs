//! The environment into which solutions are to be imported: what it refuses, and what in it waits for somebody.
//!
//! Read [`Target`] first. What it refuses is what [`rehearse`] finds, as a deployment does; what waits is looked for in the
//! state as it would be after that, among what the solutions hold or use. The settings are judged as a deployment judges them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::deploy::{
    Options, Release, StepState, not_bound, of_settings, rehearse, stays_off, value_not_given,
};
use crate::environment::connect::ParameterSet;
use crate::environment::overview::{Overlaid, Staged, overview};
use crate::environment::{Connection, InstalledSolution, State, connect, named_in_command};
use crate::model::{Code, ComponentKey, Finding, Severity, Version, codes};
use crate::plan;
use crate::settings::SettingsFile;
use crate::text::shell_word;

/// An environment.
#[derive(Debug, Clone)]
pub struct Target<'t> {
    /// How messages name it.
    pub label: &'t str,
    /// What it holds.
    pub state: &'t State,
    /// What fills variables and connection references when solutions are imported.
    pub settings: Option<Arc<SettingsFile>>,
}

/// Needs of which the environment itself says whether they are met.
const ANSWERED: &[Code] = &[
    codes::MISSING_PROVIDER,
    codes::PROVIDER_VERSION_TOO_LOW,
    codes::UNMET_NEED,
    codes::PROVIDER_LACKS_COMPONENT,
];

/// What is not in the set, and may be in the environment.
const ABSENT: &[Code] = &[
    codes::DANGLING_REFERENCE,
    codes::UNMET_NEED,
    codes::CONNECTION_REFERENCE_MISSING,
    codes::CHILD_FLOW_MISSING,
    codes::WORK_QUEUE_MISSING,
    codes::PARENT_VARIABLE_MISSING,
    codes::FLOW_VARIABLE_MISSING,
    codes::CREDENTIAL_VARIABLE_ABSENT,
];

impl<'t> Target<'t> {
    /// An environment into which solutions go as they are.
    pub fn new(label: &'t str, state: &'t State) -> Self {
        Self { label, state, settings: None }
    }

    /// What importing a release into it would meet. Of `findings`, which are about the set alone, those go that the environment
    /// knows better.
    pub fn findings(&self, release: &Release, plan: &plan::Options, findings: &mut Vec<Finding>) {
        let options = Options { plan: plan.clone(), settings: self.settings.clone(), ..Options::default() };
        let (prepared, after) = rehearse(self.label, self.state, release, &options);
        let deployment = prepared.deployment;
        let waits: BTreeSet<&str> = deployment
            .steps
            .iter()
            .filter(|step| step.state == StepState::Waits)
            .map(|step| &*step.solution.unique_name)
            .collect();
        findings.retain(|finding| {
            let is_answered = ANSWERED.contains(&finding.code) && !waits.contains(&*finding.solution);
            let is_there = |key: &ComponentKey| after.known_as(key).any(|(_, layers)| layers.is_brought());
            let is_absent =
                ABSENT.contains(&finding.code) && !finding.component.as_ref().is_some_and(is_there);
            !is_answered && (is_absent || !ABSENT.contains(&finding.code))
        });
        // What the environment takes is no error: it says itself what stays off for it, as a deployment does.
        let is_taken = |finding: &Finding| {
            let mut steps = deployment.steps.iter();
            steps
                .any(|step| step.solution.unique_name == finding.solution && step.state == StepState::Planned)
        };
        for finding in findings.iter_mut().filter(|own| ABSENT.contains(&own.code) && is_taken(own)) {
            finding.severity = finding.severity.min(Severity::Warning);
        }
        for finding in findings.iter_mut().filter(|own| own.code == codes::PLATFORM_SOLUTION_NEEDED) {
            let name = shell_word(finding.subject.as_deref().unwrap_or("NAME"));
            let words = format!("{} {name}", named_in_command(self.label));
            finding.help = Some(format!(
                "install or update it there first; solship env provide {words} VERSION says that it is there"
            ));
        }
        let refused =
            deployment.findings.into_iter().filter(|finding| finding.code == codes::ENVIRONMENT_REFUSES);
        findings.extend(refused);
        findings.extend(of_settings(&release.solutions, self.settings.as_deref()));
        let names: Vec<&str> = deployment.steps.iter().map(|step| &*step.solution.unique_name).collect();
        let scope = scope(&after, &names);
        findings.extend(self.waiting(&after, Some(&scope)));
    }

    /// What in it waits for somebody, among `scope` or everywhere.
    pub(super) fn waiting(&self, state: &State, scope: Option<&BTreeSet<ComponentKey>>) -> Vec<Finding> {
        let found = overview(self.label, state);
        let is_meant = |key: &ComponentKey| scope.is_none_or(|scope| scope.contains(key));
        let mut findings = Vec::new();
        for named in found.unset.iter().filter(|named| is_meant(&named.component)) {
            findings.push(value_not_given(self.label, holder(state, &named.component), &named.component));
        }
        for named in found.unbound.iter().filter(|named| is_meant(&named.component)) {
            findings.push(not_bound(self.label, holder(state, &named.component), &named.component));
        }
        for off in found.off.iter().filter(|off| is_meant(&off.flow.component)) {
            let Some(why) = &off.why else { continue };
            let flow = &off.flow.component;
            findings.push(stays_off(holder(state, flow), flow, &off.flow.words, why));
        }
        let is_bound = |id: &str| connect::bound_to(state, id).any(is_meant);
        let outdated = connect::outdated(state).filter(|(id, _)| scope.is_none() || is_bound(id));
        findings.extend(outdated.map(|(id, connection)| self.outdated(id, connection)));
        let connections = state.connections().iter().filter(|(id, _)| scope.is_none() || is_bound(id));
        findings.extend(connections.filter_map(|(id, connection)| self.incomplete(state, id, connection)));
        let overlaid = found.overlaid.iter().filter(|overlaid| is_meant(&overlaid.component.component));
        findings.extend(overlaid.map(overlay));
        // Of one that is in the set the rehearsal says it: nothing is imported over it.
        let staged = found.staged.iter().filter(|_| scope.is_none());
        findings.extend(staged.map(|staged| self.staged(staged)));
        // Of what is to be imported the rehearsal says what it needs.
        if scope.is_none() {
            findings.extend(state.solutions().values().flat_map(|solution| self.too_low(state, solution)));
        }
        findings
    }

    /// Solutions that are there in a lower version than one that is there needs.
    fn too_low(&self, state: &State, solution: &InstalledSolution) -> Vec<Finding> {
        let name = &solution.unique_name;
        let lower = solution.needs.iter().filter_map(|(on, needed)| {
            let there = state.solution(on)?;
            Some((there, needed.as_ref().filter(|needed| **needed > there.version)?))
        });
        let finding = |(there, needed): (&InstalledSolution, &Version)| {
            let (on, version) = (&there.unique_name, &there.version);
            let message = format!("{name} needs {on} {needed}, and {} has version {version}", self.label);
            let words = format!("{} {} VERSION", named_in_command(self.label), shell_word(on));
            let help = if there.provided {
                format!("say which version is there: solship env provide {words}")
            } else {
                format!("import {on} in version {needed} or a higher one")
            };
            Finding {
                subject: Some(on.clone()),
                otherwise: Some(format!("no later version of {name} is taken")),
                help: Some(help),
                ..Finding::new(codes::PROVIDER_VERSION_TOO_LOW, Severity::Error, name, message)
            }
        };
        lower.map(finding).collect()
    }

    /// A connection with which no flow runs.
    fn incomplete(&self, state: &State, id: &str, connection: &Connection) -> Option<Finding> {
        let lacks = connect::lacks(state, connection);
        let last = lacks.last()?;
        let lacks = match &lacks[..lacks.len() - 1] {
            [] => last.clone(),
            others => format!("{} and {last}", others.join(", ")),
        };
        let name = connect::shown(&connection.name);
        let message = format!("connection \"{name}\" in {} {lacks}", self.label);
        let words = format!("{} sign-in {}", named_in_command(self.label), shell_word(id));
        let set = connection.parameter_set.as_deref().unwrap_or(ParameterSet::AzureRelay.name());
        let credential = connection.credential.as_ref().filter(|key| state.component(key).is_some());
        let credential = credential.map_or_else(|| "CREDENTIAL".to_owned(), |key| shell_word(&key.key));
        let has = |name: &str| connection.parameters.contains_key(name);
        let target = if has(connect::TARGET) { "" } else { " --target GUID" };
        let needs_owner = set == ParameterSet::AzureRelayRunOwner.name() && !has(connect::RUN_OWNER);
        let owner = if needs_owner { " --run-owner GUID" } else { "" };
        Some(Finding {
            subject: Some(id.to_owned()),
            otherwise: Some("flows that use it are on, and fail when they run".to_owned()),
            help: Some(format!(
                "solship env connect {words} --as {set} --credential {credential}{target}{owner}"
            )),
            ..Finding::new(codes::CONNECTION_INCOMPLETE, Severity::Warning, "", message)
        })
    }

    fn staged(&self, staged: &Staged) -> Finding {
        let (name, version) = (&staged.solution, &staged.version);
        let message =
            format!("an upgrade of {name} to {version} is staged in {} and not applied", self.label);
        let words = format!("{} {}", named_in_command(self.label), shell_word(name));
        Finding {
            otherwise: Some(format!("{name} stays what it was, and no import of it is taken")),
            help: Some(format!("apply it, which deletes what is gone: solship env apply-upgrade {words}")),
            ..Finding::new(codes::UPGRADE_STAGED, Severity::Warning, name, message)
        }
    }

    fn outdated(&self, id: &str, connection: &Connection) -> Finding {
        let name = connect::shown(&connection.name);
        let day = connection.updated.as_ref().or(connection.created.as_ref());
        let since = day.map(|day| format!(" on {day}")).unwrap_or_default();
        let message =
            format!("connection \"{name}\" in {} was last signed in{since}, before April 2024", self.label);
        let mut words = vec![named_in_command(self.label), "sign-in".to_owned(), shell_word(id)];
        words.extend(connection.parameter_set.iter().map(|set| format!("--as {}", shell_word(set))));
        let credential = connection.credential.iter();
        words.extend(credential.map(|credential| format!("--credential {}", shell_word(&credential.key))));
        Finding {
            subject: Some(id.to_owned()),
            help: Some(format!("sign it in again: solship env connect {}", words.join(" "))),
            ..Finding::new(codes::CONNECTION_OUTDATED, Severity::Warning, "", message)
        }
    }
}

/// A component of which a managed solution says something that is not seen.
fn overlay(overlaid: &Overlaid) -> Finding {
    let over = overlaid.over.join(", ");
    let message = format!("{} has an unmanaged layer over {over}", overlaid.component.words);
    Finding {
        component: Some(overlaid.component.component.clone()),
        otherwise: Some(format!("what {over} says of it is not seen, nor what a later version says")),
        help: Some(
            "take the change into the solution that it belongs to, import that, and remove the unmanaged layer".to_owned(),
        ),
        ..Finding::new(
            codes::UNMANAGED_OVER_MANAGED,
            Severity::Warning,
            overlaid.over.last().map_or("", String::as_str),
            message,
        )
    }
}

/// What solutions hold, and what that refers to, as the environment spells it.
fn scope(state: &State, names: &[&str]) -> BTreeSet<ComponentKey> {
    let held: BTreeSet<&ComponentKey> = names.iter().flat_map(|name| state.held_by(name)).collect();
    let contents = held.iter().filter_map(|key| state.components().get(*key)?.effective());
    let used = contents.flat_map(|content| &content.needs).flat_map(|need| state.known_as(&need.component));
    used.map(|(key, _)| key).chain(held.iter().copied()).cloned().collect()
}

/// Unique name of the solution on top of those that hold a component.
fn holder<'s>(state: &'s State, key: &ComponentKey) -> &'s str {
    state.components().get(key).and_then(|layers| layers.solutions().last()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::testing::install;

    #[test]
    fn a_version_below_what_is_needed_is_found() {
        let mut state = State::default();
        install(&mut state, "FabBase", true);
        install(&mut state, "FabFlows", true);
        let told = |state: &State| {
            let findings = Target::new("local:uat", state).waiting(state, None);
            findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
        };
        for (needed, expected) in
            [("1.0", &[][..]), ("1.1", &["FabFlows needs FabBase 1.1, and local:uat has version 1.0.0.0"])]
        {
            let mut flows = state.solution("FabFlows").unwrap().clone();
            flows.needs.insert("fabbase".to_owned(), Some(Version::new(needed)));
            state.set_solution("FabFlows", Some(flows));
            assert_eq!(told(&state), expected);
        }
    }
}
