//! Makes and edits solutions: components put into a folder or an archive and taken out, every other byte as it was.
//!
//! Owns the form in which the platform's exports write what is added. Where the files are and how they are written whole is
//! `files.rs`; XML text is edited in `text.rs`. One file a kind of component. Read [`Editor`] first.

mod connection_reference;
mod credential;
mod credential_form;
mod customizations;
mod editor;
mod error;
mod files;
mod flow;
mod identity;
mod lock;
mod mend;
mod mentions;
mod names;
mod new_solution;
mod next_to;
mod rename;
mod root_components;
mod secret;
mod text;
mod variable;
mod variable_value;
mod version;

pub use connection_reference::{
    ConnectionReferenceChange, NewConnectionReference, add_connection_reference, remove_connection_reference,
    set_connection_reference,
};
pub use credential::{
    CredentialChange, CredentialStore, NewCredential, add_credential, remove_credential, set_credential,
};
pub use credential_form::{CredentialContainer, CredentialForm, Learned};
pub use editor::{Action, Edited, EditedFile, Editor, Step};
pub use error::{AuthorError, Difference};
pub use files::SolutionFiles;
pub use flow::{FlowOptions, add_flow, remove_flow, set_flow_state};
pub use mend::{leave_version_away, list_process, remove_packaged_value};
pub use names::proposed_name;
pub(crate) use new_solution::check_unique_name;
pub use new_solution::{NewSolution, new_solution};
pub(crate) use next_to::solution_around;
pub use next_to::{solution_at_or_above, solutions_in};
pub use rename::{Renamed, rename};
pub use secret::{SecretParts, SecretPlace, add_secret, remove_secret, set_secret};
pub(crate) use text::{Markup, XmlText};
pub use variable::{NewVariable, VariableChange, add_variable, remove_variable, set_variable};
pub use version::{VersionPart, bumped, check_version, set_version};
