//! What is remembered of a run saves time and changes nothing else.

use std::process::{Command, Output};

use camino::{Utf8Path, Utf8PathBuf};

use super::place::{Place, zip_of};

/// Runs with a folder to remember in, or without one.
fn run(place: &Place, cache: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_solship"))
        .current_dir(&place.path)
        .args(arguments)
        .env("SOLSHIP_CACHE", cache)
        .stdin(std::process::Stdio::null())
        .output()
        .expect("the binary runs")
}

/// What the program said, and the files afterwards.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    files: Vec<(String, Vec<u8>)>,
}

fn told(place: &Place, cache: &str, arguments: &[&str]) -> Told {
    let output = run(place, cache, arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Told {
        code: output.status.code(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
        files: place.files("src"),
    }
}

fn records(place: &Place) -> Vec<Utf8PathBuf> {
    let folder = place.path.join("cache/unpacked");
    let Ok(children) = folder.read_dir_utf8() else { return Vec::new() };
    let mut records: Vec<_> = children.map(|child| child.expect("readable").into_path()).collect();
    records.sort();
    records
}

fn later_archive(place: &Place) {
    let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/release/FabShared");
    zip_of(&source, &place.path.join("Later.zip"), &[("WebResources/fab_later.js", "later()")]);
}

/// One of the files that are cut out of `customizations.xml`.
const CONNECTOR: &str = "src/Connectors/fab_5Fpayroll.xml";

/// What happens to the folder before a run.
enum Before {
    Nothing,
    Write(&'static str, &'static str),
    Replace(&'static str, &'static str, &'static str),
    Remove(&'static str),
    Copy(&'static str, &'static str),
    MakeFolder(&'static str),
}

impl Before {
    fn happen(&self, place: &Place) {
        let path = |path: &str| place.path.join(path);
        match self {
            Self::Nothing => {}
            Self::Write(file, text) => place.write(file, text),
            Self::Replace(file, from, to) => {
                let text = String::from_utf8(place.bytes(file)).expect("text");
                place.write(file, text.replace(from, to));
            }
            Self::Remove(file) => fs_err::remove_file(path(file)).expect("there"),
            Self::Copy(from, to) => drop(fs_err::copy(path(from), path(to)).expect("copied")),
            Self::MakeFolder(folder) => fs_err::create_dir_all(path(folder)).expect("made"),
        }
    }
}

#[test]
fn a_run_that_remembers_tells_and_does_what_one_does_that_does_not() {
    use Before::*;
    let (with, without) = (Place::new("FabShared"), Place::new("FabShared"));
    for place in [&with, &without] {
        later_archive(place);
    }
    for (number, (before, more)) in [
        (Nothing, ""),
        (Nothing, ""),
        (Nothing, "--dry-run"),
        (Nothing, "--format json"),
        (Write("src/README.md", "mine"), ""),
        // As long as before.
        (Replace(CONNECTOR, "e", "f"), ""),
        (Replace(CONNECTOR, "\r\n", "\n"), ""),
        (Nothing, ""),
        (Nothing, "--eol lf"),
        (Nothing, "--eol crlf"),
        (Write("src/WebResources/fab_x.js", "x"), ""),
        (Write("src/WebResources/fab_x.js", "x"), "--allow-delete no"),
        (Remove(CONNECTOR), ""),
        (Copy("Fab.zip", "First.zip"), ""),
        // Another archive of the same name, and back.
        (Copy("Later.zip", "Fab.zip"), ""),
        (Copy("First.zip", "Fab.zip"), ""),
        (Nothing, ""),
        (Write("src/.git/config", "mine"), ""),
        (Write("src/.solshipignore", "/WebResources/\n"), ""),
        (Write("src/.solshipignore", "/Connectors/fab_5Fpayroll.xml\n"), ""),
        (Remove("src/.solshipignore"), ""),
        (Nothing, ""),
        (MakeFolder("src/Workflows/empty"), ""),
        (Remove("src/Other/Solution.xml"), ""),
        (Nothing, "--force"),
        (Nothing, ""),
    ]
    .into_iter()
    .enumerate()
    {
        let arguments: Vec<&str> =
            ["unpack", "Fab.zip", "src"].into_iter().chain(more.split_whitespace()).collect();
        before.happen(&with);
        before.happen(&without);
        assert_eq!(told(&with, "cache", &arguments), told(&without, "", &arguments), "step {number}");
        if number == 0 {
            assert_eq!((records(&with).len(), records(&without).len()), (1, 0));
        }
    }
    assert!(records(&with).len() > 3, "{:?}", records(&with));
}

#[test]
fn what_is_remembered_is_used() {
    let place = Place::new("FabShared");
    later_archive(&place);
    let unpack =
        |archive| String::from_utf8(run(&place, "cache", &["unpack", archive, "src"]).stdout).expect("text");
    unpack("Fab.zip");
    let [first] = &records(&place)[..] else { panic!("one record") };
    unpack("Later.zip");
    let of_later = records(&place).into_iter().find(|record| record != first).expect("another record");
    // With the record of the other archive in its place, the first one counts as unpacked.
    fs_err::copy(of_later, first).expect("copied");
    assert!(unpack("Fab.zip").contains("0 files written"));
    // What is no record says nothing.
    fs_err::write(first, "none").expect("written");
    assert!(unpack("Fab.zip").contains("1 deleted"));
}

#[test]
fn nothing_is_kept_in_the_folder_itself() {
    let place = Place::new("FabShared");
    for _ in 0..2 {
        assert!(run(&place, "src/Connectors", &["unpack", "Fab.zip", "src"]).status.success());
    }
    assert!(!place.path.join("src/Connectors/unpacked").exists());
}

#[test]
fn where_nothing_can_be_kept_nothing_is_said_of_it() {
    let place = Place::new("FabShared");
    place.write("file", "no folder");
    for _ in 0..2 {
        let output = run(&place, "file/cache", &["unpack", "Fab.zip", "src"]);
        assert!(output.status.success() && output.stderr.is_empty());
    }
}
