//! The file of a store: made whole or not at all, readable by its owner alone, and opened with care, since it may come from
//! anywhere.

use std::io::Read;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::lock::Lock;
use super::{StoreError, schema};

/// An environment of 20,000 components is some 30 MB.
const MOST_BYTES: u64 = 4 << 30;
/// The longest text or row: a flow has a few kilobytes here.
const MOST_BYTES_OF_ROW: i32 = 64 << 20;
/// Our statements are short.
const MOST_BYTES_OF_STATEMENT: i32 = 100_000;
/// How long SQLite waits for a program that does not know our lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// What SQLite keeps beside the file.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Makes a store: under another name, filled, synced, then renamed.
pub(super) fn create(
    path: &Utf8Path,
    label: &str,
    fill: impl FnOnce(&mut Connection) -> rusqlite::Result<()>,
) -> Result<(), StoreError> {
    let exists = || StoreError::Exists { label: label.to_owned() };
    match refuse_other_kinds(path) {
        Err(StoreError::NotFound { .. }) => {}
        Ok(_) => return Err(exists()),
        Err(error) => return Err(error),
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_str().is_empty() => folder,
        _ => Utf8Path::new("."),
    };
    make_folder(folder)?;
    sweep(folder);
    let name = path.file_name().ok_or_else(exists)?;
    // Whoever sweeps meanwhile sees that this one is at work.
    let lock = Lock::acquire(path, label)?;
    let made = make(path, label, folder, name, fill);
    lock.remove();
    made
}

/// Before the name of the store in the name of the folder in which it is made.
const ASIDE: &str = ".solship-";

/// Takes away what runs left behind that were killed while they made a store. What cannot be taken away does no harm.
fn sweep(folder: &Utf8Path) {
    let Ok(entries) = folder.read_dir_utf8() else { return };
    for entry in entries.flatten() {
        let store = entry.file_name().strip_prefix(ASIDE).and_then(|name| name.rsplit_once('-'));
        let Some((store, _)) = store.filter(|(store, _)| store.ends_with(".db")) else { continue };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if let Some(lock) = is_folder.then(|| Lock::at_once(&folder.join(store))).flatten() {
            let _ = fs_err::remove_dir_all(entry.path());
            lock.remove();
        }
    }
}

fn make(
    path: &Utf8Path,
    label: &str,
    folder: &Utf8Path,
    name: &str,
    fill: impl FnOnce(&mut Connection) -> rusqlite::Result<()>,
) -> Result<(), StoreError> {
    let exists = || StoreError::Exists { label: label.to_owned() };
    // What SQLite puts beside the temporary file goes with the folder around it.
    let aside = tempfile::Builder::new().prefix(&format!("{ASIDE}{name}-")).tempdir_in(folder)?;
    let made = Utf8Path::from_path(aside.path()).ok_or_else(exists)?.join("new.db");
    new_file(&made)?;
    let failed = |error| StoreError::sqlite(path, error);
    let mut connection = connect(&made).map_err(failed)?;
    schema::begin(&connection).map_err(failed)?;
    schema::migrate(&mut connection).map_err(failed)?;
    fill(&mut connection).map_err(failed)?;
    connection.close().map_err(|(_, error)| failed(error))?;
    fs_err::OpenOptions::new().write(true).open(&made)?.sync_all()?;
    // Nobody else's file is replaced, even if it came in between.
    match tempfile::TempPath::try_from_path(&made)?.persist_noclobber(path) {
        Ok(()) => {}
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => return Err(exists()),
        Err(error) => return Err(error.error.into()),
    }
    sync_folder(folder);
    Ok(())
}

/// Opens a store that is there.
pub(super) fn open(path: &Utf8Path) -> Result<Connection, StoreError> {
    let bytes = refuse_other_kinds(path)?;
    // What lies beside it is read and written as well.
    for ending in BESIDE.iter().chain(&["-journal"]) {
        let beside = Utf8PathBuf::from(format!("{path}{ending}"));
        if beside.is_symlink() {
            return Err(StoreError::SymbolicLink { path: beside });
        }
    }
    if bytes > MOST_BYTES {
        return Err(StoreError::TooLarge { path: path.to_owned(), bytes, limit: MOST_BYTES });
    }
    connect(path).map_err(|error| StoreError::sqlite(path, error))
}

/// Whether the first bytes are those of a store, however little is left of the rest: a file of SQLite says at this place whose it is.
pub(super) fn begins_as_ours(path: &Utf8Path) -> Result<bool, StoreError> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    const APPLICATION_AT: u64 = 68;
    let mut header = Vec::new();
    fs_err::File::open(path)?.take(APPLICATION_AT + 4).read_to_end(&mut header)?;
    Ok(header.starts_with(MAGIC) && header.ends_with(&schema::APPLICATION.to_be_bytes()[4..]))
}

/// Refuses what is no file of its own, and gives its size.
pub(super) fn refuse_other_kinds(path: &Utf8Path) -> Result<u64, StoreError> {
    let metadata = match fs_err::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(StoreError::NotFound { label: path.to_string() });
        }
        metadata => metadata?,
    };
    if metadata.is_symlink() {
        return Err(StoreError::SymbolicLink { path: path.to_owned() });
    }
    if !metadata.is_file() {
        return Err(StoreError::NotAFile { path: path.to_owned() });
    }
    Ok(metadata.len())
}

/// Removes a store and what SQLite keeps beside it.
pub(super) fn delete(path: &Utf8Path) -> Result<(), StoreError> {
    fs_err::remove_file(path)?;
    for ending in BESIDE.iter().chain(&["-journal"]) {
        match fs_err::remove_file(format!("{path}{ending}")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Connects to a file that is there, and trusts nothing in it.
fn connect(path: &Utf8Path) -> rusqlite::Result<Connection> {
    // Not NOFOLLOW: it refuses a link in any folder above, too.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    harden(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A change that was told to be done stays done, also when the power fails.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// A file may be made to harm whoever opens it: views and triggers that run what they like, rows without end.
pub(super) fn harden(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MOST_BYTES_OF_ROW)?;
    connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, MOST_BYTES_OF_STATEMENT)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    Ok(())
}

/// A file that is readable by its owner alone from the first moment; SQLite gives what it puts beside it the same mode.
fn new_file(path: &Utf8Path) -> std::io::Result<()> {
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map(drop)
}

/// The folder and those above it, for their owner alone where they are new.
fn make_folder(folder: &Utf8Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has a mode to set"))]
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let missing: Vec<&Utf8Path> =
        folder.ancestors().take_while(|path| !path.as_str().is_empty() && !path.exists()).collect();
    for folder in missing.into_iter().rev() {
        match builder.create(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(std::io::Error::new(error.kind(), format!("{folder}: {error}")));
            }
            _ => {}
        }
    }
    Ok(())
}

/// So that the name of a new file outlives a power failure; where the system cannot, the file is there all the same.
fn sync_folder(folder: &Utf8Path) {
    if let Ok(folder) = fs_err::File::open(folder) {
        let _ = folder.sync_all();
    }
}
