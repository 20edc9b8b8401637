//! What earlier runs made of archives: [`Records`].
//!
//! What unpacking makes of an archive depends on its bytes, on the options and on the program. A record says of one such run what
//! tells the files that it left in the folder from any others, and nothing else. Where a folder holds just these, all is there
//! already, and nothing has to be inflated to know it. Files are told by size and CRC-32, as an archive tells its entries: that
//! shows what changed, and not what was made to look alike.

use std::io::Read as _;
use std::time::UNIX_EPOCH;

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest as _, Sha256};

use super::UnpackRequest;
use crate::layout::Kind;
use crate::mapping::IGNORE_FILE;
use crate::text::hex;
use crate::write::{Content, Eol, create_file, inside};

/// Raised when a record means something else.
const FORM: u8 = 1;

/// Beyond so many the oldest go.
const MOST: usize = 1000;

/// A record has the place of its kind in this list.
const KINDS: [Kind; 3] = [Kind::Unmanaged, Kind::Managed, Kind::Both];

/// Bytes of a record: the kind, what tells the files, and a checksum.
const LENGTH: usize = 1 + 32 + 4;

/// Characters of the name of a record.
const NAME: usize = 64;

/// The records of this user, in a folder of their own.
#[derive(Debug)]
pub struct Records {
    folder: Utf8PathBuf,
    /// What tells this program from another.
    program: Vec<u8>,
}

impl Records {
    /// Those in `folder`, which need not be there, of what `program`, the file of the program that asks, made. None when it
    /// cannot be told from another program.
    pub fn new(folder: Utf8PathBuf, program: &std::path::Path) -> Option<Self> {
        let metadata = fs_err::metadata(program).ok()?;
        let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let mut facts = env!("CARGO_PKG_VERSION").as_bytes().to_vec();
        facts.extend(metadata.len().to_le_bytes());
        facts.extend(modified.as_nanos().to_le_bytes());
        // Programs that are installed as they were built may all have one time.
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            let moment = [metadata.ctime(), metadata.ctime_nsec()];
            facts.extend(metadata.ino().to_le_bytes());
            facts.extend(moment.into_iter().flat_map(i64::to_le_bytes));
        }
        Some(Self { folder, program: facts })
    }

    /// The record of a run that is asked for. None where what it makes depends on more than its archives and options.
    pub(super) fn of(&self, request: &UnpackRequest<'_>) -> Option<Record> {
        let has_rules = || request.target.join(IGNORE_FILE).symlink_metadata().is_ok();
        // What is kept in the folder itself would be taken for a part of it.
        let is_apart = || matches!(inside(&self.folder, request.target), Ok(None));
        if request.force || request.map.is_some() || has_rules() || !is_apart() {
            return None;
        }
        let mut key = Sha256::new();
        key.update([FORM, u8::from(request.as_packager), of_eol(request.eol)]);
        key.update(Sha256::digest(&self.program));
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

/// What is kept of one run.
#[derive(Debug)]
pub(super) struct Record {
    path: Utf8PathBuf,
}

impl Record {
    /// Which packages the folder held, and what told its files; none when there was no such run, or what is kept of it is damaged.
    pub(super) fn read(&self) -> Option<(Kind, Content)> {
        // Whatever else has that name is not opened: a pipe would never end.
        let is_one = |metadata: &std::fs::Metadata| metadata.is_file() && metadata.len() == LENGTH as u64;
        fs_err::metadata(&self.path).ok().filter(is_one)?;
        let mut bytes = Vec::with_capacity(LENGTH);
        fs_err::File::open(&self.path).ok()?.take(LENGTH as u64).read_to_end(&mut bytes).ok()?;
        let (bytes, sum) = bytes.split_last_chunk()?;
        let (kind, content) = bytes.split_first()?;
        if u32::from_le_bytes(*sum) != zlib_rs::crc32::crc32(0, bytes) {
            return None;
        }
        let kind = *KINDS.get(usize::from(*kind))?;
        Some((kind, Content(content.try_into().ok()?)))
    }

    /// Keeps it. That it cannot be kept is nobody's concern: the next run takes longer.
    pub(super) fn write(&self, kind: Kind, content: &Content) {
        if self.read() == Some((kind, *content)) {
            return;
        }
        let _ = fs_err::remove_file(&self.path);
        let Some(folder) = self.path.parent() else { return };
        let Some(kind) = KINDS.iter().position(|known| *known == kind) else { return };
        let mut bytes = [&[kind as u8], &content.0[..]].concat();
        bytes.extend(zlib_rs::crc32::crc32(0, &bytes).to_le_bytes());
        if fs_err::create_dir_all(folder).is_ok() && create_file(&self.path, &bytes).is_ok() {
            let _ = remove_oldest(folder);
        }
    }
}

fn remove_oldest(folder: &Utf8Path) -> std::io::Result<()> {
    // Whatever else somebody keeps there stays.
    let is_record = |path: &Utf8Path| {
        let name = path.file_name().unwrap_or_default();
        name.len() == NAME && name.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let files = folder.read_dir_utf8()?.flatten();
    let mut records: Vec<_> = files
        .filter(|file| is_record(file.path()))
        .filter_map(|file| {
            let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
            Some((metadata.modified().ok(), file.into_path()))
        })
        .collect();
    records.sort();
    for (_, path) in &records[..records.len().saturating_sub(MOST)] {
        // Another run may have removed it.
        let _ = fs_err::remove_file(path);
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
        let record = record(&folder, "x");
        record.write(Kind::Managed, &Content([7; 32]));
        let whole = fs_err::read(folder.join("x")).expect("there");
        let damaged = (0..whole.len()).map(|at| {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            bytes
        });
        let others = [vec![], whole[1..].to_vec(), [&whole[..], &[0]].concat(), vec![0; LENGTH]];
        for bytes in damaged.chain(others) {
            fs_err::write(folder.join("x"), &bytes).expect("written");
            assert_eq!(record.read(), None, "{bytes:?}");
        }
        record.write(Kind::Managed, &Content([7; 32]));
        assert_eq!(record.read(), Some((Kind::Managed, Content([7; 32]))));
    }

    #[test]
    fn there_are_never_many_and_nothing_else_goes() {
        let (_guard, folder) = folder();
        fs_err::create_dir_all(folder.join("0".repeat(NAME))).expect("made");
        fs_err::write(folder.join("notes"), "mine").expect("written");
        let name = |number: usize| format!("{number:064x}");
        for number in 1..MOST + 5 {
            record(&folder, &name(number)).write(Kind::Managed, &Content([0; 32]));
        }
        assert_eq!(fs_err::read_dir(&folder).expect("there").count(), MOST + 2);
        assert!(record(&folder, &name(MOST + 4)).read().is_some());
        assert!(folder.join("notes").exists());
    }
}
