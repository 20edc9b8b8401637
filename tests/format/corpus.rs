//! Every archive formatted: the same when formatted again, the same content when packed; and how much of what git shows between
//! two versions is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use camino::Utf8PathBuf;
use rayon::prelude::*;
use solship::diff::{Options, packages};
use solship::format::{LineEnds, file};
use solship::layout::{
    Archive, Archives, Folder, PackKind, PackOptions, PackageFolder, UnpackOptions, pack, unpack,
};
use solship::package::Package;

use crate::support::{self, corpus::differing_lines, corpus::open, corpus::pairs, corpus::readable};

/// The files of the unpacked form.
type Files = BTreeMap<String, Vec<u8>>;

fn unpacked(package: &Package) -> Files {
    let archive = Archive::read(package).unwrap();
    let unpacked = unpack(Archives::One(&archive), &UnpackOptions::default()).unwrap();
    unpacked.parts.iter().map(|part| (part.path().to_owned(), part.bytes().unwrap())).collect()
}

fn formatted(files: &Files) -> Files {
    let plain = |path: &str, bytes: &Vec<u8>| {
        file(path, bytes.clone(), LineEnds::Auto).unwrap().unwrap_or_else(|| bytes.clone())
    };
    files.iter().map(|(path, bytes)| (path.clone(), plain(path, bytes))).collect()
}

fn packed(files: &Files, kind: PackKind) -> Package {
    let files = files.iter().map(|(path, bytes)| (path.clone(), bytes.clone())).collect();
    let package = Package::from_files("folder", files).unwrap();
    let view = PackageFolder::new(&package);
    let folder = Folder::read(&view).unwrap();
    let packed = pack(&folder, &PackOptions { kind, ..PackOptions::default() }).unwrap();
    let entries = packed.parts.iter().map(|part| (part.path().to_owned(), part.bytes().unwrap())).collect();
    Package::from_files("packed", entries).unwrap()
}

/// Which bytes there are, whatever their order.
fn counted(bytes: &[u8]) -> Vec<usize> {
    let mut counts = vec![0; 256];
    bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    counts
}

#[test]
fn what_is_formatted_says_the_same() {
    let Some(corpus) = support::shared("corpus") else { return };
    let paths: Vec<(Utf8PathBuf, PackKind)> = readable(&corpus)
        .iter()
        .map(|row| {
            let kind = if row["managed"] == "1" { PackKind::Managed } else { PackKind::Unmanaged };
            (corpus.join(&row["path"]), kind)
        })
        .collect();
    let changed: usize = paths
        .par_iter()
        .map(|(path, kind)| {
            let files = unpacked(&open(path));
            let plain = formatted(&files);
            assert!(formatted(&plain) == plain, "{path}: formatted again it is another one");
            let changed = files.iter().filter(|(name, bytes)| plain[*name] != **bytes);
            for (name, bytes) in changed.clone() {
                assert_eq!(counted(bytes), counted(&plain[name]), "{path}: {name}");
            }
            let (before, after) = (packed(&files, *kind), packed(&plain, *kind));
            let found = packages(&before, &after, &Options::default()).unwrap();
            assert!(found.is_empty(), "{path}: {:?}", found.components);
            for noise in &found.noise {
                assert!(noise.what.starts_with("order of "), "{path}: {}", noise.what);
            }
            let again = unpacked(&after);
            for (name, bytes) in &plain {
                assert!(again.get(name) == Some(bytes), "{path}: {name} is another one after packing");
            }
            changed.count()
        })
        .sum();
    assert!(changed > 100, "{changed}");
}

#[test]
fn formatting_takes_noise_out_of_what_git_shows() {
    let Some(corpus) = support::shared("corpus") else { return };
    // A text, as git judges it.
    let text = |files: &Files, path: &str| -> Option<String> {
        let Some(bytes) = files.get(path) else { return Some(String::new()) };
        let is_text = !bytes[..bytes.len().min(8000)].contains(&0);
        String::from_utf8(bytes.clone()).ok().filter(|_| is_text)
    };
    let shown = |left: &Files, right: &Files, path: &str| match (text(left, path), text(right, path)) {
        (Some(left), Some(right)) if left != right => differing_lines(&left, &right),
        _ => 0,
    };
    let rows: Vec<(String, usize, usize)> = pairs(&corpus)
        .par_iter()
        .map(|pair| {
            let [left, right] = [0, 1].map(|side| unpacked(&open(&pair.paths[side])));
            let (plain_left, plain_right) = (formatted(&left), formatted(&right));
            let paths: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            let (mut before, mut after) = (0, 0);
            for path in paths {
                before += shown(&left, &right, path);
                after += shown(&plain_left, &plain_right, path);
            }
            let kind = if pair.managed == "1" { "managed" } else { "unmanaged" };
            (format!("{} {} to {} {kind}", pair.name, pair.versions[0], pair.versions[1]), before, after)
        })
        .collect();
    let mut table = String::from("lines that git shows, those after formatting, share that is gone\n\n");
    let share = |before: usize, after: usize| {
        let gone = 1000 * (before as i64 - after as i64) / (before as i64).max(1);
        format!("{}{}.{}", if gone < 0 { "-" } else { "" }, gone.abs() / 10, gone.abs() % 10)
    };
    for (name, before, after) in &rows {
        let _ = writeln!(table, "{before:>8} {after:>8} {:>5} %  {name}", share(*before, *after));
    }
    let sum = |of: fn(&(String, usize, usize)) -> usize| rows.iter().map(of).sum::<usize>();
    let (before, after) = (sum(|row| row.1), sum(|row| row.2));
    let _ = writeln!(table, "\n{before:>8} {after:>8} {:>5} %  all", share(before, after));
    insta::assert_snapshot!("formatted", table);
}
