//! Credentials, in both containers and like an export.

use super::support::place::{changes, tree};
use super::{back_again, edit_both, unpacked};

const ID: &str = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg-robots/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot8";

/// A solution without credentials: FabShared has none.
fn empty() -> super::Place {
    let place = unpacked("FabShared");
    let secret = ["add", "secret", "fab_Robot8Password", ID, "--solution", "src"];
    place.must(&secret);
    place.must(&["add", "variable", "fab_Robot8User", "--default", "FABRIKAM\\robot8", "--solution", "src"]);
    place
}

const ADD: [&str; 8] = [
    "add",
    "credential",
    "Robot 8",
    "--key-vault",
    "--user",
    "fab_Robot8User",
    "--password",
    "fab_Robot8Password",
];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    [&ADD[..], more].concat()
}

#[test]
fn a_credential_is_written_in_the_container_that_is_chosen() {
    let place = empty();
    let stdout =
        edit_both(&place, &with(&["--container", "section", "--use", "connection", "--use", "desktop-flow"]));
    insta::assert_snapshot!(stdout);
    let text = fs_err::read_to_string(place.path.join("src/Other/Customizations.xml")).expect("a file");
    let start = text.find("  <credentials>").expect("a section");
    let end = text.find("</credentials>").expect("a section");
    insta::assert_snapshot!(text[start..end].replace("\r\n", "\n"));
    assert!(text[end..].starts_with("</credentials>\r\n  <Languages>"), "{}", &text[end..]);
    place.must(&["verify", "src"]);
    let inspected = place.must(&["inspect", "src"]);
    assert!(inspected.contains("vault fab-kv, secret robot8"), "{inspected}");

    let place = empty();
    edit_both(&place, &with(&["--container", "folder"]));
    let found = tree(&place.path.join("src/credentials"));
    let (path, row) = found.iter().find(|(path, _)| path.ends_with("/credential.xml")).expect("a file");
    let id = path.split('/').next().expect("a folder");
    let row = String::from_utf8(row.clone()).expect("UTF-8");
    assert!(row.starts_with(&format!("<credential credentialid=\"{id}\">\r\n  <connectiontype>1<")), "{row}");
    assert!(row.ends_with("</username>\r\n</credential>"), "{row}");
}

#[test]
fn a_credential_is_written_like_those_that_are_there() {
    let place = unpacked("FabRobotAccess");
    let add = [
        "add",
        "credential",
        "Robot 8",
        "--key-vault",
        "--user",
        "fab_Robot7User",
        "--password",
        "fab_Robot7Password",
    ];
    let (code, _, stderr) = place.run(&[&add[..], &["--solution", "src"]].concat());
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(stderr.matches("unverified").count(), 1, "{stderr}");
    let first = place.tree();
    let stdout = place.must(&[&add[..], &["--solution", "src"]].concat());
    assert!(stdout.starts_with("already there, equal: credential \"Robot 8\"\n"), "{stdout}");
    assert_eq!(changes(&first, &place.tree()), Vec::<String>::new());
    // An export shows the form, so nothing is unverified any more.
    let other = empty();
    fs_err::copy(place.path.join("Fab.zip"), other.path.join("Export.zip")).expect("copied");
    let (code, _, stderr) = other.run(&with(&["--like", "Export.zip", "--solution", "src"]));
    assert_eq!(
        (code, &*stderr),
        (
            Some(0),
            "note: as in Export.zip: connectiontype, credentialtype, iscustomizable, name, password, statecode, statuscode, usagetype, username\n"
        )
    );
}

const CYBERARK: [&str; 10] = [
    "add",
    "credential",
    "Robot 9",
    "--cyberark",
    "--user",
    "fab_Robot8User",
    "--safe",
    "fab_Safe",
    "--object",
    "fab_Object",
];

/// A solution with the variables of a credential from CyberArk.
fn with_safe() -> super::Place {
    let place = empty();
    for name in ["fab_Safe", "fab_Object"] {
        place.must(&["add", "variable", name, "--default", "x", "--solution", "src"]);
    }
    place
}

#[test]
fn what_an_example_does_not_show_is_told() {
    let place = with_safe();
    let example = unpacked("FabRobotAccess");
    let customizations = example.path.join("src/Other/Customizations.xml");
    let text = fs_err::read_to_string(&customizations).expect("there");
    let text = text.replace(
        "<credentialtype>1</credentialtype>",
        "<credentialtype>1</credentialtype><robotroom>3</robotroom>",
    );
    fs_err::write(&customizations, text).expect("written");
    example.must(&["pack", "src", "Export.zip"]);
    fs_err::copy(example.path.join("Export.zip"), place.path.join("Export.zip")).expect("copied");
    let add = [&CYBERARK[..], &["--application-id", "Robots", "--solution", "src", "--like", "Export.zip"]]
        .concat();
    let (code, _, stderr) = place.run(&add);
    assert_eq!(code, Some(0), "{stderr}");
    insta::assert_snapshot!(stderr);
    let (_, stdout, stderr) = place.run(&add);
    assert!(stdout.starts_with("already there, equal") && stderr.is_empty(), "{stdout}{stderr}");
}

#[test]
fn the_application_of_cyberark_is_compared_and_checked() {
    let place = with_safe();
    let with = |id: &'static str| {
        [&CYBERARK[..], &["--container", "folder", "--solution", "src", "--application-id", id]].concat()
    };
    place.must(&with("Robots"));
    assert!(place.must(&with("Robots")).starts_with("already there, equal"));
    let mut all = String::new();
    for id in ["Others", " Robots", "Rob\nots", ""] {
        all.push_str(&format!("$ --application-id {id:?}\n{}\n", place.refused(&with(id))));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn the_connection_reference_that_signs_in_is_checked() {
    let place = empty();
    let with = |name: &'static str| {
        with(&["--container", "folder", "--solution", "src", "--dry-run", "--signs-in", name])
    };
    let stderr = place.refused(&with("nope"));
    assert!(stderr.contains("no logical name"), "{stderr}");
    let stdout = place.must(&with("fab_desktpo"));
    assert!(stdout.contains("fab_desktpo is not in FabShared; fab_desktop is"), "{stdout}");
    assert!(!place.must(&with("fab_desktop")).contains("not checked"));
}

#[test]
fn a_credential_for_other_places_signs_in_no_connection() {
    let place = empty();
    let new = |uses: &[&'static str]| {
        let all = ["--container", "folder", "--solution", "src", "--signs-in", "fab_desktop"];
        with(&[&all[..], uses].concat())
    };
    let stderr = place.refused(&new(&["--use", "desktop-flow", "--use", "network"]));
    assert!(
        stderr.contains("may be used for desktop flows and network alone signs in no connection"),
        "{stderr}"
    );
    assert!(stderr.contains("--use connection"), "{stderr}");
    place.must(&new(&["--use", "desktop-flow", "--use", "connection"]));
    // One that is there is asked, not the default.
    place.must(&["set", "credential", "Robot 8", "--use", "desktop-flow", "--solution", "src"]);
    assert!(place.refused(&new(&[])).contains("for desktop flows alone"));
}

#[test]
fn variables_are_made_on_the_way() {
    let place = unpacked("FabShared");
    let add = [
        "add",
        "credential",
        "Robot 9",
        "--certificate",
        "--user",
        "fab_Robot9User",
        "--user-value",
        "robot9@example.com",
        "--pfx",
        "fab_Robot9Certificate",
        "--secret-id",
        ID,
        "--container",
        "section",
        "--solution",
        "src",
    ];
    insta::assert_snapshot!(place.must(&add));
    let place = unpacked("FabShared");
    place.refused(&[&add[..], &["--use", "network"]].concat());
    // A variable that is there without a value does not get one on the way.
    place.must(&["add", "variable", "fab_Robot9User", "--solution", "src"]);
    let stderr = place.refused(&add);
    assert!(stderr.contains("variable fab_Robot9User is there already, and differs"), "{stderr}");
}

#[test]
fn removing_gives_back_the_folder_and_keeps_the_variables() {
    for container in ["section", "folder"] {
        back_again(&empty(), &with(&["--container", container]), &["remove", "credential", "Robot 8"]);
    }
    let place = unpacked("FabRobotAccess");
    insta::assert_snapshot!(place.must(&["remove", "credential", "Robot 7", "--solution", "src"]));
}

#[test]
fn name_description_and_use_are_changed_and_variables_are_not() {
    let place = unpacked("FabRobotAccess");
    let before = tree(&place.path.join("src"));
    edit_both(&place, &["set", "credential", "Robot 7", "--name", "Robot seven", "--description", "Shift 1"]);
    edit_both(&place, &["set", "credential", "robot seven", "--name", "Robot 7", "--no-description"]);
    assert_eq!(changes(&before, &tree(&place.path.join("src"))), Vec::<String>::new());
    let stderr =
        place.refused(&["set", "credential", "Robot 7", "--password", "fab_Other", "--solution", "src"]);
    assert!(stderr.contains("add a new credential"), "{stderr}");
}

#[test]
fn what_no_credential_can_be_is_refused_with_the_way_out() {
    let place = unpacked("FabRobotAccess");
    place.must(&["add", "variable", "fab_Count", "--type", "number", "--solution", "src"]);
    place.must(&["add", "variable", "fab_Nobody", "--default", "not a user", "--solution", "src"]);
    let mut all = String::new();
    let vault = ["--key-vault", "--user", "fab_Robot7User", "--password", "fab_Robot7Password"];
    for arguments in [
        &["Robot 8", "--key-vault", "--user", "fab_Robot7User", "--password", "fab_Robot7User"][..],
        &["Robot 8", "--key-vault", "--user", "fab_Robot7Password", "--password", "fab_Robot7Password"],
        &["Robot 8", "--key-vault", "--user", "fab_Count", "--password", "fab_Robot7Password"],
        &["Robot 8", "--key-vault", "--user", "fab_Nobody", "--password", "fab_Robot7Password"],
        &["Robot 8", "--key-vault", "--user", "fab_Robot7User"],
        &["Robot 8", "--key-vault", "--user", "fab_New", "--password", "fab_Robot7Password"],
        &[
            "Robot 8",
            "--certificate",
            "--user",
            "fab_Robot7User",
            "--pfx",
            "fab_Robot7Password",
            "--use",
            "desktop-flow",
        ],
        &[
            "Robot 8",
            "--cyberark",
            "--user",
            "fab_Robot7User",
            "--safe",
            "fab_Nobody",
            "--object",
            "fab_Nobody",
            "--use",
            "network",
        ],
        &[
            "Robot 8",
            "--cyberark",
            "--user",
            "fab_Robot7User",
            "--safe",
            "fab_Nobody",
            "--object",
            "fab_Nobody",
        ],
        &[
            "Robot 7",
            "--key-vault",
            "--user",
            "fab_New",
            "--user-value",
            "robot",
            "--password",
            "fab_Robot7Password",
        ],
        &["", "--key-vault", "--user", "fab_Robot7User", "--password", "fab_Robot7Password"],
        &[&["Robot 8"], &vault[..], &["--id", "7"]].concat(),
        &[&["Robot 8"], &vault[..], &["--container", "folder"]].concat(),
        &[&["Robot 8"], &vault[..], &["--like", "none.zip"]].concat(),
    ] {
        let stderr = place.refused(&[&["add", "credential"], arguments, &["--solution", "src"]].concat());
        all.push_str(&format!("$ add credential {}\n{stderr}\n", arguments.join(" ")));
    }
    let other = empty();
    let stderr = other.refused(&with(&[
        "--container",
        "section",
        "--signs-in",
        "fab_sharepoint",
        "--solution",
        "src",
    ]));
    all.push_str(&format!("$ --signs-in fab_sharepoint\n{stderr}\n"));
    let stderr = other.refused(&with(&["--solution", "src"]));
    all.push_str(&format!("$ where no credential is: {}\n{stderr}\n", ADD.join(" ")));
    insta::assert_snapshot!(all);
}
