//! `unpack` and `pack` as commands, on the fixtures: whole round trips, what is left alone, what is refused.

mod long;
mod maps;
mod place;
mod refused;
mod remembered;
mod users;

use std::process::Command;

use camino::Utf8Path;

use place::{Place, entries_of, files_of, run, zip_of};

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
    let before = place.files("");
    for (option, short) in [
        ("--singleComponent", "-sc"),
        ("--localize", "-loc"),
        ("--sourceLoc", "-src"),
        ("--useLcid", "-lcid"),
        ("--processCanvasApps", "-pca"),
        ("--disablePluginRemap", "-dpm"),
    ] {
        let (stdout, stderr) = run(&place.path, 2, &["unpack", "Fab.zip", "other", option]);
        let words = format!("error: {option} is not supported\nhint: ");
        assert!(stdout.is_empty() && stderr.starts_with(&words), "{stderr}");
        let by_short = run(&place.path, 2, &["unpack", "Fab.zip", "other", short]);
        assert_eq!(by_short, (stdout, stderr), "{short}");
    }
    assert!(!place.path.join("other").exists());
    assert_eq!(place.files(""), before);
    run(&place.path, 0, &["pack", "src", "same.zip", "-p", "Managed", "-same"]);
    run(&place.path, 0, &["unpack", "Fab.zip", "src", "-same", "-sc", "None", "-loc", "false"]);
    // Behind -- it is the name of a file, and to other commands an option of theirs.
    run(&place.path, 0, &["pack", "src", "--", "-c"]);
    assert!(place.path.join("-c").exists());
    let (_, stderr) = run(&place.path, 2, &["plan", "out.zip", "-c"]);
    assert!(stderr.contains("'-c'"), "{stderr}");
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
    let (stdout, _) = run(&place.path, 0, &["unpack", "Fab.zip", "mine", "--force"]);
    assert!(stdout.contains("not deleted: thesis.txt"), "{stdout}");
    assert_eq!(place.bytes("mine/thesis.txt"), b"years");
    fs_err::remove_dir_all(place.path.join("mine/Other")).expect("there");
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

const USUALLY_THE_USERS: [(&str, &str); 5] = [
    ("Controls/fab_Grid/README.md", "of the control"),
    ("Assets/.hidden", "1"),
    ("Assets/a.orig", "2"),
    ("bin/x.dll", "3"),
    ("CanvasApps/src/a/b.json", "4"),
];

#[test]
fn no_entry_is_lost_for_its_name() {
    let place = Place::with("FabRobotAccess", &USUALLY_THE_USERS);
    place.write("src/README.md", "mine");
    place.write("src/bin/mine.dll", "mine");
    let (stdout, _) = run(&place.path, 0, &["unpack", "Fab.zip", "src", "--force"]);
    assert!(stdout.contains("warning[PKG017]") && stdout.contains("Assets/.hidden"), "{stdout}");
    run(&place.path, 0, &["pack", "src", "out.zip"]);
    let packed = entries_of(&place.path.join("out.zip"));
    for (path, text) in USUALLY_THE_USERS {
        assert!(packed.contains(&(path.to_owned(), text.as_bytes().to_vec())), "{path} is lost");
    }
    let names = |entries: &[(String, Vec<u8>)]| -> Vec<String> {
        let names = entries.iter().map(|(name, _)| name.clone());
        names.filter(|name| name != "[Content_Types].xml").collect()
    };
    assert_eq!(names(&packed), names(&entries_of(&place.path.join("Fab.zip"))));
    // The second time there is nothing to say, and a line of the user's stays.
    let mut lines = place.bytes("src/.solshipignore");
    lines.extend(b"*.tmp\n");
    place.write("src/.solshipignore", &lines);
    let (stdout, _) = run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    assert!(!stdout.contains("PKG017") && stdout.contains(": 0 files written"), "{stdout}");
    assert_eq!(place.bytes("src/.solshipignore"), lines);
    // What is no longer in the package goes, the user's own stays.
    let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/release/FabRobotAccess");
    zip_of(&source, &place.path.join("Fab.zip"), &[]);
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    for (path, _) in USUALLY_THE_USERS {
        assert!(!place.path.join("src").join(path).exists(), "{path}");
    }
    assert_eq!(place.bytes("src/README.md"), b"mine");
    assert_eq!(place.bytes("src/bin/mine.dll"), b"mine");
}

#[test]
fn a_file_that_the_user_keeps_out_of_packs_is_not_unpacked() {
    let place = Place::with("FabRobotAccess", &[("Assets/x.tmp", "1")]);
    place.write("src/.solshipignore", "*.tmp\n");
    place.write("src/Assets/x.tmp", "mine");
    let (_, stderr) = run(&place.path, 2, &["unpack", "Fab.zip", "src", "--force"]);
    assert!(stderr.contains("Assets/x.tmp") && stderr.contains("!/Assets/x.tmp"), "{stderr}");
    assert_eq!(place.bytes("src/Assets/x.tmp"), b"mine");
    place.write("src/.solshipignore", "*.tmp\n!/Assets/x.tmp\n");
    run(&place.path, 0, &["unpack", "Fab.zip", "src", "--force"]);
    run(&place.path, 0, &["pack", "src", "out.zip"]);
    assert!(entries_of(&place.path.join("out.zip")).contains(&("Assets/x.tmp".to_owned(), b"1".to_vec())));
    for entry in [".solshipignore", "solship.toml", ".solship-interrupted", ".solship-stage/journal"] {
        let place = Place::with("FabRobotAccess", &[(entry, "")]);
        let (_, stderr) = run(&place.path, 2, &["unpack", "Fab.zip", "src"]);
        assert!(stderr.contains(entry), "{stderr}");
        assert!(!place.path.join("src").exists());
        let (stdout, _) = run(&place.path, 1, &["verify", "Fab.zip"]);
        assert!(stdout.contains("error[PKG012]") && stdout.contains(entry), "{stdout}");
    }
}

#[test]
fn a_line_for_a_whole_folder_has_no_line_behind_it_that_takes_a_file_back() {
    let place = Place::new("FabFlows");
    for (line, hint) in [
        ("Workflows/", "hint: take that line out of .solshipignore: what is in a folder"),
        ("Workflows/*", "hint: take that line out of .solshipignore, or add behind it: !/Workflows/"),
    ] {
        place.write("src/.solshipignore", format!("{line}\n"));
        let (_, stderr) = run(&place.path, 2, &["unpack", "Fab.zip", "src"]);
        assert!(stderr.contains(hint), "{stderr}");
    }
}

#[test]
fn the_file_of_a_row_may_have_any_name_and_what_the_row_names_has_to_be_there() {
    let place = Place::new("FabFlows");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    let flows = files_of(&place.path.join("src/Workflows"));
    let (name, _) = flows.iter().find(|(name, _)| name.ends_with(".json")).expect("a flow");
    let rename = |from: &str, to: &str| {
        let folder = place.path.join("src/Workflows");
        fs_err::rename(folder.join(from), folder.join(to)).expect("there");
    };
    rename(&format!("{name}.data.xml"), "Other.json.data.xml");
    let (stdout, _) = run(&place.path, 0, &["pack", "src", "out.zip"]);
    assert!(!stdout.contains("PKG004"), "{stdout}");
    let names = |zip: &str| -> Vec<String> {
        entries_of(&place.path.join(zip)).into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(names("out.zip"), names("Fab.zip"));
    rename(name, "Other.json");
    let words = format!("Workflows/{name}: not there, but named by Workflows/Other.json.data.xml");
    for command in [&["pack", "src", "out.zip"][..], &["verify", "src"]] {
        let (stdout, _) = run(&place.path, 1, command);
        assert!(stdout.contains("error[PKG004]") && stdout.contains(&words), "{stdout}");
    }
}

#[test]
fn what_only_one_of_two_packages_has_is_told() {
    let place = Place::with("FabRobotAccess", &[("Assets/u.txt", "1"), ("Assets/b.txt", "1")]);
    run(&place.path, 0, &["unpack", "Fab.zip", "managed"]);
    fs_err::rename(place.path.join("managed/Assets/u.txt"), place.path.join("managed/Assets/m.txt"))
        .expect("there");
    run(&place.path, 0, &["pack", "managed", "Fab_managed.zip", "--kind", "managed"]);
    let (stdout, _) = run(&place.path, 0, &["unpack", "Fab.zip", "src", "--kind", "both"]);
    for words in [
        "warning[PKG006]",
        "Assets/u.txt: in the unmanaged package alone; packing puts it into both",
        "Assets/m.txt: in the managed package alone; packing puts it into both",
    ] {
        assert!(stdout.contains(words), "{stdout}");
    }
    assert!(!stdout.contains("b.txt"), "{stdout}");
    fs_err::copy(place.path.join("Fab.zip"), place.path.join("Fab_managed.zip")).expect("writable");
    let (_, stderr) = run(&place.path, 2, &["unpack", "Fab.zip", "src", "--kind", "both"]);
    let words = "error: Fab_managed.zip: this is the unmanaged package, asked for was the managed one\n";
    assert!(stderr.starts_with(words), "{stderr}");
}

#[test]
fn a_package_that_does_not_say_whether_it_is_managed_is_not_unpacked() {
    let place = Place::new("FabRobotAccess");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    let manifest = entries_of(&place.path.join("Fab.zip"));
    let (_, manifest) = manifest.iter().find(|(name, _)| name == "solution.xml").expect("a manifest");
    let manifest = String::from_utf8(manifest.clone()).expect("UTF-8");
    for (instead, words) in [
        ("", "solution.xml: no element Managed"),
        ("<Managed>2</Managed>", "Managed is \"2\", expected 0 or 1"),
    ] {
        let changed = manifest.replace("<Managed>0</Managed>", instead);
        assert_ne!(changed, manifest);
        place.write("raw/solution.xml", &changed);
        place.write("raw/customizations.xml", "<ImportExportXml />");
        place.write("raw/[Content_Types].xml", "<Types />");
        zip_of(&place.path.join("raw"), &place.path.join("raw.zip"), &[]);
        let (_, stderr) = run(&place.path, 2, &["unpack", "raw.zip", "new"]);
        assert!(stderr.contains(words), "{stderr}");
        assert!(!place.path.join("new").exists());
    }
}

#[test]
fn a_folder_proves_an_archive_of_the_type_that_is_asked_for_and_texts_alone_differ_in_line_ends() {
    let place = Place::with("FabRobotAccess", &[("Assets/a.txt", "1\n2\n"), ("Assets/b.png", "x")]);
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    let proof = ["verify", "Fab.zip", "--built-from", "src"];
    place.write("src/Assets/a.txt", "1\r\n2\r\n");
    run(&place.path, 0, &proof);
    let (_, stderr) = run(&place.path, 2, &[&proof[..], &["--kind", "managed"]].concat());
    assert!(stderr.contains("Fab.zip: this is the unmanaged package"), "{stderr}");
    run(&place.path, 0, &[&proof[..], &["--kind", "unmanaged"]].concat());
    place.write("src/Assets/b.png", b"\x89PNG\r\n\x1a\n");
    run(&place.path, 0, &["pack", "src", "Fab.zip"]);
    place.write("src/Assets/b.png", b"\x89PNG\n\x1a\n");
    let (stdout, _) = run(&place.path, 1, &proof);
    assert!(stdout.contains("Assets/b.png"), "{stdout}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_report_that_is_lost_says_what_was_done() {
    let place = Place::new("FabRobotAccess");
    for (arguments, done) in [
        (&["unpack", "Fab.zip", "src"][..], "src: unpacked"),
        (&["pack", "src", "out.zip", "--kind", "both"], "out.zip: packed, out_managed.zip: packed"),
    ] {
        let full = fs_err::OpenOptions::new().write(true).open("/dev/full").expect("there").into_parts().0;
        let output = Command::new(env!("CARGO_BIN_EXE_solship"))
            .current_dir(&place.path)
            .args(arguments)
            .stdout(full)
            .output()
            .expect("the binary runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.starts_with(&format!("error: {done}; only the report of it is lost: ")), "{stderr}");
    }
    assert!(place.path.join("out_managed.zip").is_file());
}

#[test]
fn an_archive_that_lacks_a_named_file_is_packed_and_ends_with_1() {
    let place = Place::new("FabFlows");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    let flows = files_of(&place.path.join("src/Workflows"));
    let (name, _) = flows.iter().find(|(name, _)| name.ends_with(".json")).expect("a flow");
    fs_err::remove_file(place.path.join("src/Workflows").join(name)).expect("there");
    let (stdout, _) = run(&place.path, 1, &["pack", "src", "out.zip"]);
    assert!(stdout.contains("error[PKG004]") && stdout.contains(name.as_str()), "{stdout}");
}

#[test]
fn both_commands_say_what_they_did_as_data() {
    let place = Place::new("FabRobotAccess");
    let json = |arguments: &[&str]| -> serde_json::Value {
        let (stdout, _) = run(&place.path, 0, arguments);
        serde_json::from_str(&stdout).expect("JSON")
    };
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    place.write("src/README.md", "mine");
    place.write("src/Other/Gone.xml", "12345");
    let found = json(&["unpack", "Fab.zip", "src", "--dry-run", "--format", "json"]);
    assert_eq!(found["dryRun"], true);
    assert_eq!(found["changes"][0]["path"], "Other/Gone.xml");
    assert_eq!(found["changes"][0]["change"], "deleted");
    assert_eq!(found["changes"][0]["oldSize"], 5);
    assert_eq!(found["leftAlone"][0]["path"], "README.md");
    let found = json(&["unpack", "Fab.zip", "src", "--allowDelete", "no", "--format", "json"]);
    assert_eq!(found["notDeleted"][0], "Other/Gone.xml");
    fs_err::remove_file(place.path.join("src/Other/Gone.xml")).expect("there");
    let found = json(&["pack", "src", "out.zip", "--format", "json"]);
    assert_eq!(found["archives"][0]["path"], "out.zip");
    assert_eq!(found["archives"][0]["bytes"], place.bytes("out.zip").len());
    assert_eq!(found["leftAlone"][0]["reason"], "a read-me file");
}

#[test]
fn an_answer_may_stand_behind_its_option() {
    let place = Place::new("FabRobotAccess");
    run(&place.path, 0, &["unpack", "--allowDelete", "Fab.zip", "src"]);
    let gone = place.path.join("src/Other/Gone.xml");
    for answer in [
        &["--allowDelete", "no"][..],
        &["--allowDelete", "Prompt"],
        &["--allowDelete=No"],
        &["--allowWrite", "no"],
        &["--allowWrite=No"],
        &["-ad", "no"],
        &["-ad=No"],
        &["-aw", "no"],
    ] {
        place.write("src/Other/Gone.xml", "");
        let arguments = [&["unpack"], answer, &["-z", "Fab.zip", "-f", "src", "-p", "Unmanaged"]].concat();
        run(&place.path, 0, &arguments);
        assert!(gone.exists(), "{answer:?}");
    }
    for answer in [
        &["--allowDelete"][..],
        &["--allowDelete", "yes"],
        &["--allowDelete=True"],
        &["--allowWrite", "yes"],
        &["-ad"],
        &["-ad", "true", "-aw", "-c"],
        &[],
    ] {
        place.write("src/Other/Gone.xml", "");
        let arguments = [&["unpack", "Fab.zip", "src"], answer].concat();
        run(&place.path, 0, &arguments);
        assert!(!gone.exists(), "{answer:?}");
    }
}

#[test]
fn a_folder_of_both_packages_is_read_by_halves() {
    let place = Place::new("FabShared");
    run(&place.path, 0, &["unpack", "Fab.zip", "one"]);
    run(&place.path, 0, &["pack", "one", "X.zip", "--kind", "both"]);
    run(&place.path, 0, &["unpack", "X.zip", "src", "-p", "Both"]);
    place.write("src/README.md", "mine");
    let both = run(&place.path, 0, &["verify", "src"]).0;
    assert!(both.contains("not packed: README.md"), "{both}");
    assert_eq!(both.matches("sha256:").count(), 2, "{both}");
    let hash = |kind: &str| {
        let (text, _) = run(&place.path, 0, &["verify", "src", "--kind", kind]);
        assert_eq!(text.matches("sha256:").count(), 1, "{text}");
        text.split("sha256:").nth(1).expect("a hash")[..64].to_owned()
    };
    let of = |zip: &str| {
        let (text, _) = run(&place.path, 0, &["verify", zip]);
        text.split("sha256:").nth(1).expect("a hash")[..64].to_owned()
    };
    assert_eq!(hash("unmanaged"), of("X.zip"));
    assert_eq!(hash("managed"), of("X_managed.zip"));
    assert_ne!(hash("managed"), hash("unmanaged"));
}

#[test]
fn another_solution_is_replaced_only_by_force() {
    let place = Place::new("FabShared");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    let before = place.files("src");
    let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/release/FabRobots");
    zip_of(&source, &place.path.join("Other.zip"), &[]);
    let (_, stderr) = run(&place.path, 2, &["unpack", "Other.zip", "src"]);
    assert!(stderr.contains("holds another solution, FabShared") && stderr.contains("--force"), "{stderr}");
    assert!(before == place.files("src"));
    run(&place.path, 0, &["unpack", "Other.zip", "src", "--force"]);
    run(&place.path, 0, &["unpack", "Other.zip", "new"]);
    assert!(place.files("src") == place.files("new"));
}

#[test]
fn what_cannot_be_done_says_what_to_do() {
    let place = Place::new("FabShared");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    for (arguments, error, hint) in [
        (&["unpack", "Fab.zip"][..], "name one ZIP and one DIR", "solship unpack FabFlows.zip"),
        (&["unpack", "Fab.zip", "x", "-p", "Both"], "Fab_managed.zip: not there", "X_managed.zip"),
        (&["unpack", "src", "x"], "where an archive is expected", "solship pack src src.zip"),
        (&["unpack", "Fab.zip", "Fab.zip"], "Fab.zip: is a file, not a folder", ""),
        (&["pack", "src"], "name one DIR and one ZIP", "solship pack src/FabFlows"),
        (&["pack", "Fab.zip", "x.zip"], "no solution folder", "name the folder that unpack wrote"),
        (&["pack", "src", "x.zip", "--log", "none/log.txt"], "none/log.txt", ""),
        (&["pack", "src", "x.zip", "--map-outside"], "--map <FILE>", ""),
    ] {
        let (stdout, stderr) = run(&place.path, 2, arguments);
        assert!(
            stdout.is_empty() && stderr.contains(error) && stderr.contains(hint),
            "{arguments:?}: {stderr}"
        );
    }
    assert!(!place.path.join("x").exists() && !place.path.join("x.zip").exists());
    run(&place.path, 0, &["pack", "src", "x.zip", "--allowDelete", "yes", "--allowWrite"]);
}

#[test]
fn a_zip_on_stdin_is_unpacked() {
    let place = Place::new("FabShared");
    let zip = fs_err::File::open(place.path.join("Fab.zip")).expect("there");
    let mut command = Command::new(env!("CARGO_BIN_EXE_solship"));
    let command = command.current_dir(&place.path).args(["unpack", "-", "piped"]);
    assert!(
        command.stdin(std::process::Stdio::from(zip.into_parts().0)).output().expect("runs").status.success()
    );
    run(&place.path, 0, &["unpack", "Fab.zip", "named"]);
    assert!(place.files("piped") == place.files("named"));
}
