//! The README shows what the command prints.

use std::process::Command;

/// The README shows between these marks what the command prints.
fn assert_shown(mark: &str, arguments: &[&str]) {
    let root = env!("CARGO_MANIFEST_DIR");
    // A checkout on Windows may have changed the line ends of the README.
    let readme = fs_err::read_to_string(format!("{root}/README.md")).expect("a README").replace("\r\n", "\n");
    let (_, after) =
        readme.split_once(&format!("<!-- {mark}:start -->\n```text\n")).expect("the start marker");
    let (expected, _) = after.split_once(&format!("```\n<!-- {mark}:end -->")).expect("the end marker");

    let output = Command::new(env!("CARGO_BIN_EXE_solship"))
        .args(arguments)
        .current_dir(root)
        .env("NO_COLOR", "1")
        .output()
        .expect("the binary starts");
    let printed = String::from_utf8(output.stdout).expect("the output is UTF-8");
    let diagnostics = String::from_utf8_lossy(&output.stderr);
    assert!(
        printed == expected,
        "README.md:\n```\n{expected}```\nprinted:\n```\n{printed}```\n{diagnostics}"
    );
    assert_eq!(output.status.code(), Some(0), "{diagnostics}");
}

#[test]
fn the_plan_in_the_readme_is_the_plan_of_the_fixtures() {
    assert_shown("plan", &["plan", "fixtures/release"]);
}

#[test]
fn where_something_is_used_in_the_readme_is_what_is_printed() {
    assert_shown("where-used", &["where-used", "shared_sharepointonline", "fixtures/release"]);
}
