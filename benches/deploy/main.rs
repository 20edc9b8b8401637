//! How fast `deploy` and `diff` of environments are: `cargo bench --bench deploy [-- --runs N]`. What the figures mean is in
//! `BENCHMARKS.md`.
//!
//! Generated releases of 50, 100 and 200 solutions are deployed by the built binary into empty environments, and the largest once more
//! as an upgrade. Two environments of the largest are compared.

mod release;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use release::COMPONENTS;

/// The binary under test, built with the bench profile, which is the release profile.
const SOLSHIP: &str = env!("CARGO_BIN_EXE_solship");
const SIZES: [usize; 3] = [50, 100, 200];
const DEFAULT_RUNS: usize = 3;
/// Timing wobbles: growth of this factor over the linear one still counts as linear.
const TOLERANCE: f64 = 1.15;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let runs = words.iter().position(|word| word == "--runs").and_then(|at| words.get(at + 1)?.parse().ok());
    let runs: usize = runs.filter(|&runs| runs > 0).unwrap_or(DEFAULT_RUNS);
    let folder = tempfile::tempdir().expect("a temporary folder");
    for size in SIZES {
        release::write(&folder.path().join(format!("{size}-1")), size, 1);
    }
    let largest = SIZES[SIZES.len() - 1];
    release::write(&folder.path().join(format!("{largest}-2")), largest, 2);

    let mut deployed: Vec<Vec<Taken>> = vec![Vec::new(); SIZES.len()];
    let (mut upgraded, mut again, mut compared) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        let home = tempfile::tempdir_in(folder.path()).expect("a temporary folder");
        for (taken, size) in deployed.iter_mut().zip(SIZES) {
            let name = format!("of-{size}");
            run(home.path(), &["env", "new", &name], 0);
            taken.push(deploy(home.path(), &folder.path().join(format!("{size}-1")), &name));
        }
        run(home.path(), &["env", "new", "later"], 0);
        deploy(home.path(), &folder.path().join(format!("{largest}-1")), "later");
        upgraded.push(deploy(home.path(), &folder.path().join(format!("{largest}-2")), "later"));
        again.push(deploy(home.path(), &folder.path().join(format!("{largest}-2")), "later"));
        compared.push(run(home.path(), &["diff", &format!("local:of-{largest}"), "local:later"], 1));
    }

    println!("managed solutions of {COMPONENTS} components; {runs} runs each in turn, median");
    for (taken, size) in deployed.iter().zip(SIZES) {
        print(&format!("deploy, {size} solutions"), taken);
    }
    print(&format!("deploy, {largest} solutions as an upgrade"), &upgraded);
    print(&format!("deploy, {largest} solutions that are there"), &again);
    print(&format!("diff of two environments of {largest}"), &compared);
    let (first, last) = (&deployed[0], &deployed[deployed.len() - 1]);
    let linear = largest as f64 / SIZES[0] as f64;
    for (what, of) in [("time", Taken::seconds as fn(&Taken) -> f64), ("memory", Taken::megabytes)] {
        let growth = median(last, of) / median(first, of);
        let verdict = if growth <= linear * TOLERANCE { "met" } else { "missed" };
        println!(
            "  {what} from {} to {largest}: {growth:.2} times; linear: {linear:.0} ({verdict})",
            SIZES[0]
        );
    }
    let ratio = median(&compared, Taken::seconds) / median(last, Taken::seconds);
    let verdict = if ratio < 1.0 { "met" } else { "missed" };
    println!("  diff by deploy: {ratio:.2} ({verdict})");
}

/// What a run took.
#[derive(Debug, Clone, Copy)]
struct Taken {
    seconds: f64,
    /// Most kilobytes in memory; none without GNU time.
    kilobytes: Option<u64>,
}

impl Taken {
    fn seconds(&self) -> f64 {
        self.seconds
    }

    fn megabytes(&self) -> f64 {
        self.kilobytes.map_or(f64::NAN, |kilobytes| kilobytes as f64 / 1000.0)
    }
}

fn print(name: &str, taken: &[Taken]) {
    let [seconds, megabytes] = [Taken::seconds, Taken::megabytes].map(|of| median(taken, of));
    println!("  {name:<44} {seconds:>8.3} s   {megabytes:>6.0} MB");
}

fn median(taken: &[Taken], of: fn(&Taken) -> f64) -> f64 {
    let mut sorted: Vec<f64> = taken.iter().map(of).collect();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn deploy(home: &Path, release: &Path, env: &str) -> Taken {
    run(home, &["deploy", "--yes", "--env", env, &release.display().to_string()], 0)
}

/// Runs a command. Another exit code ends the benchmark, for its time means nothing.
fn run(home: &Path, arguments: &[&str], expected: i32) -> Taken {
    let peak = tempfile::NamedTempFile::new().expect("a temporary file");
    let time = Path::new("/usr/bin/time");
    let mut command = if time.exists() {
        let mut command = Command::new(time);
        command.args(["-q", "-f", "%M", "-o"]).arg(peak.path()).arg(SOLSHIP);
        command
    } else {
        Command::new(SOLSHIP)
    };
    command.args(arguments).env("SOLSHIP_HOME", home).stdin(Stdio::null());
    let start = Instant::now();
    let output = command.output().expect("the built binary starts");
    let seconds = start.elapsed().as_secs_f64();
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(expected), "solship {arguments:?}: {words}");
    let kilobytes = fs_err::read_to_string(peak.path()).ok().and_then(|text| text.trim().parse().ok());
    Taken { seconds, kilobytes }
}
