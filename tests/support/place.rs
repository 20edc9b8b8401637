//! A temporary folder in which the binary is run, and what lies in it.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// Path below a folder to the bytes; folders have `/` at the end, links their target.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// A temporary folder.
pub struct Place {
    _keep: tempfile::TempDir,
    /// Where it is, without links.
    pub path: Utf8PathBuf,
}

impl Place {
    /// An empty one.
    pub fn new() -> Self {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let path = Utf8Path::from_path(keep.path()).expect("UTF-8").canonicalize_utf8().expect("there");
        Self { _keep: keep, path }
    }

    /// One that holds these.
    pub fn with(tree: &Tree) -> Self {
        let place = Self::new();
        put(&place.path, tree);
        place
    }

    /// All that lies in it.
    pub fn tree(&self) -> Tree {
        tree(&self.path)
    }

    /// Runs the binary in it, and gives the exit code, stdout and stderr.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_solship"))
            .current_dir(&self.path)
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("the binary runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    /// Runs the binary, which must succeed.
    pub fn must(&self, arguments: &[&str]) -> String {
        let (code, stdout, stderr) = self.run(arguments);
        assert_eq!(code, Some(0), "{arguments:?}\n{stdout}\n{stderr}");
        stdout
    }

    /// Runs the binary, which must refuse: exit code 2, nothing on stdout, nothing changed. Gives stderr.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let before = self.tree();
        let (code, stdout, stderr) = self.run(arguments);
        assert_eq!(code, Some(2), "{arguments:?}\n{stdout}\n{stderr}");
        assert!(stdout.is_empty() && stderr.starts_with("error: "), "{arguments:?}\n{stdout}\n{stderr}");
        assert_eq!(changes(&before, &self.tree()), Vec::<String>::new(), "{arguments:?}\n{stderr}");
        stderr
    }
}

/// Paths that are not the same in both.
pub fn changes(before: &Tree, after: &Tree) -> Vec<String> {
    let paths: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    paths.into_iter().filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}

/// All that lies below a folder.
pub fn tree(root: &Utf8Path) -> Tree {
    let mut tree = Tree::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1) {
        let entry = entry.expect("an entry");
        let path = Utf8Path::from_path(entry.path()).expect("UTF-8");
        let below = path.strip_prefix(root).expect("below").to_string();
        if entry.file_type().is_dir() {
            tree.insert(below + "/", Vec::new());
        } else if entry.file_type().is_symlink() {
            tree.insert(below, path.read_link_utf8().expect("a link").into_string().into_bytes());
        } else if entry.file_type().is_file() {
            tree.insert(below, fs_err::read(path).expect("a file"));
        } else {
            tree.insert(below, b"special".to_vec());
        }
    }
    tree
}

/// Makes files and folders.
pub fn put(root: &Utf8Path, tree: &Tree) {
    for (path, bytes) in tree {
        let place = root.join(path);
        let folder = if path.ends_with('/') { &*place } else { place.parent().expect("below the root") };
        fs_err::create_dir_all(folder).expect("makes");
        if !path.ends_with('/') {
            fs_err::write(&place, bytes).expect("writes");
        }
    }
}

/// What of a tree lies in a folder.
pub fn below(tree: &Tree, folder: &str) -> Tree {
    let inside = format!("{folder}/");
    let entries = tree.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(&inside)?, bytes)));
    entries
        .filter(|(path, _)| !path.is_empty())
        .map(|(path, bytes)| (path.to_owned(), bytes.clone()))
        .collect()
}

/// A zip of the files of a folder.
pub fn zip_of(folder: &Utf8Path, target: &Utf8Path) {
    let mut writer = zip::ZipWriter::new(fs_err::File::create(target).expect("writable"));
    let options = zip::write::SimpleFileOptions::default();
    for (path, bytes) in tree(folder).iter().filter(|(path, _)| !path.ends_with('/')) {
        writer.start_file(path, options).expect("a path");
        writer.write_all(bytes).expect("writable");
    }
    writer.finish().expect("writable");
}

/// The folder of a fixture.
pub fn fixture(name: &str) -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/release").join(name)
}
