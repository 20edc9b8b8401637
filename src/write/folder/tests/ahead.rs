//! What is done ahead counts only as far as the parts want it.

use std::sync::atomic::AtomicBool;

use super::super::{FolderSummary, FolderWriter};
use super::{Place, Text, carried_over, is_ours, options, rendered};
use crate::write::{PartSet, WriteError};

/// Most are right; one has other bytes, one is not wanted, one is a folder where a file is wanted, one the other way round,
/// and one cannot give its bytes.
fn guess() -> Vec<Text<'static>> {
    let fails = Box::new(|| Err("no bytes".into()));
    vec![
        carried_over("same", "same"),
        carried_over("deep/er/same", "same too"),
        carried_over("other", "guessed"),
        carried_over("deep/unwanted/file", "unwanted"),
        carried_over("folder/file", "in a folder"),
        carried_over("file", "a file"),
        Text { before: fails, ..carried_over("late", "late") },
    ]
}

fn wanted() -> Vec<Text<'static>> {
    vec![
        carried_over("same", "same"),
        carried_over("deep/er/same", "same too"),
        carried_over("other", "wanted!"),
        rendered("folder", "now a file"),
        carried_over("file/below", "now a folder"),
        carried_over("late", "late"),
    ]
}

const AFTER: [(&str, &str); 9] = [
    ("deep/", ""),
    ("deep/er/", ""),
    ("deep/er/same", "same too"),
    ("file/", ""),
    ("file/below", "now a folder"),
    ("folder", "now a file"),
    ("late", "late"),
    ("other", "wanted!"),
    ("same", "same"),
];

fn write(writer: FolderWriter, parts: &[Text<'_>]) -> Result<FolderSummary, WriteError> {
    writer.write(&PartSet::new(parts)?, &options())
}

#[test]
fn a_wrong_guess_leaves_nothing_in_a_new_folder() {
    let place = Place::empty();
    let mut writer = FolderWriter::open(&place.target, false).expect("opens");
    writer.begin(&guess(), &is_ours, &AtomicBool::new(false));
    assert!(!place.target.exists(), "nothing is in place before it is whole");
    let summary = write(writer, &wanted()).expect("writes");
    assert_eq!(summary.changes.len(), 6);
    place.assert_holds(&AFTER);
}

#[test]
fn what_is_there_is_told_by_its_checksum_only() {
    let place =
        Place::with(&[("same", "same"), ("deep/er/same", "other"), ("other", "guessed"), ("late", "late")]);
    let mut writer = FolderWriter::open(&place.target, false).expect("opens");
    writer.begin(&guess(), &is_ours, &AtomicBool::new(false));
    let summary = write(writer, &wanted()).expect("writes");
    assert_eq!(summary.unchanged, 2);
    place.assert_holds(&AFTER);
}

#[test]
fn a_writer_that_is_dropped_leaves_nothing() {
    let place = Place::empty();
    let deep = place.root.join("target/parent/deep");
    let mut writer = FolderWriter::open(&deep, false).expect("opens");
    writer.begin(&guess(), &is_ours, &AtomicBool::new(false));
    drop(writer);
    assert!(!place.target.exists());
    place.assert_clean();
}

#[test]
fn early_files_become_the_parts_that_announce_them() {
    let place = Place::empty();
    let mut writer = FolderWriter::open(&place.target, false).expect("opens");
    let early = writer.early().expect("a new folder");
    let buffer = &mut Vec::new();
    let put = |path: &str, text: &str, buffer: &mut Vec<u8>| early.put(&rendered(path, text), buffer);
    assert_eq!(put("deep/er/one", "one", buffer).map(|checksum| checksum.size), Some(3));
    // What is there is not written over, and what cannot be is not begun.
    for path in ["deep/er/one", "deep/er", "deep/er/one/below", "../out", "/out", "a//b", "a\\b"] {
        assert_eq!(put(path, "other", buffer), None, "{path}");
    }
    assert!(put("unwanted/two", "two", buffer).is_some());
    assert!(put("changed", "was", buffer).is_some());
    assert!(put("made/anew", "was", buffer).is_some());
    let fails = Text { before: Box::new(|| Err("no bytes".into())), ..rendered("late", "late") };
    assert_eq!(early.put(&fails, buffer), None);
    let parts = [
        carried_over("deep/er/one", "one"),
        carried_over("changed", "is"),
        // Without announcing it, it cannot be known to be the same.
        rendered("made/anew", "is"),
        carried_over("late", "late"),
    ];
    write(writer, &parts).expect("writes");
    place.assert_holds(&[
        ("changed", "is"),
        ("deep/", ""),
        ("deep/er/", ""),
        ("deep/er/one", "one"),
        ("late", "late"),
        ("made/", ""),
        ("made/anew", "is"),
    ]);
    let there = FolderWriter::open(&place.target, false).expect("opens").early();
    assert!(there.is_none(), "the folder is there");
}

#[test]
fn what_was_written_early_is_asked_for_where_the_target_came_meanwhile() {
    let place = Place::empty();
    let mut writer = FolderWriter::open(&place.target, false).expect("opens");
    let early = writer.early().expect("a new folder");
    early.put(&rendered("deep/one", "one"), &mut Vec::new()).expect("writes");
    place.put("mine", "mine");
    let is_given_up = Box::new(|| Err("written already".into()));
    let parts = [Text { before: is_given_up, ..carried_over("deep/one", "one") }];
    let refused = write(writer, &parts);
    assert!(matches!(refused, Err(WriteError::Part { .. })), "{refused:?}");
    place.assert_holds(&[("mine", "mine")]);
    place.assert_clean();
}

#[test]
fn a_target_that_came_meanwhile_is_compared() {
    let place = Place::empty();
    let mut writer = FolderWriter::open(&place.target, false).expect("opens");
    writer.begin(&guess(), &is_ours, &AtomicBool::new(false));
    place.put("same", "SAME");
    write(writer, &wanted()).expect("writes");
    place.assert_holds(&AFTER);
}

#[test]
fn what_is_rendered_is_held_against_what_was_seen() {
    let large = "x".repeat(200_000);
    let place = Place::with(&[
        ("same", "same\r\n"),
        ("git", "a\nb"),
        ("other", "old"),
        ("shorter", "shorter"),
        ("longer", "longer, too"),
        ("deep/large", &large),
    ]);
    let parts = [
        rendered("same", "same\r\n"),
        rendered("git", "a\r\nb"),
        rendered("other", "new"),
        rendered("shorter", "shorter, now not"),
        rendered("longer", "longer"),
        rendered("deep/large", large.as_str()),
    ];
    let mut writer = FolderWriter::open(&place.target, false).expect("opens");
    writer.begin::<Text<'_>>(&[], &is_ours, &AtomicBool::new(false));
    let summary = write(writer, &parts).expect("writes");
    assert_eq!(summary.unchanged, 3);
    let changed: Vec<_> = summary.changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(changed, ["longer", "other", "shorter"]);
}

#[test]
fn what_is_due_at_once_is_done_by_the_writer() {
    for there in
        [&[][..], &[("same", "same"), ("deep/er/same", "other"), ("other", "guessed"), ("late", "late")]]
    {
        let place = if there.is_empty() { Place::empty() } else { Place::with(there) };
        let mut writer = FolderWriter::open(&place.target, false).expect("opens");
        writer.begin(&guess(), &is_ours, &AtomicBool::new(true));
        let summary = write(writer, &wanted()).expect("writes");
        assert_eq!(summary.unchanged, there.len() / 2);
        place.assert_holds(&AFTER);
    }
}

#[test]
fn a_folder_holds_what_was_written_until_something_is_other() {
    let place = Place::empty();
    let writer = FolderWriter::open(&place.target, false).expect("opens");
    let content = write(writer, &wanted()).expect("writes").content.expect("all was written");
    let holds = || {
        let mut writer = FolderWriter::open(&place.target, false).expect("opens");
        writer.holds(&content, &is_ours).expect("readable").map(|found| (found.unchanged, found.kept))
    };
    assert_eq!(holds(), Some((6, vec![])));
    // The same is found by comparing.
    let writer = FolderWriter::open(&place.target, false).expect("opens");
    assert_eq!(write(writer, &wanted()).expect("writes").content, None, "not all was looked at");
    let mut writer = FolderWriter::open(&place.target, false).expect("opens");
    writer.begin(&guess(), &is_ours, &AtomicBool::new(true));
    assert_eq!(write(writer, &wanted()).expect("writes").content, Some(content));
    place.put("same", "SAME");
    assert_eq!(holds(), None);
    place.put("same", "same");
    place.put("another", "file");
    assert_eq!(holds(), None);
    fs_err::remove_file(place.target.join("another")).expect("there");
    assert_eq!(holds(), Some((6, vec![])));
    fs_err::remove_file(place.target.join("folder")).expect("there");
    assert_eq!(holds(), None);
    assert!(
        FolderWriter::open(&place.root.join("none"), false)
            .expect("opens")
            .holds(&content, &is_ours)
            .expect("asked")
            .is_none()
    );
}
