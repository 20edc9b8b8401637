//! A component that the package was declared to need is not there: [D] 0x8004801D. Either its solution is there without it, or no
//! solution is named: the source had it in its unmanaged layer only. One refusal a component.

use std::collections::HashSet;

use crate::environment::import::Refusal;
use crate::environment::import::checked::Checked;
use crate::environment::import::declared::Verdict;
use crate::model::DataverseError;

const RULE: &str = "missing-dependency";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let mut told = HashSet::new();
    let missing = checked.declared.iter().filter(|declared| declared.verdict == Verdict::Missing);
    missing
        .filter(|declared| told.insert(declared.row.required.keys.first()))
        .map(|declared| {
            let (dependent, needed) = (declared.dependent(checked), declared.needed());
            let words = match &declared.row.provider {
                Some(provider) => format!("{dependent} needs {needed} of {provider}, which does not have it"),
                None => format!("{dependent} needs {needed}, which the environment does not have"),
            };
            let refusal =
                Refusal::new(RULE, DataverseError::MISSING_DEPENDENCIES, words).at(&declared.row.place);
            match declared.row.required.keys.first() {
                Some(key) => refusal.of(key),
                None => refusal,
            }
        })
        .collect()
}
