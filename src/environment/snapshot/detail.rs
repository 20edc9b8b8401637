//! How much a snapshot says of values and accounts.

use std::collections::{BTreeMap, HashMap};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::super::connect::NO_PASSWORD;
use super::super::{Connection, Principal, Role};
use crate::model::{MASK, UserNameForm, address_ranges, is_guid};
use crate::text::hex;

/// The shortest key: one that is guessed tells the values.
const SHORTEST_KEY: usize = 16;

/// How much a snapshot says of values and accounts.
#[derive(Debug)]
pub enum Detail {
    /// A value is set or not; nobody is named.
    Set,
    /// The same, with a hash of each, so that two snapshots under one key tell what differs.
    Hashed(HashKey),
    /// Values and names.
    Known,
}

/// The key of the hashes. A plain hash of a short value is guessed by trying.
pub struct HashKey(Hmac<Sha256>);

impl std::fmt::Debug for HashKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(MASK)
    }
}

impl HashKey {
    /// The key that a file holds; a line end at its end does not count. None when it is too short.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        if bytes.len() < SHORTEST_KEY {
            return None;
        }
        Hmac::new_from_slice(bytes).ok().map(Self)
    }

    /// HMAC-SHA-256 in hexadecimal.
    pub fn hash(&self, text: &str) -> String {
        let mut hash = self.0.clone();
        hash.update(text.as_bytes());
        hex(&hash.finalize().into_bytes())
    }

    /// By what snapshots under this key are known; it does not tell the key.
    pub(super) fn name(&self) -> String {
        self.hash("solship: which key is this?")[..16].to_owned()
    }
}

/// Who something is shared with, as far as a snapshot of that detail names them.
pub(super) fn principals(shares: &BTreeMap<Principal, Role>, detail: &Detail) -> BTreeMap<Principal, Role> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    shares
        .iter()
        .map(|(principal, role)| {
            // `user:` and `team:` stay.
            let kind = principal.split_once(':').map_or("", |(kind, _)| kind);
            let shown = match detail {
                Detail::Known => principal.clone(),
                Detail::Hashed(key) => format!("{kind}:hmac-sha256:{}", key.hash(principal)),
                Detail::Set => {
                    let number = numbers.entry(kind).or_default();
                    *number += 1;
                    format!("{kind}:{MASK} {number}")
                }
            };
            (shown, *role)
        })
        .collect()
}

/// A connection without names of accounts, which its name may hold, and without values of parameters.
pub(super) fn connection(connection: &Connection, detail: &Detail) -> Connection {
    let mut shown = connection.clone();
    let key = match detail {
        Detail::Known => return shown,
        Detail::Hashed(key) => Some(key),
        Detail::Set => None,
    };
    if UserNameForm::of(shown.name.trim(), false).is_some() || !address_ranges(&shown.name).is_empty() {
        MASK.clone_into(&mut shown.name);
    }
    for text in shown.parameters.values_mut().filter(|text| !is_plain_parameter(text)) {
        *text = match key {
            // Under which key another snapshot hashed it is not known.
            Some(key) if text != MASK && !text.starts_with(HASHED) => {
                format!("{HASHED}{}", key.hash(text))
            }
            _ => MASK.to_owned(),
        };
    }
    shown
}

/// Before the hash of a parameter.
const HASHED: &str = "hmac-sha256:";

/// Whether a share says with whom.
pub(super) fn is_named(principal: &str) -> bool {
    let name = principal.split_once(':').map_or(principal, |(_, name)| name);
    is_told(name) && !name.starts_with(&format!("{MASK} "))
}

/// Whether a parameter, or an account, is said as it is.
pub(super) fn is_told(text: &str) -> bool {
    text != MASK && !text.starts_with(HASHED)
}

/// Whether the value of a parameter says where a value is, or which machine or application is meant: anything else may be
/// the password itself.
pub(super) fn is_plain_parameter(text: &str) -> bool {
    let variable = text.strip_prefix("@environmentVariables(\"").and_then(|rest| rest.strip_suffix("\")"));
    let is_name = |name: &str| {
        !name.is_empty()
            && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
    };
    text == NO_PASSWORD || is_guid(text) || variable.is_some_and(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_the_standard() {
        // RFC 4231, test case 1.
        let key = HashKey::new(&[0x0b; 20]).unwrap();
        assert_eq!(key.hash("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    #[test]
    fn a_short_key_is_none() {
        assert!(HashKey::new(b"0123456789abcde\r\n").is_none());
        let (one, other) =
            (HashKey::new(b"0123456789abcdef\n").unwrap(), HashKey::new(b"0123456789abcdef").unwrap());
        assert_eq!(one.hash("x"), other.hash("x"));
    }
}
