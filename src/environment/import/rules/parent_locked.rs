//! A solution with patches is locked: its patches have to go with an upgrade, or before [D PATCH].

use crate::environment::import::Refusal;
use crate::environment::import::checked::{Checked, Kind};

const RULE: &str = "parent-locked";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    // An upgrade rolls them up, now or when it is applied.
    if checked.existing.is_none() || matches!(checked.kind, Kind::Upgrade | Kind::Stage) {
        return Vec::new();
    }
    let incoming = checked.incoming;
    let patches: Vec<&str> = checked.patches().map(|patch| patch.unique_name.as_str()).collect();
    if patches.is_empty() {
        return Vec::new();
    }
    let way = match incoming.managed {
        true => "import it as an upgrade, or uninstall them first",
        false => "uninstall them first",
    };
    let words = format!("{} is locked by its patches {}: {way}", incoming.unique_name, patches.join(", "));
    vec![Refusal::new(RULE, None, words).at(&incoming.place)]
}
