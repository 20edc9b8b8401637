//! `unpack` and `pack` as commands, on the fixtures: whole round trips, what is left alone, what is refused.

use std::process::{Command, Output};

use camino::{Utf8Path, Utf8PathBuf};

fn solship(folder: &Utf8Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_solship"))
        .current_dir(folder)
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .output()
        .expect("the binary runs")
}

/// Runs, wants an exit code, and gives stdout and stderr.
fn run(folder: &Utf8Path, code: i32, arguments: &[&str]) -> (String, String) {
    let output = solship(folder, arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{stdout}\n{stderr}");
    (stdout, stderr)
}

/// A folder with `Fab.zip`, made of a fixture.
struct Place {
    _temporary: tempfile::TempDir,
    path: Utf8PathBuf,
}

impl Place {
    fn new(fixture: &str) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let path = Utf8PathBuf::from_path_buf(temporary.path().to_owned()).expect("UTF-8");
        let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/release").join(fixture);
        zip_of(&source, &path.join("Fab.zip"));
        Self { _temporary: temporary, path }
    }

    fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        files_of(&self.path.join(folder))
    }
}

fn files_of(folder: &Utf8Path) -> Vec<(String, Vec<u8>)> {
    let walk =
        walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(|found| found.expect("readable"));
    walk.filter(|found| found.file_type().is_file())
        .map(|found| {
            let path = Utf8PathBuf::from_path_buf(found.into_path()).expect("UTF-8");
            let bytes = fs_err::read(&path).expect("readable");
            (path.strip_prefix(folder).expect("below").to_string(), bytes)
        })
        .collect()
}

fn zip_of(folder: &Utf8Path, target: &Utf8Path) {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(fs_err::File::create(target).expect("writable"));
    let options = zip::write::SimpleFileOptions::default();
    for (path, bytes) in files_of(folder) {
        writer.start_file(path, options).expect("a path");
        writer.write_all(&bytes).expect("writable");
    }
    writer.finish().expect("writable");
}

#[test]
fn a_package_becomes_a_folder_and_the_folder_the_same_package() {
    let place = Place::new("FabFlows");
    let (stdout, _) = run(&place.path, 0, &["unpack", "Fab.zip", "src/Fab"]);
    // Six flows with a row file each, manifest and customizations.
    assert_eq!(stdout, "src/Fab holds the unmanaged package now: 14 files written\n");
    let first = place.files("src/Fab");
    run(&place.path, 0, &["pack", "src/Fab", "out/Fab.zip"]);
    run(&place.path, 0, &["unpack", "out/Fab.zip", "again"]);
    assert!(first == place.files("again"), "unpack of pack is another folder");
    run(&place.path, 0, &["pack", "again", "again.zip"]);
    let bytes = |name: &str| fs_err::read(place.path.join(name)).expect("readable");
    assert!(bytes("out/Fab.zip") == bytes("again.zip"), "the same files gave other bytes");
    let (stdout, _) = run(&place.path, 0, &["unpack", "Fab.zip", "src/Fab"]);
    assert_eq!(stdout, "src/Fab holds the unmanaged package now: 0 files written, 14 unchanged\n");
}

#[test]
fn what_is_not_the_packages_is_kept_and_what_it_lost_is_deleted() {
    let place = Place::new("FabRobotAccess");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    let write = |path: &str| fs_err::write(place.path.join("src").join(path), "mine").expect("writable");
    for path in ["README.md", "solship.toml", ".gitignore", "old.orig", "Other/Gone.xml"] {
        write(path);
    }
    let (stdout, _) = run(&place.path, 0, &["unpack", "Fab.zip", "src", "--dry-run"]);
    assert!(stdout.contains("Other/Gone.xml"), "{stdout}");
    assert!(stdout.ends_with("Nothing was written.\n"), "{stdout}");
    let (stdout, _) = run(&place.path, 0, &["unpack", "Fab.zip", "src", "--allowDelete=no"]);
    assert!(stdout.contains("not deleted: Other/Gone.xml"), "{stdout}");
    // Nobody can be asked, so the answer is no.
    run(&place.path, 0, &["unpack", "Fab.zip", "src", "--allowDelete=prompt"]);
    assert!(place.path.join("src/Other/Gone.xml").exists());
    run(&place.path, 0, &["unpack", "Fab.zip", "src", "--allowDelete"]);
    assert!(!place.path.join("src/Other/Gone.xml").exists());
    for path in ["README.md", "solship.toml", ".gitignore", "old.orig"] {
        assert!(place.path.join("src").join(path).exists(), "{path}");
    }
    let (stdout, _) = run(&place.path, 0, &["pack", "src", "out.zip", "--all"]);
    assert!(stdout.contains("README.md") && stdout.contains("old.orig"), "{stdout}");
    let (stdout, _) = run(&place.path, 0, &["inspect", "out.zip", "--format", "json"]);
    assert!(!stdout.contains("README") && !stdout.contains("orig"), "{stdout}");
}

#[test]
fn options_of_pac_work_in_its_spelling_and_what_is_not_taken_over_says_what_to_do() {
    let place = Place::new("FabShared");
    run(&place.path, 0, &["unpack", "--zipfile", "Fab.zip", "--folder", "src", "--packagetype", "Unmanaged"]);
    run(
        &place.path,
        0,
        &["pack", "-z", "out.zip", "-f", "src", "-p", "Managed", "-l", "log.txt", "-e", "Error"],
    );
    let (stdout, _) = run(&place.path, 0, &["plan", "out.zip"]);
    assert!(stdout.starts_with("1 managed solution"), "{stdout}");
    assert!(place.path.join("log.txt").exists());
    for option in [
        "--singleComponent",
        "--localize",
        "--sourceLoc",
        "--useLcid",
        "--processCanvasApps",
        "--disablePluginRemap",
    ] {
        let (stdout, stderr) = run(&place.path, 2, &["unpack", "Fab.zip", "other", option]);
        assert!(stdout.is_empty() && stderr.contains(option) && stderr.contains("hint: "), "{stderr}");
    }
    assert!(!place.path.join("other").exists());
}

#[test]
fn a_package_of_the_other_type_a_foreign_folder_and_a_target_inside_are_refused() {
    let place = Place::new("FabShared");
    let (_, stderr) = run(&place.path, 2, &["unpack", "Fab.zip", "src", "--kind", "managed"]);
    assert!(stderr.contains("this is the unmanaged package"), "{stderr}");
    fs_err::create_dir(place.path.join("mine")).expect("writable");
    fs_err::write(place.path.join("mine/thesis.txt"), "years").expect("writable");
    let (_, stderr) = run(&place.path, 2, &["unpack", "Fab.zip", "mine"]);
    assert!(stderr.contains("--force"), "{stderr}");
    assert_eq!(place.files("mine").len(), 1);
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    run(&place.path, 2, &["pack", "src", "src/out.zip"]);
    run(&place.path, 2, &["pack", "mine", "out.zip"]);
    assert!(!place.path.join("src/out.zip").exists() && !place.path.join("out.zip").exists());
}

#[test]
fn only_the_characters_of_the_version_change() {
    let place = Place::new("FabRobots");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    run(&place.path, 0, &["pack", "src", "one.zip"]);
    run(&place.path, 0, &["pack", "src", "two.zip", "--set-version", "9.8.7.6"]);
    run(&place.path, 0, &["unpack", "one.zip", "one"]);
    run(&place.path, 0, &["unpack", "two.zip", "two"]);
    let (one, two) = (place.files("one"), place.files("two"));
    for ((path, before), (_, after)) in one.iter().zip(&two) {
        let before = String::from_utf8_lossy(before);
        let wanted = if path == "Other/Solution.xml" {
            before.replacen("<Version>1.4.0.0</Version>", "<Version>9.8.7.6</Version>", 1)
        } else {
            before.into_owned()
        };
        assert_eq!(wanted, String::from_utf8_lossy(after), "{path}");
    }
}

#[test]
fn places_in_a_packager_folder_are_the_users_own_files() {
    let place = Place::new("FabRobots");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    let (stdout, _) = run(&place.path, 1, &["plan", "src", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    let need = plan["unresolved"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|need| need["components"].as_array().into_iter().flatten())
        .find(|part| part["component"]["key"] == "fab_sharepoint")
        .expect("the connection reference is elsewhere");
    let found = need["place"]["file"].as_str().expect("a file");
    let line = need["place"]["line"].as_u64().expect("a line") as usize;
    let text = fs_err::read_to_string(place.path.join(found)).expect("a file of the user's");
    // The place is the row; what it needs stands in the line below.
    let mut lines = text.lines().skip(line - 1);
    assert!(lines.next().is_some_and(|row| row.contains("<MissingDependency>")), "{found}:{line}");
    assert!(lines.next().is_some_and(|needed| needed.contains("fab_sharepoint")), "{found}:{line}");
}
