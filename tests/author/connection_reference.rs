//! Connection references.

use super::{back_again, edit_both, unpacked};

#[test]
fn a_reference_has_the_form_of_an_export_and_its_place_in_the_order() {
    let place = unpacked("FabShared");
    edit_both(
        &place,
        &[
            "add",
            "connection-reference",
            "fab_mail",
            "--connector",
            "shared_office365",
            "--display",
            "Mail & more",
        ],
    );
    let text = fs_err::read_to_string(place.path.join("src/Other/Customizations.xml")).expect("a file");
    let start =
        text.find("    <connectionreference connectionreferencelogicalname=\"fab_mail\"").expect("a row");
    let row = &text[start..start + text[start..].find("</connectionreference>").expect("an end")];
    let prompting = if text.contains("promptingbehavior") {
        "      <promptingbehavior>0</promptingbehavior>\r\n"
    } else {
        ""
    };
    assert_eq!(
        row,
        format!(
            "    <connectionreference connectionreferencelogicalname=\"fab_mail\">\r\n      \
             <connectionreferencedisplayname>Mail &amp; more</connectionreferencedisplayname>\r\n      \
             <connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid>\r\n      \
             <iscustomizable>1</iscustomizable>\r\n{prompting}      <statecode>0</statecode>\r\n      \
             <statuscode>1</statuscode>\r\n    "
        )
    );
    assert!(
        text.find("\"fab_desktop\"") < Some(start) && Some(start) < text.find("\"fab_payroll\""),
        "{text}"
    );
    place.must(&["verify", "src"]);
}

#[test]
fn removing_gives_back_the_folder_with_and_without_other_references() {
    for name in ["FabShared", "FabRobotAccess"] {
        for reference in ["fab_aaa", "fab_zzz"] {
            back_again(
                &unpacked(name),
                &["add", "connection-reference", reference, "--connector", "shared_office365"],
                &["remove", "connection-reference", reference],
            );
        }
    }
}

#[test]
fn what_is_there_is_told_and_facts_are_changed() {
    let place = unpacked("FabShared");
    let set = |arguments: &[&str]| {
        edit_both(&place, &[&["set", "connection-reference", "fab_sharepoint"], arguments].concat())
    };
    let before = super::support::place::tree(&place.path.join("src"));
    set(&["--description", "Sites"]);
    set(&["--no-description"]);
    let after = super::support::place::tree(&place.path.join("src"));
    assert_eq!(super::support::place::changes(&before, &after), Vec::<String>::new());
    let mut all = String::new();
    for arguments in [
        &["fab_sharepoint", "--connector", "shared_office365"][..],
        &["FAB_SHAREPOINT", "--connector", "shared_sharepointonline"],
        &["fab_new", "--connector", "SharePoint Online"],
        &["fab_new", "--connector", "/providers/Microsoft.PowerApps/apis/"],
        &["--connector", "shared_office365"],
    ] {
        let stderr =
            place.refused(&[&["add", "connection-reference"], arguments, &["--solution", "src"]].concat());
        all.push_str(&format!("$ add connection-reference {}\n{stderr}\n", arguments.join(" ")));
    }
    let equal = [
        "add",
        "connection-reference",
        "fab_sharepoint",
        "--connector",
        "shared_sharepointonline",
        "--solution",
        "src",
    ];
    all.push_str(&place.must(&equal));
    insta::assert_snapshot!(all);
}

#[test]
fn a_section_without_rows_is_there_again_after_all() {
    let place = unpacked("FabRobotAccess");
    let path = place.path.join("src/Other/Customizations.xml");
    let text = fs_err::read_to_string(&path).expect("there");
    assert!(!text.contains("<connectionreferences"), "{text}");
    let text = text.replacen("  <credentials>", "  <connectionreferences />\r\n  <credentials>", 1);
    fs_err::write(&path, text).expect("written");
    back_again(
        &place,
        &["add", "connection-reference", "fab_teams", "--connector", "shared_teams"],
        &["remove", "connection-reference", "fab_teams"],
    );
}
