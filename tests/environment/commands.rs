//! The commands with the binary.

use std::io::Write;
use std::process::{Command, Stdio};

use super::support::place::Place;

/// A folder in which environments are at home, and the time stands still.
pub(crate) struct Home(pub(crate) Place);

/// Code, stdout and stderr as one text.
pub(crate) fn told((code, stdout, stderr): (Option<i32>, String, String)) -> String {
    format!("exit {}\n--- stdout\n{stdout}--- stderr\n{stderr}", code.unwrap_or(-1))
}

impl Home {
    pub(crate) fn new() -> Self {
        Self(Place::new())
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_solship"));
        command
            .current_dir(&self.0.path)
            .args(arguments)
            .env("SOLSHIP_HOME", self.0.path.join("home"))
            .env("SOURCE_DATE_EPOCH", "1795941000");
        command
    }

    /// Runs a line as a shell reads it.
    #[cfg(unix)]
    pub(crate) fn shell(&self, line: &str) -> std::process::Output {
        let home = self.0.path.join("home");
        let mut command = Command::new("sh");
        command.current_dir(&self.0.path).args(["-c", line]).env("SOLSHIP_HOME", home);
        command.env("SOURCE_DATE_EPOCH", "1795941000").stdin(Stdio::null());
        command.output().expect("a shell")
    }

    pub(crate) fn run_with(&self, input: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        // It may end without reading.
        let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
        let output = child.wait_with_output().expect("ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        self.run_with("", arguments)
    }

    pub(crate) fn must(&self, arguments: &[&str]) -> String {
        let (code, stdout, stderr) = self.run(arguments);
        assert_eq!(code, Some(0), "{arguments:?}\n{stdout}\n{stderr}");
        stdout
    }

    pub(crate) fn told(&self, arguments: &[&str]) -> String {
        told(self.run(arguments))
    }

    /// What an environment holds, values too.
    pub(crate) fn snapshot(&self, environment: &str) -> String {
        self.must(&["env", "snapshot", environment, "--with-values", "--out", "all.json"]);
        let path = self.0.path.join("all.json");
        let text = fs_err::read_to_string(&path).expect("written");
        fs_err::remove_file(path).expect("removes");
        text
    }
}

#[test]
fn an_environment_is_made_shown_and_deleted() {
    let home = Home::new();
    let mut all = String::new();
    for arguments in [
        &["env", "list"][..],
        &["env", "new", "uat"],
        &["env", "new", "local:uat"],
        &["env", "new", "a/b"],
        &[
            "env",
            "provide",
            "uat",
            "FabBase",
            "1.2",
            "--component",
            "environmentvariabledefinition:fab_Region",
        ],
        &["env", "provide", "uat", "FabBase", "1.3"],
        &["env", "provide", "uat", "Fab Base", "1.2"],
        &["env", "provide", "uat", "FabBase", "one"],
        &["env", "show", "uat"],
        &["env", "list"],
        &["env", "log", "uat"],
        &["env", "log", "uat", "--format", "json"],
        &["env", "show", "local:none"],
        &["env", "show", "none.json"],
        &["env", "set", "uat", "fab_None"],
        &["env", "snapshot", "uat"],
        &["env", "delete", "uat"],
        &["env", "delete", "uat", "--yes"],
        &["env", "list", "--format", "json"],
    ] {
        all.push_str(&format!("$ solship {}\n{}\n", arguments.join(" "), home.told(arguments)));
    }
    insta::assert_snapshot!(all.replace(home.0.path.as_str(), "."));
    let left: Vec<_> = home.0.tree().into_keys().filter(|path| !path.ends_with('/')).collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn a_snapshot_makes_the_same_environment() {
    let home = Home::new();
    home.must(&["env", "new", "uat"]);
    home.must(&[
        "env",
        "provide",
        "uat",
        "FabBase",
        "1.2",
        "--component",
        "workflow:0c0ffee0-0000-4000-8000-000000000001",
    ]);
    home.must(&["env", "snapshot", "uat", "--with-values", "--out", "uat.json"]);
    home.must(&["env", "restore", "file:b.db", "uat.json"]);
    assert_eq!(home.snapshot("uat"), home.snapshot("file:b.db"));
    home.must(&["env", "show", "uat.json"]);
    fs_err::write(home.0.path.join("other.json"), "{}").expect("writes");
    let (code, _, stderr) = home.run(&["env", "snapshot", "uat", "--out", "other.json"]);
    assert!(code == Some(2) && stderr.contains("it is no snapshot"), "{stderr}");
    fs_err::write(home.0.path.join("key"), "short").expect("writes");
    let (code, _, stderr) = home.run(&["env", "snapshot", "uat", "--hash-key", "key"]);
    assert!(code == Some(2) && stderr.contains("shorter than 16 bytes"), "{stderr}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = home.0.path.join("uat.json");
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("sets");
        home.must(&["env", "snapshot", "uat", "--with-values", "--out", "uat.json"]);
        assert_eq!(fs_err::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn one_that_cannot_be_read_is_a_row_that_says_why() {
    let home = Home::new();
    home.must(&["env", "new", "uat"]);
    fs_err::write(home.0.path.join("home/environments/broken.db"), "no database").expect("writes");
    let listed = home.must(&["env", "list"]);
    let [broken, uat] = listed.lines().collect::<Vec<_>>()[..] else { panic!("{listed}") };
    assert!(broken.starts_with("local:broken   cannot be read: "), "{listed}");
    assert!(uat.starts_with("local:uat") && uat.ends_with("0 components"), "{listed}");
    let json: serde_json::Value =
        serde_json::from_str(&home.must(&["env", "list", "--format", "json"])).expect("JSON");
    assert!(json["environments"][0]["fault"].is_string(), "{json}");
}

#[test]
fn names_differ_in_more_than_the_case_of_letters() {
    let home = Home::new();
    home.must(&["env", "new", "uat"]);
    let told = home.told(&["env", "new", "UAT"]);
    assert!(told.starts_with("exit 2") && told.contains("differs in the case of letters only"), "{told}");
    home.must(&["env", "snapshot", "uat", "--out", "uat.json"]);
    let told = home.told(&["env", "restore", "Uat", "uat.json"]);
    assert!(told.starts_with("exit 2") && told.contains("local:uat is there"), "{told}");
}

#[test]
fn what_a_killed_run_left_behind_goes_with_the_next_one() {
    let home = Home::new();
    let folder = home.0.path.join("home/environments");
    let left = folder.join(".solship-old.db-Ab12xY");
    fs_err::create_dir_all(&left).expect("makes");
    fs_err::write(left.join("new.db"), "half of it").expect("writes");
    // It may be anybody's.
    fs_err::create_dir(folder.join(".solship-else")).expect("makes");
    home.must(&["env", "new", "uat"]);
    let names: Vec<String> = home.0.tree().into_keys().collect();
    assert_eq!(
        names,
        ["home/", "home/environments/", "home/environments/.solship-else/", "home/environments/uat.db"]
    );
}

#[test]
fn a_command_of_a_snapshot_names_no_snapshot() {
    let home = Home::new();
    home.must(&["env", "new", "uat"]);
    home.must(&["env", "snapshot", "uat", "--out", "uat.json"]);
    let told = home.must(&["env", "show", "uat.json"]);
    assert!(told.contains("next: solship deploy SOLUTION… --env ENV"), "{told}");
}

#[test]
fn whatever_is_listed_can_be_deleted() {
    let home = Home::new();
    let at = |name: &str| home.0.path.join(format!("home/environments/{name}.db"));
    for name in ["short", "other", "uat"] {
        home.must(&["env", "new", name]);
    }
    let bytes = fs_err::read(at("short")).expect("reads");
    fs_err::write(at("short"), &bytes[..20_000]).expect("writes");
    fs_err::write(at("other"), "no database").expect("writes");
    for name in ["short", "other", "uat"] {
        assert!(home.told(&["env", "delete", name]).starts_with("exit 2"), "nobody said --yes");
        home.must(&["env", "delete", name, "--yes"]);
        assert!(!at(name).exists());
    }
    // Elsewhere only what begins as a store does.
    fs_err::write(home.0.path.join("a.db"), &bytes[..5_000]).expect("writes");
    home.must(&["env", "delete", "file:a.db", "--yes"]);
    fs_err::write(home.0.path.join("b.db"), "no database").expect("writes");
    let told = home.told(&["env", "delete", "file:b.db", "--yes"]);
    assert!(told.starts_with("exit 2") && told.contains("no environment of solship"), "{told}");
    assert!(home.0.path.join("b.db").exists());
}

/// Of what is no file and yet has the name of an environment, list, new and delete say the same.
#[cfg(unix)]
#[test]
fn a_link_is_deleted_as_one_and_a_folder_is_left_to_whoever_made_it() {
    let home = Home::new();
    home.must(&["env", "new", "uat"]);
    let at = |name: &str| home.0.path.join(format!("home/environments/{name}.db"));
    std::os::unix::fs::symlink(at("uat"), at("link")).expect("links");
    std::os::unix::fs::symlink("nowhere", at("broken")).expect("links");
    fs_err::create_dir(at("folder")).expect("makes");
    fs_err::write(at("folder").join("kept"), "").expect("writes");
    let list = home.must(&["env", "list"]);
    let mut all = String::new();
    let mut tell = |arguments: &[&str]| {
        let told = home.told(arguments);
        all.push_str(&format!("$ solship {}\n{told}\n", arguments.join(" ")));
    };
    tell(&["env", "list"]);
    for name in ["link", "folder"] {
        tell(&["env", "new", name]);
        tell(&["env", "delete", name]);
        tell(&["env", "delete", name, "--yes"]);
    }
    tell(&["env", "delete", "broken", "--yes"]);
    tell(&["env", "list"]);
    std::os::unix::fs::symlink(at("uat"), home.0.path.join("elsewhere.db")).expect("links");
    tell(&["env", "delete", "file:elsewhere.db", "--yes"]);
    insta::assert_snapshot!(all.replace(home.0.path.as_str(), "."));
    assert!(list.contains("local:link") && at("uat").is_file() && at("folder").join("kept").exists());
}

#[test]
fn a_change_that_changes_nothing_is_not_logged() {
    let home = Home::new();
    home.must(&["env", "new", "uat"]);
    let provide =
        ["env", "provide", "uat", "FabBase", "1.2", "--component", "environmentvariabledefinition:fab_A"];
    let set = ["env", "set", "uat", "fab_A", "--unset"];
    home.must(&provide);
    let lower = home.must(&["env", "provide", "uat", "FabBase", "1.1"]);
    assert!(lower.contains("FabBase was said to be there in version 1.2"), "{lower}");
    home.must(&provide);
    for again in [&provide[..], &set] {
        assert_eq!(home.must(again), "local:uat: nothing was changed: it is so already\n");
    }
    let id = "0c0ffee0-0000-4000-8000-000000000001";
    home.must(&["env", "connect", "uat", "new", "shared_sql", "Stock", "--id", id]);
    home.must(&["env", "connect", "uat", "delete", id, "--yes"]);
    let log = home.must(&["env", "log", "uat"]);
    assert_eq!(log.lines().count(), 6, "{log}");
    assert!(log.contains("deleted connection \"Stock\""), "{log}");
}

#[test]
fn a_snapshot_has_no_log() {
    let home = Home::new();
    home.must(&["env", "new", "uat"]);
    home.must(&["env", "snapshot", "uat", "--out", "uat.json"]);
    let told = home.told(&["env", "log", "uat.json"]);
    assert!(told.starts_with("exit 2") && told.contains("is a snapshot, which has no log"), "{told}");
    let told = home.told(&["env", "snapshot", "uat", "--out", "none/uat.json"]);
    assert!(told.starts_with("exit 2") && !told.contains(".solship-"), "{told}");
}
