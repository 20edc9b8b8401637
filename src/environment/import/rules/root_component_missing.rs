//! A root component is neither in the package nor in the environment: [D] 0x8004801F. Told only of what the solution would bring,
//! for the rest may be the platform's own; ribbons, variables and image columns are in real exports without content. Nor is it
//! told where the package needs what is only said to be there, which may have it: two real packages list such components.

use crate::environment::import::Refusal;
use crate::environment::import::checked::Checked;
use crate::environment::import::declared::Declared;
use crate::model::DataverseError;

const RULE: &str = "root-component-missing";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let provided = |declared: &Declared<'_>| {
        let provider = declared.row.provider.as_deref().and_then(|name| checked.state.solution(name));
        provider.is_some_and(|provider| provider.provided)
    };
    if checked.declared.iter().any(provided) {
        return Vec::new();
    }
    let roots = checked.incoming.roots.iter().filter(|root| root.is_own);
    roots
        .filter(|root| checked.state.known_as(&root.key).next().is_none())
        .map(|root| {
            let words = format!("root component {} is neither in the package nor in the environment", root.key);
            Refusal::new(RULE, DataverseError::ROOT_NOT_IN_TARGET, words).of(&root.key).at(&root.place)
        })
        .collect()
}
