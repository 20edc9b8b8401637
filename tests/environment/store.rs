//! The store: what is changed is there, what is refused is not, and files that are no store of ours do no harm.

use camino::{Utf8Path, Utf8PathBuf};
use solship::environment::snapshot::{Detail, snapshot};
use solship::environment::store::{Store, StoreError};
use solship::environment::{Environment, EnvironmentError, LogEntry, State};
use solship::model::{ComponentKey, ComponentType};

use super::support::place::Place;
use super::support::steps::{Chance, assert_same, state, step};

fn entry(words: &str) -> LogEntry {
    LogEntry { time: 1_795_941_000, words: words.to_owned(), solution: None, sha256: None, content: None }
}

fn new(place: &Place) -> (Store, Utf8PathBuf) {
    let path = place.path.join("deep/uat.db");
    (Store::create(&path, "local:uat", &State::default(), &entry("made")).expect("makes"), path)
}

fn open(path: &Utf8Path) -> Result<Store, StoreError> {
    Store::open(path, "local:uat")
}

#[test]
fn what_is_changed_is_there_when_it_is_opened_again() {
    let place = Place::new();
    let (mut store, path) = new(&place);
    let mut expected = State::default();
    let mut chance = Chance::new(7);
    for number in 0..150 {
        let (mut one, mut again) = (Chance::new(number), Chance::new(number));
        let steps = chance.below(4);
        store
            .change(entry("step"), &mut |state, _| {
                (0..steps).for_each(|_| step(state, &mut one));
                Ok(())
            })
            .expect("changes");
        (0..steps).for_each(|_| step(&mut expected, &mut again));
        assert_same(store.state(), &expected);
        if number % 10 == 0 {
            assert_same(open(&path).expect("opens").state(), &expected);
        }
    }
    drop(store);
    let store = open(&path).expect("opens");
    assert_same(store.state(), &expected);
    assert_eq!(store.log().expect("readable").len(), 151);
    assert_eq!(store.log().expect("readable")[1], entry("step"));
}

#[test]
fn a_new_store_holds_what_it_is_made_of() {
    let place = Place::new();
    for seed in 0..20 {
        let state = state(seed, 80);
        let path = place.path.join(format!("{seed}.db"));
        Store::create(&path, "x", &state, &entry("made")).expect("makes");
        assert_same(open(&path).expect("opens").state(), &state);
    }
}

#[test]
fn a_refused_change_leaves_no_trace() {
    let place = Place::new();
    let (mut store, path) = new(&place);
    let before = state(3, 50);
    store
        .change(entry("filled"), &mut |state, _| {
            let mut chance = Chance::new(3);
            (0..50).for_each(|_| step(state, &mut chance));
            Ok(())
        })
        .expect("changes");
    let refused = store.change(entry("refused"), &mut |state, _| {
        let mut chance = Chance::new(4);
        (0..50).for_each(|_| step(state, &mut chance));
        Err(EnvironmentError::Refused)
    });
    assert!(refused.is_err());
    assert_same(store.state(), &before);
    assert_same(open(&path).expect("opens").state(), &before);
    assert_eq!(store.log().expect("readable").len(), 2);
    // And the next change is of the right state.
    store
        .change(entry("more"), &mut |state, _| {
            step(state, &mut Chance::new(5));
            Ok(())
        })
        .expect("changes");
    assert_same(open(&path).expect("opens").state(), store.state());
}

#[test]
fn two_that_change_it_see_each_other() {
    let place = Place::new();
    let (mut one, path) = new(&place);
    let mut other = open(&path).expect("opens");
    for number in 0..40 {
        let store = if number % 2 == 0 { &mut one } else { &mut other };
        store
            .change(entry("x"), &mut |state, _| {
                step(state, &mut Chance::new(number));
                Ok(())
            })
            .expect("changes");
    }
    let mut expected = State::default();
    (0..40).for_each(|number| step(&mut expected, &mut Chance::new(number)));
    assert_same(other.state(), &expected);
    other.hold().expect("free");
    let refused = one.change(entry("x"), &mut |_, _| Ok(())).expect_err("held").to_string();
    let process = std::process::id();
    assert_eq!(refused, format!("local:uat is being changed by another run of solship (process {process})"));
    drop(other);
    one.change(entry("x"), &mut |_, _| Ok(())).expect("free again");
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let (mut store, path) = new(&place);
    store
        .change(entry("x"), &mut |state, _| {
            step(state, &mut Chance::new(1));
            Ok(())
        })
        .expect("changes");
    let mode = |path: &str| fs_err::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(path.as_str()), 0o600);
    for ending in ["-wal", "-shm"] {
        assert_eq!(mode(&format!("{path}{ending}")), 0o600, "{ending}");
    }
    assert_eq!(mode(path.parent().expect("a folder").as_str()), 0o700);
}

#[test]
fn what_is_no_store_is_refused() {
    let place = Place::new();
    let (store, path) = new(&place);
    drop(store);
    let folder = path.parent().expect("a folder");
    let good = fs_err::read(&path).expect("readable");
    assert!(matches!(
        Store::create(&path, "x", &State::default(), &entry("x")),
        Err(StoreError::Exists { .. })
    ));
    assert!(matches!(open(&folder.join("none.db")), Err(StoreError::NotFound { .. })));
    assert!(matches!(open(folder), Err(StoreError::NotAFile { .. })));
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs_err::write(&path, bytes).expect("writes");
        path
    };
    for (name, bytes) in [("empty.db", &b""[..]), ("text.db", b"hello, this is no database at all, but a text that goes on and on and on for more than a hundred bytes"), ("short.db", &good[..700])] {
        let refused = open(&write(name, bytes)).expect_err(name);
        assert!(matches!(refused, StoreError::NotAStore { .. } | StoreError::Sqlite { .. }), "{name}: {refused:?}");
    }
    let changed = |name: &str, statement: &str| {
        let path = write(name, &good);
        let connection = rusqlite::Connection::open(&path).expect("opens");
        connection.execute_batch(statement).expect(statement);
        connection.close().expect("closes");
        path
    };
    let other = changed("other.db", "PRAGMA application_id = 7");
    assert!(matches!(open(&other), Err(StoreError::NotAStore { .. })));
    let later = open(&changed("later.db", "PRAGMA user_version = 9")).expect_err("later").to_string();
    assert!(later.contains("a later version of solship"), "{later}");
    for (name, statement) in [
        ("trigger.db", "CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM solution; END"),
        ("view.db", "ALTER TABLE flow RENAME TO f; CREATE VIEW flow AS SELECT * FROM f"),
        ("table.db", "CREATE TABLE more (x)"),
        ("index.db", "CREATE INDEX i ON solution (body)"),
        ("row.db", "DELETE FROM environment"),
        ("log.db", "DELETE FROM log"),
        ("body.db", "INSERT INTO solution VALUES ('a', '{')"),
        (
            "name.db",
            r#"INSERT INTO solution VALUES ('a', '{"uniqueName":"b","version":"1","managed":true,"publisher":"","sequence":1}')"#,
        ),
        ("key.db", "INSERT INTO flow VALUES ('workflow', 'A', 'b', 'true')"),
        ("layers.db", "INSERT INTO component VALUES ('workflow', 'a', 'a', '{}')"),
        (
            "text2.db",
            "PRAGMA foreign_keys = OFF; INSERT INTO component VALUES ('workflow', 'a', 'a', '{\"managed\":[{\"solution\":\"A\",\"content\":{\"words\":\"w\",\"facts\":{\"kind\":\"other\"}}}]}'); INSERT INTO component_text VALUES ('workflow', 'a', 0, 'default', 'x')",
        ),
    ] {
        let refused = open(&changed(name, statement)).expect_err(name);
        assert!(matches!(refused, StoreError::Damaged { .. }), "{name}: {refused:?}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&path, folder.join("link.db")).expect("links");
        assert!(matches!(open(&folder.join("link.db")), Err(StoreError::SymbolicLink { .. })));
        std::os::unix::fs::symlink(&path, format!("{path}-wal")).expect("links");
        assert!(matches!(open(&path), Err(StoreError::SymbolicLink { .. })));
        std::os::unix::fs::symlink("/nowhere", folder.join("new.db")).expect("links");
        let refused = Store::create(&folder.join("new.db"), "x", &State::default(), &entry("x"));
        assert!(matches!(refused, Err(StoreError::SymbolicLink { .. })));
    }
}

#[test]
fn a_table_that_somebody_emptied_is_noticed() {
    let place = Place::new();
    let is_full = |state: &State| {
        let has_rows =
            !state.values().is_empty() && !state.bindings().is_empty() && !state.flows().is_empty();
        has_rows && !state.connections().is_empty() && !state.shares().is_empty()
    };
    let whole = (0..).map(|seed| state(seed, 200)).find(is_full).expect("one of them");
    for table in ["solution", "component", "value", "binding", "flow", "connection", "share"] {
        let path = place.path.join(format!("{table}.db"));
        drop(Store::create(&path, "x", &whole, &entry("made")).expect("makes"));
        let connection = rusqlite::Connection::open(&path).expect("opens");
        let rows = connection.execute(&format!("DELETE FROM {table}"), []).expect("runs");
        assert!(rows > 0, "{table} has rows");
        drop(connection);
        let refused = Store::open(&path, "x").expect_err(table);
        assert!(matches!(refused, StoreError::Damaged { .. }), "{table}: {refused}");
        assert!(refused.to_string().contains("taken away"), "{refused}");
    }
}

#[test]
fn damaged_bytes_make_an_error_and_no_panic() {
    let place = Place::new();
    let path = place.path.join("a.db");
    let whole = state(9, 200);
    drop(Store::create(&path, "x", &whole, &entry("made")).expect("makes"));
    let good = fs_err::read(&path).expect("readable");
    let mut chance = Chance::new(11);
    let mut refused = 0;
    for number in 0..300 {
        let mut bytes = good.clone();
        for _ in 0..1 + chance.below(20) {
            let at = chance.below(bytes.len());
            bytes[at] = chance.below(256) as u8;
        }
        if chance.below(4) == 0 {
            bytes.truncate(chance.below(bytes.len()));
        }
        let path = place.path.join(format!("{number}.db"));
        fs_err::write(&path, bytes).expect("writes");
        match Store::open(&path, "x") {
            Ok(mut store) => {
                let _ = store.log();
                let _ = store.change(entry("x"), &mut |state, _| {
                    step(state, &mut Chance::new(1));
                    Ok(())
                });
            }
            Err(_) => refused += 1,
        }
        let _ = fs_err::remove_file(&path);
    }
    assert!(refused > 50, "{refused}");
}

#[test]
fn the_log_is_in_no_snapshot() {
    let place = Place::new();
    let (mut store, _) = new(&place);
    let before = snapshot(store.state(), &Detail::Known);
    store.change(entry("nothing"), &mut |_, _| Ok(())).expect("changes");
    assert_eq!(before, snapshot(store.state(), &Detail::Known));
}

#[test]
fn what_contradicts_itself_is_never_written() {
    let place = Place::new();
    let (mut store, path) = new(&place);
    let flow = ComponentKey::new(ComponentType::WORKFLOW, "0c0ffee0-0000-4000-8000-0000000000ff");
    let wrong = |state: &mut State| state.set_flow(&flow, Some(true));
    let told = store.change(entry("wrong"), &mut |state, _| {
        wrong(state);
        Ok(())
    });
    let told = told.expect_err("refused").to_string();
    assert!(told.starts_with("local:uat: nothing was changed: it would contradict itself: "), "{told}");
    assert_same(store.state(), &State::default());
    assert_eq!(open(&path).expect("opens").log().expect("readable").len(), 1);
    let mut state = State::default();
    wrong(&mut state);
    let path = place.path.join("other.db");
    assert!(Store::create(&path, "x", &state, &entry("wrong")).is_err());
    assert!(!path.exists());
}
