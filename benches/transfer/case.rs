//! All archives of a case through all contestants: [`run`].

use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

use crate::contestant::{Contestant, peak_memory, status};
use crate::{SOLSHIP, floor};

/// Beside twice the largest entry, a command may take so many bytes of memory.
const MEMORY: u64 = 100_000_000;

/// The folders of one archive.
struct Places {
    archive: Utf8PathBuf,
    /// Bytes of its largest entry.
    largest: u64,
    /// What `unpack` writes.
    unpacked: Utf8PathBuf,
    /// What `unzip` writes.
    unzipped: Utf8PathBuf,
    packed: Utf8PathBuf,
    zipped: Utf8PathBuf,
}

impl Places {
    fn new(archive: &Utf8Path, work: &Utf8Path, index: usize) -> Option<Self> {
        let work = work.join(index.to_string());
        let unpacked = work.join("unpacked");
        // What is refused is no contest.
        if !status(&mut unpack(archive, &unpacked)) {
            return None;
        }
        let entries = zip::ZipArchive::new(fs_err::File::open(archive).ok()?).ok()?;
        let mut entries = entries;
        let sizes = (0..entries.len()).map(|at| entries.by_index_raw(at).map_or(0, |entry| entry.size()));
        Some(Self {
            archive: archive.to_owned(),
            largest: sizes.max().unwrap_or_default(),
            unpacked,
            unzipped: work.join("unzipped"),
            packed: work.join("packed.zip"),
            zipped: work.join("zipped.zip"),
        })
    }
}

fn unpack(archive: &Utf8Path, target: &Utf8Path) -> Command {
    let mut command = Command::new(SOLSHIP);
    command.args(["unpack", archive.as_str(), target.as_str()]);
    command
}

fn unzip(archive: &Utf8Path, target: &Utf8Path) -> Command {
    let mut command = Command::new("unzip");
    command.args(["-q", "-o", archive.as_str(), "-d", target.as_str()]);
    command
}

fn pack(folder: &Utf8Path, target: &Utf8Path) -> Command {
    let mut command = Command::new(SOLSHIP);
    command.args(["pack", folder.as_str(), target.as_str()]);
    command
}

fn zip(folder: &Utf8Path, target: &Utf8Path) -> Command {
    let mut command = Command::new("zip");
    command.args(["-6", "-q", "-r", target.as_str(), "."]).current_dir(folder);
    command
}

/// Times all contestants in turn, `runs` times, after one round that warms up and is not counted.
pub(crate) fn run(name: &str, archives: &[Utf8PathBuf], work: &Utf8Path, runs: usize) {
    let places: Vec<Places> = archives
        .iter()
        .enumerate()
        .filter_map(|(index, archive)| Places::new(archive, work, index))
        .collect();
    assert!(!places.is_empty(), "{name}: nothing can be unpacked");
    println!("{name}: {} of {} archives, {runs} rounds, median", places.len(), archives.len());
    let count = places.len();
    let gone = |path: &Utf8Path| {
        let _ = fs_err::remove_dir_all(path);
        let _ = fs_err::remove_file(path);
    };
    let nothing = |_: usize| {};
    let all = |archive: fn(&Places) -> &Utf8Path,
               target: fn(&Places) -> &Utf8Path,
               make: fn(&Utf8Path, &Utf8Path) -> Command| {
        let places = &places;
        move |index: usize| make(archive(&places[index]), target(&places[index]))
    };
    let plain = all(|place| &place.archive, |place| &place.unpacked, unpack);
    let remembering = |cache: &str| {
        let (plain, cache) = (plain, cache.to_owned());
        move |index: usize| {
            let mut command = plain(index);
            command.env("SOLSHIP_CACHE", &cache);
            command
        }
    };
    let unpack_it = remembering(work.join("cache").as_str());
    let unpack_anew = remembering("");
    let unzip_it = all(|place| &place.archive, |place| &place.unzipped, unzip);
    let pack_it = all(|place| &place.unpacked, |place| &place.packed, pack);
    let zip_it = all(|place| &place.unzipped, |place| &place.zipped, zip);
    let mut new = Contestant::new("solship unpack, new folder");
    let mut unchanged = Contestant::new("solship unpack, unchanged folder");
    let mut forgotten = Contestant::new("the same, nothing remembered");
    let mut unzipped = Contestant::new("unzip -q, new folder");
    let mut packed = Contestant::new("solship pack");
    let mut zipped = Contestant::new("zip -6 -q -r");
    for _ in 0..runs {
        new.round(count, |index| gone(&places[index].unpacked), &unpack_it);
        unzipped.round(count, |index| gone(&places[index].unzipped), unzip_it);
        unchanged.round(count, nothing, &unpack_it);
        forgotten.round(count, nothing, &unpack_anew);
        packed.round(count, |index| gone(&places[index].packed), pack_it);
        zipped.round(count, |index| gone(&places[index].zipped), zip_it);
    }
    for contestant in [&new, &unchanged, &forgotten, &unzipped, &packed, &zipped] {
        contestant.print();
    }
    let ratio = |ours: &Contestant, theirs: &Contestant, wanted: f64| {
        let (ratio, processor) = (ours.faster_than(theirs), theirs.processor() / ours.processor());
        let verdict = if ratio >= wanted { "met" } else { "missed" };
        println!(
            "  {}: {ratio:.2} times faster than {} (at least {wanted}: {verdict}); processor time of that, by ours: {processor:.2}",
            ours.name, theirs.name
        );
    };
    ratio(&new, &unzipped, 2.0);
    ratio(&unchanged, &unzipped, 4.0);
    ratio(&forgotten, &unzipped, 4.0);
    ratio(&packed, &zipped, 2.0);
    let bytes = |target: fn(&Places) -> &Utf8Path| -> f64 {
        places.iter().map(|place| fs_err::metadata(target(place)).expect("there").len() as f64).sum()
    };
    let (ours, theirs) = (bytes(|place| &place.packed), bytes(|place| &place.zipped));
    println!(
        "  packed: {ours:.0} bytes, zip -6 {theirs:.0}: {:+.2} % (at most +2)",
        100.0 * (ours / theirs - 1.0)
    );
    memory("pack", &places, pack_it);
    memory("unpack, unchanged folder", &places, &unpack_it);
    memory("the same, nothing remembered", &places, &unpack_anew);
    places.iter().for_each(|place| gone(&place.unpacked));
    memory("unpack, new folder", &places, &unpack_it);
    let archives: Vec<_> = places.iter().map(|place| place.archive.clone()).collect();
    let unpacked: Vec<_> = places.iter().map(|place| place.unpacked.clone()).collect();
    places.iter().for_each(|place| gone(&place.unzipped));
    floor::print(&archives, &unpacked, &work.join("floor"), runs);
    gone(work);
}

/// Prints the run that comes nearest to its limit.
fn memory(what: &str, places: &[Places], command: impl Fn(usize) -> Command) {
    let over = |index: usize| {
        let peak = peak_memory(&command(index))?;
        Some((peak as i64 - (2 * places[index].largest) as i64, peak, places[index].largest))
    };
    let runs: Option<Vec<_>> = (0..places.len()).map(over).collect();
    match runs.and_then(|runs| runs.into_iter().max()) {
        Some((over, peak, largest)) => println!(
            "  peak memory of {what}: {:.1} MB with a largest entry of {:.1} MB: twice that {:+.1} MB (at most +{:.0}: {})",
            peak as f64 / 1e6,
            largest as f64 / 1e6,
            over as f64 / 1e6,
            MEMORY as f64 / 1e6,
            if over <= MEMORY as i64 { "met" } else { "missed" },
        ),
        None => println!("  peak memory of {what}: not measured without GNU time in /usr/bin/time"),
    }
}
