//! Deployments with the binary: the scenarios in the right order and in wrong ones, killed, and two at once.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

use camino::Utf8PathBuf;
use serde_json::Value;

use super::commands::{Home, told};
use super::support::place::{fixture, zip_of};
use super::support::shared;

/// The fixtures as a release.
fn release(home: &Home) {
    let folder = home.0.path.join("release");
    fs_err::create_dir(&folder).expect("made");
    for name in ["FabRobotAccess", "FabShared", "FabRobots", "FabFlows"] {
        zip_of(&fixture(name), &folder.join(format!("{name}.zip")));
    }
}

/// With what the fixtures need of others.
fn uat(home: &Home) {
    home.must(&["env", "new", "uat"]);
    home.must(&["env", "provide", "uat", "MicrosoftFlowExtensionsCore", "1.10.18.1"]);
}

#[test]
fn a_release_is_deployed_once_and_taken_back() {
    let home = Home::new();
    release(&home);
    let mut all = String::new();
    let mut tell = |arguments: &[&str]| {
        let told = home.told(arguments);
        all.push_str(&format!("$ solship {}\n{told}\n", arguments.join(" ")));
    };
    tell(&["deploy", "release", "--env", "uat"]);
    uat(&home);
    tell(&["deploy", "release", "--env", "uat"]);
    tell(&["deploy", "release", "--env", "uat", "--dry-run"]);
    tell(&["deploy", "release/FabFlows.zip", "--env", "uat", "--yes"]);
    tell(&["deploy", "release", "--env", "uat", "--yes"]);
    tell(&["deploy", "release", "--env", "uat"]);
    tell(&["env", "show", "uat"]);
    tell(&["undeploy", "FabShared", "--env", "uat", "--dry-run"]);
    tell(&["undeploy", "FabShared", "FabRobotAccess", "FabFlows", "FabRobots", "--env", "uat", "--dry-run"]);
    tell(&[
        "undeploy",
        "FabShared",
        "FabRobotAccess",
        "FabFlows",
        "FabRobots",
        "--delete-components",
        "--env",
        "uat",
        "--yes",
    ]);
    tell(&["env", "show", "uat"]);
    tell(&["env", "log", "uat"]);
    insta::assert_snapshot!(all.replace(home.0.path.as_str(), "."));
}

#[test]
fn a_deployment_is_told_in_every_form() {
    let home = Home::new();
    release(&home);
    uat(&home);
    let arguments = [
        "deploy",
        "--in-order",
        "release/FabShared.zip",
        "release/FabRobots.zip",
        "release/FabRobotAccess.zip",
        "--env",
        "uat",
        "--dry-run",
    ];
    for format in ["json", "markdown", "junit"] {
        let found = home.run(&[&arguments[..], &["--format", format]].concat());
        insta::assert_snapshot!(format!("deployment_as_{format}"), told(found));
    }
    let json = home.run(&[&arguments[..], &["--format", "json"]].concat()).1;
    let schema = solship::report::json_deploy::deployment_schema();
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    assert!(validator.is_valid(&serde_json::from_str(&json).expect("JSON")), "{json}");
}

#[test]
fn settings_fill_what_would_be_missing() {
    let home = Home::new();
    release(&home);
    uat(&home);
    home.must(&["settings", "new", "release", "--out", "uat.json"]);
    let path = home.0.path.join("uat.json");
    let text = fs_err::read_to_string(&path).expect("written");
    let reference = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/hunter2/secrets/x";
    let filled = text
        .replacen("\"Value\": \"\"", &format!("\"Value\": \"{reference}\""), 1)
        .replacen("\"Value\": \"\"", "\"Value\": \"FAB\\\\hunter2\"", 1)
        .replace("\"ConnectionId\": \"\"", "\"ConnectionId\": \"0c0ffee000004000800000000000000a\"");
    fs_err::write(&path, &filled).expect("writes");
    let deploy = ["deploy", "release", "--env", "uat", "--settings", "uat.json", "--yes"];
    let told = home.told(&deploy);
    assert!(!told.contains("hunter2"), "{told}");
    insta::assert_snapshot!(told);
    // One value alone is new then.
    fs_err::write(&path, filled.replace("FAB\\\\hunter2", "FAB\\\\other")).expect("writes");
    let again = home.must(&deploy);
    assert!(again.contains("  ~   FabRobotAccess   1.2.0.0   ") && !again.contains("→"), "{again}");
    assert!(again.contains("sets fab_Robot7User\n"), "{again}");
}

#[test]
fn a_component_that_is_gone_is_deployed_again() {
    let home = Home::new();
    release(&home);
    uat(&home);
    let deploy = ["deploy", "release", "--env", "uat", "--yes"];
    home.must(&deploy);
    assert!(home.must(&deploy).contains("nothing to do"));
    let before: Value = serde_json::from_str(&home.snapshot("uat")).expect("JSON");
    let components = before["components"].as_array().expect("a list");
    let credential = components.iter().find(|component| component["type"] == "credential");
    let credential = credential.expect("the fixtures have one")["key"].as_str().expect("a key").to_owned();
    home.must(&["env", "remove", "uat", "credential", &credential, "--yes"]);
    let planned = home.must(&["plan", "release", "--env", "uat", "--format", "list"]);
    assert!(planned.contains("FabRobotAccess") && !planned.contains("FabShared"), "{planned}");
    let told = home.must(&deploy);
    assert!(told.contains("FabRobotAccess") && told.contains("+ 1 credential"), "{told}");
    assert!(home.must(&deploy).contains("nothing to do"));
    let after: Value = serde_json::from_str(&home.snapshot("uat")).expect("JSON");
    assert_eq!(before["components"], after["components"]);
}

#[test]
fn what_comes_later_in_a_given_order_is_to_be_moved() {
    let home = Home::new();
    let folder = home.0.path.join("two");
    fs_err::create_dir(&folder).expect("made");
    for name in ["FabFirst", "FabLater"] {
        let missing = if name == "FabFirst" {
            r#"<MissingDependency><Required key="1" type="1" schemaName="fab_account" displayName="Account" solution="FabLater (1.0.0.0)" /><Dependent key="2" type="1" schemaName="fab_order" displayName="Order" /></MissingDependency>"#
        } else {
            ""
        };
        let manifest = format!(
            "<ImportExportXml><SolutionManifest><UniqueName>{name}</UniqueName><Version>1.0.0.0</Version><Managed>1</Managed>\
             <Publisher><UniqueName>fab</UniqueName><CustomizationPrefix>fab</CustomizationPrefix></Publisher>\
             <RootComponents /><MissingDependencies>{missing}</MissingDependencies></SolutionManifest></ImportExportXml>"
        );
        let files = BTreeMap::from([
            ("solution.xml".to_owned(), manifest.into_bytes()),
            ("customizations.xml".to_owned(), b"<ImportExportXml />".to_vec()),
        ]);
        let own = home.0.path.join(name);
        super::support::place::put(&own, &files);
        zip_of(&own, &folder.join(format!("{name}.zip")));
    }
    home.must(&["env", "new", "uat"]);
    let files = ["two/FabFirst.zip", "two/FabLater.zip"];
    let arguments = [&["deploy", "--in-order"][..], &files, &["--env", "uat", "--dry-run"]].concat();
    for format in ["text", "markdown", "junit"] {
        let told = home.told(&[&arguments[..], &["--format", format]].concat());
        let help = "FabLater comes later: move it before FabFirst, or leave out --in-order";
        assert!(told.contains(help) && !told.contains("env provide"), "{told}");
        assert!(told.contains("0x80048034"), "{told}");
    }
    let alone = home.told(&["deploy", "two/FabFirst.zip", "--env", "uat", "--dry-run"]);
    assert!(alone.contains("take FabLater into the set"), "{alone}");
}

struct Scenario {
    folder: Utf8PathBuf,
    expected: Value,
}

fn scenarios() -> Vec<Scenario> {
    let Some(folder) = shared("scenarios") else { return Vec::new() };
    let mut found = Vec::new();
    let mut entries: Vec<_> =
        folder.read_dir_utf8().expect("there").map(|entry| entry.expect("an entry")).collect();
    entries.sort_by_key(|entry| entry.path().to_owned());
    for entry in entries.iter().filter(|entry| entry.path().is_dir()) {
        let text = fs_err::read(entry.path().join("expected.json")).expect("there");
        let expected: Value = serde_json::from_slice(&text).expect("JSON");
        found.push(Scenario { folder: entry.path().to_owned(), expected });
    }
    found
}

impl Scenario {
    fn has_no_errors(&self) -> bool {
        let list = |name: &str| self.expected[name].as_array().expect("a list").clone();
        let errors = list("findings").iter().any(|finding| finding["severity"] == "error");
        !errors && list("cycles").is_empty() && list("missing").is_empty()
    }

    /// The file of the package that counts.
    fn file(&self, unique_name: &str) -> Utf8PathBuf {
        let packages = self.expected["packages"].as_array().expect("a list").iter();
        let own = packages.filter(|package| package["unique_name"] == unique_name);
        let version = |package: &&Value| {
            let text = package["version"].as_str().expect("a version");
            solship::model::Version::new(text)
        };
        let chosen = own.max_by_key(version).expect("a package");
        self.folder.join(chosen["file"].as_str().expect("a file"))
    }
}

#[test]
fn every_scenario_is_deployed_in_the_planned_order() {
    for scenario in scenarios().iter().filter(|scenario| scenario.has_no_errors()) {
        let home = Home::new();
        home.must(&["env", "new", "uat"]);
        let folder = scenario.folder.as_str();
        let out = home.must(&["deploy", folder, "--env", "uat", "--yes"]);
        let before = home.snapshot("uat");
        for text in scenario.expected["must_not_appear"].as_array().expect("a list") {
            assert!(!out.contains(text.as_str().expect("a text")), "{folder}");
        }
        let again = home.must(&["deploy", folder, "--env", "uat"]);
        assert!(again.contains("nothing to do"), "{folder}: {again}");
        assert_eq!(before, home.snapshot("uat"), "{folder}");
        let names: Vec<String> = {
            let shown: Value =
                serde_json::from_str(&home.must(&["env", "show", "uat", "--format", "json"])).expect("JSON");
            shown["solutions"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|own| own["uniqueName"].as_str().expect("a name").to_owned())
                .collect()
        };
        let mut arguments = vec!["undeploy", "--env", "uat", "--yes", "--delete-components"];
        arguments.extend(names.iter().map(String::as_str));
        home.must(&arguments);
        assert!(
            home.must(&["env", "show", "uat"]).starts_with("local:uat   0 solutions, 0 components"),
            "{folder}"
        );
    }
}

#[test]
fn every_constraint_that_is_turned_round_is_refused_and_nothing_changes() {
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for scenario in scenarios().iter().filter(|scenario| scenario.has_no_errors()) {
        let Some(order) = scenario.expected["a_legal_order"].as_array() else { continue };
        let order: Vec<&str> = order.iter().map(|name| name.as_str().expect("a name")).collect();
        for constraint in scenario.expected["constraints"].as_array().expect("a list") {
            let name = |member: &str| constraint[member].as_str().expect("a name");
            let (before, after, evidence) = (name("before"), name("after"), name("evidence"));
            let place = |name: &str| order.iter().position(|other| *other == name).expect("in the order");
            let mut wrong = order.clone();
            let moved = wrong.remove(place(after));
            wrong.insert(place(before), moved);
            let home = Home::new();
            home.must(&["env", "new", "uat"]);
            let empty = home.snapshot("uat");
            let files: Vec<String> = wrong.iter().map(|name| scenario.file(name).into_string()).collect();
            let mut arguments = vec!["deploy", "--in-order", "--env", "uat", "--yes", "--format", "json"];
            arguments.extend(files.iter().map(String::as_str));
            let (code, stdout, stderr) = home.run(&arguments);
            let context =
                format!("{}: {before} before {after}, {evidence}\n{stdout}\n{stderr}", scenario.folder);
            assert_eq!(code, Some(1), "{context}");
            assert_eq!(empty, home.snapshot("uat"), "{context}");
            let document: Value = serde_json::from_str(&stdout).expect("JSON");
            assert_eq!(document["state"], "refused", "{context}");
            let findings = document["findings"].as_array().expect("a list");
            let answers: Vec<&str> = findings
                .iter()
                .filter(|finding| finding["severity"] == "error" && finding["solution"] == after)
                .map(|finding| {
                    finding["dataverse"]["code"].as_str().or(finding["code"].as_str()).expect("a code")
                })
                .collect();
            let expected: &[&str] = match evidence {
                evidence if evidence.contains("declared") => &["0x8004801D", "0x80048034"],
                "policy" => &["ORD001"],
                "parent" => &["0x80048539", "0x8004801D", "ENV020"],
                _ => &["0x8004F036", "ORD002"],
            };
            assert!(answers.iter().any(|answer| expected.contains(answer)), "{answers:?}\n{context}");
            answers.iter().for_each(|answer| *codes.entry((*answer).to_owned()).or_default() += 1);
            // What the platform takes is let pass when that is asked for.
            if answers.iter().all(|answer| answer.starts_with("ORD")) {
                arguments.extend([
                    "--allow",
                    "ORD001",
                    "--allow",
                    "flow-before-credential",
                    "--allow",
                    "ORD002",
                ]);
                let (code, stdout, stderr) = home.run(&arguments);
                assert_eq!(code, Some(0), "{context}\n{stdout}\n{stderr}");
            }
        }
    }
    println!("{codes:?}");
}

/// A release of many small solutions, from a scenario.
fn islands() -> Option<Utf8PathBuf> {
    Some(shared("scenarios")?.join("12-sixty-islands"))
}

#[test]
fn killed_anywhere_it_goes_on_to_the_same_end() {
    let Some(islands) = islands() else { return };
    let whole = Home::new();
    whole.must(&["env", "new", "uat"]);
    whole.must(&["deploy", islands.as_str(), "--env", "uat", "--yes"]);
    let expected = whole.snapshot("uat");
    let empty = {
        let home = Home::new();
        home.must(&["env", "new", "uat"]);
        home.0.tree()
    };
    let mut between = 0;
    for told in (1..60).step_by(5) {
        let home = Home::new();
        super::support::place::put(&home.0.path, &empty);
        let arguments = ["deploy", islands.as_str(), "--env", "uat", "--yes"];
        let mut command = home.command(&arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("runs");
        // When so many are told to be done, and whatever it is at then.
        let stderr = std::io::BufReader::new(child.stderr.take().expect("piped"));
        let lines = stderr.lines().map(|line| line.expect("readable"));
        let done = lines.filter(|line| line.starts_with('[')).take(told).count();
        assert_eq!(done, told);
        std::thread::sleep(std::time::Duration::from_micros(700 * told as u64));
        child.kill().expect("killed");
        let status = child.wait().expect("ended");
        let shown = home.must(&["env", "show", "uat", "--format", "json"]);
        let shown: Value = serde_json::from_str(&shown).expect("JSON");
        let count = shown["solutions"].as_array().expect("a list").len();
        assert!(count >= told, "{told} were told to be done, {count} are there");
        between += usize::from(status.signal() == Some(9) && count < 60);
        home.must(&arguments);
        assert_eq!(expected, home.snapshot("uat"), "killed with {count} solutions there");
    }
    println!("  {between} killed in the middle");
}

#[test]
fn two_at_once_do_not_mix() {
    let Some(islands) = islands() else { return };
    let home = Home::new();
    home.must(&["env", "new", "uat"]);
    let arguments = ["deploy", islands.as_str(), "--env", "uat", "--yes"];
    let start = || {
        let mut command = home.command(&arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("runs")
    };
    let both = [start(), start()].map(|child| child.wait_with_output().expect("ended"));
    for output in both {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let is_refused =
            output.status.code() == Some(2) && stderr.contains("is being changed by another run of solship");
        assert!(output.status.success() || is_refused, "{stderr}");
    }
    let once = Home::new();
    once.must(&["env", "new", "uat"]);
    once.must(&arguments);
    assert_eq!(once.snapshot("uat"), home.snapshot("uat"));
    assert_eq!(home.must(&["env", "log", "uat"]).lines().count(), 61);
}

#[test]
fn a_staged_upgrade_is_applied_by_a_command_of_its_own() {
    let home = Home::new();
    // One connection reference is gone in the second version.
    for (file, version, gone) in [("one.zip", "2.0.1.4", false), ("two.zip", "2.1.0.0", true)] {
        let mut files = super::support::place::tree(&fixture("FabShared"));
        let edit = |files: &mut BTreeMap<String, Vec<u8>>, path: &str, edit: &dyn Fn(String) -> String| {
            let bytes = files.get_mut(path).expect("a file of the fixture");
            *bytes = edit(String::from_utf8(bytes.clone()).expect("UTF-8")).into_bytes();
        };
        edit(&mut files, "solution.xml", &|text| {
            let text = text.replace("<Version>2.0.1.4<", &format!("<Version>{version}<"));
            text.replace("<Managed>0<", "<Managed>1<")
        });
        edit(&mut files, "customizations.xml", &|text| {
            if !gone {
                return text;
            }
            let start = text.find(r#"<connectionreference connectionreferencelogicalname="fab_sharepoint""#);
            let start = start.expect("a row of the fixture");
            let end = start + text[start..].find("</connectionreference>").expect("its end");
            format!("{}{}", &text[..start], &text[end + "</connectionreference>".len()..])
        });
        let folder = home.0.path.join("solution");
        super::support::place::put(&folder, &files);
        zip_of(&folder, &home.0.path.join(file));
        fs_err::remove_dir_all(&folder).expect("removed");
    }
    uat(&home);
    let mut all = String::new();
    let mut tell = |arguments: &[&str]| {
        let told = home.told(arguments);
        all.push_str(&format!("$ solship {}\n{told}\n", arguments.join(" ")));
    };
    tell(&["env", "apply-upgrade", "uat", "FabShared"]);
    tell(&["deploy", "one.zip", "--env", "uat", "--yes"]);
    tell(&["env", "apply-upgrade", "uat", "FabShared"]);
    tell(&["deploy", "two.zip", "--env", "uat", "--yes", "--stage"]);
    tell(&["env", "apply-upgrade", "uat", "FabShared"]);
    tell(&["env", "apply-upgrade", "uat", "FabShared", "--yes"]);
    tell(&["env", "show", "uat"]);
    insta::assert_snapshot!(all);
}

/// An unmanaged solution is only updated: what is asked for beyond that is refused, as staging it is.
#[test]
fn an_unmanaged_solution_is_not_upgraded() {
    let home = Home::new();
    release(&home);
    uat(&home);
    home.must(&["deploy", "release/FabRobotAccess.zip", "--env", "uat", "--yes", "--upgrade"]);
    let mut files = super::support::place::tree(&fixture("FabRobotAccess"));
    let manifest = files.get_mut("solution.xml").expect("a file of the fixture");
    let text = String::from_utf8(manifest.clone()).expect("UTF-8");
    *manifest = text.replace("<Version>1.2.0.0<", "<Version>1.3.0.0<").into_bytes();
    super::support::place::put(&home.0.path.join("newer"), &files);
    for (mode, done) in [("--upgrade", "upgraded"), ("--stage", "staged")] {
        let (code, stdout, _) = home.run(&["deploy", "newer", "--env", "uat", "--yes", mode]);
        assert_eq!(code, Some(1), "{stdout}");
        let words = format!("FabRobotAccess is unmanaged: only a managed solution is {done}");
        assert!(stdout.contains("error[ENV020]") && stdout.contains(&words), "{stdout}");
    }
    home.must(&["deploy", "newer", "--env", "uat", "--yes"]);
}

#[test]
fn a_connection_that_loses_its_credential_is_told_of() {
    let home = Home::new();
    release(&home);
    uat(&home);
    home.must(&["deploy", "release/FabRobotAccess.zip", "--env", "uat", "--yes"]);
    home.must(&["env", "connect", "uat", "new", "shared_uiflow", "Robots"]);
    home.must(&["env", "connect", "uat", "sign-in", "Robots", "--credential", "Robot 7"]);
    let undeploy = ["undeploy", "FabRobotAccess", "--delete-components", "--env", "uat", "--dry-run"];
    let told = home.must(&undeploy);
    assert!(
        told.contains("connection \"Robots\" signs in with credential") && told.contains("which goes"),
        "{told}"
    );
    let junit = home.must(&[&undeploy[..], &["--format", "junit"]].concat());
    assert!(junit.contains("solship undeploy") && !junit.contains("solship deploy"), "{junit}");
}

#[test]
fn what_no_comparison_of_environments_knows_is_refused() {
    let home = Home::new();
    home.must(&["env", "new", "uat"]);
    home.must(&["env", "new", "prod"]);
    for options in
        [&["--stat"][..], &["--name-only"], &["--noise"], &["--only", "table"], &["--ignore", "table"]]
    {
        let (code, _, stderr) = home.run(&[&["diff", "local:uat", "local:prod"], options].concat());
        assert_eq!(code, Some(2), "{options:?}");
        assert!(stderr.contains(&format!("{} is for two states of solutions", options[0])), "{stderr}");
    }
}

#[test]
fn the_plan_comes_before_what_is_done() {
    let home = Home::new();
    release(&home);
    uat(&home);
    let merged =
        home.shell(&format!("{} deploy release --env uat --yes 2>&1", env!("CARGO_BIN_EXE_solship")));
    let told = String::from_utf8(merged.stdout).expect("UTF-8");
    let at = |text: &str| told.find(text).unwrap_or_else(|| panic!("{text}: {told}"));
    assert!(at("  +   FabFlows") < at("warning[ENV022]") && at("warning[ENV023]") < at("[1/4]"), "{told}");
    assert!(at("[4/4]") < at("4 solutions imported into local:uat"), "{told}");
    assert_eq!(told.matches("  +   FabFlows").count(), 1, "{told}");
}

#[test]
fn a_plan_and_a_deployment_judge_alike() {
    let Some(folder) = shared("scenarios") else { return };
    let folder = folder.join("07-provider-missing");
    let home = Home::new();
    home.must(&["env", "new", "e"]);
    let plan = ["plan", "--env", "e", folder.as_str()];
    assert_eq!(home.run(&plan).0, Some(1));
    let provided = home.must(&[&plan[..], &["--provided", "PioneerFoundation"]].concat());
    assert!(!provided.contains("ENV020") && provided.contains("the order holds"), "{provided}");
    home.must(&["env", "provide", "e", "PioneerFoundation", "2.3.0.5"]);
    let planned = home.must(&plan);
    assert!(planned.contains("ENV023") && !planned.contains(" error"), "{planned}");
    home.must(&["deploy", "--env", "e", folder.as_str(), "--dry-run"]);
}

#[test]
fn a_second_removal_has_nothing_to_do() {
    let home = Home::new();
    release(&home);
    uat(&home);
    home.must(&["deploy", "release", "--env", "uat", "--yes"]);
    let undeploy = ["undeploy", "FabFlows", "--env", "uat", "--yes"];
    assert!(home.must(&undeploy).contains("1 solution uninstalled"));
    let told = home.must(&undeploy);
    assert_eq!(told, "    FabFlows: is not in local:uat\n\nlocal:uat: nothing to do\n");
}

/// A mistyped name is no failure, as one that has left is none; that something is called nearly so is told.
#[test]
fn a_removal_of_what_is_not_there_names_what_is_called_nearly_so() {
    let home = Home::new();
    release(&home);
    uat(&home);
    home.must(&["deploy", "release", "--env", "uat", "--yes"]);
    let told = home.must(&["undeploy", "FabFlow", "--env", "uat", "--yes"]);
    assert_eq!(told, "    FabFlow: is not in local:uat; nearest: FabFlows\n\nlocal:uat: nothing to do\n");
    let json = home.must(&["undeploy", "FabFlow", "--env", "uat", "--yes", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["nearest"], serde_json::json!({ "FabFlow": ["FabFlows"] }));
}

#[test]
fn an_unknown_code_is_told_with_the_nearest() {
    let home = Home::new();
    let (code, _, stderr) =
        home.run(&["deploy", "release", "--env", "uat", "--allow", "setting-of-other-tipe"]);
    assert_eq!(code, Some(2));
    let expected = "no such rule; did you mean setting-of-other-type? (solship check --list lists them)";
    assert!(stderr.contains(expected), "{stderr}");
}

/// What stands against an import is told alike by whatever looks at one: the errors of a settings file too.
#[test]
fn wrong_settings_are_refused_alike_by_deploy_plan_and_check() {
    let home = Home::new();
    release(&home);
    uat(&home);
    let settings = r#"{
  "EnvironmentVariables": [
    { "SchemaName": "fab_Robot7Password", "Value": "${VAULT_REF}" },
    { "SchemaName": "fab_Robot7User", "Value": "${ROBOT}" }
  ],
  "ConnectionReferences": [
    { "LogicalName": "fab_desktop", "ConnectionId": "${CONN}", "ConnectorId": "/providers/Microsoft.PowerApps/apis/shared_uiflow" },
    { "LogicalName": "fab_sharepoint", "ConnectionId": "0c0ffee000004000800000000000000a", "ConnectorId": "/providers/Microsoft.PowerApps/apis/shared_sql" },
    { "LogicalName": "fab_payroll", "ConnectionId": "hunter2" }
  ]
}"#;
    fs_err::write(home.0.path.join("bad.json"), settings).expect("writes");
    let errors = |command: &str| {
        let arguments = [command, "release", "--env", "uat", "--settings", "bad.json", "--format", "json"];
        let (code, stdout, stderr) = home.run(&arguments);
        assert_eq!(code, Some(1), "{command}: {stdout}{stderr}");
        assert!(!stdout.contains("hunter2"), "what stands in place of an id may be anything: {stdout}");
        let json: Value = serde_json::from_str(&stdout).expect("JSON");
        let mut findings = json["findings"].as_array().expect("findings").clone();
        // What a baseline knows it by is for check alone.
        for finding in findings.iter_mut().filter_map(Value::as_object_mut) {
            finding.remove("fingerprint");
        }
        findings.into_iter().filter(|finding| finding["severity"] == "error").collect::<Vec<_>>()
    };
    let told = errors("deploy");
    let codes: Vec<&str> = told.iter().filter_map(|finding| finding["code"].as_str()).collect();
    assert_eq!(codes, ["ENV003", "ENV003", "ENV004", "ENV009", "SEC002"]);
    for command in ["plan", "check"] {
        assert_eq!(errors(command), told, "{command}");
    }
    insta::assert_snapshot!(home.told(&[
        "deploy",
        "release",
        "--env",
        "uat",
        "--settings",
        "bad.json",
        "--yes"
    ]));
    // Filled in, it is what it was made for.
    let lines = ["\"${VAULT_REF}\"", "\"${ROBOT}\"", "\"${CONN}\""];
    let fixed = settings
        .replace(lines[0], "\"/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg-robots/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot7\"")
        .replace(lines[1], "\"robot7\"")
        .replace(lines[2], "\"0c0ffee000004000800000000000000b\"")
        .replace("\"hunter2\"", "\"0c0ffee000004000800000000000000c\"")
        .replace("shared_sql", "shared_sharepointonline");
    fs_err::write(home.0.path.join("good.json"), fixed).expect("writes");
    for command in ["deploy", "plan", "check"] {
        let dry: &[&str] = if command == "deploy" { &["--dry-run"] } else { &[] };
        let arguments = [&[command, "release", "--env", "uat", "--settings", "good.json"], dry].concat();
        home.must(&arguments);
    }
}

#[test]
fn an_empty_value_of_the_settings_is_one_that_is_not_set() {
    let home = Home::new();
    release(&home);
    uat(&home);
    home.must(&["settings", "new", "release", "--out", "uat.json"]);
    let path = home.0.path.join("uat.json");
    let text = fs_err::read_to_string(&path).expect("written");
    let id = "0c0ffee000004000800000000000000a";
    fs_err::write(&path, text.replacen("\"ConnectionId\": \"\"", &format!("\"ConnectionId\": \"{id}\""), 1))
        .expect("writes");
    let told = home.told(&["deploy", "release", "--env", "uat", "--settings", "uat.json", "--yes"]);
    assert!(told.starts_with("exit 0") && !told.contains("ENV002"), "{told}");
    // The same id with hyphens is the connection that is made later.
    home.must(&[
        "env",
        "connect",
        "uat",
        "new",
        "shared_uiflow",
        "Robots",
        "--id",
        "0C0FFEE0-0000-4000-8000-00000000000A",
    ]);
    let listed = home.must(&["env", "connect", "uat", "list"]);
    assert!(listed.contains("fab_desktop") && listed.contains("does not say how it signs in"), "{listed}");
}

/// A plan says what the environment would refuse and what waits in it, and so does a check; with settings less waits.
#[test]
fn a_plan_for_an_environment_is_preflighted() {
    let home = Home::new();
    release(&home);
    home.must(&["env", "new", "uat"]);
    let mut all = String::new();
    let mut tell = |arguments: &[&str]| {
        let told = home.told(arguments);
        all.push_str(&format!("$ solship {}\n{told}\n", arguments.join(" ")));
    };
    tell(&["plan", "release/FabFlows.zip", "--env", "uat"]);
    uat_provided(&home);
    tell(&["plan", "release", "--env", "uat"]);
    home.must(&["settings", "new", "release", "--out", "uat.json"]);
    let path = home.0.path.join("uat.json");
    let text = fs_err::read_to_string(&path).expect("written");
    let filled =
        text.replace("\"ConnectionId\": \"\"", "\"ConnectionId\": \"0c0ffee000004000800000000000000a\"");
    fs_err::write(&path, filled).expect("writes");
    tell(&["plan", "release", "--env", "uat", "--settings", "uat.json"]);
    home.must(&["deploy", "release", "--env", "uat", "--yes"]);
    tell(&["plan", "release", "--env", "uat", "--settings", "uat.json"]);
    tell(&["check", "release", "--env", "uat", "--settings", "uat.json", "--allow", "VAR001"]);
    tell(&["check", "--env", "uat", "--settings", "uat.json"]);
    insta::assert_snapshot!(all.replace(home.0.path.as_str(), "."));
}

fn uat_provided(home: &Home) {
    home.must(&["env", "provide", "uat", "MicrosoftFlowExtensionsCore", "1.10.18.1"]);
}

/// Takes the steps of a plan by their commands.
fn follow(home: &Home, diff: &[&str]) -> String {
    let arguments = [diff, &["--format", "json", "--show-values"]].concat();
    let (_, stdout, stderr) = home.run(&arguments);
    let found: Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stdout}{stderr}"));
    let mut all = String::new();
    for step in found["plan"].as_array().expect("a list") {
        let Some(command) = step["command"].as_str() else { panic!("{step} has no command") };
        all.push_str(&format!("{command}\n"));
        let asking = ["solship deploy", "solship undeploy", "solship env remove"];
        let deletes = command.starts_with("solship env connect") && command.contains(" delete ");
        let asks = deletes || asking.iter().any(|start| command.starts_with(start));
        let command = command.replacen("solship", env!("CARGO_BIN_EXE_solship"), 1);
        let command = if asks { format!("{command} --yes") } else { command };
        // Where the package is, only whoever has it knows.
        let names = ["FabRobotAccess", "FabShared", "FabRobots", "FabFlows"];
        let words = step["words"].as_str().expect("words");
        let name = names.into_iter().find(|name| words.starts_with(&format!("solution {name} ")));
        let command = match name.filter(|_| command.contains(" deploy FILE ")) {
            Some(name) => {
                assert!(step["note"].as_str().is_some_and(|note| note.contains(name)), "{step}");
                command.replacen("FILE", &format!("release/{name}.zip"), 1)
            }
            None => command,
        };
        let output = home.shell(&command);
        assert!(output.status.success(), "{command}\n{output:?}");
    }
    all
}

#[test]
fn the_commands_of_a_plan_bring_one_environment_to_the_other() {
    let home = Home::new();
    release(&home);
    uat(&home);
    home.must(&["env", "new", "prod"]);
    home.must(&["deploy", "release", "--env", "uat", "--yes"]);
    let robot = ["env", "connect", "uat", "new", "shared_uiflow", "Robot's 7"];
    home.must(&robot);
    let machine = "0c0ffee0-0000-4000-8000-0000000000aa";
    home.must(&[
        "env",
        "connect",
        "uat",
        "sign-in",
        "Robot's 7",
        "--credential",
        "Robot 7",
        "--target",
        machine,
    ]);
    home.must(&["env", "connect", "uat", "bind", "fab_desktop", "Robot's 7"]);
    home.must(&[
        "env",
        "share",
        "uat",
        "credential",
        "Robot 7",
        "--with",
        "team:robots",
        "--role",
        "view-share",
    ]);
    home.must(&["env", "share", "uat", "credential", "Robot 7", "--with", "team:robots", "--role", "view"]);
    fs_err::write(home.0.path.join("FILE"), "FAB\\robot7").expect("writes");
    home.must(&["env", "set", "uat", "fab_Robot7User", "--from", "FILE"]);
    let forward = follow(&home, &["diff", "local:uat", "local:prod"]);
    let (code, stdout, stderr) = home.run(&["diff", "local:uat", "local:prod"]);
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    home.must(&["env", "new", "empty"]);
    let back = follow(&home, &["diff", "local:empty", "local:prod"]);
    assert!(home.must(&["env", "show", "prod"]).starts_with("local:prod   0 solutions, 0 components"));
    let packages = follow(&home, &["diff", "local:prod", "release"]);
    insta::assert_snapshot!(format!("{forward}--- and back\n{back}--- to packages\n{packages}"));
}

/// A connection to which nothing is bound is a part of an environment as well; its name, where that may be an account, is
/// in no snapshot.
#[test]
fn connections_that_one_side_has_alone_are_told() {
    let home = Home::new();
    home.must(&["env", "new", "uat"]);
    home.must(&["env", "new", "prod"]);
    let same = ["new", "shared_sql", "Stock"];
    for env in ["uat", "prod"] {
        home.must(&[&["env", "connect", env], &same[..]].concat());
    }
    assert!(
        home.must(&["diff", "local:uat", "local:prod"]).contains("no difference"),
        "ids differ by nature"
    );
    home.must(&["env", "connect", "uat", "new", "shared_uiflow", "Robots"]);
    home.must(&["env", "connect", "uat", "sign-in", "Robots", "--as", "passwordlessAttended"]);
    home.must(&["env", "connect", "uat", "new", "shared_uiflow", "Attended"]);
    home.must(&["env", "connect", "uat", "sign-in", "Attended", "--as", "passwordlessAttended"]);
    home.must(&["env", "connect", "prod", "new", "shared_uiflow", "Attended"]);
    home.must(&["env", "connect", "prod", "new", "shared_office365", "ann@fabrikam.example"]);
    let mut all = String::new();
    for more in [&[][..], &["--format", "plan"], &["--format", "markdown"]] {
        let arguments = [&["diff", "local:uat", "local:prod"], more].concat();
        all.push_str(&format!("$ solship {}\n{}\n", arguments.join(" "), home.told(&arguments)));
    }
    insta::assert_snapshot!(all);
    home.must(&["env", "snapshot", "prod", "--out", "prod.json"]);
    assert!(home.must(&["diff", "local:prod", "prod.json"]).contains("no difference"));
    follow(&home, &["diff", "local:uat", "local:prod"]);
    assert!(home.must(&["diff", "local:uat", "local:prod"]).contains("no difference"));
}

#[test]
fn a_role_that_is_lowered_is_told_of_the_variables_that_keep_theirs() {
    let home = Home::new();
    release(&home);
    uat(&home);
    home.must(&["deploy", "release", "--env", "uat", "--yes"]);
    let share = |role: &str| {
        let with = ["env", "share", "uat", "credential", "Robot 7", "--with", "team:robots", "--role", role];
        home.must(&with)
    };
    share("co-owner");
    let told = share("view");
    let lowers = "stays shared as co-owner: solship env share uat variable fab_Robot7User --with team:robots --role view lowers it";
    assert!(told.contains(lowers), "{told}");
}

#[test]
fn a_folder_is_in_the_log_by_its_content() {
    let home = Home::new();
    release(&home);
    home.must(&["env", "new", "uat"]);
    home.must(&["unpack", "release/FabRobotAccess.zip", "src"]);
    home.must(&["deploy", "src", "--env", "uat", "--yes"]);
    let verified: Value =
        serde_json::from_str(&home.must(&["verify", "src", "--format", "json"])).expect("JSON");
    let text = verified.to_string();
    let log: Value =
        serde_json::from_str(&home.must(&["env", "log", "uat", "--format", "json"])).expect("JSON");
    let line = log["log"].as_array().expect("a list").last().expect("a line");
    let content = line["content"].as_str().expect("a hash");
    assert!(line["sha256"].is_null() && text.contains(content), "{line} {text}");
    assert!(home.must(&["env", "log", "uat"]).contains(&format!("content sha256:{}", &content[..12])));
}

#[test]
fn a_secret_that_was_set_there_is_the_one_that_is_listed() {
    let home = Home::new();
    release(&home);
    uat(&home);
    home.must(&["deploy", "release", "--env", "uat", "--yes"]);
    let reference = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/uat-kv/secrets/robot7-uat";
    fs_err::write(home.0.path.join("FILE"), reference).expect("writes");
    home.must(&["env", "set", "uat", "fab_Robot7Password", "--from", "FILE"]);
    let packaged = home.must(&["secrets", "release"]);
    assert!(!packaged.contains("uat-kv") && packaged.contains("vault "), "{packaged}");
    let there = home.must(&["secrets", "release", "--env", "local:uat"]);
    let row = "  robot7-uat   fab_Robot7Password (FabRobotAccess, value of the environment)";
    assert!(there.contains("vault uat-kv ") && there.contains(row), "{there}");
    assert_eq!(there.lines().filter(|line| line.starts_with("vault ")).count(), 1, "{there}");
    let json = home.must(&["secrets", "release", "--env", "local:uat", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let variable = &json["vaults"][0]["secrets"][0]["variables"][0];
    assert_eq!(
        (&variable["source"], &variable["place"]["file"]),
        (&"environment".into(), &"local:uat".into())
    );
    let used = home.must(&["where-used", "secret:uat-kv/robot7-uat", "release", "--env", "local:uat"]);
    assert!(used.contains("fab_Robot7Password"), "{used}");
    let (code, _, _) = home.run(&["where-used", "secret:uat-kv/robot7-uat", "release"]);
    assert_eq!(code, Some(1));
    home.must(&["env", "snapshot", "uat", "--out", "uat-state.json"]);
    let (_, told, note) = home.run(&["secrets", "release", "--env", "uat-state.json"]);
    assert!(note.contains("does not say which value variable fab_Robot7Password has"), "{note}");
    assert!(!told.contains("uat-kv"), "{told}");
}

#[test]
fn where_used_says_whether_flows_are_on_there() {
    let home = Home::new();
    release(&home);
    uat(&home);
    home.must(&["deploy", "release", "--env", "uat", "--yes"]);
    let of = |arguments: &[&str]| {
        let told = home.must(&[&["where-used", "fab_desktop", "release"], arguments].concat());
        told.lines()
            .filter(|line| line.contains("\"Run payroll\"") || line.contains("Run payroll"))
            .collect::<String>()
    };
    assert!(of(&[]).contains("   on   ") && !of(&[]).contains("   off  "), "{}", of(&[]));
    let there = of(&["--env", "local:uat"]);
    assert!(there.contains("   off  ") && !there.contains("   on   "), "{there}");
}
