//! Deployment settings files with the binary: every shape that is known comes back unchanged, and no value is printed.

#[path = "../support/mod.rs"]
mod support;

mod laws;

use support::place::{Place, fixture, zip_of};

/// Values that no output may show.
const SECRET: &str = "hunter2-value";

/// As `pac solution create-settings` writes it.
const BASE: &str = r#"{
  "EnvironmentVariables": [
    {
      "SchemaName": "fab_Robot7Password",
      "Value": "hunter2-value"
    },
    {
      "SchemaName": "fab_Robot7User",
      "Value": ""
    }
  ],
  "ConnectionReferences": [
    {
      "LogicalName": "fab_desktop",
      "ConnectionId": "0c0ffee000004000800000000000000a",
      "ConnectorId": "/providers/Microsoft.PowerApps/apis/shared_uiflow"
    }
  ]
}"#;

/// As newer ones do: more members, a list of agents, CRLF, a byte order mark, tabs.
const NEWER: &str = "\u{feff}{\r\n\t\"EnvironmentVariables\": [\r\n\t\t{ \"SchemaName\": \"fab_Robot7User\", \"Value\": \"hunter2-value\", \"DefaultValue\": \"x\", \"Name\": { \"Default\": \"User\", \"ByLcid\": { \"1033\": \"User\" } }, \"TypeId\": 100000000, \"Description\": null, \"IsRequired\": false }\r\n\t],\r\n\t\"ConnectionReferences\": [],\r\n\t\"CopilotAgents\": [ { \"SchemaName\": \"fab_agent\" } ]\r\n}\r\n";

/// With the owner that the ALM Accelerator adds.
const OWNER: &str = r#"{"ConnectionReferences":[{"LogicalName":"fab_desktop","ConnectionId":"","ConnectorId":"/providers/Microsoft.PowerApps/apis/shared_uiflow","ConnectionOwner":"hunter2-value"}],"EnvironmentVariables":[]}"#;

/// The second file of the ALM Accelerator.
const SECOND: &str = r#"{"ActivateFlowConfiguration":[{"solutionComponentName":"x","activate":"true"}],"WebhookUrls":[],"SDKMessages":[]}"#;

/// Solutions with two variables, three references.
fn place() -> Place {
    let place = Place::new();
    fs_err::create_dir(place.path.join("release")).expect("made");
    for name in ["FabRobotAccess", "FabShared"] {
        zip_of(&fixture(name), &place.path.join("release").join(format!("{name}.zip")));
    }
    for (name, text) in
        [("base.json", BASE), ("newer.json", NEWER), ("owner.json", OWNER), ("second.json", SECOND)]
    {
        fs_err::write(place.path.join(name), text).expect("written");
    }
    place
}

fn read(place: &Place, name: &str) -> String {
    fs_err::read_to_string(place.path.join(name)).expect("a file")
}

#[test]
fn a_new_file_asks_for_everything_once() {
    let place = place();
    let stdout = place.must(&["settings", "new", "release"]);
    insta::assert_snapshot!(stdout);
    assert_eq!(
        place.must(&["settings", "new", "release", "--out", "uat.json"]),
        "uat.json: 5 entries to fill\n"
    );
    assert_eq!(read(&place, "uat.json"), stdout);
    let stderr = place.refused(&["settings", "new", "release", "--out", "uat.json"]);
    assert_eq!(
        stderr,
        "error: uat.json: a file is there already\nhint: solship settings sync brings it up; or name another file\n"
    );
    place.must(&["settings", "new", "release", "--each", "each"]);
    assert!(read(&place, "each/FabShared.json").contains("fab_payroll"));
    place.refused(&["settings", "new", "release", "--each", "each"]);
}

#[test]
fn sync_adds_drops_and_keeps() {
    let place = place();
    insta::assert_snapshot!(place.must(&["settings", "sync", "base.json", "release"]));
    insta::assert_snapshot!(read(&place, "base.json"));
    let first = read(&place, "base.json");
    assert_eq!(place.must(&["settings", "sync", "base.json", "release"]), "base.json: up to date\n");
    assert_eq!(read(&place, "base.json"), first);
    // One solution is gone: what is filled stays, what is not goes.
    let (code, stdout, _) = place.run(&["settings", "sync", "base.json", "release/FabShared.zip", "--check"]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(stdout);
    assert_eq!(read(&place, "base.json"), first);
    place.must(&["settings", "sync", "base.json", "release/FabShared.zip", "--prune"]);
    assert!(!read(&place, "base.json").contains(SECRET));
}

#[test]
fn every_shape_is_kept_as_it_is() {
    let place = place();
    for name in ["newer.json", "owner.json"] {
        let before = read(&place, name);
        place.must(&["settings", "sync", name, "release"]);
        let after = read(&place, name);
        for kept in
            ["CopilotAgents", "ConnectionOwner", "\"ByLcid\": { \"1033\": \"User\" }", SECRET, "\u{feff}"]
        {
            assert_eq!(before.contains(kept), after.contains(kept), "{name}: {kept}");
        }
        assert_eq!(before.contains('\r'), after.contains('\r'), "{name}");
        assert!(!after.replace("\r\n", "").contains('\r'));
    }
    insta::assert_snapshot!(read(&place, "newer.json").replace("\r\n", "\n"));
    let stderr = place.refused(&["settings", "sync", "second.json", "release"]);
    assert!(stderr.contains("the second file of the ALM Accelerator"), "{stderr}");
    assert_eq!(read(&place, "second.json"), SECOND);
    // Any JSON may be filled in.
    place.must(&["settings", "fill", "second.json", "--out", "second.filled.json"]);
    assert_eq!(read(&place, "second.filled.json"), SECOND);
}

#[test]
fn a_check_tells_what_is_wrong_and_shows_no_value() {
    let place = place();
    let (code, stdout, stderr) =
        place.run(&["settings", "check", "base.json", "newer.json", "owner.json", "release", "--all"]);
    assert_eq!(code, Some(1), "{stderr}");
    insta::assert_snapshot!(stdout);
    for format in ["json", "markdown", "github", "sarif", "junit"] {
        let (code, stdout, stderr) =
            place.run(&["settings", "check", "base.json", "release", "--format", format]);
        assert_eq!(code, Some(1), "{format}: {stderr}");
        assert!(!stdout.contains(SECRET) && !stderr.contains(SECRET), "{format}: {stdout}");
    }
    let stderr = place.refused(&["settings", "check", "release"]);
    assert!(stderr.contains("no settings file is named"), "{stderr}");
}

#[test]
fn files_are_compared_and_merged_without_a_value_in_sight() {
    let place = place();
    let (code, stdout, _) = place.run(&["settings", "diff", "base.json", "newer.json"]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(stdout);
    assert_eq!(place.must(&["settings", "diff", "base.json", "base.json"]), "no difference\n");
    assert_eq!(
        place.must(&["settings", "merge", "base.json", "newer.json", "owner.json", "--out", "all.json"]),
        "all.json: made of 3 files\n"
    );
    let merged: serde_json::Value = serde_json::from_str(&read(&place, "all.json")).expect("JSON");
    assert_eq!(merged["EnvironmentVariables"][1]["Value"], SECRET);
    assert_eq!(merged["ConnectionReferences"][0]["ConnectionOwner"], SECRET);
    assert_eq!(merged["ConnectionReferences"][0]["ConnectionId"], "0c0ffee000004000800000000000000a");
    assert_eq!(merged["CopilotAgents"][0]["SchemaName"], "fab_agent");
}

#[test]
fn names_are_filled_in_and_an_unset_one_ends_it() {
    let place = place();
    fs_err::write(place.path.join("uat.json"), BASE.replace("\"Value\": \"\"", "\"Value\": \"${FAB_USER}\""))
        .expect("written");
    let run = |variable: Option<&str>| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_solship"));
        command
            .current_dir(&place.path)
            .args(["settings", "fill", "uat.json", "--out", "filled.json"])
            .env_remove("FAB_USER");
        if let Some(value) = variable {
            command.env("FAB_USER", value);
        }
        let output = command.output().expect("the binary runs");
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let (code, text) = run(None);
    assert_eq!(code, Some(2));
    assert_eq!(
        text,
        "error: uat.json:9:16: the environment variable FAB_USER is not set\n\
         hint: set it, or write $${ where the text itself is meant\n"
    );
    assert!(!place.path.join("filled.json").exists());
    let (code, text) = run(Some(SECRET));
    assert_eq!((code, &*text), (Some(0), "filled.json: 1 place filled in\n"));
    assert!(read(&place, "filled.json").contains("\"Value\": \"hunter2-value\"\n    }\n  ],"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs_err::metadata(place.path.join("filled.json")).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_null_list_is_filled_in_its_place() {
    let place = place();
    fs_err::write(place.path.join("n.json"), "{\"EnvironmentVariables\":null}").expect("written");
    place.must(&["settings", "sync", "n.json", "release/FabRobotAccess.zip"]);
    let text = read(&place, "n.json");
    assert_eq!(text.matches("EnvironmentVariables").count(), 1, "{text}");
    assert!(text.contains("fab_Robot7User"), "{text}");
}

#[cfg(unix)]
#[test]
fn only_plain_files_are_written() {
    let place = place();
    std::os::unix::fs::symlink("base.json", place.path.join("link.json")).expect("a link");
    for out in ["link.json", "release", "-", "base.json"] {
        place.refused(&["settings", "fill", "base.json", "--out", out]);
    }
    place.refused(&["settings", "merge", "base.json", "newer.json", "--out", "link.json"]);
}

#[test]
fn what_is_no_settings_file_is_refused() {
    let place = place();
    let mut all = String::new();
    for (name, text) in [
        ("a.json", "[]"),
        ("b.json", "{}"),
        ("c.json", "{\"EnvironmentVariables\": {}}"),
        ("d.json", "{\"EnvironmentVariables\": [1]}"),
        ("e.json", "{\"EnvironmentVariables\": [{\"Value\": \"hunter2-value\"}]}"),
        ("f.json", "{\"EnvironmentVariables\": [{\"SchemaName\": \"a\", \"Value\": \"hunter2-value\"]}"),
        ("g.json", ""),
        ("h.json", "{\"EnvironmentVariables\": [],\n\"EnvironmentVariables\": []}"),
    ] {
        fs_err::write(place.path.join(name), text).expect("written");
        let stderr = place.refused(&["settings", "sync", name, "release"]);
        assert!(!stderr.contains(SECRET), "{stderr}");
        all.push_str(&format!("{text}\n{stderr}\n"));
    }
    all.push_str(&place.refused(&["settings", "sync", "none.json", "release"]));
    insta::assert_snapshot!(all);
}

#[test]
fn a_new_file_is_not_filled_and_a_file_in_use_has_no_empty_value() {
    let place = place();
    place.must(&["settings", "new", "release", "--out", "uat.json"]);
    let stdout = place.must(&["settings", "check", "uat.json", "release"]);
    assert!(stdout.contains("ENV001") && !stdout.contains("ENV002"), "{stdout}");
    let text = read(&place, "uat.json").replacen("\"Value\": \"\"", "\"Value\": \"x\"", 1);
    fs_err::write(place.path.join("uat.json"), text).expect("written");
    let (code, stdout, _) = place.run(&["settings", "check", "uat.json", "release"]);
    assert_eq!(code, Some(1));
    assert!(stdout.contains("ENV002"), "{stdout}");
}

#[test]
fn what_others_wrote_into_an_entry_is_not_dropped() {
    let place = place();
    let stdout = place.must(&["settings", "sync", "owner.json", "release/FabRobotAccess.zip"]);
    assert!(stdout.contains("!   connection reference fab_desktop"), "{stdout}");
    assert!(read(&place, "owner.json").contains("ConnectionOwner"));
    // One line, as it was.
    assert_eq!(read(&place, "owner.json").lines().count(), 1);
    place.must(&["settings", "sync", "owner.json", "release/FabRobotAccess.zip", "--prune"]);
    assert!(!read(&place, "owner.json").contains("ConnectionOwner"));
}

#[test]
fn a_key_that_stands_twice_is_not_filled_in() {
    let place = place();
    fs_err::write(place.path.join("twice.json"), "{\"a\": \"hunter2-value\",\n \"a\": \"${HOME}\"}")
        .expect("written");
    let stderr = place.refused(&["settings", "fill", "twice.json", "--out", "filled.json"]);
    assert!(
        stderr.starts_with("error: twice.json:2:2: the key /a stands twice, first in line 1\n"),
        "{stderr}"
    );
    let stderr = place.refused(&["settings", "fill", "base.json", "--out", "none/filled.json"]);
    insta::assert_snapshot!(stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_is_lost_says_what_was_written() {
    let place = place();
    for (arguments, expected, written) in [
        (&["settings", "sync", "base.json", "release"][..], "base.json: brought up", "base.json"),
        (&["settings", "new", "release", "--out", "new.json"], "new.json: made", "new.json"),
        (&["settings", "new", "release", "--each", "each"], "each: 2 files made", "each/FabShared.json"),
        (&["settings", "fill", "base.json", "--out", "f.json"], "f.json: 0 places filled in", "f.json"),
        (
            &["settings", "merge", "base.json", "newer.json", "--out", "m.json"],
            "m.json: made of 2 files",
            "m.json",
        ),
        (
            &["new", "solution", "FabNew", "--publisher", "Fabrikam", "--prefix", "fab"],
            "FabNew: 2 files written",
            "FabNew/Other/Solution.xml",
        ),
        (
            &["add", "variable", "fab_New", "--solution", "FabNew"],
            "FabNew: 1 file written",
            "FabNew/environmentvariabledefinitions/fab_New/environmentvariabledefinition.xml",
        ),
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_solship"))
            .current_dir(&place.path)
            .args(arguments)
            .stdout(fs_err::OpenOptions::new().write(true).open("/dev/full").expect("there").into_parts().0)
            .output()
            .expect("the binary runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert_eq!(stderr.matches("error: ").count(), 1, "{stderr}");
        assert!(
            stderr.starts_with(&format!("error: {expected}; only the report of it is lost: ")),
            "{stderr}"
        );
        assert!(place.path.join(written).is_file(), "{written}");
    }
    assert!(read(&place, "base.json").contains("fab_payroll"));
}
