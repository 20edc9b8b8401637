//! The bytes of an archive, which depend on exact versions of crates, and what other programs read in them.

use std::io::{Cursor, Write};
use std::num::NonZeroUsize;
use std::process::Command;

use camino::Utf8Path;
use solship::write::{ArchiveOptions, Part, PartError, write_archive, write_archive_to};

mod support;
use support::corpus::readable;
use support::place::{Place, fixture, zip_of};
use support::shared;

struct Bytes(String, Vec<u8>);

impl Part for Bytes {
    fn path(&self) -> &str {
        &self.0
    }
    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
        Ok(out.write_all(&self.1)?)
    }
}

/// Text of that many lines, the same each time.
fn lines(count: u32) -> Vec<u8> {
    let line = |n: u32| {
        format!("<row id=\"{n}\" key=\"{:08x}\">{}</row>\r\n", n.wrapping_mul(2_654_435_761), n % 97)
    };
    (0..count).map(line).collect::<String>().into_bytes()
}

fn parts() -> Vec<Bytes> {
    let mut parts = vec![
        Bytes("customizations.xml".into(), lines(100_000)),
        Bytes("solution.xml".into(), lines(20)),
        Bytes("Workflows/empty.json".into(), Vec::new()),
        Bytes("WebResources/\u{fc}ber/\u{65e5}\u{672c}.js".into(), b"alert(1)".to_vec()),
    ];
    parts.extend((0..300).map(|index| Bytes(format!("Many/{index}.txt"), lines(index))));
    parts.push(Bytes("[Content_Types].xml".into(), lines(3)));
    parts
}

fn archive(parts: &[Bytes], threads: usize) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let options = ArchiveOptions { threads: NonZeroUsize::new(threads), ..ArchiveOptions::default() };
    write_archive_to(&mut out, parts, &options).expect("packs");
    out.into_inner()
}

/// Written out by hand from the format's description, the deflate data (`4b 04 00`: the literal `a` in a block of fixed
/// codes) included.
#[test]
fn the_smallest_archive_byte_by_byte() {
    let expected: &[&[u8]] = &[
        b"PK\x03\x04",
        b"\x14\0",
        b"\0\0",
        b"\x08\0",
        b"\0\0\x21\0",
        b"\x43\xbe\xb7\xe8",
        b"\x03\0\0\0",
        b"\x01\0\0\0",
        b"\x01\0",
        b"\0\0",
        b"n",
        b"\x4b\x04\0",
        b"PK\x01\x02",
        b"\x14\0",
        b"\x14\0",
        b"\0\0",
        b"\x08\0",
        b"\0\0\x21\0",
        b"\x43\xbe\xb7\xe8",
        b"\x03\0\0\0",
        b"\x01\0\0\0",
        b"\x01\0",
        b"\0\0",
        b"\0\0",
        b"\0\0",
        b"\0\0",
        b"\0\0\0\0",
        b"\0\0\0\0",
        b"n",
        b"PK\x05\x06",
        b"\0\0\0\0",
        b"\x01\0\x01\0",
        b"\x2f\0\0\0",
        b"\x22\0\0\0",
        b"\0\0",
    ];
    assert_eq!(archive(&[Bytes("n".into(), b"a".to_vec())], 1), expected.concat());
}

/// A change here changes every archive that solship writes: it is a change for users, not a number to be updated. It comes
/// from another version of zlib-rs, or from the level, block size or headers in `src/write/archive/`. That the content is
/// right is what the other tests show.
#[test]
fn bytes_are_those_of_the_release_before() {
    for threads in [1, 2, 5] {
        let bytes = archive(&parts(), threads);
        assert_eq!(
            (bytes.len(), zlib_rs::crc32::crc32(0, &bytes)),
            (1_552_065, 0xA9EE_149A),
            "{threads} threads"
        );
    }
}

fn run(program: &str, arguments: &[&str]) -> Option<()> {
    output_of(program, arguments).map(drop)
}

/// Runs a program, which must succeed, and gives what it says. None where it is not installed.
fn output_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = match Command::new(program).args(arguments).env("PYTHONIOENCODING", "utf-8").output() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("skipped: {program} is not installed");
            return None;
        }
        Err(error) => panic!("{program}: {error}"),
    };
    let (out, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program} {arguments:?}: {said}{out}");
    Some(out.into_owned())
}

#[test]
fn other_programs_read_what_was_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = Utf8Path::from_path(folder.path()).expect("UTF-8");
    let (zip, parts) = (folder.join("s.zip"), parts());
    write_archive(&zip, &parts, &ArchiveOptions::default()).expect("packs");
    run("unzip", &["-t", "-q", zip.as_str()]);
    run("7z", &["t", zip.as_str()]);
    let unpacked = folder.join("python");
    let script = "import sys, zipfile\n\
                  z = zipfile.ZipFile(sys.argv[1])\n\
                  assert z.testzip() is None\n\
                  z.extractall(sys.argv[2])\n\
                  assert all(i.date_time == (1980, 1, 1, 0, 0, 0) and not i.extra for i in z.infolist())\n";
    if run("python3", &["-c", script, zip.as_str(), unpacked.as_str()]).is_some() {
        for Bytes(path, bytes) in &parts {
            assert!(fs_err::read(unpacked.join(path)).expect("unpacked") == *bytes, "{path}");
        }
    }
}

/// Names, sizes and CRC-32 of all entries in their order, as each of the readers says it.
#[test]
fn other_programs_read_alike_what_the_command_packs() {
    let place = Place::new();
    let mut zips = Vec::new();
    for name in ["FabFlows", "FabShared", "FabRobots", "FabRobotAccess"] {
        let zip = place.path.join(format!("{name}.zip"));
        zip_of(&fixture(name), &zip);
        zips.push(zip);
    }
    if let Some(corpus) = shared("corpus") {
        // Of different publishers and sizes: each twentieth.
        zips.extend(readable(&corpus).iter().step_by(20).map(|row| corpus.join(&row["path"])));
        assert!(zips.len() > 14, "{}", zips.len());
    }
    let script = "import sys, zipfile\n\
                  z = zipfile.ZipFile(sys.argv[1])\n\
                  assert z.testzip() is None\n\
                  [print(f'{i.CRC:08x} {i.file_size} {i.filename}') for i in z.infolist()]\n";
    for (number, zip) in zips.iter().enumerate() {
        let (folder, made) = (format!("src{number}"), place.path.join(format!("made{number}.zip")));
        place.must(&["unpack", zip.as_str(), &folder]);
        place.must(&["pack", &folder, made.as_str()]);
        run("unzip", &["-t", "-q", made.as_str()]);
        run("7z", &["t", made.as_str()]);
        let package = support::corpus::open(&made);
        let ours: String = package
            .entries()
            .iter()
            .map(|entry| {
                let bytes = package.read(entry).expect("readable");
                assert_eq!(entry.crc32, Some(zlib_rs::crc32::crc32(0, &bytes)), "{zip}: {}", entry.path);
                format!("{:08x} {} {}\n", zlib_rs::crc32::crc32(0, &bytes), bytes.len(), entry.path)
            })
            .collect();
        if let Some(python) = output_of("python3", &["-c", script, made.as_str()]) {
            assert_eq!(python, ours, "{zip}");
        }
        // The listing of unzip: length, method, size, ratio, date, time, CRC-32, name.
        if let Some(listing) = output_of("unzip", &["-v", "-qq", made.as_str()]) {
            let listed: String = listing
                .lines()
                .map(|line| {
                    let mut fields = line.split_whitespace();
                    let size = fields.next().expect("a length");
                    let crc32 = fields.nth(5).expect("a CRC-32");
                    let name = line.split_once(&format!(" {crc32}  ")).expect("a name").1;
                    format!("{crc32} {size} {name}\n")
                })
                .collect();
            // unzip shows what is not ASCII in the way of the terminal.
            if ours.is_ascii() {
                assert_eq!(listed, ours, "{zip}");
            }
        }
    }
}
