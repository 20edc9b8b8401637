//! What may be done with a credential that is there: it may be deleted. That its variables cannot be exchanged is a rule of
//! imports (`import/rules/credential_variables.rs`).

use super::content::Facts;
use super::share::variables_of;
use super::state::State;
use crate::model::{ComponentKey, ComponentType, VariableType};

/// Why a credential cannot be changed so. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// It is not there.
    #[error("{credential} is not in the environment")]
    NotThere {
        /// As given.
        credential: ComponentKey,
    },
    /// A managed solution holds it.
    #[error(
        "{words} is part of managed solution {solution}: uninstall that, or upgrade it to one without the credential"
    )]
    Managed {
        /// How a sentence names it.
        words: String,
        /// Unique name of the solution.
        solution: String,
    },
}

/// What deleting a credential did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedCredential {
    /// The credential.
    pub credential: ComponentKey,
    /// How a sentence named it.
    pub words: String,
    /// Its variables, which stay.
    pub variables: Vec<ComponentKey>,
    /// Ids of the connections that signed in with it and do not any more.
    pub connections: Vec<String>,
}

/// Deletes a credential from the unmanaged layer. Its variables stay, and so does what of them is shared.
///
/// # Errors
/// When it is not there, or a managed solution holds it.
pub fn delete(state: &mut State, credential: &ComponentKey) -> Result<DeletedCredential, CredentialError> {
    let not_there = || CredentialError::NotThere { credential: credential.clone() };
    let (key, layers) = state.component(credential).ok_or_else(not_there)?;
    let words = layers.effective().map(|content| content.words.clone()).ok_or_else(not_there)?;
    if key.kind != ComponentType::CREDENTIAL {
        return Err(not_there());
    }
    if let Some(layer) = layers.managed.last() {
        return Err(CredentialError::Managed { words, solution: layer.solution.clone() });
    }
    let key = key.clone();
    let variables = variables_of(state, &key);
    state.change_component(&key, |layers| {
        layers.unmanaged = None;
        layers.unmanaged_in.clear();
    });
    let principals: Vec<String> =
        state.shares().get(&key).into_iter().flatten().map(|(who, _)| who.clone()).collect();
    for principal in principals {
        state.set_share(&key, &principal, None);
    }
    let signed_in =
        state.connections().iter().filter(|(_, connection)| connection.credential.as_ref() == Some(&key));
    let connections: Vec<String> = signed_in.map(|(id, _)| id.clone()).collect();
    for id in &connections {
        let mut connection = state.connections().get(id).cloned();
        if let Some(connection) = &mut connection {
            connection.credential = None;
            connection.parameters.retain(|name, _| !matches!(&**name, "username" | "password"));
        }
        state.set_connection(id, connection);
    }
    Ok(DeletedCredential { credential: key, words, variables, connections })
}

/// What the log says when the own value of a variable changes that a credential takes a secret from.
pub fn note_of_change(state: &State, variable: &ComponentKey) -> Option<&'static str> {
    let content = state.component(variable)?.1.effective()?;
    let is_secret = matches!(content.facts, Facts::Variable { kind: VariableType::Secret, .. });
    let is_used = state.users_of(variable).any(|user| user.kind == ComponentType::CREDENTIAL);
    (is_secret && is_used).then_some("a changed reference to a secret may take up to a minute to take effect")
}

#[cfg(test)]
mod tests {
    use super::super::connect::{self, NewConnection, ParameterSet, SignIn};
    use super::super::share::{role_of, share};
    use super::super::testing::{CREDENTIAL, credential, key, managed, robots, variable};
    use super::super::{Role, State};
    use super::*;
    use crate::model::CredentialKind;

    fn robot() -> ComponentKey {
        key(ComponentType::CREDENTIAL, CREDENTIAL)
    }

    fn signed_in(state: &mut State) -> String {
        let new = NewConnection {
            id: None,
            connector: "shared_uiflow",
            name: "Robots",
            created: None,
            environment: "local:uat",
        };
        let id = connect::create(state, &new).unwrap();
        let robot = robot();
        let set = ParameterSet::AzureRelay;
        let sign_in = SignIn { set, credential: Some(&robot), target: None, run_owner: None, today: None };
        connect::sign_in(state, &id, &sign_in).unwrap();
        id
    }

    #[test]
    fn a_deleted_credential_leaves_its_variables_and_no_connection_with_it() {
        let mut state = robots();
        let id = signed_in(&mut state);
        share(&mut state, &robot(), "team:robots", Role::View).unwrap();
        let deleted = delete(&mut state, &robot()).unwrap();
        assert_eq!(deleted.words, "credential \"Robot 7\"");
        assert_eq!(deleted.variables, [variable("fab_Password"), variable("fab_User")]);
        assert_eq!(deleted.connections, std::slice::from_ref(&id));
        assert!(state.component(&robot()).is_none());
        assert!(state.component(&variable("fab_User")).is_some());
        assert_eq!(role_of(&state, &variable("fab_User"), "team:robots"), Some(Role::View));
        assert!(!state.shares().contains_key(&robot()));
        assert!(state.connections()[&id].credential.is_none());
        assert!(matches!(delete(&mut state, &robot()), Err(CredentialError::NotThere { .. })));
    }

    #[test]
    fn a_managed_credential_is_not_deleted() {
        let mut state = State::default();
        let login = credential(CredentialKind::UserNamePassword, &[("username", "fab_User")]);
        managed(&mut state, &robot(), login, "FabAccess");
        let error = delete(&mut state, &robot()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "credential \"Robot 7\" is part of managed solution FabAccess: uninstall that, or upgrade it to one \
             without the credential"
        );
        assert!(state.component(&robot()).is_some());
    }

    #[test]
    fn a_changed_secret_takes_its_time() {
        let state = robots();
        assert!(note_of_change(&state, &variable("fab_Password")).unwrap().contains("a minute"));
        assert!(note_of_change(&state, &variable("fab_User")).is_none());
    }
}
