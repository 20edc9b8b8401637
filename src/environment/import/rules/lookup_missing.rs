//! A lookup to a row that neither the package nor the environment has: 0x8004F036, number and words from the vendor's article.
//! Which references are lookups [`Strength`] knows. What is declared as missing is told by the rules of that. A name in a
//! text is no lookup: the import goes through, and the flow stays off.

use std::collections::HashSet;

use crate::environment::content::Strength;
use crate::environment::import::Refusal;
use crate::environment::import::checked::Checked;
use crate::model::DataverseError;

const RULE: &str = "lookup-missing";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let mut told = HashSet::new();
    let mut refusals = Vec::new();
    for component in checked.incoming.components.iter().filter(|component| !component.content.held_only) {
        for (need, place) in component.needs().filter(|(need, _)| need.strength == Strength::Lookup) {
            let key = &need.component;
            let is_there = checked.incoming.brings(key)
                || checked.is_declared(key)
                || checked.presence(key).is_some()
                // Of what is only said to be there nothing is known but what was asked of it before.
                || checked.existing.is_some_and(|solution| solution.assumed.contains(key));
            if !is_there && told.insert(key) {
                let words = format!(
                    "{} {} {key}, which neither the package nor the environment has",
                    component.content.words, need.words
                );
                let error = DataverseError::DEPENDENT_COMPONENT_MISSING;
                refusals.push(Refusal::new(RULE, error, words).of(key).at(place));
            }
        }
    }
    refusals
}
