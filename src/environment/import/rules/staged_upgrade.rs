//! A staged upgrade stands in a solution of its own, `NAME_Upgrade` [D IMPX]. Inferred: only a managed solution is staged, no patch is,
//! and while an upgrade is staged, neither the solution nor the one that holds it is imported.

use crate::environment::import::checked::Checked;
use crate::environment::import::{Mode, Refusal, holding_name};

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
    } else if checked.mode != Mode::Stage || checked.existing.is_none() {
        return Vec::new();
    } else if !incoming.managed {
        format!("{name} is unmanaged: only a managed solution is staged")
    } else if incoming.parent.is_some() {
        format!("{name} is a patch: it is imported as it is, not staged")
    } else if checked.state.solution(&holding).is_some() {
        format!("{holding} is the name of another solution that is there: nothing can be staged under it")
    } else {
        return Vec::new();
    };
    vec![Refusal::new(RULE, None, words).at(&incoming.place)]
}
