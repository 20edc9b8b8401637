//! The README shows what the command prints.

mod support;

use std::process::Command;

use solship::config::Config;
use solship::order::Order;

/// What stands between these marks.
fn block(mark: &str, language: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    // A checkout on Windows may have changed the line ends of the README.
    let readme = fs_err::read_to_string(path).expect("a README").replace("\r\n", "\n");
    let start = format!("<!-- {mark}:start -->\n```{language}\n");
    let (_, after) = readme.split_once(&start).expect("the start marker");
    after.split_once(&format!("```\n<!-- {mark}:end -->")).expect("the end marker").0.to_owned()
}

/// The README shows between these marks what the command prints.
fn assert_shown(mark: &str, arguments: &[&str], code: i32) {
    let root = env!("CARGO_MANIFEST_DIR");
    let expected = block(mark, "text");

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
    assert_eq!(output.status.code(), Some(code), "{diagnostics}");
}

#[test]
fn the_plan_in_the_readme_is_the_plan_of_the_fixtures() {
    assert_shown("plan", &["plan", "fixtures/release"], 0);
}

#[test]
fn where_something_is_used_in_the_readme_is_what_is_printed() {
    assert_shown("where-used", &["where-used", "shared_sharepointonline", "fixtures/release"], 0);
}

#[test]
fn the_check_in_the_readme_is_what_is_printed() {
    assert_shown("check", &["plan", "--check", "fixtures/order.txt", "fixtures/release"], 1);
}

#[test]
fn the_failed_import_in_the_readme_is_explained_as_printed() {
    let arguments = ["explain-import", "fixtures/import-failed.txt", "fixtures/release"];
    assert_shown("explain-import", &arguments, 0);
}

#[test]
fn what_is_checked_in_the_readme_is_what_is_printed() {
    assert_shown("checked", &["check", "fixtures/release"], 0);
}

#[test]
fn the_configuration_in_the_readme_is_read() {
    let text = block("config", "toml");
    let config = Config::read("solship.toml", text.clone().into_bytes()).expect("a configuration");
    assert_eq!(config.unknown, []);
    assert_eq!((config.solutions.len(), config.provided.len(), config.before.len()), (2, 1, 1));
    assert_eq!((config.signs_in.len(), config.levels.len(), config.exceptions.len()), (1, 1, 1));
    assert_eq!(config.split.len(), 1);
    assert_eq!(Order::read("solship.toml", text.into_bytes()).expect("an order").rows.len(), 4);
}

/// The release of the fixtures in one solution is split as it stands there.
#[test]
fn the_parts_in_the_readme_are_those_of_the_fixtures() {
    let place = support::place::Place::new();
    let release = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/release");
    place.must(&["merge", release, "-o", "FabAll.zip", "--name", "FabAll"]);
    let printed = place.must(&["split", "FabAll.zip", "-o", "parts"]);
    let expected = block("split", "text");
    let expected = expected.strip_prefix("$ solship split FabAll.zip -o parts\n").expect("the command");
    assert!(printed == expected, "README.md:\n{expected}printed:\n{printed}");
}

/// The commands of the article's task run as they stand there.
#[cfg(unix)]
#[test]
fn the_commands_in_the_readme_make_the_solutions() {
    let place = support::place::Place::new();
    support::place::zip_of(&support::place::fixture("FabFlows"), &place.path.join("Export.zip"));
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_solship")).parent().expect("a folder");
    let output = Command::new("sh")
        .args(["-e", "-c", &format!("PATH='{}':$PATH\n{}", binary.display(), block("article", "sh"))])
        .current_dir(&place.path)
        .output()
        .expect("a shell");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list = place.must(&["plan", "FabFlows.zip", "FabRobotAccess.zip", "--format", "list"]);
    assert_eq!(list, "FabRobotAccess\nFabFlows\n");
}
