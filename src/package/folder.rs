//! Folders that are one solution.
//!
//! Finding them is the matter of `find.rs`. Read [`open`] first.

use std::io::Read;
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::collisions::{Name, NameIndex};
use super::limits::Sizes;
use super::{Content, Entry, Form, LimitFault, OpenOptions, Origin, Package, PackageError, Warning, names};

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

/// Room for so many bytes is made on the word of the file's size alone.
const FIRST_ROOM: u64 = 16 << 20;

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

/// A file of a folder.
#[derive(Debug, Clone)]
pub(super) struct OnDisk {
    pub(super) path: Utf8PathBuf,
    /// When it was written last; none where the system does not say.
    pub(super) modified: Option<SystemTime>,
}

/// Opens the files of a folder, whatever they are, but for those that `include` leaves out. It is asked about folders
/// too, with `/` at the end.
pub(super) fn open_files(
    path: &Utf8Path,
    options: &OpenOptions,
    include: &(dyn Fn(&str) -> bool + Sync),
) -> Result<Package, PackageError> {
    let label = path.as_str();
    let limit_fault = |entry: Option<&str>, fault: LimitFault| PackageError::Limit {
        label: label.to_owned(),
        entry: entry.map(str::to_owned),
        fault,
    };
    let limits = &options.limits;
    let mut entries = Vec::new();
    let mut pending = vec![String::new()];
    while !pending.is_empty() {
        // One level after the other, the folders of each on all threads.
        let read = |folder: &String| Children::read(path, folder, options, include);
        let level: Vec<_> = pending.par_iter().map(read).collect();
        pending.clear();
        for children in level {
            let mut children = children?;
            pending.append(&mut children.folders);
            entries.append(&mut children.files);
            if entries.len() > limits.entries {
                let fault = LimitFault::Entries { limit: limits.entries, actual: limits.entries as u64 + 1 };
                return Err(limit_fault(None, fault));
            }
        }
    }
    entries.par_sort_unstable_by(|one, other| one.path.cmp(&other.path));
    let mut sizes = Sizes::default();
    for entry in &entries {
        sizes.add(entry.size, entry.size, limits).map_err(|fault| limit_fault(Some(&entry.path), fault))?;
    }
    sizes.finish(limits).map_err(|fault| limit_fault(None, fault))?;
    of_entries(label, entries, options)
}

/// What is directly in one folder.
#[derive(Debug, Default)]
struct Children {
    files: Vec<Entry>,
    /// By their paths below the folder that is opened.
    folders: Vec<String>,
}

impl Children {
    fn read(
        root: &Utf8Path,
        folder: &str,
        options: &OpenOptions,
        include: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Self, PackageError> {
        let label = || root.as_str().to_owned();
        let limit = options.limits.name_bytes;
        let mut children = Self::default();
        for child in fs_err::read_dir(root.join(folder))? {
            let child = child?;
            let kind = child.file_type()?;
            let name = child.file_name();
            if name.eq_ignore_ascii_case(GIT) {
                continue;
            }
            let Some(name) = name.to_str() else { return Err(not_unicode(&child.path())) };
            let separator = if folder.is_empty() { "" } else { "/" };
            let folder_sign = if kind.is_dir() { "/" } else { "" };
            let mut relative = format!("{folder}{separator}{name}{folder_sign}");
            if !include(&relative) {
                continue;
            }
            relative.truncate(relative.len() - folder_sign.len());
            if kind.is_symlink() {
                return Err(PackageError::SymbolicLink { path: root.join(relative) });
            }
            if !kind.is_dir() && !kind.is_file() {
                return Err(PackageError::SpecialFile { path: root.join(relative) });
            }
            if let Err(fault) = names::check(&relative) {
                return Err(PackageError::Name { label: label(), entry: relative, fault });
            }
            if relative.len() > limit {
                let fault = LimitFault::Name { limit, actual: relative.len() };
                return Err(PackageError::Limit { label: label(), entry: Some(relative), fault });
            }
            if kind.is_dir() {
                children.folders.push(relative);
                continue;
            }
            let metadata = child.metadata()?;
            let size = metadata.len();
            let on_disk = OnDisk { path: root.join(&relative), modified: metadata.modified().ok() };
            let content = Content::File(on_disk);
            children.files.push(Entry {
                path: relative,
                size,
                compressed_size: size,
                crc32: None,
                file: None,
                content,
            });
        }
        Ok(children)
    }
}

/// A package of these files, whose names do not get in each other's way.
pub(super) fn of_entries(
    label: &str,
    entries: Vec<Entry>,
    options: &OpenOptions,
) -> Result<Package, PackageError> {
    let names: Vec<Name<'_>> =
        entries.iter().map(|entry| Name { path: &entry.path, is_folder: false }).collect();
    let (index, harmless) = NameIndex::new(&names).map_err(|collision| PackageError::Name {
        label: label.to_owned(),
        entry: entries[collision.name].path.clone(),
        fault: collision.fault,
    })?;
    let harmless = harmless.into_iter().map(|harmless| (&*entries[harmless.name].path, harmless.fault));
    let warnings = Warning::of_names(label, harmless, options.strict)?.into_iter().collect();
    Ok(Package {
        label: label.to_owned(),
        form: Form::Folder,
        entries,
        index,
        warnings,
        origin: Origin::Folder,
        own_files: None,
    })
}

/// A path that is Unicode.
pub(super) fn unicode(path: &std::path::Path) -> Result<&Utf8Path, PackageError> {
    Utf8Path::from_path(path).ok_or_else(|| not_unicode(path))
}

fn not_unicode(path: &std::path::Path) -> PackageError {
    PackageError::NotUnicode { lossy_path: path.to_string_lossy().into_owned() }
}

/// The content of a file that had `size` bytes when the folder was opened, and when it was written last.
pub(super) fn read(file: &OnDisk, size: u64) -> Result<(Vec<u8>, Option<SystemTime>), PackageError> {
    let path = &file.path;
    let file = fs_err::File::open(path)?;
    // One byte more, so that the end shows without another room.
    let mut bytes = Vec::with_capacity(size.min(FIRST_ROOM) as usize + 1);
    (&file).take(size.saturating_add(1)).read_to_end(&mut bytes)?;
    unchanged(path, size, bytes.len() as u64)?;
    Ok((bytes, file.metadata()?.modified().ok()))
}

/// Reads a file to its end and keeps nothing.
pub(super) fn verify(file: &OnDisk, size: u64) -> Result<(), PackageError> {
    let path = &file.path;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::testing::Folder;
    use crate::package::{Limits, NameFault};

    fn open(folder: &Folder) -> Result<Package, PackageError> {
        Package::open(folder.path(), &OpenOptions::default())
    }

    #[test]
    fn files_come_in_the_order_of_their_paths() {
        let folder =
            Folder::solution().file("a/b", "1").file("a.b", "22").file("Z", "").file(".git/config", "");
        let package = open(&folder).expect("a solution");
        let files: Vec<_> = package.entries().iter().map(|entry| (&*entry.path, entry.size)).collect();
        assert_eq!(files, [("Z", 0), ("a.b", 2), ("a/b", 1), ("customizations.xml", 4), ("solution.xml", 4)]);
        let entry = package.entry("A.B").expect("without case");
        assert_eq!(package.read(entry).expect("there"), b"22");
        assert_eq!(package.place_of("a/b"), folder.path().join("a/b").as_str());
        package.verify().expect("all there");
    }

    #[test]
    fn what_is_no_solution_is_said() {
        let kind_of = |folder: Folder| open(&folder).expect_err("no solution");
        assert!(matches!(kind_of(Folder::new()), PackageError::NoSolution { .. }));
        let half = Folder::new().file("solution.xml", "").file("customizations.xml/a", "");
        assert!(matches!(kind_of(half), PackageError::NoSolution { .. }));
        let packager = Folder::new().file("Other/Solution.xml", "").file("Other/Customizations.xml", "");
        assert!(matches!(kind_of(packager), PackageError::PackagerFolder { .. }));
        let missing = Folder::new().path().join("missing");
        let refused = Package::open(&missing, &OpenOptions::default());
        assert!(matches!(refused, Err(PackageError::NotFound { path }) if path == missing));
        let text = Folder::new().file("a.txt", "a text\nof two lines");
        let refused = Package::open(&text.path().join("a.txt"), &OpenOptions::default());
        let message = refused.expect_err("no zip").to_string();
        assert!(
            message.ends_with(
                "a.txt: not a zip: it begins with 61 20 74 65 78 74 0a 6f 66 20 74 77 6f 20 6c 69"
            )
        );
    }

    #[test]
    fn a_file_that_grows_or_shrinks_is_not_believed() {
        for content in ["<", "<aaaa/>"] {
            let folder = Folder::solution();
            let package = open(&folder).expect("a solution");
            let folder = folder.file("solution.xml", content);
            let entry = package.entry("solution.xml").expect("there");
            assert!(matches!(package.read(entry), Err(PackageError::Changed { expected: 4, .. })));
            assert!(matches!(package.verify(), Err(PackageError::Changed { expected: 4, .. })));
            drop(folder);
        }
    }

    #[test]
    fn limits_are_kept() {
        let folder = Folder::solution().file("a/b", "12345");
        let fault = |limits: Limits| match Package::open(
            folder.path(),
            &OpenOptions { limits, ..OpenOptions::default() },
        ) {
            Err(PackageError::Limit { fault, .. }) => fault,
            other => panic!("{other:?}"),
        };
        let standard = Limits::default;
        assert_eq!(fault(Limits { entries: 2, ..standard() }), LimitFault::Entries { limit: 2, actual: 3 });
        assert_eq!(fault(Limits { entry_bytes: 4, ..standard() }), LimitFault::Entry { limit: 4, actual: 5 });
        assert_eq!(
            fault(Limits { total_bytes: 12, ..standard() }),
            LimitFault::Total { limit: 12, actual: 13 }
        );
        assert!(matches!(fault(Limits { name_bytes: 2, ..standard() }), LimitFault::Name { limit: 2, .. }));
    }

    #[cfg(unix)]
    #[test]
    fn names_and_kinds_are_as_safe_as_in_a_zip() {
        let fault = |folder: Folder| open(&folder).expect_err("unsafe");
        let link = Folder::solution().link("a", "solution.xml");
        assert!(matches!(fault(link), PackageError::SymbolicLink { path } if path.ends_with("a")));
        for (name, is_expected) in [
            ("a\\b", (|fault| matches!(fault, NameFault::Forbidden { .. })) as fn(&NameFault) -> bool),
            ("ab:c", |fault| matches!(fault, NameFault::Forbidden { .. })),
            ("con.txt", |fault| matches!(fault, NameFault::Device { .. })),
            ("a\u{202e}b", |fault| matches!(fault, NameFault::Control { .. })),
            ("git~1/a", |fault| matches!(fault, NameFault::Git { .. })),
        ] {
            match fault(Folder::solution().file(name, "")) {
                PackageError::Name { fault, .. } => assert!(is_expected(&fault), "{name}: {fault}"),
                other => panic!("{name}: {other}"),
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_are_unicode_and_differ() {
        let raw = Folder::solution().raw_file(b"a\xff");
        assert!(matches!(open(&raw), Err(PackageError::NotUnicode { .. })));
        let same = Folder::solution().file("a/B", "").file("A/b", "");
        assert!(matches!(open(&same), Err(PackageError::Name { fault: NameFault::Same { .. }, .. })));
        let spelled = Folder::solution().file("a/b", "").file("A/c", "");
        assert_eq!(open(&spelled).expect("a warning").warnings().len(), 1);
        let strict = OpenOptions { strict: true, ..OpenOptions::default() };
        assert!(Package::open(spelled.path(), &strict).is_err());
    }
}
