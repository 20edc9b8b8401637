//! Verifies an archive, or a folder in the form of one.
//!
//! Read [`archive`] first.

use std::sync::Arc;

use super::digest::Fact;
use super::roots::{self, AsRead};
use super::trip::{Fault, Trip, trip};
use super::{Content, Verification, VerifiedForm, VerifyError, is_intact};
use crate::layout::{Archive, LayoutError, Note};
use crate::mapping::is_reserved;
use crate::model::{Code, Finding, Place, Severity, Solution, codes};
use crate::package::Package;

/// Reads every byte, unpacks and packs in memory, twice, and compares.
///
/// # Errors
/// When the package cannot be read, or is no solution.
pub fn archive(package: &Package) -> Result<Verification, VerifyError> {
    package.verify()?;
    let solution = Solution::read(package)?;
    let name = &solution.manifest.unique_name;
    let mut findings: Vec<Finding> =
        solution.findings.iter().filter(|finding| finding.code == codes::MISSING_FILE).cloned().collect();
    let mut contents = Vec::new();
    let archive = Archive::read(package).map_err(VerifyError::layout(package.label()))?;
    let place = |entry: &str| Place::whole(&package.place_of(entry).into());
    match twice(&archive) {
        Ok((trip, other)) => {
            findings.extend(missing_files(name, &trip.notes, &findings, place("customizations.xml")));
            findings.extend(
                trip.faults.iter().map(|fault| fault.finding(name, &|entry| package.place_of(entry))),
            );
            findings.extend(other.into_iter().map(|path| not_repeatable(name, &path, place(&path))));
            contents.push(Content::new(archive.is_managed(), &trip.entries));
        }
        Err(LayoutError::Package(error)) => return Err(error.into()),
        Err(error) => findings.push(finding(
            name,
            codes::NO_FOLDER_FORM,
            place("customizations.xml"),
            format!("it cannot be unpacked: {error}"),
        )),
    }
    let reserved = package.entries().iter().filter(|entry| is_reserved(&entry.path));
    findings.extend(reserved.map(|entry| {
        let message = format!("it cannot be unpacked: {} is a file of solship itself", entry.path);
        finding(name, codes::NO_FOLDER_FORM, place(&entry.path), message)
    }));
    findings.extend(roots::findings(&solution, &AsRead));
    Ok(Verification {
        solution: solution.identity(),
        form: VerifiedForm::Archive,
        entries: package.entries().len(),
        intact: is_intact(&findings),
        contents,
        left_alone: Vec::new(),
        findings,
    })
}

/// The content hash alone, with nothing proved; none when the package has no folder form. A folder that was opened as a package
/// has that of the archive that it is packed to.
///
/// # Errors
/// When the package cannot be read.
pub fn content(package: &Package) -> Result<Option<Content>, VerifyError> {
    let archive = Archive::read(package).map_err(VerifyError::layout(package.label()))?;
    match trip(&archive) {
        Ok(trip) => Ok(Some(Content::new(archive.is_managed(), &trip.entries))),
        Err(LayoutError::Package(error)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

/// The files of which only the layout knows that they are named.
fn missing_files(solution: &str, notes: &[Note], known: &[Finding], place: Place) -> Vec<Finding> {
    let is_known = |path: &str| known.iter().any(|finding| finding.message.contains(path));
    let mut findings: Vec<Finding> = Vec::new();
    for note in notes {
        let Note::MissingFile { path, .. } = note else { continue };
        let message = note.to_string();
        if !is_known(path) && findings.iter().all(|finding| !finding.message.contains(path.as_str())) {
            findings.push(finding(solution, codes::MISSING_FILE, place.clone(), message));
        }
    }
    findings
}

/// Two trips, and the paths at which they differ.
pub(super) fn twice(archive: &Archive<'_>) -> Result<(Trip, Vec<String>), LayoutError> {
    let (first, second) = (trip(archive)?, trip(archive)?);
    let mut others = Vec::new();
    for (ones, twos) in [(&first.files, &second.files), (&first.entries, &second.entries)] {
        others.extend(differing(ones, twos));
    }
    others.dedup();
    Ok((first, others))
}

/// Paths that are not at the same place with the same bytes.
fn differing(ones: &[Fact], twos: &[Fact]) -> Vec<String> {
    let pairs = (0..ones.len().max(twos.len())).map(|at| (ones.get(at), twos.get(at)));
    let others = pairs.filter(|(one, two)| one != two);
    others.filter_map(|(one, two)| one.or(two)).map(|fact| fact.path.clone()).collect()
}

pub(super) fn not_repeatable(solution: &str, path: &str, place: Place) -> Finding {
    finding(solution, codes::NOT_REPEATABLE, place, format!("two runs gave two forms of {path}"))
}

/// An error.
pub(super) fn finding(solution: &str, code: Code, place: Place, message: String) -> Finding {
    Finding { place: Some(place), ..Finding::new(code, Severity::Error, solution, message) }
}

impl Fault {
    /// The finding; `place_of` says how the place of an entry is written.
    pub(super) fn finding(&self, solution: &str, place_of: &dyn Fn(&str) -> String) -> Finding {
        let whole = |entry: &str| Place::whole(&place_of(entry).into());
        let carried = codes::ENTRY_NOT_CARRIED;
        match self {
            Self::Lost(path) => {
                finding(solution, carried, whole(path), format!("{path} is lost by unpack and pack"))
            }
            Self::New(path) => finding(
                solution,
                carried,
                whole(path),
                format!("{path} is not in the archive, and comes out of unpack and pack"),
            ),
            Self::Changed(path) => finding(
                solution,
                carried,
                whole(path),
                format!("{path} has other bytes after unpack and pack"),
            ),
            Self::Xml(path, difference) => {
                let file: Arc<str> = place_of(path).into();
                let place = match difference.left {
                    Some(position) => Place::new(&file, position),
                    None => Place::whole(&file),
                };
                let there = match difference.right {
                    Some(position) => format!("line {} of what was packed", position.line),
                    None => "nothing in what was packed".to_owned(),
                };
                let message = format!("{} does not say the same: beside it is {there}", difference.path);
                finding(solution, codes::XML_NOT_CARRIED, place, message)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Package;

    const MANIFEST: &str = "<ImportExportXml><SolutionManifest><UniqueName>Fab</UniqueName><Version>1.0</Version>\
        <Managed>0</Managed><RootComponents>ROOTS</RootComponents></SolutionManifest></ImportExportXml>";

    fn package(roots: &str, customizations: &str, files: &[(&str, &str)]) -> Package {
        let mut all = vec![
            ("solution.xml".to_owned(), MANIFEST.replace("ROOTS", roots).into_bytes()),
            (
                "customizations.xml".to_owned(),
                format!("<ImportExportXml>{customizations}</ImportExportXml>").into_bytes(),
            ),
            ("[Content_Types].xml".to_owned(), b"<Types />".to_vec()),
        ];
        all.extend(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
        Package::from_files("Fab.zip", all).unwrap()
    }

    fn told(verification: &Verification) -> Vec<(&'static str, Severity, String)> {
        let told = verification.findings.iter();
        told.map(|found| (found.code.id, found.severity, found.place.as_ref().unwrap().to_string())).collect()
    }

    #[test]
    fn nothing_is_lost() {
        let text = "<optionsets><optionset Name='fab_state' /></optionsets>";
        let roots = "<RootComponent type='9' schemaName='fab_state' behavior='0' />";
        let found = archive(&package(roots, text, &[("Assets/x.bin", "\0\r\n")])).unwrap();
        assert!(found.intact && found.findings.is_empty(), "{found:?}");
        assert_eq!((found.entries, found.contents[0].entries), (4, 3));
    }

    #[test]
    fn roots_and_content_that_do_not_fit() {
        let text = "<optionsets><optionset Name='fab_state' /></optionsets>";
        let roots = "<RootComponent type='9' schemaName='fab_other' behavior='0' />\n\
                     <RootComponent type='380' schemaName='fab_Limit' behavior='0' />";
        let found = archive(&package(roots, text, &[])).unwrap();
        assert!(found.intact);
        assert_eq!(
            told(&found),
            [
                ("PKG007", Severity::Warning, "Fab.zip:solution.xml:1:122".to_owned()),
                ("PKG007", Severity::Note, "Fab.zip:solution.xml:2:1".to_owned()),
                ("PKG008", Severity::Warning, "Fab.zip:customizations.xml:1:30".to_owned()),
            ]
        );
    }

    #[test]
    fn a_file_that_is_named_and_absent() {
        let text = "<Workflows><Workflow WorkflowId='{0c0ffee0-0000-4000-8000-000000000001}' Name='Pay'>\
            <JsonFileName>/Workflows/Pay.json</JsonFileName><Category>5</Category></Workflow></Workflows>";
        let roots = "<RootComponent type='29' id='{0C0FFEE0-0000-4000-8000-000000000001}' />";
        let found = archive(&package(roots, text, &[])).unwrap();
        let codes: Vec<_> = told(&found).into_iter().map(|(code, severity, _)| (code, severity)).collect();
        assert_eq!(codes, [("PKG004", Severity::Error)]);
    }

    #[test]
    fn an_entry_in_the_place_of_another_part_has_no_folder_form() {
        let found = archive(&package("", "", &[("Roles/Clerk.xml", "<Role />")])).unwrap();
        assert_eq!(told(&found)[0].0, "PKG012");
        assert!(!found.intact && found.contents.is_empty());
    }

    #[test]
    fn an_entry_that_no_folder_may_hold() {
        let found = archive(&package("", "", &[("solship.toml", ""), ("Controls/g/README.md", "")])).unwrap();
        assert_eq!(told(&found), [("PKG012", Severity::Error, "Fab.zip:solship.toml".to_owned())]);
        assert!(!found.intact);
    }

    #[test]
    fn the_content_does_not_depend_on_how_the_xml_is_written() {
        let hash = |text: &str| archive(&package("", text, &[])).unwrap().contents[0].sha256.clone();
        let one = hash("<Languages><Language>1033</Language></Languages>");
        assert_eq!(hash("\r\n  <Languages>\r\n    <Language>1033</Language>\r\n</Languages>\r\n"), one);
        assert_ne!(hash("<Languages><Language>1031</Language></Languages>"), one);
    }

    #[test]
    fn faults_say_where() {
        use crate::layout::Difference;
        use crate::text::Position;
        let place_of = |entry: &str| format!("Fab.zip:{entry}");
        let told = |fault: Fault| {
            let found = fault.finding("Fab", &place_of);
            format!("{} {} {}", found.code.id, found.place.unwrap(), found.message)
        };
        assert_eq!(told(Fault::Lost("a".into())), "PKG009 Fab.zip:a a is lost by unpack and pack");
        let difference = Difference {
            path: "ImportExportXml/Roles".to_owned(),
            left: Some(Position { line: 2, column: 3, offset: 0 }),
            right: Some(Position { line: 7, column: 1, offset: 0 }),
        };
        assert_eq!(
            told(Fault::Xml("customizations.xml", difference)),
            "PKG010 Fab.zip:customizations.xml:2:3 ImportExportXml/Roles does not say the same: \
             beside it is line 7 of what was packed"
        );
    }

    #[test]
    fn two_runs_that_differ_are_seen() {
        let fact = |path: &str, byte| Fact { path: path.to_owned(), sum: [byte; 32] };
        assert_eq!(differing(&[fact("a", 1), fact("b", 1)], &[fact("a", 1), fact("b", 2)]), ["b"]);
        assert_eq!(differing(&[fact("a", 1)], &[]), ["a"]);
    }
}
