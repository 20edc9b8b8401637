//! Ids of new rows: the same for the same publisher, solution, kind and name, so that one command gives one result.

use uuid::Uuid;

use crate::model::Manifest;

/// The namespace of the ids that solship makes; nothing else uses it.
const NAMESPACE: Uuid = Uuid::from_u128(0x8f6a_2c1e_4d07_4b53_9a1d_5e70_c3b2_1f94);

/// A version 5 UUID of publisher, solution, kind and name, lower case as names compare without case.
pub(super) fn id_of(manifest: &Manifest, kind: &str, name: &str) -> String {
    let words = [&manifest.publisher.unique_name, &manifest.unique_name, kind, name];
    let text = words.map(str::to_lowercase).join("\n");
    Uuid::new_v5(&NAMESPACE, text.as_bytes()).to_string()
}

/// A GUID as rows hold it: bare and lower case.
pub(super) fn bare(id: &str) -> Option<String> {
    let id = id.trim().trim_start_matches('{').trim_end_matches('}').to_lowercase();
    crate::model::is_guid(&id).then_some(id)
}
