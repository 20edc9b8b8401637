//! What the user states in `solship.toml`: which credential is signed in with, and which solution comes first.
//!
//! Read [`add`] first. What is stated is an edge as any other; and it narrows the policy, see [`Settled`].

use std::collections::{HashMap, HashSet};

use super::edges::Drawn;
use super::{Options, Reason};
use crate::graph::{Evidence, Holdings, Reference, stated_sign_ins};
use crate::model::{
    Component, ComponentKey, Details, Finding, Place, Relation, Severity, Solution, Target, codes, describe,
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
    let names = solutions.iter().enumerate();
    let by_name: HashMap<String, usize> =
        names.map(|(at, solution)| (solution.manifest.unique_name.to_lowercase(), at)).collect();
    for stated in &options.before {
        let node = |name: &str| by_name.get(&name.to_lowercase()).copied();
        match (node(&stated.first), node(&stated.then)) {
            (Some(before), Some(after)) => {
                let own = || format!("{} comes before {}", stated.first, stated.then);
                let words = stated.because.clone().unwrap_or_else(own);
                drawn.edges.add(before, after, reason(words, None, None, &stated.place));
            }
            (first, _) => {
                let name = if first.is_none() { &stated.first } else { &stated.then };
                let message = format!("{name} is stated to have an order and is not in the set");
                drawn.findings.push(Finding {
                    subject: Some(name.clone()),
                    place: Some(stated.place.clone()),
                    ..Finding::new(codes::STATED_BUT_ABSENT, Severity::Note, "", message)
                });
            }
        }
    }
    let (references, findings) = stated_sign_ins(solutions, &options.signs_in);
    drawn.findings.extend(findings);
    let mut settled = Settled::default();
    for reference in references {
        sign_in(solutions, holdings, &reference, drawn);
        settled.stated.insert(reference.from);
    }
    if !settled.stated.is_empty() {
        let components = solutions.iter().flat_map(|solution| &solution.components);
        let references = components.filter(|component| {
            matches!(&component.details, Details::ConnectionReference(reference) if reference.is_for_desktop_flows())
        });
        let open = references.map(|reference| &reference.key).filter(|key| !settled.stated.contains(*key));
        settled.open = open.cloned().collect();
    }
    settled
}

/// The solution with the credential comes before every one that holds or uses what signs in with it.
fn sign_in(solutions: &[&Solution], holdings: &Holdings<'_>, stated: &Reference, drawn: &mut Drawn) {
    let (signer, Some(credential)) = (&stated.from, &stated.to) else { return };
    let Some(&before) = holdings.brought_by(credential).first() else { return };
    let named = |holder: usize, key: &ComponentKey| match holdings.component(holder, key) {
        Some(at) => solutions[holder].components[at].described(),
        None => describe(key.kind.words(), key, None),
    };
    for (after, solution) in solutions.iter().enumerate() {
        let uses = || {
            solution.components.iter().flat_map(|component| &component.uses).any(|used| used.is_to(signer))
        };
        // Held by the solution itself, the credential is there in time.
        let is_there = holdings.component(after, credential).is_some();
        if !is_there && (holdings.component(after, signer).is_some() || uses()) {
            let words = format!("{} signs in with {}", named(after, signer), named(before, credential));
            let reason = reason(words, Some(signer.clone()), Some(credential.clone()), &stated.place);
            drawn.edges.add(before, after, reason);
        }
    }
}

fn reason(words: String, from: Option<ComponentKey>, to: Option<ComponentKey>, place: &Place) -> Reason {
    Reason { evidence: vec![Evidence::Stated], words, from, to, place: Some(place.clone()) }
}
