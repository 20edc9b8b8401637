//! What a managed package needs has to be managed: "all required components must match the package type of the solution. A
//! component in a managed solution can only depend on another managed component" [D, dependency tracking of solution components].
//! That it is answered with 0x8004801D is inferred.

use std::collections::BTreeMap;

use crate::environment::import::Refusal;
use crate::environment::import::checked::{Checked, Presence};
use crate::environment::import::declared::Verdict;
use crate::environment::content::Strength;
use crate::model::{ComponentKey, DataverseError, Place};

const RULE: &str = "managed-needs-unmanaged";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    if !checked.incoming.managed {
        return Vec::new();
    }
    let mut needed: BTreeMap<ComponentKey, (String, &Place)> = BTreeMap::new();
    for declared in checked.declared.iter().filter(|declared| declared.verdict == Verdict::Unmanaged) {
        let Some(key) = declared.row.required.keys.first() else { continue };
        let words = format!("{} needs {}", declared.dependent(checked), declared.needed());
        needed.entry(key.clone()).or_insert((words, &declared.row.place));
    }
    for component in checked.incoming.components.iter().filter(|component| !component.content.held_only) {
        for (need, place) in component.needs().filter(|(need, _)| need.strength == Strength::Lookup) {
            let key = &need.component;
            let is_here = checked.incoming.component(key).is_some() || checked.is_declared(key);
            if !is_here && checked.presence(key) == Some(Presence::Unmanaged) {
                let words = format!("{} {} {key}", component.content.words, need.words);
                needed.entry(key.clone()).or_insert((words, place));
            }
        }
    }
    let refusal = |(key, (words, place)): (ComponentKey, (String, &Place))| {
        let words = format!("{words}, which is there in the unmanaged layer only, and the package is managed");
        Refusal::new(RULE, DataverseError::MISSING_DEPENDENCIES, words).of(&key).at(place)
    };
    needed.into_iter().map(refusal).collect()
}
