use std::collections::BTreeMap;
use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Change, ChangeKind, Eol, FolderOptions, FolderSummary, Resolution, resolve, write_folder};
use crate::write::{Part, PartError, WriteError};

mod ahead;
mod interrupted;

struct Text<'a> {
    path: String,
    bytes: Vec<u8>,
    /// Announces size and CRC-32, as what is carried over from an archive does.
    is_carried_over: bool,
    /// Called before the bytes are given.
    before: Box<dyn Fn() -> Result<(), PartError> + Sync + 'a>,
}

impl Part for Text<'_> {
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
        (self.before)()?;
        for stroke in self.bytes.chunks(7) {
            out.write_all(stroke)?;
        }
        Ok(())
    }
}

fn rendered<'a>(path: &str, bytes: impl Into<Vec<u8>>) -> Text<'a> {
    Text { path: path.into(), bytes: bytes.into(), is_carried_over: false, before: Box::new(|| Ok(())) }
}

fn carried_over<'a>(path: &str, bytes: impl Into<Vec<u8>>) -> Text<'a> {
    Text { is_carried_over: true, ..rendered(path, bytes) }
}

/// What is ours in these tests: all but hidden names and what begins with `my`.
fn is_ours(path: &str) -> bool {
    !path.split('/').any(|name| name.starts_with('.') || name.starts_with("my"))
}

fn options() -> FolderOptions<'static> {
    FolderOptions { is_ours: &is_ours, allow_delete: true, clobber: false, eol: Eol::Auto, dry_run: false }
}

struct Place {
    _keep: tempfile::TempDir,
    root: Utf8PathBuf,
    target: Utf8PathBuf,
}

impl Place {
    /// A target that is not there.
    fn empty() -> Self {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8Path::from_path(keep.path()).expect("UTF-8").canonicalize_utf8().expect("there");
        Self { _keep: keep, target: root.join("target"), root }
    }

    /// A target with these files.
    fn with(files: &[(&str, &str)]) -> Self {
        let place = Self::empty();
        fs_err::create_dir(&place.target).expect("makes");
        for (path, content) in files {
            place.put(path, content);
        }
        place
    }

    fn put(&self, path: &str, content: &str) {
        let file = self.target.join(path);
        fs_err::create_dir_all(file.parent().expect("below the root")).expect("makes");
        fs_err::write(file, content).expect("writes");
    }

    fn write(&self, parts: &[Text<'_>]) -> Result<FolderSummary, WriteError> {
        write_folder(&self.target, parts, &options())
    }

    /// Files with their content, folders with `/` at the end.
    fn tree(&self) -> BTreeMap<String, String> {
        tree(&self.target)
    }

    fn assert_holds(&self, files: &[(&str, &str)]) {
        let expected: BTreeMap<_, _> =
            files.iter().map(|(path, content)| ((*path).to_owned(), (*content).to_owned())).collect();
        assert_eq!(self.tree(), expected);
        self.assert_clean();
    }

    /// Nothing is left beside the target.
    fn assert_clean(&self) {
        let names: Vec<_> = self
            .root
            .read_dir_utf8()
            .expect("there")
            .map(|entry| entry.expect("an entry").file_name().to_owned())
            .collect();
        assert!(names.iter().all(|name| name == "target"), "{names:?}");
    }
}

fn tree(root: &Utf8Path) -> BTreeMap<String, String> {
    let mut tree = BTreeMap::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1) {
        let entry = entry.expect("an entry");
        let path = Utf8Path::from_path(entry.path()).expect("UTF-8");
        let below = path.strip_prefix(root).expect("below").to_string();
        if entry.file_type().is_dir() {
            tree.insert(below + "/", String::new());
        } else if entry.file_type().is_symlink() {
            tree.insert(below, format!("-> {}", path.read_link_utf8().expect("a link")));
        } else {
            tree.insert(below, String::from_utf8_lossy(&fs_err::read(path).expect("a file")).into_owned());
        }
    }
    tree
}

fn change(path: &str, kind: ChangeKind, old_size: Option<u64>, new_size: Option<u64>) -> Change {
    Change { path: path.to_owned(), kind, old_size, new_size }
}

#[test]
fn a_new_folder_is_made_with_its_parents() {
    let place = Place::empty();
    let target = place.root.join("target/a/b");
    let parts = [rendered("c/d.xml", "one"), carried_over("e", ""), rendered("c/f/g", "x".repeat(700_000))];
    let summary = write_folder(&target, &parts, &options()).expect("writes");
    let added = |path: &str, size| change(path, ChangeKind::Added, None, Some(size));
    assert_eq!(summary.changes, [added("c/d.xml", 3), added("c/f/g", 700_000), added("e", 0)]);
    assert_eq!(tree(&target).keys().collect::<Vec<_>>(), ["c/", "c/d.xml", "c/f/", "c/f/g", "e"]);
    assert_eq!(tree(&target)["c/f/g"].len(), 700_000);
    assert_eq!(tree(&place.target).len(), 7);
    place.assert_clean();
}

#[test]
fn a_new_folder_is_absent_after_a_fault() {
    let place = Place::empty();
    let mut parts = vec![rendered("a", "1"), rendered("b", "2"), rendered("c", "3")];
    parts[1].before = Box::new(|| Err("unreadable".into()));
    parts[2].before = Box::new(|| Err("unreadable too".into()));
    let refused = write_folder(&place.root.join("target/deep"), &parts, &options());
    assert!(matches!(&refused, Err(WriteError::Part { path, .. }) if path == "b"), "{refused:?}");
    assert_eq!(tree(&place.root), BTreeMap::new());
}

#[test]
fn what_is_carried_over_and_there_is_not_asked_for_its_bytes() {
    let place = Place::with(&[("a/b", "same"), ("c", "other"), ("d", "longer")]);
    let never = || -> Result<(), PartError> { panic!("asked for") };
    let same = Text { before: Box::new(never), ..carried_over("a/b", "same") };
    let summary =
        place.write(&[same, carried_over("c", "equal"), carried_over("d", "long")]).expect("writes");
    assert_eq!(summary.unchanged, 1);
    assert_eq!(
        summary.changes,
        [
            change("c", ChangeKind::Changed, Some(5), Some(5)),
            change("d", ChangeKind::Changed, Some(6), Some(4))
        ]
    );
    place.assert_holds(&[("a/", ""), ("a/b", "same"), ("c", "equal"), ("d", "long")]);
}

fn mixed_old() -> Vec<(&'static str, &'static str)> {
    vec![
        ("same.xml", "same"),
        ("changed.xml", "old"),
        ("gone.xml", "gone"),
        ("gone/deep/er.xml", "gone"),
        ("gone/deep/er2.xml", "gone"),
        ("half/gone.xml", "gone"),
        ("half/my.txt", "mine"),
        (".git/config", "git"),
        ("my/a.xml", "mine"),
        ("to/file/a/b", "gone"),
        ("to/folder", "gone"),
    ]
}

fn mixed_new() -> Vec<Text<'static>> {
    vec![
        rendered("same.xml", "same"),
        rendered("changed.xml", "newer"),
        rendered("new/er/file.xml", "new"),
        rendered("to/file", "new"),
        rendered("to/folder/a/b", "new"),
    ]
}

fn mixed_after() -> Vec<(&'static str, &'static str)> {
    vec![
        (".git/", ""),
        (".git/config", "git"),
        ("changed.xml", "newer"),
        ("half/", ""),
        ("half/my.txt", "mine"),
        ("my/", ""),
        ("my/a.xml", "mine"),
        ("new/", ""),
        ("new/er/", ""),
        ("new/er/file.xml", "new"),
        ("same.xml", "same"),
        ("to/", ""),
        ("to/file", "new"),
        ("to/folder/", ""),
        ("to/folder/a/", ""),
        ("to/folder/a/b", "new"),
    ]
}

#[test]
fn only_what_changed_is_written_and_only_what_is_ours_is_deleted() {
    let place = Place::with(&mixed_old());
    fs_err::create_dir(place.target.join("empty")).expect("makes");
    let modified =
        || fs_err::metadata(place.target.join("same.xml")).expect("there").modified().expect("a time");
    let before = modified();
    let dry = write_folder(&place.target, &mixed_new(), &FolderOptions { dry_run: true, ..options() });
    let old = place.tree();
    // And the folders.
    assert_eq!(old.len(), mixed_old().len() + 9);
    let summary = place.write(&mixed_new()).expect("writes");
    assert_eq!(before, modified());
    // Listed and done are the same.
    assert_eq!(dry.expect("lists"), summary);
    assert_eq!(
        summary.changes,
        [
            change("changed.xml", ChangeKind::Changed, Some(3), Some(5)),
            change("gone.xml", ChangeKind::Deleted, Some(4), None),
            change("gone/deep/er.xml", ChangeKind::Deleted, Some(4), None),
            change("gone/deep/er2.xml", ChangeKind::Deleted, Some(4), None),
            change("half/gone.xml", ChangeKind::Deleted, Some(4), None),
            change("new/er/file.xml", ChangeKind::Added, None, Some(3)),
            change("to/file", ChangeKind::Added, None, Some(3)),
            change("to/file/a/b", ChangeKind::Deleted, Some(4), None),
            change("to/folder", ChangeKind::Deleted, Some(4), None),
            change("to/folder/a/b", ChangeKind::Added, None, Some(3)),
        ]
    );
    assert_eq!(summary.unchanged, 1);
    assert_eq!(summary.kept, [".git/", "half/my.txt", "my/"]);
    let mut after = mixed_after();
    // A folder that was empty before stays.
    after.push(("empty/", ""));
    place.assert_holds(&after);
    let again = place.write(&mixed_new()).expect("writes");
    assert_eq!((again.changes.len(), again.unchanged), (0, 5));
}

#[test]
fn nothing_is_deleted_unless_allowed() {
    let place = Place::with(&[("a", "1"), ("b/c", "2")]);
    let options = FolderOptions { allow_delete: false, ..options() };
    let summary = write_folder(&place.target, &[rendered("a", "new")], &options).expect("writes");
    assert_eq!(summary.left, ["b/c"]);
    place.assert_holds(&[("a", "new"), ("b/", ""), ("b/c", "2")]);
}

#[test]
fn line_ends_alone_are_no_change() {
    let old = [("r.xml", "a\nb\n"), ("c.js", "a\nb\n"), ("d.xml", "a\nb"), ("e.xml", "a\r\nb\n")];
    let place = Place::with(&old);
    let parts = || {
        [
            rendered("r.xml", "a\r\nb\r\n"),
            carried_over("c.js", "a\r\nb\r\n"),
            rendered("d.xml", "a\r\nc\r\n"),
            rendered("e.xml", "a\r\nc\r\n"),
            rendered("f.xml", "n\r\n"),
        ]
    };
    let summary = place.write(&parts()).expect("writes");
    assert_eq!(summary.unchanged, 2);
    // Rendered, changed, and LF before: LF. Else as it is given.
    let after = [
        ("c.js", "a\nb\n"),
        ("d.xml", "a\nc\n"),
        ("e.xml", "a\r\nc\r\n"),
        ("f.xml", "n\r\n"),
        ("r.xml", "a\nb\n"),
    ];
    place.assert_holds(&after);
    let crlf = FolderOptions { eol: Eol::Crlf, ..options() };
    let summary = write_folder(&place.target, &parts(), &crlf).expect("writes");
    assert_eq!(summary.unchanged, 2);
    let given = parts();
    let given: Vec<_> =
        given.iter().map(|part| (&*part.path, std::str::from_utf8(&part.bytes).expect("UTF-8"))).collect();
    place.assert_holds(&given);
    let lf = FolderOptions { eol: Eol::Lf, ..options() };
    let summary = write_folder(&place.target, &parts(), &lf).expect("writes");
    assert_eq!(summary.changes[0], change("d.xml", ChangeKind::Changed, Some(6), Some(4)));
    let after = [
        ("c.js", "a\r\nb\r\n"),
        ("d.xml", "a\nc\n"),
        ("e.xml", "a\nc\n"),
        ("f.xml", "n\n"),
        ("r.xml", "a\nb\n"),
    ];
    place.assert_holds(&after);
    assert_eq!(write_folder(&place.target, &parts(), &lf).expect("writes").unchanged, 5);
    let new = Place::empty();
    write_folder(&new.target, &parts(), &lf).expect("writes");
    new.assert_holds(&after);
}

#[test]
fn what_holds_a_nul_is_no_text() {
    let place = Place::with(&[("a.png", "\0a\n"), ("b.png", "\0a\r\n")]);
    let summary =
        place.write(&[carried_over("a.png", "\0a\r\n"), rendered("b.png", "\0a\r\n")]).expect("writes");
    assert_eq!(summary.changes, [change("a.png", ChangeKind::Changed, Some(3), Some(4))]);
}

#[test]
fn read_only_files_need_clobber() {
    for (parts, name) in [(vec![rendered("a", "new")], "changed"), (vec![], "deleted")] {
        let place = Place::with(&[("a", "old")]);
        let file = place.target.join("a");
        let mut permissions = fs_err::metadata(&file).expect("there").permissions();
        permissions.set_readonly(true);
        fs_err::set_permissions(&file, permissions).expect("sets");
        let refused = place.write(&parts);
        assert!(
            matches!(&refused, Err(WriteError::ReadOnlyFile { path }) if *path == file),
            "{name}: {refused:?}"
        );
        place.assert_holds(&[("a", "old")]);
        write_folder(&place.target, &parts, &FolderOptions { clobber: true, ..options() }).expect("writes");
        assert_eq!(place.tree().get("a").map(String::as_str), parts.first().map(|_| "new"));
    }
}

#[cfg(unix)]
#[test]
fn permissions_of_a_changed_file_stay() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with(&[("a", "old")]);
    let file = place.target.join("a");
    fs_err::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).expect("sets");
    place.write(&[rendered("a", "new")]).expect("writes");
    assert_eq!(fs_err::metadata(&file).expect("there").permissions().mode() & 0o777, 0o640);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = Place::with(&[("x", "outside")]);
    for link in ["dir", "dir/file"] {
        let place = Place::with(&[("other", "1")]);
        if link == "dir/file" {
            fs_err::create_dir(place.target.join("dir")).expect("makes");
            symlink(outside.target.join("x"), place.target.join(link)).expect("links");
        } else {
            symlink(&outside.target, place.target.join(link)).expect("links");
        }
        let before = place.tree();
        let refused = place.write(&[rendered("dir/file", "new")]);
        assert!(
            matches!(&refused, Err(WriteError::SymbolicLink { path }) if path.ends_with(link)),
            "{refused:?}"
        );
        assert_eq!(place.tree(), before);
        // A link that is in nobody's way stays.
        let summary = place.write(&[rendered("new", "1")]).expect("writes");
        assert_eq!(summary.kept, [link]);
        outside.assert_holds(&[("x", "outside")]);
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_becomes_a_link_while_writing_is_noticed() {
    let outside = Place::with(&[("file", "outside")]);
    let place = Place::with(&[("dir/file", "old"), ("z", "old")]);
    let mut parts = vec![rendered("dir/file", "new"), rendered("z", "new")];
    let (target, elsewhere) = (place.target.clone(), outside.target.clone());
    // The comparison asks first, of both parts at once: for the bytes, then for the text. Only then is the part rendered to be
    // written.
    let asked = std::sync::atomic::AtomicUsize::new(0);
    parts[1].before = Box::new(move || {
        if asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 2 {
            fs_err::rename(target.join("dir"), target.join("my"))?;
            std::os::unix::fs::symlink(&elsewhere, target.join("dir"))?;
        }
        Ok(())
    });
    let refused = place.write(&parts);
    assert!(matches!(refused, Err(WriteError::SymbolicLink { .. })), "{refused:?}");
    outside.assert_holds(&[("file", "outside")]);
}

#[test]
fn the_letter_case_of_a_name_follows_the_parts() {
    let place = Place::with(&[("dir/File.xml", "same"), ("dir/b", "1"), ("Dir2/c", "2"), ("my/D", "3")]);
    let parts = [rendered("dir/file.xml", "same"), rendered("dir/b", "1"), rendered("dir2/c", "2")];
    let summary = write_folder(&place.target, &parts, &FolderOptions { allow_delete: false, ..options() });
    let renamed = |path: &str, from: &str, size| {
        change(path, ChangeKind::Renamed { from: from.into() }, Some(size), Some(size))
    };
    let summary = summary.expect("writes");
    assert_eq!(summary.changes, [renamed("dir/file.xml", "dir/File.xml", 4), renamed("dir2/c", "Dir2/c", 1)]);
    place.assert_holds(&[
        ("dir/", ""),
        ("dir/b", "1"),
        ("dir/file.xml", "same"),
        ("dir2/", ""),
        ("dir2/c", "2"),
        ("my/", ""),
        ("my/D", "3"),
    ]);
}

#[test]
fn a_file_becomes_a_folder_and_a_folder_a_file() {
    let place = Place::with(&[("a", "1"), ("b/c/d", "2"), ("b/e", "3")]);
    let parts = [rendered("a/x", "4"), rendered("b", "5")];
    place.write(&parts).expect("writes");
    place.assert_holds(&[("a/", ""), ("a/x", "4"), ("b", "5")]);
}

#[test]
fn what_is_not_ours_is_never_in_anybodys_way() {
    let old = [("my", "1"), ("b/c", "2"), ("b/my", "3"), ("my.md", "4")];
    for part in ["my/x", "b"] {
        let place = Place::with(&old);
        let before = place.tree();
        let refused = place.write(&[rendered(part, "new")]);
        assert!(matches!(refused, Err(WriteError::InTheWay { .. })), "{part}: {refused:?}");
        assert_eq!(place.tree(), before);
        place.assert_clean();
    }
    let place = Place::with(&old);
    let refused = place.write(&[rendered("my.md", "new")]);
    assert!(matches!(refused, Err(WriteError::NotOurs { .. })), "{refused:?}");
    place.write(&[rendered("my.md", "4"), rendered("b/c", "2")]).expect("nothing to write");
}

#[test]
fn sets_that_no_folder_can_hold_are_refused() {
    let place = Place::empty();
    for path in ["../a", "/a", "a/../../b", "a\\b", "", "a//b"] {
        let refused = place.write(&[rendered(path, "")]);
        assert!(matches!(refused, Err(WriteError::UnsafePath { .. })), "{path:?}: {refused:?}");
    }
    let refused = place.write(&[rendered("a/B", ""), rendered("A/b", "")]);
    assert!(matches!(refused, Err(WriteError::DuplicatePath { .. })), "{refused:?}");
    let refused = place.write(&[rendered("a/b/c", ""), rendered("A", "")]);
    assert!(matches!(refused, Err(WriteError::FileAndFolder { .. })), "{refused:?}");
    assert_eq!(tree(&place.root), BTreeMap::new());
}

#[test]
fn a_file_is_no_folder() {
    let place = Place::empty();
    fs_err::write(&place.target, "a file").expect("writes");
    let refused = place.write(&[rendered("a", "")]);
    assert!(matches!(refused, Err(WriteError::NotAFolder { .. })), "{refused:?}");
}

#[test]
fn a_part_that_gives_other_bytes_than_announced_is_refused() {
    struct Liar;
    impl Part for Liar {
        fn path(&self) -> &str {
            "a"
        }
        fn size(&self) -> Option<u64> {
            Some(3)
        }
        fn crc32(&self) -> Option<u32> {
            Some(1)
        }
        fn write_to(&self, out: &mut dyn Write) -> Result<(), PartError> {
            Ok(out.write_all(b"abc")?)
        }
    }
    let place = Place::with(&[("a", "old")]);
    let refused = write_folder(&place.target, &[Liar], &options());
    assert!(matches!(refused, Err(WriteError::PartChecksum { .. })), "{refused:?}");
    place.assert_holds(&[("a", "old")]);
}

#[test]
fn a_fault_in_the_middle_is_taken_back() {
    let place = Place::with(&[("a", "old"), ("b", "old"), ("d/gone", "old")]);
    let obstacle = place.target.join("new/c");
    let mut parts = vec![rendered("a", "new"), rendered("b", "new"), rendered("new/c", "new")];
    parts[2].before = Box::new(|| {
        // Between comparing and putting into place somebody else makes the file.
        fs_err::create_dir_all(obstacle.parent().expect("below the root"))?;
        Ok(fs_err::write(&obstacle, "theirs")?)
    });
    let refused = place.write(&parts);
    assert!(matches!(&refused, Err(WriteError::InTheWay { path }) if *path == obstacle), "{refused:?}");
    drop(parts);
    place.assert_holds(&[
        ("a", "old"),
        ("b", "old"),
        ("d/", ""),
        ("d/gone", "old"),
        ("new/", ""),
        ("new/c", "theirs"),
    ]);
}

#[test]
fn two_runs_at_once_do_not_mix() {
    for place in [Place::empty(), Place::with(&[("a", "old")])] {
        let target = place.target.clone();
        let nested = Text {
            before: Box::new(|| {
                let other = write_folder(&target, &[rendered("a", "other")], &options());
                assert!(matches!(other, Err(WriteError::Locked { .. })), "{other:?}");
                let other = resolve(&target, Resolution::Undo);
                assert!(matches!(other, Err(WriteError::Locked { .. })), "{other:?}");
                Ok(())
            }),
            ..rendered("a", "new")
        };
        place.write(&[nested]).expect("writes");
        place.assert_holds(&[("a", "new")]);
    }
}
