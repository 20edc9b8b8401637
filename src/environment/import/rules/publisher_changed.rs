//! The publisher of a solution stays the same: [D] 0x8004801C. The platform's words speak of managed solutions; that it
//! holds for unmanaged ones as well is inferred.

use crate::environment::import::Refusal;
use crate::environment::import::checked::Checked;
use crate::model::DataverseError;

const RULE: &str = "publisher-changed";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let incoming = checked.incoming;
    let there = checked.existing.map(|solution| &solution.publisher).filter(|there| !there.is_empty());
    let Some(there) = there.filter(|there| !there.eq_ignore_ascii_case(&incoming.publisher)) else {
        return Vec::new();
    };
    let words = format!(
        "{} is there from publisher {there}, and the package is from {}",
        incoming.unique_name, incoming.publisher
    );
    vec![Refusal::new(RULE, DataverseError::PUBLISHER_CHANGED, words).at(&incoming.place)]
}
