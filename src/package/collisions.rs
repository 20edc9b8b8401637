//! Names beside each other: no two that some system takes for one, no file that is also a folder; and finding an entry
//! by its name.
//!
//! Whether one name is safe alone is the matter of `names.rs`. Read [`NameIndex`] first.

use std::borrow::Cow;

use caseless::Caseless;
use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::NameFault;

/// The names of a package in one order, in which equal ones and a folder and what is in it are neighbours.
///
/// A sorted list rather than a set of all folders: its size is that of the names, however deep they are.
#[derive(Debug, Default)]
pub(super) struct NameIndex {
    files: Vec<(Box<str>, usize)>,
}

/// One name to be indexed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name<'n> {
    /// The path, without a `/` at its end.
    pub(super) path: &'n str,
    /// It is a folder that has an entry of its own.
    pub(super) is_folder: bool,
}

/// A name that cannot stand beside another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Collision {
    /// The position of the later one among the names.
    pub(super) name: usize,
    pub(super) fault: NameFault,
}

impl NameIndex {
    /// Indexes the files among `names` by their position. Gives as well the collisions that are harmless: folders that
    /// are spelled in two ways.
    pub(super) fn new(names: &[Name<'_>]) -> Result<(Self, Vec<Collision>), Collision> {
        let keyed = |(at, name): (usize, &Name<'_>)| (sort_key(name.path), at);
        let mut sorted: Vec<(Box<str>, usize)> = if names.len() < MANY {
            names.iter().enumerate().map(keyed).collect()
        } else {
            names.par_iter().enumerate().map(keyed).collect()
        };
        sorted.sort_unstable();
        let mut harmless = Vec::new();
        for pair in sorted.windows(2) {
            let [(key, at), (next_key, next_at)] = pair else { continue };
            let (later, earlier) = (*at.max(next_at), names[*at.min(next_at)].path);
            let collision =
                |fault: fn(String) -> NameFault| Collision { name: later, fault: fault(earlier.to_owned()) };
            let (name, next) = (names[*at], names[*next_at]);
            if key == next_key && name.is_folder == next.is_folder {
                return Err(collision(|other| NameFault::Same { other }));
            }
            // The slash sorts first: what is in a folder follows directly on it.
            let inside = next_key.strip_prefix(key.as_ref()).is_some_and(|rest| rest.starts_with(SLASH));
            if key == next_key || inside && !name.is_folder {
                return Err(collision(|other| NameFault::FileAndFolder { other }));
            }
            if let Some(other) = other_spelling(name, next, key, next_key) {
                let other = if later == *at { folder_of(next, other) } else { folder_of(name, other) };
                harmless.push(Collision { name: later, fault: NameFault::FolderSpelledTwice { other } });
            }
        }
        sorted.retain(|(_, at)| !names[*at].is_folder);
        Ok((Self { files: sorted }, harmless))
    }

    /// The index when the name at each position has moved to another one.
    pub(super) fn moved(mut self, positions: &[usize]) -> Self {
        for (_, at) in &mut self.files {
            *at = positions[*at];
        }
        self
    }

    /// The position of the file of that name, compared without case and normalisation.
    pub(super) fn position(&self, path: &str) -> Option<usize> {
        let key = sort_key(path);
        let found = self.files.binary_search_by(|(other, _)| other.cmp(&key)).ok()?;
        Some(self.files[found].1)
    }
}

/// From so many names on several threads are worth their while.
const MANY: usize = 1000;

/// Stands for the slash in sort keys. No name holds it: it is a control character.
const SLASH: char = '\0';

/// What two names have in common when some system takes them for one, with the slash below all other characters.
fn sort_key(path: &str) -> Box<str> {
    folded(path).replace('/', "\0").into()
}

/// The canonical caseless form of the Unicode standard (3.13, D145), equal for names that differ in case or in
/// normalisation. It neither makes nor takes away a slash.
fn folded(name: &str) -> Cow<'_, str> {
    if !name.is_ascii() {
        Cow::Owned(name.nfd().default_case_fold().nfd().collect())
    } else if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// How many parts of two neighbours are one folder that they spell differently.
fn other_spelling(one: Name<'_>, other: Name<'_>, key: &str, other_key: &str) -> Option<usize> {
    let folders = |key: &str, name: Name<'_>| key.matches(SLASH).count() + usize::from(name.is_folder);
    let deepest = folders(key, one).min(folders(other_key, other));
    let same = key.split(SLASH).zip(other_key.split(SLASH)).take(deepest).take_while(|(a, b)| a == b).count();
    let spelled_alike =
        one.path.split('/').zip(other.path.split('/')).take(same).all(|(part, other)| part == other);
    (!spelled_alike).then_some(same)
}

/// The first `parts` parts of a path.
fn folder_of(name: Name<'_>, parts: usize) -> String {
    name.path.split('/').take(parts).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name that ends with `/` is a folder.
    fn index(names: &[&str]) -> Result<(NameIndex, Vec<Collision>), Collision> {
        let names: Vec<Name<'_>> = names
            .iter()
            .map(|name| Name { path: name.trim_end_matches('/'), is_folder: name.ends_with('/') })
            .collect();
        NameIndex::new(&names)
    }

    fn fault(names: &[&str]) -> NameFault {
        let collision = index(names).expect_err("a collision");
        assert_eq!(collision.name, 1);
        collision.fault
    }

    #[test]
    fn different_names_stand_beside_each_other() {
        for names in [["a/b.txt", "a/c.txt"], ["a/b/c", "a/b.c"], ["strasse", "straße1"], ["a", "a.b/c"]] {
            let (_, harmless) = index(&names).expect("no collision");
            assert_eq!(harmless, []);
        }
        let (index, harmless) = index(&["a/", "a/b", "c/d/", "c/", "c/d/e", "c/d.e"]).expect("no collision");
        assert_eq!(harmless, []);
        assert_eq!(index.position("C/D/E"), Some(4));
        assert_eq!(index.position("c/d"), None);
    }

    #[test]
    fn equal_names_collide() {
        for (one, other) in [
            ("a.txt", "a.txt"),
            ("A.txt", "a.TXT"),
            ("é.txt", "e\u{301}.txt"),
            ("É.txt", "e\u{301}.txt"),
            ("straße", "STRASSE"),
            ("\u{212a}elvin", "kelvin"),
            ("ΌΣΟΣ", "όσος"),
            ("\u{1e9e}", "ss"),
            ("\u{345}\u{308}", "\u{308}ι"),
        ] {
            assert_eq!(fault(&[one, other]), NameFault::Same { other: one.to_owned() });
            assert_eq!(fault(&[other, one]), NameFault::Same { other: other.to_owned() });
        }
        assert!(matches!(fault(&["a/", "A/"]), NameFault::Same { other } if other == "a"));
    }

    #[test]
    fn a_file_is_no_folder() {
        for (one, other) in [
            ("a", "A/b.txt"),
            ("a/b/c", "a"),
            ("a/b/c", "a/B"),
            ("a/b", "a/b/c/d"),
            ("a", "A/"),
            ("a/b/", "a/B"),
        ] {
            let earlier = one.trim_end_matches('/').to_owned();
            assert_eq!(fault(&[one, other]), NameFault::FileAndFolder { other: earlier }, "{one} {other}");
        }
        // Names between the two do not hide it.
        assert!(index(&["a", "a.b", "a b", "a!/c", "a/b"]).is_err());
    }

    #[test]
    fn a_folder_in_two_spellings_is_harmless() {
        for (one, other, folder) in [
            ("Assets/a", "assets/b", "Assets"),
            ("x/Y/z/b", "x/y/z/a", "x/Y/z"),
            ("A/b", "a/", "A"),
            ("A/", "a/c", "A"),
        ] {
            let (_, harmless) = index(&[one, other]).expect("no collision");
            let fault = NameFault::FolderSpelledTwice { other: folder.to_owned() };
            assert_eq!(harmless, [Collision { name: 1, fault }], "{one} {other}");
        }
    }

    #[test]
    fn files_are_found_by_any_spelling() {
        let (index, _) = index(&["solution.xml", "Straße/É.json", "b"]).expect("no collision");
        assert_eq!(index.position("SOLUTION.XML"), Some(0));
        assert_eq!(index.position("STRASSE/e\u{301}.JSON"), Some(1));
        assert_eq!(index.position("straße"), None);
        assert_eq!(index.position(""), None);
    }
}
