//! The files of one solution while it is edited: what a folder holds, or what unpacking an archive would write, with the
//! edits on top. Nothing is written before [`SolutionFiles::commit`].
//!
//! Read [`SolutionFiles`] first. What the files mean is not known here.

use std::collections::BTreeMap;
use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};

use super::lock::Lock;
use super::{AuthorError, EditedFile};
use crate::layout::{
    self, Archive, Archives, Folder, FolderFile, FolderView, LayoutError, PackKind, PackOptions,
    PackageFolder, UnpackOptions, is_managed_folder,
};
use crate::mapping::Ours;
use crate::model::Solution;
use crate::package::{Form, OpenOptions, Package, is_packager_folder};
use crate::transfer::{SourceFolder, TransferError};
use crate::write::{
    self, ArchiveOptions, ArchiveWriter, Change, ChangeKind, Eol, FolderOptions, FolderWriter, InMemory,
    PartError, PartSet,
};
use crate::xml::{Document, Limits};

/// The manifest.
pub(super) const MANIFEST: &str = "Other/Solution.xml";
/// The customizations.
pub(super) const CUSTOMIZATIONS: &str = "Other/Customizations.xml";

/// A path, the bytes before and the bytes now.
type Differing<'f> = (&'f str, Option<Vec<u8>>, Option<&'f [u8]>);

/// The files of one solution in the packager's layout, and what is to become of them. Paths compare without case.
#[derive(Debug)]
pub struct SolutionFiles {
    path: Utf8PathBuf,
    form: Form,
    kind: PackKind,
    files: Package,
    /// How the archive was opened.
    options: OpenOptions,
    /// Held until the edits are written; none for what is only read or tried.
    lock: Option<Lock>,
    /// By lower-case path: the path as it is written, and the bytes; none for a file that goes.
    edits: BTreeMap<String, (String, Option<Vec<u8>>)>,
}

impl SolutionFiles {
    /// Opens a solution zip, or a folder in the packager's layout, to edit it. Unless the edit is only tried, no other run can
    /// write it from now on.
    ///
    /// # Errors
    /// When it is none, cannot be read, was left half written, is managed, or another run is at work there.
    pub fn open(path: &Utf8Path, options: &OpenOptions, dry_run: bool) -> Result<Self, AuthorError> {
        if path.is_dir() && !is_packager_folder(path)? && path.join("solution.xml").is_file() {
            return Err(AuthorError::ArchiveFolder { path: path.to_owned() });
        }
        let lock = if dry_run { None } else { Lock::of(path)? };
        let files = Self { lock, ..Self::open_to_read(path, options)? };
        match files.kind {
            PackKind::Managed => Err(AuthorError::Managed { path: path.to_owned() }),
            PackKind::Unmanaged => Ok(files),
        }
    }

    /// Opens a solution whose files are only looked at or copied.
    ///
    /// # Errors
    /// When it is none, cannot be read, or was left half written.
    pub fn open_to_read(path: &Utf8Path, options: &OpenOptions) -> Result<Self, AuthorError> {
        let in_layout = |error| TransferError::Layout { label: path.to_string(), error };
        if path.is_dir() && !path.join("solution.xml").is_file() {
            if !is_packager_folder(path)? {
                return Err(AuthorError::NoSolution {
                    path: path.to_owned(),
                    found: super::solutions_in(path),
                });
            }
            // What is wrong with a folder that is packed is wrong with one that is edited.
            let ours = Ours::new(path).map_err(TransferError::from)?;
            drop(SourceFolder::open(path, &ours, None, options)?);
            let include = |asked: &str| ours.why_not_listed(asked).is_none();
            let files = Package::open_files(path, options, &include)?;
            let is_managed = is_managed_folder(&PackageFolder::new(&files)).map_err(in_layout)?;
            return Ok(Self::of(path, Form::Folder, is_managed, files, options));
        }
        Self::unpacked(path, &Package::open(path, options)?, options)
    }

    /// The files that unpacking a package would write.
    fn unpacked(path: &Utf8Path, package: &Package, options: &OpenOptions) -> Result<Self, AuthorError> {
        let in_layout = |error| TransferError::Layout { label: path.to_string(), error };
        let archive = Archive::read(package).map_err(in_layout)?;
        let unpacked =
            layout::unpack(Archives::One(&archive), &UnpackOptions::default()).map_err(in_layout)?;
        let mut files = Vec::with_capacity(unpacked.parts.len());
        for part in &unpacked.parts {
            files.push((part.path().to_owned(), part.bytes().map_err(in_layout)?));
        }
        let files = Package::from_files(path.as_str(), files)?;
        Ok(Self::of(path, Form::Zip, archive.is_managed(), files, options))
    }

    /// The same solution with each row in the file that unpacking gives it; some folders keep rows in the customizations.
    ///
    /// # Errors
    /// When it cannot be packed.
    pub fn split(&self) -> Result<Self, AuthorError> {
        Self::unpacked(&self.path, &self.packed()?, &self.options)
    }

    fn of(path: &Utf8Path, form: Form, is_managed: bool, files: Package, options: &OpenOptions) -> Self {
        let kind = if is_managed { PackKind::Managed } else { PackKind::Unmanaged };
        Self {
            path: path.to_owned(),
            form,
            kind,
            files,
            options: options.clone(),
            lock: None,
            edits: BTreeMap::new(),
        }
    }

    /// What the user called it.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.form == Form::Folder
    }

    /// How a place in one of the files is called.
    pub fn place_of(&self, path: &str) -> String {
        match self.form {
            Form::Folder => format!("{}/{path}", self.path.as_str().trim_end_matches('/')),
            Form::Zip => format!("{}:{path}", self.path),
        }
    }

    /// The paths of all files, edits included, in byte order.
    pub fn paths(&self) -> Vec<String> {
        let there = self.files.entries().iter().map(|entry| &entry.path);
        let mut paths: Vec<String> =
            there.filter(|path| !self.edits.contains_key(&path.to_lowercase())).cloned().collect();
        paths.extend(self.edits.values().filter(|(_, bytes)| bytes.is_some()).map(|(path, _)| path.clone()));
        paths.sort_unstable();
        paths
    }

    /// The path as the solution spells it, where there is such a file.
    pub fn spelled(&self, path: &str) -> Option<String> {
        match self.edits.get(&path.to_lowercase()) {
            Some((path, Some(_))) => Some(path.clone()),
            Some((_, None)) => None,
            None => self.files.entry(path).map(|entry| entry.path.clone()),
        }
    }

    /// The bytes of a file; none when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, AuthorError> {
        match self.edits.get(&path.to_lowercase()) {
            Some((_, bytes)) => Ok(bytes.clone()),
            None => match self.files.entry(path) {
                Some(entry) => Ok(Some(self.files.read(entry)?)),
                None => Ok(None),
            },
        }
    }

    /// A file that must be there and be XML.
    ///
    /// # Errors
    /// When it is not.
    pub fn xml(&self, path: &str) -> Result<Document, AuthorError> {
        let bytes =
            self.read(path)?.ok_or_else(|| AuthorError::MissingFile { place: self.place_of(path) })?;
        Document::parse(bytes, &Limits::default())
            .map_err(|error| AuthorError::Xml { place: self.place_of(path), error })
    }

    /// Gives a file these bytes, whether it is there or not.
    pub fn put(&mut self, path: &str, bytes: Vec<u8>) {
        let spelled = self.spelled(path).unwrap_or_else(|| path.to_owned());
        self.edits.insert(path.to_lowercase(), (spelled, Some(bytes)));
    }

    /// Gives a file these bytes, and this spelling of its path.
    pub fn put_as(&mut self, path: &str, bytes: Vec<u8>) {
        self.edits.insert(path.to_lowercase(), (path.to_owned(), Some(bytes)));
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        if let Some(spelled) = self.spelled(path) {
            self.edits.insert(path.to_lowercase(), (spelled, None));
        }
    }

    /// The solution as these files give it, edits included. Places in it are those of an archive.
    ///
    /// # Errors
    /// When they give none.
    pub fn solution(&self) -> Result<Solution, AuthorError> {
        Ok(Solution::read(&self.packed()?)?)
    }

    fn packed(&self) -> Result<Package, AuthorError> {
        let view = self.view();
        let folder = Folder::read(&view).map_err(self.in_layout())?;
        let packed = layout::pack(&folder, &self.pack_options()).map_err(self.in_layout())?;
        let mut entries = Vec::with_capacity(packed.parts.len());
        for part in &packed.parts {
            entries.push((part.path().to_owned(), part.bytes().map_err(self.in_layout())?));
        }
        Ok(Package::from_files(self.path.as_str(), entries)?)
    }

    /// What the edits come to, without writing: files that get other bytes, by path.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn changes(&self) -> Result<Vec<Change>, AuthorError> {
        let mut changes = Vec::new();
        for (path, old, new) in self.differing()? {
            let kind = match (&old, new) {
                (None, _) => ChangeKind::Added,
                (Some(_), None) => ChangeKind::Deleted,
                (Some(_), Some(_)) => ChangeKind::Changed,
            };
            let (old_size, new_size) = (old.map(|old| old.len() as u64), new.map(|new| new.len() as u64));
            changes.push(Change { path: path.to_owned(), kind, old_size, new_size });
        }
        changes.sort_unstable();
        Ok(changes)
    }

    /// The files that get other bytes, with both: those of the folder, or the entries of the archive, as it is and as it
    /// would be written.
    pub(super) fn edited(&self) -> Result<Vec<EditedFile>, AuthorError> {
        if self.form == Form::Zip {
            return self.edited_entries();
        }
        let files = self.differing()?.into_iter().map(|(path, old, new)| EditedFile {
            file: self.place_of(path),
            old,
            new: new.map(<[u8]>::to_vec),
        });
        Ok(files.collect())
    }

    fn edited_entries(&self) -> Result<Vec<EditedFile>, AuthorError> {
        let mut edited = Vec::new();
        if self.differing()?.is_empty() {
            return Ok(edited);
        }
        let (old, new) = (Package::open(&self.path, &self.options)?, self.packed()?);
        let mut paths: Vec<&str> = old.entries().iter().map(|entry| entry.path.as_str()).collect();
        paths.extend(
            new.entries().iter().map(|entry| entry.path.as_str()).filter(|path| old.entry(path).is_none()),
        );
        paths.sort_unstable();
        for path in paths {
            let read = |package: &Package| package.entry(path).map(|entry| package.read(entry)).transpose();
            let (old, new) = (read(&old)?, read(&new)?);
            if old != new {
                edited.push(EditedFile { file: format!("{}:{path}", self.path), old, new });
            }
        }
        Ok(edited)
    }

    /// Path, bytes before and bytes now of each file that is not as it was.
    fn differing(&self) -> Result<Vec<Differing<'_>>, AuthorError> {
        let mut differing = Vec::new();
        for (path, new) in self.edits.values() {
            let old = match self.files.entry(path) {
                Some(entry) => Some(self.files.read(entry)?),
                None => None,
            };
            if old != *new {
                differing.push((path.as_str(), old, new.as_deref()));
            }
        }
        Ok(differing)
    }

    /// Writes the edits, all or none: into the folder, or as the archive that packing gives. Nothing is written where
    /// nothing changes.
    ///
    /// # Errors
    /// When it cannot be written; it is as before then.
    pub fn commit(mut self, archive: &ArchiveOptions) -> Result<Vec<Change>, AuthorError> {
        let changes = self.changes()?;
        if changes.is_empty() {
            return Ok(changes);
        }
        match (self.form, self.lock.take()) {
            (Form::Folder, Some(Lock::Folder(writer))) => self.write_folder(writer, &changes)?,
            (Form::Folder, _) => self.write_folder(FolderWriter::open(&self.path, false)?, &changes)?,
            (Form::Zip, Some(Lock::Archive(writer))) => self.write_archive(writer, archive)?,
            (Form::Zip, _) => {
                self.write_archive(ArchiveWriter::open(&self.path, archive.clobber)?, archive)?;
            }
        }
        Ok(changes)
    }

    fn write_folder(&self, writer: FolderWriter, changes: &[Change]) -> Result<(), AuthorError> {
        let parts: Vec<InMemory<'_, &[u8]>> = self
            .edits
            .values()
            .filter_map(|(path, bytes)| Some(InMemory { path, bytes: bytes.as_deref()? }))
            .collect();
        let is_touched = |asked: &str| {
            changes.iter().any(|change| match asked.strip_suffix('/') {
                Some(_) => change.path.starts_with(asked),
                None => change.path == asked,
            })
        };
        let options = FolderOptions {
            is_ours: &is_touched,
            allow_delete: true,
            clobber: false,
            eol: Eol::Crlf,
            dry_run: false,
        };
        writer.write(&PartSet::new(&parts)?, &options)?;
        Ok(())
    }

    fn write_archive(&self, writer: ArchiveWriter, options: &ArchiveOptions) -> Result<(), AuthorError> {
        let view = self.view();
        let folder = Folder::read(&view).map_err(self.in_layout())?;
        let packed = layout::pack(&folder, &self.pack_options()).map_err(self.in_layout())?;
        let parts: Vec<Packed<'_>> = packed.parts.into_iter().map(Packed).collect();
        writer.write(&parts, options)?;
        Ok(())
    }

    fn pack_options(&self) -> PackOptions {
        PackOptions { kind: self.kind, ..PackOptions::default() }
    }

    fn in_layout(&self) -> impl Fn(LayoutError) -> AuthorError + use<> {
        let label = self.path.to_string();
        move |error| TransferError::Layout { label: label.clone(), error }.into()
    }

    fn view(&self) -> View<'_> {
        let size = |path: &str| match self.edits.get(&path.to_lowercase()) {
            Some((_, bytes)) => bytes.as_ref().map_or(0, |bytes| bytes.len() as u64),
            None => self.files.entry(path).map_or(0, |entry| entry.size),
        };
        let files = self.paths().into_iter().map(|path| FolderFile { size: size(&path), path }).collect();
        View { edited: self, files }
    }
}

/// The files as pack reads them.
struct View<'e> {
    edited: &'e SolutionFiles,
    files: Vec<FolderFile>,
}

impl FolderView for View<'_> {
    fn label(&self) -> &str {
        self.edited.path.as_str()
    }

    fn files(&self) -> &[FolderFile] {
        &self.files
    }

    fn read(&self, file: usize) -> Result<Vec<u8>, LayoutError> {
        let path = &self.files[file].path;
        match self.edited.edits.get(&path.to_lowercase()) {
            Some((_, bytes)) => Ok(bytes.clone().unwrap_or_default()),
            None => match self.edited.files.entry(path) {
                Some(entry) => Ok(self.edited.files.read(entry)?),
                None => Ok(Vec::new()),
            },
        }
    }
}

/// An entry of the archive that is written.
struct Packed<'e>(layout::Part<'e>);

impl write::Part for Packed<'_> {
    fn path(&self) -> &str {
        self.0.path()
    }

    fn size(&self) -> Option<u64> {
        self.0.size()
    }

    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
        self.0.write_to(out).map_err(|error| match error {
            LayoutError::Write(error) => error.into(),
            other => other.into(),
        })
    }
}
