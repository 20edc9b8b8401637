//! An archive as one stable text, within small limits: what `git diff` compares in its place.
//!
//! Read [`text`] first. How long it may take is watched by the caller, who can end the process.

use memchr::memchr_iter;
use sha2::{Digest, Sha256};

use super::Key;
use crate::diff::{canonical_marked, canonical_parts};
use crate::package::{ArchiveFault, Limits, OpenOptions, Package, PackageError};
use crate::text::hex;

/// Most bytes of an archive. The largest real ones have 20 MB.
pub const MOST_FILE_BYTES: u64 = 64 << 20;
/// Most seconds that one archive may take, and one merge.
pub const MOST_SECONDS: u64 = 20;
/// Most bytes of one entry, inflated, and of all, those in archives inside of it included. The largest real solution has 32 MB.
const MOST_ENTRY_BYTES: u64 = 64 << 20;
const MOST_BYTES: u64 = 128 << 20;
/// Most entries.
const MOST_ENTRIES: usize = 20_000;
/// Most pieces of markup in XML and JSON, each of which takes some 300 bytes of memory, 0.6 GB in all. The largest real solution has 1.1
/// million.
const MOST_PIECES: u64 = 2_000_000;
/// Levels of archives inside of the outer one.
const MOST_LEVELS: usize = 2;

/// The text of a solution or another archive. The error says in words why there is none.
///
/// # Errors
/// When it is no archive, is damaged, or over a limit.
pub fn text(bytes: Vec<u8>, key: Option<&Key>) -> Result<String, String> {
    if bytes.len() as u64 > MOST_FILE_BYTES {
        return Err(format!("{} bytes are over the limit of {MOST_FILE_BYTES}", bytes.len()));
    }
    if bytes.starts_with(LFS_POINTER) {
        return Err("a pointer of git-lfs, whose file is not here: git lfs pull".to_owned());
    }
    let mut left = Left { bytes: MOST_BYTES, pieces: MOST_PIECES };
    let options = OpenOptions { limits: left.limits(), ..OpenOptions::default() };
    let package = Package::from_bytes("archive", bytes.clone(), &options).map_err(|error| match error {
        // How it begins is not told: it may be anything. Its size and mark tell two of them apart.
        PackageError::Archive { fault: ArchiveFault::NotAZip { .. }, .. } => {
            format!("not a zip, {} bytes{}", bytes.len(), mark_of(&bytes, key))
        }
        error => reason(&error),
    })?;
    weigh(&package, 0, &mut left)?;
    let mark = |name: &str, text: &str| key.map(|key| key.mark(name, text)).unwrap_or_default();
    let is_solution = ["solution.xml", "customizations.xml"].iter().all(|path| package.entry(path).is_some());
    if is_solution {
        canonical_marked(&package, &mark).map_err(|error| error.to_string())
    } else {
        canonical_parts("archive", &bytes, &mark)
    }
}

/// How the file begins that git-lfs leaves in place of one that it has not fetched.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// The mark of a whole file.
fn mark_of(bytes: &[u8], key: Option<&Key>) -> String {
    let sum = hex(&Sha256::digest(bytes));
    key.map(|key| key.mark("file", &sum)).unwrap_or_default()
}

/// Why an archive is refused, without the option that raises a limit: git's call has none.
fn reason(error: &PackageError) -> String {
    match error {
        // A file inside of an archive.
        PackageError::Archive { fault: ArchiveFault::NotAZip { .. }, .. } => "not a zip".to_owned(),
        PackageError::Limit { .. } => {
            let words = error.to_string();
            words.rsplit_once(" (--").map_or(words.clone(), |(words, _)| words.to_owned())
        }
        error => error.to_string(),
    }
}

/// What an archive may still take.
struct Left {
    bytes: u64,
    pieces: u64,
}

impl Left {
    fn limits(&self) -> Limits {
        Limits {
            entries: MOST_ENTRIES,
            entry_bytes: MOST_ENTRY_BYTES.min(self.bytes),
            total_bytes: self.bytes,
            archive_bytes: MOST_FILE_BYTES,
            ..Limits::default()
        }
    }
}

/// Inflates all entries, one at a time, and counts what reading them would take.
fn weigh(package: &Package, level: usize, left: &mut Left) -> Result<(), String> {
    for entry in package.entries() {
        let bytes = package.read(entry).map_err(|error| reason(&error))?;
        let too_much = |what: &str, most: u64| format!("over the limit of {most} {what}");
        left.bytes = left
            .bytes
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| too_much("bytes inflated", MOST_BYTES))?;
        let lower = entry.path.to_ascii_lowercase();
        if [".xml", ".xaml", ".json"].iter().any(|ending| lower.ends_with(ending)) {
            let pieces: usize = b"<={[,:".iter().map(|piece| memchr_iter(*piece, &bytes).count()).sum();
            left.pieces = left
                .pieces
                .checked_sub(pieces as u64)
                .ok_or_else(|| too_much("pieces of markup", MOST_PIECES))?;
        } else if bytes.starts_with(b"PK") && level < MOST_LEVELS {
            let options = OpenOptions { limits: left.limits(), ..OpenOptions::default() };
            // One that cannot be opened is compared as bytes, unless it would be opened with larger limits.
            let larger = OpenOptions::default();
            match Package::from_bytes("archive", bytes.clone(), &options) {
                Ok(inner) => weigh(&inner, level + 1, left)?,
                Err(error) if Package::from_bytes("archive", bytes, &larger).is_ok() => {
                    return Err(reason(&error));
                }
                Err(_) => {}
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_archive_is_not_readable() {
        assert!(text(b"text".to_vec(), None).is_err());
        assert!(text(Vec::new(), None).is_err());
    }

    #[test]
    fn a_refusal_says_nothing_of_what_the_file_says() {
        let told = |bytes: &[u8], key: Option<&Key>| text(bytes.to_vec(), key).unwrap_err();
        assert_eq!(told(b"hunter2 is the password", None), "not a zip, 23 bytes");
        // Two that differ are told apart.
        let key = Key::new(&[7; crate::git::KEY_BYTES]).unwrap();
        let [one, other] = [&b"hunter2"[..], b"hunter3"].map(|bytes| told(bytes, Some(&key)));
        assert!(one != other && one.starts_with("not a zip, 7 bytes #"), "{one} {other}");
        let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n";
        assert!(text(pointer.to_vec(), None).is_err_and(|reason| reason.contains("git lfs pull")));
    }
}
