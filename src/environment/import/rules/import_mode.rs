//! Only a managed solution is upgraded or staged, and no patch is: an unmanaged layer is only added to (`FORMATS.md` §7.2). That it
//! is refused rather than updated where one of them is asked for is inferred.

use crate::environment::import::checked::Checked;
use crate::environment::import::{Mode, Refusal};

const RULE: &str = "import-mode";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let incoming = checked.incoming;
    let name = &incoming.unique_name;
    let done = match checked.mode {
        Mode::Upgrade => "upgraded",
        Mode::Stage => "staged",
        Mode::Usual | Mode::Update => return Vec::new(),
    };
    let words = if checked.existing.is_none() {
        return Vec::new();
    } else if !incoming.managed {
        format!("{name} is unmanaged: only a managed solution is {done}, and an update deletes nothing")
    } else if incoming.parent.is_some() {
        format!("{name} is a patch: it is imported as it is, not {done}")
    } else {
        return Vec::new();
    };
    vec![Refusal::new(RULE, None, words).at(&incoming.place)]
}
