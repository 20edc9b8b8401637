//! Flows brought out of another solution.

use rayon::prelude::*;

use super::support::corpus;
use super::support::place::{changes, fixture, tree, zip_of};
use super::{Place, edit_both, unpacked};

/// `src` with another solution, and `From.zip`.
fn target(from: &str) -> Place {
    let place = unpacked("FabRobotAccess");
    zip_of(&fixture(from), &place.path.join("From.zip"));
    place.must(&["unpack", "From.zip", "from"]);
    place
}

#[test]
fn a_cloud_flow_comes_with_what_it_uses() {
    let place = target("FabFlows");
    zip_of(&fixture("FabShared"), &place.path.join("Shared.zip"));
    let stdout = edit_both(&place, &["add", "flow", "Run payroll", "--from", "From.zip"]);
    insta::assert_snapshot!(stdout);
    let (from, src) = (tree(&place.path.join("from")), tree(&place.path.join("src")));
    for (path, bytes) in from.iter().filter(|(path, _)| path.starts_with("Workflows/Runpayroll")) {
        assert!(src.get(path) == Some(bytes), "{path}");
    }
    let manifest = String::from_utf8(src["Other/Solution.xml"].clone()).expect("UTF-8");
    assert!(
        manifest.contains("    <RootComponents>\r\n      <RootComponent type=\"29\" id=\"{"),
        "{manifest}"
    );
    place.must(&["verify", "src"]);
    let again = place.must(&["add", "flow", "Run payroll", "--from", "from", "--solution", "src"]);
    assert!(again.contains("already there, equal: cloud flow \"Run payroll\""), "{again}");
    let (path, _) = from
        .iter()
        .find(|(path, _)| path.starts_with("Workflows/Runpayroll") && path.ends_with(".json"))
        .expect("a file");
    fs_err::write(place.path.join("from").join(path), "{}").expect("writable");
    let stderr = place.refused(&["add", "flow", path, "--from", "from", "--solution", "src"]);
    assert!(stderr.contains("differs: its definition is another one"), "{stderr}");
}

#[test]
fn a_desktop_flow_comes_with_its_binaries_and_goes_with_them() {
    let place = target("FabRobots");
    let before = tree(&place.path.join("src"));
    let from = fixture("FabRobots").to_string();
    let stdout = edit_both(&place, &["add", "flow", "Enter invoice", "--from", &from]);
    insta::assert_snapshot!(stdout);
    let src = tree(&place.path.join("src"));
    assert!(src.keys().any(|path| path.starts_with("desktopflowbinaries/")), "{:?}", src.keys());
    place.must(&["verify", "src"]);
    edit_both(&place, &["set", "flow", "enter invoice", "--state", "off"]);
    edit_both(&place, &["set", "flow", "enter invoice", "--state", "on"]);
    let stdout = edit_both(&place, &["remove", "flow", "Enter invoice"]);
    insta::assert_snapshot!(stdout);
    assert_eq!(changes(&before, &tree(&place.path.join("src"))), Vec::<String>::new());
}

#[test]
fn removing_a_cloud_flow_and_its_needs_gives_back_the_folder() {
    for name in ["FabBilling", "FabArchive"] {
        let place = unpacked("FabRobotAccess");
        let from = fixture("FabShared")
            .parent()
            .and_then(|release| release.parent())
            .expect("fixtures")
            .join("cycle")
            .join(name);
        let flow = if name == "FabBilling" { "Send invoice" } else { "Archive document" };
        let before = tree(&place.path.join("src"));
        place.must(&["add", "flow", flow, "--from", from.as_str(), "--solution", "src"]);
        let added = changes(&before, &tree(&place.path.join("src")));
        assert!(added.len() > 2, "{added:?}");
        let stdout = place.must(&["remove", "flow", flow, "--solution", "src"]);
        for line in stdout
            .lines()
            .filter_map(|line| line.trim().strip_prefix("nothing in the solution uses these any more: "))
        {
            for need in line.split(", ") {
                let (kind, name) = need.rsplit_once(' ').expect("kind and name");
                place.must(&["remove", &kind.replace(' ', "-"), name, "--solution", "src"]);
            }
        }
        assert_eq!(changes(&before, &tree(&place.path.join("src"))), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn what_is_used_stays_and_what_is_not_there_is_told() {
    let place = target("FabFlows");
    let mut all = String::new();
    for arguments in [
        &["remove", "flow", "Tell about run", "--solution", "from"][..],
        &["add", "flow", "Run payrol", "--from", "From.zip", "--solution", "src"],
        &["add", "flow", "Run payroll", "--from", "none.zip", "--solution", "src"],
        &["set", "flow", "Nothing like it", "--state", "on", "--solution", "from"],
        &["add", "flow", "Run payroll", "--from", "From.zip", "--solution", fixture("FabShared").as_ref()],
    ] {
        let stderr = place.refused(arguments).replace(env!("CARGO_MANIFEST_DIR"), "…");
        all.push_str(&format!("$ {}\n{stderr}\n", arguments[..3].join(" ")));
    }
    insta::assert_snapshot!(all);
}

/// Flows of real exports: what is written is what unpacking the export writes, and the solution is whole.
#[test]
fn flows_of_real_exports_come_as_they_are() {
    let Some(corpus) = super::support::shared("corpus") else { return };
    let rows = corpus::readable(&corpus);
    let counted: Vec<usize> = rows
        .par_iter()
        .filter(|row| row["wf_cat5_cloudflow"] != "0" || row["wf_cat6_desktopflow"] != "0")
        .map(|row| one_archive(&corpus.join(&row["path"])))
        .collect();
    let flows: usize = counted.iter().sum();
    assert!(flows > 40, "only {flows} flows were tried");
}

fn one_archive(path: &camino::Utf8Path) -> usize {
    use solship::author::{Editor, FlowOptions, SolutionFiles, add_flow};
    use solship::model::{ComponentType, Details};
    use solship::package::OpenOptions;

    let options = OpenOptions::default();
    let Ok(from) = SolutionFiles::open_to_read(path, &options) else { return 0 };
    let solution = from.solution().expect("a model");
    let place = unpacked("FabShared");
    let mut tried = 0;
    let flows = solution.components.iter().filter(|component| {
        component.key.kind == ComponentType::WORKFLOW
            && matches!(component.details, Details::CloudFlow(_) | Details::DesktopFlow(_))
            && component.key.is_guid()
    });
    for flow in flows.take(2) {
        let mut editor = Editor::open(&place.path.join("src"), &options, true).expect("a folder");
        let steps = match add_flow(&mut editor, &flow.key.key, &from, FlowOptions::default()) {
            Ok(steps) => steps,
            // Variables in the form from before 2021 are only read; a flow without its file is none.
            Err(
                error @ (solship::author::AuthorError::OldForm { .. }
                | solship::author::AuthorError::MissingFile { .. }),
            ) => {
                println!("{path}: {error}");
                continue;
            }
            Err(error) => panic!("{path}: {error}"),
        };
        let edited = editor.solution().expect("a model");
        assert!(edited.components.iter().any(|component| component.key == flow.key), "{path}");
        let known = edited.findings.len();
        assert!(known <= solution.findings.len(), "{path}: {:?}", edited.findings);
        let edited = editor.finish(steps, &Default::default()).expect("a solution");
        for change in edited.changes.iter().filter(|change| !change.path.starts_with("Other/")) {
            let bytes = from
                .read(&change.path)
                .expect("readable")
                .unwrap_or_else(|| panic!("{path}: {}", change.path));
            assert_eq!(change.new_size, Some(bytes.len() as u64), "{path}: {}", change.path);
        }
        tried += 1;
    }
    tried
}
