//! What is done ahead counts only as far as the parts want it.

use super::super::FolderWriter;
use super::{Place, Text, carried_over, is_ours, options, rendered};

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

#[test]
fn a_wrong_guess_leaves_nothing_in_a_new_folder() {
    let place = Place::empty();
    let mut writer = FolderWriter::open(&place.target, false).expect("opens");
    writer.begin(&guess(), &is_ours);
    assert!(!place.target.exists(), "nothing is in place before it is whole");
    let summary = writer.write(&wanted(), &options()).expect("writes");
    assert_eq!(summary.changes.len(), 6);
    place.assert_holds(&AFTER);
}

#[test]
fn what_is_there_is_told_by_its_checksum_only() {
    let place =
        Place::with(&[("same", "same"), ("deep/er/same", "other"), ("other", "guessed"), ("late", "late")]);
    let mut writer = FolderWriter::open(&place.target, false).expect("opens");
    writer.begin(&guess(), &is_ours);
    let summary = writer.write(&wanted(), &options()).expect("writes");
    assert_eq!(summary.unchanged, 2);
    place.assert_holds(&AFTER);
}

#[test]
fn a_writer_that_is_dropped_leaves_nothing() {
    let place = Place::empty();
    let deep = place.root.join("target/parent/deep");
    let mut writer = FolderWriter::open(&deep, false).expect("opens");
    writer.begin(&guess(), &is_ours);
    drop(writer);
    assert!(!place.target.exists());
    place.assert_clean();
}

#[test]
fn a_target_that_came_meanwhile_is_compared() {
    let place = Place::empty();
    let mut writer = FolderWriter::open(&place.target, false).expect("opens");
    writer.begin(&guess(), &is_ours);
    place.put("same", "SAME");
    writer.write(&wanted(), &options()).expect("writes");
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
    writer.begin::<Text<'_>>(&[], &is_ours);
    let summary = writer.write(&parts, &options()).expect("writes");
    assert_eq!(summary.unchanged, 3);
    let changed: Vec<_> = summary.changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(changed, ["longer", "other", "shorter"]);
}
