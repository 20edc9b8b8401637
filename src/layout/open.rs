//! A folder in the packager's layout as a package: what every command reads, with places in the user's own files.

use std::collections::BTreeSet;
use std::sync::Arc;

use camino::Utf8Path;

use super::folder::{FolderView, PackageFolder};
use super::part::Content;
use super::rules::{CONTENT_TYPES, SOLUTION};
use super::{Folder, LayoutError, PackKind, PackOptions, pack};
use crate::package::{AssembledContent, AssembledEntry, OpenOptions, Origins, OwnFiles, Package};
use crate::xml::Document;

/// Opens a folder in the packager's layout. `include` says which files are the solution's (as for
/// [`Package::open_files`]); `kind` says which half of a folder of both packages is read, by default the unmanaged one.
///
/// # Errors
/// When it cannot be packed.
pub fn open_folder(
    path: &Utf8Path,
    kind: Option<PackKind>,
    include: &(dyn Fn(&str) -> bool + Sync),
    options: &OpenOptions,
) -> Result<Package, LayoutError> {
    let files = Package::open_files(path, options, include)?;
    let (entries, used) = assembled(path, kind, &files)?;
    Ok(Package::assemble(path.as_str(), entries, options)?.with_own_files(OwnFiles { files, used }))
}

/// The entries of the archive that the files give, and which of them are in it.
fn assembled(
    path: &Utf8Path,
    kind: Option<PackKind>,
    files: &Package,
) -> Result<(Vec<AssembledEntry>, BTreeSet<String>), LayoutError> {
    let view = PackageFolder::new(files);
    let folder = Folder::read(&view)?;
    let kind = match kind {
        Some(kind) => kind,
        None if folder.managed_digit() == Some(1) => PackKind::Managed,
        None => PackKind::Unmanaged,
    };
    let packed = pack(&folder, &PackOptions { kind, ..PackOptions::default() })?;
    let mut entries = Vec::with_capacity(packed.parts.len());
    let mut used = BTreeSet::from([folder.manifest_path.clone(), folder.customizations_path.clone()]);
    for part in packed.parts {
        let entry_path = part.path().to_owned();
        let (file, content) = match &part.content {
            Content::File { file, .. } => {
                let file = &view.files()[*file];
                used.insert(file.path.clone());
                (file.path.clone(), AssembledContent::File(path.join(&file.path), file.size))
            }
            Content::Assembly(assembly) => {
                let mut bytes = Vec::new();
                let trace = assembly.write_traced(&mut bytes)?;
                used.extend(trace.files.iter().cloned());
                let label = path.as_str().trim_end_matches('/');
                let named = trace.files.iter().map(|file| Arc::from(format!("{label}/{file}"))).collect();
                let origins = Origins::new(named, trace.points);
                (folder.customizations_path.clone(), AssembledContent::Made(bytes, Some(origins)))
            }
            _ if entry_path == SOLUTION.0 => (folder.manifest_path.clone(), manifest(&folder.manifest, kind)),
            _ => (CONTENT_TYPES.to_owned(), AssembledContent::Made(part.bytes()?, None)),
        };
        entries.push(AssembledEntry { path: entry_path, file, content });
    }
    Ok((entries, used))
}

/// The user's own manifest, byte for byte but for the digit, so that places in it are right.
fn manifest(document: &Arc<Document>, kind: PackKind) -> AssembledContent {
    let wanted = if kind == PackKind::Managed { b'1' } else { b'0' };
    let digit = super::archive::managed_digit(document).map(|digit| digit.inner_range());
    match digit.filter(|digit| digit.len() == 1) {
        Some(digit) if document.bytes()[digit.start] != wanted => {
            let mut bytes = document.bytes().to_vec();
            bytes[digit.start] = wanted;
            AssembledContent::Made(bytes, None)
        }
        _ => AssembledContent::Parsed(document.clone()),
    }
}
