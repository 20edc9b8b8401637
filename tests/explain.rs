//! `solship explain-import` on messages as the platform words them (facts from public threads, with other names), and on the
//! forms in which they come.

use camino::Utf8Path;
use solship::explain::{Explanation, Provided, explain};
use solship::model::Solution;
use solship::package::{OpenOptions, Package};

/// The message, the cause, and what the sentence about it must name.
const MESSAGES: &[(&str, &str, &[&str])] = &[
    (
        r#"Solution "Fab Core" failed to import: User is not authorized to read secrets from '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-robots/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/robot7' resource."#,
        "key-vault-not-authorised",
        &["secret robot7 of vault fab-kv"],
    ),
    (
        "ImportAsHolding failed with exception : User is not authorized to read secrets from [redacted]",
        "key-vault-not-authorised",
        &["a secret that a variable names"],
    ),
    (
        "(403) Forbidden. Caller is not authorized to perform action on resource. Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'",
        "key-vault-not-authorised",
        &[],
    ),
    (
        "Could not verify the user permission on '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/s' resource. Make sure that Microsoft.PowerPlatform provider is registered",
        "key-vault-provider-not-registered",
        &["Microsoft.PowerPlatform"],
    ),
    ("Environment variable value can't be an empty string", "variable-empty", &[]),
    (
        "Cannot insert duplicate key exception when executing non-query: System.Data.SqlClient.SqlException (0x80131904): Violation of UNIQUE KEY constraint 'ndx_envvarval_schemaname'. Cannot insert duplicate key in object 'dbo.EnvironmentVariableValueBase'. The duplicate key value is (fab_Feedback, 0, Jan  1 1900 12:00AM).",
        "variable-value-twice",
        &["variable fab_Feedback"],
    ),
    (
        "CanvasApp import: FAILURE: Cannot insert duplicate key exception when executing non-query: Violation of UNIQUE KEY constraint 'ndx_CanvasAppName'. Cannot insert duplicate key in object 'dbo.CanvasAppBase'. The duplicate key value is (fab_timecard_ed80c, 0, Jan 1 1900 12:00AM).",
        "component-twice",
        &["canvas app fab_timecard_ed80c"],
    ),
    (
        r#"[{"SolutionValidationResultType":"Error","Message":"The following solution cannot be imported: FabReview. Some dependencies are missing. The missing dependencies are : <MissingDependencies><MissingDependency><Required type=\"1\" schemaName=\"fab_request\" displayName=\"Request\" solution=\"Active\" /><Dependent type=\"1\" schemaName=\"fab_customers\" displayName=\"Customers\" /></MissingDependency></MissingDependencies> , ProductUpdatesOnly : False","ErrorCode":-2147188707,"AdditionalInfo":null}]"#,
        "missing-dependencies",
        &["table fab_request", "used by table fab_customers"],
    ),
    (
        r#"There are missing dependencies. Install the following solutions before installing this one: "Active""#,
        "needs-unmanaged-layer",
        &["unmanaged layer"],
    ),
    (
        r#"There are missing dependencies. Install the following solutions before installing this one: "Dynamics365Company (2.2.2.5)", "FieldServiceCommon (1.0.0.134)""#,
        "solution-not-installed",
        &["Dynamics365Company (2.2.2.5)", "FieldServiceCommon (1.0.0.134)"],
    ),
    (
        "The dependent component Workflow (Id=8a28c32f-dd86-ec11-93b0-000d3a5b2abe) does not exist.  Failure trying to associate it with CanvasApp (Id=14cd4709-85d9-45c3-b162-bd7bc4a844c0) as a dependency. Missing dependency lookup type = PrimaryKeyLookup.",
        "dependent-component-missing",
        &["canvas app 14cd4709", "process 8a28c32f"],
    ),
    (
        r#"Solution "Fab (MDA)" failed to import: Cannot add a Root Component fab_ReferenceApp of type 80 because it is not in the target system."#,
        "root-component-missing",
        &["model-driven app fab_ReferenceApp"],
    ),
    (
        "The component fab_payroll of type 10 is not declared in the solution file as a root component.",
        "root-component-not-declared",
        &["relationship fab_payroll is in the package"],
    ),
    (
        "The component is not declared in the solution file as a root component.",
        "root-component-not-declared",
        &["a component is in the package"],
    ),
    (
        "Cannot add a Root Component fab_5Fpay of type 371 because it is not in the target system.",
        "root-component-missing",
        &["custom connector fab_5Fpay"],
    ),
    (
        "The dependent component ConnectionReference (Id=fab_x) does not exist.  Failure trying to associate it with Workflow (Id=8a28c32f-dd86-ec11-93b0-000d3a5b2abe) as a dependency. Missing dependency lookup type = EntityNameLookup.",
        "dependent-component-missing",
        &["connection reference fab_x", "process 8a28c32f"],
    ),
    (
        "The following managed solution cannot be imported: FabControl. The publisher name cannot be changed from FabLtd to fabltd.",
        "publisher-changed",
        &["FabLtd", "fabltd"],
    ),
    (
        "The solution is already installed on this system as an unmanaged solution and the package supplied is attempting to install it in managed mode. Import can only update solutions when the modes match.",
        "managed-over-unmanaged",
        &[],
    ),
    (
        "The solution is already installed on this system as a managed solution and the package supplied is attempting to install it in unmanaged mode.",
        "unmanaged-over-managed",
        &[],
    ),
    (
        "The imported solution and the existing solution must both be managed for upgrade.",
        "both-managed-for-upgrade",
        &[],
    ),
    (
        "Error: CanvasApp import: FAILURE: A managed solution cannot overwrite the CanvasApp component 'fab_app_59c95' with Id=5ccf3fd0-0117-4c1e-9d35-6fbbd82e2693 which has an unmanaged base instance.  The most likely scenario for this error is that an unmanaged solution has installed a new unmanaged CanvasApp component on the target system.",
        "unmanaged-base",
        &["canvas app fab_app_59c95"],
    ),
    (
        "Failure | 0x80048539 | Solution manifest import: FAILURE: Holding solution FabCore_Upgrade already exists.",
        "upgrade-left-behind",
        &["FabCore_Upgrade"],
    ),
    (
        "ImportAsHolding failed with exception :Solution manifest import: FAILURE: Cannot create a holding solution for missing base FabNotes.",
        "nothing-to-upgrade",
        &["FabNotes"],
    ),
    (
        "Solution Upgrade action failed after import as holding. InnerException is: Solution dependencies exist, cannot uninstall. DependencyCount : 1 RequiredComponentObject details: Type: connectionreference, ObjectName: fab_Office365Users, Id: 89ea83b1-d040-47cb-9c3c-05fb27c39210, ParentObjectName: , ParentId: 00000000-0000-0000-0000-000000000000, DependentComponentObject details: Type: Workflow, ObjectName: Admin | Clean Up, Id: 27700ed2-db1e-eb11-a813-000d3a1bb495, ParentObjectName: , ParentId: 00000000-0000-0000-0000-000000000000",
        "still-used",
        &["connection reference fab_Office365Users", r#"process "Admin | Clean Up""#],
    ),
    (
        "Solution manifest import: FAILURE: The import solution must have a higher version than the existing solution it is upgrading.",
        "version-not-higher",
        &["solship version SOLUTION"],
    ),
    (
        "Principal user (Id=08d1f9b6-6604-ee11-8f6e-002248812aae, type=8, roleCount=5) is missing prvCreateWorkflow privilege (Id=036ed3c6-2dfd-4b98-9271-3bc72cba3586) on OTC=4703",
        "privilege-missing",
        &["prvCreateWorkflow"],
    ),
    (
        "Plugin Types import: FAILURE. Error: PluginType [Fab.Plugins.Check] not found in PluginAssembly [Fab.Plugins, Version=1.0.0.0, Culture=neutral, PublicKeyToken=f3d55c4038318ed1] which has a total of [3] plugin/workflow activity types.",
        "plug-in-type-missing",
        &["plug-in type Fab.Plugins.Check"],
    ),
    ("Entity with name: fab_foo, does not exist in the metadata cache", "table-missing", &["table fab_foo"]),
    (
        "Microsoft.Crm.Metadata.EntityMetadataNotFoundException: The entity with a name = 'fab_foo' with namemapping = 'Logical' was not found in the MetadataCache. MetadataCacheDetails: ProviderType=Dynamic",
        "table-missing",
        &["table fab_foo"],
    ),
    (
        "Timeout expired. The timeout period elapsed prior to completion of the operation or the server is not responding.",
        "time-out",
        &["took too long"],
    ),
    (
        r#"{"error":{"code":"MissingSubscriptionRegistration","message":"The subscription is not registered to use namespace 'Microsoft.PowerPlatform'. See https://aka.ms/rps-not-found for how to register subscriptions."}}"#,
        "key-vault-provider-not-registered",
        &["az provider register"],
    ),
    (
        r#"Flow client error returned with status code "Forbidden" and details "{"error":{"code":"ConnectionAuthorizationFailed","message":"The caller with object id '9a7d96cb-7a44-4543-8f29-912fd9e14398' does not have permission for connection '/providers/Microsoft.PowerApps/apis/shared_commondataserviceforapps/connections/897feafbf0604908b6ce0f885496b7aa' under Api 'shared_commondataserviceforapps'."}}"."#,
        "connection-not-shared",
        &["connection of shared_commondataserviceforapps"],
    ),
    (
        r#"Solution "Fab" failed to import: Lookup value <plugintypeexportkey>0242A199F7C25F72</plugintypeexportkey> is not resolvable"#,
        "lookup-not-found",
        &["plug-in type 0242A199F7C25F72"],
    ),
    ("Lookup value fab_payroll queue is not resolvable", "lookup-not-found", &["fab_payroll queue"]),
    (
        "You can only import solutions with a package version of 9.1 or earlier into this organization.",
        "package-version-too-high",
        &["9.1"],
    ),
    (
        r#"Flow client error returned with status code "BadRequest" and details "{"error":{"code":"XrmConnectionReferenceMissingConnection","message":"Connection Id missing for connection reference logical name 'fab_sharedteams_54267'."}}"."#,
        "connection-not-bound",
        &["connection reference fab_sharedteams_54267"],
    ),
    (
        r#"Flow client error returned with status code "Forbidden" and details "{"error":{"code":"ConnectionAuthorizationFailed","message":"The caller object id is '9eaf4d91-170b-4491-96be-aeaa4a4d5fc6'. Connection '/providers/Microsoft.PowerApps/apis/shared_approvals/connections/4735a3de794e46db93e10dac0296d176' to 'shared_approvals' cannot be used to activate this flow, either because this is not a valid connection or because it is not a connection you have access permission for."}}"."#,
        "connection-not-shared",
        &["shared_approvals"],
    ),
    (
        "Import Solution Failed: CustomControl with name Fab.Grid failed to import with error: Principal user (Id=08d1f9b6-6604-ee11-8f6e-002248812aae, type=8, roleCount=5), is missing prvCreateCustomControl privilege (Id=036ed3c6-2dfd-4b98-9271-3bc72cba3586) on OTC=9753 for entity 'customcontrol'",
        "privilege-missing",
        &["prvCreateCustomControl"],
    ),
    (
        "OptionSets import: FAILURE: SecLib::CheckPrivilege failed. User: b7709522-2a25-e911-a983-000d3a170d67, PrivilegeName: prvCreateOptionSet, PrivilegeId: e62439f6-3666-4c0a-a732-bde205d8e938",
        "privilege-missing",
        &["prvCreateOptionSet"],
    ),
    (
        "CustomControls with Name Fab.SelectView Import Solution Failed with following error: Publisher prefix fabold for this control Fab.SelectView does not match the prefix fab for the solution with Id 7eccd0db-0846-4a1d-a1dc-406cec09d8be.",
        "publisher-prefix",
        &["custom control Fab.SelectView", "fabold"],
    ),
    (
        "ImportAsHolding failed with exception :Import Solution Failed: CustomControl with name Fab.Grid failed to import with error: Webresource content size is too big.",
        "web-resource-too-big",
        &["custom control Fab.Grid"],
    ),
    (
        "Attribute fab_modifiedon is a String, but a DateTime type was specified.",
        "column-of-other-type",
        &["fab_modifiedon", "String", "DateTime"],
    ),
    (
        "ImportAsHolding failed with exception :Cannot start another [Import] because there is a previous [Import] running at this moment. Use Solution History for more details.",
        "other-import-running",
        &["Import"],
    ),
    (
        "Cannot start the requested operation [PublishAll] because there is another [EntityCustomization] running at this moment.",
        "other-import-running",
        &["EntityCustomization"],
    ),
    (
        "ImportAsHolding failed with exception :The database operation timed out due to blocking induced by an internal server error. Please retry the operation.",
        "time-out",
        &[],
    ),
    (
        r#"Connector import: FAILURE: The API call failed with http status code 'InternalServerError' and response content '{"error":{"code":"InternalServerError"}}'"#,
        "connector-service-failed",
        &["InternalServerError"],
    ),
    ("Error: The given key was not present in the dictionary.", "settings-incomplete", &[]),
    (
        "The solution file is invalid. The compressed file must contain the following files at its root: solution.xml, customizations.xml, and [Content_Types].xml. Error code 80048060.",
        "no-solution-file",
        &[],
    ),
    (
        r#"Error while importing workflow {41263d72-4dea-eb11-bacb-000d3a5786fb} type ModernFlow name HELPER - Fab Operations: Flow server error returned with status code "InternalServerError" and details "{"error":{"code":"InternalServerError","message":"Http request failed with unhandled exception of type 'ProcessSimpleDataException'"}}"."#,
        "flow-service-failed",
        &["HELPER - Fab Operations", "InternalServerError"],
    ),
    (
        r#"ImportAsHolding failed with exception: Flow server error returned with status code 'BadGateway' and details."#,
        "flow-service-failed",
        &["BadGateway"],
    ),
    (
        r#"Solution "Fab" failed to import: ImportAsHolding failed with exception :The connectionreference(58330689-57d2-44e2-959b-c1320e9d9862) component cannot be deleted because it is referenced by 16 other components. For a list of referenced components, use the RetrieveDependenciesForDeleteRequest."#,
        "still-used",
        &["connection reference 58330689", "16 other components"],
    ),
    (
        "The SavedQuery(f9d327af-b6b4-e911-a85b-000d3a372932) component cannot be deleted because it is referenced by 1 other components.",
        "still-used",
        &["view f9d327af"],
    ),
    (
        r#"Solution Upgrade action failed after import as holding. InnerException is: {"error":{"code":"CannotDeleteApiDueToExistingConnections","message":"The custom connector fab-5fpayroll-5fdad403242928fcc0 cannot be deleted because there are connections associated with this api."}}."#,
        "connector-still-connected",
        &["fab-5fpayroll-5fdad403242928fcc0"],
    ),
    (
        "ImportAsHolding failed with exception :The uninstall operation will delete the base layer for the component 'AppModuleRoles' with id 'e50feeb1-6fba-4390-84ac-5005a84f226d'. The operation cannot continue because there are other managed layers over the base layer.",
        "base-layer-covered",
        &["e50feeb1"],
    ),
    (
        "Microsoft.Crm.CrmException: The evaluation of the current component(name=EnvironmentVariableValue, id=97d8df0c-7ab6-ea11-a812-000d3a6aaf3f) in the current operation (Delete) failed during managed property evaluation of condition: Managed Property Name: ismanaged; Component Name: EnvironmentVariableValue;",
        "managed-property",
        &["Delete", "97d8df0c"],
    ),
    (
        r#"CanvasApps import failure: The API call failed with http_status_code 'InternalserverError' and response content {"error":{"code":"ApiHubsServerError"}}"#,
        "connector-service-failed",
        &["CanvasApp", "InternalserverError"],
    ),
    (
        r#"Flow client error returned with status code "BadRequest" and details "{"error":{"code":"ChildFlowUnsupportedForInvokerConnections","message":"The workflow with id 'd2b36e82-a615-ed11-b83e-0022489e2f11', name Child | Refresh Schedule cannot be used as a child workflow because child workflows only support embedded connections."}}"."#,
        "child-flow-connections",
        &["Child | Refresh Schedule"],
    ),
    (
        r#"Failed to activate component(s). Flow client error returned with status code "BadRequest" and details "{"error":{"code":"InvalidOpenApiFlow","message":"Flow save failed with code 'WorkflowOperationParametersExtraParameter' and message 'The API operation does not contain a definition for parameter 'item/fab_name'.'."}}"."#,
        "flow-parameter-unknown",
        &["item/fab_name"],
    ),
    (
        "ImportAsHolding failed with exception :CanvasApp import: FAILURE: Code: CodeAppOperationNotAllowedInEnvironment Message: The environment '546265a5-233c-e5fa-8174-01117fa89815' does not allow this operation for this Code app '6b88e105-7bc1-4452-b031-302b9cfd2164'.",
        "code-apps-off",
        &["code apps"],
    ),
    ("Solution.SolutionImportProgress.KnownErrors.cannotImportSolution", "wrapper", &[]),
    (r#"Solution "Fab" failed to import: ImportAsHolding Exception during StageAndUpgrade"#, "wrapper", &[]),
];

/// Everything that a person reads of an explanation.
fn told(explanation: &Explanation) -> String {
    solship::report::text_explain::explanation(explanation, &solship::report::TextOptions::default())
}

#[test]
fn each_message_has_its_cause_and_names_what_it_is_about() {
    for (message, cause, names) in MESSAGES {
        let explanation = explain(message, &[]);
        let found: Vec<&str> = explanation.causes.iter().map(|cause| &*cause.name).collect();
        assert_eq!(found, [*cause], "{message}");
        let told = told(&explanation);
        for name in *names {
            assert!(told.contains(name), "{name} of {message}:\n{told}");
        }
        assert_eq!(explanation.is_explained(), *cause != "wrapper", "{message}");
    }
}

#[test]
fn a_code_alone_explains_nothing() {
    for message in
        ["0x8004801E", r#"{"ErrorCode":-2147188707,"Message":"something new"}"#, "ErrorCode 80041A06"]
    {
        let explanation = explain(message, &[]);
        assert!(explanation.causes.is_empty() && !explanation.is_explained(), "{message}");
        assert_eq!(explanation.unexplained.len(), 1, "{message}");
    }
}

#[test]
fn of_a_log_the_cause_comes_before_its_consequences_and_nothing_twice() {
    let job = r#"<importexportxml><solutionManifests><solutionManifest id="FabFlows" LocalizedName="Fab flows">
        <result result="failure" errorcode="0x80048033" errortext="An error occurred while importing a Solution." />
        </solutionManifest></solutionManifests><workflows>
        <workflow id="{1}" LocalizedName="Run payroll"><result result="failure" errorcode="0x80060467"
          errortext="Connection Id missing for connection reference logical name 'fab_mail'." /></workflow>
        <workflow id="{2}" LocalizedName="Check limit"><result result="failure" errorcode="0x80060467"
          errortext="Connection Id missing for connection reference logical name 'fab_mail'." /></workflow>
        <workflow id="{3}" LocalizedName="Old"><result result="failure" errorcode="0x8004f036"
          errortext="something of which nothing is known, by ann@fabrikam.example" /></workflow>
        </workflows></importexportxml>"#;
    let explanation = explain(job, &[]);
    assert_eq!(explanation.causes.len(), 1);
    assert_eq!((&*explanation.causes[0].name, explanation.causes[0].messages), ("connection-not-bound", 2));
    let told = told(&explanation);
    assert!(told.contains("workflow Old") && told.contains("by ********"), "{told}");
}

/// A message names a flow by its id; the package knows what it is called.
#[test]
fn with_the_packages_at_hand_what_needs_it_is_named() {
    let package = Package::open("fixtures/release/FabFlows".into(), &OpenOptions::default()).unwrap();
    let solutions = [Solution::read(&package).unwrap()];
    let message = r#"The following solution cannot be imported: FabFlows. Some dependencies are missing. The missing dependencies are : <MissingDependencies><MissingDependency><Required type="connectionreference" schemaName="fab_payroll" solution="FabShared (2.0)" /><Dependent type="29" id="{0c0fded0-57c0-4f6c-8b9d-be79ceb56d91}" /></MissingDependency></MissingDependencies>"#;
    let told = told(&explain(message, &solutions));
    assert!(told.contains(r#"used by cloud flow "Run payroll""#), "{told}");
}

/// The manifest of a log names the solution whose part is read, not the one to blame; a log may also lack its end.
#[test]
fn a_manifest_in_a_log_is_no_failed_solution_and_a_cut_off_log_is_told() {
    let job = r#"<importexportxml><solutionManifests><solutionManifest id="FabFlows" LocalizedName="Fab flows">
        <result result="success" errorcode="0" errortext="" /></solutionManifest></solutionManifests><workflows>
        <workflow id="{1}" LocalizedName="Run payroll"><result result="failure" errorcode="0x80060467"
          errortext="Connection Id missing for connection reference logical name 'fab_mail'. More w"#;
    let explanation = explain(job, &[]);
    assert_eq!((explanation.solution.as_deref(), explanation.cut_off), (None, true));
    assert_eq!(explanation.causes[0].name, "connection-not-bound");
    assert!(explanation.is_explained());
    let told = told(&explanation);
    assert!(told.contains("the text is cut off") && !told.contains("the import of"), "{told}");

    // Before the end nothing failed: that says nothing.
    let begin = explain(&job[..job.find("<workflows>").unwrap()], &[]);
    assert!(begin.cut_off && !begin.is_explained());
    let told = self::told(&begin);
    assert!(told.contains("the text is cut off") && told.contains("download the whole log"), "{told}");
}

/// A list is found where the text around it escaped it, and where the lines of a pipeline broke it.
#[test]
fn a_list_is_read_however_it_was_wrapped() {
    let text = r#"The following solution cannot be imported: FabFlows. Some dependencies are missing. The missing dependencies are : <MissingDependencies><MissingDependency><Required type="1" schemaName="fab_request" displayName="Request" solution="FabCore (1.0)" /><Dependent type="1" schemaName="fab_customers" displayName="Customers" /></MissingDependency></MissingDependencies>"#;
    let escaped = text.replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let stamped = format!("2024-05-14T10:00:00.1234567Z ##[error]{text}").replace(
        "schemaName=\"fab_request\" ",
        "schemaName=\"fab_request\"\n2024-05-14T10:00:00.1234568Z   ",
    );
    let job = format!("<j><result result=\"failure\" errortext=\"{}\"/></j>", escaped.replace('&', "&amp;"));
    for text in [text.to_owned(), escaped, stamped, job] {
        let explanation = explain(&text, &[]);
        let told = told(&explanation);
        assert!(told.contains("fab_request"), "{text}\n{told}");
        assert_eq!(explanation.causes[0].parts.len(), 1, "{text}\n{told}");
        assert_eq!(explanation.causes[0].parts[0].solution.as_deref(), Some("FabCore"), "{text}");
        assert_eq!(explanation.solution.as_deref(), Some("FabFlows"), "{text}");
    }
}

/// Of one cause the sentence that names the solutions counts, in a text as in the answer of the Web API.
#[test]
fn one_cause_is_told_once() {
    let text = "The solution requires solutions that are not currently installed. Import the following solutions before Importing this one. \
         There are missing dependencies. Install the following solutions before installing this one: \"HCMCommon (2.2.0.3)\"";
    let api = serde_json::json!({ "error": { "code": "0x80048034", "message": text,
        "innererror": { "message": "FabFlows requires solutions that are not currently installed." } } });
    for (text, failed) in [(text.to_owned(), None), (api.to_string(), Some("FabFlows"))] {
        let explanation = explain(&text, &[]);
        let told = told(&explanation);
        assert_eq!(explanation.causes.len(), 1, "{told}");
        assert_eq!(explanation.causes[0].parts.len(), 1, "{told}");
        assert_eq!(explanation.solution.as_deref(), failed, "{told}");
        assert!(told.contains("HCMCommon (2.2.0.3)") && told.matches("first  ").count() == 1, "{told}");
    }
}

#[test]
fn of_a_job_that_succeeded_there_is_nothing_to_explain() {
    let job = r#"<?xml version="1.0" encoding="utf-16"?><importexportxml succeeded="true"><solutionManifests><solutionManifest id="FabFlows">
        <result result="success" errorcode="0" errortext="" /></solutionManifest></solutionManifests></importexportxml>"#;
    let explanation = explain(job, &[]);
    assert_eq!((explanation.failures, explanation.is_explained()), (0, true));
    assert!(told(&explanation).contains("no message of a failure is in it"));
}

#[test]
fn no_account_and_no_resource_of_a_message_is_shown() {
    let message = "odd: /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/payroll \
         for FABRIKAM\\svc-robot and ann@fabrikam.example, User Id=sa;Password=hunter2";
    let told = told(&explain(message, &[]));
    for hidden in ["svc-robot", "ann@", "Id=sa", "hunter2", "11111111"] {
        assert!(!told.contains(hidden), "{hidden}:\n{told}");
    }
    assert!(told.contains("secret payroll of vault fab-kv"), "{told}");
}

fn scenario(name: &str) -> Option<Vec<Solution>> {
    #[expect(clippy::disallowed_methods, reason = "a test, not the library")]
    let Ok(shared) = std::env::var("SOLSHIP_SHARED") else {
        eprintln!("skipped: SOLSHIP_SHARED is not set");
        return None;
    };
    let folder = Utf8Path::new(&shared).join("scenarios").join(name);
    let mut solutions = Vec::new();
    for file in folder.read_dir_utf8().unwrap() {
        let path = file.unwrap().into_path();
        if path.extension() == Some("zip") {
            let package = Package::open(&path, &OpenOptions::default()).unwrap();
            solutions.push(Solution::read(&package).unwrap());
        }
    }
    Some(solutions)
}

/// The message that the platform gives when `failed` is imported without its neighbours.
fn message(failed: &Solution) -> String {
    let rows = failed.manifest.missing_dependencies.iter().map(|row| {
        let key = &row.required.keys[0];
        format!(
            r#"<MissingDependency><Required type="{}" schemaName="{}" id.schemaname="{}" solution="X (1.0)" /><Dependent type="29" id="{{00000000-0000-0000-0000-000000000001}}" /></MissingDependency>"#,
            key.kind, key.key, key.key
        )
    });
    format!(
        "The following solution cannot be imported: {}. Some dependencies are missing. The missing dependencies are : <MissingDependencies>{}</MissingDependencies>",
        failed.manifest.unique_name,
        rows.collect::<String>()
    )
}

#[test]
fn with_the_packages_at_hand_the_one_that_brings_it_is_named() {
    let Some(solutions) = scenario("05-child-flow-elsewhere") else { return };
    let failed = solutions.iter().find(|one| !one.manifest.missing_dependencies.is_empty()).unwrap();
    let row = &failed.manifest.missing_dependencies[0];
    let text = format!(
        "The dependent component Workflow (Id={}) does not exist. Failure trying to associate it with Workflow (Id=00000000-0000-0000-0000-000000000001) as a dependency.",
        row.required.keys.iter().find(|key| key.is_guid()).unwrap().key
    );
    let explanation = explain(&text, &solutions);
    let Some(Provided::By { packages }) = &explanation.causes[0].parts[0].provided else {
        panic!("{explanation:?}")
    };
    assert_eq!(Some(&packages[0].unique_name), row.provider.as_ref());
}

#[test]
fn two_packages_that_need_each_other_are_named_as_such() {
    let Some(solutions) = scenario("04-cycle-of-two") else { return };
    let failed = solutions.iter().find(|one| !one.manifest.missing_dependencies.is_empty());
    let failed = failed.unwrap_or(&solutions[0]);
    let explanation = explain(&message(failed), &solutions);
    let told = told(&explanation);
    assert!(told.contains("needs this solution as well"), "{told}");
}
