//! `plan` and `check` over every real archive, against `unzip -tqq` over the same files in the same run.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Stopwatch, plan, solship};

/// `plan` takes at most this part of the time of `unzip -tqq`, one file after the other.
const TARGET: f64 = 0.5;
/// The same for `check`, which inflates everything as `unzip` does.
const CHECK_TARGET: f64 = 1.5;

/// Times all contestants in turn, `runs` times, after one round that warms the file cache and is not counted.
pub(super) fn run(runs: usize) {
    #[expect(
        clippy::disallowed_methods,
        reason = "a benchmark is no part of the library; tests find the data the same way"
    )]
    let shared = std::env::var("SOLSHIP_SHARED");
    let Ok(shared) = shared else {
        println!("corpus: skipped: SOLSHIP_SHARED is not set");
        return;
    };
    let archives = archives(&Path::new(&shared).join("corpus").join("zips"));
    println!("corpus: {} archives, {runs} runs each in turn, median (fastest to slowest)", archives.len());

    let solship_arguments = || {
        let options = ["--skip-unreadable", "--exit-zero"].map(OsString::from);
        options.into_iter().chain(archives.iter().map(|archive| archive.clone().into_os_string()))
    };
    let order = plan(["--format", "list"].map(OsString::from).into_iter().chain(solship_arguments()));
    let ordered = order.lines().count();
    assert!(ordered > 0, "plan orders nothing: its time means nothing");
    println!(
        "  plan orders {ordered} solutions (one solution in several archives counts once, damaged ones not)"
    );
    if !unzip(&archives, 1) {
        println!("  unzip or xargs is not installed: nothing to compare with");
        return;
    }

    let mut ours = Stopwatch::new("solship plan");
    let mut checks = Stopwatch::new("solship check");
    let mut one_by_one = Stopwatch::new("unzip -tqq, one after the other");
    let mut two_at_once = Stopwatch::new("unzip -tqq, two at a time");
    for _ in 0..runs {
        ours.time(|| plan(solship_arguments()));
        checks.time(|| solship("check", solship_arguments()));
        one_by_one.time(|| unzip(&archives, 1));
        two_at_once.time(|| unzip(&archives, 2));
    }
    for stopwatch in [&ours, &checks, &one_by_one, &two_at_once] {
        stopwatch.print();
    }
    for (stopwatch, target) in [(&ours, TARGET), (&checks, CHECK_TARGET)] {
        let ratio = stopwatch.median() / one_by_one.median();
        let verdict = if ratio <= target { "met" } else { "missed" };
        println!("  {}", stopwatch.name);
        println!("    ratio to one after the other  {ratio:.3}   (at most {target}: {verdict})");
        println!("    ratio to two at a time        {:.3}", stopwatch.median() / two_at_once.median());
    }
}

/// Every zip below `folder`, sorted.
fn archives(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.expect("SOLSHIP_SHARED holds corpus/zips");
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|extension| extension == "zip")
        {
            found.push(entry.into_path());
        }
    }
    assert!(!found.is_empty(), "no zip below {}", folder.display());
    found.sort();
    found
}

/// Tests every archive with one `unzip` a file, `at_once` of them at a time; false when the tools are not there. Some archives
/// are damaged, so the status of `unzip` says nothing.
fn unzip(archives: &[PathBuf], at_once: usize) -> bool {
    let started = Command::new("xargs")
        .args(["-0", "-n1", &format!("-P{at_once}"), "unzip", "-tqq"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut xargs) = started else { return false };
    let mut list = Vec::new();
    for archive in archives {
        list.extend_from_slice(archive.as_os_str().as_encoded_bytes());
        list.push(0);
    }
    let fed = xargs.stdin.take().is_some_and(|mut stdin| stdin.write_all(&list).is_ok());
    let status = xargs.wait().expect("xargs was started");
    // 127: the command that xargs runs is not there.
    fed && status.code() != Some(127)
}
