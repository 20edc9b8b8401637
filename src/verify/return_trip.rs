//! What became of the files of a folder that was packed and unpacked: each comes back as it was, under another name, or
//! not at all.
//!
//! Read [`compare`] first.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::archive::finding;
use super::customizations;
use super::in_folder::InFolder;
use super::trip::parsed;
use crate::layout::{Archive, FolderView, LayoutError, Unpacked, difference};
use crate::model::{Finding, Severity, codes};
use crate::text::Position;

const CUSTOMIZATIONS: &str = "Other/Customizations.xml";

/// The files that do not come back as they were.
pub(super) fn compare(
    view: &dyn FolderView,
    unpacked: &Unpacked<'_>,
    archives: &[Archive<'_>],
    solution: &str,
    places: &InFolder,
) -> Result<Vec<Finding>, LayoutError> {
    let files = view.files();
    let by_path: HashMap<String, usize> =
        unpacked.parts.iter().enumerate().map(|(at, part)| (part.path().to_lowercase(), at)).collect();
    let own: HashSet<String> = files.iter().map(|file| file.path.to_lowercase()).collect();
    let outcomes: Vec<Option<Fault>> = (0..files.len())
        .into_par_iter()
        .map(|file| match by_path.get(&files[file].path.to_lowercase()) {
            None => Ok(Some(Fault::Lost)),
            Some(&part) => {
                Ok(same(&files[file].path, view.read(file)?, unpacked.parts[part].bytes()?)?.err())
            }
        })
        .collect::<Result<_, LayoutError>>()?;
    let mut added: Vec<usize> = (0..unpacked.parts.len())
        .filter(|&at| !own.contains(&unpacked.parts[at].path().to_lowercase()))
        .collect();
    let mut findings = Vec::new();
    for (file, outcome) in outcomes.into_iter().enumerate() {
        let path = &files[file].path;
        let carried = codes::ENTRY_NOT_CARRIED;
        match outcome {
            None => {}
            Some(Fault::Lost) => findings.extend(lost(view, file, unpacked, &mut added, solution, places)?),
            Some(Fault::Bytes) => {
                let message = format!("{path} has other bytes after pack and unpack");
                findings.push(finding(solution, carried, places.whole(path), message));
            }
            Some(Fault::Xml { mut element, mut at }) => {
                if path.eq_ignore_ascii_case(CUSTOMIZATIONS) {
                    let own = parsed(path, view.read(file)?)?;
                    let mut missing = None;
                    for archive in archives {
                        missing = missing.or(customizations::missing(&own, archive.customizations())?);
                    }
                    let Some((path, position)) = missing else { continue };
                    (element, at) = (path, Some(position));
                }
                let place = at.map_or_else(|| places.whole(path), |at| places.at(path, at));
                let message = format!("{element} does not say the same after pack and unpack");
                findings.push(finding(solution, codes::XML_NOT_CARRIED, place, message));
            }
        }
    }
    Ok(findings)
}

/// What became of a file that does not come back under its name.
fn lost(
    view: &dyn FolderView,
    file: usize,
    unpacked: &Unpacked<'_>,
    added: &mut Vec<usize>,
    solution: &str,
    places: &InFolder,
) -> Result<Option<Finding>, LayoutError> {
    let path = &view.files()[file].path;
    let note = |code, message| {
        let finding = finding(solution, code, places.whole(path), message);
        Ok(Some(Finding { severity: Severity::Note, ..finding }))
    };
    let lower = path.to_lowercase();
    if lower == "[content_types].xml" || lower == "other/[content_types].xml" {
        return Ok(None);
    }
    let twin = match lower.strip_suffix("_managed.xml") {
        Some(stem) => format!("{stem}.xml"),
        None => lower.strip_suffix(".xml").map(|stem| format!("{stem}_managed.xml")).unwrap_or_default(),
    };
    if view.files().iter().any(|other| other.path.to_lowercase() == twin) {
        return note(
            codes::OTHER_NAME,
            format!("{path} belongs to the other package type and is not packed"),
        );
    }
    for (at, &part) in added.iter().enumerate() {
        let part = &unpacked.parts[part];
        if same(path, view.read(file)?, part.bytes()?)?.is_ok() {
            let message = format!("{path} comes back as {}", part.path());
            added.remove(at);
            return note(codes::OTHER_NAME, message);
        }
    }
    let message = format!("{path} is lost by pack and unpack");
    Ok(Some(finding(solution, codes::ENTRY_NOT_CARRIED, places.whole(path), message)))
}

/// How a file did not come back.
enum Fault {
    Lost,
    Bytes,
    Xml { element: String, at: Option<Position> },
}

/// Equal bytes, or XML that says the same.
fn same(path: &str, before: Vec<u8>, after: Vec<u8>) -> Result<Result<(), Fault>, LayoutError> {
    if before == after {
        return Ok(Ok(()));
    }
    let (Ok(before), Ok(after)) = (parsed(path, before), parsed(path, after)) else {
        return Ok(Err(Fault::Bytes));
    };
    Ok(match difference(&before, &after) {
        None => Ok(()),
        Some(found) => Err(Fault::Xml { element: found.path, at: found.left }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_seen() {
        let fault = |before: &str, after: &str| {
            same("a.xml", before.as_bytes().to_vec(), after.as_bytes().to_vec()).unwrap().err()
        };
        assert!(fault("<a b='1' c='2'/>", "<a c=\"2\" b=\"1\" />").is_none());
        assert!(matches!(fault("<a><b/></a>", "<a />"), Some(Fault::Xml { at: Some(_), .. })));
        assert!(matches!(fault("a\r\n", "a\n"), Some(Fault::Bytes)));
    }
}
