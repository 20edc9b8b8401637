//! Typed views of one solution. Other solutions, order and rendering are not known here.
//!
//! Read [`Solution`] first. One file a noun; each reader takes a `Reading` and adds its components to it.

mod account_folder;
mod account_text;
mod app_module;
mod canvas_app;
mod cloud_flow;
mod component;
mod connection_reference;
mod connector;
mod credential;
mod dataverse_error;
mod desktop_flow;
mod desktop_flow_binary;
mod environment_variable;
mod environment_variable_value;
mod error;
mod finding;
mod form;
mod hidden_text;
mod key;
mod key_vault;
mod key_vault_text;
mod link;
mod manifest;
mod masked;
mod missing_dependency;
mod other;
mod place;
mod plug_in;
mod process;
mod provided;
mod reading;
mod relationship;
mod row;
mod secret_argument;
mod secret_command;
mod secret_name;
mod secret_script;
mod secret_text;
#[cfg(test)]
mod secret_text_tests;
mod secret_value;
mod section;
mod table;
#[cfg(test)]
pub(crate) mod testing;
mod unread_json;
mod version;
mod web_resource;
mod work_queue;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub(crate) use account_text::{address_ranges, holds_address};
pub use cloud_flow::{CloudFlow, SecretRotation, VariableDefault};
pub(crate) use component::shown_name;
pub use component::{Component, Details, Relation, Target, Use, describe};
pub use connection_reference::{
    Binding, ConnectionReference, DESKTOP_FLOWS, connection_id, is_connection_id,
};
pub(crate) use connector::custom_api;
pub use credential::{Credential, CredentialKind, CredentialUse};
pub use dataverse_error::DataverseError;
pub use desktop_flow::DesktopFlow;
pub(crate) use environment_variable::is_too_long;
pub use environment_variable::{
    EnvironmentVariable, EnvironmentVariableValue, UserNameForm, VariableSource, VariableType,
};
pub use error::ModelError;
pub use finding::{
    Because, Code, Finding, Mark, Severity, codes, fingerprints, set_fingerprints, sort_findings,
};
pub use hidden_text::masked_file;
pub(crate) use hidden_text::{HiddenText, hidden_name, masked_unread_json};
pub use key::{ComponentKey, ComponentType, is_guid};
pub use key_vault::{KeyVaultFault, KeyVaultReference, SecretReference, is_secret_name, is_vault};
pub use manifest::{Manifest, Publisher, RootComponent};
pub use masked::{MASK, Masked};
pub(crate) use missing_dependency::needed_solutions;
pub use missing_dependency::{MissingDependency, NeededComponent, ProvidingPackage};
pub use place::Place;
pub use process::{Process, ProcessCategory};
pub use provided::{Provided, ProvidedError};
pub(crate) use reading::{JsonPart, Parts, XmlPart, as_utf8, entry_path};
pub(crate) use secret_name::{PASSWORDS, is_hidden_field, is_hidden_parameter};
pub(crate) use secret_text::{By, SecretRange, ends_with_webhook, is_azure_key, secret_ranges, secrets};
pub use secret_text::{looks_secret, masked_text};
pub use version::Version;

use crate::package::{Form, Package};

/// One solution as a package carries it.
#[derive(Debug)]
pub struct Solution {
    /// What the user called the package.
    pub source: Arc<str>,
    /// Whether it is a folder (places are then files of the user's own).
    pub is_folder: bool,
    /// Files in the package.
    pub entries: usize,
    /// Bytes of the files, inflated.
    pub bytes: u64,
    /// `solution.xml`.
    pub manifest: Manifest,
    /// Everything the package holds, in the order in which the readers find it.
    pub components: Vec<Component>,
    /// What is wrong with the package but did not stop the reading (ill-formed component files, duplicate keys).
    pub findings: Vec<Finding>,
}

/// How a solution is named in results: enough to tell two packages of one name apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SolutionIdentity {
    /// Unique name.
    pub unique_name: String,
    /// Version as written.
    pub version: Version,
    /// Managed or not.
    pub managed: bool,
    /// Unique name of the publisher.
    pub publisher: String,
    /// What the user called the package.
    pub source: Arc<str>,
}

impl Solution {
    /// Reads the model of an opened package.
    pub fn read(package: &Package) -> Result<Self, ModelError> {
        Self::read_with_parts(package).map(|(solution, _)| solution)
    }

    /// As [`Self::read`], with the files themselves, for who looks at more of them than the model keeps.
    pub(crate) fn read_with_parts(package: &Package) -> Result<(Self, reading::Parts), ModelError> {
        Self::of(reading::Reading::new(package)?)
    }

    /// The same, but no missing dependency is read: there are thousands of them in some manifests, and not everybody asks.
    pub(crate) fn read_without_needs(package: &Package) -> Result<(Self, reading::Parts), ModelError> {
        Self::of(reading::Reading::without_needs(package)?)
    }

    /// What [`Solution::identity`] says, of a package of which no more is read than its manifest.
    pub(crate) fn read_identity(package: &Package) -> Result<SolutionIdentity, ModelError> {
        let manifest = reading::manifest(package)?;
        Ok(manifest.identity(package.label().into()))
    }

    fn of(mut reading: reading::Reading<'_>) -> Result<(Self, reading::Parts), ModelError> {
        reading.run()?;
        let package = reading.package;
        let (manifest, components, findings, parts) = reading.finish();
        let solution = Self {
            source: package.label().into(),
            is_folder: package.form() == Form::Folder,
            entries: package.entries().len(),
            bytes: package.entries().iter().map(|entry| entry.size).sum(),
            manifest,
            components,
            findings,
        };
        Ok((solution, parts))
    }

    /// Whether commands that edit take the package as it is: it is unmanaged, and no folder of an archive's files.
    pub fn is_editable(&self) -> bool {
        let is_root = |path: &str| path.eq_ignore_ascii_case("solution.xml");
        let is_unzipped = self.is_folder && self.manifest.place.within(&self.source).is_some_and(is_root);
        !self.manifest.managed && !is_unzipped
    }

    /// The package as a word of a command.
    pub fn source_word(&self) -> String {
        crate::text::shell_word(&self.source)
    }

    /// The identity for results.
    pub fn identity(&self) -> SolutionIdentity {
        self.manifest.identity(self.source.clone())
    }
}
