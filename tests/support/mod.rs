//! What the tests share: where the conformance data is, and solutions made by hand.

#![expect(dead_code, unreachable_pub, reason = "each test file uses a part of this")]

use camino::Utf8PathBuf;

pub mod corpus;
pub mod fault;
pub mod folder;
pub mod made;
pub mod page;
pub mod place;
pub mod scenario;
pub mod secrets;
pub mod steps;

/// A folder or file of the conformance data; none, with a plain line, when `SOLSHIP_SHARED` is unset. Set and not there
/// is a failure.
pub fn shared(sub: &str) -> Option<Utf8PathBuf> {
    let Some(root) = std::env::var_os("SOLSHIP_SHARED") else {
        println!("skipped: SOLSHIP_SHARED is not set");
        return None;
    };
    let path = Utf8PathBuf::from_os_string(root).expect("SOLSHIP_SHARED is UTF-8").join(sub);
    assert!(path.exists(), "SOLSHIP_SHARED is set and {path} is not there");
    Some(path)
}
