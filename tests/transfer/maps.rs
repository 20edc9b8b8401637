//! Map files through the binary: what is not written, where it is read, what is refused.

use camino::Utf8Path;

use crate::place::{Place, entries_of, files_of, run, zip_of};

/// A folder whose flows lie beside it, with the archive that the folder gave before they were moved away.
fn mapped(map: &str) -> Place {
    let place = Place::new("FabFlows");
    run(&place.path, 0, &["unpack", "Fab.zip", "whole"]);
    run(&place.path, 0, &["pack", "whole", "whole.zip"]);
    for (name, bytes) in files_of(&place.path.join("whole/Workflows")) {
        if name.ends_with(".json") {
            place.write(&format!("flows/{name}"), bytes);
        }
    }
    place.write("map.xml", format!("<Mapping>\n{map}\n</Mapping>"));
    place
}

const FLOWS: &str = r#"<FileToPath map="Workflows\*.json" to="..\flows\**" />"#;

#[test]
fn mapped_files_are_not_unpacked_and_are_packed_from_their_place() {
    let place = mapped(FLOWS);
    let (stdout, _) = run(&place.path, 0, &["unpack", "Fab.zip", "src", "--map", "map.xml"]);
    assert!(stdout.contains("not written, a map file says so: Workflows/"), "{stdout}");
    assert!(place.files("src/Workflows").iter().all(|(name, _)| name.ends_with(".json.data.xml")));
    run(&place.path, 0, &["pack", "src", "out.zip", "-m", "map.xml"]);
    assert!(place.bytes("out.zip") == place.bytes("whole.zip"), "mapped files were packed otherwise");
}

#[test]
fn what_is_neither_written_nor_there_is_told() {
    let place = mapped(FLOWS);
    let names: Vec<String> = place.files("flows").into_iter().map(|(name, _)| name).collect();
    fs_err::remove_file(place.path.join("flows").join(&names[0])).expect("there");
    let (stdout, _) = run(&place.path, 0, &["unpack", "Fab.zip", "src", "--map", "map.xml", "--all"]);
    assert_eq!(stdout.matches("warning[PKG004]").count(), 1, "{stdout}");
    assert!(stdout.contains(&format!("Workflows/{} is mapped and is not found at", names[0])), "{stdout}");
    let (_, stderr) = run(&place.path, 2, &["pack", "src", "out.zip", "--map", "map.xml"]);
    assert!(stderr.contains(&names[0]), "{stderr}");
}

#[test]
fn verify_reads_what_is_mapped() {
    let place = mapped(FLOWS);
    run(&place.path, 0, &["unpack", "Fab.zip", "src", "--map", "map.xml"]);
    let (stdout, _) = run(&place.path, 1, &["verify", "src"]);
    assert!(stdout.contains("PKG004"), "{stdout}");
    let (with, _) = run(&place.path, 0, &["verify", "src", "--map", "map.xml"]);
    let (whole, _) = run(&place.path, 0, &["verify", "whole"]);
    let content =
        |text: &str| text.split("sha256:").nth(1).map(|rest| rest[..64].to_owned()).expect("a hash");
    assert_eq!(content(&with), content(&whole));
    run(&place.path, 0, &["verify", "whole.zip", "--built-from", "src", "--map", "map.xml"]);
    run(&place.path, 1, &["verify", "whole.zip", "--built-from", "src"]);
    let (_, stderr) = run(&place.path, 2, &["verify", "whole.zip", "--map", "map.xml"]);
    assert!(stderr.contains("--map is about one folder"), "{stderr}");
    let (_, stderr) =
        run(&place.path, 2, &["verify", "whole.zip", "--built-from", "whole", "--set-version", "1<2"]);
    assert!(stderr.contains("not a version"), "{stderr}");
}

#[test]
fn what_a_map_file_leaves_open_is_said() {
    let place = mapped(
        r#"<FileToFile map="Workflows\**\gone.json" to="..\flows\gone.json" />
<FileToPath map="Workflows\*.json" to="..\flows\**" />"#,
    );
    let (stdout, _) = run(&place.path, 0, &["unpack", "Fab.zip", "src", "--map", "map.xml"]);
    assert!(stdout.contains("warning[PKG015]") && stdout.contains("map.xml:2:1"), "{stdout}");
    let (name, _) = place.files("flows").into_iter().next().expect("a flow");
    let (stdout, _) = run(&place.path, 0, &["pack", "src", "out.zip", "--map", "map.xml", "--all"]);
    assert!(stdout.contains("warning[PKG015]") && !stdout.contains("warning[PKG016]"), "{stdout}");
    assert!(!stdout.contains("note["), "{stdout}");
    fs_err::create_dir_all(place.path.join("flows/a")).expect("writable");
    fs_err::create_dir_all(place.path.join("flows/b")).expect("writable");
    let bytes = place.bytes(&format!("flows/{name}"));
    fs_err::rename(place.path.join("flows").join(&name), place.path.join("flows/a").join(&name))
        .expect("there");
    place.write(&format!("flows/b/{name}"), &bytes);
    let (stdout, _) = run(&place.path, 0, &["pack", "src", "out.zip", "--map", "map.xml"]);
    assert!(!stdout.contains("warning[PKG016]"), "equal bytes are no choice: {stdout}");
    place.write(&format!("flows/b/{name}"), "{}");
    let (stdout, _) = run(&place.path, 0, &["pack", "src", "out.zip", "--map", "map.xml"]);
    assert!(stdout.contains("warning[PKG016]") && stdout.contains("flows/b"), "{stdout}");
    assert!(place.bytes("out.zip") == place.bytes("whole.zip"), "the first by name is taken");
}

#[test]
fn a_map_file_that_leads_nowhere_or_outside_is_refused() {
    let place = mapped(FLOWS);
    run(&place.path, 0, &["unpack", "Fab.zip", "repo/src"]);
    fs_err::create_dir(place.path.join("repo/.git")).expect("writable");
    let refused = |map: &str, words: &str| {
        place.write("map.xml", format!("<Mapping>{map}</Mapping>"));
        let (_, stderr) = run(&place.path, 2, &["pack", "repo/src", "out.zip", "--map", "map.xml"]);
        assert!(stderr.contains("map.xml:1:") && stderr.contains(words), "{map}: {stderr}");
        assert!(!place.path.join("out.zip").exists());
    };
    refused(r#"<FileToPath map="Workflows\*.json" to="..\none" />"#, "is not found at");
    // A later line does not stand in for the first that matches.
    let two = r#"<FileToPath map="Workflows\*.json" to="..\none" /><Folder map="Workflows" to="." />"#;
    refused(two, "is not found at");
    refused(r#"<FileToPath map="*.json" to="%SOLSHIP_NOT_SET%\x" />"#, "SOLSHIP_NOT_SET is not set");
    refused(r#"<FileToPath map="Workflows\*.json" to="..\..\flows" />"#, "--map-outside");
    let absolute = place.path.join("flows");
    let absolute = format!(r#"<FileToPath map="Workflows\*.json" to="{absolute}" />"#);
    refused(&absolute, "--map-outside");
    #[cfg(unix)]
    {
        fs_err::os::unix::fs::symlink(place.path.join("flows"), place.path.join("repo/link"))
            .expect("a link");
        refused(r#"<FileToPath map="Workflows\*.json" to="..\link" />"#, "symlinks are not followed");
        refused(r#"<Folder map="Workflows" to="..\link" />"#, "symlinks are not followed");
    }
    for map in [r#"<FileToPath map="Workflows\*.json" to="..\..\flows" />"#, absolute.as_str()] {
        place.write("map.xml", format!("<Mapping>{map}</Mapping>"));
        run(&place.path, 0, &["pack", "repo/src", "out.zip", "--map", "map.xml", "--map-outside"]);
        assert!(place.bytes("out.zip") == place.bytes("whole.zip"));
    }
}

#[test]
fn a_mapped_folder_stands_for_a_folder_but_for_what_is_never_packed() {
    let place = mapped(r#"<Folder map="Workflows" to="..\flows" />"#);
    run(&place.path, 0, &["unpack", "Fab.zip", "src", "--map", "map.xml"]);
    assert!(place.files("src/Workflows").iter().all(|(name, _)| name.ends_with(".json.data.xml")));
    place.write("flows/README.md", "how to build the flows");
    let (stdout, _) = run(&place.path, 0, &["pack", "src", "out.zip", "--map", "map.xml", "--all"]);
    assert!(stdout.contains("not packed: Workflows/README.md"), "{stdout}");
    assert!(place.bytes("out.zip") == place.bytes("whole.zip"));
}

#[test]
fn a_mapped_file_that_nothing_names_is_written_so_that_pack_knows_of_it() {
    let place = Place::with("FabFlows", &[("Assets/fab.bin", "from the package"), ("Assets/gone.bin", "")]);
    place.write("map.xml", r#"<Mapping><FileToPath map="*.bin" to="..\build" /></Mapping>"#);
    place.write("build/fab.bin", "from the build");
    place.write("build/gone.bin", "");
    let (stdout, _) = run(&place.path, 0, &["unpack", "Fab.zip", "src", "--map", "map.xml"]);
    assert!(stdout.contains("no other file names them: Assets/fab.bin"), "{stdout}");
    run(&place.path, 0, &["pack", "src", "out.zip", "--map", "map.xml"]);
    let built = ("Assets/fab.bin".to_owned(), b"from the build".to_vec());
    assert!(entries_of(&place.path.join("out.zip")).contains(&built));
    // No longer in the package: deleted in the folder, whatever the map file says, and not touched where it is mapped to.
    let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/release/FabFlows");
    zip_of(&source, &place.path.join("Fab.zip"), &[("Assets/fab.bin", "from the package")]);
    run(&place.path, 0, &["unpack", "Fab.zip", "src", "--map", "map.xml"]);
    assert!(!place.path.join("src/Assets/gone.bin").exists() && place.path.join("build/gone.bin").exists());
}
