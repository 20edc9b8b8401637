//! Which files of a folder are the solution: what pack puts into an archive and what unpack may delete.
//!
//! All others are never packed and never deleted. Read [`Ours`] first.

use std::collections::HashSet;

use super::names::folded;
use super::pattern::{strip_prefix, strip_suffix};
use super::place::{Place, place_of};
use super::rules::DATA_SUFFIX;

/// Folders at the top that builds fill.
const BUILD_FOLDERS: [&str; 2] = ["bin", "obj"];
/// What the canvas option of the reference packer writes beside an app.
const CANVAS_SOURCE: &str = "CanvasApps/src/";
/// Files at the top that belong to the project and not to the solution.
const PROJECT_FILES: [&str; 3] = ["*.cdsproj", "README*", "solship.toml"];
/// Endings and names, at any depth, of what merges and systems leave behind.
const LEFTOVERS: [(&str, &str); 3] = [(".orig", "*.orig"), (".rej", "*.rej"), ("Thumbs.db", "Thumbs.db")];
/// What starts so belongs to version control, an editor or a system.
const HIDDEN: &str = ".*";

/// Tells the files of the solution from all others.
#[derive(Debug, Clone, Default)]
pub struct Ours {
    /// Files that are not ours, by folded path.
    excluded: HashSet<String>,
    ignored: Vec<Ignored>,
}

/// A line of `.solshipignore`.
#[derive(Debug, Clone)]
struct Ignored {
    line: String,
    pattern: String,
    /// It takes back what an earlier line ignores.
    negated: bool,
    /// It means folders only.
    folder: bool,
    /// It is matched from the top, not with a name at any depth.
    anchored: bool,
}

impl Ours {
    /// Without anything of the user's.
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves out these files too: a map, deployment settings.
    #[must_use]
    pub fn without<'p>(mut self, paths: impl IntoIterator<Item = &'p str>) -> Self {
        self.excluded.extend(paths.into_iter().map(folded));
        self
    }

    /// Leaves out what the lines of `.solshipignore` name: as in `.gitignore`, with `*`, `?`, `**`, `/` at the start or end,
    /// `!` and `#`.
    #[must_use]
    pub fn without_lines(mut self, text: &str) -> Self {
        self.ignored.extend(text.lines().filter_map(Ignored::read));
        self
    }

    /// Why each of these paths is none of ours; `None` for those that are. A file that a row of the solution names is ours
    /// whatever it is called, unless the user says otherwise.
    pub fn select(&self, paths: &[&str]) -> Vec<Option<String>> {
        let all: HashSet<String> = paths.iter().map(|path| folded(path)).collect();
        let is_named = |path: &str| {
            let is_row = strip_suffix(path, ".xml").is_some()
                && matches!(place_of(path), Place::Row { .. } | Place::Inner { .. });
            is_row || all.contains(&folded(&format!("{path}{DATA_SUFFIX}")))
        };
        let why = |path: &&str| {
            self.said_by_user(path)
                .or_else(|| never_packed(path).filter(|_| !is_named(path)).map(str::to_owned))
        };
        paths.iter().map(why).collect()
    }

    fn said_by_user(&self, path: &str) -> Option<String> {
        if self.excluded.contains(&folded(path)) {
            return Some(path.to_owned());
        }
        let last = self.ignored.iter().rev().find(|ignored| ignored.matches(path))?;
        (!last.negated).then(|| last.line.clone())
    }
}

/// The pattern by which a path is none of ours.
pub(super) fn never_packed(path: &str) -> Option<&'static str> {
    if strip_prefix(path, CANVAS_SOURCE).is_some() {
        return Some(CANVAS_SOURCE);
    }
    if let Some((top, _)) = path.split_once('/') {
        if let Some(found) = BUILD_FOLDERS.iter().find(|folder| top.eq_ignore_ascii_case(folder)) {
            return Some(found);
        }
    } else if let Some(found) = PROJECT_FILES.iter().find(|pattern| glob(pattern, path)) {
        return Some(found);
    }
    path.split('/').find_map(|name| {
        if name.starts_with('.') {
            return Some(HIDDEN);
        }
        let leftover = |(ending, pattern): &(&str, &str)| {
            let before = strip_suffix(name, ending)?;
            (pattern.starts_with('*') || before.is_empty()).then_some(())
        };
        LEFTOVERS.iter().find(|known| leftover(known).is_some()).map(|(_, pattern)| *pattern)
    })
}

impl Ignored {
    fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        let (negated, rest) = match line.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let (folder, rest) = match rest.strip_suffix('/') {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let anchored = rest.contains('/');
        let pattern = rest.trim_start_matches('/').to_owned();
        let says_something = !pattern.is_empty() && !line.starts_with('#');
        says_something.then(|| Self { line: line.to_owned(), pattern, negated, folder, anchored })
    }

    /// The path itself, or a folder above it.
    fn matches(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at).chain((!self.folder).then_some(path.len()));
        let mut start = 0;
        for end in ends {
            let tested = if self.anchored { &path[..end] } else { &path[start..end] };
            if glob(&self.pattern, tested) {
                return true;
            }
            start = end + 1;
        }
        false
    }
}

/// `*` and `?` do not match a slash, `**` does; case does not count. Takes the product of both lengths at most.
fn glob(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().flat_map(char::to_lowercase).collect();
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    // Whether the pattern up to here matches the text up to each place.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    let mut at = 0;
    while at < pattern.len() {
        let mut next = vec![false; text.len() + 1];
        if pattern[at] == '*' {
            let any = pattern.get(at + 1) == Some(&'*');
            let mut open = false;
            for place in 0..=text.len() {
                open = reached[place] || open && (any || text[place - 1] != '/');
                next[place] = open;
            }
            at += if any { 2 } else { 1 };
            // `**/` matches nothing at all, too.
            if any && pattern.get(at) == Some(&'/') {
                for place in 0..=text.len() {
                    next[place] = reached[place] || next[place] && place > 0 && text[place - 1] == '/';
                }
                at += 1;
            }
        } else {
            for place in 0..text.len() {
                let same = pattern[at] == text[place] || pattern[at] == '?' && text[place] != '/';
                next[place + 1] = reached[place] && same;
            }
            at += 1;
        }
        reached = next;
    }
    reached[text.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(ours: &Ours, path: &str) -> Option<String> {
        ours.select(&[path]).remove(0)
    }

    #[test]
    fn what_a_project_has_beside_its_solution_is_not_ours() {
        let ours = Ours::new();
        for path in [
            "README.md",
            "readme",
            "Solution.cdsproj",
            "solship.toml",
            "bin/Debug/x.zip",
            "OBJ/x.json",
            ".git/HEAD",
            "Workflows/.DS_Store",
            "Roles/Clerk.xml.orig",
            "Other/Solution.xml.rej",
            "CanvasApps/src/app/x.yaml",
            "WebResources/thumbs.db",
        ] {
            assert!(why(&ours, path).is_some(), "{path}");
        }
        for path in [
            "Other/Solution.xml",
            "Controls/x/README.md",
            "Controls/x/bin/x.js",
            "CanvasApps/x.msapp",
            "Roles/Clerk.xml",
            "Assets/readme",
            "foo.txt",
        ] {
            assert_eq!(why(&ours, path), None, "{path}");
        }
    }

    #[test]
    fn what_a_row_names_is_ours_whatever_it_is_called() {
        let paths =
            ["WebResources/a/.b/c.orig.data.xml", "WebResources/a/.b/c.orig", "WebResources/a/.b/d.orig"];
        let why = Ours::new().select(&paths);
        assert_eq!(why[..2], [None, None]);
        assert_eq!(why[2].as_deref(), Some(".*"));
        let mine = Ours::new().without_lines("c.orig").select(&paths);
        assert_eq!(mine[1].as_deref(), Some("c.orig"));
    }

    #[test]
    fn lines_are_read_as_git_reads_them() {
        let ours =
            Ours::new().without_lines("# notes\n\n*.tmp\n/docs/\nWorkflows/*.md\n**/draft/**\n!keep.tmp\n");
        for path in ["a.tmp", "x/y.TMP", "docs/a/b.txt", "Workflows/a.md", "x/draft/y/z", "draft/z"] {
            assert!(why(&ours, path).is_some(), "{path}");
        }
        for path in ["keep.tmp", "x/docs/a", "docs", "Workflows/x/a.md", "notes", "drafts/z"] {
            assert_eq!(why(&ours, path), None, "{path}");
        }
    }

    #[test]
    fn files_given_by_name_are_left_out() {
        let ours = Ours::new().without(["Map.xml"]);
        assert_eq!(why(&ours, "map.xml").as_deref(), Some("map.xml"));
    }
}
