//! What should be said of a map file: choices that it leaves open, and directives that do nothing.
//!
//! Read [`of_located`] first.

use camino::Utf8Path;

use crate::layout::LayoutError;
use crate::mapping::{Located, Map};
use crate::model::{Code, Finding, Place, Severity, codes};
use crate::package::PackageError;

fn finding(label: &str, code: Code, severity: Severity, place: &Place, message: String) -> Finding {
    Finding { place: Some(place.clone()), ..Finding::new(code, severity, label, message) }
}

/// What should be said of the place where a file is read.
pub(super) fn of_located(label: &str, file: &str, located: &Located) -> Result<Vec<Finding>, LayoutError> {
    let mut findings = Vec::new();
    let path = &located.path;
    for other in &located.others {
        if !are_equal(path, other)? {
            let message = format!("{file} is read from {path}; {other} fits as well and has other bytes");
            let found = finding(label, codes::MAP_CHOICE, Severity::Warning, &located.directive, message);
            findings.push(Finding { help: Some("name the folder in the map file".to_owned()), ..found });
            break;
        }
    }
    Ok(findings)
}

/// What should be said of a file that unpacking does not write: where it is not in its place either, only the package has it.
pub(super) fn of_unwritten(label: &str, map: &Map, file: &str) -> Option<Finding> {
    let error = map.locate(Utf8Path::new(file)).err()?;
    let message = format!("{} and is not written either; packing ends until it is there", error.fault());
    let found = finding(label, codes::MISSING_FILE, Severity::Warning, error.place(), message);
    Some(Finding {
        help: Some("build it, or unpack without the map file to have it from the package".to_owned()),
        ..found
    })
}

/// The directives for one file that match none of these.
pub(super) fn of_unmatched<'p>(
    label: &str,
    map: &Map,
    files: impl IntoIterator<Item = &'p str>,
) -> Vec<Finding> {
    let unmatched = map.unmatched(files).into_iter();
    unmatched
        .map(|(place, written)| {
            let message = format!("no file of the solution is {written}: this line does nothing");
            finding(label, codes::MAP_WITHOUT_MATCH, Severity::Warning, place, message)
        })
        .collect()
}

fn are_equal(one: &Utf8Path, other: &Utf8Path) -> Result<bool, PackageError> {
    if fs_err::metadata(one)?.len() != fs_err::metadata(other)?.len() {
        return Ok(false);
    }
    Ok(fs_err::read(one)? == fs_err::read(other)?)
}
