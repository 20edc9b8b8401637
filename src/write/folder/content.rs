//! What tells the content of a folder from any other: [`Content`].

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

/// What tells the content of a file from another, as far as an archive tells it of its entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Checksum {
    pub(crate) size: u64,
    pub(crate) crc32: u32,
}

impl Checksum {
    /// The content goes on with these bytes.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.crc32 = zlib_rs::crc32::crc32(self.crc32, bytes);
    }
}

/// What tells a set of files, their paths and their content, from another one: by size and CRC-32 of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content(pub [u8; 32]);

impl Content {
    /// Of files in any order; none when something is not known of one of them.
    pub(super) fn of<'p>(files: impl Iterator<Item = (&'p str, Option<Checksum>)>) -> Option<Self> {
        let known = files.map(|(path, checksum)| Some((path, checksum?)));
        let mut files = known.collect::<Option<Vec<_>>>()?;
        files.par_sort_unstable_by_key(|(path, _)| *path);
        let mut hasher = Sha256::new();
        for (path, Checksum { size, crc32 }) in files {
            hasher.update((path.len() as u64).to_le_bytes());
            hasher.update(path);
            hasher.update(size.to_le_bytes());
            hasher.update(crc32.to_le_bytes());
        }
        Some(Self(hasher.finalize().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_of_a_file_counts_and_the_order_does_not() {
        let file = |path, size, crc32| (path, Some(Checksum { size, crc32 }));
        let of = |files: &[_]| Content::of(files.iter().copied());
        let content = of(&[file("a", 1, 2), file("b", 3, 4)]);
        assert_eq!(content, of(&[file("b", 3, 4), file("a", 1, 2)]));
        for other in [
            vec![file("a", 1, 2)],
            vec![file("a", 1, 2), file("b", 3, 5)],
            vec![file("a", 1, 2), file("b", 2, 4)],
            vec![file("a", 1, 2), file("c", 3, 4)],
            vec![file("a", 1, 2), file("b", 3, 4), file("c", 0, 0)],
        ] {
            assert_ne!(content, of(&other), "{other:?}");
        }
        assert_eq!(of(&[file("a", 1, 2), ("b", None)]), None);
    }
}
