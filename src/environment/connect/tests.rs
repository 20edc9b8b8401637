//! Connections from their making to their deletion.

use super::super::content::Facts;
use super::super::state::State;
use super::super::testing::{CREDENTIAL, content, credential, key, robots, unmanaged};
use super::*;
use crate::model::{ComponentKey, ComponentType, CredentialKind, CredentialUse, is_guid};

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
    let id =
        create(&mut state, &new("/providers/Microsoft.PowerApps/apis/shared_UIFlow", " Robots ")).unwrap();
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
        let unset = "variable fab_Password has no value yet: signing in fails until it has one";
        let nowhere = "it names no machine yet: sign in again with --target GUID of the machine or its group";
        assert_eq!(notes, [unset, nowhere]);
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
fn a_credential_for_other_places_signs_in_no_connection() {
    use CredentialUse::{Connection, DesktopFlow, Network};
    let mut state = robots();
    let id = create(&mut state, &new("shared_uiflow", "Robots")).unwrap();
    let put = |state: &mut State, allowed: &[CredentialUse]| {
        let columns = [("username", "fab_User"), ("password", "fab_Password")];
        let mut login = credential(CredentialKind::UserNamePassword, &columns);
        let Facts::Credential { uses, .. } = &mut login.facts else { panic!("a credential") };
        *uses = allowed.to_vec();
        unmanaged(state, &robot(), login, "FabRobots");
    };
    put(&mut state, &[DesktopFlow, Network]);
    let error = sign_in(&mut state, &id, &with(&robot())).unwrap_err();
    let words = error.to_string();
    assert!(matches!(error, ConnectError::NotForConnections { .. }), "{words}");
    assert!(words.contains("\"Robot 7\" may be used for desktop flows and network, and not for"), "{words}");
    assert_eq!(state.connections()[&id].credential, None);
    put(&mut state, &[Connection, DesktopFlow]);
    sign_in(&mut state, &id, &with(&robot())).unwrap();
    // What a later version of the solution takes away is told.
    put(&mut state, &[DesktopFlow]);
    let lacks = super::lacks(&state, &state.connections()[&id]);
    assert!(lacks.contains(&"signs in with a credential that may not be used for connections".to_owned()));
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
    let facts = Facts::Credential { kind: CredentialKind::CyberArk, variables: Vec::new(), uses: Vec::new() };
    unmanaged(&mut state, &twin, content(&twin, "Robot 7", facts), "FabRobots");
    let error = find(&state, &ComponentType::CREDENTIAL, "Robot 7").unwrap_err().to_string();
    assert!(error.contains(CREDENTIAL) && error.starts_with("2 components"), "{error}");
}

#[test]
fn an_id_is_the_same_with_and_without_hyphens() {
    let mut state = robots();
    let digits = "0C0FFEE000004000800000000000001A";
    let id =
        create(&mut state, &NewConnection { id: Some(digits), ..new("shared_uiflow", "Robots") }).unwrap();
    assert_eq!(id, "0c0ffee0-0000-4000-8000-00000000001a");
    let hyphens = NewConnection { id: Some(&id), ..new("shared_uiflow", "Robots") };
    assert_eq!(create(&mut state, &hyphens), Err(ConnectError::Taken { id: id.clone() }));
    assert_eq!(find(&state, digits), Ok(&*id));
    // As an import with settings does it.
    state.set_binding(&reference("fab_Desktop"), Some(digits.to_owned()));
    assert_eq!(bound_to(&state, &id).count(), 1);
}

#[test]
fn an_id_that_a_reference_is_bound_to_takes_no_connection_of_another_connector() {
    let mut state = robots();
    let id = "0c0ffee0-0000-4000-8000-00000000001a";
    state.set_binding(&reference("fab_Desktop"), Some(id.to_owned()));
    let wrong = NewConnection { id: Some(id), ..new("shared_sql", "Robots") };
    assert!(matches!(create(&mut state, &wrong), Err(ConnectError::BoundAlready { .. })));
    assert!(state.connections().is_empty());
    let right = NewConnection { id: Some(id), ..new("shared_uiflow", "Robots") };
    assert_eq!(create(&mut state, &right).unwrap(), id);
}

#[test]
fn a_connection_with_which_no_flow_runs_says_what_it_lacks() {
    let mut state = robots();
    let robot = robot();
    let id = create(&mut state, &new("shared_uiflow", "Robots")).unwrap();
    let lack = |state: &State, id: &str| lacks(state, &state.connections()[id]);
    assert_eq!(lack(&state, &id), ["does not say how it signs in"]);
    sign_in(&mut state, &id, &with(&robot)).unwrap();
    assert_eq!(lack(&state, &id), ["names no machine (targetId)"]);
    let machine = "0c0ffee0-0000-4000-8000-0000000000aa";
    sign_in(&mut state, &id, &SignIn { target: Some(machine), ..with(&robot) }).unwrap();
    assert!(lack(&state, &id).is_empty());
    // The solution with the credential may go.
    state.change_component(&robot, |layers| *layers = Default::default());
    assert_eq!(lack(&state, &id), ["signs in with a credential that is not there"]);
    let sql = create(&mut state, &new("shared_sql", "SQL")).unwrap();
    assert!(lack(&state, &sql).is_empty());
}
