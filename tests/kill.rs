//! Runs that are killed at any moment: afterwards there is the old state, or the new one, or a journal that leads to either.
//!
//! The run to be killed is this test program itself: it is started again with [`CHILD`] set, and then does nothing but
//! write, to and fro between two states, until the parent kills it.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use solship::write::{
    ArchiveOptions, Eol, FolderOptions, Part, PartError, Resolution, is_interrupted, resolve, write_archive,
    write_folder,
};

/// What the child does and where: `folder:PATH`, `new:PATH` or `archive:PATH`.
const CHILD: &str = "SOLSHIP_KILL_TEST_CHILD";
/// How often each kind of run is killed.
const KILLS: u64 = 60;

struct Bytes {
    path: String,
    bytes: Vec<u8>,
    is_carried_over: bool,
}

impl Part for Bytes {
    fn path(&self) -> &str {
        &self.path
    }
    fn size(&self) -> Option<u64> {
        self.is_carried_over.then_some(self.bytes.len() as u64)
    }
    fn crc32(&self) -> Option<u32> {
        self.is_carried_over.then(|| zlib_rs::crc32::crc32(0, &self.bytes))
    }
    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
        Ok(out.write_all(&self.bytes)?)
    }
}

/// Two states that share some files, differ in others, and each have files and folders that the other has not.
fn state(which: bool) -> Vec<Bytes> {
    let name = if which { "one" } else { "two" };
    let mut parts = Vec::new();
    for index in 0..120_usize {
        let (folder, content) = match index % 4 {
            0 => ("same".to_owned(), "the same in both".to_owned()),
            1 => ("changed/deep".to_owned(), name.repeat(index * 50)),
            2 => (format!("{name}/only"), name.repeat(index)),
            _ => (format!("mixed/{name}{}", index % 8), name.to_owned()),
        };
        let bytes = content.into_bytes();
        parts.push(Bytes { path: format!("{folder}/{index}.xml"), bytes, is_carried_over: index % 3 == 0 });
    }
    // A file in one state is a folder in the other.
    let path = if which { "turns" } else { "turns/into/a/folder" };
    parts.push(Bytes { path: path.into(), bytes: name.into(), is_carried_over: false });
    // Large enough to be several blocks of an archive.
    let bytes = name.as_bytes().repeat(1_000_000);
    parts.push(Bytes { path: "large.xml".into(), bytes, is_carried_over: false });
    parts
}

fn options() -> FolderOptions<'static> {
    FolderOptions {
        is_ours: &|path| !path.contains("foreign"),
        allow_delete: true,
        clobber: false,
        eol: Eol::Auto,
        dry_run: false,
    }
}

/// No test: the run that is killed.
#[test]
fn child() {
    let Some(task) = std::env::var_os(CHILD) else { return };
    let task = task.into_string().expect("UTF-8");
    let (kind, path) = task.split_once(':').expect("KIND:PATH");
    let path = Utf8Path::new(path);
    println!("begins");
    for which in [true, false].into_iter().cycle() {
        match kind {
            "folder" => drop(write_folder(path, &state(which), &options()).expect("writes")),
            "new" => {
                write_folder(path, &state(true), &options()).expect("writes");
                // In one stroke, so that the parent never sees half of it.
                fs_err::rename(path, path.with_extension("done")).expect("renames");
                fs_err::remove_dir_all(path.with_extension("done")).expect("removes");
            }
            _ => drop(write_archive(path, &state(which), &ArchiveOptions::default()).expect("writes")),
        }
    }
}

/// Starts the child and kills it after a while that differs each time; the while begins when `begun` is there.
fn run_and_kill(task: &str, round: u64, begun: Option<&Utf8Path>) {
    let mut child: Child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(CHILD, task)
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut out = std::io::BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    while !line.contains("begins") {
        line.clear();
        assert!(
            std::io::BufRead::read_line(&mut out, &mut line).expect("reads") > 0,
            "the child ended: {task}"
        );
    }
    // Odd numbers of microseconds, so that the kills spread over all phases.
    match begun {
        Some(file) => {
            while !file.exists() {
                std::thread::yield_now();
            }
            std::thread::sleep(Duration::from_micros(round * 97 % 4000));
        }
        None => std::thread::sleep(Duration::from_micros(500 + round * 7919 % 60_000)),
    }
    child.kill().expect("killed");
    let status = child.wait().expect("ended");
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9), "{task}: {status}");
}

fn tree(root: &Utf8Path) -> BTreeMap<String, Vec<u8>> {
    let mut tree = BTreeMap::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1) {
        let entry = entry.expect("an entry");
        let path = Utf8Path::from_path(entry.path()).expect("UTF-8");
        let below = path.strip_prefix(root).expect("below").to_string();
        if entry.file_type().is_dir() {
            tree.insert(below + "/", Vec::new());
        } else {
            tree.insert(below, fs_err::read(path).expect("a file"));
        }
    }
    tree
}

fn place() -> (tempfile::TempDir, Utf8PathBuf) {
    let keep = tempfile::tempdir().expect("a temporary folder");
    let root = Utf8Path::from_path(keep.path()).expect("UTF-8").canonicalize_utf8().expect("there");
    (keep, root)
}

fn written_tree(which: bool) -> BTreeMap<String, Vec<u8>> {
    let (_keep, root) = place();
    write_folder(&root.join("t"), &state(which), &options()).expect("writes");
    tree(&root.join("t"))
}

#[test]
fn an_existing_folder_is_old_or_new_after_a_kill() {
    let mut states = [written_tree(true), written_tree(false)];
    for state in &mut states {
        state.insert("foreign.txt".into(), b"mine".to_vec());
    }
    let (_keep, root) = place();
    let target = root.join("t");
    write_folder(&target, &state(true), &options()).expect("writes");
    fs_err::write(target.join("foreign.txt"), "mine").expect("writes");
    let mut journals = 0;
    for round in 0..KILLS {
        // The steps take a small part of the time of a run: two of three kills are aimed at them.
        let journal = root.join(".t.solship/journal");
        run_and_kill(&format!("folder:{target}"), round, (round % 3 != 0).then_some(&journal));
        let interrupted = is_interrupted(&target).expect("says");
        if interrupted {
            journals += 1;
            let resolution = if round % 2 == 0 { Resolution::Finish } else { Resolution::Undo };
            assert_eq!(resolve(&target, resolution).expect("resolves"), Some(resolution));
        }
        let found = tree(&target);
        assert!(states.contains(&found), "round {round}, journal {interrupted}: neither state");
        // Whatever was left beside it is gone after the next run.
        write_folder(&target, &state(true), &options()).expect("writes");
        assert!(tree(&target) == states[0], "round {round}");
        assert_eq!(root.read_dir_utf8().expect("there").count(), 1, "round {round}");
    }
    println!("{KILLS} kills, {journals} of them left a journal");
    assert!(journals > 0, "no kill came in the middle: the test shows nothing");
}

#[test]
fn a_new_folder_is_whole_or_absent_after_a_kill() {
    let whole = written_tree(true);
    let (_keep, root) = place();
    let target = root.join("t");
    for round in 0..KILLS {
        run_and_kill(&format!("new:{target}"), round, None);
        assert!(!is_interrupted(&target).expect("says"));
        if target.exists() {
            assert!(tree(&target) == whole, "round {round}: half a folder");
            fs_err::remove_dir_all(&target).expect("removes");
        }
        let _ = fs_err::remove_dir_all(root.join("t.done"));
        write_folder(&target, &state(true), &options()).expect("writes");
        assert!(tree(&target) == whole, "round {round}");
        assert_eq!(root.read_dir_utf8().expect("there").count(), 1, "round {round}");
        fs_err::remove_dir_all(&target).expect("removes");
    }
}

#[test]
fn an_archive_is_old_or_new_after_a_kill() {
    let (_keep, root) = place();
    let target = root.join("s.zip");
    let states = [true, false].map(|which| {
        write_archive(&target, &state(which), &ArchiveOptions::default()).expect("writes");
        fs_err::read(&target).expect("a file")
    });
    for round in 0..KILLS {
        run_and_kill(&format!("archive:{target}"), round, None);
        assert!(states.contains(&fs_err::read(&target).expect("a file")), "round {round}: neither archive");
        write_archive(&target, &state(true), &ArchiveOptions::default()).expect("writes");
        assert_eq!(root.read_dir_utf8().expect("there").count(), 1, "round {round}");
    }
}

/// The child may write files up to a size only: as with a full disk, writing fails in the middle.
#[test]
fn what_does_not_fit_leaves_the_old_state() {
    let (_keep, root) = place();
    let (folder, archive) = (root.join("t"), root.join("s.zip"));
    for task in [format!("folder:{folder}"), format!("new:{}", root.join("n")), format!("archive:{archive}")]
    {
        write_folder(&folder, &state(false), &options()).expect("writes");
        fs_err::write(&archive, "old").expect("writes");
        let before = tree(&root);
        let output = Command::new("sh")
            // Without the signal that ends a program at the limit: the write fails then. In blocks of 512 or 1024 bytes.
            .args(["-c", "trap '' XFSZ; ulimit -f 10; exec \"$0\" --exact child --nocapture"])
            .arg(std::env::current_exe().expect("this program"))
            .env(CHILD, &task)
            .output()
            .expect("starts");
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains("FileTooLarge"), "{task}: {said}");
        assert!(tree(&root) == before, "{task}: {said}");
    }
}
