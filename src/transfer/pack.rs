//! A folder into one archive or two.

use camino::{Utf8Path, Utf8PathBuf};

use super::part::Writable;
use super::{SourceFolder, TransferError, findings};
use crate::layout::{self, Folder, FolderView, LayoutError, LineEnd, PackKind, PackOptions};
use crate::mapping::Reason;
use crate::model::Finding;
use crate::write::{ArchiveOptions, WriteError, inside, prepare_archive};

/// What is packed, where to and how.
pub struct PackRequest<'a> {
    /// The folder.
    pub folder: &'a SourceFolder,
    /// The archives, each with its type.
    pub targets: &'a [(Utf8PathBuf, PackKind)],
    /// Line ends of the XML that is written.
    pub line_end: LineEnd,
    /// Version that the manifest gets.
    pub version: Option<String>,
    /// Where a managed package has no twin of a form, app or site map, take the unmanaged one.
    pub use_unmanaged_for_missing_managed: bool,
    /// How the archives are written.
    pub archive: ArchiveOptions,
    /// Write nothing.
    pub dry_run: bool,
}

/// An archive that was written, or would be.
#[derive(Debug, Clone)]
pub struct Written {
    /// Where.
    pub path: Utf8PathBuf,
    /// Managed or not.
    pub managed: bool,
    /// Entries.
    pub entries: usize,
    /// Bytes of the archive; none when nothing was written.
    pub bytes: Option<u64>,
}

/// What was done, or would be done.
#[derive(Debug)]
pub struct PackSummary {
    /// The archives.
    pub written: Vec<Written>,
    /// The folder.
    pub folder: String,
    /// What lies in the folder and was not packed, with the reason; folders with `/` at the end.
    pub left_alone: Vec<(String, Reason)>,
    /// Files that a map file says to read from elsewhere, and where.
    pub mapped: Vec<(String, Utf8PathBuf)>,
    /// What should be said of the folder.
    pub findings: Vec<Finding>,
    /// Nothing was written, only listed.
    pub dry_run: bool,
}

/// Packs. Of two archives both are whole beside their places before the first takes its own.
///
/// # Errors
/// When the folder is not what it should be or an archive cannot be written; it is as before then. Should the system refuse
/// to put the second of two archives into its place, the first is the new one already.
pub fn pack(request: &PackRequest<'_>) -> Result<PackSummary, TransferError> {
    let source = request.folder;
    let label = source.label();
    let in_layout = |error| TransferError::Layout { label: label.to_owned(), error };
    let folder = Folder::read(request.folder).map_err(in_layout)?;
    let mut summary = PackSummary {
        written: Vec::new(),
        folder: label.to_owned(),
        left_alone: source.left_alone().iter().map(|(path, why)| (path.clone(), why.clone())).collect(),
        mapped: source.mapped().map(|(path, place)| (path.to_owned(), place.to_owned())).collect(),
        findings: source.findings().to_vec(),
        dry_run: request.dry_run,
    };
    let mut archives = Vec::new();
    for (path, kind) in request.targets {
        refuse_itself(path, request.folder)?;
        let options = PackOptions {
            kind: *kind,
            line_end: request.line_end,
            version: request.version.clone(),
            use_unmanaged_for_missing_managed: request.use_unmanaged_for_missing_managed,
        };
        let packed = layout::pack(&folder, &options).map_err(in_layout)?;
        for finding in findings(label, &packed.notes) {
            if !summary.findings.contains(&finding) {
                summary.findings.push(finding);
            }
        }
        let parts: Vec<Writable<'_>> = packed.parts.into_iter().map(Writable::Part).collect();
        archives.push((path, *kind, parts));
    }
    let mut ready = Vec::new();
    for (path, kind, parts) in archives {
        let managed = kind == PackKind::Managed;
        summary.written.push(Written { path: path.clone(), managed, entries: parts.len(), bytes: None });
        if request.dry_run {
            // What is made of the rows is seen only when they are read.
            for part in &parts {
                part.write_made(&mut std::io::sink()).map_err(in_layout)?;
            }
            continue;
        }
        let archive = prepare_archive(path, &parts, &request.archive);
        ready.push(archive.map_err(|error| of_folder(error, label))?);
    }
    for finding in findings(label, &folder.notes_of_writing()) {
        if !summary.findings.contains(&finding) {
            summary.findings.push(finding);
        }
    }
    for (archive, written) in ready.into_iter().zip(&mut summary.written) {
        written.bytes = Some(archive.commit()?.bytes);
    }
    Ok(summary)
}

/// What is wrong with the folder is told as that, though it was found while the archive was written.
fn of_folder(error: WriteError, label: &str) -> TransferError {
    match error {
        WriteError::Part { path, source } => match source.downcast::<LayoutError>() {
            Ok(error) => TransferError::Layout { label: label.to_owned(), error: *error },
            Err(source) => WriteError::Part { path, source }.into(),
        },
        error => error.into(),
    }
}

/// An archive that lies in the folder as one of its own files would hold itself the next time. What is not packed may lie
/// there: `bin/`, or what the user ignores.
fn refuse_itself(target: &Utf8Path, folder: &SourceFolder) -> Result<(), TransferError> {
    let input = Utf8Path::new(folder.label());
    match inside(target, input)? {
        Some(path) if folder.takes(&path) => {
            let (output, input) = (target.to_owned(), input.to_owned());
            Err(WriteError::OutputInsideInput { output, input }.into())
        }
        _ => Ok(()),
    }
}
