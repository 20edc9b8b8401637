//! Archives: a deterministic zip writer that uses all processors.
//!
//! The bytes are a function of paths, contents and order of the parts, and of the one time stamp. The records are written
//! here and not by the zip crate: it takes deflate streams only as copies out of another archive, so that one entry cannot
//! be compressed by several threads. Read [`write_archive`] first, then `pipeline.rs`.

mod block;
mod container;
mod pipeline;
mod time;

use std::collections::{BTreeSet, HashMap};
use std::io::{BufWriter, Seek, Write};
use std::num::NonZeroUsize;

use camino::{Utf8Path, Utf8PathBuf};

use crate::write::lock::LockedFile;
use crate::write::path::NewParents;
use crate::write::{Part, WriteError};
use container::Container;

/// Bytes gathered before they go to the system.
const BUFFER: usize = 256 * 1024;

/// How an archive is written.
#[derive(Debug, Clone, Default)]
pub struct ArchiveOptions {
    /// Time stamp of all entries in seconds since 1970, in UTC; none is 1980-01-01. The value of `SOURCE_DATE_EPOCH`.
    pub source_date_epoch: Option<u64>,
    /// Threads that compress; none is the number of the thread pool. The bytes do not depend on it.
    pub threads: Option<NonZeroUsize>,
    /// Replace an archive that is read-only.
    pub clobber: bool,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArchiveSummary {
    /// Entries.
    pub entries: usize,
    /// Bytes of the archive.
    pub bytes: u64,
}

/// Writes the parts in their order as the archive `target`: into a temporary file beside it, one sync, one rename. On any
/// error the old archive is untouched and the temporary file gone. Of two runs at once one fails with
/// [`WriteError::Locked`].
pub fn write_archive<P: Part>(
    target: &Utf8Path,
    parts: &[P],
    options: &ArchiveOptions,
) -> Result<ArchiveSummary, WriteError> {
    ArchiveWriter::open(target, options.clobber)?.write(parts, options)
}

/// As [`write_archive`], up to the rename: of several archives all can be made ready before the first takes its place.
pub fn prepare_archive<P: Part>(
    target: &Utf8Path,
    parts: &[P],
    options: &ArchiveOptions,
) -> Result<PreparedArchive, WriteError> {
    ArchiveWriter::open(target, options.clobber)?.prepare(parts, options)
}

/// The file that a link names is replaced, not the link. Nothing but a file is.
fn real_target(target: &Utf8Path, clobber: bool) -> Result<Utf8PathBuf, WriteError> {
    let target = if target.is_symlink() {
        target.canonicalize_utf8().map_err(|_| WriteError::SymbolicLink { path: target.to_owned() })?
    } else {
        target.to_owned()
    };
    if let Ok(old) = fs_err::metadata(&target) {
        if old.is_dir() {
            return Err(WriteError::IsFolder { path: target });
        }
        if !old.is_file() {
            return Err(WriteError::InTheWay { path: target });
        }
        if old.permissions().readonly() && !clobber {
            return Err(WriteError::ReadOnlyFile { path: target });
        }
    }
    Ok(target)
}

/// Writes the parts in their order as an archive from the start of `out`.
pub fn write_archive_to<P: Part, W: Write + Seek + Send>(
    out: &mut W,
    parts: &[P],
    options: &ArchiveOptions,
) -> Result<ArchiveSummary, WriteError> {
    write_with(out, Utf8Path::new("archive"), parts, options, container::ENTRY_LIMIT)
}

/// An archive that is about to be written, locked. Dropped without [`ArchiveWriter::write`] it leaves nothing behind. Who reads
/// the archive in order to write it again opens this first, so that no other run writes it meanwhile.
#[derive(Debug)]
pub struct ArchiveWriter {
    locked: LockedFile,
    target: Utf8PathBuf,
    renamed: bool,
    /// Dropped last: the file is gone then.
    parents: NewParents,
}

impl ArchiveWriter {
    /// Locks the archive, whether it is there or not.
    ///
    /// # Errors
    /// When another run writes it, or it cannot be written; a read-only one only with `clobber`.
    pub fn open(target: &Utf8Path, clobber: bool) -> Result<Self, WriteError> {
        let target = real_target(target, clobber)?;
        let name = target.file_name().ok_or_else(|| WriteError::NoName { path: target.clone() })?;
        let mut parents = NewParents::default();
        if let Some(parent) = target.parent() {
            parents.make(parent)?;
        }
        // The name is always the same: what a killed run left behind is taken up by the next one.
        let locked =
            LockedFile::acquire_new(&target.with_file_name(format!(".{name}.solship-tmp")), &target)?;
        Ok(Self { locked, target, renamed: false, parents })
    }

    /// Writes the parts, as [`write_archive`] does.
    ///
    /// # Errors
    /// As [`write_archive`].
    pub fn write<P: Part>(self, parts: &[P], options: &ArchiveOptions) -> Result<ArchiveSummary, WriteError> {
        self.prepare(parts, options)?.commit()
    }

    fn prepare<P: Part>(self, parts: &[P], options: &ArchiveOptions) -> Result<PreparedArchive, WriteError> {
        let io = |error| WriteError::io(&self.target, error);
        self.locked.file.set_len(0).map_err(io)?;
        let mut out = BufWriter::with_capacity(BUFFER, self.locked.file.file());
        let summary = write_with(&mut out, &self.target, parts, options, container::ENTRY_LIMIT)?;
        drop(out);
        self.locked.file.sync_all().map_err(io)?;
        Ok(PreparedArchive { writer: self, summary })
    }
}

/// An archive that is whole in a file beside its place; removed when dropped before [`PreparedArchive::commit`].
#[derive(Debug)]
pub struct PreparedArchive {
    writer: ArchiveWriter,
    summary: ArchiveSummary,
}

impl PreparedArchive {
    /// Puts it into its place, in one stroke.
    pub fn commit(mut self) -> Result<ArchiveSummary, WriteError> {
        let io = |error| WriteError::io(&self.writer.target, error);
        let file = &self.writer.locked.file;
        // Whoever may read the old archive may read the new one.
        if let Ok(old) = fs_err::metadata(&self.writer.target)
            && !old.permissions().readonly()
            && file.metadata().map_err(io)?.permissions() != old.permissions()
        {
            file.set_permissions(old.permissions()).map_err(io)?;
        }
        #[cfg(windows)]
        make_writable(&self.writer.target).map_err(io)?;
        fs_err::rename(&self.writer.locked.path, &self.writer.target).map_err(io)?;
        self.writer.renamed = true;
        self.writer.parents.keep();
        Ok(self.summary)
    }
}

impl Drop for ArchiveWriter {
    fn drop(&mut self) {
        if !self.renamed {
            // Best effort: the error that brought us here is the one to report.
            let _ = fs_err::remove_file(&self.locked.path);
        }
    }
}

/// There a read-only file cannot be replaced.
#[cfg(windows)]
fn make_writable(target: &Utf8Path) -> std::io::Result<()> {
    let Ok(metadata) = fs_err::metadata(target) else { return Ok(()) };
    let mut permissions = metadata.permissions();
    if permissions.readonly() {
        permissions.set_readonly(false);
        fs_err::set_permissions(target, permissions)?;
    }
    Ok(())
}

/// `entry_limit` is the size from which an entry needs the 64-bit form.
fn write_with<P: Part, W: Write + Seek + Send>(
    out: &mut W,
    target: &Utf8Path,
    parts: &[P],
    options: &ArchiveOptions,
    entry_limit: u64,
) -> Result<ArchiveSummary, WriteError> {
    check_names(parts)?;
    let time = time::DosTime::from_epoch(options.source_date_epoch);
    let threads = options.threads.map_or_else(rayon::current_num_threads, NonZeroUsize::get);
    // Sizes stand before the data, and whether they need 64 bits shows after it. Such an entry is so rare that the archive
    // is written once more when one turns up, rather than room kept in every entry.
    let mut wide: BTreeSet<usize> = (0..parts.len())
        .filter(|&index| parts[index].size().is_some_and(|size| size >= entry_limit))
        .collect();
    loop {
        out.rewind().map_err(|error| WriteError::io(target, error))?;
        let mut container = Container::new(&mut *out, target, parts, time, &wide, entry_limit);
        pipeline::run(parts, threads, &mut container)?;
        match container.finish()? {
            container::Finished::Whole(bytes) => {
                out.flush().map_err(|error| WriteError::io(target, error))?;
                return Ok(ArchiveSummary { entries: parts.len(), bytes });
            }
            container::Finished::NeedsWide(index) => {
                wide.insert(index);
            }
        }
    }
}

fn check_names<P: Part>(parts: &[P]) -> Result<(), WriteError> {
    let mut seen = HashMap::with_capacity(parts.len());
    for part in parts {
        let path = part.path();
        if path.len() > usize::from(u16::MAX) {
            return Err(WriteError::NameTooLong { path: path.to_owned(), length: path.len() });
        }
        if let Some(other) = seen.insert(path.to_lowercase(), path) {
            return Err(WriteError::DuplicatePath { path: path.to_owned(), other: other.to_owned() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
