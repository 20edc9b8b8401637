//! The variables of a credential that is there cannot be changed ([D AKVC] of its editor: "the variables selected in an existing
//! credential cannot be edited"). That an import cannot either is inferred; no code is known.

use std::collections::BTreeSet;

use crate::environment::content::Facts;
use crate::environment::import::Refusal;
use crate::environment::import::checked::Checked;

const RULE: &str = "credential-variables";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for component in &checked.incoming.components {
        let Facts::Credential { variables, .. } = &component.content.facts else { continue };
        let there = checked.state.components().get(&component.key).and_then(|layers| layers.effective());
        let Some(Facts::Credential { variables: there, .. }) = there.map(|content| &content.facts) else {
            continue;
        };
        let columns = |all: &[(String, _)]| all.iter().cloned().collect::<BTreeSet<_>>();
        let (new, old) = (columns(variables), columns(there));
        let changed: BTreeSet<&str> =
            new.symmetric_difference(&old).map(|(column, _)| column.as_str()).collect();
        if changed.is_empty() {
            continue;
        }
        let changed: Vec<&str> = changed.into_iter().collect();
        let words = format!(
            "{} is there with other variables ({}), and those of a credential cannot be changed: change the values of its \
             variables, or delete the credential first",
            component.content.words,
            changed.join(", ")
        );
        refusals.push(Refusal::new(RULE, None, words).of(&component.key).at(&component.place));
    }
    refusals
}
