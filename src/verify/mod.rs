//! The proof that nothing is lost: a package is unpacked and packed in memory and compared with itself.
//!
//! [`archive`] is for an archive, [`folder`] for a folder in the packager's layout; [`built_from`] says whether an archive
//! was packed from a folder. Nothing is written. Read [`Verification`] first.

mod archive;
mod built_from;
mod customizations;
mod digest;
mod error;
mod folder;
mod in_folder;
mod return_trip;
pub(crate) mod roots;
mod trip;

use serde::Serialize;

pub use archive::{archive, content};
pub use built_from::{ArchiveFacts, Attestation, BuiltFrom, EntryProof, EntryState, FolderFacts, built_from};
pub use digest::sha256;
pub use error::VerifyError;
pub use folder::folder;

use crate::model::{Code, Finding, Severity, SolutionIdentity, codes};

/// What was found out of one package or folder.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// Which solution.
    #[serde(flatten)]
    pub solution: SolutionIdentity,
    /// What it is.
    pub form: VerifiedForm,
    /// Entries of the archive, or files of the folder.
    pub entries: usize,
    /// Whether everything came back as it was.
    pub intact: bool,
    /// The content hash; two for a folder that holds an unmanaged and a managed package, none where there is no folder
    /// form.
    pub contents: Vec<Content>,
    /// What lies in the folder and is not the solution's, so that nothing is proved of it; folders with `/` at the end.
    pub left_alone: Vec<String>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// What was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VerifiedForm {
    /// An archive, or a folder in the form of one.
    Archive,
    /// A folder in the packager's layout.
    Folder,
}

/// What a package holds, in one number: equal for an archive and the folder that it is unpacked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// The package is managed.
    pub managed: bool,
    /// Entries that were counted in: all but `[Content_Types].xml`.
    pub entries: usize,
    /// SHA-256, in hexadecimal digits, of one line for each entry in byte order of the names: SHA-256 of the entry, two
    /// blanks, name, line feed. solution.xml and customizations.xml are taken as they are packed anew with LF.
    pub sha256: String,
}

impl Content {
    fn new(managed: bool, facts: &[digest::Fact]) -> Self {
        let entries =
            facts.iter().filter(|fact| !fact.path.eq_ignore_ascii_case(digest::CONTENT_TYPES)).count();
        Self { managed, entries, sha256: digest::content(facts) }
    }
}

/// The findings that mean that something did not come back.
const LOSSES: &[Code] =
    &[codes::ENTRY_NOT_CARRIED, codes::XML_NOT_CARRIED, codes::NOT_REPEATABLE, codes::NO_FOLDER_FORM];

fn is_intact(findings: &[Finding]) -> bool {
    !findings.iter().any(|finding| finding.severity == Severity::Error && LOSSES.contains(&finding.code))
}
