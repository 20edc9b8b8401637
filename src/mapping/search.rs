//! Looks for files on disk: without case, and without following a symlink.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::path::{fold, order_key};
use super::{Bounds, MapFault};

/// Files and folders that one search reads. The largest repositories with their installed packages have a tenth of it.
const LIMIT: usize = 1_000_000;

/// The path as it is on disk, if it is there. A symlink below the part of the path that is shared with the root of the
/// bounds is an error.
pub(super) fn find(path: &Utf8Path, bounds: &Bounds) -> Result<Option<Utf8PathBuf>, MapFault> {
    let mut at = bounds.trusted_part(path);
    let Ok(rest) = path.strip_prefix(&at) else { return Ok(None) };
    for part in rest.components() {
        match step(&at, part.as_str())? {
            Some(next) => at = next,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

/// As [`find`], and only a file.
pub(super) fn find_file(path: &Utf8Path, bounds: &Bounds) -> Result<Option<Utf8PathBuf>, MapFault> {
    Ok(find(path, bounds)?.filter(|found| found.is_file()))
}

/// The name in the folder: as it is written, else the first one that differs only by case.
fn step(folder: &Utf8Path, name: &str) -> Result<Option<Utf8PathBuf>, MapFault> {
    let exact = folder.join(name);
    match fs_err::symlink_metadata(&exact) {
        Ok(metadata) if metadata.is_symlink() => return Err(MapFault::Symlink { path: exact }),
        Ok(_) => return Ok(Some(exact)),
        Err(error) if is_absence(&error) => {}
        Err(source) => return Err(MapFault::Search { path: exact, source }),
    }
    let entries = match folder.read_dir_utf8() {
        Ok(entries) => entries,
        Err(error) if is_absence(&error) => return Ok(None),
        Err(source) => return Err(MapFault::Search { path: folder.to_owned(), source }),
    };
    let folded = fold(name);
    // A name that is not UTF-8 is not one that a map file can mean.
    let mut same: Vec<_> = entries.flatten().filter(|entry| fold(entry.file_name()) == folded).collect();
    same.sort_by(|one, other| one.file_name().cmp(other.file_name()));
    let Some(entry) = same.into_iter().next() else { return Ok(None) };
    let path = entry.into_path();
    match fs_err::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_symlink() => Err(MapFault::Symlink { path }),
        Ok(_) => Ok(Some(path)),
        Err(source) => Err(MapFault::Search { path, source }),
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// All files in and below one folder, by folded name.
#[derive(Debug, Default)]
pub(super) struct Index {
    by_name: BTreeMap<String, Vec<Candidate>>,
}

#[derive(Debug)]
struct Candidate {
    path: Utf8PathBuf,
    /// The folders from the searched one down to the file, folded.
    folders: Vec<String>,
    is_link: bool,
}

/// The file that a search finds, and those that it could as well have found.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) path: Utf8PathBuf,
    pub(super) others: Vec<Utf8PathBuf>,
}

impl Index {
    /// Reads the folder; nothing when it is not there. The packager folder itself is left out, as it is what is mapped, and
    /// so are git's own files.
    pub(super) fn read(folder: &Utf8Path, bounds: &Bounds) -> Result<Self, MapFault> {
        let mut index = Self::default();
        let Some(folder) = find(folder, bounds)?.filter(|found| found.is_dir()) else { return Ok(index) };
        for (path, is_link) in walk(&folder, bounds)? {
            let below = path.strip_prefix(&folder).unwrap_or(&path);
            let mut folders: Vec<String> =
                below.components().map(|component| fold(component.as_str())).collect();
            let Some(name) = folders.pop() else { continue };
            index.by_name.entry(name).or_default().push(Candidate { path, folders, is_link });
        }
        Ok(index)
    }

    /// The file of that name: the one in the sub-folder `below` if there is one; else the one that shares most of the last
    /// `folders`, then the one least deep, then the first in the packager's order.
    pub(super) fn choose(
        &self,
        name: &str,
        folders: &[String],
        below: &[String],
    ) -> Result<Option<Choice>, MapFault> {
        let Some(candidates) = self.by_name.get(name) else { return Ok(None) };
        let files: Vec<_> = candidates.iter().filter(|candidate| !candidate.is_link).collect();
        let shared = |candidate: &Candidate| {
            let pairs = candidate.folders.iter().rev().zip(folders.iter().rev());
            pairs.take_while(|(one, other)| one == other).count()
        };
        let best = files.iter().min_by_key(|candidate| {
            let order = (candidate.folders.len(), order_key(&candidate.folders), &candidate.path);
            (candidate.folders != below, Reverse(shared(candidate)), order)
        });
        let Some(best) = best else {
            return match candidates.first() {
                Some(link) => Err(MapFault::Symlink { path: link.path.clone() }),
                None => Ok(None),
            };
        };
        let equal = |candidate: &&&Candidate| {
            candidate.path != best.path && best.folders != below && shared(candidate) == shared(best)
        };
        let mut others: Vec<_> = files.iter().filter(equal).map(|candidate| candidate.path.clone()).collect();
        others.sort();
        Ok(Some(Choice { path: best.path.clone(), others }))
    }
}

/// The files and links below a folder as it is on disk, in no order.
fn walk(folder: &Utf8Path, bounds: &Bounds) -> Result<Vec<(Utf8PathBuf, bool)>, MapFault> {
    let mut files = Vec::new();
    let entries = walkdir::WalkDir::new(folder).min_depth(1).follow_links(false).into_iter();
    let wanted = entries.filter_entry(|entry| entry.file_name() != ".git" && entry.path() != bounds.folder);
    for (count, entry) in wanted.enumerate() {
        if count >= LIMIT {
            return Err(MapFault::SearchTooLarge { limit: LIMIT, folder: folder.to_owned() });
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().and_then(Utf8Path::from_path).unwrap_or(folder).to_owned();
                return Err(MapFault::Search { path, source: error.into() });
            }
        };
        let kind = entry.file_type();
        let Ok(path) = Utf8PathBuf::from_path_buf(entry.into_path()) else { continue };
        if kind.is_file() || kind.is_symlink() {
            files.push((path, kind.is_symlink()));
        }
    }
    Ok(files)
}

/// The files below a folder as parts of their paths, sorted; none when it is not there. A symlink is an error.
pub(super) fn list(folder: &Utf8Path, bounds: &Bounds) -> Result<Vec<Vec<String>>, MapFault> {
    let Some(folder) = find(folder, bounds)?.filter(|found| found.is_dir()) else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for (path, is_link) in walk(&folder, bounds)? {
        if is_link {
            return Err(MapFault::Symlink { path });
        }
        let below = path.strip_prefix(&folder).unwrap_or(&path);
        files.push(below.components().map(|component| component.as_str().to_owned()).collect());
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::testing::Tree;

    fn bounds(tree: &Tree) -> Bounds {
        Bounds::new(&tree.path("solution"), &tree.path(""), false).unwrap()
    }

    fn below(bounds: &Bounds, path: &Utf8Path) -> String {
        path.strip_prefix(&bounds.root).unwrap().as_str().replace('\\', "/")
    }

    fn choose(tree: &Tree, folder: &str, file: &str, sub_folder: &[&str]) -> Option<(String, Vec<String>)> {
        let bounds = bounds(tree);
        let index = Index::read(&bounds.root.join(folder), &bounds).unwrap();
        let mut folders: Vec<String> = file.split('/').map(fold).collect();
        let name = folders.pop().unwrap();
        let below_map: Vec<String> = sub_folder.iter().map(|part| fold(part)).collect();
        let choice = index.choose(&name, &folders, &below_map).unwrap()?;
        Some((
            below(&bounds, &choice.path),
            choice.others.iter().map(|other| below(&bounds, other)).collect(),
        ))
    }

    #[test]
    fn a_path_is_found_whatever_its_case() {
        let tree = Tree::new(&["Plugins/Bin/This.dll"]);
        let bounds = bounds(&tree);
        let found = find_file(&bounds.root.join("plugins/BIN/this.DLL"), &bounds).unwrap().unwrap();
        assert_eq!(below(&bounds, &found).to_lowercase(), "plugins/bin/this.dll");
        assert_eq!(find_file(&bounds.root.join("plugins/bin"), &bounds).unwrap(), None);
        assert_eq!(find_file(&bounds.root.join("plugins/bin/this.dll/x"), &bounds).unwrap(), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_name_as_written_comes_before_another_case() {
        let tree = Tree::new(&["a/X.js", "a/x.js"]);
        let bounds = bounds(&tree);
        let find = |name: &str| find_file(&bounds.root.join("a").join(name), &bounds).unwrap().unwrap();
        assert_eq!(below(&bounds, &find("x.js")), "a/x.js");
        assert_eq!(below(&bounds, &find("x.JS")), "a/X.js");
    }

    #[test]
    fn the_same_sub_folder_is_chosen_without_others() {
        let tree = Tree::new(&["dist/a/x.js", "dist/b/x.js", "dist/x.js"]);
        let found = choose(&tree, "dist", "WebResources/b/x.js", &["b"]);
        assert_eq!(found, Some(("dist/b/x.js".to_owned(), vec![])));
        let found = choose(&tree, "dist", "WebResources/x.js", &[]);
        assert_eq!(found, Some(("dist/x.js".to_owned(), vec![])));
    }

    #[test]
    fn shared_folders_count_then_depth_then_order() {
        let tree = Tree::new(&["out/p/new_/x.js", "out/q/x.js", "bin/Release/p.dll", "bin/Debug/p.dll"]);
        let found = choose(&tree, "out", "WebResources/new_/x.js", &["new_"]);
        assert_eq!(found, Some(("out/p/new_/x.js".to_owned(), vec![])));
        let found = choose(&tree, "bin", "PluginAssemblies/p-1/p.dll", &["p-1"]);
        assert_eq!(found, Some(("bin/Debug/p.dll".to_owned(), vec!["bin/Release/p.dll".to_owned()])));
    }

    #[test]
    fn the_packager_folder_and_git_are_not_searched() {
        let tree = Tree::new(&["solution/WebResources/x.js", ".git/x.js"]);
        assert_eq!(choose(&tree, "", "WebResources/x.js", &[]), None);
        let found = choose(&tree, "solution", "WebResources/x.js", &["webresources"]).unwrap();
        assert_eq!(found.0, "solution/WebResources/x.js");
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_files() {
        let tree = Tree::new(&["a/x"]);
        assert_eq!(choose(&tree, "none", "x", &[]), None);
        assert!(list(&bounds(&tree).root.join("none"), &bounds(&tree)).unwrap().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn symlinks_are_not_followed() {
        let tree = Tree::new(&["secret/x.js", "dist/y.js"]);
        tree.link("secret", "dist/linked");
        tree.link("secret/x.js", "dist/x.js");
        let bounds = bounds(&tree);
        for path in ["dist/linked/x.js", "dist/x.js", "dist/LINKED/x.js"] {
            let fault = find_file(&bounds.root.join(path), &bounds).unwrap_err();
            assert!(matches!(fault, MapFault::Symlink { .. }), "{path}: {fault}");
        }
        let index = Index::read(&bounds.root.join("dist"), &bounds).unwrap();
        assert!(matches!(index.choose("x.js", &[], &[]), Err(MapFault::Symlink { .. })));
        assert!(index.choose("y.js", &[], &[]).unwrap().is_some());
        assert!(matches!(list(&bounds.root.join("dist"), &bounds), Err(MapFault::Symlink { .. })));
    }
}
