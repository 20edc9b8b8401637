//! The tables of a store, and how those of an earlier version become those of the latest.

use camino::Utf8Path;
use rusqlite::Connection;

use super::{StoreError, file};

/// The number by which SQLite files of solship are known: `sols`.
pub(super) const APPLICATION: i64 = 0x736f_6c73;

/// Each step makes the tables of the next version. A step that was released is never changed.
///
/// Bodies are JSON; the texts of variables stand apart from them, so that no body ever holds one.
const STEPS: &[&str] = &["
    CREATE TABLE environment (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        generation INTEGER NOT NULL
    ) STRICT;
    INSERT INTO environment (id, generation) VALUES (1, 0);
    CREATE TABLE solution (
        name TEXT PRIMARY KEY,
        body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE component (
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        spelling TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (type, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE component_text (
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        layer INTEGER NOT NULL,
        what TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (type, key, layer, what),
        FOREIGN KEY (type, key) REFERENCES component (type, key) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE value (
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        spelling TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (type, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE value_text (
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (type, key),
        FOREIGN KEY (type, key) REFERENCES value (type, key) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE binding (
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        spelling TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (type, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE flow (
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        spelling TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (type, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE connection (
        id TEXT PRIMARY KEY,
        body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE share (
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        spelling TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (type, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE log (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL,
        words TEXT NOT NULL,
        solution TEXT,
        sha256 TEXT
    ) STRICT;
", "
    UPDATE OR IGNORE connection
        SET id = substr(id, 1, 8) || '-' || substr(id, 9, 4) || '-' || substr(id, 13, 4) || '-' || substr(id, 17, 4) || '-'
            || substr(id, 21)
        WHERE length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*';
", "
    ALTER TABLE environment ADD COLUMN records INTEGER;
", "
    ALTER TABLE log ADD COLUMN content TEXT;
"];

/// The version of tables that is written.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// Marks a new file as ours.
pub(super) fn begin(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", APPLICATION)
}

/// The version of the tables; refused when the file is not ours or of a later version.
pub(super) fn version(path: &Utf8Path, connection: &Connection) -> Result<i64, StoreError> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let failed = |error| StoreError::sqlite(path, error);
    if number("application_id").map_err(failed)? != APPLICATION {
        return Err(StoreError::NotAStore { path: path.to_owned() });
    }
    let found = number("user_version").map_err(failed)?;
    if found > VERSION {
        return Err(StoreError::Later { path: path.to_owned(), found, known: VERSION });
    }
    if found < 0 {
        return Err(StoreError::NotAStore { path: path.to_owned() });
    }
    Ok(found)
}

/// Takes the steps that are not taken yet, each whole.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    loop {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let Some(step) = usize::try_from(version).ok().and_then(|version| STEPS.get(version)) else {
            return Ok(());
        };
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", version + 1)?;
        transaction.commit()?;
    }
}

/// Refuses a file whose tables are not exactly those that the steps make: with others our statements might do something
/// else than they say.
pub(super) fn refuse_foreign(path: &Utf8Path, connection: &Connection) -> Result<(), StoreError> {
    let failed = |error| StoreError::sqlite(path, error);
    let expected = || -> rusqlite::Result<Vec<Row>> {
        let mut right = Connection::open_in_memory()?;
        file::harden(&right)?;
        migrate(&mut right)?;
        tables(&right)
    };
    if tables(connection).map_err(failed)? != expected().map_err(failed)? {
        return Err(StoreError::Damaged {
            path: path.to_owned(),
            table: "sqlite_schema",
            fault: "the tables are not those of an environment".to_owned(),
        });
    }
    Ok(())
}

/// Kind, name, table, statement.
type Row = (String, String, String, Option<String>);

fn tables(connection: &Connection) -> rusqlite::Result<Vec<Row>> {
    // One more than we have is enough to be refused for it.
    let mut statement =
        connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2 LIMIT 100")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    rows.collect()
}
