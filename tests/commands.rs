//! Whole commands: stdout, stderr and exit code of the built binary, on small packages.

mod support;

use std::io::Write;
use std::process::Stdio;

use support::folder::{Folder, told};

/// Solutions without components.
trait Solutions {
    /// Writes an unpacked one.
    fn solution(&self, path: &str, name: &str, version: &str) -> &Self;

    /// Writes a zip.
    fn zip(&self, path: &str, name: &str, version: &str) -> &Self;
}

impl Solutions for Folder {
    fn solution(&self, path: &str, name: &str, version: &str) -> &Self {
        for (file, text) in parts(name, version) {
            self.file(&format!("{path}/{file}"), text);
        }
        self
    }

    fn zip(&self, path: &str, name: &str, version: &str) -> &Self {
        self.file(path, zip(name, version))
    }
}

fn parts(name: &str, version: &str) -> [(&'static str, String); 2] {
    let manifest = format!(
        "<ImportExportXml><SolutionManifest><UniqueName>{name}</UniqueName><LocalizedNames>\
         <LocalizedName description=\"{name}\" languagecode=\"1033\" /></LocalizedNames><Descriptions />\
         <Version>{version}</Version><Managed>0</Managed><Publisher><UniqueName>fabrikam</UniqueName><LocalizedNames>\
         <LocalizedName description=\"Fabrikam\" languagecode=\"1033\" /></LocalizedNames><Descriptions />\
         <CustomizationPrefix>fab</CustomizationPrefix></Publisher><RootComponents /><MissingDependencies />\
         </SolutionManifest></ImportExportXml>"
    );
    [("solution.xml", manifest), ("customizations.xml", "<ImportExportXml />".to_owned())]
}

fn zip(name: &str, version: &str) -> Vec<u8> {
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" \
                 ContentType=\"application/octet-stream\" /></Types>";
    let files = [("[Content_Types].xml", types.to_owned())].into_iter().chain(parts(name, version));
    zip_of(&files.collect::<Vec<_>>())
}

fn zip_of(files: &[(&str, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, text) in files {
        writer.start_file(*path, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// One release with everything that can lie in a folder.
fn release() -> Folder {
    let folder = Folder::new();
    folder
        .zip("release/FabB.zip", "FabB", "1.0.0.0")
        .zip("release/FabA_2.zip", "FabA", "2.0.0.0")
        .zip("release/FabA_1.zip", "FabA", "1.0.0.0")
        .solution("release/FabC", "FabC", "1.0.0.0")
        .solution("release/later/FabD", "FabD", "1.0.0.0")
        .file("release/notes.txt", "notes")
        .file("release/data.zip", zip_of(&[("data.xml", "<data />".to_owned())]));
    folder
}

#[test]
fn help_is_short() {
    let folder = Folder::new();
    insta::assert_snapshot!("help", folder.told(&["--help"]));
    insta::assert_snapshot!("help_plan", folder.told(&["plan", "-h"]));
    insta::assert_snapshot!("help_inspect", folder.told(&["inspect", "-h"]));
    insta::assert_snapshot!("help_verify", folder.told(&["verify", "-h"]));
    insta::assert_snapshot!("help_graph", folder.told(&["graph", "-h"]));
    insta::assert_snapshot!("help_where_used", folder.told(&["where-used", "-h"]));
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let folder = Folder::new();
    for arguments in [
        &["plan"][..],
        &["order", "release"],
        &["plan", "release", "--fail-on", "never", "--exit-zero"],
        &["plan", "release", "--provided", "FabBase@new"],
        &["plan", "release", "--threads", "0"],
        &["inspect", "release", "--max-total-size", "many"],
        &["inspect", "release", "--tolerant", "--strict"],
        &["verify", "release", "--set-version", "1.0.0.0"],
        &["verify", "one.zip", "two.zip", "--built-from", "src"],
        &["verify", "absent.zip", "--built-from", "src"],
        &["where-used", "fab_Limit"],
        &["graph", "release", "--depth", "2"],
        &["graph", "release", "--level", "solution", "--type", "table"],
    ] {
        let told = folder.told(arguments);
        assert!(told.starts_with("exit code 2\n--- stdout\n--- stderr\nerror: "), "{arguments:?}: {told}");
    }
}

#[test]
fn a_folder_of_many_is_all_of_them() {
    let folder = release();
    let told = folder.told(&["inspect", "release"]);
    let headers: Vec<&str> = told.lines().filter(|line| line.contains("   unmanaged   ")).collect();
    let names: Vec<&str> = headers.iter().filter_map(|line| line.split("   ").next()).collect();
    assert_eq!(names, ["FabA 1.0.0.0", "FabA 2.0.0.0", "FabB 1.0.0.0", "FabC 1.0.0.0"], "{told}");
    assert!(
        told.ends_with("--- stderr\nskipped: release/data.zip, release/later, release/notes.txt\n"),
        "{told}"
    );
    let deeper = folder.told(&["inspect", "release", "--recursive"]);
    assert!(deeper.contains("FabD 1.0.0.0"), "{deeper}");
}

#[test]
fn the_list_holds_every_name_once_and_nothing_else() {
    let told = release().told(&["plan", "release", "--format", "list"]);
    let stdout = told.split_once("--- stdout\n").unwrap().1.split_once("--- stderr").unwrap().0;
    assert_eq!(stdout, "FabA\nFabB\nFabC\n", "{told}");
}

#[test]
fn what_cannot_be_read_is_named_and_nothing_else_is_said() {
    let folder = release();
    folder
        .file("release/broken.zip", "this is no zip")
        .file("release/FabE/solution.xml", "<ImportExportXml><SolutionManifest>")
        .file("release/FabE/customizations.xml", "<ImportExportXml />");
    // What is wrong with each is said by those who read it; here it counts that each is named, in order, once.
    let starts = |told: &str, expected: &[&str]| {
        let lines: Vec<&str> = told.lines().collect();
        lines.len() == expected.len()
            && lines.iter().zip(expected).all(|(line, start)| line.starts_with(start))
    };
    let told = folder.told(&["plan", "release", "nowhere.zip"]);
    let expected = [
        "exit code 2",
        "--- stdout",
        "--- stderr",
        "error: nowhere.zip: ",
        "error: release/FabE/solution.xml:1:",
        "error: release/broken.zip: ",
        "hint: --skip-unreadable goes on with the 4 that can be read",
    ];
    assert!(starts(&told, &expected), "{told}");

    let told = folder.told(&["plan", "release", "nowhere.zip", "--skip-unreadable", "--format", "list"]);
    let expected = [
        "exit code 0",
        "--- stdout",
        "FabA",
        "FabB",
        "FabC",
        "--- stderr",
        "warning: left out: nowhere.zip: ",
        "warning: left out: release/FabE/solution.xml:1:",
        "warning: left out: release/broken.zip: ",
        "skipped: release/data.zip, release/later, release/notes.txt",
    ];
    assert!(starts(&told, &expected), "{told}");

    let alone = folder.told(&["plan", "nowhere.zip", "--skip-unreadable"]);
    assert!(alone.starts_with("exit code 2\n--- stdout\n--- stderr\n"), "{alone}");
}

#[test]
fn where_no_solution_is_nothing_can_be_said() {
    let folder = Folder::new();
    folder
        .file("empty/notes.txt", "notes")
        .file("other/data.zip", zip_of(&[("data.xml", "<data />".to_owned())]));
    insta::assert_snapshot!("no_solution", folder.told(&["plan", "empty"]));
    insta::assert_snapshot!("only_other_zips", folder.told(&["plan", "other"]));
    insta::assert_snapshot!("named_other_zip", folder.told(&["plan", "other/data.zip"]));
}

#[test]
fn order_of_arguments_and_threads_change_nothing() {
    let folder = release();
    let arguments = ["release/FabB.zip", "release/FabA_1.zip", "release/FabC", "release/FabA_2.zip"];
    let mut reversed = arguments;
    reversed.reverse();
    for command in
        [&["plan"][..], &["plan", "--format", "json"], &["inspect"], &["inspect", "--format", "json"]]
    {
        let run = |arguments: &[&str], threads| {
            folder.told(&[command, arguments, &["--threads", threads]].concat())
        };
        let first = run(&arguments, "1");
        assert_eq!(first, run(&reversed, "1"));
        assert_eq!(first, run(&arguments, "7"));
    }
}

#[test]
fn a_file_that_is_named_twice_is_read_once() {
    let folder = release();
    let once = folder.told(&["inspect", "release/FabB.zip"]);
    assert_eq!(once.matches("FabB 1.0.0.0").count(), 1, "{once}");
    assert_eq!(once, folder.told(&["inspect", "release/FabB.zip", "release/FabB.zip"]));
    let two_ways = folder.told(&["inspect", "release/FabB.zip", "./release/../release/FabB.zip"]);
    assert_eq!(two_ways.matches("FabB 1.0.0.0").count(), 1, "{two_ways}");
    let found = folder.told(&["inspect", "release", "release/FabB.zip"]);
    assert_eq!(found.matches("FabB 1.0.0.0").count(), 1, "{found}");
}

#[test]
fn a_zip_comes_from_stdin() {
    let folder = Folder::new();
    let told = folder.told_with_stdin(&["inspect", "-"], &zip("FabA", "1.0.0.0"));
    assert!(told.starts_with("exit code 0\n--- stdout\nFabA 1.0.0.0   unmanaged   "), "{told}");
    assert_eq!(told, folder.told_with_stdin(&["inspect", "-", "-"], &zip("FabA", "1.0.0.0")));
    let told = folder.told_with_stdin(&["plan", "-"], b"no zip");
    assert!(told.starts_with("exit code 2\n--- stdout\n--- stderr\nerror: stdin: "), "{told}");
}

#[test]
fn colour_only_where_it_is_wanted() {
    let folder = release();
    let escape = '\u{1b}';
    let plain = folder.told(&["inspect", "release"]);
    assert!(!plain.contains(escape), "{plain}");
    assert!(folder.told(&["inspect", "release", "--color", "always"]).contains(escape));
    assert!(folder.told(&["inspect", "nowhere", "--color", "always"]).contains(escape));
    assert_eq!(plain, folder.told(&["inspect", "release", "--color", "never"]));
    // An explicit option is stronger than the environment.
    let no_color =
        folder.command(&["inspect", "release", "--color", "always"]).env("NO_COLOR", "1").output().unwrap();
    assert!(told(&no_color).contains(escape));
}

#[test]
fn a_closed_pipe_is_no_fault() {
    let folder = release();
    let mut command = folder.command(&["inspect", "release", "--format", "json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("error"));
}

#[test]
fn a_closed_pipe_does_not_change_the_exit_code() {
    let folder = Folder::new();
    folder.copy("fixtures/release", "release");
    folder.edit("release/FabFlows/solution.xml", "<Version>", "<Version>9");
    let original = std::path::absolute("fixtures/release").unwrap();
    let original = original.to_str().unwrap();
    for arguments in [
        &["diff", original, "release", "--format", "json"][..],
        &["diff", original, "release"],
        &["diff", "release", "none"],
        &["plan", "release", "--format", "json"],
        &["check", "release", "--deny", "warning"],
    ] {
        let expected = folder.command(arguments).output().unwrap().status.code();
        let mut child =
            folder.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().unwrap().code(), expected, "{arguments:?}");
    }
    let code = |arguments| folder.command(arguments).output().unwrap().status.code();
    assert_eq!(code(&["diff", original, "release"]), Some(1));
}

#[test]
fn json_has_its_schema_first() {
    let folder = release();
    for (command, schema) in
        [("plan", "urn:solship:schema:plan:1"), ("inspect", "urn:solship:schema:inspect:1")]
    {
        let told = folder.told(&[command, "release", "--format", "json"]);
        let start = format!("exit code 0\n--- stdout\n{{\n  \"$schema\": \"{schema}\",\n  \"version\": 1,\n");
        assert!(told.starts_with(&start), "{told}");
    }
}

#[test]
fn the_exit_code_follows_the_findings() {
    // Two versions of one solution are a warning.
    let folder = release();
    let code = |arguments: &[&str]| {
        let told = folder.told(&[&["plan", "release"], arguments].concat());
        told.lines().next().unwrap().to_owned()
    };
    assert_eq!(code(&[]), "exit code 0");
    assert_eq!(code(&["--fail-on", "error"]), "exit code 0");
    assert_eq!(code(&["--fail-on", "warning"]), "exit code 1");
    assert_eq!(code(&["--fail-on", "note"]), "exit code 1");
    assert_eq!(code(&["--fail-on", "never"]), "exit code 0");
    assert_eq!(code(&["--exit-zero"]), "exit code 0");
    // What cannot be read beats a finding.
    assert_eq!(code(&["nowhere.zip", "--fail-on", "warning"]), "exit code 2");
    assert_eq!(code(&["nowhere.zip", "--exit-zero"]), "exit code 2");
}

#[test]
fn a_path_that_must_be_escaped_is_named_once() {
    let told = Folder::new().told(&["plan", "no\u{1b}where.zip"]);
    assert_eq!(told.matches("where.zip").count(), 1, "{told}");
    assert!(told.contains(r"error: no\u{1b}where.zip: no such file or folder"), "{told}");
}

#[test]
fn names_from_files_do_not_act_on_the_terminal() {
    let folder = Folder::new();
    let name = "::error::\u{202e}&#9;##vso[task.complete]&#133;&#10;";
    folder.zip("a.zip", name, "1.0.0.0").solution("b", name, "2.0.0.0");
    for arguments in [
        &["inspect", "."][..],
        &["inspect", ".", "--format", "json"],
        &["plan", "."],
        &["plan", ".", "--format", "json"],
        &["plan", ".", "--format", "list"],
    ] {
        let told = folder.told(arguments);
        let acts = |character: char| character != '\n' && solship::text::acts_on_terminal(character);
        assert!(!told.contains(acts), "{arguments:?}: {told:?}");
        for line in told.lines() {
            assert!(
                !line.trim_start().starts_with("::") && !line.contains("##vso["),
                "{arguments:?}: {line}"
            );
        }
    }
}

/// An archive and the folder that it is unpacked to.
fn archive_and_folder() -> Folder {
    let folder = Folder::new();
    let [(_, manifest), (_, customizations)] = parts("FabA", "1.0.0.0");
    folder
        .zip("FabA.zip", "FabA", "1.0.0.0")
        .file("src/FabA/Other/Solution.xml", manifest)
        .file("src/FabA/Other/Customizations.xml", customizations);
    folder
}

#[test]
fn an_archive_and_its_folder_have_one_content_hash() {
    let folder = archive_and_folder();
    let told = folder.told(&["verify", "src/FabA", "FabA.zip"]);
    assert!(told.starts_with("exit code 0"), "{told}");
    assert!(told.contains("FabA 1.0.0.0   FabA.zip   3 entries, nothing lost\n  content  sha256:"), "{told}");
    assert!(told.contains("   (src/FabA has the same)\n"), "{told}");
    assert!(told.contains("FabA 1.0.0.0   src/FabA   2 files, nothing lost\n"), "{told}");
    assert_eq!(told, folder.told(&["verify", "FabA.zip", "src/FabA", "--threads", "1"]));
}

#[test]
fn where_an_archive_comes_from() {
    let folder = archive_and_folder();
    let told = folder.told(&["verify", "FabA.zip", "--built-from", "src/FabA"]);
    assert!(told.contains("FabA 1.0.0.0   FabA.zip was packed from src/FabA\n"), "{told}");
    assert!(told.starts_with("exit code 0"), "{told}");
    let zip = fs_err::read(folder.path.join("FabA.zip")).unwrap();
    assert!(told.contains(&solship::verify::sha256(&mut &zip[..]).unwrap()), "{told}");
    let by_stdin = folder.told_with_stdin(&["verify", "-", "--built-from", "src/FabA"], &zip);
    assert_eq!(by_stdin, told.replace("FabA.zip", "stdin"));

    folder.file("src/FabA/Assets/new.txt", "new").zip("FabA.zip", "FabA", "1.0.0.1");
    let told = folder.told(&["verify", "FabA.zip", "--built-from", "src/FabA", "--set-version", "1.0.0.1"]);
    assert!(told.starts_with("exit code 1"), "{told}");
    assert!(told.contains("FabA.zip was not packed from src/FabA\n"), "{told}");
    assert!(told.contains("Assets/new.txt is in src/FabA, and not in the archive"), "{told}");
    assert_eq!(told.matches("not-built-from").count(), 1, "{told}");
    let json = folder.told(&["verify", "FabA.zip", "--built-from", "src/FabA", "--format", "json"]);
    assert!(json.contains("\"builtFromFolder\": false") && json.contains("\"only-in-folder\""), "{json}");
}

#[test]
fn verify_says_what_it_cannot_read() {
    let folder = archive_and_folder();
    folder.file("src/FabA/Other/Customizations.xml", "<ImportExportXml>");
    let told = folder.told(&["verify", "src/FabA"]);
    assert!(
        told.starts_with("exit code 2\n--- stdout\n--- stderr\nerror: src/FabA: Other/Customizations.xml:1:"),
        "{told}"
    );
}
