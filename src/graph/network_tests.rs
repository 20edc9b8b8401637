//! Networks of small packages.

use super::{Evidence, Identity, Link, Network, Reference, find, nearest, shown_name};
use crate::model::testing::{customizations, solution};
use crate::model::{ComponentKey, ComponentType, Place, Relation, Solution};

const SUBSCRIPTION: &str = "/subscriptions/0c0ffee0-0000-4000-8000-000000000001";
const CONNECTOR: &str = "<Connector><connectorid>ffa60bcf-0f43-42fe-a75e-edaec83d1b26</connectorid><name>fab_5Fpay</name></Connector>";

fn secret(name: &str, vault: &str) -> (String, String) {
    let path = format!("environmentvariabledefinitions/{name}/environmentvariabledefinition.xml");
    let text = format!(
        "<environmentvariabledefinition schemaname='{name}'><type>100000005</type><defaultvalue>{SUBSCRIPTION}\
         /resourceGroups/rg/providers/Microsoft.KeyVault/vaults/{vault}/secrets/robot7</defaultvalue>\
         </environmentvariabledefinition>"
    );
    (path, text)
}

fn connection(name: &str, connector: &str) -> String {
    format!(
        "<connectionreferences><connectionreference connectionreferencelogicalname='{name}'>{connector}\
         </connectionreference></connectionreferences>"
    )
}

fn network_of(solutions: &[Solution], check: impl Fn(&Network<'_>)) {
    let solutions: Vec<&Solution> = solutions.iter().collect();
    check(&Network::new(&solutions, &[]));
}

fn words(network: &Network<'_>, what: &str) -> Vec<String> {
    find(network, what).into_iter().map(|node| network.nodes()[node].described()).collect()
}

#[test]
fn a_custom_connector_is_one_node_under_all_its_names() {
    let api =
        "<connectorid>/providers/Microsoft.PowerApps/apis/shared_fab-5fpay-5fcb336cc1377ded3a</connectorid>";
    let id = "<customconnectorid><connectorid>{FFA60BCF-0F43-42FE-A75E-EDAEC83D1B26}</connectorid></customconnectorid>";
    let solutions = [
        customizations(&connection("fab_One", api), &[]),
        customizations(&connection("fab_Two", id), &[]),
        customizations(&format!("<Connectors>{CONNECTOR}</Connectors>"), &[]),
    ];
    network_of(&solutions, |network| {
        assert_eq!(network.nodes().len(), 3);
        for name in [
            "ffa60bcf-0f43-42fe-a75e-edaec83d1b26",
            "{FFA60BCF-0F43-42FE-A75E-EDAEC83D1B26}",
            "FAB_5fpay",
            "shared_fab-5fpay",
            "shared_fab-5fpay-5fcb336cc1377ded3a",
            "/providers/Microsoft.PowerApps/apis/shared_fab-5fpay-5fcb336cc1377ded3a",
            "connector:fab_5Fpay",
            "Custom connector: fab_5Fpay",
        ] {
            let [node] = find(network, name)[..] else { panic!("{name}") };
            let users: Vec<String> =
                network.needed_by(node).map(|edge| network.nodes()[edge.from].key()).collect();
            assert_eq!(users, ["fab_One", "fab_Two"], "{name}");
            assert_eq!(network.holder_names(node), ["FabTest"]);
        }
    });
}

#[test]
fn a_name_that_two_connectors_claim_is_that_of_both_unless_one_is_the_solutions_own() {
    let connector = |id: &str, name: &str| {
        format!(
            "<Connectors><Connector><connectorid>{id}</connectorid><name>{name}</name></Connector></Connectors>"
        )
    };
    // Both may be `shared_pay-5fx`.
    let one = connector("0c0ffee0-0000-4000-8000-000000000001", "one_pay-5fx");
    let two = connector("0c0ffee0-0000-4000-8000-000000000002", "two_pay-5fx");
    let api = "<connectorid>shared_pay-5fx</connectorid>";
    let solutions = [
        customizations(&connection("fab_Else", api), &[]),
        customizations(&format!("{one}{}", connection("fab_Own", api)), &[]),
        customizations(&two, &[]),
    ];
    network_of(&solutions, |network| {
        let used_by = |name: &str| -> Vec<String> {
            let [node] = find(network, name)[..] else { panic!("{name}") };
            network.needed_by(node).map(|edge| network.nodes()[edge.from].key()).collect()
        };
        assert_eq!(used_by("one_pay-5fx"), ["fab_Else", "fab_Own"]);
        assert_eq!(used_by("two_pay-5fx"), ["fab_Else"]);
        assert_eq!(find(network, "shared_pay-5fx").len(), 2);
    });
}

#[test]
fn secrets_and_vaults_are_nodes_whatever_their_case() {
    let files = [secret("fab_One", "fab-kv"), secret("fab_Two", "FAB-KV"), secret("fab_Else", "fab-kv2")];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    network_of(&[solution(&files)], |network| {
        let users = |what: &str| -> Vec<String> {
            let [node] = find(network, what)[..] else { panic!("{what}") };
            let mut users: Vec<String> =
                network.needed_by(node).map(|edge| network.nodes()[edge.from].key()).collect();
            users.sort();
            users
        };
        assert_eq!(users("secret:fab-kv/ROBOT7"), ["fab_One", "fab_Two"]);
        assert_eq!(users("vault:fab-kv"), ["fab-kv/robot7"]);
        let id = format!(
            "{SUBSCRIPTION}/resourcegroups/RG/providers/microsoft.keyvault/vaults/fab-kv/secrets/robot7"
        );
        assert_eq!(users(&id), ["fab_One", "fab_Two"]);
        assert_eq!(users(&format!("secret:{id}")), ["fab_One", "fab_Two"]);
        // The same names in another group are not the same secret.
        let other = id.replace("RG", "rg-other");
        assert_eq!(find(network, &other), [0usize; 0]);
        assert!(nearest(network, &other).contains(&"secret:fab-kv/robot7".to_owned()));
        assert_eq!(shown_name(&other), "secret robot7 in vault fab-kv with that id");
        assert!(!shown_name("/subscriptions/x/secrets/hunter2").contains("hunter2"));
    });
}

#[test]
fn what_nobody_holds_is_a_node_with_the_name_that_is_declared() {
    let manifest = "<ImportExportXml><SolutionManifest><UniqueName>FabTest</UniqueName><Version>1.0</Version>\
        <Managed>0</Managed><RootComponents><RootComponent type='1' schemaName='account' behavior='2' />\
        </RootComponents><MissingDependencies><MissingDependency>\
        <Required type='connectionreference' displayName='Far away' solution='Base (1.0)' id.connectionreferencelogicalname='fab_far' />\
        <Dependent type='1' schemaName='account' displayName='Account' />\
        </MissingDependency></MissingDependencies></SolutionManifest></ImportExportXml>";
    network_of(&[solution(&[("solution.xml", manifest)])], |network| {
        let [far] = find(network, "far AWAY")[..] else { panic!("by its declared name") };
        assert!(network.nodes()[far].is_absent());
        let edge = network.needed_by(far).next().unwrap();
        assert_eq!((edge.link, edge.evidence), (Link::Declared, Evidence::Declared));
        // A root component without content is held.
        assert!(!network.nodes()[edge.from].is_absent());
        assert_eq!(network.node_of(&ComponentKey::new(ComponentType::TABLE, "Account")), Some(edge.from));
    });
}

#[test]
fn connectors_of_the_platform_are_nodes_of_their_own() {
    let api = "<connectorid>/providers/Microsoft.PowerApps/apis/shared_sharepointonline</connectorid>";
    let flow = r#"{"properties":{"connectionReferences":{
        "a":{"connection":{"connectionReferenceLogicalName":"fab_Point"},"api":{"name":"shared_sharepointonline"}},
        "b":{"api":{"name":"shared_office365"}}}}}"#;
    let row = "<Workflows><Workflow WorkflowId='{0c0ffee0-0000-4000-8000-000000000001}' Name='Point: mail'>\
        <JsonFileName>/Workflows/a.json</JsonFileName><Category>5</Category></Workflow></Workflows>";
    let inside = format!("{row}{}", connection("fab_Point", api));
    network_of(&[customizations(&inside, &[("Workflows/a.json", flow)])], |network| {
        let links = |what: &str| -> Vec<Link> {
            let [node] = find(network, what)[..] else { panic!("{what}") };
            assert!(matches!(network.nodes()[node].identity, Identity::Connector(_)));
            network.needed_by(node).map(|edge| edge.link).collect()
        };
        // The flow uses SharePoint over the connection reference, and mail without one.
        assert_eq!(links("Shared_SharePointOnline"), [Link::OfConnector]);
        assert_eq!(links("/providers/Microsoft.PowerApps/apis/shared_office365"), [Link::UsesConnector]);
        // A colon may be part of a name.
        assert_eq!(words(network, "point: MAIL"), ["cloud flow \"Point: mail\""]);
        assert_eq!(words(network, "workflow:point: mail"), ["cloud flow \"Point: mail\""]);
        assert_eq!(words(network, "desktop flow:point: mail"), [""; 0]);
        assert_eq!(nearest(network, "connection reference:fab_Pont")[0], "connection reference:fab_Point");
    });
}

#[test]
fn stated_references_lead_both_ways() {
    let solution = customizations(&connection("fab_Desktop", ""), &[]);
    let stated = Reference {
        from: ComponentKey::new(ComponentType::CONNECTION_REFERENCE, "FAB_desktop"),
        to: Some(ComponentKey::new(ComponentType::CREDENTIAL, "0c0ffee0-0000-4000-8000-000000000001")),
        relation: None,
        column: None,
        evidence: Evidence::Stated,
        place: Place { file: "solship.toml".into(), line: 12, column: 1, pointer: None },
    };
    let (solutions, stated) = ([&solution], [stated]);
    let network = Network::new(&solutions, &stated);
    let from = network.node_of(&stated[0].from).unwrap();
    let edge = network.needs(from).next().unwrap();
    assert_eq!((edge.link, edge.place.line, edge.solution), (Link::Stated, 12, None));
    assert_eq!(network.needed_by(edge.to).count(), 1);
}

#[test]
fn every_reference_of_a_package_is_an_edge() {
    let api = "<connectorid>shared_fab-5fpay</connectorid>";
    let text = format!("<Connectors>{CONNECTOR}</Connectors>{}", connection("fab_One", api));
    let solution = customizations(&text, &[]);
    let solutions = [&solution];
    let network = Network::new(&solutions, &[]);
    let links: Vec<Link> = network.edges().iter().map(|edge| edge.link).collect();
    assert_eq!(links, [Link::Reference(Relation::ConnectionReferenceConnector)]);
}
