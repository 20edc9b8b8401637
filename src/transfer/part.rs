//! A part of the layout as the writer takes it.

use std::io::Write;

use crate::layout::{LayoutError, Part};
use crate::write::{self, PartError};

/// A [`Part`] to be written.
pub(super) struct Writable<'a>(pub(super) Part<'a>);

impl write::Part for Writable<'_> {
    fn path(&self) -> &str {
        self.0.path()
    }

    fn size(&self) -> Option<u64> {
        self.0.size()
    }

    fn crc32(&self) -> Option<u32> {
        self.0.copied_entry().and_then(|entry| entry.crc32)
    }

    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
        self.0.write_to(out).map_err(|error| match error {
            LayoutError::Write(error) => error.into(),
            other => other.into(),
        })
    }
}
