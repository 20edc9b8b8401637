//! A folder with a package, and the binary run in it.

use std::process::{Command, Output};

use camino::{Utf8Path, Utf8PathBuf};

pub(crate) fn solship(folder: &Utf8Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_solship"))
        .current_dir(folder)
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .output()
        .expect("the binary runs")
}

/// Runs, wants an exit code, and gives stdout and stderr.
pub(crate) fn run(folder: &Utf8Path, code: i32, arguments: &[&str]) -> (String, String) {
    let output = solship(folder, arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{stdout}\n{stderr}");
    (stdout, stderr)
}

/// A folder with `Fab.zip`, made of a fixture.
pub(crate) struct Place {
    _temporary: tempfile::TempDir,
    pub(crate) path: Utf8PathBuf,
}

impl Place {
    pub(crate) fn new(fixture: &str) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let path = Utf8PathBuf::from_path_buf(temporary.path().to_owned()).expect("UTF-8");
        let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/release").join(fixture);
        zip_of(&source, &path.join("Fab.zip"), &[]);
        Self { _temporary: temporary, path }
    }

    /// With more entries in `Fab.zip`.
    pub(crate) fn with(fixture: &str, entries: &[(&str, &str)]) -> Self {
        let place = Self::new(fixture);
        let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/release").join(fixture);
        zip_of(&source, &place.path.join("Fab.zip"), entries);
        place
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        fs_err::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs_err::write(path, text).expect("writable");
    }

    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        fs_err::read(self.path.join(path)).expect("readable")
    }

    pub(crate) fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        files_of(&self.path.join(folder))
    }
}

pub(crate) fn files_of(folder: &Utf8Path) -> Vec<(String, Vec<u8>)> {
    let walk =
        walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(|found| found.expect("readable"));
    walk.filter(|found| found.file_type().is_file())
        .map(|found| {
            let path = Utf8PathBuf::from_path_buf(found.into_path()).expect("UTF-8");
            let bytes = fs_err::read(&path).expect("readable");
            (path.strip_prefix(folder).expect("below").to_string(), bytes)
        })
        .collect()
}

/// Names and bytes of an archive, by name.
pub(crate) fn entries_of(archive: &Utf8Path) -> Vec<(String, Vec<u8>)> {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(fs_err::File::open(archive).expect("there")).expect("a zip");
    let mut entries: Vec<_> = (0..archive.len())
        .map(|at| {
            let mut entry = archive.by_index(at).expect("an entry");
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("readable");
            (entry.name().expect("a name").into_owned(), bytes)
        })
        .collect();
    entries.sort();
    entries
}

pub(crate) fn zip_of(folder: &Utf8Path, target: &Utf8Path, more: &[(&str, &str)]) {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(fs_err::File::create(target).expect("writable"));
    let options = zip::write::SimpleFileOptions::default();
    for (path, bytes) in files_of(folder) {
        writer.start_file(path, options).expect("a path");
        writer.write_all(&bytes).expect("writable");
    }
    for (path, text) in more {
        writer.start_file(*path, options).expect("a path");
        writer.write_all(text.as_bytes()).expect("writable");
    }
    writer.finish().expect("writable");
}
