use std::io::{Cursor, Read, Write};
use std::num::NonZeroUsize;

use camino::Utf8PathBuf;

use super::block::BLOCK;
use super::{ArchiveOptions, write_archive, write_archive_to, write_with};
use crate::write::{Part, PartError, WriteError};

struct Text {
    path: String,
    bytes: Vec<u8>,
    size: Option<u64>,
    crc32: Option<u32>,
    fault: Option<&'static str>,
}

impl Part for Text {
    fn path(&self) -> &str {
        &self.path
    }
    fn size(&self) -> Option<u64> {
        self.size
    }
    fn crc32(&self) -> Option<u32> {
        self.crc32
    }
    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
        // In uneven strokes, so that they do not fall on the borders of the blocks.
        for stroke in self.bytes.chunks(70_001) {
            out.write_all(stroke)?;
        }
        self.fault.map_or(Ok(()), |fault| Err(fault.into()))
    }
}

fn text(path: &str, bytes: impl Into<Vec<u8>>) -> Text {
    Text { path: path.into(), bytes: bytes.into(), size: None, crc32: None, fault: None }
}

/// Text that compresses like text, the same each time.
fn prose(length: usize, mut seed: u32) -> Vec<u8> {
    let words =
        ["<attribute ", "name=\"", "solution", "</entity>\r\n", "flow ", "connection", "42", "\u{e4}\u{f6}"];
    let mut bytes = Vec::with_capacity(length + 16);
    while bytes.len() < length {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.extend(words[(seed >> 29) as usize].as_bytes());
        if seed >> 20 & 7 == 0 {
            bytes.extend(format!("{seed:x}").bytes());
        }
    }
    bytes.truncate(length);
    bytes
}

/// Bytes that do not compress.
fn noise(length: usize, mut seed: u64) -> Vec<u8> {
    std::iter::repeat_with(|| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed as u8
    })
    .take(length)
    .collect()
}

fn options(threads: usize) -> ArchiveOptions {
    ArchiveOptions { threads: NonZeroUsize::new(threads), ..ArchiveOptions::default() }
}

fn pack(parts: &[Text], threads: usize) -> Result<Vec<u8>, WriteError> {
    let mut out = Cursor::new(Vec::new());
    let summary = write_archive_to(&mut out, parts, &options(threads))?;
    let bytes = out.into_inner();
    assert_eq!(summary.entries, parts.len());
    assert_eq!(summary.bytes, bytes.len() as u64);
    Ok(bytes)
}

fn assert_holds(archive: &[u8], parts: &[Text]) {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    assert_eq!(archive.len(), parts.len());
    for (index, part) in parts.iter().enumerate() {
        let mut entry = archive.by_index(index).expect("an entry");
        assert_eq!(entry.name().expect("a name"), part.path);
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("CRC and size are right");
        assert!(bytes == part.bytes, "{}: other bytes", part.path);
    }
}

/// Parts around every border: empty, one block less one, exact, one more, several.
fn border_parts() -> Vec<Text> {
    let sizes = [0, 1, 100, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5 * BLOCK + 12_345];
    let mut parts = Vec::new();
    for (index, size) in sizes.into_iter().enumerate() {
        parts.push(text(&format!("prose/{size}.xml"), prose(size, index as u32)));
        parts.push(text(&format!("noise/{size}.png"), noise(size, index as u64 + 1)));
        for small in 0..20 {
            parts.push(text(&format!("small/{index}/{small}"), prose(small * 37, small as u32)));
        }
    }
    parts
}

#[test]
fn every_size_around_the_borders_reads_back() {
    let parts = border_parts();
    assert_holds(&pack(&parts, 2).expect("packs"), &parts);
    assert_holds(&pack(&[], 2).expect("packs"), &[]);
}

#[test]
fn bytes_do_not_depend_on_the_number_of_threads() {
    let parts = border_parts();
    let one = pack(&parts, 1).expect("packs");
    for threads in [2, 3, 8] {
        for _ in 0..3 {
            assert!(pack(&parts, threads).expect("packs") == one, "{threads} threads");
        }
    }
}

#[test]
fn header_fields_are_fixed() {
    let bytes = pack(&[text("a.xml", "x"), text("\u{e4}.xml", "x")], 1).expect("packs");
    // Version 2.0, no flags, deflate, 00:00:00, 1980-01-01.
    assert_eq!(bytes[..14], *b"PK\x03\x04\x14\0\0\0\x08\0\0\0\x21\0");
    // No extra field.
    assert_eq!(bytes[26..35], *b"\x05\0\0\0a.xml");
    let second = 4 + bytes[4..].windows(4).position(|four| four == b"PK\x03\x04").expect("a second entry");
    // The name is not ASCII: flag UTF-8.
    assert_eq!(bytes[second + 6..second + 8], *b"\0\x08");
    let directory = bytes.windows(4).position(|four| four == b"PK\x01\x02").expect("a directory");
    // Made by and needed: 2.0 on system 0. No comment, no attributes, offset 0.
    assert_eq!(bytes[directory + 4..directory + 8], *b"\x14\0\x14\0");
    assert_eq!(bytes[directory + 30..directory + 46], [0; 16]);
}

#[test]
fn the_given_time_is_in_every_header() {
    let mut out = Cursor::new(Vec::new());
    let options = ArchiveOptions { source_date_epoch: Some(1_709_210_096), ..options(2) };
    write_archive_to(&mut out, &[text("a", "1"), text("b", prose(2 * BLOCK, 1))], &options).expect("packs");
    let mut archive = zip::ZipArchive::new(out).expect("an archive");
    for index in 0..2 {
        let entry = archive.by_index(index).expect("an entry");
        assert_eq!(entry.last_modified().expect("a time").to_string(), "2024-02-29 12:34:56");
    }
}

#[test]
fn the_fault_of_the_first_part_is_reported() {
    let mut parts = border_parts();
    for (index, fault) in [(30, "first"), (31, "second"), (90, "third")] {
        parts[index].fault = Some(fault);
    }
    for threads in [1, 2, 4] {
        match pack(&parts, threads) {
            Err(WriteError::Part { path, source }) => {
                assert_eq!((path.as_str(), source.to_string().as_str()), (parts[30].path.as_str(), "first"));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_part_that_gives_other_bytes_than_announced_is_refused() {
    let mut part = text("a", "four");
    part.size = Some(5);
    let refused = pack(&[part], 1);
    assert!(matches!(refused, Err(WriteError::PartSize { expected: 5, actual: 4, .. })), "{refused:?}");
    let mut part = text("a", prose(3 * BLOCK, 7));
    part.crc32 = Some(1);
    let refused = pack(&[part], 2);
    assert!(matches!(refused, Err(WriteError::PartChecksum { expected: 1, .. })), "{refused:?}");
    let mut part = text("a", "123456789");
    // The check value of CRC-32.
    (part.size, part.crc32) = (Some(9), Some(0xCBF4_3926));
    pack(&[part], 1).expect("as announced");
}

#[test]
fn two_parts_of_one_path_are_refused() {
    let refused = pack(&[text("A/b.xml", ""), text("a/B.XML", "")], 1);
    assert!(matches!(refused, Err(WriteError::DuplicatePath { .. })), "{refused:?}");
}

#[test]
fn a_name_longer_than_the_field_is_refused() {
    let refused = pack(&[text(&"n".repeat(65_536), "")], 1);
    assert!(matches!(refused, Err(WriteError::NameTooLong { length: 65_536, .. })), "{refused:?}");
}

#[test]
fn a_panic_of_a_part_ends_the_run() {
    struct Panics;
    impl Part for Panics {
        fn path(&self) -> &str {
            "panics"
        }
        fn write_to(&self, _: &mut dyn Write) -> Result<(), PartError> {
            panic!("on purpose")
        }
    }
    let parts: Vec<Box<dyn Part>> = vec![Box::new(text("a", noise(3 * BLOCK, 1))), Box::new(Panics)];
    let run = std::thread::scope(|scope| {
        scope.spawn(|| write_archive_to(&mut Cursor::new(Vec::new()), &parts, &options(2))).join()
    });
    assert!(run.is_err());
}

/// With the border of the 64-bit form pulled down to sizes that a test can hold.
#[test]
fn large_entries_get_the_wide_form_whether_announced_or_not() {
    let border = (3 * BLOCK) as u64;
    let parts = |announced| {
        let mut large = text("large", prose(3 * BLOCK, 1));
        large.size = announced;
        [text("a", "1"), large, text("b", noise(3 * BLOCK - 1, 1)), text("c", "3")]
    };
    let mut archives = Vec::new();
    for announced in [None, Some(border)] {
        let (mut out, parts) = (Cursor::new(Vec::new()), parts(announced));
        write_with(&mut out, "archive".into(), &parts, &options(2), border).expect("packs");
        assert_holds(out.get_ref(), &parts);
        archives.push(out.into_inner());
    }
    // Noise grows when it is deflated: `b` is below the border before and above it after.
    assert_eq!(archives[0].windows(4).filter(|four| *four == b"\x01\0\x10\0").count(), 4);
    assert!(archives[0] == archives[1]);
}

#[test]
fn more_entries_than_sixteen_bits_count() {
    let parts: Vec<Text> = (0..65_536).map(|index| text(&format!("{index}"), "")).collect();
    assert_holds(&pack(&parts, 2).expect("packs"), &parts);
}

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).expect("UTF-8");
    (folder, path)
}

fn names(folder: &Utf8PathBuf) -> Vec<String> {
    let mut names: Vec<String> = folder
        .read_dir_utf8()
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_is_replaced_whole() {
    let (_keep, folder) = folder();
    let target = folder.join("s.zip");
    let parts = border_parts();
    for _ in 0..2 {
        write_archive(&target, &parts, &options(2)).expect("packs");
        assert_holds(&fs_err::read(&target).expect("a file"), &parts);
    }
    // What a killed run left behind is longer than what is written now.
    fs_err::write(folder.join(".s.zip.solship-tmp"), vec![1; 9_000_000]).expect("writes");
    write_archive(&target, &parts[..2], &options(2)).expect("packs");
    assert_holds(&fs_err::read(&target).expect("a file"), &parts[..2]);
    assert_eq!(names(&folder), ["s.zip"]);
}

#[test]
fn the_old_file_stays_on_a_fault() {
    let (_keep, folder) = folder();
    let target = folder.join("s.zip");
    fs_err::write(&target, "old").expect("writes");
    let mut parts = border_parts();
    parts[100].fault = Some("unreadable");
    let refused = write_archive(&target, &parts, &options(2));
    assert!(matches!(refused, Err(WriteError::Part { .. })), "{refused:?}");
    assert_eq!(fs_err::read(&target).expect("a file"), b"old");
    assert_eq!(names(&folder), ["s.zip"]);
}

#[test]
fn a_read_only_archive_needs_clobber() {
    let (_keep, folder) = folder();
    let target = folder.join("s.zip");
    fs_err::write(&target, "old").expect("writes");
    let mut permissions = fs_err::metadata(&target).expect("there").permissions();
    permissions.set_readonly(true);
    fs_err::set_permissions(&target, permissions).expect("sets");
    let refused = write_archive(&target, &[text("a", "1")], &options(1));
    assert!(matches!(refused, Err(WriteError::ReadOnlyFile { .. })), "{refused:?}");
    let clobber = ArchiveOptions { clobber: true, ..options(1) };
    write_archive(&target, &[text("a", "1")], &clobber).expect("packs");
    assert_holds(&fs_err::read(&target).expect("a file"), &[text("a", "1")]);
}

#[test]
fn a_folder_is_not_replaced_by_an_archive() {
    let (_keep, folder) = folder();
    let refused = write_archive(&folder, &[text("a", "1")], &options(1));
    assert!(matches!(refused, Err(WriteError::IsFolder { .. })), "{refused:?}");
}

#[test]
fn two_runs_at_once_do_not_mix() {
    struct Nested(Utf8PathBuf);
    impl Part for Nested {
        fn path(&self) -> &str {
            "a"
        }
        fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
            let other = write_archive(&self.0, &[text("b", "1")], &options(1));
            assert!(matches!(other, Err(WriteError::Locked { .. })), "{other:?}");
            Ok(out.write_all(b"1")?)
        }
    }
    let (_keep, folder) = folder();
    let target = folder.join("s.zip");
    write_archive(&target, &[Nested(target.clone())], &options(1)).expect("packs");
    assert_holds(&fs_err::read(&target).expect("a file"), &[text("a", "1")]);
}

#[cfg(unix)]
#[test]
fn whoever_may_read_other_files_may_read_an_archive() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().unwrap();
    let target = Utf8PathBuf::from_path_buf(place.path().join("a.zip")).unwrap();
    let plain = place.path().join("plain");
    fs_err::write(&plain, "").unwrap();
    let mode = |path: &std::path::Path| fs_err::metadata(path).unwrap().permissions().mode() & 0o777;
    write_archive(&target, &[text("a", "x")], &ArchiveOptions::default()).unwrap();
    assert_eq!(mode(target.as_std_path()), mode(&plain));
    for kept in [0o640, 0o604, 0o755] {
        fs_err::set_permissions(&target, PermissionsExt::from_mode(kept)).unwrap();
        write_archive(&target, &[text("a", "y")], &ArchiveOptions::default()).unwrap();
        assert_eq!(mode(target.as_std_path()), kept);
    }
}
