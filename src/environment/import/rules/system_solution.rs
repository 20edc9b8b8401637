//! A solution that every environment has is not imported: [D] 0x80048046, and 0x80048049 for the default solution as a
//! managed one. The default solution as an unmanaged one is taken.

use crate::environment::import::Refusal;
use crate::environment::import::checked::Checked;
use crate::graph::{is_default_solution, system_solution};
use crate::model::DataverseError;

const RULE: &str = "system-solution";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let incoming = checked.incoming;
    let (error, words) = if let Some(name) = system_solution(&incoming.unique_name) {
        let words = format!("{name} is a solution that every environment has: it cannot be imported");
        (DataverseError::SYSTEM_SOLUTION, words)
    } else if incoming.managed && is_default_solution(&incoming.unique_name) {
        let words = "the default solution cannot be imported as a managed one".to_owned();
        (DataverseError::DEFAULT_AS_MANAGED, words)
    } else {
        return Vec::new();
    };
    vec![Refusal::new(RULE, error, words).at(&incoming.place)]
}
