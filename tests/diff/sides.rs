//! What the user names and how it is called: several versions on a side, revisions of git, types of components, comments
//! that are too long.

use solship::diff::{Changed, ComponentDiff, Options, State};
use solship::model::{ComponentKey, ComponentType, SolutionIdentity, Version};
use solship::package::{OpenOptions, Package};

use crate::commands::two;
use crate::support::folder::Folder;

/// Versions of one solution, in folders of the first two, and whether they are managed.
fn versions(rows: &[(&str, &str, bool)]) -> Folder {
    let folder = Folder::new();
    for (path, version, managed) in rows {
        folder.copy("fixtures/release/FabShared", path);
        let managed = if *managed { "<Managed>1" } else { "<Managed>0" };
        let manifest = format!("{path}/solution.xml");
        let text = fs_err::read_to_string(folder.path.join(&manifest)).unwrap();
        let (start, end) = (text.find("<Version>").unwrap(), text.find("</Version>").unwrap());
        let text = format!("{}<Version>{version}{}", &text[..start], &text[end..]);
        folder.file(&manifest, text.replace("<Managed>0", managed));
    }
    folder
}

#[test]
fn what_is_compared_with_nothing_is_told() {
    let folder = versions(&[
        ("a/one", "1.0.0.0", false),
        ("a/two", "2.0.0.0", false),
        ("a/two_again", "2.0", false),
        ("a/two_managed", "2.0.0.0", true),
        ("b/three", "3.0.0.0", false),
    ]);
    insta::assert_snapshot!("left_out", folder.told(&["diff", "a", "b"]));
    insta::assert_snapshot!("left_out_markdown", folder.told(&["diff", "a", "b", "--format", "markdown"]));
    let (_, json, _) = folder.run(&["diff", "a", "b", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let told: Vec<String> = document["leftOut"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {} {}", row["side"], row["solution"]["source"], row["because"]))
        .collect();
    assert_eq!(
        told,
        [
            r#""left" "a/one" "lowerVersion""#,
            r#""left" "a/two_again" "sameVersion""#,
            r#""left" "a/two_managed" "otherType""#,
        ]
    );
    // A package of each type on both sides: each is compared.
    let folder = versions(&[
        ("a/x", "1.0.0.0", false),
        ("a/y", "1.0.0.0", true),
        ("b/x", "1.0.0.0", false),
        ("b/y", "1.0.0.0", true),
    ]);
    let (code, json, stderr) = folder.run(&["diff", "a", "b", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &*stderr, document["solutions"].as_array().unwrap().len()), (0, "", 2));
}

#[test]
fn a_revision_is_called_as_the_user_called_it() {
    let folder = two();
    folder.file("half/readme.txt", "no solution").file("half/Other/Solution.xml", "<ImportExportXml />");
    folder.git(&["init", "-q"]).git(&["add", "-A"]).git(&["commit", "-q", "-m", "first"]);
    folder.edit("b/FabFlows/solution.xml", "<Version>3.1.0.0", "<Version>3.2.0.0");
    let from = |below: &str, arguments: &[&str]| {
        let mut command = folder.command(arguments);
        command.current_dir(folder.path.join(below));
        crate::support::folder::told(&command.output().unwrap())
    };
    for (below, left, right) in [
        ("", "HEAD:b/FabFlows", "b/FabFlows"),
        ("b", "HEAD:b/FabFlows", "FabFlows"),
        ("b", "HEAD:./FabFlows", "FabFlows"),
        ("b", "HEAD:./FabFlows/", "FabFlows"),
        ("b/FabFlows", "HEAD:./", "."),
        ("b/FabRobots", "HEAD:../FabFlows", "../FabFlows"),
    ] {
        let told = from(below, &["diff", left, right, "--stat"]);
        assert!(told.starts_with("exit code 1") && told.contains("3.1.0.0 → 3.2.0.0"), "{left} {told}");
    }
    for words in [
        ["diff", "HEAD:half", "a"],
        ["diff", "HEAD:", "a"],
        ["diff", "HEAD:b/FabFlows/solution.xml", "a"],
        ["diff", "HEAD:a", "HEAD:b/none"],
        ["diff", "none:a", "a"],
    ] {
        let told = folder.told(&words);
        assert!(!told.contains("solship-") && told.contains(words[1].trim_end_matches("a")), "{told}");
    }
    insta::assert_snapshot!("half_a_solution", folder.told(&["diff", "HEAD:half", "a"]));
    insta::assert_snapshot!("relative", from("b", &["diff", "HEAD:FabFlows", "FabFlows"]));
    let (_, json, _) = folder.run(&["diff", "HEAD:a", "b", "--format", "json", "--no-config"]);
    assert!(json.contains("\"source\": \"HEAD:a/FabFlows\"") && !json.contains("solship-"), "{json}");
}

#[cfg(unix)]
#[test]
fn links_of_a_revision_are_told() {
    let folder = two();
    fs_err::os::unix::fs::symlink("solution.xml", folder.path.join("a/FabShared/link.xml")).unwrap();
    folder.git(&["init", "-q"]).git(&["add", "-A"]).git(&["commit", "-q", "-m", "first"]);
    let told = folder.told(&["diff", "HEAD:a/FabShared", "b/FabShared"]);
    assert!(told.contains("warning: HEAD:a/FabShared: link.xml is a link"), "{told}");
}

#[test]
fn no_type_of_components_is_refused() {
    let folder = two();
    insta::assert_snapshot!("no_type", folder.told(&["diff", "a", "b", "--only", "varable"]));
    assert!(folder.told(&["diff", "a", "b", "--ignore", "nonsense"]).starts_with("exit code 2"));
    assert!(folder.told(&["diff", "a", "b", "--ignore", "cloud-flow"]).starts_with("exit code 0"));
}

/// So many changes of one component, each of so many characters.
fn large(components: usize, changes: usize, characters: usize, lines: bool) -> String {
    use solship::diff::{Change, Diff, Hunk, Line, Path, SetDiff};
    let identity = |version: &str| SolutionIdentity {
        unique_name: "FabFlows".to_owned(),
        version: Version::new(version),
        managed: false,
        publisher: "fabrikam".to_owned(),
        source: format!("it's {version}.zip").into(),
    };
    let change = |number: usize| {
        let text = "x".repeat(characters);
        let path = Path { part: vec![format!("part {number}")], field: Vec::new() };
        let changed = if lines {
            let lines = vec![Line::Removed(text.clone()), Line::Added(text)];
            Changed::Lines(vec![Hunk { left: 1, right: 1, lines }])
        } else {
            Changed::Added(text)
        };
        Change::new(path, changed)
    };
    let component = |number: usize| ComponentDiff {
        component: ComponentKey::new(ComponentType::TABLE, &format!("fab_{number}")),
        title: format!("table fab_{number}"),
        state: State::Changed,
        says: None,
        changes: (0..changes).map(change).collect(),
        noise: Vec::new(),
    };
    let diff = Diff {
        differs: true,
        left: identity("1.0"),
        right: identity("2.0"),
        components: (0..components).map(component).collect(),
        noise: Vec::new(),
        risks: Vec::new(),
    };
    solship::report::markdown_diff::diff(&SetDiff { solutions: vec![diff], ..SetDiff::default() })
}

#[test]
fn a_comment_is_cut_inside_its_sections() {
    for (components, changes, characters, lines) in [
        (1, 5_000, 30, false),
        (3, 900, 100, true),
        (400, 3, 90, false),
        (2, 300, 5_000, true),
        (9, 100, 399, true),
    ] {
        let text = large(components, changes, characters, lines);
        let count = text.chars().count();
        assert!((50_000..=60_000).contains(&count), "{components} {changes}: {count}");
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        assert!(text.contains("**… ") || components == 400, "{}", &text[text.len() - 900..]);
    }
    let text = large(3, 900, 100, true);
    let end: Vec<&str> = text.lines().rev().take(8).collect();
    insta::assert_snapshot!("cut_comment", end.into_iter().rev().collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_one_solution_loses_is_held_against_the_others_of_the_set() {
    let folder = Folder::new();
    for side in ["old", "new"] {
        for name in ["FabShared", "FabFlows"] {
            folder.copy(&format!("fixtures/release/{name}"), &format!("{side}/{name}"));
        }
    }
    let edit = |path: &str, edit: &dyn Fn(String) -> String| {
        let text = fs_err::read_to_string(folder.path.join(path)).unwrap();
        folder.file(path, edit(text));
    };
    edit("new/FabShared/solution.xml", &|text| text.replace("<Version>2.0.1.4<", "<Version>2.1.0.0<"));
    edit("new/FabShared/customizations.xml", &|mut text| {
        let row = r#"<connectionreference connectionreferencelogicalname="fab_payroll""#;
        let (start, end) = (text.find(row).unwrap(), "</connectionreference>");
        let length = text[start..].find(end).unwrap() + end.len();
        text.replace_range(start..start + length, "");
        text
    });
    let packages = |side: &str| {
        let open = |name| Package::open(&folder.path.join(side).join(name), &OpenOptions::default()).unwrap();
        vec![open("FabShared"), open("FabFlows")]
    };
    let found = solship::diff::sets(packages("old"), packages("new"), &Options::default()).unwrap();
    let shared = found.solutions.iter().find(|one| one.left.unique_name == "FabShared").unwrap();
    let words = "cloud flow \"Check payroll\" of FabFlows still uses connection reference fab_payroll, which FabShared no longer has";
    assert!(shared.risks.iter().any(|risk| risk.words == words), "{:?}", shared.risks);
}

#[test]
fn who_runs_a_desktop_flow_of_another_solution_is_told_that_its_inputs_changed() {
    let folder = two();
    let robots = "b/FabRobots/customizations.xml";
    folder
        .edit("b/FabRobots/solution.xml", "<Version>1.4.0.0", "<Version>1.5.0.0")
        .edit(robots, "\"required\":[\"InvoiceId\"]", "\"required\":[\"Invoice\"]")
        .edit(robots, "\"InvoiceId\":{", "\"Invoice\":{");
    let (code, told, _) = folder.run(&["diff", "a", "b"]);
    assert_eq!(code, 1);
    let words = "cloud flow \"Enter invoices\" of FabFlows runs desktop flow \"Enter invoice\" of FabRobots, of which the inputs changed";
    let told: Vec<&str> = told.split_whitespace().collect();
    assert_eq!(told.join(" ").matches(words).count(), 1, "{told:?}");
    // Nothing is said of those who run another one.
    assert!(!told.join(" ").contains("Run payroll"), "{told:?}");
}

#[test]
fn what_others_still_use_of_a_solution_that_is_gone_is_told() {
    let folder = two();
    fs_err::remove_dir_all(folder.path.join("b/FabShared")).unwrap();
    let (code, told, _) = folder.run(&["diff", "a", "b"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!("solution_gone", told);
    let words = "cloud flow \"Check payroll\" of FabFlows still uses connection reference fab_payroll of FabShared, which is gone";
    for format in ["json", "markdown", "html"] {
        let (_, told, _) = folder.run(&["diff", "a", "b", "--format", format]);
        let told = told.replace("\\\"", "\"").replace("&quot;", "\"").replace('\\', "");
        assert_eq!(told.matches(words).count(), 1, "{format}: {told}");
    }
}

#[test]
fn a_label_in_the_dependencies_is_no_other_dependency() {
    let folder = two();
    let manifest = "b/FabFlows/solution.xml";
    folder.edit(manifest, "displayName=\"Run payroll\"", "displayName=\"Pay all\"");
    let (_, told, _) = folder.run(&["diff", "a", "b"]);
    insta::assert_snapshot!("label_of_dependency", told);
    // Two that are called alike are told apart by what they are.
    let one = "<MissingDependency><Required type=\"29\" displayName=\"Twin\" id=\"{0c0ffee0-0000-4000-8000-00000000000a}\" solution=\"FabBase (1.0)\" />\
               <Dependent type=\"29\" displayName=\"Run payroll\" id=\"{0c0fded0-57c0-4f6c-8b9d-be79ceb56d91}\" /></MissingDependency>";
    let both = format!("<MissingDependencies>{one}{}", one.replace("00000000000a", "00000000000b"));
    folder.edit(manifest, "<MissingDependencies>", &both);
    let (_, told, _) = folder.run(&["diff", "a", "b"]);
    for id in ["00000000000a", "00000000000b"] {
        let line = format!("process Twin 0c0ffee0-0000-4000-8000-{id} for process Run payroll");
        assert!(told.contains(&line), "{told}");
    }
}
