//! Connections, shares and comparisons of environments by command, from an empty environment to a flow that is on.

use std::process::{Command, Output};

use camino::{Utf8Path, Utf8PathBuf};
use solship::environment::store::Store;
use solship::environment::{Content, Facts, InstalledSolution, LogEntry, Need, State, Strength, Value};
use solship::model::{ComponentKey, ComponentType, CredentialKind, VariableType, Version, describe};

const FLOW: &str = "0c0ffee0-0000-4000-8000-000000000002";
const CREDENTIAL: &str = "0c0ffee0-0000-4000-8000-000000000001";

fn put(state: &mut State, kind: ComponentType, key: &str, name: &str, facts: Facts, needs: &[ComponentKey]) {
    let key = ComponentKey::new(kind, key);
    let need = |component: &ComponentKey| Need {
        component: component.clone(),
        words: "uses".to_owned(),
        strength: Strength::Text,
    };
    let content = Content {
        words: describe(key.kind.words(), &key, Some(name)),
        aliases: Vec::new(),
        fingerprint: None,
        held_only: false,
        needs: needs.iter().map(need).collect(),
        facts,
    };
    state.change_component(&key, |layers| {
        layers.unmanaged = Some(content);
        layers.unmanaged_in.insert("FabRobots".to_owned());
    });
}

fn robots() -> State {
    let mut state = State::default();
    let solution = InstalledSolution {
        unique_name: "FabRobots".to_owned(),
        version: Version::new("1.0.0.0"),
        sequence: 1,
        ..InstalledSolution::default()
    };
    state.set_solution("FabRobots", Some(solution));
    let variable = |name: &str| ComponentKey::new(ComponentType::ENVIRONMENT_VARIABLE, name);
    for (name, kind) in [("fab_User", VariableType::Text), ("fab_Password", VariableType::Secret)] {
        let facts = Facts::Variable { kind, default: Some(Value::new("hunter2")), packaged: None };
        put(&mut state, ComponentType::ENVIRONMENT_VARIABLE, name, name, facts, &[]);
    }
    let variables = vec![
        ("username".to_owned(), variable("fab_User")),
        ("password".to_owned(), variable("fab_Password")),
    ];
    let needs: Vec<ComponentKey> = variables.iter().map(|(_, key)| key.clone()).collect();
    let facts = Facts::Credential { kind: CredentialKind::UserNamePassword, variables, uses: Vec::new() };
    put(&mut state, ComponentType::CREDENTIAL, CREDENTIAL, "Robot 7", facts, &needs);
    let reference = ComponentKey::new(ComponentType::CONNECTION_REFERENCE, "fab_Desktop");
    let facts = Facts::ConnectionReference { connector: "shared_uiflow".to_owned() };
    put(&mut state, ComponentType::CONNECTION_REFERENCE, "fab_Desktop", "Desktop", facts, &[]);
    let facts = Facts::CloudFlow { on: true, runs_desktop_flows: true };
    put(&mut state, ComponentType::WORKFLOW, FLOW, "Run payroll", facts, &[reference]);
    state.set_flow(&ComponentKey::new(ComponentType::WORKFLOW, FLOW), Some(false));
    state
}

struct Folder {
    _folder: tempfile::TempDir,
    path: Utf8PathBuf,
}

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().to_owned();
        for name in ["a.db", "b.db"] {
            let entry =
                LogEntry { time: 0, words: "made".to_owned(), solution: None, sha256: None, content: None };
            Store::create(&path.join(name), name, &robots(), &entry).unwrap();
        }
        Self { _folder: folder, path }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_solship"));
        command.current_dir(&self.path).args(arguments).output().unwrap()
    }

    /// What a command prints, and its exit code.
    fn told(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let text = format!(
            "{}{}exit {}\n",
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
            output.status.code().unwrap()
        );
        // A command to be pasted repeats what was typed; nothing else does.
        let own = arguments.iter().position(|argument| *argument == "--with").map(|at| arguments[at + 1]);
        let apart = match own.filter(|_| arguments[1] == "unshare") {
            Some(own) => text.replace(&format!(" --with {own} takes it back"), " takes it back"),
            None => text.clone(),
        };
        for secret in ["hunter2", "ann@fabrikam", "payroll-robots"] {
            assert!(!apart.contains(secret), "{arguments:?}: {text}");
        }
        text
    }
}

#[test]
fn a_flow_goes_on_when_its_reference_is_bound() {
    let folder = Folder::new();
    let a = "file:a.db";
    let mut told = String::new();
    for arguments in [
        &[
            "env",
            "connect",
            a,
            "new",
            "shared_uiflow",
            "Robots",
            "--id",
            "0c0ffee0-0000-4000-8000-0000000000aa",
        ][..],
        &[
            "env",
            "connect",
            a,
            "new",
            "shared_sql",
            "ann@fabrikam.example",
            "--id",
            "0c0ffee0-0000-4000-8000-0000000000bb",
        ],
        &["env", "connect", a, "sign-in", "robots", "--credential", "Robot 7"],
        &["env", "connect", a, "bind", "fab_Desktop", "0c0ffee0-0000-4000-8000-0000000000bb"],
        &["env", "connect", a, "bind", "fab_Desktop", "Robots"],
        &["env", "connect", a, "list"],
        &["env", "connect", a, "delete", "Robots"],
        &["diff", a, "file:b.db"],
        &["diff", a, "file:b.db", "--format", "plan"],
        &["diff", a, a],
        &["env", "connect", a, "delete", "Robots", "--free"],
        &["env", "connect", a, "delete", "Robots", "--free", "--yes"],
        &["env", "connect", a, "free", "fab_Else"],
    ] {
        told.push_str(&format!("$ solship {}\n{}\n", arguments.join(" "), folder.told(arguments)));
    }
    // The name that was typed is in the command above, and in no answer.
    insta::assert_snapshot!(told);
}

#[test]
fn shares_name_no_account() {
    let folder = Folder::new();
    let a = "file:a.db";
    let mut told = String::new();
    for arguments in [
        &[
            "env",
            "share",
            a,
            "credential",
            "Robot 7",
            "--with",
            "user:ann@fabrikam.example",
            "--role",
            "view",
        ][..],
        &["env", "share", a, "credential", "Robot 7", "--with", "team:payroll-robots", "--role", "co-owner"],
        &["env", "share", a, "credential", "Robot 7", "--with", "ann@fabrikam.example", "--role", "view"],
        &["env", "shares", a],
        &["env", "unshare", a, "credential", "Robot 7", "--with", "user:ann@fabrikam.example"],
        &["env", "unshare", a, "credential", "Robot 7", "--with", "user:ann@fabrikam.example"],
        &["env", "shares", a, "credential"],
        &["env", "log", a],
        &["diff", a, "file:b.db"],
    ] {
        // When it was is another moment in each run.
        let answer = folder.told(arguments);
        let answer: String = answer
            .lines()
            .map(|line| match line.split_once("Z ") {
                Some((_, rest)) if arguments[1] == "log" => format!("MOMENT {rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        told.push_str(&format!("$ solship {}\n{answer}\n", arguments[..arguments.len().min(5)].join(" ")));
    }
    insta::assert_snapshot!(told);
    let shown = folder.run(&["env", "shares", a, "--show-values"]);
    assert!(String::from_utf8(shown.stdout).unwrap().contains("team:payroll-robots"));
}

#[test]
fn the_commands_that_take_variables_back_work() {
    let folder = connected();
    let with = "user:ann@fabrikam.example";
    let told = folder.told(&["env", "unshare", "file:a.db", "credential", "Robot 7", "--with", with]);
    let commands: Vec<&str> = told
        .lines()
        .filter_map(|line| line.split_once(": solship ")?.1.strip_suffix(" takes it back"))
        .collect();
    assert_eq!(commands.len(), 2, "{told}");
    for command in commands {
        let told = folder.told(&command.split(' ').collect::<Vec<_>>());
        assert!(told.ends_with("exit 0\n"), "{command}: {told}");
    }
    assert!(folder.told(&["env", "shares", "file:a.db"]).contains("nothing is shared"));
}

/// A package of a solution, in memory of nothing but its manifest.
fn package(folder: &Folder, name: &str, version: &str) -> String {
    let path = folder.path.join(name);
    fs_err::create_dir_all(&path).unwrap();
    let manifest = format!(
        "<ImportExportXml><SolutionManifest><UniqueName>{name}</UniqueName><Version>{version}</Version><Managed>0</Managed>\
         <Publisher><UniqueName>fab</UniqueName><CustomizationPrefix>fab</CustomizationPrefix></Publisher>\
         <RootComponents /><MissingDependencies /></SolutionManifest></ImportExportXml>"
    );
    fs_err::create_dir_all(path.join("Other")).unwrap();
    fs_err::write(path.join("Other/Solution.xml"), manifest).unwrap();
    fs_err::write(path.join("Other/Customizations.xml"), "<ImportExportXml />").unwrap();
    name.to_owned()
}

#[test]
fn what_an_environment_has_is_not_planned_again() {
    let folder = Folder::new();
    let there = package(&folder, "FabThere", "1.0.0.0");
    let new = package(&folder, "FabNew", "1.0.0.0");
    let a = "file:a.db";
    assert_eq!(folder.run(&["deploy", &there, "--env", a, "--yes"]).status.code(), Some(0));
    let mut told = folder.told(&["plan", &there, &new, "--env", a]);
    // The same version with another content is another package.
    fs_err::write(
        folder.path.join(&there).join("Other/Customizations.xml"),
        "<ImportExportXml><Roles /></ImportExportXml>",
    )
    .unwrap();
    told.push_str(&folder.told(&["plan", &there, "--env", a]));
    told.push_str(&folder.told(&["diff", a, &there]));
    insta::assert_snapshot!(told);
}

/// Two connections, one of which signs in and is bound, and a shared credential.
fn connected() -> Folder {
    let folder = Folder::new();
    let a = "file:a.db";
    for arguments in [
        &[
            "env",
            "connect",
            a,
            "new",
            "shared_uiflow",
            "Robots",
            "--id",
            "0c0ffee0-0000-4000-8000-0000000000aa",
        ][..],
        &["env", "connect", a, "new", "shared_sql", "SQL", "--id", "0c0ffee0-0000-4000-8000-0000000000bb"],
        &["env", "connect", a, "sign-in", "Robots", "--credential", "Robot 7"],
        &["env", "connect", a, "bind", "fab_Desktop", "Robots"],
        &[
            "env",
            "share",
            a,
            "credential",
            "Robot 7",
            "--with",
            "user:ann@fabrikam.example",
            "--role",
            "view",
        ],
    ] {
        let told = folder.told(arguments);
        assert!(told.ends_with("exit 0\n"), "{told}");
    }
    folder
}

#[test]
fn connections_and_shares_as_json() {
    let folder = connected();
    for (name, arguments) in [
        ("connections", &["env", "connect", "file:a.db", "list", "--format", "json"][..]),
        ("shares", &["env", "shares", "file:a.db", "--format", "json"]),
    ] {
        let mut document: serde_json::Value = serde_json::from_slice(&folder.run(arguments).stdout).unwrap();
        // The day of the run.
        for connection in
            document.get_mut("connections").and_then(|all| all.as_array_mut()).into_iter().flatten()
        {
            for name in ["created", "updated"] {
                let Some(day) = connection.get_mut(name) else { continue };
                assert_eq!(day.as_str().map(str::len), Some("2026-11-29".len()));
                *day = "TODAY".into();
            }
        }
        insta::assert_snapshot!(format!("{name}_as_json"), serde_json::to_string_pretty(&document).unwrap());
    }
}

#[test]
fn a_credential_is_deleted_and_its_variables_stay() {
    let folder = connected();
    let mut told = String::new();
    for arguments in [
        &["env", "remove", "file:a.db", "credential", "robot 7"][..],
        &["env", "remove", "file:a.db", "credential", "robot 7", "--yes"],
        &["env", "remove", "file:a.db", "credential", "robot 7", "--yes"],
        &["env", "connect", "file:a.db", "list"],
        &["env", "shares", "file:a.db"],
        &["env", "show", "file:a.db"],
    ] {
        told.push_str(&format!("$ solship {}\n{}\n", arguments.join(" "), folder.told(arguments)));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn an_environment_and_what_is_to_go_there_are_checked() {
    let folder = connected();
    let release = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/release");
    let flows = format!("{release}/FabFlows");
    let mut told = String::new();
    for arguments in [
        &["check", "--env", "file:a.db"][..],
        &["check", &flows, "--env", "file:a.db"],
        &["check", release, "--env", "file:a.db", "--format", "github"],
        &["check", "--env", "file:none.db"],
        &["check", "--env", "file:a.db", "--fix"],
    ] {
        let answer = folder.told(arguments).replace(release, "RELEASE");
        told.push_str(&format!("$ solship {}\n{answer}\n", arguments.join(" ").replace(release, "RELEASE")));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn what_signs_in_is_known_from_an_environment() {
    let folder = Folder::new();
    let release = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/release");
    let uat = "file:uat.db";
    for arguments in [
        &["env", "new", uat][..],
        &["deploy", release, "--env", uat, "--yes"],
        &["env", "connect", uat, "new", "shared_uiflow", "Robots"],
        &["env", "connect", uat, "sign-in", "Robots", "--credential", "Robot 7"],
        &["env", "connect", uat, "bind", "fab_desktop", "Robots"],
    ] {
        assert_eq!(folder.run(arguments).status.code(), Some(0), "{arguments:?}");
    }
    let used = folder.told(&["where-used", "Robot 7", release, "--env", uat]);
    assert!(used.contains("stated in file:uat.db"), "{used}");
    let secrets = folder.told(&["secrets", release, "--env", uat]);
    assert!(secrets.contains("signed in with by connection reference fab_desktop"), "{secrets}");
}

#[test]
fn what_was_deployed_does_not_differ_from_its_packages() {
    let folder = Folder::new();
    let release = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/release");
    for name in ["file:new.db", "file:other.db"] {
        folder.told(&["env", "new", name]);
    }
    let deployed = folder.run(&["deploy", release, "--env", "file:new.db", "--yes"]);
    assert_eq!(deployed.status.code(), Some(0), "{}", String::from_utf8_lossy(&deployed.stderr));
    for sides in [["file:new.db", release], [release, "file:new.db"]] {
        let told = folder.told(&["diff", sides[0], sides[1]]);
        assert!(told.ends_with("no difference\nexit 0\n"), "{told}");
    }
    insta::assert_snapshot!(folder.told(&["diff", "file:new.db", "file:other.db", "--format", "plan"]));
    let told = folder.told(&["diff", "file:new.db", release, "--format", "plan"]);
    assert_eq!(told, format!("nothing to do: file:new.db is as {release}\nexit 0\n"));
}

#[test]
fn a_changed_reference_to_a_secret_is_in_the_log() {
    let folder = Folder::new();
    let subscription = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/robots";
    let reference = format!("{subscription}/providers/Microsoft.KeyVault/vaults/fab-robots/secrets/robot7");
    fs_err::write(folder.path.join("reference"), reference).unwrap();
    let note = "a changed reference to a secret may take up to a minute to take effect";
    let set = ["env", "set", "file:a.db", "fab_Password", "--from", "reference"];
    let told = folder.told(&set);
    assert!(told.starts_with("file:a.db: set the value of fab_Password\n") && told.contains(note), "{told}");
    // Set again it is the same reference.
    let told = folder.told(&set);
    assert!(told.contains("nothing was changed") && !told.contains(note), "{told}");
    let log = folder.told(&["env", "log", "file:a.db"]);
    assert!(log.contains(&format!("set the value of fab_Password; {note}")), "{log}");
    let json = folder.told(&["env", "log", "file:a.db", "--format", "json"]);
    assert_eq!(json.matches(note).count(), 1, "{json}");
}

#[test]
fn what_snapshots_do_not_tell_is_no_difference() {
    let folder = Folder::new();
    let a = "file:a.db";
    folder.told(&[
        "env",
        "share",
        a,
        "variable",
        "fab_User",
        "--with",
        "user:ann@fabrikam.example",
        "--role",
        "view",
    ]);
    fs_err::write(folder.path.join("one.key"), "a key of sixteen bytes").unwrap();
    fs_err::write(folder.path.join("two.key"), "another key of sixteen bytes").unwrap();
    folder.told(&["env", "snapshot", a, "--out", "plain.json"]);
    for key in ["one", "two"] {
        let (file, out) = (format!("{key}.key"), format!("{key}.json"));
        folder.told(&["env", "snapshot", a, "--hash-key", &file, "--out", &out]);
    }
    for (left, right) in
        [("one.json", "two.json"), (a, "plain.json"), (a, "one.json"), ("plain.json", "plain.json")]
    {
        let told = folder.told(&["diff", left, right]);
        assert!(told.contains("no difference") && told.ends_with("exit 0\n"), "{told}");
        assert!(told.contains("values that cannot be told apart   2"), "{told}");
        assert!(told.contains("shares that cannot be told apart   1"), "{told}");
        let plan = folder.told(&["diff", left, right, "--format", "plan"]);
        assert!(plan.contains("nothing to do"), "{plan}");
    }
    let told = folder.told(&["diff", "one.json", "one.json"]);
    assert!(!told.contains("cannot be told apart"), "{told}");
}
