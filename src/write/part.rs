//! What is written: [`Part`], one file of the archive or of the folder.

use std::io::Write;

use crate::write::WriteError;

/// Why a part could not give its bytes.
pub type PartError = Box<dyn std::error::Error + Send + Sync>;

/// One file to be written. Its bytes are asked for when they are needed, perhaps more than once and from any thread, and
/// must be the same each time. Of what is written early they are not asked for again.
pub trait Part: Sync {
    /// Path with `/` below the target.
    fn path(&self) -> &str;

    /// Size in bytes, where it is known without reading. A part that then gives another number is refused.
    fn size(&self) -> Option<u64> {
        None
    }

    /// CRC-32 of the bytes, where it is known without reading: the part is carried over from an archive as it is, or written
    /// already. A part that then gives other bytes is refused.
    fn crc32(&self) -> Option<u32> {
        None
    }

    /// Writes all bytes in order. An error of `out` is handed back as it came.
    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError>;
}

/// A file whose bytes are at hand.
#[derive(Debug)]
pub struct InMemory<'p, B> {
    /// Path with `/` below the target.
    pub path: &'p str,
    /// All of it.
    pub bytes: B,
}

impl<B: AsRef<[u8]> + Sync> Part for InMemory<'_, B> {
    fn path(&self) -> &str {
        self.path
    }

    fn size(&self) -> Option<u64> {
        Some(self.bytes.as_ref().len() as u64)
    }

    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
        Ok(out.write_all(self.bytes.as_ref())?)
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<P: Part + ?Sized> Part for $pointer
        where
            Self: Sync,
        {
            fn path(&self) -> &str {
                (**self).path()
            }
            fn size(&self) -> Option<u64> {
                (**self).size()
            }
            fn crc32(&self) -> Option<u32> {
                (**self).crc32()
            }
            fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
                (**self).write_to(out)
            }
        }
    )*};
}
forward!(&P, Box<P>, std::sync::Arc<P>);

/// Refuses a part that gave other bytes than it announced: its file changed while it was read.
pub(super) fn check_announced(part: &(impl Part + ?Sized), size: u64, crc32: u32) -> Result<(), WriteError> {
    if let Some(expected) = part.size()
        && expected != size
    {
        return Err(WriteError::PartSize { path: part.path().to_owned(), expected, actual: size });
    }
    if let Some(expected) = part.crc32()
        && expected != crc32
    {
        return Err(WriteError::PartChecksum { path: part.path().to_owned(), expected, actual: crc32 });
    }
    Ok(())
}
