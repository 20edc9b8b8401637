//! Whole archives made by hand: limits, and every change of one bit or byte.

use super::testing::{Archive, Made, contents, open, open_with, text, two, widened, with_descriptor};
use crate::package::{LimitFault, Limits, OpenOptions, Package, PackageError};

#[test]
fn limits_are_kept() {
    let options = |limits: Limits| OpenOptions { limits, ..OpenOptions::default() };
    let fault = |limits: Limits| match open_with(&two(), &options(limits)) {
        Err(PackageError::Limit { entry, fault, .. }) => (entry, fault),
        other => panic!("{other:?}"),
    };
    let standard = Limits::default;
    assert_eq!(
        fault(Limits { entries: 1, ..standard() }),
        (None, LimitFault::Entries { limit: 1, actual: 2 })
    );
    assert_eq!(
        fault(Limits { name_bytes: 6, ..standard() }),
        (Some("d/b.bin".to_owned()), LimitFault::Name { limit: 6, actual: 7 })
    );
    assert_eq!(
        fault(Limits { entry_bytes: 299, ..standard() }),
        (Some("d/b.bin".to_owned()), LimitFault::Entry { limit: 299, actual: 300 })
    );
    assert_eq!(
        fault(Limits { total_bytes: 316, ..standard() }),
        (None, LimitFault::Total { limit: 316, actual: 317 })
    );
    assert_eq!(
        fault(Limits { archive_bytes: 100, ..standard() }),
        (None, LimitFault::Archive { limit: 100 })
    );
    let exact = Limits {
        entries: 2,
        name_bytes: 7,
        entry_bytes: 300,
        total_bytes: 317,
        archive_bytes: two().bytes.len() as u64,
        ..standard()
    };
    assert!(open_with(&two(), &options(exact)).is_ok());
}

#[test]
fn a_reader_is_read_no_further_than_the_limit() {
    struct Endless(u64);
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0 += buffer.len() as u64;
            Ok(buffer.len())
        }
    }
    let limits = Limits { archive_bytes: 1 << 20, ..Limits::default() };
    let mut endless = Endless(0);
    let options = OpenOptions { limits, ..OpenOptions::default() };
    let refused = Package::from_reader("stdin", &mut endless, &options);
    assert!(matches!(refused, Err(PackageError::Limit { fault: LimitFault::Archive { .. }, .. })));
    assert_eq!(endless.0, (1 << 20) + 1);
    let made = two();
    assert!(Package::from_reader("stdin", &mut &made.bytes[..], &options).is_ok());
}

#[test]
fn an_entry_of_another_package_is_not_read() {
    let package = open(&two()).expect("good");
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["solution.xml", "customizations.xml"] {
        fs_err::write(folder.path().join(name), "<a/>").expect("room on the disk");
    }
    let path = camino::Utf8Path::from_path(folder.path()).expect("Unicode");
    let other = Package::open(path, &OpenOptions::default()).expect("a solution folder");
    let refused = package.read(&other.entries()[0]);
    assert!(matches!(refused, Err(PackageError::ForeignEntry { .. })));
    assert!(matches!(other.read(&package.entries()[0]), Err(PackageError::ForeignEntry { .. })));
}

/// Every archive that these tests take for good, for changes to be made to.
fn good() -> Vec<Archive> {
    let with_extra =
        Made { local_extra: b"\x20\xa2\x04\0abcd".to_vec(), extra: b"UT\x01\0x".to_vec(), ..text() };
    vec![
        two(),
        Archive::new(&[with_extra, Made::new("é/", b""), with_descriptor(true, false).named("ü/d")]),
        Archive::new(&[with_descriptor(false, true), Made::new("x/y", b"y")]),
        widened(&two(), true),
        widened(&two(), false),
    ]
}

#[test]
fn one_bit_changes_nothing_or_is_refused() {
    for made in good() {
        let before = contents(&open(&made).expect("good"));
        for at in 0..made.bytes.len() {
            for bit in 0..8 {
                let byte = made.bytes[at] ^ 1 << bit;
                if let Ok(package) = open(&made.clone().set(at, &[byte])) {
                    assert_eq!(contents(&package), before, "byte {at}, bit {bit}");
                }
            }
        }
    }
}

#[test]
fn no_byte_is_missing_or_one_too_many() {
    for made in good() {
        for at in 0..made.bytes.len() {
            let mut shorter = made.clone();
            shorter.bytes.remove(at);
            assert!(open(&shorter).is_err(), "without byte {at}");
            let mut longer = made.clone();
            longer.bytes.insert(at, 0);
            assert!(open(&longer).is_err(), "one more at byte {at}");
            let mut cut = made.clone();
            cut.bytes.truncate(at);
            assert!(open(&cut).is_err(), "cut at byte {at}");
        }
    }
}

/// Many changes at once, none of which may do worse than be refused.
#[test]
fn nothing_panics() {
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let tolerant = OpenOptions { tolerant: true, ..OpenOptions::default() };
    let values: [&[u8]; 8] =
        [&[0], &[1], &[0xff], &[0xff; 2], &[0xff; 4], &[0; 4], b"PK\x05\x06", b"PK\x01\x02"];
    for made in good() {
        for _ in 0..2_000 {
            let mut changed = made.clone();
            for _ in 0..=random(4) {
                let value = values[random(values.len())];
                let at = random(changed.bytes.len() - value.len());
                changed = changed.set(at, value);
            }
            if random(4) == 0 {
                changed.bytes.drain(..random(40));
            }
            let _ = open_with(&changed, &tolerant);
        }
    }
}

#[test]
fn many_threads_read_one_file() {
    let content: Vec<u8> = (0..200_000_u32).map(|at| (at % 251) as u8).collect();
    let entries: Vec<Made> = (0..40).map(|at| Made::new(&format!("{at}"), &content)).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = camino::Utf8Path::from_path(folder.path()).expect("Unicode").join("made.zip");
    fs_err::write(&path, Archive::new(&entries).bytes).expect("room on the disk");
    let package = Package::open(&path, &OpenOptions::default()).expect("good");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for entry in package.entries() {
                    assert_eq!(package.read(entry).expect("good"), content);
                }
            });
        }
    });
}
