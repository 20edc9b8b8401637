//! What a component says, in one number: the same for two packages between which a comparison finds nothing but noise.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::DiffError;
use super::canonical::{NO_MARK, write};
use super::side::Side;
use super::tree::Node;
use crate::model::{ComponentKey, ComponentType};
use crate::package::Package;
use crate::text::hex;

/// SHA-256 of the canonical form of each component, in hexadecimal.
///
/// No value of a variable is in it, default values neither: who has the number of a short text finds the text by trying.
/// Whether values differ is told by the values.
///
/// # Errors
/// When the package is no solution, or cannot be unpacked.
pub fn fingerprints(package: &Package) -> Result<BTreeMap<ComponentKey, String>, DiffError> {
    let side = Side::read(package)?;
    let mut found = BTreeMap::new();
    for (key, item) in &side.items {
        let mut text = String::new();
        write(&mut text, &side.tree(key, item), NO_MARK, &|node| is_value(&key.kind, node));
        let sum = hex(&Sha256::digest(text));
        found.insert(key.clone(), sum);
    }
    Ok(found)
}

/// Whether a node holds the value of a variable: of the component itself, or of the copy that a flow carries.
fn is_value(kind: &ComponentType, node: &Node) -> bool {
    let is_variable =
        *kind == ComponentType::ENVIRONMENT_VARIABLE || *kind == ComponentType::ENVIRONMENT_VARIABLE_VALUE;
    let names: &[&str] = match kind {
        _ if is_variable => &["defaultvalue", "value"],
        kind if *kind == ComponentType::WORKFLOW => &["defaultvalue"],
        _ => &[],
    };
    names.iter().any(|name| node.name.trim_start_matches('@').eq_ignore_ascii_case(name))
}
