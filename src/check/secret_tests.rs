//! The rules about secrets and credentials, beyond the examples on their pages.

use super::Example;
use crate::model::{Finding, Severity, codes};

fn findings(section: &str, ids: &[&str]) -> Vec<Finding> {
    let check = Example::read(section).expect("an example").check().expect("a solution");
    check.findings.into_iter().filter(|finding| ids.contains(&finding.code.id)).collect()
}

fn found(section: &str, id: &str) -> Vec<(Severity, String)> {
    findings(section, &[id]).into_iter().map(|finding| (finding.severity, finding.message)).collect()
}

fn file(path: &str, text: &str) -> String {
    format!("`{path}`:\n\n```\n{text}\n```\n\n")
}

fn variable(name: &str, kind: u32, default: &str) -> String {
    let xml = format!(
        "<environmentvariabledefinition schemaname=\"{name}\">\n<defaultvalue>{default}</defaultvalue><type>{kind}</type></environmentvariabledefinition>"
    );
    file(&format!("environmentvariabledefinitions/{name}/environmentvariabledefinition.xml"), &xml)
}

const TEXT: u32 = 100_000_000;
const SECRET: u32 = 100_000_005;

fn credential(kind: u32, uses: &str, columns: &str) -> String {
    format!(
        "<credentials><credential credentialid=\"0c0ffee0-0000-4000-8000-000000000001\"><connectiontype>{kind}</connectiontype>\
         <name>Robot 7 login</name><usagetype>{uses}</usagetype>{columns}</credential></credentials>"
    )
}

fn flow(json: &str) -> String {
    let row = "<Workflows><Workflow WorkflowId=\"{0c0ffee0-0000-4000-8000-000000000002}\" Name=\"Pay\">\
               <JsonFileName>/Workflows/Pay.json</JsonFileName><Category>5</Category></Workflow></Workflows>";
    file("customizations.xml", row) + &file("Workflows/Pay.json", json)
}

fn desktop_flow(script: &str) -> String {
    let script = serde_json::to_string(script).expect("JSON").replace('<', "&lt;");
    let row = format!(
        "<Workflows><Workflow WorkflowId=\"{{0c0ffee0-0000-4000-8000-000000000003}}\" Name=\"Post\"><Category>6</Category>\n\
         <Definition>{script}</Definition></Workflow></Workflows>"
    );
    file("customizations.xml", &row)
}

/// So that no scanner of secrets takes a line of this file for one.
fn made(length: usize) -> String {
    "aB3dE5fG7hJ9kL2m".chars().cycle().take(length).collect()
}

#[test]
fn a_secret_in_a_variable_is_told_by_its_form_or_its_name_and_not_shown() {
    let key = made(43);
    let address = format!("https://h.example/invoke?sv=1&amp;sig={key}");
    for (name, default, level) in [
        ("fab_Hook", &*address, Some(Severity::Error)),
        ("fab_ApiKey", "0123abcd", Some(Severity::Warning)),
        ("fab_ApiKeyName", "0123abcd", None),
        ("fab_Password", "", None),
        ("fab_Password", "your password", None),
        ("fab_PasswordUrl", "https://h.example/reset", None),
        ("fab_Secret", "/subscriptions/0/resourceGroups/rg", None),
    ] {
        let found = findings(&variable(name, TEXT, default), &["SEC004"]);
        assert_eq!(found.first().map(|finding| finding.severity), level, "{name} {default}");
        for finding in found {
            let told = format!("{finding:?}");
            assert!(
                !told.contains(&key) && !told.contains("0123abcd") && told.contains("********"),
                "{told}"
            );
        }
    }
    assert!(found(&variable("fab_Password", SECRET, "0123abcd"), "SEC004").is_empty());
}

#[test]
fn a_secret_in_a_flow_stands_at_its_pointer() {
    let action = |inputs: &str| {
        flow(&format!(
            r#"{{"properties":{{"definition":{{"parameters":{{"Key (fab_ApiKey)":{{"defaultValue":"","type":"String"}}}},
"actions":{{"Call":{{"type":"Http","inputs":{inputs}}}}}}}}}}}"#
        ))
    };
    let inputs = "/properties/definition/actions/Call/inputs";
    for (text, pointer, level) in [
        (
            format!(r#"{{"headers":{{"Authorization":"Bearer {}"}}}}"#, made(30)),
            "/headers/Authorization",
            Severity::Error,
        ),
        (r#"{"headers":{"api-key":"0123abcd"}}"#.to_owned(), "/headers/api-key", Severity::Warning),
        (
            r#"{"parameters":{"item/Password":"0123abcd"}}"#.to_owned(),
            "/parameters/item~1Password",
            Severity::Warning,
        ),
        (
            r#"{"authentication":{"type":"Raw","value":"0123abcd"}}"#.to_owned(),
            "/authentication/value",
            Severity::Warning,
        ),
        (r#"{"body":"{\"client_secret\":\"0123abcd\"}"}"#.to_owned(), "/body", Severity::Warning),
    ] {
        let found = findings(&action(&text), &["SEC004"]);
        let [finding] = &found[..] else { panic!("{text}: {found:?}") };
        let place = finding.place.as_ref().and_then(|place| place.pointer.as_deref());
        assert_eq!((place, finding.severity), (Some(&*format!("{inputs}{pointer}")), level), "{text}");
        assert!(!format!("{finding:?}").contains("0123abcd"));
    }
    for text in [
        r#"{"headers":{"Authorization":"Bearer @{body('Token')?['access_token']}"}}"#,
        r#"{"authentication":{"type":"Basic","username":"a","password":"@parameters('fab_Password')"}}"#,
        r#"{"authentication":{"type":"Raw","value":"@variables('x')"}}"#,
        r#"{"schema":{"properties":{"password":{"type":"string","default":"0123abcd"}},"required":["password"]}}"#,
        r#"{"parameters":{"secretName":"robot7","tokenType":"Bearer"}}"#,
        r#"{"body":"@replace(body('x'), 'password=', '')"}"#,
        r#"{"body":{"password":"","secret":null,"token":"********"}}"#,
    ] {
        assert_eq!(found(&action(text), "SEC004"), [], "{text}");
    }
}

#[test]
fn what_is_called_a_secret_beside_it_or_behind_a_program_is_told_in_a_flow() {
    let actions =
        |actions: &str| flow(&format!(r#"{{"properties":{{"definition":{{"actions":{{{actions}}}}}}}}}"#));
    for text in [
        r#""A":{"type":"InitializeVariable","inputs":{"variables":[{"name":"Password","type":"string","value":"Geheim7x"}]}}"#,
        r#""A":{"type":"SetVariable","inputs":{"name":"vPassword","value":"Geheim7x"}}"#,
        r#""Compose_password":{"type":"Compose","inputs":"Geheim7x"}"#,
        r#""A":{"type":"Compose","inputs":"app.exe --password Geheim7x!"}"#,
        r#""A":{"type":"Compose","inputs":"net use Z: \\\\srv\\s Geheim7x /user:FAB\\robot"}"#,
        r#""A":{"type":"OpenApiConnection","inputs":{"parameters":{"item/Kennwort":"Geheim7x"}}}"#,
    ] {
        let found = findings(&actions(text), &["SEC004"]);
        let [finding] = &found[..] else { panic!("{text}: {found:?}") };
        assert_eq!(finding.severity, Severity::Warning, "{text}");
        assert!(!format!("{finding:?}").contains("Geheim7x"), "{finding:?}");
    }
    for text in [
        r#""A":{"type":"InitializeVariable","inputs":{"variables":[{"name":"Password","type":"string"}]}}"#,
        r#""A":{"type":"InitializeVariable","inputs":{"variables":[{"name":"Password","type":"string","value":""}]}}"#,
        r#""A":{"type":"SetVariable","inputs":{"name":"vPassword","value":"@{outputs('x')}"}}"#,
        r#""Compose_password":{"type":"Compose","inputs":"@outputs('x')"}"#,
        r#""A":{"type":"Compose","inputs":"app.exe --password @{variables('x')}"}"#,
        r#""A":{"type":"Compose","inputs":"use --password to give your password"}"#,
        r#""A":{"type":"SetVariable","inputs":{"name":"Limit","value":"Geheim7x"}}"#,
    ] {
        assert_eq!(found(&actions(text), "SEC004"), [], "{text}");
    }
}

#[test]
fn a_key_of_azure_is_an_error() {
    let key = format!("{}JQQJ{}", made(52), "99BAACYeBjFXJ3w3AAABACOGx7yZ");
    let found = found(&variable("fab_Demo", TEXT, &key), "SEC004");
    assert!(
        matches!(&found[..], [(Severity::Error, words)] if words.contains("a key of a service of Azure")),
        "{found:?}"
    );
}

#[test]
fn a_secret_in_a_script_stands_on_its_line() {
    for (script, line) in [
        ("@INPUT Password : { 'DefaultValue': '0123abcd', 'Type': 'String' }\r\nEND", true),
        ("SET ApiKey TO $'''0123abcd'''", true),
        ("Email.Send Username: $'''a''' Password: $'''0123abcd''' Port: 25", true),
        ("# SET Password TO '0123abcd'", true),
        ("SET Kennwort TO $'''0123abcd'''", true),
        ("SET Creds['password'] TO $'''0123abcd'''", true),
        ("UI.X TextBox: appmask['Window SAP']['Edit Password'] Text: $'''0123abcd'''", true),
        ("UI.X TextBox: appmask['Window']['Input password \\'pw\\''] Text: $'''0123abcd''' Mode: A", true),
        (
            "RunDOSCommand DOSCommandOrApplication: $'''net use Z: \\\\srv\\s 0123abcd /user:FAB\\robot'''",
            true,
        ),
        ("Script: $'''ConvertTo-SecureString \"0123abcd\" -AsPlainText'''", true),
        ("System.Run CommandLineArguments: $'''-x --password 0123abcd'''", true),
        ("Script: $'''$pw = \"0123abcd\"'''", true),
        ("Cryptography.EncryptText EncryptionKey: $'''0123abcd'''", true),
        ("Web.Invoke RequestBody: $'''<password>0123abcd</password>'''", true),
        ("System.Run CommandLineArguments: $'''-x --password %Pwd%'''", false),
        ("UI.X TextBox: appmask['Window SAP']['Edit Password'] Text: $'''%Pwd%'''", false),
        ("Web.Invoke RequestBody: $'''<password>%Pwd%</password>'''", false),
        ("Web.Invoke RequestBody: $'''<password>string</password>'''", false),
        ("@INPUT Note : { 'Description': 'Password: it', 'DefaultValue': '0123abcd' }", false),
        ("SET Password TO $'''%Given['Password']%'''", false),
        ("SET Password TO Given", false),
        ("Email.Send Password: P'AQAAANCMnd8BFdERjHoAwE' Port: 25", false),
        ("UI.Populate TextField: appmask['Window']['Edit \\'Password:\\''] Text: Given", false),
    ] {
        let found = findings(&desktop_flow(script), &["SEC004"]);
        assert_eq!(found.len(), usize::from(line), "{script}: {found:?}");
        for finding in found {
            assert_eq!(finding.severity, Severity::Warning);
            assert!(!format!("{finding:?}").contains("0123abcd"));
            assert!(finding.place.as_ref().is_some_and(|place| place.column > 1), "{script}");
        }
    }
}

#[test]
fn uses_that_a_kind_does_not_serve_are_told_one_by_one() {
    for (kind, uses, count) in [
        (1, "280920000,280920001,280920002,280920003", 0),
        (4, "280920000,280920001", 0),
        (4, "280920002", 1),
        (5, "280920000", 0),
        (5, "280920001,280920002", 2),
        (6, "280920000", 0),
        (6, "280920001", 1),
    ] {
        let section = file("customizations.xml", &credential(kind, uses, ""));
        assert_eq!(found(&section, "SEC011").len(), count, "{kind} {uses}");
    }
}

#[test]
fn columns_of_another_kind_are_told_where_they_stand() {
    let columns =
        "\n<cyberarksafe><schemaname>fab_Safe</schemaname></cyberarksafe><groupmapping>[]</groupmapping>";
    for (kind, count) in [(1, 2), (2, 0), (4, 1), (5, 2), (6, 0), (9, 0)] {
        let section = file("customizations.xml", &credential(kind, "280920000", columns));
        assert_eq!(found(&section, "SEC017").len(), count, "{kind}");
    }
}

#[test]
fn a_credential_for_a_connection_of_another_connector_is_a_warning() {
    let column = "<connectionreference><connectionreferencelogicalname>fab_Sql</connectionreferencelogicalname></connectionreference>";
    for (connector, count) in [("shared_sql", 1), ("shared_uiflow", 0)] {
        let reference = format!(
            "<connectionreferences><connectionreference connectionreferencelogicalname=\"fab_Sql\"><connectorid>/x/{connector}</connectorid>\
             </connectionreference></connectionreferences>"
        );
        let section = file("customizations.xml", &(credential(7, "280920000", column) + &reference));
        let found = found(&section, "SEC012");
        assert_eq!(found.len(), count, "{connector}");
        assert!(found.iter().all(|(severity, _)| *severity == Severity::Warning));
    }
}

#[test]
fn every_part_of_a_rotation_is_looked_at() {
    const VAULT: &str = "/subscriptions/x/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab-kv";
    const EVENT: &str = "Microsoft.KeyVault.SecretNewVersionCreated";
    const PARAMETERS: &str =
        r#""item/KeyVaultUrl":"@triggerBody()?['topic']","item/SecretName":"@triggerBody()?['subject']""#;
    let rotation = |connector: &str, topic: &str, event: &str, parameters: &str| {
        let section = flow(&format!(
            r#"{{"properties":{{"definition":{{"triggers":{{"Event":{{"type":"OpenApiConnectionWebhook","inputs":{{
"host":{{"apiId":"/providers/Microsoft.PowerApps/apis/{connector}"}},"parameters":{{"topic":"{topic}","types":["{event}"]}}}}}}}},
"actions":{{"Tell":{{"type":"OpenApiConnection","inputs":{{"host":{{"operationId":"PerformUnboundAction"}},
"parameters":{{"actionName":"NotifyEnvironmentVariableSecretChange",{parameters}}}}}}}}}}}}}}}"#
        ));
        found(&section, "SEC013").into_iter().map(|(_, message)| message).collect::<Vec<_>>()
    };
    let grid = "shared_azureeventgrid";
    assert!(rotation(grid, VAULT, EVENT, PARAMETERS).is_empty());
    assert!(rotation(grid, "@parameters('vault')", "@parameters('event')", PARAMETERS).is_empty());
    let nested = r#""item":{"KeyVaultUrl":"@{items('Each')?['topic']}","SecretName":"@variables('Name')"}"#;
    assert!(rotation(grid, VAULT, EVENT, nested).is_empty());
    for (connector, topic, event, parameters, words) in [
        ("shared_rss", VAULT, EVENT, PARAMETERS, "not started by an event of Event Grid"),
        (grid, "/providers/Microsoft.Storage/x", EVENT, PARAMETERS, "no event of a key vault"),
        (
            grid,
            VAULT,
            "Microsoft.KeyVault.SecretExpired",
            PARAMETERS,
            "of type Microsoft.KeyVault.SecretExpired",
        ),
        (grid, VAULT, "", PARAMETERS, "by every event of the vault"),
        (grid, VAULT, EVENT, r#""item/SecretName":"@triggerBody()?['subject']""#, "no KeyVaultUrl"),
        (
            grid,
            VAULT,
            EVENT,
            r#""item/KeyVaultUrl":"@triggerBody()?['topic']","item/SecretName":"robot7""#,
            "as SecretName something else than the subject",
        ),
    ] {
        let found = rotation(connector, topic, event, parameters);
        assert!(matches!(&found[..], [only] if only.contains(words)), "{words}: {found:?}");
    }
}

#[test]
fn an_absent_variable_of_a_credential_is_one_finding() {
    let password = "<password><schemaname>fab_Password</schemaname></password>";
    let customizations = file("customizations.xml", &credential(1, "280920000", password));
    let missing = |provider: &str| {
        let xml = format!(
            "<MissingDependencies><MissingDependency><Required type=\"380\" schemaName=\"fab_Password\" displayName=\"p\" solution=\"{provider}\" />\
             <Dependent type=\"credential\" displayName=\"Robot 7 login\" id=\"{{0c0ffee0-0000-4000-8000-000000000001}}\" />\
             </MissingDependency></MissingDependencies>"
        );
        file("solution.xml", &xml) + &customizations
    };
    let about = |section: &str| {
        let findings = findings(section, &["SEC008", "DEP001", "DEP007", "DEP008"]);
        findings.into_iter().map(|finding| (finding.code.id, finding.severity)).collect::<Vec<_>>()
    };
    assert_eq!(about(&customizations), [(codes::CREDENTIAL_VARIABLE_ABSENT.id, Severity::Error)]);
    assert_eq!(about(&missing("FabBase (1.0.0.0)")), [("SEC008", Severity::Note)]);
    let active = about(&missing("Active"));
    assert!(matches!(active[..], [("DEP007" | "DEP008", Severity::Error)]), "{active:?}");
}

#[test]
fn a_default_behind_a_good_value_is_told_too() {
    let id = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/fab-kv/secrets/a";
    let values = |value: &str| {
        file(
            "environmentvariabledefinitions/fab_Password/environmentvariablevalues.json",
            &format!(
                "{{\"environmentvariablevalues\":{{\"environmentvariablevalue\":{{\"value\":\"{value}\"}}}}}}"
            ),
        )
    };
    let found = |default: &str, value: &str| {
        found(&(variable("fab_Password", SECRET, default) + &values(value)), "SEC002")
    };
    assert!(found(id, id).is_empty());
    assert_eq!(found(id, "x").len(), 1);
    let hidden = found("https://fab-kv.vault.example/secrets/a", id);
    assert!(matches!(&hidden[..], [(Severity::Error, words)] if words.contains("a default")), "{hidden:?}");
}
