//! Where the bytes of a part go: into a file, or nowhere when the change is only listed. One code path for both.

use std::fs::Permissions;
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err::{File, OpenOptions};

use super::content::Checksum;
use super::line_ends::LineFeedWriter;
use crate::write::part::check_announced;
use crate::write::{Part, WriteError};

/// Bytes gathered before they go to the system: most files need one call.
const BUFFER: usize = 256 * 1024;

/// So many at once need not be gathered.
const MANY: usize = 1024;

/// Where one part goes.
#[derive(Debug)]
pub(super) enum Output {
    /// Into a file that is not there yet; with the permissions of the one that it will replace.
    File(Utf8PathBuf, Option<Permissions>),
    /// Nowhere.
    Listed,
}

impl Output {
    /// Writes the part and tells what was written; of what is only listed perhaps no more than the size. `buffer` is used again
    /// for each part.
    pub(super) fn put<P: Part>(
        self,
        part: &P,
        line_feeds: bool,
        buffer: &mut Vec<u8>,
    ) -> Result<Checksum, WriteError> {
        let (path, file) = match self {
            Self::Listed => match (part.size(), line_feeds) {
                (Some(size), false) => return Ok(Checksum { size, ..Checksum::default() }),
                _ => (None, None),
            },
            Self::File(path, permissions) => {
                let file = create(&path, permissions).map_err(|error| WriteError::io(&path, error))?;
                (Some(path), Some(file))
            }
        };
        buffer.clear();
        let mut sink = Sink { file, buffer, checksum: Checksum::default(), fault: None };
        let mut written = 0;
        let rendered = if line_feeds {
            let mut counted = Counted { inner: LineFeedWriter::new(&mut sink), size: 0 };
            let rendered = part.write_to(&mut counted);
            written = counted.size;
            rendered.and_then(|()| counted.inner.end().map_err(Into::into))
        } else {
            part.write_to(&mut sink)
        };
        let rendered = rendered.and_then(|()| sink.drain().map_err(Into::into));
        let outcome = match (sink.fault, rendered) {
            (Some(error), _) => {
                Err(WriteError::io(path.as_deref().unwrap_or(Utf8Path::new(part.path())), error))
            }
            (None, Err(source)) => Err(WriteError::Part { path: part.path().to_owned(), source }),
            (None, Ok(())) => {
                // What was announced is what the part gives, before its line ends change.
                let given = if line_feeds { written } else { sink.checksum.size };
                check_announced(part, given, sink.checksum.crc32)
            }
        };
        let checksum = sink.checksum;
        outcome.map(|()| checksum).inspect_err(|_| {
            // A part of it is of no use to anybody.
            if let Some(path) = path {
                let _ = fs_err::remove_file(path);
            }
        })
    }
}

fn create(path: &Utf8Path, permissions: Option<Permissions>) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).open(path)?;
    if let Some(permissions) = permissions.filter(|permissions| !permissions.readonly())
        && file.metadata()?.permissions() != permissions
    {
        file.set_permissions(permissions)?;
    }
    Ok(file)
}

/// Gathers, counts and checks what a part gives.
struct Sink<'b> {
    file: Option<File>,
    buffer: &'b mut Vec<u8>,
    checksum: Checksum,
    /// The file's fault, which the part hands back as its own.
    fault: Option<io::Error>,
}

impl Sink<'_> {
    fn pass_on(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(bytes).map_err(|error| {
            let kind = error.kind();
            self.fault = Some(error);
            kind.into()
        })
    }

    fn drain(&mut self) -> io::Result<()> {
        let buffer = std::mem::take(self.buffer);
        let result = if buffer.is_empty() { Ok(()) } else { self.pass_on(&buffer) };
        *self.buffer = buffer;
        self.buffer.clear();
        result
    }
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.checksum.add(bytes);
        if self.buffer.len() + bytes.len() > BUFFER {
            self.drain()?;
        }
        // Most parts come in one piece.
        if self.buffer.is_empty() && bytes.len() >= MANY {
            self.pass_on(bytes)?;
        } else if self.file.is_some() {
            self.buffer.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Counts what goes in.
struct Counted<W> {
    inner: W,
    size: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.size += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
