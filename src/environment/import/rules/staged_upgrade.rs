//! A staged upgrade stands in a solution of its own, `NAME_Upgrade` [D IMPX]. Inferred: while an upgrade is staged, neither the solution nor the one that holds it is imported.

use crate::environment::import::checked::{Checked, Kind};
use crate::environment::import::{Refusal, holding_name};

const RULE: &str = "staged-upgrade";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let incoming = checked.incoming;
    let name = &incoming.unique_name;
    let holding = holding_name(name);
    let words = if let Some(base) = checked.existing.and_then(|solution| solution.upgrade_of.as_ref()) {
        format!("{name} holds the staged upgrade of {base}: apply that first")
    } else if let Some(staged) = checked.holding() {
        let staged = &staged.unique_name;
        format!("an upgrade of {name} is staged as {staged}: apply it or uninstall {staged} first")
    } else if checked.kind != Kind::Stage {
        return Vec::new();
    } else if checked.state.solution(&holding).is_some() {
        format!("{holding} is the name of another solution that is there: nothing can be staged under it")
    } else {
        return Vec::new();
    };
    vec![Refusal::new(RULE, None, words).at(&incoming.place)]
}
