//! `REV:PATH`: a solution as a revision of a git repository has it, taken out into a folder for the time of the command.

use std::ffi::OsString;
use std::io::Write;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// Most bytes of what is taken out.
const MOST_BYTES: u64 = 4 << 30;
/// Most files of it.
const MOST_FILES: usize = 200_000;

/// What a revision holds, on disk as long as the value.
pub(super) struct Checkout {
    /// The zip, or the folder.
    pub(super) path: Utf8PathBuf,
    _guard: tempfile::TempDir,
}

/// Whether a word can be `REV:PATH`: not a path that is there, at least two characters of revision, and no option.
pub(super) fn is_revision(word: &str) -> bool {
    let revision = word.split_once(':').map(|(revision, _)| revision);
    revision.is_some_and(|revision| revision.chars().count() >= 2 && !revision.starts_with('-'))
}

/// Takes it out.
///
/// # Errors
/// In words: git is not there, the revision or path is not, or what is there is no zip and no folder.
pub(super) fn take_out(word: &str) -> Result<Checkout, String> {
    let kind = git(&["cat-file", "-t", "--end-of-options", word])?;
    let kind = String::from_utf8_lossy(&kind).trim().to_owned();
    let guard = tempfile::Builder::new().prefix("solship-").tempdir().map_err(|error| error.to_string())?;
    let folder = Utf8Path::from_path(guard.path()).ok_or("the folder for temporary files is not UTF-8")?;
    let name = word.rsplit(['/', ':']).find(|part| !part.is_empty()).unwrap_or("solution");
    let path = folder.join(name.replace(['\\', '\0'], "_"));
    match &*kind {
        "blob" => {
            let bytes = git(&["cat-file", "blob", "--end-of-options", word])?;
            fs_err::write(&path, bytes).map_err(|error| error.to_string())?;
        }
        "tree" | "commit" => {
            fs_err::create_dir(&path).map_err(|error| error.to_string())?;
            tree(word, &path)?;
        }
        other => return Err(format!("{word}: a {other}, neither a zip nor a folder")),
    }
    Ok(Checkout { path, _guard: guard })
}

/// Writes the files of a tree; links and submodules are left out.
fn tree(word: &str, target: &Utf8Path) -> Result<(), String> {
    let listing = git(&["ls-tree", "-r", "-l", "-z", "--end-of-options", word])?;
    let mut files: Vec<(String, &str)> = Vec::new();
    let mut bytes: u64 = 0;
    let listing = String::from_utf8(listing).map_err(|_| format!("{word}: a name is not UTF-8"))?;
    for row in listing.split('\0').filter(|row| !row.is_empty()) {
        let (facts, path) =
            row.split_once('\t').ok_or_else(|| format!("{word}: git lists it in an unknown form"))?;
        let mut facts = facts.split_whitespace();
        let (mode, kind, object) =
            (facts.next().unwrap_or(""), facts.next().unwrap_or(""), facts.next().unwrap_or(""));
        let size: u64 = facts.next().and_then(|size| size.parse().ok()).unwrap_or(0);
        if kind != "blob" || mode == "120000" {
            continue;
        }
        bytes = bytes.saturating_add(size);
        files.push((path.to_owned(), object));
    }
    if files.len() > MOST_FILES || bytes > MOST_BYTES {
        return Err(format!("{word}: over the limit of {MOST_FILES} files or {MOST_BYTES} bytes"));
    }
    let mut objects = String::new();
    for (path, object) in &files {
        is_inside(path).then_some(()).ok_or_else(|| format!("{word}: {path} leads out of its folder"))?;
        objects.push_str(object);
        objects.push('\n');
    }
    let contents = batch(objects.into_bytes())?;
    let mut rest = &contents[..];
    for (path, _) in &files {
        let end = memchr_newline(rest).ok_or_else(|| format!("{word}: git ends too early"))?;
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        let size: usize = head
            .rsplit(' ')
            .next()
            .and_then(|size| size.parse().ok())
            .ok_or_else(|| format!("{word}: {head}"))?;
        let content =
            rest.get(end + 1..end + 1 + size).ok_or_else(|| format!("{word}: git ends too early"))?;
        let file = target.join(path);
        let folder = file.parent().unwrap_or(target);
        fs_err::create_dir_all(folder).map_err(|error| error.to_string())?;
        fs_err::write(&file, content).map_err(|error| error.to_string())?;
        rest = rest.get(end + 2 + size..).unwrap_or_default();
    }
    Ok(())
}

fn memchr_newline(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n')
}

/// Whether a path of a tree stays below the folder that it is written to.
fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains('\\')
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(':')
}

/// What git prints.
fn git(arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = command(arguments).stdin(Stdio::null()).output().map_err(not_there)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let words = words.trim().lines().next().unwrap_or("git failed").trim_start_matches("fatal: ").to_owned();
    Err(format!("{}: {words}", arguments.last().copied().unwrap_or_default()))
}

/// The contents of objects, one behind the other, each behind a line with its size.
fn batch(objects: Vec<u8>) -> Result<Vec<u8>, String> {
    let mut child = command(&["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(not_there)?;
    let mut stdin = child.stdin.take().ok_or("git takes no list of objects")?;
    // Both pipes may be full at the same time.
    let writer = std::thread::spawn(move || stdin.write_all(&objects));
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let written = writer.join().map_err(|_| "git takes no list of objects".to_owned())?;
    written.map_err(|error| error.to_string())?;
    if output.status.success() { Ok(output.stdout) } else { Err("git cat-file failed".to_owned()) }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("--no-pager").args(arguments.iter().map(OsString::from));
    command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    command
}

fn not_there(error: std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::NotFound {
        "git is not installed: REV:PATH needs it".to_owned()
    } else {
        error.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_has_two_characters_and_is_no_option() {
        for (word, expected) in [
            ("HEAD:src", true),
            ("v1:a.zip", true),
            ("C:\\x", false),
            ("-a:x", false),
            ("src/Fab", false),
            ("HEAD", false),
        ] {
            assert_eq!(is_revision(word), expected, "{word}");
        }
    }

    #[test]
    fn no_path_leads_out() {
        assert!(is_inside("a/b.xml"));
        for path in ["../a", "a/../b", "/a", "a//b", "a\\b", "C:a", ""] {
            assert!(!is_inside(path), "{path}");
        }
    }
}
