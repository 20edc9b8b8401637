//! The key under which masked texts get their marks: equal texts have equal marks, and nobody without the key can try texts out.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::text::hex;

/// Bytes of the key file.
pub const KEY_BYTES: usize = 32;
/// Bytes of a mark: of two texts one in 280,000,000,000,000 has the mark of the other.
const MARK_BYTES: usize = 6;

/// A key of one repository, at random.
#[derive(Clone)]
pub struct Key([u8; KEY_BYTES]);

impl Key {
    /// The key in a file of exactly that many bytes.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        Some(Self(bytes.try_into().ok()?))
    }

    /// The mark of a text that is not shown, bound to the name of what holds it.
    pub fn mark(&self, name: &str, text: &str) -> String {
        // A key of any length is one.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(&(name.len() as u64).to_le_bytes());
        mac.update(name.as_bytes());
        mac.update(text.as_bytes());
        let sum = mac.finalize().into_bytes();
        let mark = hex(&sum[..MARK_BYTES]);
        format!(" #{mark}")
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_tells_texts_apart_and_says_nothing() {
        let key = Key::new(&[7; KEY_BYTES]).unwrap();
        assert_eq!(key.mark("password", "a"), key.mark("password", "a"));
        assert_ne!(key.mark("password", "a"), key.mark("password", "b"));
        assert_ne!(key.mark("password", "a"), key.mark("token", "a"));
        assert_ne!(key.mark("password", "a"), Key::new(&[8; KEY_BYTES]).unwrap().mark("password", "a"));
        assert!(Key::new(b"short").is_none());
        assert_eq!(format!("{key:?}"), "Key");
    }
}
