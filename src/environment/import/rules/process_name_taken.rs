//! Another process of the environment has the name: [D] 0x80048027. Which kinds of processes it is about is inferred: cloud flows
//! and desktop flows may share a name, and business rules are named for their table.

use crate::environment::content::Facts;
use crate::environment::import::Refusal;
use crate::environment::import::checked::Checked;
use crate::model::{ComponentKey, DataverseError};

const RULE: &str = "process-name-taken";

/// Categories of which a name is taken once.
const NAMED_ONCE: &[&str] = &["workflow", "dialog", "action", "business process flow"];

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for component in checked.incoming.components.iter().filter(|component| !component.content.held_only) {
        let Facts::Process { category, name } = &component.content.facts else { continue };
        if !NAMED_ONCE.contains(&category.as_str()) {
            continue;
        }
        let is_gone = |key: &ComponentKey| checked.removal.gone.contains(key);
        let mut others = checked.state.processes_named(category, name);
        if let Some(other) = others.find(|other| **other != component.key && !is_gone(other)) {
            let words =
                format!("{} has the name of another one that is there: {}", component.content.words, other.key);
            let refusal = Refusal::new(RULE, DataverseError::PROCESS_NAME_TAKEN, words);
            refusals.push(refusal.of(&component.key).at(&component.place));
        }
    }
    refusals
}
