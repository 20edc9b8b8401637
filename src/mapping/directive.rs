//! Reads the directives of a map file and checks each of them.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::bounds::walk;
use super::path::{fold, parts};
use super::pattern::{ANY_DEPTH, FilePattern, NamePattern};
use super::variables::expand;
use super::{Bounds, MapError, MapFault, Variables};
use crate::model::Place;
use crate::xml::{Attribute, Element};

/// One element of a map file.
#[derive(Debug)]
pub(super) struct Directive {
    pub(super) place: Place,
    pub(super) kind: Kind,
}

/// What a directive maps to where.
#[derive(Debug)]
pub(super) enum Kind {
    /// A folder of the packager folder is another folder.
    Folder { named: Vec<String>, written: Vec<String>, to: Utf8PathBuf },
    /// A file is read from a folder, or from below it, under its own name or another.
    File { pattern: FilePattern, written: String, to: Utf8PathBuf, below: bool, name: Option<String> },
}

/// Reads directives, with what all of them need.
pub(super) struct Reader<'r> {
    pub(super) file: &'r Arc<str>,
    pub(super) variables: &'r Variables<'r>,
    pub(super) bounds: &'r Bounds,
}

/// One attribute, variables put in.
struct Value {
    attribute: &'static str,
    written: String,
    text: String,
    place: Place,
}

impl Value {
    fn refuse<T>(&self, fault: impl FnOnce(String) -> MapFault) -> Result<T, MapError> {
        Err(MapError::new(self.place.clone(), fault(self.written.clone())))
    }

    fn refuse_wildcard<T>(&self, part: &str) -> Result<T, MapError> {
        let attribute = self.attribute;
        match part {
            ANY_DEPTH => self.refuse(|written| MapFault::FolderWildcard { attribute, written }),
            _ => self.refuse(|written| MapFault::NameWildcard { attribute, written }),
        }
    }

    fn parts(&self) -> Vec<&str> {
        self.text.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect()
    }

    fn ends_with_separator(&self) -> bool {
        self.text.ends_with(['/', '\\'])
    }

    /// Takes a file's name off the end of its parts.
    fn take_name(&self, parts: &mut Vec<&str>) -> Result<String, MapError> {
        let attribute = self.attribute;
        let name =
            parts.pop().filter(|name| *name != ANY_DEPTH && *name != ".." && !self.ends_with_separator());
        match name {
            Some(name) => Ok(name.to_owned()),
            None => self.refuse(|written| MapFault::NoFileName { attribute, written }),
        }
    }
}

/// Takes `**` off the end.
fn take_any_depth(parts: &mut Vec<&str>) -> bool {
    let found = parts.last() == Some(&ANY_DEPTH);
    if found {
        parts.pop();
    }
    found
}

fn is_wild(part: &str) -> bool {
    part.contains(['*', '?'])
}

impl Reader<'_> {
    /// Reads and checks one directive.
    pub(super) fn directive(&self, element: Element<'_>) -> Result<Directive, MapError> {
        let place = Place::new(self.file, element.position());
        let kind = match element.name() {
            "Folder" => self.folder(element)?,
            "FileToFile" => self.file_to_file(element)?,
            "FileToPath" => self.file_to_path(element)?,
            other => {
                return Err(MapError::new(place, MapFault::UnknownDirective { found: other.to_owned() }));
            }
        };
        Ok(Directive { place, kind })
    }

    fn folder(&self, element: Element<'_>) -> Result<Kind, MapError> {
        let map = self.value(element, "Folder", "map")?;
        let to = self.value(element, "Folder", "to")?;
        let named = self.inside(&map)?;
        for (value, parts) in [(&map, &named), (&to, &to.parts())] {
            if let Some(wild) = parts.iter().find(|part| is_wild(part)) {
                return value.refuse_wildcard(wild);
            }
        }
        Ok(Kind::Folder {
            named: named.iter().map(|part| fold(part)).collect(),
            written: named.iter().map(|part| (*part).to_owned()).collect(),
            to: self.place(&to, &to.parts())?,
        })
    }

    fn file_to_file(&self, element: Element<'_>) -> Result<Kind, MapError> {
        let map = self.value(element, "FileToFile", "map")?;
        let to = self.value(element, "FileToFile", "to")?;
        let (pattern, written) = self.pattern(&map)?;
        if is_wild(&written) {
            return map.refuse_wildcard(&written);
        }
        let mut parts = to.parts();
        let name = to.take_name(&mut parts)?;
        if is_wild(&name) {
            return to.refuse_wildcard(&name);
        }
        let below = take_any_depth(&mut parts);
        let to = self.place(&to, &parts)?;
        Ok(Kind::File { pattern, written: map.written, to, below, name: Some(name) })
    }

    fn file_to_path(&self, element: Element<'_>) -> Result<Kind, MapError> {
        let map = self.value(element, "FileToPath", "map")?;
        let to = self.value(element, "FileToPath", "to")?;
        let (pattern, _) = self.pattern(&map)?;
        let mut parts = to.parts();
        let below = take_any_depth(&mut parts);
        let to = self.place(&to, &parts)?;
        Ok(Kind::File { pattern, written: map.written, to, below, name: None })
    }

    fn value(
        &self,
        element: Element<'_>,
        directive: &'static str,
        attribute: &'static str,
    ) -> Result<Value, MapError> {
        let found: Option<Attribute<'_>> = element.attributes().find(|found| found.name == attribute);
        let Some(found) = found.filter(|found| !found.raw_value.trim().is_empty()) else {
            let fault = MapFault::MissingAttribute { directive, attribute };
            return Err(MapError::new(Place::new(self.file, element.position()), fault));
        };
        let written = found.value().into_owned();
        let place = Place::new(self.file, element.document().position(found.value_offset));
        match expand(&written, self.variables) {
            Ok(text) => Ok(Value { attribute, written, text, place }),
            Err(name) => Err(MapError::new(place, MapFault::UnsetVariable { name })),
        }
    }

    /// The parts of a `map`, which names something of the packager folder.
    fn inside<'v>(&self, map: &'v Value) -> Result<Vec<&'v str>, MapError> {
        match parts(&map.text).filter(|_| !has_drive(&map.text)) {
            Some(parts) => Ok(parts),
            None => map.refuse(|written| MapFault::MapOutside { written }),
        }
    }

    /// The pattern of a file directive, and the name as it is written.
    fn pattern(&self, map: &Value) -> Result<(FilePattern, String), MapError> {
        let mut parts = self.inside(map)?;
        let name = map.take_name(&mut parts)?;
        if name.contains('?') {
            return map.refuse_wildcard(&name);
        }
        let below = take_any_depth(&mut parts);
        if let Some(wild) = parts.iter().find(|part| is_wild(part)) {
            return map.refuse_wildcard(wild);
        }
        // A name alone is that name in any folder; `.\name` is the one at the top.
        let any_folder = !map.text.contains(['/', '\\']);
        let folder = (!any_folder).then(|| parts.iter().map(|part| fold(part)).collect());
        Ok((FilePattern { folder, below, name: NamePattern::new(&name) }, name))
    }

    /// The absolute folder that the parts of a `to` lead to.
    fn place(&self, to: &Value, parts: &[&str]) -> Result<Utf8PathBuf, MapError> {
        if let Some(wild) = parts.iter().find(|part| is_wild(part)) {
            return to.refuse_wildcard(wild);
        }
        let place = match self.top(to, parts)? {
            Some((top, taken)) => walk(top, parts.iter().skip(taken).copied()),
            None => walk(self.bounds.folder.clone(), parts.iter().copied()),
        };
        if !self.bounds.permits(&place) {
            let root = self.bounds.root.clone();
            return to.refuse(|written| MapFault::Outside { written, root });
        }
        Ok(place)
    }

    /// Where an absolute `to` starts, and how many of its parts say that; none when it is relative.
    fn top(&self, to: &Value, parts: &[&str]) -> Result<Option<(Utf8PathBuf, usize)>, MapError> {
        let drive = has_drive(&to.text);
        if !drive && !to.text.starts_with(['/', '\\']) {
            return Ok(None);
        }
        if !self.bounds.allow_outside {
            return to.refuse(|written| MapFault::Absolute { written });
        }
        if drive {
            // `c:x` starts at the folder that the drive stands at, which is nobody's intent.
            let is_whole = to.text[2..].starts_with(['/', '\\']);
            if !cfg!(windows) || !is_whole {
                return to.refuse(|written| MapFault::Drive { written });
            }
            return Ok(Some((format!("{}\\", &to.text[..2]).into(), 1)));
        }
        if cfg!(windows)
            && to.text[1..].starts_with(['/', '\\'])
            && let [server, share, ..] = parts
        {
            return Ok(Some((format!(r"\\{server}\{share}\").into(), 2)));
        }
        let top = self.bounds.folder.ancestors().last().unwrap_or(Utf8Path::new("/"));
        Ok(Some((top.to_owned(), 0)))
    }
}

/// `c:` at the start, on every system: a map file travels.
fn has_drive(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic()) && characters.next() == Some(':')
}
