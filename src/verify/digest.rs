//! SHA-256: of a part, of a file, of all that a package holds.
//!
//! Read [`content`] first.

use std::io::{self, Read, Write};

use sha2::{Digest as _, Sha256};

use crate::layout::{LayoutError, Part};
use crate::text::hex;

/// Made again for each archive, so that it says nothing of the content.
pub(super) const CONTENT_TYPES: &str = "[Content_Types].xml";

/// A SHA-256.
pub(super) type Sum = [u8; 32];

/// A file or entry and the checksum of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fact {
    pub(super) path: String,
    pub(super) sum: Sum,
}

impl Fact {
    /// Of a part, whose bytes are made and let go.
    pub(super) fn of(part: &Part<'_>) -> Result<Self, LayoutError> {
        let mut hasher = Hasher(Sha256::new());
        part.write_to(&mut hasher)?;
        Ok(Self { path: part.path().to_owned(), sum: hasher.0.finalize().into() })
    }
}

struct Hasher(Sha256);

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Of bytes.
pub(super) fn sum(bytes: &[u8]) -> Sum {
    Sha256::digest(bytes).into()
}

/// The SHA-256 of all that is read, in hexadecimal digits.
///
/// # Errors
/// What the reader says.
pub fn sha256(reader: &mut dyn Read) -> io::Result<String> {
    let mut hasher = Hasher(Sha256::new());
    io::copy(reader, &mut hasher)?;
    Ok(hex(&hasher.0.finalize()))
}

/// The content hash: SHA-256 of one line for each entry but `[Content_Types].xml`, in byte order of the names: checksum,
/// two blanks, name, line feed, as `sha256sum` prints it. `facts` are those of the canonical form.
pub(super) fn content(facts: &[Fact]) -> String {
    let mut sorted: Vec<&Fact> =
        facts.iter().filter(|fact| !fact.path.eq_ignore_ascii_case(CONTENT_TYPES)).collect();
    sorted.sort();
    let mut hasher = Sha256::new();
    for fact in sorted {
        hasher.update(format!("{}  {}\n", hex(&fact.sum), fact.path));
    }
    hex(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_sums() {
        // FIPS 180-2, appendix B.1.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&sum(b"abc")), abc);
        assert_eq!(sha256(&mut &b"abc"[..]).unwrap(), abc);
    }

    #[test]
    fn the_content_is_what_sha256sum_prints_sorted_by_name() {
        let fact = |path: &str| Fact { path: path.to_owned(), sum: sum(b"abc") };
        let lines = format!("{0}  a.txt\n{0}  b/c.txt\n", hex(&sum(b"abc")));
        let facts = [fact("b/c.txt"), fact("[Content_Types].xml"), fact("a.txt")];
        assert_eq!(content(&facts), hex(&sum(lines.as_bytes())));
    }
}
