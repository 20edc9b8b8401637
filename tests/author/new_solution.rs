//! Solutions from nothing.

use super::support::place::{changes, tree};
use super::{Place, fixture, support, zip_of};
use solship::package::{OpenOptions, Package};
use solship::xml::{Document, Element, Limits};

const NEW: [&str; 7] = ["new", "solution", "FabRobotAccess", "--publisher", "Fabrikam", "--prefix", "fab"];

#[test]
fn a_new_solution_packs_and_comes_back_as_it_was() {
    let place = Place::new();
    insta::assert_snapshot!(place.must(&NEW));
    let made = tree(&place.path.join("FabRobotAccess"));
    assert!(place.must(&NEW).starts_with("already there, equal: solution FabRobotAccess 1.0.0.0\n"));
    place.must(&["pack", "FabRobotAccess", "Fab.zip"]);
    place.must(&["verify", "Fab.zip", "FabRobotAccess"]);
    place.must(&["unpack", "Fab.zip", "again"]);
    assert_eq!(changes(&made, &tree(&place.path.join("again"))), Vec::<String>::new());
    insta::assert_snapshot!(place.must(&["inspect", "FabRobotAccess"]));
    let manifest = String::from_utf8(made["Other/Solution.xml"].clone()).expect("UTF-8");
    insta::assert_snapshot!(manifest.replace("\r\n", "\n"));
}

#[test]
fn texts_and_numbers_are_as_asked_for() {
    let place = Place::new();
    let more = [
        "--display",
        "Fab & Co",
        "--description",
        "Robots",
        "--version",
        "2.1.0.0",
        "--option-value-prefix",
        "89378",
        "--dir",
        "src/access",
        "--publisher-display",
        "Fabrikam Inc",
    ];
    place.must(&[&NEW[..], &more].concat());
    let text = fs_err::read_to_string(place.path.join("src/access/Other/Solution.xml")).expect("a file");
    for expected in [
        "<LocalizedName description=\"Fab &amp; Co\" languagecode=\"1033\" />",
        "<Description description=\"Robots\" languagecode=\"1033\" />",
        "<Version>2.1.0.0</Version>",
        "<CustomizationOptionValuePrefix>89378</CustomizationOptionValuePrefix>",
        "<LocalizedName description=\"Fabrikam Inc\" languagecode=\"1033\" />",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn what_no_solution_can_be_is_refused_with_the_way_out() {
    let place = Place::new();
    let write = |path: &str| {
        let path = place.path.join(path);
        fs_err::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs_err::write(path, "mine").expect("written");
    };
    write("InTheWay");
    write("NotEmpty/mine.txt");
    place.must(&["new", "solution", "There", "--publisher", "Other", "--prefix", "oth"]);
    let good = ["--publisher", "Fabrikam", "--prefix", "fab"];
    let mut all = String::new();
    for arguments in [
        &["Fab Robot"][..],
        &["7Fab"],
        &["Fäb"],
        &["InTheWay"],
        &["NotEmpty"],
        &["There"],
        &["Fab", "--version", "1"],
        &["Fab", "--option-value-prefix", "9999"],
        &["Fab", "--language", "7"],
        &["Fab", "--display", ""],
    ] {
        let stderr = place.refused(&[&["new", "solution"], arguments, &good].concat());
        all.push_str(&format!("$ new solution {}\n{stderr}\n", arguments.join(" ")));
    }
    for prefix in ["F", "Fab_", "mscrmfab", "9fab", "fabrikam9"] {
        let stderr =
            place.refused(&["new", "solution", "Fab", "--publisher", "Fabrikam", "--prefix", prefix]);
        all.push_str(&format!("$ --prefix {prefix}\n{stderr}\n"));
    }
    let (code, _, stderr) = place.run(&["new", "solution", "Fab", "--prefix", "fab"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("--publisher"), "{stderr}");
    insta::assert_snapshot!(all);
}

/// Every element that exports of today have is there, in the same order, and nothing else.
#[test]
fn it_has_the_form_of_real_exports() {
    let Some(corpus) = support::shared("corpus") else { return };
    let place = Place::new();
    place.must(&NEW);
    place.must(&["pack", "FabRobotAccess", "Fab.zip"]);
    let shape = |path: &camino::Utf8Path, entry: &str| -> Option<Vec<String>> {
        let package = Package::open(path, &OpenOptions::default()).ok()?;
        let bytes = package.read(package.entry(entry)?).ok()?;
        let document = Document::parse(bytes, &Limits::default()).ok()?;
        let root = document.root();
        Some(match entry {
            "solution.xml" => elements(root.child("SolutionManifest")?),
            _ => root.children().map(|section| section.name().to_owned()).collect(),
        })
    };
    let made = place.path.join("Fab.zip");
    let (manifest, sections) =
        (shape(&made, "solution.xml").expect("whole"), shape(&made, "customizations.xml").expect("whole"));
    let rows = support::corpus::readable(&corpus);
    let rows = rows.iter().filter(|row| row["managed"] == "0" && row["generated_by"] == "CrmLive");
    let (mut same, mut all) = (0, 0);
    for row in rows {
        let path = corpus.join(&row["path"]);
        let Some(real) = shape(&path, "solution.xml") else { continue };
        all += 1;
        same += usize::from(real == manifest);
        // What every export has comes in the same order.
        let real = shape(&path, "customizations.xml").expect("whole");
        let common: Vec<&String> = real.iter().filter(|name| sections.contains(name)).collect();
        let expected: Vec<&String> = sections.iter().filter(|name| real.contains(name)).collect();
        assert_eq!(common, expected, "{path}");
    }
    assert!(all > 150 && same * 10 > all * 7, "{same} of {all} exports have just these elements");
}

/// Names of the elements of a manifest, with what is nil; without the rows that each solution has of its own.
fn elements(manifest: Element<'_>) -> Vec<String> {
    let is_own = |name: &str| {
        matches!(
            name,
            "RootComponents"
                | "MissingDependencies"
                | "Descriptions"
                | "LocalizedNames"
                | "ConfigurationPage"
        )
    };
    let is_inside_own = |element: &Element<'_>| {
        let mut above = element.parent();
        while let Some(parent) = above {
            if is_own(parent.name()) {
                return true;
            }
            above = parent.parent();
        }
        false
    };
    let filled = |name: &str| {
        matches!(name, "EMailAddress" | "SupportingWebsiteUrl" | "AddressTypeCode" | "ShippingMethodCode")
    };
    manifest
        .descendants()
        .filter(|element| !is_inside_own(element) && element.name() != "ConfigurationPage")
        .map(|element| {
            let is_nil = element.attribute("xsi:nil").is_some() && !filled(element.name());
            format!("{}{}", element.name(), if is_nil { " nil" } else { "" })
        })
        .collect()
}

/// The task of the article on credentials, from nothing: variables, secret and credential in one solution, the flow that signs
/// in in a second one.
#[test]
fn the_task_of_the_article() {
    let place = Place::new();
    zip_of(&fixture("FabFlows"), &place.path.join("Export.zip"));
    let id = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg-robots/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot7";
    let commands: [&[&str]; 9] = [
        &["new", "solution", "FabRobotAccess", "--publisher", "Fabrikam", "--prefix", "fab"],
        &[
            "add",
            "variable",
            "fab_Robot7User",
            "--default",
            "FABRIKAM\\robot7",
            "--solution",
            "FabRobotAccess",
        ],
        &["add", "secret", "fab_Robot7Password", id, "--solution", "FabRobotAccess"],
        &[
            "add",
            "credential",
            "Robot 7",
            "--key-vault",
            "--user",
            "fab_Robot7User",
            "--password",
            "fab_Robot7Password",
            "--container",
            "section",
            "--solution",
            "FabRobotAccess",
        ],
        &["new", "solution", "FabFlows", "--publisher", "Fabrikam", "--prefix", "fab"],
        &[
            "add",
            "connection-reference",
            "fab_desktop",
            "--connector",
            "shared_uiflow",
            "--solution",
            "FabFlows",
        ],
        &[
            "add",
            "flow",
            "Tell about run",
            "--from",
            "Export.zip",
            "--without-needs",
            "--solution",
            "FabFlows",
        ],
        &["plan", "FabFlows", "FabRobotAccess"],
        &["verify", "FabFlows", "FabRobotAccess"],
    ];
    let mut all = String::new();
    for arguments in commands {
        let shown = arguments.join(" ").replace(id, "/subscriptions/…");
        all.push_str(&format!("$ solship {shown}\n{}\n", place.must(arguments)));
    }
    for solution in ["FabRobotAccess", "FabFlows"] {
        place.must(&["pack", solution, &format!("{solution}.zip")]);
    }
    let list = place.must(&["plan", "FabFlows.zip", "FabRobotAccess.zip", "--format", "list"]);
    assert_eq!(list, "FabRobotAccess\nFabFlows\n");
    insta::assert_snapshot!(all);
    // The same commands give the same bytes.
    let again = Place::new();
    zip_of(&fixture("FabFlows"), &again.path.join("Export.zip"));
    for arguments in commands {
        again.must(arguments);
    }
    again.must(&["pack", "FabRobotAccess", "FabRobotAccess.zip"]);
    let bytes = |place: &Place| fs_err::read(place.path.join("FabRobotAccess.zip")).expect("a file");
    assert!(bytes(&place) == bytes(&again));
}

#[test]
fn a_solution_lies_in_no_other_and_in_no_device() {
    let place = Place::new();
    place.must(&NEW);
    let with = |name: &'static str, more: &[&'static str]| {
        [&["new", "solution", name, "--publisher", "Fabrikam", "--prefix", "fab"], more].concat()
    };
    let mut all = String::new();
    for arguments in [
        with("CON", &[]),
        with("FabNew", &["--dir", "a/nul.x"]),
        with("FabNew", &["--dir", "FabRobotAccess/FabNew"]),
        with("FabNew", &["--dir", "FabRobotAccess/Other/deep/FabNew"]),
    ] {
        let stderr = place.refused(&arguments).replace(place.path.as_str(), "[place]");
        all.push_str(&format!("$ {}\n{stderr}\n", arguments.join(" ")));
    }
    insta::assert_snapshot!(all);
    place.must(&with("CON", &["--dir", "Fab.Con"]));
    place.must(&NEW);
}
