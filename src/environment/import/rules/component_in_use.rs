//! An upgrade deletes what the new version lacks, and the platform deletes nothing that something else needs
//! ([D removing-dependencies], 0x8004F01D).

use crate::environment::import::checked::Checked;
use crate::environment::import::{Refusal, needed};
use crate::model::DataverseError;

const RULE: &str = "component-in-use";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let error = DataverseError::UNINSTALL_WITH_DEPENDENCIES;
    needed::broken(checked.state, &checked.removal, Some(checked.incoming), RULE, error)
}
