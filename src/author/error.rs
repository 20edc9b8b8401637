//! Why a solution is not edited, one variant a cause. What was there before is still there.

use std::fmt;

use camino::Utf8PathBuf;

use crate::json::JsonError;
use crate::model::{KeyVaultFault, ModelError};
use crate::package::PackageError;
use crate::text::shell_word;
use crate::transfer::TransferError;
use crate::write::WriteError;
use crate::xml::XmlError;

/// One fact of a component that is not as asked for. Values are never shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which fact, in words: `type`, `default value`.
    pub fact: &'static str,
    /// What is there, where it may be shown.
    pub there: Option<String>,
    /// What was asked for, where it may be shown.
    pub asked: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.there, &self.asked) {
            (Some(there), Some(asked)) => write!(formatter, "{} is {there}, not {asked}", self.fact),
            (None, Some(asked)) => write!(formatter, "{} is not {asked}", self.fact),
            _ => write!(formatter, "{} is another one", self.fact),
        }
    }
}

/// Why a solution is not edited.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorError {
    /// A package cannot be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// It has no folder or archive form.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// It is no solution.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// What was named is a folder that is no solution folder.
    #[error("{path}: no solution folder: it holds no Other/Solution.xml{}", listed(found))]
    NoSolution {
        /// The folder.
        path: Utf8PathBuf,
        /// Solutions directly inside.
        found: Vec<Utf8PathBuf>,
    },
    /// The files of an archive lie loose in a folder.
    #[error(
        "{path}: the files of an archive; what is edited is the archive itself or a folder that unpack wrote"
    )]
    ArchiveFolder {
        /// The folder.
        path: Utf8PathBuf,
    },
    /// None was named, and the working folder is in none.
    #[error("no solution folder is here or above{}", listed(found))]
    NoSolutionHere {
        /// Solutions directly inside the working folder.
        found: Vec<Utf8PathBuf>,
    },
    /// A managed package is what an export made; it is not edited.
    #[error("{path}: a managed package; what is edited is the unmanaged one")]
    Managed {
        /// The package.
        path: Utf8PathBuf,
    },
    /// A file that every solution has is absent.
    #[error("{place}: not there")]
    MissingFile {
        /// Which.
        place: String,
    },
    /// An element that is needed is absent.
    #[error("{place}: no element {element}")]
    MissingElement {
        /// The file.
        place: String,
        /// The element.
        element: &'static str,
    },
    /// A file is no XML.
    #[error("{place}: {error}")]
    Xml {
        /// Which.
        place: String,
        /// Why.
        error: XmlError,
    },
    /// A file is no JSON.
    #[error("{place}: {error}")]
    Json {
        /// Which.
        place: String,
        /// Why.
        error: JsonError,
    },
    /// A file is not of the form that exports give it.
    #[error("{place}: not in the form of exports; nothing is changed in it")]
    UnknownForm {
        /// Which.
        place: String,
    },
    /// A name that the platform does not take.
    #[error("{what} {name}: {fault}")]
    Name {
        /// `variable`, `connection reference`.
        what: &'static str,
        /// The name.
        name: String,
        /// What is wrong with it.
        fault: String,
        /// A name that would do.
        instead: Option<String>,
    },
    /// A text that a column does not take.
    #[error("{what}: {fault}")]
    Text {
        /// The column, in words.
        what: &'static str,
        /// What is wrong; never the text.
        fault: String,
        /// What to do.
        hint: &'static str,
    },
    /// A secret variable needs a reference into a vault.
    #[error("{what}: {}", fault.words())]
    SecretReference {
        /// The column, in words.
        what: &'static str,
        /// What is wrong.
        fault: KeyVaultFault,
    },
    /// A part of a reference into a vault is not given.
    #[error("the {what} is missing: {option}")]
    SecretPart {
        /// The part.
        what: &'static str,
        /// The option that gives it.
        option: String,
        /// The fault that a wrong one would be.
        fault: KeyVaultFault,
    },
    /// Neither a name nor what one could be made of.
    #[error("no name: give NAME, or --display to have one proposed")]
    NoName,
    /// It is there, and not as asked for.
    #[error("{component} is there already, and differs: {}", joined(differences))]
    Differs {
        /// The component.
        component: String,
        /// The facts.
        differences: Vec<Difference>,
        /// The command that changes it.
        hint: String,
    },
    /// It is there in another letter case.
    #[error("{what} {asked}: there already as {there}; names compare without case")]
    OtherCase {
        /// `variable`.
        what: &'static str,
        /// As it was asked for.
        asked: String,
        /// As it is there.
        there: String,
    },
    /// Nothing of that name is there.
    #[error("no {what} {name} in {solution}")]
    NotThere {
        /// `variable`.
        what: &'static str,
        /// The name.
        name: String,
        /// The solution.
        solution: String,
        /// The nearest name.
        nearest: Option<String>,
        /// How it can be made on the way.
        make: Option<String>,
    },
    /// A column of a credential needs a variable, and none is named.
    #[error("which variable holds the {column}? {}", offered(candidates, *is_secret))]
    NoVariable {
        /// The column, in words.
        column: &'static str,
        /// The option that names it.
        option: &'static str,
        /// Whether it must be a secret.
        is_secret: bool,
        /// The variables of the solution that would do.
        candidates: Vec<String>,
    },
    /// The form of a credential is not known.
    #[error("in which form a credential is written is not known, as no public export shows it")]
    NoForm,
    /// Something uses it.
    #[error("{component} is used: {}", used(users))]
    InUse {
        /// The component.
        component: String,
        /// What uses it, described.
        users: Vec<String>,
    },
    /// Something that is not edited still names it.
    #[error("{name} is still named by what is not edited: {}", used(users))]
    StillNamed {
        /// The old name.
        name: String,
        /// What names it, described.
        users: Vec<String>,
    },
    /// It is kept in a form that is only read.
    #[error("{component} is in the form of exports from before 2021, which is only read")]
    OldForm {
        /// The component.
        component: String,
    },
    /// A file lies where a new one is to be.
    #[error("{place}: in the way, and not of this component")]
    InTheWay {
        /// The file.
        place: String,
    },
    /// Another solution is where a new one is to be.
    #[error("{path}: a solution is there already, and it is not an empty one of this name and publisher")]
    OtherSolutionThere {
        /// The folder.
        path: Utf8PathBuf,
    },
    /// A combination that the platform does not have.
    #[error("{message}")]
    NotPossible {
        /// Why.
        message: String,
        /// What to do instead.
        hint: String,
    },
}

impl AuthorError {
    /// What to do.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoSolution { found, .. } | Self::NoSolutionHere { found } => match found.first() {
                Some(first) => format!("name one: --solution {first}"),
                None => "name a solution folder or zip with --solution, or make one: solship new solution NAME --publisher UNIQUENAME --prefix PRE".to_owned(),
            },
            Self::ArchiveFolder { path } => format!("zip the files, then: solship unpack {path}.zip {path}.src"),
            Self::Managed { .. } => "edit the unmanaged solution and export or pack it as managed".to_owned(),
            Self::Name { instead: Some(instead), .. } => format!("such as {instead}"),
            Self::Text { hint, .. } => (*hint).to_owned(),
            Self::SecretReference { fault, .. } | Self::SecretPart { fault, .. } => secret_hint(*fault).to_owned(),
            Self::Differs { hint, .. } => hint.clone(),
            Self::OtherCase { there, .. } => format!("name it {there}"),
            Self::NotThere { nearest: Some(nearest), make: Some(make), .. } => format!("did you mean {nearest}? {make}"),
            Self::NotThere { nearest: Some(nearest), .. } => format!("did you mean {nearest}?"),
            Self::NotThere { make: Some(make), .. } => make.clone(),
            Self::NoVariable { option, candidates, .. } => match candidates.first() {
                Some(first) => format!("{option} {first}"),
                None => format!("{option} NAME, with --user-value TEXT or --secret-id RESOURCE-ID to make it on the way"),
            },
            Self::NoForm => "--like EXPORT.zip learns it from an export of yours that holds a credential (recommended); else choose --container section or --container folder".to_owned(),
            Self::InUse { .. } => "remove what uses it first, or let it use another".to_owned(),
            Self::StillNamed { .. } => "rename it in the portal, where these follow, and export again".to_owned(),
            Self::OldForm { .. } => "export the solution again: newer exports write variables as files of their own".to_owned(),
            Self::OtherSolutionThere { path } => format!("add to it with solship add … --solution {path}, or choose another name or --dir"),
            Self::InTheWay { .. } => "move the file away, or choose another name".to_owned(),
            Self::NotPossible { hint, .. } => hint.clone(),
            // No command that edits writes over such a file.
            Self::Write(WriteError::ReadOnlyFile { path }) if cfg!(windows) => format!("attrib -r {}", shell_word(path.as_str())),
            Self::Write(WriteError::ReadOnlyFile { path }) => format!("chmod u+w {}", shell_word(path.as_str())),
            _ => return None,
        })
    }
}

/// Where in the portal each part of a reference is found.
fn secret_hint(fault: KeyVaultFault) -> &'static str {
    use KeyVaultFault::*;
    match fault {
        Subscription => {
            "Azure portal: the vault's page, Overview, Subscription ID: 32 hexadecimal digits in groups of 8-4-4-4-12"
        }
        ResourceGroup => "Azure portal: the vault's page, Overview, Resource group",
        VaultName => {
            "Azure portal: the title of the vault's page: 3 to 24 letters, digits and single hyphens, a letter first"
        }
        SecretName | NoSecret => {
            "Azure portal: the vault's page, Objects, Secrets, the column Name: 1 to 127 letters, digits and hyphens"
        }
        Version => "leave the version out: the newest one is always read",
        Provider => {
            "the provider of a vault is Microsoft.KeyVault; Azure portal: the vault's page, Properties, Resource ID"
        }
        WebAddress => {
            "the address lacks subscription and resource group: --subscription and --resource-group add them; Azure portal: the vault's page, Properties, Resource ID"
        }
        Empty | NotAResourceId => {
            "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/VAULT/secrets/SECRET; Azure portal: the vault's page, Properties, Resource ID, then /secrets/ and the secret's name"
        }
    }
}

fn listed(found: &[Utf8PathBuf]) -> String {
    if found.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = found.iter().map(|path| path.as_str()).collect();
    format!("; in reach: {}", names.join(", "))
}

fn joined(differences: &[Difference]) -> String {
    differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn offered(candidates: &[String], is_secret: bool) -> String {
    let kind = if is_secret { "secret" } else { "text" };
    match candidates {
        [] => format!("no {kind} variable is in the solution"),
        names => format!("{kind} variables here: {}", names.join(", ")),
    }
}

fn used(users: &[String]) -> String {
    const MOST: usize = 5;
    let mut words = users.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if users.len() > MOST {
        words.push_str(&format!(" and {} more", users.len() - MOST));
    }
    words
}
