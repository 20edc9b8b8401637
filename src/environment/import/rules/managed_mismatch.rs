//! A managed package does not go over an unmanaged solution, nor the other way round: [D] 0x80048040 and 0x80048041.

use crate::environment::import::Refusal;
use crate::environment::import::checked::Checked;
use crate::model::DataverseError;

const RULE: &str = "managed-mismatch";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let incoming = checked.incoming;
    let name = &incoming.unique_name;
    let (error, words) = match checked.existing.map(|solution| solution.managed) {
        Some(false) if incoming.managed => (
            DataverseError::MANAGED_OVER_UNMANAGED,
            format!("{name} is there as an unmanaged solution, and the package is managed"),
        ),
        Some(true) if !incoming.managed => (
            DataverseError::UNMANAGED_OVER_MANAGED,
            format!("{name} is there as a managed solution, and the package is unmanaged"),
        ),
        _ => return Vec::new(),
    };
    vec![Refusal::new(RULE, error, words).at(&incoming.place)]
}
