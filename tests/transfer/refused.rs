//! What is refused before anything is written: a log in the place of something else, two files of one component.

use super::place::{Place, run};

#[test]
fn a_log_takes_the_place_of_nothing() {
    let place = Place::new("FabFlows");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    place.write("map.xml", "<Mapping />");
    place.write("src/solship.toml", "");
    let (zip, folder) = (place.bytes("Fab.zip"), place.files("src"));
    for (arguments, word) in [
        (&["unpack", "Fab.zip", "src", "--log", "Fab.zip"][..], "overwrite Fab.zip"),
        (&["unpack", "Fab.zip", "src", "--log", "src/../Fab.zip"], "overwrite Fab.zip"),
        (&["unpack", "Fab.zip", "src", "--log", "src/Other/Solution.xml"], "one of the solution's files"),
        (&["unpack", "Fab.zip", "new", "--log", "new/log.txt"], "one of the solution's files"),
        (&["pack", "src", "out.zip", "--log", "src/log.txt"], "one of the solution's files"),
        (&["pack", "src", "out.zip", "--log", "src/solship.toml"], "one of the solution's files"),
        (&["pack", "src", "out.zip", "--log", "out.zip"], "overwrite out.zip"),
        (&["pack", "src", "out.zip", "-p", "both", "-l", "out_managed.zip"], "overwrite out_managed.zip"),
        (&["pack", "src", "out.zip", "--map", "map.xml", "--log", "map.xml"], "overwrite map.xml"),
    ] {
        let (stdout, stderr) = run(&place.path, 2, arguments);
        assert!(stdout.is_empty() && stderr.contains(word) && stderr.contains("hint: "), "{stderr}");
    }
    assert!(place.bytes("Fab.zip") == zip && place.files("src") == folder);
    assert!(place.bytes("map.xml") == b"<Mapping />" && !place.path.join("out.zip").exists());
    // In the folder, but where nothing is packed from.
    place.write("src/bin/x", "");
    run(&place.path, 0, &["pack", "src", "out.zip", "--log", "src/bin/log.txt"]);
    run(&place.path, 0, &["unpack", "out.zip", "src", "--log", "src/bin/log.txt"]);
    assert!(!place.bytes("src/bin/log.txt").is_empty());
}

#[test]
fn a_copy_that_is_still_the_same_component_is_not_packed() {
    let place = Place::new("FabFlows");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    let flow = "Workflows/Runpayroll-0C0FDED0-57C0-4F6C-8B9D-BE79CEB56D91.json";
    let copy = "Workflows/Copy.json";
    for end in ["", ".data.xml"] {
        let bytes = place.bytes(&format!("src/{flow}{end}"));
        place.write(&format!("src/{copy}{end}"), bytes);
    }
    for arguments in
        [&["pack", "src", "out.zip"][..], &["pack", "src", "out.zip", "--dry-run"], &["verify", "src"]]
    {
        let (stdout, stderr) = run(&place.path, 2, arguments);
        let told = format!("src: {copy}.data.xml and {flow}.data.xml are one component");
        assert!(stdout.is_empty() && stderr.contains(&told), "{stderr}");
    }
    assert!(!place.path.join("out.zip").exists());
    let row = String::from_utf8(place.bytes(&format!("src/{copy}.data.xml"))).expect("text");
    place.write(&format!("src/{copy}.data.xml"), row.replace(&format!("/{flow}"), &format!("/{copy}")));
    run(&place.path, 0, &["pack", "src", "out.zip"]);
    run(&place.path, 0, &["unpack", "out.zip", "again"]);
}

#[test]
fn another_type_of_package_is_told() {
    let place = Place::new("FabShared");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    run(&place.path, 0, &["pack", "src", "X.zip", "--kind", "both"]);
    let unpacked = |arguments: &[&str]| run(&place.path, 0, &[&["unpack", "X.zip"], arguments].concat()).0;
    assert!(!unpacked(&["src"]).contains("PKG006"));
    let told = |stdout: &str, words: &str| {
        assert!(stdout.contains("warning[PKG006]") && stdout.contains(words), "{stdout}");
    };
    let managed = |option: &str| run(&place.path, 0, &["unpack", "X_managed.zip", "src", option]).0;
    told(&managed("--dry-run"), "src holds the unmanaged package, this is the managed one");
    told(&managed("--force"), "src holds the unmanaged package, this is the managed one");
    assert!(!managed("--force").contains("PKG006"));
    told(&unpacked(&["src", "--kind", "both"]), "src holds the managed package, these are both");
    assert!(!unpacked(&["src", "--kind", "both"]).contains("PKG006"));
    told(&unpacked(&["src"]), "src holds both packages, this is the unmanaged one");
    assert!(!unpacked(&["new"]).contains("PKG006"));
}

#[test]
fn names_that_lead_nowhere_are_refused_in_words() {
    let place = Place::new("FabRobotAccess");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    let before = place.files("");
    for (arguments, words) in [
        (&["pack", "src", "-"][..], "error: a zip is not written to stdout\nhint: "),
        (&["pack", "-f", "src", "-z", "-", "-p", "both"], "error: a zip is not written to stdout\nhint: "),
        (&["pack", "src", ""], "error: an empty name"),
        (&["pack", "", "out.zip"], "error: an empty name"),
        (&["unpack", "Fab.zip", ""], "error: an empty name"),
        (&["unpack", "", "new"], "error: an empty name"),
        (&["verify", "Fab.zip", "--built-from", "none"], "error: none: no such file or folder"),
        (&["unpack", "Fab.zip", "new", "--max-ratio", "0"], "error: invalid value '0'"),
    ] {
        let (stdout, stderr) = run(&place.path, 2, arguments);
        assert!(stdout.is_empty() && stderr.starts_with(words), "{arguments:?}: {stderr}");
    }
    assert_eq!(place.files(""), before);
}

#[test]
#[cfg(target_os = "linux")]
fn the_systems_name_of_stdin_has_the_hint_of_solships() {
    let place = Place::new("FabRobotAccess");
    // Stdin is no file here.
    let (_, stderr) = run(&place.path, 2, &["unpack", "/dev/stdin", "new"]);
    assert_eq!(stderr, "error: /dev/stdin: neither a file nor a folder\nhint: - reads a zip from stdin\n");
}

#[test]
fn a_line_that_leaves_out_what_every_solution_has_is_named() {
    let place = Place::new("FabRobotAccess");
    run(&place.path, 0, &["unpack", "Fab.zip", "src"]);
    for line in ["Other/", "*", "Customizations.xml"] {
        place.write("src/.solshipignore", format!("{line}\n"));
        let commands: [&[&str]; 4] = [
            &["pack", "src", "out.zip"],
            &["verify", "src"],
            &["inspect", "src"],
            &["verify", "Fab.zip", "--built-from", "src"],
        ];
        for arguments in commands {
            let (_, stderr) = run(&place.path, 2, arguments);
            let words = format!("which is left out: {line} in .solshipignore");
            assert!(stderr.contains(&words), "{arguments:?}: {stderr}");
        }
    }
}
