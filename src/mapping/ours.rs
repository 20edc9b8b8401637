//! Which files of a packager folder belong to the solution: what packing takes, and what unpacking may delete.
//!
//! By names. People keep other things beside a solution, and neither command may touch those. A file of such a name that is
//! the solution's all the same is known by its `.data.xml` beside it, or by a line of `.solshipignore`
//! (`!/Controls/fab_Grid/README.md`), which unpacking writes. `bin` and `obj` count at the top only: a build of the project
//! writes there, and deeper ones are folders of a component.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::bounds::real;
use super::ignore_file::{IGNORE_FILE, IgnoreFile, OursError};
use super::path::{fold, parts};
use super::pattern::NODE_FILE;

/// Why a file is left alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Its path does not stay in the folder.
    NotInside,
    /// Its name, or a folder's, starts with a dot.
    DotName,
    /// `CanvasApps/src/`: the sources that `--processCanvasApps` writes beside the app's own file.
    CanvasAppSources,
    /// `bin/` or `obj/` at the top: what a build of the project leaves there. Deeper ones are a component's own.
    BuildOutput,
    /// `*.cdsproj`.
    ProjectFile,
    /// `README*`.
    ReadMe,
    /// `solship.toml`, a map file or a settings file.
    Configuration,
    /// `*.orig` or `*.rej`: what a merge leaves.
    MergeLeftover,
    /// `Thumbs.db`.
    ThumbnailCache,
    /// A line of `.solshipignore`.
    Ignored {
        /// The line.
        pattern: String,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInside => formatter.write_str("not a path inside of the folder"),
            Self::DotName => formatter.write_str("a name that starts with a dot"),
            Self::CanvasAppSources => formatter.write_str("sources of canvas apps"),
            Self::BuildOutput => formatter.write_str("output of a build"),
            Self::ProjectFile => formatter.write_str("a project file"),
            Self::ReadMe => formatter.write_str("a read-me file"),
            Self::Configuration => formatter.write_str("a configuration, map or settings file"),
            Self::MergeLeftover => formatter.write_str("left by a merge"),
            Self::ThumbnailCache => formatter.write_str("a cache of thumbnails"),
            Self::Ignored { pattern } => write!(formatter, "{pattern} in {IGNORE_FILE}"),
        }
    }
}

/// Tells the solution's own files in a packager folder from all others.
#[derive(Debug, Clone)]
pub struct Ours {
    folder: Utf8PathBuf,
    /// Map and settings files in the folder, folded.
    configuration: BTreeSet<String>,
    /// Files that the solution itself names, folded.
    named: BTreeSet<String>,
    ignored: IgnoreFile,
}

impl Ours {
    /// Reads the `.solshipignore` of the folder, if both are there.
    pub fn new(folder: &Utf8Path) -> Result<Self, OursError> {
        let real = real(folder).map_err(|source| OursError::Read { path: folder.to_owned(), source })?;
        let ignored = IgnoreFile::of(folder)?;
        Ok(Self { folder: real, configuration: BTreeSet::new(), named: BTreeSet::new(), ignored })
    }

    /// Takes out a map or settings file, given as the user gives it. One outside of the folder changes nothing.
    pub fn leave_configuration(&mut self, path: &Utf8Path) -> Result<(), OursError> {
        let real = real(path).map_err(|source| OursError::Read { path: path.to_owned(), source })?;
        if let Some(key) = real.strip_prefix(&self.folder).ok().and_then(|below| key(below.as_str())) {
            self.configuration.insert(key);
        }
        Ok(())
    }

    /// Says that the solution itself names these files, as a node of customizations.xml names a web resource called
    /// `README.md`: they are ours whatever their names are, but for what the user ignores or configures with, and for git's
    /// files.
    pub fn take_named(&mut self, relative: &[&str]) {
        let keys: Vec<String> = relative.par_iter().filter_map(|path| key(path)).collect();
        self.named.append(&mut BTreeSet::from_iter(keys));
    }

    /// The text that `.solshipignore` is to have: with lines that say of these files that they are the solution's, and
    /// without those lines that unpacking wrote of files that are stale. None when it stays as it is.
    ///
    /// # Errors
    /// When it would be too large to be read again.
    pub fn ignore_file_taking<'p>(
        &self,
        paths: impl IntoIterator<Item = &'p str>,
        is_stale: impl Fn(&Utf8Path) -> bool,
    ) -> Result<Option<String>, OursError> {
        self.ignored.rewritten(&self.folder, paths, |path| is_stale(Utf8Path::new(path)))
    }

    /// The files that lie in the folder at this path, whatever the letter case, by their paths there.
    pub fn there(&self, relative: &Utf8Path) -> Vec<Utf8PathBuf> {
        let mut found = vec![self.folder.clone()];
        for part in parts(relative.as_str()).into_iter().flatten() {
            let folded = fold(part);
            let children = found.iter().filter_map(|folder| folder.read_dir_utf8().ok()).flatten().flatten();
            found = children
                .filter(|child| fold(child.file_name()) == folded)
                .map(|child| child.into_path())
                .collect();
        }
        found.retain(|path| path.is_file());
        found.sort();
        let below = |path: Utf8PathBuf| path.strip_prefix(&self.folder).ok().map(Utf8Path::to_owned);
        found.into_iter().filter_map(below).collect()
    }

    /// Whether the file at this path in the folder is the solution's.
    pub fn is_ours(&self, relative: &Utf8Path) -> bool {
        self.why_not(relative).is_none()
    }

    /// As [`Ours::why_not`], for those who list files: a path with `/` at the end is a folder, which is left alone when
    /// nothing in it can be the solution's.
    pub fn why_not_listed(&self, path: &str) -> Option<Reason> {
        match path.strip_suffix('/') {
            Some(folder) => self.why_not_folder(Utf8Path::new(folder)),
            None => self.why_not(Utf8Path::new(path)),
        }
    }

    /// Why the file at this path in the folder is left alone; none when it is the solution's.
    pub fn why_not(&self, relative: &Utf8Path) -> Option<Reason> {
        self.judge(relative, false)
    }

    /// Why all that is in this folder is left alone, so that nobody has to walk it; none when something in it may be the
    /// solution's.
    pub fn why_not_folder(&self, relative: &Utf8Path) -> Option<Reason> {
        self.judge(relative, true)
    }

    fn judge(&self, relative: &Utf8Path, is_folder: bool) -> Option<Reason> {
        let Some(parts) = parts(relative.as_str()) else { return Some(Reason::NotInside) };
        let key = fold(&parts.join("/"));
        let folded: Vec<&str> = key.split('/').collect();
        if folded.contains(&".git") {
            return Some(Reason::DotName);
        }
        if !is_folder && (self.configuration.contains(&key) || is_solships(&folded)) {
            return Some(Reason::Configuration);
        }
        let of_user = self.ignored.matching(&parts, is_folder).map(|pattern| Reason::Ignored { pattern });
        let named = if is_folder {
            let inside = format!("{key}/");
            self.ignored.takes_below(&key)
                || self.named.range(inside.clone()..).next().is_some_and(|name| name.starts_with(&inside))
        } else {
            self.named.contains(&key) || self.ignored.takes(&key)
        };
        if of_user.is_some() || named {
            return of_user;
        }
        by_name(&folded, is_folder).filter(|reason| is_folder || !self.is_of_a_row(reason, &parts))
    }

    /// A flow called "Readme" is no read-me file: the file of its row, `….json.data.xml`, lies beside it.
    fn is_of_a_row(&self, reason: &Reason, parts: &[&str]) -> bool {
        let is_folders = matches!(
            reason,
            Reason::NotInside | Reason::DotName | Reason::CanvasAppSources | Reason::BuildOutput
        );
        let is_row = |path: &str| path.to_ascii_lowercase().ends_with(NODE_FILE);
        let path = parts.join("/");
        !is_folders && (is_row(&path) || self.folder.join(format!("{path}{NODE_FILE}")).is_file())
    }

    /// The files of a list that are left alone, with the reason of each, sorted.
    pub fn left_alone<'p>(
        &self,
        files: impl IntoIterator<Item = &'p Utf8Path>,
    ) -> BTreeMap<&'p Utf8Path, Reason> {
        files.into_iter().filter_map(|file| Some((file, self.why_not(file)?))).collect()
    }
}

fn key(relative: &str) -> Option<String> {
    Some(fold(&parts(relative)?.join("/")))
}

/// Whether it is one of solship's own files, which no line and no package can make the solution's.
pub fn is_reserved(path: &str) -> bool {
    key(path).is_some_and(|key| is_solships(&key.split('/').collect::<Vec<_>>()))
}

fn is_solships(folded: &[&str]) -> bool {
    match folded {
        // What an interrupted run leaves at the top: from a package it would make the folder one that is half written.
        [".solship-interrupted" | ".solship-stage", ..] | [.., "solship.toml"] => true,
        [name] => *name == IGNORE_FILE,
        _ => false,
    }
}

/// What a name alone says.
fn by_name(folded: &[&str], is_folder: bool) -> Option<Reason> {
    let (name, folders) = folded.split_last()?;
    let within = if is_folder { folded } else { folders };
    let at_top = within.first().copied();
    if folded.iter().any(|part| part.starts_with('.')) {
        Some(Reason::DotName)
    } else if let Some("bin" | "obj") = at_top {
        Some(Reason::BuildOutput)
    } else if at_top == Some("canvasapps") && within.get(1) == Some(&"src") {
        Some(Reason::CanvasAppSources)
    } else if is_folder {
        None
    } else if *name == "thumbs.db" {
        Some(Reason::ThumbnailCache)
    } else if name.ends_with(".cdsproj") {
        Some(Reason::ProjectFile)
    } else if name.ends_with(".orig") || name.ends_with(".rej") {
        Some(Reason::MergeLeftover)
    } else if name.starts_with("readme") {
        Some(Reason::ReadMe)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::testing::Tree;

    fn ours(ignore: &str) -> (Tree, Ours) {
        let tree = Tree::new(&[]);
        if !ignore.is_empty() {
            tree.write(IGNORE_FILE, ignore);
        }
        let ours = Ours::new(&tree.path("")).unwrap();
        (tree, ours)
    }

    fn why_not(ours: &Ours, path: &str) -> Option<Reason> {
        ours.why_not(Utf8Path::new(path))
    }

    #[test]
    fn a_solution_is_ours() {
        let (_tree, ours) = ours("");
        for path in [
            "Other/Solution.xml",
            r"WebResources\new_\a.js",
            "WebResources/new_/bin/a.js",
            "Controls/x/obj/a.css",
            "CanvasApps/src_1.msapp",
            "CanvasApps/src",
            "bin",
            "Workflows/original.json",
        ] {
            assert_eq!(why_not(&ours, path), None, "{path}");
        }
    }

    #[test]
    fn every_other_name_has_its_reason() {
        let (_tree, ours) = ours("");
        for (path, reason) in [
            (".gitignore", Reason::DotName),
            ("Workflows/.vscode/settings.json", Reason::DotName),
            ("CanvasApps/src/app/App.fx.yaml", Reason::CanvasAppSources),
            (r"canvasapps\SRC\x", Reason::CanvasAppSources),
            ("bin/Debug/x.zip", Reason::BuildOutput),
            ("OBJ/x", Reason::BuildOutput),
            ("Release.cdsproj", Reason::ProjectFile),
            ("README", Reason::ReadMe),
            ("Workflows/ReadMe.md", Reason::ReadMe),
            ("solship.toml", Reason::Configuration),
            ("Other/Solution.xml.orig", Reason::MergeLeftover),
            ("Other/Solution.xml.REJ", Reason::MergeLeftover),
            ("WebResources/Thumbs.db", Reason::ThumbnailCache),
            ("../x", Reason::NotInside),
            ("a/../../x", Reason::NotInside),
            ("/etc/passwd", Reason::NotInside),
            ("", Reason::NotInside),
        ] {
            assert_eq!(why_not(&ours, path), Some(reason), "{path}");
        }
    }

    #[test]
    fn a_whole_folder_is_left_alone_where_all_in_it_is() {
        let (_tree, ours) = ours("drafts/\n");
        let folder = |path: &str| ours.why_not_folder(Utf8Path::new(path));
        assert_eq!(folder(".git"), Some(Reason::DotName));
        assert_eq!(folder("bin"), Some(Reason::BuildOutput));
        assert_eq!(folder("CanvasApps/src"), Some(Reason::CanvasAppSources));
        assert_eq!(folder("x/Drafts"), Some(Reason::Ignored { pattern: "drafts/".to_owned() }));
        for path in ["CanvasApps", "README", "x.orig", "WebResources/bin"] {
            assert_eq!(folder(path), None, "{path}");
        }
    }

    #[test]
    fn map_and_settings_files_are_left_alone() {
        let (tree, mut ours) = ours("");
        tree.write("settings.json", "{}");
        ours.leave_configuration(&tree.path("settings.json")).unwrap();
        ours.leave_configuration(&tree.path("new/../Maps/map.xml")).unwrap();
        ours.leave_configuration(&tree.path("../elsewhere.xml")).unwrap();
        assert_eq!(why_not(&ours, "Settings.json"), Some(Reason::Configuration));
        assert_eq!(why_not(&ours, r"maps\map.xml"), Some(Reason::Configuration));
        assert_eq!(why_not(&ours, "elsewhere.xml"), None);
    }

    #[test]
    fn what_the_solution_names_is_ours_but_not_against_the_user() {
        let (tree, mut ours) = ours("*.secret\n");
        ours.leave_configuration(&tree.path("README.settings")).unwrap();
        ours.take_named(&[
            "WebResources/new_/README.md",
            "WebResources/.well/a.js",
            "x.secret",
            "README.settings",
            ".git/config",
        ]);
        assert_eq!(why_not(&ours, r"webresources\new_\readme.MD"), None);
        assert_eq!(why_not(&ours, "WebResources/.well/a.js"), None);
        assert_eq!(ours.why_not_folder(Utf8Path::new("WebResources/.well")), None);
        assert_eq!(why_not(&ours, "WebResources/.well/b.js"), Some(Reason::DotName));
        assert_eq!(why_not(&ours, "WebResources/README.md"), Some(Reason::ReadMe));
        assert_eq!(why_not(&ours, "x.secret"), Some(Reason::Ignored { pattern: "*.secret".to_owned() }));
        assert_eq!(why_not(&ours, "README.settings"), Some(Reason::Configuration));
        assert_eq!(why_not(&ours, ".git/config"), Some(Reason::DotName));
    }

    #[test]
    fn a_line_of_the_ignore_file_takes_nothing_back_that_is_never_packed() {
        let (_tree, ours) = ours("!README.md\n!.git/\n!/.git/config\n!/solship.toml\n!/.solshipignore\n");
        assert_eq!(why_not(&ours, "README.md"), Some(Reason::ReadMe));
        assert_eq!(why_not(&ours, ".git/config"), Some(Reason::DotName));
        assert_eq!(why_not(&ours, "solship.toml"), Some(Reason::Configuration));
        assert_eq!(why_not(&ours, ".solshipignore"), Some(Reason::Configuration));
    }

    #[test]
    fn a_line_for_one_file_makes_it_the_solutions() {
        let (_tree, ours) = ours("!/Controls/g/README.md\n!/bin/x/y.dll\n!/a/.b/c\n");
        for path in ["Controls/g/readme.MD", "bin/x/y.dll", "a/.b/c"] {
            assert_eq!(why_not(&ours, path), None, "{path}");
        }
        assert_eq!(ours.why_not_listed("bin/"), None);
        assert_eq!(ours.why_not_listed("a/.b/"), None);
        assert_eq!(why_not(&ours, "bin/x/z.dll"), Some(Reason::BuildOutput));
        assert_eq!(why_not(&ours, "README.md"), Some(Reason::ReadMe));
        assert_eq!(ours.why_not_listed("obj/"), Some(Reason::BuildOutput));
    }

    #[test]
    fn what_has_a_row_is_the_solutions() {
        let (tree, ours) = ours("");
        tree.write("Workflows/Readme-0C.json.data.xml", "");
        for path in ["Workflows/Readme-0C.json", "Workflows/Readme-0C.json.data.xml"] {
            assert_eq!(why_not(&ours, path), None, "{path}");
        }
        assert_eq!(why_not(&ours, "Workflows/Readme-0D.json"), Some(Reason::ReadMe));
    }

    #[test]
    fn the_folder_need_not_be_there() {
        let tree = Tree::new(&["file"]);
        assert!(Ours::new(&tree.path("new/folder")).unwrap().is_ours(Utf8Path::new("a")));
        assert!(Ours::new(&tree.path("file")).unwrap().is_ours(Utf8Path::new("a")));
    }

    #[test]
    fn those_left_alone_are_listed_in_order() {
        let (_tree, ours) = ours("");
        let files = ["b/README", "a.js", "Thumbs.db"].map(Utf8Path::new);
        let list: Vec<_> =
            ours.left_alone(files).into_iter().map(|(file, why)| format!("{file}: {why}")).collect();
        assert_eq!(list, ["Thumbs.db: a cache of thumbnails", "b/README: a read-me file"]);
    }

    proptest::proptest! {
        #[test]
        fn neither_case_nor_separator_matters(path in r"(bin|CanvasApps|src|README|a|\.git|x\.rej|drafts)(/(bin|src|a|Thumbs\.db|x\.tmp)){0,3}") {
            let (_tree, ours) = ours("*.tmp\n/drafts/a\n");
            let other = path.replace('/', "\\").to_ascii_uppercase();
            proptest::prop_assert_eq!(why_not(&ours, &path), why_not(&ours, &other));
        }
    }
}
