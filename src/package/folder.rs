//! Folders that are one solution.
//!
//! Finding them is the matter of `find.rs`. Read [`open`] first.

use std::io::Read;

use camino::{Utf8Path, Utf8PathBuf};
use walkdir::WalkDir;

use super::collisions::{Name, NameIndex};
use super::limits::Sizes;
use super::{
    Content, Entry, Form, LimitFault, NameFault, OpenOptions, Origin, Package, PackageError, Warning, names,
};

/// What a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `solution.xml` and `customizations.xml` are side by side in it.
    Solution,
    /// It is in the layout of the packager, known by [`PACKAGER_MANIFEST`].
    Packager,
    Other,
}

/// The manifest in the layout of the packager.
const PACKAGER_MANIFEST: [&str; 2] = ["Other", "Solution.xml"];

/// The repository that lies beside a solution is none of it.
pub(super) const GIT: &str = ".git";

/// A file is checked in pieces of this size.
const PIECE: usize = 64 << 10;

/// Looks what a folder is. Names are compared without case; links are not followed.
pub(super) fn kind(path: &Utf8Path) -> Result<Kind, PackageError> {
    let mut holds = [false; 2];
    let mut manifest_folder = None;
    for child in fs_err::read_dir(path)? {
        let child = child?;
        let name = child.file_name();
        let file_type = child.file_type()?;
        for (holds, wanted) in holds.iter_mut().zip(["solution.xml", "customizations.xml"]) {
            *holds |= file_type.is_file() && name.eq_ignore_ascii_case(wanted);
        }
        if file_type.is_dir() && name.eq_ignore_ascii_case(PACKAGER_MANIFEST[0]) {
            manifest_folder = Some(child.path());
        }
    }
    if holds == [true, true] {
        return Ok(Kind::Solution);
    }
    if let Some(folder) = manifest_folder {
        for child in fs_err::read_dir(folder)? {
            let child = child?;
            if child.file_name().eq_ignore_ascii_case(PACKAGER_MANIFEST[1]) && child.file_type()?.is_file() {
                return Ok(Kind::Packager);
            }
        }
    }
    Ok(Kind::Other)
}

/// Opens a folder that is one solution.
pub(super) fn open(path: &Utf8Path, options: &OpenOptions) -> Result<Package, PackageError> {
    refuse_others(path)?;
    open_files(path, options, &|_| true)
}

fn refuse_others(path: &Utf8Path) -> Result<(), PackageError> {
    match kind(path)? {
        Kind::Solution => {}
        Kind::Packager => {
            return Err(PackageError::PackagerFolder {
                path: path.to_owned(),
                manifest: "Other/Solution.xml",
            });
        }
        Kind::Other => return Err(PackageError::NoSolution { path: path.to_owned() }),
    }
    Ok(())
}

/// Opens the files of a folder, whatever they are, but for those that `include` leaves out. It is asked about folders
/// too, with `/` at the end.
pub(super) fn open_files(
    path: &Utf8Path,
    options: &OpenOptions,
    include: &dyn Fn(&str) -> bool,
) -> Result<Package, PackageError> {
    let label = path.as_str();
    let name_fault = |entry: &str, fault: NameFault| PackageError::Name {
        label: label.to_owned(),
        entry: entry.to_owned(),
        fault,
    };
    let limit_fault = |entry: Option<&str>, fault: LimitFault| PackageError::Limit {
        label: label.to_owned(),
        entry: entry.map(str::to_owned),
        fault,
    };
    let limits = &options.limits;
    let mut entries = Vec::new();
    let mut walk = WalkDir::new(path).min_depth(1).follow_links(false).into_iter();
    while let Some(found) = walk.next() {
        let found = found.map_err(std::io::Error::from)?;
        let file_type = found.file_type();
        if found.file_name().eq_ignore_ascii_case(GIT) {
            if file_type.is_dir() {
                walk.skip_current_dir();
            }
            continue;
        }
        let file = unicode(found.path())?;
        let mut asked = inside(path, file);
        if file_type.is_dir() {
            asked.push('/');
        }
        if !include(&asked) {
            if file_type.is_dir() {
                walk.skip_current_dir();
            }
            continue;
        }
        if file_type.is_symlink() {
            return Err(PackageError::SymbolicLink { path: file.to_owned() });
        }
        if !file_type.is_dir() && !file_type.is_file() {
            return Err(PackageError::SpecialFile { path: file.to_owned() });
        }
        let relative = inside(path, file);
        names::check(&relative).map_err(|fault| name_fault(&relative, fault))?;
        if relative.len() > limits.name_bytes {
            let fault = LimitFault::Name { limit: limits.name_bytes, actual: relative.len() };
            return Err(limit_fault(Some(&relative), fault));
        }
        if file_type.is_dir() {
            continue;
        }
        if entries.len() == limits.entries {
            let fault = LimitFault::Entries { limit: limits.entries, actual: limits.entries as u64 + 1 };
            return Err(limit_fault(None, fault));
        }
        let size = found.metadata().map_err(std::io::Error::from)?.len();
        let content = Content::File(file.to_owned());
        entries.push(Entry { path: relative, size, compressed_size: size, crc32: None, content });
    }
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    let mut sizes = Sizes::default();
    for entry in &entries {
        sizes.add(entry.size, entry.size, limits).map_err(|fault| limit_fault(Some(&entry.path), fault))?;
    }
    sizes.finish(limits).map_err(|fault| limit_fault(None, fault))?;
    let of_entries: Vec<Name<'_>> =
        entries.iter().map(|entry| Name { path: &entry.path, is_folder: false }).collect();
    let (index, harmless) = NameIndex::new(&of_entries)
        .map_err(|collision| name_fault(&entries[collision.name].path, collision.fault))?;
    let harmless = harmless.into_iter().map(|harmless| (&*entries[harmless.name].path, harmless.fault));
    let warnings = Warning::of_names(label, harmless, options.strict)?.into_iter().collect();
    Ok(Package {
        label: label.to_owned(),
        form: Form::Folder,
        entries,
        index,
        warnings,
        origin: Origin::Folder,
    })
}

/// The path of a file below its folder, with `/`.
fn inside(folder: &Utf8Path, file: &Utf8Path) -> String {
    let relative = file.strip_prefix(folder).unwrap_or(file);
    relative.components().map(|part| part.as_str()).collect::<Vec<_>>().join("/")
}

/// A path that is Unicode.
pub(super) fn unicode(path: &std::path::Path) -> Result<&Utf8Path, PackageError> {
    Utf8Path::from_path(path)
        .ok_or_else(|| PackageError::NotUnicode { lossy_path: path.to_string_lossy().into_owned() })
}

/// The content of a file that had `size` bytes when the folder was opened.
pub(super) fn read(path: &Utf8PathBuf, size: u64) -> Result<Vec<u8>, PackageError> {
    let mut bytes = Vec::new();
    fs_err::File::open(path)?.take(size.saturating_add(1)).read_to_end(&mut bytes)?;
    unchanged(path, size, bytes.len() as u64)?;
    Ok(bytes)
}

/// Reads a file to its end and keeps nothing.
pub(super) fn verify(path: &Utf8PathBuf, size: u64) -> Result<(), PackageError> {
    let mut file = fs_err::File::open(path)?.take(size.saturating_add(1));
    let mut piece = vec![0; PIECE];
    let mut length = 0;
    loop {
        match file.read(&mut piece) {
            Ok(0) => return unchanged(path, size, length),
            Ok(read) => length += read as u64,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn unchanged(path: &Utf8Path, expected: u64, actual: u64) -> Result<(), PackageError> {
    if actual != expected {
        return Err(PackageError::Changed { path: path.to_owned(), expected, actual });
    }
    Ok(())
}
