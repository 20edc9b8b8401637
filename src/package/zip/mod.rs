//! The strict reader of zips: every record is read and compared before anything is believed.
//!
//! `end_record.rs` finds the directory, `directory.rs` reads its entries, `layout.rs` compares them with the entries' own
//! headers and places, `inflate.rs` gives the content. Names and sizes are checked as in every package. Read [`open`]
//! first.

mod code_page;
mod directory;
mod end_record;
mod extra;
mod inflate;
mod layout;
mod source;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::io;

use camino::Utf8Path;

use self::directory::Record;
pub(super) use self::inflate::Stream;
pub(super) use self::source::Source;
use self::source::Window;
use super::collisions::{Name, NameIndex};
use super::limits::Sizes;
use super::{
    ArchiveFault, Content, Entry, EntryFault, Form, LimitFault, NameFault, OpenOptions, Origin, Package,
    PackageError, Warning,
};

/// Local headers are read in pieces of this size: small entries share one, large ones waste little.
const HEADER_WINDOW: usize = 4 << 10;

/// Opens a zip file. Its directory and all headers are read, and no content.
pub(super) fn open(path: &Utf8Path, options: &OpenOptions) -> Result<Package, PackageError> {
    let file = fs_err::File::open(path)?;
    let bytes = file.metadata()?.len();
    open_source(path.as_str(), Source::File { modified: source::modified_of(&file), file, bytes }, options)
}

/// Opens a zip in memory.
pub(super) fn from_bytes(
    label: &str,
    bytes: Vec<u8>,
    options: &OpenOptions,
) -> Result<Package, PackageError> {
    let limit = options.limits.archive_bytes;
    if bytes.len() as u64 > limit {
        let fault = LimitFault::Archive { limit };
        return Err(PackageError::Limit { label: label.to_owned(), entry: None, fault });
    }
    open_source(label, Source::Memory(bytes), options)
}

fn open_source(label: &str, source: Source, options: &OpenOptions) -> Result<Package, PackageError> {
    let mut opening = Opening { label, source: &source, options, warnings: Vec::new() };
    let mut window = Window::new(&source, end_record::TAIL_BYTES);
    let end = end_record::find(&mut opening, &mut window)?;
    let records = directory::read(&mut opening, &end, &mut window)?;
    let index = opening.check_names(&records)?;
    window.set_step(HEADER_WINDOW);
    let contents = layout::check(&mut opening, &records, end.directory.start, &mut window)?;
    opening.check_sizes(&records)?;
    let warnings = opening.warnings;
    let mut positions = Vec::with_capacity(records.len());
    let mut entries = Vec::new();
    for (record, content) in records.into_iter().zip(contents) {
        positions.push(entries.len());
        if !record.is_folder {
            entries.push(Entry {
                path: record.path,
                size: record.size,
                compressed_size: record.compressed_size,
                crc32: Some(record.checksum),
                file: None,
                content: Content::Zip(Stream {
                    offset: content,
                    method: record.method,
                    compressed_size: record.compressed_size,
                    size: record.size,
                    checksum: record.checksum,
                }),
            });
        }
    }
    let index = index.moved(&positions);
    Ok(Package {
        label: label.to_owned(),
        form: Form::Zip,
        entries,
        index,
        warnings,
        origin: Origin::Zip(source),
        own_files: None,
    })
}

/// Why a part of the archive is refused, before it is said whose part.
#[derive(Debug)]
pub(super) enum Refusal {
    Io(io::Error),
    Archive(ArchiveFault),
    Entry(EntryFault),
}

impl Refusal {
    /// The error of a package; `entry` is the one that was looked at.
    pub(super) fn of(self, label: &str, entry: &str) -> PackageError {
        let label = label.to_owned();
        match self {
            Self::Io(error) => error.into(),
            Self::Archive(fault) => PackageError::Archive { label, fault },
            Self::Entry(fault) => PackageError::Entry { label, entry: entry.to_owned(), fault },
        }
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<ArchiveFault> for Refusal {
    fn from(fault: ArchiveFault) -> Self {
        Self::Archive(fault)
    }
}

impl From<EntryFault> for Refusal {
    fn from(fault: EntryFault) -> Self {
        Self::Entry(fault)
    }
}

/// What is needed while an archive is opened.
struct Opening<'a> {
    label: &'a str,
    source: &'a Source,
    options: &'a OpenOptions,
    warnings: Vec<Warning>,
}

impl Opening<'_> {
    fn archive(&self, fault: ArchiveFault) -> PackageError {
        PackageError::Archive { label: self.label.to_owned(), fault }
    }

    fn entry(&self, entry: &str, fault: EntryFault) -> PackageError {
        PackageError::Entry { label: self.label.to_owned(), entry: entry.to_owned(), fault }
    }

    fn name(&self, entry: &str, fault: NameFault) -> PackageError {
        PackageError::Name { label: self.label.to_owned(), entry: entry.to_owned(), fault }
    }

    fn limit(&self, entry: Option<&str>, fault: LimitFault) -> PackageError {
        PackageError::Limit { label: self.label.to_owned(), entry: entry.map(str::to_owned), fault }
    }

    /// Whether faults that do no harm are forgiven.
    fn is_tolerant(&self) -> bool {
        self.options.tolerant && !self.options.strict
    }

    /// Goes on in spite of a fault when that is wanted, and says so; else refuses.
    fn forgive(&mut self, fault: ArchiveFault) -> Result<(), PackageError> {
        if !self.is_tolerant() {
            return Err(self.archive(fault));
        }
        self.warnings.push(Warning { message: format!("forgiven: {fault}") });
        Ok(())
    }

    /// One warning for all names of one kind of fault; a refusal when all is strict.
    fn warn<'n>(&mut self, names: impl Iterator<Item = (&'n str, NameFault)>) -> Result<(), PackageError> {
        self.warnings.extend(Warning::of_names(self.label, names, self.options.strict)?);
        Ok(())
    }

    /// Checks the names beside each other.
    fn check_names(&mut self, records: &[Record]) -> Result<NameIndex, PackageError> {
        let names: Vec<Name<'_>> = records
            .iter()
            .map(|record| Name { path: record.name_without_slash(), is_folder: record.is_folder })
            .collect();
        let (index, harmless) = NameIndex::new(&names)
            .map_err(|collision| self.name(&records[collision.name].path, collision.fault))?;
        self.warn(harmless.into_iter().map(|harmless| (&*records[harmless.name].path, harmless.fault)))?;
        Ok(index)
    }

    /// Checks the sizes that the headers state; reading holds the content to them.
    fn check_sizes(&self, records: &[Record]) -> Result<(), PackageError> {
        let limits = &self.options.limits;
        let mut sizes = Sizes::default();
        for record in records {
            sizes
                .add(record.size, record.compressed_size, limits)
                .map_err(|fault| self.limit(Some(&record.path), fault))?;
        }
        sizes.finish(limits).map_err(|fault| self.limit(None, fault))
    }
}
