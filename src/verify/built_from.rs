//! Whether an archive was packed from a folder, entry by entry, whichever packer made it.
//!
//! Read [`built_from`] first.

use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::digest::{CONTENT_TYPES, Fact, sum};
use super::folder::packed;
use super::trip::{kind, parsed, trip};
use super::{Content, VerifyError};
use crate::layout::{
    Archive, Difference, Folder, FolderView, LayoutError, LineEnd, PackOptions, Part, difference, pack,
};
use crate::model::{Finding, Place, Severity, Solution, SolutionIdentity, codes};
use crate::package::Package;
use crate::text::hex;

/// What is compared.
pub struct BuiltFrom<'a> {
    /// The archive.
    pub archive: &'a Package,
    /// SHA-256 of the archive as a file.
    pub archive_sha256: Option<String>,
    /// The folder.
    pub folder: &'a dyn FolderView,
    /// The version that the archive got on the way.
    pub version: Option<String>,
}

/// Where an archive comes from.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attestation {
    /// Which solution, as the archive says.
    #[serde(flatten)]
    pub solution: SolutionIdentity,
    /// Whether every entry comes from the folder, and every part of the folder is in the archive.
    pub built_from_folder: bool,
    /// The version that the archive is said to have got on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_version: Option<String>,
    /// The archive.
    pub archive: ArchiveFacts,
    /// The folder.
    pub folder: FolderFacts,
    /// Every entry of the archive in its order, then what only the folder gives.
    pub entries: Vec<EntryProof>,
    /// What was not packed from the folder.
    pub findings: Vec<Finding>,
}

/// An archive in numbers.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveFacts {
    /// What the user called it.
    pub source: Arc<str>,
    /// SHA-256 of the file, in hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What it holds; none when it cannot be unpacked without loss.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
}

/// A folder in numbers.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FolderFacts {
    /// What the user called it.
    pub source: Arc<str>,
    /// Files that are packed.
    pub files: usize,
    /// What it holds; none when what is packed of it cannot be unpacked without loss.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryProof {
    /// Path in the archive.
    pub path: String,
    /// SHA-256 of its bytes in the archive; none when it is not in there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// How it compares with what the folder gives.
    pub state: EntryState,
}

/// How an entry compares with what the folder gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EntryState {
    /// Equal bytes.
    Equal,
    /// A text whose lines end otherwise.
    LineEnds,
    /// XML that says the same.
    SameXml,
    /// Made by every packer for each archive, not compared.
    NotCompared,
    /// Something else.
    Different,
    /// The folder gives no such entry.
    OnlyInArchive,
    /// The archive has no such entry.
    OnlyInFolder,
}

impl EntryState {
    /// It may come from the folder.
    pub fn holds(self) -> bool {
        matches!(self, Self::Equal | Self::LineEnds | Self::SameXml | Self::NotCompared)
    }
}

/// Compares every entry of an archive with what packing the folder gives.
///
/// # Errors
/// When one of them cannot be read, or the folder cannot be packed.
pub fn built_from(request: &BuiltFrom<'_>) -> Result<Attestation, VerifyError> {
    let (package, view) = (request.archive, request.folder);
    package.verify()?;
    let solution = Solution::read(package)?;
    let archive = Archive::read(package).map_err(VerifyError::layout(package.label()))?;
    let in_layout = VerifyError::layout(view.label());
    let folder = Folder::read(view).map_err(&in_layout)?;
    let options = PackOptions {
        kind: kind(archive.is_managed()),
        line_end: LineEnd::Crlf,
        version: request.version.clone(),
        ..PackOptions::default()
    };
    let expected = pack(&folder, &options).map_err(&in_layout)?;
    let by_path: std::collections::HashMap<&str, &Part<'_>> =
        expected.parts.iter().map(|part| (part.path(), part)).collect();
    let compared: Vec<(EntryProof, Option<Difference>)> = package
        .entries()
        .par_iter()
        .map(|entry| {
            let bytes = package.read(entry)?;
            let sha256 = Some(hex(&sum(&bytes)));
            let (state, difference) = match by_path.get(entry.path.as_str()) {
                _ if entry.path.eq_ignore_ascii_case(CONTENT_TYPES) => (EntryState::NotCompared, None),
                Some(part) => compare(&archive, bytes, part)?,
                None => (EntryState::OnlyInArchive, None),
            };
            Ok((EntryProof { path: entry.path.clone(), sha256, state }, difference))
        })
        .collect::<Result<_, LayoutError>>()
        .map_err(&in_layout)?;
    let mut findings = Vec::new();
    if let Some(finding) = other_type(&folder, &archive, &solution, view.label()) {
        findings.push(finding);
    }
    let mut entries = Vec::with_capacity(compared.len());
    for (proof, difference) in compared {
        findings.extend(finding_of(package, &solution, &proof, difference.as_ref(), view.label()));
        entries.push(proof);
    }
    let there: std::collections::HashSet<String> = entries.iter().map(|proof| proof.path.clone()).collect();
    let missing = expected.parts.iter().map(Part::path);
    for path in missing.filter(|path| *path != CONTENT_TYPES && !there.contains(*path)) {
        let proof = EntryProof { path: path.to_owned(), sha256: None, state: EntryState::OnlyInFolder };
        findings.extend(finding_of(package, &solution, &proof, None, view.label()));
        entries.push(proof);
    }
    let of_folder = content_of_folder(&folder, view.label(), archive.is_managed());
    Ok(Attestation {
        solution: solution.identity(),
        built_from_folder: entries.iter().all(|proof| proof.state.holds()),
        set_version: request.version.clone(),
        archive: ArchiveFacts {
            source: package.label().into(),
            sha256: request.archive_sha256.clone(),
            content: content(&archive),
        },
        folder: FolderFacts { source: view.label().into(), files: view.files().len(), content: of_folder },
        entries,
        findings,
    })
}

fn content(archive: &Archive<'_>) -> Option<Content> {
    let facts: Vec<Fact> = trip(archive).ok()?.entries;
    Some(Content::new(archive.is_managed(), &facts))
}

fn content_of_folder(folder: &Folder<'_>, label: &str, managed: bool) -> Option<Content> {
    let package = packed(folder, label, managed, &mut Vec::new()).ok()?;
    content(&Archive::read(&package).ok()?)
}

fn compare(
    archive: &Archive<'_>,
    bytes: Vec<u8>,
    part: &Part<'_>,
) -> Result<(EntryState, Option<Difference>), LayoutError> {
    let expected = part.bytes()?;
    if bytes == expected {
        return Ok((EntryState::Equal, None));
    }
    let document = match part.path() {
        "solution.xml" => archive.manifest(),
        "customizations.xml" => archive.customizations(),
        _ if are_equal_texts(&bytes, &expected) => return Ok((EntryState::LineEnds, None)),
        _ => return Ok((EntryState::Different, None)),
    };
    Ok(match difference(document, &parsed(part.path(), expected)?) {
        None => (EntryState::SameXml, None),
        found => (EntryState::Different, found),
    })
}

/// Equal but for CR LF and LF, as git may store texts; a text has no zero byte and is UTF-8: what else may be one may as well be
/// a picture or a library.
fn are_equal_texts(left: &[u8], right: &[u8]) -> bool {
    let lines = |bytes: &[u8]| {
        let line_end = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        (0..bytes.len()).filter(|&at| !line_end(at)).map(|at| bytes[at]).collect::<Vec<u8>>()
    };
    let is_text = |bytes: &[u8]| !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok();
    is_text(left) && is_text(right) && lines(left) == lines(right)
}

/// The folder says that it holds a package of one type, and the archive is of the other. The reference packer does that
/// when it is told to, so the archive may well come from there.
fn other_type(
    folder: &Folder<'_>,
    archive: &Archive<'_>,
    solution: &Solution,
    label: &str,
) -> Option<Finding> {
    let managed = archive.is_managed();
    let is_other = match folder.managed_digit() {
        Some(0) => managed,
        Some(1) => !managed,
        _ => false,
    };
    let word = |managed| if managed { "managed" } else { "unmanaged" };
    is_other.then(|| {
        let message =
            format!("the archive is {}, and {label} holds the {} package", word(managed), word(!managed));
        let place = Some(solution.manifest.place.clone());
        Finding { severity: Severity::Warning, ..error(solution, place, message, None) }
    })
}

fn finding_of(
    package: &Package,
    solution: &Solution,
    proof: &EntryProof,
    difference: Option<&Difference>,
    folder: &str,
) -> Option<Finding> {
    let file: Arc<str> = package.place_of(&proof.path).into();
    let path = &proof.path;
    let message = match (proof.state, difference) {
        (state, _) if state.holds() => return None,
        (EntryState::OnlyInArchive, _) => format!("{path} is not in {folder}"),
        (EntryState::OnlyInFolder, _) => format!("{path} is in {folder}, and not in the archive"),
        (_, Some(found)) => match found.right {
            Some(right) => {
                format!("{} is another than in {folder} (line {} of what that gives)", found.path, right.line)
            }
            None => format!("{} is not in {folder}", found.path),
        },
        _ => format!("{path} has other bytes than in {folder}"),
    };
    let position = difference.and_then(|found| found.left);
    let place = match position {
        _ if proof.state == EntryState::OnlyInFolder => None,
        Some(position) => Some(Place::new(&file, position)),
        None => Some(Place::whole(&file)),
    };
    let is_version = difference.is_some_and(|found| found.path.ends_with("/SolutionManifest/Version"));
    let help = is_version.then(|| "--set-version V, when pack set the version".to_owned());
    Some(error(solution, place, message, help))
}

fn error(solution: &Solution, place: Option<Place>, message: String, help: Option<String>) -> Finding {
    let finding =
        Finding::new(codes::NOT_BUILT_FROM, Severity::Error, &solution.manifest.unique_name, message);
    Finding { place, help, ..finding }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::PackageFolder;

    const MANIFEST: &str = "<ImportExportXml><SolutionManifest><UniqueName>Fab</UniqueName><Version>1.0.0.0</Version>\
        <Managed>0</Managed><RootComponents /></SolutionManifest></ImportExportXml>";

    fn folder() -> Package {
        let files = [
            ("Other/Solution.xml", MANIFEST),
            ("Other/Customizations.xml", "<ImportExportXml><optionsets /></ImportExportXml>"),
            ("OptionSets/fab_state.xml", "<optionset Name='fab_state' />"),
            ("Assets/text.json", "{\n}\n"),
            ("Assets/data.bin", "\0\n"),
        ];
        files_of("src/Fab", &files)
    }

    fn files_of(label: &str, files: &[(&str, &str)]) -> Package {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        Package::from_files(label, files.collect()).unwrap()
    }

    /// An archive as another packer makes it of that folder, with an edit.
    fn archive(edit: impl Fn(&mut Vec<(&str, String)>)) -> Package {
        let mut files = vec![
            ("[Content_Types].xml", "<Types />".to_owned()),
            (
                "customizations.xml",
                "<ImportExportXml>\r\n<optionsets>\r\n<optionset Name=\"fab_state\"/></optionsets></ImportExportXml>"
                    .to_owned(),
            ),
            ("solution.xml", MANIFEST.to_owned()),
            ("Assets/data.bin", "\0\n".to_owned()),
            ("Assets/text.json", "{\r\n}\r\n".to_owned()),
        ];
        edit(&mut files);
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        files_of("Fab.zip", &files)
    }

    fn check(archive: &Package, version: Option<&str>) -> Attestation {
        let folder = folder();
        let folder = PackageFolder::new(&folder);
        let version = version.map(str::to_owned);
        built_from(&BuiltFrom { archive, archive_sha256: None, folder: &folder, version }).unwrap()
    }

    fn states(found: &Attestation) -> Vec<(&str, EntryState)> {
        found.entries.iter().map(|proof| (&*proof.path, proof.state)).collect()
    }

    #[test]
    fn whichever_packer_made_it() {
        let found = check(&archive(|_| {}), None);
        assert!(found.built_from_folder && found.findings.is_empty(), "{found:#?}");
        assert_eq!(
            states(&found),
            [
                ("[Content_Types].xml", EntryState::NotCompared),
                ("customizations.xml", EntryState::SameXml),
                ("solution.xml", EntryState::SameXml),
                ("Assets/data.bin", EntryState::Equal),
                ("Assets/text.json", EntryState::LineEnds),
            ]
        );
        let sum = found.entries[3].sha256.as_deref().unwrap();
        assert_eq!(sum, hex(&super::sum(b"\0\n")));
    }

    #[test]
    fn what_was_not_packed_from_it_is_named() {
        let edited = archive(|files| {
            files[1].1 = files[1].1.replace("fab_state", "fab_other");
            files[3].1 = "\0\r\n".to_owned();
            files[4].0 = "Assets/other.json";
        });
        let found = check(&edited, None);
        assert!(!found.built_from_folder);
        let bad: Vec<_> = states(&found).into_iter().filter(|(_, state)| !state.holds()).collect();
        assert_eq!(
            bad,
            [
                ("customizations.xml", EntryState::Different),
                ("Assets/data.bin", EntryState::Different),
                ("Assets/other.json", EntryState::OnlyInArchive),
                ("Assets/text.json", EntryState::OnlyInFolder),
            ]
        );
        let place = found.findings[0].place.as_ref().unwrap().to_string();
        assert_eq!(place, "Fab.zip:customizations.xml:3:1");
        assert_eq!(found.findings.len(), 4);
    }

    #[test]
    fn a_version_that_was_set_on_the_way_must_be_said() {
        let edited = archive(|files| files[2].1 = MANIFEST.replace("1.0.0.0", "1.2.3.4"));
        let found = check(&edited, None);
        assert!(!found.built_from_folder);
        assert!(found.findings[0].help.as_ref().unwrap().starts_with("--set-version"));
        assert!(check(&edited, Some("1.2.3.4")).built_from_folder);
        assert!(!check(&edited, Some("1.2.3.5")).built_from_folder);
        assert!(!check(&archive(|_| {}), Some("1.2.3.4")).built_from_folder);
    }

    #[test]
    fn an_archive_of_the_other_type_is_told() {
        let edited = archive(|files| files[2].1 = MANIFEST.replace("<Managed>0", "<Managed>1"));
        let found = check(&edited, None);
        let told: Vec<_> = found.findings.iter().map(|finding| (finding.code, finding.severity)).collect();
        assert_eq!(told, [(codes::NOT_BUILT_FROM, Severity::Warning)]);
    }
}
