//! What would become of an environment: every import rehearsed on a copy of its state.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::run::{Prepared, Task};
use super::{
    Action, Candidate, Deployment, DeploymentState, Part, Release, StaysOff, Step, StepState, allowed,
    lost_sign_ins, preflight, settings,
};
use crate::environment::import::{
    ImportOptions, Incoming, Mode, Outcome, effective_value, import, settle_flows,
};
use crate::environment::{InstalledSolution, State, named_in_command};
use crate::gate;
use crate::model::{Code, ComponentKey, Finding, Solution, Version, sort_findings};
use crate::order::Row;
use crate::plan::{self, Plan, plan};
use crate::settings::{Needs, SettingsFile, check_for_import};
use crate::text::shell_word;

/// How packages are deployed.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What becomes of versions that are there.
    pub mode: Mode,
    /// The order of the arguments, which is kept; none: one that holds is worked out.
    pub in_order: Option<Vec<Row>>,
    /// What is stated of the order.
    pub plan: plan::Options,
    /// Values and connections.
    pub settings: Option<Arc<SettingsFile>>,
    /// Findings that are let pass.
    pub allow: BTreeSet<Code>,
}

/// Rehearses a deployment. The order of the packages does not matter.
pub fn prepare<'c>(label: &str, state: &State, release: &'c Release, options: &Options) -> Prepared<'c> {
    rehearse(label, state, release, options).0
}

/// The same, with what the environment would hold then.
pub fn rehearse<'c>(
    label: &str,
    state: &State,
    release: &'c Release,
    options: &Options,
) -> (Prepared<'c>, State) {
    let solutions = &*release.solutions;
    let planned = plan_for(label, state, solutions, options);
    let mut findings: Vec<Finding> = preflight::of_plan(&planned, options.in_order.is_some()).collect();
    findings.extend(of_settings(solutions, options.settings.as_deref()));
    let order: Vec<usize> = match &options.in_order {
        Some(rows) => gate::named(rows, solutions).into_iter().flatten().collect(),
        None => in_plan(&planned, solutions),
    };

    let mut rehearsed = state.clone();
    let mut steps: Vec<Step> = Vec::with_capacity(order.len());
    let mut tasks = Vec::with_capacity(order.len());
    let mut blocked: BTreeSet<String> = BTreeSet::new();
    let waits_for = waits_for(&planned);
    // Whether it would be done in an order that is worked out. It is only asked where something stands against the given one.
    let holds = LazyCell::new(|| {
        let free = Options { in_order: None, ..options.clone() };
        prepare(label, state, release, &free).deployment.state != DeploymentState::Refused
    });
    for (position, &at) in order.iter().enumerate() {
        let (solution, candidate) = (&solutions[at], &release.candidates[at]);
        let mut step = Step::new(solution.identity(), action(&rehearsed, candidate, options.mode));
        let later = order[position + 1..].iter().map(|at| &release.candidates[*at].incoming);
        if let Some(there) = passed(state, &candidate.incoming, later) {
            step.action = Action::None;
            step.before = Some(there);
            steps.push(step);
            tasks.push(Task::Nothing);
            continue;
        }
        let import_options = settings::import_options(solution, options.settings.as_deref(), options.mode);
        let name = step.solution.unique_name.to_lowercase();
        let is_waiting =
            waits_for.get(&*name).is_some_and(|before| before.iter().any(|other| blocked.contains(other)));
        if step.action == Action::None {
            // It is there; its settings may be new.
            if news(&rehearsed, &import_options).next().is_none() {
                steps.push(step);
                tasks.push(Task::Nothing);
                continue;
            }
            step.action = Action::Update;
        }
        let given = news(&rehearsed, &import_options).cloned().collect();
        match import(&mut rehearsed, &candidate.incoming, &import_options) {
            Ok(outcome) => {
                step.given = given;
                fill(&mut step, label, state, &rehearsed, outcome);
            }
            // What it waits for is refused: so it would be, and nothing more is known of it.
            Err(_) if is_waiting => {
                step.state = StepState::Waits;
                blocked.insert(name);
            }
            Err(refusals) => {
                step.state = StepState::Refused;
                let solution = &step.solution.unique_name;
                let later = || order[position + 1..].iter().map(|at| &release.candidates[*at].incoming);
                findings.extend(refusals.iter().map(|refusal| {
                    let mut finding = preflight::of_refusal(label, solution, refusal);
                    if options.in_order.is_some() {
                        preflight::move_before(&mut finding, refusal, later(), || *holds);
                    }
                    finding
                }));
                blocked.insert(name);
            }
        }
        steps.push(step);
        tasks.push(Task::Import { candidate, options: Box::new(import_options) });
    }
    if let Some(rows) = &options.in_order {
        let of_order = preflight::of_order(rows, &planned, solutions, &findings, state, || *holds);
        findings.extend(of_order);
    }
    // What a later step gives is not missing.
    settle(&mut steps, &rehearsed);
    findings.extend(steps.iter().flat_map(|step| preflight::of_step(step, label)));
    allowed(&mut findings, &options.allow);
    sort_findings(&mut findings);
    let mut deployment = Deployment {
        environment: label.to_owned(),
        state: DeploymentState::Planned,
        steps,
        absent: Vec::new(),
        nearest: BTreeMap::new(),
        findings,
    };
    if deployment.is_refused() {
        deployment.state = DeploymentState::Refused;
    }
    (Prepared { deployment, tasks }, rehearsed)
}

/// The order that holds, and why. What is there already provides what the set does not.
fn plan_for(label: &str, state: &State, solutions: &[Solution], options: &Options) -> Plan {
    let mut plan_options = options.plan.clone();
    plan_options.tell(label, state, solutions);
    plan(solutions, &plan_options)
}

/// The candidates in the order of the plan.
fn in_plan(planned: &Plan, solutions: &[Solution]) -> Vec<usize> {
    let by_source: HashMap<&str, usize> =
        solutions.iter().enumerate().map(|(at, solution)| (&*solution.source, at)).collect();
    planned.steps.iter().filter_map(|step| by_source.get(&*step.solution.source).copied()).collect()
}

/// By lower-case name, the names of the solutions of the set that come before one because of what the packages show.
fn waits_for(planned: &Plan) -> HashMap<String, Vec<String>> {
    let before = |step: &plan::Step| step.after.iter().map(|after| after.solution.to_lowercase()).collect();
    planned.steps.iter().map(|step| (step.solution.unique_name.to_lowercase(), before(step))).collect()
}

/// What is wrong with the settings; what is only missing there is said with the steps.
pub(crate) fn of_settings(solutions: &[Solution], settings: Option<&SettingsFile>) -> Vec<Finding> {
    settings.map(|file| check_for_import(file, &Needs::of(solutions))).unwrap_or_default()
}

/// The higher version that is there already, where a later step of the same run brings that or a higher one: an earlier run
/// went through this version, and there is no way back to it.
fn passed<'c>(
    state: &State,
    incoming: &Incoming,
    mut later: impl Iterator<Item = &'c Incoming>,
) -> Option<Version> {
    let there = state.solution(&incoming.unique_name)?;
    let is_passed = there.managed == incoming.managed
        && incoming.version < there.version
        && later.any(|later| {
            later.unique_name.eq_ignore_ascii_case(&incoming.unique_name) && later.version >= there.version
        });
    is_passed.then(|| there.version.clone())
}

/// What an import is to the environment.
fn action(state: &State, candidate: &Candidate, mode: Mode) -> Action {
    let incoming = &candidate.incoming;
    let name = &incoming.unique_name;
    if state.solution(name).is_some_and(|there| is_same(state, there, candidate)) {
        return Action::None;
    }
    let staged = state.solutions().values().find(|there| {
        there.upgrade_of.as_ref().is_some_and(|of| of.eq_ignore_ascii_case(name))
            && is_same(state, there, candidate)
    });
    if mode == Mode::Stage && staged.is_some() {
        return Action::None;
    }
    match state.solution(name).filter(|there| !there.provided) {
        None => Action::Install,
        Some(_) if !incoming.managed || incoming.parent.is_some() => Action::Update,
        Some(_) => match mode {
            Mode::Usual | Mode::Upgrade => Action::Upgrade,
            Mode::Update => Action::Update,
            Mode::Stage => Action::Stage,
        },
    }
}

impl Release {
    /// The sources of the packages of which an environment has everything, in the same version, form and content.
    pub fn there(&self, state: &State) -> BTreeSet<Arc<str>> {
        let packages = self.solutions.iter().zip(&self.candidates);
        let is_there = |candidate: &Candidate| action(state, candidate, Mode::Usual) == Action::None;
        packages.filter(|(_, own)| is_there(own)).map(|(solution, _)| solution.source.clone()).collect()
    }
}

/// Whether it is what the package holds, and all of that is there.
fn is_same(state: &State, there: &InstalledSolution, candidate: &Candidate) -> bool {
    let incoming = &candidate.incoming;
    let content = incoming.content.as_deref();
    content.is_some_and(|content| there.is_of(&incoming.version, incoming.managed, content))
        && incoming.is_whole_in(state, &there.unique_name)
}

/// What settings give that is not there yet.
fn news<'o>(state: &'o State, options: &'o ImportOptions) -> impl Iterator<Item = &'o ComponentKey> {
    let values = options.values.iter().filter(|(key, value)| state.values().get(*key) != Some(*value));
    let bindings = options.bindings.iter().filter(|(key, id)| state.bindings().get(*key) != Some(*id));
    values.map(|(key, _)| key).chain(bindings.map(|(key, _)| key))
}

/// What the rehearsal said, from the state before everything to the one after this step.
fn fill(step: &mut Step, label: &str, before: &State, after: &State, outcome: Outcome) {
    let words = |key: &ComponentKey| Part::new(after, key).words;
    step.off =
        outcome.off.into_iter().map(|(flow, why)| StaysOff { words: words(&flow), flow, why }).collect();
    step.before = outcome.before;
    step.added = Part::all(after, &outcome.added);
    step.changed = Part::all(after, &outcome.changed);
    step.deleted = Part::all(before, &outcome.deleted);
    step.asked = outcome.asked;
    step.unbound = outcome.unbound;
    step.notes = outcome.notes;
    step.notes.extend(lost_sign_ins(after, &outcome.deleted));
    if step.action == Action::Stage {
        let name = shell_word(&step.solution.unique_name);
        let environment = named_in_command(label);
        step.notes.push(format!(
            "solship env apply-upgrade {environment} {name} applies it, and deletes what is gone"
        ));
    }
}

/// Takes away what was missing in the middle and is there in the end, and tells of what is still off why it is in the end.
fn settle(steps: &mut [Step], end: &State) {
    let off: Vec<ComponentKey> =
        steps.iter().flat_map(|step| &step.off).map(|off| off.flow.clone()).collect();
    let reasons: HashMap<ComponentKey, String> = settle_flows(&mut end.clone(), off)
        .into_iter()
        .filter_map(|change| Some((change.flow, change.why?)))
        .collect();
    for step in steps {
        for off in &mut step.off {
            if let Some(why) = reasons.get(&off.flow) {
                off.why.clone_from(why);
            }
        }
        step.off.retain(|off| end.flows().get(&off.flow) == Some(&false));
        step.asked.retain(|key| effective_value(end, key).is_none());
        step.unbound.retain(|key| !end.bindings().contains_key(key));
    }
}
