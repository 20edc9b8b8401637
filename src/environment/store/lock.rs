//! One process changes a store at a time: a lock of the system on a file beside it, which says who holds it.

use std::io::{Read, Seek, SeekFrom, Write};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::StoreError;
use crate::write::{LockedFile, WriteError};

/// So often is asked again whether the other process has ended, and so long is waited in between: five seconds.
const ATTEMPTS: usize = 100;
const PAUSE: Duration = Duration::from_millis(50);
/// A process id has no more digits.
const DIGITS: u64 = 20;

/// The lock; it ends with the process, however that ends.
#[derive(Debug)]
pub(super) struct Lock(LockedFile);

impl Lock {
    /// Waits for the lock of a store.
    pub(super) fn acquire(store: &Utf8Path, label: &str) -> Result<Self, StoreError> {
        let path = path_of(store);
        for attempt in 0..=ATTEMPTS {
            match LockedFile::acquire(&path, store) {
                Ok(mut locked) => {
                    // Who holds it is told to others; without that they wait all the same.
                    let file = &mut locked.file;
                    let _ = file
                        .set_len(0)
                        .and_then(|()| file.seek(SeekFrom::Start(0)))
                        .and_then(|_| write!(file, "{}", std::process::id()))
                        .and_then(|()| file.flush());
                    return Ok(Self(locked));
                }
                Err(WriteError::Locked { .. }) if attempt < ATTEMPTS => std::thread::sleep(PAUSE),
                Err(WriteError::Locked { .. }) => break,
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Locked { label: label.to_owned(), process: holder(&path) })
    }

    /// The lock of a store, if nobody holds it.
    pub(super) fn at_once(store: &Utf8Path) -> Option<Self> {
        LockedFile::acquire(&path_of(store), store).ok().map(Self)
    }

    /// Takes the file away, for a store that is gone.
    pub(super) fn remove(self) {
        // One that stays says nothing and does no harm.
        let _ = fs_err::remove_file(&self.0.path);
    }
}

/// The file of the lock: beside the store, and no environment itself.
pub(super) fn path_of(store: &Utf8Path) -> Utf8PathBuf {
    format!("{store}-lock").into()
}

/// The process that says of itself that it holds the lock.
fn holder(path: &Utf8Path) -> Option<u32> {
    let mut text = String::new();
    fs_err::File::open(path).ok()?.take(DIGITS).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
