//! Times the writers against `zip` and `unzip`, in one run on one machine, as ratios.
//!
//! `cargo bench --bench write [-- FOLDER]`: without a folder one is generated, with one XML file of 75 MB and 7,000 small
//! files. Works in `/dev/shm` where there is one, else in the temporary folder.

mod made;

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use solship::write::{ArchiveOptions, Part, PartError, write_archive};

const ROUNDS: usize = 7;

/// A file on disk.
struct FilePart {
    path: String,
    file: Utf8PathBuf,
    size: u64,
}

impl Part for FilePart {
    fn path(&self) -> &str {
        &self.path
    }
    fn size(&self) -> Option<u64> {
        Some(self.size)
    }
    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
        if self.size < 1 << 20 {
            out.write_all(&fs_err::read(&self.file)?)?;
        } else {
            std::io::copy(&mut fs_err::File::open(&self.file)?, out)?;
        }
        Ok(())
    }
}

fn files_below(root: &Utf8Path) -> Vec<FilePart> {
    let walk = walkdir::WalkDir::new(root).sort_by_file_name();
    let files = walk.into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let size = entry.metadata().expect("a file").len();
            let file = Utf8PathBuf::from_path_buf(entry.into_path()).expect("UTF-8");
            FilePart { path: file.strip_prefix(root).expect("below").to_string(), file, size }
        })
        .collect()
}

/// The best of several rounds: what disturbs a run only ever makes it longer.
fn best(mut round: impl FnMut()) -> Duration {
    (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            round();
            start.elapsed()
        })
        .min()
        .expect("a round")
}

fn tool(program: &str, arguments: &[&str], folder: &Utf8Path) {
    let status = Command::new(program).args(arguments).current_dir(folder).stdout(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "{program} {arguments:?}");
}

fn main() {
    let base = if Utf8Path::new("/dev/shm").is_dir() { "/dev/shm".into() } else { std::env::temp_dir() };
    let work = tempfile::tempdir_in(base).expect("a temporary folder");
    let work = Utf8Path::from_path(work.path()).expect("UTF-8");
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let input = given.map_or_else(|| work.join("input"), Utf8PathBuf::from);
    if !input.exists() {
        made::folder(&input, 75_000_000, 7000).expect("writes");
    }
    let parts = files_below(&input);
    let bytes: u64 = parts.iter().map(|part| part.size).sum();
    println!("{} files, {bytes} bytes, {} threads", parts.len(), rayon::current_num_threads());
    archive(work, &input, &parts);
}

fn archive(work: &Utf8Path, input: &Utf8Path, parts: &[FilePart]) {
    let (ours, theirs) = (work.join("ours.zip"), work.join("theirs.zip"));
    let mine = best(|| {
        write_archive(&ours, parts, &ArchiveOptions::default()).expect("packs");
    });
    let zip = best(|| {
        let _ = fs_err::remove_file(&theirs);
        tool("zip", &["-6", "-q", "-r", theirs.as_str(), "."], input);
    });
    let size = |file: &Utf8Path| fs_err::metadata(file).expect("there").len();
    println!(
        "archive: {mine:.1?}, zip -6 {zip:.1?}: {:.2} times faster; {} bytes, zip -6 {}: {:+.2} %",
        zip.as_secs_f64() / mine.as_secs_f64(),
        size(&ours),
        size(&theirs),
        100.0 * (size(&ours) as f64 / size(&theirs) as f64 - 1.0)
    );
    tool("unzip", &["-t", "-q", ours.as_str()], work);
}
