//! Whole commands: stdout, stderr and exit code.

use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

/// A copy of two fixtures: the first state, and one with edits.
struct Folder {
    path: Utf8PathBuf,
    _guard: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        let guard = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(guard.path()).unwrap().to_owned();
        let folder = Self { path, _guard: guard };
        for side in ["a", "b"] {
            for name in ["FabFlows", "FabRobots", "FabShared"] {
                folder.copy(&format!("fixtures/release/{name}"), &format!("{side}/{name}"));
            }
        }
        folder
    }

    fn copy(&self, from: &str, to: &str) {
        let from = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(from);
        for entry in walkdir::WalkDir::new(&from) {
            let entry = entry.unwrap();
            let path = Utf8Path::from_path(entry.path()).unwrap();
            let target = self.path.join(to).join(path.strip_prefix(&from).unwrap());
            if entry.file_type().is_dir() {
                fs_err::create_dir_all(&target).unwrap();
            } else {
                fs_err::copy(path, &target).unwrap();
            }
        }
    }

    /// Replaces a text of a file, which must be there.
    fn edit(&self, path: &str, from: &str, to: &str) -> &Self {
        let path = self.path.join(path);
        let text = fs_err::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{path}: {from}");
        fs_err::write(&path, text.replacen(from, to, 1)).unwrap();
        self
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_solship"))
            .args(arguments)
            .current_dir(&self.path)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let (stdout, stderr) = (text(output.stdout), text(output.stderr).replace("solship.exe", "solship"));
        format!("exit code {}\n--- stdout\n{stdout}--- stderr\n{stderr}", output.status.code().unwrap())
    }

    fn git(&self, arguments: &[&str]) {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@x.example", "-c", "init.defaultBranch=main"];
        let status =
            Command::new("git").args(identity).args(arguments).current_dir(&self.path).output().unwrap();
        assert!(status.status.success(), "{arguments:?} {}", String::from_utf8_lossy(&status.stderr));
    }
}

/// The release of the fixtures, and what a week of work made of it.
fn edited() -> Folder {
    let folder = Folder::new();
    let flow = "b/FabFlows/Workflows/Runpayroll-0C0FDED0-57C0-4F6C-8B9D-BE79CEB56D91.json";
    folder
        .edit("b/FabFlows/solution.xml", "<Version>3.1.0.0", "<Version>3.2.0.0")
        .edit("b/FabFlows/customizations.xml", "<StateCode>0</StateCode>", "<StateCode>1</StateCode>")
        .edit(flow, "\"frequency\": \"", "\"frequency\": \"X");
    folder
}

#[test]
fn differences_are_shown_in_every_form() {
    let folder = edited();
    for format in ["text", "json", "markdown", "html"] {
        let told = folder.run(&["diff", "a", "b", "--format", format]);
        insta::assert_snapshot!(format!("format_{format}"), told);
    }
    insta::assert_snapshot!("stat", folder.run(&["diff", "a/FabFlows", "b/FabFlows", "--stat"]));
    insta::assert_snapshot!("name_only", folder.run(&["diff", "a/FabFlows", "b/FabFlows", "--name-only"]));
    insta::assert_snapshot!("only", folder.run(&["diff", "a", "b", "--only", "solution", "--exit-zero"]));
    insta::assert_snapshot!("same", folder.run(&["diff", "a", "a"]));
    insta::assert_snapshot!("one_side", folder.run(&["diff", "a"]));
    insta::assert_snapshot!("nothing_there", folder.run(&["diff", "a", "c"]));
}

#[test]
fn a_side_may_be_a_revision() {
    let folder = Folder::new();
    folder.git(&["init", "-q"]);
    folder.git(&["add", "-A"]);
    folder.git(&["commit", "-q", "-m", "first"]);
    folder.edit("b/FabFlows/solution.xml", "<Version>3.1.0.0", "<Version>3.2.0.0");
    let told = folder.run(&["diff", "HEAD:b/FabFlows", "b/FabFlows"]);
    assert!(told.starts_with("exit code 1") && told.contains("Version  3.1.0.0 → 3.2.0.0"), "{told}");
    let told = folder.run(&["diff", "HEAD:a", "a"]);
    assert!(told.starts_with("exit code 0"), "{told}");
    insta::assert_snapshot!("no_revision", folder.run(&["diff", "HEAD:none", "a"]));
    let json = folder.run(&["diff", "HEAD:b/FabFlows", "b/FabFlows", "--format", "json"]);
    assert!(json.contains("\"source\": \"HEAD:b/FabFlows\""), "{json}");
}

#[test]
fn the_json_matches_its_schema() {
    let folder = edited();
    let output = Command::new(env!("CARGO_BIN_EXE_solship"))
        .args(["diff", "a", "b", "--format", "json"])
        .current_dir(&folder.path)
        .output()
        .unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema = solship::report::json_diff::diff_schema();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn the_canonical_text_is_stable() {
    let folder = Folder::new();
    let told = folder.run(&["canonical", "a/FabShared"]);
    assert_eq!(told, folder.run(&["canonical", "b/FabShared"]));
    insta::assert_snapshot!("canonical", told);
}
