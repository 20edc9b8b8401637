//! What the user states in `solship.toml`: which credential is signed in with, and which solution comes first.
//!
//! Read [`add`] first. What is stated is an edge as any other; and it narrows the policy, see [`Settled`].

use std::collections::HashSet;

use super::edges::Drawn;
use super::{Options, Reason};
use crate::config::{Signer, SignsIn};
use crate::graph::{Evidence, Holdings};
use crate::model::{
    Component, ComponentKey, ComponentType, Details, Finding, Place, Relation, Severity, Solution, Target,
    codes, describe,
};

/// Components of which it is stated what they sign in with, so that the policy has nothing to add.
#[derive(Debug, Default)]
pub(super) struct Settled {
    stated: HashSet<ComponentKey>,
    /// Connection references of the desktop flow connector of which nothing is stated.
    open: HashSet<ComponentKey>,
}

impl Settled {
    /// A connection reference or desktop flow that is stated; a cloud flow that runs desktop flows through stated
    /// connection references only.
    pub(super) fn holds(&self, component: &Component) -> bool {
        if self.stated.is_empty() {
            return false;
        }
        if !matches!(component.details, Details::CloudFlow(_)) {
            return self.stated.contains(&component.key);
        }
        let references = || {
            let uses =
                component.uses.iter().filter(|used| used.relation == Relation::FlowConnectionReference);
            uses.filter_map(|used| match &used.target {
                Target::Component(key) => Some(key),
                Target::Expression(_) => None,
            })
        };
        references().any(|key| self.stated.contains(key)) && !references().any(|key| self.open.contains(key))
    }
}

/// Adds the stated edges.
pub(super) fn add(
    solutions: &[&Solution],
    holdings: &Holdings<'_>,
    options: &Options,
    drawn: &mut Drawn,
) -> Settled {
    let mut settled = Settled::default();
    for stated in &options.before {
        let node = |name: &str| {
            solutions.iter().position(|solution| solution.manifest.unique_name.eq_ignore_ascii_case(name))
        };
        match (node(&stated.first), node(&stated.then)) {
            (Some(before), Some(after)) => {
                let words = stated
                    .because
                    .clone()
                    .unwrap_or_else(|| format!("{} comes before {}", stated.first, stated.then));
                drawn.edges.add(before, after, reason(words, None, None, &stated.place));
            }
            (first, _) => {
                let name = if first.is_none() { &stated.first } else { &stated.then };
                drawn.findings.push(absent(
                    format!("{name} is stated to have an order and is not in the set"),
                    &stated.place,
                ));
            }
        }
    }
    for stated in &options.signs_in {
        sign_in(solutions, holdings, stated, drawn, &mut settled);
    }
    if !settled.stated.is_empty() {
        let references = solutions.iter().flat_map(|solution| &solution.components).filter(|component| {
            matches!(&component.details, Details::ConnectionReference(reference) if reference.is_for_desktop_flows())
        });
        let open = references.map(|reference| &reference.key).filter(|key| !settled.stated.contains(*key));
        settled.open = open.cloned().collect();
    }
    settled
}

fn sign_in(
    solutions: &[&Solution],
    holdings: &Holdings<'_>,
    stated: &SignsIn,
    drawn: &mut Drawn,
    settled: &mut Settled,
) {
    let credentials = named(solutions, &ComponentType::CREDENTIAL, &stated.credential);
    let (kind, name) = match &stated.signer {
        Signer::ConnectionReference(name) => (ComponentType::CONNECTION_REFERENCE, name),
        Signer::DesktopFlow(name) => (ComponentType::WORKFLOW, name),
    };
    let signer = match &stated.signer {
        Signer::ConnectionReference(name) => Some(ComponentKey::new(kind.clone(), name)),
        Signer::DesktopFlow(name) => {
            let flows = named(solutions, &kind, name);
            flows
                .iter()
                .find(|(_, flow)| matches!(flow.details, Details::DesktopFlow(_)))
                .map(|(_, flow)| flow.key.clone())
        }
    };
    let keys: HashSet<&ComponentKey> = credentials.iter().map(|(_, credential)| &credential.key).collect();
    let (Some(signer), 1) = (signer, keys.len()) else {
        let message = match keys.len() {
            0 => format!("credential \"{}\" is in no package of the set", stated.credential),
            1 => format!("desktop flow \"{name}\" is in no package of the set"),
            more => {
                format!("{more} credentials are called \"{}\": state the one by its GUID", stated.credential)
            }
        };
        drawn.findings.push(absent(message, &stated.place));
        return;
    };
    let (before, credential) = credentials[0];
    let mut found = false;
    for (after, solution) in solutions.iter().enumerate() {
        let uses = || solution.components.iter().any(|component| refers(component, &signer));
        if holdings.component(after, &signer).is_none() && !uses() {
            continue;
        }
        found = true;
        let words = format!(
            "{} signs in with {}",
            match holdings.component(after, &signer) {
                Some(at) => solution.components[at].described(),
                None => describe(kind.words(), &signer, None),
            },
            credential.described()
        );
        let (from, to) = (Some(signer.clone()), Some(credential.key.clone()));
        // Held by the solution itself, the credential is there in time.
        if holdings.component(after, &credential.key).is_none() {
            drawn.edges.add(before, after, reason(words, from, to, &stated.place));
        }
    }
    if !found {
        let message = format!("{} is in no package of the set", describe(kind.words(), &signer, None));
        drawn.findings.push(absent(message, &stated.place));
    }
    settled.stated.insert(signer);
}

fn refers(component: &Component, key: &ComponentKey) -> bool {
    component.uses.iter().any(|used| matches!(&used.target, Target::Component(target) if target == key))
}

/// The components of a kind by display name or key, with the solution that holds them.
fn named<'s>(solutions: &[&'s Solution], kind: &ComponentType, name: &str) -> Vec<(usize, &'s Component)> {
    let key = ComponentKey::new(kind.clone(), name);
    let components = solutions
        .iter()
        .enumerate()
        .flat_map(|(at, solution)| solution.components.iter().map(move |component| (at, component)));
    components
        .filter(|(_, component)| {
            component.key.kind == *kind
                && (component.key == key || component.name.to_lowercase() == name.to_lowercase())
        })
        .collect()
}

fn reason(words: String, from: Option<ComponentKey>, to: Option<ComponentKey>, place: &Place) -> Reason {
    Reason { evidence: vec![Evidence::Stated], words, from, to, place: Some(place.clone()) }
}

fn absent(message: String, place: &Place) -> Finding {
    Finding {
        place: Some(place.clone()),
        ..Finding::new(codes::STATED_BUT_ABSENT, Severity::Note, "", message)
    }
}
