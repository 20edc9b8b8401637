//! Where mapped files may be.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

/// The packager folder, and the folder that mapped files stay in.
#[derive(Debug, Clone)]
pub struct Bounds {
    pub(super) folder: Utf8PathBuf,
    pub(super) root: Utf8PathBuf,
    pub(super) allow_outside: bool,
}

impl Bounds {
    /// `folder` is the packager folder, which need not be there yet; relative places of a map file start from it. `root` is
    /// the repository, or the working folder where there is none: with `allow_outside` false, nothing outside of it is read,
    /// and no absolute place.
    ///
    /// Symlinks in these two paths are the user's own words and are resolved here.
    pub fn new(folder: &Utf8Path, root: &Utf8Path, allow_outside: bool) -> io::Result<Self> {
        Ok(Self { folder: real(folder)?, root: real(root)?, allow_outside })
    }

    pub(super) fn permits(&self, place: &Utf8Path) -> bool {
        self.allow_outside || place.starts_with(&self.root)
    }

    /// The part of `place` that is not searched for symlinks: what it shares with the root.
    pub(super) fn trusted_part(&self, place: &Utf8Path) -> Utf8PathBuf {
        let shared = place.components().zip(self.root.components()).take_while(|(one, other)| one == other);
        shared.map(|(component, _)| component.as_str()).collect()
    }
}

/// The absolute path without symlinks and `..`; of what is not there yet, as far as it is there.
pub(super) fn real(path: &Utf8Path) -> io::Result<Utf8PathBuf> {
    let absolute = camino::absolute_utf8(path)?;
    for ancestor in absolute.ancestors() {
        match ancestor.canonicalize_utf8() {
            Ok(real) => {
                let rest = absolute.strip_prefix(ancestor).unwrap_or(Utf8Path::new(""));
                return Ok(walk(real, rest.components().map(|component| component.as_str())));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(absolute)
}

/// Goes from a folder along the parts of a path, `..` upward, at most to the top.
pub(super) fn walk<'p>(mut folder: Utf8PathBuf, parts: impl Iterator<Item = &'p str>) -> Utf8PathBuf {
    for part in parts {
        match part {
            "" | "." => {}
            ".." => {
                folder.pop();
            }
            part => folder.push(part),
        }
    }
    folder
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::testing::Tree;

    #[test]
    fn a_folder_that_is_not_there_yet_has_bounds() {
        let tree = Tree::new(&["a/x"]);
        let root = real(&tree.path("")).unwrap();
        assert_eq!(real(&tree.path("a/../new/./b")).unwrap(), root.join("new/b"));
    }

    #[test]
    fn bounds_compare_whole_names() {
        let tree = Tree::new(&["repo/x", "repo2/x"]);
        let bounds = Bounds::new(&tree.path("repo"), &tree.path("repo"), false).unwrap();
        assert!(bounds.permits(&bounds.root.join("x")));
        assert!(!bounds.permits(&walk(bounds.root.clone(), ["..", "repo2"].into_iter())));
    }
}
