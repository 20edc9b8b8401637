//! What the hardware allows: the same files written, and read, by a program that does nothing else; and inflating alone.

use std::io::Read as _;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use crate::contestant::median;

/// Times each and prints it. `unpacked` are the folders that `unpack` wrote.
pub(crate) fn print(archives: &[Utf8PathBuf], unpacked: &[Utf8PathBuf], target: &Utf8Path, runs: usize) {
    let files: Vec<(Utf8PathBuf, Vec<u8>)> = unpacked
        .iter()
        .enumerate()
        .flat_map(|(index, folder)| {
            let files = below(folder, false);
            let numbered = Utf8PathBuf::from(index.to_string());
            let read = |file: Utf8PathBuf| fs_err::read(folder.join(&file)).expect("a file");
            files.into_iter().map(move |file| (numbered.join(&file), read(file))).collect::<Vec<_>>()
        })
        .collect();
    let folders: Vec<Utf8PathBuf> = unpacked
        .iter()
        .enumerate()
        .flat_map(|(index, folder)| {
            let numbered = target.join(index.to_string());
            let inner = below(folder, true).into_iter().map(|inner| numbered.join(inner)).collect::<Vec<_>>();
            [numbered].into_iter().chain(inner)
        })
        .collect();
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("  the floor: {} files in {} folders, {:.1} MB", files.len(), folders.len(), bytes as f64 / 1e6);
    let write = || {
        let _ = fs_err::remove_dir_all(target);
        fs_err::create_dir(target).expect("makes");
        let start = Instant::now();
        folders.iter().for_each(|folder| fs_err::create_dir(folder).expect("makes"));
        files.par_iter().for_each(|(path, bytes)| fs_err::write(target.join(path), bytes).expect("writes"));
        start.elapsed()
    };
    let read = || {
        let start = Instant::now();
        let sum = |buffer: &mut Vec<u8>, path: &Utf8Path| {
            buffer.clear();
            let mut file = fs_err::File::open(target.join(path)).expect("there");
            file.read_to_end(buffer).expect("reads");
            zlib_rs::crc32::crc32(0, buffer)
        };
        let sums = files.par_iter().map_init(Vec::new, |buffer, (path, _)| sum(buffer, path));
        assert!(sums.map(|sum| u64::from(sum & 1)).sum::<u64>() > 0);
        start.elapsed()
    };
    let inflate = || archives.iter().map(|archive| inflate_customizations(archive)).sum();
    report("writing these files, on all threads", runs, write);
    report("reading them for their CRC-32, on all threads", runs, read);
    report("inflating customizations.xml, on one thread", runs, inflate);
    let _ = fs_err::remove_dir_all(target);
}

fn report(what: &str, runs: usize, measure: impl Fn() -> Duration) {
    let times = (0..runs).map(|_| measure().as_secs_f64()).collect();
    println!("    {what:<46} {:.3} s", median(times));
}

fn below(folder: &Utf8Path, folders: bool) -> Vec<Utf8PathBuf> {
    let walk = walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name();
    let entries = walk.into_iter().map(|entry| entry.expect("listed"));
    let kind = entries.filter(|entry| entry.file_type().is_dir() == folders);
    let path = |entry: walkdir::DirEntry| Utf8PathBuf::from_path_buf(entry.into_path()).expect("UTF-8");
    kind.map(|entry| path(entry).strip_prefix(folder).expect("below").to_owned()).collect()
}

fn inflate_customizations(archive: &Utf8Path) -> Duration {
    let mut archive = zip::ZipArchive::new(fs_err::File::open(archive).expect("there")).expect("a zip");
    let is_it = |name: &str| name.eq_ignore_ascii_case("customizations.xml");
    let index = (0..archive.len()).find(|&index| {
        archive.by_index_raw(index).is_ok_and(|entry| entry.name().is_ok_and(|name| is_it(&name)))
    });
    let mut entry = archive.by_index(index.expect("every solution has it")).expect("there");
    let mut bytes = Vec::with_capacity(entry.size() as usize);
    let start = Instant::now();
    entry.read_to_end(&mut bytes).expect("inflates");
    start.elapsed()
}
