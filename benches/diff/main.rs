//! How fast `diff` is: `cargo bench --bench diff [-- dependencies|corpus|folders] [-- --runs N]`. What the figures mean is in
//! `BENCHMARKS.md`.
//!
//! `dependencies` holds two manifests of 2.5 MB with the same dependencies in another order against `git diff --no-index` on
//! them; `corpus` the two largest real archives with a common name against unpacking both; `folders` the folders of these two
//! against the archives themselves. The built binary is run as a user
//! does, so start-up, reading and output count; the contestants take turns.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The binary under test, built with the bench profile, which is the release profile.
const SOLSHIP: &str = env!("CARGO_BIN_EXE_solship");
const DEFAULT_RUNS: usize = 7;
/// Rows of a manifest of 2.5 MB; a prime number, so that a step through them meets each.
const ROWS: usize = 7_919;
/// `diff` is to take no more than so many times the time of unpacking both archives.
const ALLOWED: f64 = 2.0;
/// Two folders are to take no more than so many times the time of the archives that they are packed to.
const ALLOWED_FOLDERS: f64 = 1.5;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let runs = words.iter().position(|word| word == "--runs").and_then(|at| words.get(at + 1)?.parse().ok());
    let runs: usize = runs.filter(|&runs| runs > 0).unwrap_or(DEFAULT_RUNS);
    let is_named = |word: &String| ["dependencies", "corpus", "folders"].contains(&word.as_str());
    let wanted = |name: &str| !words.iter().any(is_named) || words.iter().any(|word| word == name);
    if wanted("dependencies") {
        dependencies(runs);
    }
    if wanted("corpus")
        && let Some(archives) = archives("corpus")
    {
        corpus(runs, archives);
    }
    if wanted("folders")
        && let Some(archives) = archives("folders")
    {
        folders(runs, archives);
    }
}

fn dependencies(runs: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, step) in [("a", 1), ("b", 1_000)] {
        write(&folder.path().join(name), step);
    }
    let size = fs_err::metadata(folder.path().join("a/Other/Solution.xml")).expect("the manifest").len();
    let ours = || {
        let output = run(Command::new(SOLSHIP).args(["diff", "a", "b"]).current_dir(folder.path()), &[0]);
        assert!(output.contains("no difference"), "{output}");
    };
    let theirs = || {
        let files = ["a/Other/Solution.xml", "b/Other/Solution.xml"];
        let mut git = Command::new("git");
        git.args(["diff", "--no-index"]).args(files).current_dir(folder.path());
        let output = run(&mut git, &[1]);
        assert!(output.len() > 1_000_000, "git finds them different");
    };
    let (ours, theirs) = in_turn(runs, ours, theirs);
    println!("dependencies: {ROWS} rows, {:.1} MB; {runs} runs each in turn, median", size as f64 / 1e6);
    println!("  solship diff                 {ours:>8.3} s");
    println!("  git diff --no-index          {theirs:>8.3} s");
    println!("  ours by theirs               {:>8.2}   (less than 1: {})", ours / theirs, met(ours < theirs));
}

/// An unpacked solution whose dependencies come in another order and with other running numbers.
fn write(folder: &Path, step: usize) {
    let mut rows = String::new();
    for at in 0..ROWS {
        let number = at * step % ROWS;
        let _ = write!(
            rows,
            "\r\n      <MissingDependency>\r\n        <Required key=\"{at}\" type=\"1\" schemaName=\"fab_table{number}\" \
             displayName=\"Table {number}\" solution=\"FabBase (1.0.0.0)\" />\r\n        <Dependent key=\"{}\" type=\"29\" \
             displayName=\"Run payroll number {number}\" id=\"{{0c0ffee0-0000-4000-8000-{number:012x}}}\" />\r\n      \
             </MissingDependency>",
            at + ROWS
        );
    }
    let manifest = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<ImportExportXml>\r\n  <SolutionManifest>\r\n    <UniqueName>FabBench</UniqueName>\r\n    \
         <Version>1.0.0.0</Version>\r\n    <Managed>0</Managed>\r\n    <Publisher>\r\n      <UniqueName>Fabrikam</UniqueName>\r\n      \
         <CustomizationPrefix>fab</CustomizationPrefix>\r\n    </Publisher>\r\n    <RootComponents />\r\n    <MissingDependencies>{rows}\r\n    \
         </MissingDependencies>\r\n  </SolutionManifest>\r\n</ImportExportXml>"
    );
    let other = folder.join("Other");
    fs_err::create_dir_all(&other).expect("a new folder");
    fs_err::write(other.join("Solution.xml"), manifest).expect("room on the disk");
    fs_err::write(other.join("Customizations.xml"), "<ImportExportXml></ImportExportXml>").expect("room");
}

/// The two archives of the corpus that are compared; none, and a word about it, where it is not there.
fn archives(wanted: &str) -> Option<[PathBuf; 2]> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a benchmark is no part of the library; tests find the data the same way"
    )]
    let shared = std::env::var("SOLSHIP_SHARED");
    let Ok(shared) = shared else {
        println!("{wanted}: skipped: SOLSHIP_SHARED is not set");
        return None;
    };
    Some(largest(&Path::new(&shared).join("corpus")))
}

fn corpus(runs: usize, [left, right]: [PathBuf; 2]) {
    // Where there is one a RAM-backed folder: the speed of a disk is not what is measured.
    let folder =
        tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a temporary folder");
    let ours = || {
        run(Command::new(SOLSHIP).arg("diff").args([&left, &right]), &[0, 1]);
    };
    let round = Cell::new(0);
    let theirs = || {
        round.set(round.get() + 1);
        for (archive, name) in [(&left, "a"), (&right, "b")] {
            let target = folder.path().join(format!("{name}{}", round.get()));
            run(Command::new(SOLSHIP).arg("unpack").arg(archive).arg(&target), &[0]);
        }
    };
    let (ours, theirs) = in_turn(runs, ours, theirs);
    let ratio = ours / theirs;
    println!("corpus: {} and the other of its name; {runs} runs each in turn, median", left.display());
    println!("  solship diff                 {ours:>8.3} s");
    println!("  solship unpack, both         {theirs:>8.3} s");
    println!("  ours by theirs               {ratio:>8.2}   (at most {ALLOWED}: {})", met(ratio <= ALLOWED));
}

fn folders(runs: usize, archives: [PathBuf; 2]) {
    let folder =
        tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a temporary folder");
    let names = ["a", "b"].map(|name| folder.path().join(name));
    for (archive, name) in archives.iter().zip(&names) {
        run(Command::new(SOLSHIP).arg("unpack").args([archive, name]), &[0]);
    }
    let compare = |sides: &[PathBuf; 2]| {
        run(Command::new(SOLSHIP).arg("diff").args(sides), &[0, 1]);
    };
    let (ours, theirs) = in_turn(runs, || compare(&names), || compare(&archives));
    let ratio = ours / theirs;
    println!(
        "folders: of {} and the other of its name; {runs} runs each in turn, median",
        archives[0].display()
    );
    println!("  solship diff, folders        {ours:>8.3} s");
    println!("  solship diff, archives       {theirs:>8.3} s");
    println!(
        "  folders by archives          {ratio:>8.2}   (at most {ALLOWED_FOLDERS}: {})",
        met(ratio <= ALLOWED_FOLDERS)
    );
}

/// The two largest archives with a common unique name: the pair whose smaller one is the largest.
fn largest(corpus: &Path) -> [PathBuf; 2] {
    let index =
        fs_err::read_to_string(corpus.join("index.tsv")).expect("SOLSHIP_SHARED holds corpus/index.tsv");
    let mut by_name: BTreeMap<&str, Vec<(u64, PathBuf)>> = BTreeMap::new();
    for line in index.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [path, bytes, _, _, name, ..] = &*columns else { continue };
        let size = bytes.parse().unwrap_or(0);
        by_name.entry(name).or_default().push((size, corpus.join(path)));
    }
    let pairs = by_name.into_values().filter_map(|mut all| {
        all.sort();
        let (size, largest) =
            (all.len() >= 2).then(|| (all[all.len() - 2].0, all[all.len() - 1].1.clone()))?;
        Some((size, [all[all.len() - 2].1.clone(), largest]))
    });
    pairs.max().expect("two archives of one name").1
}

fn in_turn(runs: usize, ours: impl Fn(), theirs: impl Fn()) -> (f64, f64) {
    let time = |work: &dyn Fn()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    // One round that warms the file cache.
    let _ = (time(&ours), time(&theirs));
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        one.push(time(&ours));
        other.push(time(&theirs));
    }
    (median(one), median(other))
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn met(is_met: bool) -> &'static str {
    if is_met { "met" } else { "missed" }
}

fn run(command: &mut Command, allowed: &[i32]) -> String {
    let output = command.stdin(Stdio::null()).output().expect("the command starts");
    assert!(
        output.status.code().is_some_and(|code| allowed.contains(&code)),
        "{command:?} ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}
