//! Limits on a package, each a named constant with its reason, and the error that names the option which raises it.
//!
//! What is measured where is known to `zip/` and `folder.rs`. Read [`Limits`] first.

/// One below the count from which a zip needs its 64-bit form. Real exports stay below 1,000; the count also bounds what
/// is held in memory of an archive's directory.
const ENTRIES: usize = 65_534;

/// macOS and other systems take paths of at most 1,024 bytes. The longest of real exports has 172.
const NAME_BYTES: usize = 1_024;

/// Four times what one request to the platform can carry (128 MB). One entry at a time is held in memory.
const ENTRY_BYTES: u64 = 512 << 20;

/// Four times the above: an export of 128 MB that deflate made 16 times smaller, more than it does to real ones.
const TOTAL_BYTES: u64 = 2 << 30;

/// Text deflates to a fifth, the most repetitive real entries over [`RATIO_FLOOR`] to a thirtieth. A bomb is near the
/// format's own bound of 1,032.
const RATIO: u64 = 100;

/// A zip on stdin is held in memory: again four times what a request can carry.
const ARCHIVE_BYTES: u64 = 512 << 20;

/// What inflates to no more than this may have any ratio: a blank bitmap of a canvas app deflates like a bomb (real ones
/// 554 times), and the blank screen of the largest usual size has 8 MiB.
pub(super) const RATIO_FLOOR: u64 = 16 << 20;

/// Limits on one package.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Entries of one archive, or files of one folder.
    pub entries: usize,
    /// Bytes of one path, in UTF-8.
    pub name_bytes: usize,
    /// Bytes of one entry, inflated.
    pub entry_bytes: u64,
    /// Bytes of all entries, inflated.
    pub total_bytes: u64,
    /// Inflated bytes for each compressed byte, of an entry and of the whole archive, where that inflates to more than
    /// 16 MiB.
    pub ratio: u64,
    /// Bytes of an archive that is held in memory (stdin). One on disk is never read as a whole.
    pub archive_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: ENTRIES,
            name_bytes: NAME_BYTES,
            entry_bytes: ENTRY_BYTES,
            total_bytes: TOTAL_BYTES,
            ratio: RATIO,
            archive_bytes: ARCHIVE_BYTES,
        }
    }
}

/// Which limit a package is over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitFault {
    /// Too many entries.
    #[error("{actual} entries are over the limit of {limit} (--max-entries raises it)")]
    Entries {
        /// What is allowed.
        limit: usize,
        /// What the package has, or says it has.
        actual: u64,
    },
    /// A path is too long.
    #[error("a name of {actual} bytes is over the limit of {limit} (--max-name-length raises it)")]
    Name {
        /// What is allowed.
        limit: usize,
        /// What the name has.
        actual: usize,
    },
    /// An entry is too large.
    #[error(
        "{actual} bytes inflated are over the limit of {limit} for one entry (--max-entry-size raises it)"
    )]
    Entry {
        /// What is allowed.
        limit: u64,
        /// What the entry has, or says it has.
        actual: u64,
    },
    /// All entries together are too large.
    #[error(
        "{actual} bytes inflated are over the limit of {limit} for a package (--max-total-size raises it)"
    )]
    Total {
        /// What is allowed.
        limit: u64,
        /// What the entries have, or say they have, as far as they were added up.
        actual: u64,
    },
    /// An entry or the whole inflates to too many times its size.
    #[error(
        "{compressed} bytes inflate to {actual}, over the limit of {limit} times as many (--max-ratio raises it)"
    )]
    Ratio {
        /// What is allowed for each compressed byte.
        limit: u64,
        /// Bytes in the archive.
        compressed: u64,
        /// Bytes inflated.
        actual: u64,
    },
    /// An archive that must be held in memory is too large.
    #[error("more than {limit} bytes, the limit of a zip that is not a file (--max-archive-size raises it)")]
    Archive {
        /// What is allowed.
        limit: u64,
    },
}

/// Adds up sizes against the limits of a package.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    total: u64,
    compressed: u64,
}

impl Sizes {
    /// Adds one entry.
    pub(super) fn add(&mut self, size: u64, compressed: u64, limits: &Limits) -> Result<(), LimitFault> {
        if size > limits.entry_bytes {
            return Err(LimitFault::Entry { limit: limits.entry_bytes, actual: size });
        }
        ratio(size, compressed, limits)?;
        self.total = self.total.saturating_add(size);
        self.compressed = self.compressed.saturating_add(compressed);
        Ok(())
    }

    /// Looks at all that were added.
    pub(super) fn finish(&self, limits: &Limits) -> Result<(), LimitFault> {
        if self.total > limits.total_bytes {
            return Err(LimitFault::Total { limit: limits.total_bytes, actual: self.total });
        }
        ratio(self.total, self.compressed, limits)
    }
}

fn ratio(size: u64, compressed: u64, limits: &Limits) -> Result<(), LimitFault> {
    if size > RATIO_FLOOR && size > compressed.saturating_mul(limits.ratio) {
        return Err(LimitFault::Ratio { limit: limits.ratio, compressed, actual: size });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits { entry_bytes: 100 << 20, total_bytes: 150 << 20, ratio: 10, ..Limits::default() }
    }

    #[test]
    fn each_size_is_limited() {
        let mut sizes = Sizes::default();
        let large = 90 << 20;
        assert_eq!(sizes.add(large, large, &limits()), Ok(()));
        assert_eq!(sizes.finish(&limits()), Ok(()));
        assert!(matches!(sizes.add(101 << 20, 101 << 20, &limits()), Err(LimitFault::Entry { .. })));
        assert_eq!(sizes.add(large, large, &limits()), Ok(()));
        assert!(
            matches!(sizes.finish(&limits()), Err(LimitFault::Total { actual, .. }) if actual == 2 * large)
        );
    }

    #[test]
    fn the_ratio_counts_above_a_floor() {
        let mut sizes = Sizes::default();
        assert_eq!(sizes.add(RATIO_FLOOR, 1, &limits()), Ok(()));
        assert!(matches!(sizes.add(RATIO_FLOOR + 1, 1, &limits()), Err(LimitFault::Ratio { .. })));
        assert_eq!(sizes.add(RATIO_FLOOR, RATIO_FLOOR / 10, &limits()), Ok(()));
        // Each below the floor, together above it.
        let mut sizes = Sizes::default();
        for _ in 0..3 {
            assert_eq!(sizes.add(RATIO_FLOOR / 2, 1, &limits()), Ok(()));
        }
        assert!(matches!(sizes.finish(&limits()), Err(LimitFault::Ratio { .. })));
    }

    #[test]
    fn every_limit_names_its_option() {
        let every = [
            (LimitFault::Entries { limit: 1, actual: 2 }, "--max-entries"),
            (LimitFault::Name { limit: 1, actual: 2 }, "--max-name-length"),
            (LimitFault::Entry { limit: 1, actual: 2 }, "--max-entry-size"),
            (LimitFault::Total { limit: 1, actual: 2 }, "--max-total-size"),
            (LimitFault::Ratio { limit: 1, compressed: 1, actual: 2 }, "--max-ratio"),
            (LimitFault::Archive { limit: 1 }, "--max-archive-size"),
        ];
        for (fault, option) in every {
            assert!(fault.to_string().contains(option), "{fault}");
        }
    }
}
