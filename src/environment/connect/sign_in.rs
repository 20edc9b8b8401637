//! Connections of desktop flows sign in with credentials. What is put into their parameters is in `FORMATS.md` §1.9.

use std::fmt;
use std::str::FromStr;

use super::super::content::Facts;
use super::super::import::effective_value;
use super::super::state::State;
use super::ConnectError;
use super::connection::day;
use crate::model::{ComponentKey, CredentialKind, CredentialUse, DESKTOP_FLOWS, is_guid};

/// What stands in the parameter `password` where the credential keeps no password in a variable.
pub const NO_PASSWORD: &str = "none";

/// The parameter with the id of the machine or the group of machines.
pub const TARGET: &str = "targetId";
/// The parameter with the application id of the run owner.
pub const RUN_OWNER: &str = "tokenRunOwnerCert:clientId";

/// The set of parameters of a desktop-flow connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParameterSet {
    /// A machine or group, signed in to with a credential.
    AzureRelay,
    /// The same, and flows run as a service principal.
    AzureRelayRunOwner,
    /// Attended, as the user who is signed in: no credential.
    PasswordlessAttended,
}

/// How a desktop-flow connection is to sign in.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'s> {
    /// The set of parameters.
    pub set: ParameterSet,
    /// The credential.
    pub credential: Option<&'s ComponentKey>,
    /// Id of the machine or the group of machines, parameter `targetId`.
    pub target: Option<&'s str>,
    /// Application id of the run owner; its certificate is not kept here.
    pub run_owner: Option<&'s str>,
    /// Today, as of [`super::NewConnection::created`].
    pub today: Option<&'s str>,
}

impl ParameterSet {
    /// Every set there is.
    pub const ALL: [Self; 3] = [Self::AzureRelay, Self::AzureRelayRunOwner, Self::PasswordlessAttended];

    /// Its name in the interface of connections.
    pub fn name(self) -> &'static str {
        match self {
            Self::AzureRelay => "azureRelay",
            Self::AzureRelayRunOwner => "azureRelayRunOwner",
            Self::PasswordlessAttended => "passwordlessAttended",
        }
    }
}

impl fmt::Display for ParameterSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for ParameterSet {
    type Err = ConnectError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|set| set.name().eq_ignore_ascii_case(text.trim()));
        found.ok_or_else(|| ConnectError::NotAParameterSet { set: text.to_owned() })
    }
}

/// Sets how a desktop-flow connection signs in; gives what is to be said of it.
///
/// # Errors
/// When the connection is of another connector, or the credential is not there or not fit.
pub fn sign_in(state: &mut State, id: &str, sign_in: &SignIn<'_>) -> Result<Vec<String>, ConnectError> {
    let connection = state
        .connections()
        .get(id)
        .ok_or_else(|| ConnectError::NoConnection { connection: id.to_owned() })?;
    if !connection.connector.eq_ignore_ascii_case(DESKTOP_FLOWS) {
        let connector = connection.connector.clone();
        return Err(ConnectError::NotOfDesktopFlows { id: id.to_owned(), connector });
    }
    let had_run_owner = connection.parameter_set.as_deref() == Some(ParameterSet::AzureRelayRunOwner.name());
    if had_run_owner && sign_in.set != ParameterSet::AzureRelayRunOwner {
        return Err(ConnectError::RunOwnerStays { id: id.to_owned() });
    }
    let mut changed = connection.clone();
    changed.parameter_set = Some(sign_in.set.name().to_owned());
    changed.credential = None;
    changed.updated = sign_in.today.map(day).transpose()?.or(changed.updated);
    // Which machine and which owner stays, where nothing else is said.
    changed.parameters.retain(|name, _| matches!(&**name, TARGET | RUN_OWNER));
    if let Some(target) = sign_in.target {
        let target = guid("a machine or a group of machines", target)?;
        changed.parameters.insert(TARGET.to_owned(), target);
    }
    match (sign_in.set, sign_in.run_owner) {
        (ParameterSet::AzureRelayRunOwner, Some(owner)) => {
            let owner = guid("an application", owner)?;
            changed.parameters.insert(RUN_OWNER.to_owned(), owner);
        }
        (ParameterSet::AzureRelayRunOwner, None) if !had_run_owner => return Err(ConnectError::NoRunOwner),
        (set, Some(_)) => return Err(ConnectError::RunOwnerNotTaken { set }),
        _ => {}
    }
    let mut notes = Vec::new();
    match (sign_in.set, sign_in.credential) {
        (ParameterSet::PasswordlessAttended, None) => {}
        (ParameterSet::PasswordlessAttended, Some(_)) => return Err(ConnectError::CredentialNotTaken),
        (set, None) => return Err(ConnectError::CredentialNeeded { set }),
        (_, Some(credential)) => {
            let with = with_credential(state, credential)?;
            changed.parameters.extend(with.parameters);
            changed.credential = Some(with.credential);
            notes = with.notes;
        }
    }
    let is_on_no_machine =
        sign_in.set != ParameterSet::PasswordlessAttended && !changed.parameters.contains_key(TARGET);
    if is_on_no_machine {
        notes.push(
            "it names no machine yet: sign in again with --target GUID of the machine or its group"
                .to_owned(),
        );
    }
    state.set_connection(id, Some(changed));
    Ok(notes)
}

fn guid(what: &'static str, text: &str) -> Result<String, ConnectError> {
    let id = text.trim().trim_start_matches('{').trim_end_matches('}').to_lowercase();
    if is_guid(&id) { Ok(id) } else { Err(ConnectError::NotAGuid { what, id: text.to_owned() }) }
}

/// What signing in with a credential puts into a connection.
struct WithCredential {
    credential: ComponentKey,
    parameters: Vec<(String, String)>,
    notes: Vec<String>,
}

fn with_credential(state: &State, credential: &ComponentKey) -> Result<WithCredential, ConnectError> {
    let missing = || ConnectError::NoCredential { credential: credential.clone() };
    let (key, layers) = state.component(credential).ok_or_else(missing)?;
    let content = layers.effective().ok_or_else(missing)?;
    let Facts::Credential { kind, variables, uses } = &content.facts else { return Err(missing()) };
    if !CredentialUse::are_for_connections(uses) {
        let uses = uses.iter().map(|used| used.words()).collect::<Vec<_>>().join(" and ");
        return Err(ConnectError::NotForConnections { credential: content.words.clone(), uses });
    }
    let variable = |column: &'static str| {
        let found = variables.iter().find(|(name, _)| name == column).map(|(_, variable)| variable);
        found.ok_or_else(|| ConnectError::ColumnEmpty { credential: content.words.clone(), column })
    };
    let of_variable = |name: &str, column| -> Result<(String, String), ConnectError> {
        Ok((name.to_owned(), format!("@environmentVariables(\"{}\")", variable(column)?.key)))
    };
    let no_password = || ("password".to_owned(), NO_PASSWORD.to_owned());
    let mut notes = Vec::new();
    let parameters = match kind {
        CredentialKind::UserNamePassword => {
            vec![of_variable("username", "username")?, of_variable("password", "password")?]
        }
        CredentialKind::Certificate => {
            variable("certificate")?;
            vec![of_variable("username", "username")?, no_password()]
        }
        CredentialKind::CyberArk => {
            vec![of_variable("username", "cyberarkusername")?, no_password()]
        }
        CredentialKind::ConnectionReference => {
            return Err(ConnectError::OfReference { credential: content.words.clone() });
        }
        CredentialKind::UserNamePasswordList
        | CredentialKind::UserNamePasswordListWithGroupMapping
        | CredentialKind::MachineMapping
        | CredentialKind::Unknown(_) => {
            notes.push(format!("which parameters {} fills is not documented: none are kept", content.words));
            Vec::new()
        }
    };
    for (_, variable) in variables {
        if effective_value(state, variable).is_none() {
            notes.push(format!("{variable} has no value yet: signing in fails until it has one"));
        }
    }
    Ok(WithCredential { credential: key.clone(), parameters, notes })
}
