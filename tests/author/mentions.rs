//! Names in texts that are no components of their own: scripts, definitions of connectors.

use super::support::place::{changes, tree};
use super::{Place, edit_both, unpacked};

const SCRIPT: &str = "WebResources/fab_/form.js";
const DEFINITION: &str = "Connectors/fab_5Fpayroll_openapidefinition.json";

/// The row of a web resource, as unpacking writes it.
const ROW: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r
<WebResource xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r
  <WebResourceId>{0c0ffee0-0000-4000-8000-0000000000aa}</WebResourceId>\r
  <Name>fab_/form.js</Name>\r
  <DisplayName>Form</DisplayName>\r
  <LanguageCode>1033</LanguageCode>\r
  <WebResourceType>3</WebResourceType>\r
  <IntroducedVersion>1.0.0.0</IntroducedVersion>\r
  <IsCustomizable>1</IsCustomizable>\r
  <FileName>/WebResources/fab_form.js0C0FFEE0-0000-4000-8000-0000000000AA</FileName>\r
</WebResource>";

/// A solution with a connector, a script and two variables.
fn with_texts(script: &str, host: &str) -> Place {
    let place = unpacked("FabShared");
    for name in ["fab_Url", "fab_Limit"] {
        place.must(&["add", "variable", name, "--default", "7", "--solution", "src"]);
    }
    let src = place.path.join("src");
    fs_err::create_dir_all(src.join("WebResources/fab_")).expect("made");
    fs_err::write(src.join(SCRIPT), script).expect("written");
    fs_err::write(src.join(format!("{SCRIPT}.data.xml")), ROW).expect("written");
    let definition = fs_err::read_to_string(src.join(DEFINITION)).expect("there");
    let definition = definition.replace("\"payroll.example.com\"", host);
    fs_err::write(src.join(DEFINITION), definition).expect("written");
    // As unpacking writes it, with an empty section in its place.
    place.must(&["pack", "src", "made.zip"]);
    fs_err::remove_dir_all(&src).expect("there");
    place.must(&["unpack", "made.zip", "src"]);
    place
}

const CALL: &str = r#""@environmentVariables(\"fab_Url\")""#;

#[test]
fn a_variable_that_a_text_names_is_not_removed() {
    let place = with_texts("// fab_Limit\nread('fab_Url');\n", CALL);
    let stderr = place.refused(&["remove", "variable", "fab_Url", "--solution", "src"]);
    insta::assert_snapshot!(stderr);
    // In other letters it may be a column.
    let place = with_texts("// fab_Limit\nread('fab_url', \"fab_Urls\");\n", "\"payroll.example.com\"");
    let mut all = String::new();
    for name in ["fab_Url", "fab_Limit"] {
        all.push_str(&edit_both(&place, &["remove", "variable", name]));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_variable_is_renamed_where_a_text_names_it_for_sure() {
    let place = with_texts("// fab_Url\nread(\"fab_Url\", `fab_Url`, 'FAB_URL');\r\n", CALL);
    let before = tree(&place.path.join("src"));
    insta::assert_snapshot!(edit_both(&place, &["rename", "variable", "fab_Url", "fab_Address"]));
    let read = |path: &str| fs_err::read_to_string(place.path.join("src").join(path)).expect("a file");
    assert_eq!(read(SCRIPT), "// fab_Url\nread(\"fab_Address\", `fab_Address`, 'FAB_URL');\r\n");
    assert!(read(DEFINITION).contains(r#""host":"@environmentVariables(\"fab_Address\")""#));
    edit_both(&place, &["rename", "variable", "fab_Address", "fab_Url"]);
    assert_eq!(changes(&before, &tree(&place.path.join("src"))), Vec::<String>::new());
}

#[test]
fn a_connection_reference_is_only_guessed_in_texts() {
    let place = with_texts("read('fab_teams');\n", CALL);
    place.must(&[
        "add",
        "connection-reference",
        "fab_teams",
        "--connector",
        "shared_teams",
        "--solution",
        "src",
    ]);
    let stdout =
        place.must(&["rename", "connection-reference", "fab_teams", "fab_Teams2", "--solution", "src"]);
    assert!(stdout.contains("fab_teams still stands in src/WebResources/fab_/form.js:1:7: "), "{stdout}");
    let stdout = place.must(&["remove", "connection-reference", "fab_Teams2", "--solution", "src"]);
    assert!(!stdout.contains("form.js"), "{stdout}");
}
