//! Why connections cannot be changed so.

use super::ParameterSet;
use crate::model::ComponentKey;

/// Why connections cannot be changed so. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The id is none.
    #[error(
        "`{id}` is no id of a connection: give a GUID or its 32 digits, or leave the id out and one is made"
    )]
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
    /// A connection reference of another connector is bound to the id already.
    #[error(
        "{reference} is bound to {id} already, and is of connector {asked}: give another id, or free it first"
    )]
    BoundAlready {
        /// The id.
        id: String,
        /// The connection reference.
        reference: ComponentKey,
        /// Its connector.
        asked: String,
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
    /// The credential is set up for other places.
    #[error(
        "{credential} may be used for {uses}, and not for connections: name one that may, or let it with `solship set credential` and --use connection, and deploy that"
    )]
    NotForConnections {
        /// How a sentence names the credential.
        credential: String,
        /// The places where it may be used.
        uses: String,
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
