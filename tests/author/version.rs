//! Versions.

use std::process::Command;

use super::{Place, unpacked};

fn version(place: &Place) -> String {
    place.must(&["version", "src"]).trim().to_owned()
}

#[test]
fn only_the_characters_of_the_version_change() {
    let place = unpacked("FabShared");
    let read = || fs_err::read_to_string(place.path.join("src/Other/Solution.xml")).expect("a file");
    let before = read();
    for (arguments, expected) in [
        (&["--bump", "revision"][..], "2.0.1.5"),
        (&["--bump", "build"], "2.0.2.0"),
        (&["--bump", "minor"], "2.1.0.0"),
        (&["--bump", "major"], "3.0.0.0"),
        (&["--set", "2.0.1.4"], "2.0.1.4"),
    ] {
        place.must(&[&["version", "src"], arguments].concat());
        assert_eq!(version(&place), expected);
        assert_eq!(read(), before.replace("2.0.1.4", expected));
    }
    assert_eq!(
        place.must(&["version", "src", "--set", "2.0.1.4"]),
        "already there, equal: FabShared 2.0.1.4\nsrc: nothing to write\n"
    );
    assert!(
        place.must(&["version", "Fab.zip", "--bump", "minor", "--dry-run"]).contains("2.0.1.4 → 2.1.0.0")
    );
    place.must(&["version", "Fab.zip", "--bump", "minor"]);
    assert_eq!(place.must(&["version", "Fab.zip"]), "2.1.0.0\n");
    let stderr = place.refused(&["version", "src", "--set", "1.x"]);
    assert_eq!(stderr, "error: version: not two to four numbers with dots\nhint: such as 1.2.3.4\n");
}

#[test]
fn the_nearest_tag_gives_the_version() {
    let place = unpacked("FabShared");
    let git = |arguments: &[&str]| {
        let user = ["-c", "user.name=Fab", "-c", "user.email=fab@example.com"];
        let status = Command::new("git")
            .current_dir(&place.path)
            .args(user)
            .args(arguments)
            .output()
            .expect("git runs");
        assert!(status.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&status.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "src"]);
    git(&["commit", "-q", "-m", "First"]);
    let stderr = place.refused(&["version", "src", "--from-git-tag"]);
    assert!(
        stderr.contains("no tag with a version") && stderr.contains("hint: git tag v1.2.3.4"),
        "{stderr}"
    );
    for (tag, expected) in [("v4.0.0.1", "4.0.0.1"), ("FabShared-4.0.0.2", "4.0.0.2")] {
        git(&["tag", tag]);
        place.must(&["version", "src", "--from-git-tag"]);
        assert_eq!(version(&place), expected);
        git(&["commit", "-q", "-a", "-m", tag]);
    }
    git(&["tag", "release-1.x.9.9"]);
    let stderr = place.refused(&["version", "src", "--from-git-tag"]);
    assert!(stderr.contains("which is no version"), "{stderr}");
}

#[test]
fn a_version_is_shown_in_both_forms_and_may_have_zeros_in_front() {
    let place = unpacked("FabRobotAccess");
    let json: serde_json::Value =
        serde_json::from_str(&place.must(&["version", "src", "--format", "json"])).expect("JSON");
    assert_eq!(json["solution"]["version"], version(&place));
    assert_eq!(json["steps"], serde_json::json!([]));
    // Real exports have such versions.
    place.must(&["version", "src", "--set", "1.0.02407.1937"]);
    let json: serde_json::Value =
        serde_json::from_str(&place.must(&["version", "src", "--set", "1.0.02407.1937", "--format", "json"]))
            .expect("JSON");
    assert_eq!(json["steps"][0]["action"], "unchanged");
    place.refused(&["version", "src", "--set", "1.0.0.2147483648"]);
}
