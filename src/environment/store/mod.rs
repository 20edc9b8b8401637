//! An environment of our own, in one SQLite file.
//!
//! Read [`Store`] first. The whole state is in memory; a change runs there, and what it touched is written in one
//! transaction with its line of the log. `file` makes and opens the file, `schema` its tables, `records` its rows, `lock`
//! keeps other processes out.

mod error;
mod file;
mod lock;
mod records;
mod schema;

use camino::{Utf8Path, Utf8PathBuf};
use rusqlite::{Connection, TransactionBehavior};

pub use error::{SqliteFault, StoreError};

use super::contradiction::contradiction_after;
use super::{Environment, EnvironmentError, LogEntry, State, contradiction};
use lock::Lock;

/// An environment in one file, readable by its owner alone.
#[derive(Debug)]
pub struct Store {
    label: String,
    path: Utf8PathBuf,
    connection: Connection,
    state: State,
    /// Which state of the file is in memory: it is one higher after every change. None when memory cannot be relied on.
    generation: Option<u64>,
    /// Held over several changes.
    lock: Option<Lock>,
}

impl Store {
    /// Makes a new store that holds `state`, with a first line in its log. Folders on the way are made.
    ///
    /// # Errors
    /// When something is there already, or it cannot be written; then nothing is left of it.
    pub fn create(path: &Utf8Path, label: &str, state: &State, entry: &LogEntry) -> Result<Self, StoreError> {
        if let Some(fault) = contradiction(state) {
            return Err(StoreError::WouldContradict { label: label.to_owned(), fault });
        }
        file::create(path, label, |connection| {
            let transaction = connection.transaction()?;
            records::write_all(&transaction, state)?;
            records::write_log(&transaction, entry)?;
            transaction.commit()
        })?;
        Self::open(path, label)
    }

    /// Opens a store that is there, and brings one of an earlier version up.
    ///
    /// # Errors
    /// When it is none, is one of a later version, or cannot be read.
    pub fn open(path: &Utf8Path, label: &str) -> Result<Self, StoreError> {
        let mut connection = file::open(path)?;
        let version = schema::version(path, &connection)?;
        if version < schema::VERSION {
            let _lock = Lock::acquire(path, label)?;
            schema::migrate(&mut connection).map_err(|error| StoreError::sqlite(path, error))?;
        }
        schema::refuse_foreign(path, &connection)?;
        let mut store = Self {
            label: label.to_owned(),
            path: path.to_owned(),
            connection,
            state: State::default(),
            generation: None,
            lock: None,
        };
        store.reload()?;
        Ok(store)
    }

    /// Where it is.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Keeps other processes from changing it until this value is gone, and takes in what they changed before.
    ///
    /// # Errors
    /// When another process does not let go of it in time.
    pub fn hold(&mut self) -> Result<(), StoreError> {
        if self.lock.is_none() {
            self.lock = Some(Lock::acquire(&self.path, &self.label)?);
            if records::generation(&self.connection).ok() != self.generation {
                self.reload()?;
            }
        }
        Ok(())
    }

    /// The log, oldest first.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn log(&self) -> Result<Vec<LogEntry>, StoreError> {
        records::read_log(&self.path, &self.connection)
    }

    /// Whether [`Self::delete`] takes what is there for a store: where `is_ours`, its place says so, of a link too, which is then
    /// what is removed; elsewhere the beginning of the file has to.
    ///
    /// # Errors
    /// When nothing is there, or something else.
    pub fn refuse_to_delete(path: &Utf8Path, is_ours: bool) -> Result<(), StoreError> {
        match file::refuse_other_kinds(path) {
            Err(StoreError::SymbolicLink { .. }) if is_ours => return Ok(()),
            other => other?,
        };
        if !is_ours && !file::begins_as_ours(path)? {
            return Err(StoreError::NotAStore { path: path.to_owned() });
        }
        Ok(())
    }

    /// Removes a store with what belongs to it, whatever state it is in.
    ///
    /// # Errors
    /// As of [`Self::refuse_to_delete`], and when another process is at work on it or it cannot be removed.
    pub fn delete(path: &Utf8Path, label: &str, is_ours: bool) -> Result<(), StoreError> {
        Self::refuse_to_delete(path, is_ours)?;
        let lock = Lock::acquire(path, label)?;
        file::delete(path)?;
        lock.remove();
        Ok(())
    }

    /// Takes in what the file holds.
    fn reload(&mut self) -> Result<(), StoreError> {
        self.generation = None;
        // One transaction, so that everything is of one moment.
        let transaction = self.connection.unchecked_transaction().map_err(self.sqlite())?;
        let generation = records::generation(&transaction).map_err(self.sqlite())?;
        let state = records::read_all(&self.path, &transaction)?;
        drop(transaction);
        self.state = state;
        self.generation = Some(generation);
        Ok(())
    }

    fn sqlite(&self) -> impl Fn(rusqlite::Error) -> StoreError + use<> {
        let path = self.path.clone();
        move |error| StoreError::sqlite(&path, error)
    }

    fn write(
        &mut self,
        mut entry: LogEntry,
        edit: &mut dyn FnMut(&mut State, &mut LogEntry) -> Result<(), EnvironmentError>,
    ) -> Result<(), EnvironmentError> {
        let failed = self.sqlite();
        // Under our lock nobody else writes; what was written before it is taken in first.
        if Some(records::generation(&self.connection).map_err(&failed)?) != self.generation {
            self.reload()?;
        }
        edit(&mut self.state, &mut entry)?;
        let touched = self.state.take_touched();
        // What contradicts itself could never be opened again.
        if let Some(fault) = contradiction_after(&self.state, &touched) {
            return Err(StoreError::WouldContradict { label: self.label.clone(), fault }.into());
        }
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| StoreError::busy(&self.path, &self.label, error))?;
        // Somebody who does not know our lock may have written all the same.
        if Some(records::generation(&transaction).map_err(&failed)?) != self.generation {
            return Err(StoreError::Changed { label: self.label.clone() }.into());
        }
        records::write(&transaction, &self.state, &touched).map_err(&failed)?;
        records::write_log(&transaction, &entry).map_err(&failed)?;
        let generation = records::next_generation(&transaction).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        self.generation = Some(generation);
        Ok(())
    }
}

impl Environment for Store {
    fn label(&self) -> &str {
        &self.label
    }

    fn state(&self) -> &State {
        &self.state
    }

    fn change(
        &mut self,
        entry: LogEntry,
        edit: &mut dyn FnMut(&mut State, &mut LogEntry) -> Result<(), EnvironmentError>,
    ) -> Result<(), EnvironmentError> {
        let _lock = match self.lock {
            Some(_) => None,
            None => Some(Lock::acquire(&self.path, &self.label)?),
        };
        self.write(entry, edit).inspect_err(|_| {
            // What the edit did before it failed is only in memory. If the file cannot be read now, the next change
            // finds out: it reads it first.
            if self.reload().is_err() {
                self.state = State::default();
            }
        })
    }
}
