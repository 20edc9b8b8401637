//! Environment variables.

use super::support::place::changes;
use super::{back_again, edit_both, unpacked};

const DEFINITION: &str = "environmentvariabledefinitions/fab_Limit/environmentvariabledefinition.xml";

#[test]
fn a_variable_has_the_form_of_an_export() {
    let place = unpacked("FabShared");
    let stdout = edit_both(
        &place,
        &[
            "add",
            "variable",
            "fab_Limit",
            "--type",
            "number",
            "--default",
            "500",
            "--display",
            "Invoice limit",
            "--description",
            "Up to here & no \"further\"",
            "--value",
            "750",
        ],
    );
    insta::assert_snapshot!(stdout);
    // Element order, spelling and line ends as in the definitions of real exports.
    let expected = "<environmentvariabledefinition schemaname=\"fab_Limit\">\r\n  <defaultvalue>500</defaultvalue>\r\n  \
        <description default=\"Up to here &amp; no &quot;further&quot;\">\r\n    \
        <label description=\"Up to here &amp; no &quot;further&quot;\" languagecode=\"1033\" />\r\n  </description>\r\n  \
        <displayname default=\"Invoice limit\">\r\n    <label description=\"Invoice limit\" languagecode=\"1033\" />\r\n  \
        </displayname>\r\n  <introducedversion>2.0.1.4</introducedversion>\r\n  <iscustomizable>1</iscustomizable>\r\n  \
        <isrequired>0</isrequired>\r\n  <secretstore>0</secretstore>\r\n  <type>100000001</type>\r\n\
        </environmentvariabledefinition>";
    let read = |path: &str| fs_err::read_to_string(place.path.join("src").join(path)).expect("a file");
    assert_eq!(read(DEFINITION), expected);
    assert_eq!(
        read("environmentvariabledefinitions/fab_Limit/environmentvariablevalues.json"),
        "{\r\n  \"environmentvariablevalues\": {\r\n    \"environmentvariablevalue\": {\r\n      \
         \"iscustomizable\": \"1\",\r\n      \"value\": \"750\"\r\n    }\r\n  }\r\n}"
    );
    place.must(&["verify", "src"]);
}

#[test]
fn what_is_there_is_told() {
    let place = unpacked("FabRobotAccess");
    let add = ["add", "variable", "fab_Limit", "--type", "number", "--default", "5", "--solution", "src"];
    place.must(&add);
    let before = place.tree();
    assert!(place.must(&add).starts_with("already there, equal: variable fab_Limit\n"));
    assert_eq!(changes(&before, &place.tree()), Vec::<String>::new());
    let stderr = place.refused(&[
        "add",
        "variable",
        "fab_Limit",
        "--type",
        "number",
        "--default",
        "6",
        "--solution",
        "src",
    ]);
    insta::assert_snapshot!(stderr);
    let stderr = place.refused(&["add", "variable", "FAB_LIMIT", "--type", "number", "--solution", "src"]);
    assert!(stderr.contains("there already as fab_Limit"), "{stderr}");
}

#[test]
fn line_breaks_are_no_difference() {
    let place = unpacked("FabShared");
    for add in [
        &["variable", "fab_Text", "--description", "a\nb\r\nc", "--default", "1\n2", "--value", "3\r\n4"][..],
        &["connection-reference", "fab_cr", "--connector", "shared_x", "--description", "a\nb\n"],
        &[
            "credential",
            "R",
            "--key-vault",
            "--user",
            "fab_U",
            "--user-value",
            "robot",
            "--password",
            "fab_P",
            "--secret-id",
            "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/r",
            "--description",
            "a\n\nb",
            "--container",
            "section",
        ],
    ] {
        let add = [&["add"], add, &["--solution", "src"]].concat();
        place.must(&add);
        let stdout = place.must(&add);
        assert!(
            stdout.contains("already there, equal") && stdout.ends_with("src: nothing to write\n"),
            "{stdout}"
        );
    }
}

#[test]
fn removing_gives_back_the_folder() {
    let place = unpacked("FabRobotAccess");
    back_again(
        &place,
        &["add", "variable", "--display", "Invoice limit"],
        &["remove", "variable", "fab_Invoicelimit"],
    );
    let stderr = place.refused(&["remove", "variable", "fab_Robot7User", "--solution", "src"]);
    assert_eq!(
        stderr,
        "error: variable fab_Robot7User is used: credential \"Robot 7\"\n\
         hint: remove what uses it first, or let it use another\n"
    );
    let stderr = place.refused(&["remove", "variable", "fab_Robot7Usr", "--solution", "src"]);
    assert!(stderr.contains("hint: did you mean fab_Robot7User?"), "{stderr}");
}

#[test]
fn facts_are_changed_and_nothing_else() {
    let place = unpacked("FabShared");
    place.must(&["add", "variable", "fab_Limit", "--type", "number", "--default", "5", "--solution", "src"]);
    let first = place.tree();
    let set =
        |arguments: &[&str]| edit_both(&place, &[&["set", "variable", "fab_Limit"], arguments].concat());
    set(&["--default", "6", "--description", "Most", "--required", "--value", "7"]);
    let text = fs_err::read_to_string(place.path.join("src").join(DEFINITION)).expect("a file");
    assert!(text.contains("<defaultvalue>6</defaultvalue>\r\n  <description default=\"Most\">"), "{text}");
    set(&["--value", "8"]);
    set(&["--default", "5", "--no-description", "--required=false", "--no-value"]);
    for name in ["edited.zip", "packed.zip"] {
        fs_err::remove_file(place.path.join(name)).expect("there");
    }
    assert_eq!(changes(&first, &place.tree()), Vec::<String>::new());
}

#[test]
fn what_no_variable_can_be_is_refused_with_the_way_out() {
    let place = unpacked("FabRobotAccess");
    let long = "x".repeat(2001);
    let mut all = String::new();
    for arguments in [
        &["fab limit"][..],
        &["limit"],
        &["abc_Limit"],
        &["fab_"],
        &["fab_Limité"],
        &[],
        &["fab_Text", "--default", &long],
        &["fab_Text", "--default", ""],
        &["fab_Number", "--type", "number", "--default", "1,5"],
        &["fab_Flag", "--type", "boolean", "--default", "maybe"],
        &["fab_Json", "--type", "json", "--default", "{ \"a\": }"],
        &["fab_Secret", "--type", "secret", "--default", "https://fab-kv.vault.azure.net/secrets/robot7"],
        &["fab_Site", "--type", "data-source"],
        &["fab_Text", "--connector", "shared_sharepointonline"],
        &["FAB_robot7user"],
    ] {
        let stderr = place.refused(&[&["add", "variable"], arguments, &["--solution", "src"]].concat());
        let shown: Vec<String> =
            arguments.iter().map(|argument| argument.chars().take(60).collect()).collect();
        all.push_str(&format!("$ add variable {}\n{stderr}\n", shown.join(" ")));
    }
    insta::assert_snapshot!(all);
}

/// Each command that a hint proposes names the solution that the command was given.
#[test]
fn hints_name_the_solution() {
    let place = unpacked("FabRobotAccess");
    let reference = ["add", "connection-reference", "fab_mail", "--connector", "shared_office365"];
    place.must(&[&reference[..], &["--solution", "src"]].concat());
    let vault = ["--key-vault", "--user", "fab_Robot7User", "--password", "fab_Robot7Password"];
    for (arguments, hint) in [
        (
            &["variable", "fab_Robot7User", "--default", "x"][..],
            "solship set variable fab_Robot7User --solution src changes it",
        ),
        (
            &["variable", "fab_Robot7User", "--type", "number"],
            "the type cannot be changed: solship remove variable fab_Robot7User --solution src, then add it, or choose another name",
        ),
        (
            &["connection-reference", "fab_mail", "--connector", "shared_office365", "--display", "Mail"],
            "solship set connection-reference fab_mail --solution src changes it",
        ),
        (
            &[&["credential", "Robot 7"][..], &vault, &["--description", "Another"]].concat(),
            "solship set credential 'Robot 7' --solution src changes it",
        ),
        (
            &[
                &["credential", "Robot 8", "--cyberark"][..],
                &vault[1..3],
                &["--safe", "fab_Safe", "--object", "fab_Safe"],
            ]
            .concat(),
            "solship add variable fab_Safe --type string --solution src",
        ),
        (
            &[&["credential", "Robot 8"][..], &vault[..3], &["--password", "fab_Robot7User"]].concat(),
            "--password takes a secret variable: solship add secret NAME --solution src",
        ),
        (
            &[&["credential", "Robot 8"][..], &vault, &["--user-value", "x"]].concat(),
            "leave the option out to use what is there, or: solship set variable fab_Robot7User --solution src",
        ),
    ] {
        let stderr = place.refused(&[&["add"], arguments, &["--solution", "src"]].concat());
        assert!(stderr.ends_with(&format!("hint: {hint}\n")), "{arguments:?}: {stderr}");
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_file_is_told_with_what_helps() {
    use std::os::unix::fs::PermissionsExt;
    let place = unpacked("FabRobotAccess");
    for (solution, file) in [
        ("Fab.zip", "Fab.zip"),
        ("src", "src/environmentvariabledefinitions/fab_Robot7User/environmentvariabledefinition.xml"),
    ] {
        let path = place.path.join(file);
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).unwrap();
        let words = ["set", "variable", "fab_Robot7User", "--description", "New", "--solution", solution];
        let stderr = place.refused(&words).replace(&format!("{}/", place.path), "");
        assert!(stderr.ends_with(&format!("\nhint: chmod u+w {file}\n")), "{stderr}");
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        place.must(&words);
    }
}

#[test]
fn the_solution_that_is_meant_must_be_told_apart() {
    let place = unpacked("FabRobotAccess");
    let stderr = place.refused(&["add", "variable", "fab_Limit"]);
    insta::assert_snapshot!(stderr);
    fs_err::write(place.path.join("src/environmentvariabledefinitions/fab_Robot7User/old"), "mine")
        .expect("writable");
    let stderr = place.refused(&["add", "variable", "fab_Limit", "--solution", "none"]);
    assert!(stderr.contains("none: not there") || stderr.contains("none"), "{stderr}");
}
