//! Whole commands: stdout, stderr and exit code.

use crate::support::folder::Folder;

/// Two copies of the fixtures.
pub(crate) fn two() -> Folder {
    let folder = Folder::new();
    for side in ["a", "b"] {
        for name in ["FabFlows", "FabRobots", "FabShared"] {
            folder.copy(&format!("fixtures/release/{name}"), &format!("{side}/{name}"));
        }
    }
    folder
}

/// The release of the fixtures, and what a week of work made of it.
fn edited() -> Folder {
    let folder = two();
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
        let told = folder.told(&["diff", "a", "b", "--format", format]);
        insta::assert_snapshot!(format!("format_{format}"), told);
    }
    insta::assert_snapshot!("stat", folder.told(&["diff", "a/FabFlows", "b/FabFlows", "--stat"]));
    insta::assert_snapshot!("name_only", folder.told(&["diff", "a/FabFlows", "b/FabFlows", "--name-only"]));
    insta::assert_snapshot!("only", folder.told(&["diff", "a", "b", "--only", "solution", "--exit-zero"]));
    insta::assert_snapshot!("same", folder.told(&["diff", "a", "a"]));
    insta::assert_snapshot!("one_side", folder.told(&["diff", "a"]));
    insta::assert_snapshot!("nothing_there", folder.told(&["diff", "a", "c"]));
}

#[test]
fn a_side_may_be_a_revision() {
    let folder = two();
    folder.git(&["init", "-q"]);
    folder.git(&["add", "-A"]);
    folder.git(&["commit", "-q", "-m", "first"]);
    folder.edit("b/FabFlows/solution.xml", "<Version>3.1.0.0", "<Version>3.2.0.0");
    let told = folder.told(&["diff", "HEAD:b/FabFlows", "b/FabFlows"]);
    assert!(told.starts_with("exit code 1") && told.contains("Version  3.1.0.0 → 3.2.0.0"), "{told}");
    let told = folder.told(&["diff", "HEAD:a", "a"]);
    assert!(told.starts_with("exit code 0"), "{told}");
    insta::assert_snapshot!("no_revision", folder.told(&["diff", "HEAD:none", "a"]));
    let json = folder.told(&["diff", "HEAD:b/FabFlows", "b/FabFlows", "--format", "json"]);
    assert!(json.contains("\"source\": \"HEAD:b/FabFlows\""), "{json}");
}

#[test]
fn the_json_matches_its_schema() {
    let folder = edited();
    let (_, json, _) = folder.run(&["diff", "a", "b", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let schema = solship::report::json_diff::diff_schema();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn the_canonical_text_is_stable() {
    let folder = two();
    let told = folder.told(&["canonical", "a/FabShared"]);
    assert_eq!(told, folder.told(&["canonical", "b/FabShared"]));
    insta::assert_snapshot!("canonical", told);
}
