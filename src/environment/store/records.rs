//! Rows of a store: the records of a state, and the log.
//!
//! A body is JSON. [`Value`] writes itself without its text; the text is in a row of its own beside it.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use rusqlite::{Connection, Row, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::state::SolutionName;
use super::super::{InstalledSolution, Layers, LogEntry, Role, State, Touched, Value, contradiction};
use super::StoreError;
use crate::model::{ComponentKey, ComponentType};

/// The layer of a text: the place of a managed layer from the bottom, from 0, or this for the unmanaged one.
const UNMANAGED: i64 = -1;

/// Which state the file holds.
///
/// # Errors
/// When it cannot be read, or the row that says it is gone.
pub(super) fn generation(connection: &Connection) -> rusqlite::Result<u64> {
    let found: i64 =
        connection.query_row("SELECT generation FROM environment WHERE id = 1", [], |row| row.get(0))?;
    Ok(found.cast_unsigned())
}

/// Says that the file holds another state now.
pub(super) fn next_generation(transaction: &Transaction<'_>) -> rusqlite::Result<u64> {
    let next = generation(transaction)?.wrapping_add(1);
    transaction.execute("UPDATE environment SET generation = ?1", [next.cast_signed()])?;
    Ok(next)
}

/// Reads everything.
pub(super) fn read_all(path: &Utf8Path, connection: &Connection) -> Result<State, StoreError> {
    let reader = Reader { path, connection };
    let mut state = State::default();
    reader.each("solution", "SELECT name, body FROM solution", |row| {
        let (name, body): (String, String) = (row.get(0)?, row.get(1)?);
        let Some(solution) = parsed::<InstalledSolution>(&body) else { return Ok(Err("a body")) };
        if SolutionName::new(&solution.unique_name).as_str() != name {
            return Ok(Err("a name"));
        }
        state.set_solution(&name, Some(solution));
        Ok(Ok(()))
    })?;
    let mut texts = reader.component_texts()?;
    reader.keyed("component", |key, layers: Layers| {
        let mut layers = layers;
        for (layer, what, text) in texts.remove(&key).unwrap_or_default() {
            let content = match usize::try_from(layer) {
                Ok(at) => layers.managed.get_mut(at).map(|layer| &mut layer.content),
                Err(_) => layers.unmanaged.as_mut(),
            };
            let value = content.and_then(|content| content.value_mut(&what));
            *value.ok_or("a text of a value that is not there")? = Value::new(text);
        }
        if layers.is_empty() {
            return Err("a component without layers");
        }
        state.change_component(&key, |own| *own = layers);
        Ok(())
    })?;
    let mut texts = reader.value_texts()?;
    reader.keyed("value", |key, value: Value| {
        state.set_value(&key, Some(texts.remove(&key).map_or(value, Value::new)));
        Ok(())
    })?;
    reader.keyed("binding", |key, connection: String| {
        state.set_binding(&key, Some(connection));
        Ok(())
    })?;
    reader.keyed("flow", |key, on: bool| {
        state.set_flow(&key, Some(on));
        Ok(())
    })?;
    reader.each("connection", "SELECT id, body FROM connection", |row| {
        let (id, body): (String, String) = (row.get(0)?, row.get(1)?);
        let Some(connection) = parsed(&body) else { return Ok(Err("a body")) };
        state.set_connection(&id, Some(connection));
        Ok(Ok(()))
    })?;
    reader.keyed("share", |key, shares: BTreeMap<String, Role>| {
        shares.into_iter().for_each(|(principal, role)| state.set_share(&key, &principal, Some(role)));
        Ok(())
    })?;
    // What was read is there already.
    state.take_touched();
    refuse_other_count(path, connection, &state)?;
    match contradiction(&state) {
        Some(fault) => Err(StoreError::Contradicts { path: path.to_owned(), fault }),
        None => Ok(state),
    }
}

/// Rows that somebody took away or added by hand. A store of an earlier version does not say how many it has; a log begins with
/// how the store was made.
fn refuse_other_count(path: &Utf8Path, connection: &Connection, state: &State) -> Result<(), StoreError> {
    let has_log: bool = connection
        .query_row("SELECT EXISTS (SELECT 1 FROM log)", [], |row| row.get(0))
        .map_err(|error| StoreError::sqlite(path, error))?;
    if !has_log {
        let fault = "it has no line".to_owned();
        return Err(StoreError::Damaged { path: path.to_owned(), table: "log", fault });
    }
    let said: Option<i64> = connection
        .query_row("SELECT records FROM environment WHERE id = 1", [], |row| row.get(0))
        .map_err(|error| StoreError::sqlite(path, error))?;
    let found = count(state);
    match said {
        Some(said) if said != found => Err(StoreError::Damaged {
            path: path.to_owned(),
            table: "environment",
            fault: format!(
                "there should be {said} records, and {found} are there: rows were taken away or added"
            ),
        }),
        _ => Ok(()),
    }
}

/// How many records a state has.
fn count(state: &State) -> i64 {
    let all = [
        state.solutions().len(),
        state.components().len(),
        state.values().len(),
        state.bindings().len(),
        state.flows().len(),
        state.connections().len(),
        state.shares().len(),
    ];
    i64::try_from(all.iter().sum::<usize>()).unwrap_or(i64::MAX)
}

fn parsed<T: DeserializeOwned>(body: &str) -> Option<T> {
    // A number inside of a tagged body is only understood the second way, which takes longer.
    serde_json::from_str(body).ok().or_else(|| serde_json::from_value(serde_json::from_str(body).ok()?).ok())
}

/// Layer, which value, text.
type LayerText = (i64, String, String);

struct Reader<'r> {
    path: &'r Utf8Path,
    connection: &'r Connection,
}

impl Reader<'_> {
    /// Reads rows until one is wrong.
    fn each(
        &self,
        table: &'static str,
        statement: &str,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<Result<(), &'static str>>,
    ) -> Result<(), StoreError> {
        let failed = |error| StoreError::sqlite(self.path, error);
        let mut statement = self.connection.prepare(statement).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            read(row).map_err(failed)?.map_err(|fault| StoreError::Damaged {
                path: self.path.to_owned(),
                table,
                fault: format!("{fault} is not what it should be"),
            })?;
        }
        Ok(())
    }

    /// Reads the rows of a table whose key is that of a component.
    fn keyed<T: DeserializeOwned>(
        &self,
        table: &'static str,
        mut take: impl FnMut(ComponentKey, T) -> Result<(), &'static str>,
    ) -> Result<(), StoreError> {
        let statement = format!("SELECT type, key, spelling, body FROM {table}");
        self.each(table, &statement, |row| {
            let (kind, folded, spelling): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let key = ComponentKey::new(ComponentType::named(&kind), &spelling);
            if key.folded() != folded || key.kind.as_str() != kind {
                return Ok(Err("a key"));
            }
            let body: String = row.get(3)?;
            Ok(parsed(&body).ok_or("a body").and_then(|body| take(key, body)))
        })
    }

    /// The texts of layers by component: layer, which value, text.
    fn component_texts(&self) -> Result<BTreeMap<ComponentKey, Vec<LayerText>>, StoreError> {
        let mut texts: BTreeMap<ComponentKey, Vec<LayerText>> = BTreeMap::new();
        let statement = "SELECT type, key, layer, what, text FROM component_text";
        self.each("component_text", statement, |row| {
            let key = text_key(row)?;
            texts.entry(key).or_default().push((row.get(2)?, row.get(3)?, row.get(4)?));
            Ok(Ok(()))
        })?;
        Ok(texts)
    }

    /// The texts of the environment's own values.
    fn value_texts(&self) -> Result<BTreeMap<ComponentKey, String>, StoreError> {
        let mut texts = BTreeMap::new();
        self.each("value_text", "SELECT type, key, text FROM value_text", |row| {
            texts.insert(text_key(row)?, row.get(2)?);
            Ok(Ok(()))
        })?;
        Ok(texts)
    }
}

fn text_key(row: &Row<'_>) -> rusqlite::Result<ComponentKey> {
    let (kind, key): (String, String) = (row.get(0)?, row.get(1)?);
    Ok(ComponentKey::new(ComponentType::named(&kind), &key))
}

/// Writes everything into a new file.
pub(super) fn write_all(transaction: &Transaction<'_>, state: &State) -> rusqlite::Result<()> {
    let mut all = BTreeSet::new();
    all.extend(state.solutions().keys().cloned().map(Touched::Solution));
    all.extend(state.components().keys().cloned().map(Touched::Component));
    all.extend(state.values().keys().cloned().map(Touched::Value));
    all.extend(state.bindings().keys().cloned().map(Touched::Binding));
    all.extend(state.flows().keys().cloned().map(Touched::Flow));
    all.extend(state.connections().keys().cloned().map(Touched::Connection));
    all.extend(state.shares().keys().cloned().map(Touched::Shares));
    write(transaction, state, &all)
}

/// Writes records as the state has them; those that it has no more are deleted.
pub(super) fn write(
    transaction: &Transaction<'_>,
    state: &State,
    touched: &BTreeSet<Touched>,
) -> rusqlite::Result<()> {
    for record in touched {
        match record {
            Touched::Solution(name) => {
                let body = state.solutions().get(name);
                named(transaction, "solution", "name", name.as_str(), body)?;
            }
            Touched::Component(key) => component(transaction, key, state.components().get_key_value(key))?,
            Touched::Value(key) => {
                let found = state.values().get_key_value(key);
                keyed(transaction, "value", key, found)?;
                if let Some(text) = found.and_then(|(_, value)| value.text()) {
                    let mut insert = transaction
                        .prepare_cached("INSERT INTO value_text (type, key, text) VALUES (?1, ?2, ?3)")?;
                    insert.execute(params![key.kind.as_str(), key.folded(), text])?;
                }
            }
            Touched::Binding(key) => {
                keyed(transaction, "binding", key, state.bindings().get_key_value(key))?;
            }
            Touched::Flow(key) => keyed(transaction, "flow", key, state.flows().get_key_value(key))?,
            Touched::Connection(id) => {
                named(transaction, "connection", "id", id, state.connections().get(id))?;
            }
            Touched::Shares(key) => keyed(transaction, "share", key, state.shares().get_key_value(key))?,
        }
    }
    transaction.execute("UPDATE environment SET records = ?1", [count(state)]).map(drop)
}

fn json(body: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(body).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn named(
    transaction: &Transaction<'_>,
    table: &str,
    column: &str,
    name: &str,
    body: Option<&impl Serialize>,
) -> rusqlite::Result<()> {
    match body {
        Some(body) => transaction
            .prepare_cached(&format!("INSERT OR REPLACE INTO {table} ({column}, body) VALUES (?1, ?2)"))?
            .execute(params![name, json(body)?]),
        None => {
            transaction.prepare_cached(&format!("DELETE FROM {table} WHERE {column} = ?1"))?.execute([name])
        }
    }
    .map(drop)
}

/// Deletes the row, and what hangs on it, then writes it anew: nothing of the old one stays.
fn keyed(
    transaction: &Transaction<'_>,
    table: &str,
    key: &ComponentKey,
    found: Option<(&ComponentKey, &impl Serialize)>,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(&format!("DELETE FROM {table} WHERE type = ?1 AND key = ?2"))?
        .execute([key.kind.as_str(), key.folded()])?;
    let Some((key, body)) = found else { return Ok(()) };
    transaction
        .prepare_cached(&format!("INSERT INTO {table} (type, key, spelling, body) VALUES (?1, ?2, ?3, ?4)"))?
        .execute(params![key.kind.as_str(), key.folded(), &*key.key, json(body)?])?;
    Ok(())
}

fn component(
    transaction: &Transaction<'_>,
    key: &ComponentKey,
    found: Option<(&ComponentKey, &Layers)>,
) -> rusqlite::Result<()> {
    keyed(transaction, "component", key, found)?;
    let Some((_, layers)) = found else { return Ok(()) };
    let managed = layers.managed.iter().map(|layer| &layer.content).zip(0..);
    let all = managed.chain(layers.unmanaged.iter().map(|content| (content, UNMANAGED)));
    let mut insert = None;
    for (content, layer) in all {
        for (what, text) in content.values().filter_map(|(what, value)| Some((what, value.text()?))) {
            let statement = match &mut insert {
                Some(statement) => statement,
                None => insert.insert(transaction.prepare_cached(
                    "INSERT INTO component_text (type, key, layer, what, text) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?),
            };
            statement.execute(params![key.kind.as_str(), key.folded(), layer, what, text])?;
        }
    }
    Ok(())
}

/// Writes a line of the log.
pub(super) fn write_log(transaction: &Transaction<'_>, entry: &LogEntry) -> rusqlite::Result<()> {
    let solution = entry.solution.as_ref().map(json).transpose()?;
    transaction
        .prepare_cached(
            "INSERT INTO log (time, words, solution, sha256, content) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![entry.time.cast_signed(), entry.words, solution, entry.sha256, entry.content])?;
    Ok(())
}

/// Reads the log, oldest first.
pub(super) fn read_log(path: &Utf8Path, connection: &Connection) -> Result<Vec<LogEntry>, StoreError> {
    let mut log = Vec::new();
    let statement = "SELECT time, words, solution, sha256, content FROM log ORDER BY number";
    Reader { path, connection }.each("log", statement, |row| {
        let solution: Option<String> = row.get(2)?;
        let solution = match solution.map(|body| parsed(&body)) {
            Some(None) => return Ok(Err("a solution")),
            found => found.flatten(),
        };
        let time: i64 = row.get(0)?;
        log.push(LogEntry {
            time: time.cast_unsigned(),
            words: row.get(1)?,
            solution,
            sha256: row.get(3)?,
            content: row.get(4)?,
        });
        Ok(Ok(()))
    })?;
    Ok(log)
}
