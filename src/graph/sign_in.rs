//! Which credential is signed in with, as the user states it: names become components.

use crate::config::{Signer, SignsIn};
use crate::graph::{Evidence, Reference};
use crate::model::{
    Component, ComponentKey, ComponentType, Details, Finding, Severity, Solution, codes, describe,
};

/// A reference from what signs in to its credential, for each statement that fits the set; and what does not fit.
pub fn stated_sign_ins(solutions: &[&Solution], stated: &[SignsIn]) -> (Vec<Reference>, Vec<Finding>) {
    let mut references = Vec::new();
    let mut findings = Vec::new();
    for signs_in in stated {
        match resolve(solutions, signs_in) {
            Ok((signer, credential)) => references.push(Reference {
                from: signer,
                to: Some(credential),
                relation: None,
                column: None,
                evidence: Evidence::Stated,
                place: signs_in.place.clone(),
            }),
            Err(message) => findings.push(Finding {
                place: Some(signs_in.place.clone()),
                ..Finding::new(codes::STATED_BUT_ABSENT, Severity::Note, "", message)
            }),
        }
    }
    (references, findings)
}

fn resolve(solutions: &[&Solution], stated: &SignsIn) -> Result<(ComponentKey, ComponentKey), String> {
    let is_credential = |component: &Component| matches!(component.details, Details::Credential(_));
    let credentials = named(solutions, &ComponentType::CREDENTIAL, &stated.credential, is_credential);
    let credential = match &credentials[..] {
        [] => return Err(format!("credential \"{}\" is in no package of the set", stated.credential)),
        [one] => one,
        more => {
            let called = format!("{} credentials are called \"{}\"", more.len(), stated.credential);
            return Err(format!("{called}: state the one by its GUID"));
        }
    };
    let signer = match &stated.signer {
        Signer::ConnectionReference(name) => {
            let key = ComponentKey::new(ComponentType::CONNECTION_REFERENCE, name);
            let is_there = solutions
                .iter()
                .flat_map(|solution| &solution.components)
                .any(|component| component.key == key || component.uses.iter().any(|used| used.is_to(&key)));
            if !is_there {
                return Err(format!(
                    "{} is in no package of the set",
                    describe(key.kind.words(), &key, None)
                ));
            }
            key
        }
        Signer::DesktopFlow(name) => {
            let is_flow = |component: &Component| matches!(component.details, Details::DesktopFlow(_));
            match &named(solutions, &ComponentType::WORKFLOW, name, is_flow)[..] {
                [] => return Err(format!("desktop flow \"{name}\" is in no package of the set")),
                [one] => (*one).clone(),
                more => {
                    return Err(format!(
                        "{} desktop flows are called \"{name}\": state the one by its GUID",
                        more.len()
                    ));
                }
            }
        }
    };
    Ok((signer, (*credential).clone()))
}

/// The keys of the components of a kind with that display name or key, each once.
fn named<'s>(
    solutions: &[&'s Solution],
    kind: &ComponentType,
    name: &str,
    is_kind: impl Fn(&Component) -> bool,
) -> Vec<&'s ComponentKey> {
    let key = ComponentKey::new(kind.clone(), name);
    let folded = name.to_lowercase();
    let components = solutions.iter().flat_map(|solution| &solution.components);
    let fits = |component: &&Component| {
        is_kind(component) && (component.key == key || component.name.to_lowercase() == folded)
    };
    let mut keys: Vec<&ComponentKey> = components.filter(fits).map(|component| &component.key).collect();
    keys.sort();
    keys.dedup();
    keys
}
