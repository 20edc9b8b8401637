//! How fast `plan` is: `cargo bench --bench plan [-- corpus|chain] [-- --runs N]`. What the figures mean is in `BENCHMARKS.md`.
//!
//! `corpus` times the real archives against `unzip -tqq`, `chain` a generated release that grows. Both run the built binary as
//! a user does, so start-up, reading and output count. Read [`Stopwatch`] first.

mod chain;
mod corpus;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The binary under test, built with the bench profile, which is the release profile.
const SOLSHIP: &str = env!("CARGO_BIN_EXE_solship");

const DEFAULT_RUNS: usize = 7;

fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let runs = match words.iter().position(|word| word == "--runs") {
        Some(at) => {
            let taken: Vec<String> = words.drain(at..(at + 2).min(words.len())).collect();
            taken
                .get(1)
                .and_then(|number| number.parse().ok())
                .filter(|&runs| runs > 0)
                .expect("--runs takes a number")
        }
        None => DEFAULT_RUNS,
    };
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    if wanted("corpus") {
        corpus::run(runs);
    }
    if wanted("chain") {
        chain::run(runs);
    }
}

/// The times of one contestant, one a run.
struct Stopwatch {
    name: String,
    times: Vec<Duration>,
}

impl Stopwatch {
    fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), times: Vec::new() }
    }

    /// Runs `work` once and keeps its time.
    fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.times.push(start.elapsed());
        result
    }

    /// Seconds; the middle run, or the mean of the two in the middle.
    fn median(&self) -> f64 {
        let mut sorted: Vec<f64> = self.times.iter().map(Duration::as_secs_f64).collect();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 }
    }

    /// One line: the name, the median and the fastest and slowest run.
    fn print(&self) {
        let fastest = self.times.iter().min().map_or(0.0, Duration::as_secs_f64);
        let slowest = self.times.iter().max().map_or(0.0, Duration::as_secs_f64);
        println!("  {:<44} {:>8.3} s   ({fastest:.3} to {slowest:.3})", self.name, self.median());
    }
}

/// `solship plan` with these arguments: what it prints. A run that fails ends the benchmark, for its time means nothing.
fn plan(arguments: impl IntoIterator<Item = OsString>) -> String {
    solship("plan", arguments)
}

/// What a command prints.
fn solship(command: &str, arguments: impl IntoIterator<Item = OsString>) -> String {
    let output = Command::new(SOLSHIP)
        .arg(command)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the built binary starts");
    if !output.status.success() {
        let _ = std::io::stderr().write_all(&output.stderr);
        panic!("solship {command} ended with {}", output.status);
    }
    String::from_utf8(output.stdout).expect("the output is UTF-8")
}
