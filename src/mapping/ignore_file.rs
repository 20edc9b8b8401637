//! The user's own list of what is left alone, in the syntax of gitignore; and the solution's files that it takes back by
//! their whole path (`!/Controls/fab_Grid/README.md`) although their names are otherwise left alone.
//!
//! The matching is the crate `ignore`'s, ripgrep's own: anchors, `**`, escapes and the last line that matches are where
//! a matcher written anew would be subtly wrong.

use std::collections::BTreeSet;
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::path::{fold, parts};

/// The user's own list, at the top of the packager folder, in the syntax of gitignore.
pub const IGNORE_FILE: &str = ".solshipignore";

/// Bytes of that file and of a line of it; git's own longest lists have some thousand short lines.
const LIMIT: u64 = 64 << 10;
const LINE_LIMIT: usize = 4096;

/// Why `.solshipignore` is refused.
#[derive(Debug, thiserror::Error)]
pub enum OursError {
    /// It, or the folder, cannot be read.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// The file or folder.
        path: Utf8PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is a folder or a symlink.
    #[error("{path} is not a file")]
    NotAFile {
        /// The file.
        path: Utf8PathBuf,
    },
    /// It is too large.
    #[error("{path}: over the limit of {limit} bytes")]
    TooLarge {
        /// The file.
        path: Utf8PathBuf,
        /// The limit.
        limit: u64,
    },
    /// It is not text.
    #[error("{path}: the bytes are not UTF-8")]
    NotUtf8 {
        /// The file.
        path: Utf8PathBuf,
    },
    /// A line is too long.
    #[error("{path}:{line}: over the limit of {limit} bytes of a line")]
    LongLine {
        /// The file.
        path: Utf8PathBuf,
        /// From 1.
        line: usize,
        /// The limit.
        limit: usize,
    },
    /// A line is no pattern.
    #[error("{path}:{line}: {source}")]
    Pattern {
        /// The file.
        path: Utf8PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong with it.
        source: ignore::Error,
    },
    /// The patterns are too many or too large together.
    #[error("{path}: {source}")]
    Patterns {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong.
        source: ignore::Error,
    },
}

/// The patterns of one `.solshipignore`.
#[derive(Debug, Clone)]
pub(super) struct IgnoreFile {
    text: String,
    patterns: Gitignore,
    /// The files that lines such as `!/folder/README.md` take back, folded.
    taken: BTreeSet<String>,
}

/// What stands above the lines that unpacking writes, and tells them from the user's own.
const HEAD: &str =
    "# Files of the solution that would be left alone for their names; with these lines they are packed.";

/// The lines that unpacking wrote: those below its own comment that take one file back, up to the first other one.
struct Block<'t> {
    before: &'t str,
    lines: Vec<&'t str>,
    behind: &'t str,
}

impl<'t> Block<'t> {
    /// Without the comment it is empty, at the end.
    fn of(text: &'t str) -> Self {
        let mut block = Self { before: text, lines: Vec::new(), behind: "" };
        let mut offset = 0;
        let mut is_inside = false;
        for whole in text.split_inclusive('\n') {
            let line = whole.trim_end_matches(['\n', '\r']);
            if is_inside && taken_by(line).is_some() {
                block.lines.push(line);
            } else if is_inside {
                break;
            } else if line.trim_start_matches('\u{feff}') == HEAD {
                block.before = &text[..offset + line.len() - HEAD.len()];
                is_inside = true;
            }
            offset += whole.len();
        }
        if is_inside {
            block.behind = &text[offset..];
        }
        block
    }
}

impl IgnoreFile {
    /// Reads that of a packager folder; without one, nothing is ignored.
    pub(super) fn of(folder: &Utf8Path) -> Result<Self, OursError> {
        let path = folder.join(IGNORE_FILE);
        let text = read(&path)?;
        let patterns = patterns(&path, &text)?;
        let taken = lines(&text).filter_map(taken_by).collect();
        Ok(Self { text, patterns, taken })
    }

    /// Whether a line names exactly this file, by its folded path, as one of the solution.
    pub(super) fn takes(&self, key: &str) -> bool {
        self.taken.contains(key)
    }

    /// Whether a line names a file below this folder as one of the solution.
    pub(super) fn takes_below(&self, folder: &str) -> bool {
        let inside = format!("{folder}/");
        self.taken.range(inside.clone()..).next().is_some_and(|file| file.starts_with(&inside))
    }

    /// The text with lines that take these paths back, in the block of lines that unpacking wrote; those of that block that
    /// are stale, by their folded path, go. None when the text stays as it is.
    pub(super) fn rewritten<'p>(
        &self,
        folder: &Utf8Path,
        paths: impl IntoIterator<Item = &'p str>,
        is_stale: impl Fn(&str) -> bool,
    ) -> Result<Option<String>, OursError> {
        let line_end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let block = Block::of(&self.text);
        let written: Vec<String> = block.lines.iter().map(|line| (*line).to_owned()).collect();
        let mut wanted = written.clone();
        wanted.retain(|line| !taken_by(line).is_some_and(|path| is_stale(&path)));
        wanted.extend(paths.into_iter().map(line_for));
        if wanted == written {
            return Ok(None);
        }
        let mut text = block.before.to_owned();
        if !wanted.is_empty() {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push_str(line_end);
            }
            for line in std::iter::once(HEAD).chain(wanted.iter().map(String::as_str)) {
                text.push_str(line);
                text.push_str(line_end);
            }
        }
        text.push_str(block.behind);
        if text.len() as u64 > LIMIT {
            return Err(OursError::TooLarge { path: folder.join(IGNORE_FILE), limit: LIMIT });
        }
        Ok(Some(text))
    }

    /// The line that ignores the path, if one does. From the top down, as git does: what is in an ignored folder cannot be
    /// taken back by a later line.
    pub(super) fn matching(&self, parts: &[&str], is_folder: bool) -> Option<String> {
        if self.patterns.is_empty() {
            return None;
        }
        (1..=parts.len()).find_map(|length| {
            let path = parts[..length].join("/");
            match self.patterns.matched(path, is_folder || length < parts.len()) {
                ignore::Match::Ignore(glob) => Some(with_braces(glob.original())),
                ignore::Match::Whitelist(_) | ignore::Match::None => None,
            }
        })
    }
}

/// The line that takes the file back where it stands behind this one; none where that cannot be, as a whole folder is ignored.
pub fn line_taking_back(pattern: &str, path: &str) -> Option<String> {
    let line = line_for(path);
    let patterns = patterns(Utf8Path::new(IGNORE_FILE), &format!("{pattern}\n{line}")).ok()?;
    let both = IgnoreFile { text: String::new(), patterns, taken: BTreeSet::new() };
    both.matching(&parts(path)?, false).is_none().then_some(line)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.trim_start_matches('\u{feff}').lines()
}

/// The line that takes exactly this path back.
fn line_for(path: &str) -> String {
    let mut line = "!/".to_owned();
    for (at, character) in path.char_indices() {
        let is_last_blank = character == ' ' && at + 1 == path.len();
        if matches!(character, '*' | '?' | '[' | ']' | '\\') || is_last_blank {
            line.push('\\');
        }
        line.push(character);
    }
    line
}

/// The folded path of the one file that the line takes back; none of any other line.
fn taken_by(line: &str) -> Option<String> {
    let mut path = String::new();
    // Blanks at the end count only behind a backslash.
    let mut end = 0;
    let mut characters = line.strip_prefix("!/")?.chars();
    while let Some(character) = characters.next() {
        match character {
            '*' | '?' | '[' => return None,
            '\\' => path.push(characters.next()?),
            ' ' => {
                path.push(' ');
                continue;
            }
            _ => path.push(character),
        }
        end = path.len();
    }
    path.truncate(end);
    (!path.ends_with('/')).then(|| parts(&path).map(|parts| fold(&parts.join("/"))))?
}

/// The text of the file; empty when it is not there.
fn read(path: &Utf8Path) -> Result<String, OursError> {
    let refused = |source| OursError::Read { path: path.to_owned(), source };
    match fs_err::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(OursError::NotAFile { path: path.to_owned() }),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(String::new());
        }
        Err(error) => return Err(refused(error)),
    }
    let mut bytes = Vec::new();
    fs_err::File::open(path)
        .and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes))
        .map_err(refused)?;
    if bytes.len() as u64 > LIMIT {
        return Err(OursError::TooLarge { path: path.to_owned(), limit: LIMIT });
    }
    String::from_utf8(bytes).map_err(|_| OursError::NotUtf8 { path: path.to_owned() })
}

/// The patterns of the text.
fn patterns(path: &Utf8Path, text: &str) -> Result<Gitignore, OursError> {
    let mut builder = GitignoreBuilder::new("");
    // Names compare without case everywhere in a solution, and the answer may not depend on the system.
    builder.case_insensitive(true).map_err(|source| OursError::Patterns { path: path.to_owned(), source })?;
    for (line, pattern) in (1..).zip(lines(text)) {
        if pattern.len() > LINE_LIMIT {
            return Err(OursError::LongLine { path: path.to_owned(), line, limit: LINE_LIMIT });
        }
        builder.add_line(None, &braces_as_text(pattern)).map_err(|source| OursError::Pattern {
            path: path.to_owned(),
            line,
            source,
        })?;
    }
    builder.build().map_err(|source| OursError::Patterns { path: path.to_owned(), source })
}

/// The crate reads `{a,b}` as a choice; git reads it as text, and file names of a solution have braces around GUIDs.
fn braces_as_text(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '{' => text.push_str("[{]"),
            '}' => text.push_str("[}]"),
            '\\' => {
                text.push(character);
                text.extend(characters.next());
            }
            '[' => {
                text.push(character);
                // A bracket right at the start of a class is one of its characters.
                let mut is_start = true;
                for inner in characters.by_ref() {
                    text.push(inner);
                    if inner == ']' && !is_start {
                        break;
                    }
                    is_start = is_start && matches!(inner, '!' | '^');
                }
            }
            _ => text.push(character),
        }
    }
    text
}

fn with_braces(pattern: &str) -> String {
    pattern.replace("[{]", "{").replace("[}]", "}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::testing::Tree;

    fn matching(text: &str, path: &str) -> Option<String> {
        let tree = Tree::new(&[]);
        tree.write(IGNORE_FILE, text);
        IgnoreFile::of(&tree.path("")).unwrap().matching(&parts(path).unwrap(), false)
    }

    #[test]
    fn a_file_is_taken_back_where_its_folder_is_not_ignored() {
        let line = |pattern, path| line_taking_back(pattern, path);
        for pattern in ["*.js", "Web/*", "/Web/a.js", "a.js"] {
            assert_eq!(line(pattern, "Web/a.js").as_deref(), Some("!/Web/a.js"), "{pattern}");
        }
        for pattern in ["Web/", "/Web", "web", "Web/**/"] {
            assert_eq!(line(pattern, "Web/b/a.js"), None, "{pattern}");
        }
        assert_eq!(line("*.js", "a[1] .js").as_deref(), Some("!/a\\[1\\] .js"));
    }

    #[test]
    fn the_ignore_file_has_the_syntax_of_gitignore() {
        let text = "\u{feff}# notes\r\n\r\n/notes.txt\r\n*.tmp\r\n!keep.tmp\r\ndrafts/\r\n!drafts/a.js\r\nw/**/x?.js\r\n";
        let ignored = |path: &str| matching(text, path).is_some();
        for path in
            ["notes.txt", "NOTES.txt", "a/b.tmp", "drafts/a.js", "a/drafts/b", "w/x1.js", "w/a/b/x1.js"]
        {
            assert!(ignored(path), "{path}");
        }
        for path in ["a/notes.txt", "keep.tmp", "a/keep.tmp", "drafts", "w/x.js", "notes"] {
            assert!(!ignored(path), "{path}");
        }
    }

    #[test]
    fn a_line_that_names_one_file_takes_it_back() {
        for path in ["README.md", "a/{5f}.orig", "a b/.x ", "a/[x]*?.rej"] {
            let line = line_for(path);
            assert_eq!(taken_by(&line), parts(path).map(|parts| fold(&parts.join("/"))), "{line}");
            // What takes a file back also wins over a pattern before it.
            assert_eq!(
                matching(&format!("*\n{line}\n"), path),
                if path.contains('/') { Some("*".to_owned()) } else { None }
            );
        }
        assert_eq!(taken_by("!/a/README.md  ").as_deref(), Some("a/readme.md"));
        for line in
            ["!README.md", "/README.md", "!/*.md", "!/a?", "!/[a]", "!/a/", "!/", "!/../a", "#!/a", r"!/a\"]
        {
            assert_eq!(taken_by(line), None, "{line}");
        }
    }

    fn rewritten(text: &str, paths: &[&str], stale: &[&str]) -> Option<String> {
        let tree = Tree::new(&[]);
        if !text.is_empty() {
            tree.write(IGNORE_FILE, text);
        }
        let file = IgnoreFile::of(&tree.path("")).unwrap();
        file.rewritten(&tree.path(""), paths.iter().copied(), |path| stale.contains(&path)).unwrap()
    }

    #[test]
    fn lines_are_added_behind_those_of_the_user() {
        let block = format!("{HEAD}\n!/a/README\n!/b/.x\n");
        assert_eq!(rewritten("", &["a/README", "b/.x"], &[]), Some(block.clone()));
        let in_windows = block.replace('\n', "\r\n");
        let text = "*.tmp\r\n# end";
        assert_eq!(rewritten(text, &["a/README", "b/.x"], &[]), Some(format!("{text}\r\n{in_windows}")));
        // Into the block that is there, wherever it is.
        let text = format!("*.tmp\n{block}*.bak\n!/mine\n");
        let more = format!("*.tmp\n{block}!/c.orig\n*.bak\n!/mine\n");
        assert_eq!(rewritten(&text, &["c.orig"], &[]), Some(more));
        assert_eq!(rewritten(&text, &[], &[]), None);
    }

    #[test]
    fn stale_lines_go_and_those_of_the_user_stay() {
        let text = format!("!/b/.x\n{HEAD}\n!/a/README\n!/b/.x\n# mine\n!/a/README\n");
        let stale = Some(format!("!/b/.x\n{HEAD}\n!/b/.x\n# mine\n!/a/README\n"));
        assert_eq!(rewritten(&text, &[], &["a/readme"]), stale);
        let none = Some("!/b/.x\n# mine\n!/a/README\n".to_owned());
        assert_eq!(rewritten(&text, &[], &["a/readme", "b/.x"]), none);
        assert_eq!(rewritten("!/a/README\n", &[], &["a/readme"]), None);
        assert_eq!(
            rewritten(&format!("\u{feff}{HEAD}\r\n!/a\r\n"), &[], &["a"]),
            Some("\u{feff}".to_owned())
        );
    }

    #[test]
    fn more_lines_than_can_be_read_again_are_refused() {
        let paths: Vec<String> = (0..3000).map(|at| format!("Controls/fab_Grid/{at}/README.md")).collect();
        let file = IgnoreFile::of(Utf8Path::new("nowhere")).unwrap();
        let refused = file.rewritten(Utf8Path::new("nowhere"), paths.iter().map(String::as_str), |_| false);
        assert!(matches!(refused, Err(OursError::TooLarge { .. })), "{refused:?}");
    }

    #[test]
    fn braces_in_the_ignore_file_are_text() {
        let text = "{5f}.xml\n\\{a\\}.xml\n[{x].js\n[]{]y\nnot,{a,b}\n";
        assert_eq!(matching(text, "FormXml/main/{5F}.xml").as_deref(), Some("{5f}.xml"));
        for path in ["{a}.xml", "x.js", "{.js", "]y", "{y", "not,{a,b}"] {
            assert!(matching(text, path).is_some(), "{path}");
        }
        for path in ["5f.xml", "a.xml", "not,a"] {
            assert_eq!(matching(text, path), None, "{path}");
        }
    }

    #[test]
    fn a_long_run_of_braces_is_read() {
        assert_eq!(matching(&"{".repeat(4000), "a"), None);
    }

    #[test]
    fn a_broken_ignore_file_is_refused_with_its_line() {
        let tree = Tree::new(&[]);
        let refused = |text: &str| {
            tree.write(IGNORE_FILE, text);
            IgnoreFile::of(&tree.path("")).unwrap_err().to_string()
        };
        assert!(matching(&"x\n".repeat(32_768), "x").is_some());
        assert!(refused("a\n[z-a]\n").contains(".solshipignore:2: "));
        assert!(refused(&"x".repeat(5000)).contains(":1: over the limit of 4096 bytes of a line"));
        assert!(refused(&"x\n".repeat(40_000)).contains("over the limit of 65536 bytes"));
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_ignore_file_is_refused() {
        let tree = Tree::new(&["secret"]);
        tree.link("secret", IGNORE_FILE);
        assert!(matches!(IgnoreFile::of(&tree.path("")), Err(OursError::NotAFile { .. })));
    }
}
