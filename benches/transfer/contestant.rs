//! One contestant: a command that is run for each archive, with its times, processor times and peak memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What was measured of one command, one figure a round.
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    times: Vec<Duration>,
    processor: Vec<f64>,
}

impl Contestant {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, times: Vec::new(), processor: Vec::new() }
    }

    /// Runs the command of each archive, and counts only what they take; `prepare` is not counted.
    pub(crate) fn round(
        &mut self,
        count: usize,
        prepare: impl Fn(usize),
        command: impl Fn(usize) -> Command,
    ) {
        (0..count).for_each(prepare);
        let before = processor_of_children();
        let start = Instant::now();
        for index in 0..count {
            run(&mut command(index));
        }
        self.times.push(start.elapsed());
        self.processor.push(processor_of_children() - before);
    }

    /// Seconds; the middle round.
    pub(crate) fn median(&self) -> f64 {
        median(self.times.iter().map(Duration::as_secs_f64).collect())
    }

    /// Seconds of user and system; the middle round.
    pub(crate) fn processor(&self) -> f64 {
        median(self.processor.clone())
    }

    pub(crate) fn print(&self) {
        let fastest = self.times.iter().min().map_or(0.0, Duration::as_secs_f64);
        let slowest = self.times.iter().max().map_or(0.0, Duration::as_secs_f64);
        println!(
            "  {:<36} {:>7.3} s   ({fastest:.3} to {slowest:.3}), {:.2} s of processor",
            self.name,
            self.median(),
            self.processor()
        );
    }

    /// How many times faster than `other`: the middle of the rounds, each with the other's of the same round.
    pub(crate) fn faster_than(&self, other: &Self) -> f64 {
        let pairs = self.times.iter().zip(&other.times);
        median(pairs.map(|(ours, theirs)| theirs.as_secs_f64() / ours.as_secs_f64()).collect())
    }
}

pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    if figures.len() % 2 == 1 { figures[middle] } else { (figures[middle - 1] + figures[middle]) / 2.0 }
}

/// A run that fails ends the benchmark, for its time means nothing.
fn run(command: &mut Command) {
    assert!(status(command), "{command:?} failed");
}

/// Whether the command ends well.
pub(crate) fn status(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Seconds that all ended children took so far, as Linux tells it in hundredths.
fn processor_of_children() -> f64 {
    let stat = fs_err::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name, which may hold blanks: the 14th and 15th field of what is left.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    fields.skip(13).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Most bytes in memory while the command runs; none without GNU time.
pub(crate) fn peak_memory(command: &Command) -> Option<u64> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["-f", "%M", "-o"]).arg(file.path()).arg(command.get_program()).args(command.get_args());
    timed.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        timed.current_dir(folder);
    }
    if !status(&mut timed) {
        return None;
    }
    let kilobytes: u64 = fs_err::read_to_string(file.path()).ok()?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
