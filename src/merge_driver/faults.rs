//! What is wrong in a merged file though every part of it was merged without a doubt: one side took out what the other side
//! began to use.
//!
//! Only what neither side had alone is told: a file that was broken before is no worse for the merge. Read [`new_faults`] first.

use std::collections::{BTreeMap, BTreeSet};

use super::{Kind, Sides, flow_faults};
use crate::model::{Manifest, XmlPart};

/// Most faults of one file that are told from each other; over them the merge is left to a person.
const MOST_FAULTS: usize = 10_000;

/// Most faults that are told.
const MOST_TOLD: usize = 10;

/// Faults of one file in words, and how often each is there.
#[derive(Debug, Default)]
pub(super) struct Faults {
    counts: BTreeMap<String, usize>,
    is_over: bool,
}

impl Faults {
    pub(super) fn add(&mut self, words: String) {
        if self.counts.len() >= MOST_FAULTS && !self.counts.contains_key(&words) {
            self.is_over = true;
            return;
        }
        *self.counts.entry(words).or_default() += 1;
    }

    fn of(kind: Kind, content: &[u8]) -> Self {
        let mut faults = Self::default();
        match kind {
            Kind::Json => flow_faults::add(&mut faults, content),
            Kind::Xml => add_manifest(&mut faults, content),
        }
        faults
    }
}

/// The faults of the merged file that neither side has alone, in words.
pub(super) fn new_faults(kind: Kind, sides: &Sides<'_>, merged: &[u8]) -> Vec<String> {
    let found = Faults::of(kind, merged);
    if found.counts.is_empty() {
        return Vec::new();
    }
    let (ours, theirs) = (Faults::of(kind, sides.ours), Faults::of(kind, sides.theirs));
    if [&found, &ours, &theirs].iter().any(|faults| faults.is_over) {
        return vec![format!("over the limit of {MOST_FAULTS} faults in one file")];
    }
    let before = |words: &String| {
        let count = |faults: &Faults| faults.counts.get(words).copied().unwrap_or(0);
        count(&ours).max(count(&theirs))
    };
    let is_new = |(words, count): &(&String, &usize)| **count > before(words);
    let mut told: Vec<String> = found.counts.iter().filter(is_new).map(|(words, _)| words.clone()).collect();
    if told.len() > MOST_TOLD {
        let rest = told.len() - MOST_TOLD;
        told.truncate(MOST_TOLD);
        told.push(format!("{rest} more of this kind"));
    }
    told
}

/// A need of what is not in the solution. Parts of a table are in it by their table; what is in it by neither is so on both
/// sides, and no fault of the merge.
fn add_manifest(faults: &mut Faults, content: &[u8]) {
    let limits = crate::xml::Limits::default();
    let Ok(document) = crate::xml::Document::parse(content.to_vec(), &limits) else { return };
    let Ok(manifest) = Manifest::read(&XmlPart::alone("merged", document)) else { return };
    let roots: BTreeSet<_> =
        manifest.root_components.iter().filter_map(|root| root.key.as_ref()).map(identity).collect();
    for missing in &manifest.missing_dependencies {
        let dependent = &missing.dependent;
        let is_there =
            dependent.keys.iter().chain(&dependent.parent).any(|key| roots.contains(&identity(key)));
        let (Some(key), false) = (dependent.keys.first(), is_there) else { continue };
        let (kind, name) = identity(key);
        let needed = missing.required.keys.first().map(ToString::to_string).unwrap_or_default();
        faults.add(format!(
            "a missing dependency is of {kind} {name}, which is no root component; it needs {needed}"
        ));
    }
}

fn identity(key: &crate::model::ComponentKey) -> (&str, &str) {
    (key.kind.words(), key.folded())
}
