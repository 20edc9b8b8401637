//! `unpack` and `pack` killed before each call that changes a file: afterwards there is the old state, or the new one, or a
//! journal that the next command says, finishes or takes back. `kill.rs` does it at moments, to the writers alone.

#![cfg(unix)]

use std::os::unix::process::ExitStatusExt;

use rayon::prelude::*;

mod support;
use support::fault::{Fault, Faults};
use support::place::{Place, Tree, below, changes, fixture, zip_of};

const KILLED: Option<i32> = Some(9);

/// Two packages of a solution: the second changes files, adds some, lacks some, and has a file where there was a folder.
struct Stages {
    /// `old.zip`, `new.zip`, and `src/` with the first and a file of the user's.
    start: Tree,
    old: Tree,
    new: Tree,
}

impl Stages {
    fn new() -> Self {
        let place = Place::new();
        let file = |path: &str| place.path.join("src").join(path);
        zip_of(&fixture("FabFlows"), &place.path.join("old.zip"));
        place.must(&["unpack", "old.zip", "src"]);
        fs_err::create_dir_all(file("turns/into")).expect("makes");
        fs_err::write(file("turns/into/a.txt"), "a folder").expect("writes");
        place.must(&["pack", "src", "old.zip"]);
        let flows: Vec<_> = file("Workflows")
            .read_dir_utf8()
            .expect("there")
            .map(|flow| flow.expect("readable").into_path())
            .collect();
        let json = |at: usize| {
            let mut flows: Vec<_> = flows.iter().filter(|path| path.extension() == Some("json")).collect();
            flows.sort();
            flows[at]
        };
        fs_err::remove_file(json(0)).expect("removes");
        fs_err::remove_file(format!("{}.data.xml", json(0))).expect("removes");
        let mut text = fs_err::read(json(1)).expect("readable");
        text.extend(b"\n");
        fs_err::write(json(1), text).expect("writes");
        fs_err::remove_dir_all(file("turns")).expect("removes");
        fs_err::write(file("turns"), "a file").expect("writes");
        fs_err::create_dir(file("More")).expect("makes");
        for at in 0..4 {
            fs_err::write(file(&format!("More/{at}.bin")), vec![at; 5000]).expect("writes");
        }
        place.must(&["pack", "src", "new.zip"]);
        fs_err::write(file("README.md"), "mine").expect("writes");
        let new = below(&place.tree(), "src");
        fs_err::remove_file(file("README.md")).expect("removes");
        place.must(&["unpack", "old.zip", "src"]);
        fs_err::write(file("README.md"), "mine").expect("writes");
        let start = place.tree();
        let old = below(&start, "src");
        let count = changes(&old, &new).len();
        assert!(count > 10, "{count} changes");
        Self { start, old, new }
    }
}

/// Runs with the kill at each call until the run gets through, and gives the number of kills.
fn at_every_call(kill: impl Fn(usize) -> bool + Sync) -> usize {
    let mut at = 0;
    loop {
        // Some at once, on all processors.
        let killed: Vec<bool> = (at + 1..at + 17).into_par_iter().map(&kill).collect();
        if let Some(through) = killed.iter().position(|killed| !killed) {
            assert!(
                killed[through..].iter().all(|killed| !killed),
                "a later call was reached, an earlier one not"
            );
            return at + through;
        }
        at += killed.len();
    }
}

/// Kills a run; says whether it was reached.
fn kill(faults: &Faults, place: &Place, at: usize, arguments: &[&str]) -> bool {
    let output = faults.run(Fault::Kill, at, &place.path, arguments);
    if output.status.signal() == KILLED {
        return true;
    }
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    false
}

fn library() -> Option<(Place, Faults)> {
    let place = Place::new();
    let faults = Faults::new(&place.path)?;
    Some((place, faults))
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Next {
    Undo,
    Finish,
    Unpack,
    Foreign,
}

/// Without its journal beside it the folder is refused all the same, unless it is in one of the two states.
fn moved_away(before: &Tree, is_mixed: bool, at: usize) {
    let place = Place::with(before);
    fs_err::rename(place.path.join("src"), place.path.join("moved")).expect("renames");
    if !place.path.join("moved/.solship-interrupted").exists() {
        assert!(!is_mixed, "{at}: half written, and nothing in it says so");
        return;
    }
    for arguments in [
        &["plan", "moved"][..],
        &["verify", "moved"],
        &["pack", "moved", "packed.zip"],
        &["unpack", "new.zip", "moved", "--force"],
        &["unpack", "new.zip", "moved", "--force", "--dry-run"],
        &["unpack", "--finish", "moved"],
    ] {
        let (code, out, said) = place.run(arguments);
        assert!(code == Some(2) && out.is_empty() && said.contains("moved or copied"), "{at}: {said}");
    }
    assert!(!place.path.join("packed.zip").exists());
    fs_err::rename(place.path.join("moved"), place.path.join("src")).expect("renames");
    place.must(&["unpack", "--undo", "src"]);
    assert!(!place.path.join("src/.solship-interrupted").exists(), "{at}");
}

#[test]
fn an_existing_folder_is_old_or_new_or_says_so() {
    let Some((_keep, faults)) = library() else { return };
    let stages = Stages::new();
    let unpack = ["unpack", "new.zip", "src"];
    let journals = std::sync::atomic::AtomicUsize::new(0);
    let kills = at_every_call(|at| {
        let mut reached = false;
        for next in [Next::Undo, Next::Finish, Next::Unpack, Next::Foreign] {
            let place = Place::with(&stages.start);
            reached = kill(&faults, &place, at, &unpack);
            let before = place.tree();
            let (code, _, said) = place.run(&["inspect", "src"]);
            let is_pending = code == Some(2);
            let found = below(&before, "src");
            if is_pending {
                journals.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                assert!(
                    said.contains("interrupted") && said.contains("hint: solship unpack --finish src"),
                    "{at}: {said}"
                );
                let is_mixed = {
                    let mut files = found.clone();
                    files.remove(".solship-interrupted");
                    files != stages.old && files != stages.new
                };
                moved_away(&before, is_mixed, at);
                for reads in [
                    &["plan", "src"][..],
                    &["plan", "."],
                    &["plan", "--recursive", "."],
                    &["verify", "src"],
                    &["verify", "old.zip", "--built-from", "src"],
                    &["pack", "src", "packed.zip"],
                    &["unpack", "new.zip", "src", "--dry-run"],
                ] {
                    let (code, out, said) = place.run(reads);
                    assert!(
                        code == Some(2) && out.is_empty() && said.contains("interrupted"),
                        "{at} {reads:?}: {said}"
                    );
                }
                assert!(changes(&before, &place.tree()).is_empty(), "{at}: a command that reads has written");
            } else {
                assert!(
                    found == stages.old || found == stages.new,
                    "{at}: neither state, and nothing says so"
                );
                assert_eq!(code, Some(0), "{at}: {said}");
            }
            let was_old = found == stages.old;
            let expected = match next {
                Next::Undo => {
                    place.must(&["unpack", "--undo", "src"]);
                    if is_pending || was_old { &stages.old } else { &stages.new }
                }
                Next::Finish => {
                    place.must(&["unpack", "--finish", "src"]);
                    if is_pending || !was_old { &stages.new } else { &stages.old }
                }
                Next::Unpack => {
                    let said = place.must(&unpack);
                    assert_eq!(
                        said.contains("an interrupted run was finished first"),
                        is_pending,
                        "{at}: {said}"
                    );
                    &stages.new
                }
                // Interrupted or not, another solution does not take its place.
                Next::Foreign => {
                    let other = place.path.join("other.zip");
                    zip_of(&fixture("FabRobots"), &other);
                    let (code, _, said) = place.run(&["unpack", "other.zip", "src"]);
                    assert!(code == Some(2) && said.contains("another solution"), "{at}: {said}");
                    fs_err::remove_file(other).expect("removes");
                    if is_pending || !was_old { &stages.new } else { &stages.old }
                }
            };
            let mut whole = stages.start.clone();
            whole.retain(|path, _| !path.starts_with("src/"));
            whole.insert("src/".into(), Vec::new());
            whole.extend(expected.iter().map(|(path, bytes)| (format!("src/{path}"), bytes.clone())));
            assert_eq!(
                changes(&whole, &place.tree()),
                Vec::<String>::new(),
                "{at}, {next:?}, pending {is_pending}"
            );
        }
        reached
    });
    let journals = journals.into_inner();
    println!("{kills} kills, three ways on from each; {journals} of these runs left a journal");
    assert!(kills > 40 && journals > 20, "{kills} kills, {journals} journals: too few to show anything");
}

#[test]
fn finishing_and_taking_back_may_be_killed_as_well() {
    let Some((_keep, faults)) = library() else { return };
    let stages = Stages::new();
    let is_pending = |at: usize| {
        let place = Place::with(&stages.start);
        kill(&faults, &place, at, &["unpack", "new.zip", "src"]);
        place.run(&["inspect", "src"]).0 == Some(2)
    };
    let pending: Vec<usize> = (1..60).filter(|at| at % 3 == 0 && is_pending(*at)).collect();
    assert!(pending.len() >= 3, "{pending:?}");
    for first in pending {
        for option in ["--undo", "--finish"] {
            let kills = at_every_call(|at| {
                let place = Place::with(&stages.start);
                kill(&faults, &place, first, &["unpack", "new.zip", "src"]);
                let reached = kill(&faults, &place, at, &["unpack", option, "src"]);
                place.run(&["unpack", option, "src"]);
                let found = below(&place.tree(), "src");
                let expected = if option == "--undo" { &stages.old } else { &stages.new };
                assert_eq!(changes(expected, &found), Vec::<String>::new(), "{first} {option} {at}");
                assert_eq!(place.path.read_dir_utf8().expect("there").count(), 3, "{first} {option} {at}");
                reached
            });
            assert!(kills > 5, "{first} {option}: {kills}");
        }
    }
}

#[test]
fn a_new_folder_is_whole_or_absent() {
    let Some((_keep, faults)) = library() else { return };
    let mut start = Stages::new().start;
    start.retain(|path, _| !path.starts_with("src/"));
    let whole = Place::with(&start);
    whole.must(&["unpack", "old.zip", "new/src"]);
    let whole = whole.tree();
    let kills = at_every_call(|at| {
        let mut reached = false;
        for is_undone in [false, true] {
            let place = Place::with(&start);
            reached = kill(&faults, &place, at, &["unpack", "old.zip", "new/src"]);
            let found = below(&place.tree(), "new/src");
            assert!(found.is_empty() || found == below(&whole, "new/src"), "{at}: half a folder");
            // What was made ready is no solution for anybody who looks for some.
            let (_, out, _) = place.run(&["plan", "--recursive", "--format", "list", "new"]);
            assert_eq!(out.is_empty(), found.is_empty(), "{at}: {out}");
            if is_undone {
                // Without anything there the folder is not known.
                place.run(&["unpack", "--undo", "new/src"]);
                assert_eq!(below(&place.tree(), "new/src"), found, "{at}");
                assert!(place.tree().keys().all(|path| !path.contains("solship")), "{at}");
            } else {
                place.must(&["unpack", "old.zip", "new/src"]);
                assert_eq!(changes(&whole, &place.tree()), Vec::<String>::new(), "{at}");
            }
        }
        reached
    });
    println!("{kills} kills");
    assert!(kills > 30, "{kills}");
}

#[test]
fn an_archive_is_whole_or_as_before() {
    let Some((_keep, faults)) = library() else { return };
    let start = Stages::new().start;
    for (target, has_old) in [("old.zip", true), ("dist/made.zip", false)] {
        let whole = Place::with(&start);
        fs_err::write(whole.path.join("src/turns/into/a.txt"), "changed").expect("writes");
        let start = whole.tree();
        whole.must(&["pack", "src", target]);
        let whole = whole.tree();
        assert!(!changes(&start, &whole).is_empty());
        let kills = at_every_call(|at| {
            let place = Place::with(&start);
            let reached = kill(&faults, &place, at, &["pack", "src", target]);
            let found = place.tree();
            let of = |tree: &Tree| tree.get(target).cloned();
            assert!(of(&found) == of(&start) || of(&found) == of(&whole), "{target} {at}: half an archive");
            assert_eq!(below(&found, "src"), below(&start, "src"));
            place.must(&["pack", "src", target]);
            assert_eq!(changes(&whole, &place.tree()), Vec::<String>::new(), "{target} {at}");
            reached
        });
        println!("{target}: {kills} kills");
        assert!(kills >= 4 + usize::from(!has_old), "{target}: {kills}");
    }
}
