//! What goes wrong while `unpack` and `pack` write: a clear error, exit code 2, the old state as it was, nothing left beside it.

use std::process::Command;

use rayon::prelude::*;

mod support;
use support::fault::{Fault, Faults};
use support::place::{Place, Tree, below, changes, fixture, put, tree, zip_of};

/// `Fab.zip`, and `src/` with another state of it and a file of the user's.
fn start() -> Tree {
    let place = Place::new();
    zip_of(&fixture("FabFlows"), &place.path.join("Fab.zip"));
    place.must(&["unpack", "Fab.zip", "src"]);
    let file = |path: &str| place.path.join("src").join(path);
    fs_err::write(file("README.md"), "mine").expect("writes");
    fs_err::create_dir(file("Gone")).expect("makes");
    fs_err::write(file("Gone/one.txt"), "no longer there").expect("writes");
    let flows =
        file("Workflows").read_dir_utf8().expect("there").map(|flow| flow.expect("readable").into_path());
    // The file of a row must stay well-formed for a pack; this one is copied.
    let flow = flows.filter(|path| path.extension() == Some("json")).min().expect("a flow");
    fs_err::write(flow, "changed").expect("writes");
    place.tree()
}

fn library() -> Option<(Place, Faults)> {
    let place = Place::new();
    let faults = Faults::new(&place.path)?;
    Some((place, faults))
}

/// Runs a command with that fault at each of its calls that change a file, and gives how often it failed of it.
fn at_every_call(faults: &Faults, fault: Fault, start: &Tree, arguments: &[&str], word: &str) -> usize {
    let outcome = |at: usize| {
        let place = Place::with(start);
        let output = faults.run(fault, at, &place.path, arguments);
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        let after = place.tree();
        if output.status.success() {
            // The fault came too late to matter, or what failed can be left undone.
            let old_names = |path: &&String| path.contains("solship");
            let left: Vec<&String> = after.keys().filter(old_names).collect();
            assert!(left.is_empty() || fault != Fault::Full, "{fault:?} {at}: {left:?}");
            return false;
        }
        assert_eq!(output.status.code(), Some(2), "{fault:?} {at}: {said}");
        assert!(said.starts_with("error: ") && said.contains(word), "{fault:?} {at}: {said}");
        assert!(output.stdout.is_empty(), "{fault:?} {at}");
        let interrupted = said.contains("interrupted");
        if fault == Fault::Full {
            assert_eq!(changes(start, &after), Vec::<String>::new(), "{fault:?} {at}: {said}");
        } else if !interrupted {
            // Where nothing can be removed any more, what was made ready lies beside the old state.
            let other = changes(start, &after);
            // Of two archives one is in its place when the other cannot be put there.
            let is_second = said.contains("rename file from `dist/.new_managed.zip");
            let is_beside = |path: &String| {
                path.starts_with('.')
                    || path.contains("/.")
                    || path == "dist/"
                    || path == "new/"
                    || is_second && path == "dist/new.zip"
            };
            assert!(other.iter().all(is_beside), "{fault:?} {at}: {said} {other:?}");
        }
        true
    };
    let outcomes: Vec<bool> = (1..90).into_par_iter().map(outcome).collect();
    assert!(!outcomes[outcomes.len() - 5..].contains(&true), "{fault:?}: more calls than were looked at");
    outcomes.into_iter().filter(|failed| *failed).count()
}

const COMMANDS: [&[&str]; 4] = [
    &["unpack", "Fab.zip", "src"],
    &["unpack", "Fab.zip", "new/src"],
    &["pack", "src", "Fab.zip"],
    &["pack", "src", "dist/new.zip", "--kind", "both"],
];

#[test]
fn a_disk_that_is_full_at_any_moment() {
    let Some((_keep, faults)) = library() else { return };
    let start = start();
    for command in COMMANDS {
        let failed = at_every_call(&faults, Fault::Full, &start, command, "no space left on the disk");
        println!("{command:?}: {failed}");
        assert!(failed >= 4, "{command:?}: {failed}");
    }
}

#[test]
fn a_disk_that_fails_once_or_from_some_moment_on() {
    let Some((_keep, faults)) = library() else { return };
    let start = start();
    for command in COMMANDS {
        for fault in [Fault::Once, Fault::Broken] {
            let failed = at_every_call(&faults, fault, &start, command, "nput/output error");
            println!("{command:?} {fault:?}: {failed}");
            assert!(failed >= 4, "{command:?}: {failed}");
        }
    }
}

/// Where even taking back fails, the next command takes it back.
#[test]
fn what_a_broken_disk_left_is_settled_by_the_next_command() {
    let Some((_keep, faults)) = library() else { return };
    let start = start();
    let whole = Place::with(&start);
    whole.must(COMMANDS[0]);
    let new = whole.tree();
    let settled: usize = (1..60)
        .into_par_iter()
        .map(|at| {
            let place = Place::with(&start);
            faults.run(Fault::Broken, at, &place.path, COMMANDS[0]);
            let (code, _, said) = place.run(&["inspect", "src"]);
            let is_pending = code == Some(2) && said.contains("interrupted");
            place.must(&["unpack", "--undo", "src"]);
            let after = place.tree();
            assert!(
                changes(&start, &after).is_empty() || !is_pending && changes(&new, &after).is_empty(),
                "{at}"
            );
            usize::from(is_pending)
        })
        .sum();
    println!("{settled} half written folders");
    assert!(settled > 3, "{settled}");
}

/// As above, by a limit of the system and not of ours.
#[cfg(unix)]
#[test]
fn what_does_not_fit_leaves_the_old_state() {
    let mut start = start();
    start.insert(
        "src/large.bin".into(),
        (0..400_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect(),
    );
    let place = Place::with(&start);
    place.must(&["pack", "src", "large.zip"]);
    let before = place.tree();
    for arguments in
        ["unpack large.zip src2", "unpack large.zip other/src", "pack src large.zip", "pack src dist/new.zip"]
    {
        fs_err::create_dir_all(place.path.join("src2/Other")).expect("makes");
        fs_err::write(place.path.join("src2/Other/Solution.xml"), "<old />").expect("writes");
        let output = Command::new("sh")
            // Without the signal that ends a program at the limit: the write fails then. In blocks of 512 or 1024 bytes.
            .args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$0\" $1"])
            .args([env!("CARGO_BIN_EXE_solship"), arguments])
            .current_dir(&place.path)
            .output()
            .expect("starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
        assert!(said.contains("large") && said.contains("File too large"), "{arguments}: {said}");
        fs_err::remove_dir_all(place.path.join("src2")).expect("removes");
        assert_eq!(changes(&before, &place.tree()), Vec::<String>::new(), "{arguments}: {said}");
    }
}

fn set_read_only(path: &camino::Utf8Path, read_only: bool) {
    let mut permissions = fs_err::metadata(path).expect("there").permissions();
    #[cfg(unix)]
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, if read_only { 0o444 } else { 0o644 });
    #[cfg(not(unix))]
    permissions.set_readonly(read_only);
    fs_err::set_permissions(path, permissions).expect("its owner");
}

#[test]
fn a_read_only_file_is_replaced_with_clobber_only() {
    let place = Place::with(&start());
    let fresh = Place::with(&start());
    fresh.must(&["unpack", "Fab.zip", "fresh"]);
    let changed = changes(&below(&fresh.tree(), "fresh"), &below(&place.tree(), "src"));
    let changed: Vec<&String> = changed.iter().filter(|path| path.starts_with("Workflows/")).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    for path in [changed[0].as_str(), "Gone/one.txt"] {
        let file = place.path.join("src").join(path);
        set_read_only(&file, true);
        let said = place.refused(&["unpack", "Fab.zip", "src"]);
        assert!(said.contains(path) && said.contains("read-only") && said.contains("--clobber"), "{said}");
        set_read_only(&file, false);
    }
    set_read_only(&place.path.join("src").join(changed[0]), true);
    set_read_only(&place.path.join("Fab.zip"), true);
    place.must(&["unpack", "Fab.zip", "src", "--clobber"]);
    let said = place.refused(&["pack", "src", "Fab.zip"]);
    assert!(said.contains("Fab.zip") && said.contains("read-only") && said.contains("--clobber"), "{said}");
    place.must(&["pack", "src", "Fab.zip", "--clobber"]);
    place.must(&["unpack", "Fab.zip", "again"]);
}

/// Root may write everywhere, so the binary is run as nobody then.
#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    let place = Place::with(&start());
    let binary = place.path.join("solship");
    fs_err::copy(env!("CARGO_BIN_EXE_solship"), &binary).expect("copies");
    let is_root = fs_err::metadata(&place.path).expect("there").uid() == 0;
    let mode = |path: &camino::Utf8Path, mode: u32| {
        fs_err::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("its owner");
    };
    let entries: Vec<_> =
        walkdir::WalkDir::new(&place.path).into_iter().map(|entry| entry.expect("readable")).collect();
    for entry in &entries {
        if is_root {
            chown(entry.path(), Some(NOBODY), Some(NOBODY)).expect("root may");
        }
    }
    for entry in entries.iter().filter(|entry| entry.file_type().is_dir()) {
        mode(camino::Utf8Path::from_path(entry.path()).expect("UTF-8"), 0o555);
    }
    let before = place.tree();
    for arguments in COMMANDS {
        let mut command = Command::new(&binary);
        command.current_dir(&place.path).args(arguments);
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = match command.output() {
            Err(error) if is_root && error.kind() == std::io::ErrorKind::PermissionDenied => {
                println!("skipped: the temporary folder is not open to others");
                return;
            }
            output => output.expect("runs"),
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains("not writable") && output.stdout.is_empty(), "{arguments:?}: {said}");
        assert_eq!(changes(&before, &place.tree()), Vec::<String>::new(), "{arguments:?}");
    }
    for entry in entries.iter().filter(|entry| entry.file_type().is_dir()) {
        mode(camino::Utf8Path::from_path(entry.path()).expect("UTF-8"), 0o755);
    }
}

#[test]
fn input_and_output_lie_apart() {
    let place = Place::with(&start());
    let refused = |arguments: &[&str], words: &str| {
        let said = place.refused(arguments);
        assert!(said.contains(words), "{arguments:?}: {said}");
    };
    fs_err::remove_dir_all(place.path.join("src/Workflows")).expect("removes");
    for target in ["src/out.zip", "src/new/out.zip", "./src/out.zip", "src/../src/out.zip"] {
        refused(&["pack", "src", target], "lies inside the input");
    }
    refused(&["pack", "src", "src/new/out.zip", "--kind", "both"], "lies inside the input");
    refused(&["pack", "src", "src"], "src");
    refused(&["pack", "src", "."], "folder");
    refused(&["pack", "src", ".."], "");
    // What is not packed may lie in the folder, be it there yet or not.
    for target in ["src/bin/out.zip", "./src/bin/out.zip", "src/obj/deep/out.zip", "src/.out/out.zip"] {
        place.must(&["pack", "src", target]);
    }
    // It would be deleted as a file that is not in the package.
    fs_err::copy(place.path.join("Fab.zip"), place.path.join("src/Fab.zip")).expect("copies");
    refused(&["unpack", "src/Fab.zip", "src"], "would be deleted");
    refused(&["unpack", "src/Fab.zip", "src", "--dry-run"], "would be deleted");
    place.must(&["unpack", "src/bin/out.zip", "src"]);
    assert!(place.path.join("src/bin/out.zip").exists());
    // A solution folder as the input of unpack.
    put(&place.path.join("flat"), &tree(&fixture("FabFlows")));
    for target in ["flat", "flat/src", "./flat"] {
        refused(&["unpack", "flat", target], "lies inside the input");
    }
    place.must(&["unpack", "flat", "flat-src"]);
}

#[test]
fn a_target_that_is_something_else() {
    let mut start = start();
    start.insert("file".into(), b"a file".to_vec());
    let place = Place::with(&start);
    let refused = |arguments: &[&str], words: &str| {
        let said = place.refused(arguments);
        assert!(said.contains(words), "{arguments:?}: {said}");
    };
    refused(&["unpack", "Fab.zip", "file"], "is a file, not a folder");
    refused(&["unpack", "Fab.zip", "Fab.zip"], "is a file, not a folder");
    refused(&["unpack", "Fab.zip", "file/src"], "file");
    refused(&["pack", "src", "file/out.zip"], "file");
    refused(&["pack", "file", "out.zip"], "no solution folder");
    refused(&["pack", "absent", "out.zip"], "no solution folder");
    refused(&["unpack", "absent.zip", "new"], "absent.zip");
    refused(&["unpack", "file", "new"], "not a zip");
    refused(&["pack", "src", ""], "");
    refused(&["unpack", "Fab.zip", ""], "");
    refused(&["pack", "src", "new.zip/"], "new.zip");
    // Parents that are not there are made.
    place.must(&["unpack", "Fab.zip", "a b/\u{fc}ber c/src"]);
    place.must(&["pack", "a b/\u{fc}ber c/src", "d e/f g.zip"]);
    place.must(&["verify", "d e/f g.zip", "--built-from", "a b/\u{fc}ber c/src"]);
}

#[cfg(unix)]
#[test]
fn links_and_special_files_are_not_replaced() {
    use std::os::unix::fs::symlink;
    let start = start();
    let place = Place::with(&start);
    let at = |path: &str| place.path.join(path);
    place.must(&["pack", "src", "store/real.zip"]);
    fs_err::write(at("store/real.zip"), "old").expect("writes");
    for (target, link) in [
        ("store/real.zip", "link.zip"),
        ("nowhere", "dangling"),
        ("store", "folder.zip"),
        ("link.zip", "two.zip"),
    ] {
        symlink(target, at(link)).expect("a link");
    }
    assert!(place.refused(&["pack", "src", "dangling"]).contains("symbolic link"));
    assert!(place.refused(&["unpack", "Fab.zip", "dangling"]).contains("symbolic link"));
    assert!(place.refused(&["pack", "src", "folder.zip"]).contains("is a folder"));
    // A link that the user names is followed.
    place.must(&["pack", "src", "two.zip"]);
    assert!(at("two.zip").is_symlink() && at("link.zip").is_symlink());
    place.must(&["verify", "store/real.zip"]);
    symlink("src", at("src-link")).expect("a link");
    place.must(&["unpack", "Fab.zip", "src-link"]);
    assert!(at("src-link").is_symlink() && !at("src/Gone").exists());
    // One in the folder is not.
    symlink("../Fab.zip", at("src/Workflows/link")).expect("a link");
    assert!(place.refused(&["pack", "src", "out.zip"]).contains("symbolic link"));
    fs_err::remove_file(at("src/Workflows/link")).expect("removes");
    fs_err::rename(at("src/Workflows"), at("elsewhere")).expect("renames");
    symlink("../elsewhere", at("src/Workflows")).expect("a link");
    assert!(place.refused(&["unpack", "Fab.zip", "src"]).contains("symbolic link"));
    fs_err::remove_file(at("src/Workflows")).expect("removes");
    fs_err::rename(at("elsewhere"), at("src/Workflows")).expect("renames");
    // A pipe, as a device would be.
    let made = Command::new("mkfifo").arg(at("pipe")).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: no pipe can be made");
        return;
    }
    assert!(place.refused(&["pack", "src", "pipe"]).contains("in the way"));
    assert!(place.refused(&["unpack", "Fab.zip", "pipe"]).contains("not a folder"));
    fs_err::rename(at("pipe"), at("src/pipe")).expect("renames");
    assert!(place.refused(&["pack", "src", "out.zip"]).contains("neither a file nor a folder"));
}

#[test]
fn a_file_that_changes_while_it_is_packed() {
    use solship::layout::{LineEnd, PackKind};
    use solship::mapping::Ours;
    use solship::transfer::{PackRequest, SourceFolder, pack};
    let mut start = start();
    start.insert("src/WebResources/a.js".into(), b"alert(1)".to_vec());
    for (path, content) in [
        ("src/WebResources/a.js", "alert(2)"),
        ("src/WebResources/a.js", "alert(10)"),
        ("src/WebResources/a.js", ""),
        ("src/Other/Solution.xml", "<ImportExportXml />"),
    ] {
        let place = Place::with(&start);
        let folder = place.path.join("src");
        let target = place.path.join("Fab.zip");
        let source =
            SourceFolder::open(&folder, &Ours::new(&folder).expect("readable"), None, &Default::default());
        let source = source.expect("a solution folder");
        // The clock of a file system may be coarse.
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs_err::write(place.path.join(path), content).expect("writes");
        let before = place.tree();
        let packed = pack(&PackRequest {
            folder: &source,
            targets: &[(target, PackKind::Unmanaged)],
            line_end: LineEnd::Crlf,
            version: None,
            use_unmanaged_for_missing_managed: false,
            archive: Default::default(),
            dry_run: false,
        });
        let said = packed.expect_err("it changed").to_string();
        assert!(said.contains(path) && said.contains("changed while it was read"), "{path}: {said}");
        assert_eq!(changes(&before, &place.tree()), Vec::<String>::new(), "{path}: {said}");
    }
}

#[test]
fn taking_back_says_what_it_did() {
    let start = start();
    let place = Place::with(&start);
    for option in ["--undo", "--finish"] {
        let said = place.must(&["unpack", option, "src"]);
        assert_eq!(said, "src: no run was interrupted here, nothing to do\n");
        // The command that was interrupted, with the option behind it.
        let said = place.must(&["unpack", "Fab.zip", "src", option]);
        assert_eq!(said, "src: no run was interrupted here, nothing to do\n");
        place.must(&["unpack", option, "--folder", "src"]);
        assert!(place.refused(&["unpack", option, "absent"]).contains("no such file or folder"));
        assert!(place.refused(&["unpack", option, "Fab.zip"]).contains("is a file"));
        place.refused(&["unpack", option, "src", "--dry-run"]);
        place.refused(&["unpack", option, "src", "--allowWrite=no"]);
        place.refused(&["unpack", option]);
    }
    place.refused(&["unpack", "--undo", "--finish", "src"]);
    assert_eq!(changes(&start, &place.tree()), Vec::<String>::new());
    // A journal that is not ours to touch.
    put(&place.path, &[(".src.solship/lock".to_owned(), Vec::new())].into());
    put(
        &place.path,
        &[
            (".src.solship/journal".to_owned(), b"{\"version\":99,\"steps\":[]}\nend 00000000\n".to_vec()),
            (".src.solship/old/0".to_owned(), Vec::new()),
        ]
        .into(),
    );
    for arguments in [
        &["inspect", "src"][..],
        &["pack", "src", "x.zip"],
        &["unpack", "Fab.zip", "src"],
        &["unpack", "--undo", "src"],
    ] {
        let said = place.refused(arguments);
        assert!(
            said.contains("not a journal that this version") && said.contains("hint: "),
            "{arguments:?}: {said}"
        );
    }
}
