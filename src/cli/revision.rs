//! `REV:PATH`: a solution as a revision of a git repository has it, taken out into a folder for the time of the command.

use std::ffi::OsString;
use std::io::Write;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// Most bytes of what is taken out.
const MOST_BYTES: u64 = 4 << 30;
/// Most files of it.
const MOST_FILES: usize = 200_000;

/// What stands at the start of a file that git LFS keeps elsewhere.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// What a revision holds, on disk as long as the value.
pub(super) struct Checkout {
    /// The zip, or the folder.
    pub(super) path: Utf8PathBuf,
    /// What the user called it.
    word: String,
    /// What could not be taken out, in words.
    pub(super) left_out: Option<String>,
    _guard: tempfile::TempDir,
}

impl Checkout {
    /// A text in which the revision is called as the user called it, and not by where it was taken out to.
    pub(super) fn called(&self, text: &str) -> String {
        let word = self.word.trim_end_matches('/');
        let text = if word.ends_with(':') {
            // The whole tree: what is in it stands right behind the colon.
            text.replace(&format!("{}{}", self.path, std::path::MAIN_SEPARATOR), word)
        } else {
            text.to_owned()
        };
        text.replace(self.path.as_str(), word)
    }
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
    // It says best what is wrong with a word.
    let kind = git(word, &["cat-file", "-t", "--end-of-options", word]).map_err(|words| {
        from_here(word).map_or(words.clone(), |meant| format!("{words}; is {meant} meant?"))
    })?;
    let kind = String::from_utf8_lossy(&kind).trim().to_owned();
    // From here on by its object: a path in a revision would be looked for below the working folder by some commands.
    let object = git(word, &["rev-parse", "--verify", "--end-of-options", word])?;
    let object = String::from_utf8_lossy(&object).lines().last().unwrap_or_default().trim().to_owned();
    let guard = tempfile::Builder::new().prefix("solship-").tempdir().map_err(|error| error.to_string())?;
    let folder = Utf8Path::from_path(guard.path()).ok_or("the folder for temporary files is not UTF-8")?;
    let name = word.rsplit(['/', ':']).find(|part| !matches!(*part, "" | "." | ".."));
    let path = folder.join(name.unwrap_or("solution").replace(['\\', '\0'], "_"));
    let mut left_out = None;
    match &*kind {
        "blob" => {
            let bytes = git(word, &["cat-file", "blob", "--end-of-options", &object])?;
            if bytes.starts_with(LFS_POINTER) {
                return Err(format!(
                    "{word}: git LFS keeps its content elsewhere; check the revision out instead"
                ));
            }
            fs_err::write(&path, bytes).map_err(|error| error.to_string())?;
        }
        "tree" | "commit" => {
            fs_err::create_dir(&path).map_err(|error| error.to_string())?;
            left_out = tree(word, &object, &path)?;
        }
        other => return Err(format!("{word}: a {other}, neither a zip nor a folder")),
    }
    Ok(Checkout { path, word: word.to_owned(), left_out, _guard: guard })
}

/// The same path from the working folder on, where the revision has that one.
fn from_here(word: &str) -> Option<String> {
    let (revision, path) = word.split_once(':')?;
    let meant = format!("{revision}:./{path}");
    git(&meant, &["cat-file", "-t", "--end-of-options", &meant]).ok().map(|_| meant)
}

/// Writes the files of a tree. Links and submodules are left out, which the answer says in words.
fn tree(word: &str, object: &str, target: &Utf8Path) -> Result<Option<String>, String> {
    let listing = git(word, &["ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", object])?;
    let mut left_out: Vec<&str> = Vec::new();
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
            left_out.push(path);
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
    Ok(match &*left_out {
        [] => None,
        [only] => Some(format!("{word}: {only} is a link or a submodule and left out")),
        [first, ..] => Some(format!(
            "{word}: {first} and {} more are links or submodules and left out",
            left_out.len() - 1
        )),
    })
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

/// What git prints. What it says when it fails stands behind the word of the user.
fn git(word: &str, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = command(arguments).stdin(Stdio::null()).output().map_err(not_there)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said
        .lines()
        .map(|line| line.trim().trim_start_matches("fatal: ").trim_start_matches("hint: "))
        .filter(|line| !line.is_empty())
        .collect();
    let words = if lines.is_empty() { "git failed".to_owned() } else { lines.join("; ") };
    Err(format!("{word}: {words}"))
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
