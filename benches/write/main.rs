//! Times the writers against `zip` and `unzip`, in one run on one machine, as ratios.
//!
//! `cargo bench --bench write [-- FOLDER]`: without a folder one is generated, with one XML file of 75 MB and 7,000 small
//! files. Works in `/dev/shm` where there is one, else in the temporary folder.

mod made;

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use solship::write::{ArchiveOptions, Eol, FolderOptions, Part, PartError, write_archive, write_folder};

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
    folder(work, &parts);
}

/// As Linux tells it.
fn peak_memory() -> Option<String> {
    let status = fs_err::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(|peak| peak.trim().to_owned())
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
    // With a given folder nothing else has used memory until now.
    if let Some(peak) = peak_memory() {
        println!("  peak memory up to here: {peak}");
    }
}

/// A part in memory, as an archive gives it: size and CRC-32 known.
struct Carried {
    path: String,
    bytes: Vec<u8>,
    crc32: u32,
}

impl Part for Carried {
    fn path(&self) -> &str {
        &self.path
    }
    fn size(&self) -> Option<u64> {
        Some(self.bytes.len() as u64)
    }
    fn crc32(&self) -> Option<u32> {
        Some(self.crc32)
    }
    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
        Ok(out.write_all(&self.bytes)?)
    }
}

/// The same without the CRC-32: as one that is rendered.
struct Rendered(Carried);

impl Part for Rendered {
    fn path(&self) -> &str {
        &self.0.path
    }
    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
        Ok(out.write_all(&self.0.bytes)?)
    }
}

/// Writes parts that are in memory: reading and inflating an archive is not in these times, but is in those of `unzip`.
fn folder(work: &Utf8Path, parts: &[FilePart]) {
    let carried: Vec<Carried> = parts
        .iter()
        .map(|part| {
            let bytes = fs_err::read(&part.file).expect("a file");
            Carried { path: part.path.clone(), crc32: zlib_rs::crc32::crc32(0, &bytes), bytes }
        })
        .collect();
    let archive = work.join("theirs.zip");
    let target = work.join("folder");
    let options = FolderOptions {
        is_ours: &|_| true,
        allow_delete: true,
        clobber: false,
        eol: Eol::Auto,
        dry_run: false,
    };
    let unzip = best(|| {
        let _ = fs_err::remove_dir_all(&target);
        fs_err::create_dir(&target).expect("makes");
        tool("unzip", &["-q", archive.as_str()], &target);
    });
    let over = best(|| tool("unzip", &["-q", "-o", archive.as_str()], &target));
    println!("unzip: into a new folder {unzip:.1?}, onto an unchanged one {over:.1?}");
    let report = |what: &str, mine: Duration| {
        println!(
            "{what}: {mine:.1?}, {:.2} times faster than unzip",
            unzip.as_secs_f64() / mine.as_secs_f64()
        );
    };
    let mut removed = Duration::ZERO;
    let new = best(|| {
        let start = Instant::now();
        let _ = fs_err::remove_dir_all(&target);
        removed = removed.max(start.elapsed());
        write_folder(&target, &carried, &options).expect("writes");
    });
    report(&format!("new folder (with removing the old one, up to {removed:.1?})"), new);
    report(
        "unchanged folder, carried over",
        best(|| {
            let summary = write_folder(&target, &carried, &options).expect("writes");
            assert!(summary.changes.is_empty());
        }),
    );
    let rendered: Vec<Rendered> = carried.into_iter().map(Rendered).collect();
    report(
        "unchanged folder, rendered",
        best(|| {
            let summary = write_folder(&target, &rendered, &options).expect("writes");
            assert!(summary.changes.is_empty());
        }),
    );
    report(
        "all files changed",
        best(|| {
            for part in parts {
                fs_err::write(target.join(&part.path), "").expect("writes");
            }
            let start = Instant::now();
            write_folder(&target, &rendered, &options).expect("writes");
            removed = start.elapsed();
        }),
    );
    println!("  of which writing {removed:.1?}");
}
