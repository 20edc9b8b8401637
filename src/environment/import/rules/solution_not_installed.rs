//! A solution that the package was declared to need is not there, or in a lower version: [D] 0x80048034. One refusal a
//! solution, with the highest version that is asked for. Where it is not there and something else has the component, the need is met.

use std::collections::BTreeMap;

use crate::environment::import::Refusal;
use crate::environment::import::checked::Checked;
use crate::environment::import::declared::{Declared, Verdict};
use crate::model::{DataverseError, Provided, Version};

const RULE: &str = "solution-not-installed";

pub(super) fn broken(checked: &Checked<'_>) -> Vec<Refusal> {
    let mut asked: BTreeMap<String, (&str, Option<&Version>, &Declared<'_>)> = BTreeMap::new();
    for declared in &checked.declared {
        let (Verdict::NotInstalled { provider } | Verdict::TooLow { provider, .. }) = declared.verdict else {
            continue;
        };
        let version = declared.row.provider_version.as_ref();
        let highest = asked.entry(provider.to_lowercase()).or_insert((provider, version, declared));
        if version > highest.1 {
            *highest = (provider, version, declared);
        }
    }
    let refusals = asked.into_values().map(|(provider, version, declared)| {
        let wanted = version.map_or_else(|| provider.to_owned(), |version| format!("{provider} {version} or later"));
        let there = match declared.verdict {
            Verdict::TooLow { there, .. } => format!("the environment has {there}"),
            _ => "it is not installed".to_owned(),
        };
        let (dependent, needed) = (declared.dependent(checked), declared.needed());
        let words = format!("{wanted} is required and {there}: {dependent} needs {needed}");
        let mut refusal =
            Refusal::new(RULE, DataverseError::SOLUTION_NOT_INSTALLED, words).at(&declared.row.place);
        if matches!(declared.verdict, Verdict::NotInstalled { .. }) {
            refusal.lacks = Some(Provided { unique_name: provider.to_owned(), version: version.cloned() });
        }
        match declared.row.required.keys.first() {
            Some(key) => refusal.of(key),
            None => refusal,
        }
    });
    refusals.collect()
}
