//! What importing the second side over the first means.

use std::collections::BTreeMap;

use serde::Serialize;

use super::side::Side;
use crate::model::{Component, ComponentKey, ComponentType, Details, Relation, Solution};

/// One consequence of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Risk {
    /// One sentence.
    pub words: String,
    /// The component it is about, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<ComponentKey>,
}

type Components<'s> = BTreeMap<&'s ComponentKey, &'s Component>;

/// Everything that is to be said, what stops the import first.
pub(super) fn risks(left: &Side, right: &Side) -> Vec<Risk> {
    if !left.solution.manifest.unique_name.eq_ignore_ascii_case(&right.solution.manifest.unique_name) {
        return Vec::new();
    }
    let (old, new) = (components(&left.solution), components(&right.solution));
    let mut risks = Vec::new();
    risks.extend(version(&left.solution, &right.solution));
    for (key, component) in &new {
        match old.get(*key) {
            Some(before) => changed(before, component, &new, (left, right), &mut risks),
            None => added(component, &mut risks),
        }
    }
    for (key, component) in &old {
        if !new.contains_key(*key) {
            removed(component, &old, &new, &mut risks);
        }
    }
    risks
}

fn components(solution: &Solution) -> Components<'_> {
    solution.components.iter().map(|component| (&component.key, component)).collect()
}

fn about(component: &Component, words: String) -> Risk {
    Risk { words, component: Some(component.key.clone()) }
}

fn version(left: &Solution, right: &Solution) -> Option<Risk> {
    let (old, new) = (&left.manifest.version, &right.manifest.version);
    if new > old {
        return None;
    }
    let words = if new == old {
        format!("the version is not raised: it is {new} on both sides")
    } else {
        format!("the version goes down from {old} to {new}: Dataverse refuses a lower version")
    };
    Some(Risk { words, component: None })
}

fn added(component: &Component, risks: &mut Vec<Risk>) {
    match &component.details {
        Details::EnvironmentVariable(variable)
            if variable.default.is_none() && variable.value.is_none() && variable.secret.is_none() =>
        {
            let words = format!("{} has no default: the import asks for its value", component.described());
            risks.push(about(component, words));
        }
        Details::ConnectionReference(_) => {
            let words = format!("{} is new: it must be bound to a connection", component.described());
            risks.push(about(component, words));
        }
        _ => {}
    }
}

fn removed(component: &Component, old: &Components<'_>, new: &Components<'_>, risks: &mut Vec<Risk>) {
    // Parts go with the whole of them.
    let is_part = component.table.as_ref().is_some_and(|table| !new.contains_key(table));
    if component.unmodified || component.key.kind == ComponentType::FILE || is_part {
        return;
    }
    risks.push(about(component, format!("an upgrade deletes {}", component.described())));
    if !matches!(component.details, Details::ConnectionReference(_)) {
        return;
    }
    for flow in new.values().filter(|flow| uses(flow, &component.key)) {
        let words = format!("{} still uses {}, which is gone", flow.described(), component.described());
        risks.push(about(flow, words));
    }
    // A flow that the new package no longer has stays where the import is an update.
    for flow in old.values().filter(|flow| uses(flow, &component.key) && !new.contains_key(&flow.key)) {
        let words =
            format!("after an update {} is left and still uses {}", flow.described(), component.described());
        risks.push(about(flow, words));
    }
}

fn uses(component: &Component, key: &ComponentKey) -> bool {
    component.uses.iter().any(|used| used.is_to(key))
}

fn changed(
    before: &Component,
    after: &Component,
    new: &Components<'_>,
    sides: (&Side, &Side),
    risks: &mut Vec<Risk>,
) {
    match (&before.details, &after.details) {
        (Details::EnvironmentVariable(old), Details::EnvironmentVariable(variable)) => {
            let has = |variable: &crate::model::EnvironmentVariable| {
                variable.default.is_some() || variable.value.is_some()
            };
            let name = after.described();
            if has(old) && !has(variable) {
                risks.push(about(
                    after,
                    format!("{name} has lost its default: a target without a value needs one"),
                ));
            } else if old.default != variable.default && variable.default.is_some() {
                let words = format!(
                    "{name} has a value of its own in most environments: the new default is not used there"
                );
                risks.push(about(after, words));
            }
            if old.kind != variable.kind {
                risks.push(about(
                    after,
                    format!("{name} is of another type: the type of a variable cannot be changed"),
                ));
            }
        }
        (Details::Credential(old), Details::Credential(credential))
            if old.variables != credential.variables =>
        {
            let words = format!(
                "{} takes other variables: those of an existing credential cannot be changed; make a new one",
                after.described()
            );
            risks.push(about(after, words));
        }
        (Details::ConnectionReference(old), Details::ConnectionReference(reference))
            if !old.connector().eq_ignore_ascii_case(reference.connector()) =>
        {
            let words = format!("{} is one of another connector: it must be bound anew", after.described());
            risks.push(about(after, words));
        }
        (Details::DesktopFlow(_), Details::DesktopFlow(_)) => {
            let (left, right) = sides;
            if left.inputs(&before.key) == right.inputs(&after.key) {
                return;
            }
            let is_run = |used: &crate::model::Use| {
                matches!(used.relation, Relation::FlowDesktopFlow | Relation::DesktopFlowChildFlow)
                    && used.is_to(&after.key)
            };
            for caller in new.values().filter(|caller| caller.uses.iter().any(is_run)) {
                let words = format!(
                    "the inputs of {} changed, and {} runs it",
                    after.described(),
                    caller.described()
                );
                risks.push(about(caller, words));
            }
        }
        _ => {}
    }
}
