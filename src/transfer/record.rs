//! What earlier runs made of archives: [`Records`].
//!
//! What unpacking makes of an archive depends on its bytes, on the options and on the program. A record says of one such run what
//! tells the files that it left in the folder from any others, and nothing else. Where a folder holds just these, all is there
//! already, and nothing has to be inflated to know it. A record that is missing, or of other files, costs no more than
//! reading the folder once.

use std::time::{SystemTime, UNIX_EPOCH};

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest as _, Sha256};

use super::UnpackRequest;
use crate::layout::Kind;
use crate::mapping::IGNORE_FILE;
use crate::package::Package;
use crate::text::hex;
use crate::write::{Content, Eol, create_file};

/// Raised when a record means something else.
const FORM: u8 = 1;

/// Beyond so many the oldest go.
const MOST: usize = 1000;

/// The records of this user, in a folder in which nothing else is.
#[derive(Debug)]
pub struct Records {
    folder: Utf8PathBuf,
    /// What tells this program from another.
    program: (u64, u128),
}

impl Records {
    /// Those in `folder`, which need not be there, of what `program`, the file of the program that asks, made. None when it
    /// cannot be told from another program.
    pub fn new(folder: Utf8PathBuf, program: &std::path::Path) -> Option<Self> {
        let metadata = fs_err::metadata(program).ok()?;
        let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Self { folder, program: (metadata.len(), modified.as_nanos()) })
    }

    /// The record of a run that is asked for. None where what it makes depends on more than its archives and options.
    pub(super) fn of(&self, request: &UnpackRequest<'_>) -> Option<Record> {
        let has_rules = || request.target.join(IGNORE_FILE).symlink_metadata().is_ok();
        if request.force || request.map.is_some() || has_rules() {
            return None;
        }
        let mut key = Sha256::new();
        key.update([FORM, u8::from(request.as_packager), of_eol(request.eol)]);
        key.update(self.program.0.to_le_bytes());
        key.update(self.program.1.to_le_bytes());
        for package in request.packages {
            key.update(package.archive_sum()?.ok()?);
        }
        Some(Record { path: self.folder.join(hex(&key.finalize())) })
    }
}

fn of_eol(eol: Eol) -> u8 {
    match eol {
        Eol::Auto => 0,
        Eol::Crlf => 1,
        Eol::Lf => 2,
    }
}

/// When the archives were written last, those that are files. One that is written anew while it is unpacked is not the one that
/// the folder holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Moments(Vec<Option<SystemTime>>);

impl Moments {
    pub(super) fn of(packages: &[Package]) -> Option<Self> {
        packages.iter().map(|package| package.archive_modified().ok()).collect::<Option<_>>().map(Self)
    }
}

/// What is kept of one run.
#[derive(Debug)]
pub(super) struct Record {
    path: Utf8PathBuf,
}

impl Record {
    /// Which packages the folder held, and what told its files; none when there was no such run.
    pub(super) fn read(&self) -> Option<(Kind, Content)> {
        let bytes = fs_err::read(&self.path).ok()?;
        let (kind, content) = bytes.split_first()?;
        let kind = match kind {
            0 => Kind::Unmanaged,
            1 => Kind::Managed,
            2 => Kind::Both,
            _ => return None,
        };
        Some((kind, Content(content.try_into().ok()?)))
    }

    /// Keeps it. That it cannot be kept is nobody's concern: the next run takes longer.
    pub(super) fn write(&self, kind: Kind, content: &Content) {
        if self.read() == Some((kind, *content)) {
            return;
        }
        let _ = fs_err::remove_file(&self.path);
        let Some(folder) = self.path.parent() else { return };
        let kind = match kind {
            Kind::Unmanaged => 0,
            Kind::Managed => 1,
            Kind::Both => 2,
        };
        let bytes = [&[kind], &content.0[..]].concat();
        if fs_err::create_dir_all(folder).is_ok() && create_file(&self.path, &bytes).is_ok() {
            let _ = remove_oldest(folder);
        }
    }
}

fn remove_oldest(folder: &Utf8Path) -> std::io::Result<()> {
    let records: Vec<_> = fs_err::read_dir(folder)?.flatten().collect();
    if records.len() <= MOST {
        return Ok(());
    }
    let modified =
        |record: &fs_err::DirEntry| record.metadata().and_then(|metadata| metadata.modified()).ok();
    let mut dated: Vec<_> = records.iter().map(|record| (modified(record), record.path())).collect();
    dated.sort();
    for (_, path) in &dated[..dated.len() - MOST] {
        fs_err::remove_file(path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let guard = tempfile::tempdir().expect("a folder");
        let path = Utf8Path::from_path(guard.path()).expect("UTF-8").join("cache/unpacked");
        (guard, path)
    }

    fn record(folder: &Utf8Path, name: &str) -> Record {
        Record { path: folder.join(name) }
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let (_guard, folder) = folder();
        for (name, kind) in [("u", Kind::Unmanaged), ("m", Kind::Managed), ("b", Kind::Both)] {
            let content = Content([7; 32]);
            let record = record(&folder, name);
            assert_eq!(record.read(), None);
            record.write(kind, &content);
            assert_eq!(record.read(), Some((kind, content)));
        }
    }

    #[test]
    fn what_is_no_record_says_nothing() {
        let (_guard, folder) = folder();
        fs_err::create_dir_all(&folder).expect("made");
        for bytes in [&b""[..], &[0; 32], &[0; 34], &[3; 33]] {
            fs_err::write(folder.join("x"), bytes).expect("written");
            assert_eq!(record(&folder, "x").read(), None, "{bytes:?}");
        }
    }

    #[test]
    fn there_are_never_many() {
        let (_guard, folder) = folder();
        for number in 0..MOST + 5 {
            record(&folder, &number.to_string()).write(Kind::Managed, &Content([0; 32]));
        }
        assert_eq!(fs_err::read_dir(&folder).expect("there").count(), MOST);
        assert!(record(&folder, &(MOST + 4).to_string()).read().is_some());
    }
}
