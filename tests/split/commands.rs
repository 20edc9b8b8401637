//! Whole commands: stdout, stderr, exit code, and what is on disk.

use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

/// A folder to work in.
struct Folder {
    path: Utf8PathBuf,
    _guard: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        let guard = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(guard.path()).unwrap().to_owned();
        Self { path, _guard: guard }
    }

    fn run(&self, arguments: &[&str]) -> String {
        let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
        let arguments = arguments.iter().map(|argument| argument.replace("FIXTURES", fixtures));
        let output = Command::new(env!("CARGO_BIN_EXE_solship"))
            .args(arguments)
            .current_dir(&self.path)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(fixtures, "fixtures");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        format!("exit code {}\n--- stdout\n{stdout}--- stderr\n{stderr}", output.status.code().unwrap())
    }

    /// The release in one.
    fn whole(&self, target: &str) -> String {
        self.run(&["merge", "FIXTURES/release", "-o", target, "--name", "FabAll"])
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = self
            .path
            .join(folder)
            .read_dir_utf8()
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_owned())
            .collect();
        names.sort();
        names
    }
}

#[test]
fn a_solution_is_split_and_merged_again() {
    let folder = Folder::new();
    insta::assert_snapshot!("merge", folder.whole("FabAll.zip"));
    insta::assert_snapshot!("dry_run", folder.run(&["split", "FabAll.zip", "-o", "parts", "--dry-run"]));
    assert!(!folder.path.join("parts").exists());
    insta::assert_snapshot!("split", folder.run(&["split", "FabAll.zip", "-o", "parts"]));
    let zips =
        ["CloudFlows", "Credentials", "DesktopFlows", "Shared"].map(|part| format!("FabAll_{part}.zip"));
    assert_eq!(folder.names("parts"), zips);
    folder.run(&["merge", "parts", "-o", "again.zip"]);
    assert!(folder.run(&["diff", "FabAll.zip", "again.zip"]).starts_with("exit code 0"));
    assert!(folder.run(&["plan", "parts"]).starts_with("exit code 0"));
    assert!(folder.run(&["check", "parts"]).starts_with("exit code 0"));
    assert!(folder.run(&["verify", "parts"]).starts_with("exit code 0"));
}

#[test]
fn folders_become_folders_and_come_back_byte_for_byte() {
    let folder = Folder::new();
    folder.whole("all");
    let told = folder.run(&["split", "all", "-o", "parts"]);
    assert!(told.starts_with("exit code 0"), "{told}");
    assert_eq!(folder.names("parts").len(), 4);
    folder.run(&["merge", "parts", "-o", "again"]);
    let all = |name: &str| {
        let root = folder.path.join(name);
        let files = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().map(Result::unwrap);
        let files = files.filter(|entry| entry.file_type().is_file());
        let file = |entry: walkdir::DirEntry| {
            let path = Utf8Path::from_path(entry.path()).unwrap();
            (path.strip_prefix(&root).unwrap().to_owned(), fs_err::read(path).unwrap())
        };
        files.map(file).collect::<Vec<_>>()
    };
    assert!(all("all") == all("again"));
    // A zip of the same, when that is asked for.
    let told = folder.run(&["split", "all", "-o", "zips", "--as", "zip"]);
    assert!(told.starts_with("exit code 0"), "{told}");
    assert!(folder.names("zips").iter().all(|name| name.ends_with(".zip")));
}

#[test]
fn what_is_there_is_left_alone_and_nothing_is_written() {
    let folder = Folder::new();
    folder.whole("FabAll.zip");
    fs_err::create_dir(folder.path.join("parts")).unwrap();
    fs_err::write(folder.path.join("parts/FabAll_Shared.zip"), "mine").unwrap();
    insta::assert_snapshot!("in_the_way", folder.run(&["split", "FabAll.zip", "-o", "parts"]));
    assert_eq!(folder.names("parts"), ["FabAll_Shared.zip"]);
    insta::assert_snapshot!("merge_in_the_way", folder.whole("FabAll.zip"));
    // Nor does anything lie among the files of a solution.
    folder.whole("all");
    for arguments in [["split", "all", "-o", "all"], ["merge", "FIXTURES/cycle", "-o", "all/x.zip"]] {
        let told = folder
            .run(&[&arguments[..], if arguments[0] == "merge" { &["--name", "X"] } else { &[] }].concat());
        assert!(told.contains("would lie inside of a solution"), "{told}");
    }
}

/// What reads the folder would read the parts and the original.
#[test]
fn an_original_beside_its_parts_is_told() {
    let folder = Folder::new();
    folder.whole("FabAll.zip");
    let told = folder.run(&["split", "FabAll.zip", "-o", "."]);
    assert!(told.contains("warning: FabAll.zip lies beside its parts"), "{told}");
    let told = folder.run(&["split", "FabAll.zip", "-o", "apart"]);
    assert!(!told.contains("beside"), "{told}");
}

#[test]
fn a_circle_is_opened() {
    let folder = Folder::new();
    insta::assert_snapshot!("circle", folder.run(&["split", "FIXTURES/cycle", "-o", "apart"]));
    insta::assert_snapshot!("no_circle", folder.run(&["split", "FIXTURES/release", "-o", "x"]));
    insta::assert_snapshot!("one_kind", folder.run(&["split", "FIXTURES/release/FabFlows", "-o", "x"]));
    assert!(!folder.path.join("x").exists());
}

#[test]
fn parts_are_named_in_the_configuration() {
    let folder = Folder::new();
    folder.whole("FabAll.zip");
    let config =
        "[[split]]\npart = \"Robots\"\ntypes = [\"desktop-flow\", \"desktopflowbinary\"]\nnmaes = [\"x\"]\n";
    fs_err::write(folder.path.join("solship.toml"), config).unwrap();
    insta::assert_snapshot!("rules", folder.run(&["split", "FabAll.zip", "-o", "parts", "--dry-run"]));
    fs_err::write(folder.path.join("solship.toml"), "[[split]]\npart = \"Robots\"\n").unwrap();
    insta::assert_snapshot!("rule_about_nothing", folder.run(&["split", "FabAll.zip", "-o", "parts"]));
    fs_err::write(folder.path.join("solship.toml"), "[[split]]\npart = \"../x\"\ntypes = [\"role\"]\n")
        .unwrap();
    insta::assert_snapshot!("rule_of_no_name", folder.run(&["split", "FabAll.zip", "-o", "parts"]));
    fs_err::write(
        folder.path.join("solship.toml"),
        "[[split]]\npart = \"X\"\ntypes = [\"role\", \"cloud-flows\"]\n",
    )
    .unwrap();
    insta::assert_snapshot!("rule_of_no_type", folder.run(&["split", "FabAll.zip", "-o", "parts"]));
    assert!(!folder.path.join("parts").exists());
}

/// What no rule names goes along with what needs it: variables with their credential, binaries with their flow.
#[test]
fn a_rule_takes_along_what_its_components_are_nothing_without() {
    let folder = Folder::new();
    folder.whole("FabAll.zip");
    let split = |rules: &[(&str, &str)], into: &str| {
        let rule =
            |(part, types): &(&str, &str)| format!("[[split]]\npart = \"{part}\"\ntypes = [{types}]\n");
        let config: String = rules.iter().map(rule).collect();
        fs_err::write(folder.path.join("solship.toml"), config).unwrap();
        let told = folder.run(&["split", "FabAll.zip", "-o", into]);
        assert!(told.starts_with("exit code 0"), "{told}");
        told
    };
    insta::assert_snapshot!("rule_credentials", split(&[("Credentials", "\"credential\"")], "one"));
    let plan = folder.run(&["plan", "one"]);
    assert!(plan.starts_with("exit code 0") && !plan.contains("ORD010"), "{plan}");
    insta::assert_snapshot!("rule_desktop_flows", split(&[("Robots", "\"desktop-flow\"")], "two"));
    insta::assert_snapshot!("rule_flows", split(&[("Flows", "\"cloud-flow\", \"desktop-flow\"")], "three"));
    // A rule about the variables themselves counts, and what that means is told.
    let rules =
        [("Credentials", "\"credential\""), ("Flows", "\"environmentvariabledefinition\", \"cloud-flow\"")];
    insta::assert_snapshot!("rule_against_the_policy", split(&rules, "four"));
    // A flow and its binary need each other.
    insta::assert_snapshot!("rule_in_a_circle", split(&[("Binaries", "\"desktopflowbinary\"")], "five"));
}

#[test]
fn results_match_their_schemas() {
    let folder = Folder::new();
    let matches = |schema: &serde_json::Value, told: &str| {
        let document = told.split_once("--- stdout\n").unwrap().1.split_once("--- stderr").unwrap().0;
        let document: serde_json::Value = serde_json::from_str(document).unwrap();
        let validator = jsonschema::draft202012::new(schema).unwrap();
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    };
    let merge = ["merge", "FIXTURES/release", "-o", "FabAll.zip", "--name", "FabAll", "--format", "json"];
    matches(&solship::report::json_split::merge_schema(), &folder.run(&merge));
    let schema = solship::report::json_split::split_schema();
    matches(&schema, &folder.run(&["split", "FabAll.zip", "-o", "parts", "--format", "json"]));
    matches(&schema, &folder.run(&["split", "FIXTURES/cycle", "-o", "apart", "--format", "json"]));
    matches(&schema, &folder.run(&["split", "FIXTURES/release/FabFlows", "-o", "x", "--format", "json"]));
}
