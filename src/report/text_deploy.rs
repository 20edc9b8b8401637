//! Deployments as text: a line a solution, then what stands against it, then how it ended.

use std::collections::BTreeMap;

use super::page::{Ink, Page, Part as Colored, Table, dim, plain};
use super::words::counted;
use super::{TextOptions, escaped, text_findings};
use crate::deploy::{Action, Deployment, DeploymentState, Part, Progress, Step, StepState};
use crate::model::{ComponentKey, ComponentType};
use crate::plan::Count;

/// So many kinds are named in a line.
const KINDS: usize = 3;
/// So many notes of a solution are shown.
const NOTES: usize = 5;

/// One line after a step.
pub fn progress(progress: &Progress<'_>) -> String {
    escaped(&format!("[{}/{}] {}", progress.number, progress.of, progress.words))
}

/// What is about to be done, and what will wait for somebody then; how it ended is for [`summary`].
pub fn steps(deployment: &Deployment, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    write_steps(&mut page, deployment, options);
    if !deployment.findings.is_empty() {
        page.gap();
        text_findings::write(&mut page, &deployment.findings, options);
    }
    page.finish()
}

/// Everything.
pub fn deployment(deployment: &Deployment, options: &TextOptions) -> String {
    let mut page = Page::new(options.color);
    write_steps(&mut page, deployment, options);
    page.gap();
    text_findings::write(&mut page, &deployment.findings, options);
    page.gap();
    page.line(0, &[plain(summary(deployment))]);
    page.finish()
}

/// How it ended, or would end.
pub fn summary(deployment: &Deployment) -> String {
    let environment = &deployment.environment;
    let count = deployment.to_do().count();
    let (way, done, to_do) = if deployment.is_removal() {
        ("from", "uninstalled", "to uninstall")
    } else {
        ("into", "imported", "to import")
    };
    let of = |state: StepState| {
        let steps = deployment.to_do().filter(|step| step.state == state);
        steps.map(|step| &*step.solution.unique_name).collect::<Vec<_>>()
    };
    match deployment.state {
        DeploymentState::Done | DeploymentState::Planned if count == 0 => {
            format!("{environment}: nothing to do")
        }
        DeploymentState::Planned => {
            format!("{environment}: {} {to_do}. Nothing was done.", counted(count, "solution"))
        }
        DeploymentState::Refused => format!("{environment}: refused. Nothing was done."),
        DeploymentState::Done => format!("{} {done} {way} {environment}", counted(count, "solution")),
        DeploymentState::Stopped => {
            let list = |names: Vec<&str>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            format!(
                "{environment}: stopped at {}. Done: {}. Still to do: {}.",
                list(of(StepState::Failed)),
                list(of(StepState::Done)),
                list(of(StepState::Planned))
            )
        }
    }
}

fn write_steps(page: &mut Page, deployment: &Deployment, options: &TextOptions) {
    let mut table = Table::new(2);
    for step in &deployment.steps {
        let is_left = deployment.state == DeploymentState::Stopped && step.state == StepState::Planned;
        let sign = match step.state {
            _ if is_left => dim("·"),
            StepState::Refused | StepState::Failed => Colored::new(Ink::Red, "x"),
            StepState::Waits => dim("x"),
            StepState::Planned | StepState::Done => match step.action {
                Action::None => plain(" "),
                Action::Install => plain("+"),
                Action::Uninstall => Colored::new(Ink::Red, "-"),
                Action::Upgrade | Action::Update | Action::Stage => Colored::new(Ink::Yellow, "~"),
            },
        };
        table.row([
            sign,
            plain(&step.solution.unique_name),
            plain(versions(step)),
            plain(contents(deployment, step)),
        ]);
    }
    table.write(page);
    for name in &deployment.absent {
        let nearest = nearest(deployment, name);
        page.line(4, &[dim(format!("{name}: is not in {}{nearest}", deployment.environment))]);
    }
    for step in &deployment.steps {
        let shown = super::words::cut(step.notes.len(), NOTES, options.all);
        for note in &step.notes[..shown] {
            page.line(4, &[dim(format!("{}: {note}", step.solution.unique_name))]);
        }
        if shown < step.notes.len() {
            page.line(4, &[dim(super::words::more(step.notes.len() - shown))]);
        }
    }
}

/// What is there and called nearly like a solution that is not: `; nearest: FabFlows`.
pub(super) fn nearest(deployment: &Deployment, absent: &str) -> String {
    let names = deployment.nearest.get(absent).map(|names| names.join(", "));
    names.map(|names| format!("; nearest: {names}")).unwrap_or_default()
}

pub(super) fn versions(step: &Step) -> String {
    let version = &step.solution.version;
    match (step.action, &step.before) {
        (Action::None, Some(there)) => format!("{version} left out: {there} is there"),
        (Action::None, None) => format!("unchanged {version}"),
        (Action::Install | Action::Uninstall, _) | (_, None) => version.to_string(),
        (Action::Stage, Some(before)) => format!("{version} staged beside {before}"),
        (_, Some(before)) if before == version => version.to_string(),
        (_, Some(before)) => format!("{before} → {version}"),
    }
}

/// `+ 6 cloud flows, ~ 1 credential; 1 stays off`
pub(super) fn contents(deployment: &Deployment, step: &Step) -> String {
    match step.state {
        StepState::Planned if deployment.state == DeploymentState::Stopped => return "not done".to_owned(),
        StepState::Refused => return "refused".to_owned(),
        StepState::Failed => return "failed".to_owned(),
        StepState::Waits => return "waits for one that is refused".to_owned(),
        StepState::Planned | StepState::Done => {}
    }
    if step.action == Action::Uninstall && !step.solution.managed && step.deleted.is_empty() {
        return "its components stay".to_owned();
    }
    let lists = [("+", &step.added), ("~", &step.changed), ("-", &step.deleted)];
    let lists = lists.into_iter().filter(|(_, parts)| !parts.is_empty());
    let mut words: Vec<String> =
        vec![lists.map(|(sign, parts)| format!("{sign} {}", kinds(parts))).collect::<Vec<_>>().join("  ")];
    words.retain(|words| !words.is_empty());
    let is_variable = |key: &&ComponentKey| key.kind == ComponentType::ENVIRONMENT_VARIABLE;
    let (sets, binds): (Vec<_>, Vec<_>) = step.given.iter().partition(is_variable);
    for (verb, keys) in [("sets", sets), ("binds", binds)] {
        let more = match keys.len().saturating_sub(KINDS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let shown: Vec<&str> = keys.iter().take(KINDS).map(|key| &*key.key).collect();
        if !shown.is_empty() {
            words.push(format!("{verb} {}{more}", shown.join(", ")));
        }
    }
    if !step.asked.is_empty() {
        words.push(format!("{} without a value", counted(step.asked.len(), "variable")));
    }
    match &step.off[..] {
        [] => {}
        [one] => words.push(format!("1 flow stays off: {}", one.why)),
        flows => words.push(format!("{} flows stay off", flows.len())),
    }
    words.join("; ")
}

fn kinds(parts: &[Part]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for part in parts {
        *counts.entry(&part.kind).or_default() += 1;
    }
    let mut counts: Vec<Count> =
        counts.into_iter().map(|(kind, count)| Count { kind: kind.to_owned(), count }).collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.count));
    super::words::contents(&counts, KINDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SolutionIdentity, Version};

    #[test]
    fn what_is_left_after_a_stop_does_not_look_done() {
        let step = |name: &str, state| {
            let solution = SolutionIdentity {
                unique_name: name.to_owned(),
                version: Version::new("1.0.0.0"),
                managed: true,
                publisher: "fab".to_owned(),
                source: "a.zip".into(),
            };
            Step { state, ..Step::new(solution, Action::Install) }
        };
        let stopped = Deployment {
            environment: "local:uat".to_owned(),
            state: DeploymentState::Stopped,
            steps: vec![
                step("A", StepState::Done),
                step("B", StepState::Failed),
                step("C", StepState::Planned),
            ],
            absent: Vec::new(),
            nearest: BTreeMap::new(),
            findings: Vec::new(),
        };
        let text = deployment(&stopped, &TextOptions::default());
        let expected = "  +   A   1.0.0.0\n  x   B   1.0.0.0   failed\n  ·   C   1.0.0.0   not done\n\n\
                        local:uat: stopped at B. Done: A. Still to do: C.\n";
        assert_eq!(text, expected);
    }
}
