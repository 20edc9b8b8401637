//! Deployments killed, or refused by the system, before each call that changes a file: what is there is always a whole
//! state, and a second run ends where an undisturbed one does.

use std::os::unix::process::ExitStatusExt;

use rayon::prelude::*;

use super::commands::Home;
use super::support::fault::{Fault, Faults};
use super::support::place::{Place, Tree, fixture, put, zip_of};

const DEPLOY: [&str; 5] = ["deploy", "release", "--env", "uat", "--yes"];

/// An empty environment beside a release.
fn start() -> Tree {
    let home = Home::new();
    let folder = home.0.path.join("release");
    fs_err::create_dir(&folder).expect("made");
    for name in ["FabRobotAccess", "FabShared", "FabRobots", "FabFlows"] {
        zip_of(&fixture(name), &folder.join(format!("{name}.zip")));
    }
    home.must(&["env", "new", "uat"]);
    home.must(&["env", "provide", "uat", "MicrosoftFlowExtensionsCore", "1.10.18.1"]);
    home.0.tree()
}

fn home(tree: &Tree) -> Home {
    let home = Home::new();
    put(&home.0.path, tree);
    home
}

/// Runs until a run is not disturbed any more, and gives how many were.
fn at_every_call(disturbed: impl Fn(usize) -> bool + Sync) -> usize {
    let mut at = 1;
    loop {
        let reached: Vec<bool> = (at..at + 16).into_par_iter().map(&disturbed).collect();
        if let Some(through) = reached.iter().position(|reached| !reached) {
            return at + through - 1;
        }
        at += reached.len();
    }
}

fn library() -> Option<(Place, Faults)> {
    let place = Place::new();
    let faults = Faults::new(&place.path)?;
    Some((place, faults))
}

#[test]
fn a_deployment_that_is_killed_anywhere_goes_on_to_the_same_end() {
    let Some((_keep, faults)) = library() else { return };
    let start = start();
    let whole = home(&start);
    whole.must(&DEPLOY);
    let (expected, log) = (whole.snapshot("uat"), whole.must(&["env", "log", "uat"]));
    let kills = at_every_call(|at| {
        let home = home(&start);
        let output = faults.run_command(Fault::Kill, at, home.command(&DEPLOY));
        let is_killed = output.status.signal() == Some(9);
        assert!(is_killed || output.status.success(), "{at}: {}", String::from_utf8_lossy(&output.stderr));
        home.must(&["env", "show", "uat"]);
        home.must(&DEPLOY);
        assert_eq!(home.snapshot("uat"), expected, "{at}");
        assert_eq!(home.must(&["env", "log", "uat"]), log, "{at}");
        is_killed
    });
    println!("{kills} kills");
    assert!(kills > 15, "{kills}");
}

#[test]
fn a_system_that_refuses_leaves_a_whole_state() {
    let Some((_keep, faults)) = library() else { return };
    let start = start();
    let whole = home(&start);
    whole.must(&DEPLOY);
    let expected = whole.snapshot("uat");
    for fault in [Fault::Full, Fault::Once, Fault::Broken] {
        let count = at_every_call(|at| {
            let home = home(&start);
            // Every fifth call: that each is a place to stop at the other test shows.
            let output = faults.run_command(fault, at * 5 - 4, home.command(&DEPLOY));
            let stderr = String::from_utf8_lossy(&output.stderr);
            // What is beside the point, such as the tidying up, may fail without being told.
            let is_told = output.status.code() == Some(2) && stderr.contains("error: ");
            assert!(is_told || output.status.success(), "{fault:?} {at}: {stderr}");
            home.must(&DEPLOY);
            assert_eq!(home.snapshot("uat"), expected, "{fault:?} {at}");
            at < 16
        });
        assert_eq!(count, 15);
    }
}

#[test]
fn an_environment_is_made_whole_or_not_at_all() {
    let Some((_keep, faults)) = library() else { return };
    let start = start();
    let full = home(&start);
    full.must(&DEPLOY);
    full.must(&["env", "snapshot", "uat", "--with-values", "--out", "full.json"]);
    let start = full.0.tree();
    let expected = full.snapshot("uat");
    let restore = ["env", "restore", "other", "full.json"];
    let kills = at_every_call(|at| {
        let home = home(&start);
        let output = faults.run_command(Fault::Kill, at, home.command(&restore));
        let (code, _, stderr) = home.run(&["env", "show", "other"]);
        if code == Some(0) {
            assert_eq!(home.snapshot("other"), expected, "{at}");
        } else {
            assert!(stderr.contains("there is no such environment"), "{at}: {stderr}");
            home.must(&restore);
        }
        home.must(&["env", "list"]);
        output.status.signal() == Some(9)
    });
    assert!(kills > 10, "{kills}");
}
