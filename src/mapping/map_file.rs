//! The map file of the packager: its directives, and which file each of them reads.
//!
//! What a directive says is public documentation ("SolutionPackager tool", section on the /map argument), in short:
//! an early directive comes before a later one; a file that a directive matches must be found in at least one place;
//! relative places start at the packager folder; `**` is any sub-folder and stands last before the file's name.
//! So the first directive that matches a file wins, and it is an error when the file is nowhere in its place: were a later
//! one asked then, a build that failed would be made up for by what lies about elsewhere, and the package would be wrong.
//! Where that text is silent, this is chosen: a `**` in `to` is the folder itself as well; of several files found there the
//! one in the same sub-folder is taken; `.data.xml` files are the packager's own and are taken only where a directive
//! means them or, for `Folder`, where the mapped folder has them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};

use super::bounds::walk;
use super::directive::{Directive, Kind, Reader};
use super::path::{fold, parts};
use super::pattern::{ANY_DEPTH, is_node_file};
use super::search::{self, Index};
use super::{Bounds, MapError, MapFault};
use crate::model::Place;
use crate::xml::{Document, Limits};

/// Bytes of a map file; known ones have a few hundred.
const LIMIT: u64 = 1 << 20;

/// The values of `%NAME%`, given by the caller: the library does not read the environment.
pub type Variables<'v> = dyn Fn(&str) -> Option<String> + 'v;

/// A map file, read and checked.
#[derive(Debug)]
pub struct Map {
    directives: Vec<Directive>,
    bounds: Bounds,
    /// Searched folders; several directives often name the same one.
    indexes: Mutex<BTreeMap<Utf8PathBuf, Arc<Index>>>,
}

/// Where a mapped file is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The file on disk.
    pub path: Utf8PathBuf,
    /// The directive that says so.
    pub directive: Place,
    /// Other files that fit as well, sorted: the choice is by name order and worth a warning where their bytes differ.
    pub others: Vec<Utf8PathBuf>,
}

/// Which kind of directive covers a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covered {
    /// The file is in a folder that stands for another one: packing takes what that one holds.
    Folder,
    /// The file itself is matched: packing reads it from elsewhere when something in the packager folder names it.
    File,
}

/// What a map file covers, with the mapped folders listed once, so that asking cannot fail.
#[derive(Debug)]
pub struct Covering<'m> {
    map: &'m Map,
    /// Files of mapped folders, folded.
    listed: BTreeSet<String>,
}

impl Covering<'_> {
    /// How the file at `relative` is covered: unpacking does not write it, and does not delete it. A `.data.xml` below a
    /// mapped folder is covered only when that folder has it.
    pub fn of(&self, relative: &str) -> Option<Covered> {
        let written = parts(relative)?;
        let folded: Vec<String> = written.iter().map(|part| fold(part)).collect();
        self.map.directives.iter().find_map(|directive| match &directive.kind {
            Kind::File { pattern, .. } => pattern.matches(&folded).map(|_| Covered::File),
            Kind::Folder { named, .. } if !is_below(&folded, named) => None,
            Kind::Folder { .. } if is_optional(&folded) && !self.listed.contains(&folded.join("/")) => None,
            Kind::Folder { .. } => Some(Covered::Folder),
        })
    }
}

impl Map {
    /// Reads the map file at `path`. Every directive is checked, also those that match nothing.
    pub fn read(path: &Utf8Path, variables: &Variables<'_>, bounds: &Bounds) -> Result<Self, MapError> {
        let file: Arc<str> = path.as_str().into();
        let whole = |fault| MapError::new(Place::whole(&file), fault);
        let bytes = read_limited(path).map_err(|source| whole(MapFault::Read { source }))?;
        if bytes.len() as u64 > LIMIT {
            return Err(whole(MapFault::TooLarge { limit: LIMIT }));
        }
        Self::parse(&file, bytes, variables, bounds)
    }

    fn parse(
        file: &Arc<str>,
        bytes: Vec<u8>,
        variables: &Variables<'_>,
        bounds: &Bounds,
    ) -> Result<Self, MapError> {
        let document = Document::parse(bytes, &Limits::default()).map_err(|error| {
            MapError::new(Place::new(file, error.position()), MapFault::Xml { fault: error.fault().clone() })
        })?;
        let root = document.root();
        if root.name() != "Mapping" {
            let fault = MapFault::NotMapping { found: root.name().to_owned() };
            return Err(MapError::new(Place::new(file, root.position()), fault));
        }
        let reader = Reader { file, variables, bounds };
        let directives =
            root.children().map(|element| reader.directive(element)).collect::<Result<_, _>>()?;
        Ok(Self { directives, bounds: bounds.clone(), indexes: Mutex::default() })
    }

    /// Where to read the file of the packager folder at `relative`, whether it is there or not; none when no directive
    /// matches it. The first directive that matches decides.
    ///
    /// # Errors
    /// When the file is not in the place of that directive.
    pub fn locate(&self, relative: &Utf8Path) -> Result<Option<Located>, MapError> {
        let Some(written) = parts(relative.as_str()) else { return Ok(None) };
        let folded: Vec<String> = written.iter().map(|part| fold(part)).collect();
        for directive in &self.directives {
            let fault = match directive.look(&written, &folded, self) {
                Ok(Looked::Elsewhere) => continue,
                Ok(Looked::Found(located)) => return Ok(Some(located)),
                Ok(Looked::Missed(looked)) => MapFault::NotFound { file: relative.to_string(), looked },
                Err(fault) => fault,
            };
            return Err(MapError::new(directive.place.clone(), fault));
        }
        Ok(None)
    }

    /// Which files unpacking leaves unwritten. The mapped folders are read here.
    pub fn covering(&self) -> Result<Covering<'_>, MapError> {
        let listed = self.files_of_folders()?.iter().map(|file| fold(file.as_str())).collect();
        Ok(Covering { map: self, listed })
    }

    /// The `FileToFile` directives that match none of these files, each with its place and what it matches.
    pub fn unmatched<'p>(&self, files: impl IntoIterator<Item = &'p str>) -> Vec<(&Place, &str)> {
        let mut open: Vec<_> = self
            .directives
            .iter()
            .filter_map(|directive| match &directive.kind {
                Kind::File { pattern, written, name: Some(_), .. } => {
                    Some((&directive.place, written.as_str(), pattern))
                }
                _ => None,
            })
            .collect();
        if open.is_empty() {
            return Vec::new();
        }
        for file in files {
            let folded: Vec<String> = parts(file).into_iter().flatten().map(fold).collect();
            open.retain(|(.., pattern)| pattern.matches(&folded).is_none());
        }
        open.into_iter().map(|(place, written, _)| (place, written)).collect()
    }

    /// The files that mapped folders hold, as paths of the packager folder with `/`, sorted. Unpacking does not write
    /// them, so that packing has to add them to what the packager folder holds.
    pub fn files_of_folders(&self) -> Result<Vec<Utf8PathBuf>, MapError> {
        let mut files: BTreeMap<String, Utf8PathBuf> = BTreeMap::new();
        for directive in &self.directives {
            let Kind::Folder { written, to, .. } = &directive.kind else { continue };
            let found = search::list(to, &self.bounds)
                .map_err(|fault| MapError::new(directive.place.clone(), fault))?;
            for below in found {
                let path = [written.as_slice(), &below].concat().join("/");
                files.entry(fold(&path)).or_insert_with(|| path.into());
            }
        }
        let mut files: Vec<Utf8PathBuf> = files.into_values().collect();
        files.sort();
        Ok(files)
    }

    fn index(&self, folder: &Utf8Path) -> Result<Arc<Index>, MapFault> {
        // Held while reading, so that a folder is read once however many threads ask.
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = indexes.get(folder) {
            return Ok(index.clone());
        }
        let index = Arc::new(Index::read(folder, &self.bounds)?);
        indexes.insert(folder.to_owned(), index.clone());
        Ok(index)
    }
}

fn read_limited(path: &Utf8Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs_err::File::open(path)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_below(folded: &[String], named: &[String]) -> bool {
    folded.len() > named.len() && folded.starts_with(named)
}

fn is_optional(folded: &[String]) -> bool {
    folded.last().is_some_and(|name| is_node_file(name))
}

/// What one directive says of one file.
enum Looked {
    /// It does not match.
    Elsewhere,
    Found(Located),
    /// It matches, and there is nothing in its place.
    Missed(Utf8PathBuf),
}

impl Directive {
    fn look(&self, written: &[&str], folded: &[String], map: &Map) -> Result<Looked, MapFault> {
        let found = |path, others| Looked::Found(Located { path, directive: self.place.clone(), others });
        match &self.kind {
            Kind::Folder { named, to, .. } => {
                if !is_below(folded, named) {
                    return Ok(Looked::Elsewhere);
                }
                let place = walk(to.clone(), written[named.len()..].iter().copied());
                Ok(match search::find_file(&place, &map.bounds)? {
                    Some(path) => found(path, Vec::new()),
                    None if is_optional(folded) => Looked::Elsewhere,
                    None => Looked::Missed(place),
                })
            }
            Kind::File { pattern, to, below, name, .. } => {
                let Some(named) = pattern.matches(folded) else { return Ok(Looked::Elsewhere) };
                let Some((own_name, folders)) = folded.split_last() else { return Ok(Looked::Elsewhere) };
                let name = name.as_deref().or(written.last().copied()).unwrap_or(own_name);
                if !below {
                    let place = to.join(name);
                    return Ok(match search::find_file(&place, &map.bounds)? {
                        Some(path) => found(path, Vec::new()),
                        None => Looked::Missed(place),
                    });
                }
                let choice = map.index(to)?.choose(&fold(name), folders, &folders[named..])?;
                Ok(match choice {
                    Some(choice) => found(choice.path, choice.others),
                    None => Looked::Missed(to.join(ANY_DEPTH).join(name)),
                })
            }
        }
    }
}

#[cfg(test)]
#[path = "map_file_tests.rs"]
mod tests;
