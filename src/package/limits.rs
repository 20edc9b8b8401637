//! Limits on every input, each a named constant with its reason.

/// Limits on one package.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Entries of one archive.
    pub entries: usize,
    /// Bytes of one entry, inflated.
    pub entry_bytes: u64,
    /// Bytes of all entries, inflated.
    pub total_bytes: u64,
    /// Inflated bytes per compressed byte.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 65_534, entry_bytes: 1 << 30, total_bytes: 4 << 30, ratio: 500 }
    }
}
