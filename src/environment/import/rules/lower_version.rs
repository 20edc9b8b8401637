//! An upgrade has a higher version than what is there [D IMPX, UPDX]. That an update and an unmanaged import may have the
//! same version, and not a lower one, is inferred. The platform publishes no code of its own for it.

use crate::environment::import::Refusal;
use crate::environment::import::checked::{Checked, Kind};

const RULE: &str = "lower-version";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let incoming = checked.incoming;
    // What was only said to be there counts as well: somebody said in which version.
    let Some(there) = checked.state.solution(&incoming.unique_name) else { return Vec::new() };
    let (name, version) = (&incoming.unique_name, &incoming.version);
    let words = if *version < there.version {
        format!("{name} is there in version {}, and the package has the lower {version}", there.version)
    } else if *version == there.version && matches!(checked.kind, Kind::Upgrade | Kind::Stage) {
        format!("{name} is there in version {version} already: an upgrade needs a higher one, an update does not")
    } else {
        return Vec::new();
    };
    vec![Refusal::new(RULE, None, words).at(&incoming.place)]
}
