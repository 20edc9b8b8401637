//! A part of the layout as the writer takes it.

use std::io::Write;

use crate::layout::{LayoutError, Part};
use crate::mapping::IGNORE_FILE;
use crate::write::{self, PartError};

/// What is written.
pub(super) enum Writable<'a> {
    /// Of the solution.
    Part(Part<'a>),
    /// `.solshipignore`, with this text.
    IgnoreFile(String),
}

impl Writable<'_> {
    /// Writes what is made of several files, and nothing that is copied.
    pub(super) fn write_made(&self, out: &mut dyn Write) -> Result<(), LayoutError> {
        match self {
            Self::Part(part) if part.size().is_none() => part.write_to(out),
            _ => Ok(()),
        }
    }
}

impl write::Part for Part<'_> {
    fn path(&self) -> &str {
        self.path()
    }

    fn size(&self) -> Option<u64> {
        self.size()
    }

    fn crc32(&self) -> Option<u32> {
        self.crc32()
    }

    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
        self.write_to(out).map_err(|error| match error {
            LayoutError::Write(error) => error.into(),
            other => other.into(),
        })
    }
}

impl write::Part for Writable<'_> {
    fn path(&self) -> &str {
        match self {
            Self::Part(part) => part.path(),
            Self::IgnoreFile(_) => IGNORE_FILE,
        }
    }

    fn size(&self) -> Option<u64> {
        match self {
            Self::Part(part) => part.size(),
            Self::IgnoreFile(text) => Some(text.len() as u64),
        }
    }

    fn crc32(&self) -> Option<u32> {
        match self {
            Self::Part(part) => part.crc32(),
            Self::IgnoreFile(_) => None,
        }
    }

    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
        match self {
            Self::Part(part) => write::Part::write_to(part, out),
            Self::IgnoreFile(text) => Ok(out.write_all(text.as_bytes())?),
        }
    }
}
