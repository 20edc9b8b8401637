//! Paths: plain ones, and where a target lies.

use camino::{Utf8Path, Utf8PathBuf};

use crate::write::WriteError;

/// Whether a path has only plain names, divided by `/`: nothing that leaves the target or means something else on another
/// system.
pub(super) fn is_plain(path: &str) -> bool {
    path.split('/').all(|name| {
        !matches!(name, "" | "." | "..") && !name.contains(['\\', ':', '\0']) && !name.ends_with(['.', ' '])
    })
}

/// For tables of paths. Quicker for short texts than the usual one, keyed as that one is, and no order of it is ever seen.
pub(super) type PathHasher = foldhash::fast::RandomState;

/// The folders above a path, innermost first.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/'))
        .map(|(folder, _)| folder)
}

/// Parents that were made for a new target; removed again when dropped before [`NewParents::keep`].
#[derive(Debug, Default)]
pub(super) struct NewParents(Vec<Utf8PathBuf>);

impl NewParents {
    /// Makes the folder and those above it, as far as they are not there.
    pub(super) fn make(&mut self, folder: &Utf8Path) -> Result<(), WriteError> {
        // Of a relative path the last ancestor is empty: the working folder, which is there.
        let is_missing = |path: &&Utf8Path| !path.as_str().is_empty() && !path.exists();
        let missing: Vec<_> = folder.ancestors().take_while(is_missing).collect();
        for path in missing.into_iter().rev() {
            match fs_err::create_dir(path) {
                Ok(()) => self.0.push(path.to_owned()),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(WriteError::io(path, error)),
            }
        }
        Ok(())
    }

    pub(super) fn keep(&mut self) {
        self.0.clear();
    }
}

impl Drop for NewParents {
    fn drop(&mut self) {
        for parent in self.0.iter().rev() {
            let _ = fs_err::remove_dir(parent);
        }
    }
}

/// Refuses an output that lies in what it is made from: reading would meet what is being written.
pub fn refuse_inside(output: &Utf8Path, input: &Utf8Path) -> Result<(), WriteError> {
    if inside(output, input)?.is_some() {
        return Err(WriteError::OutputInsideInput { output: output.to_owned(), input: input.to_owned() });
    }
    Ok(())
}

/// Where below the folder a path lies, links followed; none when it is outside.
pub fn inside(path: &Utf8Path, folder: &Utf8Path) -> Result<Option<Utf8PathBuf>, WriteError> {
    // Of both only a part may be there: what is not there cannot be a link either.
    Ok(real(path)?.strip_prefix(real(folder)?).ok().map(Utf8Path::to_owned))
}

/// The path without links, as far as it is there.
fn real(path: &Utf8Path) -> Result<Utf8PathBuf, WriteError> {
    let mut missing = Vec::new();
    let mut there = if path.as_str().is_empty() { Utf8Path::new(".") } else { path };
    loop {
        match there.canonicalize_utf8() {
            Ok(found) => return Ok(missing.iter().rev().fold(found, |path, name| path.join(name))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let Some(name) = there.file_name() else { return Err(WriteError::io(path, error)) };
                missing.push(name);
                there = match there.parent() {
                    Some(parent) if !parent.as_str().is_empty() => parent,
                    _ => Utf8Path::new("."),
                };
            }
            Err(error) => return Err(WriteError::io(path, error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ancestors, is_plain, refuse_inside};
    use crate::write::WriteError;

    #[test]
    fn only_plain_names_pass() {
        for path in ["a", "a/b.xml", "a b/\u{e4}", "[Content_Types].xml", ".hidden/..c"] {
            assert!(is_plain(path), "{path}");
        }
        for path in
            ["", "/a", "a/", "a//b", "./a", "a/../b", "..", "C:a", "a\\b", "a\0", "a:stream", "a./b", "a "]
        {
            assert!(!is_plain(path), "{path:?}");
        }
    }

    #[test]
    fn ancestors_are_all_folders_above() {
        assert_eq!(ancestors("a/b/c").collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(ancestors("a").count(), 0);
    }

    #[test]
    fn an_output_inside_the_input_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folder = camino::Utf8Path::from_path(folder.path()).expect("UTF-8");
        fs_err::create_dir(folder.join("in")).expect("makes");
        for output in ["in", "in/out.zip", "in/new/out.zip", "in/../in/out.zip"] {
            let refused = refuse_inside(&folder.join(output), &folder.join("in"));
            assert!(matches!(refused, Err(WriteError::OutputInsideInput { .. })), "{output}: {refused:?}");
        }
        for output in ["out.zip", "in.zip", "new/out"] {
            refuse_inside(&folder.join(output), &folder.join("in")).expect("outside");
        }
    }
}
