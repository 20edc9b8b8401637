//! `solship git` in real repositories.

mod support;

use std::process::{Command, Stdio};

use camino::Utf8PathBuf;
use rayon::prelude::*;
use solship::git::{KEY_BYTES, Key};
use solship::layout::{Archive, Archives, UnpackOptions, unpack};
use solship::merge_driver::{Kind, Sides, merge};
use solship::package::{OpenOptions, Package};
use support::corpus::{open, pairs, readable};
use support::place::{Place, changes, fixture, tree, zip_of};

/// A repository with the solution `src`, unpacked and committed.
struct Repository {
    place: Place,
    path: Utf8PathBuf,
}

/// None, with a plain line, where git is not installed.
fn repository() -> Option<Repository> {
    if Command::new("git").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("skipped: git is not installed");
        return None;
    }
    let place = Place::new();
    let path = place.path.join("it's a repository");
    fs_err::create_dir(&path).unwrap();
    let repository = Repository { place, path };
    repository.must(&["init", "-q", "-b", "main"]);
    for (name, value) in [("user.name", "x"), ("user.email", "x@x.example"), ("core.autocrlf", "false")] {
        repository.must(&["config", name, value]);
    }
    Some(repository)
}

fn text(output: &[u8]) -> String {
    String::from_utf8(output.to_vec()).unwrap()
}

impl Repository {
    fn git(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(&self.path)
            .env("GIT_CONFIG_GLOBAL", self.place.path.join("none"))
            .env("GIT_CONFIG_SYSTEM", self.place.path.join("none"))
            .output()
            .unwrap();
        (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
    }

    fn must(&self, arguments: &[&str]) -> String {
        let (code, told) = self.git(arguments);
        assert_eq!(code, 0, "{arguments:?} {told}");
        told
    }

    fn solship(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_solship"))
            .args(arguments)
            .current_dir(&self.path)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }

    fn set_up(&self) {
        let (code, told, error) = self.solship(&["git", "setup", "--yes"]);
        assert_eq!(code, Some(0), "{told}{error}");
    }

    /// Unpacks a solution of the fixtures to `src`.
    fn unpack(&self, name: &str) {
        let zip = self.place.path.join("x.zip");
        zip_of(&fixture(name), &zip);
        let (code, _, error) = self.solship(&["unpack", zip.as_str(), &format!("src/{name}")]);
        assert_eq!(code, Some(0), "{error}");
    }

    fn commit(&self, message: &str) {
        self.must(&["add", "-A"]);
        self.must(&["commit", "-q", "-m", message]);
    }

    fn read(&self, path: &str) -> String {
        fs_err::read_to_string(self.path.join(path)).unwrap()
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path}: {from}");
        fs_err::write(self.path.join(path), text.replacen(from, to, 1)).unwrap();
    }
}

const MANIFEST: &str = "src/FabFlows/Other/Solution.xml";
const FLOW: &str = "src/FabFlows/Workflows/Runpayroll-0C0FDED0-57C0-4F6C-8B9D-BE79CEB56D91.json";

/// A row of the manifest that says that a table of this name is needed.
fn need(name: &str) -> String {
    format!(
        "      <MissingDependency>\r\n        <Required type=\"1\" schemaName=\"{name}\" displayName=\"{name}\" solution=\"Base (1.0)\" />\r\n        <Dependent type=\"29\" id=\"{{0c0fded0-57c0-4f6c-8b9d-be79ceb56d91}}\" />\r\n      </MissingDependency>\r\n"
    )
}

/// Adds a need and an action.
fn add(repository: &Repository, name: &str) {
    let manifest = repository.read(MANIFEST);
    if manifest.contains("</MissingDependencies>") {
        repository.edit(
            MANIFEST,
            "    </MissingDependencies>",
            &format!("{}    </MissingDependencies>", need(name)),
        );
    } else {
        let rows = format!("<MissingDependencies>\r\n{}    </MissingDependencies>", need(name));
        repository.edit(MANIFEST, "<MissingDependencies />", &rows);
    }
    let actions = "\"actions\": {";
    repository.edit(FLOW, actions, &format!("{actions}\n        \"{name}\": {{ \"type\": \"Terminate\" }},"));
}

/// Two branches that add what they add; `main` is checked out, with `other` to be merged.
fn branches(repository: &Repository, ours: impl Fn(&Repository), theirs: impl Fn(&Repository)) {
    repository.unpack("FabFlows");
    repository.commit("base");
    repository.must(&["checkout", "-q", "-b", "other"]);
    theirs(repository);
    repository.commit("theirs");
    repository.must(&["checkout", "-q", "main"]);
    ours(repository);
    repository.commit("ours");
}

#[test]
fn two_branches_are_united() {
    let Some(repository) = repository() else { return };
    repository.set_up();
    branches(&repository, |ours| add(ours, "fab_ours"), |theirs| add(theirs, "fab_theirs"));
    let told = repository.must(&["merge", "-q", "-m", "merge", "other"]);
    let manifest = repository.read(MANIFEST);
    let flow = repository.read(FLOW);
    for name in ["fab_ours", "fab_theirs"] {
        assert_eq!(manifest.matches(&need(name)).count(), 1, "{told}{manifest}");
        assert_eq!(flow.matches(&format!("\"{name}\": {{ \"type\": \"Terminate\" }},")).count(), 1, "{flow}");
    }
    serde_json::from_str::<serde_json::Value>(&flow).unwrap();
    let (code, _, error) = repository.solship(&["verify", "src/FabFlows"]);
    assert_eq!(code, Some(0), "{error}");
}

/// git hands over an empty base for a file that both branches added.
#[test]
fn two_branches_that_both_add_a_solution_are_united() {
    let Some(repository) = repository() else { return };
    repository.set_up();
    repository.commit("nothing but the lines");
    repository.must(&["checkout", "-q", "-b", "other"]);
    repository.unpack("FabFlows");
    add(&repository, "fab_theirs");
    repository.commit("theirs");
    repository.must(&["checkout", "-q", "main"]);
    repository.unpack("FabFlows");
    add(&repository, "fab_ours");
    repository.commit("ours");
    let told = repository.must(&["merge", "-q", "-m", "merge", "other"]);
    let (manifest, flow) = (repository.read(MANIFEST), repository.read(FLOW));
    for name in ["fab_ours", "fab_theirs"] {
        assert_eq!(manifest.matches(&need(name)).count(), 1, "{told}{manifest}");
        assert_eq!(flow.matches(&format!("\"{name}\": {{ \"type\": \"Terminate\" }},")).count(), 1, "{flow}");
    }
    let (code, _, error) = repository.solship(&["verify", "src/FabFlows"]);
    assert_eq!(code, Some(0), "{error}");
}

#[test]
fn without_setup_git_cannot_unite_them() {
    // What the test above proves is the driver's work.
    let Some(repository) = repository() else { return };
    branches(&repository, |ours| add(ours, "fab_ours"), |theirs| add(theirs, "fab_theirs"));
    assert_eq!(repository.git(&["merge", "-q", "-m", "merge", "other"]).0, 1);
}

#[test]
fn a_doubt_is_left_to_a_person() {
    let Some(repository) = repository() else { return };
    repository.set_up();
    let version = |repository: &Repository, version: &str, name: &str| {
        repository.edit(MANIFEST, "<Version>3.1.0.0<", &format!("<Version>{version}<"));
        add(repository, name);
    };
    branches(&repository, |ours| version(ours, "3.2.0.0", "o"), |theirs| version(theirs, "3.3.0.0", "t"));
    let (code, told) = repository.git(&["merge", "-m", "merge", "other"]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("both sides changed ImportExportXml/SolutionManifest/Version"), "{told}");
    let manifest = repository.read(MANIFEST);
    let region = "<<<<<<< ours\r\n    <Version>3.2.0.0</Version>\r\n=======\r\n    <Version>3.3.0.0</Version>\r\n>>>>>>> theirs\r\n";
    assert!(manifest.contains(region), "{manifest}");
    // Without a doubt the rest is united.
    assert!(manifest.contains(&need("o")) && manifest.contains(&need("t")), "{manifest}");
    assert_eq!(repository.must(&["diff", "--name-only", "--diff-filter=U"]), format!("{MANIFEST}\n"));
}

#[test]
fn archives_are_compared_as_text_without_secrets() {
    let Some(repository) = repository() else { return };
    repository.set_up();
    let zip = repository.path.join("x.zip");
    let put = |password: &str| {
        let folder = repository.place.path.join("edited");
        let _ = fs_err::remove_dir_all(&folder);
        let (code, _, error) = repository.solship(&["unpack", "base.zip", folder.as_str()]);
        assert_eq!(code, Some(0), "{error}");
        let flow = FLOW.replace("src/FabFlows", folder.as_str());
        let text = fs_err::read_to_string(&flow).unwrap();
        let actions = "\"actions\": {";
        let action = format!(
            "{actions} \"Call\": {{ \"type\": \"Http\", \"inputs\": {{ \"password\": \"{password}\" }} }},"
        );
        fs_err::write(&flow, text.replacen(actions, &action, 1)).unwrap();
        let _ = fs_err::remove_file(&zip);
        let (code, _, error) = repository.solship(&["pack", folder.as_str(), zip.as_str()]);
        assert_eq!(code, Some(0), "{error}");
    };
    zip_of(&fixture("FabFlows"), &repository.path.join("base.zip"));
    put("hunter2horse");
    repository.commit("one");
    put("hunter3horse");
    let told = repository.must(&["diff"]);
    let changed: Vec<&str> = told.lines().filter(|line| line.contains("password:")).collect();
    assert_eq!(changed.len(), 2, "{told}");
    assert!(changed.iter().all(|line| line.contains("******** #")), "{told}");
    assert!(!told.contains("hunter") && !told.contains("Binary files"), "{told}");
    put("hunter2horse");
    assert_eq!(repository.must(&["diff"]), "");
}

#[test]
fn undo_leaves_the_repository_as_it_was() {
    let Some(repository) = repository() else { return };
    for before in [None, Some("*.cs text\n"), Some("*.cs text"), Some("")] {
        let path = repository.path.join(".gitattributes");
        let _ = fs_err::remove_file(&path);
        if let Some(before) = before {
            fs_err::write(&path, before).unwrap();
        }
        let state = tree(&repository.path);
        let (code, told, error) = repository.solship(&["git", "setup", "--print"]);
        assert_eq!(code, Some(0), "{error}");
        assert!(told.contains("*.msapp diff=solship") && told.contains("merge.solship.driver = "), "{told}");
        assert_eq!(changes(&state, &tree(&repository.path)), Vec::<String>::new());
        // Nobody can be asked here.
        let (code, _, error) = repository.solship(&["git", "setup"]);
        assert_eq!(code, Some(2), "{error}");
        assert!(error.contains("nothing was written"), "{error}");
        assert_eq!(changes(&state, &tree(&repository.path)), Vec::<String>::new());

        repository.set_up();
        let after = tree(&repository.path);
        let changed = changes(&state, &after);
        assert_eq!(changed, [".git/config", ".git/solship/", ".git/solship/key", ".gitattributes"]);
        assert_eq!(after[".git/solship/key"].len(), 32);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let key = fs_err::metadata(repository.path.join(".git/solship/key")).unwrap();
            assert_eq!(key.permissions().mode() & 0o777, 0o600);
        }
        let (_, told, _) = repository.solship(&["git", "setup", "--yes"]);
        assert!(told.starts_with("nothing to do"), "{told}");
        assert_eq!(changes(&after, &tree(&repository.path)), Vec::<String>::new());

        let (code, told, error) = repository.solship(&["git", "setup", "--undo", "--yes"]);
        assert_eq!(code, Some(0), "{told}{error}");
        assert_eq!(changes(&state, &tree(&repository.path)), Vec::<String>::new(), "{before:?}");
    }
    let (code, _, error) = {
        let output = repository.place.run(&["git", "setup", "--yes"]);
        (output.0, output.1, output.2)
    };
    assert_eq!(code, Some(2), "{error}");
    assert!(error.contains("no work tree of a git repository"), "{error}");
}

#[test]
fn a_setting_that_is_replaced_is_named_before() {
    let Some(repository) = repository() else { return };
    repository.git(&["config", "diff.solship.textconv", "mine"]);
    let (code, told, error) = repository.solship(&["git", "setup", "--print"]);
    assert_eq!(code, Some(0), "{error}");
    assert!(told.contains("\n    instead of mine\n") && told.matches("instead of").count() == 1, "{told}");
}

/// The key is made before git is asked to write, and git says why it does not.
#[test]
fn a_setup_that_fails_half_way_changes_nothing_and_says_why() {
    let Some(repository) = repository() else { return };
    let lock = repository.path.join(".git/config.lock");
    fs_err::write(&lock, "").unwrap();
    let state = tree(&repository.path);
    let (code, told, error) = repository.solship(&["git", "setup", "--yes"]);
    assert_eq!(code, Some(2), "{told}{error}");
    assert!(error.contains("git config: error: could not lock config file"), "{error}");
    assert!(error.contains("nothing was changed"), "{error}");
    assert_eq!(changes(&state, &tree(&repository.path)), Vec::<String>::new());

    fs_err::remove_file(&lock).unwrap();
    repository.set_up();
    fs_err::write(&lock, "").unwrap();
    let state = tree(&repository.path);
    let (code, told, error) = repository.solship(&["git", "setup", "--undo", "--yes"]);
    assert_eq!(code, Some(2), "{told}{error}");
    assert!(error.contains("could not lock config file") && error.contains("nothing was changed"), "{error}");
    assert_eq!(changes(&state, &tree(&repository.path)), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_hostile_repository_gets_nothing_outside() {
    use std::os::unix::fs::symlink;
    let Some(repository) = repository() else { return };
    let outside = repository.place.path.join("outside");
    fs_err::create_dir(&outside).unwrap();
    fs_err::write(outside.join("secret.txt"), "outer secret").unwrap();
    zip_of(&fixture("FabFlows"), &outside.join("Outer.zip"));
    fs_err::write(
        repository.path.join("solship.toml"),
        "solutions = [\"../outside/Outer.zip\"]\nnot = \"read\"\n[levels]\nX = 1\n",
    )
    .unwrap();
    symlink(outside.join("secret.txt"), repository.path.join(".gitattributes")).unwrap();
    symlink(outside.join("Outer.zip"), repository.path.join("linked.zip")).unwrap();
    let before = tree(&outside);
    // The lines are not written through a link.
    let (code, _, error) = repository.solship(&["git", "setup", "--yes"]);
    assert_eq!(code, Some(2), "{error}");
    assert!(error.contains(".gitattributes: a link"), "{error}");
    fs_err::remove_file(repository.path.join(".gitattributes")).unwrap();
    symlink(&outside, repository.path.join(".git/solship")).unwrap();
    assert_eq!(repository.solship(&["git", "setup", "--yes"]).0, Some(2));
    assert_eq!(changes(&before, &tree(&outside)), Vec::<String>::new());
    fs_err::remove_file(repository.path.join(".git/solship")).unwrap();
    repository.set_up();

    // No link is followed, and nothing huge, no bomb and no rubbish is read.
    let told = |path: &str| {
        let (code, told, error) = repository.solship(&["git", "textconv", path]);
        assert_eq!((code, error.as_str()), (Some(0), ""), "{path}");
        told
    };
    assert_eq!(told("linked.zip"), "not readable: a link, or no file\n");
    assert!(told("nowhere.zip").starts_with("not readable: "));
    fs_err::write(repository.path.join("huge.zip"), "PK").unwrap();
    let huge = fs_err::OpenOptions::new().write(true).open(repository.path.join("huge.zip")).unwrap();
    huge.set_len(1 << 40).unwrap();
    assert_eq!(told("huge.zip"), "not readable: 1099511627776 bytes are over the limit of 67108864\n");
    fs_err::remove_file(repository.path.join("huge.zip")).unwrap();
    fs_err::write(repository.path.join("text.zip"), "\u{1b}[31m no archive").unwrap();
    assert!(told("text.zip").starts_with("not readable: "));

    // The merge driver: neither through links nor over the limit, and nothing else is written.
    for name in ["base.xml", "theirs.xml"] {
        fs_err::write(repository.path.join(name), format!("<{name}/>")).unwrap();
    }
    symlink(outside.join("secret.txt"), repository.path.join("ours.xml")).unwrap();
    let state = tree(&repository.path);
    let driver = ["git", "merge-driver", "base.xml", "ours.xml", "theirs.xml"];
    let (code, _, error) = repository.solship(&driver);
    assert_eq!(code, Some(2), "{error}");
    assert!(!error.contains("outer secret"), "{error}");
    assert_eq!(changes(&state, &tree(&repository.path)), Vec::<String>::new());
    fs_err::remove_file(repository.path.join("ours.xml")).unwrap();
    fs_err::write(repository.path.join("ours.xml"), format!("<a>{}</a>", " ".repeat(17 << 20))).unwrap();
    let (code, _, error) = repository.solship(&driver);
    assert_eq!(code, Some(1), "{error}");
    assert!(error.contains("over the limit of 16777216 bytes"), "{error}");
    let marked = repository.read("ours.xml");
    assert!(
        marked.starts_with("<<<<<<< ours\n<a>")
            && marked.ends_with("=======\n<theirs.xml/>\n>>>>>>> theirs\n")
    );
    fs_err::remove_file(repository.path.join("ours.xml")).unwrap();

    // git itself, on a branch that holds all that.
    zip_of(&fixture("FabFlows"), &repository.path.join("Fab.zip"));
    repository.commit("hostile");
    zip_of(&fixture("FabShared"), &repository.path.join("Fab.zip"));
    fs_err::write(repository.path.join("text.zip"), "other text").unwrap();
    let told = repository.must(&["diff"]);
    assert!(told.contains("not readable: ") && told.contains("connectionreference"), "{told}");
    assert!(!told.contains("outer secret"), "{told}");
    assert_eq!(changes(&before, &tree(&outside)), Vec::<String>::new());
}

#[test]
fn deep_and_wide_files_are_refused_in_time() {
    let Some(repository) = repository() else { return };
    let begun = std::time::Instant::now();
    let wide = format!("[{}1]", "1,".repeat(100_000));
    let deep = format!("<a>{}{}</a>", "<b>".repeat(100_000), "</b>".repeat(100_000));
    let package = |flow: &str, customizations: &str| {
        let folder = repository.place.path.join("made");
        let _ = fs_err::remove_dir_all(&folder);
        fs_err::create_dir_all(folder.join("Workflows")).unwrap();
        let manifest = fixture("FabFlows").join("solution.xml");
        fs_err::copy(manifest, folder.join("solution.xml")).unwrap();
        fs_err::write(folder.join("customizations.xml"), customizations).unwrap();
        fs_err::write(folder.join("Workflows/a.json"), flow).unwrap();
        zip_of(&folder, &repository.path.join("x.zip"));
        let (code, told, _) = repository.solship(&["git", "textconv", "x.zip"]);
        assert_eq!(code, Some(0));
        told
    };
    let more = format!("[{}1]", "1,".repeat(2_000_001));
    assert!(package(&more, "<ImportExportXml />").contains("limit of 2000000 pieces of markup"));
    let told = package("{}", &deep);
    assert!(told.starts_with("not readable: "), "{}", &told[..told.len().min(300)]);
    let told = package(&wide, "<ImportExportXml />");
    assert!(told.starts_with("== "), "{}", &told[..told.len().min(300)]);
    assert!(begun.elapsed().as_secs() < 120);
}

/// The largest archives take long without optimisation.
const MOST_TRIED_BYTES: u64 = 2 << 20;
/// The same for those that are printed, twice.
const MOST_PRINTED_BYTES: u64 = 128 << 10;

#[test]
fn real_archives_are_readable() {
    let Some(corpus) = support::shared("corpus") else { return };
    let key = Key::new(&[7; KEY_BYTES]).unwrap();
    let paths: Vec<Utf8PathBuf> = readable(&corpus).iter().map(|row| corpus.join(&row["path"])).collect();
    let apps: usize = paths
        .par_iter()
        .filter(|path| fs_err::metadata(path).unwrap().len() < MOST_PRINTED_BYTES)
        .map(|path| {
            let text = solship::git::text(fs_err::read(path).unwrap(), Some(&key))
                .unwrap_or_else(|error| panic!("{path}: {error}"));
            let package = open(path);
            let plain = solship::diff::canonical(&package).unwrap();
            // Nothing but marks is more.
            let unmarked = |line: &str| match line.rsplit_once(" #") {
                Some((line, mark)) if mark.len() == 12 => line.to_owned(),
                _ => line.to_owned(),
            };
            let same = text.lines().zip(plain.lines()).all(|(one, other)| unmarked(one) == unmarked(other));
            assert!(same && text.lines().count() == plain.lines().count(), "{path}");
            let apps = package.entries().iter().filter(|entry| entry.path.ends_with(".msapp"));
            let readable = |bytes: Vec<u8>| {
                // Some are no archives: the strict reader refuses them everywhere.
                let text = solship::git::text(bytes.clone(), Some(&key)).map(|text| text.lines().count() > 1);
                let opened = Package::from_bytes("app", bytes, &OpenOptions::default());
                assert_eq!(text.is_ok(), opened.is_ok_and(|app| app.verify().is_ok()), "{path}: {text:?}");
                text == Ok(true)
            };
            apps.filter(|entry| readable(package.read(entry).unwrap())).count()
        })
        .sum();
    assert!(apps > 20, "{apps}");
}

/// The text with an action more; none for a flow of another form.
fn with_action(text: &str) -> Option<String> {
    let document = solship::json::Document::parse(text.as_bytes().to_vec()).ok()?;
    let range = document.range("/properties/definition/actions")?;
    let is_empty = document.value().pointer("/properties/definition/actions")?.as_object()?.is_empty();
    let comma = if is_empty { "" } else { "," };
    let action = format!("\"solship_added\":{{\"type\":\"Terminate\"}}{comma}");
    Some(format!("{}{action}{}", &text[..range.start + 1], &text[range.start + 1..]))
}

#[test]
fn what_is_added_to_a_real_version_goes_into_the_next() {
    let Some(corpus) = support::shared("corpus") else { return };
    let is_small = |path: &Utf8PathBuf| fs_err::metadata(path).unwrap().len() < MOST_TRIED_BYTES;
    let merged: (usize, usize) = pairs(&corpus)
        .par_iter()
        .filter(|pair| pair.paths.iter().all(is_small))
        .map(|pair| {
            let files = [0, 1].map(|side: usize| {
                let package = open(&pair.paths[side]);
                let archive = Archive::read(&package).unwrap();
                let unpacked = unpack(Archives::One(&archive), &UnpackOptions::default()).unwrap();
                let texts = unpacked.parts.iter().filter(|part| {
                    part.path() == "Other/Solution.xml"
                        || part.path().starts_with("Workflows/") && part.path().ends_with(".json")
                });
                let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
                let texts = texts.map(|part| (part.path().to_owned(), text(part.bytes().unwrap())));
                texts.collect::<std::collections::BTreeMap<_, _>>()
            });
            let mut counts = (0, 0);
            for (path, base) in &files[0] {
                let Some(ours) = files[1].get(path) else { continue };
                let is_manifest = path.ends_with(".xml");
                let theirs = if is_manifest {
                    let row = "<RootComponent type=\"29\" id=\"{0c0ffee0-0000-4000-8000-000000000009}\" behavior=\"0\" />";
                    let end = "    </RootComponents>";
                    base.contains(end).then(|| base.replacen(end, &format!("      {row}\r\n{end}"), 1))
                } else {
                    with_action(base)
                };
                let Some(theirs) = theirs.filter(|_| ours != base) else { continue };
                let sides =
                    Sides { base: base.as_bytes(), ours: ours.as_bytes(), theirs: theirs.as_bytes() };
                let found = merge(Kind::of(path, b""), &sides, 7);
                assert_eq!(found.doubts, [""; 0], "{} {path}", pair.name);
                let text = String::from_utf8(found.content).unwrap();
                if is_manifest {
                    assert_eq!(text.matches("0c0ffee0-0000-4000-8000-000000000009").count(), 1);
                    let lines = |text: &str| text.lines().count();
                    assert_eq!(lines(&text), lines(ours) + 1, "{} {path}", pair.name);
                    counts.0 += 1;
                } else {
                    let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
                    let expected = with_action(ours).unwrap();
                    assert_eq!(parsed(text.trim_start_matches('\u{feff}')), parsed(expected.trim_start_matches('\u{feff}')));
                    counts.1 += 1;
                }
            }
            counts
        })
        .reduce(|| (0, 0), |one, other| (one.0 + other.0, one.1 + other.1));
    assert!(merged.0 > 30 && merged.1 > 30, "{merged:?}");
}
