//! Laws of the folder writer: over any folder, any set of parts comes out as it is, and what is not ours stays.

use std::collections::BTreeMap;
use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use proptest::prelude::*;
use solship::write::{
    ChangeKind, Eol, FolderOptions, FolderSummary, Part, PartError, WriteError, write_folder,
};

#[derive(Debug, Clone)]
struct Bytes {
    path: String,
    bytes: Vec<u8>,
    is_carried_over: bool,
}

impl Part for Bytes {
    fn path(&self) -> &str {
        &self.path
    }
    fn size(&self) -> Option<u64> {
        self.is_carried_over.then_some(self.bytes.len() as u64)
    }
    fn crc32(&self) -> Option<u32> {
        self.is_carried_over.then(|| zlib_rs::crc32::crc32(0, &self.bytes))
    }
    fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
        for stroke in self.bytes.chunks(3) {
            out.write_all(stroke)?;
        }
        Ok(())
    }
}

fn is_ours(path: &str) -> bool {
    !path.split('/').any(|name| name.starts_with('.') || name.starts_with("my"))
}

fn options(eol: Eol) -> FolderOptions<'static> {
    FolderOptions { is_ours: &is_ours, allow_delete: true, clobber: false, eol, dry_run: false }
}

/// Few names in both letter cases, so that files, folders and spellings meet.
fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["a", "A", "b", "B.xml", "c", "d.js"]), 1..4)
        .prop_map(|names| names.join("/"))
}

/// A CR in front of CRLF is left out: turned to LF it would be a CRLF again. XML that is rendered never has one, it writes a
/// CR of its own as a reference.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let any = prop_oneof![
        4 => "[ab]{0,3}(\r?\n[ab\r]{0,2}){0,3}".prop_map(String::into_bytes),
        1 => prop::collection::vec(prop::sample::select(vec![0, b'\r', b'\n', 7]), 0..6),
    ];
    any.prop_map(|mut bytes| {
        while let Some(at) = bytes.windows(3).position(|three| three == b"\r\r\n") {
            bytes.remove(at);
        }
        bytes
    })
}

type Files = BTreeMap<String, Vec<u8>>;

/// A set of files that a folder can hold on every system; those that clash with an earlier one are left out.
fn files() -> impl Strategy<Value = Files> {
    prop::collection::vec((path(), content()), 0..12).prop_map(|files| {
        let mut kept = Files::new();
        for (path, content) in files {
            let folded = path.to_lowercase();
            let clashes = kept.keys().any(|other: &String| {
                let other = other.to_lowercase();
                other == folded
                    || other.starts_with(&format!("{folded}/"))
                    || folded.starts_with(&format!("{other}/"))
            });
            // Folders in two spellings cannot be held either.
            if !clashes && !kept.keys().any(|other| differs_in_case_of_a_folder(other, &path)) {
                kept.insert(path, content);
            }
        }
        kept
    })
}

fn differs_in_case_of_a_folder(one: &str, other: &str) -> bool {
    one.split('/').zip(other.split('/')).any(|(one, other)| one != other && one.eq_ignore_ascii_case(other))
}

fn foreign() -> impl Strategy<Value = Files> {
    let names = vec![".git/config", "a/my.txt", "my/file", "b/.hidden", "my.txt", ".x/a/b"];
    prop::collection::btree_map(prop::sample::select(names).prop_map(str::to_owned), content(), 0..3)
}

fn put(root: &Utf8Path, files: &Files) -> bool {
    files.iter().all(|(path, content)| {
        let file = root.join(path);
        fs_err::create_dir_all(file.parent().expect("below the root")).is_ok()
            && fs_err::write(file, content).is_ok()
    })
}

fn tree(root: &Utf8Path) -> (Files, Vec<String>) {
    let (mut files, mut folders) = (Files::new(), Vec::new());
    for entry in walkdir::WalkDir::new(root).min_depth(1).sort_by_file_name() {
        let entry = entry.expect("an entry");
        let path = Utf8Path::from_path(entry.path()).expect("UTF-8");
        let below = path.strip_prefix(root).expect("below").to_string();
        if entry.file_type().is_dir() {
            folders.push(below);
        } else {
            files.insert(below, fs_err::read(path).expect("a file"));
        }
    }
    (files, folders)
}

fn with_line_feeds(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, &byte) in bytes.iter().enumerate() {
        if byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
            out.push(byte);
        }
    }
    out
}

/// What may stand in the folder for a part afterwards.
fn is_right(part: &Bytes, before: Option<&Vec<u8>>, found: &[u8], eol: Eol) -> bool {
    let rendered_with_line_feeds = !part.is_carried_over && found == with_line_feeds(&part.bytes);
    match eol {
        Eol::Crlf => found == part.bytes,
        Eol::Lf if part.is_carried_over => found == part.bytes,
        Eol::Lf => rendered_with_line_feeds,
        Eol::Auto => {
            let is_text = !found.contains(&0) && !part.bytes.contains(&0);
            let left_alone = before.is_some_and(|before| {
                before == found && is_text && with_line_feeds(found) == with_line_feeds(&part.bytes)
            });
            let had_line_feeds =
                before.is_some_and(|before| before.contains(&b'\n') && !before.contains(&b'\r'));
            found == part.bytes || left_alone || (had_line_feeds && rendered_with_line_feeds)
        }
    }
}

fn place() -> (tempfile::TempDir, Utf8PathBuf) {
    let keep = tempfile::tempdir().expect("a temporary folder");
    let root = Utf8Path::from_path(keep.path()).expect("UTF-8").canonicalize_utf8().expect("there");
    (keep, root)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_folder_becomes_what_the_parts_say(
        old in files(),
        foreign in foreign(),
        new in files(),
        // Parts that the folder already has.
        common in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        carried_over in any::<u64>(),
        eol in prop::sample::select(vec![Eol::Auto, Eol::Crlf, Eol::Lf]),
    ) {
        let (_keep, root) = place();
        let target = root.join("t");
        fs_err::create_dir(&target).expect("makes");
        prop_assume!(put(&target, &old) && put(&target, &foreign));
        let mut wanted = new;
        for index in common {
            if !old.is_empty() {
                let (path, content) = old.iter().nth(index.index(old.len())).expect("in range");
                let one = Files::from([(path.clone(), content.clone())]);
                if wanted.keys().all(|other| other == path || !clash(other, path)) {
                    wanted.extend(one);
                }
            }
        }
        let parts: Vec<Bytes> = wanted
            .iter()
            .enumerate()
            .map(|(index, (path, bytes))| Bytes {
                path: path.clone(),
                bytes: bytes.clone(),
                is_carried_over: carried_over >> (index % 64) & 1 == 1,
            })
            .collect();
        let before = tree(&target);
        let listed = write_folder(&target, &parts, &FolderOptions { dry_run: true, ..options(eol) });
        prop_assert_eq!(&tree(&target), &before);
        let written = write_folder(&target, &parts, &options(eol));
        prop_assert_eq!(root.read_dir_utf8().expect("there").count(), 1, "something is left beside the target");
        let (files, folders) = tree(&target);
        let summary = match written {
            // Only what is not ours may be in the way, and then nothing has changed.
            Err(WriteError::InTheWay { .. }) => {
                prop_assert!(!foreign.is_empty());
                prop_assert!(matches!(listed, Err(WriteError::InTheWay { .. })), "listed otherwise");
                prop_assert_eq!((files, folders), before);
                return Ok(());
            }
            other => other.expect("writes"),
        };
        let listed = FolderSummary { content: summary.content, ..listed.expect("lists") };
        prop_assert_eq!(&listed, &summary);
        // All parts, all that is not ours, and nothing else.
        for part in &parts {
            let found = files.get(&part.path);
            prop_assert!(found.is_some(), "{} is missing", part.path);
            let found = found.expect("checked");
            prop_assert!(is_right(part, before.0.get(&part.path), found, eol), "{part:?}: {found:?}");
        }
        for (path, content) in &foreign {
            prop_assert_eq!(files.get(path), Some(content));
        }
        prop_assert_eq!(files.len(), parts.len() + foreign.len());
        // No folder is there for nothing: no folder was empty before.
        for folder in &folders {
            let prefix = format!("{folder}/");
            prop_assert!(files.keys().any(|file| file.starts_with(&prefix)), "{folder} is empty");
        }
        // What is said is what happened.
        let size = |files: &Files, path: &str| files.get(path).map(|bytes| bytes.len() as u64);
        for change in &summary.changes {
            let old_path = match &change.kind {
                ChangeKind::Renamed { from } => from,
                _ => &change.path,
            };
            prop_assert_eq!(change.old_size, size(&before.0, old_path), "{:?}", change);
            prop_assert_eq!(change.new_size, size(&files, &change.path), "{:?}", change);
        }
        let written = summary.changes.iter().filter(|change| change.new_size.is_some()).count();
        prop_assert_eq!(written + summary.unchanged, parts.len());
        // Again: nothing to do.
        let again = write_folder(&target, &parts, &options(eol)).expect("writes");
        prop_assert_eq!((again.changes.len(), again.unchanged), (0, parts.len()));
    }
}

fn clash(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    one == other || one.starts_with(&format!("{other}/")) || other.starts_with(&format!("{one}/"))
}
