//! Other names.

use super::support::place::{changes, tree};
use super::{Place, edit_both, unpacked};

/// What a rename there and back leaves is what was there before.
fn there_and_back(place: &Place, kind: &str, old: &str, new: &str) -> Vec<String> {
    let before = tree(&place.path.join("src"));
    edit_both(place, &["rename", kind, old, new]);
    let changed = changes(&before, &tree(&place.path.join("src")));
    place.must(&["verify", "src"]);
    edit_both(place, &["rename", kind, new, old]);
    assert_eq!(changes(&before, &tree(&place.path.join("src"))), Vec::<String>::new(), "{kind} {old}");
    changed
}

/// The credential's solution with a flow that reads its variable and a child variable.
fn with_users() -> Place {
    let place = unpacked("FabRobotAccess");
    let from = super::fixture("FabFlows").to_string();
    place.must(&["add", "flow", "Tell about run", "--from", &from, "--solution", "src"]);
    place
}

#[test]
fn a_variable_is_renamed_in_all_that_names_it() {
    let place = with_users();
    let changed = there_and_back(&place, "variable", "fab_Robot7User", "fab_RobotUser");
    let name = |path: &str| changed.iter().any(|found| found.contains(path));
    assert!(
        name("environmentvariabledefinitions/fab_RobotUser/")
            && name("Workflows/")
            && name("Other/Customizations.xml"),
        "{changed:?}"
    );
    insta::assert_snapshot!(place.must(&[
        "rename",
        "variable",
        "fab_Robot7User",
        "fab_RobotUser",
        "--solution",
        "src"
    ]));
    let plan = place.must(&["where-used", "fab_RobotUser", "src"]);
    assert!(plan.contains("Tell about run") && plan.contains("Robot 7"), "{plan}");
}

#[test]
fn a_connection_reference_is_renamed_in_cloud_and_desktop_flows() {
    let place = unpacked("FabShared");
    let from = super::fixture("FabRobots").to_string();
    place.must(&["add", "flow", "Enter invoice", "--from", &from, "--solution", "src"]);
    let from = super::fixture("FabFlows").to_string();
    place.must(&["add", "flow", "Run payroll", "--from", &from, "--solution", "src"]);
    let changed = there_and_back(&place, "connection-reference", "fab_sharepoint", "fab_aSites");
    assert!(changed.iter().any(|path| path.starts_with("Workflows/Enterinvoice")), "{changed:?}");
    let changed = there_and_back(&place, "connection-reference", "fab_payroll", "fab_Wages");
    assert!(
        changed.iter().any(|path| path.starts_with("Workflows/Runpayroll") && path.ends_with(".json")),
        "{changed:?}"
    );
}

#[test]
fn a_flow_and_a_credential_get_another_display_name() {
    let place = with_users();
    let changed = there_and_back(&place, "flow", "Tell about run", "Tell about the run (é)");
    assert!(changed.iter().any(|path| path.starts_with("Workflows/Tellabouttherun-")), "{changed:?}");
    let changed = there_and_back(&place, "flow", "Tell about run", "TELL about run");
    assert!(changed.iter().all(|path| path.starts_with("Workflows/Tellaboutrun-")), "{changed:?}");
    let changed = there_and_back(&place, "credential", "Robot 7", "Robot seven");
    assert_eq!(changed, ["Other/Customizations.xml"]);
}

#[test]
fn what_cannot_be_renamed_is_told() {
    let place = with_users();
    let mut all = String::new();
    for arguments in [
        &["variable", "fab_Robot7User", "fab_Robot7Password"][..],
        &["variable", "fab_Robot7User", "Robot7User"],
        &["variable", "fab_Robot7User", "fab_robot7user"],
        &["variable", "fab_Robt7User", "fab_New"],
        &["connection-reference", "fab_none", "fab_New"],
        &["flow", "Tell about run", ""],
    ] {
        let stderr = place.refused(&[&["rename"], arguments, &["--solution", "src"]].concat());
        all.push_str(&format!("$ rename {}\n{stderr}\n", arguments.join(" ")));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn two_flows_of_one_name_are_told() {
    let place = with_users();
    let from = super::fixture("FabFlows").to_string();
    place.must(&["add", "flow", "Check payroll", "--from", &from, "--without-needs", "--solution", "src"]);
    let stdout =
        place.must(&["rename", "flow", "Check payroll", "tell about run", "--solution", "src", "--dry-run"]);
    assert!(stdout.contains("another cloud flow is called that too, fe662778-"), "{stdout}");
}

#[test]
fn a_display_name_that_one_has_names_it() {
    let place = unpacked("FabShared");
    let run = |arguments: &str| -> Vec<String> {
        let words = arguments.split(' ').map(|word| word.replace('_', " ").replace('=', "_"));
        words.chain(["--solution".to_owned(), "src".to_owned()]).collect()
    };
    let must = |arguments: &str| {
        let words = run(arguments);
        place.must(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    must("add variable fab=One --default 1 --display Only_one");
    must("add variable fab=Two --default 1 --display The_other");
    must("add connection-reference fab=mail --connector shared=office365 --display Mail_of_all");
    assert!(must("set variable only_ONE --default 2").contains("fab_One"));
    assert!(must("rename variable Only_one fab=First").contains("fab_First"));
    assert!(must("rename connection-reference Mail_of_all fab=post").contains("fab_post"));
    must("set variable The_other --display Only_one");
    let words = run("remove variable Only_one");
    let refused = place.refused(&words.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(
        refused,
        "error: 2 variables are called Only one\nhint: name the one that is meant, such as fab_First or fab_Two\n"
    );
    must("remove variable fab=First");
    assert!(must("remove variable Only_one").contains("fab_Two"));
    assert!(must("remove connection-reference Mail_of_all").contains("fab_post"));
}
