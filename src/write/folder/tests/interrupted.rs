//! What a killed run leaves, made by hand for every step.

use std::collections::BTreeMap;

use super::super::carry_out::put_all;
use super::super::journal::{Journal, Step};
use super::super::output::Output;
use super::super::plan::{Plan, Write};
use super::super::seen::Seen;
use super::super::stage::{INSIDE, Stage};
use super::super::{FolderOptions, Resolution, is_interrupted, resolve, write_folder};
use super::{Place, mixed_after, mixed_new, mixed_old, options, rendered};
use crate::write::PartSet;
use crate::write::WriteError;

/// Brings `mixed_old` half way to `mixed_new` and stops there, as a killed run does: `steps` are done; `linked` is the
/// state in the middle of one.
fn interrupted(steps: usize, linked: bool, is_inside: bool) -> (Place, usize) {
    let place = Place::with(&mixed_old());
    if is_inside {
        fs_err::create_dir(place.target.join(INSIDE)).expect("makes");
    }
    let parts = mixed_new();
    let mut plan =
        Plan::make(&place.target, &PartSet::new(&parts).expect("a set"), &options(), &Seen::default())
            .expect("plans");
    let stage = Stage::open(&place.target).expect("opens");
    assert_eq!(stage.folder.starts_with(&place.target), is_inside);
    stage.prepare().expect("prepares");
    let put = |write: &Write, buffer: &mut Vec<u8>| {
        Output::File(stage.new_file(write.step), None).put(&parts[write.part], write.line_feeds, buffer)
    };
    put_all(&plan.writes, put).expect("stages");
    let all = std::mem::take(&mut plan.steps);
    Journal::new(all.clone()).save(&stage).expect("saves");
    Journal::new(all[..steps].to_vec()).finish(&place.target, &stage).expect("does");
    if linked && let Some(Step::Write { path, replaces: true }) = all.get(steps) {
        fs_err::hard_link(place.target.join(path), stage.old_file(steps)).expect("links");
    }
    (place, all.len())
}

fn expected(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, content)| ((*path).to_owned(), (*content).to_owned())).collect()
}

#[test]
fn an_interrupted_run_is_finished_or_taken_back_from_any_step() {
    let old = Place::with(&mixed_old()).tree();
    let count = interrupted(0, false, false).1;
    assert!(count > 8, "{count} steps");
    for steps in 0..=count {
        for (linked, is_inside) in [(false, false), (true, false), (false, true)] {
            let (place, _) = interrupted(steps, linked, is_inside);
            assert!(is_interrupted(&place.target).expect("says"));
            let listed =
                write_folder(&place.target, &mixed_new(), &FolderOptions { dry_run: true, ..options() });
            assert!(matches!(listed, Err(WriteError::JournalPending { .. })), "{listed:?}");
            assert_eq!(
                resolve(&place.target, Resolution::Undo).expect("takes back"),
                Some(Resolution::Undo),
                "{steps}"
            );
            assert_eq!(place.tree(), old, "{steps} steps taken back");
            place.assert_clean();

            let (place, _) = interrupted(steps, linked, is_inside);
            assert_eq!(
                resolve(&place.target, Resolution::Finish).expect("finishes"),
                Some(Resolution::Finish)
            );
            assert_eq!(place.tree(), expected(&mixed_after()), "{steps} steps finished");
            place.assert_clean();
            assert!(!is_interrupted(&place.target).expect("says"));
            assert_eq!(resolve(&place.target, Resolution::Finish).expect("nothing"), None);
        }
    }
}

#[test]
fn taking_back_that_was_interrupted_is_taken_back_to_the_end() {
    let old = Place::with(&mixed_old()).tree();
    let count = interrupted(0, false, false).1;
    for steps in 0..=count {
        for undone in (0..=count).step_by(3) {
            let (place, _) = interrupted(steps, false, false);
            let stage = Stage::open(&place.target).expect("opens");
            let (journal, _) = Journal::load(&stage.folder).expect("loads").expect("there");
            // The steps from the end: what has been taken back when the second run is killed.
            let mut kept = journal.steps.clone();
            for step in &mut kept[..undone] {
                *step = Step::RemoveFolder { path: "not-there".into() };
            }
            let no_op = Journal::new(kept);
            no_op.undo(&place.target, &stage).expect("takes back");
            let _ = fs_err::remove_dir(place.target.join("not-there"));
            drop(stage);
            let done = resolve(&place.target, Resolution::Finish).expect("resolves");
            assert_eq!(done, Some(Resolution::Undo));
            assert_eq!(place.tree(), old, "{steps} steps, {undone} not yet taken back");
            place.assert_clean();
        }
    }
}

#[test]
fn writing_finishes_what_was_interrupted_first() {
    let (place, _) = interrupted(3, false, false);
    let summary = place.write(&mixed_new()).expect("writes");
    assert!(summary.finished_earlier);
    assert_eq!((summary.changes.len(), summary.unchanged), (0, 5));
    place.assert_holds(&mixed_after());
}

#[test]
fn what_was_killed_before_its_journal_was_whole_is_forgotten() {
    let (place, _) = interrupted(0, false, false);
    let journal = place.root.join(".target.solship/journal");
    let whole = fs_err::read(&journal).expect("there");
    for length in [0, 1, whole.len() / 2, whole.len() - 1] {
        fs_err::write(&journal, &whole[..length]).expect("writes");
        assert!(!is_interrupted(&place.target).expect("says"));
    }
    assert_eq!(resolve(&place.target, Resolution::Finish).expect("nothing"), None);
    assert_eq!(place.tree(), Place::with(&mixed_old()).tree());
    place.assert_clean();
    place.write(&mixed_new()).expect("writes");
    place.assert_holds(&mixed_after());
}

#[test]
fn a_journal_that_is_not_ours_is_refused() {
    let forged = |text: String| format!("{text}\nend {:08x}\n", zlib_rs::crc32::crc32(0, text.as_bytes()));
    for text in [
        r#"{"version":2,"steps":[]}"#.to_owned(),
        r#"{"version":1,"steps":[{"delete":{"path":"../outside"}}]}"#.to_owned(),
        r#"{"version":1,"steps":[{"write":{"path":"/etc/x","replaces":false}}]}"#.to_owned(),
        "nonsense".to_owned(),
    ] {
        let place = Place::with(&[("a", "old")]);
        fs_err::create_dir(place.root.join(".target.solship")).expect("makes");
        fs_err::write(place.root.join(".target.solship/journal"), forged(text)).expect("writes");
        let refused = place.write(&[rendered("a", "new")]);
        assert!(matches!(refused, Err(WriteError::UnknownJournal { .. })), "{refused:?}");
        assert_eq!(place.tree(), expected(&[("a", "old")]));
    }
    // Damaged after steps were done: what it kept must not be lost.
    let count = interrupted(0, false, false).1;
    let (place, _) = interrupted(count, false, false);
    let journal = place.root.join(".target.solship/journal");
    fs_err::write(&journal, "damaged").expect("writes");
    let refused = place.write(&mixed_new());
    assert!(matches!(refused, Err(WriteError::UnknownJournal { .. })), "{refused:?}");
}
