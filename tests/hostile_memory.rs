//! Memory follows what is in an archive, not what its headers claim. In a file of its own, since it looks at the whole
//! process.
#![cfg(target_os = "linux")]

mod support;

use solship::package::{EntryFault, Limits, OpenOptions, Package, PackageError};

/// The most memory that this process ever had and ever asked for.
fn peaks() -> [u64; 2] {
    let status = fs_err::read_to_string("/proc/self/status").unwrap();
    ["VmHWM:", "VmPeak:"].map(|field| {
        let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    })
}

/// Not for 4 GB that are not there; and 200 MB that are there are verified piece by piece.
#[test]
fn nothing_is_allocated_because_a_header_says_so() {
    let Some(folder) = support::shared("hostile/zip") else { return };
    let limits =
        Limits { entry_bytes: u64::MAX, total_bytes: u64::MAX, ratio: u64::MAX, ..Limits::default() };
    let options = OpenOptions { limits, ..OpenOptions::default() };
    let open = |case: &str| Package::open(&folder.join(case), &options);
    let cases: Vec<_> = folder.read_dir_utf8().unwrap().map(|case| case.unwrap()).collect();
    assert_eq!(cases.len(), 76);
    // Each thread has a stack and a heap.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let before = peaks();
    pool.install(|| {
        for case in &cases {
            // The verdicts are the matter of another test.
            let _ = open(case.file_name()).and_then(|package| package.verify());
        }
        open("38-bomb-1000x.zip").unwrap().verify().unwrap();
        let claimed = open("33-declared-4GB.zip").unwrap();
        let error = claimed.read(claimed.entry("a.txt").unwrap()).unwrap_err();
        assert!(matches!(error, PackageError::Entry { fault: EntryFault::TooShort { .. }, .. }), "{error}");
    });
    let after = peaks();
    let grown: Vec<u64> = before.iter().zip(after).map(|(before, after)| after - before).collect();
    println!("grown by {grown:?} bytes");
    assert!(grown[0] < 48 << 20, "{grown:?} bytes more in memory");
    assert!(grown[1] < 512 << 20, "{grown:?} bytes more asked for");
}
