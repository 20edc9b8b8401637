//! Connections, which no package carries: made, bound to connection references, and signed in with credentials.
//!
//! Read [`create`], [`bind`] and [`sign_in`]: plain functions on [`State`] that change all of what they say, or nothing.
//! What is put into the parameters of a desktop-flow connection is in `FORMATS.md` §1.9.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::content::Facts;
use super::import::{FlowChange, effective_value, settle_flows};
use super::state::{Connection, State};
use crate::model::{
    ComponentKey, ComponentType, CredentialKind, DESKTOP_FLOWS, MASK, UserNameForm, custom_api,
    is_connection_id, is_guid, shown_name,
};

/// The namespace of the ids of connections that solship makes; nothing else uses it.
const NAMESPACE: Uuid = Uuid::from_u128(0x5b0e_93f1_7c2a_4d86_8e15_20b9_64d7_aa3c);

/// Connections of desktop flows made before this day should be signed in again (Microsoft's article on credentials in
/// Azure Key Vault: those made before April 2024).
const UPDATED_SINCE: &str = "2024-04-01";

/// What stands in the parameter `password` where the credential keeps no password in a variable.
const NO_PASSWORD: &str = "none";

/// A connection that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewConnection<'n> {
    /// Its id; none: one is made of everything else.
    pub id: Option<&'n str>,
    /// `shared_x`, or the whole id of the connector.
    pub connector: &'n str,
    /// Display name.
    pub name: &'n str,
    /// Today, `2026-11-29`; none where that is not known.
    pub created: Option<&'n str>,
    /// How messages name the environment: two environments do not give one id to two connections.
    pub environment: &'n str,
}

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
    /// Today, as of [`NewConnection::created`].
    pub today: Option<&'s str>,
}

/// What binding a connection reference, or freeing it, did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The connection reference, as the environment spells it.
    pub reference: ComponentKey,
    /// The connection that it was bound to before.
    pub before: Option<String>,
    /// The flows that use it, and which of them are on now: one whose last missing reference this was goes on.
    pub flows: Vec<FlowChange>,
}

/// Why connections cannot be changed so. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The id is none.
    #[error("`{id}` is no id of a connection: give a GUID, or leave the id out and one is made")]
    NotAnId {
        /// As given.
        id: String,
    },
    /// The id is in use.
    #[error("there is a connection {id} already: leave the id out and another is made")]
    Taken {
        /// As given.
        id: String,
    },
    /// The name is empty.
    #[error("a connection needs a name: name it after what it is for")]
    NoName,
    /// The connector is none.
    #[error(
        "`{connector}` is no connector: write it as the connection reference does, such as shared_uiflow"
    )]
    NotAConnector {
        /// As given.
        connector: String,
    },
    /// The day is none.
    #[error("`{day}` is no day: write it as 2026-11-29")]
    NotADay {
        /// As given.
        day: String,
    },
    /// There is no such connection.
    #[error("there is no connection `{connection}`: `solship env connect ENV list` shows them")]
    NoConnection {
        /// As given.
        connection: String,
    },
    /// Several have that name.
    #[error("{count} connections have this name: give the id of the one")]
    SeveralConnections {
        /// How many.
        count: usize,
    },
    /// A reference is bound to it.
    #[error("connection {id} is in use by {}: free them first, or delete it with --free", listed(.references))]
    InUse {
        /// Its id.
        id: String,
        /// What is bound to it.
        references: Vec<ComponentKey>,
    },
    /// There is no such connection reference.
    #[error("{reference} is not in the environment: import the solution that brings it first")]
    NoReference {
        /// As given.
        reference: ComponentKey,
    },
    /// The connection is of another connector.
    #[error("{reference} is of connector {asked}, and the connection of {found}: bind one of {asked}")]
    OtherConnector {
        /// The connection reference.
        reference: ComponentKey,
        /// Its connector.
        asked: String,
        /// That of the connection.
        found: String,
    },
    /// Only connections of desktop flows sign in with credentials.
    #[error(
        "connection {id} is of connector {connector}: only one of shared_uiflow signs in with a credential"
    )]
    NotOfDesktopFlows {
        /// Its id.
        id: String,
        /// Its connector.
        connector: String,
    },
    /// The set of parameters is not known.
    #[error("`{set}` is no way to sign in: azureRelay, azureRelayRunOwner or passwordlessAttended")]
    NotAParameterSet {
        /// As given.
        set: String,
    },
    /// A credential is needed.
    #[error("{set} signs in with a credential: name it, or sign in as passwordlessAttended")]
    CredentialNeeded {
        /// The set of parameters.
        set: ParameterSet,
    },
    /// No credential is taken.
    #[error("passwordlessAttended takes no credential: leave it out, or sign in as azureRelay")]
    CredentialNotTaken,
    /// There is no such credential.
    #[error("{credential} is not in the environment: import the solution that brings it first")]
    NoCredential {
        /// As given.
        credential: ComponentKey,
    },
    /// The credential has no variable where one is needed.
    #[error(
        "{credential} has no variable in {column}: a credential cannot be given one afterwards, make a new one"
    )]
    ColumnEmpty {
        /// How a sentence names the credential.
        credential: String,
        /// The column.
        column: &'static str,
    },
    /// Credentials of this kind are not signed in with.
    #[error("{credential} only stands for a connection reference: bind that one instead")]
    OfReference {
        /// How a sentence names the credential.
        credential: String,
    },
    /// An id of a machine, a group or an application is none.
    #[error("`{id}` is no id of {what}: give its GUID")]
    NotAGuid {
        /// Of what.
        what: &'static str,
        /// As given.
        id: String,
    },
    /// The run owner is missing.
    #[error("azureRelayRunOwner needs the application id of the run owner")]
    NoRunOwner,
    /// The run owner is given where none is taken.
    #[error("{set} has no run owner: leave it out, or sign in as azureRelayRunOwner")]
    RunOwnerNotTaken {
        /// The set of parameters.
        set: ParameterSet,
    },
    /// The platform does not take a run owner away again.
    #[error("connection {id} has a run owner, which is not taken away again: make a new connection")]
    RunOwnerStays {
        /// Its id.
        id: String,
    },
}

fn listed(keys: &[ComponentKey]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
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

/// Makes a connection; gives its id.
///
/// # Errors
/// When the id is none or in use, or name, connector or day are none.
pub fn create(state: &mut State, new: &NewConnection<'_>) -> Result<String, ConnectError> {
    let name = new.name.trim();
    if name.is_empty() {
        return Err(ConnectError::NoName);
    }
    let connector = new.connector.trim().rsplit('/').next().unwrap_or_default().to_lowercase();
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    if connector.is_empty() || !connector.chars().all(is_plain) {
        return Err(ConnectError::NotAConnector { connector: new.connector.to_owned() });
    }
    let created = new.created.map(day).transpose()?;
    let id = match new.id {
        Some(id) => {
            let own = id.trim().to_lowercase();
            if !is_connection_id(&own) {
                return Err(ConnectError::NotAnId { id: id.to_owned() });
            }
            if state.connections().contains_key(&own) {
                return Err(ConnectError::Taken { id: own });
            }
            own
        }
        None => free_id(state, &[new.environment, &connector, name, new.created.unwrap_or_default()]),
    };
    let connection = Connection {
        connector,
        name: name.to_owned(),
        created,
        updated: None,
        parameter_set: None,
        parameters: Default::default(),
        credential: None,
    };
    state.set_connection(&id, Some(connection));
    Ok(id)
}

/// A GUID that no connection has: the same for the same texts in the same environment.
fn free_id(state: &State, texts: &[&str]) -> String {
    let text = texts.join("\n");
    let id = |number: usize| Uuid::new_v5(&NAMESPACE, format!("{text}\n{number}").as_bytes()).to_string();
    // There are fewer connections than numbers: one of the ids is free.
    (0..=state.connections().len())
        .map(id)
        .find(|id| !state.connections().contains_key(id))
        .unwrap_or_default()
}

/// A day as it is kept; the calendar is not asked.
fn day(text: &str) -> Result<String, ConnectError> {
    let is_day = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if is_day { Ok(text.to_owned()) } else { Err(ConnectError::NotADay { day: text.to_owned() }) }
}

/// The id of the connection with that id, or with that display name.
///
/// # Errors
/// When there is none, or several have the name.
pub fn find<'s>(state: &'s State, written: &str) -> Result<&'s str, ConnectError> {
    let written = written.trim();
    if let Some((id, _)) = state.connections().get_key_value(&written.to_lowercase()) {
        return Ok(id);
    }
    let has_name = |name: &str| name.to_lowercase() == written.to_lowercase();
    let mut named = state
        .connections()
        .iter()
        .filter(|(id, connection)| id.eq_ignore_ascii_case(written) || has_name(&connection.name));
    match (named.next(), named.count()) {
        (Some((id, _)), 0) => Ok(id),
        (None, _) => Err(ConnectError::NoConnection { connection: shown(written) }),
        (_, more) => Err(ConnectError::SeveralConnections { count: more + 1 }),
    }
}

/// The connection references that are bound to a connection.
pub fn bound_to<'s>(state: &'s State, id: &'s str) -> impl Iterator<Item = &'s ComponentKey> {
    state.bindings().iter().filter(move |(_, connection)| *connection == id).map(|(reference, _)| reference)
}

/// Deletes a connection; with `free` also where connection references are bound to it, which are free then.
///
/// # Errors
/// When there is none, or it is in use and `free` is not said.
pub fn delete(state: &mut State, id: &str, free: bool) -> Result<Vec<Bound>, ConnectError> {
    if !state.connections().contains_key(id) {
        return Err(ConnectError::NoConnection { connection: id.to_owned() });
    }
    let references: Vec<ComponentKey> = bound_to(state, id).cloned().collect();
    if !references.is_empty() && !free {
        return Err(ConnectError::InUse { id: id.to_owned(), references });
    }
    let freed = references.into_iter().map(|reference| set_binding(state, reference, None)).collect();
    state.set_connection(id, None);
    Ok(freed)
}

/// Binds a connection reference to a connection of its connector.
///
/// # Errors
/// When one of the two is not there, or the connectors differ.
pub fn bind(state: &mut State, reference: &ComponentKey, id: &str) -> Result<Bound, ConnectError> {
    let connection = state
        .connections()
        .get(id)
        .ok_or_else(|| ConnectError::NoConnection { connection: id.to_owned() })?;
    let no_reference = || ConnectError::NoReference { reference: reference.clone() };
    let (key, layers) = state.component(reference).ok_or_else(no_reference)?;
    let Some(Facts::ConnectionReference { connector }) = layers.effective().map(|content| &content.facts)
    else {
        return Err(no_reference());
    };
    if !fits(connector, &connection.connector) {
        return Err(ConnectError::OtherConnector {
            reference: key.clone(),
            asked: connector.clone(),
            found: connection.connector.clone(),
        });
    }
    let key = key.clone();
    Ok(set_binding(state, key, Some(id.to_owned())))
}

/// Frees a connection reference.
///
/// # Errors
/// When it is not in the environment.
pub fn free(state: &mut State, reference: &ComponentKey) -> Result<Bound, ConnectError> {
    let known = state.component(reference).map(|(key, _)| key);
    let known = known.or_else(|| state.bindings().get_key_value(reference).map(|(key, _)| key));
    let key = known.cloned().ok_or_else(|| ConnectError::NoReference { reference: reference.clone() })?;
    Ok(set_binding(state, key, None))
}

fn set_binding(state: &mut State, reference: ComponentKey, connection: Option<String>) -> Bound {
    let before = state.bindings().get(&reference).cloned();
    if before != connection {
        state.set_binding(&reference, connection);
    }
    let flows = settle_flows(state, [reference.clone()]);
    Bound { reference, before, flows }
}

/// Whether a connection of one connector serves a reference of another: the same, or the same custom connector, to whose
/// name each environment adds something of its own.
pub fn fits(asked: &str, found: &str) -> bool {
    let custom = custom_api(asked);
    asked.eq_ignore_ascii_case(found) || (custom.is_some() && custom == custom_api(found))
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
    changed.parameters.retain(|name, _| matches!(&**name, "targetId" | "tokenRunOwnerCert:clientId"));
    if let Some(target) = sign_in.target {
        let target = guid("a machine or a group of machines", target)?;
        changed.parameters.insert("targetId".to_owned(), target);
    }
    match (sign_in.set, sign_in.run_owner) {
        (ParameterSet::AzureRelayRunOwner, Some(owner)) => {
            let owner = guid("an application", owner)?;
            changed.parameters.insert("tokenRunOwnerCert:clientId".to_owned(), owner);
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
    let Facts::Credential { kind, variables } = &content.facts else { return Err(missing()) };
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

/// The connections that should be signed in again because of their age: those of desktop flows that sign in with a
/// credential. Their ids.
pub fn outdated(state: &State) -> impl Iterator<Item = (&str, &Connection)> {
    let is_old = |connection: &Connection| {
        let last = connection.updated.as_deref().or(connection.created.as_deref());
        connection.credential.is_some() && last.is_some_and(|day| day < UPDATED_SINCE)
    };
    let connections = state.connections().iter().filter(move |(_, connection)| is_old(connection));
    connections.map(|(id, connection)| (&**id, connection))
}

/// The name of a connection as output shows it: people and the platform name connections after accounts.
pub fn shown(name: &str) -> String {
    match UserNameForm::of(name.trim(), false) {
        Some(UserNameForm::Domain) => MASK.to_owned(),
        _ => shown_name(&ComponentType::CONNECTION_REFERENCE, name.to_owned()),
    }
}

/// A connection reference by its logical name.
pub fn reference(logical_name: &str) -> ComponentKey {
    ComponentKey::new(ComponentType::CONNECTION_REFERENCE, logical_name)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{CREDENTIAL, content, credential, key, robots, unmanaged};
    use super::*;

    fn new<'n>(connector: &'n str, name: &'n str) -> NewConnection<'n> {
        NewConnection { id: None, connector, name, created: Some("2026-11-29"), environment: "local:uat" }
    }

    fn with(credential: &ComponentKey) -> SignIn<'_> {
        SignIn {
            set: ParameterSet::AzureRelay,
            credential: Some(credential),
            target: None,
            run_owner: None,
            today: None,
        }
    }

    fn robot() -> ComponentKey {
        key(ComponentType::CREDENTIAL, CREDENTIAL)
    }

    #[test]
    fn a_connection_is_made_listed_by_name_and_deleted() {
        let mut state = robots();
        let id = create(&mut state, &new("/providers/Microsoft.PowerApps/apis/shared_UIFlow", " Robots "))
            .unwrap();
        let other = create(&mut state, &new("shared_uiflow", "Robots")).unwrap();
        assert!(is_guid(&id) && is_guid(&other) && id != other);
        let connection = &state.connections()[&id];
        assert_eq!((&*connection.connector, &*connection.name), ("shared_uiflow", "Robots"));
        assert_eq!(connection.created.as_deref(), Some("2026-11-29"));
        assert_eq!(find(&state, &id.to_uppercase()), Ok(&*id));
        assert_eq!(find(&state, "robots"), Err(ConnectError::SeveralConnections { count: 2 }));
        delete(&mut state, &other, false).unwrap();
        assert_eq!(find(&state, "robots"), Ok(&*id));
        let again = NewConnection { id: Some(&id), ..new("shared_uiflow", "Robots") };
        assert_eq!(create(&mut state, &again), Err(ConnectError::Taken { id: id.clone() }));
    }

    #[test]
    fn what_is_no_connection_is_refused() {
        let mut state = robots();
        let before = state.connections().len();
        for wrong in [
            NewConnection { id: Some("mine"), ..new("shared_sql", "x") },
            new("", "x"),
            new("shared sql", "x"),
            new("shared_sql", " "),
            NewConnection { created: Some("today"), ..new("shared_sql", "x") },
        ] {
            let error = create(&mut state, &wrong).unwrap_err();
            assert!(error.to_string().contains(':'), "{error}");
        }
        assert_eq!(state.connections().len(), before);
    }

    #[test]
    fn a_reference_is_bound_to_a_connection_of_its_connector_only() {
        let mut state = robots();
        let sql = create(&mut state, &new("shared_sql", "SQL")).unwrap();
        let desktop = create(&mut state, &new("shared_uiflow", "Robots")).unwrap();
        let error = bind(&mut state, &reference("fab_Desktop"), &sql).unwrap_err();
        assert_eq!(
            error.to_string(),
            "connection reference fab_Desktop is of connector shared_uiflow, and the connection of shared_sql: \
             bind one of shared_uiflow"
        );
        let bound = bind(&mut state, &reference("FAB_desktop"), &desktop).unwrap();
        assert_eq!(&*bound.reference.key, "fab_Desktop");
        assert_eq!(bound.flows.iter().map(|flow| flow.on).collect::<Vec<_>>(), [true]);
        assert!(matches!(
            bind(&mut state, &reference("fab_Else"), &desktop),
            Err(ConnectError::NoReference { .. })
        ));
        let error = delete(&mut state, &desktop, false).unwrap_err();
        assert!(error.to_string().contains("in use by connection reference fab_Desktop"), "{error}");
        let freed = delete(&mut state, &desktop, true).unwrap();
        assert_eq!(freed[0].before.as_deref(), Some(&*desktop));
        assert!(freed[0].flows[0].note().unwrap().contains("turned off"));
        assert!(state.bindings().is_empty());
    }

    #[test]
    fn binding_and_freeing_give_what_was_before() {
        let mut state = robots();
        let desktop = create(&mut state, &new("shared_uiflow", "Robots")).unwrap();
        bind(&mut state, &reference("fab_Desktop"), &desktop).unwrap();
        let freed = free(&mut state, &reference("fab_Desktop")).unwrap();
        assert_eq!(freed.before, Some(desktop));
        assert!(state.bindings().is_empty());
    }

    #[test]
    fn what_an_environment_adds_to_the_name_of_a_custom_connector_does_not_count() {
        assert!(fits("shared_fab-5fpay", "shared_fab-5fpay-5f0123456789abcdef"));
        assert!(fits("shared_SQL", "shared_sql"));
        assert!(!fits("shared_fab-5fpay", "shared_fab-5fpal"));
        assert!(!fits("shared_sql", "shared_sqldw"));
    }

    #[test]
    fn each_kind_of_credential_fills_its_parameters() {
        let user = "@environmentVariables(\"fab_User\")";
        let secret = "@environmentVariables(\"fab_Password\")";
        for (kind, columns, password) in [
            (CredentialKind::UserNamePassword, ["username", "password"], secret),
            (CredentialKind::Certificate, ["username", "certificate"], "none"),
            (CredentialKind::CyberArk, ["cyberarkusername", "cyberarkobject"], "none"),
        ] {
            let mut state = robots();
            let [name, other] = columns;
            let login = credential(kind, &[(name, "fab_User"), (other, "fab_Password")]);
            unmanaged(&mut state, &robot(), login, "FabRobots");
            let id = create(&mut state, &new("shared_uiflow", "Robots")).unwrap();
            let notes = sign_in(&mut state, &id, &with(&robot())).unwrap();
            assert_eq!(notes, ["variable fab_Password has no value yet: signing in fails until it has one"]);
            let connection = &state.connections()[&id];
            assert_eq!(connection.parameters["username"], user);
            assert_eq!(connection.parameters["password"], password);
            assert_eq!(connection.credential, Some(robot()));
            assert_eq!(connection.parameter_set.as_deref(), Some("azureRelay"));
        }
    }

    #[test]
    fn a_credential_without_the_variable_is_refused_and_nothing_changes() {
        let mut state = robots();
        let login = credential(CredentialKind::UserNamePassword, &[("username", "fab_User")]);
        unmanaged(&mut state, &robot(), login, "FabRobots");
        let id = create(&mut state, &new("shared_uiflow", "Robots")).unwrap();
        let before = state.connections()[&id].clone();
        let error = sign_in(&mut state, &id, &with(&robot())).unwrap_err();
        assert!(matches!(error, ConnectError::ColumnEmpty { column: "password", .. }));
        assert_eq!(state.connections()[&id], before);
    }

    #[test]
    fn each_set_of_parameters_takes_what_it_needs() {
        use ParameterSet::{AzureRelay, AzureRelayRunOwner, PasswordlessAttended};
        let mut state = robots();
        let robot = robot();
        let id = create(&mut state, &new("shared_uiflow", "Robots")).unwrap();
        let group = "{0C0FFEE0-0000-4000-8000-0000000000AA}";
        let relay = with(&robot);
        let mut refused = |wrong: &SignIn<'_>| sign_in(&mut state, &id, wrong).unwrap_err();
        assert_eq!(
            refused(&SignIn { credential: None, ..relay }),
            ConnectError::CredentialNeeded { set: AzureRelay }
        );
        assert_eq!(refused(&SignIn { set: PasswordlessAttended, ..relay }), ConnectError::CredentialNotTaken);
        assert_eq!(refused(&SignIn { set: AzureRelayRunOwner, ..relay }), ConnectError::NoRunOwner);
        assert_eq!(
            refused(&SignIn { run_owner: Some(group), ..relay }),
            ConnectError::RunOwnerNotTaken { set: AzureRelay }
        );
        assert!(matches!(refused(&SignIn { target: Some("m"), ..relay }), ConnectError::NotAGuid { .. }));
        sign_in(&mut state, &id, &SignIn { set: PasswordlessAttended, credential: None, ..relay }).unwrap();
        assert!(state.connections()[&id].parameters.is_empty());
        let owner = SignIn { set: AzureRelayRunOwner, run_owner: Some(group), target: Some(group), ..relay };
        sign_in(&mut state, &id, &owner).unwrap();
        let names: Vec<&str> = state.connections()[&id].parameters.keys().map(String::as_str).collect();
        assert_eq!(names, ["password", "targetId", "tokenRunOwnerCert:clientId", "username"]);
        assert_eq!(state.connections()[&id].parameters["targetId"], "0c0ffee0-0000-4000-8000-0000000000aa");
        // It stays, and the platform does not take it away again.
        sign_in(&mut state, &id, &SignIn { set: AzureRelayRunOwner, ..relay }).unwrap();
        assert_eq!(sign_in(&mut state, &id, &relay), Err(ConnectError::RunOwnerStays { id }));
    }

    #[test]
    fn only_a_connection_of_desktop_flows_signs_in_with_a_credential() {
        let mut state = robots();
        let sql = create(&mut state, &new("shared_sql", "SQL")).unwrap();
        assert!(matches!(
            sign_in(&mut state, &sql, &with(&robot())),
            Err(ConnectError::NotOfDesktopFlows { .. })
        ));
        let id = create(&mut state, &new("shared_uiflow", "Robots")).unwrap();
        let gone = key(ComponentType::CREDENTIAL, "0c0ffee0-0000-4000-8000-00000000000f");
        assert!(matches!(sign_in(&mut state, &id, &with(&gone)), Err(ConnectError::NoCredential { .. })));
        let variable = key(ComponentType::ENVIRONMENT_VARIABLE, "fab_User");
        assert!(matches!(sign_in(&mut state, &id, &with(&variable)), Err(ConnectError::NoCredential { .. })));
    }

    #[test]
    fn old_connections_are_told_until_they_are_signed_in_again() {
        let mut state = robots();
        let robot = robot();
        let old = NewConnection { created: Some("2024-03-31"), ..new("shared_uiflow", "Old") };
        let id = create(&mut state, &old).unwrap();
        assert_eq!(outdated(&state).count(), 0);
        sign_in(&mut state, &id, &with(&robot)).unwrap();
        assert_eq!(outdated(&state).map(|(id, _)| id).collect::<Vec<_>>(), [&*id]);
        sign_in(&mut state, &id, &SignIn { today: Some("2026-11-29"), ..with(&robot) }).unwrap();
        assert_eq!(outdated(&state).count(), 0);
    }

    #[test]
    fn a_plan_is_told_which_reference_signs_in_with_which_credential() {
        let mut state = robots();
        let id = create(&mut state, &new("shared_uiflow", "Robots")).unwrap();
        bind(&mut state, &reference("fab_Desktop"), &id).unwrap();
        assert!(super::super::signs_in(&state, "local:uat").is_empty());
        sign_in(&mut state, &id, &with(&robot())).unwrap();
        let stated = super::super::signs_in(&state, "local:uat");
        assert_eq!(stated[0].signer, crate::config::Signer::ConnectionReference("fab_Desktop".to_owned()));
        assert_eq!(stated[0].credential, CREDENTIAL);
        assert_eq!(&*stated[0].place.file, "local:uat");
        assert_eq!(super::super::provided(&state)[0].unique_name, "FabRobots");
    }

    #[test]
    fn a_component_is_found_by_key_or_display_name() {
        let mut state = robots();
        let find = super::super::find;
        assert_eq!(find(&state, &ComponentType::CREDENTIAL, "robot 7"), Ok(&robot()));
        assert_eq!(find(&state, &ComponentType::CREDENTIAL, CREDENTIAL), Ok(&robot()));
        assert!(find(&state, &ComponentType::CREDENTIAL, "7").is_err());
        let twin = key(ComponentType::CREDENTIAL, "0c0ffee0-0000-4000-8000-00000000000f");
        let facts = Facts::Credential { kind: CredentialKind::CyberArk, variables: Vec::new() };
        unmanaged(&mut state, &twin, content(&twin, "Robot 7", facts), "FabRobots");
        let error = find(&state, &ComponentType::CREDENTIAL, "Robot 7").unwrap_err().to_string();
        assert!(error.contains(CREDENTIAL) && error.starts_with("2 components"), "{error}");
    }
}
