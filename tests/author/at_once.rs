//! Several edits of one solution at once: none is lost.

use std::process::{Command, Stdio};

use solship::author::Editor;
use solship::package::OpenOptions;

use super::unpacked;

const LOCKED: &str = ": another run is writing there\nhint: wait until it has ended\n";

#[test]
fn a_solution_that_is_edited_is_locked_from_the_start() {
    let place = unpacked("FabRobotAccess");
    let before = place.tree();
    for solution in ["src", "Fab.zip"] {
        let edit = ["add", "variable", "fab_Limit", "--default", "1", "--solution", solution];
        let path = place.path.join(solution);
        let first = Editor::open(&path, &OpenOptions::default(), false).expect("a solution");
        let stderr = place.refused(&edit);
        assert!(stderr.ends_with(LOCKED), "{stderr}");
        // What is only tried or read is not held up, and holds up nobody.
        place.must(&[&edit[..], &["--dry-run"]].concat());
        place.must(&["version", solution]);
        drop(first);
        let tried = Editor::open(&path, &OpenOptions::default(), true).expect("a solution");
        assert_eq!(place.tree(), before, "{solution}");
        place.must(&edit);
        drop(tried);
        place.must(&["remove", "variable", "fab_Limit", "--solution", solution]);
        // Nothing to do, and nothing is left behind.
        place.must(&["rename", "variable", "fab_Robot7User", "fab_Robot7User", "--solution", solution]);
        place.must(&["unpack", "Fab.zip", "src"]);
        assert!(place.tree().keys().eq(before.keys()), "{solution}");
    }
}

#[test]
fn what_is_told_as_done_is_there() {
    let place = unpacked("FabRobotAccess");
    for solution in ["src", "Fab.zip"] {
        let names: Vec<String> = (0..6).map(|number| format!("fab_Number{number}")).collect();
        let runs: Vec<_> = names
            .iter()
            .map(|name| {
                Command::new(env!("CARGO_BIN_EXE_solship"))
                    .args(["add", "variable", name, "--default", "1", "--solution", solution])
                    .current_dir(&place.path)
                    .stdin(Stdio::null())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .expect("runs")
            })
            .collect();
        let mut done = Vec::new();
        for (name, run) in names.iter().zip(runs) {
            let output = run.wait_with_output().expect("ends");
            let stderr = String::from_utf8(output.stderr).unwrap();
            match output.status.code() {
                Some(0) => done.push(name),
                code => assert!(code == Some(2) && stderr.ends_with(LOCKED), "{code:?}: {stderr}"),
            }
        }
        assert!(!done.is_empty());
        let shown = place.must(&["inspect", solution, "--all"]);
        for name in &names {
            assert_eq!(shown.contains(name.as_str()), done.contains(&name), "{name} in {solution}: {shown}");
        }
    }
}
