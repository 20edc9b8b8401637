//! What is said of an import: one edit of a small solution, and each sentence about it.

use solship::diff::{Options, packages};
use solship::package::Package;

const FLOW: &str = "0c0ffee0-0000-4000-8000-000000000001";
const ROBOT: &str = "0c0ffee0-0000-4000-8000-000000000002";
const CREDENTIAL: &str = "0c0ffee0-0000-4000-8000-000000000003";
const OLD_FLOW: &str = "0c0ffee0-0000-4000-8000-000000000004";

/// The files of a solution with one of everything that an import has to do with.
fn files() -> Vec<(String, String)> {
    let manifest = "<ImportExportXml><SolutionManifest><UniqueName>FabFlows</UniqueName><Version>1.0.0.0</Version><Managed>1</Managed><Publisher><UniqueName>fabrikam</UniqueName><CustomizationPrefix>fab</CustomizationPrefix></Publisher><RootComponents /><MissingDependencies /></SolutionManifest></ImportExportXml>";
    let cloud = |id: &str, name: &str| {
        format!(
            "<Workflow WorkflowId=\"{{{id}}}\" Name=\"{name}\"><JsonFileName>/Workflows/{name}-{}.json</JsonFileName><Category>5</Category><StateCode>1</StateCode></Workflow>",
            id.to_uppercase()
        )
    };
    let robot = format!(
        "<Workflow WorkflowId=\"{{{ROBOT}}}\" Name=\"Robot\"><JsonFileName>/Workflows/Robot-{}.json</JsonFileName><Category>6</Category><StateCode>1</StateCode><Inputs>{{\"schema\":{{\"properties\":{{\"InvoiceId\":{{\"type\":\"string\"}}}}}}}}</Inputs><Outputs>{{\"schema\":{{\"properties\":{{\"Sum\":{{\"type\":\"string\"}}}}}}}}</Outputs><Credentials>[\"{CREDENTIAL}\"]</Credentials></Workflow>",
        ROBOT.to_uppercase()
    );
    let customizations = format!(
        "<ImportExportXml><Workflows>{}{}{robot}</Workflows><connectionreferences><connectionreference connectionreferencelogicalname=\"fab_sp\"><connectorid>/providers/Microsoft.PowerApps/apis/shared_sharepointonline</connectorid></connectionreference></connectionreferences><credentials><credential credentialid=\"{CREDENTIAL}\"><name>Robot 7</name><username><schemaname>fab_User</schemaname></username></credential></credentials></ImportExportXml>",
        cloud(FLOW, "Pay"),
        cloud(OLD_FLOW, "Old"),
    );
    let flow = |child: &str| {
        format!(
            "{{\"properties\":{{\"connectionReferences\":{{\"sp\":{{\"connection\":{{\"connectionReferenceLogicalName\":\"fab_sp\"}},\"api\":{{\"name\":\"shared_sharepointonline\"}}}}}},\"definition\":{{\"parameters\":{{\"Limit (fab_Limit)\":{{\"type\":\"String\",\"metadata\":{{\"schemaName\":\"fab_Limit\"}}}}}},\"triggers\":{{}},\"actions\":{{\"Run\":{{\"type\":\"OpenApiConnection\",\"inputs\":{{\"host\":{{\"connectionName\":\"ui\",\"operationId\":\"RunUIFlow_V2\",\"apiId\":\"/providers/Microsoft.PowerApps/apis/shared_uiflow\"}},\"parameters\":{{\"uiFlowId\":\"{ROBOT}\"}}}}}}{child}}}}}}},\"schemaVersion\":\"1.0.0.0\"}}"
        )
    };
    let child = format!(
        ",\"Child\":{{\"type\":\"Workflow\",\"inputs\":{{\"host\":{{\"workflowReferenceName\":\"{OLD_FLOW}\"}}}}}}"
    );
    let variable = |name: &str| {
        (
            format!("environmentvariabledefinitions/{name}/environmentvariabledefinition.xml"),
            format!(
                "<environmentvariabledefinition schemaname=\"{name}\"><defaultvalue>500</defaultvalue><displayname default=\"{name}\" /><type>100000000</type></environmentvariabledefinition>"
            ),
        )
    };
    let own = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    vec![
        own("solution.xml", manifest),
        own("customizations.xml", &customizations),
        own(&format!("Workflows/Pay-{}.json", FLOW.to_uppercase()), &flow(&child)),
        own(&format!("Workflows/Old-{}.json", OLD_FLOW.to_uppercase()), &flow("")),
        own(
            &format!("Workflows/Robot-{}.json", ROBOT.to_uppercase()),
            "{\"schemaversion\":\"ROBIN_202208_DVRS\"}",
        ),
        variable("fab_Limit"),
        variable("fab_User"),
        own(
            "environmentvariabledefinitions/fab_Limit/environmentvariablevalues.json",
            "{\"environmentvariablevalues\":{\"environmentvariablevalue\":{\"value\":\"seven\"}}}",
        ),
    ]
}

fn edited(edits: &[(&str, &str, &str)]) -> Vec<(String, String)> {
    let mut files = files();
    for (path, from, to) in edits {
        let file = files.iter_mut().find(|(other, _)| other.contains(path)).expect("the file");
        assert!(file.1.contains(from), "{from}");
        file.1 = file.1.replace(from, to);
    }
    files
}

/// The sentences about an import of `right` over `left`, each behind its level.
fn said(left: Vec<(String, String)>, right: Vec<(String, String)>) -> String {
    let package = |files: Vec<(String, String)>| {
        let files = files.into_iter().map(|(path, text)| (path, text.into_bytes()));
        Package::from_files("FabFlows.zip", files.collect()).unwrap()
    };
    let diff = packages(&package(left), &package(right), &Options::default()).unwrap();
    let lines = diff.risks.iter().map(|risk| {
        let code = risk.dataverse.map(|error| format!(" ({})", error.title())).unwrap_or_default();
        format!("{}: {}{code}\n", risk.level.words(), risk.words)
    });
    lines.collect()
}

/// The higher version, so that nothing is said of it.
const RAISED: (&str, &str, &str) = ("solution.xml", "<Version>1.0.0.0", "<Version>1.1.0.0");
const UNMANAGED: (&str, &str, &str) = ("solution.xml", "<Managed>1", "<Managed>0");

#[test]
fn nothing_is_said_of_what_is_equal() {
    assert_eq!(said(files(), files()), "");
    assert_eq!(said(files(), edited(&[RAISED])), "");
}

#[test]
fn what_dataverse_refuses_comes_first() {
    insta::assert_snapshot!("managed_over_unmanaged", said(edited(&[UNMANAGED]), files()));
    insta::assert_snapshot!("unmanaged_over_managed", said(files(), edited(&[UNMANAGED])));
    let publisher = ("solution.xml", "<UniqueName>fabrikam", "<UniqueName>contoso");
    insta::assert_snapshot!("publisher", said(files(), edited(&[RAISED, publisher])));
}

#[test]
fn another_solution_is_no_update() {
    let name = ("solution.xml", "<UniqueName>FabFlows", "<UniqueName>FabOther");
    insta::assert_snapshot!("other_solution", said(files(), edited(&[name])));
    let patch = ("solution.xml", "<UniqueName>FabFlows", "<UniqueName>FabFlows_Patch_1");
    let parent = (
        "solution.xml",
        "<RootComponents />",
        "<ParentSolution><UniqueName>FabFlows</UniqueName></ParentSolution><RootComponents />",
    );
    assert!(said(files(), edited(&[patch])).contains("another solution"));
    let said = said(files(), edited(&[patch, parent]));
    assert!(said.contains("is a patch of FabFlows"), "{said}");
}

#[test]
fn versions_and_needs_are_told() {
    let edit = ("customizations.xml", "Name=\"Pay\"", "Name=\"Pay all\"");
    insta::assert_snapshot!("version_not_raised", said(files(), edited(&[edit])));
    let lower = ("solution.xml", "<Version>1.0.0.0", "<Version>0.9");
    insta::assert_snapshot!("version_lower", said(files(), edited(&[lower])));
    let need = |version: &str| {
        format!(
            "<MissingDependencies><MissingDependency><Required type=\"1\" schemaName=\"fab_x\" solution=\"FabBase ({version})\" /><Dependent type=\"29\" id=\"{{{FLOW}}}\" /></MissingDependency></MissingDependencies>"
        )
    };
    let (one, two) = (need("1.0.0.0"), need("2.0.0.0"));
    let needs = |need| ("solution.xml", "<MissingDependencies />", need);
    let first = edited(&[RAISED, needs(&*one)]);
    insta::assert_snapshot!("new_need", said(files(), first.clone()));
    let mut second = edited(&[needs(&*two)]);
    second[0].1 = second[0].1.replace("<Version>1.0.0.0", "<Version>1.2.0.0");
    insta::assert_snapshot!("raised_need", said(first, second));
}

/// Without the variable, the connection reference, the credential, the robot and the old flow.
fn emptied(edits: &[(&str, &str, &str)]) -> Vec<(String, String)> {
    let mut files = edited(edits);
    files.retain(|(path, _)| !path.contains("fab_Limit") && !path.contains("Old-"));
    let customizations = &mut files.iter_mut().find(|(path, _)| path == "customizations.xml").unwrap().1;
    for (from, to) in [
        ("<connectionreferences>", "</connectionreferences>"),
        ("<credentials>", "</credentials>"),
        ("<Workflow WorkflowId=\"{0c0ffee0-0000-4000-8000-000000000004}\"", "</Workflow>"),
    ] {
        let start = customizations.find(from).unwrap();
        let end = start + customizations[start..].find(to).unwrap() + to.len();
        customizations.replace_range(start..end, "");
    }
    files
}

#[test]
fn an_upgrade_deletes_and_an_unmanaged_import_does_not() {
    insta::assert_snapshot!("removed_managed", said(files(), emptied(&[RAISED])));
    let raised = edited(&[UNMANAGED]);
    insta::assert_snapshot!("removed_unmanaged", said(raised, emptied(&[RAISED, UNMANAGED])));
}

#[test]
fn it_is_told_which_value_of_a_variable_wins() {
    let value = "environmentvariablevalues.json";
    let another = (value, "seven", "eight");
    insta::assert_snapshot!("value_managed", said(files(), edited(&[RAISED, another])));
    insta::assert_snapshot!(
        "value_unmanaged",
        said(edited(&[UNMANAGED]), edited(&[RAISED, UNMANAGED, another]))
    );
    let without = |edits: &[(&str, &str, &str)]| {
        let mut files = edited(edits);
        files.retain(|(path, _)| !path.ends_with(value));
        files
    };
    insta::assert_snapshot!("value_gone_managed", said(files(), without(&[RAISED])));
    insta::assert_snapshot!(
        "value_gone_unmanaged",
        said(edited(&[UNMANAGED]), without(&[RAISED, UNMANAGED]))
    );
    insta::assert_snapshot!("value_new", said(without(&[]), edited(&[RAISED])));
    let default = ("fab_Limit/environmentvariabledefinition", ">500<", ">750<");
    insta::assert_snapshot!("default", said(files(), edited(&[RAISED, default])));
    let no_default = ("fab_User/environmentvariabledefinition", "<defaultvalue>500</defaultvalue>", "");
    insta::assert_snapshot!("default_gone", said(files(), edited(&[RAISED, no_default])));
    let kind = ("fab_Limit/environmentvariabledefinition", "100000000", "100000001");
    insta::assert_snapshot!("type_of_variable", said(files(), edited(&[RAISED, kind])));
    let shown = said(files(), edited(&[RAISED, another, default]));
    assert!(!["seven", "eight", "500", "750"].iter().any(|value| shown.contains(value)), "{shown}");
}

#[test]
fn a_robot_and_its_credential_are_watched() {
    let inputs = ("customizations.xml", "InvoiceId", "Invoice");
    insta::assert_snapshot!("inputs", said(files(), edited(&[RAISED, inputs])));
    let outputs = ("customizations.xml", "\"Sum\"", "\"Total\"");
    insta::assert_snapshot!("outputs", said(files(), edited(&[RAISED, outputs])));
    let guid = ("customizations.xml", CREDENTIAL, "0c0ffee0-0000-4000-8000-00000000000f");
    insta::assert_snapshot!("credential_of_another_guid", said(files(), edited(&[RAISED, guid])));
    let variable = ("customizations.xml", ">fab_User<", ">fab_Limit<");
    insta::assert_snapshot!("credential_variables", said(files(), edited(&[RAISED, variable])));
    let connector = ("customizations.xml", "shared_sharepointonline", "shared_teams");
    insta::assert_snapshot!("connector", said(files(), edited(&[RAISED, connector])));
}
